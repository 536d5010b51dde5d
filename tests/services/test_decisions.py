"""Inspection decisions: one a team and plan, an own one for what is unannounced, numbers only when issued."""

from __future__ import annotations

from typing import Any

import pytest

from app.services import decisions
from app.services.accounts import SYSTEM
from app.services.field_visits import decision_of
from data.repositories import plans as repository
from data.store import Actor, Store
from geo.errors import ConflictError, InputError, RuleError
from geo.words import Role, VisitKind
from tests.conftest import DEMO_DAY
from tests.services.plan_world import (
    OTHER_PLANNER,
    PLANNER,
    REVIEWER,
    SECRET_DAY,
    VIEWER,
    PlanWorld,
    decided,
    make_world,
)

ISSUED: dict[str, Any] = {
    "number": "101/QĐ-KT", "on_date": DEMO_DAY, "signer": "Chủ tịch UBND phường", "as_of": DEMO_DAY,
}  # fmt: skip


@pytest.fixture
def world(own_demo: Store) -> PlanWorld:
    made = make_world(own_demo)
    decided(own_demo, made)
    return made


def of_kind(store: Store, world: PlanWorld, kind: VisitKind) -> list[decisions.KeptDecision]:
    return [one for one in decisions.kept_decisions(store, PLANNER, world.plan_id) if one.kind is kind]


def test_each_team_has_one_and_the_unannounced_visit_its_own(own_demo: Store, world: PlanWorld) -> None:
    planned = of_kind(own_demo, world, VisitKind.PLANNED)
    assert sorted((one.team_id, one.visits) for one in planned) == sorted(
        [(world.team, 2), (world.other_team, 2)]
    )
    [secret] = of_kind(own_demo, world, VisitKind.UNANNOUNCED)
    assert (secret.team_id, secret.visits) == (world.team, 1)
    # Its decision is about its day only, and states the basis.
    assert secret.first_day == secret.last_day == SECRET_DAY
    assert "biên bản 12/BB" in secret.basis
    assert all(one.number is None and one.signer is None for one in [*planned, secret])


def test_no_visit_is_ready_before_the_number_is_entered(own_demo: Store, world: PlanWorld) -> None:
    def problem() -> str:
        with own_demo.read(SYSTEM) as work:
            visits = repository.visits_of(work, world.plan_id)
            row = next(visits[visits["team_id"] == world.other_team].itertuples(index=False))
            return str(decision_of(work, row).problem or "")

    assert "Chưa có số quyết định" in problem()
    one = next(d for d in of_kind(own_demo, world, VisitKind.PLANNED) if d.team_id == world.other_team)
    decisions.issue(own_demo, PLANNER, one.id, **ISSUED, seen_version=one.seen_version)
    assert problem() == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": ""},
        {"number": "chưa có"},
        {"signer": " "},
        {"signer": "ông Nguyễn Văn Mẫu"},
        {"on_date": DEMO_DAY.replace(day=25)},
    ],
)
def test_what_the_clerk_has_not_issued_is_not_entered(
    own_demo: Store, world: PlanWorld, wrong: dict[str, Any]
) -> None:
    one = of_kind(own_demo, world, VisitKind.PLANNED)[0]
    with pytest.raises(RuleError):
        decisions.issue(own_demo, PLANNER, one.id, **{**ISSUED, **wrong}, seen_version=one.seen_version)
    assert of_kind(own_demo, world, VisitKind.PLANNED)[0].number is None


def test_a_number_stands_for_one_decision_of_the_year(own_demo: Store, world: PlanWorld) -> None:
    first, second = of_kind(own_demo, world, VisitKind.PLANNED)
    decisions.issue(own_demo, PLANNER, first.id, **ISSUED, seen_version=first.seen_version)
    with pytest.raises(RuleError, match="quyết định khác"):
        decisions.issue(own_demo, PLANNER, second.id, **ISSUED, seen_version=second.seen_version)


def test_nobody_overwrites_what_another_has_entered(own_demo: Store, world: PlanWorld) -> None:
    one = of_kind(own_demo, world, VisitKind.PLANNED)[0]
    decisions.issue(own_demo, PLANNER, one.id, **ISSUED, seen_version=one.seen_version)
    with pytest.raises(ConflictError):
        decisions.issue(
            own_demo, REVIEWER, one.id, **{**ISSUED, "number": "102/QĐ-KT"}, seen_version=one.seen_version
        )


def test_only_who_sees_the_unannounced_visit_enters_its_number(own_demo: Store, world: PlanWorld) -> None:
    [secret] = of_kind(own_demo, world, VisitKind.UNANNOUNCED)
    for actor in (OTHER_PLANNER, world.officer, Actor("khác", Role.ADMIN)):
        with pytest.raises(InputError) as refused:
            decisions.issue(own_demo, actor, secret.id, **ISSUED, seen_version=secret.seen_version)
        assert refused.value.code == "unknown_decision"
    for actor in (VIEWER, world.inspector):
        with pytest.raises(RuleError):
            decisions.issue(own_demo, actor, secret.id, **ISSUED, seen_version=secret.seen_version)
    decisions.issue(own_demo, REVIEWER, secret.id, **ISSUED, seen_version=secret.seen_version)


def test_a_draft_has_no_decisions(own_demo: Store) -> None:
    world = make_world(own_demo)
    assert decisions.kept_decisions(own_demo, PLANNER, world.plan_id) == []
