"""Words that look like personal data and are none: the list, one more, one less."""

from __future__ import annotations

import streamlit as st

from app.access import Right, may
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.visit import Visit
from app.services import privacy_exceptions
from app.text import _


def excused_words(visit: Visit) -> None:
    """For the data steward; to others it is said whom to ask."""
    if not may(visit.actor, Right.KEEP_PRIVATE):
        st.info(_("Người quản trị dữ liệu xem xét các cụm từ bị báo nhầm là thông tin cá nhân."))
        return
    with st.form("keeping-excuse", clear_on_submit=False):
        phrase = st.text_input(_("Cụm từ bị báo nhầm"), max_chars=200, key="keeping-phrase")
        reason = st.text_area(_("Vì sao không phải thông tin cá nhân"), max_chars=600, key="keeping-reason")
        if st.form_submit_button(_("Cho phép"), type="primary"):
            with told():
                privacy_exceptions.add(visit.store, visit.actor, phrase, reason)
                st.success(_("Đã cho phép; việc này được ghi nhật ký."))
    listed = privacy_exceptions.exceptions(visit.store, visit.actor)
    if not listed:
        st.caption(_("Chưa có cụm từ nào."))
    for one in listed:
        text, button = st.columns([5, 1])
        text.markdown(f"**{plain(one.phrase)}**  \n{plain(one.reason)}")
        text.caption(_("{who}, {at}", who=plain(one.by), at=one.at))
        if button.button(_("Bỏ"), key=f"keeping-drop-{one.id}"):
            with told():
                privacy_exceptions.remove(visit.store, visit.actor, one.id)
                st.rerun()
