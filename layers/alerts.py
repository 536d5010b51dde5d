"""Open alerts: a pulsing sign above the place that needs a person's judgement."""

from __future__ import annotations

import folium
import geopandas as gpd

from geo.words import AlertKind
from layers.compact import at, placed
from layers.script import layer
from layers.style import ALERT_COLOUR, Say


def alerts_layer(alerts: gpd.GeoDataFrame, *, say: Say) -> folium.FeatureGroup:
    """Alerts at their place; a click picks ("alert", id). ``alerts``: columns id, kind, name, geometry."""
    rows = [
        {
            "id": row.id,
            "at": at(row.geometry.representative_point()),
            "sign": "",
            "colour": ALERT_COLOUR,
            "lines": [str(row.name), say(AlertKind(row.kind))],
        }
        for row in placed(alerts).itertuples()
    ]
    return layer("marks", {"kind": "alert", "look": "alert", "level": 1000, "rows": rows})
