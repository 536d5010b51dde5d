"""Reads of the risk pages, kept while the data stays the same; never shared across scopes."""

from __future__ import annotations

from datetime import date

import streamlit as st

from app.parts.visit import Visit
from app.services import border_history, risk_sheet, surface
from app.services.map_data import data_version

Key = tuple[str, str, int, date]


def state_key(visit: Visit) -> Key:
    """Who reads, which state of the data, on which day."""
    return visit.scope_key, visit.actor.name, data_version(visit.store), visit.today


def ranked_premises(visit: Visit) -> risk_sheet.RiskSheet:
    """The ranking of today. Pages read it and never change it."""
    return _ranked_premises(state_key(visit), visit)


@st.cache_resource(max_entries=8, show_spinner=False)
def _ranked_premises(key: Key, _visit: Visit) -> risk_sheet.RiskSheet:
    return risk_sheet.risk_sheet(_visit.store, _visit.actor, key[-1])


def hotspot_surface(visit: Visit) -> surface.HotspotSurface:
    """The hotspot surface of today. Pages read it and never change it."""
    return _hotspot_surface(state_key(visit), visit)


@st.cache_resource(max_entries=8, show_spinner=False)
def _hotspot_surface(key: Key, _visit: Visit) -> surface.HotspotSurface:
    return surface.surface(_visit.store, _visit.actor, key[-1])


def borders(visit: Visit) -> border_history.BorderSheet:
    """Border segments of today and their history. Pages read it and never change it."""
    return _borders(state_key(visit), visit)


@st.cache_resource(max_entries=8, show_spinner=False)
def _borders(key: Key, _visit: Visit) -> border_history.BorderSheet:
    return border_history.border_sheet(_visit.store, _visit.actor, key[-1])
