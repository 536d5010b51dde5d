"""What reports tell of tasks: counts by kind, and hotspots that arose without a report that explains it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import geopandas as gpd
import pandas as pd

from app.access import Right, require
from app.services.task_reading import OPEN, TaskRow, tasks_of
from data.repositories import places
from data.repositories.frames import current, frame
from data.store import Actor, Store, Work
from data.tables import Task
from geo.review_words import TaskKind, TaskState
from geo.units import covering
from geo.words import HotspotState

#: A hotspot that arose longer ago needs no report any more.
EXPLAINED_WITHIN = timedelta(days=365)
_ARISEN = (HotspotState.ACTIVE.value, HotspotState.REACTIVATED.value)


@dataclass(frozen=True)
class MissingExplanation:
    """A hotspot that became active or active again without a report that explains it. ``unit_id``: the unit of
    the day on whose ground it lies, None outside of all."""

    hotspot_id: str
    unit_id: str | None
    hotspot: str
    state: HotspotState
    on_date: date


@dataclass(frozen=True)
class TaskCount:
    """Tasks of one kind in a period: given in it, brought to an end in it, open at its end, late then.

    ``value``: what the tasks done in the period count together, None where they count nothing. ``documents``:
    numbers of their papers. ``rows``: ids of the tasks that are counted anywhere here.
    """

    kind: TaskKind
    given: int
    done: int
    open: int
    late: int
    value: int | None
    documents: tuple[str, ...]
    rows: tuple[str, ...]


def task_counts(
    store: Store,
    actor: Actor,
    first: date,
    last: date,
    as_of: date,
    *,
    unit_id: str | None = None,
    known_by: datetime | None = None,
) -> list[TaskCount]:
    """Every kind of task in the days from ``first`` to ``last``, as known on ``as_of``: what reports tell."""
    require(actor, Right.SEE_TIPS)
    end = min(last, as_of)
    tasks = tasks_of(store, actor, unit_id=unit_id, as_of=end, known_by=known_by)
    return [_counted(kind, [one for one in tasks if one.kind is kind], first) for kind in TaskKind]


def _counted(kind: TaskKind, tasks: list[TaskRow], first: date) -> TaskCount:
    given = [one for one in tasks if one.given_on >= first]
    done = [one for one in tasks if one.state is TaskState.DONE and one.done_on and one.done_on >= first]
    waiting = [one for one in tasks if one.state in OPEN]
    values = [one.value for one in done if one.value is not None]
    counted = {one.id: None for one in [*given, *done, *waiting]}
    return TaskCount(
        kind=kind,
        given=len(given),
        done=len(done),
        open=len(waiting),
        late=sum(one.late for one in waiting),
        value=sum(values) if values else None,
        documents=tuple(one.document for one in done if one.document),
        rows=tuple(counted),
    )


def missing_explanations(store: Store, actor: Actor, as_of: date) -> list[MissingExplanation]:
    """Hotspots of the actor's scope that arose within a year and have no task for the report, newest first."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        return unexplained(work, as_of)


def unexplained(work: Work, as_of: date) -> list[MissingExplanation]:
    """``missing_explanations`` inside a unit of work."""
    spots = places.hotspots_on(work, as_of)
    names = dict(zip(spots["id"], spots["name"], strict=True))
    units = _units(spots, places.units_on(work, as_of))
    explained = _explanations(work)
    found = []
    for spot, changes in places.transitions_until(work, as_of).groupby("hotspot_id"):
        arisen = _arisen(changes)
        if arisen is None or spot not in names or as_of - arisen[1] > EXPLAINED_WITHIN:
            continue
        if not any(day >= arisen[1] for day in explained.get(str(spot), [])):
            found.append(MissingExplanation(str(spot), units[str(spot)], names[str(spot)], *arisen))
    return sorted(found, key=lambda one: (one.on_date, one.hotspot), reverse=True)


def _units(spots: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> dict[str, str | None]:
    """The unit in which each hotspot's middle lies."""
    middles = spots.set_geometry(spots.geometry.representative_point())
    found = covering(middles, units)
    return {
        spot: unit if isinstance(unit, str) else None for spot, unit in zip(spots["id"], found, strict=True)
    }


def _arisen(changes: pd.DataFrame) -> tuple[HotspotState, date] | None:
    """The last time that a hotspot arose; active right after reactivated is the same time."""
    last, before = None, None
    for change in changes.itertuples():
        again = before == HotspotState.REACTIVATED and change.state == HotspotState.ACTIVE
        if change.state in _ARISEN and not again and not change.inherited:
            last = HotspotState(str(change.state)), change.on_date.date()
        before = change.state
    return last


def _explanations(work: Work) -> dict[str, list[date]]:
    rows = Task.__table__.c
    statement = current(Task).where(
        rows.kind == TaskKind.EXPLANATION.value, rows.state != TaskState.CANCELLED.value
    )
    found: dict[str, list[date]] = {}
    for row in frame(work, statement).itertuples():
        found.setdefault(str(row.hotspot_id), []).append(row.given_on.date())
    return found
