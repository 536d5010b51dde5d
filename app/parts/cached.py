"""Reads that pages repeat, kept while the data stays the same; never shared across scopes."""

from __future__ import annotations

from datetime import date

import folium
import pandas as pd
import streamlit as st

from app.parts.visit import Visit
from app.runtime import runtime
from app.services import map_data as service
from geo.fold import fold
from layers.base import base_map

#: What has been read is kept under the scope that read it, the state of the data, and the day.
Key = tuple[str, str, int, date]


def key_of(visit: Visit, day: date) -> Key:
    """Under what a read of a day is kept."""
    return visit.scope_key, visit.actor.name, service.data_version(visit.store), day


def map_data(visit: Visit, day: date) -> service.MapData:
    """What the map shows, kept until the data changes. Pages read these frames and never change them."""
    return _map_data(key_of(visit, day), visit)


# Handed out as it is: a copy of every frame for every run would cost more than drawing them.
@st.cache_resource(max_entries=8, show_spinner=False)
def _map_data(key: Key, _visit: Visit) -> service.MapData:
    return service.map_data(_visit.store, _visit.actor, key[-1])


def ground(visit: Visit) -> folium.Map:
    """The base map of today, a fresh copy for this run."""
    return _ground(key_of(visit, visit.today), visit)


# Handed out as a copy, because rendering a map changes it.
@st.cache_data(max_entries=8, show_spinner=False)
def _ground(key: Key, _visit: Visit) -> folium.Map:
    data, settings = _map_data(key, _visit), runtime().settings
    return base_map(
        data.units, data.streets, tiles_url=settings.tiles_url, tiles_credit=settings.tiles_attribution
    )


def search_texts(visit: Visit) -> pd.Series:
    """Name and address of every premises of today, folded, by its id."""
    return _search_texts(key_of(visit, visit.today), visit)


@st.cache_resource(max_entries=8, show_spinner=False)
def _search_texts(key: Key, _visit: Visit) -> pd.Series:
    premises = _map_data(key, _visit).premises
    texts = [
        fold(f"{name} {address}") for name, address in zip(premises["name"], premises["address"], strict=True)
    ]
    return pd.Series(texts, index=premises["id"].to_numpy(), dtype=object)
