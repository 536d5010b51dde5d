"""Reading a table file into rows of plain cells: .xlsx, .xls, .ods, .csv, and the attributes of map files.

Whatever the file, the answer is the same: sheets of rows with the row numbers that a person sees, text cleaned
(NFC, spaces, full-width signs, TCVN3 and VNI converted). Nothing in a file is run or followed, and what would
take too much memory is refused.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

from data.importers import workbook_process
from data.importers.csv_text import read_csv_rows
from data.importers.legacy_text import clean_rows
from data.importers.spatial_file import read_spatial
from geo.errors import InputError
from geo.messages import Message, msg
from geo.secret_marks import secret_file_name, secret_mark

Cell = str | int | float | bool | date | None

LARGEST_FILE = 50 << 20
#: All that a packed workbook unfolds to.
LARGEST_UNPACKED = 300 << 20
_READ_SECONDS = 90
_PACKED, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CSV = {".csv", ".tsv", ".txt"}
_MAPS = {".geojson", ".json", ".gpkg"}
#: Coordinates of map features come as columns of these names.
LAT_COLUMN, LON_COLUMN = "lat", "lon"


@dataclass(frozen=True)
class Row:
    """A row with something in it; ``number`` counts from 1 as the person sees it."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class Merged:
    """A block of merged cells: first and last row number and column, both counted from 1 and 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Sheet:
    """One sheet; ``name`` is None where the file has none. ``legacy_cells`` were in a legacy encoding."""

    name: str | None
    rows: list[Row]
    merged: tuple[Merged, ...] = ()
    legacy_cells: int = 0


def read_sheets(file: Path, sheet: str | None = None) -> list[Sheet]:
    """The visible sheets of a file, or the one named.

    Raises
    ------
    InputError
        ``no_file``, ``unknown_format``, ``unreadable``, ``password``, ``too_big``, ``no_sheet``: always with
        the file and the way out; ``state_secret`` where its name or a cell bears the mark of a secret.
    """
    _refuse_secret(file, secret_file_name(file.name))
    if not file.is_file():
        raise InputError("no_file", msg("Không tìm thấy tệp {file}.", file=file.name), file=file.name)
    if file.stat().st_size > LARGEST_FILE:
        raise _too_big(file)
    sheets = [_cleaned(one) for one in _sheets(file, sheet)]
    for one in sheets:
        for row in one.rows:
            for cell in row.cells:
                if isinstance(cell, str):
                    _refuse_secret(file, secret_mark(cell), one.name, row.number)
    return sheets


def _refuse_secret(file: Path, mark: str | None, sheet: str | None = None, row: int | None = None) -> None:
    if mark is not None:
        raise InputError(
            "state_secret",
            msg("Tệp mang dấu “{mark}”; hệ thống không nhận tài liệu có độ mật.", mark=mark[:40]),
            hint=msg("Luật Bảo vệ bí mật nhà nước 117/2025/QH15: lưu và xử lý trên phương tiện dành riêng."),
            file=file.name,
            sheet=sheet,
            row=row,
        )


def _sheets(file: Path, sheet: str | None) -> list[Sheet]:
    """The sheets as the file has them. Raises InputError as ``read_sheets``."""
    if file.suffix.casefold() in _MAPS:
        return [_features(file)]
    with file.open("rb") as opened:
        beginning = opened.read(8)
    if beginning.startswith((_PACKED, _COMPOUND)):
        return _workbook(file, sheet)
    if file.suffix.casefold() in _CSV:
        if sheet is not None:
            raise _no_sheet(file, sheet, [])
        return [Sheet(None, [Row(n, list(cells)) for n, cells in read_csv_rows(file)])]
    known = file.suffix.casefold() in {".xlsx", ".xlsm", ".xls", ".ods"}
    raise _unreadable(file) if known else _unknown_format(file)


def _cleaned(sheet: Sheet) -> Sheet:
    cells, legacy = clean_rows([row.cells for row in sheet.rows])
    rows = [Row(row.number, [_filled(c) for c in clean]) for row, clean in zip(sheet.rows, cells, strict=True)]
    return Sheet(
        sheet.name, [row for row in rows if any(c is not None for c in row.cells)], sheet.merged, legacy
    )


def _filled(cell: Cell) -> Cell:
    endless = isinstance(cell, float) and not math.isfinite(cell)
    return None if cell == "" or endless else cell


def _workbook(file: Path, wanted: str | None) -> list[Sheet]:
    _refuse_bomb(file)
    with _reader(file, wanted) as lines:
        documents = _documents(lines, file)
        first = next(documents, None)
        names: list[str] = first["sheets"] if first else []
        sheets: list[Sheet] = []
        for document in documents:
            if isinstance(document, dict):
                merged = tuple(Merged(r + 1, c, last + 1, right) for r, c, last, right in document["merged"])
                sheets.append(Sheet(document["sheet"], [], merged))
            else:
                sheets[-1].rows.append(Row(document[0], [_cell(c) for c in document[1]]))
    if wanted is not None and not sheets:
        raise _no_sheet(file, wanted, names)
    return sheets


def _refuse_bomb(file: Path) -> None:
    """Raise InputError for an archive that says it unfolds to too much; the reader is bounded besides."""
    if not zipfile.is_zipfile(file):
        return
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as fault:
        raise _unreadable(file) from fault
    if unpacked > LARGEST_UNPACKED:
        raise _too_big(file)


@contextmanager
def _reader(file: Path, wanted: str | None) -> Iterator[IO[str]]:
    """The output of the process that reads a workbook; it is ended with the block or when it takes too long."""
    script = str(Path(workbook_process.__file__))
    command = [sys.executable, "-I", script, str(file.resolve()), *([wanted] if wanted is not None else [])]
    # The process that opens a stranger's file is told nothing of our settings.
    environment = {k: v for k, v in os.environ.items() if k in {"PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG"}}
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        timer = threading.Timer(_READ_SECONDS, process.kill)
        timer.start()
        try:
            yield process.stdout
            if process.wait() != 0:
                raise _too_big(file)
        finally:
            timer.cancel()
            process.kill()


def _documents(lines: IO[str], file: Path) -> Iterator[Any]:
    for line in lines:
        # A process that is ended in the middle of a line says the rest by its exit code.
        if not line.endswith("\n"):
            return
        document = json.loads(line)
        if isinstance(document, dict) and "error" in document:
            raise _REFUSED[document["error"]](file)
        yield document


def _cell(value: Any) -> Cell:
    return date.fromisoformat(value["date"]) if isinstance(value, dict) else value


def _features(file: Path) -> Sheet:
    """A map file as a sheet: a first row with the names of the attributes, then one row a feature."""
    frame = read_spatial(file, layer="premises").frame
    points = frame.geometry.representative_point()
    attributes = frame.drop(columns=frame.geometry.name)
    names = [*map(str, attributes.columns), LAT_COLUMN, LON_COLUMN]
    rows = [Row(1, list(names))]
    records = attributes.astype(object).where(attributes.notna(), None).itertuples(index=False)
    for number, (record, point) in enumerate(zip(records, points, strict=True), start=2):
        here: list[Cell] = [None, None] if point is None or point.is_empty else [point.y, point.x]
        rows.append(Row(number, [*map(_attribute, record), *here]))
    return Sheet(None, rows)


def _attribute(value: Any) -> Cell:
    if hasattr(value, "date"):
        return value.date()  # type: ignore[no-any-return]
    plain = value.item() if hasattr(value, "item") else value
    return plain if isinstance(plain, str | int | float | bool | date | None) else str(plain)


def _error(code: str, file: Path, message: Message, hint: Message) -> InputError:
    return InputError(code, message, hint=hint, file=file.name)


def _unreadable(file: Path) -> InputError:
    return _error(
        "unreadable",
        file,
        msg("Không đọc được tệp {file}: tệp hỏng hoặc không đúng dạng.", file=file.name),
        msg("Mở tệp bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi nhập."),
    )


def _unknown_format(file: Path) -> InputError:
    return _error(
        "unknown_format",
        file,
        msg("Không nhận tệp dạng {suffix}.", suffix=file.suffix or file.name),
        msg("Dùng tệp .xlsx, .xls, .ods, .csv, .geojson hoặc .gpkg."),
    )


def _locked(file: Path) -> InputError:
    return _error(
        "password",
        file,
        msg("Tệp {file} có mật khẩu.", file=file.name),
        msg("Mở tệp, bỏ mật khẩu, lưu lại rồi nhập."),
    )


def _too_big(file: Path) -> InputError:
    return _error(
        "too_big",
        file,
        msg("Tệp {file} quá lớn để đọc an toàn.", file=file.name),
        msg("Chép riêng bảng cần nhập sang một tệp mới; xóa ô lạc ở rất xa bảng nếu có."),
    )


def _no_sheet(file: Path, wanted: str, names: list[str]) -> InputError:
    return InputError(
        "no_sheet",
        msg("Tệp {file} không có trang tính “{sheet}”.", file=file.name, sheet=wanted),
        hint=msg("Các trang tính trong tệp: {names}.", names=", ".join(names) or "-"),
        file=file.name,
        sheet=wanted,
    )


_REFUSED = {"password": _locked, "too_much": _too_big, "unreadable": _unreadable}
