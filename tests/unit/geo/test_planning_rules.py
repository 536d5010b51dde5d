"""The small parts of a plan: holidays, days of outings, the lot, the value of a visit, who may be visited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.calendar_vn import knows_year, public_holidays, working_days
from geo.draw import draw_lot
from geo.plan_dates import assign_days, outing_days
from geo.plan_types import Candidate, PlanningSettings, TeamDays, Window, window
from geo.planning_rules import eligible, teams_at
from geo.visit_value import VisitFacts, VisitWeights, visit_value
from geo.words import VisitKind
from tests.plan_worlds import SIDE, SOUTH, WEST, District

ON = date(2026, 3, 2)


def candidate(name: str, **more: object) -> Candidate:
    made = Candidate(name, 105.7, 20.9, "hotel", 10.0, (), frozenset({"t0"}), business_key=name)
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2024, ["2024-02-09", "2024-02-14", "2024-04-18", "2024-04-30", "2024-09-03"]),
        (2025, ["2025-01-01", "2025-01-27", "2025-01-31", "2025-04-07", "2025-05-01", "2025-09-01"]),
        (2026, ["2026-02-16", "2026-02-20", "2026-04-26", "2026-04-27", "2026-09-01", "2026-09-02"]),
    ],
)
def test_the_holidays_that_the_government_announced_are_holidays(year: int, days: list[str]) -> None:
    assert {date.fromisoformat(day) for day in days} <= public_holidays(year)


def test_ordinary_days_are_working_days_from_monday_to_saturday() -> None:
    days = working_days(date(2026, 4, 20), date(2026, 5, 3))
    assert [day.day for day in days] == [20, 21, 22, 23, 24, 25, 28, 29, 2]
    fewer = working_days(date(2026, 4, 20), date(2026, 5, 3), weekdays={0}, days_off=[date(2026, 4, 20)])
    assert fewer == []


def test_a_year_beyond_the_table_keeps_the_fixed_holidays() -> None:
    assert not knows_year(2031)
    assert {date(2031, 1, 1), date(2031, 4, 30), date(2031, 9, 2)} <= public_holidays(2031)


@given(st.dates(date(2026, 1, 1), date(2026, 12, 1)), st.integers(0, 60), st.integers(1, 7), st.integers(0, 5))
def test_a_team_never_goes_out_more_often_in_a_week_than_agreed(
    first: date, length: int, per_week: int, turn: int
) -> None:
    days = working_days(first, first + timedelta(days=length))
    slots = outing_days(days, per_week, turn)
    assert set(slots) <= set(days)
    assert list(slots) == sorted(set(slots))
    weeks = pd.Series([day.isocalendar()[:2] for day in slots], dtype=object).value_counts()
    assert weeks.empty or weeks.max() <= per_week


def test_the_most_valuable_route_goes_first_and_routes_spread_over_the_period() -> None:
    slots = [date(2026, 3, 1) + timedelta(days=k) for k in range(12)]
    days = assign_days([5.0, 50.0, 20.0], slots)
    assert days[1] < days[2] < days[0]
    assert (days[0] - days[1]).days >= 6


def test_a_team_goes_out_on_the_days_it_must_and_on_those_wished_for_before_others() -> None:
    days = working_days(date(2026, 3, 2), date(2026, 3, 14))
    must, wish = date(2026, 3, 3), date(2026, 3, 14)
    slots = outing_days(days, 2, fixed=[must], wished=[wish])
    assert {must, wish} <= set(slots)
    assert len(slots) == 4
    sunday = date(2026, 3, 8)
    assert len([day for day in outing_days(days, 1, fixed=[sunday]) if day < sunday]) == 0


def test_the_lot_falls_on_every_premises_alike() -> None:
    every = [candidate(f"p{k}") for k in range(10)]
    drawn = dict.fromkeys((one.premises_id for one in every), 0)
    for seed in range(2000):
        marked, figures = draw_lot(every, share=0.2, most_visits=10, seed=seed)
        assert (figures.pool, figures.drawn, figures.probability) == (10, 2, 0.2)
        for one in marked:
            drawn[one.premises_id] += one.drawn_at_random
    # 2000 draws with probability 0.2: five standard deviations about the mean of 400.
    assert all(310 < count < 490 for count in drawn.values()), drawn


def test_a_follow_up_is_never_drawn_and_one_premises_at_least_always_is() -> None:
    owed = candidate("owed", kind=VisitKind.FOLLOW_UP, required=True)
    marked, figures = draw_lot([owed, candidate("a"), candidate("b")], share=0.0, most_visits=3, seed=1)
    assert figures.drawn == 1
    assert not marked[0].drawn_at_random
    assert draw_lot([owed], share=0.5, most_visits=3, seed=1)[1].drawn == 0


@given(
    score=st.none() | st.floats(0, 100),
    days=st.none() | st.integers(0, 4000),
    open_deadlines=st.integers(0, 3),
    border_risk=st.none() | st.floats(0, 100),
    behind=st.floats(0, 1),
    complex_grounds=st.booleans(),
)
def test_a_value_is_positive_and_the_sum_of_its_reasons(
    score: float | None,
    days: int | None,
    open_deadlines: int,
    border_risk: float | None,
    behind: float,
    complex_grounds: bool,
) -> None:
    last = None if days is None else ON - timedelta(days=days)
    facts = VisitFacts(score, last, open_deadlines, border_risk, behind, complex_grounds)
    value, parts = visit_value(facts, ON, VisitWeights())
    assert value > 0
    assert value == pytest.approx(sum(part.points for part in parts))
    assert all(part.points > 0 and str(part.text) for part in parts)


def test_more_risk_a_longer_wait_a_border_or_an_open_deadline_raise_the_value() -> None:
    usual = VisitFacts(score=40.0, last_checked=ON - timedelta(days=300))
    worth = visit_value(usual, ON, VisitWeights())[0]
    for more in (
        {"score": 60.0}, {"last_checked": ON - timedelta(days=500)}, {"border_risk": 50.0},
        {"open_deadlines": 1}, {"ward_behind": 0.5}, {"complex_grounds": True},
    ):  # fmt: skip
        assert visit_value(replace(usual, **more), ON, VisitWeights())[0] > worth  # type: ignore[arg-type]


def test_a_window_that_ends_before_it_starts_runs_past_midnight() -> None:
    assert window(time(19), time(2)) == Window(19 * 3600, 26 * 3600)
    night = TeamDays("t", 0, 0, time(22), time(6), (), 1, pause=(time(1), time(2)), latest_return=time(5))
    assert (night.shift, night.gap) == (Window(22 * 3600, 29 * 3600), Window(25 * 3600, 26 * 3600))
    nothing = TeamDays("t", 0, 0, time(22), time(22), (), 1).shift
    assert nothing.open_s == nothing.close_s


def test_a_follow_up_takes_as_long_as_a_follow_up() -> None:
    settings = PlanningSettings()
    assert settings.service_s("karaoke", VisitKind.PLANNED) == 3600
    assert settings.service_s("karaoke", VisitKind.FOLLOW_UP) == 1800


def test_a_period_over_new_year_leaves_alone_what_either_year_has_used_up() -> None:
    district = District(wards=1)
    december, free = district.add_premises(0.3), district.add_premises(0.6)
    district.inspections = [(december, date(2025, 3, 1), "checked"), (free, date(2024, 3, 1), "checked")]
    facts = district.facts()
    rules = eligible(
        facts.premises, facts.inspections, facts.findings, first=date(2025, 12, 20), last=date(2026, 1, 10)
    )
    assert rules["eligible"].to_dict() == {december: False, free: True}


def test_a_standing_visit_of_one_premises_keeps_the_whole_business_out() -> None:
    district = District(wards=1)
    for x in (0.3, 0.6):
        district.add_premises(x, 0.5, registration_number=" 0101234567")
    facts = district.facts()
    period = {"first": ON, "last": ON}
    rules = eligible(facts.premises, facts.inspections, facts.findings, standing=frozenset({"p000"}), **period)
    assert rules["code"].tolist() == ["standing", "standing"]


def test_a_point_on_the_border_belongs_to_both_and_a_city_team_without_area_goes_everywhere() -> None:
    district = District(wards=2)
    district.add_team(0)
    district.add_team(1)
    district.add_team(0, 1, area=None)
    district.add_team(0, area=None)
    teams = district.facts().teams
    middle, far = shapely.Point(WEST + SIDE, SOUTH + 0.01), shapely.Point(106.5, 21.5)
    assert teams_at(teams, [middle, far]) == [frozenset({"t0", "t1", "t2"}), frozenset({"t2"})]
