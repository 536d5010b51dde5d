"""What the targets are called, and the sentences that say how they stand and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import ceil, floor

from geo.messages import Message, msg
from geo.target_parts import Part
from geo.target_settings import COUNTS, exact

NAMES: Mapping[str, Message] = {
    "T01": msg("Phường duy trì ít nhất một hình thức truyền thông thường xuyên"),
    "T02a": msg("Người lao động trong cơ sở được truyền thông"),
    "T02b": msg("Công nhân khu công nghiệp được truyền thông"),
    "T02c": msg("Học sinh, sinh viên được truyền thông"),
    "T02d": msg("Số người dân được truyền thông"),
    "T02e": msg("Số người lao động trong cơ sở được truyền thông"),
    "T02f": msg("Số công nhân khu công nghiệp được truyền thông"),
    "T02g": msg("Số học sinh, sinh viên được truyền thông"),
    "T03": msg("Phường có kế hoạch và tổ chức thực hiện"),
    "T04": msg("Phường duy trì mô hình phòng ngừa"),
    "T05": msg("Phường lồng ghép nhiệm vụ với chương trình khác"),
    "T06": msg("Nguồn tin được xử lý đúng hạn"),
    "T07": msg("Mức tăng số vụ xử lý hình sự so với cùng kỳ năm trước"),
    "T07a": msg("Số vụ được phát hiện"),
    "T07b": msg("Số vụ được xét xử"),
    "T08": msg("Điểm phức tạp mới và điểm tái hoạt động"),
    "T08a": msg("Điểm phức tạp mới phát sinh"),
    "T08b": msg("Điểm đã triệt xóa nay tái hoạt động"),
    "T09": msg("Cơ sở được kiểm tra trong năm"),
    "T09a": msg("Số cơ sở được kiểm tra trong năm"),
    "T10": msg("Cán bộ, tình nguyện viên được tập huấn"),
    "T10a": msg("Số lượt cán bộ được tập huấn"),
}
#: What more of is needed, for the whole or for a count, and for one ward.
_THINGS: Mapping[str, tuple[Message, Message]] = {
    "T01": (msg("phường có hoạt động truyền thông"), msg("hoạt động truyền thông")),
    "T03": (msg("phường có kế hoạch và hoạt động thực hiện"), msg("kế hoạch kèm hoạt động thực hiện")),
    "T04": (msg("phường có mô hình đang duy trì"), msg("mô hình đang duy trì")),
    "T05": (msg("phường có hoạt động lồng ghép"), msg("hoạt động lồng ghép")),
    "T10": (msg("người được tập huấn"), msg("người được tập huấn")),
    "T10a": (msg("lượt tập huấn"), msg("lượt tập huấn")),
    **{f"T02{part}": (msg("người được truyền thông"), msg("người được truyền thông")) for part in "abcdefg"},
}
_SIGNS: Mapping[str, Message] = {
    ">": msg("trên"),
    ">=": msg("từ"),
    "<=": msg("không quá"),
    "count": msg("từ"),
}
#: More of these is not asked for: it would reward the wrong thing, or cannot be made up for.
_NOT_ASKED = frozenset({"T06", "T07", "T07a", "T07b", "T08", "T08a", "T08b"})


def how_it_stands(part: Part) -> Message:
    """The figure in words, with what belongs beside it."""
    if part.value is None:
        return part.why or msg("Chưa có số liệu của kỳ này.")
    if part.rise:
        said = msg(
            "{n} vụ, cùng kỳ năm trước {d} vụ ({rise}%)",
            n=part.numerator,
            d=part.denominator,
            rise=_percent(part.value),
        )
    elif part.denominator is None:
        said = msg("{n}", n=part.numerator)
    else:
        said = msg("{n}/{d} ({share}%)", n=part.numerator, d=part.denominator, share=_percent(part.value))
    if part.note is None:
        return msg("{said}.", said=said)
    return msg("{said}; {note}.", said=said, note=part.note)


def what_is_asked(code: str, comparator: str, target: float, source: str | None, assigned: bool) -> Message:
    """The target in words."""
    asked = exact(target)
    plain = code in COUNTS or code.startswith("T08")
    unit = "" if plain else "%"
    shown: float | int = int(asked) if plain and asked.denominator == 1 else _percent(target, plain)
    if assigned:
        return msg("Chỉ tiêu được giao: {sign} {value}{unit}.", sign=_SIGNS[comparator], value=shown, unit=unit)
    return msg(
        "Chỉ tiêu: {sign} {value}{unit} ({source}).",
        sign=_SIGNS[comparator],
        value=shown,
        unit=unit,
        source=source or "",
    )


def what_is_missing(
    code: str, part: Part, comparator: str, target: float, *, ward: bool, deadline: date, as_of: date
) -> Message | None:
    """What it takes to reach the target, and by when; None where it is reached or nothing can be asked for."""
    short = shortfall(part, comparator, target)
    if code in _NOT_ASKED or not short:
        return None
    if code in ("T09", "T09a"):
        if deadline < as_of:
            return msg("Còn thiếu {n} cơ sở.", n=short)
        return msg("Kiểm tra thêm {n} cơ sở trước {day}.", n=short, day=deadline)
    things = _THINGS[code][1 if ward else 0]
    if deadline < as_of:
        return msg("Còn thiếu {n} {things}.", n=short, things=things)
    return msg("Cần thêm {n} {things} trước {day}.", n=short, things=things, day=deadline)


def shortfall(part: Part, comparator: str, target: float) -> int:
    """How much the numerator lacks; 0 where nothing is missing or nobody can say."""
    if part.numerator is None or comparator == "<=" or part.denominator == 0:
        return 0
    base = 1 if comparator == "count" else part.denominator
    if base is None:
        return 0
    needed: Fraction = exact(target) * base
    least = floor(needed) + 1 if comparator == ">" else ceil(needed)
    return max(least - part.numerator, 0)


def _percent(share: float, plain: bool = False) -> float:
    return round(share if plain else 100 * share, 1)
