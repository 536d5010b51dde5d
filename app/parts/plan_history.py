"""Changes of a plan: what waits to be proposed or decided, the steps of its life, and who changed what."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.access import Right, may
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.plan_desk import clear_desk, waiting
from app.parts.plan_state import after
from app.parts.visit import Visit
from app.services import plan_amendments, plan_changes, plan_life
from app.services.leak_signs import leak_signs
from app.services.plan_amendments import Amendment
from app.services.plan_reading import KeptPlan
from app.text import _, label, render, show
from geo.words import PlanState


def being_amended(visit: Visit, plan: KeptPlan) -> None:
    """The changes made on the desk of a decided plan: propose them with a reason, or put them away."""
    desk = waiting(plan)
    if desk is None:
        return
    with st.container(border=True):
        st.markdown(f"**{_('Bản điều chỉnh đang soạn')}**")
        st.markdown("\n".join(f"- {plain(render(what))}" for what in desk.done))
        reason = st.text_input(_("Lý do điều chỉnh"), max_chars=1000, key="plan-amend-reason")
        with st.container(horizontal=True):
            with told():
                if st.button(_("Gửi đề nghị điều chỉnh"), type="primary", key="plan-propose"):
                    plan_amendments.propose(visit.store, visit.actor, desk, reason or "")
                    after(visit, clear_desk, _("Đã gửi đề nghị; chờ người khác phê duyệt."))
            if st.button(_("Bỏ các thay đổi này"), key="plan-amend-drop"):
                clear_desk()
                st.rerun(scope="app")


def proposals(visit: Visit, plan: KeptPlan) -> None:
    """Amendments that wait: the signer approves each with a document, or refuses it with a reason."""
    if plan.state not in (PlanState.APPROVED, PlanState.RUNNING):
        return
    with told():
        for one in plan_amendments.pending(visit.store, visit.actor, plan.plan_id):
            _proposal(visit, one)


def _proposal(visit: Visit, one: Amendment) -> None:
    with st.container(border=True):
        st.markdown(_("**Đề nghị điều chỉnh** của {name}, {at}", name=plain(one.by), at=plain(show(one.at))))
        st.markdown(
            _("Lý do: {reason}", reason=plain(one.reason))
            + "\n"
            + "\n".join(f"- {plain(render(change))}" for change in one.changes)
        )
        if not may(visit.actor, Right.APPROVE) or one.by == visit.actor.name:
            st.caption(_("Chờ người khác có quyền phê duyệt quyết định."))
            return
        left, right = st.columns(2)
        with left, told():
            number = st.text_input(_("Số văn bản điều chỉnh"), key=f"amend-document-{one.id}")
            if st.button(_("Phê duyệt điều chỉnh"), type="primary", key=f"amend-approve-{one.id}"):
                after(
                    visit,
                    lambda: plan_amendments.approve(
                        visit.store, visit.actor, one.id, number or "", visit.today
                    ),
                    _("Đã phê duyệt điều chỉnh."),
                )
        with right, told():
            reason = st.text_input(_("Lý do không đồng ý"), key=f"amend-refuse-reason-{one.id}")
            if st.button(_("Không đồng ý"), key=f"amend-refuse-{one.id}"):
                after(
                    visit,
                    lambda: plan_amendments.refuse(visit.store, visit.actor, one.id, reason or ""),
                    _("Đã trả lại đề nghị."),
                )


def history(visit: Visit, plan: KeptPlan) -> None:
    """The steps of the plan's life, and who changed which stops."""
    left, right = st.columns([4, 7], gap="medium")
    with left, told():
        st.markdown(f"**{_('Vòng đời của lịch')}**")
        for step in plan_life.history(visit.store, visit.actor, plan.plan_id):
            more = " · ".join(plain(text) for text in (step.document, step.reason) if text)
            line = f"- {plain(show(step.at))}: **{plain(label(step.step))}** ({plain(step.by)})"
            st.markdown(f"{line}  \n  {more}" if more else line)
    with right, told():
        if may(visit.actor, Right.PLAN) or may(visit.actor, Right.APPROVE):
            _changes(visit, plan)
        if may(visit.actor, Right.APPROVE):
            _leaks(visit, plan)


def _leaks(visit: Visit, plan: KeptPlan) -> None:
    """Closed doors on planned days, told to the signer alone: somebody may have known."""
    found = [one for one in leak_signs(visit.store, visit.actor, visit.today) if one.plan_id == plan.plan_id]
    signs = [one for one in found if one.found.sign]
    if not signs:
        return
    st.markdown(f"**{_('Dấu hiệu lộ lịch')}**")
    for one in signs:
        st.warning(" ".join(filter(None, (plain(one.team), plain(render(one.found.text))))))


def _changes(visit: Visit, plan: KeptPlan) -> None:
    st.markdown(f"**{_('Thay đổi bằng tay')}**")
    made = plan_changes.changes_made(visit.store, visit.actor, plan.plan_id)
    if not made:
        st.caption(_("Chưa ai sửa lịch này bằng tay."))
        return
    valuable = sum(one.high for one in made)
    if valuable:
        st.caption(_("{n} thay đổi chạm vào lượt có giá trị cao (một phần tư cao nhất của lịch).", n=valuable))
    st.dataframe(
        pd.DataFrame(
            {
                _("Lúc"): [show(one.at) for one in made],
                _("Người sửa"): [one.by for one in made],
                _("Thay đổi"): [render(one.text) for one in made],
                _("Giá trị"): [one.value for one in made],
                _("Giá trị cao"): [one.high for one in made],
            }
        ),
        hide_index=True,
        column_config={_("Thay đổi"): st.column_config.TextColumn(width="large")},
    )
