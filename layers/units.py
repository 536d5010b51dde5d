"""Wards: their areas and names."""

from __future__ import annotations

import folium
import geopandas as gpd

from layers.compact import at, placed, rings, simplified
from layers.script import layer
from layers.style import WARD_STYLE

#: A boundary may move by this much on the screen; the stored one does not.
TOLERANCE_M = 4.0


def units_layer(units: gpd.GeoDataFrame) -> folium.FeatureGroup:
    """Ward areas with a dashed boundary and the name inside. ``units``: columns name, geometry."""
    shown = placed(units)
    if shown.empty:
        return layer("units", {"areas": [], "names": [], "style": dict(WARD_STYLE)})
    areas = simplified(shown.geometry, TOLERANCE_M)
    names = [
        [*at(point), str(name)] for point, name in zip(areas.representative_point(), shown["name"], strict=True)
    ]
    outlines = [[rings(part) for part in _polygons(area)] for area in areas]
    return layer("units", {"areas": outlines, "names": names, "style": dict(WARD_STYLE)})


def _polygons(area: object) -> list[object]:
    parts = getattr(area, "geoms", [area])
    return [part for part in parts if part.geom_type == "Polygon"]
