"""What was changed in a plan, stop by stop: from one version to the next, and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import pandas as pd

from app.access import Right, may, require
from app.services.plan_reading import seen_plan, team_names
from app.services.plan_secrecy import in_scope, may_open
from data.repositories import places
from data.repositories import plans as repository
from data.repositories.plan_contents import PlanContents
from data.store import LOCAL_ZONE, Actor, Store, Work
from data.tables import Plan
from geo.errors import RuleError
from geo.messages import Message, msg
from geo.words import VisitKind

#: A visit counts as of high value when it is worth as much as the best quarter of its plan.
_HIGH = 0.75


class ChangeKind(StrEnum):
    """How a stop differs between two versions."""

    DROPPED = "dropped"
    ADDED = "added"
    MOVED = "moved"
    RETIMED = "retimed"


@dataclass(frozen=True)
class StopChange:
    """A stop that differs; ``before`` and ``after`` are rows of the plan, None where there is none."""

    kind: ChangeKind
    premises_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def value(self) -> float:
        """What the visit is worth."""
        return float(self._row["value"] or 0.0)

    @property
    def unannounced(self) -> bool:
        """Whether it is not for everybody's eyes."""
        return any(row and row["kind"] == VisitKind.UNANNOUNCED.value for row in (self.before, self.after))

    @property
    def _row(self) -> dict[str, Any]:
        return self.after or self.before or {}

    def text(self, premises: str, teams: dict[str, str]) -> Message:
        """The change in words."""
        if self.kind is ChangeKind.ADDED:
            return msg("Thêm {premises}: {where}", premises=premises, where=_where(self.after, teams))
        if self.kind is ChangeKind.DROPPED:
            return msg("Bỏ {premises}: {where}", premises=premises, where=_where(self.before, teams))
        if self.kind is ChangeKind.RETIMED:
            was, now = _hour(self.before), _hour(self.after)
            return msg("Đổi giờ {premises}: {before} → {after}", premises=premises, before=was, after=now)
        return msg(
            "{premises}: {before} → {after}",
            premises=premises,
            before=_where(self.before, teams),
            after=_where(self.after, teams),
        )


@dataclass(frozen=True)
class MadeChange:
    """A change by hand that is in force or was: when, by which account. ``high``: of a visit of high value."""

    at: datetime
    by: str
    version: int
    kind: ChangeKind
    premises_id: str
    premises: str
    value: float
    high: bool
    text: Message


def stop_changes(before: PlanContents, after: PlanContents) -> list[StopChange]:
    """Stops that differ: dropped and added, given to another team or day, or merely at another time."""
    was = {row["premises_id"]: row for row in before.visits}
    now = {row["premises_id"]: row for row in after.visits}
    changes = []
    for name in sorted({*was, *now}):
        one, two = was.get(name), now.get(name)
        if one is None or two is None:
            kind = ChangeKind.ADDED if one is None else ChangeKind.DROPPED
        elif (one["team_id"], one["on_date"]) != (two["team_id"], two["on_date"]):
            kind = ChangeKind.MOVED
        elif one["arrive"] != two["arrive"]:
            kind = ChangeKind.RETIMED
        else:
            continue
        changes.append(StopChange(kind, name, one, two))
    return changes


def changes_made(store: Store, actor: Actor, plan_id: str) -> list[MadeChange]:
    """Drops, additions and moves since the plan was first made, by who made them, newest first.

    Swapping a valuable visit for another is how a target is spared: planners and reviewers see who did it.
    A change of an unannounced visit is seen by those who may see the visit, and looking is logged.
    """
    require(actor, Right.SEE_PLANS)
    if not (may(actor, Right.PLAN) or may(actor, Right.APPROVE)):
        raise RuleError("not_allowed", msg("Chỉ người lập và người duyệt xem được các thay đổi của lịch."))
    with store.read(actor) as work:
        plan = seen_plan(work, plan_id)
        versions = repository.versions_of(work, plan_id)
        contents = {one.number: PlanContents.from_json(one.contents) for one in versions}
        names, teams = premises_names(work, plan), team_names(work, plan)
        made, opened = [], set()
        for one in versions:
            parent = one.contents.get("parent")
            if parent is None:
                continue
            before = contents[parent]
            high = high_value(before)
            for change in seen_changes(work, plan, stop_changes(before, contents[one.number])):
                if change.kind is ChangeKind.RETIMED:
                    continue
                if change.unannounced:
                    opened.add(one.number)
                name = names.get(change.premises_id, change.premises_id)
                text = change.text(name, teams)
                made.append(
                    MadeChange(
                        one.at, one.by, one.number, change.kind, change.premises_id, name, change.value,
                        change.value >= high, text,
                    )
                )  # fmt: skip
    if opened:
        with store.write(actor) as work:
            work.note("plan.unannounced.changes", plan_id, versions=sorted(opened))
    return sorted(made, key=lambda one: (-one.version, -one.value, one.premises_id))


def seen_changes(work: Work, plan: Plan, changes: Iterable[StopChange]) -> list[StopChange]:
    """The changes of which the actor may see every stop (``plan_secrecy.may_open``), inside their scope."""
    listed = list(changes)
    hidden: set[str] = set()
    for side in ("before", "after"):
        rows = [row for one in listed if (row := getattr(one, side)) is not None]
        if rows:
            frame = pd.DataFrame(rows).assign(on_date=pd.to_datetime([row["on_date"] for row in rows]))
            shown = (frame["kind"] != VisitKind.UNANNOUNCED.value) | may_open(work, plan, frame)
            hidden |= set(frame.loc[~shown, "premises_id"])
    inside = in_scope(work, [one.premises_id for one in listed])
    return [one for one in listed if one.premises_id not in hidden and one.premises_id in inside]


def premises_names(work: Work, plan: Plan) -> dict[str, str]:
    """Names of the register's premises by id."""
    register = places.premises_on(work, plan.first_day)
    return dict(zip(register["id"], register["name"], strict=True))


def high_value(contents: PlanContents) -> float:
    """What a visit of these is worth at least that counts as of high value."""
    values = sorted(float(row["value"] or 0.0) for row in contents.visits)
    return values[int(_HIGH * (len(values) - 1))] if values else float("inf")


def _hour(row: dict[str, Any] | None) -> str:
    assert row is not None
    return f"{row['arrive'].astimezone(LOCAL_ZONE):%H:%M}"


def _where(row: dict[str, Any] | None, teams: dict[str, str]) -> Message:
    assert row is not None
    day: date = row["on_date"]
    return msg("{team}, ngày {day}", team=teams.get(row["team_id"], row["team_id"]), day=day)
