"""A plan's life: who decides on it, on what paper, and what it may no longer hold by then."""

from __future__ import annotations

from datetime import date

import pytest

from app.services import complaints, plan_life, plan_reading
from app.services.accounts import SYSTEM
from data.repositories import plans as repository
from data.store import Actor, Store
from data.tables import AuditEntry, Inspection
from geo.errors import ConflictError, InputError, RuleError
from geo.words import PlanState, PlanStep, Role
from tests.conftest import DEMO_DAY
from tests.services.plan_world import (
    FIRST,
    LAST,
    OTHER_PLANNER,
    PLANNER,
    REVIEWER,
    at,
    decided,
    make_world,
)


def state(store: Store, plan_id: str) -> str:
    with store.read(SYSTEM) as work:
        plan = repository.plan_by_id(work, plan_id)
        assert plan is not None
        return plan.state


def test_a_draft_becomes_the_plan_under_a_documents_number(own_demo: Store) -> None:
    world = make_world(own_demo)
    decided(own_demo, world)
    kept = plan_reading.read_plan(own_demo, REVIEWER, world.plan_id, at(DEMO_DAY, 9))
    assert (kept.state, kept.document) == (PlanState.APPROVED, "45/KH-UBND")
    steps = plan_life.history(own_demo, REVIEWER, world.plan_id)
    assert [(one.step, one.by) for one in steps] == [
        (PlanStep.DRAFTED, PLANNER.name),
        (PlanStep.APPROVED, REVIEWER.name),
    ]
    with own_demo.read(SYSTEM) as work:
        noted = work.session.query(AuditEntry).filter_by(action="plan.approve", subject=world.plan_id).one()
    assert (noted.actor, noted.detail["document"]) == (REVIEWER.name, "45/KH-UBND")


def test_whoever_plans_does_not_approve(own_demo: Store) -> None:
    world = make_world(own_demo)
    with pytest.raises(RuleError, match="không có quyền"):
        plan_life.approve(own_demo, PLANNER, world.plan_id, "45/KH-UBND", DEMO_DAY)
    # Not even with the right to: the same account once had the planner's role.
    both = Actor(PLANNER.name, Role.ADMIN)
    with pytest.raises(RuleError) as refused:
        plan_life.approve(own_demo, both, world.plan_id, "45/KH-UBND", DEMO_DAY)
    assert refused.value.code == "same_person"
    assert state(own_demo, world.plan_id) == "draft"


def test_whoever_changed_the_draft_does_not_approve_it(own_demo: Store) -> None:
    world = make_world(own_demo)
    editor = Actor("sửa", Role.ADMIN)
    from app.services.plan_keeping import keep_version
    from geo.messages import msg

    with own_demo.write(editor) as work:
        plan = repository.plan_by_id(work, world.plan_id)
        assert plan is not None
        keep_version(work, plan, msg("Đổi thứ tự"), parent=1)
    with pytest.raises(RuleError) as refused:
        plan_life.approve(own_demo, editor, world.plan_id, "45/KH-UBND", DEMO_DAY)
    assert refused.value.code == "same_person"


@pytest.mark.parametrize("number", ["", "   ", "không số"])
def test_no_plan_without_a_documents_number(own_demo: Store, number: str) -> None:
    world = make_world(own_demo)
    with pytest.raises(RuleError) as refused:
        plan_life.approve(own_demo, REVIEWER, world.plan_id, number, DEMO_DAY)
    assert refused.value.code == "document_missing"


def test_a_plan_whose_lot_could_be_known_beforehand_is_not_approved(own_demo: Store) -> None:
    world = make_world(own_demo)
    with own_demo.write(SYSTEM) as work:
        plan = repository.plan_by_id(work, world.plan_id)
        assert plan is not None
        plan.seed_given = True
    with pytest.raises(RuleError) as refused:
        plan_life.approve(own_demo, REVIEWER, world.plan_id, "45/KH-UBND", DEMO_DAY)
    assert refused.value.code == "seed_given"


def test_a_plan_is_decided_once(own_demo: Store) -> None:
    world = make_world(own_demo)
    decided(own_demo, world)
    with pytest.raises(RuleError) as refused:
        plan_life.approve(own_demo, REVIEWER, world.plan_id, "46/KH-UBND", DEMO_DAY)
    assert refused.value.code == "wrong_state"
    with pytest.raises(RuleError):
        plan_life.discard(own_demo, PLANNER, world.plan_id)


def test_what_was_changed_since_one_looked_is_not_approved_unseen(own_demo: Store) -> None:
    world = make_world(own_demo)
    seen = plan_reading.read_plan(own_demo, REVIEWER, world.plan_id, at(DEMO_DAY, 9)).seen_version
    with own_demo.write(PLANNER) as work:
        plan = repository.plan_by_id(work, world.plan_id)
        assert plan is not None
        plan.settings = {**plan.settings, "touched": True}
    with pytest.raises(ConflictError, match="đã thay đổi"):
        plan_life.approve(own_demo, REVIEWER, world.plan_id, "45/KH-UBND", DEMO_DAY, seen_version=seen)


def test_a_check_since_the_draft_stands_in_the_way_of_a_second_one(own_demo: Store) -> None:
    world = make_world(own_demo)
    with own_demo.write(SYSTEM) as work:
        work.session.add(
            Inspection(
                **work.event(), premises_id=world.planned[0], on_date=DEMO_DAY, body="police", outcome="checked"
            )
        )
    with pytest.raises(RuleError, match="Công an") as refused:
        plan_life.approve(own_demo, REVIEWER, world.plan_id, "45/KH-UBND", DEMO_DAY)
    assert refused.value.code == "overtaken"


def test_no_team_goes_where_it_was_complained_about(own_demo: Store) -> None:
    world = make_world(own_demo)
    officer = world.officer
    made = complaints.record(own_demo, officer, world.planned[0], world.team, DEMO_DAY, DEMO_DAY, "12/ĐKN")
    with pytest.raises(RuleError, match="khiếu nại"):
        plan_life.approve(own_demo, REVIEWER, world.plan_id, "45/KH-UBND", DEMO_DAY)
    complaints.answer(own_demo, officer, made, DEMO_DAY, "31/CV-UBND", DEMO_DAY)
    plan_life.approve(own_demo, REVIEWER, world.plan_id, "45/KH-UBND", DEMO_DAY)
    kept = complaints.kept_complaints(own_demo, officer, DEMO_DAY)
    assert [(one.document, one.answer) for one in kept] == [("12/ĐKN", "31/CV-UBND")]
    assert complaints.kept_complaints(own_demo, world_officer_elsewhere(world.other_ward), DEMO_DAY) == []


def world_officer_elsewhere(ward: str) -> Actor:
    return Actor("cán bộ phường bên", Role.WARD_OFFICER, frozenset({ward}))


def test_a_reviewer_of_one_ward_does_not_answer_for_another(own_demo: Store) -> None:
    world = make_world(own_demo)
    narrow = Actor("lãnh đạo phường", Role.REVIEWER, frozenset({world.ward}))
    with pytest.raises(RuleError) as refused:
        plan_life.approve(own_demo, narrow, world.plan_id, "45/KH-UBND", DEMO_DAY)
    assert refused.value.code == "not_all_seen"


def test_two_plans_do_not_both_visit_one_business(own_demo: Store) -> None:
    first, second = make_world(own_demo, secret=False), make_world(own_demo, secret=False)
    decided(own_demo, first)
    with pytest.raises(RuleError, match="kế hoạch được duyệt"):
        decided(own_demo, second)


def test_it_runs_from_its_first_day_and_is_closed_by_a_person(own_demo: Store) -> None:
    world = make_world(own_demo, secret=False)
    decided(own_demo, world)
    seen = plan_reading.kept_plans(own_demo, REVIEWER, FIRST).set_index("id")
    assert seen.at[world.plan_id, "state"] == "running"
    before = plan_reading.kept_plans(own_demo, REVIEWER, DEMO_DAY).set_index("id")
    assert before.at[world.plan_id, "state"] == "approved"
    with pytest.raises(RuleError, match="lý do"):
        plan_life.close(own_demo, REVIEWER, world.plan_id, FIRST)
    plan_life.close(own_demo, REVIEWER, world.plan_id, LAST.replace(day=15))
    assert state(own_demo, world.plan_id) == "closed"


def test_a_closed_plan_no_longer_holds_its_premises(own_demo: Store) -> None:
    world = make_world(own_demo, secret=False)
    decided(own_demo, world)
    last = date(2026, 12, 31)
    with own_demo.read(PLANNER) as work:
        assert set(world.planned) <= plan_reading.standing_premises(work, DEMO_DAY, last)
    plan_life.close(own_demo, REVIEWER, world.plan_id, DEMO_DAY, "Chuyển sang kế hoạch khác")
    with own_demo.read(PLANNER) as work:
        assert not plan_reading.standing_premises(work, DEMO_DAY, last)


def test_a_draft_may_be_put_aside_by_a_planner_only(own_demo: Store) -> None:
    world = make_world(own_demo, secret=False)
    with pytest.raises(RuleError):
        plan_life.discard(own_demo, world.inspector, world.plan_id)
    plan_life.discard(own_demo, OTHER_PLANNER, world.plan_id, "Trùng lịch")
    assert state(own_demo, world.plan_id) == "discarded"


def test_drafts_are_for_planners_and_reviewers(own_demo: Store) -> None:
    world = make_world(own_demo, secret=False)
    assert world.plan_id in set(plan_reading.kept_plans(own_demo, OTHER_PLANNER)["id"])
    assert world.plan_id not in set(plan_reading.kept_plans(own_demo, world.inspector)["id"])
    with pytest.raises(InputError) as refused:
        plan_reading.read_plan(own_demo, world.inspector, world.plan_id)
    assert refused.value.code == "unknown_plan"
    decided(own_demo, world)
    assert world.plan_id in set(plan_reading.kept_plans(own_demo, world.inspector)["id"])
    assert len(plan_reading.read_plan(own_demo, world.inspector, world.plan_id).visits) == 2


def test_the_operator_at_the_command_line_enters_an_approval_that_was_signed_on_paper(own_demo: Store) -> None:
    world = make_world(own_demo)
    operator = Actor("cli:van-thu", Role.ADMIN)
    plan_life.approve(own_demo, operator, world.plan_id, "46/KH-UBND", DEMO_DAY)
    assert state(own_demo, world.plan_id) == "approved"
