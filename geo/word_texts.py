"""The words of closed vocabularies inside sentences: as messages, so that a stored sentence keeps them."""

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
    (w.LicenceKind.BUSINESS, msg("đăng ký kinh doanh")),
    (w.LicenceKind.SECURITY, msg("giấy chứng nhận đủ điều kiện về ANTT")),
    (w.LicenceKind.KARAOKE, msg("giấy phép karaoke")),
    (w.LicenceKind.FIRE, msg("thẩm duyệt, nghiệm thu PCCC")),
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
)
# By type and value: members of two StrEnums with the same value are equal, so they would collide as keys.
_TEXTS = {(type(word), word.value): text for word, text in _WORDS}


def word_text(word: StrEnum) -> Message:
    """The word officers use for ``word``, e.g. the hotspot state ``active`` as "đang phức tạp".

    Raises KeyError for a word that no sentence of ``geo`` uses.
    """
    return _TEXTS[type(word), word.value]


def type_text(value: object) -> Message:
    """The word for a premises type that may come from outside the vocabulary: then the value itself."""
    try:
        return word_text(w.PremisesType(str(value)))
    except ValueError:
        return msg("loại hình {type}", type=str(value))
