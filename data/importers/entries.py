"""One row of a register as one premises, or as the list of what is wrong with it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from data.cell_text import taken_back
from data.importers.coordinates import Pair, parse_joined, parse_pair
from data.importers.fields import TITLES, Field
from data.importers.headers import Column
from data.importers.persons import masked, without_personal_data, without_persons
from data.importers.registration import NO_REGISTRATION, Hasher, Registration, paper_number, parse_registration
from data.importers.tables import Cell, Row
from data.importers.values import (
    BadCell,
    is_empty,
    parse_count,
    parse_date,
    parse_mark,
    parse_status,
    parse_type,
)
from geo.messages import Message, msg
from geo.word_texts import word_text
from geo.words import LicenceKind, PremisesStatus, PremisesType

T = TypeVar("T")


@dataclass(frozen=True)
class Paper:
    """A paper that a row speaks of; most have no term."""

    kind: LicenceKind
    number: str | None = None
    issued_on: date | None = None
    term_until: date | None = None


@dataclass(frozen=True)
class Entry:
    """A premises as a file has it; None where the file says nothing. ``point`` is lon, lat.

    ``committed`` without ``commitment_on``: a commitment was signed, the file does not say when.
    """

    row: int
    name: str
    type: PremisesType
    address: str = ""
    id: str | None = None
    ward: str | None = None
    point: tuple[float, float] | None = None
    registration: Registration = NO_REGISTRATION
    rooms: int | None = None
    workers: int | None = None
    opened_on: date | None = None
    committed: bool = False
    commitment_on: date | None = None
    status: PremisesStatus | None = None
    status_on: date | None = None
    complex_grounds: str | None = None
    unregistered_basis: str | None = None
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Why a row is left out: the column's header, the cell as it may be shown, a stable code and a sentence."""

    row: int
    column: str
    value: str
    code: str
    message: Message


_ID = re.compile(r"[\w.\-]{1,64}", re.ASCII)
_PERSONAL_ID = re.compile(r"\d{9}|\d{12}")
_NAME_LENGTH, _ADDRESS_LENGTH, _TEXT_LENGTH, _PAPER_LENGTH = 300, 400, 400, 80
_PAPER_FIELDS = {
    LicenceKind.BUSINESS: (Field.REGISTRATION_NUMBER, Field.REGISTERED_ON, Field.REGISTERED_UNTIL),
    LicenceKind.SECURITY: (Field.SECURITY_NUMBER, Field.SECURITY_ISSUED_ON, Field.SECURITY_UNTIL),
    LicenceKind.KARAOKE: (Field.KARAOKE_NUMBER, Field.KARAOKE_ISSUED_ON, Field.KARAOKE_UNTIL),
    LicenceKind.FIRE: (Field.FIRE_NUMBER, Field.FIRE_ISSUED_ON, Field.FIRE_UNTIL),
}


class EntryReader:
    """Reads rows by the columns found. ``seen`` collects the rows in which something was put right."""

    def __init__(self, fields: Mapping[Field, Column]) -> None:
        self._fields = fields
        self.seen: dict[str, list[int]] = defaultdict(list)

    def read(self, row: Row, hash_identity: Hasher) -> tuple[Entry | None, Pair | None, list[Problem]]:
        """The premises and its coordinates as written; None and the problems where the row cannot be taken."""
        cells = _Cells(row, self._fields)
        kind = cells.take(Field.TYPE, parse_type)
        address = self._text(cells, _address(cells), _ADDRESS_LENGTH) or ""
        name = self._name(cells, kind, address)
        registration = self._registration(cells, hash_identity)
        commitment_on, committed = cells.take(Field.COMMITMENT, _commitment) or (None, False)
        pair = self._pair(cells)
        entry = Entry(
            row=row.number,
            name=name or "",
            type=kind or PremisesType.GUESTHOUSE,
            address=address,
            id=cells.take(Field.ID, _id),
            ward=_plain(cells.cell(Field.WARD)) or None,
            registration=registration,
            rooms=cells.take(Field.ROOMS, parse_count),
            workers=cells.take(Field.WORKERS, parse_count),
            opened_on=cells.take(Field.OPENED_ON, parse_date),
            committed=committed,
            commitment_on=commitment_on,
            status=cells.take(Field.STATUS, parse_status),
            status_on=cells.take(Field.STATUS_ON, parse_date),
            complex_grounds=self._text(cells, _plain(cells.cell(Field.COMPLEX_GROUNDS)), _TEXT_LENGTH),
            unregistered_basis=self._text(cells, _plain(cells.cell(Field.UNREGISTERED_BASIS)), _TEXT_LENGTH),
            papers=_papers(cells, registration),
        )
        if cells.problems:
            return None, None, cells.problems
        if committed and commitment_on is None:
            self.seen["undated_commitment"].append(row.number)
        return entry, pair, []

    def _name(self, cells: _Cells, kind: PremisesType | None, address: str) -> str | None:
        written = _plain(cells.cell(Field.NAME))
        if not any(c.isalnum() for c in written):
            cells.problem(Field.NAME, BadCell("no_name", msg("Thiếu tên cơ sở.")))
            return None
        name = without_persons(written)
        if name:
            if name != written:
                self.seen["masked"].append(cells.row.number)
            return name[:_NAME_LENGTH]
        self.seen["household"].append(cells.row.number)
        if kind is None:
            return None
        words = str(word_text(kind))
        return f"{words[:1].upper()}{words[1:]} {address}".strip()[:_NAME_LENGTH]

    def _text(self, cells: _Cells, written: str, longest: int) -> str | None:
        text = without_personal_data(written)
        if text != written:
            self.seen["masked"].append(cells.row.number)
        return text[:longest] or None

    def _registration(self, cells: _Cells, hash_identity: Hasher) -> Registration:
        """The number, and what may be kept of an identity number in it or in the tax column."""
        own = self._number(cells, Field.REGISTRATION_NUMBER, hash_identity)
        tax = self._number(cells, Field.TAX_NUMBER, hash_identity)
        kept = Registration(own.number or tax.number, own.hash or tax.hash)
        if kept.hash:
            self.seen["identity"].append(cells.row.number)
        return kept

    def _number(self, cells: _Cells, field: Field, hash_identity: Hasher) -> Registration:
        cell = cells.cell(field)
        if parse_mark(cell) is not None or isinstance(cell, date):
            return NO_REGISTRATION
        kept = parse_registration(cell, hash_identity)
        if kept == NO_REGISTRATION:
            self.seen["masked"].append(cells.row.number)
        return kept

    def _pair(self, cells: _Cells) -> Pair | None:
        pair = (
            cells.take_two(Field.LAT, Field.LON, lat_first=True)
            or cells.take_two(Field.X, Field.Y, lat_first=None)
            or cells.take(Field.COORDINATES, parse_joined)
        )
        if pair is not None:
            for what, is_so in (("swapped", pair.swapped), ("metric", pair.metric)):
                if is_so:
                    self.seen[what].append(cells.row.number)
        return pair


class _Cells:
    """The cells of a row by field, and what turned out to be wrong with them."""

    def __init__(self, row: Row, fields: Mapping[Field, Column]) -> None:
        self.row = row
        self.problems: list[Problem] = []
        self._fields = fields

    def cell(self, field: Field) -> Cell:
        column = self._fields.get(field)
        return self.row.cells[column.index] if column and column.index < len(self.row.cells) else None

    def take(self, field: Field, parse: Callable[[Cell], T]) -> T | None:
        if field not in self._fields:
            return None
        try:
            return parse(self.cell(field))
        except BadCell as bad:
            self.problem(field, bad)
            return None

    def take_two(self, first: Field, second: Field, *, lat_first: bool | None) -> Pair | None:
        if first not in self._fields or second not in self._fields:
            return None
        try:
            return parse_pair(self.cell(first), self.cell(second), lat_first=lat_first)
        except BadCell as bad:
            # Named at the cell that is empty or less like a number.
            self.problem(second if is_empty(self.cell(second)) else first, bad)
            return None

    def problem(self, field: Field, bad: BadCell) -> None:
        column = self._fields[field].name if field in self._fields else TITLES[field]
        self.problems.append(Problem(self.row.number, column, masked(self.cell(field)), bad.code, bad.message))


def _plain(cell: Cell) -> str:
    if is_empty(cell) or isinstance(cell, bool):
        return ""
    return f"{cell.day}/{cell.month}" if isinstance(cell, date) else taken_back(str(cell))


def _address(cells: _Cells) -> str:
    """The address, put together where house number and street have columns of their own.

    A house number such as 12/3 arrives as a date from a spreadsheet that took it for one.
    """
    whole = _plain(cells.cell(Field.ADDRESS))
    house, street = _plain(cells.cell(Field.HOUSE_NUMBER)), _plain(cells.cell(Field.STREET))
    if not whole:
        whole = street
    elif not house or any(c.isdigit() for c in whole.split(",")[0]):
        return whole
    numbered = f"Số {house}" if house[:1].isdigit() else house
    return " ".join(part for part in (numbered, whole) if part)


def _id(cell: Cell) -> str | None:
    if is_empty(cell):
        return None
    text = str(cell)
    if _ID.fullmatch(text) is None or _PERSONAL_ID.fullmatch(text):
        raise BadCell("bad_id", msg("Mã cơ sở chỉ gồm chữ không dấu, số, dấu chấm và gạch, tối đa 64 ký tự."))
    return text


def _commitment(cell: Cell) -> tuple[date | None, bool]:
    """The day of a signed commitment, and whether one was signed at all."""
    mark = parse_mark(cell)
    if mark is not None:
        return None, mark
    signed = parse_date(cell)
    return signed, signed is not None


def _papers(cells: _Cells, registration: Registration) -> tuple[Paper, ...]:
    papers = []
    for kind, (number_field, issued_field, until_field) in _PAPER_FIELDS.items():
        number, there, issued = _paper_cell(cells, number_field)
        if kind is LicenceKind.BUSINESS:
            number, there = registration.number, there or registration != NO_REGISTRATION
        issued = cells.take(issued_field, parse_date) or issued
        until = cells.take(until_field, parse_date)
        if there or issued or until:
            papers.append(Paper(kind, number[:_PAPER_LENGTH] if number else None, issued, until))
    return tuple(papers)


def _paper_cell(cells: _Cells, field: Field) -> tuple[str | None, bool, date | None]:
    """Number, whether there is a paper at all, and its day where the column holds days instead of numbers."""
    cell = cells.cell(field)
    mark = parse_mark(cell)
    if mark is not None:
        return None, mark, None
    if isinstance(cell, date):
        return None, True, cell
    return paper_number(cell), True, None
