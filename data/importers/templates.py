"""Empty files with the columns that an import takes: a row of Vietnamese headers, the English ones below."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from data.exporters.replacing import replacing
from data.importers.event_fields import EVENT_FIELDS
from data.importers.fields import REQUIRED, TITLES, Field
from geo.errors import InputError
from geo.messages import msg

_WARDS = (("Mã", "code"), ("Tên", "name"))
#: In the template a person fills in the address, not its pieces.
_LEFT_OUT = frozenset({Field.HOUSE_NUMBER, Field.STREET, Field.X, Field.Y, Field.COORDINATES, Field.NOTES})
_MAPS = {".geojson", ".json"}


@dataclass(frozen=True)
class TemplateColumn:
    """A column by its two headers; ``needed``: a file without it is not taken."""

    vi: str
    en: str
    needed: bool


def template_columns(kind: str) -> list[TemplateColumn]:
    """The columns of ``premises``, ``hotspots``, ``signals``, ``inspections``, ``patrols`` or ``wards``.

    Raises InputError ``unknown_kind``.
    """
    if kind == "premises":
        kept = [field for field in Field if field not in _LEFT_OUT]
        return [TemplateColumn(TITLES[field], field.value, field in REQUIRED) for field in kept]
    if kind == "wards":
        return [TemplateColumn(vi, en, True) for vi, en in _WARDS]
    if kind in EVENT_FIELDS:
        return [TemplateColumn(field.header, field.key, field.needed) for field in EVENT_FIELDS[kind]]
    raise InputError(
        "unknown_kind",
        msg("Không có loại tệp mẫu “{kind}”.", kind=kind),
        hint=msg("Các loại: {kinds}.", kinds=", ".join(["premises", *EVENT_FIELDS, "wards"])),
    )


def write_template(kind: str, file: Path) -> list[TemplateColumn]:
    """Write an empty file (.xlsx, .csv, .geojson) and give its columns. A file with something in it stays.

    Raises InputError ``unknown_kind``, ``unknown_format``, ``file_exists``.
    """
    columns = template_columns(kind)
    suffix = file.suffix.casefold()
    if suffix not in {".xlsx", ".csv"} | _MAPS or (kind == "wards" and suffix not in _MAPS):
        raise InputError(
            "unknown_format",
            msg("Không viết được tệp mẫu {kind} dạng {suffix}.", kind=kind, suffix=suffix or file.name),
            hint=msg("Đặt tên tệp là .geojson.") if kind == "wards" else msg("Đặt tên tệp là .xlsx hoặc .csv."),
            file=file.name,
        )
    if file.exists() and file.stat().st_size > 0:
        raise InputError(
            "file_exists",
            msg("Tệp {file} đã có và không trống.", file=file.name),
            hint=msg("Chọn một tên khác."),
            file=file.name,
        )
    with replacing(file) as fresh:
        {".xlsx": _write_xlsx, ".csv": _write_csv}.get(suffix, _write_geojson)(kind, columns, fresh)
    return columns


def _write_xlsx(kind: str, columns: Sequence[TemplateColumn], file: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = kind
    sheet.append([column.vi for column in columns])
    sheet.append([column.en for column in columns])
    for number, column in enumerate(columns, start=1):
        sheet.cell(1, number).font = Font(bold=True, underline="single" if column.needed else None)
        sheet.cell(2, number).font = Font(italic=True, color="808080")
        sheet.column_dimensions[get_column_letter(number)].width = max(len(column.vi), len(column.en)) + 4
    sheet.freeze_panes = "A3"
    book.save(file)


def _write_csv(_kind: str, columns: Sequence[TemplateColumn], file: Path) -> None:
    # The mark at the start tells Excel that this is UTF-8.
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([[c.vi for c in columns], [c.en for c in columns]])


def _write_geojson(kind: str, columns: Sequence[TemplateColumn], file: Path) -> None:
    """A collection without features; a member of our own lists the properties that are read."""
    document = {
        "type": "FeatureCollection",
        "name": kind,
        "columns": {column.en: column.vi for column in columns},
        "features": [],
    }
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
