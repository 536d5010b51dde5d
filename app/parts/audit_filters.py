"""Which entries of the audit log somebody wants to see: who, what, about what, between which days."""

from __future__ import annotations

from datetime import date

import streamlit as st

from app.parts.visit import Visit
from app.services import audit
from app.services.audit import Wanted
from app.services.audit_words import action_word
from app.text import _, render


def wanted_entries(visit: Visit) -> Wanted:
    """The filters above the table."""
    who, what = audit.choices(visit.store, visit.actor)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first, last = (_day(*side) for side in ((_("Từ ngày"), "from"), (_("Đến ngày"), "to")))
        with st.container(width=240):
            actors = st.multiselect(_("Ai"), who, placeholder=_("Tất cả"), key="audit-who")
        with st.container(width=320):
            actions = st.multiselect(
                _("Việc"), what, format_func=_word, placeholder=_("Tất cả"), key="audit-what"
            )
        with st.container(width=300):
            subject = st.text_input(_("Mã đối tượng"), max_chars=120, key="audit-subject")
    since, until = audit.whole_days(first, last)
    return Wanted(tuple(actors), tuple(actions), subject.strip(), since, until)


def _word(action: str) -> str:
    return render(action_word(action))


def _day(title: str, side: str) -> date | None:
    with st.container(width=150):
        day: date | None = st.date_input(title, None, format="DD/MM/YYYY", key=f"audit-{side}")
    return day
