"""A plan keeps the law whatever the district looks like, and says why each premises is or is not in it."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime, time, timedelta
from itertools import pairwise, permutations
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.plan_json import plan_document, stored_reason
from geo.plan_types import PlanDraft, PlanningSettings
from geo.planning import make_plan
from geo.roads import travel_times
from tests.unit.geo.plan_checker import violations
from tests.unit.geo.plan_world import SIDE, SOUTH, WEST, District

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 15)
#: Public holidays that fall into the periods used here.
HOLIDAYS = frozenset({date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1)})


def plan(district: District, setting: PlanningSettings | None = None, **more: Any) -> PlanDraft:
    asked = {"first": FIRST, "last": LAST, "seed": 1, "iterations": 60} | more
    return make_plan(district.facts(), settings=setting or PlanningSettings(), **asked)


def lawful(district: District, draft: PlanDraft, setting: PlanningSettings | None = None) -> list[str]:
    return violations(plan_document(draft), district.world(setting or PlanningSettings(), holidays=HOLIDAYS))


def district_of(count: int, seed: int = 0, wards: int = 2) -> District:
    """Hotels, karaoke and massage places spread over the wards, a team in each and one of the city."""
    rng = np.random.default_rng(seed)
    made = District(wards=wards)
    for kind in rng.choice(["hotel", "karaoke", "massage", "guesthouse"], count):
        name = made.add_premises(rng.random(), rng.random(), type=str(kind))
        made.scores[name] = float(rng.uniform(0, 100))
    for ward in range(wards):
        made.add_team(ward)
    made.add_team()
    return made


@st.composite
def districts(draw: st.DrawFn) -> District:
    """Any small district: odd shifts, shared numbers, closed doors, old and fresh checks, open deadlines."""
    wards = draw(st.integers(1, 3))
    made = District(wards=wards, with_streets=draw(st.booleans()))
    for _ in range(draw(st.integers(0, 14))):
        name = made.add_premises(
            draw(st.floats(-0.1, 1.1)),
            draw(st.floats(0, 1)),
            type=draw(st.sampled_from(["hotel", "karaoke", "massage", "guesthouse", "bar", "cafe"])),
            status=draw(st.sampled_from(["active"] * 6 + ["suspended", "closed"])),
            registration_number=draw(st.sampled_from([None, None, None, "01A8000001", "01A8000002"])),
            complex_grounds=draw(st.sampled_from([None, None, "biên bản"])),
        )
        made.scores[name] = draw(st.floats(0, 100))
        days = st.dates(date(2024, 1, 1), FIRST - timedelta(days=1))
        for outcome in draw(st.lists(st.sampled_from(["checked", "closed_at_arrival"]), max_size=2)):
            made.inspections.append((name, draw(days), outcome))
        if draw(st.integers(0, 3)) == 0:
            made.deadlines.append((name, draw(st.dates(date(2026, 1, 1), LAST)), draw(st.booleans())))
    for _ in range(draw(st.integers(0, 3))):
        start, length = draw(st.integers(8, 20)), draw(st.integers(1, 9))
        made.add_team(
            *draw(st.sampled_from([(), *((k,) for k in range(wards))])),
            shift_start=time(start),
            shift_end=time((start + length) % 24),
            max_visits=draw(st.integers(0, 5)),
            valid_to=draw(st.sampled_from([pd.NaT, pd.NaT, pd.Timestamp(2026, 3, 6)])),
        )
    return made


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(district=districts(), pace=st.sampled_from([None, 2.0]), seed=st.integers(0, 2**40))
def test_every_plan_keeps_every_rule_in_whatever_district(
    district: District, pace: float | None, seed: int
) -> None:
    setting = PlanningSettings(pace=pace)
    draft = plan(district, setting, seed=seed, iterations=15)
    assert lawful(district, draft, setting) == []
    told = {visit.premises_id for visit in draft.visits} | {left.premises_id for left in draft.unserved}
    assert told == {row["id"] for row in district.premises}


def test_a_month_for_a_whole_district_is_lawful_and_follows_the_streets() -> None:
    district = district_of(120, wards=3)
    draft = plan(district, first=date(2026, 4, 1), last=date(2026, 4, 30))
    assert lawful(district, draft) == []
    assert len(draft.visits) >= 12
    assert not draft.solver.crow
    assert all(route.km > 0 and len(route.geometry.coords) > 2 and route.streets for route in draft.routes)
    assert all(40 / 60 < route.minutes / 60 <= 8 for route in draft.routes)


def test_the_same_seed_and_iterations_give_the_same_plan() -> None:
    district = district_of(40)
    documents = [plan_document(plan(district, seed=seed)) for seed in (7, 7, 8)]
    for document in documents:
        del document["solver"]["seconds"]
    assert documents[0] == documents[1]
    assert documents[0]["visits"] != documents[2]["visits"]


def test_a_business_checked_this_year_by_anybody_is_left_alone_and_last_years_check_does_not_count() -> None:
    district = District(wards=1)
    this_year, last_year, knocked = (district.add_premises(x, 0.5) for x in (0.2, 0.5, 0.8))
    district.inspections = [
        (this_year, date(2026, 1, 5), "checked"),
        (last_year, date(2025, 12, 31), "checked"),
        (knocked, date(2026, 1, 5), "closed_at_arrival"),
    ]
    district.add_team(0)
    draft = plan(district)
    assert {visit.premises_id for visit in draft.visits} == {last_year, knocked}
    (left,) = draft.unserved
    assert (left.premises_id, left.code) == (this_year, "capped")
    assert "Công an" in str(left.why)


def test_two_premises_of_one_business_are_checked_once_between_them() -> None:
    district = District(wards=1)
    for x in (0.2, 0.5, 0.8):
        district.add_premises(x, 0.5, registration_number="0101234567")
    district.add_team(0)
    draft = plan(district)
    assert len(draft.visits) == 1
    assert {left.code for left in draft.unserved} == {"same_business"}
    district.inspections = [("p000", date(2026, 2, 1), "checked")]
    assert not plan(district).visits


def test_a_passed_deadline_allows_a_follow_up_but_never_before_it_has_passed() -> None:
    district = District(wards=1)
    due, closed, later = (district.add_premises(x, 0.5) for x in (0.2, 0.5, 0.8))
    district.inspections = [(name, date(2026, 1, 10), "checked") for name in (due, closed, later)]
    district.deadlines = [
        (due, date(2026, 3, 9), False),
        (closed, date(2026, 2, 1), True),
        (later, date(2026, 3, 30), False),
    ]
    district.add_team(0)
    draft = plan(district)
    (visit,) = draft.visits
    assert (visit.premises_id, visit.kind, visit.drawn_at_random) == (due, "follow_up", False)
    assert visit.date > date(2026, 3, 9)
    assert visit.leave - visit.arrive == timedelta(minutes=30)
    assert {left.premises_id: left.code for left in draft.unserved} == {closed: "capped", later: "capped"}


def test_nobody_crosses_into_another_wards_area() -> None:
    district = District(wards=2)
    ours, theirs = district.add_premises(0.49, 0.5), district.add_premises(0.51, 0.5)
    district.add_team(0)
    draft = plan(district)
    assert [visit.premises_id for visit in draft.visits] == [ours]
    assert [(left.premises_id, left.code) for left in draft.unserved] == [(theirs, "outside")]


def test_karaoke_is_visited_in_the_evening_and_not_at_all_by_a_day_shift() -> None:
    district = District(wards=1)
    district.add_premises(0.5, 0.5, type="karaoke")
    district.add_team(0)
    (visit,) = plan(district).visits
    assert visit.arrive.time() >= time(19)
    district.teams[0] |= {"shift_start": time(8), "shift_end": time(17)}
    draft = plan(district)
    assert not draft.visits
    assert draft.unserved[0].code == "hours"


def test_a_shift_past_midnight_belongs_to_the_day_it_starts() -> None:
    district = District(wards=1)
    for x in (0.3, 0.5, 0.7):
        district.add_premises(x, 0.5, type="hotel")
    district.add_team(0, shift_start=time(22, 30), shift_end=time(2))
    draft = plan(district)
    assert lawful(district, draft) == []
    assert any(visit.leave.date() > visit.date for visit in draft.visits)


def test_standing_excluded_closed_and_unlocated_premises_are_named_with_their_reason() -> None:
    district = District(wards=1)
    names = [district.add_premises(x / 10, 0.5) for x in range(1, 7)]
    district.premises[2]["status"] = "closed"
    district.premises[3] |= {"geometry": None}
    district.premises[4] |= {"opened_on": pd.Timestamp(2026, 6, 1)}
    district.standing, district.excluded = frozenset({names[0]}), frozenset({names[1]})
    district.add_team(0)
    draft = plan(district)
    assert [visit.premises_id for visit in draft.visits] == [names[5]]
    codes = [left.code for left in sorted(draft.unserved, key=lambda left: left.premises_id)]
    assert codes == ["standing", "excluded", "inactive", "no_point", "not_open"]
    assert all(str(left.why) for left in draft.unserved)


def test_at_least_the_share_is_drawn_and_each_of_the_drawn_carries_its_probability() -> None:
    district = district_of(60)
    draft = plan(district, PlanningSettings(random_share=0.3, pace=None))
    drawn = [visit for visit in draft.visits if visit.drawn_at_random]
    assert len(drawn) >= 0.3 * len(draft.visits)
    assert draft.draw.probability == pytest.approx(draft.draw.drawn / draft.draw.pool)
    assert {visit.selection_probability for visit in drawn} == {draft.draw.probability}
    assert {v.selection_probability for v in draft.visits if not v.drawn_at_random} <= {1.0}
    assert all("Rút ngẫu nhiên" in str(visit.parts[-1].text) for visit in drawn)


def test_risk_decides_where_there_is_room_for_few() -> None:
    district = District(wards=1)
    for k in range(20):
        name = district.add_premises(0.3 + 0.02 * k, 0.5)
        district.scores[name] = 5.0 * k
    district.add_team(0, max_visits=3)
    draft = plan(district, PlanningSettings(outings_per_week=1, pace=None))
    chosen = {v.premises_id for v in draft.visits if not v.drawn_at_random}
    assert len(draft.visits) == 6
    assert chosen <= {f"p{k:03}" for k in range(20 - 6, 20)}
    assert {left.code for left in draft.unserved} <= {"lower_value", "no_room"}


def test_the_reasons_of_a_stop_sum_to_its_value_and_can_be_stored() -> None:
    for visit in plan(district_of(30)).visits:
        assert sum(part.points for part in visit.parts) == pytest.approx(visit.value)
        assert visit.value > 0
        stored = stored_reason(visit)
        assert [part["text"]["text"] for part in stored["parts"]] == [part.text.text for part in visit.parts]


def border_along_the_middle(risk: float) -> gpd.GeoDataFrame:
    line = shapely.LineString([(WEST + SIDE, SOUTH), (WEST + SIDE, SOUTH + SIDE)])
    return gpd.GeoDataFrame({"id": ["s1"], "risk": [risk]}, geometry=[line], crs="EPSG:4326")


def test_a_premises_in_a_risky_border_strip_is_preferred_and_the_strip_counts_as_visited() -> None:
    district = District(wards=2, segments=border_along_the_middle(90.0))
    for lon in (0.1, 0.2, 0.3, 0.499):
        district.add_premises(lon, 0.5)
    district.add_team(0, max_visits=1)
    setting = PlanningSettings(outings_per_week=1, random_share=0.0, pace=None)
    draft = plan(district, setting, last=date(2026, 3, 15))
    assert "p003" in {visit.premises_id for visit in draft.visits}
    (border,) = draft.borders
    assert (border.visited, border.teams, border.premises) == (True, ("t0",), 1)
    assert (
        "giáp ranh"
        in plan_document(draft)["visits"][0]["reason"] + plan_document(draft)["visits"][-1]["reason"]
    )
    district.segments = border_along_the_middle(0.0)
    assert plan(district, setting).borders[0].premises == 1


def test_coverage_before_and_after_counts_premises_once_and_only_this_year() -> None:
    district = District(wards=2)
    for k in range(10):
        district.add_premises(0.05 + 0.04 * k, 0.5)
    district.add_premises(0.75, 0.5)
    district.inspections = [
        ("p000", date(2026, 1, 3), "checked"), ("p000", date(2026, 1, 4), "checked"),
        ("p001", date(2025, 5, 5), "checked"), ("p002", date(2026, 1, 5), "refused"),
    ]  # fmt: skip
    district.add_team(0)
    draft = plan(district)
    west, east = draft.coverage
    assert (west.premises, west.inspected, west.before, west.target) == (10, 1, 0.1, 0.6)
    assert west.planned == len(draft.visits)
    assert west.after == pytest.approx(0.1 + len(draft.visits) / 10)
    assert (east.before, east.after) == (0.0, 0.0)


def test_outings_are_spread_over_the_weeks_and_not_on_holidays() -> None:
    district = district_of(200, wards=2)
    setting = PlanningSettings(pace=None)
    draft = plan(district, setting, first=date(2026, 4, 20), last=date(2026, 5, 17), iterations=10)
    assert lawful(district, draft, setting) == []
    weeks = {route.date.isocalendar()[1] for route in draft.routes}
    assert len(weeks) == 4


def test_a_plan_holds_no_more_than_its_part_of_the_year_unless_asked() -> None:
    district = district_of(200, wards=2)
    paced, full = plan(district, iterations=10), plan(district, PlanningSettings(pace=None), iterations=10)
    assert len(paced.visits) < len(full.visits)
    # 120 of 200 are wanted by December, in 14 of 305 days that are left: 6, at twice the pace 12.
    assert len(paced.visits) <= 12


def test_an_empty_district_no_team_and_no_hours_give_a_plan_with_a_sentence() -> None:
    nothing = District(wards=1)
    assert str(plan(nothing).notes[0]).startswith("Không có đội")
    no_team = district_of(3, wards=1)
    no_team.teams.clear()
    draft = plan(no_team)
    assert (draft.visits, {left.code for left in draft.unserved}) == ((), {"outside"})
    no_hours = district_of(3, wards=1)
    for team in no_hours.teams:
        team |= {"shift_start": time(14), "shift_end": time(14, 1)}
    assert {left.code for left in plan(no_hours).unserved} == {"hours"}
    sunday = plan(district_of(3, wards=1), first=date(2026, 3, 8), last=date(2026, 3, 8))
    assert {left.code for left in sunday.unserved} == {"no_days"}
    assert any("ngày làm việc" in str(note) for note in sunday.notes)


def test_without_streets_the_plan_says_that_times_are_straight_lines() -> None:
    district = district_of(5)
    district.with_streets = False
    draft = plan(district)
    assert draft.solver.crow
    assert any("đường chim bay" in str(note) for note in draft.notes)


def test_a_team_without_a_base_starts_in_the_middle_of_its_area_and_the_plan_says_so() -> None:
    district = district_of(5, wards=1)
    facts = district.facts()
    facts.teams.loc[0, "geometry"] = None
    draft = make_plan(facts, first=FIRST, last=LAST, seed=1, iterations=10)
    assert any("chưa có điểm xuất phát" in str(note) for note in draft.notes)
    assert draft.visits


def test_a_search_cut_off_at_once_or_by_the_watcher_still_gives_a_lawful_plan() -> None:
    district = district_of(60)
    assert lawful(district, plan(district, iterations=0)) == []
    calls: list[float] = []
    draft = plan(
        district, iterations=None, seconds=30.0, watch=lambda best: calls.append(best) or len(calls) > 5
    )
    assert lawful(district, draft) == []
    assert draft.solver.seconds < 5


@pytest.mark.parametrize("seed", range(4))
def test_a_small_plan_collects_as_much_as_trying_everything_by_hand(seed: int) -> None:
    district = district_of(7, seed=seed, wards=1)
    del district.teams[1:]
    district.teams[0] |= {"shift_end": time(17), "max_visits": 3}
    setting = PlanningSettings(random_share=0.0, outings_per_week=1, pace=None, point_s=100_000)
    for row in district.premises:
        if row["type"] == "karaoke":
            row["type"] = "hotel"
    draft = plan(district, setting, last=date(2026, 3, 7), iterations=300)
    drawn = [visit for visit in draft.visits if visit.drawn_at_random]
    assert len(drawn) == 1
    collected = sum(visit.value for visit in draft.visits)
    forced = drawn[0].premises_id
    # The one that was drawn must be in: give it a value that no other choice can outweigh, on both sides.
    best = best_by_hand(district, draft, forced)
    assert collected == pytest.approx(best)


def best_by_hand(district: District, draft: PlanDraft, forced: str) -> float:
    """Most value of one outing of at most three stops before 17:00 that holds the drawn premises."""
    facts = district.facts()
    places = [*facts.teams.geometry, *facts.premises.geometry]
    minutes = -(-travel_times(facts.network, [(p.x, p.y) for p in places]).duration_s // 60)
    value = {v.premises_id: v.value for v in draft.visits}
    value |= {left.premises_id: left.why.values["value"] for left in draft.unserved}
    ids, kinds = list(facts.premises["id"]), list(facts.premises["type"])
    service = {"hotel": 60, "massage": 45, "guesthouse": 45}
    best = 0.0
    for count in (1, 2, 3):
        for order in permutations(range(len(ids)), count):
            stops = [0, *(k + 1 for k in order), 0]
            spent = sum(minutes[a, b] for a, b in pairwise(stops)) + sum(service[kinds[k]] for k in order)
            if spent <= 180 and forced in {ids[k] for k in order}:
                best = max(best, sum(value[ids[k]] for k in order))
    return best


def later(text: str, **by: int) -> str:
    return (datetime.fromisoformat(text) + timedelta(**by)).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda v: v.update(team="t1" if v["team"] == "t0" else "t0"), "outside the area"),
        (lambda v: v.update({k: later(v[k], hours=-9) for k in ("arrive", "leave")}), "cannot be at"),
        (lambda v: v.update(leave=later(v["leave"], minutes=-5)), "minutes"),
        (lambda v: v.update(date="2026-03-08"), "working day"),
        (lambda v: v.update(selection_probability=0.0), "selection probability"),
        (lambda v: v.update(order=4), "order"),
        (lambda v: v.update(kind="follow_up"), "without a deadline"),
        (lambda v: v.update(value=v["value"] + 1), "sum to the value"),
    ],
)  # fmt: skip
def test_the_checker_sees_a_plan_that_was_tampered_with(spoil: Any, said: str) -> None:
    district = district_of(12)
    del district.teams[2]
    document = plan_document(plan(district))
    world = district.world(PlanningSettings(), holidays=HOLIDAYS)
    assert violations(document, world) == []
    broken = deepcopy(document)
    spoil(broken["visits"][0])
    assert any(said in line for line in violations(broken, world)), violations(broken, world)


def test_the_checker_sees_doubles_the_cap_and_a_missing_lot() -> None:
    district = district_of(12)
    document = plan_document(plan(district))
    world = district.world(PlanningSettings(), holidays=HOLIDAYS)
    doubled = deepcopy(document)
    doubled["visits"].append(doubled["visits"][0])
    assert any("visits in one plan" in line for line in violations(doubled, world))
    unlucky = deepcopy(document)
    for visit in unlucky["visits"]:
        visit["drawn_at_random"] = False
    assert any("drawn at random" in line for line in violations(unlucky, world))
    world.inspections = [(document["visits"][0]["premises"], date(2026, 1, 2), "checked")]
    assert any("but checked" in line for line in violations(document, world))
