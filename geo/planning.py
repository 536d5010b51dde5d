"""Inspection plans: what to visit, when, by whom, and why; as a draft that a person decides on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np

from geo.calendar_vn import knows_year
from geo.draw import draw_lot, least_drawn
from geo.messages import Message, msg
from geo.plan_coverage import border_visits, visits_due, ward_coverage
from geo.plan_dates import assign_days, outings_needed
from geo.plan_input import gather, plan_teams
from geo.plan_solver import Choice, Outing, Problem, Solution, feasible_part, solve
from geo.plan_types import (
    Candidate,
    Draw,
    PlanDraft,
    PlanFacts,
    PlanningSettings,
    Route,
    SolverReport,
    TeamDays,
    Unserved,
    Visit,
)
from geo.roads import Network, Router, TravelTable, speeds_for

__all__ = ["PlanDraft", "PlanFacts", "PlanningSettings", "make_plan", "plan_visits"]


def make_plan(
    facts: PlanFacts,
    *,
    first: date,
    last: date,
    seed: int,
    settings: PlanningSettings | None = None,
    seconds: float = 5.0,
    iterations: int | None = None,
    watch: Callable[[float], bool] | None = None,
) -> PlanDraft:
    """Plan the inspections of a period.

    Parameters
    ----------
    facts : what is known; inspections up to the day the plan is made.
    first, last : the period, both days included.
    seed : of the draw and the search. To be sealed until the period ends (domain.md, section 3, rule 4).
    seconds : time for the search; with ``iterations`` given instead, the same seed gives the same plan.
    watch : see ``plan_solver.solve``.

    Returns
    -------
    A draft that keeps every rule. What cannot be planned (no team, no premises, no hours) gives an empty or
    smaller plan with the reason beside each premises and in ``notes``.
    """
    settings = settings or PlanningSettings()
    teams, notes = plan_teams(facts.teams, first, last, settings)
    candidates, ruled_out = gather(facts, first=first, last=last, settings=settings)
    draft = plan_visits(
        candidates,
        teams,
        facts.network,
        first=first,
        last=last,
        most_visits=_most_visits(facts, candidates, teams, first, last, settings),
        seed=seed,
        settings=settings,
        seconds=seconds,
        iterations=iterations,
        watch=watch,
    )
    notes += [
        msg("Chưa có lịch nghỉ Tết và Giỗ Tổ của năm {year}: hãy thêm ngày nghỉ.", year=year)
        for year in range(first.year, last.year + 1)
        if not knows_year(year)
    ]
    return replace(
        draft,
        coverage=ward_coverage(facts.premises, facts.inspections, draft.visits, first.year, settings),
        borders=border_visits(facts.premises, facts.segments, draft.visits, settings.strip_m),
        unserved=(*draft.unserved, *ruled_out),
        notes=(*notes, *draft.notes),
    )


def plan_visits(
    candidates: Sequence[Candidate],
    teams: Sequence[TeamDays],
    network: Network,
    *,
    first: date,
    last: date,
    seed: int,
    settings: PlanningSettings,
    most_visits: int | None = None,
    seconds: float = 5.0,
    iterations: int | None = None,
    watch: Callable[[float], bool] | None = None,
) -> PlanDraft:
    """Draw, route and date the visits to candidates that the rules admit; coverage and borders stay empty.

    ``most_visits`` bounds the plan; obliged and drawn visits come first. The rest as in ``make_plan``.
    """
    every = sorted(candidates, key=lambda c: c.premises_id)
    router, table = _travel([*teams, *every], network, settings)
    problem = _problem(every, teams, table, settings)
    possible, unserved = _sorted_out(problem, table)
    most = _room(teams) if most_visits is None else min(most_visits, _room(teams))
    kept, draw = draw_lot(
        [every[k] for k in possible], share=settings.random_share, most_visits=most, seed=seed
    )
    places = [*range(len(teams)), *(len(teams) + k for k in possible)]
    problem = Problem(
        candidates=tuple(kept),
        teams=tuple(teams),
        travel_s=problem.travel_s[np.ix_(places, places)],
        settings=settings,
        outings=problem.outings if most_visits is None else outings_needed(kept, teams, most),
    )
    found = solve(problem, seed=seed, seconds=seconds, iterations=iterations, watch=watch)
    outings = _within_limits(problem, list(found.outings), draw, most)
    dated = _dated(problem, outings)
    visits = [visit for day, outing in dated for visit in _visits(problem, day, outing)]
    routes = [_route(problem, day, outing, router, table, places) for day, outing in dated]
    return PlanDraft(
        first=first,
        last=last,
        visits=tuple(visits),
        routes=tuple(routes),
        coverage=(),
        borders=(),
        unserved=(*unserved, *_left_out(problem, visits)),
        draw=draw,
        solver=_report(found, visits, routes, settings, router.crow),
        notes=_notes(every, teams, draw, router.crow),
    )


def _travel(
    places: Sequence[TeamDays | Candidate], network: Network, settings: PlanningSettings
) -> tuple[Router, TravelTable]:
    lonlat = np.array([(place.lon, place.lat) for place in places], dtype=float).reshape(-1, 2)
    router = Router(network, lonlat, settings.speeds or speeds_for(settings.mode))
    return router, router.table()


def _problem(
    candidates: Sequence[Candidate],
    teams: Sequence[TeamDays],
    table: TravelTable,
    settings: PlanningSettings,
) -> Problem:
    # Whole minutes, rounded up: a timetable that people can read, and that never promises too much.
    travel_s = -(-table.duration_s // 60) * 60
    outings = tuple(len(team.days) for team in teams)
    return Problem(tuple(candidates), tuple(teams), travel_s, settings, outings)


def _most_visits(
    facts: PlanFacts,
    candidates: Sequence[Candidate],
    teams: Sequence[TeamDays],
    first: date,
    last: date,
    settings: PlanningSettings,
) -> int | None:
    if settings.pace is None:
        return None
    due = visits_due(facts.premises, facts.inspections, first, last, settings)
    weeks = max(((last - first).days + 1) // 7, 1)
    working = sum(1 for team in teams if team.days)
    owed = sum(1 for candidate in candidates if candidate.required)
    return max(math.ceil(settings.pace * due), weeks * working) + owed


def _room(teams: Sequence[TeamDays]) -> int:
    return sum(len(team.days) * team.max_visits for team in teams)


def _sorted_out(problem: Problem, table: TravelTable) -> tuple[list[int], list[Unserved]]:
    """Candidates that some team could visit if it did nothing else, and why the others cannot be."""
    possible, unserved = [], []
    for number, candidate in enumerate(problem.candidates):
        own = [team for team in problem.teams if team.team_id in candidate.teams]
        days = [day for team in own for day in team.days]
        access_m = float(table.access_m[len(problem.teams) + number])
        verdict: tuple[str, Message] | None = None
        if not own:
            verdict = "outside", msg("Nằm ngoài địa bàn của mọi đội trong kế hoạch.")
        elif not days:
            verdict = "no_days", msg("Đội được phép kiểm tra không có ngày làm việc trong kỳ.")
        elif candidate.not_before is not None and candidate.not_before > max(days):
            verdict = "too_early", msg("Hạn khắc phục chưa qua trước buổi kiểm tra cuối của kỳ.")
        elif access_m > problem.settings.max_access_m:
            verdict = "unreachable", msg("Cách đường gần nhất {metres} m.", metres=round(access_m))
        elif not problem.alone(number):
            verdict = "hours", msg("Giờ hoạt động không khớp ca làm của đội được phép kiểm tra.")
        if verdict is None:
            possible.append(number)
        else:
            unserved.append(Unserved(candidate.premises_id, *verdict))
    return possible, unserved


def _within_limits(problem: Problem, outings: list[Outing], draw: Draw, most_visits: int) -> list[Outing]:
    """Give up the least valuable visits while there are too many, or too few of them drawn. What is owed and
    what the lot fell on stays."""
    while True:
        inside = [problem.candidates[choice.candidate] for outing in outings for choice in outing.choices]
        drawn = sum(candidate.drawn_at_random for candidate in inside)
        free = [c for c in inside if not (c.drawn_at_random or c.required)]
        enough = drawn >= min(least_drawn(len(inside), problem.settings.random_share), draw.pool)
        if (enough and len(inside) <= most_visits) or not free:
            return outings
        worst = min(free, key=lambda c: (c.value, c.premises_id)).premises_id
        outings = _without(problem, outings, {worst})


def _without(problem: Problem, outings: Sequence[Outing], names: set[str]) -> list[Outing]:
    shorter = []
    for outing in outings:
        stops = [c for c in outing.choices if problem.candidates[c.candidate].premises_id not in names]
        left = outing if len(stops) == len(outing.choices) else feasible_part(problem, outing.team, stops)
        if left is not None:
            shorter.append(left)
    return shorter


def _dated(problem: Problem, outings: Sequence[Outing]) -> list[tuple[date, Outing]]:
    """Outings with their days, in order of day and team."""
    dated: list[tuple[date, Outing]] = []
    for number, team in enumerate(problem.teams):
        own = [outing for outing in outings if outing.team == number]
        values = [sum(problem.candidates[c.candidate].value for c in outing.choices) for outing in own]
        earliest = [_first_day(problem, outing.choices) for outing in own]
        for day, outing in zip(assign_days(values, earliest, team.days), own, strict=True):
            early = {
                candidate.premises_id
                for candidate in (problem.candidates[c.candidate] for c in outing.choices)
                if candidate.not_before is not None and candidate.not_before > day
            }
            dated += [(day, left) for left in _without(problem, [outing], early)]
    return sorted(dated, key=lambda pair: (pair[0], pair[1].team))


def _first_day(problem: Problem, choices: Sequence[Choice]) -> date | None:
    days = [problem.candidates[choice.candidate].not_before for choice in choices]
    return max((day for day in days if day is not None), default=None)


def _visits(problem: Problem, day: date, outing: Outing) -> list[Visit]:
    midnight = datetime(day.year, day.month, day.day)
    made = []
    for order, (choice, arrive_s) in enumerate(zip(outing.choices, outing.arrive_s, strict=True), start=1):
        candidate = problem.candidates[choice.candidate]
        arrive = midnight + timedelta(seconds=arrive_s)
        made.append(
            Visit(
                premises_id=candidate.premises_id,
                team_id=problem.teams[outing.team].team_id,
                date=day,
                arrive=arrive,
                leave=arrive + timedelta(seconds=choice.service_s),
                order=order,
                value=candidate.value,
                parts=candidate.parts,
                evidence=candidate.evidence,
                drawn_at_random=candidate.drawn_at_random,
                selection_probability=candidate.selection_probability,
                kind=candidate.kind,
                ward_id=candidate.ward_id,
            )
        )
    return made


def _route(
    problem: Problem, day: date, outing: Outing, router: Router, table: TravelTable, places: Sequence[int]
) -> Route:
    teams = len(problem.teams)
    stops = [outing.team, *(places[teams + c.candidate] for c in outing.choices), outing.team]
    line, names = router.line(stops)
    midnight = datetime(day.year, day.month, day.day)
    metres = sum(float(table.distance_m[a, b]) for a, b in pairwise(stops))
    return Route(
        team_id=problem.teams[outing.team].team_id,
        date=day,
        start=midnight + timedelta(seconds=outing.start_s),
        end=midnight + timedelta(seconds=outing.end_s),
        km=round(metres / 1000, 2),
        minutes=round((outing.end_s - outing.start_s) / 60, 1),
        visits=len(outing.choices),
        geometry=line,
        streets=tuple(names),
    )


def _left_out(problem: Problem, visits: Sequence[Visit]) -> list[Unserved]:
    chosen = {visit.premises_id for visit in visits}
    keys = {c.business_key for c in problem.candidates if c.premises_id in chosen}
    lowest = min((visit.value for visit in visits if not visit.drawn_at_random), default=0.0)
    left = []
    for candidate in problem.candidates:
        if candidate.premises_id in chosen:
            continue
        if candidate.business_key in keys:
            verdict = "same_business", msg("Cơ sở khác cùng số đăng ký đã có trong kế hoạch.")
        elif candidate.not_before is not None:
            verdict = "too_early", msg("Hạn khắc phục qua quá muộn để xếp vào các buổi của kỳ.")
        elif candidate.value <= lowest:
            why = msg("Giá trị {value} thấp hơn các lượt được chọn.", value=candidate.value)
            verdict = "lower_value", why
        else:
            why = msg("Các đội đã hết lượt hoặc hết giờ trong kỳ (giá trị {value}).", value=candidate.value)
            verdict = "no_room", why
        left.append(Unserved(candidate.premises_id, *verdict))
    return left


def _report(
    found: Solution,
    visits: Sequence[Visit],
    routes: Sequence[Route],
    settings: PlanningSettings,
    crow: bool,
) -> SolverReport:
    service_min = sum((visit.leave - visit.arrive).total_seconds() for visit in visits) / 60
    driving_s = (sum(route.minutes for route in routes) - service_min) * 60
    points = sum(visit.value for visit in visits) - driving_s / settings.point_s
    return SolverReport(round(found.seconds, 2), found.iterations, round(points, 2), crow)


def _notes(
    candidates: Sequence[Candidate], teams: Sequence[TeamDays], draw: Draw, crow: bool
) -> tuple[Message, ...]:
    notes = []
    if not teams:
        notes.append(msg("Không có đội nào hoạt động trong kỳ này."))
    elif not any(team.days for team in teams):
        notes.append(msg("Kỳ này không có ngày làm việc nào."))
    if not candidates:
        notes.append(msg("Không còn cơ sở nào được phép kiểm tra trong kỳ này."))
    elif not draw.pool:
        notes.append(msg("Không có cơ sở nào để rút ngẫu nhiên."))
    if crow and candidates:
        notes.append(msg("Chưa có mạng đường: thời gian đi tính theo đường chim bay nhân 1,4."))
    return tuple(notes)
