"""Border strips between wards, coloured by the rank of their risk."""

from __future__ import annotations

from collections.abc import Iterable

import folium
import geopandas as gpd
import shapely

from layers.compact import shape, simplified
from layers.script import layer
from layers.style import RISK_COLOURS, rank_class


def borders_layer(strips: gpd.GeoDataFrame) -> folium.FeatureGroup:
    """Strips along shared boundaries, the riskiest fifth darkest; a click picks ("strip", id).

    ``strips``: columns id, names (the two wards), rank (1 is the riskiest), strip (the area to draw).
    """
    styles = {
        str(step): {"color": "#ffffff", "weight": 1, "fillColor": colour, "fillOpacity": 0.4 + 0.07 * step}
        for step, colour in enumerate(RISK_COLOURS)
    }
    if strips.empty:
        return layer("shapes", {"kind": "strip", "styles": styles, "rows": []})
    areas = simplified(gpd.GeoSeries(list(strips["strip"]), index=strips.index, crs=strips.crs), 5.0)
    drawn = strips.assign(step=rank_class(strips["rank"]), area=list(areas)).sort_values("rank")
    drawn["area"] = _without_overlap(drawn["area"])
    rows = [
        {
            "id": row.id,
            "style": str(row.step),
            "shape": shape(row.area),
            "lines": [" – ".join(map(str, row.names))],
        }
        for row in drawn.itertuples()
        if not row.area.is_empty
    ]
    return layer("shapes", {"kind": "strip", "styles": styles, "rows": rows})


def _without_overlap(areas: Iterable[shapely.Geometry]) -> list[shapely.Geometry]:
    """Where strips meet, the ground is left to the first, so that no colour shines through another."""
    left, taken = [], shapely.Polygon()
    for area in areas:
        left.append(area - taken)
        taken |= area
    return left
