"""Keeping a draft in the database: its stops, routes and sweeps, and what is told of it to others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.services.plan_summary import SECRET
from data.repositories import plans as repository
from data.repositories.plan_contents import PlanContents, read_contents, write_contents
from data.store import LOCAL_ZONE, Work
from data.tables import Plan, new_id
from geo.errors import ConflictError, RuleError
from geo.joint_sweeps import Sweep
from geo.messages import Message, msg
from geo.plan_json import plan_document, stored_reason
from geo.plan_types import PlanDraft, PlanFacts, Route, UnannouncedRequest, Visit
from geo.planning_rules import eligible
from geo.words import PlanState, PlanStep, VisitKind

#: Where ``Plan.settings`` keeps which version is in force.
AT_VERSION = "at_version"
#: Where a stop's reason keeps that a person put it in.
BY_HAND = "by_hand"


def keep_draft(
    work: Work,
    draft: PlanDraft,
    facts: PlanFacts,
    *,
    seed: int,
    seed_given: bool,
    settings: dict[str, Any],
    sweeps: tuple[Sweep, ...] = (),
) -> str:
    """Store a draft as its first version and give its id."""
    plan = Plan(
        id=new_id(),
        first_day=draft.first,
        last_day=draft.last,
        made_at=work.now,
        made_by=work.actor.name,
        sealed_seed=str(seed),
        seed_given=seed_given,
        settings=settings,
        summary=summary_of(draft, facts),
    )
    work.session.add(plan)
    work.session.flush()
    bases = {request.premises_id: request for request in facts.unannounced}
    locked = {lock.premises_id for lock in facts.locks}
    contents = PlanContents(
        visits=tuple(visit_row(visit, work.actor.name, bases, locked) for visit in draft.visits),
        routes=tuple(route_row(route) for route in draft.routes),
        sweeps=tuple(sweep_row(sweep, facts) for sweep in sweeps),
        summary=plan.summary,
    )
    write_contents(work, plan.id, contents)
    repository.add_step(work, plan.id, PlanStep.DRAFTED)
    keep_version(work, plan, msg("Lập dự thảo"), parent=None)
    work.note("plan.draft", plan.id, visits=len(draft.visits))
    return plan.id


def keep_version(work: Work, plan: Plan, what: Message, parent: int | None, *, by: str | None = None) -> int:
    """Keep how the plan stands now as its newest version, which is the one in force from here on.

    ``by``: whose change it is, where somebody else has approved it.
    """
    contents = read_contents(work, plan.id, plan.summary)
    number = repository.add_version(work, plan.id, what, {**contents.to_json(), "parent": parent}, by=by)
    plan.settings = {**plan.settings, AT_VERSION: number}
    work.session.flush()
    return number


def at_version(plan: Plan) -> int:
    """Number of the version in force."""
    return int(plan.settings.get(AT_VERSION, 1))


def summary_of(draft: PlanDraft, facts: PlanFacts) -> dict[str, Any]:
    """What stands beside the stops. Sentences stay messages, so that each reader gets their own language."""
    document = plan_document(draft, say=Message.to_json)
    # Each is kept once: stops and routes have tables of their own, the plan its days.
    summary = {key: part for key, part in document.items() if key not in ("from", "to", "visits", "routes")}
    return {**summary, SECRET: _public_reasons(draft, facts)}


def _public_reasons(draft: PlanDraft, facts: PlanFacts) -> list[dict[str, Any]]:
    """Why the premises of unannounced visits are left out, as it would be told if nobody had asked for them."""
    planned = {visit.premises_id for visit in draft.visits if visit.kind is not VisitKind.UNANNOUNCED}
    secret = {request.premises_id for request in facts.unannounced} - planned
    # Those that a plan without the request would have left out anyway stand in the list with that reason.
    named = {left.premises_id for left in draft.unserved if left.kind is not VisitKind.UNANNOUNCED}
    rules = eligible(
        facts.premises[facts.premises["id"].isin(secret - named)],
        facts.inspections,
        facts.findings,
        first=draft.first,
        last=draft.last,
        standing=facts.standing,
        excluded=facts.excluded,
    )
    return [
        {
            "premises": str(row.Index),
            "code": "not_chosen" if row.eligible else row.code,
            "why": (msg("Không được chọn trong kỳ này.") if row.eligible else row.why).to_json(),
        }
        for row in rules.itertuples()
    ]


def visit_row(
    visit: Visit, asked_by: str, bases: Mapping[str, UnannouncedRequest], locked: set[str]
) -> dict[str, Any]:
    """A stop as the database keeps it; an unannounced one with its basis and who asked for it."""
    unannounced = visit.kind is VisitKind.UNANNOUNCED
    request = bases.get(visit.premises_id) if unannounced else None
    return {
        "id": new_id(),
        "premises_id": visit.premises_id,
        "team_id": visit.team_id,
        "on_date": visit.date,
        "arrive": _instant(visit.arrive),
        "leave": _instant(visit.leave),
        "position": visit.order,
        "kind": visit.kind.value,
        "reason": {**stored_reason(visit), **({"asked_by": asked_by} if unannounced else {})},
        "evidence": [dict(item) for item in visit.evidence],
        "joint_with": list(visit.joint_with),
        "drawn_at_random": visit.drawn_at_random,
        "selection_probability": visit.selection_probability,
        "value": visit.value,
        "locked": visit.premises_id in locked,
        "basis": None if request is None else basis_text(request),
        "decision_id": None,
    }


def basis_text(request: UnannouncedRequest) -> str:
    """The recorded ground of an unannounced visit, with the decision that states it."""
    if not request.decision:
        return request.basis[:600]
    return f"{request.basis[:470]} ({request.decision[:120]})"


def route_row(route: Route) -> dict[str, Any]:
    """A team's way of a day as the database keeps it."""
    return {
        "id": new_id(),
        "team_id": route.team_id,
        "on_date": route.date,
        "km": route.km,
        "minutes": route.minutes,
        "geom": route.geometry,
    }


def sweep_row(sweep: Sweep, facts: PlanFacts) -> dict[str, Any]:
    """A joint sweep as the database keeps it."""
    assert facts.segments is not None
    segment = facts.segments.set_index("id").loc[sweep.segment_id]
    return {
        "id": new_id(),
        "version": 1,
        "segment_id": sweep.segment_id,
        "geom": segment["geometry"],
        "on_date": sweep.date,
        "starts": _instant(sweep.start),
        "ends": _instant(sweep.end),
        "team_ids": list(sweep.teams),
        "meets": [[float(lon), float(lat)] for lon, lat in sweep.meets],
        "unit_ids": [unit for unit in (segment["unit_a"], segment["unit_b"]) if isinstance(unit, str)],
        "lead_team_id": sweep.lead_team,
        "outside": sweep.needs_outside,
        "done_on": None,
    }


def _instant(local: datetime) -> datetime:
    return local.replace(tzinfo=LOCAL_ZONE)


def require_state(plan: Plan, *states: PlanState) -> None:
    """Raise RuleError ``wrong_state`` when the plan's stored state is none of these."""
    state = PlanState(plan.state)
    if state not in states:
        raise RuleError(
            "wrong_state",
            msg("Lịch này “{state}”: không làm được việc này.", state=state),
            hint=msg("Tải lại trang để xem tình trạng mới."),
        )


def require_seen(work: Work, plan: Plan, seen_version: int) -> None:
    """Raise ConflictError when somebody has changed the plan since the actor looked at it."""
    if plan.version == seen_version:
        return
    last = repository.version(work, plan.id, at_version(plan))
    who = last.by if last is not None else plan.made_by
    raise ConflictError(
        "changed_meanwhile",
        msg("{who} đã thay đổi lịch này sau khi bạn mở; thay đổi của bạn chưa được ghi.", who=who),
        hint=msg("Tải lại trang, xem lịch mới rồi quyết định có sửa nữa không."),
    )


def require_other_person(work: Work, plan: Plan) -> None:
    """Raise RuleError ``same_person`` for whoever made or changed the plan: they do not decide on it.

    The operator at the command line decides nothing: they enter the number of a paper that others signed.
    """
    if work.actor.at_command_line:
        return
    if work.actor.name in {plan.made_by, *repository.authors_of(work, plan.id)}:
        raise RuleError(
            "same_person",
            msg("Người lập hoặc sửa lịch không được phê duyệt lịch đó."),
            hint=msg("Nhờ người khác có quyền phê duyệt."),
        )
