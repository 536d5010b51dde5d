"""Reads of the hotspot page, kept while the data stays the same; never shared across scopes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import geopandas as gpd
import streamlit as st

from app.parts import cached
from app.parts.visit import Visit
from app.services import displacement as displacements
from app.services import hotspot_view, hotspots, map_data

_Key = tuple[str, str, int, date]


def _key(visit: Visit) -> _Key:
    return visit.scope_key, visit.actor.name, map_data.data_version(visit.store), visit.today


def overview(visit: Visit) -> gpd.GeoDataFrame:
    """The hotspots of today. Pages read this frame and never change it."""
    return _overview(_key(visit), visit)


@st.cache_resource(max_entries=8, show_spinner=False)
def _overview(key: _Key, _visit: Visit) -> gpd.GeoDataFrame:
    return hotspots.overview(_visit.store, _visit.actor, key[-1])


def sheet(visit: Visit, hotspot_id: str) -> hotspot_view.HotspotSheet:
    """Everything about one hotspot today; its premises with the score that the map shows."""
    return _sheet(_key(visit), hotspot_id, visit)


@st.cache_resource(max_entries=16, show_spinner=False)
def _sheet(key: _Key, hotspot_id: str, _visit: Visit) -> hotspot_view.HotspotSheet:
    found = hotspot_view.sheet(_visit.store, _visit.actor, hotspot_id, key[-1])
    scores = cached.map_data(_visit, key[-1]).premises.set_index("id")["score"]
    return replace(found, premises=found.premises.assign(score=scores.reindex(found.premises["id"]).to_numpy()))


def displacement(visit: Visit, hotspot_id: str, months: int, since: date | None) -> dict[str, Any]:
    """What became of the hotspot after its elimination, or after another day."""
    return _displacement(_key(visit), hotspot_id, months, since, visit)


@st.cache_resource(max_entries=16, show_spinner=False)
def _displacement(key: _Key, hotspot_id: str, months: int, since: date | None, _visit: Visit) -> dict[str, Any]:
    return displacements.displacement(
        _visit.store, _visit.actor, hotspot_id, key[-1], months=months, since=since
    )
