"""A workbook as lines of JSON, read in a process of its own: a hostile file can end only this process.

Run as a script with the path of an .xlsx, .xls or .ods file and, if wanted, the name of one sheet. The first
line names the sheets; then follow, for each sheet read, ``{"sheet", "merged"}`` and one ``[row, cells]`` a row
that holds something, rows counted from 1. A file that cannot be read gives ``{"error"}``. Formulas arrive as
their last value, links and macros not at all, a date as ``{"date": iso}``.
"""

from __future__ import annotations

import contextlib
import json
import math
import sys
import unicodedata
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

#: The interpreter itself takes about 20 MB of this.
MEMORY_BYTES = 320 << 20
CPU_SECONDS = 60
#: Rows and cells with something in them, over all sheets read.
MOST_ROWS, MOST_CELLS = 200_000, 3_000_000
#: A longer text is no register entry.
LONGEST_TEXT = 4_000
#: Whole numbers are exact up to here.
_LARGEST_WHOLE = 1e15


def limit_resources() -> None:
    """Bound memory and time, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: str, wanted: str | None) -> None:
    """Print the workbook."""
    try:
        with open(path, "rb") as file:
            _print_workbook(CalamineWorkbook.from_filelike(file), wanted)
    except PasswordError:
        _put({"error": "password"})
    except (CalamineError, OSError, ValueError, MemoryError):
        _put({"error": "unreadable"})


def _print_workbook(workbook: CalamineWorkbook, wanted: str | None) -> None:
    tables = [m for m in workbook.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    _put({"sheets": [m.name for m in tables]})
    shown = [m.name for m in tables if m.visible == SheetVisibleEnum.Visible] or [m.name for m in tables]
    names = shown if wanted is None else [m.name for m in tables if _key(m.name) == _key(wanted)]
    rows_left, cells_left = MOST_ROWS, MOST_CELLS
    for name in names:
        sheet = workbook.get_sheet_by_name(name)
        merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or []]
        _put({"sheet": name, "merged": merged})
        # The rows begin at the first of the sheet, the cells of a row at the first column with something in it.
        left = [None] * (sheet.start[1] if sheet.start else 0)
        for number, row in enumerate(sheet.iter_rows(), start=1):
            cells = left + [_plain(cell) for cell in row]
            filled = sum(cell is not None for cell in cells)
            if not filled:
                continue
            rows_left, cells_left = rows_left - 1, cells_left - filled
            if rows_left < 0 or cells_left < 0:
                _put({"error": "too_much"})
                return
            _put([number, cells])


def _plain(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell[:LONGEST_TEXT] if cell.strip() else None
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < _LARGEST_WHOLE else _finite(cell)
    if isinstance(cell, datetime):
        return {"date": cell.date().isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    return cell if isinstance(cell, bool | int) else str(cell)


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()


def _put(document: Any) -> None:
    sys.stdout.write(json.dumps(document) + "\n")


if __name__ == "__main__":
    limit_resources()
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
