"""Báo cáo: the calendar of reports, reports made of the period's figures, and the office's templates."""

from __future__ import annotations

import streamlit as st

from app.parts.failures import told
from app.parts.report_list import calendar, made_reports, make_form, unit_choice
from app.parts.report_template_check import template_check
from app.parts.report_view import report_view
from app.parts.report_words import OPEN
from app.parts.visit import require_visit
from app.text import _

REPORTS, TEMPLATES = "reports", "templates"

visit = require_visit()
st.title(_("Báo cáo"))
opened = st.query_params.get(OPEN)
if opened:
    report_view(visit, opened)
else:
    names = {REPORTS: _("Báo cáo"), TEMPLATES: _("Mẫu")}
    view = st.segmented_control(
        _("Phần"),
        list(names),
        default=REPORTS,
        format_func=names.__getitem__,
        key="reports-view",
        label_visibility="collapsed",
    )
    with told():
        if view == TEMPLATES:
            template_check()
        else:
            unit = unit_choice(visit)
            left, right = st.columns(2)
            with left:
                st.subheader(_("Lịch báo cáo"))
                calendar(visit, unit)
            with right:
                make_form(visit, unit)
            made_reports(visit)
