"""Rule 4: who learns of an unannounced visit, and when. Every way to read a plan is tried by everybody."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from app.services import decisions, fairness, plan_life, plan_reading, plan_secrecy
from app.services.accounts import SYSTEM
from app.services.exports import export_layer
from data.repositories import plans as repository
from data.repositories.accounts import add_account
from data.store import Actor, Store
from data.tables import AccountTeam, AuditEntry
from geo.errors import InputError, RuleError
from geo.words import Grouping, Role
from tests.conftest import DEMO_DAY
from tests.services.plan_world import (
    LAST,
    OTHER_PLANNER,
    OTHER_REVIEWER,
    PLANNER,
    REVIEWER,
    SECRET_DAY,
    VIEWER,
    PlanWorld,
    at,
    decided,
    make_world,
)

BEFORE_SHIFT = at(SECRET_DAY, 13, 59)
IN_SHIFT = at(SECRET_DAY, 14, 0)
OPERATOR = Actor("cli:ai đó", Role.ADMIN)


def outsiders(world: PlanWorld) -> list[Actor]:
    """All who may see decided plans and have no part in the visit."""
    return [OTHER_PLANNER, OTHER_REVIEWER, OPERATOR, world.neighbour, Actor("thành phố", Role.INSPECTOR)]


def told(store: Store, actor: Actor, world: PlanWorld, now: datetime) -> str:
    """Everything that a plan's reader gets, the reasons of what was left out apart."""
    kept = plan_reading.read_plan(store, actor, world.plan_id, now)
    summary = {key: part for key, part in kept.summary.items() if key != "unserved"}
    return json.dumps(
        [kept.visits.drop(columns="geometry").to_dict("records"), summary, list(kept.sweeps.columns)],
        default=str,
        ensure_ascii=False,
    )


@pytest.fixture
def world(own_demo: Store) -> PlanWorld:
    made = make_world(own_demo)
    decided(own_demo, made)
    return made


def sees(store: Store, actor: Actor, world: PlanWorld, now: datetime) -> bool:
    visits = plan_reading.read_plan(store, actor, world.plan_id, now).visits
    return world.secret_visit in set(visits["id"])


def test_its_planner_and_its_signer_see_it(own_demo: Store, world: PlanWorld) -> None:
    for actor in (PLANNER, REVIEWER):
        assert sees(own_demo, actor, world, at(DEMO_DAY, 8))


def test_the_named_team_sees_it_from_the_start_of_its_shift(own_demo: Store, world: PlanWorld) -> None:
    assert not sees(own_demo, world.inspector, world, BEFORE_SHIFT)
    assert sees(own_demo, world.inspector, world, IN_SHIFT)


def test_the_office_may_tell_the_team_some_minutes_earlier(own_demo: Store, world: PlanWorld) -> None:
    with own_demo.write(SYSTEM) as work:
        plan = repository.plan_by_id(work, world.plan_id)
        assert plan is not None
        plan.settings = {**plan.settings, "reveal_lead_min": 30}
    assert not sees(own_demo, world.inspector, world, IN_SHIFT - timedelta(minutes=31))
    assert sees(own_demo, world.inspector, world, IN_SHIFT - timedelta(minutes=30))


def test_a_shift_that_was_changed_for_the_plan_counts(own_demo: Store, world: PlanWorld) -> None:
    with own_demo.write(SYSTEM) as work:
        plan = repository.plan_by_id(work, world.plan_id)
        assert plan is not None
        plan.settings = {**plan.settings, "teams": {world.team: {"shift_start": "15:30"}}}
    assert not sees(own_demo, world.inspector, world, at(SECRET_DAY, 15, 29))
    assert sees(own_demo, world.inspector, world, at(SECRET_DAY, 15, 30))


def test_nobody_else_sees_it_even_after_the_shift_began(own_demo: Store, world: PlanWorld) -> None:
    for actor in outsiders(world):
        for now in (BEFORE_SHIFT, IN_SHIFT, at(LAST, 23)):
            assert not sees(own_demo, actor, world, now), actor.name
            everything = told(own_demo, actor, world, now)
            assert world.secret_visit not in everything
            assert world.secret_premises not in everything
            assert world.secret_name not in everything


def test_who_may_not_see_plans_sees_nothing(own_demo: Store, world: PlanWorld) -> None:
    police = Actor("công an phường", Role.WARD_POLICE, frozenset({world.ward}))
    for actor in (VIEWER, police, Actor("kiểm toán", Role.AUDITOR), Actor("dữ liệu", Role.STEWARD)):
        with pytest.raises(RuleError):
            plan_reading.kept_plans(own_demo, actor)
        with pytest.raises(RuleError):
            plan_reading.read_plan(own_demo, actor, world.plan_id, IN_SHIFT)
        with pytest.raises(RuleError):
            plan_reading.public_form(own_demo, actor, world.plan_id)
        with pytest.raises(RuleError):
            export_layer(own_demo, actor, f"plan:{world.plan_id}", Path("x.ics"), DEMO_DAY)


def test_it_does_not_show_by_its_absence(own_demo: Store, world: PlanWorld) -> None:
    """Who is left out, and why, looks as it would had nobody asked for the visit."""
    rows = plan_reading.read_plan(own_demo, OTHER_PLANNER, world.plan_id, BEFORE_SHIFT).summary["unserved"]
    by_premises = {row["premises"]: row for row in rows}
    hidden = by_premises.pop(world.secret_premises)
    assert hidden["code"] == "not_chosen"
    # The same words for all of its kind, and a place in the list that says nothing.
    alike = [row for row in by_premises.values() if row["code"] == "not_chosen"]
    assert len(alike) > 5
    assert {(row["code"], str(row["why"])) for row in alike} == {(hidden["code"], str(hidden["why"]))}
    assert {frozenset(row) for row in alike} == {frozenset(hidden)}
    assert [row["premises"] for row in rows] == sorted(row["premises"] for row in rows)
    # Its planner reads the true reasons, and nothing about it among what was left out.
    own = plan_reading.read_plan(own_demo, PLANNER, world.plan_id, BEFORE_SHIFT).summary["unserved"]
    assert world.secret_premises not in {row["premises"] for row in own}
    assert {row["code"] for row in own} == {"lower_value"}


def test_other_peoples_forecasts_leave_it_out(own_demo: Store, world: PlanWorld) -> None:
    seen = plan_reading.read_plan(own_demo, OTHER_PLANNER, world.plan_id, BEFORE_SHIFT).summary
    own = plan_reading.read_plan(own_demo, PLANNER, world.plan_id, BEFORE_SHIFT).summary
    theirs = {row["ward"]: row for row in seen["coverage"]}
    mine = {row["ward"]: row for row in own["coverage"]}
    assert (theirs[world.ward]["planned"], mine[world.ward]["planned"]) == (2, 3)
    assert (theirs[world.ward]["after"], mine[world.ward]["after"]) == (0.42, 0.43)
    assert theirs[world.ward]["missing"] == theirs[world.other_ward]["missing"] == 18
    assert set(theirs[world.ward]) == set(theirs[world.other_ward])
    assert "unannounced" not in theirs[world.ward]
    assert seen["solver"]["objective"] is None


def test_a_way_that_passes_it_is_not_drawn_for_others(own_demo: Store, world: PlanWorld) -> None:
    def ways(actor: Actor) -> set[tuple[object, str]]:
        routes = plan_reading.read_plan(own_demo, actor, world.plan_id, BEFORE_SHIFT).routes
        return set(zip(routes["on_date"], routes["team_id"], strict=True))

    secret = (pd.Timestamp(SECRET_DAY), world.team)
    assert secret in ways(PLANNER)
    assert secret not in ways(OTHER_PLANNER)
    assert secret not in ways(world.inspector)
    assert len(ways(OTHER_PLANNER)) == 3


def test_the_numbers_of_the_stops_have_no_gap(own_demo: Store, world: PlanWorld) -> None:
    visits = plan_reading.read_plan(own_demo, OTHER_PLANNER, world.plan_id, BEFORE_SHIFT).visits
    for _day, stops in visits.groupby(["on_date", "team_id"]):
        assert list(stops["position"]) == list(range(1, len(stops) + 1))


@pytest.mark.parametrize("ending", [".ics", ".gpx", ".kml", ".geojson", ".xlsx", ".csv", ".gpkg"])
def test_it_is_in_no_file_not_even_its_planners(
    own_demo: Store, world: PlanWorld, tmp_path: Path, ending: str
) -> None:
    # Having opened it just now changes nothing.
    for actor in (PLANNER, world.inspector, OTHER_PLANNER):
        plan_reading.read_plan(own_demo, actor, world.plan_id, IN_SHIFT)
        file = tmp_path / f"{actor.role.value}{ending}"
        export_layer(own_demo, actor, f"plan:{world.plan_id}", file, DEMO_DAY)
        content = contents(file)
        assert world.secret_name not in content
        assert world.secret_visit not in content
        assert "16:00" not in content


def contents(file: Path) -> str:
    if file.suffix == ".xlsx":
        sheets = pd.read_excel(file, sheet_name=None, header=None, engine="openpyxl")
        return "\n".join(sheet.to_string() for sheet in sheets.values())
    return file.read_bytes().decode("utf-8", errors="ignore")


def test_what_may_be_published_has_neither_hour_nor_reason(own_demo: Store, world: PlanWorld) -> None:
    for actor in (PLANNER, REVIEWER, OTHER_PLANNER):
        rows = plan_reading.public_form(own_demo, actor, world.plan_id)
        assert len(rows) == 4
        assert world.secret_name not in {row["name"] for row in rows}
        assert all(set(row) == {"name", "address", "ward", "quarter", "year"} for row in rows)


def test_a_draft_has_no_public_form(own_demo: Store) -> None:
    world = make_world(own_demo)
    with pytest.raises(RuleError, match="công khai"):
        plan_reading.public_form(own_demo, PLANNER, world.plan_id)


def test_the_sheet_of_fairness_counts_without_it(own_demo: Store, world: PlanWorld) -> None:
    # Not even its planner's sheet, which may be printed.
    for actor in (PLANNER, OTHER_PLANNER):
        sheet = fairness.plan_sheet(own_demo, actor, world.plan_id)
        assert sum(row.checks for row in sheet if row.grouping is Grouping.WARD) == 4


def test_its_decision_is_seen_by_those_who_see_the_visit(own_demo: Store, world: PlanWorld) -> None:
    def kinds(actor: Actor) -> list[str]:
        return sorted(one.kind.value for one in decisions.kept_decisions(own_demo, actor, world.plan_id))

    assert kinds(PLANNER) == kinds(REVIEWER) == ["planned", "planned", "unannounced"]
    for actor in (OTHER_PLANNER, OTHER_REVIEWER, OPERATOR):
        assert kinds(actor) == ["planned", "planned"]
    assert kinds(world.neighbour) == ["planned"]


def test_another_planner_is_not_told_that_the_premises_is_taken(own_demo: Store, world: PlanWorld) -> None:
    with own_demo.read(OTHER_PLANNER) as work:
        taken = plan_reading.standing_premises(work, DEMO_DAY, LAST)
    assert set(world.planned) <= taken
    assert world.secret_premises not in taken
    with own_demo.read(PLANNER) as work:
        assert world.secret_premises in plan_reading.standing_premises(work, DEMO_DAY, LAST)


def test_a_plan_of_unannounced_visits_alone_is_not_even_listed(own_demo: Store) -> None:
    world = make_world(own_demo)
    from sqlalchemy import delete

    from data.tables import Visit

    with own_demo.write(SYSTEM) as work:
        work.session.execute(delete(Visit).where(Visit.plan_id == world.plan_id, Visit.kind == "planned"))
    decided(own_demo, world)
    for actor in outsiders(world):
        assert world.plan_id not in set(plan_reading.kept_plans(own_demo, actor)["id"]), actor.name
    for actor in (PLANNER, REVIEWER):
        assert world.plan_id in set(plan_reading.kept_plans(own_demo, actor)["id"])


def test_every_opening_is_logged_and_names_no_premises(own_demo: Store, world: PlanWorld) -> None:
    def openings(actor: Actor) -> list[AuditEntry]:
        with own_demo.read(SYSTEM) as work:
            wanted = select(AuditEntry).where(AuditEntry.action == "plan.unannounced.read")
            return list(work.session.scalars(wanted.where(AuditEntry.actor == actor.name)))

    assert openings(PLANNER) == []
    sees(own_demo, PLANNER, world, BEFORE_SHIFT)
    sees(own_demo, world.inspector, world, BEFORE_SHIFT)
    sees(own_demo, OTHER_PLANNER, world, BEFORE_SHIFT)
    [entry] = openings(PLANNER)
    assert entry.subject == world.plan_id
    assert entry.detail == {"visits": [world.secret_visit]}
    assert openings(world.inspector) == openings(OTHER_PLANNER) == []
    sees(own_demo, world.inspector, world, IN_SHIFT)
    assert len(openings(world.inspector)) == 1
    # Looking again a moment later is the same opening.
    sees(own_demo, PLANNER, world, BEFORE_SHIFT)
    assert len(openings(PLANNER)) == 1


def test_what_was_not_logged_is_not_shown(own_demo: Store, world: PlanWorld) -> None:
    with own_demo.read(PLANNER) as work:
        plan = repository.plan_by_id(work, world.plan_id)
        assert plan is not None
        visits = repository.visits_of(work, world.plan_id)
        shown = plan_secrecy.visible_visits(work, plan, visits, IN_SHIFT)
    assert world.secret_visit not in set(shown["id"])


def test_a_draft_shows_it_to_whoever_may_sign_and_to_no_other_planner(own_demo: Store) -> None:
    world = make_world(own_demo)
    assert sees(own_demo, OTHER_REVIEWER, world, at(DEMO_DAY, 8))
    assert not sees(own_demo, OTHER_PLANNER, world, at(DEMO_DAY, 8))
    with pytest.raises(RuleError):
        # Who does not see all of it does not put it aside either.
        plan_life.discard(own_demo, OTHER_PLANNER, world.plan_id)
    with pytest.raises(InputError):
        plan_reading.read_plan(own_demo, world.inspector, world.plan_id, IN_SHIFT)


def test_the_lot_stays_sealed_until_the_period_is_over(own_demo: Store, world: PlanWorld) -> None:
    for actor in (PLANNER, REVIEWER, OPERATOR):
        during = plan_reading.read_plan(own_demo, actor, world.plan_id, at(LAST, 23))
        assert during.seed is None
        assert "4711" not in json.dumps(during.summary, default=str)
        after = plan_reading.read_plan(own_demo, actor, world.plan_id, at(LAST + timedelta(days=1), 0, 1))
        assert after.seed == "4711"


def test_an_inspector_who_was_given_another_team_does_not_see_it(own_demo: Store, world: PlanWorld) -> None:
    with own_demo.write(SYSTEM) as work:
        account = add_account(work, world.inspector.name, Role.INSPECTOR, "-", world.inspector.scope).id
        work.session.add(AccountTeam(account_id=account, team_id=world.other_team))
    assert not sees(own_demo, world.inspector, world, IN_SHIFT)
    with own_demo.write(SYSTEM) as work:
        work.session.add(AccountTeam(account_id=account, team_id=world.team))
    assert sees(own_demo, world.inspector, world, IN_SHIFT)
