"""Free text that people type: it may speak of places, never of people (domain rule 5)."""

from __future__ import annotations

from geo.errors import RuleError
from geo.messages import Message, msg
from geo.privacy import HitKind, personal_data

_WORDS: dict[HitKind, Message] = {
    HitKind.PHONE: msg("số điện thoại"),
    HitKind.IDENTITY: msg("số định danh cá nhân"),
    HitKind.EMAIL: msg("địa chỉ thư điện tử"),
    HitKind.PLATE: msg("biển số xe"),
    HitKind.NAME: msg("tên người"),
}


def about_places(text: str | None) -> str:
    """The text without blanks around it. Raises RuleError when it holds personal data; it is not repeated."""
    cleaned = (text or "").strip()
    hits = personal_data(cleaned)
    if hits:
        raise RuleError(
            "personal_data",
            msg("Nội dung có vẻ chứa {what}; hệ thống chỉ ghi về địa điểm.", what=_WORDS[hits[0].kind]),
            hint=msg(
                "Bỏ phần đó rồi ghi lại; thông tin về người chỉ nằm trong hồ sơ giấy. "
                "Nếu là tên đường, ghi rõ “đường ...”."
            ),
        )
    return cleaned
