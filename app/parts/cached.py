"""Reads that pages repeat, kept while the data stays the same; never shared across scopes."""

from __future__ import annotations

from datetime import date

import streamlit as st

from app.parts.visit import Visit
from app.services import map_data as service


def map_data(visit: Visit, day: date) -> service.MapData:
    """What the map shows, kept until the data changes."""
    return _map_data(visit.scope_key, visit.actor.name, service.data_version(visit.store), day, visit)


@st.cache_data(max_entries=8, show_spinner=False)
def _map_data(scope: str, name: str, version: int, day: date, _visit: Visit) -> service.MapData:
    return service.map_data(_visit.store, _visit.actor, day)
