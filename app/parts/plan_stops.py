"""The stops of a plan on the map and in a table: what is picked in one is picked in the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from zlib import crc32

import geopandas as gpd
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from app.parts import plan_reads
from app.parts.plan_words import (
    day_text,
    hours,
    kind_word,
    reason_text,
    short_names,
)
from app.parts.visit import Visit
from app.services.plan_reading import KeptPlan
from app.text import _, label, number, show
from geo.words import PremisesType, VisitKind
from layers import legend
from layers.assets.localize import localize
from layers.base import view_layer
from layers.picked import picked_layer
from layers.plan_sweeps import SWEEP_COLOUR, sweeps_layer
from layers.routes import SECRET_COLOUR, SECRET_SIGN, routes_layer

HEIGHT = 460
PICKED = "plan-picked"
_ELSEWHERE, _FROM_MAP, _MAP = "plan-picked-elsewhere", "plan-picked-on-map", "plan-map"


@dataclass(frozen=True)
class Part:
    """The part of a plan that is looked at. ``teams``: all of the plan, with their ``short`` names; ``key``
    says what was filtered, empty for all."""

    plan: KeptPlan
    visits: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame
    sweeps: gpd.GeoDataFrame
    teams: list[str]
    short: Mapping[str, str]
    key: str


def filtered(plan: KeptPlan) -> Part:
    """The stops, ways and sweeps of the teams and the day that were picked."""
    sweeping = {team for own in plan.sweeps["teams"] for team in own}
    teams = sorted({*plan.visits["team"].dropna(), *plan.routes["team"].dropna(), *sweeping})
    short = short_names(teams)
    days = sorted({pd.Timestamp(d).date() for d in (*plan.visits["on_date"], *plan.sweeps["on_date"])})
    left, right = st.columns([3, 2])
    chosen = left.multiselect(
        _("Đội"),
        teams,
        format_func=lambda team: short.get(team, team),
        placeholder=_("Tất cả các đội"),
        label_visibility="collapsed",
        key=f"plan-teams-{plan.plan_id}",
    )
    day = right.selectbox(
        _("Ngày"),
        [None, *days],
        format_func=lambda d: _("Tất cả các ngày") if d is None else show(d),
        label_visibility="collapsed",
        key=f"plan-day-{plan.plan_id}",
    )
    visits, routes, sweeps = plan.visits, plan.routes, plan.sweeps
    if chosen:
        visits, routes = visits[visits["team"].isin(chosen)], routes[routes["team"].isin(chosen)]
        sweeps = sweeps[[not set(chosen).isdisjoint(own) for own in sweeps["teams"]]]
    if day is not None:
        visits, routes, sweeps = (_on(frame, day) for frame in (visits, routes, sweeps))
    key = f"{plan.plan_id}-{','.join(chosen)}-{day}" if chosen or day else ""
    visits, routes, sweeps = (frame.reset_index(drop=True) for frame in (visits, routes, sweeps))
    return Part(plan, visits, routes, sweeps, teams, short, key)


def _on(frame: gpd.GeoDataFrame, day: date) -> gpd.GeoDataFrame:
    return frame[pd.to_datetime(frame["on_date"]) == pd.Timestamp(day)]


def picked() -> str | None:
    """Id of the premises that is picked."""
    value = st.session_state.get(PICKED)
    return str(value) if value else None


def pick(premises_id: str, *, on_map: bool = False) -> None:
    """Pick a stop; one that was not picked on the map is looked for there."""
    st.session_state[PICKED] = premises_id
    st.session_state[_ELSEWHERE] = not on_map
    if on_map:
        # Another table takes its place, with the row ticked.
        st.session_state[_FROM_MAP] = int(st.session_state.get(_FROM_MAP, 0)) + 1


def plan_map(visit: Visit, part: Part) -> None:
    """Ways and stops in the colour of their team, joint sweeps hatched; a click picks a stop."""
    visits = part.visits
    near = gpd.GeoDataFrame(geometry=[*visits.geometry, *part.sweeps.geometry], crs=visits.crs)
    layers = [
        view_layer(_("Xem toàn địa bàn"), near[near.geometry.notna()], key=part.key),
        sweeps_layer(part.sweeps, tell=_told_of_sweep),
        routes_layer(visits, part.routes, teams=part.teams, tell_stop=_told_of_stop, tell_way=_told_of_way),
    ]
    chosen = visits[visits["premises_id"] == picked()]
    if len(chosen) and chosen.geometry.iloc[0] is not None:
        move = bool(st.session_state.get(_ELSEWHERE))
        layers.append(picked_layer(chosen.geometry.iloc[0], key=str(picked()), move=move))
    layers.append(legend.legend_layer(_("Chú giải"), _sections(part)))
    st_folium(
        plan_reads.plan_ground(visit),
        key=_MAP,
        height=HEIGHT,
        use_container_width=True,
        # Nothing but our own clicks comes back: moving the map must not rerun the page.
        returned_objects=[],
        feature_group_to_add=[localize(one) for one in layers],
        on_change=partial(_clicked, frozenset(visits["premises_id"])),
    )


def _clicked(known: frozenset[str]) -> None:
    click = st.session_state.get(_MAP) or {}
    if click.get("kind") == "premises" and click.get("id") in known:
        pick(str(click["id"]), on_map=True)


def _told_of_stop(row: Any) -> list[str]:
    return [f"{day_text(row.on_date)}, {hours(row)}", kind_word(row)]


def _told_of_way(row: Any) -> list[str]:
    way = _("{km} km, cả buổi {minutes} phút", km=number(row.km), minutes=round(row.minutes))
    return [day_text(row.on_date), way]


def _told_of_sweep(row: Any) -> list[str]:
    when = f"{day_text(row.on_date)}, {row.starts:%H:%M}–{row.ends:%H:%M}"
    return [_("Kiểm tra chung giáp ranh"), " – ".join(row.names), when, " + ".join(row.teams)]


def _sections(part: Part) -> list[legend.Section]:
    colours = [
        legend.Entry(entry.look, entry.colour, part.short.get(entry.text, entry.text))
        for entry in legend.team_entries(part.teams)
    ]
    signs = [legend.Entry("area", "#ffffff", _("⌂ điểm xuất phát")), *_special(part)]
    return [legend.Section(_("Đội"), colours), legend.Section(_("Ký hiệu"), signs)]


def _special(part: Part) -> list[legend.Entry]:
    found = []
    if len(part.sweeps):
        found.append(legend.Entry("area", SWEEP_COLOUR, _("kiểm tra chung (gạch chéo)")))
    if (part.visits["kind"] == VisitKind.UNANNOUNCED.value).any():
        found.append(legend.Entry("sign", SECRET_COLOUR, _("đột xuất, không lộ cho người khác"), SECRET_SIGN))
    return found


def stop_table(part: Part) -> None:
    """The stops in order, with the reason of each; a row that is picked is shown on the map."""
    visits = part.visits
    ids = list(visits["premises_id"])
    key = f"stops-{st.session_state.get(_FROM_MAP, 0)}-{crc32(','.join(ids).encode())}"
    rows = [ids.index(str(picked()))] if picked() in ids else []
    st.dataframe(
        _stops(part),
        hide_index=True,
        height=HEIGHT - 6,
        placeholder="",
        selection_mode="single-row",
        selection_default={"selection": {"rows": rows}},
        on_select=partial(_ticked, key, ids),
        key=key,
        column_config={
            _("Ngày"): st.column_config.DateColumn(format="DD/MM", width=58),
            _("TT"): st.column_config.NumberColumn(width=40),
            _("Giờ"): st.column_config.TextColumn(width=54),
            _("Cơ sở"): st.column_config.TextColumn(width=165),
            _("Đội"): st.column_config.TextColumn(width=110),
            _("Điểm"): st.column_config.NumberColumn(format="%.1f", width=58),
            _("Vì sao"): st.column_config.TextColumn(width="large"),
        },
    )


def _ticked(key: str, ids: list[str]) -> None:
    # A table that was drawn with a row ticked also reports that none is: only a tick says something.
    rows = st.session_state[key]["selection"]["rows"]
    if rows and rows[0] < len(ids):
        pick(ids[rows[0]])


def _named(row: Any) -> str:
    """The premises, with what nobody else may know said beside it."""
    secret = row.kind == VisitKind.UNANNOUNCED
    return _("{name} (đột xuất)", name=row.name) if secret else str(row.name)


def _stops(part: Part) -> pd.DataFrame:
    rows = list(part.visits.itertuples(index=False))
    types = [label(PremisesType(row.type)) if isinstance(row.type, str) else "" for row in rows]
    return pd.DataFrame(
        {
            _("Ngày"): [pd.Timestamp(row.on_date).date() for row in rows],
            _("TT"): [int(row.position) for row in rows],
            _("Giờ"): [f"{row.arrive:%H:%M}" for row in rows],
            _("Cơ sở"): [_named(row) for row in rows],
            _("Đội"): [part.short.get(row.team, "") for row in rows],
            _("Điểm"): [None if pd.isna(row.value) else float(row.value) for row in rows],
            _("Vì sao"): [reason_text(row) for row in rows],
            _("Kiểu"): [kind_word(row) for row in rows],
            _("Loại hình"): types,
            _("Địa chỉ"): [row.address for row in rows],
        }
    )
