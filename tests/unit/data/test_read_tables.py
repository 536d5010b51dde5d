"""Table files of every usual format become the same rows; hostile ones are refused and cost nothing."""

from __future__ import annotations

import resource
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from data.importers import tables
from data.importers.tables import read_sheets
from geo.errors import InputError
from tests.unit.data.register_files import (
    HEADER,
    ROW,
    decomposed,
    excel_97,
    open_document,
    raw_workbook,
    text_cell,
    workbook,
)

MAKERS = {"a.xlsx": workbook, "a.ods": open_document, "a.xls": excel_97}


def refused(file: Path, sheet: str | None = None) -> InputError:
    with pytest.raises(InputError) as error:
        read_sheets(file, sheet)
    assert error.value.file == file.name
    assert error.value.hint is not None or error.value.code == "no_file"
    return error.value


@pytest.mark.parametrize("name", MAKERS)
def test_workbooks_of_every_format_give_the_same_rows(tmp_path: Path, name: str) -> None:
    (sheet,) = read_sheets(MAKERS[name](tmp_path / name, [HEADER, ROW]))
    assert [(row.number, row.cells) for row in sheet.rows] == [(1, list(HEADER)), (2, list(ROW))]


def test_a_workbook_is_known_by_its_content_not_by_its_name(tmp_path: Path) -> None:
    excel_97(tmp_path / "old.xlsx", [HEADER, ROW])
    workbook(tmp_path / "new.xls", [HEADER, ROW])
    assert all(read_sheets(tmp_path / name)[0].rows[1].cells[1] == ROW[1] for name in ("old.xlsx", "new.xls"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_whatever_its_encoding_and_separator(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    lines = [
        HEADER,
        tuple(map(str, ROW)),
        ("2", "Karaoke Ánh Dương", "karaoke", "Số 7 Đường Quyết Thắng", "", ""),
    ]
    text = "\r\n".join(separator.join(line) for line in lines)
    # Windows-1258 writes most tones as marks of their own.
    written = decomposed(text).replace("ă", "ă").encode(encoding, "replace") if encoding == "cp1258" else None
    file = tmp_path / "a.csv"
    file.write_bytes(written or text.encode(encoding))
    (sheet,) = read_sheets(file)
    if encoding != "cp1258":
        assert sheet.rows[0].cells == list(HEADER)
        assert sheet.rows[2].cells[:4] == list(lines[2][:4])
    assert sheet.rows[1].cells[0] == "1"
    assert len(sheet.rows[0].cells) == len(HEADER)


def test_windows_1258_text_is_composed(tmp_path: Path) -> None:
    text = "Tên cơ sở;Địa chỉ\nKhách sạn Phương Đông;Số 5 đường Nguyễn Trãi"
    # The code page has ê, ơ, ư, đ and marks, but no letter with both.
    pairs = {"ở": "ơ\u0309", "ị": "i\u0323", "ỉ": "i\u0309", "ạ": "a\u0323", "ễ": "ê\u0303", "ã": "a\u0303",
             "ố": "ô\u0301", "ờ": "ơ\u0300"}  # fmt: skip
    for letter, apart in pairs.items():
        text = text.replace(letter, apart)
    (tmp_path / "a.csv").write_bytes(text.encode("cp1258"))
    (sheet,) = read_sheets(tmp_path / "a.csv")
    assert sheet.rows[0].cells == ["Tên cơ sở", "Địa chỉ"]
    assert sheet.rows[1].cells == ["Khách sạn Phương Đông", "Số 5 đường Nguyễn Trãi"]


def test_a_semicolon_file_may_hold_decimal_commas(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('sep=;\nTên cơ sở;Vĩ độ\n"Nhà nghỉ, A";20,97\n\nB;20,98\n', encoding="utf-8")
    (sheet,) = read_sheets(file)
    assert [row.cells for row in sheet.rows[1:]] == [["Nhà nghỉ, A", "20,97"], ["B", "20,98"]]
    assert [row.number for row in sheet.rows] == [2, 3, 5]


def test_rows_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["C4"], book.active["D7"] = "x", date(2020, 2, 29)
    book.save(tmp_path / "a.xlsx")
    (sheet,) = read_sheets(tmp_path / "a.xlsx")
    assert [(r.number, r.cells) for r in sheet.rows] == [
        (4, [None, None, "x", None]),
        (7, [None, None, None, date(2020, 2, 29)]),
    ]


def test_text_is_composed_half_width_and_single_spaced(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", [[decomposed("Khách  sạn\n Mẫu"), "ＳＮ　１２", "\u200bA\ufeff"]])
    assert read_sheets(file)[0].rows[0].cells == ["Khách sạn Mẫu", "SN 12", "A"]


def test_formulas_and_links_are_plain_values(tmp_path: Path) -> None:
    cells = (
        '<row r="1"><c r="A1"><f>1+2</f><v>3</v></c>'
        '<c r="B1" t="str"><f>HYPERLINK("http://example.org","bấm")</f><v>bấm</v></c>'
        '<c r="C1" t="e"><v>#REF!</v></c></row>'
    )
    (sheet,) = read_sheets(raw_workbook(tmp_path / "a.xlsx", [cells]))
    assert sheet.rows[0].cells[:2] == [3, "bấm"]


def test_hidden_sheets_are_left_alone_unless_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a"])
    hidden = book.create_sheet("Nháp")
    hidden.append(["b"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert [s.name for s in read_sheets(tmp_path / "a.xlsx")] == ["Sheet"]
    assert [s.name for s in read_sheets(tmp_path / "a.xlsx", decomposed("nháp "))] == ["Nháp"]


def test_an_unknown_sheet_is_refused_with_the_list_of_sheets(tmp_path: Path) -> None:
    error = refused(workbook(tmp_path / "a.xlsx", [HEADER], sheet="DS cơ sở"), "Tháng 5")
    assert (error.code, error.sheet) == ("no_sheet", "Tháng 5")
    assert "DS cơ sở" in str(error.hint)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"PK\x03\x04 not a zip", "unreadable"),
        ("a.xlsx", b"<html><table></table></html>", "unreadable"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unreadable"),
        ("a.ods", b"", "unreadable"),
        ("a.csv", bytes(range(256)) * 9, "unreadable"),
        ("a.pdf", b"%PDF-1.7", "unknown_format"),
        ("a", b"x", "unknown_format"),
        ("a.geojson", b"{", "unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert refused(tmp_path / name).code == code


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "a.xlsx").code == "no_file"


def test_a_zip_bomb_is_refused_before_it_unfolds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARGEST_UNPACKED", 1 << 20)
    file = raw_workbook(tmp_path / "a.xlsx", ["<row></row>" * 200_000])
    assert file.stat().st_size < 100_000
    assert refused(file).code == "too_big"


def test_a_bomb_that_lies_about_its_size_ends_only_the_reader(tmp_path: Path) -> None:
    file = raw_workbook(tmp_path / "a.xlsx", [text_cell("A1", "x" * 60_000_000)])
    data = bytearray(file.read_bytes())
    # The size in the archive's directory says 100 bytes.
    with zipfile.ZipFile(file) as archive:
        real = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    file.write_bytes(bytes(data).replace(real.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    assert refused(file).code in {"too_big", "unreadable"}


def test_a_stray_cell_in_the_far_corner_does_not_fill_the_memory(tmp_path: Path) -> None:
    far = f'<row r="1">{text_cell("A1", "x")}</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    error = refused(raw_workbook(tmp_path / "a.xlsx", [far]))
    assert error.code == "too_big"
    assert "ô lạc" in str(error.hint)


def test_a_million_empty_rows_cost_no_memory(tmp_path: Path) -> None:
    first = f'<row r="1">{text_cell("A1", "Tên")}</row>'
    empty = (f'<row r="{n}"><c r="A{n}" s="0"/>{text_cell(f"B{n}", " ")}</row>' for n in range(2, 1_000_001))
    file = raw_workbook(tmp_path / "a.xlsx", [first, *empty])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (sheet,) = read_sheets(file)
    assert [row.cells for row in sheet.rows] == [["Tên", None]]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_more_rows_than_any_register_has_are_refused(tmp_path: Path) -> None:
    rows = (f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 200_003))
    assert refused(raw_workbook(tmp_path / "a.xlsx", rows)).code == "too_big"


def test_map_files_are_tables_with_their_coordinates(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"Tên cơ sở":"A","n":null},'
        '"geometry":{"type":"Point","coordinates":[105.77,20.97]}}]}',
        encoding="utf-8",
    )
    (sheet,) = read_sheets(tmp_path / "a.geojson")
    assert [row.cells for row in sheet.rows] == [["Tên cơ sở", "n", "lat", "lon"], ["A", None, 20.97, 105.77]]
