"""For whoever signs plans: doors closed on planned days oftener than usual, and who dropped valuable visits."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from app.parts.plain import plain
from app.parts.plan_words import number_column
from app.parts.visit import Visit
from app.services import leak_signs, plan_changes
from app.services.leak_signs import TeamSign
from app.services.plan_changes import ChangeKind, MadeChange
from app.services.plan_reading import kept_plans
from app.text import _, number, render, show

_SPARED = (ChangeKind.DROPPED, ChangeKind.MOVED)


def for_the_signer(visit: Visit) -> None:
    """Both lists: signs to look into, never a proof."""
    st.subheader(_("Đóng cửa khi đến vào ngày đã lên lịch"))
    st.caption(
        _(
            "Cửa đóng nhiều hơn thường lệ có thể là dấu hiệu lộ lịch. Đây là dấu hiệu để xem xét, không phải "
            "bằng chứng; mỗi lần xem đều được ghi lại."
        )
    )
    found = leak_signs.leak_signs(visit.store, visit.actor, visit.today)
    if not found:
        st.caption(_("Chưa có lượt kiểm tra nào đã báo cáo trong các lịch bạn ký."))
    for one in (one for one in found if one.found.sign):
        st.warning(_sign(one), icon=":material/visibility:")
    if found:
        _usual(found)
    st.subheader(_("Lượt có giá trị cao bị bỏ hoặc đổi"))
    _spared(visit)


def _sign(one: TeamSign) -> str:
    who = plain(one.team) if one.team else _("Cả lịch")
    told = plain(render(one.found.text))
    chance = _("nếu không ai biết trước, xác suất như vậy là {percent}%", percent=_percent(one.found.chance))
    return f"**{who}** ({show(one.first)} - {show(one.last)}): {told}; {chance}"


def _percent(chance: float) -> str:
    return number(100 * chance, 1) if chance >= 0.001 else _("dưới {least}", least=number(0.1))


def _usual(found: list[TeamSign]) -> None:
    st.dataframe(
        pd.DataFrame(
            {
                _("Lịch"): [f"{show(one.first)} - {show(one.last)}" for one in found],
                _("Đội"): [one.team or _("Cả lịch") for one in found],
                _("Đã đến"): [one.found.doors.visits for one in found],
                _("Cửa đóng"): [one.found.doors.closed for one in found],
                _("Thường lệ"): [100 * one.found.usual_share for one in found],
                _("Dấu hiệu"): [one.found.sign for one in found],
            }
        ),
        hide_index=True,
        column_config={_("Thường lệ"): number_column("%.1f%%")},
    )


def _spared(visit: Visit) -> None:
    """High-value visits that somebody took out or gave to another team or day, by month and account."""
    made = _changes(visit)
    months = sorted({(one.at.year, one.at.month) for one in made}, reverse=True)
    st.caption(_("Giá trị cao: thuộc một phần tư cao nhất của lịch. Bỏ hoặc đổi có thể đúng."))
    if not months:
        st.caption(_("Chưa ai bỏ hoặc đổi lượt có giá trị cao."))
        return
    month = st.selectbox(_("Tháng"), months, format_func=lambda one: f"{one[1]:02d}/{one[0]}", key="case-month")
    shown = [one for one in made if (one.at.year, one.at.month) == month]
    counts = pd.Series([one.by for one in shown]).value_counts()
    st.markdown(" · ".join(f"{plain(name)}: **{count}**" for name, count in counts.items()))
    st.dataframe(
        pd.DataFrame(
            {
                _("Lúc"): [show(one.at) for one in shown],
                _("Người sửa"): [one.by for one in shown],
                _("Thay đổi"): [render(one.text) for one in shown],
                _("Giá trị"): [one.value for one in shown],
            }
        ),
        hide_index=True,
        column_config={_("Thay đổi"): st.column_config.TextColumn(width="large")},
    )


def _changes(visit: Visit) -> list[MadeChange]:
    """Of the plans of the last year and of those to come."""
    since = pd.Timestamp(date(visit.today.year - 1, visit.today.month, 1))
    plans = kept_plans(visit.store, visit.actor, visit.today)
    return [
        change
        for row in plans[plans["last_day"] >= since].itertuples(index=False)
        for change in plan_changes.changes_made(visit.store, visit.actor, row.id)
        if change.high and change.kind in _SPARED
    ]
