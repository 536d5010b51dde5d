"""Layers as sheets: Excel workbooks and CSV files with Vietnamese headers."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import shapely
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from data.cell_text import harmless
from data.exporters.layer import Column, Layer
from geo.errors import InputError
from geo.messages import msg

LATITUDE, LONGITUDE = Column("lat", "Vĩ độ"), Column("lon", "Kinh độ")
SHAPE = Column("wkt", "Hình (WKT)")
#: What a sheet and a cell of Excel can hold.
_MOST_ROWS, _LONGEST_TEXT = 1_048_575, 32_767
#: What our own importer reads of a cell.
_LONGEST_SHAPE = 4_000
_WIDEST = 60


def write_xlsx(layers: list[Layer], file: Path) -> None:
    """The first layer as a workbook: real dates and numbers, the header row kept in view."""
    layer = layers[0]
    if len(layer.frame) > _MOST_ROWS:
        raise InputError(
            "too_many_rows",
            msg("{n} dòng nhiều hơn một bảng Excel chứa được.", n=len(layer.frame)),
            hint=msg("Xuất ra .csv hoặc .gpkg."),
            file=str(file),
        )
    columns, rows = sheet_rows(layer)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(layer.name)
    sheet.freeze_panes = "A2"
    for number, header in enumerate(columns, start=1):
        widest = max([len(header), *(len(str(row[number - 1] or "")) for row in rows[:200])])
        sheet.column_dimensions[get_column_letter(number)].width = min(widest + 2, _WIDEST)
    sheet.append([_cell(sheet, header, bold=True) for header in columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    book.save(file)


def write_csv(layers: list[Layer], file: Path) -> None:
    """The first layer as CSV in UTF-8 with the mark that Excel needs; dates as dd/mm/yyyy."""
    columns, rows = sheet_rows(layers[0])
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([_written(value) for value in row] for row in rows)


def sheet_rows(layer: Layer) -> tuple[list[str], list[list[Any]]]:
    """Headers and rows of a layer, its place as the last columns.

    Points have latitude and longitude. Where lines or areas are among them, a point inside has, and the whole
    shape stands beside as WKT when a cell can hold it.
    """
    cells = [[column.shown(value) for value in layer.values(column)] for column in layer.columns]
    points = [
        None if shape is None or shape.is_empty else shape.point_on_surface() for shape in layer.frame.geometry
    ]
    cells.append([None if point is None else round(point.y, 7) for point in points])
    cells.append([None if point is None else round(point.x, 7) for point in points])
    headers = [column.header for column in (*layer.columns, LATITUDE, LONGITUDE)]
    if any(shape is not None and shape.geom_type != "Point" for shape in layer.frame.geometry):
        headers.append(SHAPE.header)
        cells.append([_wkt(shape) for shape in layer.frame.geometry])
    return headers, [[harmless(value) for value in row] for row in zip(*cells, strict=True)]


def _wkt(shape: shapely.Geometry | None) -> str | None:
    text = None if shape is None else shapely.to_wkt(shape, rounding_precision=7, trim=True)
    return text if text is None or len(text) <= _LONGEST_SHAPE else None


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value[:_LONGEST_TEXT] if isinstance(value, str) else value)
    if isinstance(value, str):
        # Never a formula, whatever the text begins with.
        cell.data_type = "s"
    if isinstance(value, datetime):
        cell.number_format = "dd/mm/yyyy hh:mm"
    elif isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value
