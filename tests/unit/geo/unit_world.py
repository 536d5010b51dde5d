"""Made-up units and places for the tests of units, coverages and borders: metres from a corner in Hà Đông."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs import LONLAT, METRIC

CORNER = (577_000.0, 2_317_000.0)


def box(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    return shapely.box(x0, y0, x1, y1)


def frame(shapes: Mapping[str, shapely.Geometry | None] | list[Any], **columns: Any) -> gpd.GeoDataFrame:
    """Shapes in metres from the corner as a frame in degrees; a mapping's keys become ids, codes and names."""
    if isinstance(shapes, Mapping):
        keys = list(shapes)
        named = {"id": [f"id-{k}" for k in keys], "code": keys, "name": [f"Phường {k}" for k in keys]}
        columns = {**named, **columns}
        shapes = list(shapes.values())
    moved = [None if shape is None else shapely.transform(shape, lambda xy: xy + CORNER) for shape in shapes]
    rows = {key: value if isinstance(value, list) else [value] * len(shapes) for key, value in columns.items()}
    places = gpd.GeoSeries(moved, crs=METRIC).to_crs(LONLAT)
    made = gpd.GeoDataFrame(pd.DataFrame(rows, index=range(len(shapes))), geometry=places)
    dates = [name for name in made if str(name).endswith(("_on", "_from", "_to", "_date", "_since"))]
    return made.assign(**{name: pd.to_datetime(made[name]) for name in dates})


def metres(shapes: gpd.GeoSeries) -> npt.NDArray[Any]:
    """Shapes back in metres from the corner, to the millimetre."""
    plain = np.asarray(shapes.to_crs(METRIC).to_numpy(), dtype=object)
    return np.array([shapely.transform(s, lambda xy: np.round(xy - CORNER, 3)) for s in plain], dtype=object)


def grid(columns: int, rows: int, side_m: float = 1000.0) -> dict[str, shapely.Polygon]:
    """Squares with codes 00, 01, ... row by row from the south-west."""
    cells = [(column, row) for row in range(rows) for column in range(columns)]
    return {
        f"{number:02d}": box(c * side_m, r * side_m, (c + 1) * side_m, (r + 1) * side_m)
        for number, (c, r) in enumerate(cells)
    }
