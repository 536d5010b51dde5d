"""Amendments: a decided plan changes only by a proposal that somebody else approves, on a numbered document."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.access import Right, may, require
from app.services.decisions import prepare
from app.services.free_text import about_places
from app.services.plan_changes import ChangeKind, StopChange, premises_names, stop_changes
from app.services.plan_desk import Desk
from app.services.plan_edits import require_current
from app.services.plan_keeping import at_version, keep_version, require_other_person, require_state
from app.services.plan_life import require_lawful
from app.services.plan_reading import seen_plan, team_names
from app.services.plan_rows import after_edit
from app.services.plan_secrecy import OPENED, in_scope, log_opening
from data.repositories import plans as repository
from data.repositories.plan_contents import PlanContents, read_contents, write_contents
from data.store import Actor, Store, Work
from data.tables import Plan, PlanEvent
from geo.errors import ConflictError, InputError, RuleError
from geo.messages import Message, msg
from geo.words import PlanState, PlanStep

_DECIDED = (PlanState.APPROVED, PlanState.RUNNING)


@dataclass(frozen=True)
class Amendment:
    """A proposal that waits. ``changes``: stop by stop, in words."""

    id: str
    plan_id: str
    by: str
    at: datetime
    reason: str
    changes: tuple[Message, ...]


def propose(store: Store, actor: Actor, desk: Desk, reason: str) -> str:
    """Propose the changes made on the desk of a decided plan, with the reason; gives the proposal's id."""
    require(actor, Right.PLAN)
    why = about_places(reason)[:1000]
    if not why:
        raise RuleError("reason_missing", msg("Điều chỉnh lịch đã duyệt cần ghi lý do."))
    if not desk.done:
        raise RuleError("nothing_changed", msg("Chưa có thay đổi nào để đề nghị."))
    contents = after_edit(desk, desk.book, actor.name)
    log_opening(store, actor, desk.plan_id)
    with store.write(actor) as work:
        plan = require_current(work, desk)
        require_state(plan, *_DECIDED)
        detail = {
            "base": desk.at_version,
            "contents": contents.to_json(),
            "what": [one.to_json() for one in desk.done],
        }
        made = repository.add_step(work, plan.id, PlanStep.PROPOSED, reason=why, detail=detail)
        work.note("plan.propose", plan.id, proposal=made)
        return made


def pending(store: Store, actor: Actor, plan_id: str) -> list[Amendment]:
    """Proposals that wait for a decision, for their proposer and for those who may decide; opening one that
    touches unannounced visits is logged."""
    require(actor, Right.SEE_PLANS)
    with store.read(actor) as work:
        plan = seen_plan(work, plan_id)
        waiting = [step for step in _waiting(work, plan) if _may_open(work, plan, step)]
        found = [_amendment(work, plan, step) for step in waiting]
        secret = sorted(step.id for step in waiting if any(c.unannounced for c in _changes(work, plan, step)))
    if secret:
        with store.write(actor) as work:
            work.note("plan.unannounced.proposals", plan_id, proposals=secret)
    return found


def approve(store: Store, actor: Actor, proposal_id: str, document: str, as_of: date) -> None:
    """Approve a proposal under the number of the signed document: from here on the plan is as it says.

    Raises RuleError without a number, for whoever proposed it or made or changed the plan, and where the law
    stands in the way; ConflictError when another amendment came first.
    """
    require(actor, Right.APPROVE)
    number = about_places(document)[:200]
    if not any(character.isdigit() for character in number):
        raise RuleError("document_missing", msg("Cần số của văn bản điều chỉnh."))
    with store.write(actor) as work:
        step, plan = _proposal(work, proposal_id)
        require_other_person(work, plan)
        _require_not_own(work, step)
        base = int(step.detail["base"])
        if base != at_version(plan):
            raise ConflictError(
                "changed_meanwhile", msg("Lịch đã được điều chỉnh khác trước đó: cần đề nghị lại.")
            )
        contents = _with_decisions(work, plan, PlanContents.from_json(step.detail["contents"]))
        write_contents(work, plan.id, contents)
        plan.summary = contents.summary
        what = msg("Điều chỉnh theo {document}", document=number)
        keep_version(work, plan, what, parent=base, by=step.recorded_by)
        repository.add_step(
            work, plan.id, PlanStep.AMENDED, document=number, reason=step.reason, detail={"proposal": step.id}
        )
        # Who signs has opened all of it: the signature stands in the log.
        work.note(OPENED, plan.id, visits=[row["id"] for row in contents.visits])
        require_lawful(work, plan, as_of)
        prepare(work, plan)
        work.note("plan.amend", plan.id, document=number, proposal=step.id)


def refuse(store: Store, actor: Actor, proposal_id: str, reason: str) -> None:
    """Refuse a proposal, with the reason: the plan stays as it is."""
    require(actor, Right.APPROVE)
    why = about_places(reason)[:1000]
    if not why:
        raise RuleError("reason_missing", msg("Cần ghi lý do không đồng ý."))
    with store.write(actor) as work:
        step, plan = _proposal(work, proposal_id)
        _require_not_own(work, step)
        repository.add_step(work, plan.id, PlanStep.REFUSED, reason=why, detail={"proposal": step.id})
        work.note("plan.refuse", plan.id, proposal=step.id)


def _proposal(work: Work, proposal_id: str) -> tuple[PlanEvent, Plan]:
    step = repository.step_by_id(work, proposal_id)
    unknown = InputError("unknown_proposal", msg("Không có đề nghị điều chỉnh này."))
    if step is None or step.step != PlanStep.PROPOSED.value:
        raise unknown
    plan = seen_plan(work, step.plan_id)
    if not _may_open(work, plan, step):
        raise unknown
    require_state(plan, *_DECIDED)
    if step.id not in {one.id for one in _waiting(work, plan)}:
        raise RuleError("decided", msg("Đề nghị này đã được quyết định."))
    return step, plan


def _waiting(work: Work, plan: Plan) -> list[PlanEvent]:
    steps = repository.steps_of(work, plan.id)
    decided = {detail.get("proposal") for detail in steps["detail"] if detail}
    proposed = steps.loc[steps["step"] == PlanStep.PROPOSED.value, "id"]
    found = (repository.step_by_id(work, step_id) for step_id in proposed if step_id not in decided)
    return [step for step in found if step is not None]


def _may_open(work: Work, plan: Plan, step: PlanEvent) -> bool:
    """Its proposer, and whoever may decide on it: in their scope has to lie all that the plan holds then."""
    if step.recorded_by == work.actor.name:
        return True
    held = PlanContents.from_json(step.detail["contents"]), read_contents(work, plan.id, {})
    stops = {row["premises_id"] for one in held for row in one.visits}
    return may(work.actor, Right.APPROVE) and stops <= in_scope(work, list(stops))


def _require_not_own(work: Work, step: PlanEvent) -> None:
    if step.recorded_by == work.actor.name:
        raise RuleError("same_person", msg("Người đề nghị điều chỉnh không được quyết định đề nghị đó."))


def _changes(work: Work, plan: Plan, step: PlanEvent) -> list[StopChange]:
    before = read_contents(work, plan.id, {})
    return stop_changes(before, PlanContents.from_json(step.detail["contents"]))


def _amendment(work: Work, plan: Plan, step: PlanEvent) -> Amendment:
    names, teams = premises_names(work, plan), team_names(work, plan)
    # What merely comes at another hour of its day stands last.
    changes = sorted(_changes(work, plan, step), key=lambda one: one.kind is ChangeKind.RETIMED)
    return Amendment(
        id=step.id,
        plan_id=plan.id,
        by=step.recorded_by,
        at=step.recorded_at,
        reason=step.reason or "",
        changes=tuple(one.text(names.get(one.premises_id, one.premises_id), teams) for one in changes),
    )


def _with_decisions(work: Work, plan: Plan, contents: PlanContents) -> PlanContents:
    """The proposed stops with the decisions that were tied to them since the proposal."""
    now: dict[str, dict[str, Any]] = {row["id"]: row for row in read_contents(work, plan.id, {}).visits}
    rows = [
        {**row, "decision_id": now[row["id"]]["decision_id"]}
        if row["id"] in now and now[row["id"]]["team_id"] == row["team_id"]
        else row
        for row in contents.visits
    ]
    return replace(contents, visits=tuple(rows))
