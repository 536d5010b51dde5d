"""Who may see what of a plan (domain rule 4): the one gate through which every reader of stops passes.

Two kinds of visit: planned ones are seen by whoever may see plans and has their place in scope; unannounced
ones only by the planner who asked for them, the signer, and the named team, by the team from the start of its
shift. What has not been written to the audit log is not shown: a reader that wants unannounced visits calls
``log_opening`` first. Everything that leaves the screen - files, calendars, forecasts, lists - takes
``announced``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd

from app.access import Right, may
from app.services.plan_request import kept_hours
from data.repositories import plans as repository
from data.repositories.scope import within_scope
from data.repositories.teams import named_teams, teams_between
from data.store import LOCAL_ZONE, Actor, Store, Work
from data.tables import Plan
from geo.words import PlanState, PlanStep, Role, TeamKind, VisitKind

OPENED = "plan.unannounced.read"
#: An opening is logged again after so long; what was logged is shown a little longer, so that nothing flickers.
LOG_AGAIN = timedelta(minutes=10)
_SHOWN_FOR = timedelta(minutes=15)
#: States that only those see who make plans and decide on them.
_UNDECIDED = (PlanState.DRAFT, PlanState.DISCARDED)


def may_see_plan(actor: Actor, plan: Plan) -> bool:
    """Whether the actor may know of the plan: drafts are for planners and reviewers only."""
    if PlanState(plan.state) in _UNDECIDED:
        return may(actor, Right.PLAN) or may(actor, Right.APPROVE)
    return may(actor, Right.SEE_PLANS)


def announced(visits: pd.DataFrame) -> pd.DataFrame:
    """The visits that may stand in files, calendars and other people's forecasts."""
    return visits[visits["kind"] != VisitKind.UNANNOUNCED.value].reset_index(drop=True)


def visible_visits(work: Work, plan: Plan, visits: pd.DataFrame, now: datetime | None = None) -> pd.DataFrame:
    """The stops of a plan that the actor may see.

    Parameters
    ----------
    visits : rows of the plan as ``data.repositories.plans.visits_of`` gives them, others may stand beside.
    now : the instant, by default that of the unit of work; a team sees its visits from its shift on.

    Returns
    -------
    Rows of ``visits`` in their order: announced ones in the actor's scope; unannounced ones that the actor may
    open (``may_open``) and whose opening stands in the audit log.
    """
    if not may_see_plan(work.actor, plan):
        return visits.iloc[0:0]
    secret = visits["kind"] == VisitKind.UNANNOUNCED.value
    logged = _logged(work, plan.id, _SHOWN_FOR) if secret.any() else frozenset()
    shown = ~secret | (may_open(work, plan, visits, now) & visits["id"].isin(logged))
    kept = visits[shown]
    return kept[kept["premises_id"].isin(in_scope(work, list(kept["premises_id"])))].reset_index(drop=True)


def may_open(work: Work, plan: Plan, visits: pd.DataFrame, now: datetime | None = None) -> pd.Series:
    """Of every stop whether rule 4 lets the actor open it were it unannounced.

    The planner is who asked for the visit. The signer is whoever approved the plan or an amendment; of a draft,
    whoever may approve it. The named team is an inspector's account that was given the team, or that was given
    none and whose scope covers all units of the team; an account for the whole database is on a team of the
    city or district only, never on a ward's.
    """
    asked = pd.Series([planner_of(plan, row) for row in visits["reason"]], index=visits.index, dtype=object)
    allowed = (asked == work.actor.name) & may(work.actor, Right.PLAN)
    if is_signer(work, plan):
        allowed |= True
    if work.actor.role is Role.INSPECTOR and PlanState(plan.state) not in _UNDECIDED:
        allowed |= _team_sees(work, plan, visits, now or work.now)
    return allowed.astype(bool)


def planner_of(plan: Plan, reason: dict[str, Any] | None) -> str:
    """The account that asked for a visit: who added it by hand, else who made the plan."""
    return str((reason or {}).get("asked_by") or plan.made_by)


def signers(work: Work, plan_id: str) -> set[str]:
    """Accounts that approved the plan or an amendment to it."""
    steps = repository.steps_of(work, plan_id)
    signed = steps["step"].isin([PlanStep.APPROVED.value, PlanStep.AMENDED.value])
    return set(steps.loc[signed, "recorded_by"])


def log_opening(store: Store, actor: Actor, plan_id: str, now: datetime | None = None) -> None:
    """Write to the audit log that the actor opens the unannounced visits that rule 4 lets them open, if any.

    Nothing is written where that was done a few minutes ago.
    """
    with store.read(actor) as work:
        plan = repository.plan_by_id(work, plan_id)
        if plan is None or not may_see_plan(actor, plan):
            return
        visits = repository.visits_of(work, plan_id)
        secret = visits[visits["kind"] == VisitKind.UNANNOUNCED.value]
        opened = secret[may_open(work, plan, secret, now)]
        seen = set(opened.loc[opened["premises_id"].isin(in_scope(work, list(opened["premises_id"]))), "id"])
        if seen <= _logged(work, plan_id, LOG_AGAIN):
            return
    with store.write(actor) as work:
        # Ids of stops, never of premises: the log is read by others.
        work.note(OPENED, plan_id, visits=sorted(seen))


def _logged(work: Work, plan_id: str, within: timedelta) -> frozenset[str]:
    """Ids of the stops whose opening by the actor was logged lately."""
    last = repository.last_opening(work, OPENED, plan_id)
    if last is None or work.now - last[0] > within:
        return frozenset()
    return frozenset(last[1]["visits"])


def is_signer(work: Work, plan: Plan) -> bool:
    """Whether the actor has signed the plan, or may sign it while it is a draft."""
    if not may(work.actor, Right.APPROVE):
        return False
    return PlanState(plan.state) is PlanState.DRAFT or work.actor.name in signers(work, plan.id)


def _team_sees(work: Work, plan: Plan, visits: pd.DataFrame, now: datetime) -> pd.Series:
    lead = timedelta(minutes=int(plan.settings.get("reveal_lead_min", 0)))
    own = _own_teams(work, plan)
    starts = shift_starts(work, plan)
    return pd.Series(
        [
            not own.isdisjoint({row.team_id, *row.joint_with})
            and now >= _instant(row.on_date, starts.get(row.team_id, row.arrive)) - lead
            for row in visits.itertuples()
        ],
        index=visits.index,
        dtype=bool,
    )


def _own_teams(work: Work, plan: Plan) -> set[str]:
    teams = teams_between(work, plan.first_day, plan.first_day)
    scope, given = work.actor.scope, named_teams(work)
    if scope is None:
        own = teams["kind"].isin([TeamKind.CITY.value, TeamKind.DISTRICT.value])
    else:
        own = pd.Series([bool(units) and scope.issuperset(units) for units in teams["unit_ids"]], dtype=bool)
    found = set(teams.loc[own.to_numpy(dtype=bool), "id"])
    return found & given if given else found


def shift_starts(work: Work, plan: Plan) -> dict[str, time]:
    """When each team's shift starts in this plan."""
    teams = teams_between(work, plan.first_day, plan.first_day)
    usual = dict(zip(teams["id"], teams["shift_start"], strict=True))
    changed = kept_hours(plan).items()
    return usual | {team: hours["shift_start"] for team, hours in changed if "shift_start" in hours}


def _instant(day: pd.Timestamp, start: time | datetime) -> datetime:
    if isinstance(start, datetime):
        return start
    return datetime.combine(day.date(), start, LOCAL_ZONE)


def in_scope(work: Work, premises_ids: list[str]) -> set[str]:
    """Which of the premises lie inside the actor's scope."""
    if work.actor.scope is None:
        return set(premises_ids)
    return set(within_scope(work, repository.places_of(work, sorted(set(premises_ids))))["id"])


def whole(work: Work) -> Work:
    """The same unit of work without the bounds of a scope: to weigh, never to show."""
    return replace(work, actor=replace(work.actor, scope=None))


def whole_routes(routes: gpd.GeoDataFrame, stops: pd.DataFrame, shown: pd.DataFrame) -> gpd.GeoDataFrame:
    """The routes all of whose stops are shown: another would show where the hidden ones are.

    All three frames have ``on_date`` and ``team_id``.
    """
    hidden = stops[~stops["id"].isin(shown["id"])]
    closed = set(zip(hidden["on_date"], hidden["team_id"], strict=True))
    keys = zip(routes["on_date"], routes["team_id"], strict=True)
    open_ones = pd.Series([key not in closed for key in keys], index=routes.index, dtype=bool)
    return routes[open_ones].reset_index(drop=True)
