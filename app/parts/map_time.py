"""The map through time: a slider over the months, the heat of signals, before and after an elimination."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
import streamlit as st

from app.parts.cached import key_of
from app.parts.map import Kind, MapView, row_of
from app.parts.visit import Visit
from app.services import map_time as service
from app.services.map_data import MapData
from app.text import _, number, show
from geo.heat import Heat

MONTH, BEFORE, AFTER = "month", "before", "after"
#: How long before and after an elimination is looked at.
_MONTHS = 6
_Key = tuple[str, str, int, date]


@dataclass(frozen=True)
class Moment:
    """What the slider says: the day whose states are shown and the span whose signals are warm."""

    day: date
    first: date
    last: date
    heat: Heat | None


def through_time(visit: Visit, whole: MapData, view: MapView) -> tuple[MapView, str]:
    """The view at the chosen month, and a sentence that says so; the present view when none is chosen."""
    moment = _choose(visit, whole, view)
    if moment is None:
        return view, ""
    shown = replace(view, heat=moment.heat)
    told = _told(moment)
    if moment.day >= visit.today:
        return shown, told
    past = _past(key_of(visit, moment.day), visit)
    ids = set(view.data.premises["id"])
    premises = past.premises[past.premises["id"].isin(ids)].assign(score=float("nan"), parts=None)
    data = replace(
        view.data,
        premises=premises,
        hotspots=past.hotspots,
        strips=view.data.strips.iloc[:0],
        alerts=view.data.alerts.iloc[:0],
    )
    return replace(shown, data=data, colour_by="type"), f"{told} " + _(
        "Điểm nguy cơ, dải giáp ranh và cảnh báo chỉ có của hôm nay nên không vẽ."
    )


def _choose(visit: Visit, whole: MapData, view: MapView) -> Moment | None:
    days = _months(key_of(visit, visit.today), visit)
    if len(days) < 2:
        return None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        with st.container(width="stretch"):
            day = st.select_slider(
                _("Thời gian"),
                days,
                value=days[-1],
                format_func=lambda one: _("nay") if one == days[-1] else f"{one:%m/%Y}",
                key="map-month",
                label_visibility="collapsed",
            )
        warm = st.toggle(_("Nhiệt nguồn tin"), value=True, key="map-heat")
        eliminated = _eliminated(whole, view)
        span = MONTH
        if eliminated is not None:
            words = {
                MONTH: _("tháng này"),
                BEFORE: _("{n} tháng trước triệt xóa", n=_MONTHS),
                AFTER: _("{n} tháng sau triệt xóa", n=_MONTHS),
            }
            span = (
                st.segmented_control(
                    _("Nhiệt của"),
                    list(words),
                    default=MONTH,
                    format_func=words.__getitem__,
                    key="map-span",
                )
                or MONTH
            )
    first, last = service.month_of(day)
    if eliminated is not None and span != MONTH:
        before, after = service.around(eliminated, _MONTHS, visit.today)
        first, last = before if span == BEFORE else after
        day = last
    heat = _heat(key_of(visit, visit.today), first, last, visit) if warm and first <= last else None
    return Moment(day, first, last, heat)


def _eliminated(whole: MapData, view: MapView) -> date | None:
    """The last elimination of the hotspot that is picked."""
    if view.picked is None or view.picked.kind is not Kind.HOTSPOT:
        return None
    row = row_of(whole, view.picked)
    day = None if row is None else row["eliminated_on"]
    return None if day is None or pd.isna(day) else day.date()


def _told(moment: Moment) -> str:
    told = _("Bản đồ ngày {day}.", day=moment.day)
    if moment.heat is None:
        return told
    span = f"{show(moment.first)} - {show(moment.last)}"
    return f"{told} " + _("Nhiệt: {n} nguồn tin từ {span}.", n=number(moment.heat.events, 0), span=span)


@st.cache_resource(max_entries=4, show_spinner=False)
def _months(key: _Key, _visit: Visit) -> list[date]:
    return service.months(_visit.store, _visit.actor, key[-1])


@st.cache_resource(max_entries=24, show_spinner=False)
def _past(key: _Key, _visit: Visit) -> service.PastMap:
    return service.past_map(_visit.store, _visit.actor, key[-1])


@st.cache_resource(max_entries=48, show_spinner=False)
def _heat(key: _Key, first: date, last: date, _visit: Visit) -> Heat | None:
    return service.signal_heat(_visit.store, _visit.actor, first, last)
