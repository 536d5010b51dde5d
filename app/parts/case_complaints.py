"""Complaints of premises about a team: record, answer, and which team may not visit in the meantime."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from app.parts import premises_reads
from app.parts.case_entry import field_key, saved
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.plan_words import date_column
from app.parts.visit import Visit
from app.services import complaints
from app.services.case_facts import teams_on
from app.services.complaints import KeptComplaint
from app.text import _


def complaint_list(visit: Visit) -> None:
    """Open complaints with what they bar, answered ones below, and the form for a new one."""
    kept = complaints.kept_complaints(visit.store, visit.actor, visit.today)
    waiting = [one for one in kept if one.answered_on is None]
    st.markdown(_("**{n}** khiếu nại chưa trả lời", n=len(waiting)))
    st.caption(_("Trong khi chờ trả lời, đội bị khiếu nại không được kiểm tra cơ sở đó; đội khác thì được."))
    for one in waiting:
        _waiting(visit, one)
    settled = [one for one in kept if one.answered_on is not None]
    if settled:
        with st.expander(_("Đã trả lời ({n})", n=len(settled))):
            _settled(settled)
    _new(visit)


def _waiting(visit: Visit, one: KeptComplaint) -> None:
    with st.container(border=True):
        paper = f", {one.document}" if one.document else ""
        st.markdown(f"**{plain(one.premises)}** · {plain(_('ngày {day}', day=one.on_date) + paper)}")
        st.markdown(f":red[{plain(_('{team} không được kiểm tra cơ sở này', team=one.team))}]")
        with st.form(field_key(f"complaint-{one.id}"), border=False):
            left, right = st.columns(2)
            number = left.text_input(_("Số văn bản trả lời"), max_chars=200, key=field_key(f"answer-{one.id}"))
            day: date = right.date_input(
                _("Ngày trả lời"),
                visit.today,
                min_value=one.on_date,
                max_value=visit.today,
                format="DD/MM/YYYY",
                key=field_key(f"answered-{one.id}"),
            )
            if st.form_submit_button(_("Ghi văn bản trả lời")):
                with told():
                    complaints.answer(visit.store, visit.actor, one.id, day, number or "", visit.today)
                    saved(_("Đã ghi văn bản trả lời; đội lại được kiểm tra cơ sở này."))


def _settled(kept: list[KeptComplaint]) -> None:
    st.dataframe(
        pd.DataFrame(
            {
                _("Ngày khiếu nại"): [one.on_date for one in kept],
                _("Cơ sở"): [one.premises for one in kept],
                _("Đội"): [one.team for one in kept],
                _("Ngày trả lời"): [one.answered_on for one in kept],
                _("Văn bản trả lời"): [one.answer for one in kept],
            }
        ),
        hide_index=True,
        column_config=dict.fromkeys((_("Ngày khiếu nại"), _("Ngày trả lời")), date_column()),
    )


def _new(visit: Visit) -> None:
    register = premises_reads.register(visit)
    names = {
        row.id: f"{row.name} ({row.ward_name or ''})"
        for row in register.sort_values("name")[["id", "name", "ward_name"]].itertuples(index=False)
    }
    with st.expander(_("Ghi khiếu nại mới")), st.form(field_key("complaint-new"), border=False):
        premises = st.selectbox(
            _("Cơ sở khiếu nại"),
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder=_("Chọn cơ sở"),
            key=field_key("complaint-premises"),
        )
        teams = teams_on(visit.store, visit.actor, visit.today)
        team = st.selectbox(
            _("Đội bị khiếu nại"),
            list(teams),
            index=None,
            format_func=teams.__getitem__,
            placeholder=_("Chọn đội"),
            key=field_key("complaint-team"),
        )
        left, right = st.columns(2)
        day = left.date_input(
            _("Ngày khiếu nại"),
            visit.today,
            max_value=visit.today,
            format="DD/MM/YYYY",
            key=field_key("complaint-day"),
        )
        paper = right.text_input(
            _("Số đơn, văn bản"),
            max_chars=200,
            key=field_key("complaint-paper"),
            help=_("Chỉ số và ngày; nội dung đơn và người nộp nằm trong hồ sơ giấy."),
        )
        if st.form_submit_button(_("Ghi khiếu nại"), type="primary"):
            with told():
                complaints.record(
                    visit.store, visit.actor, premises or "", team or "", day, visit.today, paper or ""
                )
                saved(_("Đã ghi khiếu nại; đội này không được kiểm tra cơ sở đó."))
