"""What a purge would delete today, and the purge itself after a second look."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.access import Right, may
from app.parts.failures import told
from app.parts.visit import Visit
from app.services import purge
from app.text import _, render

_ASKED, _DONE = "keeping-asked", "keeping-done"


def purge_view(visit: Visit) -> None:
    """For the data steward and leaders: what is due, what is held, and the button that deletes it."""
    if not (may(visit.actor, Right.KEEP_PRIVATE) or may(visit.actor, Right.APPROVE)):
        return
    st.subheader(_("Dữ liệu quá hạn"))
    if (n := st.session_state.pop(_DONE, None)) is not None:
        st.success(_("Đã xóa {n} mục.", n=n))
    if st.button(_("Xem trước"), icon=":material/visibility:", key="keeping-preview"):
        st.session_state[_ASKED] = True
    if not st.session_state.get(_ASKED):
        return
    with told():
        _due(visit)


def _due(visit: Visit) -> None:
    found = purge.what_would_go(visit.store, visit.actor, visit.today)
    rows = pd.DataFrame(
        [(render(one.rule.what), sum(one.by_table.values()), one.held) for one in found],
        columns=["what", "due", "held"],
    )
    columns = {
        "what": st.column_config.TextColumn(_("Dữ liệu"), width="large"),
        "due": st.column_config.NumberColumn(_("Sẽ xóa")),
        "held": st.column_config.NumberColumn(_("Còn giữ vì chưa kết thúc")),
    }
    st.dataframe(rows, column_config=columns, hide_index=True)
    total = int(rows["due"].sum())
    if not total or not may(visit.actor, Right.KEEP_PRIVATE):
        return
    sure = st.checkbox(_("Tôi đã sao lưu và hiểu rằng không lấy lại được."), key="keeping-sure")
    approved = purge.terms(visit.store, visit.actor).approved_by is not None
    if st.button(
        _("Xóa {n} mục", n=total), type="primary", disabled=not (sure and approved), key="keeping-purge"
    ):
        done = purge.purge(visit.store, visit.actor, visit.today)
        st.session_state[_DONE] = sum(sum(one.by_table.values()) for one in done)
        st.session_state[_ASKED] = False
        st.rerun()
