"""How signals are said on the screen."""

from __future__ import annotations

from typing import Any

from app.text import _, label, show
from geo.words import Danger, SignalKind, SignalSource, SignalState, SignalTopic

_WORDS: dict[str, type[SignalState | SignalSource | SignalKind | SignalTopic]] = {
    "state": SignalState,
    "source": SignalSource,
    "kind": SignalKind,
    "topic": SignalTopic,
}


def state_word(state: SignalState, moved_to: str | None = None) -> str:
    """A signal's state; one that another unit took over was not handed to the police."""
    if state is SignalState.HANDED_OVER and moved_to:
        return _("đã chuyển {unit}", unit=moved_to)
    return label(state)


def due_word(days_left: int | None) -> str:
    """How long there is left."""
    if days_left is None:
        return ""
    if days_left < 0:
        return _("quá hạn {n} ngày", n=-days_left)
    return _("hạn hôm nay") if days_left == 0 else _("còn {n} ngày", n=days_left)


def column_word(name: str) -> str:
    """What a column of a signal is called in its history."""
    return {
        "state": _("trạng thái"),
        "on_date": _("ngày tiếp nhận"),
        "source": _("nguồn"),
        "kind": _("loại tin"),
        "topic": _("phân loại"),
        "reliability": _("tin cậy của nguồn"),
        "credibility": _("tin cậy của nội dung"),
        "text": _("nội dung"),
        "due_on": _("hạn xử lý"),
        "handled_on": _("ngày xử lý"),
        "number": _("số tiếp nhận"),
        "assigned_to": _("người được giao"),
        "same_as": _("gộp vào tin"),
        "result": _("kết quả"),
        "document": _("văn bản"),
        "receipt_number": _("số biên nhận"),
    }[name]


def value_word(name: str, value: Any) -> str:
    """A value of a column in the history."""
    if value is None:
        return _("(trống)")
    if name == "same_as":
        return str(value)[:8]
    return label(_WORDS[name](value)) if name in _WORDS else show(value)


def reliability_word(letter: str) -> str:
    """What a letter says of the source."""
    return {
        "A": _("A - luôn đáng tin"),
        "B": _("B - thường đáng tin"),
        "C": _("C - khá đáng tin"),
        "D": _("D - ít đáng tin"),
        "E": _("E - không đáng tin"),
        "F": _("F - chưa đánh giá được"),
    }[letter]


def credibility_word(number: int) -> str:
    """What a number says of the content."""
    return {
        1: _("1 - đã được nguồn khác xác nhận"),
        2: _("2 - có nhiều khả năng đúng"),
        3: _("3 - có thể đúng"),
        4: _("4 - còn nghi ngờ"),
        5: _("5 - khó đúng"),
        6: _("6 - chưa đánh giá được"),
    }[number]


def dangers() -> list[str]:
    """The questions of rule 7."""
    return [label(danger) for danger in Danger]
