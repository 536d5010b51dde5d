"""Handling a signal: its steps, who has it, mending what was written, linking what tells the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from app.access import Right, require
from app.services import signal_desk as desk
from data.repositories import signals as repository
from data.repositories.purge import blank, leave_no_trace
from data.store import Actor, Store, Work
from data.tables import Signal
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.signal_rules import HANDLED, check_step, usual_kind
from geo.words import SignalKind, SignalSource, SignalState, SignalTopic

#: What a tombstone of domain rule 7 says it is for.
_RULE_SEVEN = "rule7"


@dataclass(frozen=True)
class Step:
    """What was decided. ``result``: what was found, or why it is taken up again. ``receipt_number``: of the
    police. ``handled_on``: when it was brought to an end."""

    state: SignalState
    result: str = ""
    topic: SignalTopic | None = None
    handled_on: date | None = None
    document: str = ""
    receipt_number: str = ""


def take_step(store: Store, actor: Actor, signal_id: str, step: Step, *, seen: int, as_of: date) -> None:
    """Take a signal to its next state. ``seen``: the revision that the person had before their eyes.

    Handed to the police it keeps no text here from now on. Raises RuleError for a step that may not follow,
    that lacks its result or receipt, and for another unit's signal, a duplicate, or one that waits for another
    unit; ConflictError when somebody else was first.
    """
    require(actor, Right.TAKE_SIGNALS)
    result = desk.written(step.result, desk.LONGEST_RESULT)
    document = desk.written(step.document, 200)
    receipt = desk.written(step.receipt_number, desk.LONGEST_PAPER)
    with store.write(actor) as work:
        row = desk.own_signal(work, signal_id, seen)
        desk.refuse_duplicate(row)
        kind = SignalKind(row.kind) if row.kind else usual_kind(SignalSource(row.source))
        check_step(
            SignalState(row.state),
            step.state,
            police=desk.rules().police(kind),
            result=result,
            receipt=receipt,
        )
        changes: dict[str, object] = {"state": step.state.value}
        ended = step.state in HANDLED
        if ended:
            _end_sending(work, signal_id, step.state)
            changes["handled_on"] = _handled_on(step.handled_on or as_of, row.on_date, as_of)
            changes |= {"result": result or None, "document": document or row.document}
        else:
            changes |= {"handled_on": None, "result": None}
        if step.state in (SignalState.VERIFIED, SignalState.UNFOUNDED):
            changes["topic"] = _topic(step.topic, row.topic, step.state)
        if step.state is SignalState.HANDED_OVER:
            changes |= {"receipt_number": receipt, **desk.only_the_ward(work, row.geom)}
            _with_its_duplicates(work, signal_id, changes)
        repository.revise(work, row, None if ended else result or None, **changes)
        if step.state is SignalState.HANDED_OVER:
            _forget(work, row)
        work.note("signal.step", signal_id, state=step.state.value)


def _with_its_duplicates(work: Work, signal_id: str, changes: dict[str, object]) -> None:
    """What tells the same went to the police with it."""
    for other in repository.linked_to(work, signal_id):
        child = repository.locked(work, other)
        if child is not None:
            repository.revise(work, child, None, **changes | desk.only_the_ward(work, child.geom))
            _forget(work, child)


def _forget(work: Work, row: Signal) -> None:
    """Take what was told out of every earlier revision: when it came and who recorded it is all that stays."""
    leave_no_trace(work)
    kept = {"month": f"{row.on_date:%Y-%m}", "kind": row.kind, "state": SignalState.HANDED_OVER.value}
    empty = {**desk.only_the_ward(work, row.geom), "why": None}
    blank(work, Signal, {row.id: kept}, _RULE_SEVEN, empty, but_newest=True)


def _end_sending(work: Work, signal_id: str, state: SignalState) -> None:
    """What waits for another unit is not ended here, save that the police get it at once."""
    shown = desk.seen_signal(work, signal_id)
    if pd.isna(shown["handover_id"]) or pd.notna(shown["accepted_at"]):
        return
    sent = repository.handover(work, shown["handover_id"])
    if state is not SignalState.HANDED_OVER or sent is None:
        raise RuleError(
            "waiting",
            msg("Tin đang chờ {unit} nhận.", unit=shown["to_name"]),
            hint=msg("Rút lại lần chuyển đó trước."),
        )
    repository.revise(work, sent, None, void=True)


def _handled_on(day: date, received: date, as_of: date) -> date:
    if not received <= day <= as_of:
        raise InputError(
            "bad_day",
            msg(
                "Ngày xử lý phải từ ngày tiếp nhận ({first}) đến hôm nay ({last}).", first=received, last=as_of
            ),
        )
    return day


def _topic(chosen: SignalTopic | None, before: str | None, state: SignalState) -> str | None:
    topic = chosen.value if chosen else before
    if topic is None and state is SignalState.VERIFIED:
        raise RuleError("signal_topic", msg("Cần phân loại nội dung tin."))
    return topic


def assign(store: Store, actor: Actor, signal_id: str, name: str | None, *, seen: int) -> None:
    """Give a signal to an account, or to nobody. Raises RuleError ``not_assignable`` for one whose ground does
    not hold the place."""
    require(actor, Right.TAKE_SIGNALS)
    with store.write(actor) as work:
        row = desk.own_signal(work, signal_id, seen)
        desk.refuse_duplicate(row)
        if name is not None:
            held = desk.holding_unit(desk.seen_signal(work, signal_id))
            desk.check_handler(work, name, row.geom, held)
        repository.revise(work, row, None, assigned_to=name)
        work.note("signal.assign", signal_id, to=name or "")


@dataclass(frozen=True)
class Correction:
    """What a person may mend in what was written down."""

    text: str
    on_date: date
    source: SignalSource
    kind: SignalKind
    topic: SignalTopic | None
    reliability: str
    credibility: int
    number: str


def correct(
    store: Store, actor: Actor, signal_id: str, new: Correction, why: str, *, seen: int, as_of: date
) -> None:
    """Mend what was written down; what stood there before stays in the history, with the reason.

    Another kind or day of receipt has another deadline. What is at an end is not mended.
    """
    require(actor, Right.TAKE_SIGNALS)
    reason = desk.written(why, desk.LONGEST_RESULT)
    text = desk.written(new.text, desk.LONGEST_TEXT)
    if not reason:
        raise RuleError("reason_missing", msg("Cần ghi lý do sửa."))
    if not text:
        raise InputError("text_missing", msg("Ghi nội dung tin về địa điểm."))
    if new.on_date > as_of:
        raise InputError("future", msg("Ngày tiếp nhận {day} chưa đến.", day=new.on_date))
    with store.write(actor) as work:
        row = desk.own_signal(work, signal_id, seen)
        if SignalState(row.state) in HANDLED:
            raise RuleError(
                "signal_ended",
                msg("Tin đã xử lý xong nên không sửa nội dung."),
                hint=msg("Chuyển lại “{state}” nếu cần xem xét tiếp.", state=SignalState.VERIFYING),
            )
        changes = {
            "text": text,
            "on_date": new.on_date,
            "source": new.source.value,
            "kind": new.kind.value,
            "topic": new.topic.value if new.topic else None,
            "reliability": new.reliability,
            "credibility": new.credibility,
            "number": desk.written(new.number, desk.LONGEST_PAPER) or None,
        }
        if (new.kind.value, new.on_date) != (row.kind, row.on_date):
            changes["due_on"] = desk.rules().due_on(new.kind, new.on_date)
        repository.revise(work, row, reason, **changes)
        work.note("signal.correct", signal_id)


def link(store: Store, actor: Actor, signal_id: str, first_id: str, *, seen: int) -> None:
    """Say that a signal tells the same as another: from here on both count once and are handled at the other.

    The earlier of both deadlines holds. What was linked to the signal is linked to the other as well.
    """
    require(actor, Right.TAKE_SIGNALS)
    with store.write(actor) as work:
        row = desk.own_signal(work, signal_id, seen)
        shown = desk.seen_signal(work, first_id)
        root_id = shown["same_as"] if isinstance(shown["same_as"], str) else first_id
        root = repository.locked(work, root_id)
        if root is None or root.void or root_id == signal_id:
            raise RuleError("same_signal", msg("Không gộp được một tin vào chính nó."))
        if SignalState.HANDED_OVER.value in (row.state, root.state):
            raise RuleError("signal_ended", msg("Tin đã chuyển công an không gộp với tin khác."))
        for other in repository.linked_to(work, signal_id):
            child = repository.locked(work, other)
            if child is not None:
                repository.revise(work, child, None, same_as=root_id)
        repository.revise(work, row, None, same_as=root_id)
        if row.due_on and root.due_on and row.due_on < root.due_on and SignalState(root.state) not in HANDLED:
            repository.revise(work, root, None, due_on=row.due_on)
        work.note("signal.link", signal_id, same_as=root_id)


def unlink(store: Store, actor: Actor, signal_id: str, *, seen: int) -> None:
    """Take a duplicate apart again: it counts, and has to be handled, by itself."""
    require(actor, Right.TAKE_SIGNALS)
    with store.write(actor) as work:
        row = desk.own_signal(work, signal_id, seen)
        if row.same_as is None:
            raise RuleError("not_linked", msg("Tin này không gộp với tin nào."))
        if row.state == SignalState.HANDED_OVER.value:
            raise RuleError("signal_ended", msg("Tin đã chuyển công an không tách ra nữa."))
        repository.revise(work, row, None, same_as=None)
        work.note("signal.unlink", signal_id)
