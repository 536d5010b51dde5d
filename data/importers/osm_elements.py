"""Elements of OpenStreetMap as wards, streets and places of the register's types.

Only what is used is taken over: no telephone, operator or owner, and no name of a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import shapely

from data.importers.persons import without_personal_data, without_persons
from data.importers.roads import CLASS_OF_HIGHWAY
from geo.crs import LONLAT
from geo.messages import msg
from geo.word_texts import word_text
from geo.words import PremisesType

#: One element as Overpass's JSON has it: ``type``, ``id``, ``tags``, geometry.
Element = dict[str, Any]

#: Wards and communes: 6 since the districts went on 1 July 2025, 8 before.
UNIT_LEVELS = (6, 8)
#: OpenStreetMap's tags by the register's types.
PLACE_TAGS: dict[str, dict[str, PremisesType]] = {
    "amenity": {
        "karaoke": PremisesType.KARAOKE,
        "karaoke_box": PremisesType.KARAOKE,
        "bar": PremisesType.BAR,
        "pub": PremisesType.BAR,
        "nightclub": PremisesType.DANCE_HALL,
        "cafe": PremisesType.CAFE,
        "love_hotel": PremisesType.HOTEL,
    },
    "tourism": {
        "hotel": PremisesType.HOTEL,
        "motel": PremisesType.GUESTHOUSE,
        "guest_house": PremisesType.GUESTHOUSE,
        "hostel": PremisesType.GUESTHOUSE,
        "apartment": PremisesType.RENTED_ROOMS,
    },
    "shop": {"massage": PremisesType.MASSAGE},
    "leisure": {"dance": PremisesType.DANCE_HALL},
}

_UNIT_KEYS = ("boundary", "admin_level", "name", "ref", "population")
_STREET_KEYS = (
    "highway", "name", "oneway", "junction", "access", "vehicle", "motor_vehicle", "area",
)  # fmt: skip
_PLACE_KEYS = (*PLACE_TAGS, "dance:teaching", "name", "addr:full", "addr:housenumber", "addr:street")
_WARD = re.compile(r"(Phường|Xã|Thị trấn|Đặc khu) ", re.I)
#: A district or a city that has wards of its own.
_LARGER = re.compile(r"(Quận|Huyện|Thị xã|Thành phố|Tỉnh) ", re.I)
_LONGEST_NAME, _LONGEST_ADDRESS = 300, 400


@dataclass(frozen=True)
class FoundPlace:
    """A place of one of the register's types. ``osm_id``: kind and number, as "node/12"."""

    osm_id: str
    name: str
    type: PremisesType
    address: str
    point: shapely.Point


def without_surplus(elements: Iterable[Element]) -> Iterator[Element]:
    """The elements that are used, reduced to what is; names and addresses without persons."""
    for element in elements:
        tags = element.get("tags")
        if not isinstance(tags, dict) or not isinstance(element.get("id"), int):
            continue
        kind = str(element.get("type"))
        kept = {"type": kind, "id": element["id"]}
        if kind == "relation" and tags.get("boundary") == "administrative":
            members = element.get("members")
            yield {**kept, "tags": _only(tags, _UNIT_KEYS), "members": [*_borders(members)]}
        elif kind == "way" and tags.get("highway") in CLASS_OF_HIGHWAY:
            yield {**kept, "tags": _only(tags, _STREET_KEYS), "geometry": element.get("geometry")}
        elif place_type(tags) is not None:
            yield {**kept, "tags": _impersonal(_only(tags, _PLACE_KEYS)), **_middle(element)}


def place_type(tags: Mapping[str, Any]) -> PremisesType | None:
    """The register's type of a place; None for what the register does not keep. A dancing school is no hall."""
    if tags.get("dance:teaching") == "yes":
        return None
    found = (kinds.get(str(tags.get(key))) for key, kinds in PLACE_TAGS.items())
    return next((kind for kind in found if kind is not None), None)


def wards(elements: Sequence[Element]) -> tuple[gpd.GeoDataFrame, list[dict[str, Any]]]:
    """Units as ``import wards`` reads them: ``name, code, population`` and ground (EPSG:4326), not repaired.

    Also gives ``{feature, problem}`` of those whose border is not closed.
    """
    rows: list[dict[str, Any]] = []
    rejected: list[dict[str, Any]] = []
    for one in _of_todays_level(elements):
        tags = one["tags"]
        ground = _ground(one["members"])
        if ground.is_empty:
            rejected.append({"feature": tags["name"], "problem": msg("ranh giới trên bản đồ không khép kín")})
            continue
        rows.append(
            {
                "name": tags["name"],
                "code": tags.get("ref"),
                "population": tags.get("population"),
                "geometry": ground,
            }
        )
    return gpd.GeoDataFrame(
        rows, columns=["name", "code", "population", "geometry"], geometry="geometry", crs=LONLAT
    ), rejected


def streets(elements: Sequence[Element]) -> gpd.GeoDataFrame:
    """Lines with the tags that ``import roads`` reads (EPSG:4326)."""
    rows = []
    for one in elements:
        if one["type"] != "way" or "highway" not in one["tags"]:
            continue
        line = _line(one["geometry"])
        if line is not None:
            rows.append({"id": f"osm-{one['id']}", **one["tags"], "geometry": line})
    return gpd.GeoDataFrame(rows, columns=["id", *_STREET_KEYS, "geometry"], geometry="geometry", crs=LONLAT)


def places(elements: Sequence[Element]) -> list[FoundPlace]:
    """Places of the register's types that have a name and a point."""
    found = {}
    for one in elements:
        kind, tags = place_type(one["tags"]), one["tags"]
        lonlat = _lonlat(one)
        # "" is the name of a place that bore only its owner's.
        if kind is None or lonlat is None or "name" not in tags or "highway" in tags:
            continue
        address = _address(tags)
        name = tags["name"] or _named_by(kind, address)
        osm_id = f"{one['type']}/{one['id']}"
        found[osm_id] = FoundPlace(
            osm_id, name[:_LONGEST_NAME], kind, address[:_LONGEST_ADDRESS], shapely.Point(lonlat)
        )
    return list(found.values())


def _only(tags: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, str]:
    texts = {
        key: unicodedata.normalize("NFC", " ".join(str(tags[key]).split())) for key in wanted if key in tags
    }
    return {key: text for key, text in texts.items() if text}


def _impersonal(tags: dict[str, str]) -> dict[str, str]:
    clean = {
        key: without_personal_data(text) if key.startswith("addr:") else text for key, text in tags.items()
    }
    return {**clean, "name": without_persons(tags["name"])} if "name" in tags else clean


def _borders(members: Any) -> Iterator[Element]:
    """The members of a boundary that are lines, with their role."""
    for member in members if isinstance(members, list) else ():
        if isinstance(member, dict) and member.get("type") == "way":
            yield {"role": str(member.get("role", "")), "geometry": member.get("geometry")}


def _middle(element: Element) -> Element:
    """Longitude and latitude of a node, or of the middle of a way or relation."""
    centre = element.get("center")
    at = centre if isinstance(centre, dict) else element
    return {"lon": at.get("lon"), "lat": at.get("lat")}


def _of_todays_level(elements: Sequence[Element]) -> list[Element]:
    """Wards named as such on level 6, else those of level 8: then level 6 are the districts above them."""
    units = [one for one in elements if one["type"] == "relation" and one["tags"].get("name")]
    new, old = ([one for one in units if one["tags"].get("admin_level") == str(level)] for level in UNIT_LEVELS)
    named = [one for one in new if _WARD.match(one["tags"]["name"])]
    return named or old or [one for one in new if not _LARGER.match(one["tags"]["name"])]


def _ground(members: Sequence[Element]) -> shapely.Geometry:
    """What the outer borders enclose without what the inner ones do; empty where they do not close."""
    outer = _enclosed(one for one in members if one["role"] != "inner")
    return shapely.difference(outer, _enclosed(one for one in members if one["role"] == "inner"))


def _enclosed(members: Iterable[Element]) -> shapely.Geometry:
    lines = [line for one in members if (line := _line(one["geometry"])) is not None]
    rings = shapely.get_parts(shapely.polygonize(lines))
    return shapely.union_all([shapely.Polygon(ring.exterior) for ring in rings])


def _line(geometry: Any) -> shapely.LineString | None:
    """A line through the nodes that have a place."""
    nodes = [one for one in geometry if isinstance(one, dict)] if isinstance(geometry, list) else []
    lonlat = [at for one in nodes if (at := _lonlat(one)) is not None]
    return shapely.LineString(lonlat) if len(lonlat) > 1 else None


def _lonlat(node: Element) -> tuple[float, float] | None:
    lon, lat = node.get("lon"), node.get("lat")
    if not isinstance(lon, int | float) or not isinstance(lat, int | float):
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _address(tags: Mapping[str, str]) -> str:
    street, house = tags.get("addr:street", ""), tags.get("addr:housenumber", "")
    if not street:
        return tags.get("addr:full", "")
    return f"Số {house} {street}" if house else street


def _named_by(kind: PremisesType, address: str) -> str:
    """A place that bears only its owner's name is told by kind and address, as in the register."""
    words = str(word_text(kind))
    return f"{words[:1].upper()}{words[1:]} {address}".strip()
