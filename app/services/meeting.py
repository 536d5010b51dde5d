"""The review meeting (Họp rà soát địa bàn): everything that its screens and its handout show, as plain data.

Suspected places, tips that nobody has verified and unannounced checks have no part in it, and premises stand
there by code: ``meeting_facts`` leaves them out before anything is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.access import Right, require
from app.services import signals
from app.services.indicators import indicators
from app.services.meeting_alerts import AlertLine, shown_alerts
from app.services.meeting_facts import Established, codes, of_unit, own_strips, unit_name, units_to_review
from app.services.meeting_figures import figures, talks
from app.services.meeting_record import (
    HeldMeeting,
    Revealed,
    decide,
    hold_meeting,
    may_reveal,
    meetings_of,
    read_meetings,
    reveal,
)
from app.services.task_reading import OPEN, TaskRow, read_tasks
from data.store import Actor, Store, Work
from geo.errors import InputError
from geo.messages import Message, msg
from geo.periods import Period
from geo.review import done, risks, sentences
from geo.review_words import TaskKind, TaskState
from geo.targets import Indicator

__all__ = [
    "AlertLine",
    "BorderLine",
    "Decision",
    "HeldMeeting",
    "PremisesLine",
    "Revealed",
    "Review",
    "TargetLine",
    "decide",
    "decisions_of",
    "hold_meeting",
    "may_reveal",
    "meetings_of",
    "reveal",
    "review",
    "reviewable",
]
#: Strips that are shown.
_STRIPS = 5


@dataclass(frozen=True)
class PremisesLine:
    """A premises to talk about, by its code, with the reasons, gravest first."""

    code: str
    reasons: tuple[Message, ...]


@dataclass(frozen=True)
class BorderLine:
    """A border strip with a neighbour: risk on established facts (0-100), what makes most of it, the last joint
    sweep (None: never)."""

    names: tuple[str, str]
    length_m: float
    risk: float
    reasons: tuple[Message, ...]
    premises: int
    last_joint: date | None


@dataclass(frozen=True)
class TargetLine:
    """A target of the plan as ``geo.targets.Indicator`` has it, without the rows behind it."""

    code: str
    name: Message
    numerator: int | None
    denominator: int | None
    value: float | None
    comparator: str
    target: float | None
    met: bool | None
    text: Message
    before: float | None
    year_before: float | None


@dataclass(frozen=True)
class Decision:
    """What a meeting decided and how it stands. ``revision``: to be given back when it is finished."""

    id: str
    revision: int
    meeting_id: str
    title: str
    owner: str
    given_on: date
    due_on: date | None
    state: TaskState
    done_on: date | None
    days_late: int

    @property
    def late(self) -> bool:
        """Whether its day has passed."""
        return self.days_late > 0


@dataclass(frozen=True)
class Review:
    """What a meeting about a unit (``unit_id`` None: the whole) shows on a day.

    The sentences tell of the days from ``first`` to ``last``; ``since``: the meeting that they begin after,
    None where they begin with the period. All else stands on ``as_of``. ``late_tips``, ``late_handovers``:
    counts only. ``decisions``: open ones of the meetings, late ones first, then those ended since ``first``.
    """

    unit_id: str | None
    unit: str | None
    period: Period
    as_of: date
    first: date
    last: date
    since: date | None
    sentences: tuple[Message, ...]
    risks: tuple[Message, ...]
    done: tuple[Message, ...]
    premises: tuple[PremisesLine, ...]
    borders: tuple[BorderLine, ...]
    alerts: tuple[AlertLine, ...]
    late_tips: int
    late_handovers: int
    targets: tuple[TargetLine, ...]
    decisions: tuple[Decision, ...]
    meetings: tuple[HeldMeeting, ...]


def reviewable(store: Store, actor: Actor, day: date) -> dict[str, str]:
    """Names of the day's units that the actor may review, by id."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        return units_to_review(work, day)


def review(store: Store, actor: Actor, unit_id: str | None, period: Period, *, as_of: date) -> Review:
    """What has changed in a unit since its last meeting, or since the period began, and what is to be decided.

    Everybody who may see the unit gets the same. Raises InputError ``unknown_unit`` outside the actor's scope,
    ``period_to_come`` for a period that has not begun.
    """
    require(actor, Right.SEE_TIPS)
    if period.first > as_of:
        raise InputError("period_to_come", msg("Kỳ {period} chưa bắt đầu.", period=period.words))
    with store.read(actor) as work:
        name = unit_name(work, unit_id, as_of)
    narrow, last = of_unit(actor, unit_id), min(period.last, as_of)
    late = signals.late_for(store, narrow, as_of)
    targets = _targets(store, narrow, unit_id, period, as_of)
    with store.read(narrow) as work:
        known, called = Established(work, as_of), codes(work)
        meetings = read_meetings(work, unit_id, as_of)
        since = next((one.held_on for one in meetings if one.held_on < last), None)
        first = period.first if since is None else since + timedelta(days=1)
        decided = _decided(work, unit_id, first, as_of)
        borders = _borders(known, unit_id)
        found = figures(
            known,
            first,
            last,
            decisions=[one for one in decided if one.given_on < as_of],
            late_tips=late.signals,
            border=(" – ".join(borders[0].names), borders[0].risk) if borders else None,
            coverage=_coverage(targets),
        )
        return Review(
            unit_id=unit_id,
            unit=name,
            period=period,
            as_of=as_of,
            first=first,
            last=last,
            since=since,
            sentences=sentences(found),
            risks=risks(found),
            done=done(found),
            premises=tuple(PremisesLine(called[one.premises_id], one.reasons) for one in talks(known)),
            borders=borders,
            alerts=tuple(shown_alerts(known, called)),
            late_tips=late.signals,
            late_handovers=late.handovers,
            targets=targets,
            decisions=tuple(_decision(one) for one in decided),
            meetings=tuple(meetings),
        )


def decisions_of(
    store: Store, actor: Actor, unit_id: str | None, *, since: date, as_of: date
) -> tuple[Decision, ...]:
    """A unit's decisions as a review tells them: open ones, late ones first, then those ended since a day.

    Raises InputError ``unknown_unit`` outside the actor's scope.
    """
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        unit_name(work, unit_id, as_of)
        return tuple(_decision(one) for one in _decided(work, unit_id, since, as_of))


def _targets(
    store: Store, actor: Actor, unit_id: str | None, period: Period, as_of: date
) -> tuple[TargetLine, ...]:
    found = indicators(store, actor, period.first, period.last, as_of=as_of)
    return tuple(_target(one) for one in found.rows if one.unit_id == unit_id)


def _target(one: Indicator) -> TargetLine:
    return TargetLine(
        code=one.code,
        name=one.name,
        numerator=one.numerator,
        denominator=one.denominator,
        value=one.value,
        comparator=one.comparator,
        target=one.target,
        met=one.met,
        text=one.text,
        before=one.before,
        year_before=one.year_before,
    )


def _coverage(targets: tuple[TargetLine, ...]) -> tuple[float, float] | None:
    """The share of premises inspected and its target, where it is not met."""
    unmet = [one for one in targets if one.code == "T09" and one.met is False]
    return next(((one.value, one.target) for one in unmet if one.value is not None and one.target), None)


def _decided(work: Work, unit_id: str | None, first: date, as_of: date) -> list[TaskRow]:
    """The unit's decisions that are open, and those that came to an end since ``first``."""
    own = [
        one
        for one in read_tasks(work, as_of=as_of)
        if one.kind is TaskKind.DECISION and one.unit_id == unit_id and one.meeting_id is not None
    ]
    return [one for one in own if one.state in OPEN or (one.done_on or one.given_on) >= first]


def _decision(task: TaskRow) -> Decision:
    assert task.meeting_id is not None
    return Decision(
        id=task.id,
        revision=task.revision,
        meeting_id=task.meeting_id,
        title=task.title,
        owner=task.owner,
        given_on=task.given_on,
        due_on=task.due_on,
        state=task.state,
        done_on=task.done_on,
        days_late=task.days_late,
    )


def _borders(known: Established, unit_id: str | None) -> tuple[BorderLine, ...]:
    """The riskiest strips of the unit's own borders."""
    segments = own_strips(known, unit_id)
    if segments.empty:
        return ()
    risky = segments[segments["risk"] > 0].head(_STRIPS)
    return tuple(
        BorderLine(
            names=tuple(row.names),
            length_m=float(row.length_m),
            risk=float(row.risk),
            reasons=tuple(part.text for part in sorted(row.parts, key=lambda part: -part.points)[:2]),
            premises=int(row.premises),
            last_joint=None
            if row.last_joint_inspection != row.last_joint_inspection
            else row.last_joint_inspection.date(),
        )
        for row in risky.itertuples()
    )
