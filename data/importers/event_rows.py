"""Rows of event files: the table found in a file, and the cells of a row read with what is wrong with them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import shapely

from data.cell_text import taken_back
from data.importers.coordinates import parse_pair, to_lonlat
from data.importers.event_fields import EventField
from data.importers.event_words import SYNONYMS
from data.importers.headers import plain_header
from data.importers.tables import Cell, Sheet, read_sheets
from data.importers.values import BadCell, is_empty, parse_date, parse_mark
from geo.errors import InputError
from geo.fold import fold
from geo.messages import Message, msg
from geo.privacy import mask, personal_data
from geo.word_texts import word_text

T = TypeVar("T")
W = TypeVar("W", bound=StrEnum)

#: The header row stands among these first rows.
_HEADER_WITHIN = 30
_LONGEST_SHOWN = 120
#: Older than any record of this work: a typing error.
_FIRST_DAY = date(1990, 1, 1)
#: A smaller number in a cell is a year or a count, not the day of a spreadsheet.
_FIRST_EXCEL_DAY = 30_000
_ID = re.compile(r"[\w.:/\-]{1,64}")
#: An id that this program made may hold so many digits by chance.
_OUR_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NO_DAY = re.compile(r"(nam )?\d{4}|(thang )?\d{1,2}( ?[/.\-] ?| nam )\d{4}")


@dataclass
class Cells:
    """One row: its cells by field, read one by one; what is wrong with them collects in ``problems``.

    ``latest``: a later date is in the future. ``values`` is what was read, in plain form: the row's content.
    """

    row: int
    raw: Mapping[str, Cell]
    headers: Mapping[str, str]
    latest: date
    problems: list[dict[str, Any]] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def reject(self, key: str, problem: Message) -> None:
        """Note a problem with the row's cell ``key``; personal data in it is masked."""
        value = self.raw.get(key)
        shown = "" if value is None else mask(_as_text(value))[:_LONGEST_SHOWN]
        column = self.headers.get(key, key)
        self.problems.append({"row": self.row, "column": column, "value": shown, "problem": problem})

    def text(self, key: str, longest: int, *, needed: bool = False) -> str | None:
        """Free text without personal data; None where there is none."""
        text = "" if self.raw.get(key) is None else taken_back(_as_text(self.raw[key])).strip()
        if needed and not text:
            self.reject(key, msg("thiếu"))
        if len(text) > longest:
            self.reject(key, msg("dài hơn {n} ký tự", n=longest))
        elif personal_data(text):
            self.reject(key, msg("có vẻ chứa dữ liệu cá nhân; hệ thống chỉ ghi về địa điểm"))
        self.values[key] = text or None
        return text or None

    def identity(self) -> str | None:
        """The row's own id, if it has one: a short word that is no person's number."""
        text = "" if self.raw.get("id") is None else _as_text(self.raw["id"])
        if text and not _ID.fullmatch(text):
            self.reject("id", msg("mã gồm chữ, số và dấu . _ : / -, dài nhất 64 ký tự"))
        elif text and personal_data(text) and not _OUR_ID.fullmatch(text):
            self.reject("id", msg("có vẻ là số của một người"))
        return text or None

    def day(self, key: str, *, needed: bool = False, future: bool = False) -> date | None:
        """A day in any usual spelling; in the future only where ``future`` allows it."""
        found = self._parsed(key, read_day)
        if found is None:
            if needed and self.raw.get(key) is None:
                self.reject(key, msg("thiếu ngày"))
        elif found < _FIRST_DAY:
            self.reject(key, msg("ngày quá xa trong quá khứ"))
        elif found > self.latest and not future:
            self.reject(key, msg("ngày ở tương lai"))
        self.values[key] = None if found is None else found.isoformat()
        return found

    def _parsed(self, key: str, parse: Callable[[Cell], T | None]) -> T | None:
        try:
            return parse(self.raw.get(key))
        except BadCell as bad:
            self.reject(key, bad.message)
            return None

    def word(self, key: str, words: type[W], *, default: W | None = None) -> W | None:
        """A word of a vocabulary, by its value, its Vietnamese name or a usual synonym."""
        text = "" if self.raw.get(key) is None else fold(_as_text(self.raw[key]))
        found = _meanings(words).get(text) if text else default
        if found is None:
            listed = "; ".join(str(word_text(word)) for word in words)
            self.reject(
                key, msg("không rõ nghĩa; dùng một trong: {words}", words=listed) if text else msg("thiếu")
            )
        self.values[key] = None if found is None else found.value
        return found

    def number(self, key: str, least: float, most: float, default: float) -> float:
        """A number between two bounds."""
        found = default if self.raw.get(key) is None else read_number(self.raw[key])
        if found is None or not least <= found <= most:
            self.reject(key, msg("phải là số từ {least} đến {most}", least=f"{least:g}", most=f"{most:g}"))
        self.values[key] = found
        return default if found is None else found

    def yes(self, key: str) -> bool:
        """A tick: x, có, yes or 1; nothing where the cell is empty or says no."""
        said = parse_mark(self.raw.get(key))
        if said is None:
            self.reject(key, msg("ghi x hoặc để trống"))
        self.values[key] = bool(said)
        return bool(said)

    def point(self) -> shapely.Point | None:
        """Latitude and longitude, or metres in VN-2000; both or neither, not swapped."""
        try:
            pair = parse_pair(self.raw.get("lat"), self.raw.get("lon"), lat_first=True)
        except BadCell as bad:
            self.reject("lat", bad.message)
            return None
        if pair is None:
            return None
        if pair.swapped:
            self.reject("lat", msg("vĩ độ và kinh độ bị đổi chỗ"))
        lon, lat = to_lonlat([pair])[0]
        self.values["lat"], self.values["lon"] = round(lat, 6), round(lon, 6)
        return shapely.Point(lon, lat)


def find_rows(file: Path, fields: Sequence[EventField], latest: date) -> list[Cells]:
    """The data rows of the first sheet that has the needed columns.

    Raises InputError of ``read_sheets``, or ``missing_column`` naming what is missing.
    """
    best: tuple[int, Sheet, int, dict[str, int]] | None = None
    for sheet in read_sheets(file):
        for position, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
            found = _matched(row.cells, fields)
            if best is None or len(found) > best[0]:
                best = (len(found), sheet, position, found)
    missing = [f for f in fields if f.needed and (best is None or f.key not in best[3])]
    if best is None or missing:
        raise _missing(file, missing, fields, best[1].name if best else None)
    _, sheet, position, places = best
    header = sheet.rows[position]
    titles = {key: _as_text(header.cells[place]) for key, place in places.items()}
    rows = []
    for row in sheet.rows[position + 1 :]:
        # A second header row, as in the templates: the same columns in English.
        if len(_matched(row.cells, fields)) > 2:
            continue
        cells = {
            key: row.cells[place]
            for key, place in places.items()
            if place < len(row.cells) and not is_empty(row.cells[place])
        }
        # A signature or a note below the table has one cell at most where the table has its columns.
        if len(cells) > 1:
            rows.append(Cells(row.number, cells, titles, latest))
    return rows


def _matched(cells: Sequence[Cell], fields: Sequence[EventField]) -> dict[str, int]:
    """By field the place of its column in a row of headers."""
    plain = {
        plain_header(cell): place for place, cell in reversed(list(enumerate(cells))) if isinstance(cell, str)
    }
    found: dict[str, int] = {}
    # Headers of their own first: "mã" alone may stand for several fields.
    for wanted in (lambda f: {plain_header(f.key), plain_header(f.header)}, lambda f: f.names):
        for one in fields:
            place = next((plain[n] for n in sorted(wanted(one)) if n in plain), None)
            if place is not None and one.key not in found and place not in found.values():
                found[one.key] = place
    return found


def _missing(
    file: Path, missing: Sequence[EventField], fields: Sequence[EventField], sheet: str | None
) -> InputError:
    names = ", ".join(one.header for one in missing)
    return InputError(
        "missing_column",
        msg("Tệp {file} thiếu cột: {columns}.", file=file.name, columns=names or "-"),
        hint=msg("Các cột được nhận: {columns}.", columns=", ".join(one.header for one in fields)),
        file=file.name,
        sheet=sheet,
        column=missing[0].header if missing else None,
    )


def read_day(value: Cell) -> date | None:
    """A day from a cell. Raises BadCell also for a bare month or year: something happened on a day."""
    whole = isinstance(value, int | float) and not isinstance(value, bool) and value < _FIRST_EXCEL_DAY
    if whole or (isinstance(value, str) and _NO_DAY.fullmatch(fold(value))):
        raise BadCell("bad_date", msg("Cần đủ ngày, tháng, năm."))
    return parse_date(value)


def read_number(value: Cell) -> float | None:
    """A number from a cell, with a decimal comma or point; None where it is none."""
    if isinstance(value, bool) or value is None or isinstance(value, date):
        return None
    if isinstance(value, int | float):
        return float(value)
    text = taken_back(value).strip().replace(",", ".")
    return float(text) if re.fullmatch(r"[+-]?\d{1,9}(\.\d{1,15})?", text) else None


def content_key(kind: str, values: Mapping[str, Any]) -> str:
    """SHA-256 of what a row says, by which it is known again."""
    said = sorted((key, value) for key, value in values.items() if value is not None and key != "id")
    text = json.dumps([kind, said], ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _as_text(value: Cell) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


@cache
def _meanings(words: type[W]) -> Mapping[str, W]:
    return dict(_spellings(words))


def _spellings(words: type[W]) -> Iterator[tuple[str, W]]:
    for word in words:
        for text in (word.value, str(word_text(word)), *SYNONYMS.get((words, word.value), ())):
            yield fold(text), word
        yield fold(word.value.replace("_", " ")), word
