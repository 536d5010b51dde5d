"""Reads of the premises page, kept while the data stays the same; never shared across scopes."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import streamlit as st

from app.parts.risk_reads import Key, state_key
from app.parts.visit import Visit
from app.services import address_history, register_history
from app.services import premises as service
from app.services.address_history import Occupant
from app.services.premises_file import PremisesFile
from app.services.register_history import RegisterChange
from geo.words import LicenceKind


def register(visit: Visit) -> gpd.GeoDataFrame:
    """The list of today. Pages read it and never change it."""
    return _register(state_key(visit), visit)


@st.cache_resource(max_entries=8, show_spinner=False)
def _register(key: Key, _visit: Visit) -> gpd.GeoDataFrame:
    return service.overview(_visit.store, _visit.actor, key[-1])


def problems(visit: Visit) -> tuple[pd.DataFrame, list[LicenceKind]]:
    """Problems of papers today, and the kinds of paper that the register hardly holds."""
    return _problems(state_key(visit), visit)


@st.cache_resource(max_entries=8, show_spinner=False)
def _problems(key: Key, _visit: Visit) -> tuple[pd.DataFrame, list[LicenceKind]]:
    store, actor, day = _visit.store, _visit.actor, key[-1]
    return service.licence_problems(store, actor, day), service.unrecorded_papers(store, actor, day)


def premises_file(visit: Visit, premises_id: str) -> PremisesFile:
    """Everything about one premises today."""
    return _premises_file(state_key(visit), premises_id, visit)


@st.cache_resource(max_entries=32, show_spinner=False)
def _premises_file(key: Key, premises_id: str, _visit: Visit) -> PremisesFile:
    return service.one(_visit.store, _visit.actor, premises_id, key[-1])


def at_address(visit: Visit, premises_id: str) -> list[Occupant]:
    """What stands or stood at the address of a premises."""
    return _at_address(state_key(visit), premises_id, visit)


@st.cache_resource(max_entries=32, show_spinner=False)
def _at_address(key: Key, premises_id: str, _visit: Visit) -> list[Occupant]:
    return address_history.at_address(_visit.store, _visit.actor, day=key[-1], premises_id=premises_id)


def history(visit: Visit, premises_id: str) -> tuple[RegisterChange, ...]:
    """What was changed at a premises in the register."""
    return register_history.history(visit.store, visit.actor, premises_id)
