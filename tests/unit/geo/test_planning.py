"""A plan keeps the law whatever the district looks like, and says why each premises is or is not in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise, permutations
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.plan_json import plan_document, stored_reason
from geo.plan_types import PlanDraft, PlanFacts, PlanningSettings
from geo.planning import make_plan
from geo.roads import travel_times
from tests.plan_checker import check_plan
from tests.plan_worlds import SIDE, SOUTH, WEST, District, usual_district

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 15)


def plan(district: District | PlanFacts, setting: PlanningSettings | None = None, **more: Any) -> PlanDraft:
    facts = district if isinstance(district, PlanFacts) else district.facts()
    asked = {"first": FIRST, "last": LAST, "seed": 1, "iterations": 60} | more
    return make_plan(facts, settings=setting or PlanningSettings(), **asked)


def broken(district: District, draft: PlanDraft) -> list[str]:
    return check_plan(plan_document(draft), district.world())


def test_a_month_for_a_whole_district_is_lawful_and_follows_the_streets() -> None:
    district = usual_district(120, wards=3)
    draft = plan(district, first=date(2026, 4, 1), last=date(2026, 4, 30))
    assert broken(district, draft) == []
    assert len(draft.visits) >= 12
    assert not draft.solver.crow
    assert all(route.km > 0 and len(route.geometry.coords) > 2 and route.streets for route in draft.routes)
    assert all(40 / 60 < route.minutes / 60 <= 8 for route in draft.routes)


def test_the_same_seed_and_iterations_give_the_same_plan() -> None:
    district = usual_district(40)
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
    district.findings = [
        (due, date(2026, 3, 9), "labour", False),
        (closed, date(2026, 2, 1), "labour", True),
        (later, date(2026, 3, 30), "labour", False),
    ]
    district.add_team(0)
    draft = plan(district)
    (visit,) = draft.visits
    assert (visit.premises_id, visit.kind, visit.drawn_at_random) == (due, "follow_up", False)
    assert visit.date > date(2026, 3, 9)
    assert visit.leave - visit.arrive == timedelta(minutes=30)
    assert any("chỉ trong nội dung biên bản có hạn 2026-03-09" in str(part.text) for part in visit.parts)
    assert {left.premises_id: left.code for left in draft.unserved} == {closed: "capped", later: "capped"}


def test_nobody_crosses_into_another_wards_area() -> None:
    district = District(wards=2)
    ours, theirs = district.add_premises(0.98), district.add_premises(1.02)
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
    draft = plan(district, PlanningSettings(pace=None), last=date(2026, 3, 4))
    assert broken(district, draft) == []
    assert any(visit.leave.date() > visit.date for visit in draft.visits)


def test_standing_excluded_closed_and_unlocated_premises_are_named_with_their_reason() -> None:
    district = District(wards=1)
    names = [district.add_premises(x / 10, 0.5) for x in range(1, 7)]
    district.premises[2]["status"] = "closed"
    district.premises[3] |= {"geometry": None}
    district.premises[4] |= {"opened_on": pd.Timestamp(2026, 6, 1)}
    district.standing, district.excluded = {names[0]}, {names[1]}
    district.add_team(0)
    draft = plan(district)
    assert [visit.premises_id for visit in draft.visits] == [names[5]]
    codes = [left.code for left in sorted(draft.unserved, key=lambda left: left.premises_id)]
    assert codes == ["standing", "excluded", "inactive", "no_point", "not_open"]
    assert all(str(left.why) for left in draft.unserved)


def test_at_least_the_share_is_drawn_and_each_of_the_drawn_carries_its_probability() -> None:
    district = usual_district(60)
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
    for visit in plan(usual_district(30)).visits:
        assert sum(part.points for part in visit.parts) == pytest.approx(visit.value)
        assert visit.value > 0
        stored = stored_reason(visit)
        assert [part["text"]["text"] for part in stored["parts"]] == [part.text.text for part in visit.parts]


def border_along_the_middle(risk: float) -> gpd.GeoDataFrame:
    line = shapely.LineString([(WEST + SIDE, SOUTH), (WEST + SIDE, SOUTH + SIDE)])
    return gpd.GeoDataFrame({"id": ["s1"], "risk": [risk]}, geometry=[line], crs="EPSG:4326")


def test_a_premises_in_a_risky_border_strip_is_preferred_and_the_strip_counts_as_visited() -> None:
    district = District(wards=2)
    for east in (0.2, 0.4, 0.6, 0.998):
        district.add_premises(east)
    district.add_team(0, max_visits=1)
    setting = PlanningSettings(outings_per_week=1, random_share=0.0, pace=None)
    facts = replace(district.facts(), segments=border_along_the_middle(90.0))
    draft = plan(facts, setting)
    assert "p003" in {visit.premises_id for visit in draft.visits}
    (border,) = draft.borders
    assert (border.visited, border.teams, border.premises) == (True, ("t0",), 1)
    reasons = " ".join(visit["reason"] for visit in plan_document(draft)["visits"])
    assert "giáp ranh" in reasons
    quiet = replace(district.facts(), segments=border_along_the_middle(0.0))
    assert plan(quiet, setting).borders[0].premises == 1


def test_coverage_before_and_after_counts_premises_once_and_only_this_year() -> None:
    district = District(wards=2)
    for k in range(10):
        district.add_premises(0.1 + 0.08 * k)
    district.add_premises(1.5)
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
    district = usual_district(200, wards=2)
    setting = PlanningSettings(pace=None)
    draft = plan(district, setting, first=date(2026, 4, 20), last=date(2026, 5, 17), iterations=10)
    assert broken(district, draft) == []
    weeks = {route.date.isocalendar()[1] for route in draft.routes}
    assert len(weeks) == 4


def test_a_plan_holds_no_more_than_its_part_of_the_year_unless_asked() -> None:
    district = usual_district(200, wards=2)
    paced, full = plan(district, iterations=10), plan(district, PlanningSettings(pace=None), iterations=10)
    assert len(paced.visits) < len(full.visits)
    # 120 of 200 are wanted by December, in 14 of 305 days that are left: 6, at twice the pace 12.
    assert len(paced.visits) <= 12


def test_an_empty_district_no_team_and_no_hours_give_a_plan_with_a_sentence() -> None:
    nothing = District(wards=1)
    assert str(plan(nothing).notes[0]).startswith("Không có đội")
    no_team = usual_district(3, wards=1)
    no_team.teams.clear()
    draft = plan(no_team)
    assert (draft.visits, {left.code for left in draft.unserved}) == ((), {"outside"})
    no_hours = usual_district(3, wards=1)
    for team in no_hours.teams:
        team |= {"shift_start": time(14), "shift_end": time(14, 1)}
    assert {left.code for left in plan(no_hours).unserved} == {"hours"}
    sunday = plan(usual_district(3, wards=1), first=date(2026, 3, 8), last=date(2026, 3, 8))
    assert {left.code for left in sunday.unserved} == {"no_days"}
    assert any("ngày làm việc" in str(note) for note in sunday.notes)


def test_without_streets_the_plan_says_that_times_are_straight_lines() -> None:
    district = usual_district(5)
    district.streets = "none"
    draft = plan(district)
    assert draft.solver.crow
    assert any("đường chim bay" in str(note) for note in draft.notes)


def test_a_team_without_a_base_starts_in_the_middle_of_its_area_and_the_plan_says_so() -> None:
    district = usual_district(5, wards=1)
    facts = district.facts()
    facts.teams.loc[0, "geometry"] = None
    draft = make_plan(facts, first=FIRST, last=LAST, seed=1, iterations=10)
    assert any("chưa có điểm xuất phát" in str(note) for note in draft.notes)
    assert draft.visits


def test_a_search_cut_off_at_once_or_by_the_watcher_still_gives_a_lawful_plan() -> None:
    district = usual_district(60)
    assert broken(district, plan(district, iterations=0)) == []
    told: list[tuple[float, float]] = []

    def watch(share: float, points: float) -> bool:
        told.append((share, points))
        return len(told) > 5

    draft = plan(district, iterations=None, seconds=30.0, watch=watch)
    assert broken(district, draft) == []
    assert draft.visits
    assert len(told) == 6
    assert all(0 <= share <= 1 for share, _ in told)


def test_the_watcher_sees_the_points_grow_to_those_of_the_plan() -> None:
    district = usual_district(60)
    told: list[tuple[float, float]] = []
    setting = PlanningSettings(random_share=0.0, pace=None)
    draft = plan(district, setting, last=date(2026, 3, 7), watch=lambda *one: bool(told.append(one)))
    points = [one for _, one in told]
    assert points == sorted(points)
    assert told[-1][0] == 1.0
    assert draft.solver.objective == pytest.approx(points[-1], abs=0.02)


@pytest.mark.parametrize("seed", range(4))
def test_a_small_plan_collects_as_much_as_trying_everything_by_hand(seed: int) -> None:
    district = usual_district(7, seed=seed, wards=1)
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
