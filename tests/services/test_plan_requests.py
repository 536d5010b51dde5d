"""What a planner may ask of a plan: unannounced visits with a basis, and what stands in a plan's way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from app.services import complaints, plan_life, plan_reading, plans
from app.services.accounts import SYSTEM
from data.repositories import plans as repository
from data.store import Actor, Store
from geo.errors import InputError, RuleError
from geo.plan_types import UnannouncedRequest
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.services.plan_world import OTHER_PLANNER, PLANNER, REVIEWER, at, make_world

REQUEST = plans.PlanRequest(
    first=date(2026, 12, 1), last=date(2026, 12, 14), iterations=60, seed=7, sweeps=None
)
NOON = at(DEMO_DAY, 12)
BASIS, DECISION = "Có khách ra vào sau giờ đóng cửa", "31/QĐ ngày 20/11/2026"


def a_premises(store: Store) -> tuple[str, str]:
    """A premises that may be visited, and the team of its ward."""
    world = make_world(store, secret=False)
    return world.planned[0], world.team


def test_an_unannounced_visit_is_planned_with_its_basis(own_demo: Store) -> None:
    name, team = a_premises(own_demo)
    request = replace(REQUEST, unannounced=(UnannouncedRequest(name, BASIS, DECISION, team_id=team),))
    document = plans.draft_plan(own_demo, PLANNER, request, DEMO_DAY)
    stop = (
        plan_reading.read_plan(own_demo, PLANNER, document["plan"], NOON)
        .visits.set_index("premises_id")
        .loc[name]
    )
    assert (stop["kind"], stop["team_id"], stop["basis"]) == ("unannounced", team, f"{BASIS} ({DECISION})")
    other = plan_reading.read_plan(own_demo, OTHER_PLANNER, document["plan"], NOON)
    assert name not in set(other.visits["premises_id"])
    assert {row["premises"]: row["code"] for row in other.summary["unserved"]}[name] == "not_chosen"
    # The borders and the wards are told as if there were none.
    own = plan_reading.read_plan(own_demo, PLANNER, document["plan"], NOON)
    assert sum(row["planned"] for row in other.summary["coverage"]) == sum(
        row["planned"] - row["unannounced"] for row in own.summary["coverage"]
    )


def test_one_that_could_not_be_planned_is_nobody_elses_to_know(own_demo: Store) -> None:
    name, team = a_premises(own_demo)
    # A Sunday: the team does not work.
    request = UnannouncedRequest(name, BASIS, DECISION, team_id=team, date=date(2026, 12, 6))
    document = plans.draft_plan(own_demo, PLANNER, replace(REQUEST, unannounced=(request,)), DEMO_DAY)
    assert name in {row["premises"] for row in document["unserved"]}
    rows = plan_reading.read_plan(own_demo, OTHER_PLANNER, document["plan"], NOON).summary["unserved"]
    [told] = [row for row in rows if row["premises"] == name]
    assert told["code"] == "not_chosen"
    assert {frozenset(row) for row in rows} == {frozenset(told)}


@pytest.mark.parametrize(
    ("basis", "decision"), [("", DECISION), (BASIS, ""), (BASIS, "bằng miệng"), ("  ", "1")]
)
def test_without_basis_and_numbered_decision_it_is_refused(own_demo: Store, basis: str, decision: str) -> None:
    name, _team = a_premises(own_demo)
    request = replace(REQUEST, unannounced=(UnannouncedRequest(name, basis, decision),))
    with pytest.raises(RuleError) as refused:
        plans.draft_plan(own_demo, PLANNER, request, DEMO_DAY)
    assert refused.value.code == "basis_missing"


def test_a_basis_speaks_of_the_place_and_of_no_person(own_demo: Store) -> None:
    name, _team = a_premises(own_demo)
    request = replace(REQUEST, unannounced=(UnannouncedRequest(name, "Ông Nguyễn Văn Mẫu báo", DECISION),))
    with pytest.raises(RuleError, match="tên người"):
        plans.draft_plan(own_demo, PLANNER, request, DEMO_DAY)


def test_a_planner_of_one_ward_asks_for_no_visit_in_another(own_demo: Store) -> None:
    world = make_world(own_demo, secret=False)
    narrow = Actor("lập lịch phường bên", Role.PLANNER, frozenset({world.other_ward}))
    request = replace(REQUEST, unannounced=(UnannouncedRequest(world.planned[0], BASIS, DECISION),))
    with pytest.raises(InputError):
        plans.draft_plan(own_demo, narrow, request, DEMO_DAY)


def test_the_team_that_was_complained_about_does_not_go_there(own_demo: Store) -> None:
    name, team = a_premises(own_demo)
    request = replace(REQUEST, locked=frozenset({name}))
    before = plans.draft_plan(own_demo, PLANNER, request, DEMO_DAY)
    assert name in {visit["premises"] for visit in before["visits"]}
    officer = Actor("cán bộ", Role.WARD_OFFICER)
    complaints.record(own_demo, officer, name, team, DEMO_DAY, DEMO_DAY, "12/ĐKN")
    after = plans.draft_plan(own_demo, PLANNER, request, DEMO_DAY)
    assert team not in {visit["team"] for visit in after["visits"] if visit["premises"] == name}


def test_a_decided_plans_visits_are_left_to_it(own_demo: Store) -> None:
    world = make_world(own_demo, secret=False)
    plan_life.approve(own_demo, REVIEWER, world.plan_id, "45/KH-UBND", DEMO_DAY)
    document = plans.draft_plan(own_demo, OTHER_PLANNER, REQUEST, DEMO_DAY)
    assert set(world.planned).isdisjoint(visit["premises"] for visit in document["visits"])
    why = {row["premises"]: row["code"] for row in document["unserved"]}
    assert {why[name] for name in world.planned} == {"standing"}


def test_the_shift_of_a_plan_is_kept_for_the_hour_of_its_secrets(own_demo: Store) -> None:
    _name, team = a_premises(own_demo)
    teams = plan_reading.teams(own_demo, PLANNER, REQUEST.first, REQUEST.last).set_index("id")["name"]
    changes = {teams[team]: {"shift_start": time(15), "shift_end": time(21), "max_visits": 3}}
    document = plans.draft_plan(
        own_demo, PLANNER, replace(REQUEST, team_changes=changes, reveal_lead_min=20), DEMO_DAY
    )
    with own_demo.read(SYSTEM) as work:
        plan = repository.plan_by_id(work, document["plan"])
    assert plan is not None
    # By id, however the planner named the team.
    assert plan.settings["teams"][team]["shift_start"] == "15:00"
    assert plan.settings["reveal_lead_min"] == 20
