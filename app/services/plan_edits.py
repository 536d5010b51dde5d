"""Changing a plan by hand: the price first, then the change; taking it back; planning the rest anew.

A draft takes a change at once and keeps a version of itself. A decided plan is changed by amendment only: the
changes wait on the desk and are proposed together (``plan_amendments``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from app.access import Right, require
from app.services.free_text import about_places
from app.services.plan_desk import Desk, book_of, open_desk
from app.services.plan_keeping import at_version, keep_version, require_seen, require_state
from app.services.plan_reading import require_all_seen, seen_plan
from app.services.plan_rows import after_edit, after_replan
from app.services.plan_secrecy import log_opening
from app.services.plans import checked_request
from data.repositories import plans as repository
from data.repositories.plan_contents import PlanContents, write_contents
from data.store import Actor, Store, Work
from data.tables import Plan
from geo import plan_edit
from geo.errors import InputError, RuleError
from geo.messages import Message, msg
from geo.plan_book import Paper
from geo.plan_edit import Change, Insertions, Price
from geo.plan_types import Lock, PlanDraft, UnannouncedRequest
from geo.planning import Progress, make_plan, prepare
from geo.words import EditKind, PlanState

_Given = TypeVar("_Given")


@dataclass(frozen=True)
class Edit:
    """A change that somebody has in mind. ``position`` counts from 1, None: where it takes least time.

    ``basis`` and ``decision``: of an unannounced visit that is to be added (domain rule 1). ``grounds``: why,
    such as the signal that was verified; it stays with the version.
    """

    kind: EditKind
    premises_id: str
    team_id: str | None = None
    day: date | None = None
    position: int | None = None
    basis: str = ""
    decision: str = ""
    grounds: str = ""


def price(desk: Desk, edit: Edit) -> Price:
    """What the change costs, whether it is legal, and if not why; nothing is stored.

    Raises RuleError for an unannounced visit without basis and numbered decision, InputError for a change that
    does not say where to.
    """
    return changed(desk, edit)[1].price


def changed(desk: Desk, edit: Edit) -> tuple[Desk, Change]:
    """The desk on which the change can be made, and the change; for an unannounced visit what it is planned
    from is another."""
    if edit.kind is EditKind.ADD and edit.basis:
        desk = _with_request(desk, edit)
    book = desk.book
    match edit.kind:
        case EditKind.LOCK:
            return desk, plan_edit.lock(book, edit.premises_id)
        case EditKind.UNLOCK:
            return desk, plan_edit.unlock(book, edit.premises_id)
        case EditKind.DROP:
            return desk, plan_edit.drop(book, edit.premises_id)
        case EditKind.REORDER:
            return desk, plan_edit.reorder(book, edit.premises_id, _given(edit.position))
        case EditKind.MOVE:
            team, day = _given(edit.team_id), _given(edit.day)
            return desk, plan_edit.move(book, edit.premises_id, team, day, edit.position)
        case EditKind.ADD:
            team, day = _given(edit.team_id), _given(edit.day)
            paper = Paper(edit.basis, edit.decision) if edit.basis else None
            return desk, plan_edit.add(book, edit.premises_id, team, day, edit.position, paper=paper)


def apply(store: Store, actor: Actor, desk: Desk, edit: Edit) -> Desk:
    """Make a change and give the desk after it.

    Raises RuleError where it is not legal, with the reason; ConflictError when somebody else changed the plan
    since the desk was opened. On a decided plan nothing is stored until the changes are proposed.
    """
    require(actor, Right.PLAN)
    grounds = about_places(edit.grounds)
    edit = replace(edit, basis=about_places(edit.basis), decision=about_places(edit.decision))
    _require_ahead(desk, edit)
    ready, change = changed(desk, edit)
    if not change.price.legal:
        raise RuleError("not_legal", change.price.refusals[0])
    what = _told(desk, edit, change.price, grounds)
    if not desk.draft:
        return replace(ready, book=change.book, done=(*desk.done, what))
    contents = after_edit(ready, change.book, actor.name)
    return _stored(store, actor, replace(ready, book=change.book), contents, what)


def fit_in(desk: Desk, premises_id: str, *, first: date, basis: str = "", decision: str = "") -> Insertions:
    """The three cheapest legal places for a visit from a day on: a verified signal, a no-show.

    ``basis`` and ``decision`` make it an unannounced visit; a premises that was checked this year needs both.
    To be confirmed with ``apply``: an ``Edit`` of kind add, or move where it already has a visit.
    """
    if basis:
        desk = _with_request(desk, Edit(EditKind.ADD, premises_id, basis=basis, decision=decision))
    paper = Paper(basis, decision) if basis else None
    return plan_edit.cheapest_insertions(desk.book, premises_id, first=max(first, desk.first), paper=paper)


def undo(store: Store, actor: Actor, plan_id: str, seen_version: int) -> None:
    """Put a draft back to where it stood before its last change. Raises RuleError at its first version."""
    _go(store, actor, plan_id, seen_version, back=True)


def redo(store: Store, actor: Actor, plan_id: str, seen_version: int) -> None:
    """Make again what was undone. Raises RuleError where nothing was."""
    _go(store, actor, plan_id, seen_version, back=False)


def reoptimise(
    store: Store, actor: Actor, desk: Desk, *, seconds: float = 20.0, iterations: int | None = None,
    watch: Progress | None = None,
) -> Desk:  # fmt: skip
    """Plan a draft anew around what is locked and what was added by hand. The lot is not drawn again."""
    require(actor, Right.PLAN)
    if not desk.draft:
        raise RuleError("wrong_state", msg("Chỉ dự thảo được xếp lại; lịch đã duyệt thay đổi bằng điều chỉnh."))
    with store.read(actor) as work:
        plan = seen_plan(work, desk.plan_id)
        seed = int(plan.sealed_seed or 0)
    limits = _Limits(seed, seconds, iterations, watch)
    draft = _planned_anew(desk, limits, keep=desk.book.as_locks())
    drawn = {row["premises_id"] for row in desk.contents.visits if row["drawn_at_random"]}
    if drawn - {visit.premises_id for visit in draft.visits}:
        # The lot fell once: where the search would leave out whom it fell on, they stay where they are.
        draft = _planned_anew(desk, limits, keep=desk.book.as_locks(drawn))
    contents = after_replan(desk, draft, actor.name)
    return _stored(store, actor, desk, contents, msg("Xếp lại quanh các lượt đã khóa"))


@dataclass(frozen=True)
class _Limits:
    seed: int
    seconds: float
    iterations: int | None
    watch: Progress | None


def _planned_anew(desk: Desk, limits: _Limits, *, keep: tuple[Lock, ...]) -> PlanDraft:
    """The period planned again around ``keep``, without what a person dropped."""
    unserved = desk.contents.summary["unserved"]
    dropped = {row["premises"] for row in unserved if row.get("code") in ("dropped", "excluded")}
    return make_plan(
        replace(desk.facts, locks=keep, excluded=frozenset({*desk.facts.excluded, *dropped})),
        first=desk.first,
        last=desk.last,
        seed=limits.seed,
        settings=desk.settings,
        seconds=limits.seconds,
        iterations=limits.iterations,
        watch=limits.watch,
    )


def require_current(work: Work, desk: Desk) -> Plan:
    """The plan, while the actor still sees all of it and nobody changed it since the desk was opened."""
    plan = seen_plan(work, desk.plan_id)
    require_state(plan, PlanState.DRAFT, PlanState.APPROVED, PlanState.RUNNING)
    require_all_seen(work, plan)
    require_seen(work, plan, desk.seen_version)
    return plan


def _stored(store: Store, actor: Actor, desk: Desk, contents: PlanContents, what: Message) -> Desk:
    log_opening(store, actor, desk.plan_id)
    with store.write(actor) as work:
        plan = require_current(work, desk)
        require_state(plan, PlanState.DRAFT)
        write_contents(work, plan.id, contents)
        plan.summary = contents.summary
        number = keep_version(work, plan, what, parent=at_version(plan))
        work.note("plan.edit", plan.id, version=number)
        version = plan.version
    book = book_of(desk.problem, desk.facts, contents, desk.first, desk.last)
    return replace(desk, seen_version=version, at_version=number, contents=contents, book=book)


def _go(store: Store, actor: Actor, plan_id: str, seen_version: int, *, back: bool) -> None:
    require(actor, Right.PLAN)
    log_opening(store, actor, plan_id)
    with store.write(actor) as work:
        plan = seen_plan(work, plan_id)
        require_state(plan, PlanState.DRAFT)
        require_all_seen(work, plan)
        require_seen(work, plan, seen_version)
        go = repository.version_before if back else repository.version_after
        number = go(work, plan_id, at_version(plan))
        if number is None:
            what = msg("Không còn thay đổi nào để hoàn tác.") if back else msg("Không có gì để làm lại.")
            raise RuleError("nothing_to_undo" if back else "nothing_to_redo", what)
        wanted = repository.version(work, plan_id, number)
        assert wanted is not None
        contents = PlanContents.from_json(wanted.contents)
        write_contents(work, plan_id, contents)
        plan.summary = contents.summary
        plan.settings = {**plan.settings, "at_version": number}
        work.note("plan.undo" if back else "plan.redo", plan_id, version=number)


def _with_request(desk: Desk, edit: Edit) -> Desk:
    if desk.book.where(edit.premises_id) is not None:
        return desk
    request = checked_request(UnannouncedRequest(edit.premises_id, basis=edit.basis, decision=edit.decision))
    others = tuple(one for one in desk.facts.unannounced if one.premises_id != edit.premises_id)
    facts = replace(desk.facts, unannounced=(*others, request))
    problem, _notes = prepare(facts, first=desk.first, last=desk.last, settings=desk.settings)
    fresh = book_of(problem, facts, desk.contents, desk.first, desk.last)
    # What was done on the desk so far stays done.
    book = replace(desk.book, problem=fresh.problem)
    return replace(desk, facts=facts, problem=problem, book=book)


def _require_ahead(desk: Desk, edit: Edit) -> None:
    """What is past is not planned."""
    here = desk.book.where(edit.premises_id)
    days = [day for day in (edit.day, here[1] if here else None) if day is not None]
    if edit.kind not in (EditKind.LOCK, EditKind.UNLOCK) and any(day < desk.as_of for day in days):
        raise RuleError("past_day", msg("Ngày đã qua thì không xếp lại được."))


def _told(desk: Desk, edit: Edit, cost: Price, grounds: str) -> Message:
    premises = desk.facts.premises
    names = premises.loc[premises["id"] == edit.premises_id, "name"]
    name = names.iloc[0] if len(names) else edit.premises_id
    told = msg("{what} {premises}: {price}", what=edit.kind, premises=name, price=cost.text)
    return msg("{what} ({grounds})", what=told, grounds=grounds) if grounds else told


def _given(value: _Given | None) -> _Given:
    if value is None:
        raise InputError("edit_incomplete", msg("Cần chọn đủ đội, ngày hoặc thứ tự."))
    return value


__all__ = [
    "Desk", "Edit", "apply", "changed", "fit_in", "open_desk", "price", "redo", "reoptimise", "require_current",
    "undo",
]  # fmt: skip
