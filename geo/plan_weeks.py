"""A plan grows week by week: each calendar week is solved with what the weeks before have done."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from geo.plan_coverage import with_coverage
from geo.plan_dates import by_week, outings_needed
from geo.plan_problem import Problem
from geo.plan_repair import put_in, visited, within_quota
from geo.plan_solver import Progress, Solution, solve
from geo.plan_timetable import Outing
from geo.plan_types import Shift
from geo.words import VisitKind


@dataclass(frozen=True)
class Course:
    """The period and what the plan is to do in it.

    ``most_visits``: that are not owed, in the whole period; None: as many as the outings hold. ``counts``: of
    each ward, its premises and those inspected before the period.
    """

    first: date
    last: date
    most_visits: int | None
    counts: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Search:
    """How long to look, and from which seed; see ``plan_solver.solve``."""

    seed: int
    seconds: float
    iterations: int | None = None
    cores: int = 1
    watch: Progress | None = None


def plan_weeks(
    problem: Problem, pool: Sequence[int], course: Course, search: Search
) -> tuple[Problem, Solution]:
    """Choose and order visits for all the shifts.

    A period of at most ``settings.days_at_once`` days is solved as a whole; a longer one week by week, with
    coverage, quota and the drawn carried along.

    Returns
    -------
    The problem with the candidates' values as they were when they were chosen or last considered, and the
    outings.
    """
    growing = _Growing(problem, pool, course, search)
    for number in range(len(growing.weeks)):
        growing.plan_week(number)
    order = sorted(growing.outings, key=lambda outing: (outing.shift.date, outing.shift.team))
    return growing.problem, Solution(tuple(order), growing.seconds, growing.iterations)


class _Growing:
    """A plan so far. ``problem`` holds every candidate with the value it was chosen for."""

    def __init__(self, problem: Problem, pool: Sequence[int], course: Course, search: Search) -> None:
        self.base, self.problem = problem, problem
        self.pool, self.course, self.search = list(pool), course, search
        days = (course.last - course.first).days + 1
        whole = days <= problem.settings.days_at_once
        self.weeks = [list(problem.shifts)] if whole else by_week(problem.shifts)
        self.released = _releases(problem, pool, self.weeks, search.seed)
        self.outings: list[Outing] = []
        self.seconds, self.iterations, self.points = 0.0, 0, 0.0
        self.stopped = False

    def plan_week(self, number: int) -> None:
        shifts = self.weeks[number]
        seen = set(visited(self.outings))
        # A business on which the lot fell for a later week waits for it.
        waiting = {k for k, week in self.released.items() if week > number}
        businesses = {self.base.candidates[k].business_key for k in seen | waiting}
        pool = [k for k in self.pool if self.base.candidates[k].business_key not in businesses]
        self._value(shifts, number, seen)
        most = self._quota(number)
        found = solve(
            self.problem,
            pool,
            shifts,
            self._outings(shifts, pool, most),
            seed=self.search.seed + number,
            seconds=self._seconds(number),
            iterations=self._iterations(),
            cores=self.search.cores,
            watch=self._watch(number),
        )
        outings = self._with_the_fixed(list(found.outings), shifts, pool)
        if most is not None:
            outings = within_quota(self.problem, outings, most)
        self.outings += outings
        self.seconds += found.seconds
        self.iterations += found.iterations
        self.points = self._told

    def _value(self, shifts: Sequence[Shift], number: int, seen: set[int]) -> None:
        """Give the candidates that are still open the value they have this week."""
        last_week = number == len(self.weeks) - 1
        until = self.course.last if last_week else max(shift.date for shift in shifts)
        planned = Counter(
            str(self.base.candidates[k].ward_id)
            for k in seen
            if self.base.candidates[k].kind is not VisitKind.FOLLOW_UP
        )
        fresh = with_coverage(
            self.base.candidates,
            self.course.counts,
            planned,
            first=self.course.first,
            until=until if last_week else _sunday(until),
            settings=self.base.settings,
            gone=seen,
        )
        kept = [self.problem.candidates[k] if k in seen else one for k, one in enumerate(fresh)]
        self.problem = replace(self.problem, candidates=tuple(kept))

    def _quota(self, number: int) -> int | None:
        """Visits, those owed apart, that the plan may add this week."""
        if self.course.most_visits is None:
            return None
        so_far = sum(len(week) for week in self.weeks[: number + 1]) / max(len(self.base.shifts), 1)
        done = sum(not self.base.candidates[k].required for k in visited(self.outings))
        return max(math.ceil(self.course.most_visits * so_far - 1e-9) - done, 0)

    def _outings(self, shifts: Sequence[Shift], pool: Sequence[int], most: int | None) -> dict[int, int]:
        """How often each team may go out this week, appointments apart."""
        plain = Counter(shift.team for shift in shifts if not shift.appointments)
        if most is None:
            return dict(plain)
        teams = self.problem.teams
        seats = {teams[team].team_id: (times, teams[team].max_visits) for team, times in plain.items()}
        owed = sum(self.problem.candidates[k].required for k in pool)
        needed = outings_needed([self.problem.candidates[k] for k in pool], seats, most + owed)
        return {team: needed[teams[team].team_id] for team in plain}

    def _with_the_fixed(
        self, outings: list[Outing], shifts: Sequence[Shift], pool: Sequence[int]
    ) -> list[Outing]:
        """What a person has fixed comes in even where the search left it out."""
        inside = set(visited(outings))
        for candidate in pool:
            one = self.problem.candidates[candidate]
            asked = one.locked or one.kind is VisitKind.UNANNOUNCED
            if not asked or candidate in inside:
                continue
            if one.business_key in {self.problem.candidates[k].business_key for k in visited(outings)}:
                continue
            made = put_in(self.problem, outings, shifts, candidate)
            outings = outings if made is None else made
        return outings

    def _seconds(self, number: int) -> float:
        left = max(self.search.seconds - self.seconds, 0.0) / (len(self.weeks) - number)
        return 0.0 if self.stopped else left

    def _iterations(self) -> int | None:
        if self.search.iterations is None:
            return None
        return 0 if self.stopped else -(-self.search.iterations // len(self.weeks))

    def _watch(self, number: int) -> Progress | None:
        self._told = self.points
        watch = self.search.watch
        if watch is None:
            return None

        def told(share: float, points: float) -> bool:
            self._told = self.points + points
            whole = (number + share) / len(self.weeks)
            self.stopped = self.stopped or watch(min(whole, 1.0), round(self._told, 2))
            return self.stopped

        return told


def _releases(
    problem: Problem, pool: Sequence[int], weeks: Sequence[Sequence[Shift]], seed: int
) -> dict[int, int]:
    """The first week for each of the drawn, spread over the weeks by their shifts: the lot is no rush."""
    drawn = [k for k in pool if problem.candidates[k].drawn_at_random and not problem.candidates[k].required]
    random.Random(seed).shuffle(drawn)
    ends = [sum(len(week) for week in weeks[: n + 1]) for n in range(len(weeks))]
    released = {}
    for place, candidate in enumerate(drawn):
        at = (place + 0.5) / len(drawn) * (ends[-1] if ends else 0)
        wanted = next((n for n, end in enumerate(ends) if at < end), 0)
        own = problem.candidates[candidate].teams
        last = max(
            (n for n, week in enumerate(weeks) if any(problem.teams[s.team].team_id in own for s in week)),
            default=0,
        )
        released[candidate] = min(wanted, last)
    return released


def _sunday(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())
