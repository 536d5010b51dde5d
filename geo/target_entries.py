"""Figures that offices enter by hand, cut by any set of wards.

What is counted over time (a flow) belongs whole to the period in which its last day lies; an entry that reaches
back beyond the period's first day is told, never split. What stands at a moment (heads, models that run) is the
newest entry of its unit on or before a day. An entry of a unit outside of the chosen set passes to the ward of
the set that covers most of its ground, so that every set adds up to the same total.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.review_words import Measure
from geo.target_windows import Window
from geo.units import area_crosswalk, valid_on
from geo.ward_systems import WardSet, ward_sets

#: What stands at a moment; all other measures are counted over the days of their entry.
STANDING = frozenset(
    {
        Measure.PREMISES_WORKER_HEADS,
        Measure.ZONE_WORKER_HEADS,
        Measure.STUDENT_HEADS,
        Measure.RUNNING_MODELS,
        Measure.STAFF,
        Measure.VOLUNTEERS,
    }
)
#: What holds for the calendar year: a plan issued in January holds in the third quarter too.
YEARLY = frozenset({Measure.PLANS_ISSUED, Measure.BUDGET_VND})


@dataclass(frozen=True)
class Entered:
    """What was entered for a ward or the whole. ``value`` None: nothing was.

    ``oldest``: last day of the oldest entry in it. ``reaches_back``: an entry begins before the period;
    ``overlaps``: two entries of one unit tell of the same days.
    """

    value: int | None = None
    ids: tuple[str, ...] = ()
    oldest: date | None = None
    reaches_back: bool = False
    overlaps: bool = False

    def plus(self, other: Entered) -> Entered:
        """Both together; one that is missing adds nothing."""
        if other.value is None or self.value is None:
            return self if other.value is None else other
        days = [day for day in (self.oldest, other.oldest) if day is not None]
        return Entered(
            self.value + other.value,
            (*self.ids, *other.ids),
            min(days) if days else None,
            self.reaches_back or other.reaches_back,
            self.overlaps or other.overlaps,
        )


ByWard = dict[str | None, Entered]
NOTHING = Entered()


class _Entry(NamedTuple):
    """A row of the figures; ``ward``: the ward of the chosen set that it counts for."""

    id: str
    unit: str | None
    ward: str | None
    first: date
    last: date
    value: int


@dataclass(frozen=True)
class Entries:
    """The entries of all units and times, read by the wards of one set.

    ``figures``: ``id, unit_id, measure, first_day, last_day, value``, oldest record first. ``units``: of all
    times; ``wards``: the chosen set. An entry that begins after ``as_of`` is left out.
    """

    figures: pd.DataFrame
    units: gpd.GeoDataFrame
    wards: gpd.GeoDataFrame
    as_of: date
    _heirs: dict[date, dict[str, str]] = field(default_factory=dict, compare=False, repr=False)

    def read(self, measure: Measure, window: Window) -> ByWard:
        """What was entered for the days of a window, each measure in its way."""
        if measure in STANDING:
            return self.standing(measure, window.seen)
        if measure in YEARLY:
            return self.within_year(measure, window.last.year, window.seen)
        return self.flow(measure, window.first, window.last)

    def flow(self, measure: Measure, first: date, last: date) -> ByWard:
        """What was counted over time and ended from ``first`` to ``last``."""
        return self._summed([one for one in self._of(measure) if first <= one.last <= last], first)

    def within_year(self, measure: Measure, year: int, seen: date) -> ByWard:
        """What ended in a calendar year and had begun by ``seen``: a plan, its budget."""
        told = [one for one in self._of(measure) if one.last.year == year and one.first <= seen]
        return self._summed(told, None)

    def standing(self, measure: Measure, day: date) -> ByWard:
        """What stands on ``day``: of each unit the newest entry; where a unit of that day has none yet, those
        of the units that became it. The whole's own entry takes the place of the sum."""
        past = [one for one in self._of(measure) if one.last <= min(day, self.as_of)]
        # On equal days what was recorded last holds: the sort keeps their order.
        newest = {one.unit: one for one in sorted(past, key=lambda one: one.last)}
        own = newest.pop(None, None)
        holding = self._holding({unit for unit in newest if unit is not None}, day)
        found = self._summed([one for unit, one in newest.items() if unit in holding], None)
        return found if own is None else found | {None: _entered([own], None)}

    def units_between(self, first: date, last: date) -> set[str | None]:
        """Units whose entries end in these days."""
        told = (one for entries in self._by_measure.values() for one in entries)
        return {one.unit for one in told if first <= one.last <= last}

    @cached_property
    def passed_on(self) -> dict[str, str]:
        """Units that are none of the wards but have entries, with the ward that these pass to."""
        there = set(self.wards["id"])
        told = [unit for unit in self.figures["unit_id"].dropna().unique() if unit not in there]
        return _most_of(self.units[self.units["id"].isin(told)], self.wards)

    @cached_property
    def _by_measure(self) -> dict[str, list[_Entry]]:
        wards = {unit: unit for unit in self.wards["id"]} | self.passed_on
        rows = self.figures
        days = [pd.DatetimeIndex(rows[name]).date for name in ("first_day", "last_day")]
        told_by = rows["unit_id"].astype(object).where(rows["unit_id"].notna(), None)
        found: dict[str, list[_Entry]] = {}
        for entry_id, unit, measure, first, last, value in zip(
            *(list(column) for column in (rows["id"], told_by, rows["measure"])),
            *days,
            rows["value"],
            strict=True,
        ):
            if first <= self.as_of:
                entry = _Entry(entry_id, unit, wards.get(unit), first, last, int(value))
                found.setdefault(measure, []).append(entry)
        return found

    def _of(self, measure: Measure) -> list[_Entry]:
        return self._by_measure.get(measure.value, [])

    def _holding(self, told: set[str], day: date) -> set[str]:
        """Which of the units that told something speak for their ground on ``day``: the newest set first, so
        that no ground is counted for an old unit and for its heir. The same whatever the chosen wards are."""
        past = [one for one in self._sets if one.first <= day]
        ordered = [*reversed(past), *self._sets[len(past) :]]
        if not ordered:
            return told
        heir = self._heirs_on(ordered[0].first)
        waiting, kept, covered = set(told), set[str](), set[str]()
        for one in ordered:
            speak = {unit for unit in one.unit_ids if unit in waiting and heir.get(unit, unit) not in covered}
            kept |= speak
            waiting -= set(one.unit_ids)
            covered |= {heir.get(unit, unit) for unit in speak}
        return kept | waiting

    @cached_property
    def _sets(self) -> list[WardSet]:
        return ward_sets(self.units)

    def _heirs_on(self, day: date) -> dict[str, str]:
        if day not in self._heirs:
            told = self.units[self.units["id"].isin(self.figures["unit_id"].dropna())]
            self._heirs[day] = _most_of(told, valid_on(self.units, day))
        return self._heirs[day]

    def _summed(self, rows: list[_Entry], first: date | None) -> ByWard:
        parts: dict[str, list[_Entry]] = {unit: [] for unit in self.wards["id"]}
        for one in rows:
            if one.ward is not None:
                parts[one.ward].append(one)
        return {None: _entered(rows, first), **{unit: _entered(part, first) for unit, part in parts.items()}}


def lacking(found: ByWard, wards: pd.DataFrame) -> list[str]:
    """Names of the wards for which nothing was entered."""
    return [name for unit, name in zip(wards["id"], wards["name"], strict=True) if found[unit].value is None]


def summed(parts: Iterable[ByWard]) -> ByWard:
    """Several measures together."""
    total: ByWard = {}
    for part in parts:
        total = {unit: total.get(unit, NOTHING).plus(entered) for unit, entered in part.items()}
    return total


def _entered(rows: list[_Entry], first: date | None) -> Entered:
    if not rows:
        return NOTHING
    return Entered(
        value=sum(one.value for one in rows),
        ids=tuple(one.id for one in rows),
        oldest=min(one.last for one in rows),
        reaches_back=first is not None and any(one.first < first for one in rows),
        overlaps=first is not None and _overlap(rows),
    )


def _overlap(rows: list[_Entry]) -> bool:
    """Whether two entries of one unit tell of the same days."""
    until: dict[str | None, date] = {}
    for one in sorted(rows, key=lambda one: one.first):
        if one.unit in until and one.first <= until[one.unit]:
            return True
        until[one.unit] = max(one.last, until.get(one.unit, one.last))
    return False


def _most_of(units: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> dict[str, str]:
    """The ward that covers most of each unit."""
    if not len(units) or not len(wards):
        return {}
    most = area_crosswalk(units, wards).drop_duplicates("old_id")
    return dict(zip(most["old_id"], most["new_id"], strict=True))
