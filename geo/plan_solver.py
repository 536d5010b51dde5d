"""Prize-collecting routes: which candidates, on which team's outing, in what order. ``route_search`` inside.

The vehicles are stretches: a team's day, or where appointments cut it, each part between two of them, which
starts and ends where they are. Stretches that differ in nothing but their day are interchangeable. Every
candidate is an optional client with its value as prize, one client for each of its windows and one group for
each business, of which at most one is visited. What a team may not visit on a day is infinitely far for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from time import perf_counter

import numpy as np
import numpy.typing as npt
import pyvrp

from geo.plan_dates import assign_days
from geo.plan_problem import NEVER_S, Problem, Refusal
from geo.plan_settings import Window
from geo.plan_timetable import Outing, times
from geo.plan_types import Shift
from geo.route_search import Found, search

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
#: Share of the time gone (0-1) and points of the best plan so far; True ends the search.
Progress = Callable[[float, float], bool]

#: Cost of a way that a team may not go.
_NEVER_COST = 1 << 40
#: A required or drawn visit counts as much as so many of the best others.
_OBLIGED = 10
#: A search by the clock ends before its time after standing still for so many seconds a client and one more,
#: or for this share of its time.
_PATIENCE_S = 0.02
_PATIENCE_SHARE = 0.5


@dataclass(frozen=True)
class Solution:
    """Outings found, those with appointments among them, by day and team; and how."""

    outings: tuple[Outing, ...]
    seconds: float
    iterations: int


@dataclass(frozen=True)
class _Stretch:
    """What makes vehicles interchangeable. ``seats``: visits at most; ``allowed``: bytes of a row of flags."""

    team: int
    start_place: int
    end_place: int
    hours: Window
    seats: int
    fixed_cost: int
    allowed: bytes


@dataclass(frozen=True)
class _Client:
    """A candidate in one of its windows. ``spot``: its place among those of the search."""

    candidate: int
    window: Window
    spot: int


def solve(
    problem: Problem,
    pool: Sequence[int],
    shifts: Sequence[Shift],
    most_outings: Mapping[int, int],
    *,
    seed: int,
    seconds: float,
    iterations: int | None = None,
    cores: int = 1,
    watch: Progress | None = None,
) -> Solution:
    """Choose visits and put them on the outings.

    Parameters
    ----------
    pool : numbers of the candidates to choose from.
    shifts : those to plan; the ones with appointments go out in any case.
    most_outings : by team number, how many shifts without appointments it may use.
    seconds : most wall clock for the search; not used where ``iterations`` is given: then the same seed gives
        the same outings on any machine.
    watch : called while the search runs.
    """
    search_space = _Space(problem, pool, shifts, most_outings)
    found = Found((), 0, True, 0.0, 0)
    if search_space.clients and search_space.kinds:
        found = search(
            search_space.data(),
            seed=seed,
            seconds=seconds,
            iterations=iterations,
            cores=cores,
            watch=search_space.watcher(watch, seconds, iterations),
        )
        if watch is not None and found.feasible:
            watch(1.0, search_space.points(found.cost))
    stops = search_space.stops(found)
    outings = []
    for shift in shifts:
        own = stops.get(shift, [])
        if own or shift.appointments:
            outings.append(feasible_part(problem, shift, own))
    kept = tuple(outing for outing in outings if outing.stops)
    return Solution(kept, found.seconds, found.iterations)


def feasible_part(problem: Problem, shift: Shift, candidates: Sequence[int]) -> Outing:
    """The outing through the candidates, or, where it cannot be made, through as many as fit, taken in order.

    A search that was cut off early may hand back a route that does not keep the rules; a plan never does.
    """
    whole = times(problem, shift, candidates)
    if not isinstance(whole, Refusal):
        return whole
    best = times(problem, shift, [])
    assert not isinstance(best, Refusal)
    for candidate in candidates:
        attempt = times(problem, shift, [*best.candidates, candidate])
        if not isinstance(attempt, Refusal):
            best = attempt
    return best


class _Space:
    """A problem as the search sees it: kinds of stretches with their shifts, and clients."""

    def __init__(
        self,
        problem: Problem,
        pool: Sequence[int],
        shifts: Sequence[Shift],
        most_outings: Mapping[int, int],
    ) -> None:
        self.problem, self.pool = problem, list(pool)
        self._spots()
        members: dict[_Stretch, list[Shift]] = defaultdict(list)
        for shift in shifts:
            for stretch in self._stretches(shift):
                members[stretch].append(shift)
        self.kinds = self._within(members, most_outings)
        self.clients = [
            _Client(candidate, window, spot)
            for spot, (candidate, gap) in enumerate(self.spots)
            for window in problem.open_hours(candidate, gap)
            if self._possible(candidate, window, spot)
        ]

    def _spots(self) -> None:
        """One for every candidate, and one more for every further pause among the teams that may visit it:
        a visit in one team's pause is another's to make."""
        gaps = {team.team_id: team.gap for team in self.problem.teams}
        self.spots: list[tuple[int, Window | None]] = []
        for candidate in self.pool:
            own = {gaps[name] for name in self.problem.candidates[candidate].teams if name in gaps}
            order = sorted(own, key=lambda gap: (-1, -1) if gap is None else (gap.open_s, gap.close_s))
            self.spots += [(candidate, gap) for gap in order]

    def _allowed(self, shift: Shift) -> Bools:
        team = self.problem.teams[shift.team]
        flags = [gap == team.gap and self._may(shift, candidate) for candidate, gap in self.spots]
        return np.array(flags, dtype=bool)

    def _may(self, shift: Shift, candidate: int) -> bool:
        one = self.problem.candidates[candidate]
        return self.problem.teams[shift.team].team_id in one.teams and one.open_on(shift.date)

    def _stretches(self, shift: Shift) -> list[_Stretch]:
        problem, team = self.problem, self.problem.teams[shift.team]
        if shift.most_visits <= 0:
            return []
        allowed = self._allowed(shift).tobytes()
        start, end = problem.start_place(shift.team), problem.end_place(shift.team)
        if not shift.appointments:
            fixed = problem.settings.outing_s
            return [_Stretch(shift.team, start, end, team.shift, shift.most_visits, fixed, allowed)]
        knots = [(start, Window(team.shift.open_s, team.shift.open_s))]
        knots += [(problem.appointment_place(k), problem.meeting_hours(k)) for k in shift.appointments]
        knots += [(end, Window(team.shift.close_s, team.shift.close_s))]
        free = []
        for (here, before), (there, after) in pairwise(knots):
            hours = Window(max(before.close_s, team.shift.open_s), min(after.open_s, team.shift.close_s))
            if hours.open_s + int(problem.travel_s[here, there]) < hours.close_s:
                free.append((here, there, hours))
        lengths = [hours.close_s - hours.open_s for _, _, hours in free]
        seats = _shared(shift.most_visits, lengths)
        return [
            _Stretch(shift.team, here, there, hours, most, 0, allowed)
            for (here, there, hours), most in zip(free, seats, strict=True)
            if most > 0
        ]

    def _within(
        self, members: Mapping[_Stretch, list[Shift]], most_outings: Mapping[int, int]
    ) -> list[tuple[_Stretch, list[Shift], int]]:
        """Kinds with their shifts and how many of them may be used. Where a team may not go out on all its
        days, those come first on which more of what is owed may be visited."""
        owed = np.array([self._obliged(candidate) for candidate, _ in self.spots], dtype=bool)
        left = dict(most_outings)
        kinds = []
        for stretch, shifts in sorted(
            members.items(), key=lambda item: (-int((_flags(item[0].allowed) & owed).sum()), item[1][0].date)
        ):
            many = len(shifts)
            if stretch.fixed_cost:
                many = min(many, left.get(stretch.team, many))
                left[stretch.team] = left.get(stretch.team, many) - many
            if many > 0 and _flags(stretch.allowed).any():
                kinds.append((stretch, shifts, many))
        return kinds

    def _possible(self, candidate: int, window: Window, spot: int) -> bool:
        problem, place = self.problem, self.problem.candidate_place(candidate)
        service_s = problem.service_s(candidate)
        for stretch, _, _ in self.kinds:
            if not _flags(stretch.allowed)[spot]:
                continue
            out_s = int(problem.travel_s[stretch.start_place, place])
            back_s = int(problem.travel_s[place, stretch.end_place])
            leave_s = max(stretch.hours.open_s + out_s, window.open_s) + service_s
            if leave_s <= window.close_s and leave_s + back_s <= stretch.hours.close_s:
                return True
        return False

    def _obliged(self, candidate: int) -> bool:
        one = self.problem.candidates[candidate]
        return one.required or one.drawn_at_random

    def data(self) -> pyvrp.ProblemData:
        """The instance for the search."""
        problem = self.problem
        ends = sorted({place for kind, _, _ in self.kinds for place in (kind.start_place, kind.end_place)})
        depot_of = {place: number for number, place in enumerate(ends)}
        places = np.array([*ends, *(problem.candidate_place(candidate) for candidate, _ in self.spots)])
        travel_s = problem.travel_s[np.ix_(places, places)]
        groups: dict[str, list[int]] = defaultdict(list)
        for number, client in enumerate(self.clients):
            groups[problem.candidates[client.candidate].business_key].append(number)
        shared = [members for members in groups.values() if len(members) > 1]
        group_of = {number: place for place, members in enumerate(shared) for number in members}
        prizes = self._prizes()
        rows = list(dict.fromkeys(kind.allowed for kind, _, _ in self.kinds))
        matrices = [_matrices(travel_s, len(ends), _flags(row)) for row in rows]
        return pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0) for _ in places],
            clients=[
                pyvrp.Client(
                    location=len(ends) + client.spot,
                    delivery=[1],
                    service_duration=problem.service_s(client.candidate),
                    tw_early=client.window.open_s,
                    tw_late=client.window.close_s - problem.service_s(client.candidate),
                    prize=prizes[client.candidate],
                    required=False,
                    group=group_of.get(number),
                )
                for number, client in enumerate(self.clients)
            ],
            depots=[pyvrp.Depot(location=number) for number in range(len(ends))],
            vehicle_types=[
                pyvrp.VehicleType(
                    num_available=many,
                    capacity=[kind.seats],
                    start_depot=depot_of[kind.start_place],
                    end_depot=depot_of[kind.end_place],
                    fixed_cost=kind.fixed_cost,
                    tw_early=kind.hours.open_s,
                    tw_late=kind.hours.close_s,
                    unit_distance_cost=1,
                    unit_duration_cost=1,
                    profile=rows.index(kind.allowed),
                )
                for kind, _, many in self.kinds
            ],
            distance_matrices=[distance for distance, _ in matrices],
            duration_matrices=[duration for _, duration in matrices],
            groups=[pyvrp.ClientGroup(members, required=False) for members in shared],
        )

    def _prizes(self) -> dict[int, int]:
        extra = self._extra()
        worth = {k: self.problem.candidates[k].value + extra * self._obliged(k) for k in self.pool}
        return {k: round(value * self.problem.settings.point_s) for k, value in worth.items()}

    def _extra(self) -> float:
        return _OBLIGED * max((self.problem.candidates[k].value for k in self.pool), default=0.0)

    def watcher(
        self, watch: Progress | None, seconds: float, iterations: int | None
    ) -> Callable[[int | None], bool]:
        """``watch`` as the search calls it; ends a search by the clock that has stood still for long."""
        patience_s = min(_PATIENCE_SHARE * seconds, 1.0 + _PATIENCE_S * len(self.clients))
        began = bettered = perf_counter()
        best: int | None = None
        calls = 0

        def told(cost: int | None) -> bool:
            nonlocal best, bettered, calls
            now = perf_counter()
            calls += 1
            if cost is not None and (best is None or cost < best):
                best, bettered = cost, now
            gone = calls / iterations if iterations else (now - began) / max(seconds, 1e-9)
            points = 0.0 if best is None else self.points(best)
            stop = watch is not None and watch(min(gone, 1.0), points)
            stale = iterations is None and best is not None and now - bettered > patience_s
            return stop or stale

        return told

    def points(self, cost: int) -> float:
        """The objective of a plan in points of value.

        What is owed counts as plain visits: else it would drown all the others.
        """
        return round(self._most - cost / self.problem.settings.point_s, 2)

    @cached_property
    def _most(self) -> float:
        prizes = self._prizes()
        owed = {client.candidate for client in self.clients if self._obliged(client.candidate)}
        every = sum(prizes[client.candidate] for client in self.clients) / self.problem.settings.point_s
        return every - self._extra() * len(owed)

    def stops(self, found: Found) -> dict[Shift, list[int]]:
        """The candidates of every shift in order: the routes of each kind spread over its days."""
        routes: dict[int, list[tuple[int, ...]]] = defaultdict(list)
        for route in found.routes:
            routes[route.vehicle_type].append(tuple(self.clients[k].candidate for k in route.clients))
        parts: dict[Shift, list[tuple[int, list[int]]]] = defaultdict(list)
        for number, own in sorted(routes.items()):
            kind, shifts, _ = self.kinds[number]
            by_day = {shift.date: shift for shift in shifts}
            values = [sum(self.problem.candidates[k].value for k in stops) for stops in own]
            days: list[date] = assign_days(values, sorted(by_day))
            for day, stops in zip(days, own, strict=True):
                parts[by_day[day]].append((kind.hours.open_s, list(stops)))
        return {shift: [k for _, stops in sorted(pieces) for k in stops] for shift, pieces in parts.items()}


def _shared(most: int, lengths: Sequence[int]) -> list[int]:
    """``most`` visits shared out by length, the largest remainders first."""
    total = sum(lengths)
    if not total:
        return []
    exact = [most * length / total for length in lengths]
    seats = [int(share) for share in exact]
    for k in sorted(range(len(exact)), key=lambda k: seats[k] - exact[k])[: most - sum(seats)]:
        seats[k] += 1
    return seats


def _flags(row: bytes) -> Bools:
    return np.frombuffer(row, dtype=bool)


def _matrices(travel_s: Ints, ends: int, allowed: Bools) -> tuple[Ints, Ints]:
    """A kind's ways: their cost beyond time, which is the ban on going there, and their seconds."""
    open_to = np.r_[np.ones(ends, dtype=bool), allowed]
    banned = ~(open_to[:, None] & open_to[None, :]) | (travel_s >= NEVER_S)
    np.fill_diagonal(banned, False)
    duration = np.where(banned, NEVER_S, travel_s)
    np.fill_diagonal(duration, 0)
    return np.where(banned, _NEVER_COST, 0).astype(np.int64), duration.astype(np.int64)
