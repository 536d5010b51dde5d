"""Visits and routes as people read them, from outings in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise

from geo.plan_problem import NEVER_S, Problem
from geo.plan_solver import Solution
from geo.plan_timetable import Outing
from geo.plan_types import Route, SolverReport, Visit


def visits_of(problem: Problem, outing: Outing) -> list[Visit]:
    """The visits of an outing in order."""
    midnight = datetime.combine(outing.shift.date, time())
    made: list[Visit] = []
    for stop in outing.stops:
        if stop.candidate is None:
            continue
        candidate = problem.candidates[stop.candidate]
        made.append(
            Visit(
                premises_id=candidate.premises_id,
                team_id=problem.teams[outing.shift.team].team_id,
                date=outing.shift.date,
                arrive=midnight + timedelta(seconds=stop.arrive_s),
                leave=midnight + timedelta(seconds=stop.leave_s),
                order=len(made) + 1,
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


def route_of(problem: Problem, outing: Outing) -> Route:
    """What the team drives: from its base through every stop, appointments among them, to its end place."""
    places = [problem.start_place(outing.shift.team)]
    for stop in outing.stops:
        if stop.candidate is not None:
            places.append(problem.candidate_place(stop.candidate))
        elif stop.appointment is not None:
            places.append(problem.appointment_place(stop.appointment))
    places.append(problem.end_place(outing.shift.team))
    legs = [(a, b) for a, b in pairwise(places) if int(problem.travel_s[a, b]) < NEVER_S]
    whole = len(legs) == len(places) - 1
    line, names = problem.router.line(places if whole else places[:1])
    midnight = datetime.combine(outing.shift.date, time())
    return Route(
        team_id=problem.teams[outing.shift.team].team_id,
        date=outing.shift.date,
        start=midnight + timedelta(seconds=outing.start_s),
        end=midnight + timedelta(seconds=outing.end_s),
        km=round(sum(float(problem.metres[a, b]) for a, b in legs) / 1000, 2),
        minutes=round((outing.end_s - outing.start_s) / 60, 1),
        visits=len(outing.candidates),
        geometry=line,
        streets=tuple(names),
    )


def report_of(problem: Problem, found: Solution) -> SolverReport:
    """How the plan was found, and what it is worth less what the teams' time costs, as the search counts it:
    from setting out to being back, and going out at all; appointments are no cost of the plan."""
    value = sum(problem.candidates[k].value for outing in found.outings for k in outing.candidates)
    cost_s = 0
    for outing in found.outings:
        met_s = sum(stop.leave_s - stop.arrive_s for stop in outing.stops if stop.candidate is None)
        cost_s += outing.end_s - outing.start_s - met_s
        cost_s += 0 if outing.shift.appointments else problem.settings.outing_s
    points = value - cost_s / problem.settings.point_s
    return SolverReport(round(found.seconds, 2), found.iterations, round(points, 2), problem.router.crow)


def timeline(problem: Problem, outings: Sequence[Outing]) -> tuple[tuple[Visit, ...], tuple[Route, ...]]:
    """Visits and routes of all outings, in their order."""
    visits = [visit for outing in outings for visit in visits_of(problem, outing)]
    return tuple(visits), tuple(route_of(problem, outing) for outing in outings)
