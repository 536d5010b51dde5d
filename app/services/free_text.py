"""Free text that people type: it may speak of places, never of people (domain rule 5), and of no secret."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection
from pathlib import PurePath

from geo.errors import RuleError
from geo.messages import Message, msg
from geo.privacy import Hit, HitKind, mask, personal_data, unexcused
from geo.secret_marks import secret_file_name, secret_mark

_WORDS: dict[HitKind, Message] = {
    HitKind.PHONE: msg("số điện thoại"),
    HitKind.IDENTITY: msg("số định danh cá nhân"),
    HitKind.EMAIL: msg("địa chỉ thư điện tử"),
    HitKind.PLATE: msg("biển số xe"),
    HitKind.NAME: msg("tên người"),
}
#: So much of a text is repeated, with what is personal in it covered.
_SHOWN = 160
_LONGEST_FILE_NAME = 120


class _Excused:
    """Where the phrases come from that a data steward has excused: the database in use, once it is open."""

    phrases: Callable[[], Collection[str]] = staticmethod(lambda: ())


def excuse(phrases: Callable[[], Collection[str]]) -> None:
    """From now on ask ``phrases`` for what a data steward has found to be no personal data."""
    _Excused.phrases = staticmethod(phrases)


def about_places(text: str | None) -> str:
    """The text without blanks around it.

    Raises RuleError ``personal_data`` that names all kinds found and shows the text with them covered,
    ``state_secret`` for a text that bears the mark of a secret.
    """
    cleaned = (text or "").strip()
    _refuse_secret(secret_mark(cleaned))
    hits = personal_data(cleaned)
    if hits:
        # Asked only now: hardly any text has a hit.
        phrases = _Excused.phrases()
        hits = unexcused(cleaned, hits, phrases)
        if hits:
            raise _refusal(cleaned, hits, phrases)
    return cleaned


def file_label(name: str) -> str:
    """A file's name as it may be kept and shown: personal data in it is covered.

    Raises RuleError ``state_secret`` for a name that bears the mark of a secret.
    """
    _refuse_secret(secret_file_name(name))
    file = PurePath(unicodedata.normalize("NFC", name))
    # Names of files are written with strokes for blanks.
    words = file.stem.replace("_", " ")
    covered = mask(words)
    return (file.name if covered == words else covered + file.suffix)[:_LONGEST_FILE_NAME]


def _refuse_secret(mark: str | None) -> None:
    if mark is not None:
        raise RuleError(
            "state_secret",
            msg("Nội dung mang dấu “{mark}”; hệ thống không nhận tài liệu có độ mật.", mark=mark[:40]),
            hint=msg(
                "Luật Bảo vệ bí mật nhà nước 117/2025/QH15: lưu và xử lý trên phương tiện dành riêng. "
                "Báo người phụ trách bảo mật của cơ quan nếu tệp đã được gửi nhầm."
            ),
        )


def _refusal(text: str, hits: list[Hit], phrases: Collection[str]) -> RuleError:
    found = dict.fromkeys(hit.kind for hit in hits)
    what: Message | None = None
    for kind in found:
        what = _WORDS[kind] if what is None else msg("{one}, {other}", one=what, other=_WORDS[kind])
    shown = mask(text, phrases)
    return RuleError(
        "personal_data",
        msg(
            "Nội dung có vẻ chứa {what}; hệ thống chỉ ghi về địa điểm. Chỗ bị che: “{shown}”.",
            what=what,
            shown=shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…",
        ),
        hint=msg(
            "Bỏ phần bị che rồi ghi lại: theo Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, thông tin về người chỉ "
            "nằm trong hồ sơ giấy. Nếu là tên đường, ghi rõ “đường ...”; nếu không phải thông tin cá nhân, nhờ "
            "người quản trị dữ liệu cho phép cụm từ đó (trang Dữ liệu và lưu giữ)."
        ),
    )
