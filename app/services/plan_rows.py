"""The rows of a plan after a change by hand or a new search; what stays keeps id, lot and decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

from app.services.plan_desk import Desk
from app.services.plan_keeping import BY_HAND, basis_text, route_row, summary_of, visit_row
from app.services.plan_summary import SECRET
from data.repositories.plan_contents import PlanContents
from geo.messages import Message, msg
from geo.plan_book import PlanBook
from geo.plan_coverage import border_visits, ward_coverage
from geo.plan_json import plan_document
from geo.plan_problem import Refusal
from geo.plan_results import route_of, visits_of
from geo.plan_types import Draw, PlanDraft, SolverReport, UnannouncedRequest, Visit
from geo.words import VisitKind

_Row = dict[str, Any]
_TeamDay = tuple[str, date]


def after_edit(desk: Desk, book: PlanBook, by: str) -> PlanContents:
    """The plan as the book has it. Days that differ from what is stored are timed anew, the others stay."""
    stored = _stored_routes(desk.contents.visits)
    touched = {key for key in {*stored, *book.routes} if stored.get(key, ()) != book.routes.get(key, ())}
    visits = [row for row in desk.contents.visits if _key(row) not in touched]
    routes = [row for row in desk.contents.routes if _key(row) not in touched]
    for key in touched:
        outing = book.outing(key)
        # A day without visits is driven all the same where a sweep is on it.
        if not isinstance(outing, Refusal) and outing.stops:
            visits += [_row(desk, visit, by) for visit in visits_of(book.problem, outing)]
            routes.append(route_row(route_of(book.problem, outing)))
    visits = sorted((_marked(row, book) for row in visits), key=lambda row: (*_key(row)[::-1], row["position"]))
    return PlanContents(
        visits=tuple(visits),
        routes=tuple(sorted(routes, key=lambda row: _key(row)[::-1])),
        sweeps=desk.contents.sweeps,
        summary=_summary(desk, book, visits, routes),
    )


def after_replan(desk: Desk, draft: PlanDraft, by: str) -> PlanContents:
    """The plan after a new search; premises that stay in it keep their stop's id."""
    return PlanContents(
        visits=tuple(_marked(_row(desk, visit, by), desk.book) for visit in draft.visits),
        routes=tuple(route_row(route) for route in draft.routes),
        sweeps=desk.contents.sweeps,
        summary=summary_of(draft, desk.facts),
    )


def _key(row: Mapping[str, Any]) -> _TeamDay:
    return row["team_id"], row["on_date"]


def _stored_routes(rows: Iterable[Mapping[str, Any]]) -> dict[_TeamDay, tuple[str, ...]]:
    routes: dict[_TeamDay, tuple[str, ...]] = {}
    for row in sorted(rows, key=lambda row: int(row["position"])):
        routes[_key(row)] = (*routes.get(_key(row), ()), row["premises_id"])
    return routes


def _row(desk: Desk, visit: Visit, by: str) -> _Row:
    fresh = visit_row(visit, by, {}, set())
    before = next((row for row in desk.contents.visits if row["premises_id"] == visit.premises_id), None)
    if before is None:
        return fresh
    stays = ("id", "kind", "reason", "evidence", "basis", "drawn_at_random", "selection_probability", "value")
    same_team = before["team_id"] == fresh["team_id"]
    return {
        **fresh,
        **{name: before[name] for name in stays},
        # Another team goes under its own decision.
        "decision_id": before["decision_id"] if same_team else None,
    }


def _marked(row: _Row, book: PlanBook) -> _Row:
    """With what a person did to it: locked, put in by hand, on which basis."""
    name = row["premises_id"]
    reason = {key: value for key, value in row["reason"].items() if key != BY_HAND}
    if name in book.added:
        reason[BY_HAND] = True
    basis, paper = row["basis"], book.papers.get(name)
    if basis is None and paper is not None:
        basis = basis_text(UnannouncedRequest(name, basis=paper.basis, decision=paper.decision))
    return {**row, "reason": reason, "locked": name in book.locked, "basis": basis}


def _summary(desk: Desk, book: PlanBook, visits: list[_Row], routes: list[_Row]) -> dict[str, Any]:
    """What stands beside the plan, after the change."""
    stops: Any = [
        SimpleNamespace(
            premises_id=row["premises_id"],
            team_id=row["team_id"],
            date=row["on_date"],
            kind=VisitKind(row["kind"]),
        )
        for row in visits
    ]
    facts, settings, before = desk.facts, desk.settings, desk.contents.summary
    beside = PlanDraft(
        first=desk.first,
        last=desk.last,
        visits=(),
        routes=(),
        coverage=ward_coverage(
            facts.premises,
            facts.inspections,
            stops,
            desk.first.year,
            desk.last,
            settings,
            facts.standing,
        ),
        borders=border_visits(
            facts.premises, facts.segments, stops, settings.strip_m, book.problem.appointments
        ),
        unserved=(),
        draw=Draw(0, 0, 0.0),
        solver=SolverReport(0.0, 0, 0.0, crow=False),
    )
    document = plan_document(beside, say=Message.to_json)
    unserved, secret = _left_out(before, desk.contents.visits, visits)
    return {
        **before,
        "coverage": document["coverage"],
        "borders": document["borders"],
        "unserved": unserved,
        SECRET: secret,
        "solver": {**before["solver"], "objective": _objective(desk, visits, routes)},
    }


def _objective(desk: Desk, visits: list[_Row], routes: list[_Row]) -> float | None:
    """The plan's worth after the change: points gained, less what the teams' time costs."""
    was: float | None = desk.contents.summary["solver"].get("objective")
    if was is None:
        return None
    worth = _worth(visits) - _worth(desk.contents.visits)
    minutes = sum(row["minutes"] for row in routes) - sum(row["minutes"] for row in desk.contents.routes)
    return float(round(was + worth - minutes * 60 / desk.settings.point_s, 2))


def _worth(visits: Iterable[Mapping[str, Any]]) -> float:
    return sum(float(row["value"] or 0.0) for row in visits)


def _left_out(
    before: Mapping[str, Any], was: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]]
) -> tuple[list[_Row], list[_Row]]:
    """Premises without a visit for those who see all of the plan, and the public reasons of secret ones."""
    planned = {row["premises_id"] for row in now if not _is_secret(row)}
    hidden = {row["premises_id"] for row in now if _is_secret(row)}
    open_rows = [row for row in before["unserved"] if not _is_secret(row)]
    public = {row["premises"]: row for row in [*open_rows, *before.get(SECRET, [])]}
    left = [row for row in before["unserved"] if row["premises"] not in planned | hidden]
    known = {row["premises"] for row in left}
    for row in was:
        if row["premises_id"] not in planned | hidden | known:
            why = msg("Người lập kế hoạch đã bỏ lượt này.").to_json()
            left.append({"premises": row["premises_id"], "code": "dropped", "why": why, "kind": row["kind"]})
    names = sorted(({row["premises"] for row in before.get(SECRET, [])} | hidden) - planned)
    why = msg("Không được chọn trong kỳ này.").to_json()
    usual = {"code": "not_chosen", "why": why}
    return left, [
        {"premises": name, **{key: public.get(name, usual)[key] for key in ("code", "why")}} for name in names
    ]


def _is_secret(row: Mapping[str, Any]) -> bool:
    return row.get("kind") == VisitKind.UNANNOUNCED.value
