"""The columns of event files that the import knows: signals, inspections, patrols, hotspots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.importers.headers import plain_header


@dataclass(frozen=True)
class EventField:
    """A column: ``key`` in English, the Vietnamese ``header`` that templates and exports write, other names.

    ``needed``: without such a column the file cannot be taken.
    """

    key: str
    header: str
    others: tuple[str, ...] = ()
    needed: bool = False

    @property
    def names(self) -> frozenset[str]:
        """All headers it goes by, plain."""
        return frozenset(plain_header(name) for name in (self.key, self.header, *self.others))


_LAT = EventField("lat", "Vĩ độ", ("latitude", "vĩ tuyến"))
_LON = EventField("lon", "Kinh độ", ("lng", "longitude", "kinh tuyến"))
_DATE = EventField("date", "Ngày", ("on_date", "ngày tháng", "thời gian", "ngày tiếp nhận"), needed=True)
_PREMISES = (
    EventField("premises", "Mã cơ sở", ("premises_id", "premises id", "mã cs")),
    EventField("registration_number", "Số ĐKKD", ("số đăng ký kinh doanh", "số gpkd", "mã số thuế", "mst")),
    EventField("name", "Tên cơ sở", ("cơ sở", "tên", "tên cskd", "premises name")),
    EventField("address", "Địa chỉ", ("đ/c",)),
)

SIGNALS = (
    EventField("id", "Mã tin", ("mã",)),
    _DATE,
    EventField("source", "Nguồn", ("nguồn tin",), needed=True),
    EventField("number", "Số tiếp nhận", ("số thụ lý", "số vào sổ")),
    EventField("kind", "Loại tin", ("loại", "phân loại tin")),
    EventField("topic", "Phân loại", ("nội dung phản ánh", "lĩnh vực")),
    EventField("rating", "Độ tin cậy", ("đánh giá", "reliability")),
    EventField("state", "Trạng thái", ("tình trạng", "kết quả xác minh")),
    EventField("text", "Nội dung", ("content", "mô tả")),
    *_PREMISES[:2],
    EventField("due", "Hạn xử lý", ("due_on", "thời hạn")),
    EventField("handled", "Ngày xử lý", ("handled_on", "ngày giải quyết")),
    EventField("result", "Kết luận", ("nội dung xác minh", "kết quả xử lý")),
    EventField("receipt_number", "Số biên nhận", ("số biên nhận của công an", "biên nhận")),
    _LAT,
    _LON,
)
INSPECTIONS = (
    EventField("id", "Mã lượt kiểm tra", ("mã",)),
    EventField(
        "date", "Ngày", ("on_date", "ngày kiểm tra", "thời gian", "ngày tháng", "inspection date"), needed=True
    ),
    *_PREMISES,
    EventField("outcome", "Kết quả", ("kết quả kiểm tra",), needed=True),
    EventField("kind", "Hình thức", ("hình thức kiểm tra",)),
    EventField("body", "Cơ quan", ("cơ quan kiểm tra", "đơn vị kiểm tra")),
    EventField("team", "Đội", ("đội kiểm tra",)),
    EventField("decision_number", "Số quyết định", ("quyết định", "số qđ")),
    EventField("minutes_number", "Số biên bản", ("biên bản", "số bb")),
    EventField("grounds", "Căn cứ", ("dấu hiệu vi phạm", "lý do")),
    EventField("finding", "Vi phạm", ("loại vi phạm", "hành vi", "violation")),
    EventField("serious", "Nghiêm trọng", ("mức độ",)),
    EventField("finding_text", "Nội dung vi phạm", ("chi tiết vi phạm",)),
    EventField("deadline", "Hạn khắc phục", ("thời hạn khắc phục",)),
    EventField("closed_on", "Ngày khắc phục xong", ("đã khắc phục",)),
    EventField("document", "Số văn bản xử lý", ("quyết định xử phạt", "số văn bản")),
)
PATROLS = (
    EventField("id", "Mã lượt tuần tra", ("mã",)),
    EventField("date", "Ngày", ("on_date", "ngày tuần tra", "thời gian", "ngày tháng"), needed=True),
    EventField(
        "hotspot", "Điểm phức tạp", ("hotspot_id", "mã điểm", "tên điểm", "điểm", "địa điểm"), needed=True
    ),
    EventField("result", "Kết quả", ("kết quả tuần tra", "tình hình"), needed=True),
    EventField("sign", "Dấu hiệu", ("nội dung", "ghi chú", "text")),
    _LAT,
    _LON,
)
HOTSPOTS = (
    EventField("id", "Mã điểm", ("mã",)),
    EventField("name", "Tên điểm", ("tên", "ten", "điểm phức tạp", "địa điểm"), needed=True),
    EventField("state", "Trạng thái", ("tình trạng",), needed=True),
    EventField("found", "Ngày phát hiện", ("found_on", "phát hiện")),
    EventField("eliminated", "Ngày triệt xóa", ("eliminated_on", "triệt xóa")),
    EventField("document", "Số văn bản", ("văn bản", "quyết định")),
    EventField("since", "Trạng thái từ ngày", ("state_since", "từ ngày")),
    EventField("catchment_m", "Bán kính theo dõi (m)", ("bán kính", "catchment")),
    EventField("watch_months", "Thời gian theo dõi (tháng)", ("theo dõi (tháng)",)),
    EventField("patrol_every_days", "Nhịp tuần tra (ngày)", ("nhịp tuần tra",)),
    EventField("patrol_by", "Đơn vị tuần tra", ("ai tuần tra", "cơ quan tuần tra")),
    EventField("source", "Nguồn công bố", ("nguồn", "theo công bố")),
    _LAT,
    _LON,
    EventField("wkt", "Hình (WKT)", ("geometry", "hình")),
)

EVENT_FIELDS: Mapping[str, tuple[EventField, ...]] = {
    "hotspots": HOTSPOTS,
    "signals": SIGNALS,
    "inspections": INSPECTIONS,
    "patrols": PATROLS,
}
