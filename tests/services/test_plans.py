"""A plan made from the database: who goes where, and what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pandas as pd
import pytest

from app.services import plan_life, plan_reading, plans
from app.services.accounts import SYSTEM
from app.services.plan_desk import open_desk
from data.repositories import events, places
from data.repositories import plans as repository
from data.repositories.teams import teams_between
from data.store import Actor, Store
from geo.errors import InputError, RuleError
from geo.joint_sweeps import SweepSettings
from geo.plan_types import PlanningSettings
from geo.visit_value import VisitWeights
from geo.words import Role
from tests.conftest import DEMO_DAY

PLANNER = Actor("lập lịch", Role.PLANNER)
REVIEWER = Actor("lãnh đạo", Role.REVIEWER)
FORTNIGHT = plans.PlanRequest(first=date(2026, 12, 1), last=date(2026, 12, 14), seed=5, iterations=300)


def test_every_ward_team_goes_out_inside_its_own_ward(own_demo: Store) -> None:
    document = plans.draft_plan(own_demo, PLANNER, FORTNIGHT, DEMO_DAY)
    kept = plan_reading.read_plan(own_demo, PLANNER, document["plan"])
    with own_demo.read(SYSTEM) as work:
        teams = teams_between(work, FORTNIGHT.first, FORTNIGHT.last).set_index("id")
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
    kept = plan_reading.read_plan(own_demo, PLANNER, document["plan"])
    assert len(kept.visits) == len(document["visits"])
    assert len(kept.routes) == len(document["routes"])
    assert round(float(kept.routes["km"].sum()), 1) == round(sum(r["km"] for r in document["routes"]), 1)
    assert set(plan_reading.kept_plans(own_demo, PLANNER)["id"]) == {document["plan"]}


def test_the_seed_of_the_draw_is_sealed(own_demo: Store) -> None:
    request = plans.PlanRequest(first=FORTNIGHT.first, last=FORTNIGHT.last, iterations=50)
    document = plans.draft_plan(own_demo, PLANNER, request, DEMO_DAY)
    with own_demo.read(SYSTEM) as work:
        plan = repository.plan_by_id(work, document["plan"])
        assert plan is not None
        sealed = str(plan.sealed_seed)
    assert sealed not in str(document)
    assert sealed not in str(plan_reading.kept_plans(own_demo, PLANNER).to_dict())


def test_a_search_can_be_watched_and_stopped(own_demo: Store) -> None:
    seen: list[float] = []

    def stop_at_once(share: float, points: float) -> bool:
        seen.append(points)
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
        plan_reading.kept_plans(own_demo, Actor("xem", Role.VIEWER))


def test_an_inspector_of_one_ward_sees_nothing_of_another(own_demo: Store) -> None:
    plan_id = plans.draft_plan(own_demo, PLANNER, replace(FORTNIGHT, seed=None), DEMO_DAY)["plan"]
    plan_life.approve(own_demo, REVIEWER, plan_id, "45/KH-UBND", DEMO_DAY)
    with own_demo.read(SYSTEM) as work:
        units, register = places.units_on(work, FORTNIGHT.first), places.premises_on(work, FORTNIGHT.first)
    own = units[units["name"] == "Phường Hà Đông"].iloc[0]
    inspector = Actor("kiểm tra", Role.INSPECTOR, frozenset({own["id"]}))
    whole, mine = (plan_reading.read_plan(own_demo, actor, plan_id) for actor in (PLANNER, inspector))

    inside = set(register.loc[register.geometry.intersects(own.geometry), "id"])
    assert 0 < len(mine.visits) < len(whole.visits)
    assert set(mine.visits["premises_id"]) == set(whole.visits["premises_id"]) & inside
    assert 0 < len(mine.summary["unserved"]) < len(whole.summary["unserved"])
    assert {row["premises"] for row in mine.summary["unserved"]} <= inside
    assert [row["ward"] for row in mine.summary["coverage"]] == [own["id"]]
    assert 0 < len(mine.summary["borders"]) < len(whole.summary["borders"])
    # A way that leads to a stop elsewhere would show where that stop is.
    elsewhere = whole.visits[~whole.visits["premises_id"].isin(inside)]
    hidden = set(zip(elsewhere["on_date"], elsewhere["team_id"], strict=True))
    assert len(mine.routes) > 0
    assert hidden.isdisjoint(zip(mine.routes["on_date"], mine.routes["team_id"], strict=True))


def test_a_planner_of_one_ward_plans_that_ward(own_demo: Store) -> None:
    with own_demo.read(SYSTEM) as work:
        units = places.units_on(work, FORTNIGHT.first)
    own = units[units["name"] == "Phường Hà Đông"].iloc[0]
    planner = replace(PLANNER, scope=frozenset({own["id"]}))
    plan_id = plans.draft_plan(own_demo, planner, FORTNIGHT, DEMO_DAY)["plan"]
    stops = plan_reading.read_plan(own_demo, PLANNER, plan_id).visits
    assert len(stops) > 0
    assert stops.geometry.intersects(own.geometry).all()


def test_a_period_that_has_begun_is_refused(own_demo: Store) -> None:
    begun = replace(FORTNIGHT, first=DEMO_DAY - timedelta(days=1))
    with pytest.raises(InputError, match="đã qua") as refused:
        plans.draft_plan(own_demo, PLANNER, begun, DEMO_DAY)
    assert refused.value.code == "period_past"


def test_an_empty_cell_of_a_team_is_named(own_demo: Store) -> None:
    filled = {
        "id": "t",
        "use": True,
        "name": "Đội Mẫu",
        "shift_start": time(19),
        "shift_end": time(1),
        "max_visits": 4,
        "pause_start": None,
        "pause_end": None,
    }
    for cleared in ("shift_start", "shift_end", "max_visits"):
        table = pd.DataFrame([{**filled, cleared: None}, {**filled, "id": "u"}])
        with pytest.raises(InputError, match="Đội Mẫu"):
            plans.team_changes(table)
    # Of a team that stays at home nothing is asked.
    table = pd.DataFrame([{**filled, "use": False, "max_visits": None}, {**filled, "id": "u"}])
    assert plans.team_changes(table) == {
        "u": {
            "shift_start": time(19),
            "shift_end": time(1),
            "max_visits": 4,
            "pause_start": None,
            "pause_end": None,
        },
    }
    # A pause has two ends.
    half = pd.DataFrame([{**filled, "pause_start": time(21)}])
    with pytest.raises(InputError, match="Đội Mẫu"):
        plans.team_changes(half)


def test_a_plan_keeps_all_that_its_form_can_set(own_demo: Store) -> None:
    """So that changing it by hand, or planning the rest anew, goes by what was asked for."""
    teams = plan_reading.teams(own_demo, PLANNER, FORTNIGHT.first, FORTNIGHT.last)["id"]
    hours = {
        teams.iloc[0]: {
            "shift_start": time(18),
            "shift_end": time(1),
            "max_visits": 3,
            "pause_start": time(20),
            "pause_end": time(20, 30),
        },
        teams.iloc[1]: {
            "shift_start": time(8),
            "shift_end": time(16),
            "max_visits": 4,
            "pause_start": None,
            "pause_end": None,
        },
    }
    settings = PlanningSettings(outings_per_week=3, random_share=0.4, pace=None, weights=VisitWeights(risk=5.0))
    plan_id = plans.draft_plan(own_demo, PLANNER, FORTNIGHT, DEMO_DAY)["plan"]
    excluded = plan_reading.read_plan(own_demo, PLANNER, plan_id).visits["premises_id"].iloc[0]
    asked = replace(
        FORTNIGHT,
        team_ids=frozenset(hours),
        team_changes=hours,
        excluded=frozenset({excluded}),
        sweeps=SweepSettings(count=1, start=time(19, 30), minutes=45),
        settings=settings,
        reveal_lead_min=15,
    )
    kept_id = plans.draft_plan(own_demo, PLANNER, asked, DEMO_DAY)["plan"]
    kept = plan_reading.read_plan(own_demo, PLANNER, kept_id).request
    assert kept == replace(asked, seconds=kept.seconds, iterations=None, seed=None)
    desk = open_desk(own_demo, PLANNER, kept_id, DEMO_DAY)
    assert desk.settings == settings
    assert {one.team_id: one.pause for one in desk.problem.teams} == {
        teams.iloc[0]: (time(20), time(20, 30)),
        teams.iloc[1]: None,
    }
    # Nobody is checked while the team has its pause.
    for stop in plan_reading.read_plan(own_demo, PLANNER, kept_id).visits.itertuples():
        if stop.team_id == teams.iloc[0]:
            assert stop.leave.time() <= time(20) or stop.arrive.time() >= time(20, 30)


def test_a_shift_may_pass_midnight_but_not_last_a_day(own_demo: Store) -> None:
    team = plan_reading.teams(own_demo, PLANNER, FORTNIGHT.first, FORTNIGHT.last)["id"].iloc[0]
    late = {team: {"shift_start": time(19), "shift_end": time(1)}}
    assert plans.draft_plan(own_demo, PLANNER, replace(FORTNIGHT, team_changes=late), DEMO_DAY)["plan"]
    slip = {team: {"shift_start": time(19), "shift_end": time(18)}}
    with pytest.raises(InputError, match="16 giờ"):
        plans.draft_plan(own_demo, PLANNER, replace(FORTNIGHT, team_changes=slip), DEMO_DAY)


def test_outings_a_week_are_kept_and_obeyed(own_demo: Store) -> None:
    request = replace(FORTNIGHT, settings=PlanningSettings(outings_per_week=1))
    plan_id = plans.draft_plan(own_demo, PLANNER, request, DEMO_DAY)["plan"]
    kept = plan_reading.read_plan(own_demo, PLANNER, plan_id)
    assert kept.outings_per_week == 1
    weeks = kept.routes["on_date"].dt.isocalendar().week
    assert kept.routes.groupby(["team_id", weeks]).size().max() == 1
