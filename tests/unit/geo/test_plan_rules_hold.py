"""Whatever the district, its teams and its past: a plan keeps every rule, and a broken rule would be noticed.

``tests.plan_checker`` was written apart from the planner. The second half spoils good plans one rule at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.plan_json import plan_document
from geo.plan_types import PlanningSettings
from geo.planning import make_plan
from tests.plan_checker import check_plan
from tests.plan_facts import Meeting, Wish, World
from tests.plan_worlds import FIRST, LAST, District, districts, usual_district

Plan = dict[str, Any]


def plan_of(district: District, setting: PlanningSettings | None = None, **more: Any) -> Plan:
    asked = {"first": FIRST, "last": LAST, "seed": 1, "iterations": 30} | more
    return plan_document(make_plan(district.facts(), settings=setting or PlanningSettings(), **asked))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(districts(), st.sampled_from([None, 2.0]), st.integers(0, 2**40))
def test_every_plan_keeps_every_rule_in_whatever_district(
    district: District, pace: float | None, seed: int
) -> None:
    plan = plan_of(district, PlanningSettings(pace=pace), seed=seed, iterations=10)
    assert check_plan(plan, district.world()) == []


def test_a_district_with_everything_at_once_is_planned_by_the_rules() -> None:
    district = usual_district(40)
    district.findings = [
        ("p000", date(2026, 4, 10), "fire", False),
        ("p001", date(2026, 4, 22), "labour", False),
    ]
    district.inspections = [("p000", date(2026, 1, 5), "checked"), ("p001", date(2026, 1, 6), "checked")]
    district.complaints = {("p002", "t0"), ("p002", "t1")}
    district.wishes = [Wish("p003", None, date(2026, 4, 21)), Wish("p004")]
    district.add_meeting(date(2026, 4, 24), 15, "t0", "t1")
    plan = plan_of(district, PlanningSettings(pace=None))
    assert check_plan(plan, district.world()) == []
    kinds = {visit["premises"]: visit["kind"] for visit in plan["visits"]}
    assert kinds["p000"] == kinds["p001"] == "follow_up"
    assert {"p003", "p004"} <= set(kinds)


def test_the_checker_knows_a_plan_of_nothing() -> None:
    district = District()
    assert check_plan(plan_of(district), district.world()) == []


# --- spoiling -------------------------------------------------------------------------------------------------


@cache
def good() -> tuple[Plan, District]:
    """A lawful plan of hotels with one ward, a team with the fire police, and a meeting; and its district."""
    district = District(wards=2)
    for k in range(12):
        name = district.add_premises(0.08 * (k + 1), 0.3 + 0.03 * k, opened_on=pd.Timestamp(2020, 1, 1))
        district.scores[name] = 50.0 + k
    district.add_premises(1.5, 0.5)
    district.add_premises(0.3, 0.3, type="karaoke")
    district.add_team(0, pause_start=time(17), pause_end=time(18))
    district.add_meeting(date(2026, 4, 24), 19, "t0")
    plan = plan_of(district, PlanningSettings(pace=None))
    assert check_plan(plan, district.world()) == []
    assert len(plan["visits"]) >= 6
    return plan, district


def spoilt(change: Callable[[Plan, World], Any]) -> list[str]:
    plan, district = deepcopy(good())
    world = district.world()
    change(plan, world)
    return check_plan(plan, world)


def first_visit(plan: Plan) -> dict[str, Any]:
    return min(plan["visits"], key=lambda visit: visit["arrive"])


def drawn_visit(plan: Plan) -> dict[str, Any]:
    return next(visit for visit in plan["visits"] if visit["drawn_at_random"])


def later(visit: dict[str, Any], keys: tuple[str, ...] = ("arrive", "leave"), **by: int) -> None:
    for key in keys:
        moved = datetime.fromisoformat(visit[key]) + timedelta(**by)
        visit[key] = moved.isoformat(timespec="minutes")


def at(visit: dict[str, Any], hour: int, minute: int = 0) -> None:
    """Move a visit to an hour of its day, as long as it was."""
    arrive, leave = datetime.fromisoformat(visit["arrive"]), datetime.fromisoformat(visit["leave"])
    moved = datetime.combine(arrive.date(), time(hour, minute))
    visit["arrive"] = moved.isoformat(timespec="minutes")
    visit["leave"] = (moved + (leave - arrive)).isoformat(timespec="minutes")


def row(world: World, premises: str) -> dict[str, Any]:
    return next(one for one in world.premises if one["id"] == premises)


def checked(world: World, premises: str) -> None:
    world.inspections = [{"premises_id": premises, "on_date": date(2026, 2, 1), "outcome": "checked"}]


def due(world: World, premises: str, deadline: date, kind: str = "fire") -> None:
    world.findings = [{"premises_id": premises, "deadline": deadline, "kind": kind, "closed_on": None}]


def follow_up(visit: dict[str, Any]) -> None:
    visit["kind"], visit["drawn_at_random"] = "follow_up", False
    visit["leave"] = visit["arrive"]
    later(visit, ("leave",), minutes=30)


def _visit_of_other_ward(plan: Plan, world: World) -> None:
    first_visit(plan)["premises"] = "p012"


def _same_number(plan: Plan, world: World) -> None:
    for visit, spelling in zip(plan["visits"][:2], ("0101", " 0101 "), strict=True):
        row(world, visit["premises"])["registration_number"] = spelling


def _checked_under_the_same_number(plan: Plan, world: World) -> None:
    for name in (first_visit(plan)["premises"], "p012"):
        row(world, name)["registration_hash"] = "ab12"
    checked(world, "p012")


def _follow_up_without_fire_police(plan: Plan, world: World) -> None:
    follow_up(first_visit(plan))
    due(world, first_visit(plan)["premises"], date(2026, 4, 1))


def _follow_up_too_early(plan: Plan, world: World) -> None:
    follow_up(first_visit(plan))
    due(world, first_visit(plan)["premises"], date.fromisoformat(first_visit(plan)["date"]), "labour")


def _unannounced(basis: tuple[str, str | None] | None) -> Callable[[Plan, World], None]:
    def change(plan: Plan, world: World) -> None:
        visit = next(visit for visit in plan["visits"] if not visit["drawn_at_random"])
        visit["kind"] = "unannounced"
        if basis is not None:
            world.bases = {visit["premises"]: basis}
        checked(world, visit["premises"])

    return change


def _new_area_from_tomorrow(plan: Plan, world: World) -> None:
    team = world.teams[0]
    last = max(visit["date"] for visit in plan["visits"])
    ends = date.fromisoformat(last) - timedelta(days=1)
    team["areas"] = [(None, ends, team["area"])]  # type: ignore[index]


def _day_shifts(start: time, end: time) -> Callable[[Plan, World], None]:
    def change(plan: Plan, world: World) -> None:
        world.teams[0].update(shift_start=start, shift_end=end)  # type: ignore[attr-defined]

    return change


def _team(**values: Any) -> Callable[[Plan, World], None]:
    return lambda plan, world: world.teams[0].update(values)  # type: ignore[attr-defined]


def _visit(**values: Any) -> Callable[[Plan, World], None]:
    return lambda plan, world: first_visit(plan).update(values)


def _premises(**values: Any) -> Callable[[Plan, World], None]:
    return lambda plan, world: row(world, first_visit(plan)["premises"]).update(values)


def _world(**values: Any) -> Callable[[Plan, World], None]:
    def change(plan: Plan, world: World) -> None:
        for key, value in values.items():
            setattr(world, key, value)

    return change


def _other_order(plan: Plan, world: World) -> None:
    one, two = sorted(plan["visits"], key=lambda visit: (visit["date"], visit["order"]))[:2]
    one["order"], two["order"] = two["order"], one["order"]


def _at_one_time(plan: Plan, world: World) -> None:
    one, two = sorted(plan["visits"], key=lambda visit: (visit["date"], visit["order"]))[:2]
    two["arrive"], two["leave"] = one["arrive"], one["leave"]


def _for_the_first(change: Callable[[Plan, World, str], Any]) -> Callable[[Plan, World], Any]:
    return lambda plan, world: change(plan, world, first_visit(plan)["premises"])


def _wish(**asked: Any) -> Callable[[Plan, World], Any]:
    return _for_the_first(lambda plan, world, name: setattr(world, "wishes", [Wish(name, **asked)]))


def _meeting(day: int, start: int, end: int) -> Callable[[Plan, World], None]:
    moments = [datetime(2026, 4, day, hour) for hour in (start, end)]
    return _world(meetings=[Meeting("s2", date(2026, 4, day), moments[0], moments[1], {"t0": (105.9, 21.1)})])


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("told", lambda plan, world: plan["visits"].pop()),
        ("told", lambda plan, world: plan["unserved"].append({"premises": "p000", "why": " "})),
        ("told", _visit(premises="p999")),
        ("told", _visit(team="t9")),
        ("told", _premises(geometry=None)),
        ("twice", lambda plan, world: plan["visits"].append(dict(plan["visits"][0]))),
        ("twice", _same_number),
        ("cap", _for_the_first(lambda plan, world, name: checked(world, name))),
        ("cap", _checked_under_the_same_number),
        ("cap", _unannounced(("Biên bản 3", None))),
        ("cap", _unannounced(("", "5/QĐ"))),
        ("basis", _unannounced(None)),
        ("basis", lambda plan, world: drawn_visit(plan).update(kind="unannounced")),
        ("basis", _visit(kind="curious")),
        ("deadline", lambda plan, world: follow_up(first_visit(plan))),
        ("deadline", _follow_up_too_early),
        ("skill", _follow_up_without_fire_police),
        ("area", _visit_of_other_ward),
        ("area", _team(area=None)),
        ("area", _new_area_from_tomorrow),
        ("complaint", _for_the_first(lambda p, world, name: setattr(world, "complaints", {(name, "t0")}))),
        ("excluded", _for_the_first(lambda plan, world, name: setattr(world, "excluded", {name}))),
        ("excluded", _for_the_first(lambda plan, world, name: setattr(world, "standing", {name}))),
        ("excluded", _premises(status="suspended")),
        ("excluded", _premises(opened_on=pd.Timestamp(2026, 12, 1))),
        ("lock", _wish(date=date(2026, 5, 2))),
        ("lock", _wish(team="t1")),
        ("lock", _wish(arrive=time(14, 1))),
        ("lock", _world(wishes=[Wish("nobody")])),
        ("day", _visit(date="2026-04-26")),
        ("day", _visit(date="2026-04-30")),
        ("day", _visit(date="2026-04-27")),
        ("day", _visit(date="2026-05-04")),
        ("day", _team(valid_to=pd.Timestamp(2026, 4, 20))),
        ("day", _team(days_off=["2026-04-24"])),
        ("day", _team(weekdays=[6])),
        ("day", _world(outings_per_week=0)),
        ("hours", _premises(type="karaoke")),
        ("service", lambda plan, world: later(first_visit(plan), ("leave",), minutes=1)),
        ("service", _world(service_min={}, usual_service_min=50)),
        ("way", _other_order),
        ("way", _at_one_time),
        ("way", _world(fastest_kmh=0.5)),
        ("shift", lambda plan, world: at(first_visit(plan), 9)),
        ("shift", _team(latest_return=time(16))),
        ("shift", _day_shifts(time(14), time(14))),
        ("pause", lambda plan, world: at(first_visit(plan), 17, 30)),
        ("limit", _team(max_visits=1)),
        ("appointment", _meeting(23, 15, 16)),
        ("appointment", lambda plan, world: plan["borders"][1].update(start="2026-04-24T20:00")),
        ("appointment", lambda plan, world: plan["borders"][1].update(teams=[])),
        ("appointment", _world(meetings=[])),
        ("way", _meeting(24, 14, 15)),
        ("pause", _meeting(24, 17, 18)),
        ("shift", _meeting(24, 21, 22)),
        ("lot", lambda plan, world: drawn_visit(plan).update(drawn_at_random=False)),
        ("lot", lambda plan, world: drawn_visit(plan).update(selection_probability=0.5)),
        ("lot", _visit(selection_probability=0.0)),
        ("lot", _visit(selection_probability=1.5)),
        ("lot", lambda plan, world: plan["draw"].update(probability=1.0)),
        ("coverage", lambda plan, world: plan["coverage"][0].update(after=0.9)),
        ("coverage", lambda plan, world: plan["coverage"][1].update(missing=0)),
        ("coverage", lambda plan, world: plan["coverage"].pop()),
        ("coverage", _world(target=0.7)),
        ("books", lambda plan, world: plan["routes"].pop()),
        ("books", lambda plan, world: plan["routes"][0].update(visits=9)),
        ("books", lambda plan, world: plan["routes"][0].update(end=plan["routes"][0]["start"])),
        ("books", _visit(reason="")),
        ("books", _visit(value=1000.0)),
    ],
)  # fmt: skip
def test_a_plan_that_breaks_a_rule_is_found_out(rule: str, change: Callable[[Plan, World], Any]) -> None:
    broken = spoilt(change)
    assert any(line.startswith(f"{rule}:") for line in broken), broken


def test_what_the_law_allows_is_not_called_broken() -> None:
    # The figures of coverage do not know of what happened since.
    laws = ("cap", "basis", "deadline", "skill", "service", "hours")
    for change in (_unannounced(("Biên bản xác minh 12", "5/QĐ-UBND")), _lawful_recheck):
        assert not [line for line in spoilt(change) if line.startswith(laws)]


def _lawful_recheck(plan: Plan, world: World) -> None:
    _follow_up_without_fire_police(plan, world)
    checked(world, first_visit(plan)["premises"])
    world.teams[0].update(agencies=["Đội Cảnh sát PCCC và CNCH"])  # type: ignore[attr-defined]


def test_a_check_after_midnight_belongs_to_the_day_its_shift_starts() -> None:
    district = District(wards=1)
    for k in range(3):
        district.add_premises(0.3 + 0.2 * k, type="karaoke")
        district.unannounced.append((f"p{k:03}", "Biên bản xác minh 12", "5/QĐ"))
    district.add_team(0, shift_start=time(23), shift_end=time(2, 30))
    plan = plan_of(district)
    assert check_plan(plan, district.world()) == []
    assert plan["visits"]
    assert all(visit["arrive"][:10] > visit["date"] for visit in plan["visits"])
    for visit in plan["visits"]:
        visit["kind"] = "planned"
    assert any(line.startswith("hours:") for line in check_plan(plan, district.world()))


@pytest.mark.parametrize("place", ["base", "premises"])
def test_two_places_on_an_island_give_a_plan_of_what_can_be_reached(place: str) -> None:
    from tests.plan_worlds import ISLAND

    district = usual_district(8, wards=1)
    district.streets = "island"
    rows = district.teams if place == "base" else district.premises
    for one in rows[:2]:
        one["geometry"] = ISLAND
    plan = plan_of(district)
    assert check_plan(plan, district.world()) == []
