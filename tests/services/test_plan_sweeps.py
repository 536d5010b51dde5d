"""Joint sweeps of a plan: one appointment for both sides, and the paper between them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from shapely import Point

from app.services import decisions, plan_life, plan_reading, plan_sweeps, plans
from app.services.accounts import SYSTEM
from app.services.plan_desk import open_desk
from data.repositories import events
from data.store import Actor, Store
from geo.errors import InputError, RuleError
from geo.words import CoordinationState, LetterKind, Role
from tests.conftest import DEMO_DAY
from tests.services.plan_world import OTHER_PLANNER, PLANNER, REVIEWER, VIEWER, at

REQUEST = plans.PlanRequest(first=date(2026, 12, 1), last=date(2026, 12, 14), iterations=60)


@pytest.fixture
def plan_id(own_demo: Store) -> str:
    return str(plans.draft_plan(own_demo, PLANNER, REQUEST, DEMO_DAY)["plan"])


def signed(store: Store, plan_id: str) -> list[plan_sweeps.KeptSweep]:
    plan_life.approve(store, REVIEWER, plan_id, "45/KH-UBND", DEMO_DAY)
    return plan_sweeps.kept_sweeps(store, PLANNER, plan_id, DEMO_DAY)


def test_the_riskiest_borders_get_one_appointment_for_both_sides(own_demo: Store, plan_id: str) -> None:
    kept = plan_reading.read_plan(own_demo, PLANNER, plan_id, at(DEMO_DAY, 9))
    assert len(kept.sweeps) > 0
    for sweep in kept.sweeps.itertuples():
        assert REQUEST.first <= sweep.on_date.date() <= REQUEST.last
        assert len(sweep.team_ids) == (1 if sweep.outside else 2)
        for team in sweep.team_ids:
            # Nobody is asked to be elsewhere at that time.
            own = kept.visits[(kept.visits["team_id"] == team) & (kept.visits["on_date"] == sweep.on_date)]
            assert ((own["leave"] <= sweep.starts) | (own["arrive"] >= sweep.ends)).all()
    swept = {row["segment"] for row in kept.summary["borders"] if row.get("start")}
    assert swept == set(kept.sweeps["segment_id"])


def test_each_side_keeps_its_meeting_point_on_its_own_ground(own_demo: Store, plan_id: str) -> None:
    kept = plan_reading.read_plan(own_demo, PLANNER, plan_id, at(DEMO_DAY, 9))
    teams = plan_reading.teams(own_demo, PLANNER, REQUEST.first, REQUEST.last).set_index("id")
    for sweep in kept.sweeps.itertuples():
        assert len(sweep.meets) == len(sweep.team_ids)
        for team, place in zip(sweep.team_ids, sweep.meets, strict=True):
            area = teams.at[team, "area"]
            assert area.is_empty or area.intersects(Point(place))
    # Whoever changes the plan by hand sends each team to its own point.
    meetings = open_desk(own_demo, PLANNER, plan_id, DEMO_DAY).book.problem.appointments
    stored = {
        (row.segment_id, team): tuple(place)
        for row in kept.sweeps.itertuples()
        for team, place in zip(row.team_ids, row.meets, strict=True)
    }
    assert {(one.id, one.team_id): (one.lon, one.lat) for one in meetings} == stored


def test_each_side_goes_under_its_own_decision(own_demo: Store, plan_id: str) -> None:
    sweeps = signed(own_demo, plan_id)
    kept = decisions.kept_decisions(own_demo, PLANNER, plan_id)
    with_decision = {one.team_id for one in kept}
    read = plan_reading.read_plan(own_demo, PLANNER, plan_id, at(DEMO_DAY, 9))
    assert sweeps
    for teams in read.sweeps["team_ids"]:
        assert set(teams) <= with_decision


def test_the_letters_are_followed_to_the_city_when_nobody_answers(own_demo: Store, plan_id: str) -> None:
    sweep = signed(own_demo, plan_id)[0]
    assert sweep.state.state is CoordinationState.NO_RULE
    late = DEMO_DAY + timedelta(days=5)
    plan_sweeps.add_letter(
        own_demo, PLANNER, sweep.id, LetterKind.REQUEST, on_date=DEMO_DAY, as_of=DEMO_DAY, number="31/CV",
        due_on=DEMO_DAY + timedelta(days=3),
    )  # fmt: skip

    def state(day: date) -> plan_sweeps.KeptSweep:
        found = plan_sweeps.kept_sweeps(own_demo, PLANNER, plan_id, day)
        return next(one for one in found if one.id == sweep.id)

    assert state(DEMO_DAY).state.state is CoordinationState.WAITING
    assert state(late).state.state is CoordinationState.UNANSWERED
    assert state(late).state.to_city
    plan_sweeps.add_letter(
        own_demo, PLANNER, sweep.id, LetterKind.REPLY, on_date=late, as_of=late, number="8/CV", due_on=None
    )
    assert state(late).state.state is CoordinationState.NO_JOINT_PLAN
    # A paper without a number is written, but not out.
    plan_sweeps.add_letter(own_demo, PLANNER, sweep.id, LetterKind.JOINT_PLAN, on_date=late, as_of=late)
    assert state(late).state.state is CoordinationState.NO_JOINT_PLAN


def test_a_swept_border_counts_as_inspected_by_both_sides(own_demo: Store, plan_id: str) -> None:
    sweep = signed(own_demo, plan_id)[0]
    with own_demo.read(SYSTEM) as work:
        before = len(events.sweeps_until(work, sweep.on_date))
    with pytest.raises(InputError):
        plan_sweeps.mark_done(own_demo, PLANNER, sweep.id, DEMO_DAY, DEMO_DAY)
    plan_sweeps.mark_done(own_demo, PLANNER, sweep.id, sweep.on_date, sweep.on_date)
    with own_demo.read(SYSTEM) as work:
        assert len(events.sweeps_until(work, sweep.on_date)) == before + 1
    with pytest.raises(RuleError, match="đã ghi nhận"):
        plan_sweeps.mark_done(own_demo, PLANNER, sweep.id, sweep.on_date, sweep.on_date)


def test_a_draft_sends_no_letters_and_strangers_none_at_all(own_demo: Store, plan_id: str) -> None:
    [first, *_rest] = plan_sweeps.kept_sweeps(own_demo, OTHER_PLANNER, plan_id, DEMO_DAY)
    letter = {"on_date": DEMO_DAY, "as_of": DEMO_DAY, "number": "31/CV"}
    with pytest.raises(RuleError, match="chưa được phê duyệt"):
        plan_sweeps.add_letter(own_demo, PLANNER, first.id, LetterKind.REQUEST, **letter)
    signed(own_demo, plan_id)
    for actor in (VIEWER, Actor("đội", Role.INSPECTOR)):
        with pytest.raises(RuleError):
            plan_sweeps.add_letter(own_demo, actor, first.id, LetterKind.REQUEST, **letter)
    with pytest.raises(RuleError):
        plan_sweeps.add_letter(
            own_demo, PLANNER, first.id, LetterKind.REQUEST, **letter, note="Liên hệ 0912 345 678"
        )
