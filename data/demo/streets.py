"""The demonstration's street network: noded lines with names, classes and one-ways, and its house numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import shapely

from data.demo.rows import stable_id
from data.demo.street_lines import course_lines, grid_edges, old_grounds
from data.demo.street_table import COURSES, ONE_WAY, SOURCE, WARD_STREETS
from geo.crs import LONLAT, METRIC, transform
from geo.words import StreetClass

#: Dead ends of the grid shorter than this are left out.
_STUB_M = 50.0
#: A lane farther than this from every named street has no name.
_NAMED_WITHIN_M = 350.0
#: Metres of street front a house takes.
_FRONT_M = 9.0
#: Streets of the grid that get a name of their own lie at least this far apart.
_APART_M = 140.0

_Node = tuple[int, int]


@dataclass(frozen=True)
class Street:
    """A street in metres. ``trade``: how much business it draws."""

    name: str | None
    street_class: StreetClass
    oneway: bool
    line: shapely.LineString
    trade: float

    @cached_property
    def bare_name(self) -> str:
        """The name without "Đường" or "Phố", as addresses write it."""
        name = self.name or ""
        return name.split(" ", 1)[1] if name.startswith(("Đường ", "Phố ")) else name

    def house_number(self, metres: float, side: int) -> int:
        """Odd numbers on the left (``side`` 1), even ones on the right (``side`` -1)."""
        return 2 * int(metres / _FRONT_M) + (1 if side > 0 else 2)


@dataclass(frozen=True)
class _Piece:
    """A noded piece: its line, and the course (number) or grid line (number) that it is a part of."""

    line: shapely.LineString
    course: int | None
    grid_line: int | None

    @property
    def ends(self) -> tuple[_Node, _Node]:
        xy = shapely.get_coordinates(self.line)
        return _node(xy[0]), _node(xy[-1])


def _node(xy: Any) -> _Node:
    return round(float(xy[0])), round(float(xy[1]))


@cache
def streets(seed: int) -> tuple[Street, ...]:
    """All streets: courses, named streets of the grid, lanes."""
    noded = _largest(_without_stubs(_noded(seed)))
    courses = [
        Street(
            course.name,
            course.street_class,
            False,
            _merged(piece.line for piece in noded if piece.course == number),
            course.trade,
        )
        for number, course in enumerate(COURSES)
    ]
    named, rest = _named_runs(_runs(noded))
    return (*courses, *named, *_lanes(rest, [*courses, *named]))


def _noded(seed: int) -> list[_Piece]:
    courses = list(course_lines())
    edges, grid_line = grid_edges(seed)
    sources = np.array([*courses, *shapely.linestrings(edges)], dtype=object)
    lines = np.asarray(shapely.get_parts(shapely.union_all(sources, grid_size=0.1)), dtype=object)
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    piece, source = shapely.STRtree(sources).query(middles, predicate="dwithin", distance=1.0)
    # The nearest source, the course before the grid where both are as near.
    away = np.round(shapely.distance(middles[piece], sources[source]), 2)
    order = np.lexsort((source, away, piece))
    first = order[np.unique(piece[order], return_index=True)[1]]
    return [
        _Piece(lines[at], int(of), None)
        if of < len(courses)
        else _Piece(lines[at], None, int(grid_line[of - len(courses)]))
        for at, of in zip(piece[first], source[first], strict=True)
    ]


def _without_stubs(noded: list[_Piece]) -> list[_Piece]:
    while True:
        degree: dict[_Node, int] = defaultdict(int)
        for piece in noded:
            for end in piece.ends:
                degree[end] += 1
        kept = [
            piece
            for piece in noded
            if piece.course is not None
            or piece.line.length >= _STUB_M
            or min(degree[end] for end in piece.ends) > 1
        ]
        if len(kept) == len(noded):
            return kept
        noded = kept


def _groups(noded: Iterable[_Piece], walls: frozenset[_Node] = frozenset()) -> list[list[_Piece]]:
    """Pieces that hang together by their ends; at ``walls`` nothing hangs together."""
    above: dict[object, object] = {}

    def top(key: object) -> object:
        while above.setdefault(key, key) != key:
            above[key] = key = above[above[key]]
        return key

    listed = list(noded)
    for number, piece in enumerate(listed):
        for end in piece.ends:
            if end not in walls:
                above[top(number)] = top(end)
    found: dict[object, list[_Piece]] = defaultdict(list)
    for number, piece in enumerate(listed):
        found[top(number)].append(piece)
    return list(found.values())


def _largest(noded: list[_Piece]) -> list[_Piece]:
    return max(_groups(noded), key=len)


@dataclass(frozen=True)
class _Run:
    """A stretch of a grid line between two courses, inside one ward."""

    line: shapely.LineString
    ward: str


def _runs(noded: list[_Piece]) -> list[_Run]:
    walls = frozenset(end for piece in noded if piece.course is not None for end in piece.ends)
    grounds = old_grounds()
    names = list(grounds)
    tree = shapely.STRtree(list(grounds.values()))
    by_line: dict[tuple[int, str], list[_Piece]] = defaultdict(list)
    for piece in noded:
        if piece.grid_line is not None:
            middle = shapely.line_interpolate_point(piece.line, 0.5, normalized=True)
            by_line[piece.grid_line, names[int(tree.nearest(middle))]].append(piece)
    return [
        _Run(_merged(piece.line for piece in group), ward)
        for (_, ward), group in sorted(by_line.items(), key=lambda item: item[0])
        for group in _groups(group, walls)
    ]


def _merged(lines: Iterable[shapely.LineString]) -> shapely.LineString:
    """One line of pieces that follow on each other, in a direction that depends on nothing but its place."""
    merged = shapely.line_merge(shapely.union_all(list(lines)))
    longest = max(shapely.get_parts(merged), key=lambda part: part.length)
    xy = shapely.get_coordinates(longest)
    return shapely.reverse(longest) if tuple(xy[0]) < tuple(xy[-1]) else longest


def _named_runs(runs: list[_Run]) -> tuple[list[Street], list[_Run]]:
    """Streets of the grid that bear a ward's further names, the longest first; and the runs without one."""
    named, taken = [], set()
    for ward, names in WARD_STREETS.items():
        chosen: list[shapely.LineString] = []
        order = sorted(
            (n for n, run in enumerate(runs) if run.ward == ward), key=lambda n: -runs[n].line.length
        )
        for number in order:
            line = runs[number].line
            if len(chosen) < len(names) and all(line.distance(other) > _APART_M for other in chosen):
                name = names[len(chosen)]
                named.append(Street(name, StreetClass.STREET, name in ONE_WAY, line, 1.0))
                chosen.append(line)
                taken.add(number)
    return named, [run for number, run in enumerate(runs) if number not in taken]


def _lanes(runs: list[_Run], parents: list[Street]) -> list[Street]:
    """Lanes, named after the street they open on with the house number there: "Ngõ 12 Quang Trung"."""
    tree = shapely.STRtree([street.line for street in parents])
    used: set[tuple[str, int]] = set()
    lanes = []
    for run in sorted(runs, key=lambda run: tuple(shapely.get_coordinates(run.line)[0])):
        parent = parents[int(tree.nearest(run.line))]
        name, trade = None, 0.0
        if run.line.distance(parent.line) <= _NAMED_WITHIN_M:
            nearest = shapely.shortest_line(parent.line, run.line).interpolate(0)
            middle = run.line.interpolate(0.5, normalized=True)
            number = parent.house_number(parent.line.project(nearest), side_of(parent.line, middle))
            while (parent.bare_name, number) in used:
                number += 2
            used.add((parent.bare_name, number))
            name, trade = f"Ngõ {number} {parent.bare_name}", 0.25 * min(parent.trade, 4.0)
        lanes.append(Street(name, StreetClass.LANE, False, run.line, trade))
    return lanes


def side_of(line: shapely.LineString, point: shapely.Point) -> int:
    """1 where a point lies to the left of a line, -1 to the right."""
    at = line.project(point)
    start, end = (
        shapely.get_coordinates(line.interpolate(metres))[0]
        for metres in (max(at - 5, 0), min(at + 5, line.length))
    )
    way, off = end - start, np.array([point.x, point.y]) - start
    return 1 if way[0] * off[1] - way[1] * off[0] >= 0 else -1


def street_rows(seed: int) -> list[dict[str, Any]]:
    """Rows of the table ``streets``."""
    return [
        {
            "id": stable_id(seed, "street", number),
            "name": street.name,
            "street_class": street.street_class.value,
            "oneway": street.oneway,
            "geom": transform(street.line, METRIC, LONLAT),
            "source": SOURCE,
        }
        for number, street in enumerate(streets(seed))
    ]
