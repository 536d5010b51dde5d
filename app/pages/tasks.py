"""Nhiệm vụ: what the plan gives to its bodies and what meetings decided, late ones first."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.access import Right, may
from app.parts.failures import told
from app.parts.task_forms import change_form, explain, new_form
from app.parts.task_list import filtered, listed
from app.parts.visit import Visit, require_visit
from app.services import meeting, tasks
from app.text import _, label


def counts(found: list[tasks.TaskRow]) -> str:
    """How many are open, how many of them late."""
    waiting = [one for one in found if one.state in tasks.OPEN]
    return _(
        "**{n}** nhiệm vụ đang mở · **{late}** quá hạn · **{all}** tất cả",
        n=len(waiting),
        late=sum(one.late for one in waiting),
        all=len(found),
    )


def missing(visit: Visit, writes: bool) -> None:
    """Hotspots that arose without a report that explains it."""
    found = tasks.missing_explanations(visit.store, visit.actor, visit.today)
    for one in found:
        explain(visit, one, writes)


def page(visit: Visit) -> None:
    """Counts, filters, the list, and beside a picked task its form."""
    writes = may(visit.actor, Right.ENTER_FIGURES)
    units = meeting.reviewable(visit.store, visit.actor, visit.today)
    found = tasks.tasks_of(visit.store, visit.actor, as_of=visit.today)
    st.markdown(counts(found))
    missing(visit, writes)
    left = filtered(found)
    if found and not left:
        st.caption(_("Không có nhiệm vụ nào như bộ lọc."))
    picked = listed(left)
    if picked is not None and writes:
        with told():
            change_form(visit, picked)
    if writes:
        with st.expander(_("Thêm nhiệm vụ"), icon=":material/add_task:", expanded=not found), told():
            new_form(visit, units)
    with st.expander(_("Số nhiệm vụ theo loại trong năm")), told():
        by_kind(visit)


def by_kind(visit: Visit) -> None:
    """What the reports of the year will tell."""
    year = visit.today.replace(month=1, day=1)
    kinds = tasks.task_counts(visit.store, visit.actor, year, visit.today, visit.today)
    rows = [one for one in kinds if one.given or one.done or one.open]
    st.dataframe(
        pd.DataFrame(
            {
                _("Loại"): [label(one.kind) for one in rows],
                _("Giao trong năm"): [one.given for one in rows],
                _("Xong trong năm"): [one.done for one in rows],
                _("Đang mở"): [one.open for one in rows],
                _("Quá hạn"): [one.late for one in rows],
                _("Số đếm"): [one.value for one in rows],
            }
        ),
        hide_index=True,
    )


visit = require_visit()
st.title(_("Nhiệm vụ"))
st.caption(_("Nhiệm vụ giao cho đơn vị hoặc chức danh, không ghi tên người."))
with told():
    page(visit)
