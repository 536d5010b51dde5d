"""Repair of boundary files: from polygons as they arrive to a coverage whose edges match vertex for vertex.

All boundaries are cut against each other into faces (polygonize); a face that several units claim is an
overlap, a narrow face that none claims is a gap. Each face gets one owner, and a unit is the union of its
faces: so edges match by construction. The repairs are reported with their ground, so that areas add up::

    area after = sum of areas before - overlaps x (claimants - 1) + gaps filled - slivers dropped
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.crs import LONLAT, METRIC, transform

#: Boundaries are snapped to this grid, far below what a survey can mean.
GRID_M = 0.001
#: A mismatch thinner than this is a matter of drawing (vertices that one side lacks), reported as ``edge``.
EDGE_WIDTH_M = 0.25
#: Ground below this is rounding: repaired, not worth a line in the report.
REPORTED_FROM_M2 = 0.01

_Owners = tuple[int, ...]


@dataclass(frozen=True)
class Repair:
    """One thing that was mended.

    ``kind``: ``invalid`` (a ring crossed itself), ``overlap``, ``gap`` (narrow, filled), ``edge`` (edges that
    did not match, thinner than 25 cm), ``sliver`` (a thin loose part given to the neighbour), ``dropped``
    (a thin loose part without a neighbour), ``vanished`` (nothing is left of the unit, its row is gone).
    ``units``: names, first the unit that has the ground now. ``lon``, ``lat``: a point inside the ground.
    """

    kind: str
    units: tuple[str, ...]
    area_m2: float
    lon: float
    lat: float


def repair_coverage(
    units: gpd.GeoDataFrame, *, sliver_width_m: float = 10.0
) -> tuple[gpd.GeoDataFrame, list[Repair]]:
    """Make a valid coverage of ``units`` and say what was changed.

    An overlap goes to the smallest of the units that claim it (so a unit drawn inside another keeps its
    ground), on equal areas to the first code. A gap narrower than ``sliver_width_m``, closed or open to the
    outside between two units, goes to the neighbour with the longest common border, piece by piece where the
    units beside it change; wider gaps are land of nobody and stay. A loose part of a unit narrower than that
    goes to its neighbour in the same way.

    Parameters
    ----------
    units : GeoDataFrame with ``code``, ``name`` and polygons of any validity, in any CRS.
    sliver_width_m : width in metres up to which gaps and loose parts count as slivers.

    Returns
    -------
    The frame with mended MultiPolygons, in its own CRS, and the repairs, largest first. A row of which
    nothing is left is not in the frame.
    """
    raw = list(units.geometry.to_crs(METRIC))
    names = [str(name) for name in units["name"]]
    polygons, repairs = _valid_rings(raw, names)
    faces = _faces(polygons, sliver_width_m)
    claims = _claims(faces, polygons)
    ranks = _ranks(polygons, [str(code) for code in units["code"]])
    owner = np.array([min(c, key=ranks.__getitem__) if c else -1 for c in claims], dtype=int)
    links = _links(faces)
    gaps = np.flatnonzero((owner < 0) & _thin(faces, sliver_width_m))
    _give_away(owner, gaps, links)
    repairs += _overlaps(faces, claims, owner, names)
    repairs += _gaps(faces, gaps, owner, links, names)
    repairs += _slivers(faces, owner, links, sliver_width_m, names)
    return _rebuilt(units, faces, owner, raw, names, repairs)


def polygonal(geometry: shapely.Geometry | None) -> shapely.MultiPolygon:
    """The polygons of any geometry, valid, as a MultiPolygon; empty where there are none."""
    if geometry is None or shapely.is_empty(geometry):
        return shapely.MultiPolygon()
    if not shapely.is_valid(geometry):
        geometry = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    parts = [geometry]
    while any(shapely.get_type_id(part) > 3 for part in parts):
        parts = list(shapely.get_parts(parts))
    areas = [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
    merged = areas[0] if len(areas) == 1 else shapely.union_all(areas)
    return shapely.MultiPolygon([p for p in shapely.get_parts(merged) if p.geom_type == "Polygon"])


def ring_edges(
    polygons: Sequence[shapely.Geometry] | npt.NDArray[Any],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Every edge of every ring: (n, 4) ends with the lesser end first, and (n,) the polygon it is of."""
    parts, of_part = shapely.get_parts(np.asarray(polygons, dtype=object), return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    xy, of_vertex = shapely.get_coordinates(rings, return_index=True)
    if len(xy) == 0:
        return np.empty((0, 4)), np.empty(0, dtype=np.int64)
    inside = of_vertex[1:] == of_vertex[:-1]
    start, end = xy[:-1][inside], xy[1:][inside]
    flip = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    edges = np.where(flip[:, None], np.hstack([end, start]), np.hstack([start, end]))
    return edges, of_part[of_ring[of_vertex[:-1][inside]]]


def _valid_rings(raw: list[Any], names: list[str]) -> tuple[list[shapely.MultiPolygon], list[Repair]]:
    polygons, repairs = [], []
    for geometry, name in zip(raw, names, strict=True):
        polygon = polygonal(geometry)
        if geometry is not None and not shapely.is_valid(geometry):
            changed = abs(polygon.area - geometry.area)
            repairs.append(_repair("invalid", (name,), changed, polygon if polygon.area else geometry))
        polygons.append(shapely.set_precision(polygon, GRID_M))
    return polygons, repairs


def _faces(polygons: list[shapely.MultiPolygon], width_m: float) -> npt.NDArray[Any]:
    """The faces that all boundaries, and the outlines of narrow gaps, cut the ground into."""
    cuts = [*shapely.boundary(polygons), *(gap.boundary for gap in _narrow_gaps(polygons, width_m))]
    lines = shapely.unary_union(cuts, grid_size=GRID_M)
    return np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(lines))), dtype=object)


def _narrow_gaps(polygons: list[shapely.MultiPolygon], width_m: float) -> list[shapely.Polygon]:
    """Ground of nobody narrower than ``width_m``, between units or inside one.

    By morphological closing; mitred, since then the corners of the outline come back as they were. A
    narrow inlet into one unit alone is that unit's shape and stays.
    """
    union = shapely.union_all(polygons, grid_size=GRID_M)
    shape = {"join_style": "mitre", "mitre_limit": 5.0}
    # Mitred outlines may cross themselves at sharp corners.
    closed = polygonal(union.buffer(width_m / 2, **shape).buffer(-width_m / 2, **shape))
    tree = shapely.STRtree(polygons)
    found: list[shapely.Polygon] = []
    for gap in shapely.get_parts(shapely.difference(closed, union, grid_size=GRID_M)):
        if gap.area < REPORTED_FROM_M2:
            continue
        touch = {
            int(unit): float(gap.boundary.intersection(polygons[unit].buffer(2 * GRID_M)).length)
            for unit in tree.query(gap, predicate="dwithin", distance=2 * GRID_M)
        }
        enclosed = sum(touch.values()) > 0.999 * gap.length
        if enclosed or sum(length >= width_m / 2 for length in touch.values()) >= 2:
            found += _split(gap, touch, polygons, width_m)
    return found


def _split(
    gap: shapely.Polygon, touch: Iterable[int], polygons: list[shapely.MultiPolygon], width_m: float
) -> list[shapely.Polygon]:
    """Cut a gap between many units where the units beside it change, so that none gets the web of cracks."""
    beside = [polygonal(polygons[unit].buffer(width_m, join_style="mitre")) for unit in touch]
    if len(beside) < 3:
        return [gap]
    cuts = shapely.intersection(shapely.boundary(beside), gap)
    lines = shapely.union_all([gap.boundary, *cuts], grid_size=GRID_M)
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    return list(pieces[shapely.contains(gap.buffer(GRID_M), shapely.point_on_surface(pieces))])


def _claims(faces: npt.NDArray[Any], polygons: list[shapely.MultiPolygon]) -> list[_Owners]:
    """For each face the units that it lies in, judged by one point.

    Snapping leaves hair-thin tails on faces that lie on the wrong side of a border, so the point is sought
    where the face is solid.
    """
    claims: list[list[int]] = [[] for _ in faces]
    solid = shapely.buffer(faces, -2 * GRID_M, join_style="mitre")
    points = shapely.point_on_surface(np.where(shapely.is_empty(solid), faces, solid))
    tree = shapely.STRtree(polygons)
    for face, unit in zip(*tree.query(points, predicate="within"), strict=True):
        claims[face].append(int(unit))
    return [tuple(sorted(claim)) for claim in claims]


def _ranks(polygons: list[shapely.MultiPolygon], codes: list[str]) -> dict[int, tuple[float, str, int]]:
    return {i: (round(polygon.area, 2), codes[i], i) for i, polygon in enumerate(polygons)}


def _thin(shapes: npt.NDArray[Any], width_m: float) -> npt.NDArray[np.bool_]:
    """Which shapes hold no circle as wide as ``width_m`` (with a little room for rounding)."""
    return np.asarray(shapely.is_empty(shapely.buffer(shapes, -(width_m / 2 + GRID_M), join_style="mitre")))


def _links(faces: npt.NDArray[Any]) -> dict[int, dict[int, float]]:
    """For each face its neighbours and the length of the common border in metres."""
    edges, face = ring_edges(faces)
    order = np.lexsort(edges.T[::-1])
    edges, face = edges[order], face[order]
    links: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for at in np.flatnonzero((edges[1:] == edges[:-1]).all(axis=1)):
        length_m = float(np.hypot(*(edges[at, 2:] - edges[at, :2])))
        one, other = int(face[at]), int(face[at + 1])
        links[one][other] += length_m
        links[other][one] += length_m
    return links


def _borders(
    members: Iterable[int], owner: npt.NDArray[np.int64], links: dict[int, dict[int, float]]
) -> dict[int, float]:
    """The units beside a group of faces, longest common border first."""
    group = set(members)
    borders: dict[int, float] = defaultdict(float)
    for face in group:
        for other, length_m in links[face].items():
            if other not in group and owner[other] >= 0:
                borders[int(owner[other])] += length_m
    return dict(sorted(borders.items(), key=lambda item: (-round(item[1], 3), item[0])))


def _give_away(
    owner: npt.NDArray[np.int64], gaps: npt.NDArray[np.int64], links: dict[int, dict[int, float]]
) -> None:
    """Give each gap to its best neighbour; a gap that only touches gaps waits for them."""
    waiting = [int(face) for face in gaps]
    while waiting:
        given = {face: next(iter(_borders([face], owner, links)), -1) for face in waiting}
        for face, unit in given.items():
            owner[face] = unit
        still = [face for face, unit in given.items() if unit < 0]
        if len(still) == len(waiting):
            return
        waiting = still


def _overlaps(
    faces: npt.NDArray[Any], claims: list[_Owners], owner: npt.NDArray[np.int64], names: list[str]
) -> list[Repair]:
    grouped: dict[_Owners, list[int]] = defaultdict(list)
    for face, claim in enumerate(claims):
        if len(claim) > 1:
            grouped[claim].append(face)
    repairs: list[Repair] = []
    for claim, members in grouped.items():
        keeper = int(owner[members[0]])
        units = (names[keeper], *(names[unit] for unit in claim if unit != keeper))
        repairs += _pieces("overlap", units, faces[members])
    return repairs


def _gaps(
    faces: npt.NDArray[Any],
    gaps: npt.NDArray[np.int64],
    owner: npt.NDArray[np.int64],
    links: dict[int, dict[int, float]],
    names: list[str],
) -> list[Repair]:
    grouped: dict[_Owners, list[int]] = defaultdict(list)
    for face in gaps[owner[gaps] >= 0]:
        keeper = int(owner[face])
        others = [unit for unit in _borders([int(face)], owner, links) if unit != keeper]
        grouped[(keeper, *others)].append(int(face))
    repairs: list[Repair] = []
    for group, members in grouped.items():
        repairs += _pieces("gap", tuple(names[unit] for unit in group), faces[members])
    return repairs


def _slivers(
    faces: npt.NDArray[Any],
    owner: npt.NDArray[np.int64],
    links: dict[int, dict[int, float]],
    width_m: float,
    names: list[str],
) -> list[Repair]:
    """Give thin loose parts to the neighbour, in place; what has no neighbour is dropped.

    Again until none is left: a part that a sliver was given to may itself have been given away after that.
    Each round ends with fewer loose parts.
    """
    repairs: list[Repair] = []
    while moves := _move_slivers(faces, owner, links, width_m):
        for members, before, after in moves:
            kind = "sliver" if after >= 0 else "dropped"
            units = (names[after], names[before]) if after >= 0 else (names[before],)
            repairs += _pieces(kind, units, faces[members])
    return repairs


def _move_slivers(
    faces: npt.NDArray[Any],
    owner: npt.NDArray[np.int64],
    links: dict[int, dict[int, float]],
    width_m: float,
) -> list[tuple[list[int], int, int]]:
    """One round over the loose parts: the faces that changed hands, from whom, and to whom (-1 nobody)."""
    moves: list[tuple[list[int], int, int]] = []
    for members in _loose_parts(faces, owner, links):
        part = shapely.union_all(faces[members])
        if not _thin(np.array([part], dtype=object), width_m)[0]:
            continue
        before = int(owner[members[0]])
        after = next((unit for unit in _borders(members, owner, links) if unit != before), -1)
        owner[members] = after
        moves.append((members, before, after))
    return moves


def _loose_parts(
    faces: npt.NDArray[Any], owner: npt.NDArray[np.int64], links: dict[int, dict[int, float]]
) -> list[list[int]]:
    """The parts of each unit, as lists of faces, without the largest of each unit; smallest first."""
    pairs = [(a, b) for a, near in links.items() for b in near if owner[a] == owner[b] >= 0]
    rows, columns = np.array(pairs, dtype=int).reshape(-1, 2).T
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(faces), len(faces)))
    _, label = connected_components(graph, directed=False)
    parts: dict[tuple[int, int], list[int]] = defaultdict(list)
    for face in np.flatnonzero(owner >= 0):
        parts[int(owner[face]), int(label[face])].append(int(face))
    area = {key: float(shapely.area(faces[members]).sum()) for key, members in parts.items()}
    largest: dict[int, tuple[int, int]] = {}
    for key in sorted(parts, key=lambda k: (area[k], k)):
        largest[key[0]] = key
    return [parts[key] for key in sorted(parts, key=lambda k: (area[k], k)) if largest[key[0]] != key]


def _pieces(kind: str, units: tuple[str, ...], shapes: npt.NDArray[Any]) -> list[Repair]:
    """One repair for each connected piece; hair-thin ones together as ``edge``."""
    pieces = shapely.get_parts(shapely.union_all(shapes))
    thin = _thin(pieces, EDGE_WIDTH_M) if kind in {"overlap", "gap"} else np.zeros(len(pieces), dtype=bool)
    repairs = [_repair(kind, units, piece.area, piece) for piece in pieces[~thin]]
    if thin.any():
        area_m2 = float(shapely.area(pieces[thin]).sum())
        repairs.append(_repair("edge", units, area_m2, max(pieces[thin], key=shapely.area)))
    return [repair for repair in repairs if repair.area_m2 >= REPORTED_FROM_M2]


def _repair(kind: str, units: tuple[str, ...], area_m2: float, where: shapely.Geometry) -> Repair:
    inside = transform(shapely.point_on_surface(where), METRIC, LONLAT)
    return Repair(kind, units, round(float(area_m2), 2), round(inside.x, 6), round(inside.y, 6))


def _rebuilt(
    units: gpd.GeoDataFrame,
    faces: npt.NDArray[Any],
    owner: npt.NDArray[np.int64],
    raw: list[Any],
    names: list[str],
    repairs: list[Repair],
) -> tuple[gpd.GeoDataFrame, list[Repair]]:
    mended = []
    for unit in range(len(names)):
        whole = shapely.coverage_union_all(faces[owner == unit])
        parts = [part for part in shapely.get_parts(whole) if not part.is_empty]
        mended.append(shapely.MultiPolygon(parts))
        if not parts and raw[unit] is not None and not raw[unit].is_empty:
            repairs.append(_repair("vanished", (names[unit],), 0.0, raw[unit]))
    frame = units.set_geometry(gpd.GeoSeries(mended, index=units.index, crs=METRIC).to_crs(units.crs))
    repairs.sort(key=lambda repair: (-repair.area_m2, repair.kind, repair.units, repair.lon, repair.lat))
    return frame[~frame.geometry.is_empty], repairs
