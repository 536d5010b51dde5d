"""Coordinates as offices write them: degrees, degrees-minutes-seconds, in either order, or VN-2000 metres.

What a pair is follows from its magnitude: inside Việt Nam latitude, longitude, northing and easting lie in
ranges that do not meet, so that swapped columns are told without a guess. Metres are taken to be in VN-2000
TM-3 with central meridian 105°00', as in Hà Nội, unless another system is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyproj

from data.importers.tables import Cell
from data.importers.values import BadCell, is_empty
from geo.crs import LONLAT, VN2000_TM3_105
from geo.messages import msg

_LAT, _LON = (8.0, 24.0), (102.0, 115.0)
_NORTHING, _EASTING = (800_000.0, 2_700_000.0), (100_000.0, 1_000_000.0)
#: "E", "Đ" (đông) and "W"; "N", "B" (bắc) and "S".
_DMS = re.compile(
    r"""(?P<before>[NSEWBĐ])?\s*(?P<deg>\d{1,3})\s*[°ºoOdđ˚]\s*(?P<min>\d{1,2}(?:[.,]\d+)?)\s*(?:['’′m`]\s*
    (?:(?P<sec>\d{1,2}(?:[.,]\d+)?)\s*(?:"|”|″|''|’’|s)?)?)?\s*(?P<after>[NSEWBĐ])?""",
    re.VERBOSE | re.IGNORECASE,
)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Coordinate:
    """One number of a pair and, where letters say so, its axis ("lat", "lon")."""

    value: float
    axis: str | None = None


@dataclass(frozen=True)
class Pair:
    """Two coordinates put in order: x is longitude or easting, y latitude or northing.

    ``swapped``: the file had them the other way round. ``metric``: metres, still to be turned into degrees.
    """

    x: float
    y: float
    swapped: bool
    metric: bool


def parse_pair(first: Cell, second: Cell, *, lat_first: bool | None) -> Pair | None:
    """The pair of two cells; ``lat_first``: whether the headers name the first as latitude, None if neither.

    None for two empty cells or two zeros. Raises BadCell for half a pair and for what is no place in Việt Nam.
    """
    if is_empty(first) and is_empty(second):
        return None
    if is_empty(first) or is_empty(second):
        raise BadCell("half_coordinates", msg("Chỉ có một trong hai tọa độ."))
    return _ordered(_coordinate(first), _coordinate(second), lat_first)


def parse_joined(cell: Cell) -> Pair | None:
    """The pair in one cell, such as "20.9735, 105.7789" or "20°58'24\\"N 105°46'44\\"E". Raises BadCell."""
    if is_empty(cell):
        return None
    text = str(cell)
    degrees = list(_DMS.finditer(text))
    if len(degrees) == 2:
        return _ordered(_from_dms(degrees[0]), _from_dms(degrees[1]), None)
    parts = _split(text)
    if len(parts) != 2:
        raise _nonsense()
    return _ordered(_coordinate(parts[0]), _coordinate(parts[1]), None)


def to_lonlat(pairs: Iterable[Pair], crs: str | None = None) -> list[tuple[float, float]]:
    """Longitude and latitude of each pair, 7 decimals; metres are in ``crs`` (default VN-2000 TM-3 105°00')."""
    pairs = list(pairs)
    answer = [(round(p.x, 7), round(p.y, 7)) for p in pairs]
    metric = [i for i, p in enumerate(pairs) if p.metric]
    if metric:
        change = pyproj.Transformer.from_crs(crs or VN2000_TM3_105, LONLAT, always_xy=True)
        lon, lat = change.transform(
            np.array([pairs[i].x for i in metric]), np.array([pairs[i].y for i in metric])
        )
        for i, x, y in zip(metric, lon, lat, strict=True):
            answer[i] = (round(float(x), 7), round(float(y), 7))
    return answer


def _ordered(first: Coordinate, second: Coordinate, lat_first: bool | None) -> Pair | None:
    if first.value == 0 and second.value == 0:
        return None
    if first.axis == second.axis and first.axis is not None:
        raise _nonsense()
    if first.axis == "lon" or second.axis == "lat":
        # Letters have the last word about the axis; the header may still be wrong about the order.
        second, first = first, second
        lat_first = None if lat_first is None else not lat_first
    for metric, (low, high), (left, right) in ((False, _LAT, _LON), (True, _NORTHING, _EASTING)):
        for turned, (y, x) in ((False, (first.value, second.value)), (True, (second.value, first.value))):
            if low <= y <= high and left <= x <= right:
                # X is north and Y east on Vietnamese maps, the other way round elsewhere: neither is a mistake.
                swapped = lat_first is not None and not metric and turned == lat_first
                return Pair(x, y, swapped, metric)
    raise _nonsense()


def _nonsense() -> BadCell:
    return BadCell("bad_coordinates", msg("Tọa độ không nằm ở Việt Nam hoặc không đọc được."))


def _coordinate(cell: Cell) -> Coordinate:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Coordinate(float(cell))
    text = str(cell).strip()
    degrees = _DMS.fullmatch(text)
    if degrees:
        return _from_dms(degrees)
    bare = re.sub(r"\s*(°|º|độ|m)?\s*$", "", text, flags=re.I)
    axis = _axis(bare[:1]) or _axis(bare[-1:])
    number = bare.strip("NSEWBĐnsewbđ °º")
    if not _NUMBER.fullmatch(number.replace(" ", "")):
        raise _nonsense()
    return Coordinate(_decimal(number.replace(" ", "")), axis)


def _from_dms(match: re.Match[str]) -> Coordinate:
    degrees, minutes, seconds = (float((match[k] or "0").replace(",", ".")) for k in ("deg", "min", "sec"))
    if minutes >= 60 or seconds >= 60:
        raise _nonsense()
    letter = match["before"] or match["after"] or ""
    return Coordinate(degrees + minutes / 60 + seconds / 3600, _axis(letter))


def _axis(letter: str) -> str | None:
    return {"N": "lat", "B": "lat", "S": "lat", "E": "lon", "Đ": "lon", "W": "lon"}.get(letter.upper())


def _decimal(text: str) -> float:
    """A number with a decimal point or comma; of several signs ("20.973.528") the first is the decimal one,
    unless they set off thousands ("2.319.456,12")."""
    signs = re.findall(r"[.,]", text)
    if len(signs) == 1:
        return float(text.replace(",", "."))
    if len(signs) > 1 and (len(set(signs)) > 1 or len(re.split(r"[.,]", text)[0]) == 1):
        whole, decimals = text.rsplit(signs[-1], 1) if len(set(signs)) > 1 else (text, "")
        return float(re.sub(r"[.,]", "", whole) + "." + (decimals or "0"))
    head, _sign, tail = text.replace(",", ".").partition(".")
    return float(f"{head}.{tail.replace('.', '') or '0'}")


def _split(text: str) -> list[str]:
    """The two numbers of a joined pair: apart by semicolon, comma and space, spaces or the only comma."""
    for pattern in (r"\s*;\s*", r"\s*,\s+|\s+,\s*", r"\s+-\s+", r"\s*/\s*", r"\s+", r","):
        parts = [p for p in re.split(pattern, text.strip(" ()[]")) if p]
        if len(parts) == 2:
            return parts
    return []
