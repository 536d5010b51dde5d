"""VROOM's plan, which the second process begins from: rough, but soon there and often in another region.

VROOM has no groups and no limit of distance beside time: of each group the first member with the highest prize
is offered, and what then breaks a limit is mended by the search.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

import numpy as np
import pyvrp

from geo.route_search_plans import FoundRoute

#: VROOM's most thorough level, and its scale of priorities.
_LEVEL, _TOP = 5, 100
#: Longest way and latest time, in VROOM's whole numbers of 32 bits.
_FAR = 1 << 31


def vroom_plan(data: pyvrp.ProblemData, seconds: float) -> tuple[FoundRoute, ...]:
    """A plan within about ``seconds``; empty where VROOM is not installed or does not take the problem."""
    try:
        import vroom

        problem, kinds = _problem(vroom, data)
        steps = problem.solve(_LEVEL, 1, timedelta(seconds=seconds)).routes
    except Exception:  # VROOM's own errors have no other base, and nothing depends on its plan.
        return ()
    jobs = steps[steps["type"] == "job"].groupby("vehicle_id", sort=True)["id"]
    return tuple(FoundRoute(kinds[int(number)], tuple(int(client) for client in ids)) for number, ids in jobs)


def _problem(vroom: Any, data: pyvrp.ProblemData) -> tuple[Any, list[int]]:
    """VROOM's problem, and the vehicle type of each of its vehicles."""
    problem = vroom.Input()
    timed = any(matrix.any() for matrix in data.duration_matrices())
    for profile, matrix in enumerate(data.duration_matrices() if timed else data.distance_matrices()):
        problem.set_durations_matrix(str(profile), np.clip(matrix, 0, _FAR).astype(np.uint32))
    kinds = [k for k, kind in enumerate(data.vehicle_types()) for _ in range(kind.num_available)]
    for number, k in enumerate(kinds):
        kind = data.vehicle_type(k)
        limit = (
            {"time_window": vroom.TimeWindow(kind.tw_early, min(_FAR, kind.tw_late))}
            if timed
            else {"max_travel_time": min(_FAR, kind.max_distance)}
        )
        problem.add_vehicle(
            vroom.Vehicle(
                number,
                start=data.depot(kind.start_depot).location,
                end=data.depot(kind.end_depot).location,
                profile=str(kind.profile),
                capacity=list(kind.capacity),
                **limit,
            )
        )
    top = max([1, *(client.prize for client in data.clients())])
    for number in _offered(data):
        client = data.client(number)
        window = vroom.TimeWindow(client.tw_early, min(_FAR, client.tw_late))
        problem.add_job(
            vroom.Job(
                number,
                location=client.location,
                default_service=client.service_duration,
                delivery=vroom.Amount(client.delivery),
                priority=_TOP if client.required else round(_TOP * client.prize / top),
                time_windows=[window] if timed else [],
            )
        )
    return problem, kinds


def _offered(data: pyvrp.ProblemData) -> list[int]:
    """Clients without a group, and of each group the first with the highest prize."""
    members: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, client in enumerate(data.clients()):
        members[("client", number) if client.group is None else ("group", client.group)].append(number)
    return [max(numbers, key=lambda one: (data.client(one).prize, -one)) for numbers in members.values()]
