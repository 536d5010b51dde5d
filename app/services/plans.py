"""Making, keeping and reading inspection plans."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from app.access import Right, require
from app.services.database import need_data
from app.services.facts import Known
from app.text import render
from data.repositories import places
from data.repositories import work as repository
from data.repositories.frames import add_rows
from data.repositories.scope import within_scope
from data.store import LOCAL_ZONE, Actor, Store, Work
from data.tables import Plan, Route, Visit, new_id
from geo.errors import InputError
from geo.messages import Message, msg
from geo.plan_json import plan_document, stored_reason
from geo.plan_types import PlanDraft, PlanFacts, PlanningSettings, window
from geo.plan_types import Route as PlannedRoute
from geo.plan_types import Visit as PlannedVisit
from geo.planning import make_plan
from geo.risk import Part, RiskModel
from geo.roads import build_network

#: A longer period is planned piece by piece.
MOST_DAYS = 92
#: A longer shift is a slip of the pen (an end before the start means past midnight).
MOST_SHIFT_H = 16


@dataclass(frozen=True)
class PlanRequest:
    """What a planner asks for."""

    first: date
    last: date
    seconds: float = 5.0
    iterations: int | None = None
    seed: int | None = None
    excluded: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()
    team_ids: frozenset[str] | None = None
    team_changes: dict[str, dict[str, Any]] | None = None
    settings: PlanningSettings | None = None


def draft_plan(
    store: Store,
    actor: Actor,
    request: PlanRequest,
    as_of: date,
    *,
    watch: Callable[[float], bool] | None = None,
) -> dict[str, Any]:
    """Make a draft, keep it, and give its document (the command ``plan``).

    Whoever has a scope plans the premises inside it.
    """
    require(actor, Right.PLAN)
    _check_period(request.first, request.last, as_of)
    with store.read(actor) as work:
        need_data(work, request.first)
        known = Known(work, as_of)
        facts, model = _facts(work, known, request), known.risk_model.model
    # The system's own seed stays sealed until the period ends (domain rule 4).
    seed = secrets.randbits(31) if request.seed is None else request.seed
    draft = make_plan(
        facts,
        first=request.first,
        last=request.last,
        seed=seed,
        settings=request.settings,
        seconds=request.seconds,
        iterations=request.iterations,
        watch=watch,
    )
    plan_id = _keep(store, actor, draft, request, model, seed)
    return {"plan": plan_id, **_with_codes(plan_document(draft, say=render), facts)}


def _check_period(first: date, last: date, as_of: date) -> None:
    if last < first:
        raise InputError(
            "period_reversed",
            msg("Ngày cuối {last} đứng trước ngày đầu {first}.", last=last, first=first),
        )
    if (last - first).days >= MOST_DAYS:
        raise InputError("period_long", msg("Một lịch dài nhất {n} ngày.", n=MOST_DAYS))
    if first < as_of:
        raise InputError(
            "period_past",
            msg("Ngày đầu {first} đã qua: lịch được lập theo số liệu ngày {day}.", first=first, day=as_of),
            hint=msg("Chọn ngày đầu từ {day} trở đi.", day=as_of),
        )


def team_changes(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Hours and visits of the teams that take part, by id, from a table that a person filled in.

    ``table``: columns id, use, name, shift_start, shift_end, max_visits. Raises InputError for an empty cell.
    """
    changes = {}
    for row in table[table["use"]].itertuples():
        if pd.isna(row.shift_start) or pd.isna(row.shift_end) or pd.isna(row.max_visits):
            what = msg("{team}: cần nhập đủ giờ đi, giờ về và số lượt mỗi ngày.", team=row.name)
            raise InputError("team_incomplete", what)
        changes[row.id] = {
            "shift_start": row.shift_start,
            "shift_end": row.shift_end,
            "max_visits": int(row.max_visits),
        }
    return changes


def _check_shifts(teams: pd.DataFrame) -> None:
    for team in teams.itertuples():
        shift = window(team.shift_start, team.shift_end)
        if shift.close_s - shift.open_s > MOST_SHIFT_H * 3600:
            raise InputError(
                "shift_long",
                msg("{team}: ca làm dài hơn {n} giờ.", team=team.name, n=MOST_SHIFT_H),
                hint=msg("Giờ về sớm hơn giờ đi nghĩa là về sau nửa đêm, sang ngày hôm sau."),
            )


def _facts(work: Work, known: Known, request: PlanRequest) -> PlanFacts:
    teams = repository.teams_between(work, request.first, request.last)
    if request.team_ids is not None:
        _refuse_unknown(request.team_ids, {*teams["id"], *teams["name"]}, _unknown_team)
        meant = teams["id"].isin(request.team_ids) | teams["name"].isin(request.team_ids)
        teams = teams[meant].reset_index(drop=True)
    premises = within_scope(work, known.premises)
    _refuse_unknown(request.excluded | request.locked, set(premises["id"]), _unknown_premises)
    for team, changes in (request.team_changes or {}).items():
        meant = (teams["id"] == team) | (teams["name"] == team)
        for column, value in changes.items():
            teams.loc[meant, column] = value
        _check_shifts(teams[meant])
    network, _ = build_network(places.streets(work))
    standing = repository.standing_visits(work, request.first.year)
    return PlanFacts(
        premises=premises,
        inspections=known.inspections,
        findings=known.findings,
        teams=teams,
        network=network,
        segments=known.segments(),
        scores=dict(known.scores.set_index("id")["score"].astype(float)),
        evidence={row.id: _evidence(row.parts) for row in known.scores.itertuples()},
        standing=frozenset(standing.loc[standing["on_date"] >= pd.Timestamp(known.day), "premises_id"]),
        excluded=request.excluded,
        locked=request.locked,
    )


def _unknown_team(name: str) -> Message:
    return msg("Trong kỳ này không có đội {name}.", name=name)


def _unknown_premises(name: str) -> Message:
    return msg("Không có cơ sở {name}.", name=name)


def _refuse_unknown(wanted: frozenset[str], known: set[str], say: Callable[[str], Message]) -> None:
    unknown = sorted(wanted - known)
    if unknown:
        raise InputError("unknown_name", say(unknown[0]))


def _evidence(parts: list[Part]) -> tuple[dict[str, Any], ...]:
    """The three parts of the score that speak most for a visit."""
    raising = sorted((p for p in parts if p.name != "base" and p.points > 0), key=lambda p: -p.points)
    return tuple({"kind": "risk", "id": p.name, "text": p.text.to_json()} for p in raising[:3])


def _with_codes(document: dict[str, Any], facts: PlanFacts) -> dict[str, Any]:
    wards = facts.premises.drop_duplicates("ward_id").set_index("ward_id")["ward_code"]
    for row in document["coverage"]:
        row["ward_id"], row["ward"] = row["ward"], wards.get(row["ward"], row["ward"])
    for visit in document["visits"]:
        visit["evidence"] = [{**item, "text": render(item["text"])} for item in visit["evidence"]]
    return document


def _keep(
    store: Store, actor: Actor, draft: PlanDraft, request: PlanRequest, model: RiskModel, seed: int
) -> str:
    # Sentences are kept as messages, so that each reader gets them in their own language.
    document = plan_document(draft, say=Message.to_json)
    summary = {key: document[key] for key in ("coverage", "borders", "unserved", "draw", "solver", "notes")}
    settings = request.settings or PlanningSettings()
    with store.write(actor) as work:
        plan = Plan(
            id=new_id(),
            first_day=draft.first,
            last_day=draft.last,
            made_at=work.now,
            made_by=actor.name,
            sealed_seed=str(seed),
            seed_given=request.seed is not None,
            settings={"risk_model": _version(model), "outings_per_week": settings.outings_per_week},
            summary=summary,
        )
        work.session.add(plan)
        work.session.flush()
        add_rows(work, Visit, [_visit_row(plan.id, visit) for visit in draft.visits])
        add_rows(work, Route, [_route_row(plan.id, route) for route in draft.routes])
        work.note("plan.draft", plan.id, visits=len(draft.visits))
        return plan.id


def _version(model: RiskModel) -> dict[str, Any]:
    """Which model gave the scores behind a plan."""
    fitted_on = model.fitted_on.isoformat() if model.fitted_on else None
    return {"name": model.name, "version": model.version, "fitted_on": fitted_on}


def _visit_row(plan_id: str, visit: PlannedVisit) -> dict[str, Any]:
    return {
        "id": new_id(),
        "plan_id": plan_id,
        "premises_id": visit.premises_id,
        "team_id": visit.team_id,
        "on_date": visit.date,
        "arrive": visit.arrive.replace(tzinfo=LOCAL_ZONE),
        "leave": visit.leave.replace(tzinfo=LOCAL_ZONE),
        "position": visit.order,
        "kind": visit.kind.value,
        "reason": stored_reason(visit),
        "evidence": [dict(item) for item in visit.evidence],
        "joint_with": list(visit.joint_with),
        "drawn_at_random": visit.drawn_at_random,
        "selection_probability": visit.selection_probability,
    }


def _route_row(plan_id: str, route: PlannedRoute) -> dict[str, Any]:
    return {
        "id": new_id(),
        "plan_id": plan_id,
        "team_id": route.team_id,
        "on_date": route.date,
        "km": route.km,
        "minutes": route.minutes,
        "geom": route.geometry,
    }


def teams(store: Store, actor: Actor, first: date, last: date) -> gpd.GeoDataFrame:
    """Teams that may work in a period."""
    require(actor, Right.SEE_PLANS)
    with store.read(actor) as work:
        return repository.teams_between(work, first, last)


def kept_plans(store: Store, actor: Actor) -> pd.DataFrame:
    """The plans made so far, newest first: their days and who made them, nothing of a place."""
    require(actor, Right.SEE_PLANS)
    with store.read(actor) as work:
        return repository.plans(work)


@dataclass(frozen=True)
class KeptPlan:
    """A plan read back as far as the actor may see it: its stops with premises and team, its routes, and
    what stands beside it. ``outings_per_week``: of a team at most; None where it was not kept."""

    plan_id: str
    first: date
    last: date
    visits: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame
    summary: dict[str, Any]
    outings_per_week: int | None


def read_plan(store: Store, actor: Actor, plan_id: str) -> KeptPlan:
    """A plan with everything the page shows. Raises InputError for an unknown id."""
    require(actor, Right.SEE_PLANS)
    with store.read(actor) as work:
        plan = repository.plan_by_id(work, plan_id)
        if plan is None:
            raise InputError("unknown_plan", msg("Không có lịch kiểm tra {id}.", id=plan_id))
        register = places.premises_on(work, plan.first_day)
        stops, visits = _stops(work, plan, register)
        summary = _narrowed(work, dict(plan.summary), within_scope(work, register), plan.first_day)
        return KeptPlan(
            plan_id=plan.id,
            first=plan.first_day,
            last=plan.last_day,
            visits=visits,
            routes=_whole_routes(work, plan, stops, visits),
            summary=summary,
            outings_per_week=plan.settings.get("outings_per_week"),
        )


def _stops(work: Work, plan: Plan, register: gpd.GeoDataFrame) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """All stops of the plan, and those that the actor may see with premises and team."""
    stops = repository.visits_of(work, plan.id)
    known = register[["id", "name", "type", "address", "ward_name", "geometry"]]
    joined = stops.merge(known.rename(columns={"id": "premises_id"}), on="premises_id", how="left")
    joined["team"] = joined["team_id"].map(_team_names(work, plan))
    joined["arrive"] = [moment.astimezone(LOCAL_ZONE) for moment in joined["arrive"]]
    return stops, within_scope(work, gpd.GeoDataFrame(joined, geometry="geometry", crs=register.crs))


def _team_names(work: Work, plan: Plan) -> pd.Series:
    return repository.teams_between(work, plan.first_day, plan.first_day).set_index("id")["name"]


def _whole_routes(work: Work, plan: Plan, stops: pd.DataFrame, shown: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The routes all of whose stops are shown: another would show where the hidden ones are."""
    routes = repository.routes_of(work, plan.id)
    hidden = stops[~stops["id"].isin(shown["id"])]
    closed = set(zip(hidden["on_date"], hidden["team_id"], strict=True))
    keys = zip(routes["on_date"], routes["team_id"], strict=True)
    whole = pd.Series([key not in closed for key in keys], index=routes.index, dtype=bool)
    kept = routes[whole].reset_index(drop=True)
    kept["team"] = kept["team_id"].map(_team_names(work, plan))
    return kept


def _narrowed(work: Work, summary: dict[str, Any], seen: gpd.GeoDataFrame, day: date) -> dict[str, Any]:
    """What stands beside the plan, of the actor's scope only; ``seen``: premises inside it."""
    if work.actor.scope is None:
        return summary
    premises, segments = set(seen["id"]), set(within_scope(work, Known(work, day).bare_segments)["id"])
    return {
        **summary,
        "unserved": [row for row in summary["unserved"] if row["premises"] in premises],
        "coverage": [row for row in summary["coverage"] if row["ward"] in work.actor.scope],
        "borders": [row for row in summary["borders"] if row["segment"] in segments],
    }


def read_ids(path: Path) -> frozenset[str]:
    """Ids of premises from a file, one a line. Raises InputError when it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        what = msg("Không đọc được tệp {file}; cần mỗi dòng một mã cơ sở.", file=path.name)
        raise InputError("unreadable_file", what, file=str(path)) from error
    return frozenset(line.strip() for line in lines if line.strip())
