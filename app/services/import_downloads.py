"""Files that go with an import: the empty template, and the list of rows that were not taken."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable
from pathlib import Path

from app.text import _, render
from data.cell_text import harmless
from data.importers.entries import Problem
from data.importers.templates import write_template

#: The mark at the start tells Excel that a text is UTF-8.
_ENCODING = "utf-8-sig"


def template_workbook(kind: str) -> bytes:
    """The template of an import as a workbook."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{kind}.xlsx"
        write_template(kind, file)
        return file.read_bytes()


def problem_list(problems: Iterable[Problem]) -> bytes:
    """What stands in the way of the rows of a file, as CSV that a spreadsheet opens and never runs."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_("Dòng"), _("Cột"), _("Giá trị"), _("Vướng mắc")])
    for problem in problems:
        cells = (problem.row, problem.column, problem.value, render(problem.message))
        writer.writerow([harmless(cell) for cell in cells])
    return text.getvalue().encode(_ENCODING)
