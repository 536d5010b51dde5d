"""The retention table: its terms, a data steward's changes, a leader's approval."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.access import Right, may
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.visit import Visit
from app.services import purge
from app.text import _, render


def terms_table(visit: Visit) -> None:
    """The table with who approved it, and what the reader may do about it."""
    kept = purge.terms(visit.store, visit.actor)
    _approval(kept)
    rows = pd.DataFrame(
        {
            "key": [rule.key.value for rule in kept.table.rules],
            "what": [render(rule.what) for rule in kept.table.rules],
            "months": [rule.months for rule in kept.table.rules],
            "since": [render(rule.since) for rule in kept.table.rules],
            "law": [rule.law for rule in kept.table.rules],
        }
    )
    columns = {
        "key": None,
        "what": st.column_config.TextColumn(_("Dữ liệu"), width="large"),
        "months": st.column_config.NumberColumn(
            _("Số tháng"), min_value=1, max_value=1200, step=1, required=True
        ),
        "since": st.column_config.TextColumn(_("Kể từ")),
        "law": st.column_config.TextColumn(_("Căn cứ"), width="large"),
    }
    if not may(visit.actor, Right.KEEP_PRIVATE):
        st.dataframe(rows, column_config=columns, hide_index=True)
    else:
        fixed = ["key", "what", "since", "law"]
        edited = st.data_editor(
            rows, column_config=columns, hide_index=True, disabled=fixed, key="keeping-months"
        )
        months = {key: int(n) for key, n in zip(edited["key"], edited["months"], strict=True) if pd.notna(n)}
        changed = months != dict(zip(rows["key"], rows["months"], strict=True))
        if st.button(_("Lưu thời hạn"), disabled=not changed, key="keeping-save"):
            with told():
                purge.set_months(visit.store, visit.actor, months)
                st.rerun()
    _approve(visit, kept)


def _approval(kept: purge.KeptTerms) -> None:
    if kept.approved_by is None:
        st.warning(
            _("Bảng thời hạn chưa được lãnh đạo duyệt; chưa xóa được dữ liệu quá hạn."),
            icon=":material/pending:",
        )
    else:
        st.success(
            _("Đã duyệt: {who}, {at}.", who=plain(kept.approved_by), at=kept.approved_at),
            icon=":material/check:",
        )


def _approve(visit: Visit, kept: purge.KeptTerms) -> None:
    if kept.approved_by is not None or not may(visit.actor, Right.APPROVE):
        return
    if st.button(_("Duyệt bảng thời hạn"), type="primary", key="keeping-approve"):
        with told():
            purge.approve(visit.store, visit.actor, kept.table.fingerprint)
            st.rerun()
