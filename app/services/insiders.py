"""Who dropped or swapped visits of high value in a month: told to leaders and to whoever watches over the work.

Sparing a target is done by taking its visit out of a plan, by giving its place to another, or by another day.
The list says by whom, how often, and which visits; it accuses nobody: there are good reasons, and the version
of the plan has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.access import Right, may, require
from app.services.audit import note_reading
from app.services.looking import Looked
from app.services.plan_changes import (
    ChangeKind,
    StopChange,
    high_value,
    premises_names,
    seen_changes,
    stop_changes,
)
from app.services.plan_secrecy import in_scope, may_see_plan
from data.repositories import plans as repository
from data.repositories.plan_contents import PlanContents
from data.store import LOCAL_ZONE, Actor, Store, Work
from data.tables import Plan, PlanVersion
from geo.periods import Period


class Spared(StrEnum):
    """What happened to a visit: taken out, taken out for another, given to another team or day."""

    DROPPED = "dropped"
    SWAPPED = "swapped"
    MOVED = "moved"


@dataclass(frozen=True)
class HighValueChange:
    """A change of a visit of high value. ``premises`` is empty where the reader may not know which it is.

    ``others``: what came into the plan by the same change, as far as it may be named.
    """

    at: datetime
    plan_id: str
    kind: Spared
    premises: str
    value: float
    others: tuple[str, ...]


@dataclass(frozen=True)
class ByAccount:
    """One account's changes of a month, newest first."""

    account: str
    changes: tuple[HighValueChange, ...]

    def count(self, kind: Spared) -> int:
        """How many there are of a kind."""
        return sum(one.kind is kind for one in self.changes)


def high_value_changes(store: Store, actor: Actor, month: Period, *, as_of: date) -> list[ByAccount]:
    """Visits of high value that were dropped, swapped or moved by hand in a month, by who did it, most first.

    For leaders and auditors. A leader is told what they may see of a plan; an auditor, who sees no plans,
    learns the names once a plan is over, and of unannounced visits never (domain rule 4). Looking is noted.
    """
    if not may(actor, Right.AUDIT):
        require(actor, Right.APPROVE)
    note_reading(store, actor, Looked.CHANGES_OF_PLANS, month.text)
    by: dict[str, list[HighValueChange]] = {}
    with store.read(actor) as work:
        for plan_id in repository.plans(work)["id"]:
            plan = repository.plan_by_id(work, plan_id)
            if plan is not None:
                for account, change in _of_plan(work, plan, month, as_of):
                    by.setdefault(account, []).append(change)
    found = [
        ByAccount(name, tuple(sorted(rows, key=lambda one: one.at, reverse=True))) for name, rows in by.items()
    ]
    return sorted(found, key=lambda one: (-len(one.changes), one.account))


def _of_plan(work: Work, plan: Plan, month: Period, as_of: date) -> Iterator[tuple[str, HighValueChange]]:
    versions = {one.number: one for one in repository.versions_of(work, plan.id)}
    wanted = [one for one in versions.values() if _made_by_hand(one, versions) and _within(one.at, month)]
    if not wanted:
        return
    names = premises_names(work, plan)
    for one in wanted:
        before = PlanContents.from_json(versions[one.contents["parent"]].contents)
        changes = stop_changes(before, PlanContents.from_json(one.contents))
        told, named = _told(work, plan, changes, as_of)
        added = [change for change in told if change.kind is ChangeKind.ADDED]
        others = tuple(names.get(change.premises_id, "") for change in added if change.premises_id in named)
        least = high_value(before)
        for change in told:
            if change.value < least or change.kind not in (ChangeKind.DROPPED, ChangeKind.MOVED):
                continue
            name = names.get(change.premises_id, change.premises_id) if change.premises_id in named else ""
            kind = _kind(change, added)
            yield one.by, HighValueChange(one.at, plan.id, kind, name, change.value, others)


def _kind(change: StopChange, added: list[StopChange]) -> Spared:
    if change.kind is ChangeKind.MOVED:
        return Spared.MOVED
    return Spared.SWAPPED if added else Spared.DROPPED


def _told(
    work: Work, plan: Plan, changes: list[StopChange], as_of: date
) -> tuple[list[StopChange], frozenset[str]]:
    """The changes that the actor may know of, and the premises that may be named."""
    if may(work.actor, Right.APPROVE) and may_see_plan(work.actor, plan):
        seen = seen_changes(work, plan, changes)
        return seen, frozenset(one.premises_id for one in seen)
    over = plan.last_day < as_of
    inside = in_scope(work, [one.premises_id for one in changes])
    told = [one for one in changes if one.premises_id in inside and (over or not one.unannounced)]
    return told, frozenset(one.premises_id for one in told if over and not one.unannounced)


def _made_by_hand(one: PlanVersion, versions: dict[int, PlanVersion]) -> bool:
    return one.contents.get("parent") in versions


def _within(at: datetime, month: Period) -> bool:
    return month.first <= at.astimezone(LOCAL_ZONE).date() <= month.last
