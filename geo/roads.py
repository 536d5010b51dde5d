"""Travel on the street network: speeds, snapping of places, travel times between them, and lines to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.crs import metric_xy
from geo.errors import InputError
from geo.messages import msg
from geo.network import CLASSES, Bools, Floats, Ints, Network, NetworkReport, build_network
from geo.words import StreetClass

__all__ = [
    "Network",
    "NetworkReport",
    "Router",
    "Speeds",
    "TravelTable",
    "build_network",
    "route_line",
    "travel_times",
]

#: Way on streets over straight line, where no street network is at hand.
DETOUR = 1.4

# Time and way of an arc travel as one integer, time in the high digits, so that one search gives the fastest
# way *and* its length, exactly. Doubles are exact up to 2**53: 2**31 tenths of milliseconds are 59 hours,
# 2**22 decimetres 419 km.
_TICKS_PER_S = 10_000
_UNITS_PER_M = 10
_WAY = 1 << 22
_LARGEST_EXTENT_M = 150_000.0
_SAME_PLACE_M = 0.01
_WORTH_NAMING_M = 1.0
#: Searches at once: bounds the memory on large networks.
_BATCH = 64

_GEOD = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True)
class Speeds:
    """Mean door-to-door speeds in km/h by street class; ``access`` is on foot from the street to the door."""

    main: float
    street: float
    lane: float
    access: float = 5.0

    def by_class_m_s(self) -> Floats:
        """Metres a second, in the order of ``network.CLASSES``."""
        kmh = {StreetClass.MAIN: self.main, StreetClass.STREET: self.street, StreetClass.LANE: self.lane}
        return np.array([kmh[name] for name in CLASSES]) / 3.6


#: Defaults for Hà Nội's inner districts outside the rush hours; a setting, not a measurement.
SPEEDS: dict[str, Speeds] = {
    "motorbike": Speeds(main=30.0, street=22.0, lane=12.0),
    "car": Speeds(main=28.0, street=18.0, lane=8.0),
}


def speeds_for(mode: str) -> Speeds:
    """Default speeds of ``motorbike`` or ``car``.

    Raises
    ------
    InputError
        for another mode (``unknown_mode``).
    """
    if mode not in SPEEDS:
        raise InputError("unknown_mode", msg("Không biết phương tiện {mode}.", mode=mode))
    return SPEEDS[mode]


@dataclass(frozen=True)
class TravelTable:
    """Fastest travel between all pairs of n places.

    ``duration_s``: (n, n) whole seconds from row to column. ``distance_m``: (n, n) metres on that way, the
    walk between street and door included. ``access_m``: (n,) that walk. ``crow``: true where no streets were
    known, so that the way is the geodesic times ``DETOUR``.
    """

    duration_s: Ints
    distance_m: Floats
    access_m: Floats
    crow: bool


def travel_times(
    network: Network, points_lonlat: npt.ArrayLike, mode: str = "motorbike", speeds: Speeds | None = None
) -> TravelTable:
    """Travel between all pairs of places, one-ways respected.

    Parameters
    ----------
    network : the streets; with none the result says ``crow``.
    points_lonlat : (n, 2) degrees.
    mode : ``motorbike`` or ``car``. ``speeds`` replaces the mode's defaults.

    Raises
    ------
    InputError
        ``unknown_mode``; ``network_too_large`` beyond 150 km across.

    Notes
    -----
    Dijkstra's algorithm from every place (scipy), on the network cut at the places' foot points.
    """
    return Router(network, np.asarray(points_lonlat, float), speeds or speeds_for(mode)).table()


def route_line(
    network: Network,
    points_lonlat: npt.ArrayLike,
    mode: str = "motorbike",
    speeds: Speeds | None = None,
) -> tuple[shapely.LineString, list[str]]:
    """The way through the places in order: its line in EPSG:4326 and the names of its streets in order."""
    points = np.asarray(points_lonlat, float)
    return Router(network, points, speeds or speeds_for(mode)).line(range(len(points)))


@dataclass(frozen=True)
class Router:
    """A network cut at the foot points of some places, ready to search.

    ``points_lonlat``: (n, 2) degrees. Cut once, it answers ``table`` and any number of ``line``.
    """

    network: Network
    points_lonlat: Floats
    speeds: Speeds = field(default_factory=lambda: SPEEDS["motorbike"])

    def __post_init__(self) -> None:
        if len(self.network.node_xy) and np.ptp(self.network.node_xy, axis=0).max() > _LARGEST_EXTENT_M:
            raise InputError(
                "network_too_large",
                msg("Mạng đường rộng hơn {km} km.", km=int(_LARGEST_EXTENT_M / 1000)),
                hint=msg("Hãy cắt lấy phần của địa bàn rồi nhập lại."),
            )

    @property
    def crow(self) -> bool:
        """Whether there are no streets to go on."""
        return self.network.edges == 0

    def table(self) -> TravelTable:
        """Travel between all pairs of the places."""
        if self.crow:
            return _crow_table(self.points_lonlat, self.speeds)
        count = len(self.points_lonlat)
        ours = self.network.nodes + np.arange(count)
        packed = np.zeros((count, count))
        for start in range(0, count, _BATCH):
            batch = ours[start : start + _BATCH]
            packed[start : start + _BATCH] = dijkstra(self._graph, indices=batch)[:, ours]
        ticks, units = np.divmod(packed, _WAY)
        walk = self._access_m[:, None] + self._access_m[None, :]
        np.fill_diagonal(walk, 0.0)
        duration = ticks / _TICKS_PER_S + walk / (self.speeds.access / 3.6)
        return TravelTable(
            duration_s=np.rint(duration).astype(np.int64),
            distance_m=np.round(units / _UNITS_PER_M + walk, 1),
            access_m=self._access_m,
            crow=False,
        )

    def line(self, order: Sequence[int]) -> tuple[shapely.LineString, list[str]]:
        """The way through places ``order`` (indices) and the names of its streets, repeats left out."""
        parts: list[Floats] = [self.points_lonlat[order[:1]]] if len(order) else []
        names: list[str] = []
        for here, there in pairwise(order):
            if not self.crow and here != there:
                for arc in self._arcs_between(here, there):
                    parts.append(self._arc_lonlat(arc))
                    names.append(self._name(arc))
            parts.append(self.points_lonlat[there : there + 1])
        xy = np.vstack(parts) if parts else np.empty((0, 2))
        keep = np.r_[True, (np.diff(xy, axis=0) != 0).any(axis=1)] if len(xy) else np.empty(0, bool)
        xy = xy[keep]
        if len(xy) == 1:
            xy = np.repeat(xy, 2, axis=0)
        named = [name for name in names if name]
        return shapely.LineString(xy), [n for k, n in enumerate(named) if k == 0 or n != named[k - 1]]

    @cached_property
    def _feet(self) -> tuple[Ints, Floats, Floats]:
        """Nearest edge of every place, the metres along it to the foot point, and the metres on foot."""
        points = shapely.points(metric_xy(self.points_lonlat[:, 0], self.points_lonlat[:, 1]))
        points = np.atleast_1d(points)
        pairs = self.network.tree.query_nearest(points, all_matches=True)
        # Of streets equally near the first is taken, so that the same input gives the same plan.
        _, first = np.unique(pairs[0], return_index=True)
        edge = np.asarray(pairs[1][first], dtype=np.int64)
        lines = self.network.lines[edge]
        along = np.asarray(shapely.line_locate_point(lines, points), dtype=float)
        return edge, along, np.asarray(shapely.distance(lines, points), dtype=float)

    @property
    def _access_m(self) -> Floats:
        return self._feet[2]

    @cached_property
    def _pieces(self) -> tuple[Ints, Ints, Ints, Floats, Floats]:
        """Edges cut at the foot points: from, to, edge, and the metres on the edge where each piece begins
        and ends. Foot point i is node ``network.nodes + i``."""
        network = self.network
        edge, along, _ = self._feet
        every = np.arange(network.edges)
        foot = network.nodes + np.arange(len(edge))
        node = np.r_[network.edge_from, network.edge_to, foot]
        of_edge = np.r_[every, every, edge]
        length = np.asarray(shapely.length(network.lines), dtype=float)
        metre = np.r_[np.zeros(network.edges), length, np.minimum(along, length[edge])]
        rank = np.r_[np.zeros(network.edges), np.full(network.edges, 2.0), np.ones(len(edge))]
        order = np.lexsort((node, rank, metre, of_edge))
        node, of_edge, metre = node[order], of_edge[order], metre[order]
        same = of_edge[1:] == of_edge[:-1]
        return node[:-1][same], node[1:][same], of_edge[1:][same], metre[:-1][same], metre[1:][same]

    @cached_property
    def _arcs(self) -> tuple[Ints, Ints, Ints, Floats, Floats, Floats]:
        """Directed arcs, the fastest of parallel ones: from, to, edge, metres where it starts and ends on the
        edge (descending against the line's direction), packed weight; sorted by from, then to."""
        start, end, edge, a_m, b_m = self._pieces
        # A foot point on a junction is the junction, whichever of its streets was taken for the nearest.
        back = ~self.network.edge_oneway[edge] | (b_m - a_m < _SAME_PLACE_M)
        frm, to = np.r_[start, end[back]], np.r_[end, start[back]]
        edge, a_m, b_m = np.r_[edge, edge[back]], np.r_[a_m, b_m[back]], np.r_[b_m, a_m[back]]
        way_m = np.abs(b_m - a_m)
        pace = self.speeds.by_class_m_s()[self.network.edge_class[edge]]
        ticks = np.maximum(np.rint(way_m / pace * _TICKS_PER_S), 1.0)
        weight = ticks * _WAY + np.rint(way_m * _UNITS_PER_M)
        order = np.lexsort((weight, to, frm))
        frm, to = frm[order], to[order]
        best: Bools = np.r_[True, (np.diff(frm) != 0) | (np.diff(to) != 0)]
        order, frm, to = order[best], frm[best], to[best]
        return frm, to, edge[order], a_m[order], b_m[order], weight[order]

    @cached_property
    def _graph(self) -> csr_array:
        frm, to, _, _, _, weight = self._arcs
        size = self.network.nodes + len(self.points_lonlat)
        # Of the width that scipy searches with, so that it copies nothing.
        ends = (frm.astype(np.int32), to.astype(np.int32))
        return csr_array((weight, ends), shape=(size, size))

    def _arcs_between(self, here: int, there: int) -> list[int]:
        """Arcs of the fastest way from one place's foot point to the other's, in order."""
        size = self._graph.shape[0]
        frm, to = self._arcs[:2]
        source, node = self.network.nodes + here, self.network.nodes + there
        _, before = dijkstra(self._graph, indices=source, return_predecessors=True)
        keys = frm * size + to
        arcs = []
        while node != source:
            # scipy's predecessors are narrow: the product must not be.
            previous = int(before[node])
            arcs.append(int(np.searchsorted(keys, previous * size + node)))
            node = previous
        return arcs[::-1]

    def _arc_lonlat(self, arc: int) -> Floats:
        """The vertices of an arc in degrees, in the direction of travel."""
        _, _, edge, a_m, b_m, _ = self._arcs
        network, k = self.network, edge[arc]
        rows = slice(network.vertex_start[k], network.vertex_start[k + 1])
        xy, lonlat = network.vertex_xy[rows], network.vertex_lonlat[rows]
        at = np.r_[0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
        low, high = sorted((a_m[arc], b_m[arc]))
        stops = np.r_[low, at[(at > low) & (at < high)], high]
        line = np.column_stack([np.interp(stops, at, lonlat[:, axis]) for axis in (0, 1)])
        return line if a_m[arc] <= b_m[arc] else line[::-1]

    def _name(self, arc: int) -> str:
        _, _, edge, a_m, b_m, _ = self._arcs
        if abs(a_m[arc] - b_m[arc]) < _WORTH_NAMING_M:
            return ""
        number = int(self.network.edge_name[edge[arc]])
        return self.network.names[number] if number >= 0 else ""


def _crow_table(points: Floats, speeds: Speeds) -> TravelTable:
    count = len(points)
    rows, columns = np.triu_indices(count, 1)
    _, _, metres = _GEOD.inv(points[rows, 0], points[rows, 1], points[columns, 0], points[columns, 1])
    distance = np.zeros((count, count))
    distance[rows, columns] = distance[columns, rows] = np.asarray(metres) * DETOUR
    duration = np.rint(distance / (speeds.street / 3.6)).astype(np.int64)
    return TravelTable(duration, np.round(distance, 1), np.zeros(count), crow=True)
