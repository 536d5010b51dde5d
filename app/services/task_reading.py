"""Tasks as they stood on a day, inside the actor's scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from app.access import Right, require
from data.repositories import places
from data.repositories.frames import current, frame
from data.repositories.signals import own_units
from data.store import Actor, Store, Work
from data.tables import Task
from geo.review_words import TaskKind, TaskState

OPEN = frozenset({TaskState.OPEN, TaskState.RUNNING})


@dataclass(frozen=True)
class TaskRow:
    """A task as it stood on a day. ``late``: not at an end though its day has passed. ``unit`` None: the whole.

    ``revision``: to be given back when somebody changes it.
    """

    id: str
    revision: int
    kind: TaskKind
    unit_id: str | None
    unit: str | None
    meeting_id: str | None
    hotspot_id: str | None
    hotspot: str | None
    title: str
    owner: str
    given_on: date
    due_on: date | None
    state: TaskState
    done_on: date | None
    value: int | None
    document: str | None
    note: str | None
    days_late: int

    @property
    def late(self) -> bool:
        """Whether its day has passed."""
        return self.days_late > 0


def tasks_of(
    store: Store,
    actor: Actor,
    *,
    unit_id: str | None = None,
    meeting_id: str | None = None,
    as_of: date,
    known_by: datetime | None = None,
) -> list[TaskRow]:
    """Tasks given up to a day inside the actor's scope: late ones first, then by deadline, ended ones last.

    ``unit_id``: those of one unit only. A task of the whole is for who sees the whole database. ``known_by``:
    as was on record then.
    """
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        return read_tasks(work, unit_id=unit_id, meeting_id=meeting_id, as_of=as_of, known_by=known_by)


def read_tasks(
    work: Work,
    *,
    unit_id: str | None = None,
    meeting_id: str | None = None,
    as_of: date,
    known_by: datetime | None = None,
) -> list[TaskRow]:
    """``tasks_of`` inside a unit of work."""
    rows = Task.__table__.c
    statement = current(Task, known_by=known_by).add_columns(rows.revision).where(rows.given_on <= as_of)
    if unit_id is not None:
        statement = statement.where(rows.unit_id == unit_id)
    if meeting_id is not None:
        statement = statement.where(rows.meeting_id == meeting_id)
    found = own_tasks(work, frame(work, statement))
    units = dict(places.all_units(work)[["id", "name"]].itertuples(index=False))
    hotspots = hotspot_names(work, as_of)
    tasks = [_task(row, units, hotspots, as_of) for row in found.itertuples(index=False)]
    return sorted(tasks, key=_urgency)


def own_tasks(work: Work, tasks: pd.DataFrame) -> pd.DataFrame:
    """The rows of units on the actor's ground, of any time; all for the whole database."""
    units = own_units(work)
    return tasks if units is None else tasks[tasks["unit_id"].isin(units)]


def hotspot_names(work: Work, as_of: date) -> dict[str, str]:
    """Names of the hotspots of a day inside the actor's scope, by id."""
    spots = places.hotspots_on(work, as_of)
    return dict(zip(spots["id"], spots["name"], strict=True))


def _task(row: Any, units: dict[str, str], hotspots: dict[str, str], as_of: date) -> TaskRow:
    state, done_on = TaskState(row.state), _day(row.done_on)
    if state is TaskState.DONE and done_on is not None and done_on > as_of:
        # On the day that is asked about it was not done yet.
        state, done_on = TaskState.RUNNING, None
    due_on = _day(row.due_on)
    waiting = state in OPEN and due_on is not None
    return TaskRow(
        id=row.id,
        revision=int(row.revision),
        kind=TaskKind(row.kind),
        unit_id=_text(row.unit_id),
        unit=units.get(row.unit_id),
        meeting_id=_text(row.meeting_id),
        hotspot_id=_text(row.hotspot_id),
        hotspot=hotspots.get(row.hotspot_id),
        title=row.title,
        owner=row.owner,
        given_on=row.given_on.date(),
        due_on=due_on,
        state=state,
        done_on=done_on,
        value=None if pd.isna(row.value) else int(row.value),
        document=_text(row.document),
        note=_text(row.note),
        days_late=max((as_of - due_on).days, 0) if waiting and due_on is not None else 0,
    )


def _urgency(task: TaskRow) -> tuple[bool, int, date, date, str]:
    return task.state not in OPEN, -task.days_late, task.due_on or date.max, task.given_on, task.id


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else value.date()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
