"""Reads of the meeting page, kept while the data stays the same; never shared across scopes."""

from __future__ import annotations

from datetime import date

import streamlit as st

from app.parts.cached import Key, key_of
from app.parts.visit import Visit
from app.services import meeting, meeting_map
from app.services.map_data import MapData
from geo.heat import Heat
from geo.periods import Period

_KEPT = "meeting-review"


def review(visit: Visit, unit_id: str | None, period: Period) -> meeting.Review:
    """What the meeting shows, read when it begins: what is recorded in it does not keep the room waiting.

    It belongs to this browser session and to the scope that read it.
    """
    key = (visit.scope_key, visit.actor.name, visit.today, unit_id, period)
    kept = st.session_state.get(_KEPT)
    if kept is None or kept[0] != key:
        kept = key, meeting.review(visit.store, visit.actor, unit_id, period, as_of=visit.today)
        st.session_state[_KEPT] = kept
    found: meeting.Review = kept[1]
    return found


def forget_review() -> None:
    """The next meeting reads anew."""
    st.session_state.pop(_KEPT, None)


def months(visit: Visit, unit_id: str | None) -> list[date]:
    """The months of the slider."""
    return _months(key_of(visit, visit.today), unit_id, visit)


@st.cache_resource(max_entries=16, show_spinner=False)
def _months(key: Key, unit_id: str | None, _visit: Visit) -> list[date]:
    return meeting_map.months(_visit.store, _visit.actor, unit_id, key[-1])


def drawn(visit: Visit, unit_id: str | None, day: date) -> tuple[MapData, Heat | None]:
    """The map of a day."""
    return _drawn(key_of(visit, visit.today), unit_id, day, visit)


@st.cache_resource(max_entries=48, show_spinner=False)
def _drawn(key: Key, unit_id: str | None, day: date, _visit: Visit) -> tuple[MapData, Heat | None]:
    return meeting_map.meeting_map(_visit.store, _visit.actor, unit_id, day, as_of=key[-1])
