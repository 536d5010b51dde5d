"""Lịch kiểm tra: ask for a plan, see it on the map and in time, change it with the price first, decide."""

from __future__ import annotations

import streamlit as st

from app.access import Right, may
from app.parts import plan_reads, plan_search
from app.parts.failures import told
from app.parts.plan_comparison import comparison
from app.parts.plan_decisions import decision_list
from app.parts.plan_desk import say_told
from app.parts.plan_downloads import downloads
from app.parts.plan_history import being_amended, history, proposals
from app.parts.plan_insert import fit_in
from app.parts.plan_request import request_form
from app.parts.plan_results import borders, coverage, figures, left_out
from app.parts.plan_state import state_line, steps
from app.parts.plan_stop import stop_panel
from app.parts.plan_stops import Part, filtered, picked, plan_map, stop_table
from app.parts.plan_timetable import timetable
from app.parts.visit import Visit, require_visit
from app.text import _, label, show
from geo.words import PlanState


def plan_names(visit: Visit) -> dict[str, str]:
    """How each plan that the visitor may know of is called in lists, newest first."""
    return {
        row.id: _(
            "{first} - {last}, {state}, lập {made}",
            first=row.first_day.date(),
            last=row.last_day.date(),
            state=label(PlanState(row.state)),
            made=show(row.made_at),
        )
        for row in plan_reads.kept_plans(visit).itertuples()
    }


def choose_plan(names: dict[str, str]) -> str:
    """The plan to look at: the one just made, the one that was looked at, or the newest."""
    ids, current = list(names), st.session_state.get(plan_search.SHOWN)
    chosen = st.selectbox(
        _("Lịch"),
        ids,
        index=ids.index(current) if current in ids else 0,
        format_func=names.__getitem__,
        label_visibility="collapsed",
    )
    st.session_state[plan_search.SHOWN] = chosen
    return str(chosen)


def show_plan(visit: Visit, names: dict[str, str]) -> None:
    """One plan: where it stands, what it comes to, its stops, and everything beside them."""
    listed, state = st.columns([5, 6])
    with listed:
        plan = plan_reads.plan(visit, choose_plan(names))
    with state:
        state_line(plan)
    steps(visit, plan)
    being_amended(visit, plan)
    proposals(visit, plan)
    figures(plan)
    part = filtered(plan)
    on_map, in_order = st.columns([11, 10], gap="small")
    with on_map:
        plan_map(visit, part)
    with in_order:
        stop_table(part)
    premises_id = picked()
    if premises_id is None:
        st.caption(_("Chọn một điểm dừng trên bản đồ hoặc trong bảng để xem vì sao và để sửa."))
    else:
        stop_panel(visit, plan, premises_id)
    beside(visit, part, names)


def beside(visit: Visit, part: Part, names: dict[str, str]) -> None:
    """What can be opened below the stops; only the tab that is open is worked out."""
    plan = part.plan
    tabs = {
        _("Thời gian biểu"): lambda: timetable(visit, part),
        _("Độ bao phủ"): lambda: coverage(visit, plan),
        _("Giáp ranh"): lambda: borders(visit, plan),
        _("Không xếp"): lambda: left_out(visit, plan),
        _("Xếp thêm lượt"): lambda: fit_in(visit, plan),
        _("So sánh"): lambda: comparison(visit, plan, names),
        _("Quyết định"): lambda: decision_list(visit, plan),
        _("Lịch sử"): lambda: history(visit, plan),
        _("In, tải về"): lambda: downloads(plan.plan_id),
    }
    for tab, draw in zip(st.tabs(list(tabs), key="plan-tab", on_change="rerun"), tabs.values(), strict=True):
        if tab.open is False:
            continue
        with tab, told():
            draw()


visit = require_visit()
st.title(_("Lịch kiểm tra"))
say_told()
with told():
    plan_search.progress()
    names = plan_names(visit)
    if may(visit.actor, Right.PLAN) and not plan_search.running():
        request_form(visit, expanded=not names)
    if names:
        show_plan(visit, names)
    elif not plan_search.running():
        st.info(_("Chưa có lịch kiểm tra nào trong phạm vi của bạn."))
