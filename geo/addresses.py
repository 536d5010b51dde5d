"""From a written address to a point, offline: the house between known numbers, else the street, else the ward.

Every answer says how good it is and what matched; where several places fit, they are listed instead of guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import shapely

from geo.address_parts import ParsedAddress, parse_address
from geo.address_words import DISTRICTS, bare_unit_name
from geo.crs import LONLAT, METRIC, transform
from geo.fold import fold
from geo.gazetteer import SHORTEST_STRETCH_M, Gazetteer, GazetteerStreet, alley_label
from geo.house_numbers import Placed, leading_number
from geo.words import LocationQuality

#: A street this near to a ward is in it: boundaries are drawn, not surveyed.
NEAR_WARD_M = 150.0
#: Names shown where nothing matched for sure.
_SHOWN = 3


@dataclass(frozen=True)
class Candidate:
    """A place that may be meant; ``similarity`` of its name to what was written, 0-100."""

    lon: float
    lat: float
    text: str
    similarity: float


@dataclass(frozen=True)
class Located:
    """Where an address lies.

    ``lon``, ``lat``: None where nothing matched. ``quality``: HOUSE, STREET, WARD or NONE. ``matched``: what
    matched, in Vietnamese as addresses are. ``ward_code``, ``ward_name``: the unit of the gazetteer's day
    that covers the point. ``candidates``: other places that fit, best first.
    """

    lon: float | None
    lat: float | None
    quality: LocationQuality
    matched: str
    ward_code: str | None
    ward_name: str | None
    candidates: tuple[Candidate, ...] = ()


def locate(address: str, gazetteer: Gazetteer, *, ward_hint: str | None = None) -> Located:
    """The place of a written address; never raises, the same answer for the same gazetteer.

    A house is placed only between two known numbers of its street (or on its own known point). A house in an
    alley stands at the mouth of the alley, where that can be placed so, with the quality of a street. A street
    stands in the middle of its part inside the ward; without a ward, where it runs through several, in its
    middle with the parts as candidates.

    Parameters
    ----------
    ward_hint : the name of the ward where it is known beside the address, as from a column of its own. A ward
        in the address itself comes first.
    """
    return locate_parsed(parse_address(address, gazetteer.wards), gazetteer, ward_hint=ward_hint)


def locate_many(
    addresses: Iterable[str], gazetteer: Gazetteer, *, ward_hints: Sequence[str | None] | None = None
) -> list[Located]:
    """``locate`` for each address; equal ones are looked up once."""
    asked = list(addresses)
    hints = list(ward_hints) if ward_hints is not None else [None] * len(asked)
    answers: dict[tuple[str, str | None], Located] = {}
    for pair in zip(asked, hints, strict=True):
        if pair not in answers:
            answers[pair] = locate(pair[0], gazetteer, ward_hint=pair[1])
    return [answers[pair] for pair in zip(asked, hints, strict=True)]


def locate_parsed(parsed: ParsedAddress, gazetteer: Gazetteer, *, ward_hint: str | None = None) -> Located:
    """``locate`` for an address that is already taken apart."""
    return _Search(parsed, gazetteer, ward_hint).answer()


class _Search:
    """The search for one address: first what it names, then the best place that this allows."""

    def __init__(self, parsed: ParsedAddress, gazetteer: Gazetteer, ward_hint: str | None) -> None:
        self._parsed = parsed
        self._gazetteer = gazetteer
        self._streets, self._similar = find_streets(parsed, gazetteer)
        #: Units that the address or the hint names, in the order in which they are tried.
        self._wards = self._named_wards(ward_hint)
        #: "…, Hà Đông" may be the ward of today or the whole former district.
        self._loose = parsed.bare_ward and not ward_hint and fold(parsed.ward) in DISTRICTS

    def answer(self) -> Located:
        if not self._wards and self._elsewhere():
            return self._nothing(self._whole(self._streets))
        if not self._streets:
            return self._ward([*self._namesakes(), *self._whole(self._similar)])
        inside = self._inside_wards()
        if self._wards and not inside and not self._loose:
            return self._ward(self._whole(self._streets))
        chosen = list(dict.fromkeys(street for street, _ in inside)) or [street for street, _ in self._streets]
        if len({street.name for street in chosen}) > 1:
            # Two names fit equally well.
            return self._ward(self._whole(self._streets))
        return self._house(chosen, strict=bool(inside)) or self._street(chosen, inside)

    def _named_wards(self, ward_hint: str | None) -> list[int]:
        names = [self._parsed.ward, _hinted(ward_hint or "", self._gazetteer)]
        if not self._streets and fold(self._parsed.street) in self._gazetteer.wards:
            # "Số 12, Hà Cầu, Hà Đông" names a ward where no street has that name.
            names.insert(0, self._parsed.street)
        found: dict[int, None] = {}
        for name in names:
            known = self._gazetteer.wards.named(name) if name else ""
            found |= dict.fromkeys(self._gazetteer.of_name.get(fold(known), ()))
        return list(found)

    def _elsewhere(self) -> bool:
        city, district = fold(self._parsed.city), fold(self._parsed.district)
        far_city = bool(city) and city not in self._gazetteer.cities
        return far_city or (bool(district) and district not in self._gazetteer.districts)

    def _inside_wards(self) -> list[tuple[GazetteerStreet, shapely.Point]]:
        """The streets with the middle of their part in the first of the wards that any of them runs through."""
        for ward in self._wards:
            parts = [
                (street, stretch.middle, stretch.length_m)
                for street, _ in self._streets
                for stretch in street.stretches
                if stretch.unit == ward
            ]
            if parts:
                parts.sort(key=lambda part: -part[2])
                return [(street, place) for street, place, _ in parts]
        for ward in self._wards:
            ground = self._gazetteer.units[ward].ground
            near = [s for s, _ in self._streets if shapely.dwithin(s.line, ground, NEAR_WARD_M)]
            if near:
                return [(s, shapely.shortest_line(s.line, ground).interpolate(0)) for s in near]
        return []

    def _house(self, streets: list[GazetteerStreet], *, strict: bool) -> Located | None:
        """The house, or the mouth of its alley, between known numbers; ``strict``: only in the named wards."""
        alley = self._parsed.alley
        number = leading_number(alley or self._parsed.house)
        if number is None or self._parsed.lot:
            return None
        for street in streets:
            placed = street.numbers.place(number)
            if placed is None or (strict and not self._in_wards(placed)):
                continue
            place = shapely.Point(placed.x, placed.y)
            between = "" if placed.low == placed.high else f" (giữa số {placed.low} và số {placed.high})"
            if alley:
                said = f"đầu ngõ {alley} {street.name}{between}"
                return self._located(place, LocationQuality.STREET, said)
            return self._located(
                place, LocationQuality.HOUSE, f"số {self._parsed.house} {street.name}{between}"
            )
        return None

    def _in_wards(self, placed: Placed) -> bool:
        place = shapely.Point(placed.x, placed.y)
        grounds = [self._gazetteer.units[ward].ground for ward in self._wards]
        return any(shapely.dwithin(ground, place, NEAR_WARD_M) for ground in grounds)

    def _street(
        self, streets: list[GazetteerStreet], inside: list[tuple[GazetteerStreet, shapely.Point]]
    ) -> Located:
        if inside:
            (street, place), *others = inside
            candidates = [self._candidate(other.name, point) for other, point in others]
            if self._loose:
                candidates += [c for c in self._parts([street]) if not self._same(c, place)]
            return self._located(place, LocationQuality.STREET, street.name, candidates)
        longest = max(streets, key=lambda street: street.line.length)
        parts = self._parts(streets)
        return self._located(
            longest.middle, LocationQuality.STREET, longest.name, parts if len(parts) > 1 else ()
        )

    def _parts(self, streets: list[GazetteerStreet]) -> list[Candidate]:
        """The parts of streets by units of the day, the longest first."""
        parts = [
            (stretch.length_m, f"{street.name}, {unit.name}", stretch.middle)
            for street in streets
            for stretch in street.stretches
            if (unit := self._gazetteer.units[stretch.unit]).valid and stretch.length_m >= SHORTEST_STRETCH_M
        ]
        return [self._candidate(text, place) for _, text, place in sorted(parts, key=lambda part: -part[0])]

    def _same(self, candidate: Candidate, place: shapely.Point) -> bool:
        return (candidate.lon, candidate.lat) == lonlat(place)

    def _namesakes(self) -> list[Candidate]:
        """Streets that have the name which was read as the ward's: "Quang Trung, Hà Đông"."""
        parsed = self._parsed
        if not parsed.bare_ward or parsed.street or parsed.group or parsed.area or parsed.lot:
            return []
        places = {self._gazetteer.labels[i] for i in self._gazetteer.street_index.exact(parsed.ward)}
        return self._whole([(self._gazetteer.streets[place], 100.0) for place in sorted(places)])

    def _whole(self, streets: list[tuple[GazetteerStreet, float]]) -> list[Candidate]:
        return [self._candidate(street.name, street.middle, similarity) for street, similarity in streets]

    def _candidate(self, text: str, place: shapely.Point, similarity: float = 100.0) -> Candidate:
        return Candidate(*lonlat(place), text, similarity)

    def _ward(self, candidates: list[Candidate]) -> Located:
        if not self._wards:
            return self._nothing(candidates)
        unit = self._gazetteer.units[self._wards[0]]
        return self._located(unit.inside, LocationQuality.WARD, unit.name, candidates)

    def _nothing(self, candidates: list[Candidate]) -> Located:
        return Located(None, None, LocationQuality.NONE, "", None, None, tuple(candidates))

    def _located(
        self, place: shapely.Point, quality: LocationQuality, matched: str, candidates: Iterable[Candidate] = ()
    ) -> Located:
        unit = self._gazetteer.unit_at(place)
        code, name = (unit.code, unit.name) if unit else (None, None)
        said = f"{matched}, {name}" if name and quality is not LocationQuality.WARD else matched
        return Located(*lonlat(place), quality, said, code, name, tuple(candidates))


def _hinted(hint: str, gazetteer: Gazetteer) -> str:
    """The ward that a cell of a register names: "Hà Cầu", "Phường Hà Cầu", "P. Hà Cầu"."""
    name = bare_unit_name(hint)
    return name if not name or gazetteer.wards.named(name) else parse_address(hint, gazetteer.wards).ward


_Similar = list[tuple[GazetteerStreet, float]]


def find_streets(parsed: ParsedAddress, gazetteer: Gazetteer) -> tuple[_Similar, _Similar]:
    """The streets an address names, and the most similar ones where none is sure; each with its similarity."""
    index, street, alley = gazetteer.street_index, parsed.street, parsed.alley
    places = index.exact(alley_label(alley, street)) if street and alley else []
    text = street or (alley if leading_number(alley) is None else "")
    matches = index.find(text) if text else ()
    places = places or [match.place for match in matches if match.sure] or _named_within(parsed, gazetteer)
    score = {match.place: match.similarity for match in matches}
    sure = {gazetteer.labels[place]: score.get(place, 100.0) for place in places}
    rest = {gazetteer.labels[match.place]: match.similarity for match in matches if not match.sure}
    similar = [(gazetteer.streets[place], rest[place]) for place in rest if place not in sure][:_SHOWN]
    return [(gazetteer.streets[place], sure[place]) for place in sorted(sure)], similar


def _named_within(parsed: ParsedAddress, gazetteer: Gazetteer) -> list[int]:
    """A street's exact name at the start of longer words ("Lê Trọng Tấn kéo dài"), else a part of the rest."""
    said = parsed.street.split()
    starts = [" ".join(said[:size]) for size in range(len(said) - 1, 1, -1)]
    # Some settlements are drawn as streets; a khu đô thị often shares its name with a street elsewhere.
    settlement = [parsed.area] if parsed.area.startswith("khu ") else []
    for name in [*starts, *parsed.rest.split(", "), *settlement]:
        places = gazetteer.street_index.exact(name)
        if places:
            return places
    return []


@lru_cache(maxsize=65_536)
def lonlat(place: shapely.Point) -> tuple[float, float]:
    """A point in metres as degrees, to about a centimetre."""
    degrees = transform(place, METRIC, LONLAT)
    return round(float(degrees.x), 7), round(float(degrees.y), 7)
