"""Road stretches: the part of a named street between two points ("đường A, đoạn từ B đến C")."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from shapely.ops import substring

from geo.crs import LONLAT, METRIC, transform
from geo.errors import InputError
from geo.messages import msg
from geo.shapes import Shapes, metric_shapes

#: A chosen point this near to the street lies on it.
NEAR_M = 80.0
#: Pieces of one street whose ends are this near belong together: a junction, a roundabout.
_GAP_M = 45.0
#: Another street this near crosses or meets it.
_MEETS_M = 15.0


@dataclass(frozen=True)
class Crossing:
    """A street that meets another one, and where (EPSG:4326)."""

    name: str
    point: shapely.Point


def stretch_between(
    streets: gpd.GeoDataFrame, name: str, start: shapely.Point, end: shapely.Point
) -> shapely.LineString:
    """The shortest way along the street ``name`` from ``start`` to ``end`` (EPSG:4326).

    ``streets``: columns name, geometry (lines). Raises InputError ``no_street`` when there is none of that
    name, ``off_street`` when a point is farther than ``NEAR_M`` from it, ``broken_street`` when no way leads
    along it.
    """
    own = streets[streets["name"].eq(name)]
    if own.empty:
        raise InputError("no_street", msg("Không có đường {name} trong dữ liệu đường.", name=name))
    ends = [transform(point, LONLAT, METRIC) for point in (start, end)]
    pieces = _noded(metric_shapes(own))
    for point in ends:
        if min(shapely.distance(pieces, point)) > NEAR_M:
            raise InputError(
                "off_street",
                msg("Điểm đã chọn cách {name} quá {n} m.", name=name, n=round(NEAR_M)),
                hint=msg("Chọn hai điểm ngay trên đường."),
            )
        pieces = _cut_at(pieces, point)
    line = _way(pieces, *ends)
    if line is None:
        raise InputError(
            "broken_street",
            msg("Trong dữ liệu, {name} không liền giữa hai điểm này.", name=name),
            hint=msg("Vẽ đoạn đường bằng tay."),
        )
    found: shapely.LineString = transform(line, METRIC, LONLAT)
    return found


def nearest_street(streets: gpd.GeoDataFrame, points: list[shapely.Point]) -> str | None:
    """The named street that is nearest to all of ``points``, None when none is within ``NEAR_M`` of each."""
    named = streets[streets["name"].notna()]
    if named.empty:
        return None
    lines = metric_shapes(named)
    by_point = [shapely.distance(lines, transform(point, LONLAT, METRIC)) for point in points]
    reach = pd.DataFrame({str(i): distances for i, distances in enumerate(by_point)})
    # A street is as near as its nearest piece is to each point.
    farthest = reach.groupby(named["name"].to_numpy()).min().max(axis=1)
    best = str(farthest.idxmin())
    return best if farthest[best] <= NEAR_M else None


def crossings(streets: gpd.GeoDataFrame, name: str) -> list[Crossing]:
    """The named streets that meet the street ``name``, in the order from its western end."""
    own = metric_shapes(streets[streets["name"].eq(name)])
    others = streets[streets["name"].notna() & streets["name"].ne(name)]
    if len(own) == 0 or others.empty:
        return []
    line = shapely.union_all(own)
    lines = metric_shapes(others)
    near = np.flatnonzero(shapely.dwithin(lines, line, _MEETS_M))
    found: dict[str, tuple[float, shapely.Point]] = {}
    for row in near:
        # Where the other comes nearest, on this street.
        at = shapely.get_point(shapely.shortest_line(line, lines[row]), 0)
        where = (at.x + at.y * 1e-6, at)
        known = found.get(str(others["name"].iloc[row]))
        found[str(others["name"].iloc[row])] = min(known, where, key=lambda one: one[0]) if known else where
    ordered = sorted(found.items(), key=lambda one: one[1][0])
    return [Crossing(other, transform(at, METRIC, LONLAT)) for other, (_x, at) in ordered]


def _noded(lines: Shapes) -> Shapes:
    """Pieces that meet at their ends only."""
    return np.array(shapely.get_parts(shapely.union_all(lines)), dtype=object)


def _cut_at(pieces: Shapes, point: shapely.Point) -> Shapes:
    nearest = int(np.argmin(shapely.distance(pieces, point)))
    piece = pieces[nearest]
    at = shapely.line_locate_point(piece, point)
    if not 0 < at < piece.length:
        return pieces
    parts = [substring(piece, 0, at), substring(piece, at, piece.length)]
    return np.array([*np.delete(pieces, nearest), *parts], dtype=object)


def _way(pieces: Shapes, start: shapely.Point, end: shapely.Point) -> shapely.LineString | None:
    """The pieces of the shortest way as one line in its direction, gaps bridged; None when there is none."""
    n = len(pieces)
    firsts = shapely.get_coordinates(shapely.get_point(pieces, 0))
    lasts = shapely.get_coordinates(shapely.get_point(pieces, -1))
    # Nodes: the first and the last point of every piece; between near ones a bridge, dearer than street.
    nodes = shapely.points(np.vstack([firsts, lasts]))
    left, right = shapely.STRtree(nodes).query(nodes, predicate="dwithin", distance=_GAP_M)
    bridge = 3 * shapely.distance(nodes[left], nodes[right]) + 1e-6
    rows = np.concatenate([np.arange(n), left])
    columns = np.concatenate([np.arange(n) + n, right])
    weights = np.concatenate([shapely.length(pieces), bridge])
    graph = coo_array((weights, (rows, columns)), shape=(2 * n, 2 * n)).tocsr()
    begin, finish = (int(np.argmin(shapely.distance(nodes, one))) for one in (start, end))
    cost, before = dijkstra(graph, directed=False, indices=begin, return_predecessors=True)
    if not np.isfinite(cost[finish]) or begin == finish:
        return None
    path = [finish]
    while path[-1] != begin:
        path.append(int(before[path[-1]]))
    path.reverse()
    xy = [shapely.get_coordinates(nodes[path[0]])]
    for one, other in itertools.pairwise(path):
        if abs(one - other) == n:
            run = shapely.get_coordinates(pieces[one % n])
            xy.append(run if one < n else run[::-1])
        else:
            xy.append(shapely.get_coordinates(nodes[other]))
    points = np.vstack(xy)
    moving = np.append(True, np.hypot(*np.diff(points, axis=0).T) > 1e-6)
    return shapely.LineString(points[moving]) if moving.sum() > 1 else None
