"""Find anything: one field over names, numbers and addresses, and the premises that answer, to be opened."""

from __future__ import annotations

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from app.config import ROOT
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.visit import Visit
from app.services.search import Found, search
from app.text import _, label, render
from geo.words import PremisesStatus

#: Where the page of one premises finds which one it is to show.
CHOSEN = "premises"
_TYPED, _OPENED = "find-premises", "find-premises-opened"
_PAGE = ROOT / "app" / "pages" / "premises.py"
_SHOWN = 8


def search_box(visit: Visit) -> None:
    """Draw the field and, once something is typed, what was found; a click opens the page of the premises."""
    title = _("Tìm cơ sở")
    typed = st.text_input(
        title,
        placeholder=_("Tên, số đăng ký, địa chỉ"),
        max_chars=100,
        key=_TYPED,
        icon=":material/search:",
        label_visibility="collapsed",
    )
    if st.session_state.pop(_OPENED, False):
        _open_page()
    if not (typed or "").strip():
        return
    with told():
        found = search(visit.store, visit.actor, typed or "", limit=_SHOWN, day=visit.today)
        for one in found:
            _result(one)
        if not found:
            st.caption(_("Không tìm thấy cơ sở nào như vậy."))


def _result(one: Found) -> None:
    st.button(plain(one.name), key=f"found-{one.premises_id}", type="tertiary", on_click=_choose, args=(one,))
    status = "" if one.status is PremisesStatus.ACTIVE else label(one.status)
    parts = (label(one.type), status, one.address, one.ward_name or "", render(one.why))
    st.caption(plain(" · ".join(filter(None, parts))))


def _choose(one: Found) -> None:
    st.session_state[CHOSEN] = one.premises_id
    st.session_state[_TYPED] = ""
    # A callback cannot change the page itself: the run that follows does.
    st.session_state[_OPENED] = True


def _open_page() -> None:
    try:
        st.switch_page(_PAGE)
    except StreamlitPageNotFoundError:
        st.info(_("Tài khoản này không mở được trang của từng cơ sở."))
