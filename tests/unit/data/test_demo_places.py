"""The demonstration's ground: schematic wards of three systems, a network to drive on, invented premises."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from itertools import combinations
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data.demo import demo_rows
from data.demo.site_search import search_sites
from data.demo.ward_rows import system_on, systems
from data.demo.ward_shapes import areas_m2, centroids, district_outline
from data.demo.ward_table import NEIGHBOURS, NEW_UNITS, OLD_WARDS
from geo.crs import LONLAT, METRIC, transform
from geo.power_diagram import shared_lengths
from geo.roads import build_network, travel_times
from geo.words import StreetClass

SEED, DAY = 178, date(2026, 11, 24)
TODAYS_NEIGHBOURS = {
    ("Phường Dương Nội", "Phường Hà Đông"), ("Phường Hà Đông", "Phường Kiến Hưng"),
    ("Phường Dương Nội", "Phường Yên Nghĩa"), ("Phường Dương Nội", "Phường Kiến Hưng"),
    ("Phường Phú Lương", "Phường Yên Nghĩa"), ("Phường Kiến Hưng", "Phường Phú Lương"),
    ("Phường Chương Mỹ (phần Biên Giang cũ)", "Phường Yên Nghĩa"),
}  # fmt: skip


@cache
def rows() -> dict[str, list[dict[str, Any]]]:
    return demo_rows(SEED, DAY)


def neighbours(shapes: dict[str, shapely.Geometry]) -> set[tuple[str, str]]:
    """Pairs of names whose ground has a border in common, however short."""
    names = sorted(shapes)
    border = shared_lengths(np.array([shapes[name] for name in names], dtype=object))
    return {(names[i], names[j]) for i, j in combinations(range(len(names)), 2) if border[i, j] > 0}


def test_each_old_ward_is_within_15_percent_of_its_listed_area() -> None:
    listed = {f"Phường {ward.name}": ward.km2 for ward in OLD_WARDS}
    first = systems(SEED)[0]
    assert len(first.units) == 17
    for unit in first.units:
        assert unit.ground.area / 1e6 == pytest.approx(listed[unit.name], rel=0.15)
    assert sum(unit.ground.area for unit in first.units) / 1e6 == pytest.approx(47.95, rel=0.01)


def test_of_the_35_listed_neighbours_at_most_5_are_missing_or_invented() -> None:
    shapes = {unit.name.removeprefix("Phường "): unit.ground for unit in systems(SEED)[0].units}
    assert len(NEIGHBOURS) == 35
    assert len(neighbours(shapes) ^ NEIGHBOURS) <= 5


def test_each_old_ward_lies_around_its_listed_centroid() -> None:
    for (x, y), area, unit in zip(centroids(), areas_m2(), systems(SEED)[0].units, strict=True):
        assert unit.ground.centroid.distance(shapely.Point(x, y)) < np.sqrt(area) / 2


def test_todays_units_come_near_their_listed_areas_and_neighbours() -> None:
    today = {unit.name: unit.ground for unit in systems(SEED)[2].units}
    for listed in NEW_UNITS:
        if listed.km2 is not None:
            assert today[listed.name].area / 1e6 == pytest.approx(listed.km2, rel=0.15)
    assert len(neighbours(today) ^ TODAYS_NEIGHBOURS) <= 1


@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_ward_system_is_a_valid_coverage_of_the_same_ground(number: int) -> None:
    units = systems(SEED)[number].units
    assert shapely.coverage_is_valid([unit.ground for unit in units])
    assert shapely.coverage_is_valid([unit.row["geom"] for unit in units])
    assert shapely.get_num_geometries([unit.ground for unit in units]).tolist() == [1] * len(units)
    assert sum(unit.ground.area for unit in units) == pytest.approx(district_outline().area, rel=1e-6)


def test_each_day_has_the_units_and_codes_of_its_time() -> None:
    assert len(system_on(SEED, date(2024, 12, 31)).units) == 17
    assert len(system_on(SEED, date(2025, 1, 1)).units) == 15
    assert len(system_on(SEED, date(2025, 6, 30)).units) == 15
    assert len(system_on(SEED, date(2025, 7, 1)).units) == 6
    before = {unit.row["code"]: unit.name for unit in system_on(SEED, date(2025, 6, 30)).units}
    after = {unit.row["code"]: unit.name for unit in system_on(SEED, DAY).units}
    assert (before["09556"], after["09556"]) == ("Phường Hà Cầu", "Phường Hà Đông")
    assert (before["09552"], after["09552"]) == ("Phường Phú La", "Phường Kiến Hưng")
    assert (before["09568"], after["09568"]) == ("Phường Phú Lãm", "Phường Phú Lương")


def test_boundaries_say_that_they_are_schematic() -> None:
    assert all(row["schematic"] and row["source"].startswith("Sơ đồ") for row in rows()["units"])


def test_the_search_for_sites_only_ever_improves_and_can_be_repeated() -> None:
    _, start = search_sites(3, 0)
    sites, cost = search_sites(3, 40)
    assert cost < start
    assert np.array_equal(sites, search_sites(3, 40)[0])


def test_the_streets_make_one_network_to_drive_on() -> None:
    frame = gpd.GeoDataFrame(rows()["streets"]).rename(columns={"geom": "geometry"})
    network, report = build_network(gpd.GeoDataFrame(frame, geometry="geometry", crs=LONLAT))
    assert report.largest_component_share > 0.95
    assert 1_000 < report.edges < 5_000
    assert frame["oneway"].sum() >= 3
    assert {StreetClass.MAIN, StreetClass.STREET, StreetClass.LANE} == set(frame["street_class"])
    doors = [[row["geom"].x, row["geom"].y] for row in rows()["premises"][::20]]
    table = travel_times(network, doors)
    assert not table.crow
    assert table.access_m.max() < 60
    assert np.isfinite(table.distance_m).all()


def test_the_main_streets_run_through_their_wards() -> None:
    grounds = {unit.name: unit.row["geom"] for unit in systems(SEED)[0].units}
    lines: dict[str, shapely.Geometry] = {}
    for row in rows()["streets"]:
        lines[row["name"]] = shapely.union(lines.get(row["name"], shapely.LineString()), row["geom"])
    for street, wards in {
        "Đường Quang Trung": ("Quang Trung", "La Khê", "Phú La", "Yên Nghĩa"),
        "Đường Trần Phú": ("Văn Quán", "Mộ Lao"),
        "Phố Tố Hữu": ("Vạn Phúc",),
        "Phố Nguyễn Văn Lộc": ("Mộ Lao",),
        "Đường Phùng Hưng": ("Phúc La", "Văn Quán"),
        "Phố Ba La": ("Phú La", "Phú Lãm"),
        "Đường Lê Trọng Tấn": ("La Khê", "Dương Nội"),
    }.items():
        for ward in wards:
            assert shapely.intersection(lines[street], grounds[f"Phường {ward}"]).length > 0.001, (street, ward)


def test_about_420_premises_lie_in_all_17_wards_and_more_on_the_busy_streets() -> None:
    first = systems(SEED)[0]
    wards = Counter(first.at(transform(row["geom"], LONLAT, METRIC)).name for row in rows()["premises"])
    assert 400 <= len(rows()["premises"]) <= 440
    assert len(wards) == 17
    busy = ("Quang Trung", "Trần Phú", "Tố Hữu", "Nguyễn Văn Lộc", "Phùng Hưng", "Ba La")
    fronts = [row["address"].split(",")[0] for row in rows()["premises"]]
    assert sum(any(street in front for street in busy) for front in fronts) > 0.35 * len(fronts)


def test_the_ward_in_an_address_is_the_ward_of_the_point() -> None:
    first, _, today = systems(SEED)
    for row in rows()["premises"]:
        point = transform(row["geom"], LONLAT, METRIC)
        old, new = first.at(point), today.at(point)
        address, short = row["address"], new.name.split(" (")[0].replace("Phường", "phường")
        if row["opened_on"] < date(2025, 7, 1):
            assert f"{old.name.replace('Phường', 'phường')}, quận Hà Đông" in address
        else:
            assert "quận" not in address
            assert short in address
        if "nay thuộc" in address:
            assert address.endswith(f"(nay thuộc {short})")


def test_no_two_premises_share_a_name_or_a_registration_number() -> None:
    names = [row["name"] for row in rows()["premises"]]
    numbers = [row["registration_number"] for row in rows()["premises"] if row["registration_number"]]
    assert len(set(names)) == len(names)
    assert len(set(numbers)) == len(numbers)
    assert all(number.startswith("MH-") for number in numbers)
