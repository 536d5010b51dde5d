"""The figures of a report as they are stored with it: counts, how they are printed, the rows behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.services.indicators import Indicators
from app.text import number, render
from geo.target_parts import Part
from geo.target_texts import what_is_missing
from geo.targets import Indicator, OtherFigure

_SIGNS = {">": ">", ">=": "≥", "<=": "≤", "<": "<", "==": "=", "count": "", "<count": "≤"}
#: Targets that are shares of something; the others are counts.
_SHARES = frozenset({"T01", "T02a", "T02b", "T02c", "T03", "T04", "T05", "T06", "T07", "T09", "T10"})
NO_DATA, HIDDEN, NOTHING = "không có số liệu", "số nhỏ, không nêu", "không phát sinh"
#: Why a share of nothing cannot be said.
_NOTHING_THERE = {"T09": "không có cơ sở", "T07": "không so sánh được"}
NOT_ASSIGNED = "chưa giao"


@dataclass(frozen=True)
class Figure:
    """A number of a report.

    ``id``: ``code`` in the whole, ``code/unit_id`` in a ward. A code with a colon is a part of another.
    ``in_plan``: a target of the plan, a count beside them otherwise. ``share``: values are shares of 0 to 1.
    ``hidden``: so few heads that they are not told. ``text``: what a target's number says; ``missing``: what it
    takes to reach the target; both in Vietnamese. ``rows``: ids of the rows behind it, by table.
    """

    id: str
    code: str
    name: str
    unit_id: str | None
    ward: str | None
    in_plan: bool
    value: float | None
    share: bool = False
    numerator: int | None = None
    denominator: int | None = None
    comparator: str = "count"
    target: float | None = None
    assigned: bool = False
    met: bool | None = None
    hidden: bool = False
    text: str = ""
    missing: str = ""
    flags: Sequence[str] = ()
    before: float | None = None
    year_before: float | None = None
    rows: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """Whether there is a number at all."""
        return self.value is not None

    @property
    def lacking(self) -> bool:
        """Whether somebody still owes the number."""
        return self.value is None and not self.hidden and self.denominator != 0

    @property
    def shown(self) -> str:
        """The number as it is printed; of a share what it is made of too."""
        if self.value is None:
            return (
                HIDDEN if self.hidden else NO_DATA if self.lacking else _NOTHING_THERE.get(self.code, NOTHING)
            )
        if self.share and self.denominator is not None:
            return f"{self.written(self.value)} ({number(self.numerator or 0)}/{number(self.denominator)})"
        return self.written(self.value)

    @property
    def target_shown(self) -> str:
        """What the number should come to."""
        if self.target is None:
            return NOT_ASSIGNED if self.in_plan else ""
        return f"{_SIGNS.get(self.comparator, self.comparator)} {self.written(self.target)}".strip()

    @property
    def met_shown(self) -> str:
        """Whether it does."""
        return {True: "đạt", False: "chưa đạt", None: ""}[self.met]

    def written(self, value: float | None) -> str:
        """A value of this figure as it is printed, empty for none."""
        if value is None:
            return ""
        return f"{number(value * 100)}%" if self.share else number(value)


def figures_of(found: Indicators, last: date, as_of: date) -> list[Figure]:
    """Every target and count of a period that ends on ``last``, the whole first. Speak Vietnamese meanwhile."""
    return [*(_of_target(one, last, as_of) for one in found.rows), *map(_of_count, found.other)]


def _of_target(one: Indicator, last: date, as_of: date) -> Figure:
    return Figure(
        id=figure_id(one.code, one.unit_id),
        code=one.code,
        name=render(one.name),
        unit_id=one.unit_id,
        ward=one.ward,
        in_plan=True,
        value=one.value,
        share=one.code in _SHARES,
        numerator=one.numerator,
        denominator=one.denominator,
        comparator=one.comparator,
        target=one.target,
        assigned=one.assigned,
        met=one.met,
        text=render(one.text),
        missing=_missing(one, last, as_of),
        flags=[render(flag) for flag in one.flags],
        before=one.before,
        year_before=one.year_before,
        rows=_plain(one.rows),
    )


def _missing(one: Indicator, last: date, as_of: date) -> str:
    if one.met is not False or one.target is None:
        return ""
    part = Part(one.numerator, one.denominator, one.value)
    # T09 is of the calendar year, whatever the period is.
    deadline = date(last.year, 12, 31) if one.code.startswith("T09") else last
    said = what_is_missing(
        one.code, part, one.comparator, one.target, ward=one.unit_id is not None, deadline=deadline, as_of=as_of
    )
    return render(said) if said else ""


def _of_count(one: OtherFigure) -> Figure:
    return Figure(
        id=figure_id(one.key, one.unit_id),
        code=one.key,
        name=render(one.name),
        unit_id=one.unit_id,
        ward=one.ward,
        in_plan=False,
        value=one.value,
        hidden=one.hidden,
        before=one.before,
        year_before=one.year_before,
        rows=_plain(one.rows),
    )


def figure_id(code: str, unit_id: str | None) -> str:
    """Under what a report keeps a figure."""
    return code if unit_id is None else f"{code}/{unit_id}"


def _plain(rows: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    return {table: sorted(ids) for table, ids in rows.items() if ids}


@dataclass(frozen=True)
class Change:
    """A figure that a corrected report gives otherwise than the one it replaces, as both print it."""

    figure: str
    name: str
    ward: str | None
    before: str
    after: str


def changes(old: Sequence[Figure], new: Sequence[Figure]) -> list[Change]:
    """What differs between two reports of the same period, in the order of the new one; what only one of them
    has is "không có số liệu" in the other."""
    earlier, later = {one.id: one for one in old}, {one.id: one for one in new}
    listed = [*new, *(one for one in old if one.id not in later)]
    found = []
    for one in listed:
        before, after = (side[one.id].shown if one.id in side else NO_DATA for side in (earlier, later))
        if before != after:
            found.append(Change(one.id, one.name, one.ward, before, after))
    return found
