"""Reading streets: OpenStreetMap files (.osm, .osm.bz2, .osm.gz, .osm.pbf) and line files such as GeoJSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import osmium
import pandas as pd
import pyogrio
import shapely

from geo.crs import LONLAT
from geo.errors import InputError
from geo.messages import msg
from geo.words import StreetClass

#: OpenStreetMap's ``highway`` by our class; what is not listed is not driven on.
CLASS_OF_HIGHWAY: dict[str, StreetClass] = {
    **dict.fromkeys(("motorway", "trunk", "primary", "secondary"), StreetClass.MAIN),
    **dict.fromkeys(("motorway_link", "trunk_link", "primary_link", "secondary_link"), StreetClass.MAIN),
    **dict.fromkeys(("tertiary", "tertiary_link", "unclassified", "residential", "road"), StreetClass.STREET),
    **dict.fromkeys(("living_street", "service", "track"), StreetClass.LANE),
}
_COLUMNS = ["id", "name", "street_class", "oneway", "geometry"]
_CLOSED = {"no", "private"}
#: Who may pass, the more telling tag first: "access=no" with "motor_vehicle=yes" is open to motor vehicles.
_ACCESS = ("motor_vehicle", "vehicle", "access")


def read_roads(path: Path) -> gpd.GeoDataFrame:
    """Streets that motor vehicles may use, as a frame ``id, name, street_class, oneway, geometry``.

    A way tagged ``oneway=-1`` is turned round; roundabouts and motorways are one-way unless tagged otherwise.
    A line file may have the columns ``highway`` or ``street_class``, ``name`` or ``road_name``, ``oneway``.

    Raises
    ------
    InputError
        ``unreadable`` where the file cannot be read, ``no_streets`` where it holds none.
    """
    try:
        frame = _read_osm(path) if ".osm" in path.suffixes[-2:] and not _is_geojson(path) else _read_lines(path)
    except (RuntimeError, OSError, ValueError, pyogrio.errors.DataSourceError) as fault:
        raise InputError(
            "unreadable",
            msg("Không đọc được tệp đường {file}.", file=path.name),
            hint=msg("Cần tệp .osm, .osm.bz2, .osm.pbf hoặc GeoJSON có các đường."),
            file=path.name,
        ) from fault
    if frame.empty:
        raise InputError(
            "no_streets", msg("Tệp {file} không có đường nào đi được.", file=path.name), file=path.name
        )
    return frame


def _is_geojson(path: Path) -> bool:
    return path.suffix in {".geojson", ".json"}


def _read_osm(path: Path) -> gpd.GeoDataFrame:
    rows: list[tuple[Any, ...]] = []
    ways = (
        osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
        .with_locations()
        .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        .with_filter(osmium.filter.KeyFilter("highway"))
    )
    for way in ways:
        tags = {tag.k: tag.v for tag in way.tags}
        # A node outside the extract has no place; the street goes on without it.
        lonlat = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
        row = _street(f"osm-{way.id}", tags, lonlat)
        if row is not None:
            rows.append(row)
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=_COLUMNS), geometry="geometry", crs=LONLAT)


def _street(identity: str, tags: dict[str, str], lonlat: list[tuple[float, float]]) -> tuple[Any, ...] | None:
    street_class = CLASS_OF_HIGHWAY.get(tags.get("highway", ""))
    access = next((tags[key] for key in _ACCESS if key in tags), "yes")
    if street_class is None or access in _CLOSED or tags.get("area") == "yes" or len(lonlat) < 2:
        return None
    oneway, turned = _direction(tags)
    line = shapely.LineString(lonlat[::-1] if turned else lonlat)
    return identity, tags.get("name"), street_class.value, oneway, line


def _direction(tags: dict[str, str]) -> tuple[bool, bool]:
    """Whether a way is one-way, and whether against its own direction."""
    # A column of numbers with gaps arrives as 1.0.
    tag = str(tags.get("oneway") or "").casefold().removesuffix(".0")
    if tag in {"-1", "reverse"}:
        return True, True
    if tag in {"yes", "true", "1"}:
        return True, False
    implied = tags.get("junction") in {"roundabout", "circular"} or tags.get("highway") == "motorway"
    return implied and tag not in {"no", "false", "0"}, False


def _read_lines(path: Path) -> gpd.GeoDataFrame:
    raw = gpd.read_file(path)
    if raw.empty or raw.crs is None:
        return gpd.GeoDataFrame(columns=_COLUMNS, geometry="geometry", crs=LONLAT)
    raw = raw.to_crs(LONLAT).explode(ignore_index=True)
    rows = []
    for number, record in enumerate(raw.to_dict("records"), start=1):
        line = record.pop("geometry")
        tags = _tags(record)
        if line is None or line.geom_type != "LineString" or line.is_empty:
            continue
        if "road_name" in tags:
            tags.setdefault("name", tags["road_name"])
        # Our own class, written into a line file, stands for the tag.
        own = {"main": "secondary", "street": "residential", "lane": "service"}
        tags.setdefault("highway", own.get(tags.get("street_class", ""), "residential"))
        row = _street(tags.get("id", f"line-{number}"), tags, [(x, y) for x, y, *_ in line.coords])
        if row is not None:
            rows.append(row)
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=_COLUMNS), geometry="geometry", crs=LONLAT)


def _tags(record: dict[Any, Any]) -> dict[str, str]:
    """The values of a record that say one thing: not lists of several, as tools write that merge streets."""
    tags = {}
    for key, value in record.items():
        one = value[0] if pd.api.types.is_list_like(value) and len(value) == 1 else value
        if pd.api.types.is_scalar(one) and pd.notna(one):
            tags[str(key)] = str(one)
    return tags
