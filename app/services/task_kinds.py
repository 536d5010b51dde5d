"""What a task of each kind is usually called and who usually does it, so that a form is half filled in."""

from __future__ import annotations

from dataclasses import dataclass

from geo.messages import Message, msg
from geo.review_words import TaskKind


@dataclass(frozen=True)
class UsualTask:
    """Title and owner to begin with. ``counts``: what its ``value`` counts, None where it counts nothing."""

    title: Message
    owner: Message
    counts: Message | None = None


_WARD = msg("UBND phường")
_SOCIAL = msg("Phòng Văn hóa - Xã hội phường")
_POLICE = msg("Công an phường")
USUAL: dict[TaskKind, UsualTask] = {
    TaskKind.ANNUAL_PLAN: UsualTask(msg("Ban hành kế hoạch năm về phòng, chống tệ nạn mại dâm"), _WARD),
    TaskKind.ANNUAL_BUDGET: UsualTask(msg("Bố trí kinh phí năm cho công tác phòng, chống mại dâm"), _WARD),
    TaskKind.VOLUNTEER_TEAM: UsualTask(
        msg("Kiện toàn Đội công tác xã hội tình nguyện"), _WARD, msg("số tình nguyện viên")
    ),
    TaskKind.FRONT_SUPERVISION: UsualTask(
        msg("Giám sát việc thực hiện kế hoạch"), msg("Ủy ban Mặt trận Tổ quốc phường"), msg("số cuộc giám sát")
    ),
    TaskKind.TRIALS: UsualTask(
        msg("Xét xử các vụ án liên quan mại dâm"), msg("Tòa án nhân dân"), msg("số vụ xét xử")
    ),
    TaskKind.MOBILE_TRIALS: UsualTask(
        msg("Xét xử lưu động"), msg("Tòa án nhân dân"), msg("số vụ xét xử lưu động")
    ),
    TaskKind.LOANS: UsualTask(
        msg("Cho vay vốn ưu đãi"), msg("Phòng giao dịch Ngân hàng Chính sách xã hội"), msg("số lượt vay")
    ),
    TaskKind.HEALTH: UsualTask(msg("Can thiệp y tế, khám sức khỏe"), msg("Trạm Y tế phường"), msg("số lượt")),
    TaskKind.METHADONE: UsualTask(
        msg("Kết nối điều trị Methadone"), msg("Trạm Y tế phường"), msg("số lượt kết nối")
    ),
    TaskKind.VICTIMS: UsualTask(
        msg("Hỗ trợ nạn nhân trở về, hòa nhập cộng đồng"), _SOCIAL, msg("số lượt hỗ trợ")
    ),
    TaskKind.LEGAL_REVIEW: UsualTask(
        msg("Rà soát văn bản pháp luật về phòng, chống mại dâm"), _SOCIAL, msg("số văn bản")
    ),
    TaskKind.PROPOSAL: UsualTask(msg("Kiến nghị, đề xuất với cấp trên"), _SOCIAL, msg("số kiến nghị")),
    TaskKind.MODEL: UsualTask(msg("Nhân rộng mô hình phòng ngừa hiệu quả"), _SOCIAL, msg("số mô hình")),
    TaskKind.EXPLANATION: UsualTask(msg("Báo cáo giải trình việc phát sinh điểm phức tạp"), _POLICE),
    TaskKind.DECISION: UsualTask(msg("Thực hiện kết luận cuộc họp rà soát"), _WARD),
    TaskKind.OTHER: UsualTask(msg("Nhiệm vụ khác theo kế hoạch"), _SOCIAL),
}
