"""The map on which a signal is given its place by a click."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import folium
import geopandas as gpd
import shapely
import streamlit as st
from streamlit_folium import st_folium

from app.parts.signal_reads import ground
from app.parts.visit import Visit
from app.services.placing import Suggestion
from app.text import _
from layers.assets.localize import localize
from layers.picked import picked_layer
from layers.placing import Pin, placing_layer

_KEY = "signal-place-map"


def place_map(
    visit: Visit,
    target: str,
    chosen: tuple[float, float] | None,
    suggested: Sequence[Suggestion],
    on_place: Callable[[float, float], None],
) -> None:
    """Ask where ``target`` (any name of the question) is; a click calls ``on_place(lon, lat)``."""
    now = None if chosen is None else Pin(shapely.Point(chosen), _("Vị trí đã chọn: kéo để sửa"))
    pins = [Pin(shapely.Point(one.lon, one.lat), one.text) for one in suggested]
    none_around = gpd.GeoDataFrame({"address": []}, geometry=[], crs=4326)
    layer = placing_layer(target, pins, now, none_around, near=bool(pins or now))

    def clicked() -> None:
        value = st.session_state.get(_KEY)
        if value and value.get("kind") == "place":
            _target, lon, lat = str(value["id"]).split("|")
            on_place(float(lon), float(lat))

    _draw(visit, layer, _KEY, 340, clicked)


def where_map(visit: Visit, signal_id: str, lon: float, lat: float) -> None:
    """Where a signal is."""
    ring = picked_layer(shapely.Point(lon, lat), key=f"signal-{signal_id}", move=True)
    _draw(visit, ring, "signal-where-map", 260)


def _draw(
    visit: Visit, layer: folium.FeatureGroup, key: str, height: int, on_click: Callable[[], None] | None = None
) -> None:
    st_folium(
        ground(visit),
        key=key,
        height=height,
        use_container_width=True,
        # Nothing but our own clicks comes back: moving the map must not rerun the page.
        returned_objects=[],
        feature_group_to_add=[localize(layer)],
        on_change=on_click,
    )
