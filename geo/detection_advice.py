"""What would confirm or refute an alert: where whoever judges it looks first."""

from __future__ import annotations

from collections.abc import Mapping

from geo.messages import Message, msg
from geo.words import AlertKind

_CONFIRMS: Mapping[AlertKind, Message] = {
    AlertKind.TWO_SIGNALS: msg(
        "Tuần tra vào khung giờ khác thấy lại dấu hiệu, hoặc một trong các tin được xác minh là có căn cứ."
    ),
    AlertKind.VIOLATION_INSIDE: msg(
        "Biên bản vi phạm còn hiệu lực, và trong vùng có thêm dấu hiệu khác cùng thời gian."
    ),
    AlertKind.LICENCE_REISSUED: msg("Cơ sở mới đã mở tại địa chỉ đó và có dấu hiệu như trước khi bị thu hồi."),
    AlertKind.UNUSUAL_COUNTS: msg(
        "Các sự việc do nhiều nguồn khác nhau báo và vẫn nhiều khi số lượt tuần tra không tăng."
    ),
    AlertKind.NEW_CLUSTER: msg(
        "Tuần tra tại chỗ thấy dấu hiệu, hoặc các tin do những nguồn không liên quan với nhau báo."
    ),
    AlertKind.WATCH_BROKEN: msg("Sổ tuần tra của đơn vị không có lượt nào từ ngày đến hạn."),
    AlertKind.SIGNAL_LATE: msg("Sổ xử lý của đơn vị chưa có kết quả xác minh."),
    AlertKind.HANDOVER_LATE: msg("Bên nhận chưa nhận tin và chưa trả lời bằng văn bản."),
    AlertKind.BORDER_RISING: msg("Hai bên giáp ranh cùng ghi nhận nhiều tin hoặc vi phạm hơn tại đoạn này."),
    AlertKind.PAPERS: msg("Cơ sở đang hoạt động mà không xuất trình được giấy theo yêu cầu của loại hình."),
}
_REFUTES: Mapping[AlertKind, Message] = {
    AlertKind.TWO_SIGNALS: msg("Các tin nói về cùng một việc, sai địa điểm, hoặc xác minh không có căn cứ."),
    AlertKind.VIOLATION_INSIDE: msg("Vi phạm bị hủy, hoặc xảy ra trước khi điểm được triệt xóa."),
    AlertKind.LICENCE_REISSUED: msg("Ngành nghề khác hẳn trước, hoặc địa chỉ trùng tên nhưng ở chỗ khác."),
    AlertKind.UNUSUAL_COUNTS: msg("Chỉ vì vừa ra quân, đổi cách ghi sổ, hoặc một việc được báo nhiều lần."),
    AlertKind.NEW_CLUSTER: msg("Vừa có đợt tuần tra riêng tại đó, hoặc các tin cùng một nguồn, cùng một việc."),
    AlertKind.WATCH_BROKEN: msg("Đã tuần tra nhưng chưa ghi vào hệ thống: ghi bổ sung là cảnh báo tự khép."),
    AlertKind.SIGNAL_LATE: msg("Đã xử lý nhưng chưa ghi kết quả: ghi bổ sung là cảnh báo tự khép."),
    AlertKind.HANDOVER_LATE: msg("Bên nhận đã nhận tin: ghi việc nhận là cảnh báo tự khép."),
    AlertKind.BORDER_RISING: msg(
        "Nguy cơ tăng chỉ do một tin được báo lại, hoặc do vừa đổi địa giới, dữ liệu."
    ),
    AlertKind.PAPERS: msg("Giấy đã có nhưng chưa nhập vào sổ cơ sở: nhập bổ sung là cảnh báo tự khép."),
}


def would_confirm(kind: AlertKind) -> Message:
    """What, if found, speaks for the alert."""
    return _CONFIRMS[kind]


def would_refute(kind: AlertKind) -> Message:
    """What, if found, speaks against it."""
    return _REFUTES[kind]
