"""Two plans side by side: what they are worth, what they cost, where and whom they visit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from geo.plan_types import BorderVisit, Route, Visit, WardCoverage


@dataclass(frozen=True)
class PlanFigures:
    """What a plan comes to. ``wards`` and ``types``: visits by ward id ("" where it lies in none) and by type
    of premises. ``coverage``: share of a ward's premises inspected after the plan, by ward id. ``segments``:
    border segments whose strip it goes into; ``swept``: those with a joint sweep."""

    value: float
    minutes: float
    km: float
    visits: int
    drawn: int
    outings: int
    wards: Mapping[str, int]
    types: Mapping[str, int]
    coverage: Mapping[str, float]
    segments: frozenset[str]
    swept: frozenset[str]


@dataclass(frozen=True)
class Share:
    """One group in both plans: visits and their share of all visits (0-1, 0 where there are none)."""

    name: str
    visits: tuple[int, int]
    shares: tuple[float, float]


@dataclass(frozen=True)
class CoverageChange:
    """A ward's coverage after either plan, None where a plan says nothing of the ward."""

    ward_id: str
    after: tuple[float | None, float | None]


@dataclass(frozen=True)
class Comparison:
    """The second plan against the first: a delta above 0 is more in the second. ``wards``, ``types``: whom they
    visit, for whoever asks whether a group is visited more than its part. ``only_first``, ``only_second``:
    border segments that one alone goes into."""

    value_delta: float
    minutes_delta: float
    km_delta: float
    visits_delta: int
    drawn_delta: int
    outings_delta: int
    coverage: tuple[CoverageChange, ...]
    wards: tuple[Share, ...]
    types: tuple[Share, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    swept: tuple[int, int]


def plan_figures(
    visits: Collection[Visit],
    routes: Iterable[Route],
    *,
    coverage: Iterable[WardCoverage],
    borders: Iterable[BorderVisit],
    types: Mapping[str, str],
) -> PlanFigures:
    """The figures of a plan; ``types``: of premises, by id."""
    driven = list(routes)
    seen = [border for border in borders if border.visited]
    return PlanFigures(
        value=round(sum(visit.value for visit in visits), 1),
        minutes=round(sum(route.minutes for route in driven), 1),
        km=round(sum(route.km for route in driven), 2),
        visits=len(visits),
        drawn=sum(visit.drawn_at_random for visit in visits),
        outings=len(driven),
        wards=Counter(visit.ward_id or "" for visit in visits),
        types=Counter(types.get(visit.premises_id, "") for visit in visits),
        coverage={ward.ward_id: ward.after for ward in coverage},
        segments=frozenset(border.segment_id for border in seen),
        swept=frozenset(border.segment_id for border in seen if border.start is not None),
    )


def compare(first: PlanFigures, second: PlanFigures) -> Comparison:
    """The second plan against the first."""
    wards = sorted({*first.coverage, *second.coverage})
    return Comparison(
        value_delta=round(second.value - first.value, 1),
        minutes_delta=round(second.minutes - first.minutes, 1),
        km_delta=round(second.km - first.km, 2),
        visits_delta=second.visits - first.visits,
        drawn_delta=second.drawn - first.drawn,
        outings_delta=second.outings - first.outings,
        coverage=tuple(CoverageChange(w, (first.coverage.get(w), second.coverage.get(w))) for w in wards),
        wards=_shares(first.wards, second.wards),
        types=_shares(first.types, second.types),
        only_first=tuple(sorted(first.segments - second.segments)),
        only_second=tuple(sorted(second.segments - first.segments)),
        swept=(len(first.swept), len(second.swept)),
    )


def _shares(first: Mapping[str, int], second: Mapping[str, int]) -> tuple[Share, ...]:
    all_first, all_second = max(sum(first.values()), 1), max(sum(second.values()), 1)
    rows = []
    for name in sorted({*first, *second}):
        one, two = first.get(name, 0), second.get(name, 0)
        rows.append(Share(name, (one, two), (round(one / all_first, 4), round(two / all_second, 4))))
    return tuple(rows)
