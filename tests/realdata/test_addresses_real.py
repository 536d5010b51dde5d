"""Addresses on the real map of Hà Đông: its street names, its bus stops, its old and new wards."""

from __future__ import annotations

import random
import time
from datetime import date
from functools import cache
from statistics import median

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.address_parts import parse_address
from geo.addresses import Located, locate, locate_many
from geo.crs import METRIC, metric_xy
from geo.fold import fold
from geo.gazetteer import Gazetteer, build_gazetteer
from geo.words import LocationQuality
from tests.paths import REAL_DATA, needs_shared_data

pytestmark = [pytest.mark.realdata, needs_shared_data]

PLACED = {LocationQuality.HOUSE, LocationQuality.STREET}


@cache
def streets() -> gpd.GeoDataFrame:
    roads = gpd.read_file(REAL_DATA / "roads_main_hadong.osm.geojson")
    return roads.rename(columns={"road_name": "name"})[["name", "ward_old", "geometry"]]


@cache
def units() -> gpd.GeoDataFrame:
    """The wards of 2009, as far as they are known, and those of 2025."""
    new = gpd.read_file(REAL_DATA / "wards_2025_hadong_and_neighbours.osm.geojson")
    old = gpd.read_file(REAL_DATA / "wards_2009_hadong_17_lowres.geojson").rename(
        columns={"commune_vn": "name"}
    )
    new["valid_from"], new["valid_to"] = "2025-07-01", None
    old["valid_from"], old["valid_to"], old["code"] = "2009-01-01", "2024-12-31", old["commune_id"].astype(str)
    columns = ["code", "name", "valid_from", "valid_to", "geometry"]
    return pd.concat([old[columns], new[columns]], ignore_index=True)


@cache
def stops() -> gpd.GeoDataFrame:
    return gpd.read_file(REAL_DATA / "bus_stops_hadong.osm.geojson")


def hà_đông(known: pd.DataFrame | None = None) -> Gazetteer:
    return build_gazetteer(streets(), units(), known, day=date(2026, 3, 1))


@cache
def bare() -> Gazetteer:
    return hà_đông()


def error_m(found: Located, lon: float, lat: float) -> float:
    assert found.lon is not None and found.lat is not None
    return float(np.hypot(*(metric_xy([found.lon], [found.lat]) - metric_xy([lon], [lat]))[0]))


def street_lines(matched: str) -> gpd.GeoSeries:
    """The lines of the street that an answer names, in metres."""
    name = matched.split(", ")[0]
    kinds = ("Đường ", "Phố ", "Ngõ ", "Khu ")
    name = name[min(name.index(kind) for kind in kinds if kind in name) :].split(" (")[0]
    same = streets()["name"].str.split("; ").apply(lambda names: _key(name) in map(_key, names))
    return streets()[same].to_crs(METRIC).geometry


def _key(name: str) -> str:
    return fold(name).split(" ", 1)[1]


def real_addresses(form: str) -> list[tuple[str, str, str]]:
    """Address, street and old ward for every street of the map and every old ward it runs through."""
    named = streets()[streets()["ward_old"].notna() & (streets()["name"] != "Đường không tên")]
    named = named[~named["name"].str.contains(";")].drop_duplicates(["name", "ward_old"])
    return [
        (form.format(street=street, ward=ward, bare=street.split(" ", 1)[1]), street, ward)
        for street, ward in zip(named["name"], named["ward_old"], strict=True)
    ]


def is_street(found: Located, street: str) -> bool:
    return found.quality in PLACED and _key(street) in fold(found.matched)


@pytest.mark.parametrize(
    "form",
    [
        "Số 9999 {street}, phường {ward}, quận Hà Đông, Hà Nội",
        "số 7 ngõ 9999/5 {street}, P. {ward}, Q. Hà Đông",
        "9999 {bare}, {ward}, Hà Đông",
        "SỐ 9999 {street} PHƯỜNG {ward} QUẬN HÀ ĐÔNG",
    ],
)
def test_nearly_every_real_street_is_found_in_each_of_its_old_wards(form: str) -> None:
    addresses = real_addresses(form)
    assert len(addresses) > 90
    found = [is_street(locate(text, bare()), street) for text, street, _ in addresses]
    assert np.mean(found) > 0.95


def test_streets_typed_without_marks_are_found_too() -> None:
    addresses = real_addresses("so 9999 {street} phuong {ward} ha dong")
    found = [is_street(locate(fold(text), bare()), street) for text, street, _ in addresses]
    assert np.mean(found) > 0.95


def test_the_point_lies_on_the_street_and_in_or_at_a_ward_of_that_name() -> None:
    grounds = gpd.GeoDataFrame(units(), crs="EPSG:4326").to_crs(METRIC)
    for text, street, ward in real_addresses("Số 9999 {street}, phường {ward}"):
        found = locate(text, bare())
        if is_street(found, street):
            point = shapely.Point(metric_xy([found.lon], [found.lat])[0])
            named = grounds[grounds["name"] == f"Phường {ward}"].geometry
            assert street_lines(found.matched).distance(point).min() < 1
            assert named.distance(point).min() <= 150.1


def test_a_letter_left_out_leaves_the_street_found_or_shown_and_names_no_other() -> None:
    draw = random.Random(316)
    right = shown = wrong = 0
    addresses = real_addresses("{bare}")
    for name, street, ward in addresses:
        words = name.split()
        longest = max(range(len(words)), key=lambda i: len(words[i]))
        at = draw.randrange(1, len(words[longest]))
        words[longest] = words[longest][:at] + words[longest][at + 1 :]
        found = locate(f"Số 9999 đường {' '.join(words)}, phường {ward}", bare())
        right += is_street(found, street)
        shown += any(_key(street) in fold(candidate.text) for candidate in found.candidates)
        wrong += found.quality in PLACED and not is_street(found, street)
    assert right > 0.5 * len(addresses)
    assert right + shown > 0.9 * len(addresses)
    assert wrong < 0.02 * len(addresses)


def test_bus_stops_lie_at_the_street_that_their_name_gives() -> None:
    """Their names are free text ("Nhà thi đấu Hà Đông - 182 Quang Trung (Hà Đông)"); their places are real. The
    map holds main roads only, with gaps, so some stops lie past the end of their street's line."""
    distances = []
    for name, point in zip(stops()["name"], stops().to_crs(METRIC).geometry, strict=True):
        found = locate(name, bare())
        if found.quality in PLACED:
            distances.append(street_lines(found.matched).distance(point).min())
    assert len(distances) > 60
    assert median(distances) < 30
    assert np.mean(np.array(distances) < 300) > 0.8


def numbered_stops() -> pd.DataFrame:
    """Bus stops whose name gives a house number on Quang Trung: "80 Quang Trung - Hà Đông"."""
    rows = []
    for name, point in zip(stops()["name"], stops().geometry, strict=True):
        parsed = parse_address(name, bare().wards)
        if parsed.house and parsed.street == "Quang Trung":
            rows.append((parsed.street, parsed.house, point.x, point.y, parsed.ward))
    return pd.DataFrame(rows, columns=["street", "house", "lon", "lat", "ward"])


def test_real_numbers_are_placed_far_better_than_by_the_street_alone() -> None:
    """Each numbered bus stop on Quang Trung (6 km) is placed by the numbers of the others."""
    known = numbered_stops()
    assert len(known) > 15
    street = streets()[streets()["name"].str.contains("Đường Quang Trung")]
    by_number, by_street = [], []
    for row in known.itertuples():
        found = locate(f"{row.house} {row.street}", build_gazetteer(street, units(), known.drop(row.Index)))
        if found.quality is LocationQuality.HOUSE:
            by_number.append(error_m(found, row.lon, row.lat))
            by_street.append(error_m(locate(f"{row.house} {row.street}", bare()), row.lon, row.lat))
    assert len(by_number) > 10
    assert median(by_number) < 100
    assert median(by_number) < median(by_street) / 10


@pytest.mark.parametrize(
    ("address", "ward"),
    [
        ("Tổ 5, phường Nguyễn Trãi, Hà Đông", "Phường Hà Đông"),
        ("Tổ 5, phường Biên Giang, Hà Đông", "Phường Chương Mỹ"),
        ("Tổ 5, phường Phú Lãm, Hà Đông", "Phường Phú Lương"),
        ("Tổ 5, phường Hà Cầu, Hà Đông", "Phường Hà Đông"),
    ],
)
def test_old_wards_are_found_on_their_ground_and_answered_with_todays(address: str, ward: str) -> None:
    found = locate(address, bare())
    assert (found.quality, found.ward_name) == (LocationQuality.WARD, ward)


def test_a_register_of_20_000_addresses_is_located_in_less_than_ten_seconds() -> None:
    draw = random.Random(178)
    known = [(street, ward) for _, street, ward in real_addresses("{bare}")]
    addresses = []
    for number in range(20_000):
        street, ward = draw.choice(known)
        alley = f"ngõ {draw.randint(1, 300)} " if draw.random() < 0.3 else ""
        addresses.append(f"Số {number % 900 + 1} {alley}{street}, {ward}, Hà Đông, Hà Nội")
    gazetteer = hà_đông(numbered_stops())
    begun = time.process_time()
    found = locate_many(addresses, gazetteer)
    assert time.process_time() - begun < 10
    assert len(found) == 20_000
