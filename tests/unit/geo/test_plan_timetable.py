"""A person puts a team's day together: the times of it, or the first thing that is not legal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from geo.plan_problem import Problem, Refusal
from geo.plan_timetable import Outing, timetable
from geo.plan_types import Appointment, PlanningSettings
from geo.planning import prepare
from tests.plan_worlds import District, place

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 15)


def problem_of(district: District, *meetings: Appointment) -> Problem:
    facts = replace(district.facts(), appointments=meetings)
    return prepare(facts, first=FIRST, last=LAST, settings=PlanningSettings())[0]


def district() -> District:
    """Two hotels and a karaoke in the first ward, one hotel in the second; a team in each."""
    made = District(wards=2)
    for east, kind in ((0.2, "hotel"), (0.4, "hotel"), (0.6, "karaoke"), (1.5, "hotel")):
        made.add_premises(east, type=kind, registration_number="0101" if kind == "hotel" else None)
    made.premises[0]["registration_number"] = None
    made.premises[3]["registration_number"] = None
    made.add_team(0, pause_start=time(18), pause_end=time(19))
    made.add_team(1)
    return made


def day(problem: Problem, team: str, on: date, *names: str) -> Outing | Refusal:
    shift = problem.shift_on(team, on)
    assert shift is not None
    return timetable(problem, shift, names)


def test_the_team_is_back_as_early_as_can_be_and_nobody_waits_at_a_door() -> None:
    outing = day(problem_of(district()), "t0", FIRST, "p000", "p001", "p002")
    assert isinstance(outing, Outing)
    first, second, third = outing.stops
    assert third.arrive_s == 19 * 3600
    # As late as the pause and what follows allow.
    assert second.leave_s == 18 * 3600
    assert first.leave_s < second.arrive_s < first.leave_s + 1200
    assert outing.start_s < first.arrive_s


def test_every_working_day_has_a_shift_and_no_other_day() -> None:
    problem = problem_of(district())
    week = [FIRST + timedelta(days=k) for k in range(7)]
    assert [problem.shift_on("t0", on) is not None for on in week] == [True] * 6 + [False]
    assert problem.shift_on("nobody", FIRST) is None


@pytest.mark.parametrize(
    ("team", "names", "code"),
    [
        ("t0", ("p003",), "outside"),
        ("t0", ("p002", "p000", "p001"), "no_room"),
        ("t0", ("nobody",), "unknown"),
        ("t1", ("p000",), "outside"),
        ("t0", ("p000", "p000"), "same_business"),
    ],
)
def test_what_is_not_legal_is_refused_with_its_word_and_premises(
    team: str, names: tuple[str, ...], code: str
) -> None:
    made = district()
    made.teams[0]["latest_return"] = time(21)
    refusal = day(problem_of(made), team, FIRST, *names)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert refusal.premises_id in names
    assert str(refusal.why)


def test_the_daily_limit_the_deadline_and_the_cap_are_named() -> None:
    made = district()
    made.inspections = [("p000", date(2026, 1, 5), "checked"), ("p001", date(2026, 1, 5), "checked")]
    made.findings = [("p000", date(2026, 3, 5), "labour", False)]
    made.teams[0]["max_visits"] = 1
    problem = problem_of(made)
    early, capped = day(problem, "t0", FIRST, "p000"), day(problem, "t0", FIRST, "p001")
    assert isinstance(early, Refusal)
    assert isinstance(capped, Refusal)
    assert (early.code, capped.code) == ("too_early", "capped")
    full = day(problem, "t0", date(2026, 3, 6), "p000", "p002")
    assert isinstance(full, Refusal)
    assert full.code == "daily_limit"


def test_appointments_find_their_place_between_the_visits() -> None:
    start = datetime.combine(FIRST, time(16))
    spot = place(0.9, 0.5)
    meeting = Appointment("s1", "t0", FIRST, start, start + timedelta(minutes=90), spot.x, spot.y, ("t0",))
    problem = problem_of(district(), meeting)
    outing = day(problem, "t0", FIRST, "p000", "p002")
    assert isinstance(outing, Outing)
    assert [stop.candidate is None for stop in outing.stops] == [False, True, False]
    assert (outing.stops[1].arrive_s, outing.stops[1].leave_s) == (16 * 3600, 17.5 * 3600)
    alone = day(problem, "t0", FIRST)
    assert isinstance(alone, Outing)
    assert len(alone.stops) == 1
