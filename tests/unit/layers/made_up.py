"""A made-up district for map tests: four wards, a grid of streets, and all that is drawn on them."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import LONLAT
from geo.words import AlertKind, HotspotState, PremisesStatus, PremisesType, StreetClass

WEST, SOUTH, SIZE = 105.74, 20.95, 0.03


def units() -> gpd.GeoDataFrame:
    """Four square wards around one corner."""
    names = ["Mộ Lao", "Vạn Phúc", "Hà Cầu", "Dương Nội"]
    cells = [
        shapely.box(WEST + i * SIZE, SOUTH + j * SIZE, WEST + (i + 1) * SIZE, SOUTH + (j + 1) * SIZE)
        for j in range(2)
        for i in range(2)
    ]
    ids = [f"ward-{i}" for i in range(4)]
    return gpd.GeoDataFrame({"id": ids, "name": names, "source": "bịa"}, geometry=cells, crs=LONLAT)


def streets(lines: int = 12) -> gpd.GeoDataFrame:
    """A grid; every fourth line is a main road, every third of the others a street, the rest lanes."""
    rows = []
    for i in range(lines):
        share = (i + 0.5) / lines * 2 * SIZE
        kind = StreetClass.MAIN if i % 4 == 0 else StreetClass.STREET if i % 3 == 0 else StreetClass.LANE
        across = [(WEST, SOUTH + share), (WEST + SIZE, SOUTH + share + 0.002), (WEST + 2 * SIZE, SOUTH + share)]
        along = [(WEST + share, SOUTH), (WEST + share, SOUTH + 2 * SIZE)]
        rows += [(f"Đường Ngang {i}", kind.value, across), (f"Phố Dọc {i}", kind.value, along)]
    return gpd.GeoDataFrame(
        {"name": [r[0] for r in rows], "street_class": [r[1] for r in rows]},
        geometry=[shapely.LineString(r[2]) for r in rows],
        crs=LONLAT,
    )


def premises(count: int, names: Sequence[str] | None = None) -> gpd.GeoDataFrame:
    """``count`` premises of all types and statuses, with ids as long as real ones."""
    rng = np.random.default_rng(7)
    kinds, statuses = list(PremisesType), list(PremisesStatus)
    return gpd.GeoDataFrame(
        {
            "id": [rng.bytes(16).hex() for _ in range(count)],
            "name": list(names) if names is not None else [f"Karaoke Hoàng Hôn {i}" for i in range(count)],
            "type": [kinds[i % len(kinds)].value for i in range(count)],
            "status": [statuses[0 if i % 7 else i % 3].value for i in range(count)],
            "score": rng.uniform(0, 100, count),
            "ward_id": [f"ward-{i % 4}" for i in range(count)],
        },
        geometry=gpd.points_from_xy(
            WEST + rng.uniform(0, 2 * SIZE, count), SOUTH + rng.uniform(0, 2 * SIZE, count)
        ),
        crs=LONLAT,
    )


def hotspots() -> gpd.GeoDataFrame:
    """One hotspot in each state: points, a stretch of road and an area."""
    states = list(HotspotState)
    shapes = []
    for i in range(len(states)):
        x, y = WEST + 0.008 + 0.009 * i, SOUTH + 0.012 + 0.006 * i
        stretch = shapely.LineString([(x, y), (x + 0.004, y + 0.001), (x + 0.006, y + 0.004)])
        shapes.append([shapely.Point(x, y), stretch, shapely.box(x, y, x + 0.004, y + 0.003)][i % 3])
    return gpd.GeoDataFrame(
        {
            "id": [f"spot-{i}" for i in range(len(states))],
            "name": [f"Khu vực {i}" for i in range(len(states))],
            "state": [state.value for state in states],
            "catchment_m": 200.0,
        },
        geometry=shapes,
        crs=LONLAT,
    )


def strips(count: int = 5) -> gpd.GeoDataFrame:
    """Strips along the line between the western and the eastern wards."""
    step = 2 * SIZE / count
    areas = [
        shapely.box(WEST + SIZE - 0.0014, SOUTH + i * step, WEST + SIZE + 0.0014, SOUTH + (i + 1) * step)
        for i in range(count)
    ]
    return gpd.GeoDataFrame(
        {
            "id": [f"strip-{i}" for i in range(count)],
            "names": [("Mộ Lao", "Vạn Phúc")] * count,
            "rank": range(1, count + 1),
            "strip": areas,
        },
        geometry=[shapely.LineString([(WEST + SIZE, a.bounds[1]), (WEST + SIZE, a.bounds[3])]) for a in areas],
        crs=LONLAT,
    )


def alerts() -> gpd.GeoDataFrame:
    """One alert at a hotspot."""
    spot = hotspots().iloc[[2]]
    return spot.assign(id="alert-0", kind=AlertKind.TWO_SIGNALS.value)


def visits() -> gpd.GeoDataFrame:
    """Ten stops of two teams."""
    places = premises(10)
    return gpd.GeoDataFrame(
        {
            "premises_id": places["id"],
            "name": places["name"],
            "team": ["Đội Mộ Lao", "Đội Hà Cầu"] * 5,
            "position": [i // 2 + 1 for i in range(10)],
        },
        geometry=places.geometry,
        crs=LONLAT,
    )


def routes() -> gpd.GeoDataFrame:
    """The ways of the two teams from stop to stop."""
    stops = visits()
    teams = sorted(set(stops["team"]))
    ways = [shapely.LineString(list(stops.geometry[stops["team"] == team])) for team in teams]
    return gpd.GeoDataFrame({"team": teams}, geometry=ways, crs=LONLAT)
