"""Reading plans back: which there are, what one holds for the actor, the form that may be made public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import geopandas as gpd
import pandas as pd

from app.access import Right, may, require
from app.services.plan_keeping import at_version
from app.services.plan_request import PlanRequest, kept_request
from app.services.plan_secrecy import (
    announced,
    in_scope,
    log_opening,
    may_open,
    may_see_plan,
    visible_visits,
    whole,
    whole_routes,
)
from app.services.plan_summary import seen_summary
from data.repositories import places
from data.repositories import plans as repository
from data.repositories.scope import within_scope
from data.repositories.teams import teams_between
from data.store import LOCAL_ZONE, Actor, Store, Work
from data.tables import Plan
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.words import PlanState, VisitKind


@dataclass(frozen=True)
class KeptPlan:
    """A plan read back as far as the actor may see it.

    ``visits``: stops with premises and team, ``position`` counted among those shown. ``routes``: those all of
    whose stops are shown. ``sweeps``: joint sweeps with ``teams`` and ``names`` (of teams and units).
    ``summary``: what stands beside it. ``state``: as seen on the day; an approved plan runs from its first day.
    ``seen_version``: to be given back with a change, so that nobody's work is overwritten. ``seed``: of the
    draw, None before the period is over. ``outings_per_week``: of a team at most; None where not kept.
    ``request``: what was asked for, with the teams' hours in this plan. ``undoable``, ``redoable``: of a draft,
    whether there is a change to take back, or one taken back to make again.
    """

    plan_id: str
    first: date
    last: date
    state: PlanState
    document: str | None
    made_by: str
    seed_given: bool
    seen_version: int
    visits: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame
    sweeps: gpd.GeoDataFrame
    summary: dict[str, Any]
    outings_per_week: int | None
    seed: str | None
    request: PlanRequest
    undoable: bool
    redoable: bool


def teams(store: Store, actor: Actor, first: date, last: date) -> gpd.GeoDataFrame:
    """Teams that may work in a period."""
    require(actor, Right.SEE_PLANS)
    with store.read(actor) as work:
        return teams_between(work, first, last)


def state_on(plan: Plan, day: date) -> PlanState:
    """The plan's state as it is seen on a day: what is approved runs from its first day on."""
    state = PlanState(plan.state)
    return PlanState.RUNNING if state is PlanState.APPROVED and plan.first_day <= day else state


def kept_plans(store: Store, actor: Actor, day: date | None = None) -> pd.DataFrame:
    """The plans that the actor may know of, newest first: their days, state and who made them.

    Planners and reviewers see all, drafts too; a team those that were approved and stop in its scope. A plan
    of which the actor may see no stop at all, since all are unannounced, is not in the list.
    """
    require(actor, Right.SEE_PLANS)
    with store.read(actor) as work:
        kept = repository.plans(work)
        found = [repository.plan_by_id(work, plan_id) for plan_id in kept["id"]]
        stops = repository.kinds_by_plan(work)
        shown = _with_stops(work, stops)
        wide = may(actor, Right.PLAN) or may(actor, Right.APPROVE)
        empty = set(kept["id"]) - set(stops["plan_id"]) if wide else set()
        listed = [
            plan is not None
            and may_see_plan(actor, plan)
            and (plan.id in shown or plan.id in empty or _opens_any(work, plan))
            for plan in found
        ]
        kept["state"] = [state_on(plan, day or work.today).value if plan else "" for plan in found]
        return kept[pd.Series(listed, index=kept.index, dtype=bool)].reset_index(drop=True)


def _with_stops(work: Work, stops: gpd.GeoDataFrame) -> set[str]:
    """Plans with an announced stop that the list may speak of."""
    open_stops = announced(stops)
    if may(work.actor, Right.PLAN) or may(work.actor, Right.APPROVE):
        return set(open_stops["plan_id"])
    return set(within_scope(work, open_stops)["plan_id"])


def _opens_any(work: Work, plan: Plan) -> bool:
    visits = repository.visits_of(work, plan.id)
    secret = visits[visits["kind"] == VisitKind.UNANNOUNCED.value]
    return bool(len(secret)) and bool(
        in_scope(work, list(secret.loc[may_open(work, plan, secret), "premises_id"]))
    )


def seen_plan(work: Work, plan_id: str) -> Plan:
    """The plan, for an actor who may know of it. Raises InputError ``unknown_plan`` for anybody else."""
    plan = repository.plan_by_id(work, plan_id)
    if plan is None or not may_see_plan(work.actor, plan):
        raise InputError("unknown_plan", msg("Không có lịch kiểm tra {id}.", id=plan_id))
    return plan


def require_all_seen(work: Work, plan: Plan) -> None:
    """Raise RuleError ``not_all_seen`` when a stop of the plan is hidden from the actor: nobody changes or
    decides on what they do not know."""
    visits = repository.visits_of(work, plan.id)
    if not set(visits["id"]) <= set(visible_visits(work, plan, visits)["id"]):
        raise RuleError(
            "not_all_seen",
            msg("Tài khoản {name} không được sửa hay quyết định lịch này.", name=work.actor.name),
            hint=msg("Nhờ người lập lịch, hoặc người có phạm vi đủ rộng."),
        )


def read_plan(store: Store, actor: Actor, plan_id: str, now: datetime | None = None) -> KeptPlan:
    """A plan with everything the page shows. Opening unannounced visits is logged.

    Raises InputError for an unknown id, and for a draft that the actor may not see.
    """
    require(actor, Right.SEE_PLANS)
    log_opening(store, actor, plan_id, now)
    with store.read(actor) as work:
        plan = seen_plan(work, plan_id)
        instant = now or work.now
        stops = repository.visits_of(work, plan.id)
        visible = visible_visits(work, plan, stops, instant)
        names = team_names(work, plan)
        routes = whole_routes(repository.routes_of(work, plan.id), stops, visible)
        routes["team"] = routes["team_id"].map(names)
        day = instant.astimezone(LOCAL_ZONE).date()
        draft, here = PlanState(plan.state) is PlanState.DRAFT, at_version(plan)
        return KeptPlan(
            plan_id=plan.id,
            first=plan.first_day,
            last=plan.last_day,
            state=state_on(plan, day),
            document=plan.document,
            made_by=plan.made_by,
            seed_given=plan.seed_given,
            seen_version=plan.version,
            visits=with_places(work, plan, visible, names),
            routes=routes,
            sweeps=seen_sweeps(work, plan, names),
            summary=seen_summary(work, plan, stops, visible),
            outings_per_week=plan.settings.get("outings_per_week"),
            seed=plan.sealed_seed if day > plan.last_day else None,
            request=kept_request(plan),
            undoable=draft and repository.version_before(work, plan.id, here) is not None,
            redoable=draft and repository.version_after(work, plan.id, here) is not None,
        )


def with_places(
    work: Work, plan: Plan, visits: pd.DataFrame, names: dict[str, str] | None = None
) -> gpd.GeoDataFrame:
    """The stops with their premises, ward and team, in local time, numbered among those given."""
    register = places.premises_on(work, plan.first_day)
    known = register[["id", "name", "type", "address", "ward_name", "geometry"]]
    joined = visits.merge(known.rename(columns={"id": "premises_id"}), on="premises_id", how="left")
    joined["team"] = joined["team_id"].map(names if names is not None else team_names(work, plan))
    for column in ("arrive", "leave"):
        joined[column] = [moment.astimezone(LOCAL_ZONE) for moment in joined[column]]
    joined["position"] = joined.groupby(["on_date", "team_id"]).cumcount() + 1
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=register.crs)


def team_names(work: Work, plan: Plan) -> dict[str, str]:
    """Names of the teams of the plan's time, by id."""
    known = teams_between(work, plan.first_day, plan.first_day)
    return dict(zip(known["id"], known["name"], strict=True))


def seen_sweeps(work: Work, plan: Plan, names: dict[str, str]) -> gpd.GeoDataFrame:
    """The joint sweeps whose border touches the actor's scope, with the names of their teams and units."""
    sweeps = within_scope(work, repository.sweeps_of(work, plan.id))
    for column in ("starts", "ends"):
        sweeps[column] = [moment.astimezone(LOCAL_ZONE) for moment in sweeps[column]]
    sweeps["teams"] = [[names.get(team, team) for team in own] for own in sweeps["team_ids"]]
    units = dict(places.all_units(work)[["id", "name"]].itertuples(index=False)) if len(sweeps) else {}
    sweeps["names"] = [[units.get(unit, unit) for unit in own] for own in sweeps["unit_ids"]]
    return sweeps


def public_form(store: Store, actor: Actor, plan_id: str) -> list[dict[str, Any]]:
    """What may be published of a decided plan: premises and quarter, without day, hour, score or reason.

    Unannounced visits are not in it. Raises RuleError ``wrong_state`` for a plan that nobody has approved.
    """
    require(actor, Right.SEE_PLANS)
    with store.read(actor) as work:
        plan = seen_plan(work, plan_id)
        if plan.document is None:
            raise RuleError("wrong_state", msg("Lịch chưa được phê duyệt thì chưa có bản công khai."))
        stops = announced(visible_visits(work, plan, repository.visits_of(work, plan.id)))
        rows = with_places(work, plan, stops)
        listed = [
            {
                "name": row.name,
                "address": row.address,
                "ward": row.ward_name,
                "quarter": (row.on_date.month + 2) // 3,
                "year": row.on_date.year,
            }
            for row in rows.itertuples(index=False)
        ]
    # In the order of the register, not of the days.
    return sorted(listed, key=lambda one: (one["year"], one["quarter"], str(one["ward"]), str(one["name"])))


def standing_premises(work: Work, first: date, last: date) -> frozenset[str]:
    """Premises that a plan of the actor has to leave to a decided one, between two days.

    Announced visits of every scope, since the yearly cap holds across scopes; of the unannounced only those
    the actor asked for: another planner's would show by their absence. Such a visit has its own basis, and
    the cap is looked at again before any visit starts (``field_visits.further_check``).
    """
    everywhere = whole(work)
    standing = repository.standing_visits(everywhere, first, last)
    asked = [(reason or {}).get("asked_by") == work.actor.name for reason in standing["reason"]]
    secret = standing["kind"] == VisitKind.UNANNOUNCED.value
    return frozenset(standing.loc[~secret | pd.Series(asked, index=standing.index, dtype=bool), "premises_id"])
