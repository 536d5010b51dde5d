"""Forms of the task page: a new task, how one stands, the report that explains a hotspot."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from app.parts.failures import told
from app.parts.plain import plain
from app.parts.visit import Visit
from app.services import tasks
from app.services.task_kinds import USUAL
from app.text import _, label, render, show
from geo.review_words import TaskKind, TaskState

_DAY = "DD/MM/YYYY"
_WHOLE = ""
#: A decision is recorded in its meeting, an explanation at its hotspot.
_ELSEWHERE = (TaskKind.DECISION, TaskKind.EXPLANATION)
#: Days to write the report in.
_REPORT_DAYS = 7


def new_form(visit: Visit, units: dict[str, str]) -> None:
    """A new task; its kind fills in the usual title and owner."""
    kind = st.selectbox(
        _("Loại nhiệm vụ"),
        [one for one in TaskKind if one not in _ELSEWHERE],
        format_func=label,
        key="task-kind",
    )
    usual = USUAL[kind]
    places = {**units, **({_WHOLE: _("Toàn địa bàn")} if visit.actor.scope is None else {})}
    # What was typed belongs to its kind: another kind begins with its own words.
    with st.form(f"new-task-{kind}", border=False):
        title = st.text_input(_("Nội dung"), render(usual.title), max_chars=400, key=f"task-title-{kind}")
        with st.container(horizontal=True):
            owner = st.text_input(
                _("Đơn vị hoặc chức danh thực hiện (không ghi tên người)"),
                render(usual.owner),
                max_chars=200,
                key=f"task-owner-{kind}",
            )
            unit = st.selectbox(
                _("Phường"), list(places), format_func=places.__getitem__, key=f"task-unit-{kind}"
            )
        with st.container(horizontal=True):
            given = st.date_input(_("Ngày giao"), visit.today, max_value=visit.today, format=_DAY)
            due = st.date_input(_("Hạn"), visit.today + timedelta(days=30), format=_DAY)
            document = st.text_input(_("Số văn bản giao (nếu có)"), max_chars=200, key=f"task-document-{kind}")
        if st.form_submit_button(_("Ghi nhiệm vụ"), type="primary"):
            with told():
                new = tasks.NewTask(
                    kind, title, owner, unit or None, given_on=given, due_on=due, document=document
                )
                tasks.add_task(visit.store, visit.actor, new, as_of=visit.today)
                st.toast(_("Đã ghi nhiệm vụ."))
                st.rerun()


def change_form(visit: Visit, task: tasks.TaskRow) -> None:
    """How a task stands: state, day, document, count."""
    key = f"{task.id}-{task.revision}"
    counted = USUAL[task.kind].counts
    with st.form(f"task-{key}"):
        st.markdown(f"**{plain(task.title)}** · {plain(task.owner)}")
        if task.note:
            st.caption(plain(task.note))
        with st.container(horizontal=True):
            state = st.selectbox(
                _("Tình trạng"), list(TaskState), index=list(TaskState).index(task.state), format_func=label
            )
            done = st.date_input(
                _("Ngày xong"),
                task.done_on or visit.today,
                min_value=task.given_on,
                max_value=visit.today,
                format=_DAY,
            )
            due = st.date_input(_("Hạn"), task.due_on, min_value=task.given_on, format=_DAY)
            value = None
            if counted is not None:
                value = st.number_input(
                    render(counted).capitalize(), min_value=0, value=task.value, step=1, format="%d"
                )
        document = st.text_input(_("Số văn bản, ngày"), task.document or "", max_chars=200)
        note = st.text_input(_("Ghi chú (không ghi tên người)"), "", max_chars=1000)
        sent = st.form_submit_button(_("Lưu"), type="primary")
    if sent:
        change = tasks.TaskChange(state or task.state, done, due, value, document, note)
        tasks.change_task(visit.store, visit.actor, task.id, change, seen=task.revision, as_of=visit.today)
        st.toast(_("Đã lưu."))
        st.rerun()


def explain(visit: Visit, one: tasks.MissingExplanation, writes: bool) -> None:
    """A hotspot that arose without its report, and the way to ask for it."""
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(
            ":material/report: "
            + _(
                "**{name}** – {state} ngày {day}: chưa có báo cáo giải trình.",
                name=plain(one.hotspot),
                state=label(one.state),
                day=show(one.on_date),
            )
        )
        if writes and st.button(_("Giao báo cáo giải trình"), key=f"explain-{one.hotspot_id}"):
            with told():
                _ask_for_report(visit, one)
                st.rerun()


def _ask_for_report(visit: Visit, one: tasks.MissingExplanation) -> None:
    usual = USUAL[TaskKind.EXPLANATION]
    new = tasks.NewTask(
        TaskKind.EXPLANATION,
        render(usual.title),
        render(usual.owner),
        one.unit_id,
        given_on=visit.today,
        due_on=visit.today + timedelta(days=_REPORT_DAYS),
        hotspot_id=one.hotspot_id,
    )
    tasks.add_task(visit.store, visit.actor, new, as_of=visit.today)
