"""A plan laid open to be changed by hand: what it is planned from, as known today, and its day routes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.access import Right, require
from app.services.facts import Known
from app.services.plan_keeping import BY_HAND, at_version, require_state
from app.services.plan_reading import require_all_seen, seen_plan
from app.services.plan_request import PlanRequest, kept_request, office_settings
from app.services.plan_secrecy import log_opening
from app.services.plans import plan_facts
from data.repositories.plan_contents import PlanContents, read_contents
from data.store import LOCAL_ZONE, Actor, Store, Work
from geo.messages import Message
from geo.plan_book import Paper, PlanBook, open_book
from geo.plan_coverage import ward_counts
from geo.plan_problem import Problem
from geo.plan_settings import PlanningSettings
from geo.plan_types import Appointment, PlanFacts, UnannouncedRequest, Visit
from geo.planning import prepare
from geo.visit_value import Part
from geo.words import PlanState, VisitKind


@dataclass(frozen=True)
class Desk:
    """A plan on the desk of who changes it.

    ``contents``: as stored; ``book``: as it would be after the changes made on the desk, ``done``. A draft's
    changes are stored one by one, so that its ``done`` is empty; those of a decided plan wait there until they
    are proposed. ``seen_version``: of the plan when it was opened. ``problem``: made from ``facts``; it is what
    takes long, and no change of the stops changes it.
    """

    plan_id: str
    first: date
    last: date
    state: PlanState
    as_of: date
    seen_version: int
    at_version: int
    contents: PlanContents
    facts: PlanFacts
    settings: PlanningSettings
    problem: Problem
    book: PlanBook
    done: tuple[Message, ...] = ()

    @property
    def draft(self) -> bool:
        """Whether changes are stored at once."""
        return self.state is PlanState.DRAFT


def open_desk(store: Store, actor: Actor, plan_id: str, as_of: date) -> Desk:
    """Open a draft or a decided plan to change it.

    Takes some seconds: ways and values are worked out anew. Raises RuleError for a plan that is over, and for
    one of which the actor does not see every stop: they could not know what they change.
    """
    require(actor, Right.PLAN)
    log_opening(store, actor, plan_id)
    with store.read(actor) as work:
        plan = seen_plan(work, plan_id)
        require_state(plan, PlanState.DRAFT, PlanState.APPROVED, PlanState.RUNNING)
        require_all_seen(work, plan)
        contents = read_contents(work, plan_id, plan.summary)
        request = kept_request(plan)
        settings = request.settings or office_settings()
        facts = desk_facts(work, request, contents, as_of, plan_id)
    problem, _notes = prepare(facts, first=plan.first_day, last=plan.last_day, settings=settings)
    return Desk(
        plan_id=plan_id,
        first=plan.first_day,
        last=plan.last_day,
        state=PlanState(plan.state),
        as_of=as_of,
        seen_version=plan.version,
        at_version=at_version(plan),
        contents=contents,
        facts=facts,
        settings=settings,
        problem=problem,
        book=book_of(problem, facts, contents, plan.first_day, plan.last_day),
    )


def desk_facts(
    work: Work, request: PlanRequest, contents: PlanContents, as_of: date, plan_id: str
) -> PlanFacts:
    """What is known on the day, with the wishes that the plan was made with; its own visits do not stand in
    its way."""
    facts = plan_facts(work, Known(work, as_of), request, plan_id)
    own = {row["premises_id"] for row in contents.visits}
    return replace(
        facts,
        standing=facts.standing - own,
        unannounced=tuple(_request(row) for row in contents.visits if _unannounced(row)),
        appointments=tuple(one for row in contents.sweeps for one in _appointments(row)),
    )


def book_of(problem: Problem, facts: PlanFacts, contents: PlanContents, first: date, last: date) -> PlanBook:
    """The day routes of the stored stops over the problem of the day, which is made from the facts."""
    rows = {row["premises_id"]: row for row in contents.visits}
    wards = facts.premises.set_index("id")["ward_id"].dropna().to_dict()
    book = open_book(
        problem,
        [_visit(row, wards.get(row["premises_id"])) for row in contents.visits],
        first=first,
        last=last,
        counts=ward_counts(facts.premises, facts.inspections, first.year, facts.standing),
        locked=[name for name, row in rows.items() if row["locked"]],
    )
    papers = {name: _paper(row) for name, row in rows.items() if _unannounced(row)}
    added = frozenset(name for name, row in rows.items() if row["reason"].get(BY_HAND))
    return replace(book, papers=papers, added=added)


def _visit(row: Mapping[str, Any], ward_id: str | None) -> Visit:
    """A stored stop as the planner's; it keeps its value, its reasons and its lot."""
    parts = tuple(
        Part(part["name"], float(part["points"]), Message.from_json(part["text"]))
        for part in row["reason"].get("parts", [])
    )
    arrive, leave = (row[name].astimezone(LOCAL_ZONE).replace(tzinfo=None) for name in ("arrive", "leave"))
    return Visit(
        premises_id=row["premises_id"],
        team_id=row["team_id"],
        date=row["on_date"],
        arrive=arrive,
        leave=leave,
        order=row["position"],
        value=float(row["value"] or 0.0),
        parts=parts,
        evidence=tuple(row["evidence"]),
        drawn_at_random=bool(row["drawn_at_random"]),
        selection_probability=float(row["selection_probability"]),
        kind=VisitKind(row["kind"]),
        ward_id=ward_id,
        joint_with=tuple(row["joint_with"]),
    )


def _unannounced(row: Mapping[str, Any]) -> bool:
    return str(row["kind"]) == VisitKind.UNANNOUNCED.value


def _request(row: Mapping[str, Any]) -> UnannouncedRequest:
    paper = _paper(row)
    return UnannouncedRequest(row["premises_id"], basis=paper.basis, decision=paper.decision)


def _paper(row: Mapping[str, Any]) -> Paper:
    """Basis and decision as ``plan_keeping.basis_text`` wrote them."""
    basis, _, decision = str(row["basis"] or "").rpartition(" (")
    return Paper(basis or str(row["basis"] or ""), decision.removesuffix(")") or str(row["basis"] or ""))


def _appointments(row: Mapping[str, Any]) -> list[Appointment]:
    start, end = (row[name].astimezone(LOCAL_ZONE).replace(tzinfo=None) for name in ("starts", "ends"))
    return [
        Appointment(
            id=row["segment_id"],
            team_id=team,
            date=row["on_date"],
            start=start,
            end=end,
            lon=lon,
            lat=lat,
            teams=tuple(row["team_ids"]),
        )
        for team, (lon, lat) in zip(row["team_ids"], row["meets"], strict=True)
    ]
