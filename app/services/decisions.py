"""Inspection decisions: one for each team of a plan, an own one for each unannounced visit.

They are prepared with the plan; number, date and the signer's position are entered when the clerk has issued
them. No visit starts without the number (``field_visits.decision_of`` asks for it). In a joint sweep each side
goes under its own team's decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import update

from app.access import Right, require
from app.services.cells import text_of
from app.services.free_text import about_places
from app.services.plan_reading import seen_plan, team_names
from app.services.plan_secrecy import log_opening, visible_visits
from data.repositories import checks as repository
from data.repositories import plans as plan_repository
from data.store import Actor, Store, Work
from data.tables import InspectionDecision, Plan, Visit
from geo.errors import ConflictError, InputError, RuleError
from geo.messages import msg
from geo.words import PlanState, VisitKind

_CONTENT = {
    VisitKind.PLANNED: "Kiểm tra việc chấp hành pháp luật về phòng, chống tệ nạn mại dâm",
    VisitKind.UNANNOUNCED: "Kiểm tra đột xuất theo dấu hiệu vi phạm nêu tại căn cứ",
}


@dataclass(frozen=True)
class KeptDecision:
    """A decision: number and date are None until the clerk has issued it. ``signer``: a position."""

    id: str
    plan_id: str
    team_id: str
    team: str
    kind: VisitKind
    number: str | None
    on_date: date | None
    signer: str | None
    basis: str
    content: str
    first_day: date
    last_day: date
    visits: int
    seen_version: int


def prepare(work: Work, plan: Plan) -> None:
    """Make the decisions that a plan's visits and sweeps still lack, and tie the visits to them."""
    visits = plan_repository.visits_of(work, plan.id)
    without = visits[visits["decision_id"].isna()]
    secret = without["kind"] == VisitKind.UNANNOUNCED.value
    kept = {
        decision.team_id: decision
        for decision in repository.decisions_of(work, plan.id)
        if decision.kind == VisitKind.PLANNED.value
    }
    sweeping = {team for teams in plan_repository.sweeps_of(work, plan.id)["team_ids"] for team in teams}
    open_visits = without[~secret]
    for team in sorted({*open_visits["team_id"], *sweeping}):
        decision = kept.get(team) or _made(work, plan, team, VisitKind.PLANNED, plan.document or "")
        _tie(work, list(open_visits.loc[open_visits["team_id"] == team, "id"]), decision.id)
    for row in without[secret].itertuples(index=False):
        own = _made(
            work, plan, row.team_id, VisitKind.UNANNOUNCED, text_of(row.basis) or "", row.on_date.date()
        )
        _tie(work, [row.id], own.id)


def _made(
    work: Work, plan: Plan, team_id: str, kind: VisitKind, basis: str, day: date | None = None
) -> InspectionDecision:
    decision = InspectionDecision(
        plan_id=plan.id,
        team_id=team_id,
        kind=kind.value,
        basis=basis,
        content=_CONTENT[kind],
        first_day=day or plan.first_day,
        last_day=day or plan.last_day,
        made_by=work.actor.name,
    )
    work.session.add(decision)
    work.session.flush()
    return decision


def _tie(work: Work, visit_ids: list[str], decision_id: str) -> None:
    if visit_ids:
        work.session.execute(update(Visit).where(Visit.id.in_(visit_ids)).values(decision_id=decision_id))


def kept_decisions(store: Store, actor: Actor, plan_id: str) -> list[KeptDecision]:
    """The decisions of a plan; those of unannounced visits only for those who may see the visit."""
    require(actor, Right.SEE_PLANS)
    log_opening(store, actor, plan_id)
    with store.read(actor) as work:
        plan = seen_plan(work, plan_id)
        visits = _seen_visits(work, plan)
        names = team_names(work, plan)
        return [
            _kept(decision, names, visits)
            for decision in repository.decisions_of(work, plan_id)
            if _may_see(work, decision, visits)
        ]


def issue(
    store: Store,
    actor: Actor,
    decision_id: str,
    *,
    number: str,
    on_date: date,
    signer: str,
    as_of: date,
    seen_version: int,
) -> None:
    """Enter what the clerk has issued: number, date and the signer's position, never a name.

    Raises RuleError without a number, for a number that another decision of the year bears, for a date to come
    or after the first visit, and for a signer that looks like a person's name; ConflictError when somebody else
    was first.
    """
    require(actor, Right.KEEP_CASES)
    wanted, position = about_places(number)[:80], about_places(signer)[:120]
    if not any(character.isdigit() for character in wanted):
        raise RuleError("number_missing", msg("Cần số quyết định mà văn thư đã cấp."))
    if not position:
        raise RuleError("signer_missing", msg("Cần chức vụ người ký, không ghi tên."))
    if on_date > as_of:
        raise RuleError("future_day", msg("Ngày {day} chưa tới: chỉ ghi khi văn thư đã cấp số.", day=on_date))
    plan_id = _plan_of(store, actor, decision_id)
    log_opening(store, actor, plan_id)
    with store.write(actor) as work:
        decision, plan = _found(work, decision_id)
        if PlanState(plan.state) not in (PlanState.APPROVED, PlanState.RUNNING):
            raise RuleError("wrong_state", msg("Lịch này chưa được phê duyệt hoặc đã kết thúc."))
        if decision.version != seen_version:
            raise ConflictError("changed_meanwhile", msg("Người khác đã ghi quyết định này trước bạn."))
        _require_free(work, decision, wanted, on_date)
        first = _first_visit(work, decision)
        if first is not None and on_date > first:
            raise RuleError("too_late", msg("Lượt đầu tiên là ngày {day}, trước ngày quyết định.", day=first))
        decision.number, decision.on_date, decision.signer = wanted, on_date, position
        work.note("decision.issue", decision.id, number=wanted)


def _plan_of(store: Store, actor: Actor, decision_id: str) -> str:
    with store.read(actor) as work:
        decision = repository.decision_by_id(work, decision_id)
        if decision is None or decision.plan_id is None:
            raise _unknown()
        return decision.plan_id


def _found(work: Work, decision_id: str) -> tuple[InspectionDecision, Plan]:
    decision = repository.decision_by_id(work, decision_id)
    if decision is None or decision.plan_id is None:
        raise _unknown()
    plan = plan_repository.plan_by_id(work, decision.plan_id)
    if plan is None or not _may_see(work, decision, _seen_visits(work, plan)):
        raise _unknown()
    return decision, plan


def _unknown() -> InputError:
    return InputError("unknown_decision", msg("Không có quyết định kiểm tra này."))


def _seen_visits(work: Work, plan: Plan) -> pd.DataFrame:
    return visible_visits(work, plan, plan_repository.visits_of(work, plan.id))


def _may_see(work: Work, decision: InspectionDecision, visits: pd.DataFrame) -> bool:
    if decision.kind == VisitKind.UNANNOUNCED.value:
        return decision.id in set(visits["decision_id"])
    return work.actor.scope is None or decision.id in set(visits["decision_id"])


def _require_free(work: Work, decision: InspectionDecision, number: str, on_date: date) -> None:
    other = repository.decision_numbered(work, number, on_date.year)
    if other is not None and other.id != decision.id:
        raise RuleError(
            "number_taken", msg("Số {number} của năm {year} đã ghi cho quyết định khác.", number=number,
                                year=str(on_date.year)),
        )  # fmt: skip


def _first_visit(work: Work, decision: InspectionDecision) -> date | None:
    assert decision.plan_id is not None
    visits = plan_repository.visits_of(work, decision.plan_id)
    own = visits.loc[visits["decision_id"] == decision.id, "on_date"]
    return None if own.empty else own.min().date()


def _kept(decision: InspectionDecision, names: dict[str, str], visits: pd.DataFrame) -> KeptDecision:
    values: dict[str, Any] = {
        name: getattr(decision, name)
        for name in ("id", "plan_id", "team_id", "number", "on_date", "signer", "basis", "content", "first_day",
                     "last_day")
    }  # fmt: skip
    return KeptDecision(
        **values,
        team=names.get(decision.team_id, decision.team_id),
        kind=VisitKind(decision.kind),
        visits=int((visits["decision_id"] == decision.id).sum()),
        seen_version=decision.version,
    )
