"""Hotspots from GPX and KML: places with what their description says, tracks, and areas walked around."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from data.importers.hotspots_file import HotspotRow, read_hotspots
from geo.words import HotspotState

LATEST = date(2026, 3, 1)
GPX = '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">{}</gpx>'
KML = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
AREA = (
    "<Polygon><outerBoundaryIs><LinearRing><coordinates>105.75,20.95,0 105.752,20.95,0 105.752,20.952,0 "
    "105.75,20.95,0</coordinates></LinearRing></outerBoundaryIs></Polygon>"
)


def written(folder: Path, name: str, frame: str, inside: str) -> Path:
    file = folder / name
    file.write_text(frame.format(inside), encoding="utf-8")
    return file


def rows(file: Path) -> list[HotspotRow]:
    found = read_hotspots(file, LATEST)
    assert found.rejected == []
    return found.rows


def states(row: HotspotRow) -> list[tuple[HotspotState, date]]:
    return [(step.state, step.on_date) for step in row.steps]


def test_a_waypoint_without_a_state_is_suspected_since_it_was_taken(tmp_path: Path) -> None:
    point = '<wpt lat="20.95" lon="105.75"><time>2025-03-04T18:06:07Z</time><name>Ngõ cụt</name></wpt>'
    (row,) = rows(written(tmp_path, "a.gpx", GPX, point))
    assert row.values["name"] == "Ngõ cụt"
    # Six in the evening in London is the next day in Hà Nội.
    assert states(row) == [(HotspotState.SUSPECTED, date(2025, 3, 5))]


def test_what_the_description_says_line_by_line_is_taken(tmp_path: Path) -> None:
    track = (
        "<trk><name>Đoạn B</name>"
        "<desc>trạng thái: đang phức tạp; phát hiện: 05/05/2025; bán kính: 120</desc><trkseg>"
        '<trkpt lat="20.95" lon="105.75"/><trkpt lat="20.951" lon="105.752"/></trkseg></trk>'
    )
    (row,) = rows(written(tmp_path, "a.gpx", GPX, track))
    assert row.values["geom"].geom_type == "LineString"
    assert row.values["catchment_m"] == 120
    assert states(row) == [(HotspotState.ACTIVE, date(2025, 5, 5))]


def test_a_track_that_ends_where_it_began_is_the_area_it_goes_around(tmp_path: Path) -> None:
    corners = [(20.95, 105.75), (20.952, 105.75), (20.952, 105.752), (20.95, 105.7501)]
    points = "".join(f'<trkpt lat="{lat}" lon="{lon}"/>' for lat, lon in corners)
    file = written(tmp_path, "a.gpx", GPX, f"<trk><name>Khu C</name><trkseg>{points}</trkseg></trk>")
    assert "Polygon" in rows(file)[0].values["geom"].geom_type


def test_waypoints_and_tracks_of_one_file_come_in_together(tmp_path: Path) -> None:
    both = (
        '<wpt lat="20.95" lon="105.75"><name>A</name></wpt><trk><name>B</name><trkseg>'
        '<trkpt lat="20.95" lon="105.75"/><trkpt lat="20.951" lon="105.752"/></trkseg></trk>'
    )
    assert [row.values["name"] for row in rows(written(tmp_path, "a.gpx", GPX, both))] == ["A", "B"]


def test_a_kml_area_goes_through_the_states_of_its_description(tmp_path: Path) -> None:
    said = "\n".join(
        [
            "trạng thái: đã triệt xóa, đang theo dõi",
            "ngày phát hiện: 01/02/2020",
            "ngày triệt xóa: 15/06/2021",
            "số văn bản: 12/QĐ",
        ]
    )
    mark = f"<Placemark><name>Khu vực A</name><description>{said}</description>{AREA}</Placemark>"
    (row,) = rows(written(tmp_path, "a.kml", KML, mark))
    assert states(row) == [
        (HotspotState.ACTIVE, date(2020, 2, 1)),
        (HotspotState.ELIMINATED, date(2021, 6, 15)),
    ]
    assert row.steps[-1].document == "12/QĐ"


def test_kml_attributes_count_before_the_description(tmp_path: Path) -> None:
    mark = (
        "<Placemark><name>Khu vực A</name><description>trạng thái: suspected</description><ExtendedData>"
        '<Data name="state"><value>active</value></Data><Data name="found"><value>2024-03-01</value></Data>'
        f"</ExtendedData>{AREA}</Placemark>"
    )
    assert states(rows(written(tmp_path, "a.kml", KML, mark))[0]) == [(HotspotState.ACTIVE, date(2024, 3, 1))]


def test_a_zipped_kml_is_read(tmp_path: Path) -> None:
    inner = written(tmp_path, "doc.kml", KML, f"<Placemark><name>A</name>{AREA}</Placemark>")
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
        archive.write(inner, "doc.kml")
    assert len(rows(tmp_path / "a.kmz")) == 1


def test_a_state_that_the_rules_forbid_and_a_shape_beyond_the_limits_are_named(tmp_path: Path) -> None:
    bad = f"<Placemark><name>A</name><description>trạng thái: đã triệt xóa</description>{AREA}</Placemark>"
    large = AREA.replace("105.752", "105.852").replace("20.952", "21.052")
    file = written(tmp_path, "a.kml", KML, f"{bad}<Placemark><name>B</name>{large}</Placemark>")
    found = read_hotspots(file, LATEST)
    assert found.rows == []
    assert [problem["row"] for problem in found.rejected] == [1, 2]


@pytest.mark.parametrize("person", ["0912 345 678", "001099012345"])
def test_personal_data_in_a_description_is_not_taken_in(tmp_path: Path, person: str) -> None:
    point = f'<wpt lat="20.95" lon="105.75"><name>A</name><desc>đơn vị tuần tra: {person}</desc></wpt>'
    found = read_hotspots(written(tmp_path, "a.gpx", GPX, point), LATEST)
    assert found.rows == []
    assert person not in str(found.rejected)
