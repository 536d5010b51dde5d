"""Who dropped or swapped visits of high value in a month."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.parts.visit import Visit
from app.services.insiders import ByAccount, Spared, high_value_changes
from app.text import _, number, show_time
from geo.periods import Period

_MONTHS = 24


def spared_word(kind: Spared) -> str:
    """What happened to a visit."""
    return {
        Spared.DROPPED: _("Bỏ"),
        Spared.SWAPPED: _("Bỏ, thay bằng nơi khác"),
        Spared.MOVED: _("Chuyển đội hoặc ngày"),
    }[kind]


def insider_list(visit: Visit) -> None:
    """The month, who changed how much, and every change."""
    st.caption(
        _("Lượt kiểm tra giá trị cao: một phần tư đáng đi nhất của lịch. Để hỏi lý do, không để kết luận.")
    )
    this = Period(visit.today.replace(day=1), 1)
    months = [this]
    while len(months) < _MONTHS:
        months.append(months[-1].before)
    with st.container(width=220):
        month = st.selectbox(
            _("Tháng"), months, format_func=lambda one: f"{one.first:%m/%Y}", key="insiders-month"
        )
    found = high_value_changes(visit.store, visit.actor, month, as_of=visit.today)
    if not found:
        st.info(_("Trong tháng không ai bỏ hay đổi lượt kiểm tra giá trị cao nào."))
        return
    st.dataframe(_counts(found), hide_index=True)
    st.dataframe(_changes(found), hide_index=True)


def _counts(found: list[ByAccount]) -> pd.DataFrame:
    columns = {spared_word(kind): [one.count(kind) for one in found] for kind in Spared}
    return pd.DataFrame({_("Tài khoản"): [one.account for one in found], **columns})


def _changes(found: list[ByAccount]) -> pd.DataFrame:
    rows = [(one.account, change) for one in found for change in one.changes]
    return pd.DataFrame(
        {
            _("Thời điểm"): [show_time(change.at) for _account, change in rows],
            _("Tài khoản"): [account for account, _change in rows],
            _("Thay đổi"): [spared_word(change.kind) for _account, change in rows],
            _("Cơ sở"): [change.premises or _("(chưa được nêu tên)") for _account, change in rows],
            _("Giá trị"): [number(change.value) for _account, change in rows],
            _("Thay bằng"): [", ".join(filter(None, change.others)) for _account, change in rows],
            _("Lịch"): [change.plan_id for _account, change in rows],
        }
    )
