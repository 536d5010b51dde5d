"""Coordinates as short lists of whole numbers, as the browser's drawing functions read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import LONLAT, METRIC

#: Units of a degree: 0.00001 degrees are about a metre.
PER_DEGREE = 100_000
#: A flat list [lon, lat, dlon, dlat, ...] in units of 1/PER_DEGREE.
Path = list[int]


def at(point: shapely.Point) -> Path:
    """A point as [lon, lat]."""
    return [round(point.x * PER_DEGREE), round(point.y * PER_DEGREE)]


def path(line: shapely.Geometry) -> Path:
    """A line or ring as its first point and the step to each next point; a step of nothing is left out."""
    xy = np.rint(shapely.get_coordinates(line) * PER_DEGREE).astype(int)
    steps = np.diff(xy, axis=0, prepend=np.zeros((1, 2), dtype=int))
    moving = steps.any(axis=1)
    moving[0] = True
    return [int(value) for value in steps[moving].ravel()]


def rings(polygon: shapely.Polygon) -> list[Path]:
    """The outer ring and the holes."""
    return [path(polygon.exterior), *(path(hole) for hole in polygon.interiors)]


def paths(geometry: shapely.Geometry) -> list[Path]:
    """Every line of a line or multi-line."""
    return [path(part) for part in shapely.get_parts(geometry) if len(part.coords) > 1]


def shape(geometry: shapely.Geometry) -> list[Any]:
    """Any geometry as parts ["area", rings] and ["line", path]; points have no extent and are left out."""
    parts: list[Any] = []
    for part in shapely.get_parts(geometry):
        if isinstance(part, shapely.Polygon):
            parts.append(["area", rings(part)])
        elif isinstance(part, shapely.LineString):
            parts.append(["line", path(part)])
    return parts


def simplified(geometries: gpd.GeoSeries, tolerance_m: float) -> gpd.GeoSeries:
    """The same geometries with fewer vertices, none moved by more than ``tolerance_m``."""
    return geometries.to_crs(METRIC).simplify(tolerance_m).to_crs(LONLAT)


def placed(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The rows that have a place to draw."""
    return frame[frame.geometry.notna() & ~frame.geometry.is_empty]


def bounds(frames: Iterable[gpd.GeoDataFrame]) -> tuple[float, float, float, float] | None:
    """West, south, east and north of the first frame that has a place at all."""
    for frame in frames:
        west, south, east, north = frame.total_bounds if len(frame) else (np.nan,) * 4
        if np.isfinite([west, south, east, north]).all():
            return float(west), float(south), float(east), float(north)
    return None
