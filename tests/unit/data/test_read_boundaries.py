"""Boundary files of any usual kind become units: code, name, population and ground in degrees."""

from __future__ import annotations

import json
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.importers.boundaries import read_boundaries
from geo.errors import InputError

WEST = shapely.box(105.75, 20.95, 105.77, 20.97)
EAST = shapely.box(105.77, 20.95, 105.79, 20.97)


def wards(**columns: Any) -> gpd.GeoDataFrame:
    columns = columns or {"code": ["09886", "09556"], "name": ["Phường Dương Nội", "Phường Hà Đông"]}
    return gpd.GeoDataFrame(columns, geometry=[WEST, EAST], crs="EPSG:4326")


def written(frame: gpd.GeoDataFrame, file: Path, **options: Any) -> Path:
    frame.to_file(file, **options)
    return file


def zipped(folder: Path, inside: str = "bản đồ/") -> Path:
    file = folder / "wards.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for part in sorted(folder.glob("wards.*")):
            if part != file:
                archive.write(part, inside + part.name)
    return file


@pytest.mark.parametrize("crs", [4326, 3405, 5897, 3857])
@pytest.mark.parametrize("kind", ["gpkg", "shp", "zip", "geojson"])
def test_the_same_wards_come_out_of_every_format_and_coordinate_system(
    tmp_path: Path, kind: str, crs: int
) -> None:
    suffix = "shp" if kind == "zip" else kind
    file = written(wards().to_crs(crs), tmp_path / f"wards.{suffix}")
    read = read_boundaries(zipped(tmp_path) if kind == "zip" else file)
    assert list(read.frame["code"]) == ["09886", "09556"]
    assert list(read.frame["name"]) == ["Phường Dương Nội", "Phường Hà Đông"]
    assert read.frame.crs == "EPSG:4326"
    assert read.rejected == []
    for got, wanted in zip(read.frame.geometry, (WEST, EAST), strict=True):
        assert got.symmetric_difference(wanted).area < 1e-9


def test_wards_drawn_in_google_earth_are_read_by_folder_and_name(tmp_path: Path) -> None:
    ring = " ".join(f"{x},{y},12.5" for x, y in WEST.exterior.coords)
    place = (
        "<Placemark><name>Phường Kiến Hưng</name><Polygon><outerBoundaryIs><LinearRing>"
        f"<coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
    )
    folders = "".join(f"<Folder><name>{n}</name>{place.replace('Kiến Hưng', n)}</Folder>" for n in ("A", "B"))
    file = tmp_path / "wards.kml"
    file.write_text(
        f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{folders}</Document></kml>',
        encoding="utf-8",
    )
    read = read_boundaries(file)
    assert list(read.frame["name"]) == ["Phường A", "Phường B"]
    assert list(read.frame["code"]) == ["a", "b"]
    assert not read.frame.geometry.has_z.any()


@pytest.mark.parametrize(
    "header", ["name", "TEN", "Tên xã", "ten_xa", "commune_vn", "NAME_3", "Ward", "Tên phường/xã", "tên"]
)
@pytest.mark.parametrize("code", ["code", "Mã xã", "ref", "MA", "ma_xa"])
def test_the_columns_are_found_by_their_usual_headers(tmp_path: Path, header: str, code: str) -> None:
    file = written(wards(**{header: ["Một", "Hai"], code: ["00001", "00002"]}), tmp_path / "wards.gpkg")
    read = read_boundaries(file)
    assert list(read.frame["name"]) == ["Một", "Hai"]
    assert list(read.frame["code"]) == ["00001", "00002"]


def test_a_column_can_be_named_and_an_unknown_one_is_refused_with_those_there_are(tmp_path: Path) -> None:
    file = written(wards(dia_ban=["Một", "Hai"], so=["1", "2"]), tmp_path / "wards.gpkg")
    read = read_boundaries(file, name_column="dia_ban", code_column="so")
    assert list(read.frame["code"]) == ["1", "2"]
    for options in ({}, {"name_column": "tên gì đó"}):
        with pytest.raises(InputError) as refused:
            read_boundaries(file, **options)
        assert refused.value.code == "missing_column"
        assert "dia_ban" in str(refused.value.hint)
        assert refused.value.file == "wards.gpkg"


def test_names_are_composed_and_codes_get_back_their_leading_zeros(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Phường  Yên Nghĩa ")
    file = written(wards(name=[decomposed, "Phường Hà Đông"], code=[9562, 9556]), tmp_path / "wards.gpkg")
    read = read_boundaries(file)
    assert read.frame["name"][0] == unicodedata.normalize("NFC", "Phường Yên Nghĩa")
    assert list(read.frame["code"]) == ["09562", "09556"]


def test_a_ward_without_code_gets_one_from_its_name_and_the_report_says_so(tmp_path: Path) -> None:
    file = written(wards(name=["Phường Kiến Hưng", "Xã Đại Thanh"], code=[None, "00664"]), tmp_path / "w.gpkg")
    read = read_boundaries(file)
    assert list(read.frame["code"]) == ["kien-hung", "00664"]
    assert "Phường Kiến Hưng" in str(read.warnings[0])


def test_two_wards_of_one_name_keep_apart_and_parts_of_one_ward_come_together(tmp_path: Path) -> None:
    twins = read_boundaries(written(wards(name=["Quang Trung", "Quang Trung"]), tmp_path / "a.gpkg"))
    assert list(twins.frame["code"]) == ["quang-trung", "quang-trung-2"]
    same = wards(name=["Quang Trung", "Quang Trung"], code=["09550", "09550"])
    parts = read_boundaries(written(same, tmp_path / "b.gpkg"))
    assert list(parts.frame["code"]) == ["09550"]
    assert parts.frame.geometry[0].area == pytest.approx(WEST.area + EAST.area)


def test_population_is_read_as_offices_write_it(tmp_path: Path) -> None:
    file = written(wards(name=["a", "b"], dan_so=["185.205", "chưa rõ"]), tmp_path / "wards.gpkg")
    assert list(read_boundaries(file).frame["population"]) == [185205, None]


def test_features_that_are_no_ward_are_left_out_by_name(tmp_path: Path) -> None:
    shapes = [WEST, EAST.centroid, EAST.exterior, None, EAST, shapely.box(2.0, 48.0, 2.1, 48.1), EAST]
    names = ["Phường Thật", "Một điểm", "Một đường", "Không hình", None, "Ở xa", "Phường Hai"]
    file = tmp_path / "wards.geojson"
    gpd.GeoDataFrame({"name": names}, geometry=shapes, crs="EPSG:4326").to_file(file)
    read = read_boundaries(file)
    assert list(read.frame["name"]) == ["Phường Thật", "Phường Hai"]
    assert [r["feature"] for r in read.rejected] == ["Một điểm", "Một đường", "Không hình", "#5", "Ở xa"]
    assert all(str(r["problem"]) for r in read.rejected)


def test_a_file_without_coordinate_system_is_read_when_told_which(
    tmp_path: Path,
) -> None:
    file = written(wards().to_crs(5897), tmp_path / "wards.shp")
    (tmp_path / "wards.prj").unlink()
    with pytest.raises(InputError) as refused:
        read_boundaries(file)
    assert refused.value.code == "unknown_crs"
    assert "--crs" in str(refused.value.hint)
    read = read_boundaries(file, crs=5897)
    assert read.frame.geometry[0].symmetric_difference(WEST).area < 1e-9


def test_metres_in_a_geojson_that_names_no_system_are_not_taken_for_degrees(tmp_path: Path) -> None:
    metres = wards().to_crs(5897)
    file = tmp_path / "wards.geojson"
    file.write_text(metres.set_crs(None, allow_override=True).to_json(), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_boundaries(file)
    assert refused.value.code == "unknown_crs"
    assert len(read_boundaries(file, crs=5897).frame) == 2


@pytest.mark.parametrize("crs", [4326, 5897])
def test_swapped_axes_are_turned_round_and_said(tmp_path: Path, crs: int) -> None:
    frame = wards().to_crs(crs)
    frame["geometry"] = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    read = read_boundaries(written(frame, tmp_path / "wards.gpkg"))
    assert read.frame.geometry[0].symmetric_difference(WEST).area < 1e-9
    assert "kinh độ" in str(read.warnings[0])


def test_a_file_of_another_country_is_refused(tmp_path: Path) -> None:
    frame = wards()
    frame["geometry"] = frame.geometry.translate(-100, 20)
    with pytest.raises(InputError) as refused:
        read_boundaries(written(frame, tmp_path / "wards.gpkg"))
    assert refused.value.code == "outside_vietnam"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("wards.geojson", b"{"),
        ("wards.geojson", b""),
        ("wards.gpkg", b"SQLite format 3\0"),
        ("wards.shp", b"x" * 200),
        ("wards.zip", b"PK"),
        ("wards.kml", b"<kml>"),
        ("wards.kml", b'<kml xmlns="http://www.opengis.net/kml/2.2"><Document></Document></kml>'),
        ("wards.geojson", b'{"a": 1}'),
    ],
)
def test_a_broken_file_is_refused_by_name(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_boundaries(tmp_path / name)
    assert refused.value.code == "unreadable"
    assert refused.value.file == name


def test_a_missing_file_a_foreign_format_and_many_layers_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "wards.docx").write_bytes(b"PK")
    written(wards(), tmp_path / "two.gpkg", layer="xa")
    written(wards(), tmp_path / "two.gpkg", layer="huyen")
    for name, code in (("none.gpkg", "no_file"), ("wards.docx", "unknown_format"), ("two.gpkg", "many_layers")):
        with pytest.raises(InputError) as refused:
            read_boundaries(tmp_path / name)
        assert refused.value.code == code
        assert refused.value.hint or code == "no_file"
    written(wards(name=["a", "b"]), tmp_path / "two.gpkg", layer="wards")
    assert list(read_boundaries(tmp_path / "two.gpkg").frame["name"]) == ["a", "b"]


def test_a_file_in_which_nothing_is_a_ward_is_refused(tmp_path: Path) -> None:
    points = gpd.GeoDataFrame({"name": ["a"]}, geometry=[WEST.centroid], crs="EPSG:4326")
    with pytest.raises(InputError) as refused:
        read_boundaries(written(points, tmp_path / "wards.gpkg"))
    assert refused.value.code == "no_polygons"


@given(names=st.lists(st.text(max_size=30), min_size=1, max_size=8), coded=st.booleans())
def test_whatever_the_names_are_every_unit_has_a_short_code_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], coded: bool
) -> None:
    file = tmp_path_factory.mktemp("wild") / "wards.geojson"
    ground = json.loads(shapely.to_geojson(WEST))
    features = [
        {"type": "Feature", "properties": {"name": n, "code": n if coded else None}, "geometry": ground}
        for n in names
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    try:
        read = read_boundaries(file)
    except InputError as refused:
        assert refused.code in {"no_polygons", "missing_column", "unreadable"}
        return
    assert read.frame["code"].is_unique
    assert read.frame["code"].str.len().between(1, 20).all()
    assert read.frame["name"].str.len().between(1, 120).all()
