"""Reads of the review's pages, kept while the data stays the same; never shared across scopes."""

from __future__ import annotations

import streamlit as st

from app.parts.cached import Key, key_of
from app.parts.visit import Visit
from app.services import compare_wards
from geo.periods import Period


def ward_comparison(visit: Visit, period: Period) -> compare_wards.WardComparison:
    """The wards side by side over a period, as of today. Pages read it and never change it."""
    return _ward_comparison(key_of(visit, visit.today), period, visit)


@st.cache_resource(max_entries=8, show_spinner=False)
def _ward_comparison(key: Key, period: Period, _visit: Visit) -> compare_wards.WardComparison:
    return compare_wards.compare_wards(_visit.store, _visit.actor, period, as_of=key[-1])
