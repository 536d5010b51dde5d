"""Other ways in which files say the words of our vocabularies, beside their value and their name."""

from __future__ import annotations

from collections.abc import Mapping

from geo import words as w

#: By vocabulary and value, since equal values of two vocabularies are one key otherwise. A criminal report
#: (tố giác, tin báo về tội phạm) is no source here but a kind: it goes to the police.
SYNONYMS: Mapping[tuple[type, str], tuple[str, ...]] = {
    (w.SignalSource, "hotline"): ("điện thoại", "tổng đài", "111", "113"),
    (w.SignalSource, "citizen"): ("người dân", "quần chúng", "phản ánh", "đơn thư", "khiếu nại", "nhân dân"),
    (w.SignalSource, "patrol"): ("tuần tra công an", "công an tuần tra", "lực lượng tuần tra"),
    (w.SignalSource, "inspection"): ("kiểm tra", "đoàn kiểm tra", "đội 178"),
    (w.SignalSource, "licence"): ("cấp phép", "hồ sơ cấp phép"),
    (w.SignalSource, "online"): ("mạng", "internet", "mạng xã hội", "trên mạng", "quảng cáo"),
    (w.SignalSource, "neighbour_ward"): ("phường bạn", "phường lân cận", "địa bàn giáp ranh"),
    (w.SignalSource, "press"): ("báo", "truyền thông"),
    (w.SignalKind, "denunciation"): ("tố giác", "tố giác tội phạm"),
    (w.SignalKind, "crime_report"): ("tin báo", "tin báo tội phạm"),
    (w.SignalKind, "complaint"): ("đơn khiếu nại",),
    (w.SignalKind, "accusation"): ("đơn tố cáo",),
    (w.SignalKind, "feedback"): ("phản ánh", "kiến nghị", "phản ánh kiến nghị"),
    (w.SignalKind, "observation"): ("tự phát hiện", "tuần tra", "kiểm tra", "giấy phép"),
    (w.SignalTopic, "reopening"): ("tái hoạt động",),
    (w.SignalTopic, "new_place"): ("địa điểm mới", "điểm mới"),
    (w.SignalTopic, "violation"): ("vi phạm", "dấu hiệu vi phạm"),
    (w.SignalTopic, "unregistered"): ("không đăng ký", "không phép"),
    (w.SignalTopic, "licence"): ("giấy phép", "đăng ký"),
    (w.SignalTopic, "other"): ("khác",),
    (w.SignalState, "received"): ("mới", "tiếp nhận"),
    (w.SignalState, "verified"): ("có căn cứ", "đã xác minh", "đúng"),
    (w.SignalState, "unfounded"): ("không có căn cứ", "không đúng"),
    (w.SignalState, "handed_over"): ("đã chuyển", "chuyển công an", "đã chuyển công an"),
    (w.VisitOutcome, "checked"): ("kiểm tra", "hoàn thành", "đã thực hiện"),
    (w.VisitOutcome, "closed_at_arrival"): ("đóng cửa", "không mở cửa"),
    (w.VisitOutcome, "refused"): ("từ chối", "không hợp tác", "cản trở"),
    (w.VisitOutcome, "moved"): ("chuyển địa điểm", "ngừng hoạt động", "đã ngừng", "đã chuyển"),
    (w.VisitOutcome, "other_business"): ("cơ sở khác", "đổi ngành nghề"),
    (w.VisitOutcome, "unlicensed"): ("không phép",),
    (w.VisitKind, "planned"): ("định kỳ", "kế hoạch"),
    (w.VisitKind, "follow_up"): ("kiểm tra lại",),
    (w.FindingKind, "prostitution"): ("mại dâm",),
    (w.FindingKind, "licence"): ("giấy phép",),
    (w.FindingKind, "security"): ("an ninh trật tự", "antt"),
    (w.FindingKind, "fire"): ("pccc", "phòng cháy chữa cháy"),
    (w.FindingKind, "labour"): ("lao động", "sử dụng lao động"),
    (w.FindingKind, "other"): ("khác",),
    (w.PatrolResult, "quiet"): ("bình thường", "không có dấu hiệu", "yên ổn", "ổn định"),
    (w.PatrolResult, "sign"): ("dấu hiệu", "có biểu hiện"),
    (w.HotspotState, "active"): ("đang hoạt động", "phức tạp"),
    (w.HotspotState, "eliminated"): ("đã triệt xóa", "triệt xóa", "đang theo dõi"),
}
