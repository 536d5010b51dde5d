"""Reads of objections to scores, kept while the data stays the same; never shared across scopes or accounts."""

from __future__ import annotations

import streamlit as st

from app.parts.risk_reads import Key, state_key
from app.parts.visit import Visit
from app.services import objections
from app.services.objections import KeptObjection, ScoreNow


def kept(visit: Visit) -> list[KeptObjection]:
    """All objections that the visitor may see, open ones first."""
    return _kept(state_key(visit), visit)


@st.cache_resource(max_entries=8, show_spinner=False)
def _kept(key: Key, _visit: Visit) -> list[KeptObjection]:
    return objections.kept_objections(_visit.store, _visit.actor, key[-1])


def open_premises(visit: Visit) -> frozenset[str]:
    """Premises whose objection is not answered yet."""
    return _open_premises(state_key(visit), visit)


@st.cache_resource(max_entries=8, show_spinner=False)
def _open_premises(key: Key, _visit: Visit) -> frozenset[str]:
    return objections.open_premises(_visit.store, _visit.actor, key[-1])


def score_to_read(visit: Visit, objection_id: str) -> ScoreNow:
    """The score that is to be read again."""
    return _score_to_read(state_key(visit), objection_id, visit)


@st.cache_resource(max_entries=8, show_spinner=False)
def _score_to_read(key: Key, objection_id: str, _visit: Visit) -> ScoreNow:
    return objections.score_to_read(_visit.store, _visit.actor, objection_id, key[-1])
