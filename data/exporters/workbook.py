"""Plain tables as the sheets of one Excel workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from data.cell_text import harmless

#: What a cell of Excel can hold, and the width of a column that is still read.
_LONGEST_TEXT, _WIDEST = 32_767, 60


@dataclass(frozen=True)
class Percent:
    """A share of 0 to 1 that is shown as a percentage."""

    value: float


@dataclass(frozen=True)
class Table:
    """A sheet: its name, lines over the table, headers, rows of texts, numbers, dates or ``Percent``."""

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    above: Sequence[str] = field(default_factory=tuple)


def write_workbook(tables: Sequence[Table], file: Path) -> None:
    """Write the tables as sheets of a new workbook; a text is never taken for a formula."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name[:31])
        for column, header in enumerate(table.headers, 1):
            widest = max([len(header), *(len(_text(row[column - 1])) for row in table.rows[:200])])
            sheet.column_dimensions[get_column_letter(column)].width = min(widest + 2, _WIDEST)
        sheet.freeze_panes = f"A{len(table.above) + 2}"
        for line in table.above:
            sheet.append([_cell(sheet, line)])
        sheet.append([_cell(sheet, header, bold=True) for header in table.headers])
        for row in table.rows:
            sheet.append([_cell(sheet, value, wrap=True) for value in row])
    book.save(file)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _cell(sheet: Any, value: Any, *, bold: bool = False, wrap: bool = False) -> WriteOnlyCell:
    plain = value.value if isinstance(value, Percent) else harmless(value)
    cell = WriteOnlyCell(sheet, plain[:_LONGEST_TEXT] if isinstance(plain, str) else plain)
    if isinstance(plain, str):
        # Never a formula, whatever the text begins with.
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=wrap, vertical="top")
    elif isinstance(value, Percent):
        cell.number_format = "0.0%"
    elif isinstance(value, date) and not isinstance(value, datetime):
        cell.number_format = "dd/mm/yyyy"
    cell.font = Font(bold=bold)
    return cell
