"""What every change to the register by a person goes through: limits, personal data, somebody else's save."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from app.services.free_text import about_places
from data.importers.persons import without_personal_data, without_persons
from data.importers.registration import paper_number
from data.store import Work
from geo.errors import ConflictError, InputError, RuleError
from geo.messages import Message, msg

_MOST = {"rooms": 2_000, "workers": 10_000, "stated_rooms": 2_000}
_PAST = ("opened_on", "commitment_on", "issued_on", "suspended_on", "withdrawn_on")
_LONGEST = {"name": 300, "stated_name": 300, "number": 60}
_LONGEST_OTHER = 400
#: What of a text may be kept, where that is not asked of it as of any free text.
_MAY_BE_KEPT: dict[str, Callable[[str], str | None]] = {
    "name": without_persons,
    "stated_name": without_persons,
    "address": without_personal_data,
    "stated_address": without_personal_data,
    "number": paper_number,
}
#: Sentences that somebody wrote, not facts.
_FREE = frozenset({"complex_grounds", "unregistered_basis"})
FIELD_WORDS: dict[str, Message] = {
    "name": msg("tên"),
    "type": msg("loại hình"),
    "address": msg("địa chỉ"),
    "registration_number": msg("số đăng ký"),
    "rooms": msg("số phòng"),
    "workers": msg("số lao động"),
    "opened_on": msg("ngày mở cửa"),
    "commitment_on": msg("ngày ký cam kết"),
    "complex_grounds": msg("căn cứ có biểu hiện phức tạp"),
    "unregistered_basis": msg("căn cứ xác định không có đăng ký"),
    "lon": msg("kinh độ"),
    "lat": msg("vĩ độ"),
    "status": msg("tình trạng"),
    "kind": msg("loại giấy"),
    "number": msg("số"),
    "issued_on": msg("ngày cấp"),
    "term_until": msg("thời hạn ghi trên giấy"),
    "suspended_on": msg("ngày tạm đình chỉ"),
    "withdrawn_on": msg("ngày thu hồi"),
    "stated_name": msg("tên ghi trên giấy"),
    "stated_address": msg("địa chỉ ghi trên giấy"),
    "stated_rooms": msg("số phòng ghi trên giấy"),
}


def changed_meanwhile(seen: Any, now: Any) -> ConflictError:
    """The error that says what somebody else has saved since ``seen`` (two of one dataclass)."""
    what: Message | None = None
    for name in seen.__dataclass_fields__:
        before, after = getattr(seen, name), getattr(now, name)
        if before != after:
            one = msg(
                "{field} {before} → {after}", field=FIELD_WORDS[name], before=_told(before), after=_told(after)
            )
            what = one if what is None else msg("{one}; {other}", one=what, other=one)
    return ConflictError(
        "changed_meanwhile",
        msg(
            "Người khác đã lưu trước bạn: {what}. Thay đổi của bạn chưa được ghi.",
            what=what or msg("mục khác của cơ sở này"),
        ),
        hint=msg("Tải lại trang, xem giá trị mới rồi quyết định có sửa nữa không."),
    )


def _told(value: Any) -> Any:
    return msg("(trống)") if value is None or value == "" else value


def check_limits(new: Mapping[str, Any], today: date) -> None:
    """Raise InputError for a number out of bounds and for a day that has not come yet."""
    for name, most in _MOST.items():
        value = new.get(name)
        if value is not None and not 0 <= value <= most:
            raise InputError(
                "out_of_bounds",
                msg("{field}: nhập từ {least} đến {most}.", field=FIELD_WORDS[name], least=0, most=most),
            )
    for name in _PAST:
        value = new.get(name)
        if value is not None and value > today:
            raise InputError(
                "future", msg("{field}: ngày {date} ở tương lai.", field=FIELD_WORDS[name], date=value)
            )


def cleaned(name: str, value: Any) -> Any:
    """A text as it may be kept, None where it is blank; other values as the table has them.

    Raises RuleError for personal data, InputError for a text that is too long.
    """
    if isinstance(value, StrEnum):
        return value.value
    if not isinstance(value, str):
        return value
    text = " ".join(unicodedata.normalize("NFC", value).split())
    longest = _LONGEST.get(name, _LONGEST_OTHER)
    if len(text) > longest:
        raise InputError(
            "too_long",
            msg("{field}: dài nhất {most} ký tự.", field=FIELD_WORDS[name], most=longest),
        )
    check = _MAY_BE_KEPT.get(name, about_places)
    if (check(text) or "") != text:
        raise personal(name)
    return text or None


def personal(name: str) -> RuleError:
    """The error for a field that holds personal data; it is not repeated."""
    return RuleError(
        "personal_data",
        msg("{field}: có vẻ là thông tin cá nhân; hệ thống chỉ ghi về địa điểm.", field=FIELD_WORDS[name]),
        hint=msg("Hộ kinh doanh mang tên chủ hộ được ghi bằng loại hình và địa chỉ, không ghi tên người."),
    )


def noted(work: Work, subject: str, values: Any, names: Iterable[str]) -> dict[str, Any]:
    """Fields as the audit log keeps them: facts as they are, free text as a digest."""
    plain = {name: _as_json(getattr(values, name)) for name in names}
    return {name: work.digest(subject, one) if name in _FREE else one for name, one in plain.items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value
