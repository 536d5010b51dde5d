"""Lines of the demonstration's streets in metres: courses through anchors, and a bent grid between them."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import shapely

from data.demo.rows import generator
from data.demo.street_table import COURSES, DENSE_WARDS
from data.demo.ward_shapes import Floats, district_outline, pieces

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: Distance of grid lines where houses stand closely; elsewhere every second line is left out.
_SPACING_M = 155.0
#: Streets end this far inside of the outline.
_MARGIN_M = 25.0
#: Grid lines that run along a course this near are left out.
_BESIDE_M = 55.0
#: A village: a disc of close streets in an outer ward.
_VILLAGE_M = 480.0


@cache
def old_grounds() -> dict[str, shapely.Polygon]:
    """Ground of the old wards by name, in metres."""
    names = sorted({piece.ward for piece in pieces()})
    return {name: shapely.union_all([p.ground for p in pieces() if p.ward == name]) for name in names}


@cache
def course_lines() -> tuple[shapely.LineString, ...]:
    """One smooth line a course, in the order of ``COURSES``."""
    return tuple(_smooth(np.array([_anchor(text) for text in course.anchors])) for course in COURSES)


def _anchor(text: str) -> Floats:
    wards, outside = text.rstrip("^").split("|"), text.endswith("^")
    grounds = [old_grounds()[ward] for ward in wards]
    outline = shapely.union_all(list(old_grounds().values()))
    if len(grounds) == 2:
        border = shapely.line_merge(shapely.intersection(*grounds))
        if not outside:
            return _xy(shapely.line_interpolate_point(border, 0.5, normalized=True))
        ends = shapely.points(shapely.get_coordinates(border)[[0, -1]])
        return _inside(_xy(ends[int(np.argmin(shapely.distance(ends, outline.exterior)))]), outline)
    middle = _xy(grounds[0].centroid)
    if not outside:
        return middle
    arc = shapely.line_merge(shapely.intersection(grounds[0].exterior, outline.exterior))
    longest = max(shapely.get_parts(arc), key=lambda part: part.length)
    return _inside(_xy(shapely.line_interpolate_point(longest, 0.5, normalized=True)), outline)


def _xy(point: shapely.Point) -> Floats:
    return np.array([point.x, point.y])


def _inside(point: Floats, outline: shapely.Polygon) -> Floats:
    """The point moved from the outline a little into the district."""
    return _xy(shapely.shortest_line(outline.buffer(-_MARGIN_M), shapely.Point(point)).interpolate(0))


def _smooth(points: Floats) -> shapely.LineString:
    """A Catmull-Rom curve through the points, a vertex about every 60 m."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    parts = []
    for before, here, there, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        steps = max(int(np.hypot(*(there - here)) / 60), 2)
        t = np.linspace(0, 1, steps, endpoint=False)[:, None]
        pull_in, pull_out = 0.4 * (there - before), 0.4 * (after - here)
        parts.append(
            (2 * t**3 - 3 * t**2 + 1) * here
            + (t**3 - 2 * t**2 + t) * pull_in
            + (3 * t**2 - 2 * t**3) * there
            + (t**3 - t**2) * pull_out
        )
    return shapely.LineString(np.vstack([*parts, points[-1:]]))


def grid_edges(seed: int) -> tuple[Floats, Ints]:
    """Edges of the bent grid: (n, 2, 2) metres, and (n,) the number of the grid line that each is a part of."""
    outline = district_outline()
    rng = generator(seed, "grid")
    middle = _xy(outline.centroid)
    half = int(np.ptp(shapely.get_coordinates(outline), axis=0).max() / 2 / _SPACING_M) + 6
    half += half % 2
    index = np.arange(-half, half + 1)
    node = _bent(index, middle, rng)
    close = _is_close(node)
    built = shapely.contains_xy(outline.buffer(-_MARGIN_M), node[..., 0], node[..., 1])
    even = index % 2 == 0
    edges, lines = [], []
    for axis in (0, 1):
        turned = node if axis == 0 else node.transpose(1, 0, 2)
        near = close if axis == 0 else close.T
        stands = built if axis == 0 else built.T
        for column in range(len(index)):
            start, end = turned[:-1, column], turned[1:, column]
            kept = (near[:-1, column] & near[1:, column]) | even[column]
            kept &= stands[:-1, column] & stands[1:, column]
            kept &= rng.random(len(kept)) > np.where(near[:-1, column], 0.1, 0.03)
            edges.append(np.stack([start[kept], end[kept]], axis=1))
            lines.append(np.full(kept.sum(), axis * 10_000 + column))
    every, line = np.concatenate(edges), np.concatenate(lines)
    free = ~_beside_course(every)
    return every[free], line[free]


def _bent(index: Ints, middle: Floats, rng: np.random.Generator) -> Floats:
    """Nodes of the grid, (n, n, 2), turned along the old highway and bent in long waves."""
    u, v = np.meshgrid(index * _SPACING_M, index * _SPACING_M, indexing="ij")
    phase = rng.uniform(0, 2 * np.pi, 4)
    bent_u = u + 70 * np.sin(v / 900 + phase[0]) + 35 * np.sin(v / 410 + phase[1])
    bent_v = v + 80 * np.sin(u / 1000 + phase[2]) + 30 * np.sin(u / 380 + phase[3])
    noise = rng.normal(0, 6, (*u.shape, 2))
    angle = np.radians(40)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(np.stack([bent_u, bent_v], axis=-1) @ turn + noise + middle)


def _is_close(node: Floats) -> Bools:
    """Whether each node lies in a closely built ward or in a village."""
    grounds = old_grounds()
    built = [grounds[name] for name in DENSE_WARDS]
    for name in sorted(set(grounds) - DENSE_WARDS):
        built += [shapely.Point(xy).buffer(_VILLAGE_M) for xy in _villages(name)]
    area = shapely.union_all(built)
    return np.asarray(shapely.contains_xy(area, node[..., 0], node[..., 1]))


def _villages(ward: str) -> list[Floats]:
    """Middles of villages: on the courses that run through an outer ward, about 1.3 km apart."""
    found: list[Floats] = []
    for line in course_lines():
        inside = line.intersection(old_grounds()[ward].buffer(-250))
        for part in shapely.get_parts(inside):
            for at in np.arange(350, part.length, 1_300):
                point = _xy(part.interpolate(at))
                if all(np.hypot(*(point - other)) > 1_100 for other in found):
                    found.append(point)
    return found


def _beside_course(edges: Floats) -> Bools:
    """Whether an edge runs along a course and near it, so that it would double it."""
    lines = np.array(course_lines(), dtype=object)
    middles = shapely.points(edges.mean(axis=1))
    pairs = shapely.STRtree(lines).query(middles, predicate="dwithin", distance=_BESIDE_M)
    beside = np.zeros(len(edges), dtype=bool)
    for edge, line in pairs.T:
        at = lines[line].project(middles[edge])
        along = _xy(lines[line].interpolate(at + 20)) - _xy(lines[line].interpolate(max(at - 20, 0)))
        way = edges[edge, 1] - edges[edge, 0]
        cosine = abs(along @ way) / (np.hypot(*along) * np.hypot(*way) + 1e-9)
        beside[edge] |= cosine > 0.8
    return beside
