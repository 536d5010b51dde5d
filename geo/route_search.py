"""Team orienteering: which optional clients to visit, by which vehicle, in what order. PyVRP inside."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyvrp
from pyvrp.stop import MaxIterations

#: A plan to begin from: vehicle type and client numbers of every route.
Plan = Sequence[tuple[int, Sequence[int]]]
#: Called with the cost of the best plan that keeps every limit, None before there is one; True ends the search.
Watch = Callable[[int | None], bool]


@dataclass(frozen=True)
class FoundRoute:
    """A vehicle's clients in order, counted from 0 among the data's clients."""

    vehicle_type: int
    clients: tuple[int, ...]


@dataclass(frozen=True)
class Found:
    """The best plan seen. ``cost``: PyVRP's, uncollected prizes included; ``feasible``: keeps every limit."""

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
    """The best plan that can be found in ``seconds``."""
    began = time.perf_counter()
    limit = MaxIterations(iterations) if iterations is not None else None

    def stop(cost: float) -> bool:
        best = int(cost) if cost < float(1 << 62) else None
        if watch is not None and watch(best):
            return True
        return limit(cost) if limit else time.perf_counter() - began >= seconds

    plans = [_solution(data, plan) for plan in starts]
    plans = [plan for plan in plans if plan.is_feasible()]
    free = pyvrp.CostEvaluator([0] * data.num_load_dimensions, 0, 0)
    start = min(plans, key=free.cost, default=None)
    result = pyvrp.solve(data, stop, seed=seed % (1 << 32), collect_stats=False, initial_solution=start)
    feasible = result.best.is_feasible()
    routes = tuple(
        FoundRoute(route.vehicle_type(), tuple(step.idx for step in route.schedule() if step.is_client()))
        for route in result.best.routes()
    )
    cost = int(free.penalised_cost(result.best))
    return Found(routes, cost, feasible, time.perf_counter() - began, int(result.num_iterations))


def _solution(data: pyvrp.ProblemData, plan: Plan) -> pyvrp.Solution:
    """The plan as PyVRP's; clients named twice or of a group already visited, and vehicles too many, are left out."""
    left = [kind.num_available for kind in data.vehicle_types()]
    seen: set[int] = set()
    groups: set[int] = set()
    routes = []
    for vehicle_type, clients in plan:
        kept = []
        for client in clients:
            group = data.client(client).group if client < data.num_clients else None
            if client < data.num_clients and client not in seen and group not in groups:
                kept.append(client)
                seen.add(client)
                if group is not None:
                    groups.add(group)
        if kept and left[vehicle_type] > 0:
            left[vehicle_type] -= 1
            routes.append(pyvrp.Route(data, kept, vehicle_type))
    return pyvrp.Solution(data, routes)
