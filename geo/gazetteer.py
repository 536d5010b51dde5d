"""What addresses are matched with: streets by name, the wards they run through, house numbers known on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.address_match import NameIndex, marked_key, name_key
from geo.address_parts import parse_address
from geo.address_tokens import tokenise, words
from geo.address_words import Kind, UnitNames, bare_unit_name, marker_at
from geo.crs import METRIC, metric_xy
from geo.fold import fold
from geo.house_numbers import HouseNumbers, leading_number

#: Pieces of one name further apart than this are two streets.
SAME_STREET_GAP_M = 800.0
#: A known house further from its street than this is not on it.
BESIDE_STREET_M = 150.0
#: A shorter piece of street in a ward is a corner or an inexact border.
SHORTEST_STRETCH_M = 50.0

_UNNAMED = {"", "duong khong ten", "khong ten", "none", "nan"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of a street inside a unit: the unit's place in the gazetteer, the part's middle, its length."""

    unit: int
    middle: shapely.Point
    length_m: float


@dataclass(frozen=True, eq=False)
class GazetteerStreet:
    """A street: name as on the map, line and middle in metres, parts by unit (longest first), known numbers."""

    name: str
    line: shapely.Geometry
    middle: shapely.Point
    stretches: tuple[Stretch, ...]
    numbers: HouseNumbers


@dataclass(frozen=True, eq=False)
class GazetteerUnit:
    """A unit: code, name, ground and a point inside in metres, whether it is valid on the gazetteer's day."""

    code: str
    name: str
    ground: shapely.Geometry
    inside: shapely.Point
    valid: bool


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Streets and units to locate addresses with; built by ``build_gazetteer``, used by ``geo.addresses``.

    ``labels``: what ``street_index`` finds, as places in ``streets``. ``wards``: names of units of all times.
    ``of_name``: units by folded bare name, those valid on the day first, then the latest.
    """

    streets: tuple[GazetteerStreet, ...]
    units: tuple[GazetteerUnit, ...]
    street_index: NameIndex
    labels: tuple[int, ...]
    wards: UnitNames
    of_name: Mapping[str, tuple[int, ...]]
    districts: frozenset[str]
    cities: frozenset[str]
    _valid: tuple[int, ...] = field(repr=False)
    _tree: shapely.STRtree = field(repr=False)

    def unit_at(self, place: shapely.Point) -> GazetteerUnit | None:
        """The unit of the day that covers a place in metres, the smallest where several do."""
        found = self._tree.query(place, predicate="intersects")
        # The tree holds the units of the day from small to large.
        return self.units[self._valid[found.min()]] if len(found) else None


def build_gazetteer(
    streets: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
    known_houses: pd.DataFrame | None = None,
    *,
    day: date | None = None,
    districts: Iterable[str] = ("Hà Đông",),
    cities: Iterable[str] = ("Hà Nội", "Hà Tây"),
) -> Gazetteer:
    """Prepare streets and units for locating addresses.

    Parameters
    ----------
    streets : ``name`` and lines in any CRS. Pieces of one name are one street unless they lie far apart;
        "Đường Vạn Phúc; Cầu Am" is a piece of both. Pieces without a name are left out.
    units : ``code``, ``name``, polygons; of all times, with ``valid_from``, ``valid_to`` where there are any.
        Old names are found by the old unit's ground.
    known_houses : ``street``, ``house``, ``lon``, ``lat``: houses whose own points are known; other columns are
        not read.
    day : answers name the unit that is valid on this day; without it the units without an end.
    districts, cities : an address that names another district of Hà Nội, or another city, lies elsewhere. A
        district that is also a unit's name is always taken for near.
    """
    ground = _units(units, day)
    named = _named_streets(streets)
    valid = sorted((i for i, unit in enumerate(ground) if unit.valid), key=lambda i: (ground[i].ground.area, i))
    near = [*districts, *(bare_unit_name(unit.name) for unit in ground)]
    return Gazetteer(
        streets=_streets(named, ground, _houses(named, known_houses)),
        units=ground,
        street_index=NameIndex([label for _, labels, _ in named for label in labels]),
        labels=tuple(place for place, (_, labels, _) in enumerate(named) for _ in labels),
        wards=UnitNames(unit.name for unit in ground),
        of_name=_by_name(ground),
        districts=frozenset(map(fold, near)),
        cities=frozenset(map(fold, cities)),
        _valid=tuple(valid),
        _tree=shapely.STRtree([ground[i].ground for i in valid]),
    )


def street_label(name: str) -> str:
    """A street's name without its kind: "Phố Hà Trì" is "Hà Trì", "Ngõ 80 Đường La Nội" is "ngõ 80 La Nội"."""
    tokens = tokenise(name)
    marker = marker_at(tokens, 0, UnitNames()) if tokens else None
    if marker is None:
        return words(tokens)
    if marker.kind is Kind.ALLEY:
        parsed = parse_address(name)
        return alley_label(parsed.alley, parsed.street) if parsed.street else parsed.alley
    if marker.kind is Kind.ROAD:
        return parse_address(name).street
    return words(tokens[marker.size :] if marker.kind is Kind.STREET else tokens)


def alley_label(alley: str, street: str) -> str:
    """What an alley that has a line of its own is found by."""
    return f"ngõ {alley} {street}"


def middle(lines: shapely.Geometry) -> shapely.Point:
    """A point on a street halfway along it; of loose or double lines the point nearest to their middle."""
    merged = shapely.line_merge(lines)
    if merged.geom_type == "LineString":
        return shapely.line_interpolate_point(merged, 0.5, normalized=True)
    return shapely.shortest_line(merged, merged.centroid).interpolate(0)


def _units(units: gpd.GeoDataFrame, day: date | None) -> tuple[GazetteerUnit, ...]:
    if units.empty:
        return ()
    grounds = shapely.make_valid(np.asarray(units.geometry.to_crs(METRIC).to_numpy(), dtype=object))
    rows = zip(units["code"], units["name"], grounds, _valid_on(units, day), strict=True)
    return tuple(
        GazetteerUnit(str(code), str(name), ground, shapely.point_on_surface(ground), bool(valid))
        for code, name, ground, valid in rows
        if ground is not None and not shapely.is_empty(ground)
    )


def _valid_on(units: gpd.GeoDataFrame, day: date | None) -> npt.NDArray[np.bool_]:
    nothing = pd.Series(pd.NaT, index=units.index)
    begun = pd.to_datetime(units.get("valid_from", nothing))
    end = pd.to_datetime(units.get("valid_to", nothing))
    if day is None:
        return np.asarray(end.isna())
    at = pd.Timestamp(day)
    return np.asarray((begun.isna() | (begun <= at)) & (end.isna() | (end >= at)))


def _by_name(ground: tuple[GazetteerUnit, ...]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place, unit in enumerate(ground):
        found[fold(bare_unit_name(unit.name))].append(place)
    return {
        key: tuple(sorted(places, key=lambda i: (not ground[i].valid, -i))) for key, places in found.items()
    }


_Named = tuple[str, list[str], shapely.Geometry]


def _named_streets(streets: gpd.GeoDataFrame) -> list[_Named]:
    """For each street its name on the map, what it is found by, and its line in metres."""
    pieces: dict[str, list[Any]] = defaultdict(list)
    lengths: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    if streets.empty:
        return []
    lines = np.asarray(streets.geometry.to_crs(METRIC).to_numpy(), dtype=object)
    for written, line in zip(streets["name"], lines, strict=True):
        if not isinstance(written, str) or line is None or shapely.is_empty(line):
            continue
        for name in _names(written):
            key = marked_key(street_label(name))
            pieces[key].append(line)
            lengths[key][name] += float(shapely.length(line))
    named: list[_Named] = []
    for key in sorted(pieces):
        name = max(sorted(lengths[key]), key=lengths[key].__getitem__)
        named += [(name, _labels(name), line) for line in _apart(pieces[key])]
    return named


def _names(written: str) -> list[str]:
    """The names in the name of a piece; where there are several, the bridges among them are not streets."""
    names = [" ".join(name.split()) for name in written.split(";")]
    names = [name for name in names if fold(name) not in _UNNAMED and street_label(name)]
    streets = [name for name in names if not fold(name).startswith("cau ")]
    return streets if len(names) > 1 else names


def _labels(name: str) -> list[str]:
    """A numbered road is known with and without its class: "Đường tỉnh 72", "đường 72"."""
    label = street_label(name)
    road = label.startswith("Đường tỉnh ")
    return [label, label.split()[-1]] if road else [label]


def _apart(lines: list[Any]) -> list[shapely.Geometry]:
    """The pieces of one name as one street, or as several where they lie far apart; the longest first."""
    whole = shapely.union_all(lines)
    grown = shapely.get_parts(shapely.buffer(whole, SAME_STREET_GAP_M / 2, quad_segs=4))
    if len(grown) == 1:
        return [whole]
    parts = [shapely.intersection(whole, ground) for ground in grown]
    return sorted(parts, key=lambda part: (-part.length, part.bounds))


def _streets(
    named: list[_Named], units: tuple[GazetteerUnit, ...], houses: dict[int, list[tuple[int, float, float]]]
) -> tuple[GazetteerStreet, ...]:
    lines = np.array([line for _, _, line in named], dtype=object)
    stretches = _stretches(lines, np.array([unit.ground for unit in units], dtype=object))
    return tuple(
        GazetteerStreet(
            name, line, middle(line), stretches.get(place, ()), HouseNumbers(line, houses.get(place, ()))
        )
        for place, (name, _, line) in enumerate(named)
    )


def _stretches(lines: npt.NDArray[Any], grounds: npt.NDArray[Any]) -> dict[int, tuple[Stretch, ...]]:
    if not len(lines) or not len(grounds):
        return {}
    unit, street = shapely.STRtree(lines).query(grounds, predicate="intersects")
    inside = shapely.intersection(lines[street], grounds[unit])
    found: dict[int, list[Stretch]] = defaultdict(list)
    for place, at, part in zip(street, unit, inside, strict=True):
        # Where a street only touches a border, what they have in common is a point.
        if part.length > 0:
            lines_only = shapely.union_all([p for p in shapely.get_parts(part) if p.length > 0])
            found[int(place)].append(Stretch(int(at), middle(lines_only), float(part.length)))
    return {
        place: tuple(sorted(parts, key=lambda part: (-round(part.length_m, 3), part.unit)))
        for place, parts in found.items()
    }


def _houses(named: list[_Named], houses: pd.DataFrame | None) -> dict[int, list[tuple[int, float, float]]]:
    """Known numbers with their places in metres by street; of streets of one name the nearest has the house."""
    found: dict[int, list[tuple[int, float, float]]] = defaultdict(list)
    if houses is None or houses.empty or not named:
        return found
    by_label: dict[str, list[int]] = defaultdict(list)
    for place, (_, labels, _) in enumerate(named):
        for label in labels:
            by_label[name_key(label)].append(place)
    placed = houses[houses["lon"].notna() & houses["lat"].notna()]
    xy = metric_xy(placed["lon"], placed["lat"])
    written = placed[["street", "house"]].astype(str).itertuples(index=False)
    for (street, house), (x, y) in zip(written, xy, strict=True):
        number = leading_number(house)
        places = by_label.get(name_key(street_label(street)), [])
        if number is None or not places or not np.isfinite([x, y]).all():
            continue
        distance, nearest = min((shapely.distance(named[i][2], shapely.Point(x, y)), i) for i in places)
        if distance <= BESIDE_STREET_M:
            found[nearest].append((number, float(x), float(y)))
    return found
