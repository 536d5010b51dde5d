"""The hotspot surface beside plain ones: accuracy on the next 30 days over four grid origins, as JSON.

``python -m tests.benchmarks.surface --events CSV --first D --last D [--json]``: CSV has ``date, lat, lon``;
origins every 30 days from ``--first`` to ``--last``; cells of 150 m, the best 0.5% of the area are looked at.
The frame is the one of the complaints in the shared data; ``--lon``, ``--lat`` and ``--area`` give another.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.ndimage import gaussian_filter

from geo.surface import Events, Floats, Grid, SurfaceSettings, accuracy, events_on, grid_over, hotspot_surface
from geo.surface_trends import counts_by_period, getis_ord
from tests.paths import SHARED_DATA

CELL_M, STEP_DAYS, HORIZON_DAYS, BEST_SHARE = 150.0, 30, 30, 0.005
SHIFTS_M = (0.0, CELL_M / 2)
KERNEL_M, KERNEL_DAYS = 105.0, 90.0
OURS = "mixture"


def counts(events: Events, grid: Grid, as_of: int, days: int) -> Floats:
    """The plain count of the last ``days``."""
    return counts_by_period(events, grid, as_of, days, 1)[0]


def kernel(events: Events, grid: Grid, as_of: int) -> Floats:
    """One kernel on cell counts with exponential fading: the best single surface published on these data."""
    past = events.between(int(events.day.min()), as_of)
    faded = np.exp(-(as_of - past.day) / KERNEL_DAYS)
    cells = np.bincount(past.cell, faded, grid.rows * grid.columns).reshape(grid.shape)
    return np.asarray(gaussian_filter(cells, KERNEL_M / grid.cell_m, mode="constant"))


def ours(events: Events, grid: Grid, as_of: int) -> Floats:
    """The product's surface."""
    return hotspot_surface(events, grid, as_of, SurfaceSettings()).share


SURFACES: dict[str, Callable[[Events, Grid, int], Floats]] = {
    OURS: ours,
    "kernel_105m_90d": kernel,
    "count_3_months": lambda events, grid, as_of: counts(events, grid, as_of, 91),
    "count_12_months": lambda events, grid, as_of: counts(events, grid, as_of, 365),
    "getis_ord_12_months": lambda events, grid, as_of: getis_ord(counts(events, grid, as_of, 365)).z,
}


def measure(xy: Floats, day: Floats, origins: list[int], area_km2: float) -> dict[str, Any]:
    """Mean PAI and PEI of every surface over origins and grids, and how far ours is ahead of the best other."""
    total = int(area_km2 * 1e6 / CELL_M**2)
    best = round(total * BEST_SHARE)
    bounds = (*(xy.min(axis=0) - 1000), *(xy.max(axis=0) + 1000))
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in SURFACES}
    for shift_x, shift_y in ((x, y) for x in SHIFTS_M for y in SHIFTS_M):
        grid = grid_over(bounds, CELL_M)
        grid = Grid(grid.x0 - shift_x, grid.y0 - shift_y, CELL_M, grid.rows + 1, grid.columns + 1)
        events = events_on(grid, xy, day)
        for origin in origins:
            coming = counts(events, grid, origin + HORIZON_DAYS, HORIZON_DAYS)
            for name, surface in SURFACES.items():
                measured = accuracy(surface(events, grid, origin), coming, best, total)
                if measured is not None:
                    results[name].append(measured)
    means = {name: np.mean(values, axis=0) for name, values in results.items()}
    strongest = max((name for name in SURFACES if name != OURS), key=lambda name: means[name][0])
    return {
        "events": len(xy),
        "origins": len(origins),
        "grids": len(SHIFTS_M) ** 2,
        "cells": total,
        "best_cells": best,
        "pai": {name: round(float(mean[0]), 3) for name, mean in means.items()},
        "pei": {name: round(float(mean[1]), 3) for name, mean in means.items()},
        "best_other": strongest,
        "ahead_percent": round(100 * float(means[OURS][0] / means[strongest][0] - 1), 1),
    }


def main() -> None:
    """Print the measurement as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    bench = SHARED_DATA / "bench"
    parser.add_argument("--events", type=Path, default=bench / "chicago_complaints_to_2013_06.csv.gz")
    parser.add_argument("--first", type=date.fromisoformat, default=date(2012, 12, 31))
    parser.add_argument("--last", type=date.fromisoformat, default=date(2013, 5, 30))
    parser.add_argument("--lon", type=float, default=-87.7, help="where x is 0")
    parser.add_argument("--lat", type=float, default=41.84, help="where y is 0 and the plane is true")
    parser.add_argument("--area", type=float, default=606.1, help="km²")
    parser.add_argument("--json", action="store_true", help="the only form there is")
    options = parser.parse_args()
    read = pd.read_csv(options.events, parse_dates=["date"]).dropna(subset=["date", "lat", "lon"])
    x = (read["lon"] - options.lon) * 111_320 * np.cos(np.radians(options.lat))
    xy = np.column_stack([x, (read["lat"] - options.lat) * 110_574])
    day = (read["date"] - pd.Timestamp(options.first)).dt.days.to_numpy(dtype=np.int64)
    origins = list(range(0, (options.last - options.first).days + 1, STEP_DAYS))
    print(json.dumps(measure(xy, day, origins, options.area), indent=1))


if __name__ == "__main__":
    main()
