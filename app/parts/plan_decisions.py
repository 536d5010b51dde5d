"""The inspection decisions of a plan: one a team; numbers are entered when issued."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.access import Right, may
from app.config import ROOT
from app.parts import plan_reads
from app.parts.failures import told
from app.parts.plan_desk import tell
from app.parts.plan_words import day_text
from app.parts.visit import Visit
from app.services import decisions
from app.services.decisions import KeptDecision
from app.services.plan_reading import KeptPlan
from app.text import _, label
from geo.words import PlanState


def decision_list(visit: Visit, plan: KeptPlan) -> None:
    """The decisions, and a short form for one that has been issued."""
    if plan.state in (PlanState.DRAFT, PlanState.DISCARDED):
        st.info(_("Quyết định kiểm tra của từng Đội được chuẩn bị khi lịch được phê duyệt."))
        return
    with told():
        kept = decisions.kept_decisions(visit.store, visit.actor, plan.plan_id)
        if not kept:
            st.caption(_("Không có quyết định nào trong phạm vi của bạn."))
            return
        without = [one for one in kept if one.number is None]
        if without:
            st.warning(
                _("{n} quyết định chưa có số: chưa có số thì chưa bắt đầu lượt kiểm tra nào.", n=len(without))
            )
        st.dataframe(_table(kept), hide_index=True)
        if may(visit.actor, Right.SEE_TIPS):
            cases = st.Page(ROOT / "app" / "pages" / "cases.py", url_path="cases")
            st.page_link(cases, label=_("Hồ sơ kiểm tra"), icon=":material/folder_open:")
        if without and may(visit.actor, Right.KEEP_CASES) and plan.state is not PlanState.CLOSED:
            _issued(visit, without)


def _table(kept: list[KeptDecision]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Đội"): [one.team for one in kept],
            _("Kiểu"): [label(one.kind) for one in kept],
            _("Số"): [one.number or "" for one in kept],
            _("Ngày ký"): [day_text(one.on_date) for one in kept],
            _("Người ký"): [one.signer or "" for one in kept],
            _("Số lượt"): [one.visits for one in kept],
            _("Căn cứ"): [one.basis for one in kept],
        }
    )


def _issued(visit: Visit, without: list[KeptDecision]) -> None:
    names = {one.id: f"{one.team} ({label(one.kind)}, {one.first_day:%d/%m})" for one in without}
    by_id = {one.id: one for one in without}
    with st.form("plan-issue", border=True):
        st.markdown(f"**{_('Ghi số khi văn thư đã cấp')}**")
        chosen = st.selectbox(_("Quyết định"), list(names), format_func=names.__getitem__)
        one, two, three = st.columns(3)
        number = one.text_input(_("Số quyết định"), placeholder="112/QĐ-UBND", max_chars=80)
        day = two.date_input(_("Ngày ký"), value=visit.today, format="DD/MM/YYYY")
        signer = three.text_input(_("Chức vụ người ký"), placeholder=_("Chủ tịch UBND phường"), max_chars=120)
        if st.form_submit_button(_("Ghi số quyết định"), type="primary"):
            decisions.issue(
                visit.store,
                visit.actor,
                chosen,
                number=number or "",
                on_date=day,
                signer=signer or "",
                as_of=visit.today,
                seen_version=by_id[chosen].seen_version,
            )
            plan_reads.changed_plan(visit)
            tell(_("Đã ghi số quyết định."))
            st.rerun(scope="app")
