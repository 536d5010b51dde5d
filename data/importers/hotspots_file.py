"""Reading hotspots from map files and tables, with the states they went through.

GPX and KML come from hand-held devices and web maps: what they have no attribute for stands in the description,
a line each ("trạng thái: đã triệt xóa"), and a place without a state is a suspected one. A GPX track or route
that ends where it began is an area that somebody walked around.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import shapely

from data.importers.event_fields import HOTSPOTS
from data.importers.event_rows import Cells, content_key, find_rows
from data.importers.headers import plain_header
from data.importers.spatial_file import FORMATS, VIETNAM, read_spatial
from data.importers.values import is_empty
from data.store import LOCAL_ZONE
from geo.coverage import polygonal
from geo.crs import LONLAT, METRIC, transform
from geo.errors import InputError, RuleError
from geo.hotspot_shapes import checked_shape
from geo.hotspots import check_transition
from geo.messages import Message, msg
from geo.words import HotspotState

_KINDS = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}
_DECIMALS = 6


@dataclass(frozen=True)
class Step:
    """A change of state: to what, when, by which document."""

    state: HotspotState
    on_date: date
    document: str | None


@dataclass(frozen=True)
class HotspotRow:
    """A hotspot that can be taken. ``steps`` are legal in their order; ``key`` knows name and place again."""

    cells: Cells
    hotspot_id: str | None
    key: str
    values: dict[str, Any]
    steps: list[Step]


@dataclass(frozen=True)
class HotspotsRead:
    """The features of a file: how many, those that can be taken, and the problems of the others."""

    read: int
    rows: list[HotspotRow]
    rejected: list[dict[str, Any]]


def read_hotspots(file: Path, latest: date) -> HotspotsRead:
    """Hotspots from GeoJSON, GeoPackage, Shapefile, KML, GPX, or from a table with coordinates or WKT.

    ``latest``: the last day on which something can have happened. Rows of a map file are counted from 1.
    Raises InputError as ``read_spatial`` and ``find_rows``.
    """
    spatial = file.suffix.casefold() in FORMATS
    places = _features(file, latest) if spatial else [(c, _shape(c)) for c in find_rows(file, HOTSPOTS, latest)]
    parsed = [_hotspot(cells, shape) for cells, shape in places]
    problems = [problem for cells, _ in places for problem in cells.problems]
    return HotspotsRead(len(places), [row for row in parsed if row is not None], problems)


def _features(file: Path, latest: date) -> list[tuple[Cells, shapely.Geometry | None]]:
    frame = read_spatial(file, layer="hotspots").frame
    attributes = frame.drop(columns=frame.geometry.name)
    headers = {plain_header(str(column)): str(column) for column in attributes.columns}
    named = {key: headers[name] for name, key in _NAMES.items() if name in headers}
    records = attributes.astype(object).where(attributes.notna(), None).to_dict("records")
    raws = [{key: _plain(record[column]) for key, column in named.items()} for record in records]
    if file.suffix.casefold() in _DESCRIBED:
        raws = [_described(raw, record, latest) for raw, record in zip(raws, records, strict=True)]
    else:
        _check_columns(file, named)
    shapes = [_walked(one) for one in frame.geometry] if file.suffix.casefold() == ".gpx" else frame.geometry
    return [
        (Cells(number, raw, {key: named.get(key, key) for key in raw}, latest), shape)
        for number, (raw, shape) in enumerate(zip(raws, shapes, strict=True), start=1)
    ]


#: Which field a plain header means; the longer names first.
_NAMES = {name: one.key for one in HOTSPOTS for name in sorted(one.names)}
_DESCRIBED = {".kml", ".kmz", ".gpx"}
_DESCRIPTIONS = ("description", "desc", "cmt")
_LINE, _TAG = re.compile(r"<br\s*/?>|[\n\r;]+", re.I), re.compile(r"<[^>]*>")
_SAID = re.compile(r"\s*([^:=]{1,60}?)\s*[:=]\s*(.+?)\s*$")


def _check_columns(file: Path, named: Mapping[str, str]) -> None:
    missing = [one for one in HOTSPOTS if one.needed and one.key not in named]
    if missing:
        raise InputError(
            "missing_column",
            msg("Tệp {file} thiếu thuộc tính {column}.", file=file.name, column=missing[0].key),
            hint=msg("Các thuộc tính được nhận: {columns}.", columns=", ".join(one.key for one in HOTSPOTS)),
            file=file.name,
            column=missing[0].key,
        )


def _described(raw: Mapping[str, Any], record: Mapping[str, Any], latest: date) -> dict[str, Any]:
    """The attributes, completed by what the description says line by line, by the time of the record, and by
    what is to be thought of a place of which nothing is said."""
    said: dict[str, Any] = {}
    for column, value in record.items():
        if str(column).casefold() in _DESCRIPTIONS and isinstance(value, str):
            for line in _LINE.split(value):
                found = _SAID.match(_TAG.sub(" ", line))
                if found and (key := _NAMES.get(plain_header(found.group(1)))) is not None:
                    said.setdefault(key, found.group(2))
    known = {**said, **{key: value for key, value in raw.items() if value is not None}}
    if known.get("state") is None:
        known["state"] = HotspotState.SUSPECTED.value
        if known.get("found") is None:
            known["found"] = _plain(record.get("time")) or latest
    return known


#: A track whose ends are this near went around something.
_CLOSED_M = 25.0


def _walked(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """A track of one piece as a line, or as the area that it goes around."""
    if shape is None or shape.geom_type not in {"LineString", "MultiLineString"}:
        return shape
    pieces = [piece for piece in shapely.get_parts(shape) if len(piece.coords) > 1]
    if len(pieces) != 1:
        return shapely.MultiLineString(pieces) if pieces else None
    line = pieces[0]
    ends = [transform(shapely.Point(line.coords[place]), LONLAT, METRIC) for place in (0, -1)]
    if len(line.coords) > 3 and ends[0].distance(ends[1]) <= _CLOSED_M:
        return shapely.Polygon(line.coords)
    return line


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(LOCAL_ZONE).date() if value.tzinfo else value.date()
    plain = value.item() if hasattr(value, "item") else value
    return None if is_empty(plain) else plain


def _shape(cells: Cells) -> shapely.Geometry | None:
    """The place of a table's row: its WKT, else its coordinates."""
    text = cells.raw.get("wkt")
    if text is None:
        return cells.point()
    try:
        return shapely.from_wkt(str(text))
    except shapely.errors.ShapelyError:
        cells.reject("wkt", msg("không phải hình dạng WKT"))
        return None


def _hotspot(cells: Cells, shape: shapely.Geometry | None) -> HotspotRow | None:
    name = cells.text("name", 300, needed=True)
    found = cells.day("found")
    watch_months = int(cells.number("watch_months", 1, 120, 24))
    geom = _placed(cells, shape)
    values = {
        "name": name,
        "geom": geom,
        "catchment_m": cells.number("catchment_m", 20, 2000, 200),
        "found_on": found,
        "watch_months": watch_months,
        "patrol_every_days": int(cells.number("patrol_every_days", 1, 120, 14)),
        "patrol_by": cells.text("patrol_by", 200),
        "source": cells.text("source", 300),
    }
    steps = _steps(cells, found, watch_months)
    hotspot_id = cells.identity()
    if cells.problems:
        return None
    place = shapely.to_wkt(geom, rounding_precision=_DECIMALS, trim=True)
    return HotspotRow(cells, hotspot_id, content_key("hotspots", {"name": name, "place": place}), values, steps)


def _placed(cells: Cells, shape: shapely.Geometry | None) -> shapely.Geometry | None:
    problem = _place_problem(shape)
    if problem is not None:
        if not cells.problems:
            cells.reject("geometry", problem)
        return None
    return polygonal(shape) if shape is not None and "Polygon" in shape.geom_type else shape


def _place_problem(shape: shapely.Geometry | None) -> Message | None:
    if shape is None or shape.is_empty:
        return msg("không có vị trí")
    if shape.geom_type not in _KINDS:
        return msg("hình dạng {kind} không nhận", kind=shape.geom_type)
    west, south, east, north = VIETNAM
    left, bottom, right, top = shape.bounds
    if not (west <= left <= right <= east and south <= bottom <= top <= north):
        return msg("nằm ngoài Việt Nam")
    try:
        checked_shape(shape, None) if shape.geom_type != "MultiPoint" else None
    except InputError as fault:
        return fault.message
    return None


def _steps(cells: Cells, found: date | None, watch_months: int) -> list[Step]:
    """The states that lead to the one in the file, each checked by the rules of hotspots."""
    state = cells.word("state", HotspotState)
    eliminated, since = cells.day("eliminated"), cells.day("since")
    document = cells.text("document", 200)
    if state is None or cells.problems:
        return []
    steps: list[Step] = []
    for one, day, column in _path(state, found, eliminated, since):
        if day is None:
            cells.reject(column, msg("thiếu ngày, cần cho trạng thái này"))
            return []
        step = Step(one, day, document if one is HotspotState.ELIMINATED else None)
        try:
            _check(step, steps, cells.latest, watch_months)
        except RuleError as fault:
            cells.reject("document" if fault.code == "hotspot_document" else column, fault.message)
            return []
        steps.append(step)
    return steps


def _path(
    state: HotspotState, found: date | None, eliminated: date | None, since: date | None
) -> list[tuple[HotspotState, date | None, str]]:
    """The states up to ``state`` with their days and the columns these stand in."""
    s = HotspotState
    first = (s.ACTIVE, found or eliminated, "found")
    over = (s.ELIMINATED, eliminated, "eliminated")
    back = (s.REACTIVATED, since, "since")
    paths = {
        s.SUSPECTED: [(s.SUSPECTED, found or since, "found")],
        s.DISMISSED: [(s.SUSPECTED, found or since, "found"), (s.DISMISSED, since, "since")],
        s.ACTIVE: [first, over, back, (s.ACTIVE, since, "since")]
        if eliminated
        else [(s.ACTIVE, found or since, "found")],
        s.ELIMINATED: [first, over],
        s.CLEARED: [first, over, (s.CLEARED, since, "since")],
        s.REACTIVATED: [first, over, back],
    }
    return paths[state]


def _check(step: Step, before: list[Step], latest: date, watch_months: int) -> None:
    check_transition(
        before[-1].state if before else None,
        step.state,
        on_date=step.on_date,
        as_of=latest,
        history=[(one.state, one.on_date) for one in before],
        reason="-",
        document=step.document,
        watch_months=watch_months,
    )
