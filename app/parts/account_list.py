"""The list of accounts, one of which is chosen."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.services.accounts import AccountRow
from app.text import _, label, show


def account_list(rows: list[AccountRow]) -> AccountRow | None:
    """The accounts as a table; the one that was chosen in it."""
    table = pd.DataFrame([_line(row) for row in rows])
    if table.empty:
        st.info(_("Chưa có tài khoản nào."))
        return None
    picked = st.dataframe(
        table, hide_index=True, on_select="rerun", selection_mode="single-row", key="accounts"
    )
    names = [row.name for row in rows]
    at = picked.selection.rows if picked else []
    fallback = names.index(st.session_state["account"]) if st.session_state.get("account") in names else None
    chosen = at[0] if at and at[0] < len(rows) else fallback
    name = st.selectbox(
        _("Tài khoản để xem và sửa"),
        names,
        index=chosen,
        placeholder=_("Chọn một tài khoản"),
    )
    return next((row for row in rows if row.name == name), None)


def _line(row: AccountRow) -> dict[str, str]:
    return {
        _("Tên"): row.name,
        _("Vai trò"): label(row.role),
        _("Phạm vi"): ", ".join(row.units.values()) or _("cả địa bàn"),
        _("Đội"): ", ".join(row.teams.values()),
        _("Tình trạng"): _state(row),
        _("Xác minh hai bước"): show(row.second_factor),
        _("Dùng gần nhất"): show(row.seen_at),
    }


def _state(row: AccountRow) -> str:
    if row.disabled:
        return _("đã khóa")
    if row.locked_until is not None:
        return _("tạm khóa đến {at}", at=row.locked_until)
    return _("chưa đổi mật khẩu đầu") if row.must_change else _("đang dùng")
