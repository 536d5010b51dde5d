"""Tài khoản: who may sign in, with which role, for which units and teams."""

from __future__ import annotations

import streamlit as st

from app.parts.account_list import account_list
from app.parts.account_new import new_account
from app.parts.account_one import one_account
from app.parts.account_secret import handed_over
from app.parts.failures import told
from app.parts.visit import require_visit
from app.runtime import runtime
from app.services import account_reach, accounts
from app.text import _

visit = require_visit()
st.title(_("Tài khoản"))
st.caption(
    _(
        "Tài khoản là của cơ quan, không phải hồ sơ của một người: "
        "không ghi họ tên, thư điện tử hay số điện thoại."
    )
)
with told():
    rows = accounts.all_accounts(visit.store, runtime().settings, visit.actor)
    choices = account_reach.choices(visit.store, visit.actor, visit.today)
    handed_over()
    chosen = account_list(rows)
    if chosen is not None:
        one_account(visit, chosen, choices)
    new_account(visit, choices)
