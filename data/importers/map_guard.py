"""What a map file has to be before the map library sees it.

The library (GDAL) opens a file by its contents, not by its name, and some contents are orders: a "virtual"
layer or a pipeline names other files of this machine or addresses to fetch, a GeoJSON may name the address of
its coordinate system. A file is let through only where its contents are of the kind that its name says.
"""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.parsers import expat

LARGEST_FILE = 200 << 20
#: All that an archive unfolds to.
LARGEST_UNPACKED = 400 << 20
_BINARY = {".gpkg": b"SQLite format 3\x00", ".shp": b"\x00\x00\x27\x0a"}
_ROOTS = {".kml": "kml", ".gpx": "gpx"}
_JSON = (".json", ".geojson")
_ARCHIVES = (".zip", ".kmz")
#: Beginnings of GDAL's virtual layers (``OGRVRT``, ``OGRWFS``...) and the mark of its pipelines.
_ORDERS = (b"<OGR", b"gdal_streamed_alg")
#: The word itself, or letters written as numbers, among which it may hide.
_MAY_NAME_A_SYSTEM = re.compile(rb"(?i)crs|\\u00[4-7]")


class TooLargeError(ValueError):
    """A map file that would take too much memory."""


def require_harmless(file: Path) -> None:
    """Let a map file pass whose contents are what its name says and which reaches for nothing else.

    Raises ValueError where they are not, ``TooLargeError`` among them, and zipfile.BadZipFile.
    """
    if file.stat().st_size > LARGEST_FILE:
        raise TooLargeError(file.name)
    ending = file.suffix.casefold()
    if ending not in _ARCHIVES:
        _check(ending, file.read_bytes())
        return
    with zipfile.ZipFile(file) as archive:
        if sum(member.file_size for member in archive.infolist()) > LARGEST_UNPACKED:
            raise TooLargeError(file.name)
        for member in archive.infolist():
            inside = Path(member.filename).suffix.casefold()
            if inside in _ARCHIVES:
                raise ValueError("an archive in an archive")
            if inside in _BINARY or inside in _ROOTS or inside in _JSON:
                _check(inside, archive.read(member))


def _check(ending: str, content: bytes) -> None:
    if ending in _BINARY:
        if not content.startswith(_BINARY[ending]):
            raise ValueError("not of the kind that its name says")
        return
    if any(order in content for order in _ORDERS):
        raise ValueError("an order to the map library")
    if ending in _ROOTS:
        _check_xml(content, _ROOTS[ending])
    else:
        _check_json(content)


def _check_xml(content: bytes, wanted: str) -> None:
    """The first element is the wanted one, and nothing is defined before it that unfolds or reaches out."""
    roots: list[str] = []

    def refuse(*_told: Any) -> None:
        raise ValueError("a document type")

    def first(name: str, _attributes: Any) -> None:
        roots.append(name.rpartition(":")[2])
        parser.StartElementHandler = None

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, first
    try:
        parser.Parse(content, True)
    except expat.ExpatError as fault:
        raise ValueError("not XML") from fault
    if roots != [wanted]:
        raise ValueError("not of the kind that its name says")


def _check_json(content: bytes) -> None:
    if not content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        raise ValueError("not of the kind that its name says")
    if _MAY_NAME_A_SYSTEM.search(content):
        try:
            json.loads(content, object_pairs_hook=_refuse_fetched_system)
        except RecursionError as fault:
            raise ValueError("too deep") from fault


def _refuse_fetched_system(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """GDAL reads these words in any case, at every level, and fetches what a link names."""
    for key, value in pairs:
        if key.casefold() == "crs" and isinstance(value, dict):
            kinds = {str(kind).casefold() for name, kind in value.items() if name.casefold() == "type"}
            if kinds & {"link", "url"}:
                raise ValueError("a coordinate system to be fetched")
    return dict(pairs)
