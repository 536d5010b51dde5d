"""Prize-collecting routes: which candidates, by which team's outing, in what order. PyVRP inside.

A team's outings in the period are interchangeable vehicles of one type, at most its slots many. Every
candidate is an optional client with its value as prize, one client for each of its windows and one group for
each business, of which at most one is visited. A client outside a team's area is infinitely far for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyvrp
from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria, NoImprovement

from geo.plan_types import Candidate, PlanningSettings, TeamDays, Window

Ints = npt.NDArray[np.int64]

#: Seconds, and cost, of a way that a team may not go; far beyond any shift.
_NEVER_S = 1_000_000
_NEVER_COST = 1 << 40
#: A required or drawn visit counts as much as so many of the best others.
_OBLIGED = 10
#: Iterations without a better plan after which the rest of the time is given back.
_PATIENCE = 3000


@dataclass(frozen=True)
class Choice:
    """A client of the solver: a candidate (its index) in one of its windows."""

    candidate: int
    window: Window
    service_s: int


@dataclass(frozen=True)
class Outing:
    """A day route without a date. ``choices`` in order, ``arrive_s`` beside them; seconds from midnight of
    the shift's first day."""

    team: int
    choices: tuple[Choice, ...]
    arrive_s: tuple[int, ...]
    start_s: int
    end_s: int


@dataclass(frozen=True)
class Solution:
    """Outings found, and how."""

    outings: tuple[Outing, ...]
    seconds: float
    iterations: int


@dataclass(frozen=True)
class Problem:
    """Candidates and teams with the travel between them.

    ``travel_s``: (t + c, t + c) whole minutes in seconds, the teams' bases first. ``outings``: (t,) how often
    each team may go out, at most its days.
    """

    candidates: tuple[Candidate, ...]
    teams: tuple[TeamDays, ...]
    travel_s: Ints
    settings: PlanningSettings
    outings: tuple[int, ...]

    def choices(self, candidate: int) -> list[Choice]:
        """The candidate in each of its windows."""
        one = self.candidates[candidate]
        service_s = self.settings.service_s(one.type, one.kind)
        return [Choice(candidate, window, service_s) for window in self.settings.windows_of(one.type)]

    def may_visit(self, team: int, candidate: int) -> bool:
        """Jurisdiction."""
        return self.teams[team].team_id in self.candidates[candidate].teams

    def timetable(self, team: int, choices: Sequence[Choice]) -> Outing | None:
        """Times of an outing that is back as early as can be and sets out as late as that allows; None where
        it breaks the shift, a window, the area or the daily limit."""
        shift = self.teams[team].shift
        allowed = all(self.may_visit(team, choice.candidate) for choice in choices)
        if not allowed or len(choices) > self.teams[team].max_visits:
            return None
        places = [team, *(len(self.teams) + choice.candidate for choice in choices), team]
        legs = [int(self.travel_s[a, b]) for a, b in pairwise(places)]
        now, arrive = shift.open_s, []
        for leg, choice in zip(legs, choices, strict=False):
            arrive.append(max(now + leg, choice.window.open_s))
            now = arrive[-1] + choice.service_s
            if now > choice.window.close_s:
                return None
        end_s = now + legs[-1]
        if end_s > shift.close_s:
            return None
        for k in range(len(choices) - 2, -1, -1):
            latest = arrive[k + 1] - legs[k + 1] - choices[k].service_s
            arrive[k] = min(latest, choices[k].window.close_s - choices[k].service_s)
        start_s = arrive[0] - legs[0] if arrive else shift.open_s
        return Outing(team, tuple(choices), tuple(arrive), start_s, end_s)

    def alone(self, candidate: int) -> bool:
        """Whether some team that has outings could make the visit if it did nothing else."""
        return any(
            outings > 0 and self.timetable(number, [choice]) is not None
            for number, outings in enumerate(self.outings)
            for choice in self.choices(candidate)
        )


def solve(
    problem: Problem,
    *,
    seed: int,
    seconds: float,
    iterations: int | None = None,
    watch: Callable[[float], bool] | None = None,
) -> Solution:
    """Choose and order visits.

    Parameters
    ----------
    seconds : most wall clock for the search, less once it stands still; not used where ``iterations`` is
        given: then the same seed gives the same outings on any machine.
    watch : called in every iteration with the best objective so far (cost, lower is better); True ends the
        search with the best found.
    """
    choices = [choice for number in range(len(problem.candidates)) for choice in problem.choices(number)]
    choices = [choice for choice in choices if _possible(problem, choice)]
    if not choices:
        return Solution((), 0.0, 0)
    data = _data(problem, choices)
    limit = (
        MultipleCriteria([MaxRuntime(seconds), NoImprovement(_PATIENCE)])
        if iterations is None
        else MaxIterations(iterations)
    )

    def stop(best_cost: float) -> bool:
        return limit(best_cost) or (watch is not None and watch(best_cost))

    result = pyvrp.solve(data, stop, seed=seed % (1 << 32), collect_stats=False, display=False)
    types = _types(problem)
    outings = []
    for route in result.best.routes():
        stops = [choices[step.idx] for step in route.schedule() if step.is_client()]
        outing = feasible_part(problem, types[route.vehicle_type()], stops)
        if outing is not None:
            outings.append(outing)
    return Solution(tuple(outings), float(result.runtime), int(result.num_iterations))


def feasible_part(problem: Problem, team: int, choices: Sequence[Choice]) -> Outing | None:
    """The outing through the choices, or, where it cannot be made, through as many as fit, taken in order.

    A search that was cut off early may hand back a route that does not keep the rules; a plan never does.
    """
    whole = problem.timetable(team, choices)
    if whole is not None:
        return whole if choices else None
    kept: list[Choice] = []
    best = None
    for choice in choices:
        attempt = problem.timetable(team, [*kept, choice])
        if attempt is not None:
            kept.append(choice)
            best = attempt
    return best


def _possible(problem: Problem, choice: Choice) -> bool:
    return any(
        outings > 0 and problem.timetable(number, [choice]) is not None
        for number, outings in enumerate(problem.outings)
    )


def _data(problem: Problem, choices: Sequence[Choice]) -> pyvrp.ProblemData:
    count = len(problem.teams)
    groups: dict[str, list[int]] = {}
    for number, choice in enumerate(choices):
        groups.setdefault(problem.candidates[choice.candidate].business_key, []).append(number)
    shared = [members for members in groups.values() if len(members) > 1]
    group_of = {number: place for place, members in enumerate(shared) for number in members}
    prizes = _prizes(problem)
    clients = [
        pyvrp.Client(
            location=count + choice.candidate,
            delivery=[1],
            service_duration=choice.service_s,
            tw_early=choice.window.open_s,
            tw_late=choice.window.close_s - choice.service_s,
            prize=prizes[choice.candidate],
            required=False,
            group=group_of.get(number),
        )
        for number, choice in enumerate(choices)
    ]
    types = _types(problem)
    matrices = [_matrices(problem, team) for team in types]
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in range(len(problem.travel_s))],
        clients=clients,
        depots=[pyvrp.Depot(location=number) for number in range(count)],
        vehicle_types=[_vehicles(problem, team, profile) for profile, team in enumerate(types)],
        distance_matrices=[distance for distance, _ in matrices],
        duration_matrices=[duration for _, duration in matrices],
        groups=[pyvrp.ClientGroup(members, required=False) for members in shared],
    )


def _types(problem: Problem) -> list[int]:
    """Teams that go out at all, in the order of the solver's vehicle types."""
    return [number for number, outings in enumerate(problem.outings) if outings > 0]


def _vehicles(problem: Problem, number: int, profile: int) -> pyvrp.VehicleType:
    team = problem.teams[number]
    return pyvrp.VehicleType(
        num_available=problem.outings[number],
        capacity=[team.max_visits],
        start_depot=number,
        end_depot=number,
        fixed_cost=problem.settings.outing_s,
        tw_early=team.shift.open_s,
        tw_late=team.shift.close_s,
        unit_distance_cost=1,
        unit_duration_cost=1,
        profile=profile,
    )


def _matrices(problem: Problem, team: int) -> tuple[Ints, Ints]:
    """A team's ways: their cost beyond time, which is the ban on leaving its area, and their seconds."""
    allowed = np.ones(len(problem.travel_s), dtype=bool)
    for candidate in range(len(problem.candidates)):
        allowed[len(problem.teams) + candidate] = problem.may_visit(team, candidate)
    banned = ~(allowed[:, None] & allowed[None, :])
    np.fill_diagonal(banned, False)
    duration = np.where(banned, _NEVER_S, problem.travel_s)
    np.fill_diagonal(duration, 0)
    return np.where(banned, _NEVER_COST, 0).astype(np.int64), duration.astype(np.int64)


def _prizes(problem: Problem) -> list[int]:
    points = [candidate.value for candidate in problem.candidates]
    extra = _OBLIGED * max(points, default=0.0)
    worth = [
        value + (extra if candidate.required or candidate.drawn_at_random else 0.0)
        for value, candidate in zip(points, problem.candidates, strict=True)
    ]
    return [round(value * problem.settings.point_s) for value in worth]
