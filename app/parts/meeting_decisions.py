"""Decisions of the review meeting: how the earlier ones stand, and recording new ones with owner and date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from app.access import Right, may
from app.parts.failures import told
from app.parts.meeting_style import marked, safe, small
from app.parts.visit import Visit
from app.services import meeting as service
from app.services import tasks
from app.services.meeting import Decision, Review
from app.services.task_reading import OPEN
from app.text import _, label
from geo.review_words import TaskState

#: Bodies that a ward's decisions are mostly given to; another one can be typed.
_DAYS = 14


def owners() -> list[str]:
    """Bodies to choose an owner from."""
    return [
        _("UBND phường"),
        _("Công an phường"),
        _("Phòng Văn hóa - Xã hội phường"),
        _("Đội kiểm tra liên ngành 178 phường"),
        _("Trạm Y tế phường"),
        _("Ủy ban Mặt trận Tổ quốc phường"),
    ]


def decisions(visit: Visit, review: Review) -> None:
    """The decisions with their state, each finished with one click, and the form for a new one."""
    writes = may(visit.actor, Right.REPORT)
    taken = service.decisions_of(
        visit.store, visit.actor, review.unit_id, since=review.first, as_of=visit.today
    )
    if not taken:
        st.html(f'<div class="mt"><p>{safe(_("Chưa có kết luận nào phải báo lại."))}</p></div>')
    for one in taken:
        _line(visit, one, writes)
    if writes:
        _new(visit, review, len(taken))


def _line(visit: Visit, one: Decision, writes: bool) -> None:
    left, right = st.columns([9, 1], vertical_alignment="center")
    with left:
        st.html(f'<div class="mt">{_told(one)}</div>')
    if (
        writes
        and one.state in OPEN
        and right.button(_("Xong"), icon=":material/check:", key=f"finish-{one.id}")
    ):
        with told():
            done = tasks.TaskChange(TaskState.DONE, done_on=visit.today)
            tasks.change_task(visit.store, visit.actor, one.id, done, seen=one.revision, as_of=visit.today)
            st.rerun()


def _told(one: Decision) -> str:
    state = label(one.state)
    if one.late:
        state = _("quá hạn {n} ngày", n=one.days_late)
    good = False if one.late else True if one.state is TaskState.DONE else None
    due = _("hạn {day}", day=one.due_on) if one.due_on else ""
    told_by = _("họp ngày {day}", day=one.given_on)
    words = " · ".join(part for part in (one.owner, due, told_by) if part)
    return f"{safe(one.title)} {marked(f'[{state}]', good)}<br>{small(words)}"


def _new(visit: Visit, review: Review, number: int) -> None:
    # Another form after each decision: what was refused stays as it was typed.
    with st.form(f"meeting-decision-{number}", border=True):
        title = st.text_input(
            _("Kết luận mới"), max_chars=400, placeholder=_("Việc phải làm"), key=f"decision-title-{number}"
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            owner = st.selectbox(
                _("Đơn vị hoặc chức danh chịu trách nhiệm (không ghi tên người)"),
                owners(),
                index=None,
                accept_new_options=True,
                placeholder=_("Chọn hoặc ghi"),
                key=f"decision-owner-{number}",
            )
            due = st.date_input(
                _("Hạn"),
                visit.today + timedelta(days=_DAYS),
                min_value=visit.today,
                format="DD/MM/YYYY",
                width=170,
                key=f"decision-due-{number}",
            )
            sent = st.form_submit_button(_("Ghi kết luận"), icon=":material/add_task:")
    if sent:
        with told():
            _record(visit, review, lambda meeting: service.decide(
                visit.store, visit.actor, meeting, title=title or "", owner=owner or "", due_on=due,
                as_of=visit.today,
            ))  # fmt: skip
            st.rerun()


def _record(visit: Visit, review: Review, write: Callable[[str], str]) -> None:
    held = service.hold_meeting(
        visit.store, visit.actor, review.unit_id, review.period, held_on=visit.today, as_of=visit.today
    )
    write(held)
