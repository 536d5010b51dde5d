"""Exported files open where they are meant to, and carry nothing that runs."""

from __future__ import annotations

import csv
import json
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from data.cell_text import harmless, taken_back
from data.exporters.layer import Column, Layer, Look
from data.exporters.route_files import write_team_gpx
from data.exporters.write import FORMATS, write_layers, writer_for
from geo.errors import InputError, SurroundingsError
from geo.words import HotspotState

COLUMNS = (
    Column("id", "Mã điểm"),
    Column("name", "Tên điểm"),
    Column("state", "Trạng thái", HotspotState),
    Column("found", "Ngày phát hiện"),
    Column("rooms", "Số phòng"),
    Column("share", "Tỷ lệ"),
    Column("checked", "Đã xem"),
)
LOOK = Look(attribute="state", colours={"active": ("#b2182b", "đang phức tạp")})
POINT, LINE = shapely.Point(105.77, 20.96), shapely.LineString([(105.77, 20.96), (105.78, 20.97)])
AREA = shapely.box(105.75, 20.95, 105.76, 20.96)


def layer(*shapes: shapely.Geometry | None, name: str = "Khu vực Mẫu", look: Look = LOOK) -> Layer:
    count = len(shapes)
    frame = gpd.GeoDataFrame(
        {
            "id": [f"h{n}" for n in range(count)],
            "name": [name] * count,
            "state": ["active"] * count,
            "found": pd.to_datetime(pd.Series([date(2024, 5, 9)] * count, dtype=object)),
            "rooms": pd.Series([-3, *[None] * (count - 1)][:count], dtype=object),
            "share": [0.5] * count,
            "checked": [True] * count,
        },
        geometry=list(shapes),
        crs="EPSG:4326",
    )
    return Layer("hotspots", frame, COLUMNS, title="name", look=look)


def written(folder: Path, suffix: str, *layers: Layer) -> Path:
    file = folder / f"out{suffix}"
    assert write_layers(writer_for(file, routes=True), layers, file) == len(layers[0].frame)
    return file


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_takes_points_lines_areas_missing_places_and_no_rows_at_all(
    tmp_path: Path, suffix: str
) -> None:
    assert written(tmp_path, suffix, layer(POINT, LINE, AREA, None)).stat().st_size > 0
    assert written(tmp_path, suffix, layer()).stat().st_size > 0


def test_a_workbook_has_vietnamese_headers_words_real_dates_and_numbers(tmp_path: Path) -> None:
    sheet = load_workbook(written(tmp_path, ".xlsx", layer(POINT)))["hotspots"]
    header, row = list(sheet.iter_rows(values_only=True))
    assert header == (*(column.header for column in COLUMNS), "Vĩ độ", "Kinh độ")
    assert row == ("h0", "Khu vực Mẫu", "đang phức tạp", datetime(2024, 5, 9), -3, 0.5, "có", 20.96, 105.77)
    assert sheet["D2"].number_format == "dd/mm/yyyy"


def test_csv_is_written_for_excel_with_dates_as_people_write_them(tmp_path: Path) -> None:
    file = written(tmp_path, ".csv", layer(POINT))
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        (row,) = list(csv.DictReader(stream))
    assert row["Ngày phát hiện"] == "09/05/2024"
    assert row["Số phòng"] == "-3"


def test_shapes_other_than_points_stand_in_sheets_as_wkt(tmp_path: Path) -> None:
    with written(tmp_path, ".csv", layer(LINE, POINT)).open(encoding="utf-8-sig", newline="") as stream:
        line, point = list(csv.DictReader(stream))
    assert shapely.from_wkt(line["Hình (WKT)"]).equals_exact(LINE, 1e-6)
    assert shapely.from_wkt(point["Hình (WKT)"]).equals_exact(POINT, 1e-6)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝"])
@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_no_cell_is_a_formula(tmp_path: Path, suffix: str, start: str) -> None:
    file = written(tmp_path, suffix, layer(POINT, name=f"{start}HYPERLINK(1)"))
    if suffix == ".xlsx":
        cell = load_workbook(file)["hotspots"]["B2"]
        assert cell.data_type == "s"
        value = str(cell.value)
    else:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            value = next(csv.DictReader(stream))["Tên điểm"]
    assert value.startswith("'")


@given(st.text())
def test_a_cell_comes_back_as_it_was_and_never_begins_like_a_formula(text: str) -> None:
    made = harmless(text)
    assert not made.lstrip().startswith(("=", "+", "-", "@"))
    once_more = harmless(taken_back(made))
    assert once_more == made


@given(name=st.text(max_size=40))
def test_any_text_at_all_can_be_written(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("wild")
    for suffix in FORMATS:
        assert written(folder, suffix, layer(POINT, name=name)).stat().st_size > 0


def test_a_geopackage_has_a_table_for_each_kind_of_geometry_and_a_default_style(tmp_path: Path) -> None:
    file = written(tmp_path, ".gpkg", layer(POINT, LINE, AREA))
    names = {str(name) for name, kind in pyogrio.list_layers(file) if kind is not None}
    assert names == {"hotspots_points", "hotspots_lines", "hotspots_areas"}
    points = gpd.read_file(file, layer="hotspots_points")
    assert points.crs == "EPSG:4326"
    assert points["found"].tolist() == ["2024-05-09"]
    assert points["state"].tolist() == ["active"]
    with sqlite3.connect(file) as package:
        styles = package.execute(
            "SELECT f_table_name, styleQML, useAsDefault, f_geometry_column FROM layer_styles"
        )
        for table, qml, default, geometry in styles.fetchall():
            assert table in names
            assert default == 1
            assert geometry == "geom"
            renderer = ET.fromstring(qml.split("\n", 1)[1]).find("renderer-v2")
            assert renderer is not None
            assert renderer.get("attr") == "state"
        (kind,) = package.execute(
            "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
        ).fetchone()
    assert kind == "attributes"


def test_several_layers_share_a_geopackage(tmp_path: Path) -> None:
    routes = Layer("routes", layer(LINE).frame, COLUMNS, title="name")
    file = written(tmp_path, ".gpkg", layer(POINT), routes)
    assert {str(n) for n, kind in pyogrio.list_layers(file) if kind is not None} == {"hotspots", "routes"}


def test_steps_of_a_number_become_a_graduated_style(tmp_path: Path) -> None:
    look = Look(attribute="share", steps=(20.0, 40.0), ramp=("#ffffff", "#888888", "#000000"))
    file = written(tmp_path, ".gpkg", layer(POINT, look=look))
    with sqlite3.connect(file) as package:
        (qml,) = package.execute("SELECT styleQML FROM layer_styles").fetchone()
    assert len(ET.fromstring(qml.split("\n", 1)[1]).findall(".//range")) == 3


def test_geojson_is_lon_lat_with_plain_values(tmp_path: Path) -> None:
    (feature,) = json.loads(written(tmp_path, ".geojson", layer(POINT)).read_text(encoding="utf-8"))["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [105.77, 20.96]}
    assert feature["properties"] == {
        "id": "h0",
        "name": "Khu vực Mẫu",
        "state": "active",
        "found": "2024-05-09",
        "rooms": -3,
        "share": 0.5,
        "checked": True,
    }


def test_kml_holds_names_as_text_whatever_is_in_them(tmp_path: Path) -> None:
    name = "<script>alert(1)</script> & ]]> \x00"
    file = written(tmp_path, ".kml", layer(POINT, AREA, name=name))
    space = {"k": "http://www.opengis.net/kml/2.2"}
    marks = ET.parse(file).findall(".//k:Placemark", space)
    assert [mark.findtext("k:name", namespaces=space) for mark in marks] == [name.replace("\x00", "")] * 2
    assert marks[0].findtext(".//k:Point/k:coordinates", namespaces=space) == "105.7700000,20.9600000"
    read = pyogrio.read_dataframe(file)
    assert list(read.geometry.geom_type) == ["Point", "Polygon"]


def visits() -> Layer:
    arrive = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
    frame = gpd.GeoDataFrame(
        {
            "id": ["v1", "v2"],
            "date": pd.to_datetime(pd.Series([date(2026, 12, 1)] * 2, dtype=object)),
            "team": ["Đội phường Một"] * 2,
            "order": [1, 2],
            "name": ["Karaoke <Mẫu>; số 1", "Nhà nghỉ " + "rất dài " * 20],
            "address": ["Số 1, Phố Giả"] * 2,
            "arrive": [arrive] * 2,
            "leave": [arrive] * 2,
            "made_at": [arrive] * 2,
        },
        geometry=[POINT, None],
        crs="EPSG:4326",
    )
    return Layer("visits", frame, (Column("name", "Tên"),), title="name")


def test_a_calendar_has_one_event_a_stop_in_lines_that_every_program_takes(tmp_path: Path) -> None:
    text = written(tmp_path, ".ics", visits()).read_bytes()
    assert text.count(b"BEGIN:VEVENT") == 2
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    unfolded = text.decode().replace("\r\n ", "")
    assert "DTSTART:20261201T083000Z" in unfolded
    assert "SUMMARY:Kiểm tra: Karaoke <Mẫu>\\; số 1" in unfolded
    assert "LOCATION:Số 1\\, Phố Giả" in unfolded


def test_a_gpx_file_has_a_route_of_the_stops_that_have_a_place(tmp_path: Path) -> None:
    routes = gpd.read_file(written(tmp_path, ".gpx", visits()), layer="route_points")
    assert routes["name"].tolist() == ["1. Karaoke <Mẫu>; số 1"]
    assert routes.geometry[0].equals_exact(POINT, 1e-6)


def test_an_unannounced_visit_is_in_no_calendar_and_in_a_gpx_file_of_its_own_team_only(tmp_path: Path) -> None:
    stops = visits()
    frame = stops.frame.assign(kind=["unannounced", "planned"])
    mixed = Layer("visits", frame, stops.columns, title="name")
    calendar = written(tmp_path, ".ics", mixed).read_text(encoding="utf-8")
    assert calendar.count("BEGIN:VEVENT") == 1
    assert "Karaoke" not in calendar
    assert "Karaoke" not in written(tmp_path, ".gpx", mixed).read_text(encoding="utf-8")
    write_team_gpx([mixed], tmp_path / "own.gpx")
    assert "Karaoke" in (tmp_path / "own.gpx").read_text(encoding="utf-8")


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    for name in ("a.docx", "a", "a.gpx"):
        with pytest.raises(InputError) as refused:
            writer_for(Path(name), routes=False)
        assert refused.value.code == "unknown_format"
        assert ".gpkg" in str(refused.value.hint)


def test_an_old_file_stays_whole_until_the_new_one_is(tmp_path: Path) -> None:
    file = written(tmp_path, ".csv", layer(POINT))
    before = file.read_bytes()

    def failing(layers: list[Layer], beside: Path) -> None:
        beside.write_text("half", encoding="utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(SurroundingsError) as refused:
        write_layers(failing, [layer(POINT)], file)
    assert refused.value.code == "cannot_write"
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", ["không có/out.csv", "."])
def test_a_place_that_cannot_take_the_file_is_named(tmp_path: Path, name: str) -> None:
    target: Any = tmp_path / name
    with pytest.raises(InputError) as refused:
        write_layers(FORMATS[".csv"], [layer(POINT)], target)
    assert refused.value.code in {"no_folder", "is_folder"}
