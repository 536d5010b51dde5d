"""Nhật ký: who did what, when and from where; whether the log is whole; who spared visits of high value."""

from __future__ import annotations

import streamlit as st

from app.parts.audit_filters import wanted_entries
from app.parts.audit_insiders import insider_list
from app.parts.audit_table import PAGE, downloads, entry_table, wholeness
from app.parts.failures import told
from app.parts.visit import Visit, require_visit
from app.services import audit
from app.text import _

LOG, SPARED = "log", "spared"


def log(visit: Visit) -> None:
    """Filters, the entries, and the files."""
    wanted = wanted_entries(visit)
    entries = audit.show(visit.store, visit.actor, wanted, most=PAGE)
    if not entries:
        st.info(_("Không có mục nào như vậy."))
    else:
        entry_table(entries)
        if len(entries) == PAGE:
            st.caption(_("Chỉ hiện {n} mục mới nhất; lọc hẹp lại hoặc tải tệp để xem hết.", n=PAGE))
        downloads(visit, wanted)
    wholeness(visit)


visit = require_visit()
st.title(_("Nhật ký"))
with told():
    words = {LOG: _("Mọi việc"), SPARED: _("Ai bỏ, đổi lượt giá trị cao")}
    view = st.segmented_control(
        _("Phần"),
        list(words),
        default=LOG,
        format_func=words.__getitem__,
        key="audit-view",
        label_visibility="collapsed",
    )
    if view == SPARED:
        insider_list(visit)
    else:
        log(visit)
