"""Putting tasks on record and recording how they stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
from sqlalchemy import func, select

from app.access import Right, require
from app.services.free_text import about_places
from app.services.task_owner import about_a_body
from app.services.task_reading import hotspot_names, own_tasks
from data.repositories import places
from data.repositories.frames import columns
from data.repositories.signals import own_units
from data.store import Actor, Store, Work
from data.tables import Task
from geo.errors import ConflictError, InputError, RuleError
from geo.messages import msg
from geo.review_words import TaskKind, TaskState

_LONGEST = {"title": 400, "document": 200, "note": 1000}


@dataclass(frozen=True)
class NewTask:
    """A task to put on record. ``owner``: a body or a position. ``value``: a count where it has one."""

    kind: TaskKind
    title: str
    owner: str
    unit_id: str | None
    given_on: date
    due_on: date | None = None
    document: str = ""
    note: str = ""
    value: int | None = None
    meeting_id: str | None = None
    hotspot_id: str | None = None


@dataclass(frozen=True)
class TaskChange:
    """What a person records at a task; ``why`` may stay empty."""

    state: TaskState
    done_on: date | None = None
    due_on: date | None = None
    value: int | None = None
    document: str = ""
    note: str = ""
    why: str = ""


def add_task(store: Store, actor: Actor, new: NewTask, *, as_of: date) -> str:
    """Put a task on record; its id. Raises RuleError for personal data or a person as owner, a unit outside the
    scope, InputError for dates that cannot be."""
    require(actor, Right.REPORT if new.kind is TaskKind.DECISION else Right.ENTER_FIGURES)
    with store.write(actor) as work:
        return write_task(work, new, as_of)


def write_task(work: Work, new: NewTask, as_of: date) -> str:
    """``add_task`` inside a unit of work."""
    _require_unit(work, new.unit_id)
    if new.hotspot_id is not None and new.hotspot_id not in hotspot_names(work, as_of):
        raise InputError("unknown_hotspot", msg("Không có điểm phức tạp này trong địa bàn của bạn."))
    if new.kind is TaskKind.EXPLANATION and new.hotspot_id is None:
        raise InputError("hotspot_missing", msg("Chọn điểm phức tạp mà báo cáo giải trình."))
    if new.given_on > as_of:
        raise InputError("given_in_future", msg("Ngày giao {day} chưa đến.", day=new.given_on))
    if new.due_on is not None and new.due_on < new.given_on:
        raise InputError(
            "due_before_given", msg("Hạn {due} trước ngày giao {given}.", due=new.due_on, given=new.given_on)
        )
    event = work.event()
    title = _written("title", new.title)
    if not title:
        raise InputError("title_missing", msg("Ghi nội dung nhiệm vụ."))
    work.session.add(
        Task(
            **event,
            kind=new.kind.value,
            unit_id=new.unit_id,
            meeting_id=new.meeting_id,
            hotspot_id=new.hotspot_id,
            title=title,
            owner=about_a_body(new.owner),
            given_on=new.given_on,
            due_on=new.due_on,
            state=TaskState.OPEN.value,
            done_on=None,
            value=_count(new.value),
            document=_written("document", new.document) or None,
            note=_written("note", new.note) or None,
        )
    )
    work.note("task.add", event["id"], kind=new.kind.value)
    return str(event["id"])


def change_task(
    store: Store, actor: Actor, task_id: str, change: TaskChange, *, seen: int, as_of: date
) -> None:
    """Record how a task stands, as its next revision. ``seen``: the revision on the screen.

    Done needs its day, by default ``as_of``; an explanation is done with the number of its report only. Raises
    InputError for a task outside the scope, ConflictError when somebody else was first.
    """
    require(actor, Right.ENTER_FIGURES)
    with store.write(actor) as work:
        row = _last_revision(work, task_id)
        if row is None or own_tasks(work, pd.DataFrame({"unit_id": [row.unit_id]}, dtype=object)).empty:
            raise InputError("unknown_task", msg("Không có nhiệm vụ này trong địa bàn của bạn."))
        if row.kind == TaskKind.DECISION.value:
            require(actor, Right.REPORT)
        if row.revision != seen:
            raise ConflictError(
                "changed_meanwhile",
                msg(
                    "{who} đã ghi vào nhiệm vụ này trước bạn. Thay đổi của bạn chưa được ghi.",
                    who=row.recorded_by,
                ),
                hint=msg("Xem nội dung mới rồi quyết định có ghi nữa không."),
            )
        work.session.add(_revised(work, row, _checked(row, change, as_of)))
        work.note("task.change", task_id, state=change.state.value)


def _last_revision(work: Work, task_id: str) -> Task | None:
    newest = select(func.max(Task.revision)).where(Task.id == task_id).scalar_subquery()
    found = select(Task).where(Task.id == task_id, Task.revision == newest, Task.void.is_(False))
    return work.session.scalars(found).first()


def _checked(row: Task, change: TaskChange, as_of: date) -> TaskChange:
    done_on = (change.done_on or as_of) if change.state is TaskState.DONE else None
    if done_on is not None and not row.given_on <= done_on <= as_of:
        raise InputError(
            "done_day", msg("Ngày xong phải từ ngày giao {first} đến {last}.", first=row.given_on, last=as_of)
        )
    if change.due_on is not None and change.due_on < row.given_on:
        raise InputError(
            "due_before_given", msg("Hạn {due} trước ngày giao {given}.", due=change.due_on, given=row.given_on)
        )
    document = _written("document", change.document) or row.document
    if change.state is TaskState.DONE and row.kind == TaskKind.EXPLANATION.value and not document:
        raise RuleError("document_missing", msg("Báo cáo giải trình cần có số văn bản."))
    return replace(
        change,
        done_on=done_on,
        due_on=change.due_on or row.due_on,
        value=row.value if change.value is None else _count(change.value),
        document=document or "",
        note=_written("note", change.note) or row.note or "",
        why=_written("note", change.why),
    )


def _revised(work: Work, row: Task, change: TaskChange) -> Task:
    kept = {column.name: getattr(row, column.name) for column in columns(Task)}
    event = {**work.event(change.why or None), "id": row.id, "revision": row.revision + 1}
    told = {
        "state": change.state.value,
        "done_on": change.done_on,
        "due_on": change.due_on,
        "value": change.value,
        "document": change.document or None,
        "note": change.note or None,
    }
    return Task(**{**kept, **event, **told})


def _require_unit(work: Work, unit_id: str | None) -> None:
    known = places.all_units(work)["id"]
    units = own_units(work)
    if (units is not None and unit_id not in units) or (unit_id is not None and unit_id not in set(known)):
        raise InputError("unknown_unit", msg("Đơn vị này không thuộc địa bàn của bạn."))


def _written(name: str, text: str) -> str:
    cleaned = about_places(text)
    if len(cleaned) > _LONGEST[name]:
        raise InputError("too_long", msg("Nội dung dài nhất {n} ký tự.", n=_LONGEST[name]))
    return cleaned


def _count(value: int | None) -> int | None:
    if value is not None and value < 0:
        raise InputError("negative", msg("Số đếm không thể âm."))
    return value
