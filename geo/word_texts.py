"""What officers call each value of the closed vocabularies (domain, section 11), as messages."""

from __future__ import annotations

from enum import StrEnum

from geo import words as w
from geo.messages import Message, msg

_WORDS: tuple[tuple[StrEnum, Message], ...] = (
    (w.PremisesType.KARAOKE, msg("karaoke")),
    (w.PremisesType.MASSAGE, msg("xoa bóp (massage)")),
    (w.PremisesType.HOTEL, msg("khách sạn")),
    (w.PremisesType.GUESTHOUSE, msg("nhà nghỉ")),
    (w.PremisesType.BAR, msg("quán bar")),
    (w.PremisesType.DANCE_HALL, msg("vũ trường")),
    (w.PremisesType.RENTED_ROOMS, msg("phòng trọ, căn hộ cho thuê")),
    (w.PremisesType.CAFE, msg("cà phê")),
    (w.PremisesStatus.ACTIVE, msg("đang hoạt động")),
    (w.PremisesStatus.SUSPENDED, msg("tạm ngừng")),
    (w.PremisesStatus.CLOSED, msg("đã đóng cửa")),
    (w.LocationQuality.GIVEN, msg("có tọa độ")),
    (w.LocationQuality.MANUAL, msg("đặt bằng tay")),
    (w.LocationQuality.HOUSE, msg("theo số nhà")),
    (w.LocationQuality.STREET, msg("theo đường")),
    (w.LocationQuality.WARD, msg("theo phường")),
    (w.LocationQuality.NONE, msg("chưa có vị trí")),
    (w.LicenceKind.BUSINESS, msg("đăng ký kinh doanh")),
    (w.LicenceKind.SECURITY, msg("giấy chứng nhận đủ điều kiện về ANTT")),
    (w.LicenceKind.KARAOKE, msg("giấy phép karaoke")),
    (w.LicenceKind.FIRE, msg("thẩm duyệt, nghiệm thu PCCC")),
    (w.PaperState.IN_FORCE, msg("còn hiệu lực")),
    (w.PaperState.TERM_PASSED, msg("quá thời hạn ghi trên giấy")),
    (w.PaperState.SUSPENDED, msg("đang bị tạm đình chỉ")),
    (w.PaperState.WITHDRAWN, msg("đã bị thu hồi")),
    (w.PaperState.MISSING, msg("chưa có")),
    (w.PaperProblem.MISSING, msg("thiếu giấy bắt buộc")),
    (w.PaperProblem.WITHDRAWN, msg("giấy bị thu hồi")),
    (w.PaperProblem.SUSPENDED, msg("giấy bị tạm đình chỉ")),
    (w.PaperProblem.TERM_PASSED, msg("quá thời hạn ghi trên giấy")),
    (w.PaperProblem.NAME_DIFFERS, msg("tên khác với giấy")),
    (w.PaperProblem.ADDRESS_DIFFERS, msg("địa chỉ khác với giấy")),
    (w.PaperProblem.ROOMS_DIFFER, msg("số phòng khác với giấy")),
    (w.PaperProblem.CHECK_DUE, msg("đến hạn hậu kiểm")),
    (w.PaperProblem.UNREGISTERED, msg("hoạt động không đăng ký")),
    (w.HotspotState.SUSPECTED, msg("nghi vấn")),
    (w.HotspotState.ACTIVE, msg("đang phức tạp")),
    (w.HotspotState.ELIMINATED, msg("đã triệt xóa, đang theo dõi")),
    (w.HotspotState.CLEARED, msg("hết theo dõi")),
    (w.HotspotState.REACTIVATED, msg("tái hoạt động")),
    (w.HotspotState.DISMISSED, msg("không có căn cứ")),
    (w.SignalSource.HOTLINE, msg("đường dây nóng")),
    (w.SignalSource.CITIZEN, msg("phản ánh của người dân")),
    (w.SignalSource.PATROL, msg("tuần tra")),
    (w.SignalSource.INSPECTION, msg("kết quả kiểm tra")),
    (w.SignalSource.LICENCE, msg("giấy phép")),
    (w.SignalSource.ONLINE, msg("quảng cáo trên mạng")),
    (w.SignalSource.NEIGHBOUR_WARD, msg("phường giáp ranh")),
    (w.SignalSource.PRESS, msg("báo chí")),
    (w.SignalState.RECEIVED, msg("đã tiếp nhận")),
    (w.SignalState.VERIFYING, msg("đang xác minh")),
    (w.SignalState.VERIFIED, msg("đã xác minh, có căn cứ")),
    (w.SignalState.UNFOUNDED, msg("xác minh, không có căn cứ")),
    (w.SignalState.HANDED_OVER, msg("đã chuyển cơ quan công an")),
    (w.VisitKind.PLANNED, msg("theo kế hoạch")),
    (w.VisitKind.FOLLOW_UP, msg("phúc tra")),
    (w.VisitKind.UNANNOUNCED, msg("đột xuất")),
    (w.VisitOutcome.CHECKED, msg("đã kiểm tra")),
    (w.VisitOutcome.CLOSED_AT_ARRIVAL, msg("đóng cửa khi đến")),
    (w.VisitOutcome.REFUSED, msg("không cho vào")),
    (w.VisitOutcome.MOVED, msg("đã chuyển hoặc ngừng")),
    (w.VisitOutcome.OTHER_BUSINESS, msg("cơ sở khác hoạt động")),
    (w.VisitOutcome.UNLICENSED, msg("hoạt động không phép")),
    (w.InspectionBody.TEAM178, msg("Đội kiểm tra liên ngành 178")),
    (w.InspectionBody.POLICE, msg("Công an")),
    (w.InspectionBody.FIRE, msg("Cảnh sát PCCC")),
    (w.InspectionBody.CULTURE, msg("ngành văn hóa")),
    (w.InspectionBody.MARKET, msg("Quản lý thị trường")),
    (w.FindingKind.PROSTITUTION, msg("liên quan mại dâm")),
    (w.FindingKind.LICENCE, msg("vi phạm giấy phép")),
    (w.FindingKind.SECURITY, msg("vi phạm an ninh trật tự")),
    (w.FindingKind.FIRE, msg("vi phạm PCCC")),
    (w.FindingKind.LABOUR, msg("vi phạm sử dụng lao động")),
    (w.FindingKind.OTHER, msg("vi phạm khác")),
    (w.PatrolResult.QUIET, msg("yên")),
    (w.PatrolResult.SIGN, msg("có dấu hiệu")),
    (w.TeamKind.WARD, msg("đội của phường")),
    (w.TeamKind.CITY, msg("đội của thành phố")),
    (w.TeamKind.DISTRICT, msg("đội của quận")),
    (w.AlertKind.TWO_SIGNALS, msg("hai nguồn tin độc lập")),
    (w.AlertKind.VIOLATION_INSIDE, msg("vi phạm trong vùng theo dõi")),
    (w.AlertKind.LICENCE_REISSUED, msg("cấp phép lại tại địa chỉ đã thu hồi")),
    (w.AlertState.RAISED, msg("mới")),
    (w.AlertState.ACKNOWLEDGED, msg("đã tiếp nhận, đang xem")),
    (w.AlertState.CONFIRMED, msg("đã xác minh đúng")),
    (w.AlertState.DISMISSED, msg("bỏ qua, không đúng")),
    (w.AlertState.CLOSED, msg("đã khép lại")),
    (w.PlanState.DRAFT, msg("dự thảo")),
    (w.PlanState.APPROVED, msg("đã duyệt")),
    (w.PlanState.CLOSED, msg("đã kết thúc")),
    (w.PlanState.RUNNING, msg("đang thực hiện")),
    (w.PlanState.DISCARDED, msg("đã bỏ")),
    (w.StreetClass.MAIN, msg("đường chính")),
    (w.StreetClass.STREET, msg("đường phố")),
    (w.StreetClass.LANE, msg("ngõ")),
    (w.Trend.NEW, msg("mới")),
    (w.Trend.INTENSIFYING, msg("gia tăng")),
    (w.Trend.PERSISTENT, msg("dai dẳng")),
    (w.Trend.DIMINISHING, msg("giảm dần")),
    (w.Trend.SPORADIC, msg("lúc có lúc không")),
    (w.Trend.HISTORICAL, msg("đã từng")),
    (w.Grouping.WARD, msg("phường")),
    (w.Grouping.TYPE, msg("loại hình")),
    (w.Grouping.SIZE, msg("quy mô (số phòng)")),
    (w.Grouping.SAME_OFFICE, msg("cơ quan cấp phép và kiểm tra")),
    (w.Verdict.AS_EXPECTED, msg("phù hợp với mức nguy cơ")),
    (w.Verdict.MORE, msg("nhiều hơn mức nguy cơ")),
    (w.Verdict.MORE_FOUND_LESS, msg("nhiều hơn mức nguy cơ, phát hiện lại ít")),
    (w.Verdict.LESS, msg("ít hơn mức nguy cơ")),
    (w.Verdict.TOO_FEW, msg("quá ít để kết luận")),
    (w.Role.VIEWER, msg("người xem")),
    (w.Role.WARD_OFFICER, msg("cán bộ phường")),
    (w.Role.WARD_POLICE, msg("công an phường")),
    (w.Role.INSPECTOR, msg("thành viên Đội kiểm tra")),
    (w.Role.PLANNER, msg("người lập lịch")),
    (w.Role.REVIEWER, msg("lãnh đạo")),
    (w.Role.STEWARD, msg("người giữ dữ liệu")),
    (w.Role.ADMIN, msg("quản trị")),
    (w.Role.AUDITOR, msg("người kiểm toán")),
)
# By type and value: members of two StrEnums with the same value are equal, so they would collide as keys.
_TEXTS = {(type(word), word.value): text for word, text in _WORDS}


def word_text(word: StrEnum) -> Message:
    """The word officers use for ``word``, e.g. the hotspot state ``active`` as "đang phức tạp".

    Raises KeyError for a word of none of the vocabularies.
    """
    return _TEXTS[type(word), word.value]


def body_text(value: str) -> Message | str:
    """The word for an inspecting body that may come from outside the vocabulary: then the value itself."""
    try:
        return word_text(w.InspectionBody(value))
    except ValueError:
        return value
