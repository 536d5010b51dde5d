"""A plan's visits for devices on the road: GPX routes and an iCalendar.

Whatever it is handed, a calendar never holds an unannounced visit, and a GPX file only where the named team
asks for its own (domain rule 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import geopandas as gpd

from data.cell_text import printable
from data.exporters.layer import Layer
from geo.words import VisitKind

_NAMESPACE = "http://www.topografix.com/GPX/1/1"
_FOLD_AT = 73


def write_gpx(layers: list[Layer], file: Path) -> None:
    """The visits as one GPX route for each team and day, in driving order; no unannounced one is among them.

    The frame has ``team``, ``date``, ``order``, ``name``, ``address``, ``arrive``, and ``kind`` where known.
    Stops without a point are left out.
    """
    _write_gpx(_announced(layers[0].frame), file)


def write_team_gpx(layers: list[Layer], file: Path) -> None:
    """As ``write_gpx``, with the unannounced visits: only for the download of the team they name."""
    _write_gpx(layers[0].frame, file)


def _announced(visits: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return visits[visits["kind"] != VisitKind.UNANNOUNCED.value] if "kind" in visits else visits


def _write_gpx(visits: gpd.GeoDataFrame, file: Path) -> None:
    ET.register_namespace("", _NAMESPACE)
    root = ET.Element(f"{{{_NAMESPACE}}}gpx", version="1.1", creator="Địa Bàn")
    placed = visits[visits.geometry.notna()]
    for (day, team), stops in placed.groupby(["date", "team"], sort=True):
        route = ET.SubElement(root, f"{{{_NAMESPACE}}}rte")
        _add(route, "name", f"{team} {day:%d/%m/%Y}")
        for stop in stops.itertuples():
            point = ET.SubElement(
                route, f"{{{_NAMESPACE}}}rtept", lat=f"{stop.geometry.y:.7f}", lon=f"{stop.geometry.x:.7f}"
            )
            _add(point, "name", f"{stop.order}. {stop.name}")
            _add(point, "desc", f"{stop.arrive:%H:%M}, {stop.address}")
    ET.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_NAMESPACE}}}{tag}").text = printable(text)


def write_ics(layers: list[Layer], file: Path) -> None:
    """The visits as an iCalendar (RFC 5545), one event a stop, times in UTC; never an unannounced one.

    The frame has ``id``, ``team``, ``name``, ``address``, ``arrive`` and ``leave`` (local), ``made_at``, and
    ``kind`` where known.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Dia Ban//Lich kiem tra//VI", "CALSCALE:GREGORIAN"]
    for row in _announced(layers[0].frame).itertuples():
        lines += _event(row)
    lines.append("END:VCALENDAR")
    text = "".join(part + "\r\n" for line in lines for part in _folded(line))
    file.write_bytes(text.encode())


def _event(row: Any) -> list[str]:
    place = row.geometry
    return [
        "BEGIN:VEVENT",
        f"UID:{row.id}@dia-ban",
        f"DTSTAMP:{_utc(row.made_at)}",
        f"DTSTART:{_utc(row.arrive)}",
        f"DTEND:{_utc(row.leave)}",
        f"SUMMARY:{_escaped(f'Kiểm tra: {row.name}')}",
        f"LOCATION:{_escaped(str(row.address))}",
        f"DESCRIPTION:{_escaped(str(row.team))}",
        *([f"GEO:{place.y:.6f};{place.x:.6f}"] if place is not None and not place.is_empty else []),
        "END:VEVENT",
    ]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", printable(text)).replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets that cut no character; later pieces begin with a blank."""
    piece, begin = "", ""
    for character in line:
        if len((begin + piece + character).encode()) > _FOLD_AT:
            yield begin + piece
            piece, begin = "", " "
        piece += character
    yield begin + piece
