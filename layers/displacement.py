"""Displacement: the hotspot's catchment and its buffer as rings, arrows from where it fell to where it rose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import shapely

from geo.crs import LONLAT, METRIC
from layers.compact import placed, shape
from layers.script import Draw, layer

FELL_COLOUR, ROSE_COLOUR = "#0062a3", "#b2182b"
RINGS: Mapping[str, Mapping[str, object]] = {
    "buffer": {
        "color": "#3d4a57",
        "weight": 1.5,
        "dashArray": "2 6",
        "fillColor": "#3d4a57",
        "fillOpacity": 0.05,
    },
    "response": {
        "color": FELL_COLOUR,
        "weight": 2,
        "dashArray": "6 4",
        "fillColor": FELL_COLOUR,
        "fillOpacity": 0.1,
    },
}
#: Widths of the arrows, of the least change first, in pixels.
WIDTHS: Sequence[int] = (3, 5, 7)
#: A head is this share of its arrow, and no longer than so many metres.
_HEAD_SHARE, _HEAD_M = 0.3, 120.0


def displacement_layer(
    rings: gpd.GeoDataFrame, arrows: gpd.GeoDataFrame, *, tell: Callable[[Any], Sequence[str]]
) -> folium.FeatureGroup:
    """Rings and arrows; a click on an arrow picks ("displacement", id).

    ``rings``: columns area (response or buffer), geometry. ``arrows``: id, change (events more than expected),
    geometry (lines from where it fell to where it rose); the wider the arrow, the larger the change. ``tell``
    gives the lines of an arrow's tooltip.
    """
    areas = [{"style": row.area, "shape": shape(row.geometry)} for row in placed(rings).itertuples()]
    group = layer("shapes", {"kind": None, "styles": RINGS, "rows": areas})
    shown = placed(arrows)
    rows = [
        {"id": str(row.id), "style": str(width), "shape": shape(drawn), "lines": [*tell(row)]}
        for row, width, drawn in zip(shown.itertuples(), _widths(shown), _drawn(shown), strict=True)
    ]
    styles = {
        str(width): {
            "color": ROSE_COLOUR,
            "weight": width,
            "opacity": 0.9,
            "fillColor": ROSE_COLOUR,
            "fillOpacity": 1,
        }
        for width in WIDTHS
    }
    group.add_child(Draw("shapes", {"kind": "displacement", "styles": styles, "rows": rows}))
    return group


def _widths(arrows: gpd.GeoDataFrame) -> list[int]:
    """By the share of the largest change."""
    change = arrows["change"].to_numpy(dtype=float)
    share = change / change.max(initial=1.0)
    return [WIDTHS[step] for step in np.ceil(share * len(WIDTHS)).astype(int).clip(1, len(WIDTHS)) - 1]


def _drawn(arrows: gpd.GeoDataFrame) -> list[shapely.Geometry]:
    """Head and shaft of each arrow. The head goes first: the browser fills no area after a line."""
    if arrows.empty:
        return []
    lines = gpd.GeoSeries([_arrow(line) for line in arrows.geometry.to_crs(METRIC)], crs=METRIC)
    return list(lines.to_crs(LONLAT))


def _arrow(line: shapely.LineString) -> shapely.Geometry:
    start, end = np.array(line.coords[0]), np.array(line.coords[-1])
    length = float(np.hypot(*(end - start)))
    if length == 0:
        return shapely.GeometryCollection()
    along = (end - start) / length
    across = np.array([-along[1], along[0]])
    head = min(length * _HEAD_SHARE, _HEAD_M)
    neck = end - along * head
    triangle = shapely.Polygon([end, neck + across * head / 2, neck - across * head / 2])
    return shapely.GeometryCollection([triangle, shapely.LineString([start, neck])])
