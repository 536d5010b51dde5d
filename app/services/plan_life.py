"""The life of a plan: draft, approved with a document's number, running, closed; a draft may be discarded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from app.access import Right, require
from app.services import complaints
from app.services.cells import text_of
from app.services.decisions import prepare
from app.services.facts import Known
from app.services.free_text import about_places
from app.services.plan_keeping import require_other_person, require_seen, require_state
from app.services.plan_reading import require_all_seen, seen_plan, standing_premises
from app.services.plan_secrecy import in_scope, log_opening, whole
from app.services.team_days import busy_days
from app.services.underway import marked
from data.repositories import plans as repository
from data.store import Actor, Store, Work
from data.tables import Plan
from geo.errors import RuleError
from geo.messages import Message, msg
from geo.planning_rules import eligible
from geo.words import PlanState, PlanStep, VisitKind


@dataclass(frozen=True)
class LifeStep:
    """A step in a plan's life: what, when, by which account, on what paper, and why."""

    id: str
    step: PlanStep
    at: datetime
    by: str
    document: str | None
    reason: str | None


@marked("plan.approve", Right.APPROVE)
def approve(
    store: Store, actor: Actor, plan_id: str, document: str, as_of: date, *, seen_version: int | None = None
) -> None:
    """Approve a draft under the number of the signed document (command ``plan approve``).

    Its inspection decisions are prepared with it. Raises RuleError without a number, for whoever made or
    changed the draft, for a plan whose seed was given, for one that holds a visit outside the actor's scope,
    and for one that has become unlawful since it was made; ConflictError when it was changed since the actor
    looked at it (``seen_version``).
    """
    require(actor, Right.APPROVE)
    number = about_places(document)[:200]
    # Who signs has opened all of it.
    log_opening(store, actor, plan_id)
    with store.write(actor) as work:
        plan = seen_plan(work, plan_id)
        require_state(plan, PlanState.DRAFT)
        if seen_version is not None:
            require_seen(work, plan, seen_version)
        require_other_person(work, plan)
        _require_number(number)
        if plan.seed_given:
            raise RuleError(
                "seed_given",
                msg("Lịch lập với số bốc thăm cho trước không được phê duyệt."),
                hint=msg("Lập lại lịch, để hệ thống tự bốc thăm."),
            )
        if plan.last_day < as_of:
            raise RuleError("period_over", msg("Kỳ của lịch đã hết ngày {day}.", day=plan.last_day))
        require_lawful(work, plan, as_of)
        plan.state, plan.document = PlanState.APPROVED.value, number
        repository.add_step(work, plan.id, PlanStep.APPROVED, document=number)
        prepare(work, plan)
        work.note("plan.approve", plan.id, document=number)


def start(store: Store, actor: Actor, plan_id: str, as_of: date) -> None:
    """Let an approved plan run. From its first day on it is seen as running without this step."""
    require(actor, Right.APPROVE)
    with store.write(actor) as work:
        plan = seen_plan(work, plan_id)
        _require_in_scope(work, plan)
        require_state(plan, PlanState.APPROVED)
        if plan.first_day > as_of:
            raise RuleError("too_early", msg("Lịch bắt đầu từ ngày {day}.", day=plan.first_day))
        _step(work, plan, PlanState.RUNNING, PlanStep.STARTED, None)


def close(store: Store, actor: Actor, plan_id: str, as_of: date, reason: str = "") -> None:
    """Close a decided plan: what has not been carried out no longer stands. Before its last day it needs a
    reason."""
    require(actor, Right.APPROVE)
    why = about_places(reason)[:1000] or None
    with store.write(actor) as work:
        plan = seen_plan(work, plan_id)
        _require_in_scope(work, plan)
        require_state(plan, PlanState.APPROVED, PlanState.RUNNING)
        if plan.last_day >= as_of and why is None:
            raise RuleError("reason_missing", msg("Kết thúc lịch trước ngày cuối cần ghi lý do."))
        _step(work, plan, PlanState.CLOSED, PlanStep.CLOSED, why)


def discard(store: Store, actor: Actor, plan_id: str, reason: str = "") -> None:
    """Put a draft aside."""
    require(actor, Right.PLAN)
    why = about_places(reason)[:1000] or None
    log_opening(store, actor, plan_id)
    with store.write(actor) as work:
        plan = seen_plan(work, plan_id)
        require_state(plan, PlanState.DRAFT)
        require_all_seen(work, plan)
        _step(work, plan, PlanState.DISCARDED, PlanStep.DISCARDED, why)


def history(store: Store, actor: Actor, plan_id: str) -> list[LifeStep]:
    """The life of a plan, oldest step first.

    The reason of an amendment may speak of an unannounced visit: it is for its proposer and who decided.
    """
    require(actor, Right.SEE_PLANS)
    with store.read(actor) as work:
        plan = seen_plan(work, plan_id)
        steps = list(repository.steps_of(work, plan.id).itertuples(index=False))
        parties = _parties(steps)
        return [
            LifeStep(
                id=row.id,
                step=PlanStep(row.step),
                at=row.recorded_at,
                by=row.recorded_by,
                document=text_of(row.document),
                reason=text_of(row.reason) if actor.name in parties.get(row.id, {actor.name}) else None,
            )
            for row in steps
        ]


def _parties(steps: list[Any]) -> dict[str, set[str]]:
    """By step of an amendment who proposed it and who decided on it; one that waits is read in
    ``plan_amendments.pending``."""
    proposals = {row.id: {row.recorded_by} for row in steps if row.step == PlanStep.PROPOSED}
    for row in steps:
        if row.step in (PlanStep.AMENDED, PlanStep.REFUSED):
            proposals.setdefault(row.detail["proposal"], set()).add(row.recorded_by)
            proposals[row.id] = proposals[row.detail["proposal"]]
    return proposals


def require_lawful(work: Work, plan: Plan, as_of: date) -> None:
    """Raise RuleError when the actor may not answer for the plan as it stands, or the law has overtaken it.

    Every stop has to lie in the actor's scope. What may have happened since the plan was made: a check by any
    body, a visit in another decided plan, a complaint about the team.
    """
    visits = repository.visits_of(work, plan.id)
    require_all_seen(work, plan)
    unfounded = visits[(visits["kind"] == VisitKind.UNANNOUNCED.value) & visits["basis"].isna()]
    if len(unfounded):
        raise RuleError("basis_missing", msg("Có {n} lượt đột xuất chưa ghi căn cứ.", n=len(unfounded)))
    broken = overtaken(work, plan, visits, as_of)
    if broken:
        raise RuleError(
            "overtaken",
            msg("Có {n} lượt không còn hợp lệ. Ví dụ: {why}", n=len(broken), why=next(iter(broken.values()))),
            hint=msg("Bỏ hoặc thay các lượt đó rồi phê duyệt."),
        )


def overtaken(work: Work, plan: Plan, visits: pd.DataFrame, as_of: date) -> dict[str, Message]:
    """Stops still ahead that may no longer be made, by id, with the reason."""
    known = Known(whole(work), as_of)
    ahead = (visits["on_date"] >= pd.Timestamp(as_of)) & ~visits["id"].isin(known.inspections["visit_id"])
    wanted = visits[ahead & (visits["kind"] != VisitKind.UNANNOUNCED.value)]
    rules = eligible(
        known.premises,
        known.inspections,
        known.findings,
        first=plan.first_day,
        last=plan.last_day,
        standing=_standing_elsewhere(work, plan, as_of),
    )
    barred = complaints.barred_teams(work, as_of)
    busy = busy_days(work, plan.first_day, plan.last_day, but=plan.id)
    found: dict[str, Message] = {}
    for row in wanted.itertuples(index=False):
        if row.premises_id not in rules.index:
            found[row.id] = msg("Cơ sở không còn trong sổ.")
            continue
        rule = rules.loc[row.premises_id]
        if not rule["eligible"]:
            found[row.id] = rule["why"]
        elif row.kind == VisitKind.PLANNED.value and rule["kind"] is VisitKind.FOLLOW_UP:
            found[row.id] = msg("Năm nay cơ sở đã được kiểm tra; chỉ được phúc tra theo biên bản cũ.")
        elif row.on_date.date() in busy.get(row.team_id, set()):
            found[row.id] = msg("Ngày {day} đội đã đi theo lịch được duyệt khác.", day=row.on_date.date())
        elif row.team_id in barred.get(row.premises_id, frozenset()):
            found[row.id] = msg("Cơ sở đang khiếu nại đội này.")
    return found


def _standing_elsewhere(work: Work, plan: Plan, day: date) -> frozenset[str]:
    """Premises with a visit of another decided plan, of those that the actor may know of."""
    last = date(plan.last_day.year, 12, 31)
    standing = repository.standing_visits(whole(work), day, last)
    own = set(standing.loc[standing["plan_id"] == plan.id, "premises_id"])
    return standing_premises(work, day, last) - own


def _step(work: Work, plan: Plan, state: PlanState, step: PlanStep, reason: str | None) -> None:
    plan.state = state.value
    repository.add_step(work, plan.id, step, reason=reason)
    work.note(f"plan.{step.value}", plan.id)


def _require_in_scope(work: Work, plan: Plan) -> None:
    """Raise RuleError ``not_all_seen`` for whoever answers for a part of the plan's ground only."""
    stops = list(repository.visits_of(work, plan.id)["premises_id"])
    if not set(stops) <= in_scope(work, stops):
        raise RuleError(
            "not_all_seen",
            msg("Tài khoản {name} không được sửa hay quyết định lịch này.", name=work.actor.name),
            hint=msg("Nhờ người lập lịch, hoặc người có phạm vi đủ rộng."),
        )


def _require_number(number: str) -> None:
    if not any(character.isdigit() for character in number):
        raise RuleError("document_missing", msg("Cần số của văn bản phê duyệt."))
