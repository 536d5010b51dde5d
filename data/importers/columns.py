"""The columns of a table as the import takes them: named by the person, told by header, dropped as personal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.importers.fields import REQUIRED, TITLES, Field
from data.importers.headers import Column, Columns, is_personal, match_columns, plain_header
from data.importers.layout import Table
from data.importers.persons import personal_column
from data.importers.tables import Cell, Row
from geo.errors import InputError
from geo.messages import Message, msg

#: Personal headers may be named for these: names of people and identity numbers are taken out of them.
_FILTERED = frozenset({Field.NAME, Field.REGISTRATION_NUMBER, Field.TAX_NUMBER})
_SAMPLED_ROWS = 500


def choose_columns(table: Table, column_map: Mapping[str, str], learnt: Mapping[str, Field]) -> Columns:
    """What each column of the table is; notes and columns we do not know are personal where their cells are.

    Raises
    ------
    InputError
        ``unknown_field``, ``no_column``, ``personal_column`` for a wrong ``column_map``; ``column_missing``
        where the file lacks a column that a register needs.
    """
    explicit = {_field(name, table): _column(header, table) for name, header in column_map.items()}
    for field, column in explicit.items():
        if is_personal(column) and field not in _FILTERED:
            raise _error(
                table,
                "personal_column",
                msg("Cột “{column}” chứa thông tin cá nhân, không được nhập.", column=column.name),
                msg("Chọn một cột khác cho {field}.", field=field.value),
                column.name,
            )
    matched = match_columns(table.columns, explicit, learnt)
    for field in REQUIRED:
        if field not in matched.fields:
            raise _missing(table, field)
    return _with_content(table, matched)


def _with_content(table: Table, columns: Columns) -> Columns:
    """Columns nobody needs, told apart by content: personal ones are named as such, the rest are unknown."""
    named = set(columns.fields.values()) | set(columns.personal) | set(columns.unknown)
    nameless = [c for c in table.columns if not c.header and c not in named]
    notes = [columns.fields[Field.NOTES]] if Field.NOTES in columns.fields else []
    loose = [*columns.unknown, *notes, *nameless]
    personal = [c for c in loose if personal_column([_cell(row, c) for row in table.rows[:_SAMPLED_ROWS]])]
    # There is no place for notes in the register.
    unknown = [c for c in (*columns.unknown, *notes) if c not in personal]
    return Columns(
        {field: column for field, column in columns.fields.items() if field is not Field.NOTES},
        sorted([*columns.personal, *personal], key=lambda c: c.index),
        sorted(unknown, key=lambda c: c.index),
    )


def _cell(row: Row, column: Column) -> Cell:
    return row.cells[column.index] if column.index < len(row.cells) else None


def _field(name: str, table: Table) -> Field:
    try:
        return Field(name.strip().casefold())
    except ValueError as fault:
        known = ", ".join(field.value for field in Field)
        raise _error(
            table,
            "unknown_field",
            msg("--map: không có mục “{name}”.", name=name),
            msg("Các mục: {known}.", known=known),
            None,
        ) from fault


def _column(header: str, table: Table) -> Column:
    plain = plain_header(header)
    for fits in (
        lambda c: c.header == header.strip(),
        lambda c: bool(plain) and plain in (plain_header(c.header), plain_header(f"{c.group} {c.header}")),
        lambda c: c.letter == header.strip().upper(),
    ):
        found = [c for c in table.columns if fits(c)]
        if found:
            return found[0]
    raise _error(
        table,
        "no_column",
        msg("--map: tệp không có cột “{column}”.", column=header),
        _columns_of(table.columns),
        header,
    )


def _missing(table: Table, field: Field) -> InputError:
    hint = msg(
        "Thêm cột này, hoặc chỉ ra cột có sẵn bằng --map {field}=CỘT. {columns}",
        field=field.value,
        columns=_columns_of(table.columns),
    )
    said = msg("Không tìm thấy cột “{title}” trong dòng tiêu đề.", title=TITLES[field])
    return _error(table, "column_missing", said, hint, TITLES[field])


def _columns_of(columns: Sequence[Column]) -> Message:
    return msg("Các cột trong tệp: {columns}.", columns=", ".join(c.header for c in columns if c.header))


def _error(table: Table, code: str, message: Message, hint: Message, column: str | None) -> InputError:
    return InputError(code, message, hint=hint, file=table.file, sheet=table.sheet, column=column)
