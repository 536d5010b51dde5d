"""Adding an account."""

from __future__ import annotations

import streamlit as st

from app.parts.account_reach import choose_reach
from app.parts.account_secret import hand_over
from app.parts.failures import told
from app.parts.visit import Visit
from app.runtime import runtime
from app.services import accounts, oidc
from app.services.account_reach import Choices
from app.text import _


def new_account(visit: Visit, choices: Choices) -> None:
    """Fields of a new account; its one-time password is shown on the next run."""
    with st.expander(_("Thêm tài khoản"), icon=":material/person_add:"):
        name = st.text_input(_("Tên tài khoản"), placeholder="canbo-kienhung", max_chars=40, key="new-name")
        chosen = choose_reach(choices)
        subject = ""
        if runtime().settings.oidc_issuer:
            subject = st.text_input(
                _("Danh tính ở hệ thống đăng nhập của cơ quan (không bắt buộc)"),
                max_chars=255,
                key="new-subject",
            )
            st.caption(_("Có danh tính thì tài khoản không có mật khẩu; chương trình chỉ giữ mã băm của nó."))
        if not st.button(_("Thêm"), type="primary", key="new-add"):
            return
        with told():
            settings = runtime().settings
            hashed = oidc.subject_hash(visit.store, settings, subject.strip()) if subject.strip() else None
            word = accounts.open_account(
                visit.store,
                visit.actor,
                name,
                chosen.role,
                unit_ids=chosen.unit_ids,
                team_ids=chosen.team_ids,
                subject_hash=hashed,
            )
            hand_over(_("Đã thêm tài khoản {name}.", name=name.strip()), word)
            st.rerun()
