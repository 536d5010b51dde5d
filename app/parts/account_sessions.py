"""Where one is signed in: the list of one's own sessions, ending one or all others."""

from __future__ import annotations

import streamlit as st

from app.parts.account_words import leave_for
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.visit import Visit
from app.runtime import runtime
from app.services import sessions
from app.services.sessions import OwnSession
from app.text import _
from app.web import SESSION_COOKIE


@st.fragment
def own_sessions(visit: Visit) -> None:
    """The sessions of the visitor's account with what can be done about them."""
    kept = st.context.cookies.get(SESSION_COOKIE)
    token = kept if isinstance(kept, str) else None
    found = sessions.my_sessions(visit.store, runtime().settings, visit.actor, token)
    st.caption(
        _(
            "Mỗi phiên tự kết thúc sau {idle} phút không dùng, và chậm nhất sau {hours} giờ. "
            "Ký hiệu # thay cho địa chỉ mạng: cùng ký hiệu là cùng một nơi.",
            idle=runtime().settings.session_idle_minutes,
            hours=runtime().settings.session_hours,
        )
    )
    for one in found:
        _session(visit, one)
    if not found:
        st.caption(_("Không có phiên nào."))
    others, everywhere = st.columns(2)
    if others.button(_("Kết thúc các phiên khác"), disabled=len(found) < 2, width="stretch"):
        with told():
            sessions.end_mine(visit.store, visit.actor, but=token)
            st.rerun(scope="fragment")
    if everywhere.button(_("Đăng xuất ở mọi nơi"), disabled=not found, width="stretch"):
        with told():
            sessions.end_mine(visit.store, visit.actor)
            st.success(_("Mọi phiên đã kết thúc."))
            leave_for(_("Đăng nhập lại"), "/auth/login")


def _session(visit: Visit, one: OwnSession) -> None:
    words, button = st.columns([4, 1], vertical_alignment="center")
    where = plain(one.origin.removeprefix("web").strip() or _("không rõ máy"))
    said = _("{where}, từ {start}, dùng gần nhất {seen}", where=where, start=one.started_at, seen=one.seen_at)
    words.markdown(f"{said} · **{_('phiên này')}**" if one.current else said)
    if not one.current and button.button(_("Kết thúc"), key=f"end-{one.id}", width="stretch"):
        with told():
            sessions.end_mine(visit.store, visit.actor, only=one.id)
            st.rerun(scope="fragment")
