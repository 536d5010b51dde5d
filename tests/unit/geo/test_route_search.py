"""Team orienteering: the search keeps every limit, never loses a plan it is given, and repeats itself."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import replace
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvrp
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import route_search_helper
from geo.route_search import Found, search
from geo.route_search_plans import plan_of, solution_of
from geo.route_search_pool import RoutePool
from geo.route_search_vroom import vroom_plan
from tests.benchmarks.orienteering import run, summary
from tests.benchmarks.orienteering_check import IllegalRoutesError, collected
from tests.benchmarks.orienteering_instances import read_instances

SHIFT_S = 8 * 3600


def town(
    clients: int, teams: int, *, seed: int = 0, each: int = 1, groups: int = 0, loads: int = 6
) -> pyvrp.ProblemData:
    """Clients around teams' bases in a town of 6 km, a third each with morning, afternoon or no window."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 6000, (teams + clients, 2))
    seconds = np.ceil(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) / 5).astype(np.int64)
    windows = [(0, SHIFT_S), (0, SHIFT_S // 2), (SHIFT_S // 2, SHIFT_S)]
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in xy],
        clients=[
            pyvrp.Client(
                location=teams + number,
                delivery=[1],
                service_duration=1800,
                tw_early=windows[number % 3][0],
                tw_late=windows[number % 3][1] - 1800,
                prize=int(rng.integers(1, 50)) * 3600,
                required=False,
                group=number // 2 if number < 2 * groups else None,
            )
            for number in range(clients)
        ],
        depots=[pyvrp.Depot(location=team) for team in range(teams)],
        vehicle_types=[
            pyvrp.VehicleType(
                each,
                capacity=[loads],
                start_depot=team,
                end_depot=team,
                tw_late=SHIFT_S,
                fixed_cost=600,
                unit_distance_cost=0,
                unit_duration_cost=1,
                profile=team % 2,
            )
            for team in range(teams)
        ],
        distance_matrices=[seconds, seconds],
        duration_matrices=[seconds, np.ceil(seconds * 1.3).astype(np.int64)],
        groups=[pyvrp.ClientGroup([2 * k, 2 * k + 1], required=False) for k in range(groups)],
    )


def assert_keeps_every_limit(data: pyvrp.ProblemData, found: Found) -> None:
    """By hand, apart from PyVRP's own judgement."""
    visits = [client for route in found.routes for client in route.clients]
    places = Counter(
        ("g", data.client(c).group) if data.client(c).group is not None else ("c", c) for c in visits
    )
    assert all(count == 1 for count in places.values()), "visited twice"
    used = Counter(route.vehicle_type for route in found.routes)
    for kind, count in used.items():
        assert count <= data.vehicle_type(kind).num_available
    for route in found.routes:
        kind = data.vehicle_type(route.vehicle_type)
        durations = data.duration_matrix(kind.profile)
        stops = [data.client(client) for client in route.clients]
        assert len(stops) <= kind.capacity[0]
        base = data.depot(kind.start_depot).location
        now = 0
        for here, there in pairwise([base, *(stop.location for stop in stops), base]):
            now += int(durations[here, there])
            for stop in stops:
                if stop.location == there:
                    assert now <= stop.tw_late, "too late"
                    now = max(now, stop.tw_early) + stop.service_duration
        assert now <= kind.tw_late, "back too late"


@settings(max_examples=15, deadline=None)
@given(
    clients=st.integers(1, 30),
    teams=st.integers(1, 3),
    each=st.integers(1, 3),
    seed=st.integers(0, 1000),
    data=st.data(),
)
def test_a_plan_keeps_windows_shifts_loads_groups_and_vehicles(
    clients: int, teams: int, each: int, seed: int, data: st.DataObject
) -> None:
    groups = data.draw(st.integers(0, clients // 2))
    problem = town(clients, teams, seed=seed, each=each, groups=groups)
    found = search(problem, seed=seed, seconds=0, iterations=120)
    assert found.feasible
    assert_keeps_every_limit(problem, found)
    every = sum(client.prize for client in problem.clients())
    assert found.cost <= every, "an empty plan would have been better"


def test_the_same_seed_gives_the_same_plan_whatever_time_and_cores() -> None:
    problem = town(40, 3, each=2, groups=5)
    once = search(problem, seed=7, seconds=0, iterations=1200)
    again = search(problem, seed=7, seconds=99, iterations=1200, cores=2, watch=lambda _: False)
    assert (once.routes, once.cost, once.iterations) == (again.routes, again.cost, again.iterations)
    assert once.iterations == 1200


def test_small_problems_are_solved_to_the_best_there_is() -> None:
    problem = town(6, 1, loads=4)
    every = sum(client.prize for client in problem.clients())
    best = 0
    for count in range(1, 5):
        for order in permutations(range(6), count):
            route = pyvrp.Route(problem, list(order), 0)
            if route.is_feasible():
                best = max(best, route.prizes() - route.duration_cost() - route.fixed_vehicle_cost())
    assert search(problem, seed=1, seconds=0, iterations=300).cost == every - best


def test_a_plan_to_begin_from_is_never_lost() -> None:
    problem = town(60, 3, each=2)
    good = search(problem, seed=1, seconds=0, iterations=2000)
    start = [(route.vehicle_type, route.clients) for route in good.routes]
    after = search(problem, seed=2, seconds=0, iterations=1, starts=[[], start])
    assert after.cost <= good.cost


def test_what_is_wrong_in_a_plan_to_begin_from_is_left_out() -> None:
    problem = town(20, 2, groups=2)
    start = [(0, [0, 1, 0, 99, -3, 5]), (0, [7]), (5, [8]), (1, [5, 6, 9])]
    routes = [
        (r.vehicle_type(), [s.idx for s in r if s.is_client()]) for r in solution_of(problem, start).routes()
    ]
    assert routes == [(0, [0, 5]), (1, [6, 9])]
    assert_keeps_every_limit(problem, search(problem, seed=1, seconds=0, iterations=50, starts=[start]))


def test_there_is_a_plan_where_nothing_can_be_visited_and_where_there_is_nobody() -> None:
    far = town(3, 1, loads=0)
    assert search(far, seed=1, seconds=0, iterations=20).routes == ()
    nobody = town(0, 1)
    assert search(nobody, seed=1, seconds=0.1).routes == ()


def test_the_watch_is_asked_often_and_stops_the_search_with_the_best() -> None:
    problem = town(80, 4, each=2)
    seen: list[tuple[float, int | None]] = []

    def watch(cost: int | None) -> bool:
        seen.append((time.perf_counter(), cost))
        return len(seen) >= 8

    began = time.perf_counter()
    found = search(problem, seed=1, seconds=60, watch=watch)
    assert time.perf_counter() - began < 30
    assert len(seen) == 8
    costs = [cost for _, cost in seen if cost is not None]
    assert costs == sorted(costs, reverse=True)
    assert found.feasible
    assert found.cost <= costs[-1]
    assert_keeps_every_limit(problem, found)


def test_two_processes_search_in_a_thread_and_leave_nothing_behind() -> None:
    problem = town(60, 3, each=2)
    found: list[Found] = []
    before = threading.active_count()
    thread = threading.Thread(target=lambda: found.append(search(problem, seed=1, seconds=2.5, cores=2)))
    thread.start()
    thread.join()
    assert_keeps_every_limit(problem, found[0])
    assert threading.active_count() == before


def test_where_no_second_process_can_be_started_the_first_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refused)
    problem = town(30, 2)
    assert search(problem, seed=1, seconds=1.0, cores=2).feasible


def test_a_second_process_that_breaks_off_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route_search_helper, "_START", "import sys; sys.exit(3)")
    problem = town(30, 2)
    assert search(problem, seed=1, seconds=1.5, cores=2).feasible


def test_a_first_plan_for_800_clients_and_40_outings_is_there_at_once() -> None:
    problem = town(800, 8, each=5, groups=50, loads=12)
    ready: list[float] = []
    began = time.perf_counter()

    def watch(cost: int | None) -> bool:
        if cost is not None:
            ready.append(time.perf_counter() - began)
        return bool(ready)

    found = search(problem, seed=1, seconds=60, watch=watch)
    # On an idle core this takes a third of a second; the machine may be busy.
    assert ready[0] < 10
    assert_keeps_every_limit(problem, found)
    assert found.cost < sum(client.prize for client in problem.clients()) / 2


def test_routes_of_different_plans_are_put_together() -> None:
    problem = town(40, 2, each=1)
    pool = RoutePool(problem)
    best = search(problem, seed=3, seconds=0, iterations=1500)
    halves = [solution_of(problem, [(r.vehicle_type, r.clients)]) for r in best.routes]
    for half in halves:
        pool.add(half.routes())
    poor = solution_of(problem, [(0, [0]), (1, [1])])
    together = pool.recombined(poor, random.Random(1), lambda: False)
    assert together is not None
    assert {tuple(s.idx for s in r if s.is_client()) for r in together.routes()} == {
        r.clients for r in best.routes
    }


def test_vroom_gives_a_plan_to_begin_from_and_none_where_it_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = town(30, 2, each=2, groups=4)
    rough = vroom_plan(problem, 1.0)
    plan = solution_of(problem, [(route.vehicle_type, route.clients) for route in rough])
    assert plan.is_feasible()
    assert plan_of(plan) == rough, "nothing had to be left out"
    assert plan.num_clients() > 0
    monkeypatch.setitem(sys.modules, "vroom", None)
    assert vroom_plan(problem, 1.0) == ()


LENGTHS = """n 5
m 1
tmax 8.0
0 0 0
1 0 5
2 0 7
3 0 1
4 0 0
"""
WINDOWS = """4 1 3 1
0 200
  0 0.00 0.00 0.00 0.00 0 0 0 100
  1 1.00 1.00 10.00 20.00 1 1 1 0 5
  2 2.00 2.00 10.00 30.00 1 1 1 12 13
  3 3.00 3.00 10.00 40.00 1 1 1 0 3
"""


def test_the_benchmark_reads_both_formats_and_believes_no_claim(tmp_path: Path) -> None:
    (tmp_path / "p4.1.x.txt").write_text(LENGTHS)
    (tmp_path / "toptw_x.txt").write_text(WINDOWS)
    (tmp_path / "best_known.csv").write_text("instance,teams,best_known\np4.1.x.txt,1,13\ntoptw_x.txt,1,50\n")
    lengths, windows = read_instances(tmp_path)
    assert collected(lengths, [[1, 2, 3]]) == 13
    assert collected(lengths, [[3, 1, 2]]) == 13, "3 + 2 + 1 + 2 = 8, just the longest route"
    assert collected(windows, [[1, 2]]) == 50, "1.4 + 10 + 1.4 = 12.8, before 13"
    for instance, routes, reason in [
        (lengths, [[3, 1, 3]], "twice"),
        (lengths, [[1], [2]], "2 routes"),
        (lengths, [[2, 1, 3, 0]], "none of the instance"),
        (windows, [[2, 1]], "after 5"),
        (windows, [[3]], "after 3"),
    ]:
        with pytest.raises(IllegalRoutesError, match=reason):
            collected(instance, routes)
    with pytest.raises(IllegalRoutesError, match="longest"):
        collected(replace(lengths, longest=7.9, closes=lengths.closes + 9), [[3, 1, 2]])
    told = summary([run(instance, "ours", 0.4, 1) for instance in (lengths, windows)])
    assert told["mean_gap_percent"] == {"ours": 0.0}
    assert set(told["by_set"]) == {"p4", "toptw"}
