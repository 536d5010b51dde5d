"""Addresses become points: the house between known numbers, else the street in the ward, else the ward."""

from __future__ import annotations

import math
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given

from geo.addresses import Located, locate, locate_many
from geo.crs import METRIC, metric_xy
from geo.gazetteer import Gazetteer, build_gazetteer
from geo.words import LocationQuality
from tests.unit.geo.test_addresses_parse import ADDRESSES

EAST, NORTH = 580_000.0, 2_320_000.0
TODAY = date(2026, 3, 1)

Line = list[tuple[float, float]]

#: Kiến Hưng in the west, Hà Đông in the east, 1 km each; a narrow old ward Nguyễn Trãi inside Hà Đông.
STREETS: list[tuple[str | None, Line]] = [
    ("Đường Quang Trung", [(0, 500), (1000, 500)]),
    ("Đường Quang Trung; Cầu Am", [(1000, 500), (2000, 500)]),
    ("Phố Tô Hiệu", [(1200, 0), (1200, 900)]),
    ("Phố Tố Hữu", [(1500, 0), (1500, 1000)]),
    ("Phố Lê Lợi", [(1400, 700), (1900, 700)]),
    ("Phố Hà Cầu", [(1700, 100), (1700, 300)]),
    ("Ngõ 80 Đường Quang Trung", [(300, 500), (300, 700)]),
    ("Đường tỉnh 72", [(100, 0), (100, 400)]),
    ("Phố Song Sinh", [(0, 50), (200, 50)]),
    ("Phố Song Sinh", [(1800, 50), (2000, 50)]),
    ("Phố Văn Khang", [(400, 0), (400, 400)]),
    ("Phố Văn Khanh", [(450, 0), (450, 400)]),
    (None, [(0, 0), (10, 10)]),
    ("Đường không tên", [(0, 0), (10, 10)]),
]
UNITS = [
    ("09552", "Phường Kiến Hưng", (0, 0, 1000, 1000), "2025-07-01", None),
    ("09556", "Phường Hà Đông", (1000, 0, 2000, 1000), "2025-07-01", None),
    ("09556", "Phường Hà Cầu", (1000, 0, 2000, 600), "2000-01-01", "2025-06-30"),
    ("09538", "Phường Nguyễn Trãi", (1400, 600, 2000, 1000), "2000-01-01", "2024-12-31"),
]
KNOWN = [
    ("Đường Quang Trung", "2", 1100, 510),
    ("Quang Trung", "42", 1500, 510),
    ("Quang Trung", "1", 1100, 490),
    ("Quang Trung", "101", 1900, 490),
    ("Lê Lợi", "10", 1500, 2000),
]


def lonlat(x: float, y: float) -> tuple[float, float]:
    point = gpd.GeoSeries([shapely.Point(EAST + x, NORTH + y)], crs=METRIC).to_crs("EPSG:4326")[0]
    return point.x, point.y


def world(known: bool = True, day: date | None = TODAY) -> Gazetteer:
    lines = [shapely.LineString([(EAST + x, NORTH + y) for x, y in line]) for _, line in STREETS]
    streets = gpd.GeoDataFrame({"name": [name for name, _ in STREETS]}, geometry=lines, crs=METRIC)
    boxes = [shapely.box(EAST + w, NORTH + s, EAST + e, NORTH + n) for _, _, (w, s, e, n), _, _ in UNITS]
    units = gpd.GeoDataFrame(
        {
            "code": [unit[0] for unit in UNITS],
            "name": [unit[1] for unit in UNITS],
            "valid_from": pd.to_datetime([unit[3] for unit in UNITS]),
            "valid_to": pd.to_datetime(pd.Series([unit[4] for unit in UNITS], dtype=object)),
        },
        geometry=boxes,
        crs=METRIC,
    )
    houses = pd.DataFrame(
        [(street, house, *lonlat(x, y), None) for street, house, x, y in KNOWN],
        columns=["street", "house", "lon", "lat", "ward"],
    )
    return build_gazetteer(
        streets.to_crs("EPSG:4326"), units.to_crs("EPSG:4326"), houses if known else None, day=day
    )


WORLD = world()


def place(found: Located) -> tuple[float, float]:
    """Metres from the corner of the world."""
    assert found.lon is not None and found.lat is not None
    x, y = metric_xy([found.lon], [found.lat])[0]
    return round(x - EAST), round(y - NORTH)


def test_a_house_lies_between_the_known_numbers_of_its_side() -> None:
    found = locate("Số 22 Quang Trung, Hà Đông", WORLD)
    assert found.quality is LocationQuality.HOUSE
    assert place(found) == (1300, 500)
    assert "giữa số 2 và số 42" in found.matched
    assert (found.ward_code, found.ward_name) == ("09556", "Phường Hà Đông")


def test_a_house_that_is_known_itself_lies_on_its_point() -> None:
    found = locate("42 đường Quang Trung", WORLD)
    assert (found.quality, place(found)) == (LocationQuality.HOUSE, (1500, 510))


@pytest.mark.parametrize(
    "address", ["Số 300 Quang Trung, Hà Đông", "Km 10 Quang Trung, Hà Đông", "Số 12 Lê Lợi"]
)
def test_without_two_known_numbers_a_house_is_only_on_its_street(address: str) -> None:
    assert locate(address, WORLD).quality is LocationQuality.STREET


def test_a_known_house_far_from_its_street_is_not_believed() -> None:
    assert locate("10 Lê Lợi", WORLD).quality is LocationQuality.STREET


def test_a_house_in_an_alley_stands_at_the_mouth_with_the_quality_of_a_street() -> None:
    found = locate("Số 5 ngõ 22 Quang Trung", WORLD)
    assert (found.quality, place(found)) == (LocationQuality.STREET, (1300, 500))
    assert found.matched.startswith("đầu ngõ 22 Đường Quang Trung")


def test_an_alley_with_a_line_of_its_own_is_found_as_a_street() -> None:
    found = locate("Số 5 ngõ 80 Quang Trung, Kiến Hưng", WORLD)
    assert (found.quality, place(found)) == (LocationQuality.STREET, (300, 600))


def test_a_house_outside_the_named_ward_is_not_placed_there() -> None:
    found = locate("Số 22 Quang Trung, phường Kiến Hưng", WORLD)
    assert (found.quality, place(found)) == (LocationQuality.STREET, (500, 500))


def test_a_street_stands_in_the_middle_of_its_part_in_the_ward() -> None:
    found = locate("đường Quang Trung, phường Kiến Hưng", WORLD)
    assert (found.quality, place(found)) == (LocationQuality.STREET, (500, 500))
    assert found.ward_code == "09552"
    assert found.candidates == ()


def test_a_street_through_several_wards_lists_its_parts_where_no_ward_is_named() -> None:
    found = locate("đường Quang Trung, quận Hà Đông", world(known=False))
    assert (found.quality, place(found)) == (LocationQuality.STREET, (1000, 500))
    assert {candidate.text for candidate in found.candidates} == {
        "Đường Quang Trung, Phường Kiến Hưng",
        "Đường Quang Trung, Phường Hà Đông",
    }


def test_hà_đông_alone_may_be_the_former_district_so_the_other_parts_are_listed() -> None:
    found = locate("Số 500 Quang Trung, Hà Đông, Hà Nội", WORLD)
    assert place(found) == (1500, 500)
    assert [candidate.text for candidate in found.candidates] == ["Đường Quang Trung, Phường Kiến Hưng"]
    outside = locate("Số 5 Văn Khang, Hà Đông, Hà Nội", WORLD)
    assert (outside.quality, outside.ward_code) == (LocationQuality.STREET, "09552")


@pytest.mark.parametrize("hint", ["Phường Kiến Hưng", "kien hung", "P. Kiến Hưng", "P.Kiến Hưng, Hà Đông"])
def test_a_ward_named_beside_the_address_helps(hint: str) -> None:
    found = locate("Số 500 Quang Trung", WORLD, ward_hint=hint)
    assert (place(found), found.candidates) == ((500, 500), ())


def test_an_old_ward_is_found_by_its_own_ground_and_answered_with_todays() -> None:
    found = locate("Phố Tố Hữu, phường Nguyễn Trãi", WORLD)
    assert (found.quality, place(found)) == (LocationQuality.STREET, (1500, 800))
    assert (found.ward_code, found.ward_name) == ("09556", "Phường Hà Đông")
    ward = locate("Tổ 5, phường Nguyễn Trãi", WORLD)
    assert (ward.quality, ward.matched, ward.ward_name) == (
        LocationQuality.WARD,
        "Phường Nguyễn Trãi",
        "Phường Hà Đông",
    )
    assert place(ward) == (1700, 800)


def test_on_an_old_day_the_answer_names_the_ward_of_that_day() -> None:
    found = locate("Phố Tố Hữu, phường Nguyễn Trãi", world(day=date(2024, 5, 1)))
    assert (found.ward_code, found.ward_name) == ("09538", "Phường Nguyễn Trãi")


def test_a_name_that_is_no_street_is_tried_as_a_ward() -> None:
    found = locate("Số 12, Nguyễn Trãi, Hà Đông", WORLD)
    assert (found.quality, found.matched) == (LocationQuality.WARD, "Phường Nguyễn Trãi")


def test_a_street_that_does_not_run_through_the_named_ward_is_a_candidate() -> None:
    found = locate("Số 5 Tố Hữu, phường Kiến Hưng", WORLD)
    assert (found.quality, found.ward_code) == (LocationQuality.WARD, "09552")
    assert [candidate.text for candidate in found.candidates] == ["Phố Tố Hữu"]


def test_a_street_at_the_border_belongs_to_the_ward_beside_it() -> None:
    found = locate("Phố Lê Lợi, phường Hà Cầu", WORLD)
    assert found.quality is LocationQuality.STREET


def test_two_streets_that_fit_equally_are_listed_not_guessed() -> None:
    found = locate("Số 5 Văn Khan, phường Kiến Hưng", WORLD)
    assert found.quality is LocationQuality.WARD
    assert [candidate.text for candidate in found.candidates] == ["Phố Văn Khang", "Phố Văn Khanh"]


def test_two_streets_of_one_name_are_listed_and_the_ward_decides() -> None:
    found = locate("Số 5 Song Sinh", WORLD)
    assert found.quality is LocationQuality.STREET
    assert len(found.candidates) == 2
    assert place(locate("Số 5 Song Sinh, Kiến Hưng", WORLD)) == (100, 50)


def test_a_street_that_is_not_known_gives_the_ward_and_similar_names() -> None:
    found = locate("Số 5 Lê Lai, phường Hà Đông", WORLD)
    assert found.quality is LocationQuality.WARD
    assert [candidate.text for candidate in found.candidates] == ["Phố Lê Lợi"]
    assert found.candidates[0].similarity < 100


@pytest.mark.parametrize(
    "address",
    [
        "12 Quang Trung, quận Hoàn Kiếm, Hà Nội",
        "12 Quang Trung, TP Hồ Chí Minh",
        "12 Quang Trung, tỉnh Bắc Ninh",
    ],
)
def test_an_address_in_another_district_or_city_is_not_placed_here(address: str) -> None:
    found = locate(address, WORLD)
    assert (found.quality, found.lon, found.lat, found.ward_code) == (LocationQuality.NONE, None, None, None)
    assert [candidate.text for candidate in found.candidates] == ["Đường Quang Trung"]


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ("so 5 to hieu", "Phố Tô Hiệu"),
        ("so 5 to huu", "Phố Tố Hữu"),
        ("12 DUONG QUANG TRUG", "Đường Quang Trung"),
        ("Số 8 đường 72", "Đường tỉnh 72"),
        ("Số 8 TL72", "Đường tỉnh 72"),
        ("12 Quang Trung kéo dài", "Đường Quang Trung"),
        ("Nhà hàng Mẫu - Tô Hiệu", "Phố Tô Hiệu"),
    ],
)
def test_streets_are_found_however_they_are_typed(address: str, street: str) -> None:
    found = locate(address, WORLD)
    assert found.quality in {LocationQuality.STREET, LocationQuality.HOUSE}
    assert street in found.matched


def test_many_addresses_get_the_answers_of_each() -> None:
    addresses = ["22 Quang Trung", "Tô Hiệu", "22 Quang Trung", ""]
    hints = [None, None, "Phường Kiến Hưng", None]
    each = [locate(a, WORLD, ward_hint=h) for a, h in zip(addresses, hints, strict=True)]
    assert locate_many(addresses, WORLD, ward_hints=hints) == each
    assert locate_many([], WORLD) == []


def test_the_answer_does_not_depend_on_what_was_asked_before() -> None:
    addresses = ["22 Quang Trung", "Số 5 Văn Khan", "Số 5 Song Sinh", "Lê Lai, Hà Cầu", "Tô Hiệu, Hà Đông"]
    once = locate_many(addresses, world())
    assert locate_many(addresses[::-1], world())[::-1] == once


def test_without_streets_and_units_nothing_is_found_and_nothing_fails() -> None:
    streets = gpd.GeoDataFrame({"name": []}, geometry=[], crs="EPSG:4326")
    units = gpd.GeoDataFrame({"code": [], "name": []}, geometry=[], crs="EPSG:4326")
    assert locate("12 Quang Trung, Hà Cầu", build_gazetteer(streets, units)).quality is LocationQuality.NONE


@given(ADDRESSES)
def test_any_text_gets_an_answer_without_a_hole(text: str) -> None:
    found = locate(text, WORLD)
    assert (found.quality is LocationQuality.NONE) == (found.lon is None) == (found.lat is None)
    points = [(found.lon, found.lat), *((c.lon, c.lat) for c in found.candidates)]
    assert all(math.isfinite(value) for point in points for value in point if value is not None)
    assert all(0 <= candidate.similarity <= 100 for candidate in found.candidates)
