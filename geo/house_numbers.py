"""Where a house number lies on a street: only between two numbers whose places are known.

In Vietnam even and odd numbers run along the two sides, rising from one end. So a number is placed between
the nearest known ones of its own side, and between any two where its side is not known. Numbers that
contradict the order of the others (a wrong point, an old numbering) are left out; where most contradict each
other nothing is placed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

#: A street whose pieces all lie this near to its longest line is measured along that line.
SPINE_WIDTH_M = 40.0
#: This share of the known numbers has to agree on the order along the street.
AGREEING_SHARE = 0.75
#: Points of one number further apart than this are not of one house.
SAME_HOUSE_M = 100.0

_NUMBER = re.compile(r"(\d{1,5})(?:[a-zđ]\d{0,2}|bis|ter)?(?:$|[\s/+.,-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Placed:
    """A number's place in metres (EPSG:3405) and the known numbers it lies between (equal: itself known)."""

    x: float
    y: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class _Known:
    number: int
    along: float
    x: float
    y: float


def leading_number(house: str) -> int | None:
    """The number a house is ordered by: 12 of "12A", 350 of "350-352"; None for "Km 10", "B20" or "26BT-04"."""
    found = _NUMBER.match(house.strip())
    return int(found[1]) if found else None


class HouseNumbers:
    """The known house numbers of one street.

    Parameters
    ----------
    line : the street in metres.
    known : number, x and y in metres; several points of a number count as their middle.
    """

    def __init__(self, line: shapely.Geometry, known: Iterable[tuple[int, float, float]]) -> None:
        self._line = line
        self._spine = _spine(line)
        points = _one_place_each(known)
        along = self._along([(x, y) for _, x, y in points])
        everything = [_Known(n, a, x, y) for (n, x, y), a in zip(points, along, strict=True)]
        self._exact = {known.number: known for known in everything}
        self._sides = [_in_order([k for k in everything if k.number % 2 == side]) for side in (0, 1)]
        self._both = _in_order(everything)

    def place(self, number: int) -> Placed | None:
        """The place of a number, None where no two known numbers enclose it."""
        itself = self._exact.get(number)
        if itself is not None:
            return Placed(itself.x, itself.y, number, number)
        for known in (self._sides[number % 2], self._both):
            at = bisect_right([k.number for k in known], number)
            if 0 < at < len(known):
                return self._between(known[at - 1], known[at], number)
        return None

    def _between(self, low: _Known, high: _Known, number: int) -> Placed:
        share = (number - low.number) / (high.number - low.number)
        if self._spine is not None:
            point = shapely.line_interpolate_point(self._spine, low.along + share * (high.along - low.along))
        else:
            straight = shapely.Point(low.x + share * (high.x - low.x), low.y + share * (high.y - low.y))
            point = shapely.shortest_line(self._line, straight).interpolate(0)
        return Placed(float(point.x), float(point.y), low.number, high.number)

    def _along(self, xy: Sequence[tuple[float, float]]) -> npt.NDArray[np.float64]:
        """Metres along the street; where it is no single line, along its longest direction."""
        if not xy:
            return np.empty(0)
        if self._spine is not None:
            return np.asarray(shapely.line_locate_point(self._spine, shapely.points(np.array(xy))))
        vertices = shapely.get_coordinates(self._line)
        middle = vertices.mean(axis=0)
        _, _, axes = np.linalg.svd(vertices - middle, full_matrices=False)
        return np.asarray((np.array(xy) - middle) @ axes[0])


def _spine(line: shapely.Geometry) -> Any:
    merged = shapely.get_parts(shapely.line_merge(line))
    longest = max(merged, key=shapely.length)
    return longest if shapely.covered_by(line, shapely.buffer(longest, SPINE_WIDTH_M)) else None


def _one_place_each(known: Iterable[tuple[int, float, float]]) -> list[tuple[int, float, float]]:
    places: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for number, x, y in known:
        places[number].append((x, y))
    result = []
    for number, points in sorted(places.items()):
        xy = np.array(points)
        if np.hypot(*np.ptp(xy, axis=0)) <= SAME_HOUSE_M:
            result.append((number, float(xy[:, 0].mean()), float(xy[:, 1].mean())))
    return result


def _in_order(known: list[_Known]) -> list[_Known]:
    """The longest run of numbers that rises or falls along the street; empty where too few agree."""
    rising = _longest_rising([k.along for k in known])
    falling = _longest_rising([-k.along for k in known])
    best = max(rising, falling, key=len)
    return [known[i] for i in best] if len(best) >= AGREEING_SHARE * len(known) else []


def _longest_rising(values: list[float]) -> list[int]:
    """Places of a longest non-falling subsequence (patience sorting)."""
    tops: list[float] = []
    holders: list[int] = []
    before = [-1] * len(values)
    for i, value in enumerate(values):
        pile = bisect_right(tops, value)
        before[i] = holders[pile - 1] if pile else -1
        tops[pile : pile + 1] = [value]
        holders[pile : pile + 1] = [i]
    chain = []
    at = holders[-1] if holders else -1
    while at >= 0:
        chain.append(at)
        at = before[at]
    return chain[::-1]
