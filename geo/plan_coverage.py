"""What a plan does for the targets: coverage of the wards (T09) and visits along the borders."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import LONLAT, METRIC
from geo.plan_settings import PlanningSettings
from geo.plan_types import Appointment, BorderVisit, Candidate, Visit, WardCoverage
from geo.planning_rules import checks
from geo.visit_value import Part, coverage_parts
from geo.words import PremisesStatus, VisitKind


def ward_counts(
    premises: gpd.GeoDataFrame,
    inspections: pd.DataFrame,
    year: int,
    standing: frozenset[str] = frozenset(),
) -> dict[str, tuple[int, int]]:
    """Active premises, and those of them checked in the calendar year by whatever body, by ward id.

    ``standing``: premises that a decided plan still visits; nobody has to plan them again.
    """
    active = _active(premises)
    done = active["id"].isin(_checked(inspections, year) | standing)
    return {
        str(ward): (len(group), int(group.sum())) for ward, group in done.groupby(active["ward_id"], sort=True)
    }


def wanted(premises: int, share: float) -> int:
    """So many of a ward's premises make the target's share."""
    return math.ceil(share * premises - 1e-9)


def visits_due(
    premises: gpd.GeoDataFrame,
    inspections: pd.DataFrame,
    first: date,
    last: date,
    settings: PlanningSettings,
    standing: frozenset[str] = frozenset(),
) -> int:
    """The period's part of the visits that the wards still lack to the target by the end of the year.

    Ward by ward, so that one ward's surplus does not hide another's want; spread evenly over the days left.
    """
    missing = sum(
        max(wanted(count, settings.target_share) - inspected, 0)
        for count, inspected in ward_counts(premises, inspections, first.year, standing).values()
    )
    days_left = (date(first.year, 12, 31) - first).days + 1
    return math.ceil(missing * min(((last - first).days + 1) / days_left, 1.0))


def ward_coverage(
    premises: gpd.GeoDataFrame,
    inspections: pd.DataFrame,
    visits: Sequence[Visit],
    year: int,
    last: date,
    settings: PlanningSettings,
    standing: frozenset[str] = frozenset(),
) -> tuple[WardCoverage, ...]:
    """Coverage of every ward in the calendar year before the plan and after it.

    A visit counts once a premises; one that only re-checks a premises already inspected adds nothing.
    ``last``: the plan's last day; what is then still missing is spread over the weeks to the year's end.
    ``standing``: premises that another decided plan visits: they are not missing, but not inspected either.
    """
    active = _active(premises)
    before = set(active["id"][active["id"].isin(_checked(inspections, year))])
    planned = {visit.premises_id: visit.kind for visit in visits if visit.date.year == year}
    secret = {name for name, kind in planned.items() if kind is VisitKind.UNANNOUNCED} - before
    after = before | set(planned)
    weeks_left = max((date(year, 12, 31) - last).days / 7, 1.0)
    rows = []
    for ward, group in active.groupby("ward_id", sort=True):
        count = len(group)
        inspected, reached = int(group["id"].isin(before).sum()), int(group["id"].isin(after).sum())
        promised = int(group["id"].isin(after | standing).sum())
        missing = max(wanted(count, settings.target_share) - promised, 0)
        rows.append(
            WardCoverage(
                ward_id=str(ward),
                premises=count,
                inspected=inspected,
                planned=reached - inspected,
                before=round(inspected / count, 4),
                after=round(reached / count, 4),
                target=settings.target_share,
                missing=missing,
                pace=round(missing / weeks_left, 2),
                unannounced=int(group["id"].isin(secret).sum()),
            )
        )
    return tuple(rows)


def with_coverage(
    candidates: Sequence[Candidate],
    counts: Mapping[str, tuple[int, int]],
    planned: Mapping[str, int],
    *,
    first: date,
    until: date,
    settings: PlanningSettings,
    gone: Collection[int] = (),
) -> list[Candidate]:
    """The candidates with what a visit does for their ward's target by a day within the period.

    ``counts``: premises of each ward and those inspected before the period (``ward_counts``). ``planned``: of
    each ward, those that the plan already holds. A ward owes its part of what is missing to the target,
    spread evenly over the rest of the year, less what is planned; as many of its best get points for it.
    ``gone``: numbers of those that need no value any more.
    """
    share = min(((until - first).days + 1) / ((date(first.year, 12, 31) - first).days + 1), 1.0)
    behind, owed = {}, {}
    for ward, (count, inspected) in counts.items():
        now = inspected + planned.get(ward, 0)
        due = settings.target_share * _elapsed(until)
        behind[ward] = max(0.0, 1.0 - (now / count) / due) if due > 0 else 0.0
        missing = max(wanted(count, settings.target_share) - inspected, 0)
        owed[ward] = max(math.ceil(missing * share - 1e-9) - planned.get(ward, 0), 0)
    best = _best_of_wards([one for k, one in enumerate(candidates) if k not in gone], owed)
    return [
        _with_parts(
            one,
            coverage_parts(
                behind.get(one.ward_id or "", 0.0),
                owed.get(one.ward_id or "", 0) if one.premises_id in best else 0,
                settings.weights,
            ),
        )
        for one in candidates
    ]


def _best_of_wards(candidates: Sequence[Candidate], owed: Mapping[str, int]) -> set[str]:
    best: set[str] = set()
    left = dict(owed)
    for one in sorted(candidates, key=lambda c: (-c.value, c.premises_id)):
        if one.kind is not VisitKind.FOLLOW_UP and left.get(one.ward_id or "", 0) > 0:
            left[one.ward_id or ""] -= 1
            best.add(one.premises_id)
    return best


def _with_parts(candidate: Candidate, parts: Sequence[Part]) -> Candidate:
    paying = [*(part for part in candidate.parts if part.points > 0), *parts]
    silent = [part for part in candidate.parts if part.points <= 0]
    value = round(sum(part.points for part in paying), 1)
    return replace(candidate, value=value, parts=(*paying, *silent))


def _elapsed(until: date) -> float:
    """Share of the calendar year gone by the end of a day."""
    start, end = date(until.year, 1, 1), date(until.year + 1, 1, 1)
    return ((until - start).days + 1) / (end - start).days


def border_risks(
    points: Sequence[shapely.Point], segments: gpd.GeoDataFrame | None, strip_m: float
) -> list[float | None]:
    """Risk of the riskiest border strip that each point lies in, None where it lies in none."""
    if segments is None or segments.empty or "risk" not in segments or not points:
        return [None] * len(points)
    place, segment = _in_strips(points, segments, strip_m)
    risks = segments["risk"].to_numpy(float)[segment]
    found: list[float | None] = [None] * len(points)
    for number, risk in zip(place.tolist(), risks.tolist(), strict=True):
        found[number] = max(risk, found[number] or 0.0)
    return found


def border_visits(
    premises: gpd.GeoDataFrame,
    segments: gpd.GeoDataFrame | None,
    visits: Sequence[Visit],
    strip_m: float,
    appointments: Iterable[Appointment] = (),
) -> tuple[BorderVisit, ...]:
    """For every border segment, whether and when the plan goes into the strip along it: to a premises, or for
    a joint sweep, which is an appointment with the segment's id."""
    if segments is None or segments.empty:
        return ()
    located = premises[~(premises.geometry.isna() | premises.geometry.is_empty)]
    place, segment = _in_strips(list(located.geometry), segments, strip_m)
    names = located["id"].to_numpy()
    # An unannounced visit is not told along the border either.
    by_premises = {v.premises_id: v for v in visits if v.kind is not VisitKind.UNANNOUNCED}
    sweeps: dict[str, Appointment] = {}
    for meeting in sorted(appointments, key=lambda one: one.start):
        sweeps.setdefault(meeting.id, meeting)
    rows = []
    for number, segment_id in enumerate(segments["id"]):
        inside = names[place[segment == number]]
        there = [by_premises[name] for name in inside if name in by_premises]
        sweep = sweeps.get(str(segment_id))
        if sweep is not None:
            rows.append(_swept(sweep, len(inside)))
            continue
        rows.append(
            BorderVisit(
                segment_id=str(segment_id),
                visited=bool(there),
                first_on=min((visit.date for visit in there), default=None),
                teams=tuple(sorted({visit.team_id for visit in there})),
                premises=len(inside),
            )
        )
    return tuple(rows)


def _swept(sweep: Appointment, premises: int) -> BorderVisit:
    return BorderVisit(
        segment_id=sweep.id,
        visited=True,
        first_on=sweep.date,
        teams=tuple(sorted(sweep.teams)),
        premises=premises,
        start=sweep.start.replace(tzinfo=None),
        end=sweep.end.replace(tzinfo=None),
    )


def _in_strips(
    points: Sequence[shapely.Point], segments: gpd.GeoDataFrame, strip_m: float
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of point and segment number that are within the strip's width of each other."""
    places = gpd.GeoSeries(list(points), crs=LONLAT).to_crs(METRIC)
    tree = shapely.STRtree(segments.geometry.to_crs(METRIC).array)
    pairs = tree.query(places.array, predicate="dwithin", distance=strip_m)
    return np.asarray(pairs[0]), np.asarray(pairs[1])


def _active(premises: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return premises[(premises["status"] == PremisesStatus.ACTIVE) & premises["ward_id"].notna()]


def _checked(inspections: pd.DataFrame, year: int) -> set[str]:
    done = checks(inspections)
    return set() if done.empty else set(done.loc[done["on_date"].dt.year == year, "premises_id"])
