"""Choosing how and where to be told of new alerts."""

from __future__ import annotations

import streamlit as st

from app.parts.alert_words import mode_word
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.visit import Visit
from app.runtime import runtime
from app.services import notices
from app.text import _, show_time

#: How often the form was saved: each time it is a new, empty field.
_SAVED = "notices-saved"


def notice_choice(visit: Visit) -> None:
    """The form; an address is never shown again, only its host."""
    settings, saved = runtime().settings, st.session_state.get(_SAVED, 0)
    now = notices.choice(visit.store, visit.actor)
    st.caption(
        _(
            "Thông báo chỉ ghi số việc mới và đường dẫn để đăng nhập; không ghi địa điểm, nội dung hay căn cứ. "
            "Mỗi thông báo gửi nhiều nhất một lần."
        )
    )
    if not settings.allowed_notice_hosts:
        st.info(_("Chưa có máy chủ nào được phép nhận thông báo. Người vận hành đặt DIABAN_NOTICE_HOSTS."))
    if now.problem:
        st.warning(_("Lần gửi gần nhất không được: {problem}", problem=plain(now.problem)))
    elif now.sent_at:
        st.caption(_("Gửi gần nhất: {when}", when=show_time(now.sent_at)))
    with st.form("notice-choice", border=False):
        modes = list(notices.Mode)
        mode = st.radio(
            _("Cách nhận"), modes, index=modes.index(now.mode), format_func=mode_word, horizontal=True
        )
        target = st.text_input(
            _("Thư cơ quan hoặc địa chỉ webhook nội bộ"),
            max_chars=300,
            placeholder=now.shown or "https://…",
            help=_("Để trống nếu giữ địa chỉ đã ghi. Địa chỉ đã ghi không hiện lại."),
            type="password",
            autocomplete="off",
            key=f"notice-target-{saved}",
        )
        if st.form_submit_button(_("Lưu cách nhận")):
            with told():
                notices.choose(visit.store, visit.actor, mode, target or "", settings)
                st.toast(_("Đã ghi."))
                st.session_state[_SAVED] = saved + 1
                st.rerun()
