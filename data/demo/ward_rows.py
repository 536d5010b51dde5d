"""Rows of the units in all three ward systems, with schematic ground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import shapely

from data.demo.rows import stable_id
from data.demo.ward_shapes import Piece, pieces
from data.demo.ward_table import (
    FIRST_SYSTEM,
    JOINED_QUANG_TRUNG,
    NEW_UNITS,
    OLD_WARDS,
    SECOND_SYSTEM,
    TODAYS_SYSTEM,
)
from geo.crs import LONLAT, METRIC, transform

_ONE_DAY = timedelta(days=1)
_OLD_SOURCE = "Sơ đồ minh họa tính từ diện tích, trọng tâm và phường giáp ranh; không phải địa giới đo đạc"
_NEW_SOURCE = (
    "Sơ đồ minh họa ghép từ phường cũ theo tỷ lệ diện tích đo trên OpenStreetMap "
    "(© OpenStreetMap contributors); không phải địa giới đo đạc"
)


@dataclass(frozen=True)
class DemoUnit:
    """A unit of one ward system: its row and its ground in metres."""

    row: dict[str, Any]
    ground: shapely.MultiPolygon

    @property
    def name(self) -> str:
        """Name as on the screen, with "Phường"."""
        return str(self.row["name"])


@dataclass(frozen=True)
class System:
    """The units that were valid in one period."""

    valid_from: date
    valid_to: date | None
    units: tuple[DemoUnit, ...]

    def at(self, point: shapely.Point) -> DemoUnit | None:
        """The unit that holds a point in metres."""
        return next((unit for unit in self.units if shapely.intersects(unit.ground, point)), None)


@cache
def systems(seed: int) -> tuple[System, System, System]:
    """The 17 wards, the 15, and today's units."""
    codes = {ward.name: ward.code for ward in OLD_WARDS}
    joined = {**codes, **dict.fromkeys(JOINED_QUANG_TRUNG, codes["Quang Trung"])}
    old = [_Listed(ward.code, f"Phường {ward.name}") for ward in OLD_WARDS]
    later = [one for one in old if one.code in joined.values()]
    today = [_Listed(unit.code, unit.name, unit.people, _NEW_SOURCE) for unit in NEW_UNITS]
    first_ends, second_ends = SECOND_SYSTEM - _ONE_DAY, TODAYS_SYSTEM - _ONE_DAY
    return (
        _system(seed, FIRST_SYSTEM, first_ends, old, lambda piece: codes[piece.ward]),
        _system(seed, SECOND_SYSTEM, second_ends, later, lambda piece: joined[piece.ward]),
        _system(seed, TODAYS_SYSTEM, None, today, lambda piece: piece.unit),
    )


@dataclass(frozen=True)
class _Listed:
    code: str
    name: str
    people: int | None = None
    source: str = _OLD_SOURCE


def _system(
    seed: int,
    valid_from: date,
    valid_to: date | None,
    listed: list[_Listed],
    code_of: Callable[[Piece], str],
) -> System:
    units = []
    for one in listed:
        ground = shapely.union_all([piece.ground for piece in pieces() if code_of(piece) == one.code])
        shape = shapely.multipolygons(shapely.get_parts(ground))
        row = {
            "id": stable_id(seed, "unit", one.code, valid_from),
            "code": one.code,
            "name": one.name,
            "level": "ward",
            "valid_from": valid_from,
            "valid_to": valid_to,
            "geom": transform(shape, METRIC, LONLAT),
            "population": one.people,
            "source": one.source,
            "schematic": True,
        }
        units.append(DemoUnit(row, shape))
    return System(valid_from, valid_to, tuple(units))


def system_on(seed: int, day: date) -> System:
    """The ward system of a day."""
    return next(one for one in systems(seed) if one.valid_to is None or day <= one.valid_to)


def unit_rows(seed: int) -> list[dict[str, Any]]:
    """Rows of the table ``units``."""
    return [unit.row for system in systems(seed) for unit in system.units]
