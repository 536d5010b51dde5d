"""The map on which one premises is given its place by a click."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import geopandas as gpd
import shapely
import streamlit as st
from streamlit_folium import st_folium

from app.parts.map import HEIGHT
from app.parts.placing_reads import placing_ground
from app.parts.visit import Visit
from app.services.placing import Suggestion, Waiting, landmarks
from app.text import _
from geo.words import LocationQuality
from layers.assets.localize import localize
from layers.placing import Pin, placing_layer

_KEY = "placing-map"


def placing_map(
    visit: Visit,
    one: Waiting,
    suggested: Sequence[Suggestion],
    register: gpd.GeoDataFrame,
    on_place: Callable[[str, float, float], None],
) -> None:
    """Draw where ``one`` may be, with what of the ``register`` shows the way; what is picked calls
    ``on_place(id, lon, lat)`` before the page runs anew."""
    now = None
    if one.lon is not None and one.lat is not None:
        now = Pin(shapely.Point(one.lon, one.lat), _("Vị trí đang ghi: bấm nếu đúng, kéo nếu lệch"))
    pins = [Pin(shapely.Point(s.lon, s.lat), s.text) for s in suggested]
    first = now or next(iter(pins), None)
    around = landmarks(register, first.point.x, first.point.y) if first else register.iloc[:0]
    near = one.quality is LocationQuality.STREET or any(
        s.quality is not LocationQuality.WARD for s in suggested
    )
    layer = placing_layer(one.id, pins, now, around, near=near)

    def clicked() -> None:
        value = st.session_state.get(_KEY)
        if value and value.get("kind") == "place":
            target, lon, lat = str(value["id"]).split("|")
            on_place(target, float(lon), float(lat))

    st_folium(
        placing_ground(visit),
        key=_KEY,
        height=HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=[localize(layer)],
        on_change=clicked,
    )
