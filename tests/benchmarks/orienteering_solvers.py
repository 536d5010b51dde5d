"""The project's search and three others on the same matrix; each gives routes as points of the instance."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from geo.route_search import search
from tests.benchmarks.orienteering_instances import Task, data_of

Routes = list[list[int]]
#: Task, seconds, seed.
Solver = Callable[[Task, float, int], Routes]


def ours(task: Task, seconds: float, seed: int) -> Routes:
    """The planner's own entry, with both cores; all it needs counts."""
    began = time.perf_counter()
    data = data_of(task)
    found = search(data, seed=seed, seconds=seconds - (time.perf_counter() - began), cores=2)
    return [[task.clients[client] for client in route.clients] for route in found.routes]


def pyvrp(task: Task, seconds: float, seed: int) -> Routes:
    """PyVRP as it comes."""
    from pyvrp import solve
    from pyvrp.stop import MaxRuntime

    best = solve(data_of(task), MaxRuntime(seconds), seed=seed, collect_stats=False, display=False).best
    if not best.is_feasible():
        return []
    return [[task.clients[step.idx] for step in route if step.is_client()] for route in best.routes()]


def vroom(task: Task, seconds: float, seed: int) -> Routes:
    """VROOM at its best level with both cores; it knows no seed."""
    from datetime import timedelta

    from vroom import Input, Job, TimeWindow, Vehicle

    problem = Input()
    problem.set_durations_matrix("car", task.between.astype(np.uint32))
    begin = int(task.opens[0])
    for number in range(1, task.teams + 1):
        if task.timed:
            shift = TimeWindow(begin, begin + task.limit)
            problem.add_vehicle(Vehicle(number, start=0, end=task.end, time_window=shift))
        else:
            problem.add_vehicle(Vehicle(number, start=0, end=task.end, max_travel_time=task.limit))
    for point in task.clients:
        window = TimeWindow(int(task.opens[point]), int(task.closes[point]))
        problem.add_job(
            Job(
                point,
                location=point,
                default_service=int(task.service[point]),
                priority=int(min(100, task.prize[point])),
                time_windows=[window] if task.timed else [],
            )
        )
    steps = problem.solve(5, 2, timedelta(seconds=seconds)).routes
    jobs = steps[steps["type"] == "job"]
    return [[int(point) for point in route["id"]] for _, route in jobs.groupby("vehicle_id", sort=True)]


def ortools(task: Task, seconds: float, seed: int) -> Routes:
    """OR-Tools' routing: parallel cheapest insertion, guided local search, visits dropped at their prize."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    points = [0, task.end, *task.clients]
    between = task.between[np.ix_(points, points)].tolist()
    service = task.service[points].tolist()
    manager = pywrapcp.RoutingIndexManager(len(points), task.teams, [0] * task.teams, [1] * task.teams)
    model = pywrapcp.RoutingModel(manager)

    def takes(start: int, end: int) -> int:
        a, b = manager.IndexToNode(start), manager.IndexToNode(end)
        return int(service[a] + between[a][b])

    transit = model.RegisterTransitCallback(takes)
    model.SetArcCostEvaluatorOfAllVehicles(transit)
    horizon = int(task.opens[0]) + task.limit
    model.AddDimension(transit, horizon, horizon, False, "time")
    times = model.GetDimensionOrDie("time")
    for node, point in enumerate(points[2:], start=2):
        index = manager.NodeToIndex(node)
        latest = min(horizon, int(task.closes[point]))
        times.CumulVar(index).SetRange(int(task.opens[point]) if task.timed else 0, latest)
        model.AddDisjunction([index], int(task.prize[point]) * task.limit)
    for vehicle in range(task.teams):
        times.CumulVar(model.Start(vehicle)).SetRange(int(task.opens[0]), horizon)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(int(seconds * 1000))
    found = model.SolveWithParameters(parameters)
    return [] if found is None else [_walk(model, manager, found, k, points) for k in range(task.teams)]


def _walk(model: object, manager: object, found: object, vehicle: int, points: list[int]) -> list[int]:
    index, route = model.Start(vehicle), []  # type: ignore[attr-defined]
    while not model.IsEnd(index):  # type: ignore[attr-defined]
        route.append(points[manager.IndexToNode(index)])  # type: ignore[attr-defined]
        index = found.Value(model.NextVar(index))  # type: ignore[attr-defined]
    return route[1:]


SOLVERS: dict[str, Solver] = {"ours": ours, "pyvrp": pyvrp, "vroom": vroom, "ortools": ortools}
