"""One chain of iterated local search: PyVRP's moves and perturbations, and a pool of the routes it passes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pyvrp import CostEvaluator, ProblemData, RandomNumberGenerator, Solution
from pyvrp.search import (
    OPERATORS,
    LocalSearch,
    NeighbourhoodParams,
    PerturbationManager,
    PerturbationParams,
    compute_neighbours,
)

from geo.route_search_penalties import Penalties
from geo.route_search_plans import FoundRoute, solution_of
from geo.route_search_pool import RoutePool

#: Beyond any cost: that of no plan.
NO_COST = 1 << 62


@dataclass(frozen=True)
class Tuning:
    """How chains search.

    ``history``: of the late acceptance; ``neighbours``: of a client in the moves; ``perturbed``: most clients
    that are put in or taken out at random before a local search; ``penalty``: of a unit beyond a limit, in
    what a unit within it brings on average; ``feasible``: share of plans that should keep a limit;
    ``patience``: iterations without a better plan that end a chain; ``recombine``: most iterations between
    two recombinations; ``drawn``: share of the chains that begin from routes drawn from the pool, not from a
    random plan.
    """

    history: int = 50
    neighbours: int = 30
    perturbed: int = 25
    penalty: float = 3.0
    feasible: float = 0.65
    patience: int = 500
    recombine: int = 2000
    drawn: float = 0.7


class Climb:
    """Chains one after the other, and the best plan they have seen that keeps every limit.

    ``step`` once an iteration; ``recombine`` when ``due``.
    """

    def __init__(self, data: ProblemData, seed: int, starts: Sequence[Solution], tuning: Tuning) -> None:
        self.data, self.tuning, self.iterations = data, tuning, 0
        self.pool = RoutePool(data)
        self.best: Solution | None = None
        self.best_cost = NO_COST
        self._rng = RandomNumberGenerator(seed % (1 << 32))
        self._random = random.Random(seed)
        self._chain: Solution | None = None
        self._chain_cost, self._stalled = NO_COST, 0
        self._search = _local_search(data, self._rng, tuning)
        self._penalties = Penalties(data, tuning.penalty, tuning.feasible)
        self._free = CostEvaluator([0] * data.num_load_dimensions, 0, 0)
        self._share = max(1, data.num_vehicles // 8)
        for plan in starts:
            self._offer(plan)
        self._begin(self.best if self.best is not None else next(iter(starts), None))

    def _begin(self, start: Solution | None) -> None:
        """A new chain, from a random plan if none is given."""
        first = start if start is not None else Solution.make_random(self.data, self._rng)
        self._chain, self._chain_cost = None, NO_COST
        self._current = self._first = self._improved(first)
        self._history: list[Solution | None] = [None] * self.tuning.history
        self._place = self._stalled = self._unmixed = 0

    def _improved(self, solution: Solution) -> Solution:
        """The plan after a full local search that leaves no limit broken if it can."""
        better = self._search(solution, self._penalties.strict(), exhaustive=True)
        self._offer(better)
        return better

    def _offer(self, solution: Solution) -> bool:
        """Remember the plan if it is the best of the chain; whether it is the best of all."""
        if not solution.is_feasible() or not solution.is_complete():
            return False
        cost = int(self._free.cost(solution))
        if cost < self._chain_cost:
            self._chain, self._chain_cost, self._stalled = solution, cost, 0
        if cost >= self.best_cost:
            return False
        self.best, self.best_cost = solution, cost
        self.pool.add(solution.routes())
        return True

    def step(self) -> None:
        """One iteration: perturb, descend, accept late (Burke and Bykov 2017)."""
        self.iterations += 1
        self._stalled += 1
        self._unmixed += 1
        evaluator = self._penalties.evaluator()
        candidate = self._search(self._current, evaluator, exhaustive=False)
        self._penalties.show(candidate)
        if self.iterations % self._share == 0:
            self.pool.add(candidate.routes())
        if self._offer(candidate):
            candidate = self._improved(candidate)
        late = self._history[self._place]
        cost = evaluator.penalised_cost(candidate)
        current = evaluator.penalised_cost(self._current)
        limit = evaluator.penalised_cost(late if late is not None else self._first)
        if cost < limit or cost < current:
            self._current, current = candidate, cost
        if late is None or current < limit:
            self._history[self._place] = self._current
        self._place = (self._place + 1) % len(self._history)

    def due(self) -> bool:
        """Whether the chain stands still, or it is time to put routes together."""
        return self._stalled >= self.tuning.patience or self._unmixed >= self.tuning.recombine

    def recombine(self, stop: Callable[[], bool]) -> None:
        """Put the chain's and the overall best plan together anew from all routes seen.

        The search goes on from a plan that is better than all; else, if the chain stands still, with a new one.
        """
        before, over = self.best_cost, self._stalled >= self.tuning.patience
        self._unmixed = 0
        for plan in dict.fromkeys((self._chain, self.best)) if over else (self.best,):
            if plan is not None and self.data.num_vehicles > 1:
                found = self.pool.recombined(plan, self._random, stop)
                if found is not None:
                    self._offer(found)
                    self._improved(found)
        if self.best_cost < before:
            self._begin(self.best)
        elif over:
            again = self._random.random() < self.tuning.drawn
            self._begin(self.pool.drawn(self._random) if again else None)

    def hear(self, plan: Sequence[FoundRoute] | None, routes: Sequence[FoundRoute]) -> None:
        """Take in what another process found; the chain goes its own way."""
        self.pool.hear(routes)
        if plan is not None:
            heard = solution_of(self.data, [(route.vehicle_type, route.clients) for route in plan])
            cost = int(self._free.cost(heard))
            if cost < self.best_cost:
                self.best, self.best_cost = heard, cost

    def result(self) -> tuple[Solution, int]:
        """The best plan that keeps every limit, or the one the chain is at, and its cost."""
        if self.best is not None:
            return self.best, self.best_cost
        return self._current, int(self._free.penalised_cost(self._current))


def _local_search(data: ProblemData, rng: RandomNumberGenerator, tuning: Tuning) -> LocalSearch:
    neighbours = compute_neighbours(data, NeighbourhoodParams(num_neighbours=tuning.neighbours))
    perturbation = PerturbationManager(PerturbationParams(1, tuning.perturbed))
    search = LocalSearch(data, rng, neighbours, perturbation)
    for operator in OPERATORS:
        if operator.supports(data):
            search.add_operator(operator(data))
    return search
