"""The ring around what is picked on the map or in the table beside it."""

from __future__ import annotations

import folium
import shapely

from layers.compact import at
from layers.script import layer


def picked_layer(place: shapely.Geometry, *, key: str, move: bool) -> folium.FeatureGroup:
    """A ring at ``place``. With ``move`` the view goes there, once for each ``key``."""
    return layer("ring", {"at": at(place.representative_point()), "key": key, "move": move})
