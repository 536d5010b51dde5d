"""Geometries as plain arrays in metres, for spatial trees."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import METRIC

#: Shapely geometries, shape (n,); None where a row has no place.
Shapes = npt.NDArray[np.object_]
Indices = npt.NDArray[np.intp]


def metric_shapes(frame: gpd.GeoDataFrame) -> Shapes:
    """The geometries in metres (EPSG:3405), None where missing or empty; a frame without rows gives (0,)."""
    if len(frame) == 0:
        return np.empty(0, dtype=object)
    shapes: Shapes = np.array(frame.geometry.to_crs(METRIC).to_numpy(), dtype=object)
    shapes[shapely.is_missing(shapes) | shapely.is_empty(shapes)] = None
    return shapes


def pairs_within(
    places: Shapes, others: Shapes, distance_m: npt.NDArray[np.float64]
) -> tuple[Indices, Indices]:
    """Indices (i, j) of every ``places[i]`` and ``others[j]`` at most ``distance_m[i]`` metres apart."""
    if len(places) == 0 or len(others) == 0:
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    pairs = shapely.STRtree(others).query(places, predicate="dwithin", distance=distance_m)
    order = np.lexsort((pairs[1], pairs[0]))
    return pairs[0][order], pairs[1][order]
