"""A team's day: its pause, its way home, its appointments, its days; the reasons where they leave no room."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import geopandas as gpd
import pytest
import shapely

from geo.plan_json import plan_document
from geo.plan_settings import window
from geo.plan_types import Appointment, PlanDraft, PlanFacts, PlanningSettings
from geo.planning import make_plan
from tests.plan_checker import check_plan
from tests.plan_worlds import SIDE, SOUTH, WEST, District, place, ward_box

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 7)
FULL = PlanningSettings(pace=None)


def plan(district: District | PlanFacts, setting: PlanningSettings = FULL, **more: Any) -> PlanDraft:
    facts = district if isinstance(district, PlanFacts) else district.facts()
    asked = {"first": FIRST, "last": LAST, "seed": 1, "iterations": 60} | more
    return make_plan(facts, settings=setting, **asked)


def hotels(count: int, **team: Any) -> District:
    """A ward of hotels in a row, and its team."""
    made = District(wards=1)
    for k in range(count):
        made.add_premises((k + 0.5) / count)
    made.add_team(0, **team)
    return made


def codes(draft: PlanDraft) -> set[str]:
    return {left.code for left in draft.unserved}


def test_nothing_is_checked_in_the_pause_but_the_way_may_lead_through_it() -> None:
    district = hotels(12, pause_start=time(17), pause_end=time(18))
    draft = plan(district)
    assert check_plan(plan_document(draft), district.world()) == []
    spans = [(visit.arrive.time(), visit.leave.time()) for visit in draft.visits]
    assert all(leave <= time(17) or arrive >= time(18) for arrive, leave in spans)
    assert any(arrive >= time(18) for arrive, _ in spans)


def test_one_teams_pause_is_another_teams_working_time() -> None:
    district = District(wards=1)
    for k in range(30):
        district.add_premises((k + 0.5) / 30, type="massage")
    district.add_team(0, pause_start=time(17), pause_end=time(19))
    district.add_team(0, pause_start=time(14), pause_end=time(16))
    district.add_team(0)
    draft = plan(district)
    assert check_plan(plan_document(draft), district.world()) == []
    busy = {v.team_id for v in draft.visits if v.arrive.time() < time(19) and v.leave.time() > time(17)}
    assert "t0" not in busy
    assert {"t1", "t2"} <= busy


def test_a_team_is_back_at_its_end_place_by_its_latest_return() -> None:
    district = hotels(12, latest_return=time(18), end_depot=place(0.1, 0.1))
    draft = plan(district)
    assert check_plan(plan_document(draft), district.world()) == []
    assert draft.visits
    assert all(route.end.time() <= time(18) for route in draft.routes)
    for route in draft.routes:
        assert shapely.Point(route.geometry.coords[-1]).distance(place(0.1, 0.1)) < 1e-9


def test_days_off_and_own_weekdays_of_a_team_are_kept() -> None:
    district = hotels(12, weekdays=[1, 3], days_off=["2026-03-05"])
    assert {visit.date for visit in plan(district).visits} == {date(2026, 3, 3)}


def test_a_type_may_have_several_windows_a_day() -> None:
    early, late = window(time(14, 30), time(15, 30)), window(time(16, 30), time(17, 30))
    setting = PlanningSettings(pace=None, windows={"hotel": (early, late)})
    visits = plan(hotels(8), setting).visits
    assert {visit.arrive.time() for visit in visits} == {time(14, 30), time(16, 30)}


def with_meeting(district: District, day: date, hour: int, *teams: str) -> PlanFacts:
    start = datetime.combine(day, time(hour))
    spot = place(1.0 if district.wards > 1 else 0.5, 0.5)
    meetings = tuple(
        Appointment("s1", team, day, start, start + timedelta(hours=2), spot.x, spot.y, teams) for team in teams
    )
    return replace(district.facts(), appointments=meetings)


def test_both_teams_keep_a_joint_sweep_and_visit_others_around_it() -> None:
    district = District(wards=2)
    for k in range(24):
        district.add_premises((k + 0.5) / 12)
    teams = [district.add_team(0), district.add_team(1)]
    day = date(2026, 3, 4)
    draft = plan(with_meeting(district, day, 17, *teams))
    for team in teams:
        there = [v for v in draft.visits if v.team_id == team and v.date == day]
        assert any(visit.leave.time() <= time(17) for visit in there)
        assert any(visit.arrive.time() >= time(19) for visit in there)
        assert len(there) <= 6
        assert len({route.date for route in draft.routes if route.team_id == team}) == 2


def test_an_outing_that_only_keeps_an_appointment_is_among_the_routes() -> None:
    district = District(wards=2)
    teams = [district.add_team(0), district.add_team(1, max_visits=0)]
    sunday = date(2026, 3, 8)
    draft = plan(with_meeting(district, sunday, 15, *teams), last=sunday)
    assert [(route.team_id, route.visits) for route in draft.routes] == [("t0", 0), ("t1", 0)]
    assert all(route.km > 0 and route.end.time() > time(17) for route in draft.routes)
    assert any("đội không làm việc" in str(note) for note in draft.notes)


def test_a_joint_sweep_stands_among_the_borders_with_its_time_and_teams() -> None:
    district = District(wards=2)
    teams = [district.add_team(0), district.add_team(1)]
    line = shapely.LineString([(WEST + SIDE, SOUTH), (WEST + SIDE, SOUTH + SIDE)])
    segments = gpd.GeoDataFrame({"id": ["s1", "s2"], "risk": [9.0, 5.0]}, geometry=[line] * 2, crs="EPSG:4326")
    facts = replace(with_meeting(district, date(2026, 3, 4), 17, *teams), segments=segments)
    swept, other = plan_document(plan(facts))["borders"]
    assert swept["visited"]
    assert (swept["start"], swept["end"]) == ("2026-03-04T17:00", "2026-03-04T19:00")
    assert (swept["date"], swept["teams"]) == ("2026-03-04", teams)
    assert not other["visited"]
    assert other["start"] is None


def test_where_an_appointment_takes_the_shift_the_reason_says_so() -> None:
    district = hotels(1, shift_start=time(17), shift_end=time(20))
    facts = with_meeting(district, FIRST, 17, "t0")
    draft = plan(facts, PlanningSettings(pace=None, outings_per_week=1))
    assert codes(draft) == {"appointment"}


@pytest.mark.parametrize("hour", [8, 21])
def test_an_appointment_outside_the_shift_is_kept_and_no_visit_leaves_the_shift_for_it(hour: int) -> None:
    district = hotels(10)
    draft = plan(with_meeting(district, FIRST, hour, "t0"))
    (route,) = [route for route in draft.routes if route.date == FIRST]
    assert route.start.hour <= hour
    assert route.end >= datetime.combine(FIRST, time(hour)) + timedelta(hours=2)
    there = [visit for visit in draft.visits if visit.date == FIRST]
    assert there
    assert all(time(14) <= visit.arrive.time() and visit.leave.time() <= time(22) for visit in there)


def test_the_reason_of_what_is_left_out_is_the_most_particular_one() -> None:
    closed = District(wards=1)
    closed.add_premises(0.5, type="karaoke")
    closed.add_team(0, shift_start=time(8), shift_end=time(17))
    (left,) = plan(closed).unserved
    assert left.code == "hours"
    assert "Đóng cửa cả kỳ" in str(left.why)

    short = hotels(1, shift_start=time(14), shift_end=time(14, 59))
    (left,) = plan(short).unserved
    assert "không đủ giờ" in str(left.why) or "Đóng cửa" in str(left.why)

    full = hotels(9, max_visits=2)
    for k, row in enumerate(full.premises):
        full.scores[row["id"]] = 50.0 if k else 1.0
    reasons = {left.code for left in plan(full, PlanningSettings(pace=None, random_share=0.5)).unserved}
    assert reasons <= {"daily_limit", "lower_value"}


def test_premises_on_the_edge_of_two_areas_belong_to_both() -> None:
    assert ward_box(0).intersects(place(1.0, 0.5))
    assert ward_box(1).intersects(place(1.0, 0.5))
