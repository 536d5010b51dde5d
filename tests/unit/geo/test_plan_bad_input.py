"""Whatever is wrong with what it gets, the planner plans what is possible and says a sentence of the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.plan_types import Appointment, PlanDraft, PlanFacts, PlanningSettings
from geo.planning import make_plan
from geo.roads import Router, TravelTable
from tests.plan_worlds import ISLAND, District, place, usual_district

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 7)


def plan(district: District | PlanFacts, setting: PlanningSettings | None = None, **more: Any) -> PlanDraft:
    facts = district if isinstance(district, PlanFacts) else district.facts()
    asked = {"first": FIRST, "last": LAST, "seed": 1, "iterations": 20} | more
    return make_plan(facts, settings=setting, **asked)


def told(draft: PlanDraft, district: District) -> bool:
    names = {visit.premises_id for visit in draft.visits} | {left.premises_id for left in draft.unserved}
    return names == {row["id"] for row in district.premises} and all(str(one.why) for one in draft.unserved)


def test_a_period_that_ends_before_it_begins() -> None:
    district = usual_district(4)
    draft = plan(district, first=LAST, last=FIRST)
    assert not draft.visits
    assert told(draft, district)
    assert "đứng trước" in str(draft.notes[0])


@pytest.mark.parametrize(
    ("team", "note"),
    [
        ({"shift_start": time(14), "shift_end": time(14)}, "không có giờ nào"),
        ({"max_visits": 0}, "số lượt mỗi ngày là 0"),
        ({"shift_start": None}, "chưa có ca làm"),
        ({"geometry": None, "area": None}, "chưa có điểm xuất phát và địa bàn"),
    ],
)
def test_a_team_that_cannot_work_is_named_with_what_it_lacks(team: dict[str, Any], note: str) -> None:
    district = usual_district(4, wards=1)
    for row in district.teams:
        row |= team
    draft = plan(district)
    assert not draft.visits
    assert told(draft, district)
    assert any(note in str(one) for one in draft.notes)


def test_a_period_without_working_days_no_team_and_no_premises() -> None:
    district = usual_district(4)
    sunday = date(2026, 3, 8)
    assert {left.code for left in plan(district, first=sunday, last=sunday).unserved} == {"no_days"}
    district.teams.clear()
    draft = plan(district)
    assert {left.code for left in draft.unserved} == {"outside"}
    assert str(draft.notes[0]).startswith("Không có đội")
    assert plan(District()).notes


def test_windows_into_which_no_check_fits() -> None:
    from geo.plan_settings import window

    district = usual_district(6)
    narrow = PlanningSettings(windows=dict.fromkeys(("hotel", "karaoke", "massage", "guesthouse"), ()))
    draft = plan(district, narrow)
    assert {left.code for left in draft.unserved} == {"hours"}
    short = (window(time(15), time(15, 10)),)
    narrow = replace(narrow, windows=dict.fromkeys(narrow.windows, short))
    assert {left.code for left in plan(district, narrow).unserved} == {"hours"}


def test_premises_far_from_every_street() -> None:
    district = usual_district(4, wards=1)
    district.premises[0]["geometry"] = place(0.5, -3.0)
    district.teams[0]["area"] = district.teams[1]["area"] = shapely.box(105, 20, 107, 22)
    draft = plan(district)
    (left,) = [one for one in draft.unserved if one.premises_id == "p000"]
    assert left.code == "unreachable"


class _Islands(Router):
    """Streets in two parts with no way between them: east of the first ward and the rest."""

    def table(self) -> TravelTable:
        whole = super().table()
        east = self.points_lonlat[:, 0] > place(1.0, 0.0).x
        apart = east[:, None] != east[None, :]
        duration = whole.duration_s.astype(float)
        duration[apart] = np.inf
        return replace(whole, duration_s=duration, distance_m=np.where(apart, np.inf, whole.distance_m))


def test_depots_on_parts_of_the_streets_with_no_way_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.plan_problem.Router", _Islands)
    district = District(wards=2)
    names = [district.add_premises(east) for east in (0.3, 0.6, 1.3, 1.6)]
    everywhere = district.add_team(geometry=place(0.5, 0.5))
    draft = plan(district, PlanningSettings(pace=None))
    assert {visit.premises_id for visit in draft.visits} == set(names[:2])
    assert {left.code for left in draft.unserved} == {"unreachable"}
    district.add_team(geometry=place(1.5, 0.5))
    draft = plan(district, PlanningSettings(pace=None))
    assert {visit.premises_id for visit in draft.visits} == set(names)
    # A meeting on the other side is kept, and has no way that could be drawn.
    start = datetime.combine(FIRST, time(15))
    over = Appointment(
        "s1", everywhere, FIRST, start, start + timedelta(hours=1), *place(1.5, 0.5).coords[0], ()
    )
    draft = plan(replace(district.facts(), appointments=(over,)), PlanningSettings(pace=None))
    assert any(route.date == FIRST and route.team_id == everywhere for route in draft.routes)
    assert all(np.isfinite([route.km, route.minutes]).all() for route in draft.routes)


def test_bases_and_premises_on_an_island_of_the_map() -> None:
    district = usual_district(8, wards=2)
    district.streets = "island"
    for row in [*district.teams[:2], *district.premises[:3]]:
        row["geometry"] = ISLAND
    assert told(plan(district), district)


def test_appointments_of_unknown_teams_on_top_of_each_other_and_beyond_the_period() -> None:
    district = usual_district(12, wards=1)
    start = datetime.combine(FIRST, time(15))
    spot = place(0.5, 0.5)
    meetings = tuple(
        Appointment(name, team, day, start, start + timedelta(hours=1), spot.x, spot.y, (team,))
        for name, team, day in (
            ("a", "t0", FIRST), ("b", "t0", FIRST), ("c", "nobody", FIRST), ("d", "t1", date(2027, 1, 1)),
        )
    )  # fmt: skip
    draft = plan(replace(district.facts(), appointments=meetings))
    assert told(draft, district)
    assert any("không có trong kế hoạch này" in str(note) for note in draft.notes)


def test_frames_without_the_columns_that_are_not_always_kept() -> None:
    district = usual_district(6)
    facts = district.facts()
    bare = ["id", "name", "kind", "valid_from", "valid_to", "shift_start", "shift_end", "max_visits", "area"]
    teams = gpd.GeoDataFrame(facts.teams[bare], geometry=facts.teams.geometry, crs="EPSG:4326")
    teams["pause_start"], teams["weekdays"], teams["latest_return"] = np.nan, pd.NaT, None
    assert plan(replace(facts, teams=teams)).visits
