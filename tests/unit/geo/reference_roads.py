"""The road graph written a second time, edge by edge, for comparing travel times with other libraries."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import metric_xy
from geo.network import CLASSES, Network
from geo.roads import Speeds


def reference_edges(
    network: Network, points_lonlat: npt.NDArray[np.float64], speeds: Speeds
) -> tuple[list[tuple[Any, Any, float]], npt.NDArray[np.float64]]:
    """Directed edges ``(from, to, seconds)`` with the fastest of parallel ones, point i being node
    ``("p", i)``, and the seconds on foot between each point and its street."""
    on_edge: dict[int, list[tuple[float, Any]]] = defaultdict(list)
    access = []
    for number, (lon, lat) in enumerate(points_lonlat):
        point = shapely.Point(metric_xy([lon], [lat])[0])
        distances = shapely.distance(network.lines, point)
        nearest = int(np.argmin(distances))
        on_edge[nearest].append((float(network.lines[nearest].project(point)), ("p", number)))
        access.append(float(distances[nearest]) / (speeds.access / 3.6))
    fastest: dict[tuple[Any, Any], float] = {}
    for edge in range(network.edges):
        kmh = getattr(speeds, str(CLASSES[network.edge_class[edge]]))
        stops = [(0.0, int(network.edge_from[edge])), *sorted(on_edge[edge], key=lambda s: s[0])]
        stops.append((float(network.lines[edge].length), int(network.edge_to[edge])))
        for (a_m, a), (b_m, b) in pairwise(stops):
            seconds = max(b_m - a_m, 0.0) / (kmh / 3.6)
            # At a junction one stands on the junction, whichever street was the nearest.
            both = not network.edge_oneway[edge] or b_m - a_m < 0.01
            ways = [(a, b), (b, a)] if both else [(a, b)]
            for way in ways:
                fastest[way] = min(seconds, fastest.get(way, np.inf))
    return [(a, b, seconds) for (a, b), seconds in fastest.items()], np.array(access)
