"""Lịch kiểm tra: a period, the teams and their hours; a plan on the map, its stops in order, and why each."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from app.access import Right, may
from app.parts.cached import map_data
from app.parts.failures import told
from app.parts.map import plan_map
from app.parts.visit import Visit, require_visit
from app.services import plans as service
from app.text import _, label, number, render, show
from geo.words import PremisesType, VisitKind


def period(visit: Visit) -> tuple[date, date]:
    """First and last day that were picked; the next thirty days at first."""
    tomorrow = visit.today + timedelta(days=1)
    picked = st.date_input(
        _("Thời gian"), value=(tomorrow, tomorrow + timedelta(days=29)), format="DD/MM/YYYY", key="period"
    )
    days = list(picked) if isinstance(picked, tuple) else [picked]
    return days[0], days[-1]


def team_editor(visit: Visit, first: date, last: date) -> dict[str, dict[str, Any]]:
    """The teams of the period with their hours, to be changed for this plan; gives those that take part."""
    teams = service.teams(visit.store, visit.actor, first, last)
    table = pd.DataFrame(
        {
            "id": teams["id"],
            "use": True,
            "name": teams["name"],
            "shift_start": teams["shift_start"],
            "shift_end": teams["shift_end"],
            "max_visits": teams["max_visits"],
        }
    )
    edited = st.data_editor(
        table,
        hide_index=True,
        disabled=["name"],
        column_order=["use", "name", "shift_start", "shift_end", "max_visits"],
        column_config={
            "use": st.column_config.CheckboxColumn(_("Tham gia")),
            "name": st.column_config.TextColumn(_("Đội")),
            "shift_start": st.column_config.TimeColumn(_("Từ"), format="HH:mm"),
            "shift_end": st.column_config.TimeColumn(_("Đến"), format="HH:mm"),
            "max_visits": st.column_config.NumberColumn(_("Lượt mỗi ngày"), min_value=1, max_value=20),
        },
        key=f"teams-{first}-{last}",
    )
    return {
        row.id: {"shift_start": row.shift_start, "shift_end": row.shift_end, "max_visits": int(row.max_visits)}
        for row in edited[edited["use"]].itertuples()
    }


def planner(visit: Visit) -> None:
    """Ask for a plan and make it."""
    first_one = service.kept_plans(visit.store, visit.actor).empty
    with st.expander(_("Lập lịch mới"), expanded=first_one, icon=":material/add:"):
        first, last = period(visit)
        teams = team_editor(visit, first, last)
        seconds = st.slider(_("Thời gian tính (giây)"), 2, 60, 5)
        if st.button(_("Lập lịch"), type="primary", icon=":material/route:"):
            request = service.PlanRequest(
                first=first,
                last=last,
                seconds=float(seconds),
                team_ids=frozenset(teams),
                team_changes=teams,
            )
            with told():
                st.session_state["plan"] = drafted(visit, request)
                st.rerun()


def drafted(visit: Visit, request: service.PlanRequest) -> str:
    """Make the plan while a bar shows how far the search is; gives its id."""
    bar = st.progress(0.0, text=_("Đang chuẩn bị dữ liệu..."))
    begun, shown = 0.0, 0.0

    def watch(_cost: float) -> bool:
        nonlocal begun, shown
        now = time.monotonic()
        begun = begun or now
        if now - shown > 0.25:
            shown = now
            bar.progress(min((now - begun) / request.seconds, 1.0), text=_("Đang tìm lịch tốt nhất..."))
        return False

    return str(service.draft_plan(visit.store, visit.actor, request, visit.today, watch=watch)["plan"])


def choose_plan(visit: Visit) -> str | None:
    """The plan to look at: the one just made, or an earlier one."""
    kept = service.kept_plans(visit.store, visit.actor)
    if kept.empty:
        return None
    names = {
        row.id: _(
            "{first} - {last}, lập {made}",
            first=row.first_day.date(),
            last=row.last_day.date(),
            made=show(row.made_at),
        )
        for row in kept.itertuples()
    }
    ids = list(names)
    current = st.session_state.get("plan")
    return st.selectbox(
        _("Lịch"), ids, index=ids.index(current) if current in ids else 0, format_func=names.__getitem__
    )


def stop_table(visits: pd.DataFrame) -> pd.DataFrame:
    """The stops in order, with the reason of each."""
    return pd.DataFrame(
        {
            _("Ngày"): [show(d.date()) for d in visits["on_date"]],
            _("Đội"): visits["team"],
            _("Thứ tự"): visits["position"],
            _("Giờ đến"): [show(t)[-5:] for t in visits["arrive"]],
            _("Cơ sở"): visits["name"],
            _("Loại hình"): [label(PremisesType(t)) for t in visits["type"]],
            _("Địa chỉ"): visits["address"],
            _("Kiểu"): [label(VisitKind(k)) for k in visits["kind"]],
            _("Bốc thăm"): visits["drawn_at_random"],
            _("Vì sao"): ["; ".join(render(p["text"]) for p in reason["parts"]) for reason in visits["reason"]],
        }
    )


def show_plan(visit: Visit, plan_id: str) -> None:
    """A plan: figures, map with a route per team, stops, coverage, borders, and what was left out."""
    plan = service.read_plan(visit.store, visit.actor, plan_id)
    st.markdown(
        _(
            "**{visits}** lượt kiểm tra, trong đó **{drawn}** bốc thăm · **{outings}** buổi · **{km}** km",
            visits=len(plan.visits),
            drawn=int(plan.visits["drawn_at_random"].sum()),
            outings=len(plan.routes),
            km=float(plan.routes["km"].sum()),
        )
    )
    for note in plan.summary["notes"]:
        st.info(render(note))
    visits, routes = chosen_part(plan)
    plan_map(visit, visits, routes)
    stops, coverage, borders, left_out = st.tabs(
        [_("Các điểm dừng"), _("Độ bao phủ"), _("Giáp ranh"), _("Không xếp")]
    )
    with stops:
        st.dataframe(stop_table(visits), hide_index=True, height=380)
    with coverage:
        st.caption(_("Cơ sở của mỗi phường được kiểm tra trong năm, so với chỉ tiêu của kế hoạch."))
        st.dataframe(coverage_table(visit, plan), hide_index=True)
    with borders:
        st.caption(_("Các đoạn giáp ranh có nguy cơ cao và lịch này có đi qua hay không."))
        st.dataframe(border_table(visit, plan), hide_index=True)
    with left_out:
        st.caption(_("Mỗi cơ sở không có trong lịch kèm lý do."))
        st.dataframe(left_out_table(visit, plan), hide_index=True, height=380)


def chosen_part(plan: service.KeptPlan) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """The stops and routes of the teams and the day that were picked."""
    teams = sorted(set(plan.visits["team"].dropna()))
    days = sorted({d.date() for d in plan.visits["on_date"]})
    pick_team, pick_day = st.columns(2)
    team = pick_team.multiselect(_("Đội"), teams, placeholder=_("Tất cả"))
    day = pick_day.selectbox(
        _("Ngày"), [None, *days], format_func=lambda d: _("Tất cả") if d is None else show(d)
    )
    visits, routes = plan.visits, plan.routes
    if team:
        visits, routes = visits[visits["team"].isin(team)], routes[routes["team"].isin(team)]
    if day is not None:
        visits, routes = (f[f["on_date"] == pd.Timestamp(day)] for f in (visits, routes))
    return visits.reset_index(drop=True), routes.reset_index(drop=True)


def coverage_table(visit: Visit, plan: service.KeptPlan) -> pd.DataFrame:
    """Coverage of each ward before and after the plan."""
    units = map_data(visit, visit.today).units
    names = dict(zip(units["id"], units["name"], strict=True))
    rows = plan.summary["coverage"]
    return pd.DataFrame(
        {
            _("Phường"): [names.get(row["ward"], "") for row in rows],
            _("Cơ sở"): [row["premises"] for row in rows],
            _("Đã kiểm tra"): [row["inspected"] for row in rows],
            _("Trước"): [f"{number(row['before'] * 100)}%" for row in rows],
            _("Sau"): [f"{number(row['after'] * 100)}%" for row in rows],
            _("Chỉ tiêu"): [f"{number(row['target'] * 100)}%" for row in rows],
        }
    )


def border_table(visit: Visit, plan: service.KeptPlan) -> pd.DataFrame:
    """The riskiest border segments, and whether the plan goes there."""
    strips = map_data(visit, visit.today).strips
    visited = {row["segment"]: row for row in plan.summary["borders"]}
    worst = strips[strips["id"].isin(visited)].sort_values("rank").head(20)
    return pd.DataFrame(
        {
            _("Hạng"): worst["rank"],
            _("Đoạn giáp ranh"): [" - ".join(names) for names in worst["names"]],
            _("Nguy cơ"): [number(float(risk)) for risk in worst["risk"]],
            _("Có trong lịch"): [bool(visited[segment]["visited"]) for segment in worst["id"]],
            _("Ngày"): [
                show(date.fromisoformat(visited[segment]["date"])) if visited[segment]["date"] else ""
                for segment in worst["id"]
            ],
        }
    )


def left_out_table(visit: Visit, plan: service.KeptPlan) -> pd.DataFrame:
    """Premises without a visit, each with the reason."""
    premises = map_data(visit, visit.today).premises.set_index("id")
    rows = [row for row in plan.summary["unserved"] if row["premises"] in premises.index]
    return pd.DataFrame(
        {
            _("Cơ sở"): [premises.at[row["premises"], "name"] for row in rows],
            _("Phường"): [premises.at[row["premises"], "ward_name"] for row in rows],
            _("Vì sao không xếp"): [render(row["why"]) for row in rows],
        }
    )


visit = require_visit()
st.title(_("Lịch kiểm tra"))
st.caption(_("Bản dự thảo: chưa có số quyết định, chưa tính vào giới hạn một lần mỗi năm."))
with told():
    if may(visit.actor, Right.PLAN):
        planner(visit)
    chosen = choose_plan(visit)
    if chosen is None:
        st.info(_("Chưa có lịch nào."))
    else:
        show_plan(visit, chosen)
