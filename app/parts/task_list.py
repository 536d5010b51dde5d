"""The list of tasks with its filters; a row is picked to be changed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.services.task_reading import OPEN, TaskRow
from app.text import _, label
from geo.review_words import TaskKind, TaskState

LATE, WAITING = "late", "waiting"


def filtered(found: list[TaskRow]) -> list[TaskRow]:
    """What the filters leave; without any, all."""
    words = {LATE: _("Quá hạn"), WAITING: _("Đang mở")}
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = st.pills(
            _("Lọc"),
            list(words),
            selection_mode="multi",
            default=[WAITING],
            format_func=words.__getitem__,
            key="tasks-filter",
            label_visibility="collapsed",
        )
        present = [kind for kind in TaskKind if any(one.kind is kind for one in found)]
        kinds = st.multiselect(
            _("Loại"),
            present,
            format_func=label,
            placeholder=_("Mọi loại nhiệm vụ"),
            key="tasks-kinds",
            label_visibility="collapsed",
            width=280,
        )
        owners = st.multiselect(
            _("Đơn vị thực hiện"),
            sorted({one.owner for one in found}),
            placeholder=_("Mọi đơn vị thực hiện"),
            key="tasks-owners",
            label_visibility="collapsed",
            width=280,
        )
        units = st.multiselect(
            _("Phường"),
            sorted({one.unit or "" for one in found}),
            format_func=lambda name: name or _("Toàn địa bàn"),
            placeholder=_("Mọi phường"),
            key="tasks-units",
            label_visibility="collapsed",
            width=240,
        )
    return [
        one
        for one in found
        if (LATE not in wanted or one.late)
        and (WAITING not in wanted or one.state in OPEN)
        and (not kinds or one.kind in kinds)
        and (not owners or one.owner in owners)
        and (not units or (one.unit or "") in units)
    ]


def listed(tasks: list[TaskRow]) -> TaskRow | None:
    """The tasks as a table; gives the one whose row is picked."""
    if not tasks:
        return None
    day = st.column_config.DateColumn(format="DD/MM/YYYY")
    due, done = _("Hạn"), _("Xong ngày")
    table = pd.DataFrame(
        {
            _("Tình trạng"): [_state(one) for one in tasks],
            _("Nhiệm vụ"): [one.title for one in tasks],
            _("Loại"): [label(one.kind) for one in tasks],
            _("Đơn vị thực hiện"): [one.owner for one in tasks],
            _("Phường"): [one.unit or _("Toàn địa bàn") for one in tasks],
            due: [one.due_on for one in tasks],
            done: [one.done_on for one in tasks],
            _("Văn bản"): [one.document or "" for one in tasks],
            _("Số đếm"): pd.array([one.value for one in tasks], dtype="Int64"),
            _("Điểm phức tạp"): [one.hotspot or "" for one in tasks],
        }
    )
    # Another list of rows is another table: a row that was picked by position must not stay picked.
    event = st.dataframe(
        table,
        hide_index=True,
        selection_mode="single-row",
        on_select="rerun",
        column_config={due: day, done: day},
        key=f"tasks-table-{hash(tuple((one.id, one.revision) for one in tasks))}",
    )
    rows = event["selection"]["rows"]
    return tasks[rows[0]] if rows and rows[0] < len(tasks) else None


def _state(one: TaskRow) -> str:
    if one.late:
        return _("quá hạn {n} ngày", n=one.days_late)
    return label(TaskState(one.state))
