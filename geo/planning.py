"""Inspection plans: what to visit, when, by whom, and why; as a draft that a person decides on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from geo.calendar_vn import knows_year
from geo.draw import draw_lot
from geo.messages import Message, msg
from geo.plan_coverage import border_visits, visits_due, ward_counts, ward_coverage
from geo.plan_input import day_wishes, gather, unknown_requests
from geo.plan_problem import Problem, appointment_notes, build_problem
from geo.plan_reasons import left_out, sorted_out
from geo.plan_repair import enough_drawn
from geo.plan_results import report_of, timeline
from geo.plan_settings import PlanningSettings
from geo.plan_solver import Progress, Solution
from geo.plan_teams import plan_teams
from geo.plan_types import Draw, PlanDraft, PlanFacts, SolverReport, TeamDays, Unserved
from geo.plan_weeks import Course, Search, plan_weeks

__all__ = ["PlanDraft", "PlanFacts", "PlanningSettings", "Progress", "make_plan", "prepare"]


def make_plan(
    facts: PlanFacts,
    *,
    first: date,
    last: date,
    seed: int,
    settings: PlanningSettings | None = None,
    seconds: float = 20.0,
    iterations: int | None = None,
    cores: int = 1,
    watch: Progress | None = None,
) -> PlanDraft:
    """Plan the inspections of a period.

    Parameters
    ----------
    facts : what is known; inspections up to the day the plan is made.
    first, last : the period, both days included.
    seed : of the draw and the search. To be sealed until the period ends (domain.md, section 3, rule 4).
    seconds : time for the search; with ``iterations`` given instead, the same seed gives the same plan.
    watch : called while the search runs with the share of the time gone (0-1) and the points of the best plan
        so far; True ends the search with that plan.

    Returns
    -------
    A draft that keeps every rule. What cannot be planned (no team, no premises, no hours, no way) gives an
    empty or smaller plan with the reason beside each premises and in ``notes``.
    """
    settings = settings or PlanningSettings()
    if last < first:
        return _nothing(facts, first, last)
    problem, notes = prepare(facts, first=first, last=last, settings=settings)
    possible, never = sorted_out(problem)
    most = _most_visits(facts, problem.teams, first, last, settings)
    problem, draw = _with_lot(problem, possible, most, seed)
    course = Course(
        first, last, most, ward_counts(facts.premises, facts.inspections, first.year, facts.standing)
    )
    search = Search(seed, seconds, iterations, cores, watch)
    problem, found = plan_weeks(problem, possible, course, search)
    found = replace(found, outings=tuple(enough_drawn(problem, found.outings, draw)))
    return _draft(facts, problem, possible, found, draw, course, [*never], notes)


def prepare(
    facts: PlanFacts, *, first: date, last: date, settings: PlanningSettings
) -> tuple[Problem, tuple[Message, ...]]:
    """What a plan of the period is made of: who may be visited by whom and when, what a visit is worth (what
    it does for its ward's target apart), the ways; and sentences for the planner."""
    candidates, ruled_out = gather(facts, first=first, last=last, settings=settings)
    meetings = [one for one in facts.appointments if first <= one.date <= last]
    teams, notes = plan_teams(
        facts.teams, first, last, settings, appointments=meetings, wished=day_wishes(candidates)
    )
    problem = build_problem(
        candidates, teams, facts.network, settings, appointments=meetings, ruled_out=ruled_out
    )
    notes += [
        msg("Chưa có lịch nghỉ Tết và Giỗ Tổ của năm {year}: hãy thêm ngày nghỉ.", year=year)
        for year in range(first.year, last.year + 1)
        if not knows_year(year)
    ]
    return problem, (*notes, *unknown_requests(facts), *appointment_notes(teams, meetings))


def _with_lot(
    problem: Problem, possible: Sequence[int], most_visits: int | None, seed: int
) -> tuple[Problem, Draw]:
    """The problem with the drawn marked."""
    pool = [problem.candidates[k] for k in possible]
    owed = sum(candidate.required for candidate in pool)
    room = sum(shift.most_visits for shift in problem.shifts)
    most = room if most_visits is None else min(most_visits + owed, room)
    marked, draw = draw_lot(pool, share=problem.settings.random_share, most_visits=most, seed=seed)
    candidates = list(problem.candidates)
    for number, candidate in zip(possible, marked, strict=True):
        candidates[number] = candidate
    return replace(problem, candidates=tuple(candidates)), draw


def _draft(
    facts: PlanFacts,
    problem: Problem,
    possible: Sequence[int],
    found: Solution,
    draw: Draw,
    course: Course,
    never: list[Unserved],
    notes: Sequence[Message],
) -> PlanDraft:
    settings = problem.settings
    visits, routes = timeline(problem, found.outings)
    left = left_out(problem, possible, found.outings, course.most_visits)
    return PlanDraft(
        first=course.first,
        last=course.last,
        visits=visits,
        routes=routes,
        coverage=ward_coverage(
            facts.premises,
            facts.inspections,
            visits,
            course.first.year,
            course.last,
            settings,
            facts.standing,
        ),
        borders=border_visits(facts.premises, facts.segments, visits, settings.strip_m, problem.appointments),
        unserved=(*never, *left, *problem.ruled_out.values()),
        draw=draw,
        solver=report_of(problem, found),
        notes=(*notes, *_notes(problem, draw)),
    )


def _most_visits(
    facts: PlanFacts,
    teams: Sequence[TeamDays],
    first: date,
    last: date,
    settings: PlanningSettings,
) -> int | None:
    """Visits that the period may hold, those owed apart."""
    if settings.pace is None:
        return None
    due = visits_due(facts.premises, facts.inspections, first, last, settings, facts.standing)
    weeks = max(((last - first).days + 1) // 7, 1)
    working = sum(1 for team in teams if team.days)
    return max(math.ceil(settings.pace * due), weeks * working)


def _nothing(facts: PlanFacts, first: date, last: date) -> PlanDraft:
    """The plan of a period that ends before it begins."""
    why = msg("Ngày cuối {last} đứng trước ngày đầu {first}.", last=last, first=first)
    return PlanDraft(
        first=first,
        last=last,
        visits=(),
        routes=(),
        coverage=(),
        borders=(),
        unserved=tuple(Unserved(str(name), "no_days", why) for name in facts.premises["id"]),
        draw=Draw(0, 0, 0.0),
        solver=SolverReport(0.0, 0, 0.0, crow=False),
        notes=(why,),
    )


def _notes(problem: Problem, draw: Draw) -> tuple[Message, ...]:
    notes = []
    if not problem.teams:
        notes.append(msg("Không có đội nào hoạt động trong kỳ này."))
    elif not any(team.working_days for team in problem.teams):
        notes.append(msg("Kỳ này không có ngày làm việc nào."))
    if not problem.candidates:
        notes.append(msg("Không còn cơ sở nào được phép kiểm tra trong kỳ này."))
    elif not draw.pool:
        notes.append(msg("Không có cơ sở nào để rút ngẫu nhiên."))
    if problem.router.crow and problem.candidates:
        notes.append(msg("Chưa có mạng đường: thời gian đi tính theo đường chim bay nhân 1,4."))
    return tuple(notes)
