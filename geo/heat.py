"""How densely events lie over a ground, for a map that compares months: a smoothed picture on a fixed scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

Floats = npt.NDArray[np.float64]
Bounds = tuple[float, float, float, float]

CELL_M, REACH_M = 80.0, 230.0
_M_PER_DEGREE = 111_320.0
#: Three events on one spot in a month are as hot as it gets, so that months can be compared.
_FULL = 3.0


@dataclass(frozen=True)
class Heat:
    """``values`` (rows, columns) 0-1, rows from the south; ``bounds``: west, south, east, north of the picture.

    1 is what ``_FULL`` events a month on one spot give, and more.
    """

    values: Floats
    bounds: Bounds
    events: int


def heat(lon: Floats, lat: Floats, weight: Floats, bounds: Bounds, months: float) -> Heat:
    """Spread each event (n,) over its surroundings, standard deviation ``REACH_M``, and divide by ``months``.

    Events outside ``bounds`` (EPSG:4326) or without a place are left out.
    """
    west, south, east, north = bounds
    squeeze = float(np.cos(np.radians((south + north) / 2)))
    cell_y = CELL_M / _M_PER_DEGREE
    cell_x = cell_y / squeeze
    columns = max(int(np.ceil((east - west) / cell_x)), 1)
    rows = max(int(np.ceil((north - south) / cell_y)), 1)
    with np.errstate(invalid="ignore"):
        column, row = np.floor((lon - west) / cell_x), np.floor((lat - south) / cell_y)
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    flat = (row[inside] * columns + column[inside]).astype(np.int64)
    counts = np.bincount(flat, weight[inside], rows * columns).reshape(rows, columns)
    spread = REACH_M / CELL_M
    peak = 1 / (2 * np.pi * spread**2)
    values = gaussian_filter(counts, spread, mode="constant") / (peak * _FULL * max(months, 1e-9))
    edges = (west, south, west + columns * cell_x, south + rows * cell_y)
    return Heat(np.clip(values, 0.0, 1.0), edges, int(inside.sum()))
