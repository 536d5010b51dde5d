"""Dữ liệu và lưu giữ: how long what is kept, what a purge would delete, words excused, what fields are for."""

from __future__ import annotations

import streamlit as st

from app.parts.failures import told
from app.parts.keeping_exceptions import excused_words
from app.parts.keeping_purge import purge_view
from app.parts.keeping_sheet import data_sheet_view
from app.parts.keeping_terms import terms_table
from app.parts.visit import require_visit
from app.text import _

TERMS, WORDS, FIELDS = "terms", "words", "fields"

visit = require_visit()
st.title(_("Dữ liệu và lưu giữ"))
with told():
    words = {
        TERMS: _("Thời hạn lưu giữ"),
        WORDS: _("Cụm từ được cho phép"),
        FIELDS: _("Phiếu dữ liệu"),
    }
    view = st.segmented_control(
        _("Phần"),
        list(words),
        default=TERMS,
        format_func=words.__getitem__,
        key="keeping-view",
        label_visibility="collapsed",
    )
    if view == WORDS:
        excused_words(visit)
    elif view == FIELDS:
        data_sheet_view()
    else:
        terms_table(visit)
        purge_view(visit)
