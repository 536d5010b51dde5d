"""Streets become a network on which a team's travel times can be trusted."""

from __future__ import annotations

import geopandas as gpd
import networkx
import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importers.roads import read_roads
from geo.crs import METRIC, metric_xy
from geo.errors import InputError
from geo.roads import Network, Router, Speeds, build_network, route_line, speeds_for, travel_times
from tests.benchmarks.travel_times import grid_streets
from tests.paths import REAL_DATA, needs_shared_data
from tests.unit.geo.reference_roads import reference_edges

EAST, NORTH = 580_000.0, 2_320_000.0


def streets(*lines: tuple[str, list[tuple[float, float]]], **more: object) -> gpd.GeoDataFrame:
    """Named lines in metres from a corner of Hà Đông; ``more`` are whole columns."""
    geometry = [shapely.LineString([(EAST + x, NORTH + y) for x, y in xy]) for _, xy in lines]
    columns: dict[str, object] = {"street_class": "street", "oneway": False}
    columns |= {"name": [name or None for name, _ in lines]} | more
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=METRIC).to_crs("EPSG:4326")


def at(*xy: tuple[float, float]) -> npt.NDArray[np.float64]:
    points = gpd.GeoSeries([shapely.Point(EAST + x, NORTH + y) for x, y in xy], crs=METRIC).to_crs("EPSG:4326")
    return np.column_stack([points.x, points.y])


def random_town(seed: int, size: int = 6) -> Network:
    """A ragged grid with one-ways, missing streets and bends."""
    rng = np.random.default_rng(seed)
    lines: list[tuple[str, list[tuple[float, float]]]] = []
    node = {
        (i, j): tuple(np.array([i, j]) * 100 + rng.uniform(-30, 30, 2))
        for i in range(size)
        for j in range(size)
    }
    for (i, j), here in node.items():
        for there in (node.get((i + 1, j)), node.get((i, j + 1))):
            if there is not None and rng.random() < 0.9:
                middle = tuple((np.array(here) + there) / 2 + rng.uniform(-15, 15, 2))
                lines.append((f"Phố {i}-{j}", [here, middle, there]))
    classes = rng.choice(["main", "street", "lane"], len(lines))
    network, _ = build_network(streets(*lines, street_class=classes, oneway=rng.random(len(lines)) < 0.3))
    return network


def test_streets_join_where_they_touch_even_in_the_middle_of_a_line() -> None:
    network, report = build_network(
        streets(("Quang Trung", [(0, 0), (500, 0), (1000, 0)]), ("Phùng Hưng", [(500.2, 0.1), (500, 300)]))
    )
    assert (report.nodes, report.edges, report.components) == (4, 3, 1)
    assert report.km == pytest.approx(1.3, abs=0.001)
    times = travel_times(network, at((100, 0), (500, 200)))
    assert times.distance_m[0, 1] == pytest.approx(600, abs=1)
    assert times.duration_s[0, 1] == pytest.approx(600 / (22 / 3.6), abs=1)


def test_lines_that_cross_without_a_common_vertex_are_a_bridge() -> None:
    _, report = build_network(streets(("A", [(0, 0), (1000, 0)]), ("B", [(500, -500), (500, 500)])))
    assert report.components == 2
    assert report.largest_component_share == 0.5


def test_the_largest_piece_is_kept_and_the_report_says_how_much_that_is() -> None:
    square = [(0, 0), (100, 0), (100, 100), (0, 100)]
    lines = [("Ô vuông", [square[k], square[(k + 1) % 4]]) for k in range(4)]
    network, report = build_network(streets(*lines, ("Đảo", [(5000, 0), (5100, 0)])))
    assert (network.nodes, report.components, report.largest_component_share) == (4, 2, 0.6667)


def test_a_street_that_leads_in_but_not_out_is_not_driven_into() -> None:
    network, report = build_network(
        streets(
            ("A", [(0, 0), (100, 0)]),
            ("B", [(100, 0), (200, 0)]),
            ("Bẫy", [(200, 0), (300, 0)]),
            oneway=[False, False, True],
        )
    )
    assert network.nodes == 3
    assert report.components == 1
    assert np.isfinite(travel_times(network, at((0, 0), (290, 0))).duration_s).all()


def test_a_oneway_street_is_not_driven_against_its_direction() -> None:
    ring = [("Vòng", [(0, 0), (100, 0)]), ("Vòng", [(100, 0), (100, 100)]), ("Vòng", [(100, 100), (0, 0)])]
    network, _ = build_network(streets(*ring, oneway=True))
    times = travel_times(network, at((20, 0), (80, 0)))
    assert times.distance_m[0, 1] == pytest.approx(60, abs=1)
    assert times.distance_m[1, 0] == pytest.approx(20 + 100 + 2**0.5 * 100 + 20, abs=1)


def test_a_place_off_the_street_walks_to_the_nearest_point_of_it_not_to_a_crossing() -> None:
    network, _ = build_network(streets(("Dài", [(0, 0), (2000, 0)])))
    times = travel_times(network, at((1000, 50), (1000, 0)))
    assert times.access_m.tolist() == pytest.approx([50, 0], abs=0.1)
    assert times.distance_m[0, 1] == pytest.approx(50, abs=0.2)
    assert times.duration_s[0, 1] == pytest.approx(50 / (5 / 3.6), abs=1)


def test_the_faster_of_two_streets_is_taken_and_its_length_reported() -> None:
    network, _ = build_network(
        streets(
            ("Ngõ", [(0, 0), (1000, 0)]),
            ("Đường lớn", [(0, 0), (500, 300), (1000, 0)]),
            street_class=["lane", "main"],
        )
    )
    times = travel_times(network, at((0, 0), (1000, 0)))
    assert times.distance_m[0, 1] == pytest.approx(2 * np.hypot(500, 300), abs=1)
    assert route_line(network, at((0, 0), (1000, 0)))[1] == ["Đường lớn"]


def test_a_car_is_slower_in_lanes_than_a_motorbike() -> None:
    network, _ = build_network(streets(("Ngõ", [(0, 0), (1000, 0)]), street_class="lane"))
    ends = at((0, 0), (1000, 0))
    assert travel_times(network, ends, "car").duration_s[0, 1] > travel_times(network, ends).duration_s[0, 1]
    with pytest.raises(InputError, match="xe_bo"):
        travel_times(network, ends, "xe_bo")


def test_the_line_follows_the_streets_and_names_them_in_order() -> None:
    network, _ = build_network(
        streets(
            ("Quang Trung", [(0, 0), (500, 0)]),
            ("Phùng Hưng", [(500, 0), (500, 400)]),
            ("", [(500, 0), (900, 0)]),
        )
    )
    line, names = route_line(network, at((50, 10), (500, 300), (50, 10)))
    assert names == ["Quang Trung", "Phùng Hưng", "Quang Trung"]
    xy = metric_xy(*np.array(line.coords).T) - (EAST, NORTH)
    assert xy[0] == pytest.approx([50, 10], abs=0.1)
    assert xy[-1] == pytest.approx([50, 10], abs=0.1)
    assert any(np.hypot(*(point - (500, 0))) < 0.1 for point in xy)
    assert shapely.LineString(xy).length == pytest.approx(2 * (10 + 450 + 300), abs=1)


def test_without_streets_the_straight_line_is_stretched_and_the_table_says_so() -> None:
    network, report = build_network(streets().iloc[:0])
    assert (report.nodes, report.edges, report.km) == (0, 0, 0.0)
    places = at((0, 0), (1000, 0))
    times = travel_times(network, places)
    assert times.crow
    assert times.distance_m[0, 1] == pytest.approx(1400, rel=0.002)
    line, names = route_line(network, places)
    assert (len(line.coords), names) == (2, [])


def test_no_place_and_one_place_are_tables_too() -> None:
    network = random_town(1)
    assert travel_times(network, np.empty((0, 2))).duration_s.shape == (0, 0)
    assert travel_times(network, at((10, 10))).duration_s.tolist() == [[0]]


def test_two_depots_on_an_island_set_out_from_the_nearest_street_of_the_rest() -> None:
    """The island is left out of the network; the table says how far from the streets they are."""
    network, report = build_network(
        streets(
            ("Phố A", [(0, 0), (500, 0)]),
            ("Phố B", [(500, 0), (1000, 0)]),
            ("Phố C", [(500, 0), (500, 400)]),
            ("Đảo", [(1200, 0), (1300, 0)]),
        )
    )
    assert report.components == 2
    times = travel_times(network, at((1200, 0), (1300, 0), (0, 0)))
    assert times.access_m.tolist() == pytest.approx([200, 300, 0], abs=0.2)
    assert times.distance_m[0, 2] == pytest.approx(1200, abs=1)
    assert times.distance_m[0, 1] == pytest.approx(500, abs=1)
    assert route_line(network, at((1200, 0), (1300, 0)))[1] == []


def test_a_place_far_from_any_street_has_a_time_and_says_how_far() -> None:
    network, _ = build_network(streets(("Dài", [(0, 0), (2000, 0)])))
    times = travel_times(network, at((1000, 30_000), (0, 0)))
    assert times.access_m[0] == pytest.approx(30_000, rel=0.001)
    assert times.duration_s[0, 1] > 30_000 / (5 / 3.6)


def test_streets_of_which_none_leads_back_are_no_network() -> None:
    network, report = build_network(streets(("Một chiều", [(0, 0), (500, 0)]), oneway=True))
    assert (network.edges, report.edges, report.km) == (0, 0, 0.0)
    assert travel_times(network, at((0, 0), (500, 0))).crow


def test_the_line_through_a_large_town_is_as_long_as_the_table_says() -> None:
    """Products of its numbers of junctions do not fit into 32 bits."""
    network, _ = build_network(grid_streets(250, 200))
    assert network.nodes > 2**15.5
    low, high = network.node_lonlat.min(axis=0), network.node_lonlat.max(axis=0)
    router = Router(network, np.random.default_rng(3).uniform(low, high, (3, 2)))
    line, _ = router.line([0, 1, 2])
    table = router.table()
    way_m = table.distance_m[0, 1] + table.distance_m[1, 2]
    assert shapely.LineString(metric_xy(*np.array(line.coords).T)).length == pytest.approx(way_m, abs=5)


def test_a_network_as_wide_as_a_country_is_refused() -> None:
    network, _ = build_network(streets(("Quốc lộ 1", [(0, 0), (0, -200_000)])))
    with pytest.raises(InputError) as refused:
        travel_times(network, at((0, 0)))
    assert refused.value.code == "network_too_large"


def compare_with_networkx(network: Network, points: npt.NDArray[np.float64], speeds: Speeds) -> None:
    edges, access_s = reference_edges(network, points, speeds)
    graph = networkx.DiGraph()
    graph.add_weighted_edges_from(edges)
    times = Router(network, points, speeds).table().duration_s
    for here in range(len(points)):
        found = networkx.single_source_dijkstra_path_length(graph, ("p", here))
        for there in range(len(points)):
            walk = access_s[here] + access_s[there] if here != there else 0.0
            assert times[here, there] == pytest.approx(found["p", there] + walk, abs=0.6)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), mode=st.sampled_from(["motorbike", "car"]))
def test_times_agree_with_networkx_on_random_towns(seed: int, mode: str) -> None:
    network = random_town(seed)
    if network.edges:
        points = at(*np.random.default_rng(seed).uniform(-50, 600, (8, 2)))
        compare_with_networkx(network, points, speeds_for(mode))


@pytest.mark.realdata
@needs_shared_data
def test_times_in_west_oakland_agree_with_networkx_on_all_pairs_of_fifty_places() -> None:
    network, report = build_network(read_roads(REAL_DATA / "west_oakland.osm.bz2"))
    assert report.km > 5
    low, high = network.node_lonlat.min(axis=0), network.node_lonlat.max(axis=0)
    points = np.random.default_rng(0).uniform(low, high, (50, 2))
    compare_with_networkx(network, points, speeds_for("motorbike"))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_line_is_as_long_as_the_table_says(seed: int) -> None:
    network = random_town(seed)
    if not network.edges:
        return
    points = at(*np.random.default_rng(seed).uniform(0, 500, (4, 2)))
    router = Router(network, points)
    table = router.table()
    line, _ = router.line([0, 2, 1, 3, 0])
    way_m = sum(table.distance_m[a, b] for a, b in [(0, 2), (2, 1), (1, 3), (3, 0)])
    assert shapely.LineString(metric_xy(*np.array(line.coords).T)).length == pytest.approx(way_m, abs=1.5)
