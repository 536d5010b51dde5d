"""A plan made from the database: who goes where, and what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.services import plans
from app.services.accounts import SYSTEM
from data.repositories import events
from data.repositories import work as repository
from data.store import Actor, Store
from geo.errors import InputError, RuleError
from geo.words import Role
from tests.conftest import DEMO_DAY

PLANNER = Actor("lập lịch", Role.PLANNER)
FORTNIGHT = plans.PlanRequest(first=date(2026, 12, 1), last=date(2026, 12, 14), seed=5, iterations=300)


def test_every_ward_team_goes_out_inside_its_own_ward(own_demo: Store) -> None:
    document = plans.draft_plan(own_demo, PLANNER, FORTNIGHT, DEMO_DAY)
    kept = plans.read_plan(own_demo, PLANNER, document["plan"])
    with own_demo.read(SYSTEM) as work:
        teams = repository.teams_between(work, FORTNIGHT.first, FORTNIGHT.last).set_index("id")
    assert set(teams.index[teams["kind"] == "ward"]) <= set(kept.visits["team_id"])
    for stop in kept.visits.itertuples():
        assert teams.at[stop.team_id, "area"].intersects(stop.geometry)


def test_nobody_is_visited_who_was_checked_this_year(own_demo: Store) -> None:
    document = plans.draft_plan(own_demo, PLANNER, FORTNIGHT, DEMO_DAY)
    with own_demo.read(SYSTEM) as work:
        done = events.inspections_until(work, DEMO_DAY)
    this_year = done[(done["outcome"] == "checked") & (done["on_date"].dt.year == 2026)]
    planned = {visit["premises"] for visit in document["visits"] if visit["kind"] == "planned"}
    assert planned.isdisjoint(this_year["premises_id"])


def test_a_plan_is_read_back_as_it_was_made(own_demo: Store) -> None:
    document = plans.draft_plan(own_demo, PLANNER, FORTNIGHT, DEMO_DAY)
    kept = plans.read_plan(own_demo, PLANNER, document["plan"])
    assert len(kept.visits) == len(document["visits"])
    assert len(kept.routes) == len(document["routes"])
    assert round(float(kept.routes["km"].sum()), 1) == round(sum(r["km"] for r in document["routes"]), 1)
    assert set(plans.kept_plans(own_demo, PLANNER)["id"]) == {document["plan"]}


def test_the_seed_of_the_draw_is_sealed(own_demo: Store) -> None:
    request = plans.PlanRequest(first=FORTNIGHT.first, last=FORTNIGHT.last, iterations=50)
    document = plans.draft_plan(own_demo, PLANNER, request, DEMO_DAY)
    with own_demo.read(SYSTEM) as work:
        plan = repository.plan_by_id(work, document["plan"])
        assert plan is not None
        sealed = str(plan.sealed_seed)
    assert sealed not in str(document)
    assert sealed not in str(plans.kept_plans(own_demo, PLANNER).to_dict())


def test_a_search_can_be_watched_and_stopped(own_demo: Store) -> None:
    seen: list[float] = []

    def stop_at_once(cost: float) -> bool:
        seen.append(cost)
        return True

    request = plans.PlanRequest(first=FORTNIGHT.first, last=FORTNIGHT.last, seconds=30)
    document = plans.draft_plan(own_demo, PLANNER, request, DEMO_DAY, watch=stop_at_once)
    assert seen
    assert document["solver"]["seconds"] < 10


def test_unknown_teams_and_premises_are_named(own_demo: Store) -> None:
    with pytest.raises(InputError, match="đội lạ"):
        plans.draft_plan(own_demo, PLANNER, replace(FORTNIGHT, team_ids=frozenset({"đội lạ"})), DEMO_DAY)
    with pytest.raises(InputError, match="Không có cơ sở lạ"):
        plans.draft_plan(own_demo, PLANNER, replace(FORTNIGHT, locked=frozenset({"lạ"})), DEMO_DAY)


def test_a_period_of_years_is_refused_rather_than_computed(own_demo: Store) -> None:
    request = plans.PlanRequest(first=date(2026, 12, 1), last=date(2026, 12, 1) + timedelta(days=400))
    with pytest.raises(InputError, match="dài nhất"):
        plans.draft_plan(own_demo, PLANNER, request, DEMO_DAY)


def test_who_may_not_plan_does_not(own_demo: Store) -> None:
    with pytest.raises(RuleError):
        plans.draft_plan(own_demo, Actor("xem", Role.VIEWER), FORTNIGHT, DEMO_DAY)
    with pytest.raises(RuleError):
        plans.kept_plans(own_demo, Actor("xem", Role.VIEWER))
