"""The columns of a register file: what each seems to be, and what a person says it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.access import Right, require
from app.services.learnt_columns import FILTERED, NOT_TAKEN, learnt_columns
from app.text import language
from data.importers.fields import IGNORED, REQUIRED, TITLES, Field
from data.importers.headers import Column, match_columns, plain_header
from data.importers.layout import Table, find_table
from data.importers.persons import masked, personal_column
from data.importers.tables import Cell, Row, Sheet, read_sheets
from data.store import Actor, Store
from geo.errors import InputError

#: What each column is, by its letter; None for one that is not taken.
Choice = Mapping[str, Field | None]
_SAMPLES, _SAMPLED_ROWS, _LONGEST_SAMPLE = 3, 500, 40
_FIRST_ROWS, _FIRST_CELLS = 15, 8
_HIDDEN = "•••"


@dataclass(frozen=True)
class FileColumn:
    """A column as it lies in the file. ``plain`` is its header (with its group's) as it is learnt by.

    ``samples``: its first values, covered where personal. ``proposed``: what it seems to be, None for nothing
    that is stored; ``learnt``: because a person said so before. ``choices``: what it may be.
    """

    letter: str
    header: str
    plain: str
    samples: tuple[str, ...]
    proposed: Field | None
    personal: bool
    learnt: bool
    choices: tuple[Field, ...]

    @property
    def name(self) -> str:
        """How the column is named to a person."""
        return self.header or self.letter


@dataclass(frozen=True)
class FileLayout:
    """Where the table lies in a file. ``sheets``: the visible ones, none where the format has none.

    ``columns`` is empty where no header was found: then ``first_rows`` shows the sheet, number and cells of
    each row, so that a person can point at the header.
    """

    sheets: tuple[str, ...]
    sheet: str | None
    rows: int
    columns: tuple[FileColumn, ...]
    first_rows: tuple[tuple[int, tuple[str, ...]], ...] = ()

    @property
    def proposed(self) -> dict[str, Field | None]:
        """What the columns seem to be."""
        return {column.letter: column.proposed for column in self.columns}


def read_layout(
    store: Store, actor: Actor, file: Path, sheet: str | None = None, header_row: int | None = None
) -> FileLayout:
    """Find the table of a register file and what its columns seem to be.

    ``sheet``: the one to read, else the likeliest; ``header_row``: the number of the row that a person says is
    the header. Raises what ``read_sheets`` raises.
    """
    require(actor, Right.IMPORT)
    with store.read(actor) as work:
        learnt = learnt_columns(work)
    every = read_sheets(file)
    names = tuple(one.name for one in every if one.name is not None)
    chosen = [one for one in every if sheet is None or one.name == sheet] or read_sheets(file, sheet)
    also = {*learnt, *_headers(chosen, header_row)}
    try:
        table = find_table(chosen, file, also)
    except InputError as error:
        if error.code != "no_header":
            raise
        fullest = max(chosen, key=lambda one: len(one.rows))
        return FileLayout(names, fullest.name, len(fullest.rows), (), _first_rows(fullest))
    return FileLayout(names, table.sheet, len(table.rows), _columns(table, learnt))


def _headers(sheets: Sequence[Sheet], number: int | None) -> set[str]:
    cells = [cell for one in sheets for row in one.rows if row.number == number for cell in row.cells]
    return {plain for cell in cells if isinstance(cell, str) and (plain := plain_header(cell))}


def _first_rows(sheet: Sheet) -> tuple[tuple[int, tuple[str, ...]], ...]:
    return tuple(
        (row.number, tuple(_shown(cell) for cell in row.cells[:_FIRST_CELLS]))
        for row in sheet.rows[:_FIRST_ROWS]
    )


def _columns(table: Table, learnt: Mapping[str, Field]) -> tuple[FileColumn, ...]:
    matched = match_columns(table.columns, {}, learnt)
    field_of = {column: field for field, column in matched.fields.items() if field is not NOT_TAKEN}
    columns = []
    for column in table.columns:
        cells = [_cell(row, column) for row in table.rows[:_SAMPLED_ROWS]]
        if not column.header and all(cell is None for cell in cells):
            continue
        field = field_of.get(column)
        personal = column in matched.personal or (field is None and personal_column(cells))
        plain = plain_header(f"{column.group} {column.header}")
        columns.append(
            FileColumn(
                letter=column.letter,
                header=column.header,
                plain=plain,
                samples=_samples(cells, hidden=personal),
                proposed=field,
                personal=personal,
                learnt=plain in learnt or plain_header(column.header) in learnt,
                choices=_choices(personal),
            )
        )
    return tuple(columns)


def _choices(personal: bool) -> tuple[Field, ...]:
    return tuple(f for f in Field if f is not NOT_TAKEN and (not personal or f in FILTERED))


def _cell(row: Row, column: Column) -> Cell:
    return row.cells[column.index] if column.index < len(row.cells) else None


def _samples(cells: Sequence[Cell], *, hidden: bool) -> tuple[str, ...]:
    first = [cell for cell in cells if cell is not None][:_SAMPLES]
    return tuple(_HIDDEN if hidden else _shown(cell) for cell in first)


def _shown(cell: Cell) -> str:
    text = masked(cell)
    return text if len(text) <= _LONGEST_SAMPLE else f"{text[:_LONGEST_SAMPLE]}…"


def field_title(field: Field) -> str:
    """How a field is called: its header in a template."""
    return TITLES[field] if language() == "vi" else field.value.replace("_", " ")


def registered_title(column: str) -> str:
    """How a column of the register is called."""
    return field_title(Field.COMMITMENT if column == "commitment_on" else Field(column))


def missing_fields(choice: Choice) -> list[Field]:
    """Fields that a register needs and that no column was said to be."""
    return [field for field in REQUIRED if field not in choice.values()]


def repeated_fields(choice: Choice) -> list[Field]:
    """Fields that more than one column was said to be."""
    counts = Counter(field for field in choice.values() if field is not None)
    return [field for field, n in counts.items() if n > 1]


def asks_metres(choice: Choice) -> bool:
    """Whether coordinates may come in metres, so that their system matters."""
    return bool({Field.X, Field.Y, Field.LAT, Field.LON, Field.COORDINATES} & set(choice.values()))


def as_column_map(layout: FileLayout, choice: Choice) -> dict[str, str]:
    """The choice as ``PremisesRequest.column_map``: field to header, or letter where the header is no name."""
    headers = Counter(column.plain for column in layout.columns)
    return {
        field.value: column.header if column.header and headers[column.plain] == 1 else column.letter
        for column in layout.columns
        if (field := choice.get(column.letter)) is not None
    }


def left_out(layout: FileLayout, choice: Choice) -> frozenset[str]:
    """Plain headers of columns not to be taken whatever they seem to be. Personal ones stay known as such."""
    taken = {column.plain for column in layout.columns if choice.get(column.letter) is not None}
    known = taken | IGNORED | {""}
    return frozenset(c.plain for c in layout.columns if c.plain not in known and not c.personal)


def corrected(layout: FileLayout, choice: Choice) -> dict[str, Field]:
    """What the person said otherwise than proposed: plain header to field, to be learnt."""
    return {
        column.plain: choice.get(column.letter) or NOT_TAKEN
        for column in layout.columns
        if column.plain and choice.get(column.letter) != column.proposed
    }
