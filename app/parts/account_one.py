"""One account: changing what it may do, letting its owner in again, shutting it out."""

from __future__ import annotations

import streamlit as st

from app.parts.account_reach import choose_reach
from app.parts.account_secret import hand_over
from app.parts.failures import told
from app.parts.visit import Visit
from app.runtime import runtime
from app.services import accounts, oidc
from app.services.account_reach import Choices
from app.services.accounts import AccountRow
from app.text import _


def one_account(visit: Visit, row: AccountRow, choices: Choices) -> None:
    """What can be done about an account."""
    st.session_state["account"] = row.name
    with st.container(border=True):
        chosen = choose_reach(choices, row)
        if st.button(_("Lưu vai trò và phạm vi"), type="primary", key=f"save-{row.name}"):
            with told():
                accounts.change_account(
                    visit.store,
                    visit.actor,
                    row.name,
                    chosen.role,
                    unit_ids=chosen.unit_ids,
                    team_ids=chosen.team_ids,
                )
                hand_over(_("Đã lưu; các phiên của tài khoản đã kết thúc."))
                st.rerun()
        st.divider()
        _doors(visit, row)


def _doors(visit: Visit, row: AccountRow) -> None:
    again, out, shut = st.columns(3)
    if again.button(_("Cấp lại mật khẩu"), key=f"reset-{row.name}", width="stretch"):
        with told():
            word = accounts.reset(visit.store, visit.actor, row.name)
            hand_over(_("Đã cấp lại tài khoản {name}; xác minh hai bước đã tắt.", name=row.name), word)
            st.rerun()
    ending = _("Kết thúc {n} phiên", n=row.sessions)
    if out.button(ending, key=f"out-{row.name}", width="stretch", disabled=not row.sessions):
        with told():
            accounts.end_sessions_of(visit.store, visit.actor, row.name)
            hand_over(_("Đã kết thúc các phiên của {name}.", name=row.name))
            st.rerun()
    if row.disabled:
        if shut.button(_("Mở lại tài khoản"), key=f"enable-{row.name}", width="stretch"):
            with told():
                accounts.enable(visit.store, visit.actor, row.name)
                hand_over(_("Đã mở lại tài khoản {name}.", name=row.name))
                st.rerun()
    elif shut.button(_("Khóa tài khoản"), key=f"disable-{row.name}", width="stretch"):
        with told():
            accounts.disable(visit.store, visit.actor, row.name)
            hand_over(_("Đã khóa tài khoản {name}.", name=row.name))
            st.rerun()
    if (
        runtime().settings.oidc_issuer
        and not row.provider
        and st.button(_("Cấp mã nối với hệ thống của cơ quan"), key=f"link-{row.name}")
    ):
        with told():
            code = oidc.link_code(visit.store, visit.actor, row.name)
            hand_over(_("Mã nối tài khoản {name}, dùng một lần trong 3 ngày:", name=row.name), code)
            st.rerun()
