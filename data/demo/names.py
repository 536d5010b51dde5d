"""Invented names and sentences. No real business, no person; what is made up says so: "(giả định)"."""

from __future__ import annotations

from geo.words import FindingKind, PremisesType, SignalSource, SignalState, SignalTopic

TYPE_WORDS = {
    PremisesType.KARAOKE: "Karaoke",
    PremisesType.MASSAGE: "Massage",
    PremisesType.HOTEL: "Khách sạn",
    PremisesType.GUESTHOUSE: "Nhà nghỉ",
    PremisesType.BAR: "Bar",
    PremisesType.CAFE: "Cà phê",
    PremisesType.RENTED_ROOMS: "Phòng trọ",
}
#: How many of a hundred premises are of each type.
TYPE_SHARES = {
    PremisesType.GUESTHOUSE: 31,
    PremisesType.KARAOKE: 25,
    PremisesType.MASSAGE: 18,
    PremisesType.HOTEL: 16,
    PremisesType.CAFE: 4,
    PremisesType.BAR: 3,
    PremisesType.RENTED_ROOMS: 3,
}
_FIRST = ("Sông", "Mây", "Sao", "Lá", "Cát", "Gió", "Sóng", "Đá", "Suối", "Nắng", "Mưa", "Đồi", "Cỏ", "Hồ")
_SECOND = ("Xanh", "Hồng", "Vàng", "Trắng", "Tím", "Bạc", "Biếc", "Nâu", "Thu", "Xuân")


def business_name(kind: PremisesType, number: int) -> str:
    """An obviously invented name, another one for every number: "Nhà nghỉ Sông Xanh 12"."""
    first, second = _FIRST[number * 5 % len(_FIRST)], _SECOND[number * 7 % len(_SECOND)]
    return f"{TYPE_WORDS[kind]} {first} {second} {number}"


FINDING_TEXTS = {
    FindingKind.PROSTITUTION: (
        "Cơ sở để địa điểm bị lợi dụng vào hoạt động mại dâm (giả định)",
        "Dấu hiệu bao che hoạt động mại dâm tại cơ sở, đã chuyển cơ quan công an (giả định)",
    ),
    FindingKind.LICENCE: (
        "Nội dung giấy phép không khớp với tên hoặc địa chỉ thực tế (giả định)",
        "Không xuất trình được giấy phép còn hiệu lực (giả định)",
    ),
    FindingKind.SECURITY: (
        "Không ghi sổ lưu trú theo quy định (giả định)",
        "Hoạt động quá giờ cho phép (giả định)",
        "Cửa phòng có chốt bên trong (giả định)",
    ),
    FindingKind.FIRE: (
        "Lối thoát nạn bị để hàng che chắn (giả định)",
        "Phương tiện chữa cháy chưa kiểm định (giả định)",
    ),
    FindingKind.LABOUR: (
        "Chưa ký hợp đồng lao động bằng văn bản (giả định)",
        "Chưa tổ chức khám sức khỏe định kỳ cho người lao động (giả định)",
    ),
    FindingKind.OTHER: ("Biển hiệu sai quy cách (giả định)", "Chưa niêm yết giá (giả định)"),
}
SIGNAL_TEXTS = (
    "Cơ sở sáng đèn, có khách ra vào sau giờ quy định (giả định)",
    "Đoạn đường có tụ tập đông về khuya (giả định)",
    "Biển hiệu không đúng loại hình đã đăng ký (giả định)",
    "Cửa cuốn đóng nhưng bên trong vẫn hoạt động (giả định)",
    "Quảng cáo dịch vụ trên mạng có ghi địa chỉ này (giả định)",
    "Khu vực ồn ào, mất trật tự về đêm (giả định)",
)
#: What each of these texts is about.
SIGNAL_TOPICS = (
    SignalTopic.VIOLATION,
    SignalTopic.REOPENING,
    SignalTopic.LICENCE,
    SignalTopic.VIOLATION,
    SignalTopic.NEW_PLACE,
    SignalTopic.OTHER,
)
SIGNAL_RESULTS = {
    SignalState.VERIFIED: "Xem tại chỗ: đúng như tin báo (giả định)",
    SignalState.UNFOUNDED: "Xem tại chỗ: không có dấu hiệu (giả định)",
}
PATROL_SIGNS = (
    "Tụ tập đông ở lề đường sau 23 giờ (giả định)",
    "Biển hiệu đã tháo nay treo lại, đèn sáng khuya (giả định)",
    "Nhiều xe dừng đỗ lâu ở ngõ vắng sau nửa đêm (giả định)",
)
#: How many of a hundred background signals come from each source.
SOURCE_SHARES = {
    SignalSource.HOTLINE: 27,
    SignalSource.CITIZEN: 30,
    SignalSource.ONLINE: 13,
    SignalSource.INSPECTION: 10,
    SignalSource.LICENCE: 6,
    SignalSource.NEIGHBOUR_WARD: 6,
    SignalSource.PRESS: 3,
    SignalSource.PATROL: 5,
}
