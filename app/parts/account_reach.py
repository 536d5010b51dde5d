"""Choosing what an account may do and see: role, units, teams."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app.parts.account_words import duties
from app.services.account_reach import Choices
from app.services.accounts import OF_A_WARD, AccountRow
from app.text import _, label
from geo.words import Role


@dataclass(frozen=True)
class Chosen:
    """What was chosen."""

    role: Role
    unit_ids: list[str]
    team_ids: list[str]


def choose_reach(choices: Choices, now: AccountRow | None = None) -> Chosen:
    """Fields for role, units and teams, filled in with what the account has ``now``."""
    key = now.name if now else "new"
    roles = list(Role)
    role = st.selectbox(
        _("Vai trò"),
        roles,
        index=roles.index(now.role if now else Role.VIEWER),
        format_func=label,
        key=f"role-{key}",
    )
    st.caption(duties(role))
    # What it has stays choosable when its day is over.
    units = choices.units | (now.units if now else {})
    teams = choices.teams | (now.teams if now else {})
    unit_ids = st.multiselect(
        _("Phạm vi: các đơn vị được xem nguồn tin, vi phạm, cảnh báo"),
        list(units),
        default=list(now.units) if now else [],
        format_func=units.__getitem__,
        placeholder=_("Bắt buộc chọn") if role in OF_A_WARD else _("Không chọn: cả địa bàn"),
        key=f"units-{key}",
    )
    team_ids: list[str] = []
    if role is Role.INSPECTOR or (now and now.teams):
        team_ids = st.multiselect(
            _("Đội của tài khoản"),
            list(teams),
            default=list(now.teams) if now else [],
            format_func=teams.__getitem__,
            placeholder=_("Không chọn: các đội của những đơn vị trên"),
            key=f"teams-{key}",
        )
    return Chosen(role, unit_ids, team_ids)
