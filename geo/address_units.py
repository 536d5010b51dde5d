"""Ward, district and city of an address, taken from the end of its text to its start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from geo.address_tokens import Token, folded, words
from geo.address_words import CITIES, COUNTRY, DISTRICTS, Kind, UnitNames, is_landmark
from geo.fold import fold

_LONGEST_NAME = 4
_ANNOUNCED = (Kind.WARD, Kind.DISTRICT, Kind.CITY)


class Words(Protocol):
    """Words of an address under one announcing word; names of units are taken out of ``tokens``."""

    kind: Kind
    tokens: list[Token]
    first: bool


@dataclass
class Units:
    """The units an address names; ``bare_ward``: without the word phường. ``rest``: words beside the names."""

    ward: str = ""
    district: str = ""
    city: str = ""
    bare_ward: bool = False
    rest: list[str] = field(default_factory=list)


@dataclass
class _Bare:
    """A unit's name without its kind, and the part it was taken from."""

    part: Words
    tokens: list[Token]
    key: str


def take_units(parts: Sequence[Words], street: Words | None, wards: UnitNames) -> Units:
    """Take the names of units out of the parts of an address.

    Of the part that holds the street's name (``street``) and of every announced part one word stays. Beside the
    street only parts that are nothing but units' names are taken: neither "Nhà thi đấu Hà Đông - 182 Quang
    Trung" nor "157 Phố Xốm - Trường Trần Hưng Đạo" names a ward.
    """
    bare: list[_Bare] = []
    behind_street = True
    for part in reversed(parts):
        if part is street or part.kind is not Kind.PLAIN:
            bare += _at_end(part, wards, keeps_one=True)
        elif behind_street and not is_landmark(part.tokens):
            bare += _at_end(part, wards, whole=street is not None and part.first) or _misspelt(part, wards)
        elif _is_unit(part.tokens, wards):
            bare.append(_taken(part, len(part.tokens)))
        behind_street = behind_street and part is not street
    units = Units()
    for part in parts:
        if part.kind in _ANNOUNCED and part.tokens:
            _announced(units, part, wards)
    _bare(units, bare, wards)
    return units


def _taken(part: Words, size: int) -> _Bare:
    name, part.tokens = part.tokens[-size:], part.tokens[: len(part.tokens) - size]
    return _Bare(part, name, folded(name))


def _at_end(part: Words, wards: UnitNames, *, keeps_one: bool = False, whole: bool = False) -> list[_Bare]:
    """Units' names at the end of a part; with ``whole`` only if nothing else is left of it."""
    before = part.tokens
    bare: list[_Bare] = []
    while size := _unit_at_end(part.tokens, wards, most=len(part.tokens) - keeps_one):
        bare.append(_taken(part, size))
    if whole and part.tokens:
        part.tokens = before
        return []
    return bare


def _misspelt(part: Words, wards: UnitNames) -> list[_Bare]:
    """A part between separators that is a unit's name with typing errors."""
    if not part.first or not 0 < len(part.tokens) <= _LONGEST_NAME or is_landmark(part.tokens):
        return []
    text = words(part.tokens)
    meant = DISTRICTS.named(text) or wards.named(text)
    if not meant:
        return []
    taken = _taken(part, len(part.tokens))
    return [_Bare(part, taken.tokens, fold(meant))]


def _announced(units: Units, part: Words, wards: UnitNames) -> None:
    text, names = words(part.tokens), wards if part.kind is Kind.WARD else DISTRICTS
    name = names.named(text)
    for size in range(min(_LONGEST_NAME, len(part.tokens) - 1), 0, -1):
        if not name and folded(part.tokens[:size]) in names:
            name = names.named(words(part.tokens[:size]))
            units.rest.append(words(part.tokens[size:]))
    part.tokens = []
    if part.kind is Kind.WARD:
        _put(units, "ward", name or text)
    elif part.kind is Kind.DISTRICT or name:
        # Until 2008 Hà Đông was a town of Hà Tây: "TP Hà Đông".
        _put(units, "district", name or text)
    else:
        _put(units, "city", CITIES.get(fold(text), text))


def _put(units: Units, level: str, name: str) -> None:
    """Fill a level that is still empty; a second name goes to the rest."""
    if getattr(units, level):
        units.rest.append(name)
    else:
        setattr(units, level, name)


def _bare(units: Units, bare: list[_Bare], wards: UnitNames) -> None:
    """Give names without their kind, the last of the text first, their level; what fits none goes back.

    A name that is a district's and a ward's (Hà Đông) is the district's where another ward is named, else
    the ward's.
    """
    left: list[_Bare] = []
    for at, name in enumerate(bare):
        other_ward = bool(units.ward) or any(later.key in wards for later in bare[at + 1 :])
        if name.key in COUNTRY:
            continue
        if name.key in CITIES and not units.city:
            units.city = CITIES[name.key]
        elif name.key in DISTRICTS and not units.district and (other_ward or name.key not in wards):
            units.district = DISTRICTS.named(name.key)
        elif name.key in wards and not units.ward:
            units.ward, units.bare_ward = wards.named(name.key), True
        else:
            left.append(name)
    for name in reversed(left):
        name.part.tokens = [*name.part.tokens, *name.tokens]


def _is_unit(tokens: Sequence[Token], wards: UnitNames) -> bool:
    key = folded(tokens)
    return key in wards or key in DISTRICTS or key in CITIES or key in COUNTRY


def _unit_at_end(tokens: list[Token], wards: UnitNames, *, most: int) -> int:
    """How many words at the end are a unit's name, the longest name first; a number alone is none."""
    for size in range(min(_LONGEST_NAME, most), 0, -1):
        if _is_unit(tokens[-size:], wards) and not tokens[-size].text.isdigit():
            return size
    return 0
