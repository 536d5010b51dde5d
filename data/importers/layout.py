"""Where the table lies on a sheet made by hand, among titles, headers of two rows, totals and signatures."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from data.importers.headers import Column, plain_header, says_something
from data.importers.tables import Cell, Merged, Row, Sheet
from geo.errors import InputError
from geo.fold import fold
from geo.messages import msg

#: A header stands among the first rows.
_SEARCHED_ROWS = 60
#: A header row says at least this many things that we know.
_FEWEST_KNOWN = 2
_MOST_COLUMNS = 300


@dataclass(frozen=True)
class Table:
    """A table found on a sheet: its columns and its rows of data, without title, header, total and signatures.

    ``ordinal`` is the index of the column that counts the rows ("STT"), None where there is none.
    """

    file: str
    sheet: str | None
    columns: Sequence[Column]
    rows: Sequence[Row]
    ordinal: int | None
    legacy_cells: int


def find_table(sheets: Sequence[Sheet], file: Path, also: Collection[str] = ()) -> Table:
    """The table of the sheet whose header says most; the headers ``also`` (plain) count as known.

    Raises InputError ``no_header`` where no sheet has a row that reads like a header of a register.
    """
    found = [(header, sheet) for sheet in sheets if (header := _find_header(sheet, also)) is not None]
    if not found:
        only = sheets[0].name if len(sheets) == 1 else None
        raise InputError(
            "no_header",
            msg("Không tìm thấy dòng tiêu đề cột trong tệp {file}.", file=file.name),
            hint=msg(
                "Cần một dòng có các tiêu đề như “Tên cơ sở”, “Loại hình”, “Địa chỉ”; xem tệp mẫu (template)."
            ),
            file=file.name,
            sheet=only,
        )
    header, sheet = max(found, key=lambda pair: (pair[0].score, len(pair[1].rows)))
    rows = _filled_down(sheet.rows[header.last + 1 :], sheet.merged)
    ordinal = next((c.index for c in header.columns if plain_header(c.header) in _ORDINAL), None)
    data = list(_data_rows(rows, header.columns, ordinal))
    return Table(file.name, sheet.name, header.columns, data, ordinal, sheet.legacy_cells)


_ORDINAL = {"stt", "tt", "so tt", "so thu tu", "no"}


@dataclass(frozen=True)
class _Header:
    last: int
    columns: tuple[Column, ...]
    score: int


def _find_header(sheet: Sheet, also: Collection[str]) -> _Header | None:
    best: _Header | None = None
    for position, row in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        alone = _header(position, [("", text) for text in _texts(row)], also)
        if alone.score >= _FEWEST_KNOWN and (best is None or alone.score > best.score):
            best = alone
        groups = _doubled(sheet.rows[position - 1], row, sheet.merged) if position else None
        if groups is None:
            continue
        double = _header(position, groups, also)
        # A second row that says nothing alone belongs to the first; above one that does, a title may stand.
        follows = best is not None and best.last == position - 1 and alone.score < _FEWEST_KNOWN
        score = best.score - follows if best is not None else _FEWEST_KNOWN - 1
        if double.score > score:
            best = double
    return best


def _texts(row: Row) -> list[str]:
    return [cell if isinstance(cell, str) else "" for cell in row.cells[:_MOST_COLUMNS]]


def _header(last: int, parts: Sequence[tuple[str, str]], also: Collection[str]) -> _Header:
    leaves = [leaf for _group, leaf in parts]
    columns = tuple(
        # A text that stands under several groups ("Số", "Ngày cấp") needs its group to be told apart.
        Column(i, f"{group} - {leaf}" if group and leaves.count(leaf) > 1 else leaf or group, group)
        for i, (group, leaf) in enumerate(parts)
    )
    known = {what for c in columns if c.header and (what := says_something(c.header, c.group)) is not None}
    known |= {plain for c in columns if (plain := plain_header(c.header)) in also}
    return _Header(last, columns, len(known))


def _doubled(first: Row, second: Row, merged: Sequence[Merged]) -> list[tuple[str, str]] | None:
    """(group, leaf) of each column where two rows are a header together, else None.

    A group is a cell of the first row over several of the second: merged, or followed by empty ones.
    """
    top, below = _texts(first), _texts(second)
    if second.number != first.number + 1 or sum(map(bool, top)) < _FEWEST_KNOWN:
        return None
    width = max(len(top), len(below))
    top, below = top + [""] * (width - len(top)), below + [""] * (width - len(below))
    groups = _groups(top, below, first.number, merged)
    under = [i for i in range(width) if below[i]]
    if not under or any(not groups[i] for i in under):
        return None
    return [(groups[i], below[i]) if below[i] else ("", top[i]) for i in range(width)]


def _groups(top: list[str], below: list[str], number: int, merged: Sequence[Merged]) -> list[str]:
    groups = [""] * len(top)
    wide = [m for m in merged if m.first_row == number == m.last_row and m.last_column > m.first_column]
    for block in wide:
        for i in range(block.first_column, min(block.last_column + 1, len(top))):
            groups[i] = top[block.first_column]
    if not wide:
        for i in range(1, len(top)):
            if not top[i] and below[i]:
                start = next((j for j in range(i - 1, -1, -1) if top[j]), None)
                if start is not None and all(below[start : i + 1]):
                    groups[start] = groups[i] = top[start]
    return groups


def _filled_down(rows: Sequence[Row], merged: Sequence[Merged]) -> list[Row]:
    """Rows in which a cell merged over several rows of one column speaks for each of them."""
    tall = [m for m in merged if m.last_row > m.first_row and m.first_column == m.last_column]
    if not tall:
        return list(rows)
    by_number = {row.number: Row(row.number, list(row.cells)) for row in rows}
    for block in tall:
        first = by_number.get(block.first_row)
        value = _cell(first, block.first_column) if first else None
        if value is None:
            continue
        for number in range(block.first_row + 1, block.last_row + 1):
            row = by_number.get(number)
            if row is not None and block.first_column < len(row.cells):
                row.cells[block.first_column] = value
    return list(by_number.values())


_NUMBERING = re.compile(r"\(?([0-9]{1,3}|[A-Za-z])\)?(\s*=.*)?")
_TOTAL = re.compile(r"(tong( cong| so)?|cong|total)\b\s*([:(=.]|$|\d|(so |la )?\d|co so|so co so)")
_SIGNATURE = re.compile(
    r"^(nguoi (lap|tong hop|lam|ky|bao cao)|can bo (lap|tong hop)|thu truong|truong phong|chu tich|pho chu tich"
    r"|ke toan|noi nhan|xac nhan|ky ten|\(?ky,|\(ky|tm\.|kt\.|tl\.|ghi chu:|luu y:)"
    r"|\bngay [\d. …]+thang [\d. …]+nam\b"
)


def _data_rows(rows: Sequence[Row], columns: Sequence[Column], ordinal: int | None) -> Iterator[Row]:
    known = [c.index for c in columns if c.header and c.index != ordinal]
    header = {c.index: c.header for c in columns if c.header}
    ended = False
    for position, row in enumerate(rows):
        counted = ordinal is not None and _is_number(_cell(row, ordinal))
        filled = [value for i in known if (value := _cell(row, i)) is not None]
        below_header = position < 2 and (_is_numbering(row) or _translates(row))
        if not filled or below_header or _repeats(row, header):
            continue
        if not counted and _is_footer(filled, len(known), row):
            ended = ended or _is_signature(row)
        elif counted or (len(filled) > 1 and not ended):
            ended = False
            yield row


def _cell(row: Row, index: int) -> Cell:
    return row.cells[index] if index < len(row.cells) else None


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, str):
        return re.fullmatch(r"\d{1,6}[.)]?", cell) is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _is_numbering(row: Row) -> bool:
    """Whether the row numbers the columns: (1) (2) (3), or A B 1 2."""
    texts = [str(cell) for cell in row.cells if cell is not None]
    if len(texts) < 3 or any(isinstance(cell, date) for cell in row.cells):
        return False
    return all(_NUMBERING.fullmatch(text) for text in texts)


def _translates(row: Row) -> bool:
    """Whether the row is a header in a second language."""
    said = {what for cell in row.cells if isinstance(cell, str) and (what := says_something(cell))}
    return len(said) > _FEWEST_KNOWN


def _repeats(row: Row, header: dict[int, str]) -> bool:
    """Whether the row repeats the header, as at the top of a printed page."""
    same = sum(_cell(row, i) == text for i, text in header.items())
    return same > 1 and same >= sum(cell is not None for cell in row.cells) - 1


def _is_footer(filled: Sequence[Cell], width: int, row: Row) -> bool:
    """Whether a row that is not counted is a total, a signature line or a heading between the data."""
    first = next((cell for cell in row.cells if isinstance(cell, str)), "")
    if len(filled) <= max(2, width // 2) and _TOTAL.match(fold(first)):
        return True
    return len(filled) < 2 or (len(filled) < 4 and _is_signature(row))


def _is_signature(row: Row) -> bool:
    return any(isinstance(cell, str) and _SIGNATURE.search(fold(cell)) for cell in row.cells)
