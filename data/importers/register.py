"""A register file read whole: which rows can be taken as they are, and what stands in the way of the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from data.importers.columns import choose_columns
from data.importers.coordinates import Pair, to_lonlat
from data.importers.entries import Entry, EntryReader, Problem
from data.importers.fields import Field
from data.importers.headers import plain_header
from data.importers.layout import Table, find_table
from data.importers.registration import Hasher
from data.importers.tables import read_sheets
from geo.messages import Message, msg

#: Told how many rows of how many are done.
Progress = Callable[[int, int], None]
_TOLD_EVERY = 1_000
_LISTED = 20


@dataclass(frozen=True)
class Register:
    """What a file holds. ``read`` counts its data rows; a row is either an entry or has its problems listed.

    ``columns`` gives the header in the file of each field found; ``dropped_columns`` held personal data.
    """

    file: str
    sheet: str | None
    read: int
    entries: Sequence[Entry]
    problems: Sequence[Problem]
    columns: Mapping[Field, str]
    dropped_columns: Sequence[str]
    warnings: Sequence[Message]


def read_register(
    file: Path,
    hash_identity: Hasher,
    *,
    sheet: str | None = None,
    column_map: Mapping[str, str] | None = None,
    learnt: Mapping[str, Field] | None = None,
    crs: str | None = None,
    progress: Progress | None = None,
) -> Register:
    """Read a register of premises.

    Parameters
    ----------
    hash_identity : what is kept of an identity number.
    sheet : the sheet to read; else the one that looks most like a register.
    column_map : field name to header (or column letter), in place of our own reading of the headers.
    learnt : plain headers that a person corrected earlier, and what they are.
    crs : system of coordinates in metres; default VN-2000 TM-3 105°00'.

    Raises
    ------
    InputError
        For a file that cannot be taken as a whole: see ``tables.read_sheets``, ``layout.find_table`` and
        ``columns.choose_columns``.
    """
    named = {plain_header(header) for header in (column_map or {}).values()}
    table = find_table(read_sheets(file, sheet), file, named)
    columns = choose_columns(table, column_map or {}, learnt or {})
    reader = EntryReader(columns.fields)
    entries: list[Entry] = []
    pairs: list[tuple[int, Pair]] = []
    problems: list[Problem] = []
    for done, row in enumerate(table.rows):
        if progress is not None and done % _TOLD_EVERY == 0:
            progress(done, len(table.rows))
        entry, pair, bad = reader.read(row, hash_identity)
        problems += bad
        if entry is not None:
            if pair is not None:
                pairs.append((len(entries), pair))
            entries.append(entry)
    for (place, _pair), point in zip(pairs, to_lonlat((pair for _, pair in pairs), crs), strict=True):
        entries[place] = replace(entries[place], point=point)
    entries, repeated = _first_of_each_id(entries, columns.fields)
    return Register(
        file=file.name,
        sheet=table.sheet,
        read=len(table.rows),
        entries=entries,
        problems=sorted([*problems, *repeated], key=lambda p: p.row),
        columns={field: column.name for field, column in columns.fields.items()},
        dropped_columns=[column.name for column in columns.personal],
        warnings=[*_table_warnings(table, [c.name for c in columns.unknown]), *_row_warnings(reader.seen)],
    )


def _first_of_each_id(
    entries: Sequence[Entry], fields: Mapping[Field, object]
) -> tuple[list[Entry], list[Problem]]:
    """Entries without those that repeat an id, which name the row that had it first."""
    first: dict[str, int] = {}
    kept: list[Entry] = []
    problems: list[Problem] = []
    for entry in entries:
        if entry.id is not None and first.setdefault(entry.id, entry.row) != entry.row:
            said = msg("Trùng mã với dòng {row}.", row=first[entry.id])
            column = getattr(fields[Field.ID], "name", "")
            problems.append(Problem(entry.row, column, entry.id, "repeated_id", said))
        else:
            kept.append(entry)
    return kept, problems


def _table_warnings(table: Table, unknown: Sequence[str]) -> list[Message]:
    warnings = []
    if table.legacy_cells:
        warnings.append(
            msg("{n} ô chữ theo bảng mã cũ (TCVN3, VNI) đã được chuyển sang Unicode.", n=table.legacy_cells)
        )
    if unknown:
        shown = ", ".join(unknown[:_LISTED])
        warnings.append(msg("Cột không dùng đến, không lưu: {columns}.", columns=shown))
    return warnings


_PUT_RIGHT = {
    "swapped": msg("{n} dòng ghi đảo vĩ độ và kinh độ, đã đổi lại: {rows}."),
    "metric": msg("{n} dòng có tọa độ VN-2000, đã chuyển sang kinh độ, vĩ độ: {rows}."),
    "household": msg("{n} hộ mang tên người được ghi theo loại hình và địa chỉ: {rows}."),
    "masked": msg("{n} dòng có thông tin cá nhân lẫn trong chữ, đã bỏ phần đó: {rows}."),
    "identity": msg("{n} dòng dùng số định danh cá nhân làm số đăng ký; chỉ giữ mã băm để đối chiếu: {rows}."),
    "undated_commitment": msg("{n} dòng ghi đã ký cam kết mà không có ngày; lấy ngày nhập: {rows}."),
}


def _row_warnings(seen: Mapping[str, Sequence[int]]) -> list[Message]:
    return [
        Message(text.text, {"n": len(rows), "rows": _rows(rows)})
        for what, text in _PUT_RIGHT.items()
        if (rows := sorted(set(seen.get(what, ()))))
    ]


def _rows(rows: Sequence[int]) -> str:
    shown = ", ".join(map(str, rows[:_LISTED]))
    return f"{shown}, …" if len(rows) > _LISTED else shown
