"""Lịch kiểm tra: a period, the teams and their hours; a plan on the map, its stops in order, and why each."""

from __future__ import annotations

import time
from datetime import date, timedelta
from itertools import takewhile
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
from app.text import _, label, render, show
from geo.plan_types import PlanningSettings
from geo.words import PremisesType, VisitKind


def period(visit: Visit) -> tuple[date, date] | None:
    """First and last day that were picked, None while one is missing; the next thirty days at first."""
    tomorrow = visit.today + timedelta(days=1)
    picked = st.date_input(
        _("Thời gian"), value=(tomorrow, tomorrow + timedelta(days=29)), format="DD/MM/YYYY", key="period"
    )
    return picked if isinstance(picked, tuple) and len(picked) == 2 else None


def team_editor(visit: Visit, first: date, last: date) -> pd.DataFrame:
    """The teams of the period with their hours, to be changed for this plan."""
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
            "use": st.column_config.CheckboxColumn(_("Tham gia"), required=True),
            "name": st.column_config.TextColumn(_("Đội")),
            "shift_start": st.column_config.TimeColumn(_("Từ"), format="HH:mm", required=True),
            "shift_end": st.column_config.TimeColumn(_("Đến"), format="HH:mm", required=True),
            "max_visits": st.column_config.NumberColumn(
                _("Lượt mỗi ngày"), min_value=1, max_value=20, step=1, required=True
            ),
        },
        key=f"teams-{first}-{last}",
    )
    st.caption(_("Giờ đến sớm hơn giờ từ nghĩa là ca kéo dài qua nửa đêm, sang ngày hôm sau."))
    return edited


def planner(visit: Visit) -> None:
    """Ask for a plan and make it."""
    first_one = service.kept_plans(visit.store, visit.actor).empty
    with st.expander(_("Lập lịch mới"), expanded=first_one, icon=":material/add:"):
        days = period(visit)
        if days is None:
            st.info(_("Chọn ngày đầu và ngày cuối."))
            return
        table = team_editor(visit, *days)
        outings = st.number_input(
            _("Số buổi mỗi tuần của một đội"), 1, 6, PlanningSettings().outings_per_week, width=260
        )
        seconds = st.slider(_("Thời gian tính (giây)"), 2, 60, 5)
        if st.button(_("Lập lịch"), type="primary", icon=":material/route:"):
            with told():
                make(visit, days, table, outings, seconds)


def make(visit: Visit, days: tuple[date, date], table: pd.DataFrame, outings: int, seconds: int) -> None:
    """Make the plan that the form asks for, and show it."""
    teams = service.team_changes(table)
    if not teams:
        st.warning(_("Chưa chọn đội nào: đánh dấu ít nhất một đội tham gia."))
        return
    request = service.PlanRequest(
        first=days[0],
        last=days[1],
        seconds=float(seconds),
        team_ids=frozenset(teams),
        team_changes=teams,
        settings=PlanningSettings(outings_per_week=outings),
    )
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


def stop_table(visits: pd.DataFrame, short: dict[str, str]) -> pd.DataFrame:
    """The stops in order, with the reason of each."""
    return pd.DataFrame(
        {
            _("Ngày"): visits["on_date"].dt.date,
            _("Thứ tự"): visits["position"],
            _("Giờ đến"): [f"{moment:%H:%M}" for moment in visits["arrive"]],
            _("Cơ sở"): visits["name"],
            _("Vì sao"): ["; ".join(render(p["text"]) for p in reason["parts"]) for reason in visits["reason"]],
            _("Đội"): visits["team"].map(short),
            _("Loại hình"): [label(PremisesType(t)) if isinstance(t, str) else "" for t in visits["type"]],
            _("Địa chỉ"): visits["address"],
            _("Kiểu"): [label(VisitKind(k)) for k in visits["kind"]],
            _("Bốc thăm"): visits["drawn_at_random"].astype(bool),
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
    if plan.outings_per_week is not None:
        st.caption(_("Mỗi đội đi nhiều nhất {n} buổi một tuần.", n=plan.outings_per_week))
    for note in plan.summary["notes"]:
        st.info(render(note))
    teams = sorted({*plan.visits["team"].dropna(), *plan.routes["team"].dropna()})
    short = short_names(teams)
    visits, routes = chosen_part(plan, teams, short)
    plan_map(visit, visits, routes, teams)
    stops, coverage, borders, left_out = st.tabs(
        [_("Các điểm dừng"), _("Độ bao phủ"), _("Giáp ranh"), _("Không xếp")]
    )
    with stops:
        columns = {
            _("Ngày"): dates(),
            _("Vì sao"): st.column_config.TextColumn(width="large"),
            _("Bốc thăm"): st.column_config.CheckboxColumn(),
        }
        st.dataframe(stop_table(visits, short), hide_index=True, height=380, column_config=columns)
    with coverage:
        st.caption(_("Cơ sở của mỗi phường được kiểm tra trong năm, so với chỉ tiêu của kế hoạch."))
        shares = dict.fromkeys((_("Trước"), _("Sau"), _("Chỉ tiêu")), numbers("%.1f%%"))
        st.dataframe(coverage_table(visit, plan), hide_index=True, column_config=shares)
    with borders:
        st.caption(_("Các đoạn giáp ranh có nguy cơ cao và lịch này có đi qua hay không."))
        columns = {_("Nguy cơ"): numbers("%.1f"), _("Ngày"): dates()}
        st.dataframe(border_table(visit, plan), hide_index=True, column_config=columns)
    with left_out:
        st.caption(_("Mỗi cơ sở không có trong lịch kèm lý do."))
        st.dataframe(left_out_table(visit, plan), hide_index=True, height=380)


def dates() -> Any:
    """A column of days that sorts by time."""
    return st.column_config.DateColumn(format="DD/MM/YYYY")


def numbers(form: str) -> Any:
    """A column that sorts as numbers."""
    return st.column_config.NumberColumn(format=form)


def short_names(teams: list[str]) -> dict[str, str]:
    """Names of the teams without the words that all of them begin with."""
    words = [team.split() for team in teams]
    common = 0
    if len(teams) > 1:
        # At least the last word of every name stays.
        columns = zip(*(name[:-1] for name in words), strict=False)
        common = sum(1 for _same in takewhile(lambda column: len(set(column)) == 1, columns))
    if common < 2:
        return {team: team for team in teams}
    rest = [" ".join(name[common:]) for name in words]
    return {team: name[0].upper() + name[1:] for team, name in zip(teams, rest, strict=True)}


def chosen_part(
    plan: service.KeptPlan, teams: list[str], short: dict[str, str]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """The stops and routes of the teams and the day that were picked."""
    days = sorted({d.date() for d in plan.visits["on_date"]})
    pick_team, pick_day = st.columns(2)
    team = pick_team.multiselect(_("Đội"), teams, format_func=short.__getitem__, placeholder=_("Tất cả"))
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
            _("Trước"): [row["before"] * 100 for row in rows],
            _("Sau"): [row["after"] * 100 for row in rows],
            _("Chỉ tiêu"): [row["target"] * 100 for row in rows],
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
            _("Nguy cơ"): [float(risk) for risk in worst["risk"]],
            _("Có trong lịch"): [bool(visited[segment]["visited"]) for segment in worst["id"]],
            _("Ngày"): [
                date.fromisoformat(visited[segment]["date"]) if visited[segment]["date"] else None
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
