"""How the sites in ``ward_shapes`` were found: ``python -m data.demo.site_search`` prints them again.

A hill climb moves one site at a time. Wanted neighbours need a border of some length, others must have none,
and each ward's ground should lie around its listed centroid. Areas need no term: the weights meet them exactly.
"""

from __future__ import annotations

import sys
from itertools import combinations

import numpy as np
import shapely

from data.demo.ward_shapes import Floats, areas_m2, centroids, district_outline
from data.demo.ward_table import NEIGHBOURS, OLD_WARDS
from geo.errors import InputError
from geo.power_diagram import Cells, fit_weights, shared_lengths

#: A wanted border should be at least this long; an unwanted one counts in full from here on.
_CLEAR_M = 120.0
_DRIFT_WEIGHT = 0.6


def search_sites(seed: int, steps: int) -> tuple[Floats, float]:
    """Moved sites, (17, 2) metres, and their cost; the same for the same seed and number of steps."""
    rng = np.random.default_rng(seed)
    outline, areas, listed = district_outline(), areas_m2(), centroids()
    sites = listed.copy()
    weights, cells = fit_weights(sites, areas, outline)
    cost = _cost(cells, listed, areas)
    for step in range(steps):
        ward = rng.integers(len(sites))
        moved = sites.copy()
        reach = np.sqrt(areas[ward]) * rng.choice([0.03, 0.1, 0.3]) * (1 - 0.7 * step / steps)
        moved[ward] += rng.normal(0.0, reach, 2)
        try:
            found = fit_weights(moved, areas, outline, start=weights, rounds=15)
        except InputError:
            continue
        new = _cost(found[1], listed, areas)
        if new < cost:
            sites, weights, cost = moved, found[0], new
    return sites, cost


def _cost(cells: Cells, listed: Floats, areas: Floats) -> float:
    border = shared_lengths(cells)
    total = 0.0
    for first, second in combinations(range(len(OLD_WARDS)), 2):
        a, b = sorted((OLD_WARDS[first].name, OLD_WARDS[second].name))
        length = border[first, second]
        if (a, b) in NEIGHBOURS:
            total += max(0.0, 1 - length / _CLEAR_M)
        elif length > 0:
            total += 0.4 + 0.6 * min(length / _CLEAR_M, 1.0)
    parts = shapely.get_num_geometries(cells)
    drift = ((shapely.get_coordinates(shapely.centroid(cells)) - listed) ** 2).sum(axis=1) / areas
    return float(total + 5 * (parts - 1).sum() + _DRIFT_WEIGHT * drift.sum())


if __name__ == "__main__":
    best = min((search_sites(seed, 2500) for seed in range(4)), key=lambda found: found[1])
    sys.stdout.write(f"cost {best[1]:.3f}\n")
    for ward, (x, y) in zip(OLD_WARDS, best[0], strict=True):
        sys.stdout.write(f"    ({x:.0f}, {y:.0f}),  # {ward.name}\n")
