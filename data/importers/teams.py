"""Reading a file of inspection teams: a table with one team a row, or a JSON list of objects, same names.

Only what a file says is given: what it leaves out keeps its stored or usual value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from data.importers.tables import Cell, read_sheets
from data.importers.values import BadCell, is_empty, parse_date
from geo.errors import InputError
from geo.fold import fold
from geo.messages import Message, msg
from geo.privacy import personal_data
from geo.words import TeamKind

MOST_VISITS = 50
_LIST = re.compile(r"[;,\n]")
_TIME = re.compile(r"(\d{1,2})(?:[:hg](\d{1,2})?)?(?::\d{2})?")
_KINDS = {
    **dict.fromkeys(("ward", "phuong", "xa", "cap phuong", "cap xa"), TeamKind.WARD),
    **dict.fromkeys(("city", "thanh pho", "cap thanh pho", "cap tinh"), TeamKind.CITY),
}
_HEADERS = {
    "name": ("ten doi", "doi", "ten", "doi kiem tra"),
    "kind": ("cap", "loai doi", "cap doi", "loai"),
    "units": ("phuong", "dia ban", "don vi", "phuong xa", "ma phuong"),
    "lat": ("vi do", "depot lat"),
    "lon": ("kinh do", "depot lon"),
    "shift_start": ("gio bat dau", "bat dau ca", "tu gio"),
    "shift_end": ("gio ket thuc", "ket thuc ca", "den gio"),
    "max_visits": ("so luot toi da", "luot toi da", "so co so moi ca"),
    "agencies": ("co quan", "thanh phan", "co quan tham gia"),
    "founding_decision": ("quyet dinh thanh lap", "quyet dinh", "so quyet dinh"),
    "valid_from": ("hieu luc tu", "tu ngay", "ngay thanh lap"),
}
_FIELD_OF = {fold(word): field for field, words in _HEADERS.items() for word in (field, *words)}


@dataclass(frozen=True)
class TeamRow:
    """One team as the file tells it. ``given`` holds columns of ``teams`` and ``units`` (codes or names)."""

    number: int
    name: str
    given: dict[str, Any]


@dataclass(frozen=True)
class TeamProblem:
    """Why a row cannot be taken; ``name`` is the team's, as far as the row has one."""

    row: int
    name: str
    column: str
    value: str
    message: Message


def read_teams(file: Path) -> tuple[list[TeamRow], list[TeamProblem]]:
    """The teams of a file (.json, .xlsx, .xls, .ods, .csv) and the rows that cannot be taken.

    Raises InputError ``no_file``, ``unreadable`` or ``no_name_column``, with those of ``read_sheets``.
    """
    rows: list[TeamRow] = []
    problems: list[TeamProblem] = []
    read = 0
    for number, cells in _json_rows(file) if file.suffix.casefold() == ".json" else _table_rows(file):
        read += 1
        try:
            rows.append(_row(number, cells, {row.name for row in rows}))
        except _BadField as bad:
            name = str(cells.get("name") or "").strip()[:200]
            name = "" if personal_data(name) else name
            problems.append(TeamProblem(number, name, bad.column, bad.value, bad.message))
    if not read:
        raise InputError("no_rows", msg("Tệp {file} không có đội nào.", file=file.name), file=file.name)
    return rows, problems


class _BadField(Exception):
    def __init__(self, column: str, value: Any, message: Message) -> None:
        super().__init__(str(message))
        self.column, self.value, self.message = column, str(value or "")[:100], message


def _json_rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    if not file.is_file():
        raise InputError("no_file", msg("Không tìm thấy tệp {file}.", file=file.name), file=file.name)
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        refused = msg("Không đọc được tệp {file} (JSON).", file=file.name)
        raise InputError("unreadable", refused, file=file.name) from error
    teams = document.get("teams") if isinstance(document, dict) else document
    if not isinstance(teams, list) or not all(isinstance(team, dict) for team in teams):
        refused = msg("Tệp {file} cần một danh sách JSON, mỗi đội một đối tượng.", file=file.name)
        raise InputError("unreadable", refused, file=file.name)
    for number, team in enumerate(teams, start=1):
        yield number, {_FIELD_OF.get(fold(key), key): value for key, value in team.items()}


def _table_rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    found = False
    for sheet in read_sheets(file):
        fields: dict[int, str] = {}
        for row in sheet.rows:
            if not fields:
                heads = {place: _field(cell) for place, cell in enumerate(row.cells)}
                if "name" in heads.values():
                    fields = {place: field for place, field in heads.items() if field is not None}
                    found = True
                continue
            yield (
                row.number,
                {field: row.cells[place] for place, field in fields.items() if place < len(row.cells)},
            )
    if not found:
        raise InputError(
            "no_name_column",
            msg("Không thấy cột tên đội trong tệp {file}.", file=file.name),
            hint=msg("Dòng tiêu đề cần các cột: {columns}.", columns=", ".join(_HEADERS)),
            file=file.name,
        )


def _field(cell: Cell) -> str | None:
    return _FIELD_OF.get(fold(str(cell or "")).strip(" *:"))


def _row(number: int, cells: dict[str, Any], known: set[str]) -> TeamRow:
    filled = {field: value for field, value in cells.items() if field in _HEADERS and not _blank(value)}
    if "name" not in filled:
        raise _BadField("name", None, msg("Thiếu tên đội."))
    given = {field: _READERS[field](field, value) for field, value in filled.items()}
    given = {field: value for field, value in given.items() if value is not None}
    name = given.pop("name")
    if name in known:
        raise _BadField("name", name, msg("Tên đội này đã có ở dòng trên."))
    if ("lat" in given) != ("lon" in given):
        raise _BadField("lat", filled.get("lat"), msg("Điểm xuất phát cần cả vĩ độ và kinh độ."))
    if given.get("shift_start", time.min) >= given.get("shift_end", time.max):
        raise _BadField("shift_end", filled["shift_end"], msg("Giờ kết thúc phải sau giờ bắt đầu."))
    return TeamRow(number, name, given)


def _blank(value: Any) -> bool:
    return (
        not value if isinstance(value, list) else value is None or (isinstance(value, str) and is_empty(value))
    )


def _text(column: str, value: Any) -> str:
    text = " ".join(str(value).split())[:200]
    if personal_data(text):
        # Not repeated: it is about a person.
        raise _BadField(column, None, msg("Ô có vẻ chứa dữ liệu về người; hệ thống chỉ ghi về địa điểm."))
    return text


def _texts(column: str, value: Any) -> list[str]:
    parts = value if isinstance(value, list) else _LIST.split(str(value))
    return [text for part in parts if (text := _text(column, part))]


def _units(_column: str, value: Any) -> list[str]:
    parts = value if isinstance(value, list) else _LIST.split(_code(value))
    return [text for part in parts if (text := " ".join(_code(part).split())[:120])]


def _code(value: Any) -> str:
    """A code that a spreadsheet made a number gets its leading zero back."""
    whole = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{int(value):05d}" if whole else str(value)


def _kind(column: str, value: Any) -> TeamKind:
    kind = _KINDS.get(fold(str(value)))
    if kind is None:
        raise _BadField(column, value, msg("Cấp của đội là ward (phường) hoặc city (thành phố)."))
    return kind


def _degrees(column: str, value: Any) -> float:
    try:
        degrees = float(str(value).replace(",", "."))
    except ValueError:
        degrees = 1000.0
    low, high = (8.0, 24.0) if column == "lat" else (102.0, 110.0)
    if not low <= degrees <= high:
        raise _BadField(column, value, msg("Tọa độ (độ thập phân) không nằm ở Việt Nam."))
    return degrees


def _time(column: str, value: Any) -> time:
    if isinstance(value, datetime | time):
        return time(value.hour, value.minute)
    if isinstance(value, float) and 0 <= value < 1:
        minutes = round(value * 24 * 60)
        return time(minutes // 60 % 24, minutes % 60)
    found = _TIME.fullmatch(fold(str(value)).replace(" ", ""))
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if hour > 23 or minute > 59:
        raise _BadField(column, value, msg("Giờ viết như 14:00."))
    return time(hour, minute)


def _visits(column: str, value: Any) -> int:
    text = str(value).strip().removesuffix(".0")
    if not text.isdecimal() or not 0 <= int(text) <= MOST_VISITS:
        raise _BadField(column, value, msg("Số lượt là số nguyên từ 0 đến {most}.", most=MOST_VISITS))
    return int(text)


def _day(column: str, value: Any) -> date | None:
    try:
        return parse_date(value)
    except BadCell as bad:
        raise _BadField(column, value, bad.message) from bad


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "name": _text,
    "kind": _kind,
    "units": _units,
    "lat": _degrees,
    "lon": _degrees,
    "shift_start": _time,
    "shift_end": _time,
    "max_visits": _visits,
    "agencies": _texts,
    "founding_decision": _text,
    "valid_from": _day,
}
