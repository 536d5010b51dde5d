"""Register files made by code: workbooks of every format, and the traps that real ones hold."""

from __future__ import annotations

import struct
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook

from data.importers.register import Register, read_register
from data.importers.registration import hasher

HEADER = ("STT", "Tên cơ sở", "Loại hình", "Địa chỉ", "Phường", "Số ĐKKD")
ROW = (1, "Nhà nghỉ Hoa Sen Mẫu", "nhà nghỉ", "Số 5 Phố Giả Định", "Hà Đông", "01H8000001")
KEY = b"a key for tests"

_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
</Types>"""  # noqa: E501
_RELATIONS = """<?xml version="1.0"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>
</Relationships>"""
_WORKBOOK = """<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>
<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"""
_SHEET = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def workbook(file: Path, rows: Iterable[Sequence[Any]], merged: Sequence[str] = (), sheet: str = "DS") -> Path:
    """An .xlsx with one sheet."""
    book = Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for block in merged:
        page.merge_cells(block)
    book.save(file)
    return file


def raw_workbook(file: Path, sheet_data: Iterable[str]) -> Path:
    """An .xlsx whose sheet data is written as given."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", _WORKBOOK)
        relations = _RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml")
        archive.writestr("xl/_rels/workbook.xml.rels", relations)
        with archive.open("xl/worksheets/sheet1.xml", "w") as stream:
            for part in (_SHEET, *sheet_data, "</sheetData></worksheet>"):
                stream.write(part.encode())
    return file


def text_cell(reference: str, text: str) -> str:
    """A cell of raw sheet data."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def open_document(file: Path, rows: Iterable[Sequence[Any]]) -> Path:
    """An .ods with one sheet."""
    cells = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    spaces = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{spaces}:office:1.0" '
        f'xmlns:table="{spaces}:table:1.0" xmlns:text="{spaces}:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="DS">{cells}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return file


def _ods_cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'


def excel_97(file: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """An .xls (BIFF8 in a compound file) with one sheet of texts and numbers."""
    cells = b"".join(
        _xls_cell(r, c, value) for r, row in enumerate(rows) for c, value in enumerate(row) if value is not None
    )
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + cells + _record(0x0A)
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0)) + _record(0x42, b"\xb0\x04")
    position = len(begin) + len(_record(0x85, bytes(8) + b"DS")) + len(_record(0x0A))
    bound = _record(0x85, struct.pack("<IBBBB", position, 0, 0, 2, 0) + b"DS")
    file.write_bytes(_compound(begin + bound + _record(0x0A) + sheet))
    return file


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _xls_cell(row: int, column: int, value: Any) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, int | float):
        return _record(0x203, place + struct.pack("<d", value))
    return _record(0x204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))


def _compound(stream: bytes) -> bytes:
    """A compound file with the one stream "Workbook", padded so that it is no mini stream."""
    size, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    stream = stream.ljust(max(4096, -(-len(stream) // size) * size), b"\0")
    blocks = len(stream) // size
    # Sector 0 is the allocation table, 1 the directory, the stream follows.
    table = [0xFFFFFFFD, end, *range(3, blocks + 2), end]
    table += [free] * (size // 4 - len(table))
    assert len(table) == size // 4, "too long for one table"
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", free) * 108
    root = _entry("Root Entry", 5, free, free, 1, end, 0)
    book = _entry("Workbook", 2, free, free, free, 2, len(stream))
    return header + struct.pack(f"<{size // 4}I", *table) + (root + book).ljust(size, b"\0") + stream


def _entry(name: str, kind: int, left: int, right: int, child: int, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le").ljust(64, b"\0")
    head = struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, left, right, child)
    return written + head + bytes(36) + struct.pack("<IQ", start, size)


def decomposed(text: str) -> str:
    """Text as some systems write it: marks apart from their letters (NFD)."""
    return unicodedata.normalize("NFD", text)


def read(file: Path, **options: Any) -> Register:
    """Read a register under the key of the tests."""
    return read_register(file, hasher(KEY), **options)


def register(
    tmp_path: Path, rows: Iterable[Sequence[Any]], header: Sequence[str] = HEADER, **options: Any
) -> Register:
    """What is read of a workbook with this header and these rows."""
    return read(workbook(tmp_path / "register.xlsx", [header, *rows]), **options)
