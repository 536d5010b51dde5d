"""Published team orienteering instances, and the one matrix of whole numbers that all solvers get."""

from __future__ import annotations

import csv
import fnmatch
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyvrp

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Whole numbers to a unit of length where lengths are real numbers.
_CHAO_UNITS = 100_000


@dataclass(frozen=True)
class Instance:
    """An instance with a number of teams.

    ``xy``: (n, 2), the first point is the start; ``end``: the point where routes end. ``longest``: of a route,
    None where only the time windows limit it. ``decimals``: to which distances are cut off, None: not at all.
    """

    name: str
    teams: int
    best_known: float
    xy: Floats
    prize: Floats
    service: Floats
    opens: Floats
    closes: Floats
    end: int
    longest: float | None
    decimals: int | None

    @property
    def family(self) -> str:
        """The set: ``p4``, ``toptw``."""
        return self.name.replace("_", ".").split(".")[0]


@dataclass(frozen=True)
class Task:
    """An instance in whole numbers: what every solver gets.

    ``between``: (n, n) durations; ``clients``: points with a prize that can be visited at all; ``limit``: of
    a route's duration.
    """

    teams: int
    end: int
    between: Ints
    clients: tuple[int, ...]
    prize: Ints
    service: Ints
    opens: Ints
    closes: Ints
    limit: int

    @property
    def timed(self) -> bool:
        """Whether there are time windows or services, or only lengths."""
        points = list(self.clients)
        return bool((self.opens[points] > 0).any() or self.service[points].any())


def read_instances(folder: Path, only: str = "*") -> Iterator[Instance]:
    """The rows of best_known.csv whose file name fits ``only``, with their files."""
    with (folder / "best_known.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            name = row["instance"].removesuffix(".txt")
            if fnmatch.fnmatch(name, only.removesuffix(".txt")):
                instance = read_instance(folder / f"{name}.txt", int(row["teams"]))
                yield replace(instance, best_known=float(row["best_known"]))


def read_instance(path: Path, teams: int) -> Instance:
    """A file of Chao's (``n``, ``m``, ``tmax``, then x y prize) or with time windows (id x y service prize
    ... open close, the first row the depot)."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if lines[0][0] == "n":
        return _chao(path.stem, teams, lines)
    return _windows(path.stem, teams, lines)


def _chao(name: str, teams: int, lines: list[list[str]]) -> Instance:
    header = {line[0]: float(line[1]) for line in lines[:3]}
    table = np.array([[float(cell) for cell in line[:3]] for line in lines[3:]])
    zero = np.zeros(len(table))
    return Instance(
        name=name,
        teams=teams,
        best_known=0.0,
        xy=table[:, :2],
        prize=table[:, 2],
        service=zero,
        opens=zero,
        closes=np.full(len(table), header["tmax"]),
        end=len(table) - 1,
        longest=header["tmax"],
        decimals=None,
    )


def _windows(name: str, teams: int, lines: list[list[str]]) -> Instance:
    rows = [[float(cell) for cell in line] for line in lines if len(line) >= 7]
    column = [np.array([row[place] for row in rows]) for place in (1, 2, 3, 4, -2, -1)]
    x, y, service, prize, opens, closes = column
    return Instance(
        name=name,
        teams=teams,
        best_known=0.0,
        xy=np.column_stack([x, y]),
        prize=prize,
        service=service,
        opens=opens,
        closes=closes,
        end=0,
        longest=None,
        # Solomon's are published with one decimal, Cordeau's (pr01 to pr20) with two.
        decimals=2 if name.removeprefix("toptw_").startswith("pr") else 1,
    )


def task_of(instance: Instance) -> Task:
    """The instance in whole numbers; real lengths are rounded up, so that what is legal here is legal there."""
    apart = np.hypot(*(instance.xy[:, None] - instance.xy[None]).transpose(2, 0, 1))
    if instance.decimals is None:
        units = _CHAO_UNITS
        between = np.ceil(apart * units - 1e-6).astype(np.int64)
    else:
        units = 10**instance.decimals
        between = np.floor(apart * units + 1e-9).astype(np.int64)
    service, opens, closes = (
        np.round(part * units).astype(np.int64) for part in (instance.service, instance.opens, instance.closes)
    )
    end = instance.end
    longest = instance.longest if instance.longest is not None else instance.closes[end] - instance.opens[0]
    limit = int(longest * units + 1e-6)
    arrive = np.maximum(opens, opens[0] + between[0])
    back = arrive + service + between[:, end] - opens[0]
    possible = (arrive <= closes) & (back <= limit) & (instance.prize > 0)
    possible[[0, end]] = False
    return Task(
        teams=instance.teams,
        end=end,
        between=between,
        clients=tuple(int(point) for point in np.flatnonzero(possible)),
        prize=instance.prize.astype(np.int64),
        service=service,
        opens=opens,
        closes=closes,
        limit=limit,
    )


def data_of(task: Task) -> pyvrp.ProblemData:
    """The task as PyVRP's; a point of prize is worth the longest route, so that length decides ties only."""
    clients = [
        pyvrp.Client(
            location=point,
            service_duration=int(task.service[point]),
            tw_early=int(task.opens[point]),
            tw_late=int(task.closes[point]),
            prize=int(task.prize[point]) * task.limit,
            required=False,
        )
        for point in task.clients
    ]
    begin = int(task.opens[0])
    vehicles = (
        pyvrp.VehicleType(task.teams, start_depot=0, end_depot=0, tw_early=begin, tw_late=begin + task.limit)
        if task.timed
        else pyvrp.VehicleType(task.teams, start_depot=0, end_depot=1, max_distance=task.limit)
    )
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in task.prize],
        clients=clients,
        depots=[pyvrp.Depot(location=0), pyvrp.Depot(location=task.end)],
        vehicle_types=[vehicles],
        distance_matrices=[task.between],
        duration_matrices=[task.between if task.timed else np.zeros_like(task.between)],
    )
