"""How a target is written: its value, what it has to be, whether it is met, how it moved."""

from __future__ import annotations

from app.services.target_sheet import is_share
from app.text import _, number
from geo.targets import Indicator

#: Blue and orange differ for every eye; a sign and a word stand beside them.
MET_COLOUR, OPEN_COLOUR, UNKNOWN_COLOUR = "#d3e5f5", "#fbdcb8", "#eef1f3"
_SIGNS = {">": ">", ">=": "≥", "<=": "≤", "count": "≥"}


def figure(one: Indicator, value: float | None) -> str:
    """A value of the target: a percentage, or a count."""
    if value is None:
        return "–"
    if not is_share(one):
        return number(value)
    return f"{number(100 * value)}%"


def result(one: Indicator) -> str:
    """What was counted out of what, and what it comes to."""
    if one.numerator is None:
        return "–"
    if one.denominator is None or one.code.startswith("T07"):
        return figure(one, one.value)
    counted = f"{number(one.numerator)} / {number(one.denominator)}"
    return counted if one.value is None else f"{counted} = {figure(one, one.value)}"


def aim(one: Indicator) -> str:
    """What has to be reached."""
    if one.target is None:
        return _("chưa giao") if one.comparator == "count" else "–"
    sign = _SIGNS.get(one.comparator, one.comparator)
    return f"{sign} {figure(one, one.target)}"


def met_word(met: bool | None) -> str:
    """Whether it is met, as a sign and a word."""
    if met is None:
        return _("– chưa xét được")
    return _("✔ đạt") if met else _("✘ chưa đạt")


def met_colour(met: bool | None) -> str:
    """The colour beside the word."""
    return {True: MET_COLOUR, False: OPEN_COLOUR, None: UNKNOWN_COLOUR}[met]


def change(one: Indicator, then: float | None) -> str:
    """How the value moved since an earlier period; points of percent for shares."""
    if one.value is None or then is None:
        return "–"
    step = round((one.value - then) * (100 if is_share(one) else 1), 1)
    if step == 0:
        return _("= không đổi")
    unit = _(" điểm %") if is_share(one) else ""
    return f"{'▲ +' if step > 0 else '▼ −'}{number(abs(step))}{unit}"
