"""Travel times: ours beside networkx's and igraph's on the same graph, in the same run, as JSON.

``python -m tests.benchmarks.travel_times [--points 300] [--sources 20]``: networkx searches from
``--sources`` of the points only and its time is scaled up; the differences are over what was searched.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from data.importers.roads import read_roads
from geo.crs import METRIC
from geo.roads import Network, Router, Speeds, build_network, speeds_for
from tests.paths import REAL_DATA
from tests.unit.geo.reference_roads import reference_edges

Floats = npt.NDArray[np.float64]


def grid_streets(width: int, height: int, *, share: float = 0.92, seed: int = 0) -> gpd.GeoDataFrame:
    """A synthetic town: a jittered grid of blocks of about 100 m with some streets missing."""
    rng = np.random.default_rng(seed)
    column, row = np.meshgrid(np.arange(width), np.arange(height))
    xy = (
        np.stack([column, row], axis=-1) * 100.0
        + rng.uniform(-30, 30, (height, width, 2))
        + (570_000, 2_300_000)
    )
    across = np.stack([xy[:, :-1], xy[:, 1:]], axis=2).reshape(-1, 2, 2)
    along = np.stack([xy[:-1], xy[1:]], axis=2).reshape(-1, 2, 2)
    ends = np.vstack([across, along])
    ends = ends[rng.random(len(ends)) < share]
    classes = rng.choice(["main", "street", "lane"], len(ends), p=[0.1, 0.6, 0.3])
    streets = {"name": None, "street_class": classes, "oneway": rng.random(len(ends)) < 0.05}
    return gpd.GeoDataFrame(streets, geometry=shapely.linestrings(ends), crs=METRIC)


def measure(network: Network, points: Floats, sources: int, speeds: Speeds) -> dict[str, Any]:
    """Seconds for all pairs of ``points`` and the largest difference from the references, in seconds."""
    ours, ours_s = _timed(lambda: Router(network, points, speeds).table().duration_s)
    edges, access = reference_edges(network, points, speeds)
    ends = [("p", k) for k in range(len(points))]
    walk = access[:, None] + access[None, :]
    np.fill_diagonal(walk, 0.0)
    by_networkx, networkx_s = _timed(lambda: _networkx(edges, ends[:sources], ends))
    by_igraph, igraph_s = _timed(lambda: _igraph(edges, ends))
    return {
        "nodes": network.nodes,
        "edges": network.edges,
        "points": len(points),
        "seconds": {
            "ours": round(ours_s, 3),
            "networkx": round(networkx_s * len(points) / min(sources, len(points)), 3),
            "igraph": round(igraph_s, 3),
        },
        "largest_difference_s": {
            "networkx": round(float(np.abs(ours[:sources] - by_networkx - walk[:sources]).max()), 3),
            "igraph": round(float(np.abs(ours - by_igraph - walk).max()), 3),
        },
    }


def _timed(work: Callable[[], Floats]) -> tuple[Floats, float]:
    begin = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - begin


def _networkx(edges: list[tuple[Any, Any, float]], sources: list[Any], ends: list[Any]) -> Floats:
    import networkx

    graph = networkx.DiGraph()
    graph.add_weighted_edges_from(edges)
    found = [networkx.single_source_dijkstra_path_length(graph, source) for source in sources]
    return np.array([[times[end] for end in ends] for times in found])


def _igraph(edges: list[tuple[Any, Any, float]], ends: list[Any]) -> Floats:
    import igraph

    number: dict[Any, int] = {}
    pairs = [(number.setdefault(a, len(number)), number.setdefault(b, len(number))) for a, b, _ in edges]
    graph = igraph.Graph(n=len(number), edges=pairs, directed=True)
    at = [number[end] for end in ends]
    weights = [weight for _, _, weight in edges]
    return np.array(graph.distances(source=at, target=at, weights=weights, algorithm="dijkstra"))


def _scattered(network: Network, count: int) -> Floats:
    rng = np.random.default_rng(1)
    lonlat = network.node_lonlat
    return rng.uniform(lonlat.min(axis=0), lonlat.max(axis=0), (count, 2))


def main() -> None:
    """Run both graphs and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--points", type=int, default=300)
    options.add_argument("--sources", type=int, default=20)
    options.add_argument("--json", action="store_true", help="accepted for symmetry: the output is JSON")
    given = options.parse_args()
    speeds = speeds_for("motorbike")
    town, _ = build_network(grid_streets(250, 200))
    answer = {"grid": measure(town, _scattered(town, given.points), given.sources, speeds)}
    oakland = REAL_DATA / "west_oakland.osm.bz2"
    if oakland.exists():
        real, _ = build_network(read_roads(oakland))
        answer["west_oakland"] = measure(real, _scattered(real, 50), 50, speeds)
    else:
        answer["west_oakland"] = {"missing": "west_oakland.osm.bz2 not found; set DIABAN_REALDATA"}
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    main()
