"""Plans as plain numbers (vehicle type, client numbers) and as PyVRP's solutions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyvrp

#: Vehicle type and client numbers of every route.
Plan = Sequence[tuple[int, Sequence[int]]]
#: Called with the cost of the best plan that keeps every limit, None before there is one; True ends the search.
Watch = Callable[[int | None], bool]


@dataclass(frozen=True)
class FoundRoute:
    """A vehicle's clients in order, counted from 0 among the data's clients."""

    vehicle_type: int
    clients: tuple[int, ...]


def clients_of(route: pyvrp.Route) -> tuple[int, ...]:
    """The clients of a route in order."""
    return tuple(step.idx for step in route if step.is_client())


def plan_of(solution: pyvrp.Solution) -> tuple[FoundRoute, ...]:
    """The solution as plain numbers."""
    return tuple(FoundRoute(route.vehicle_type(), clients_of(route)) for route in solution.routes())


def solution_of(data: pyvrp.ProblemData, plan: Plan) -> pyvrp.Solution:
    """The plan as PyVRP's.

    A plan from elsewhere may name a client twice, two of a group, a client that is not there, or more vehicles
    than there are: the later ones are left out, so what comes back is whole but for time, load and distance.
    """
    left = [kind.num_available for kind in data.vehicle_types()]
    taken: set[tuple[str, int]] = set()
    routes = []
    for vehicle_type, clients in plan:
        if not 0 <= vehicle_type < len(left) or left[vehicle_type] == 0:
            continue
        kept = []
        for client in clients:
            if not 0 <= client < data.num_clients:
                continue
            group = data.client(client).group
            place = ("client", client) if group is None else ("group", group)
            if place not in taken:
                taken.add(place)
                kept.append(client)
        if kept:
            left[vehicle_type] -= 1
            routes.append(pyvrp.Route(data, kept, vehicle_type))
    return pyvrp.Solution(data, routes)
