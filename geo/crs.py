"""Coordinate systems of the project, and the way between degrees and metres."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely

#: Stored and exchanged: longitude before latitude.
LONLAT = "EPSG:4326"
#: VN-2000 / UTM zone 48N: where metres are computed.
METRIC = "EPSG:3405"
#: VN-2000 / TM-3 105°00', in which Hà Nội's registers arrive.
VN2000_TM3_105 = "EPSG:5897"


@cache
def _transformer(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def transform(geometry: shapely.Geometry, source: str, target: str) -> shapely.Geometry:
    """Reproject one shapely geometry; x is longitude or easting."""
    change = _transformer(source, target)

    def move(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(change.transform(xy[:, 0], xy[:, 1]))

    return shapely.transform(geometry, move)


def to_metric(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The frame in metres (EPSG:3405)."""
    return frame.to_crs(METRIC)


def to_lonlat(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The frame in degrees (EPSG:4326)."""
    return frame.to_crs(LONLAT)


def metric_xy(lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Points in degrees as an (n, 2) array of metres in EPSG:3405."""
    x, y = _transformer(LONLAT, METRIC).transform(np.asarray(lon, float), np.asarray(lat, float))
    return np.column_stack([x, y])
