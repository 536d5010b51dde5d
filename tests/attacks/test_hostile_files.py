"""Files that are not what they say: they are refused in words, read nothing of this machine and call nobody."""

from __future__ import annotations

import json
import socket
import threading
import tracemalloc
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from app.services.report_templates import check_template, sample_values, template_for
from app.services.team_file import read_team_file
from data import backup
from data.backup import State, opened
from data.importers import map_guard, tables
from data.importers.spatial_file import read_spatial
from data.importers.tables import read_sheets
from geo.errors import InputError
from geo.review_words import ReportKind

POINT = (
    '{"type":"Feature","properties":{"name":"a"},"geometry":{"type":"Point","coordinates":[105.77,20.97]%s}%s}'
)
KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><description>%s</description><Placemark><name>a</name>'
    "<Point><coordinates>105.77,20.97</coordinates></Point></Placemark></Document></kml>"
)
GPX = (
    '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">'
    '<wpt lat="20.97" lon="105.77"><name>%s</name></wpt></gpx>'
)
LAUGHS = (
    '<!DOCTYPE l [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file://%s">]>'
VIRTUAL = (
    '<OGRVRTDataSource><OGRVRTLayer name="hotspots"><SrcDataSource>%s</SrcDataSource>'
    "<SrcLayer>secret</SrcLayer>"
    "<GeometryType>wkbPoint</GeometryType><LayerSRS>EPSG:4326</LayerSRS>"
    '<GeometryField encoding="PointFromColumns" x="lon" y="lat"/></OGRVRTLayer></OGRVRTDataSource>'
)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of this machine that is nobody's business."""
    file = tmp_path / "secret.csv"
    file.write_text("name,lon,lat\nthe secret,105.77,20.97\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """An address where nobody may call, and who did."""
    calls: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    caller, _address = server.accept()
                except OSError:
                    return
                with caller:
                    calls.append(caller.recv(200))
                    caller.sendall(b"HTTP/1.0 404 none\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}", calls


def refused(file: Path) -> str:
    with pytest.raises(InputError) as told:
        read_spatial(file, layer="hotspots")
    assert told.value.hint is not None
    return told.value.code


@pytest.mark.parametrize("ending", ["json", "geojson", "kml", "gpx", "gpkg", "shp"])
@pytest.mark.parametrize(
    "wrapped",
    [
        "%s",
        "  \n%s",
        "<!-- a -->%s",
        KML % "" + "%s",
        '{"type":"FeatureCollection","features":[]}%s',
        '{"a":"%s"}',
    ],
)
def test_a_map_file_that_orders_other_files_to_be_read_is_refused(
    tmp_path: Path, secret: Path, ending: str, wrapped: str
) -> None:
    file = tmp_path / f"map.{ending}"
    file.write_text(wrapped % (VIRTUAL % secret), encoding="utf-8")
    assert refused(file) == "unreadable"


def test_a_pipeline_in_place_of_a_map_is_refused(tmp_path: Path, secret: Path) -> None:
    order = {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {secret}"}
    for name in ("map.json", "map.geojson"):
        (tmp_path / name).write_text(json.dumps(order), encoding="utf-8")
        assert refused(tmp_path / name) == "unreadable"


@pytest.mark.parametrize("inside", ["a.json", "a.kml", "a.zip", "../../a.json", "/etc/a.json"])
def test_an_archive_is_no_disguise(tmp_path: Path, secret: Path, inside: str) -> None:
    for name in ("map.zip", "map.kmz"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(inside, VIRTUAL % secret)
        assert refused(tmp_path / name) == "unreadable"


@pytest.mark.parametrize(
    "document",
    [
        '{"type":"FeatureCollection","crs":{"type":"link","properties":{"href":"http://AT/a"}},"features":['
        + POINT % ("", "")
        + "]}",
        POINT % ("", ',"CRS":{"TYPE":"LINK","properties":{"href":"http://AT/a"}}'),
        POINT % (',"crs":{"type":"url","properties":{"url":"http://AT/a"}}', ""),
        POINT % (',"\\u0063rs":{"type":"\\u006cink","properties":{"href":"http://AT/a"}}', ""),
        '{"type":"FeatureCollection","coordRefSys":"http://AT/a","features":[' + POINT % ("", "") + "]}",
        '{"url":"http://AT/FeatureServer"}',
        '"http://AT/a.json"',
        VIRTUAL % "/vsicurl/http://AT/a.csv",
        "<OGRWFSDataSource><URL>http://AT/</URL></OGRWFSDataSource>",
    ],
)
def test_reading_a_map_calls_nobody(tmp_path: Path, listener: tuple[str, list[bytes]], document: str) -> None:
    at, calls = listener
    file = tmp_path / "map.geojson"
    file.write_text(document.replace("AT", at), encoding="utf-8")
    try:
        read_spatial(file, layer="hotspots")
    except InputError as told:
        assert told.hint is not None
    assert calls == []


def test_links_of_a_kml_are_not_followed(tmp_path: Path, listener: tuple[str, list[bytes]]) -> None:
    at, calls = listener
    link = f"<NetworkLink><Link><href>http://{at}/n.kml</href></Link></NetworkLink><Placemark>"
    file = tmp_path / "map.kml"
    file.write_text((KML % "").replace("<Placemark>", link), encoding="utf-8")
    assert len(read_spatial(file, layer="hotspots").frame) == 1
    assert calls == []


@pytest.mark.parametrize("ending, body", [("kml", KML), ("gpx", GPX)])
def test_what_unfolds_without_end_or_reads_a_file_is_refused(
    tmp_path: Path, secret: Path, ending: str, body: str
) -> None:
    for prologue, entity in ((LAUGHS, "&l9;"), (OUTSIDE % secret, "&x;")):
        for encoding in ("utf-8", "utf-16"):
            file = tmp_path / f"map.{ending}"
            file.write_text(prologue + body % entity, encoding=encoding)
            assert refused(file) == "unreadable"


@pytest.mark.parametrize("ending", ["kml", "json", "gpkg", "txt"])
def test_a_bomb_is_refused_before_it_unfolds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(map_guard, "LARGEST_UNPACKED", 16 << 20)
    bomb = tmp_path / ("map.kmz" if ending == "kml" else "map.zip")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"a.{ending}", bytes((16 << 20) + 1))
    tracemalloc.start()
    assert refused(bomb) == "too_big"
    assert tracemalloc.get_traced_memory()[1] < 4 << 20
    tracemalloc.stop()


def test_a_huge_map_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_guard, "LARGEST_FILE", 1_000)
    file = tmp_path / "map.geojson"
    file.write_text(" " * 1_001, encoding="utf-8")
    assert refused(file) == "too_big"


def test_nesting_without_end_is_refused(tmp_path: Path) -> None:
    deep = '{"type":"FeatureCollection","crs":' + "[" * 100_000 + "]" * 100_000 + "}"
    (tmp_path / "map.geojson").write_text(deep, encoding="utf-8")
    assert refused(tmp_path / "map.geojson") == "unreadable"
    (tmp_path / "doi.json").write_text('{"a":' + "[" * 100_000 + "]" * 100_000 + "}", encoding="utf-8")
    with pytest.raises(InputError):
        read_team_file(tmp_path / "doi.json")


def test_what_usual_programs_write_is_still_read(tmp_path: Path) -> None:
    system = '"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},'
    files = {
        "a.geojson": '\ufeff{"type":"FeatureCollection",' + system + '"features":[' + POINT % ("", "") + "]}",
        "a.json": "\n " + POINT % ("", ""),
        "a.kml": '<?xml version="1.0" encoding="UTF-8"?>\n<!-- Google Earth -->' + KML % "Phường Hà Đông",
        "a.gpx": '<?xml version="1.0"?>' + GPX % "Điểm 1",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
        assert len(read_spatial(tmp_path / name, layer="hotspots").frame) == 1, name


def test_a_spreadsheet_that_is_a_map_order_is_refused(tmp_path: Path, secret: Path) -> None:
    for name in ("so.geojson", "so.gpkg", "so.xlsx"):
        (tmp_path / name).write_text(VIRTUAL % secret, encoding="utf-8")
        with pytest.raises(InputError) as told:
            read_sheets(tmp_path / name)
        assert told.value.code == "unreadable"


def test_a_workbook_of_laughing_entities_or_of_outside_ones_gives_nothing_away(
    tmp_path: Path, secret: Path
) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["name"])  # type: ignore[union-attr]
    plain = BytesIO()
    book.save(plain)
    for prologue, entity in ((LAUGHS, "&l9;"), (OUTSIDE % secret, "&x;")):
        file = tmp_path / "so.xlsx"
        with zipfile.ZipFile(plain) as old, zipfile.ZipFile(file, "w") as new:
            for name in old.namelist():
                part = old.read(name)
                if name.endswith("sheet1.xml"):
                    part = part.replace(b"<worksheet", prologue.encode() + b"<worksheet", 1)
                    part = part.replace(b"</v>", entity.encode() + b"</v>")
                new.writestr(name, part)
        try:
            told = repr(read_sheets(file))
        except InputError as problem:
            told = repr(problem)
        assert "the secret" not in told and "hahaha" not in told
    assert tables.LARGEST_UNPACKED < 1 << 30


def _template(change: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(template_for(ReportKind.MONTH, None))) as old,
        zipfile.ZipFile(made, "w") as new,
    ):
        for name in old.namelist():
            if name not in change:
                new.writestr(name, old.read(name))
        for name, content in change.items():
            new.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    "said",
    [
        "TargetMode='External'",
        'TargetMode = "External"',
        'TargetMode="&#69;xternal"',
        "TargetMode='external'",
    ],
)
def test_a_template_that_fetches_from_elsewhere_is_refused_however_it_says_so(said: str) -> None:
    spoken = "http://schemas.openxmlformats.org"
    relations = (
        f'<Relationships xmlns="{spoken}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{spoken}/officeDocument/2006/relationships/attachedTemplate" '
        f'Target="http://127.0.0.1/a.dotm" {said}/></Relationships>'
    )
    problems = check_template(_template({"word/_rels/settings.xml.rels": relations.encode()}))
    assert [one.stops for one in problems] == [True]
    assert "bên ngoài" in str(problems[0].text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_template_with_entities_is_refused_however_it_is_written(encoding: str) -> None:
    part = (LAUGHS + "<a>&l9;</a>").encode(encoding)
    assert [one.stops for one in check_template(_template({"customXml/item1.xml": part}))] == [True]


def test_a_template_that_reaches_for_the_program_is_refused() -> None:
    assert not [one for one in check_template(_template({})) if one.stops]
    assert not any("__" in name for name in sample_values())
    document = zipfile.ZipFile(BytesIO(_template({}))).read("word/document.xml").decode()
    for order in (
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{% include '/etc/passwd' %}",
        "{{ 'a' * 9999999999 }}",
    ):
        paragraph = f'<w:p><w:r><w:t xml:space="preserve">{order}</w:t></w:r></w:p>'
        changed = document.replace("<w:body>", f"<w:body>{paragraph}", 1)
        assert any(one.stops for one in check_template(_template({"word/document.xml": changed.encode()}))), (
            order
        )


def _sealed(file: Path, members: dict[str, bytes]) -> Path:
    """A backup of an attacker who knows how the seal is made: it needs no key."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.comment = b"sha256:" + b"0" * 64
    backup._seal(file)
    return file


@pytest.mark.parametrize(
    "manifest",
    [
        b" " * (64 << 20),
        b"[" * 100_000 + b"]" * 100_000,
        b"[]",
        b"{}",
        b'{"format":"diaban-backup-1"}',
        b'{"format":"diaban-backup-1","state":{"last_entry":5}}',
        b'{"format":"diaban-backup-1","state":null,"more":1}',
    ],
)
def test_a_sealed_backup_with_a_hostile_manifest_is_refused_in_words(tmp_path: Path, manifest: bytes) -> None:
    file = _sealed(tmp_path / "sao-luu.zip", {"manifest.json": manifest, "database": b""})
    with pytest.raises(InputError) as told:
        opened(file)
    assert told.value.code in {"broken_backup", "backup_newer"}


def test_a_backup_never_unfolds_to_more_than_it_says_and_writes_where_it_is_told(tmp_path: Path) -> None:
    state = State("sqlite", "1", None, False, {}, None)
    held = {
        "format": backup.FORMAT,
        "taken_at": "2026-11-24",
        "size": 10,
        "sha256": "0" * 64,
        "state": vars(state),
    }
    members = {
        "manifest.json": json.dumps(held).encode(),
        "database": bytes(64 << 20),
        "../../outside": b"x",
    }
    file = _sealed(tmp_path / "sao-luu.zip", members)
    copy = tmp_path / "in" / "copy"
    copy.parent.mkdir()
    with pytest.raises(InputError) as told:
        backup.unpack(file, opened(file), copy)
    assert told.value.code == "broken_backup"
    assert copy.stat().st_size <= 10
    assert {one.name for one in tmp_path.rglob("*") if one.is_file()} == {"sao-luu.zip", "copy"}
