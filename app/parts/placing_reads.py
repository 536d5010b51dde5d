"""What stays the same while one places premises: the ground to draw, and what addresses are looked up with."""

from __future__ import annotations

from datetime import date

import folium
import streamlit as st

from app.parts.visit import Visit
from app.runtime import runtime
from app.services.placing import Ground, read_ground
from layers.base import base_map

_Key = tuple[str, date]
#: Kept by time and not by the state of the data: each placing changes the data and hardly the ground, and to
#: read it all anew takes longer than to place a premises.
_SECONDS = 600


def known_ground(visit: Visit) -> Ground:
    """Wards, streets and known houses. Pages read these and never change them."""
    return _known_ground((visit.scope_key, visit.today), visit)


@st.cache_resource(ttl=_SECONDS, max_entries=4, show_spinner=False)
def _known_ground(key: _Key, _visit: Visit) -> Ground:
    return read_ground(_visit.store, _visit.actor, key[-1])


def placing_ground(visit: Visit) -> folium.Map:
    """The base map, a fresh copy for this run."""
    return _placing_ground((visit.scope_key, visit.today), visit)


# Handed out as a copy, because rendering a map changes it.
@st.cache_data(ttl=_SECONDS, max_entries=4, show_spinner=False)
def _placing_ground(key: _Key, _visit: Visit) -> folium.Map:
    known, settings = _known_ground(key, _visit), runtime().settings
    return base_map(
        known.units, known.streets, tiles_url=settings.tiles_url, tiles_credit=settings.tiles_attribution
    )
