"""Reads of the risk pages, kept while the data stays the same; never shared across scopes."""

from __future__ import annotations

from datetime import date

import streamlit as st

from app.parts.part_words import family_points
from app.parts.visit import Visit
from app.services import border_history, fairness, risk_sheet, surface
from app.services.map_data import data_version
from geo.fairness import FairnessRow

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


def grouped_points(visit: Visit) -> dict[str, list[float]]:
    """Points by group of parts, in the order of ``Family``, for each premises' id."""
    return _grouped_points(state_key(visit), visit)


@st.cache_resource(max_entries=8, show_spinner=False)
def _grouped_points(key: Key, _visit: Visit) -> dict[str, list[float]]:
    premises = _ranked_premises(key, _visit).premises
    return {
        premises_id: [round(points, 1) for points in family_points(parts).values()]
        for premises_id, parts in zip(premises["id"], premises["parts"], strict=True)
    }


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


def fairness_of_year(visit: Visit, year: int) -> list[FairnessRow]:
    """The fairness sheet of a year."""
    return _fairness_of_year(state_key(visit), year, visit)


@st.cache_resource(max_entries=16, show_spinner=False)
def _fairness_of_year(key: Key, year: int, _visit: Visit) -> list[FairnessRow]:
    return fairness.year_sheet(_visit.store, _visit.actor, year, key[-1])


def fairness_of_plan(visit: Visit, plan_id: str) -> list[FairnessRow]:
    """The fairness sheet of a plan."""
    return _fairness_of_plan(state_key(visit), plan_id, visit)


@st.cache_resource(max_entries=16, show_spinner=False)
def _fairness_of_plan(key: Key, plan_id: str, _visit: Visit) -> list[FairnessRow]:
    return fairness.plan_sheet(_visit.store, _visit.actor, plan_id)
