"""Border segments and their risk for a whole city of synthetic units, as JSON.

``python -m tests.benchmarks.borders [--units 126] [--premises 4900]``: the units are a Voronoi coverage of
58 x 58 km with wavering edges, once with edges that match and once moved apart and over each other by some
metres, as files come. ``whole_borders``: pairs of neighbours found, beside the pairs that were drawn.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.borders import border_risk, border_segments, strip
from geo.coverage import repair_coverage
from geo.crs import LONLAT, METRIC

SIDE_M = 58_000.0
CORNER = (560_000.0, 2_290_000.0)
AS_OF = date(2026, 9, 30)
T = TypeVar("T")


def wavering_coverage(count: int, *, step_m: float = 40.0, seed: int = 0) -> gpd.GeoDataFrame:
    """A valid coverage of ``count`` units whose common edges waver like surveyed ones."""
    rng = np.random.default_rng(seed)
    points = shapely.MultiPoint(rng.uniform(0, SIDE_M, (count, 2)) + CORNER)
    frame = shapely.box(*CORNER, CORNER[0] + SIDE_M, CORNER[1] + SIDE_M)
    cells = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame)), frame)
    edges = shapely.get_parts(shapely.node(shapely.union_all(shapely.boundary(cells))))
    lines = [_waver(edge, step_m, rng) for edge in edges]
    faces = shapely.get_parts(shapely.polygonize(lines))
    codes = [f"{number:05d}" for number in range(len(faces))]
    data = {"id": codes, "code": codes, "name": [f"Phường {code}" for code in codes]}
    return gpd.GeoDataFrame(data, geometry=faces, crs=METRIC)


def _waver(edge: shapely.LineString, step_m: float, rng: np.random.Generator) -> shapely.LineString:
    steps = max(2, int(edge.length / step_m))
    share = np.linspace(0.0, 1.0, steps + 1)
    start, end = shapely.get_coordinates(edge)[[0, -1]]
    across = np.array([-(end - start)[1], (end - start)[0]]) / max(edge.length, 1.0)
    # Waves that vanish at both ends, small beside the edge, so that edges never cross.
    waves = sum(rng.normal() / k * np.sin(k * np.pi * share) for k in range(2, 12))
    return shapely.LineString(
        start + np.outer(share, end - start) + np.outer(0.004 * edge.length * waves, across)
    )


def jittered(units: gpd.GeoDataFrame, *, by_m: float = 4.0, seed: int = 1) -> gpd.GeoDataFrame:
    """The units each moved by some metres, so that no edge matches."""
    rng = np.random.default_rng(seed)
    moves = rng.uniform(-by_m, by_m, (len(units), 2))
    moved = [shapely.transform(g, lambda xy, m=m: xy + m) for g, m in zip(units.geometry, moves, strict=True)]
    return units.set_geometry(gpd.GeoSeries(moved, crs=units.crs))


def _events(count: int, rng: np.random.Generator, **columns: Any) -> gpd.GeoDataFrame:
    points = shapely.points(rng.uniform(0, SIDE_M, (count, 2)) + CORNER)
    days = pd.Timestamp(AS_OF) - pd.to_timedelta(rng.integers(0, 700, count), unit="D")
    data = {"id": [f"e{number}" for number in range(count)], "on_date": days, **columns}
    return gpd.GeoDataFrame(data, geometry=points, crs=METRIC).to_crs(LONLAT)


def _ranked(segments: gpd.GeoDataFrame, premises: int) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(2)
    register = _events(premises, rng, status="active")
    none = segments.iloc[:0]
    return border_risk(
        segments,
        premises=register,
        scores=pd.Series(rng.uniform(0, 100, premises), index=register["id"]),
        hotspots=_events(40, rng, state="eliminated", catchment_m=200.0),
        signals=_events(20_000, rng, state="verified", due_on=pd.Timestamp(AS_OF), handled_on=pd.NaT),
        findings=_events(3_000, rng, serious=True),
        sweeps=none.assign(on_date=pd.NaT),
        as_of=AS_OF,
    )


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    begin = time.perf_counter()
    answer = work()
    return answer, round(time.perf_counter() - begin, 3)


def _pairs(segments: gpd.GeoDataFrame) -> int:
    inner = segments[segments["unit_b"].notna()]
    return len(set(zip(inner["unit_a"], inner["unit_b"], strict=True)))


def measure(units: int, premises: int) -> dict[str, Any]:
    """Seconds of each step, and how much of the drawn borders comes out."""
    matching = wavering_coverage(units)
    loose = jittered(matching)
    segments, matching_s = _timed(lambda: border_segments(matching))
    found, loose_s = _timed(lambda: border_segments(loose))
    (_, repairs), repair_s = _timed(lambda: repair_coverage(loose))
    strips, strip_s = _timed(lambda: strip(segments))
    ranked, risk_s = _timed(lambda: _ranked(segments, premises))
    return {
        "units": len(matching),
        "vertices": int(shapely.get_num_coordinates(matching.geometry.to_numpy()).sum()),
        "segments": len(segments),
        "border_km": round(float(segments["length_m"].sum()) / 1000, 1),
        "premises": premises,
        "repairs": len(repairs),
        "highest_risk": float(ranked["risk"].max()),
        "strips": len(strips),
        "whole_borders": {"drawn": _pairs(segments), "found_in_loose_file": _pairs(found)},
        "seconds": {
            "segments_matching": matching_s,
            "segments_loose": loose_s,
            "repair_loose": repair_s,
            "strip": strip_s,
            "risk": risk_s,
        },
        "target_seconds": 20.0,
    }


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--units", type=int, default=126)
    options.add_argument("--premises", type=int, default=4900)
    options.add_argument("--json", action="store_true", help="accepted for symmetry: the output is JSON")
    given = options.parse_args()
    print(json.dumps(measure(given.units, given.premises), indent=2))


if __name__ == "__main__":
    main()
