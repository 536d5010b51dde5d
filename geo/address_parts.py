"""Taking a Vietnamese address apart: house, alley, street, residents' group, housing area, ward, city.

Addresses run from small to large: "Số nhà 5 ngách 12/3 ngõ 34 phố Lê Lợi, tổ 5, P. Hà Cầu, Q. Hà Đông". The
announcing words (``geo.address_words``) cut the text; what stands without one is read by where it stands: a
number at the start is the house, the words behind it the street, the last words ward, district and city.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from geo.address_tokens import Token, folded, tokenise, words
from geo.address_units import Units, take_units
from geo.address_words import LEADERS, Kind, UnitNames, is_landmark, marker_at
from geo.fold import fold

_NO_WARDS = UnitNames()
#: "P. 302" is a room; wards have numbers of one or two digits.
_ROOM_DIGITS = 3
#: Codes of buildings and rows; the words behind them name the housing area: "CT1 Xa La".
_BUILDING_CODES = ("ct", "lk", "bt", "hh", "nv", "sh", "dg", "no")
_BUILDING_WORDS = ("toa", "chung cu", "nha chung cu", "cc")


@dataclass(frozen=True)
class ParsedAddress:
    """The parts of an address; what is not there is "".

    ``house``: number as written, "Km 10" for a kilometre stone. ``alley``: ngõ, a number or a name. ``lane``:
    ngách, a hẻm behind a slash. ``group``: number or name of a tổ dân phố; thôn, xóm, cụm with their word.
    ``area``: name of a khu đô thị, other settlements with their word. ``lot``: plot, row or building.
    ``ward``, ``district``, ``city``: without their kind, in their usual spelling where known. ``rest``: what
    is none of this. ``bare_ward``: the ward's name stood alone, so it may be a district's or a street's.
    """

    house: str = ""
    alley: str = ""
    lane: str = ""
    street: str = ""
    group: str = ""
    area: str = ""
    lot: str = ""
    ward: str = ""
    district: str = ""
    city: str = ""
    rest: str = ""
    bare_ward: bool = False


@dataclass
class Part:
    """Words under one announcing word; ``kind`` is PLAIN without one.

    ``first``: a separator stands before. ``at_house``: directly behind a house or alley, where a street's name
    is expected.
    """

    kind: Kind
    mark: str = ""
    tokens: list[Token] = field(default_factory=list)
    first: bool = True
    at_house: bool = False


def parse_address(text: str, wards: UnitNames = _NO_WARDS) -> ParsedAddress:
    """The parts of a written address, in any Unicode form and case, with or without marks and commas.

    A slash is read as people in Hà Nội write it, small before large: "12/34 Quang Trung" is house 12 of alley
    34; on the plate of an alley it is large before small: "ngõ 34/5" is alley 34, lane 5. Never raises.

    Parameters
    ----------
    text : one address; what follows 400 characters is not read.
    wards : wards of all times. They tell a ward from a street where nothing else does, and typing errors in
        them are mended.
    """
    parts = _cut(tokenise(text), wards)
    reading = _Reading(wards, parts)
    for at, part in enumerate(parts):
        reading.take(part, parts[at + 1 :])
    return reading.result()


def _cut(tokens: list[Token], wards: UnitNames) -> list[Part]:
    """The words divided at separators and announcing words."""
    parts: list[Part] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        street_word = bool(parts) and parts[-1].kind is Kind.STREET and not parts[-1].tokens
        marker = marker_at(tokens, at, wards, after_street_word=street_word and not token.first)
        size = marker.size if marker else 1
        if marker and marker.kind is not Kind.PLAIN:
            parts.append(Part(marker.kind, words(tokens[at : at + size]), first=token.first))
        else:
            if not parts or token.first:
                parts.append(Part(Kind.PLAIN))
            parts[-1].tokens += tokens[at : at + size]
        at += size
    return [part for part in parts if part.tokens]


class _Reading:
    """One address on its way from parts to fields: first what has a number, then units, then names."""

    def __init__(self, wards: UnitNames, parts: list[Part]) -> None:
        self._wards = wards
        #: Fields of the answer so far.
        self._found: dict[str, Any] = {}
        self._rest: list[str] = []
        #: The alley that a word announced, not only a slash; its lanes, large before small; the hẻm.
        self._announced_alley = ""
        self._lanes: list[str] = []
        self._nook = ""
        #: Parts whose words are still to be divided between a name and the units behind it.
        self._open: list[Part] = []
        self._has_street = any(part.kind in {Kind.STREET, Kind.ROAD} for part in parts)
        self._has_house = any(part.kind in {Kind.HOUSE, Kind.KILOMETRE} for part in parts)

    def take(self, part: Part, later: list[Part]) -> None:
        """Read what is certain from left to right, leave the names open."""
        kind, head = part.kind, part.tokens[0]
        numbered = head.is_number or head.is_code
        if kind is Kind.PLAIN:
            self._plain(part)
        elif kind is Kind.HOUSE:
            self._house(part) if head.is_number else self._lot(part)
        elif kind is Kind.KILOMETRE:
            self._set("house", f"Km {head.text}")
            self._leave(part, 1, at_house=True)
        elif kind is Kind.ROOM:
            self._rest.append(f"{part.mark} {head.text}")
            self._leave(part, 1)
        elif kind in {Kind.ALLEY, Kind.LANE, Kind.NOOK} and head.is_number:
            self._alley(part)
        elif kind is Kind.ROAD:
            road = "Quốc lộ" if part.mark.lower().startswith("q") else "Đường tỉnh"
            self._set("street", f"{road} {head.text.upper()}")
            self._leave(part, 1)
        elif kind in {Kind.GROUP, Kind.HAMLET} and numbered:
            self._join("group", head.text if kind is Kind.GROUP else f"{part.mark.lower()} {head.text}")
            self._leave(part, 1)
        elif kind in {Kind.LOT, Kind.BLOCK} and numbered:
            self._lot(part)
        elif kind is Kind.WARD_OR_STREET:
            self._ward_or_street(part, later)
        else:
            self._open.append(part)

    def result(self) -> ParsedAddress:
        """Divide the open parts between units and names, and give it all."""
        self._inner_alleys()
        candidate = self._street_candidate()
        self._units(take_units(self._open, candidate, self._wards))
        for part in self._open:
            if part.tokens and part.kind is not Kind.PLAIN:
                self._name(part)
        for part in self._open:
            if not part.tokens or part.kind is not Kind.PLAIN:
                continue
            by_place = part is candidate if candidate else not is_landmark(part.tokens)
            if by_place and "street" not in self._found:
                self._set("street", words(part.tokens))
            else:
                self._rest.append(words(part.tokens))
        return ParsedAddress(**self._found, rest=", ".join(self._rest))

    def _set(self, name: str, value: str) -> None:
        """Fill a field that is still empty; a second value goes to the rest."""
        if self._found.get(name):
            self._rest.append(value)
        else:
            self._found[name] = value

    def _join(self, name: str, value: str) -> None:
        known = self._found.get(name)
        self._found[name] = f"{known}, {value}" if known else value

    def _leave(self, part: Part, taken: int, *, at_house: bool = False) -> None:
        """What stands behind the number of a part is words again."""
        self._open.append(Part(Kind.PLAIN, "", part.tokens[taken:], first=False, at_house=at_house))

    def _plain(self, part: Part) -> None:
        while 0 < (led := _leader(part.tokens)) < len(part.tokens):
            self._rest.append(words(part.tokens[:led]))
            part.tokens = part.tokens[led:]
        head = part.tokens[0]
        if head.is_number and "house" not in self._found and not self._has_house:
            self._house(part)
        elif head.is_code and "lot" not in self._found:
            self._lot(part)
        else:
            self._open.append(part)

    def _house(self, part: Part) -> None:
        number, taken = part.tokens[0].text, 1
        if len(part.tokens) > 1 and part.tokens[1].low in {"a", "b", "c", "bis", "ter"}:
            number, taken = f"{number}{part.tokens[1].text}", 2
        house, *behind = number.split("/")
        if "house" in self._found or not behind:
            self._set("house", number)
        elif "alley" in self._found:
            self._found["house"] = house
            self._lane(behind)
        else:
            # What a slash announces is the lane where "ngõ" still follows.
            self._found |= {"house": house, "alley": behind[-1]}
            self._lanes = behind[-2::-1]
        if taken < len(part.tokens) and part.tokens[taken].is_code:
            self._lot(Part(Kind.PLAIN, "", part.tokens[taken:]))
        else:
            self._leave(part, taken, at_house=True)

    def _alley(self, part: Part) -> None:
        plate = part.tokens[0].text.split("/")
        if part.kind is Kind.NOOK and len(plate) == 1:
            self._nook = self._nook or plate[0]
        elif part.kind is Kind.ALLEY or (len(plate) > 1 and not self._announced_alley):
            # Without a ngõ the plate of a ngách names it too: "ngách 34/12".
            self._announce_alley(plate)
        else:
            again = len(plate) > 1 and plate[0] == self._announced_alley
            self._lane(plate[1:] if again else plate)
        self._leave(part, 1, at_house=True)

    def _announce_alley(self, plate: list[str]) -> None:
        alley, *lanes = plate
        earlier = self._announced_alley or self._found.get("alley", "")
        if earlier and earlier != alley:
            # "Số 12/3 ngõ 34", "ngách 12/3 ngõ 34": what was taken for the alley is its lane.
            self._lanes.insert(0, earlier)
        self._announced_alley = self._found["alley"] = alley
        self._lanes += lanes

    def _lane(self, plate: list[str]) -> None:
        # Small comes first in an address: what is read later opens before it.
        self._lanes = [*plate, *self._lanes]

    def _lot(self, part: Part) -> None:
        head, taken = part.tokens[0], 1
        self._join("lot", f"{part.mark} {head.text}" if part.kind is Kind.BLOCK else head.text)
        while taken < len(part.tokens) and part.tokens[taken].is_code:
            head = part.tokens[taken]
            self._join("lot", head.text)
            taken += 1
        behind = part.tokens[taken:]
        building = fold(part.mark) in _BUILDING_WORDS or head.key.startswith(_BUILDING_CODES)
        if behind and (building or part.kind is Kind.BLOCK) and not self._has_street:
            self._open.append(Part(Kind.AREA, "", behind, first=False))
        else:
            self._leave(part, taken, at_house=bool(behind))

    def _ward_or_street(self, part: Part, later: list[Part]) -> None:
        """Divide "P." between phường, phố and phòng."""
        number = part.tokens[0].text
        if number.isdigit() and len(number) >= _ROOM_DIGITS:
            self._rest.append(f"{part.mark}.{number}")
            self._leave(part, 1)
            return
        street = not number.isdigit() and not self._has_street and self._street_is_due(part, later)
        self._has_street = self._has_street or street
        part.kind = Kind.STREET if street else Kind.WARD
        self._open.append(part)

    def _street_is_due(self, part: Part, later: list[Part]) -> bool:
        """A house or alley stands right before and no street yet: "324 P. Ba La" is phố; behind a comma only
        if another ward follows or the name is no ward's."""
        behind = self._open[-1] if self._open else None
        if behind is None or not behind.at_house or behind.tokens:
            return False
        if not part.first or any(item.kind in {Kind.WARD, Kind.WARD_OR_STREET} for item in later):
            return True
        return bool(self._wards) and not any(folded(part.tokens[:n]) in self._wards for n in range(1, 5))

    def _street_candidate(self) -> Part | None:
        """The words that are the street's name by their place: announced, or behind a house or alley."""
        if self._has_street:
            return next((part for part in self._open if part.kind is Kind.STREET), None)
        reached = False
        for part in self._open:
            reached = reached or part.at_house
            # Behind a residents' group or a plot no street is expected any more.
            if reached and (part.tokens or not part.at_house):
                return part if part.kind is Kind.PLAIN and (part.at_house or part.first) else None
        return None

    def _units(self, units: Units) -> None:
        self._found |= {"ward": units.ward, "district": units.district, "city": units.city}
        self._found["bare_ward"] = units.bare_ward
        self._rest += units.rest

    def _inner_alleys(self) -> None:
        lanes = [*self._lanes, self._nook] if self._nook else self._lanes
        if lanes and lanes == [self._nook] and "alley" not in self._found:
            # Where there is neither ngõ nor ngách, a hẻm is what opens on the street.
            self._found["alley"] = self._nook
        elif lanes:
            self._found["lane"] = "/".join(lanes)

    def _name(self, part: Part) -> None:
        text, mark = words(part.tokens), part.mark
        if part.kind is Kind.STREET:
            self._set("street", text)
        elif part.kind is Kind.GROUP:
            self._join("group", text)
        elif part.kind is Kind.HAMLET:
            self._join("group", f"{mark.lower()} {text}")
        elif part.kind is Kind.AREA:
            self._set("area", text)
        elif part.kind is Kind.SETTLEMENT:
            self._set("area", f"{mark.lower()} {text}")
        elif part.kind in {Kind.LOT, Kind.BLOCK}:
            self._join("lot", text if part.kind is Kind.LOT else f"{mark} {text}")
        elif part.kind is Kind.ALLEY:
            self._set("alley", text)
        else:
            self._set("lane", text)


def _leader(tokens: list[Token]) -> int:
    """How many words at the start only say "opposite", "near", "before"."""
    return next((size for size in (2, 1) if folded(tokens[:size]) in LEADERS), 0)
