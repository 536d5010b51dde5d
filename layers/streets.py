"""The street network, drawn thin by class, with names where the reader has come near enough."""

from __future__ import annotations

import math
from collections.abc import Iterator

import folium
import geopandas as gpd
import numpy as np
import shapely

from geo.crs import LONLAT, METRIC
from geo.words import StreetClass
from layers.compact import at, paths, placed, simplified
from layers.script import layer
from layers.style import STREET_COLOURS

TOLERANCE_M = 3.0
#: A piece shorter than this carries no name; a long one repeats it.
NAME_MIN_M, NAME_EVERY_M = 120.0, 900.0
_RANKS = {kind.value: rank for rank, kind in enumerate(StreetClass)}


def streets_layer(streets: gpd.GeoDataFrame) -> folium.FeatureGroup:
    """Streets by class. ``streets``: columns name, street_class, geometry (lines)."""
    colours = [STREET_COLOURS[kind] for kind in StreetClass]
    shown = placed(streets)
    if shown.empty:
        return layer("streets", {"classes": [[] for _ in colours], "names": [], "colours": colours})
    ranks = shown["street_class"].map(_RANKS).fillna(len(_RANKS) - 1).astype(int)
    merged = [_merged(shown.geometry[ranks == rank]) for rank in range(len(colours))]
    classes = [[part for line in lines for part in paths(line)] for lines in merged]
    return layer("streets", {"classes": classes, "names": _names(shown.assign(rank=ranks)), "colours": colours})


def _merged(lines: gpd.GeoSeries) -> gpd.GeoSeries:
    """Pieces joined end to end, so that they need fewer numbers."""
    if lines.empty:
        return lines
    joined = shapely.line_merge(shapely.MultiLineString(list(shapely.get_parts(lines.to_numpy()))))
    return simplified(gpd.GeoSeries([joined], crs=LONLAT), TOLERANCE_M)


def _names(streets: gpd.GeoDataFrame) -> list[list[object]]:
    """[lon, lat, angle, rank, name] of every place for a name; wide streets first, then long ones."""
    named = streets[streets["name"].notna() & (streets["name"] != "")].to_crs(METRIC)
    found: list[tuple[int, float, shapely.Point, int, str]] = []
    for (rank, name), pieces in named.groupby(["rank", "name"], sort=True):
        lines = shapely.line_merge(shapely.MultiLineString(list(shapely.get_parts(pieces.geometry.to_numpy()))))
        for line in shapely.get_parts(lines):
            found += [(int(rank), -line.length, point, angle, str(name)) for point, angle in _places(line)]
    found.sort(key=lambda row: (row[0], row[1], row[4]))
    points = gpd.GeoSeries([row[2] for row in found], crs=METRIC).to_crs(LONLAT)
    return [[*at(point), row[3], row[0], row[4]] for point, row in zip(points, found, strict=True)]


def _places(line: shapely.LineString) -> Iterator[tuple[shapely.Point, int]]:
    """Where along a line its name stands, and turned by how many degrees clockwise, never upside down."""
    if line.length < NAME_MIN_M:
        return
    count = max(1, round(line.length / NAME_EVERY_M))
    for distance in (np.arange(count) + 0.5) * line.length / count:
        before, after = line.interpolate(distance - 30), line.interpolate(distance + 30)
        angle = math.degrees(math.atan2(before.y - after.y, after.x - before.x))
        yield line.interpolate(distance), round((angle + 90) % 180 - 90)
