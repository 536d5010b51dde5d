"""Which rows of a file are which premises of the register, and which may be the same as another.

A row is known by its id; else by its registration, where name or address agree as well (a household's owner
may run two places under one number); else by name and address. Each premises is taken by one row.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from data.importers.entries import Entry
from data.importers.likeness import (
    ALIKE,
    Likeness,
    folded,
    likeness,
    same_place,
    similarity,
    worth_comparing,
)


@dataclass(frozen=True)
class Known:
    """A premises of the register, as far as rows are compared with it."""

    id: str
    name: str
    address: str
    registration_number: str | None
    registration_hash: str | None
    content_key: str | None = None

    @property
    def alike(self) -> Likeness:
        """Its name and address as they are compared."""
        return likeness(self.name, self.address, self.registration_number or self.registration_hash)


@dataclass(frozen=True)
class Group:
    """One premises of the file: the row that has it first, rows that repeat it, and the premises it is."""

    entries: tuple[Entry, ...]
    known: str | None = None


@dataclass(frozen=True)
class Duplicate:
    """A row that may be the same premises as one of the register (``premises``) or as another row."""

    row: int
    premises: str | None
    other_row: int | None
    similarity: float


@lru_cache(maxsize=200_000)
def content_key(name: str, address: str) -> str:
    """By this a premises without id or registration is known again: its folded name and address."""
    return hashlib.sha256(f"{folded(name)}\n{folded(address)}".encode()).hexdigest()


def match_entries(entries: Sequence[Entry], known: Sequence[Known]) -> list[Group]:
    """The entries grouped into premises, each with the premises of the register it is, in file order."""
    groups = _repeated(entries)
    taken: dict[int, str] = {}
    for choose in (_by_id, _by_registration, _by_content):
        choose(groups, known, taken)
    return [Group(tuple(group), taken.get(i)) for i, group in enumerate(groups)]


def find_duplicates(groups: Sequence[Group], known: Sequence[Known]) -> list[Duplicate]:
    """Rows that repeat another, and those so alike, or under one registration, that a person should look."""
    matched = {group.known for group in groups}
    others = [one for one in known if one.id not in matched]
    records = [_alike(group.entries[0]) for group in groups] + [one.alike for one in others]
    found = [
        Duplicate(entry.row, None, group.entries[0].row, 1.0) for group in groups for entry in group.entries[1:]
    ]
    for i, j in worth_comparing(records, len(groups)):
        near = similarity(records[i], records[j])
        if near < ALIKE and (not records[i].registration or records[i].registration != records[j].registration):
            continue
        row = groups[i].entries[0].row
        if j < len(groups):
            found.append(Duplicate(groups[j].entries[0].row, None, row, near))
        else:
            found.append(Duplicate(row, others[j - len(groups)].id, None, near))
    return sorted(found, key=lambda d: (d.row, -d.similarity, d.other_row or 0, d.premises or ""))


def _alike(entry: Entry) -> Likeness:
    registration = entry.registration
    return likeness(entry.name, entry.address, registration.number or registration.hash)


def _repeated(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries of one name and address together, unless their ids or registrations say that they are two."""
    groups: list[list[Entry]] = []
    by_content: dict[str, list[list[Entry]]] = defaultdict(list)
    for entry in entries:
        key = content_key(entry.name, entry.address)
        group = next((g for g in by_content[key] if all(_compatible(entry, other) for other in g)), None)
        if group is None:
            group = []
            groups.append(group)
            by_content[key].append(group)
        group.append(entry)
    return groups


def _compatible(one: Entry, other: Entry) -> bool:
    pairs = (
        (one.id, other.id),
        (one.registration.number, other.registration.number),
        (one.registration.hash, other.registration.hash),
    )
    return all(a is None or b is None or a == b for a, b in pairs)


def _by_id(groups: Sequence[Sequence[Entry]], known: Sequence[Known], taken: dict[int, str]) -> None:
    ids = {one.id for one in known}
    for i, group in enumerate(groups):
        given = next((entry.id for entry in group if entry.id in ids), None)
        if given is not None:
            taken[i] = given


def _by_registration(groups: Sequence[Sequence[Entry]], known: Sequence[Known], taken: dict[int, str]) -> None:
    by_number: dict[str, list[Known]] = defaultdict(list)
    for one in known:
        for number in (one.registration_number, one.registration_hash):
            if number:
                by_number[number].append(one)
    # Rows that agree most choose first, so that the order of the file does not matter.
    offers = sorted(
        (-similarity(_alike(group[0]), one.alike), i, one.id)
        for i, group in enumerate(groups)
        if i not in taken
        for one in _under_registration(group, by_number)
        if same_place(_alike(group[0]), one.alike)
    )
    gone = set(taken.values())
    for _likeness, i, known_id in offers:
        if i not in taken and known_id not in gone:
            taken[i] = known_id
            gone.add(known_id)


def _under_registration(group: Sequence[Entry], by_number: dict[str, list[Known]]) -> list[Known]:
    numbers = {n for entry in group for n in (entry.registration.number, entry.registration.hash) if n}
    return [one for number in numbers for one in by_number.get(number, ())]


def _by_content(groups: Sequence[Sequence[Entry]], known: Sequence[Known], taken: dict[int, str]) -> None:
    gone = set(taken.values())
    by_key: dict[str, list[str]] = defaultdict(list)
    for one in known:
        if one.id not in gone:
            for key in {content_key(one.name, one.address), one.content_key}:
                if key is not None:
                    by_key[key].append(one.id)
    for i, group in enumerate(groups):
        if i in taken:
            continue
        free = [one for one in by_key[content_key(group[0].name, group[0].address)] if one not in gone]
        if free:
            taken[i] = free[0]
            gone.add(free[0])
