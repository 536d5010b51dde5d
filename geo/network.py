"""A street network as compact arrays: junctions, the pieces of street between them, and where they run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.crs import LONLAT, METRIC
from geo.words import StreetClass

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: Vertices that fall into the same cell of this grid are the same place.
GRID_M = 0.5
#: Steps of the curve along which junctions are numbered: 2**this on each axis.
_CURVE_BITS = 12
#: Order of the street classes in ``Network.edge_class``.
CLASSES: tuple[StreetClass, ...] = tuple(StreetClass)


@dataclass(frozen=True)
class Network:
    """Junctions and edges; every junction can be reached from every other, one-ways kept.

    ``node_xy``: (n, 2) metres in EPSG:3405. ``edge_from``, ``edge_to``: (e,) junctions; an edge runs from the
    first to the second, and back unless ``edge_oneway``. ``edge_length_m``: (e,). ``edge_class``: (e,) index
    into ``CLASSES``. ``edge_name``: (e,) index into ``names``, -1 without a name. The vertices of edge k are
    rows ``vertex_start[k]`` to ``vertex_start[k + 1]`` of ``vertex_xy`` (metres) and ``vertex_lonlat``.
    """

    node_xy: Floats
    edge_from: Ints
    edge_to: Ints
    edge_length_m: Floats
    edge_class: Ints
    edge_name: Ints
    edge_oneway: Bools
    vertex_start: Ints
    vertex_xy: Floats
    vertex_lonlat: Floats
    names: tuple[str, ...]

    @property
    def nodes(self) -> int:
        """Number of junctions."""
        return len(self.node_xy)

    @property
    def edges(self) -> int:
        """Number of pieces of street."""
        return len(self.edge_from)

    @cached_property
    def node_lonlat(self) -> Floats:
        """(n, 2) degrees of the junctions."""
        lonlat = np.empty_like(self.node_xy)
        lonlat[self.edge_from] = self.vertex_lonlat[self.vertex_start[:-1]]
        lonlat[self.edge_to] = self.vertex_lonlat[self.vertex_start[1:] - 1]
        return lonlat

    @cached_property
    def lines(self) -> npt.NDArray[Any]:
        """(e,) shapely lines of the edges, in metres."""
        of_edge = np.repeat(np.arange(self.edges), np.diff(self.vertex_start))
        return np.asarray(shapely.linestrings(self.vertex_xy, indices=of_edge), dtype=object)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of ``lines`` for snapping."""
        return shapely.STRtree(self.lines)


@dataclass(frozen=True)
class NetworkReport:
    """What was built: ``nodes``, ``edges`` and ``km`` of the network kept; ``components`` is the number of
    separate pieces in the input, ``largest_component_share`` the share of the junctions that were kept."""

    nodes: int
    edges: int
    km: float
    components: int
    largest_component_share: float


def build_network(streets: gpd.GeoDataFrame) -> tuple[Network, NetworkReport]:
    """Make a routable network of street lines.

    Lines meet where they share a vertex (to half a metre): there they are cut. Lines that cross without a
    common vertex pass over each other. Of the result the largest part is kept in which every junction
    reaches every other on the one-ways as they are.

    Parameters
    ----------
    streets : frame with ``name``, ``street_class`` (unknown or missing counts as street), ``oneway`` and
        LineStrings or MultiLineStrings in any CRS; a one-way runs in the direction of its line.

    Returns
    -------
    The network, with no junction where there is no street, and the report.
    """
    pieces = _Pieces(streets)
    network = pieces.network()
    if network.edges == 0:
        return network, NetworkReport(0, 0, 0.0, 0, 0.0)
    strong = _component(network, "strong")
    kept = _restricted(network, strong == np.bincount(strong).argmax())
    report = NetworkReport(
        nodes=kept.nodes,
        edges=kept.edges,
        km=round(float(kept.edge_length_m.sum()) / 1000, 3),
        components=int(_component(network, "weak").max()) + 1,
        largest_component_share=round(kept.nodes / network.nodes, 4),
    )
    return kept, report


class _Pieces:
    """The lines of a frame as one list of vertices, and the cuts that make edges of them."""

    def __init__(self, streets: gpd.GeoDataFrame) -> None:
        frame = streets[~(streets.geometry.isna() | streets.geometry.is_empty)]
        frame = frame.explode(ignore_index=True)
        frame = frame[frame.geom_type == "LineString"].reset_index(drop=True)
        self.frame = frame
        xy, line = shapely.get_coordinates(frame.geometry.to_crs(METRIC).array, return_index=True)
        lonlat = shapely.get_coordinates(frame.geometry.to_crs(LONLAT).array)
        _, first, place = np.unique(
            np.rint(xy / GRID_M).astype(np.int64), axis=0, return_index=True, return_inverse=True
        )
        place = place.reshape(-1)
        # A vertex that repeats the one before it carries nothing.
        fresh = np.r_[True, (place[1:] != place[:-1]) | (line[1:] != line[:-1])][: len(place)]
        self.place: Ints = place[fresh]
        self.line: Ints = line[fresh]
        # All who share a place share one vertex, so that the drawn lines meet exactly.
        self.xy: Floats = xy[first[self.place]]
        self.lonlat: Floats = lonlat[first[self.place]]

    def network(self) -> Network:
        cut = self._cuts()
        at = np.flatnonzero(cut)
        inside = self.line[at[1:]] == self.line[at[:-1]]
        start, end = at[:-1][inside], at[1:][inside]
        counts = end - start + 1
        vertex_start = np.r_[0, np.cumsum(counts)].astype(np.int64)
        rows = np.repeat(start - vertex_start[:-1], counts) + np.arange(vertex_start[-1])
        used, ends = np.unique(self.place[np.r_[start, end]], return_inverse=True)
        node_xy = np.empty((len(used), 2))
        node_xy[ends] = self.xy[np.r_[start, end]]
        order = _along_curve(node_xy)
        node_xy, ends = node_xy[order], np.argsort(order)[ends]
        names, name_of_line = _names(self.frame)
        of_line = self.line[start]
        return Network(
            node_xy=node_xy,
            edge_from=ends[: len(start)].astype(np.int64),
            edge_to=ends[len(start) :].astype(np.int64),
            edge_length_m=self._lengths(start, end),
            edge_class=_classes(self.frame)[of_line],
            edge_name=name_of_line[of_line],
            edge_oneway=_oneway(self.frame)[of_line],
            vertex_start=vertex_start,
            vertex_xy=self.xy[rows],
            vertex_lonlat=self.lonlat[rows],
            names=names,
        )

    def _cuts(self) -> Bools:
        """Where an edge begins or ends: ends of lines, shared vertices, and the middle of a lone loop."""
        edge_of_line = np.r_[True, self.line[1:] != self.line[:-1]][: len(self.line)]
        cut: Bools = edge_of_line | np.r_[edge_of_line[1:], True][: len(self.line)]
        shared = np.bincount(self.place, minlength=1) > 1
        cut |= shared[self.place]
        at = np.flatnonzero(cut)
        loop = (self.place[at[1:]] == self.place[at[:-1]]) & (self.line[at[1:]] == self.line[at[:-1]])
        cut[(at[:-1][loop] + at[1:][loop]) // 2] = True
        return cut

    def _lengths(self, start: Ints, end: Ints) -> Floats:
        steps = np.hypot(*np.diff(self.xy, axis=0).T) if len(self.xy) > 1 else np.empty(0)
        along = np.r_[0.0, np.cumsum(steps)]
        # Rounding in the running sum must not make a short edge free.
        return np.asarray(np.maximum(along[end] - along[start], 0.01), dtype=float)


def _along_curve(xy: Floats) -> Ints:
    """The order of points along a Z-curve (Morton 1966): neighbours in space stay neighbours in memory, which
    makes searches a quarter faster."""
    if len(xy) == 0:
        return np.empty(0, dtype=np.int64)
    extent = max(float(np.ptp(xy, axis=0).max()), 1.0)
    step = ((xy - xy.min(axis=0)) / extent * (2**_CURVE_BITS - 1)).astype(np.int64)
    code = np.zeros(len(xy), dtype=np.int64)
    for bit in range(_CURVE_BITS):
        for axis in (0, 1):
            code |= (step[:, axis] >> bit & 1) << (2 * bit + axis)
    return np.asarray(np.argsort(code, kind="stable"), dtype=np.int64)


def _names(frame: gpd.GeoDataFrame) -> tuple[tuple[str, ...], Ints]:
    if "name" not in frame:
        return (), np.full(len(frame), -1, dtype=np.int64)
    codes, names = pd.factorize(frame["name"])
    return tuple(str(name) for name in names), np.asarray(codes, dtype=np.int64)


def _classes(frame: gpd.GeoDataFrame) -> Ints:
    index = {str(name): number for number, name in enumerate(CLASSES)}
    usual = CLASSES.index(StreetClass.STREET)
    values = frame["street_class"] if "street_class" in frame else [None] * len(frame)
    return np.array([index.get(str(value), usual) for value in values], dtype=np.int64)


def _oneway(frame: gpd.GeoDataFrame) -> Bools:
    if "oneway" not in frame:
        return np.zeros(len(frame), dtype=bool)
    return np.array([False if pd.isna(value) else bool(value) for value in frame["oneway"]], dtype=bool)


def _component(network: Network, connection: str) -> Ints:
    both = ~network.edge_oneway
    start = np.r_[network.edge_from, network.edge_to[both]]
    end = np.r_[network.edge_to, network.edge_from[both]]
    shape = (network.nodes, network.nodes)
    graph = csr_array((np.ones(len(start)), (start, end)), shape=shape)
    _, labels = connected_components(graph, directed=True, connection=connection)
    return np.asarray(labels, dtype=np.int64)


def _restricted(network: Network, keep: Bools) -> Network:
    """The part of the network on the junctions to keep, renumbered."""
    edges = keep[network.edge_from] & keep[network.edge_to]
    number = np.cumsum(keep) - 1
    counts = np.diff(network.vertex_start)
    vertices = np.repeat(edges, counts)
    return Network(
        node_xy=network.node_xy[keep],
        edge_from=number[network.edge_from[edges]],
        edge_to=number[network.edge_to[edges]],
        edge_length_m=network.edge_length_m[edges],
        edge_class=network.edge_class[edges],
        edge_name=network.edge_name[edges],
        edge_oneway=network.edge_oneway[edges],
        vertex_start=np.r_[0, np.cumsum(counts[edges])].astype(np.int64),
        vertex_xy=network.vertex_xy[vertices],
        vertex_lonlat=network.vertex_lonlat[vertices],
        names=network.names,
    )
