"""What a plan does for the targets: coverage of the wards (T09) and visits along the borders."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import LONLAT, METRIC
from geo.plan_types import BorderVisit, PlanningSettings, Visit, WardCoverage
from geo.planning_rules import checks
from geo.words import PremisesStatus


def ward_counts(premises: gpd.GeoDataFrame, inspections: pd.DataFrame, year: int) -> dict[str, tuple[int, int]]:
    """Active premises, and those of them checked in the calendar year by whatever body, by ward id."""
    active = _active(premises)
    done = active["id"].isin(_checked(inspections, year))
    return {
        str(ward): (len(group), int(group.sum())) for ward, group in done.groupby(active["ward_id"], sort=True)
    }


def visits_due(
    premises: gpd.GeoDataFrame,
    inspections: pd.DataFrame,
    first: date,
    last: date,
    settings: PlanningSettings,
) -> int:
    """The period's part of the visits that the wards still lack to the target by the end of the year.

    Ward by ward, so that one ward's surplus does not hide another's want; spread evenly over the days left.
    """
    missing = sum(
        max(math.ceil(settings.target_share * count - 1e-9) - inspected, 0)
        for count, inspected in ward_counts(premises, inspections, first.year).values()
    )
    days_left = (date(first.year, 12, 31) - first).days + 1
    return math.ceil(missing * min(((last - first).days + 1) / days_left, 1.0))


def ward_coverage(
    premises: gpd.GeoDataFrame,
    inspections: pd.DataFrame,
    visits: Iterable[Visit],
    year: int,
    settings: PlanningSettings,
) -> tuple[WardCoverage, ...]:
    """Coverage of every ward in the calendar year before the plan and after it.

    A visit counts once a premises; one that only re-checks a premises already inspected adds nothing.
    """
    active = _active(premises)
    before = set(active["id"][active["id"].isin(_checked(inspections, year))])
    after = before | {visit.premises_id for visit in visits if visit.date.year == year}
    rows = []
    for ward, group in active.groupby("ward_id", sort=True):
        count = len(group)
        inspected, reached = int(group["id"].isin(before).sum()), int(group["id"].isin(after).sum())
        rows.append(
            WardCoverage(
                ward_id=str(ward),
                premises=count,
                inspected=inspected,
                planned=reached - inspected,
                before=round(inspected / count, 4),
                after=round(reached / count, 4),
                target=settings.target_share,
            )
        )
    return tuple(rows)


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
) -> tuple[BorderVisit, ...]:
    """For every border segment, whether and when the plan goes into the strip along it."""
    if segments is None or segments.empty:
        return ()
    located = premises[~(premises.geometry.isna() | premises.geometry.is_empty)]
    place, segment = _in_strips(list(located.geometry), segments, strip_m)
    names = located["id"].to_numpy()
    by_premises = {visit.premises_id: visit for visit in visits}
    rows = []
    for number, segment_id in enumerate(segments["id"]):
        inside = names[place[segment == number]]
        there = [by_premises[name] for name in inside if name in by_premises]
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
