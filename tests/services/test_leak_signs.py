"""Closed doors on planned days: who is told, and when it is a sign."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.services import leak_signs
from app.services.accounts import SYSTEM
from data.repositories import plans as repository
from data.store import Actor, Store
from data.tables import Inspection
from geo.errors import RuleError
from geo.leak_signs import Doors, leak_sign
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.services.plan_world import LAST, OTHER_REVIEWER, PLANNER, REVIEWER, decided, make_world

AFTER = LAST + timedelta(days=1)


def report(store: Store, plan_id: str, outcome: str) -> None:
    """Every stop of the plan is reported on with one outcome."""
    with store.write(SYSTEM) as work:
        for row in repository.visits_of(work, plan_id).itertuples(index=False):
            work.session.add(
                Inspection(
                    **work.event(), premises_id=row.premises_id, on_date=row.on_date.date(), outcome=outcome,
                    visit_id=row.id, team_id=row.team_id,
                )
            )  # fmt: skip


def test_doors_that_are_always_closed_are_told_to_the_signer(own_demo: Store) -> None:
    world = make_world(own_demo)
    decided(own_demo, world)
    report(own_demo, world.plan_id, "closed_at_arrival")
    found = leak_signs.leak_signs(own_demo, REVIEWER, AFTER)
    whole = next(one for one in found if one.team_id is None)
    assert (whole.found.doors, whole.found.sign) == (Doors(5, 5), True)
    assert {one.team_id for one in found} == {None, world.team, world.other_team}
    assert found[0].found.sign


def test_nobody_but_the_signer_is_told(own_demo: Store) -> None:
    world = make_world(own_demo)
    decided(own_demo, world)
    report(own_demo, world.plan_id, "closed_at_arrival")
    assert leak_signs.leak_signs(own_demo, OTHER_REVIEWER, AFTER) == []
    assert leak_signs.leak_signs(own_demo, Actor("khác", Role.ADMIN), AFTER) == []
    for actor in (PLANNER, world.inspector, world.officer):
        with pytest.raises(RuleError):
            leak_signs.leak_signs(own_demo, actor, AFTER)


def test_doors_that_open_are_no_sign(own_demo: Store) -> None:
    world = make_world(own_demo)
    decided(own_demo, world)
    report(own_demo, world.plan_id, "checked")
    found = leak_signs.leak_signs(own_demo, REVIEWER, AFTER)
    assert found and not any(one.found.sign for one in found)


def test_before_anybody_went_there_is_nothing_to_tell(own_demo: Store) -> None:
    world = make_world(own_demo)
    decided(own_demo, world)
    assert leak_signs.leak_signs(own_demo, REVIEWER, date(2026, 12, 1)) == []
    assert date(2026, 12, 1) > DEMO_DAY


def test_one_closed_door_of_two_is_no_sign() -> None:
    few = leak_sign(Doors(2, 1), Doors(200, 10), common_share=0.05)
    many = leak_sign(Doors(20, 10), Doors(200, 10), common_share=0.05)
    usual = leak_sign(Doors(20, 10), Doors(200, 100), common_share=0.5)
    assert (few.sign, many.sign, usual.sign) == (False, True, False)
    assert many.chance < few.chance
