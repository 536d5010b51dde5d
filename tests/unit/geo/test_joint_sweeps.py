"""Risky borders get a joint sweep: both sides at one time, each on its own ground, or a word why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.borders import border_segments
from geo.joint_sweeps import Sweep, SweepChoice, SweepSettings, appointments, choose_sweeps
from geo.plan_json import plan_document
from geo.plan_settings import PlanningSettings
from geo.plan_teams import plan_teams
from geo.plan_types import TeamDays
from geo.planning import make_plan
from tests import plan_worlds
from tests.plan_checker import check_plan
from tests.plan_facts import Meeting
from tests.plan_worlds import usual_district

WEST, SOUTH, SIDE = 105.74, 20.94, 0.02
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 29)
EVERY_DAY = tuple(FIRST + timedelta(days=k) for k in range(28))
ANY = SweepSettings(count=3, least_risk=0.0)


def ward(number: int) -> shapely.Polygon:
    return shapely.box(WEST + number * SIDE, SOUTH, WEST + (number + 1) * SIDE, SOUTH + SIDE)


def borders(wards: int = 3, **risk: float) -> gpd.GeoDataFrame:
    """Wards in a row; the borders between them and those with the outside, one segment each. ``risk`` by
    w0w1, w0out, ...; else 0."""
    units = gpd.GeoDataFrame(
        {
            "id": [f"w{k}" for k in range(wards)],
            "code": [f"{k}" for k in range(wards)],
            "name": [f"Phường {k}" for k in range(wards)],
        },
        geometry=[ward(k) for k in range(wards)],
        crs="EPSG:4326",
    )
    found = border_segments(units, segment_m=100_000.0)
    names = [f"{row.unit_a}{'out' if pd.isna(row.unit_b) else row.unit_b}" for row in found.itertuples()]
    found["id"] = names
    found["risk"] = [risk.get(name, -1.0) for name in names]
    found = found[found["risk"] >= 0].reset_index(drop=True)
    found["rank"] = found["risk"].rank(ascending=False, method="first").astype(int)
    return found.assign(last_joint_inspection=pd.NaT)


def team(name: str, number: int = 0, **more: Any) -> TeamDays:
    middle = ward(number).centroid
    usual: dict[str, Any] = {"start": time(14), "end": time(22), "days": EVERY_DAY, "max_visits": 6}
    return TeamDays(name, middle.x, middle.y, **usual | more)


def three(**more: Any) -> list[TeamDays]:
    return [team(f"t{k}", k, **more) for k in range(3)]


AREAS: dict[str, Any] = {f"t{k}": ward(k) for k in range(3)}


def choose(
    segments: gpd.GeoDataFrame, teams: list[TeamDays], setting: SweepSettings = ANY, **more: Any
) -> SweepChoice:
    asked = {"areas": AREAS, "first": FIRST, "last": LAST} | more
    return choose_sweeps(segments, teams, asked.pop("areas"), settings=setting, **asked)


def test_both_sides_come_at_one_time_and_each_stays_on_its_own_ground() -> None:
    (sweep,) = choose(borders(w0w1=80.0), three()).sweeps
    assert set(sweep.teams) == {"t0", "t1"}
    assert (sweep.start.time(), sweep.end - sweep.start) == (time(19), timedelta(minutes=90))
    assert (sweep.date, sweep.risk, sweep.needs_outside) == (FIRST, 80.0, False)
    assert sweep.lead_team in sweep.teams
    for name, place in zip(sweep.teams, sweep.meets, strict=True):
        assert AREAS[name].contains(shapely.Point(place))
    ours, theirs = appointments([sweep])
    assert (ours.id, ours.start, ours.end, ours.teams) == (theirs.id, theirs.start, theirs.end, theirs.teams)
    assert {ours.team_id, theirs.team_id} == set(sweep.teams)
    assert ours.id == "w0w1"
    assert "Phường 0 - Phường 1" in str(sweep.why)


def test_the_riskiest_go_first_and_the_others_are_told_that_the_period_is_full() -> None:
    found = choose(borders(w0w1=50.0, w1w2=90.0), three(), SweepSettings(count=1))
    assert [sweep.segment_id for sweep in found.sweeps] == ["w1w2"]
    assert [(left.segment_id, left.code) for left in found.unserved] == [("w0w1", "enough")]


def test_a_quiet_border_is_not_swept() -> None:
    assert choose(borders(w0w1=10.0), three(), SweepSettings(least_risk=20.0)) == SweepChoice((), ())


def test_sweeps_are_spread_over_the_weeks_and_no_team_has_two_on_a_day() -> None:
    segments = borders(w0w1=90.0, w1w2=80.0, w0out=70.0, w2out=60.0)
    found = choose(segments, three(), SweepSettings(count=4))
    assert len({sweep.date.isocalendar()[1] for sweep in found.sweeps}) == 4
    one_week = choose(segments, three(), SweepSettings(count=4), last=FIRST + timedelta(days=1))
    days = [(name, sweep.date) for sweep in one_week.sweeps for name in sweep.teams]
    assert len(days) == len(set(days))


def test_the_sides_take_turns_in_leading() -> None:
    found = choose(borders(w0w1=90.0, w1w2=80.0), three())
    assert len({sweep.lead_team for sweep in found.sweeps}) == 2


def test_a_border_swept_lately_waits_until_it_is_due() -> None:
    segments = borders(w0w1=90.0)
    segments["last_joint_inspection"] = pd.Timestamp(2026, 1, 5)
    (left,) = choose(segments, three(), SweepSettings(gap_days=90)).unserved
    assert left.code == "recent"
    assert "05/01/2026" in str(left.why) or "2026-01-05" in str(left.why)
    (sweep,) = choose(segments, three(), SweepSettings(gap_days=70)).sweeps
    assert sweep.date == date(2026, 1, 5) + timedelta(days=70)


def test_at_the_outer_border_one_team_keeps_its_side_and_a_letter_is_still_due() -> None:
    (sweep,) = choose(borders(w0out=90.0), three()).sweeps
    assert (sweep.teams, sweep.lead_team, sweep.needs_outside) == (("t0",), "t0", True)
    assert ward(0).contains(shapely.Point(sweep.meets[0]))


def test_a_team_beyond_the_outer_border_makes_it_a_joint_sweep() -> None:
    beyond = shapely.box(WEST - 1, SOUTH - 1, WEST + 1, SOUTH + 1).difference(
        shapely.union_all([ward(k) for k in range(3)])
    )
    (sweep,) = choose(borders(w0out=90.0), [*three(), team("t9", 0)], areas=AREAS | {"t9": beyond}).sweeps
    assert set(sweep.teams) == {"t0", "t9"}
    assert not sweep.needs_outside


def test_a_wards_own_team_goes_before_the_citys_which_steps_in_where_there_is_none() -> None:
    with_city = [*three(), team("city", 1)]
    areas = AREAS | {"city": shapely.union_all([ward(k) for k in range(3)])}
    (sweep,) = choose(borders(w0w1=90.0), with_city, areas=areas).sweeps
    assert set(sweep.teams) == {"t0", "t1"}
    without = [one for one in with_city if one.team_id != "t1"]
    for everywhere in (areas["city"], None):
        (sweep,) = choose(borders(w0w1=90.0), without, areas=areas | {"city": everywhere}).sweeps
        assert set(sweep.teams) == {"t0", "city"}


@pytest.mark.parametrize(
    ("names", "areas", "code"),
    [
        ((), AREAS, "no_team"),
        (("t0",), AREAS, "no_team"),
        (("city",), {"city": None}, "one_team"),
    ],
)
def test_a_side_without_a_team_is_told(names: tuple[str, ...], areas: dict[str, Any], code: str) -> None:
    found = choose(borders(w0w1=90.0), [team(name) for name in names], areas=areas)
    assert not found.sweeps
    (left,) = found.unserved
    assert left.code == code
    assert "Phường 0 - Phường 1" in str(left.why)


@pytest.mark.parametrize(
    "more",
    [
        {"start": time(6), "end": time(11)},
        {"days": ()},
        {"days": (LAST + timedelta(days=1),)},
        {"pause": (time(14), time(22))},
        {"start": time(18), "end": time(18)},
    ],
)
def test_two_sides_that_are_never_out_together_are_told(more: dict[str, Any]) -> None:
    found = choose(borders(w0w1=90.0), [team("t0", 0), team("t1", 1, **more)])
    assert [left.code for left in found.unserved] == ["no_common_time"]
    assert not found.sweeps


@pytest.mark.parametrize(
    ("one", "other", "start"),
    [
        ({}, {"start": time(8), "end": time(17)}, time(14, 45)),
        ({"pause": (time(18), time(20))}, {}, time(20)),
        ({"start": time(20), "end": time(2)}, {"start": time(20), "end": time(1)}, time(20, 15)),
        ({}, {"latest_return": time(20)}, time(18)),
    ],
)
def test_the_hour_is_the_nearest_to_the_wanted_one_that_both_shifts_and_pauses_allow(
    one: dict[str, Any], other: dict[str, Any], start: time
) -> None:
    (sweep,) = choose(borders(w0w1=90.0), [team("t0", 0, **one), team("t1", 1, **other)]).sweeps
    wanted = datetime.combine(sweep.date, start)
    # The way to the border, about a kilometre, and back is left free: within a quarter of an hour or so.
    assert abs(sweep.start - wanted) <= timedelta(minutes=30)
    assert sweep.start.minute % 15 == 0


def test_a_team_that_is_taken_on_a_day_goes_on_another() -> None:
    busy = [("t0", day) for day in EVERY_DAY[:3]]
    (sweep,) = choose(borders(w0w1=90.0), three(), busy=busy).sweeps
    assert sweep.date == EVERY_DAY[3]


def test_fixed_sweeps_stay_count_and_are_not_made_again() -> None:
    segments = borders(w0w1=90.0, w1w2=80.0, w0out=70.0)
    before = choose(segments, three(), SweepSettings(count=1)).sweeps
    after = choose(segments, three(), SweepSettings(count=2), fixed=before)
    assert before[0] in after.sweeps
    assert sorted(sweep.segment_id for sweep in after.sweeps) == ["w0w1", "w1w2"]


def test_nothing_to_sweep_is_no_sweep() -> None:
    assert choose(borders(), three()) == SweepChoice((), ())


def test_a_sweep_stands_in_the_plans_of_both_teams() -> None:
    district, segments = usual_district(20), borders(2, w0w1=80.0)
    facts = district.facts()
    teams, _ = plan_teams(facts.teams, plan_worlds.FIRST, plan_worlds.LAST, PlanningSettings())
    areas = dict(zip(facts.teams["id"], facts.teams["area"], strict=True))
    period = {"first": plan_worlds.FIRST, "last": plan_worlds.LAST}
    found = choose(segments, teams, areas=areas, **period)
    (sweep,) = found.sweeps
    facts = replace(facts, appointments=appointments(found.sweeps), segments=segments)
    document = plan_document(make_plan(facts, seed=1, iterations=20, **period))
    places = dict(zip(sweep.teams, sweep.meets, strict=True))
    meeting = Meeting(sweep.segment_id, sweep.date, sweep.start, sweep.end, places)
    assert check_plan(document, district.world(meetings=[meeting])) == []
    (border,) = document["borders"]
    assert (border["visited"], border["teams"]) == (True, ["t0", "t1"])


@st.composite
def crews(draw: st.DrawFn) -> list[TeamDays]:
    made = []
    for number in range(draw(st.integers(0, 3))):
        start = time(draw(st.integers(0, 23)))
        pause = draw(st.none() | st.tuples(st.integers(0, 23), st.integers(0, 23)))
        made.append(
            team(
                f"t{number}",
                number,
                start=start,
                end=time(draw(st.integers(0, 23))),
                days=tuple(sorted(draw(st.sets(st.sampled_from(EVERY_DAY), max_size=8)))),
                pause=pause and (time(pause[0]), time(pause[1], 30)),
            )
        )
    return made


@settings(max_examples=40)
@given(
    crews(),
    st.dictionaries(st.sampled_from(["w0w1", "w1w2", "w0out", "w2out"]), st.floats(0, 100)),
    st.integers(0, 5),
)
def test_whatever_the_shifts_every_sweep_can_be_kept_and_every_segment_is_answered(
    teams: list[TeamDays], risk: dict[str, float], count: int
) -> None:
    segments = borders(**risk)
    found = choose(segments, teams, SweepSettings(count=count, least_risk=0.0))
    assert choose(segments.iloc[::-1], teams[::-1], SweepSettings(count=count, least_risk=0.0)) == found
    answered = [sweep.segment_id for sweep in found.sweeps] + [left.segment_id for left in found.unserved]
    assert sorted(answered) == sorted(segments["id"])
    assert len(found.sweeps) <= count
    by_name = {one.team_id: one for one in teams}
    for sweep in found.sweeps:
        for name, place in zip(sweep.teams, sweep.meets, strict=True):
            kept(sweep, by_name[name])
            assert AREAS[name].contains(shapely.Point(place))


def kept(sweep: Sweep, one: TeamDays) -> None:
    """The sweep lies in the team's shift and outside its pause, by the clock."""
    assert sweep.date in one.days
    shift = clock(sweep.date, one.start, one.end)
    assert shift[0] < sweep.start < sweep.end < shift[1]
    if one.pause is not None and one.pause[0] != one.pause[1]:
        for shifted in (0, 1):
            start, end = clock(sweep.date + timedelta(days=shifted), *one.pause)
            if start >= shift[0]:
                assert not (sweep.start < end and sweep.end > start)
                break


def clock(day: date, start: time, end: time) -> tuple[datetime, datetime]:
    opens, closes = datetime.combine(day, start), datetime.combine(day, end)
    return opens, closes if closes > opens else closes + timedelta(days=1)
