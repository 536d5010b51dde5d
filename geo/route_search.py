"""Team orienteering: which optional clients to visit, by which vehicle, in what order, in a given time.

Chains of iterated local search (PyVRP's moves) in two processes, one beginning from VROOM's plan; penalties are
to the measure of the prizes. Each process keeps the routes it passes, hears of the other's, and where its chain
stands still puts plans together anew from all of them. tests/benchmarks/README.md says what each part brings.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import pyvrp

from geo.route_search_climb import NO_COST, Climb, Tuning
from geo.route_search_helper import Helper, Line, News, Task, start_helper
from geo.route_search_plans import FoundRoute, Plan, Watch, plan_of, solution_of
from geo.route_search_vroom import vroom_plan

__all__ = ["Found", "FoundRoute", "Plan", "Watch", "search"]

#: Seconds between two calls of the watch, and between two messages of the processes.
_WATCH_S, _TELL_S = 0.1, 0.3
#: Seconds kept back for the end of the second process and what the last step takes.
_MARGIN_S = 0.06
#: Below this a second process would hardly have begun.
_WORTH_HELP_S = 1.0
#: The second process's seed is the first's with other bits; this share of the time VROOM has at most.
_OTHER_SEED, _VROOM_SHARE = 0x9E3779B9, 0.2


@dataclass(frozen=True)
class Found:
    """The best plan seen.

    ``cost``: PyVRP's objective, prizes not collected included; ``feasible``: whether the plan keeps every
    limit (if not, it is the least bad one); ``iterations``: of all processes.
    """

    routes: tuple[FoundRoute, ...]
    cost: int
    feasible: bool
    seconds: float
    iterations: int


def search(
    data: pyvrp.ProblemData,
    *,
    seed: int,
    seconds: float,
    iterations: int | None = None,
    starts: Sequence[Plan] = (),
    cores: int = 1,
    watch: Watch | None = None,
) -> Found:
    """The best plan for a prize-collecting problem.

    Parameters
    ----------
    data : optional clients with prizes, groups, time windows, several vehicle types and profiles, limits of
        load, time and distance. Shipments and reloads are not supported.
    seconds : of wall clock for everything, the start of the second process included; not used where
        ``iterations`` is given.
    iterations : the same seed gives the same plan on any machine, in one process.
    starts : plans to begin from; what is wrong in them is left out (``solution_of``).
    cores : from 2 on a second process searches too; where it cannot be started, the search goes on alone.
    watch : called about ten times a second with the best cost so far; True stops with the best found.
    """
    clock = _Clock(seconds if iterations is None else math.inf, watch)
    helped = cores > 1 and iterations is None and seconds >= _WORTH_HELP_S
    helper = start_helper() if helped else None
    exchange = None
    try:
        climb = Climb(data, seed, [solution_of(data, plan) for plan in starts], Tuning())
        if helper is not None:
            helper.send(Task(data, seed ^ _OTHER_SEED, tuple(starts[1:]), _VROOM_SHARE * seconds))
            exchange = _Exchange(climb, helper)
        while not clock.over(climb) and (iterations is None or climb.iterations < iterations):
            climb.step()
            if climb.due():
                clock.recombine(climb)
            if exchange is not None:
                exchange.at(time.perf_counter())
        if helper is not None:
            helper.stop()
        if not clock.stopped:
            climb.recombine(lambda: clock.past(climb))
    finally:
        if helper is not None:
            helper.end()
    return _found(climb, clock, exchange.iterations if exchange is not None else 0)


def assist(task: Task, line: Line) -> None:
    """The second process: search, tell and hear until the first one is gone."""
    rough = [(route.vehicle_type, route.clients) for route in vroom_plan(task.data, task.rough_s)]
    plans = [solution_of(task.data, plan) for plan in (rough, *task.starts)]
    climb = Climb(task.data, task.seed, plans, Tuning())
    exchange = _Exchange(climb, line)
    while line.open:
        climb.step()
        if climb.due():
            climb.recombine(lambda: not line.open)
        exchange.at(time.perf_counter())


class _Exchange:
    """What one process tells the other, and what it hears: the best plan and the new routes."""

    def __init__(self, climb: Climb, line: Helper | Line) -> None:
        self._climb, self._line = climb, line
        self._told_at, self._told_cost = 0.0, NO_COST
        self.iterations = 0

    def at(self, now: float) -> None:
        """Tell and hear, if it is time."""
        if now - self._told_at < _TELL_S:
            return
        climb, self._told_at = self._climb, now
        best = plan_of(climb.best) if climb.best is not None and climb.best_cost < self._told_cost else None
        self._told_cost = climb.best_cost
        self._line.send(News(best, climb.pool.fresh(), climb.iterations))
        for news in self._line.news():
            climb.hear(news.plan, news.routes)
            self.iterations = news.iterations


class _Clock:
    """When to stop: the time is over, or the watch says so."""

    def __init__(self, seconds: float, watch: Watch | None) -> None:
        self._began = time.perf_counter()
        self._seconds, self._watch = seconds, watch
        self._watched = -math.inf
        self._longest = 0.0
        self.stopped = False

    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return time.perf_counter() - self._began

    def past(self, climb: Climb, reserve: float = 0.0) -> bool:
        """Whether all is over."""
        now = self.elapsed()
        if self._watch is not None and not self.stopped and now - self._watched >= _WATCH_S:
            self._watched = now
            self.stopped = self._watch(climb.best_cost if climb.best is not None else None)
        return self.stopped or now >= self._seconds - _MARGIN_S - reserve

    def over(self, climb: Climb) -> bool:
        """Whether only the time of a last recombination is left."""
        return self.past(climb, min(self._longest, self._seconds / 10))

    def recombine(self, climb: Climb) -> None:
        """Recombine, and remember how long that takes."""
        before = self.elapsed()
        climb.recombine(lambda: self.past(climb))
        self._longest = max(self._longest, self.elapsed() - before)


def _found(climb: Climb, clock: _Clock, helped: int) -> Found:
    plan, cost = climb.result()
    feasible = climb.best is not None
    return Found(plan_of(plan), cost, feasible, clock.elapsed(), climb.iterations + helped)
