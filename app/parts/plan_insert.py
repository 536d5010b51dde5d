"""Fitting a visit in: a verified signal, a visit not kept, an unannounced check; cheapest places first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from app.parts import plan_reads
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.plan_desk import FITTED, desk_of, make, may_change, price_of, show_price
from app.parts.plan_stop import pick_place
from app.parts.plan_words import day_text, weekday_text
from app.parts.visit import Visit
from app.services import plan_compare, plan_edits
from app.services.plan_desk import Desk
from app.services.plan_edits import Edit
from app.services.plan_reading import KeptPlan
from app.services.search import search
from app.text import _, label, render
from geo.words import EditKind, PlanState

_SHOWN = 6


def fit_in(visit: Visit, plan: KeptPlan) -> None:
    """Search a premises, see the three cheapest legal places for it, choose one."""
    if not may_change(visit, plan):
        st.caption(_("Chỉ người lập lịch xếp thêm lượt, và chỉ trong lịch chưa kết thúc."))
        return
    left, right = st.columns([5, 6], gap="medium")
    with left:
        _find(visit, plan)
    with right, told():
        chosen = st.session_state.get(FITTED)
        if chosen is None:
            st.caption(_("Tìm một cơ sở để xem ba chỗ xếp ít tốn giờ nhất mà vẫn đúng luật."))
        else:
            _places(visit, plan, chosen)


def _find(visit: Visit, plan: KeptPlan) -> None:
    typed = st.text_input(
        _("Tìm cơ sở cần xếp thêm"),
        placeholder=_("Tên, số đăng ký, địa chỉ"),
        max_chars=100,
        icon=":material/search:",
        key="plan-fit-typed",
    )
    if (typed or "").strip():
        found = search(visit.store, visit.actor, typed or "", limit=_SHOWN, day=visit.today)
        for one in found:
            _offer(one.premises_id, one.name, f"{label(one.type)} · {one.address} · {one.ward_name or ''}")
        if not found:
            st.caption(_("Không tìm thấy cơ sở nào như vậy."))
    if plan.state is not PlanState.DRAFT:
        _not_kept(visit, plan)


def _offer(premises_id: str, name: str, more: str) -> None:
    label_text = f"**{plain(name)}** · {plain(more)}"
    if st.button(label_text, key=f"fit-{premises_id}", type="tertiary"):
        st.session_state[FITTED] = premises_id
        st.rerun(scope="app")


def _not_kept(visit: Visit, plan: KeptPlan) -> None:
    """Visits of the plan that did not become checks."""
    with told():
        missed = plan_compare.not_kept(visit.store, visit.actor, plan.plan_id, visit.today)
        if not missed:
            return
        st.markdown(f"**{_('Lượt không thực hiện được')}**")
        names = plan_reads.ground(visit).premises.set_index("id")["name"].to_dict()
        for one in missed:
            outcome = "" if one.outcome is None else label(one.outcome)
            more = " · ".join(filter(None, (day_text(one.date), outcome)))
            _offer(one.premises_id, str(names.get(one.premises_id, one.premises_id)), more)


def _places(visit: Visit, plan: KeptPlan, premises_id: str) -> None:
    known = plan_reads.ground(visit).premises.set_index("id")
    name = known["name"].get(premises_id, premises_id)
    st.subheader(plain(name), anchor=False)
    desk = desk_of(visit, plan)
    inside = desk.book.where(premises_id) is not None
    basis = decision = grounds = ""
    if inside:
        st.caption(_("Cơ sở đã có trong lịch: các chỗ dưới đây là chuyển lượt đó."))
    elif st.toggle(_("Kiểm tra đột xuất"), key=f"fit-secret-{premises_id}"):
        st.caption(
            _(
                "Cần dấu hiệu vi phạm rõ ràng tại chính cơ sở này và số quyết định nêu căn cứ đó. "
                "Lượt đột xuất không hiện với người khác, không có trong tệp và lịch hẹn."
            )
        )
        basis = st.text_input(_("Căn cứ"), max_chars=400, key=f"fit-basis-{premises_id}")
        decision = st.text_input(_("Số, ngày quyết định"), max_chars=100, key=f"fit-decision-{premises_id}")
        if not (basis.strip() and decision.strip()):
            return
    if not basis:
        grounds = st.text_input(
            _("Vì sao xếp thêm (nguồn tin đã xác minh, lượt chưa thực hiện)"),
            max_chars=200,
            key=f"fit-grounds-{premises_id}",
        )
    kind = EditKind.MOVE if inside else EditKind.ADD
    edit = Edit(kind, premises_id, basis=basis, decision=decision, grounds=grounds)
    _cheapest(visit, plan, desk, edit)
    _by_hand(visit, plan, desk, edit)


def _cheapest(visit: Visit, plan: KeptPlan, desk: Desk, wanted: Edit) -> None:
    found = plan_edits.fit_in(
        desk, wanted.premises_id, first=visit.today, basis=wanted.basis, decision=wanted.decision
    )
    names = plan_reads.team_names(visit, plan)
    if not found.places:
        st.error(
            _("Không còn chỗ nào đúng luật.") + "  \n" + "  \n".join(render(why) for why in found.refusals[:3]),
            icon=":material/block:",
        )
    for place in found.places:
        where = _(
            "**{day}** · {team}, thứ {n}",
            day=weekday_text(place.date),
            team=plain(names.get(place.team_id, place.team_id)),
            n=place.position,
        )
        st.markdown(where)
        show_price(place.change.price)
        key = f"fit-take-{place.team_id}-{place.date}"
        if st.button(_("Chọn chỗ này"), key=key):
            make(visit, desk, _at(wanted, place.team_id, place.date, place.position))


def _by_hand(visit: Visit, plan: KeptPlan, desk: Desk, wanted: Edit) -> None:
    with st.expander(_("Tự chọn đội và ngày")):
        chosen = pick_place(desk, plan_reads.team_names(visit, plan), f"fit-{wanted.premises_id}")
        if chosen is None:
            return
        team, day, position = chosen
        edit = _at(wanted, team, day, position)
        price = price_of(desk, edit)
        if st.button(_("Xếp vào đây"), disabled=not price.legal, key="fit-own-place"):
            make(visit, desk, edit)


def _at(wanted: Edit, team: str, day: date, position: int | None) -> Edit:
    return replace(wanted, team_id=team, day=day, position=position)
