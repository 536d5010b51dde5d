"""The plan that is being changed in this browser session, and what happens when a change is agreed to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from app.access import Right, may
from app.parts import plan_reads, plan_search
from app.parts.plan_search import SHOWN
from app.parts.visit import Visit
from app.services import plan_edits
from app.services.plan_desk import Desk, open_desk
from app.services.plan_edits import Edit
from app.services.plan_reading import KeptPlan
from app.text import _, render
from geo.plan_edit import Price
from geo.planning import Progress
from geo.words import PlanState

#: The premises that is being fitted in.
FITTED = "plan-fit"
_DESK, _TOLD = "plan-desk", "plan-told"
_OPEN = (PlanState.DRAFT, PlanState.APPROVED, PlanState.RUNNING)


def may_change(visit: Visit, plan: KeptPlan) -> bool:
    """Whether the visitor may change the plan, now or by amendment."""
    return may(visit.actor, Right.PLAN) and plan.state in _OPEN and plan.last >= visit.today


def desk_of(visit: Visit, plan: KeptPlan) -> Desk:
    """The plan laid open, as it stands; opened anew when somebody changed it."""
    kept: Desk | None = st.session_state.get(_DESK)
    same = kept is not None and (kept.plan_id, kept.seen_version, kept.as_of) == (
        plan.plan_id,
        plan.seen_version,
        visit.today,
    )
    if kept is None or not same:
        with st.spinner(_("Đang mở lịch để sửa...")):
            kept = open_desk(visit.store, visit.actor, plan.plan_id, visit.today)
        st.session_state[_DESK] = kept
    return kept


def waiting(plan: KeptPlan) -> Desk | None:
    """The desk of a decided plan on which changes wait to be proposed."""
    kept: Desk | None = st.session_state.get(_DESK)
    return kept if kept is not None and kept.plan_id == plan.plan_id and kept.done else None


def clear_desk() -> None:
    """Put away what lies on the desk."""
    st.session_state.pop(_DESK, None)


def price_of(desk: Desk, edit: Edit) -> Price:
    """What a change costs, shown; and what stands against it."""
    price = plan_edits.price(desk, edit)
    show_price(price)
    return price


def show_price(price: Price) -> None:
    """The price in a sentence, every reason why it is not legal, and what is worth knowing."""
    if price.legal:
        st.success(render(price.text), icon=":material/check_circle:")
    else:
        st.error("  \n".join(render(why) for why in price.refusals), icon=":material/block:")
    for note in price.notes:
        st.caption(render(note))


def make(visit: Visit, desk: Desk, edit: Edit) -> None:
    """Make a change, and show the page anew with the stop it is about."""
    desk = plan_edits.apply(visit.store, visit.actor, desk, edit)
    plan_reads.changed_plan(visit)
    st.session_state[_DESK] = desk
    st.session_state[FITTED] = None
    if desk.done:
        tell(_("Đã ghi vào bản điều chỉnh đang soạn; lịch chỉ đổi sau khi được phê duyệt."))
    else:
        tell(_("Đã sửa lịch."))
    st.rerun(scope="app")


def step(visit: Visit, plan: KeptPlan, do: Callable[..., None], told: str) -> None:
    """Undo or redo, and show the page anew."""
    do(visit.store, visit.actor, plan.plan_id, plan.seen_version)
    plan_reads.changed_plan(visit)
    clear_desk()
    tell(told)
    st.rerun(scope="app")


def plan_rest(visit: Visit, plan: KeptPlan, seconds: float) -> None:
    """Plan the rest anew around what is locked and what was added by hand, beside the page."""
    desk = desk_of(visit, plan)
    store, actor = visit.store, visit.actor

    def work(watch: Progress) -> str:
        plan_edits.reoptimise(store, actor, desk, seconds=seconds, watch=watch)
        return desk.plan_id

    st.session_state[SHOWN] = plan.plan_id
    clear_desk()
    plan_search.begin(_("Đang xếp lại phần còn lại"), work)
    st.rerun(scope="app")


def tell(text: str) -> None:
    """Say something on the run that follows."""
    st.session_state[_TOLD] = text


def say_told() -> None:
    """Say what the last run had to say."""
    text = st.session_state.pop(_TOLD, None)
    if text:
        st.toast(text, icon=":material/check:")


def days_of(desk: Desk, team_id: str) -> list[date]:
    """Days on which a team may be sent out from today on."""
    return sorted(
        {
            day
            for team in desk.book.problem.teams
            if team.team_id == team_id
            for day in {*team.working_days, *team.days}
            if day >= desk.as_of
        }
    )
