"""Reads of signals, kept while the data stays the same; never shared across scopes."""

from __future__ import annotations

from datetime import date

import folium
import geopandas as gpd
import streamlit as st

from app.parts.risk_reads import Key, state_key
from app.parts.visit import Visit
from app.runtime import runtime
from app.services import signal_intake, signals
from app.services.signals import LateCount
from geo.gazetteer import Gazetteer
from layers.base import base_map

#: Kept by time and not by the state of the data: each signal changes the data and hardly the streets, and to
#: read those anew takes longer than to write a signal down.
_SECONDS = 600


def late_for(visit: Visit) -> LateCount:
    """What is late today at the visitor's office."""
    return _late_for(state_key(visit), visit)


@st.cache_data(max_entries=64, show_spinner=False)
def _late_for(key: Key, _visit: Visit) -> LateCount:
    return signals.late_for(_visit.store, _visit.actor, key[-1])


def inbox(visit: Visit, since: date | None) -> gpd.GeoDataFrame:
    """The inbox of today. Pages read it and never change it."""
    return _inbox(state_key(visit), since, visit)


@st.cache_resource(max_entries=8, show_spinner=False)
def _inbox(key: Key, since: date | None, _visit: Visit) -> gpd.GeoDataFrame:
    return signals.inbox(_visit.store, _visit.actor, key[-1], since=since)


def gazetteer(visit: Visit) -> Gazetteer:
    """What addresses are looked up with."""
    return _gazetteer((visit.scope_key, visit.today), visit)


@st.cache_resource(ttl=_SECONDS, max_entries=4, show_spinner=False)
def _gazetteer(key: tuple[str, date], _visit: Visit) -> Gazetteer:
    return signal_intake.read_gazetteer(_visit.store, _visit.actor, key[-1])


def ground(visit: Visit) -> folium.Map:
    """The base map with wards and streets, a fresh copy for this run."""
    return _ground((visit.scope_key, visit.today), visit)


# Handed out as a copy, because rendering a map changes it.
@st.cache_data(ttl=_SECONDS, max_entries=4, show_spinner=False)
def _ground(key: tuple[str, date], _visit: Visit) -> folium.Map:
    units, streets = signal_intake.read_ground(_visit.store, _visit.actor, key[-1])
    settings = runtime().settings
    return base_map(units, streets, tiles_url=settings.tiles_url, tiles_credit=settings.tiles_attribution)
