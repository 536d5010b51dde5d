"""Hồ sơ kiểm tra: what is owed after checks, each check's papers, letters across borders, complaints."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.access import Right, may
from app.config import ROOT
from app.parts import case_reads
from app.parts.case_chain import chain
from app.parts.case_complaints import complaint_list
from app.parts.case_downloads import papers_to_print
from app.parts.case_entry import closing, paper_form, payments
from app.parts.case_letters import letters
from app.parts.case_list import search_list, work_list
from app.parts.case_signer import for_the_signer
from app.parts.case_words import lateness, sentence
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.search_box import CHOSEN
from app.parts.visit import Visit, require_visit
from app.services.case_facts import CheckFacts
from app.services.cases import Case
from app.text import _, label, render
from geo.words import InspectionBody, PremisesType

PREMISES = ROOT / "app" / "pages" / "premises.py"
#: Names the check in the page's address, so that it can be kept and sent.
PARAMETER = "id"


def open_one(inspection_id: str) -> None:
    """Show one check."""
    st.query_params[PARAMETER] = inspection_id


def close() -> None:
    """Back to the lists."""
    st.query_params.pop(PARAMETER, None)


def lists(visit: Visit) -> None:
    """What there is to do, and the other lists beside it; only the open tab is worked out."""
    tabs: dict[str, Callable[[], None]] = {
        _("Việc cần làm"): lambda: work_list(visit, open_one),
        _("Tìm hồ sơ"): lambda: search_list(visit, open_one),
        _("Phối hợp giáp ranh"): lambda: letters(visit),
    }
    if may(visit.actor, Right.KEEP_CASES):
        tabs[_("Khiếu nại")] = lambda: complaint_list(visit)
    if may(visit.actor, Right.APPROVE):
        tabs[_("Dành cho người ký")] = lambda: for_the_signer(visit)
    for tab, draw in zip(st.tabs(list(tabs), key="case-tab", on_change="rerun"), tabs.values(), strict=True):
        if tab.open is False:
            continue
        with tab, told():
            draw()


def show_one(visit: Visit, inspection_id: str) -> None:
    """One check: how it stands, its line of papers, and what may be entered."""
    st.button(_("Danh sách"), icon=":material/arrow_back:", on_click=close)
    with told():
        case, facts = case_reads.case(visit, inspection_id), case_reads.facts(visit, inspection_id)
        st.subheader(plain(facts.premises))
        kind = label(PremisesType(facts.type)) if facts.type in list(PremisesType) else facts.type
        st.caption(plain(" · ".join(filter(None, (sentence(kind), facts.address, facts.ward)))))
        standing(visit, case, facts)
        with st.container(horizontal=True):
            papers_to_print(visit, facts)
            if st.button(_("Mở cơ sở"), icon=":material/storefront:"):
                st.session_state[CHOSEN] = facts.premises_id
                st.switch_page(PREMISES)
        left, right = st.columns([5, 4], gap="medium")
        with left:
            chain(visit, case, facts)
        with right:
            if facts.body == InspectionBody.TEAM178.value:
                payments(visit, case)
                paper_form(visit, case, facts)
                closing(visit, case, facts)


def standing(visit: Visit, case: Case, facts: CheckFacts) -> None:
    """What comes next, by when."""
    if facts.body != InspectionBody.TEAM178.value:
        st.info(_("Cơ quan khác kiểm tra: văn bản do cơ quan đó giữ."), icon=":material/account_balance:")
        return
    state = case.state
    text = plain(render(state.text))
    if state.due_on is not None:
        until = _("Hạn {day} ({left}).", day=state.due_on, left=lateness(state.due_on, visit.today))
        text += f" {plain(until)}"
    if state.overdue:
        st.error(text, icon=":material/schedule:")
    elif state.closed:
        st.success(text, icon=":material/check_circle:")
    else:
        st.info(text, icon=":material/arrow_forward:")


visit = require_visit()
st.title(_("Hồ sơ kiểm tra"))
asked_for = st.query_params.get(PARAMETER)
if asked_for:
    show_one(visit, asked_for)
else:
    lists(visit)
