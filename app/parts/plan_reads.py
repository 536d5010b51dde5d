"""Reads of the plan's page, kept while the data stays the same; never shared across scopes or accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from time import time

import folium
import geopandas as gpd
import pandas as pd
import streamlit as st

from app.parts import cached
from app.parts.visit import Visit
from app.runtime import runtime
from app.services import plan_reading, plan_secrecy
from app.services.map_data import data_version
from layers.base import base_map

Key = tuple[str, str, int, date]
#: A team's unannounced visits appear with its shift: what was read is looked at again after so long.
_LOOK_AGAIN_S = 300
_OWN = "plan-own-changes"


@dataclass(frozen=True)
class Ground:
    """What the plan lies on; it does not change when a plan does. Pages read it and never change it."""

    units: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    premises: gpd.GeoDataFrame
    strips: gpd.GeoDataFrame


def _key(visit: Visit, version: int) -> Key:
    return visit.scope_key, visit.actor.name, version, visit.today


def _ground_key(visit: Visit) -> Key:
    """The state of everything but plans: a change of a plan made here does not read the map anew."""
    version = data_version(visit.store)
    seen = st.session_state.get(_OWN)
    if seen is None or seen[1] != version:
        seen = (version, version)
        st.session_state[_OWN] = seen
    return _key(visit, seen[0])


def changed_plan(visit: Visit) -> None:
    """Say that only a plan was changed, by this page, since the ground was last read."""
    seen = st.session_state.get(_OWN)
    version = data_version(visit.store)
    st.session_state[_OWN] = (seen[0] if seen else version, version)


def ground(visit: Visit) -> Ground:
    """Wards, streets, premises and border strips of today."""
    return _ground(_ground_key(visit), visit)


@st.cache_resource(max_entries=8, show_spinner=False)
def _ground(key: Key, _visit: Visit) -> Ground:
    data = cached.map_data(_visit, key[-1])
    return Ground(data.units, data.streets, data.premises, data.strips)


def plan_ground(visit: Visit) -> folium.Map:
    """The base map, a fresh copy for this run."""
    return _plan_ground(_ground_key(visit), visit)


# Handed out as a copy, because rendering a map changes it.
@st.cache_data(max_entries=8, show_spinner=False)
def _plan_ground(key: Key, _visit: Visit) -> folium.Map:
    data, settings = _ground(key, _visit), runtime().settings
    return base_map(
        data.units, data.streets, tiles_url=settings.tiles_url, tiles_credit=settings.tiles_attribution
    )


def kept_plans(visit: Visit) -> pd.DataFrame:
    """The plans that the visitor may know of, newest first."""
    return _kept_plans(_key(visit, data_version(visit.store)), visit)


@st.cache_resource(max_entries=16, show_spinner=False)
def _kept_plans(key: Key, _visit: Visit) -> pd.DataFrame:
    return plan_reading.kept_plans(_visit.store, _visit.actor, key[-1])


def plan(visit: Visit, plan_id: str) -> plan_reading.KeptPlan:
    """A plan as far as the visitor may see it. Pages read it and never change it."""
    # What is kept here was opened too: the log has to say so, and not only at the first reading.
    plan_secrecy.log_opening(visit.store, visit.actor, plan_id)
    return _plan(_key(visit, data_version(visit.store)), plan_id, int(time() // _LOOK_AGAIN_S), visit)


@st.cache_resource(max_entries=16, show_spinner=False)
def _plan(key: Key, plan_id: str, _again: int, _visit: Visit) -> plan_reading.KeptPlan:
    return plan_reading.read_plan(_visit.store, _visit.actor, plan_id)


def teams(visit: Visit, first: date, last: date) -> gpd.GeoDataFrame:
    """The teams of a period."""
    return _teams(_ground_key(visit), first, last, visit)


@st.cache_resource(max_entries=16, show_spinner=False)
def _teams(key: Key, first: date, last: date, _visit: Visit) -> gpd.GeoDataFrame:
    return plan_reading.teams(_visit.store, _visit.actor, first, last)


def team_names(visit: Visit, plan: plan_reading.KeptPlan) -> dict[str, str]:
    """Names of the teams of a plan's time, by id."""
    known = teams(visit, plan.first, plan.last)
    return dict(zip(known["id"], known["name"], strict=True))
