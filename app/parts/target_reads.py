"""Reads of the page Chỉ tiêu, kept while the data stays the same; never shared across scopes."""

from __future__ import annotations

from datetime import date

import streamlit as st

from app.parts.cached import Key, key_of
from app.parts.visit import Visit
from app.services import indicators as service
from app.services import ward_score
from app.services.indicators import Indicators
from geo.periods import Period, parse_period
from geo.ward_score import WardPoints


def targets(visit: Visit, period: Period, wards_of: date | None) -> Indicators:
    """The targets of a period; ``wards_of``: the day whose wards cut them, None: those of the period."""
    return _targets(key_of(visit, visit.today), period.text, wards_of, visit)


# Handed out as they are: pages read them and never change them.
@st.cache_resource(max_entries=16, show_spinner=False)
def _targets(key: Key, period: str, wards_of: date | None, _visit: Visit) -> Indicators:
    asked = parse_period(period)
    return service.indicators(
        _visit.store, _visit.actor, asked.first, asked.last, as_of=key[-1], units_as_of=wards_of
    )


def scores(visit: Visit, period: Period) -> list[WardPoints]:
    """The points of the wards in a period."""
    return _scores(key_of(visit, visit.today), period.text, visit)


@st.cache_resource(max_entries=16, show_spinner=False)
def _scores(key: Key, period: str, _visit: Visit) -> list[WardPoints]:
    return ward_score.ward_scores(_visit.store, _visit.actor, parse_period(period), as_of=key[-1])
