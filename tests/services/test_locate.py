"""Addresses of a file are found on the loaded streets, wards and known houses."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely

from app.cli import main
from app.services.locate import gazetteer_of, locate_file
from data.store import Actor, Store
from data.tables import Premises, Street, Unit
from geo.addresses import locate
from geo.crs import LONLAT, METRIC, transform
from geo.errors import InputError
from geo.words import LocationQuality

EAST, NORTH = 580_000.0, 2_320_000.0
DAY = date(2026, 3, 1)


def placed(shape: shapely.Geometry) -> shapely.Geometry:
    """Metres from the corner of the made-up district as degrees."""
    return transform(shapely.transform(shape, lambda xy: xy + np.array([EAST, NORTH])), METRIC, LONLAT)


def unit(code: str, name: str, west: float, east: float, first: date, last: date | None) -> Unit:
    ground = placed(shapely.MultiPolygon([shapely.box(west, 0, east, 1000)]))
    return Unit(code=code, name=name, valid_from=first, valid_to=last, geom=ground)


def house(name: str, address: str, x: float, quality: LocationQuality) -> Premises:
    point = placed(shapely.Point(x, 510))
    return Premises(
        name=name, folded="", type="hotel", address=address, geom=point, location_quality=quality.value
    )


@pytest.fixture
def district(empty_store: Store, operator: Actor) -> Store:
    """Two wards of today and one of old on a street of 2 km, on which two houses are known."""
    with empty_store.write(operator) as work:
        work.session.add_all(
            [
                unit("09552", "Phường Kiến Hưng", 0, 1000, date(2025, 7, 1), None),
                unit("09556", "Phường Hà Đông", 1000, 2000, date(2025, 7, 1), None),
                unit("09538", "Phường Nguyễn Trãi", 1500, 2000, date(2000, 1, 1), date(2024, 12, 31)),
                Street(
                    name="Đường Quang Trung",
                    street_class="main",
                    geom=placed(shapely.LineString([(0, 500), (2000, 500)])),
                ),
                house("A", "Số 2 Quang Trung, Hà Đông", 1100, LocationQuality.GIVEN),
                house("B", "42 đường Quang Trung", 1500, LocationQuality.MANUAL),
                house("C", "Số 22 Quang Trung", 1900, LocationQuality.STREET),
                house("D", "Số 22 ngõ 5 Quang Trung", 1950, LocationQuality.GIVEN),
            ]
        )
    return empty_store


def located(store: Store, operator: Actor, file: Path, text: str) -> list[tuple[str, str, str | None]]:
    file.write_text(text, encoding="utf-8-sig")
    rows = locate_file(store, operator, file, DAY)["rows"]
    return [(row["address"], row["quality"], row["ward"]) for row in rows]


def test_a_file_of_addresses_gets_points_quality_and_ward(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    file = tmp_path / "addresses.csv"
    file.write_text(
        'id,address\n1,"Số 22 Quang Trung, Hà Đông"\n2,"Quang Trung, phường Kiến Hưng"\n'
        '3,"Tổ 5, phường Nguyễn Trãi"\n4,Đường Không Có\n',
        encoding="utf-8",
    )
    done = locate_file(district, operator, file, DAY)
    assert done["counts"] == {"house": 1, "street": 1, "ward": 1, "none": 1}
    assert [row["quality"] for row in done["rows"]] == ["house", "street", "ward", "none"]
    assert [row["ward"] for row in done["rows"]] == ["09556", "09552", "09556", None]
    assert {"address", "lon", "lat", "quality", "matched", "ward", "candidates"} <= set(done["rows"][0])
    assert done["rows"][3]["lon"] is None
    json.dumps(done, allow_nan=False)


def test_only_points_that_are_their_houses_own_place_other_houses(district: Store, operator: Actor) -> None:
    with district.read(operator) as work:
        gazetteer = gazetteer_of(work, DAY)
    found = locate("Số 22 Quang Trung", gazetteer)
    assert "giữa số 2 và số 42" in found.matched
    middle = placed(shapely.Point(1300, 500))
    assert (found.lon, found.lat) == pytest.approx((middle.x, middle.y), abs=1e-6)


def test_commas_without_quotation_marks_do_not_cut_an_address(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    rows = located(district, operator, tmp_path / "a.csv", "address\nSố 22 Quang Trung, Hà Đông, Hà Nội\n")
    assert rows == [("Số 22 Quang Trung, Hà Đông, Hà Nội", "house", "09556")]


def test_a_column_of_wards_helps(district: Store, operator: Actor, tmp_path: Path) -> None:
    text = "Địa chỉ;Phường\nQuang Trung;Kiến Hưng\nsố 900 Quang Trung;Phường Hà Đông\n"
    rows = located(district, operator, tmp_path / "a.csv", text)
    assert [(quality, ward) for _, quality, ward in rows] == [("street", "09552"), ("street", "09556")]


def test_a_file_without_addresses_is_refused_by_name(district: Store, operator: Actor, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        located(district, operator, tmp_path / "a.csv", "id;name\n1;A\n")
    assert (refused.value.code, refused.value.file) == ("no_address_column", "a.csv")


def test_before_anything_is_loaded_nothing_is_found(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    assert located(empty_store, operator, tmp_path / "a.csv", "address\n12 Quang Trung\n") == [
        ("12 Quang Trung", "none", None)
    ]


def test_the_command_gives_the_same(
    district: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("address\nSố 22 Quang Trung\n", encoding="utf-8")
    url = district.engine.url.render_as_string(hide_password=False)
    assert main(["locate", str(file), "--json", "--db", url, "--as-of", DAY.isoformat()]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["counts"]["house"] == 1
    assert document["rows"][0]["quality"] == "house"
