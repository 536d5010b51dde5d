"""Hotspots: a sign in the colour of their state, their line or area, and the ring of their catchment."""

from __future__ import annotations

from typing import Any

import folium
import geopandas as gpd

from geo.crs import LONLAT, METRIC
from geo.words import HotspotState
from layers.compact import at, placed, shape, simplified
from layers.script import Draw, layer
from layers.style import STATE_COLOURS, STATE_SIGNS, Say

CATCHMENT: dict[str, object] = {"weight": 1.5, "dashArray": "5 5", "fillOpacity": 0.07}
BODY: dict[str, object] = {"weight": 5, "fillOpacity": 0.35}


def hotspots_layer(spots: gpd.GeoDataFrame, *, say: Say) -> folium.FeatureGroup:
    """Hotspots by state; a click picks ("hotspot", id).

    ``spots``: columns id, name, state, catchment_m (metres), geometry (point, line or area).
    """
    shown = placed(spots)
    group = layer("shapes", {"kind": None, "styles": _styles(CATCHMENT), "rows": _catchments(shown)})
    group.add_child(Draw("shapes", {"kind": "hotspot", "styles": _styles(BODY), "rows": _bodies(shown, say)}))
    group.add_child(Draw("marks", {"kind": "hotspot", "look": "state", "rows": _signs(shown, say)}))
    return group


def _styles(look: dict[str, object]) -> dict[str, dict[str, object]]:
    """``look`` in the colour of each state."""
    return {
        state.value: {"color": colour, "fillColor": colour, **look} for state, colour in STATE_COLOURS.items()
    }


def _catchments(spots: gpd.GeoDataFrame) -> list[dict[str, object]]:
    if spots.empty:
        return []
    around = spots.geometry.to_crs(METRIC).buffer(spots["catchment_m"].astype(float))
    drawn = simplified(gpd.GeoSeries(around, crs=METRIC).to_crs(LONLAT), 2.0)
    return [{"style": state, "shape": shape(area)} for state, area in zip(spots["state"], drawn, strict=True)]


def _bodies(spots: gpd.GeoDataFrame, say: Say) -> list[dict[str, object]]:
    return [
        {"id": row.id, "style": row.state, "shape": shape(row.geometry), "lines": _lines(row, say)}
        for row in spots.itertuples()
    ]


def _signs(spots: gpd.GeoDataFrame, say: Say) -> list[dict[str, object]]:
    return [
        {
            "id": row.id,
            "at": at(row.geometry.representative_point()),
            "sign": STATE_SIGNS[HotspotState(row.state)],
            "colour": STATE_COLOURS[HotspotState(row.state)],
            "lines": _lines(row, say),
        }
        for row in spots.itertuples()
    ]


def _lines(row: Any, say: Say) -> list[str]:
    return [str(row.name), say(HotspotState(row.state))]
