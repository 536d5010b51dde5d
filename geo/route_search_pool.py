"""Routes that keep every limit, collected from all plans seen, and plans put together anew from them.

Two routes of the plan at a time are taken out and the best pair of the pool put in their place; clients that
are visited twice then are dropped from the later route. For two teams that is the exact set packing over the
pool, for more a local search in it; sums of whole numbers only, so that it gives the same on any machine.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyvrp

from geo.route_search_plans import FoundRoute, clients_of, solution_of

Floats = npt.NDArray[np.float64]

#: Numbers that the pool's table may hold: 80,000 routes of 100 clients, 10,000 of 800.
_TABLE = 8_000_000
#: Routes that are tried in pairs: those that bring most to what is left of the plan.
_TRIED = 500
#: Pairs of a plan's routes that are taken out in one recombination; with up to 6 vehicles that is all.
_PAIRS = 15

#: Best partners among which one is drawn.
_DRAWN = 5


class RoutePool:
    """Feasible routes by vehicle type and clients visited, the cheapest order of each.

    ``worth[r, p]``: what route r collects at place p, a client or a group; ``net[r]``: all that less the
    route's cost. Worths are PyVRP's prizes; a required client counts more than all prizes together.
    """

    def __init__(self, data: pyvrp.ProblemData) -> None:
        self._data = data
        clients = data.clients()
        every = sum(client.prize for client in clients)
        groups = {client.group for client in clients if client.group is not None}
        column = {group: place for place, group in enumerate(sorted(groups))}
        free = iter(range(len(column), len(column) + len(clients)))
        self._place = np.array([column[c.group] if c.group is not None else next(free) for c in clients], int)
        needed = [c.required or (c.group is not None and data.group(c.group).required) for c in clients]
        self._prize = [c.prize + (every + 1 if must else 0) for c, must in zip(clients, needed, strict=True)]
        self._places = int(self._place.max(initial=-1)) + 1
        self._capacity = max(1000, _TABLE // max(1, self._places))
        self._seen: set[tuple[int, str]] = set()
        self._fresh: list[FoundRoute] = []
        self._rows: dict[tuple[int, frozenset[int]], int] = {}
        self.routes: list[FoundRoute] = []
        self._cost: list[int] = []
        self._worth = np.zeros((256, self._places))
        self._net = np.zeros(256)
        self._type = np.zeros(256, int)

    def __len__(self) -> int:
        return len(self.routes)

    def add(self, routes: Iterable[pyvrp.Route]) -> None:
        """Keep the routes that are new and keep every limit."""
        for route in routes:
            key = (route.vehicle_type(), str(route))
            if key not in self._seen and route.is_feasible():
                self._seen.add(key)
                clients = clients_of(route)
                if clients and self._keep(route, clients):
                    self._fresh.append(FoundRoute(route.vehicle_type(), clients))

    def hear(self, routes: Iterable[FoundRoute]) -> None:
        """Keep routes that another pool found."""
        for found in routes:
            self._keep(pyvrp.Route(self._data, list(found.clients), found.vehicle_type), found.clients)

    def fresh(self) -> tuple[FoundRoute, ...]:
        """The routes added, not heard, since the last call."""
        fresh, self._fresh = tuple(self._fresh), []
        return fresh

    def _keep(self, route: pyvrp.Route, clients: tuple[int, ...]) -> bool:
        key = (route.vehicle_type(), frozenset(clients))
        cost = _cost(route)
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self._new_row()
            self.routes.append(FoundRoute(route.vehicle_type(), clients))
            self._cost.append(cost)
            self._type[row] = route.vehicle_type()
            self._worth[row, self._place[list(clients)]] = [self._prize[client] for client in clients]
        elif cost < self._cost[row]:
            self.routes[row] = FoundRoute(route.vehicle_type(), clients)
            self._cost[row] = cost
        else:
            return False
        self._net[row] = self._worth[row].sum() - cost
        return True

    def _new_row(self) -> int:
        if len(self.routes) >= self._capacity:
            self._forget()
        row = len(self.routes)
        if row == len(self._net):
            self._worth = np.vstack([self._worth, np.zeros_like(self._worth)])
            self._net = np.append(self._net, np.zeros_like(self._net))
            self._type = np.append(self._type, np.zeros_like(self._type))
        return row

    def _forget(self) -> None:
        """Make room: the older half goes."""
        half = len(self.routes) // 2
        self.routes, self._cost = self.routes[half:], self._cost[half:]
        for table in (self._worth, self._net, self._type):
            table[: len(self.routes)] = table[half : half + len(self.routes)].copy()
            table[len(self.routes) :] = 0
        self._rows = {key: row - half for key, row in self._rows.items() if row >= half}
        self._seen.clear()

    def recombined(
        self, solution: pyvrp.Solution, rng: random.Random, stop: Callable[[], bool]
    ) -> pyvrp.Solution | None:
        """A plan from the pool's routes that is worth more than ``solution``; None where none was found.

        ``stop`` is asked before each pair. The plan may break a limit where leaving out a client that would be
        visited twice lengthens a route.
        """
        plan = [FoundRoute(route.vehicle_type(), clients_of(route)) for route in solution.routes()]
        idle = min(2, self._data.num_vehicles - len(plan))
        worth = np.zeros((len(plan) + idle, self._places))
        net = np.zeros(len(worth))
        for row, route in enumerate(solution.routes()):
            visited = list(plan[row].clients)
            worth[row, self._place[visited]] = [self._prize[client] for client in visited]
            net[row] = worth[row].sum() - _cost(route)
        slots: list[FoundRoute | None] = [*plan, *[None] * idle]
        pairs = list(combinations(range(len(slots)), 2))
        improved = False
        again = bool(self.routes)
        while again:
            again = False
            for pair in pairs if len(pairs) <= _PAIRS else rng.sample(pairs, _PAIRS):
                if stop():
                    break
                found = self._best_pair(slots, worth, net, pair)
                if found is not None:
                    self._replace(slots, worth, net, pair, found)
                    again = improved = True
        if not improved:
            return None
        return solution_of(self._data, [(r.vehicle_type, r.clients) for r in slots if r is not None])

    def drawn(self, rng: random.Random) -> pyvrp.Solution | None:
        """A plan to begin anew from: a route drawn from the better half, then each time one of the few that
        are worth most beside those drawn. None while the pool is empty."""
        count = len(self.routes)
        if not count:
            return None
        spare = np.array([kind.num_available for kind in self._data.vehicle_types()])
        taken = np.zeros(self._places)
        plan: list[FoundRoute] = []
        for _ in range(self._data.num_vehicles):
            alone = self._net[:count] - self._worth[:count] @ taken
            alone[spare[self._type[:count]] <= 0] = -np.inf
            best = np.argsort(-alone, kind="stable")[: _DRAWN if plan else max(1, count // 2)]
            row = int(best[rng.randrange(len(best))])
            if alone[row] <= 0:
                break
            plan.append(self.routes[row])
            spare[self._type[row]] -= 1
            taken = np.maximum(taken, self._worth[row] > 0)
        return solution_of(self._data, [(route.vehicle_type, route.clients) for route in plan])

    def _best_pair(
        self, slots: list[FoundRoute | None], worth: Floats, net: Floats, pair: tuple[int, int]
    ) -> tuple[int, int] | None:
        """The pool's two routes that are worth most beside the plan's others; None if the plan's own are."""
        count = len(self.routes)
        rest = [row for row in range(len(slots)) if row not in pair]
        taken = (worth[rest] > 0).any(axis=0)
        spare = np.array([kind.num_available for kind in self._data.vehicle_types()])
        for row in rest:
            if (route := slots[row]) is not None:
                spare[route.vehicle_type] -= 1
        alone = np.where(
            spare[self._type[:count]] > 0, self._net[:count] - self._worth[:count] @ taken, -np.inf
        )
        tried = np.argsort(-alone, kind="stable")[:_TRIED]
        tried = tried[np.isfinite(alone[tried])]
        table, kinds = self._worth[tried] * ~taken, self._type[tried]
        both = alone[tried][:, None] + alone[tried][None, :] - (table > 0).astype(float) @ table.T
        both[(kinds[:, None] == kinds[None, :]) & (spare[kinds] < 2)[:, None]] = -np.inf
        if not both.size:
            return None
        first, second = divmod(int(both.argmax()), len(tried))
        if both[first, second] <= net[list(pair)].sum():
            return None
        return int(tried[first]), int(tried[second])

    def _replace(
        self,
        slots: list[FoundRoute | None],
        worth: Floats,
        net: Floats,
        pair: tuple[int, int],
        found: tuple[int, int],
    ) -> None:
        """Put the pool's two routes in the places of the plan's two; what is visited already counts once."""
        taken = (worth[[row for row in range(len(slots)) if row not in pair]] > 0).any(axis=0)
        for slot, row in zip(pair, found, strict=True):
            slots[slot] = self.routes[row]
            worth[slot] = self._worth[row] * ~taken
            net[slot] = worth[slot].sum() - self._cost[row]
            taken = taken | (worth[slot] > 0)


def _cost(route: pyvrp.Route) -> int:
    return int(route.distance_cost() + route.duration_cost() + route.fixed_vehicle_cost())
