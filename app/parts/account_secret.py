"""What is shown once and kept nowhere: a password for the first sign-in, a code that links an account."""

from __future__ import annotations

import streamlit as st

from app.text import _

_KEY = "account-secret"


def hand_over(said: str, secret: str | None = None) -> None:
    """Show this on the next run of the page, once."""
    st.session_state[_KEY] = (said, secret)


def handed_over() -> None:
    """What the last action gave."""
    given = st.session_state.pop(_KEY, None)
    if given is None:
        return
    said, secret = given
    st.success(said, icon=":material/check:")
    if secret is not None:
        st.code(secret, language=None)
        st.caption(
            _("Chỉ hiện một lần. Trao tận tay hoặc qua điện thoại cho chủ tài khoản; không gửi kèm tên.")
        )
