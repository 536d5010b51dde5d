"""Team orienteering: the planner's own search beside PyVRP, VROOM and OR-Tools, in one run, as JSON.

``python -m tests.benchmarks.orienteering DIR --seconds 5 --json [--solvers ours,pyvrp,vroom,ortools]
[--seed N] [--only GLOB]``. DIR holds instances and best_known.csv (instance,teams,best_known). The solvers take
turns on each instance, each with the same wall clock; every answer is checked on the instance's raw numbers,
and one that breaks a rule collects nothing.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.orienteering_check import IllegalRoutesError, collected
from tests.benchmarks.orienteering_instances import Instance, read_instances, task_of
from tests.benchmarks.orienteering_solvers import SOLVERS


@dataclass(frozen=True)
class Run:
    """One solver on one instance. ``illegal``: the rule that was broken, None if none was."""

    instance: str
    family: str
    teams: int
    solver: str
    best_known: float
    prize: float
    gap_percent: float
    seconds: float
    illegal: str | None


def run(instance: Instance, solver: str, seconds: float, seed: int) -> Run:
    """Solve and check; ``gap_percent``: of the best known prize, negative where it was beaten."""
    task = task_of(instance)
    began = time.perf_counter()
    routes = SOLVERS[solver](task, seconds, seed)
    took = time.perf_counter() - began
    illegal = None
    try:
        prize = collected(instance, routes)
    except IllegalRoutesError as broken:
        prize, illegal = 0.0, str(broken)
    return Run(
        instance=instance.name,
        family=instance.family,
        teams=instance.teams,
        solver=solver,
        best_known=instance.best_known,
        prize=prize,
        gap_percent=round(100 * (instance.best_known - prize) / instance.best_known, 4),
        seconds=round(took, 3),
        illegal=illegal,
    )


def summary(runs: list[Run]) -> dict[str, Any]:
    """Mean gaps of each solver, over all and by set, with every run."""
    families = sorted({one.family for one in runs})
    return {
        "mean_gap_percent": _means(runs),
        "by_set": {family: _means([one for one in runs if one.family == family]) for family in families},
        "runs": [asdict(one) for one in runs],
    }


def _means(runs: list[Run]) -> dict[str, float]:
    solvers = dict.fromkeys(one.solver for one in runs)
    return {
        solver: round(statistics.fmean(one.gap_percent for one in runs if one.solver == solver), 4)
        for solver in solvers
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--solvers", default=",".join(SOLVERS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="*")
    parser.add_argument("--json", action="store_true", help="JSON only, else a line a run before it")
    args = parser.parse_args()
    solvers = args.solvers.split(",")
    unknown = sorted(set(solvers) - set(SOLVERS))
    if unknown:
        parser.error(f"unknown solvers: {', '.join(unknown)}")
    runs = []
    for instance in read_instances(args.folder, args.only):
        for solver in solvers:
            runs.append(run(instance, solver, args.seconds, args.seed))
            if not args.json:
                one = runs[-1]
                print(f"{one.instance} {one.teams} {solver}: {one.prize:g} of {one.best_known:g}", flush=True)
    print(json.dumps(summary(runs), indent=2))


if __name__ == "__main__":
    main()
