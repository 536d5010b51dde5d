"""Seconds to a first plan, and how the plan grows with time, as JSON.

``python -m tests.benchmarks.plan_speed [--premises 800] [--seconds 20] [--cores 1]``. A made-up district of
eight wards with a street grid, sixteen ward teams and four of the city, each out twice in the week: 40
team-shifts, which hold 240 visits. Figures:

* ``prepare``: seconds from the frames to the problem, the ways between all places among them;
* ``first_feasible``: seconds of search until there is a plan that keeps every rule;
* ``objective``: points of the best plan after 3, 5, 10 and 20 s of search;
* ``whole``: seconds of ``make_plan`` from start to end.

Limits of the product: first plan in 3 s of search, 20 s by default.
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import date
from datetime import time as clock
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import LONLAT
from geo.plan_settings import PlanningSettings
from geo.plan_types import PlanFacts
from geo.planning import make_plan, prepare
from geo.roads import build_network

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 7)
WEST, SOUTH, SIDE = 105.70, 20.90, 0.025
MARKS_S = (3, 5, 10, 20)


def main() -> None:
    """Plan once and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--premises", type=int, default=800)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--cores", type=int, default=1)
    asked = parser.parse_args()
    print(json.dumps(measured(asked.premises, asked.seconds, asked.cores), indent=2))


def measured(premises: int, seconds: float, cores: int = 1) -> dict[str, Any]:
    """The figures for a district of so many premises."""
    facts, settings = district(premises), PlanningSettings(pace=None)
    begun = time.perf_counter()
    problem, _ = prepare(facts, first=FIRST, last=LAST, settings=settings)
    prepared = time.perf_counter() - begun
    seen: list[tuple[float, float]] = []

    def watch(share: float, points: float) -> bool:
        seen.append((share * seconds, points))
        return False

    begun = time.perf_counter()
    draft = make_plan(
        facts,
        first=FIRST,
        last=LAST,
        seed=1,
        settings=settings,
        seconds=seconds,
        cores=cores,
        watch=watch,
    )
    whole = time.perf_counter() - begun
    return {
        "premises": premises,
        "candidates": len(problem.candidates),
        "shifts": len(problem.shifts),
        "prepare": round(prepared, 2),
        "first_feasible": round(next((at for at, points in seen if points > 0), float("nan")), 2),
        "objective": {str(mark): _best(seen, mark) for mark in MARKS_S if mark <= seconds},
        "visits": len(draft.visits),
        "value": round(sum(visit.value for visit in draft.visits), 1),
        "whole": round(whole, 2),
        "solver": {"seconds": draft.solver.seconds, "iterations": draft.solver.iterations},
    }


def _best(seen: list[tuple[float, float]], until: float) -> float | None:
    return max((points for at, points in seen if at <= until + 0.05 and points > 0), default=None)


def district(premises: int, *, seed: int = 0) -> PlanFacts:
    """Premises at random in eight wards, some crowded, with scores, and twenty teams."""
    rng = np.random.default_rng(seed)
    wards = [shapely.box(x, y, x + SIDE, y + SIDE) for x, y in _corners()]
    crowd = rng.dirichlet(np.full(len(wards), 3.0))
    ward = rng.choice(len(wards), premises, p=crowd)
    corner = np.array(_corners())[ward]
    points = shapely.points(corner + SIDE * rng.random((premises, 2)))
    ids = [f"p{k:04}" for k in range(premises)]
    frame = gpd.GeoDataFrame(
        {
            "id": ids,
            "type": rng.choice(["karaoke", "massage", "hotel", "guesthouse"], premises),
            "status": "active",
            "opened_on": pd.NaT,
            "registration_number": None,
            "complex_grounds": None,
            "ward_id": [f"w{k}" for k in ward],
        },
        geometry=points,
        crs=LONLAT,
    )
    return PlanFacts(
        premises=frame,
        inspections=pd.DataFrame({"premises_id": [], "on_date": pd.to_datetime([]), "outcome": []}),
        findings=pd.DataFrame({"premises_id": [], "deadline": [], "closed_on": []}),
        teams=_teams(wards),
        network=build_network(_streets())[0],
        scores=dict(zip(ids, rng.beta(2, 4, premises) * 100, strict=True)),
    )


def _corners() -> list[tuple[float, float]]:
    return [(WEST + SIDE * (k % 4), SOUTH + SIDE * (k // 4)) for k in range(8)]


def _teams(wards: list[shapely.Polygon]) -> gpd.GeoDataFrame:
    areas = [*wards, *wards, *(shapely.union_all(wards) for _ in range(4))]
    return gpd.GeoDataFrame(
        {
            "id": [f"t{k:02}" for k in range(len(areas))],
            "name": [f"Đội {k}" for k in range(len(areas))],
            "kind": ["ward"] * (2 * len(wards)) + ["city"] * 4,
            "valid_from": pd.Timestamp(2025, 7, 1),
            "valid_to": pd.NaT,
            "shift_start": clock(14),
            "shift_end": clock(22),
            "max_visits": 6,
            "area": areas,
        },
        geometry=[area.centroid for area in areas],
        crs=LONLAT,
    )


def _streets(step: float = 0.0012) -> gpd.GeoDataFrame:
    """Streets every 130 m or so: about 3,700 junctions."""
    xs = np.arange(WEST, WEST + 4 * SIDE + step, step)
    ys = np.arange(SOUTH, SOUTH + 2 * SIDE + step, step)
    lines = [shapely.LineString([(x, y) for x in xs]) for y in ys]
    lines += [shapely.LineString([(x, y) for y in ys]) for x in xs]
    classes = ["main" if k % 6 == 0 else "street" for k in range(len(lines))]
    return gpd.GeoDataFrame({"name": "Phố", "street_class": classes}, geometry=lines, crs=LONLAT)


if __name__ == "__main__":
    main()
