"""Which rows lie near a place: the same answer on both engines, in metres on the ellipsoid."""

from __future__ import annotations

import math
from typing import Any

import pyproj
from geoalchemy2 import Geography
from sqlalchemy import Select, cast, func, literal_column, select, text
from sqlalchemy.orm import Session

_GEOD = pyproj.Geod(ellps="WGS84")
#: Metres in a degree of latitude, the smallest on the ellipsoid, so that the box is never too small.
_METRES_PER_DEGREE = 110_500.0
#: R*Tree keeps 32-bit floats: half a metre covers their rounding at these longitudes.
_PAD_M = 2.0


def points_within(session: Session, table: Any, lon: float, lat: float, radius_m: float) -> dict[str, float]:
    """Ids of the rows of a point table within ``radius_m``, with their distance in metres, nearest first."""
    if session.get_bind().dialect.name == "sqlite":
        found: Any = _within_sqlite(session, table, lon, lat, radius_m)
    else:
        found = session.execute(_within_postgis(table, lon, lat, radius_m)).all()
    return dict(sorted(found, key=lambda pair: (pair[1], pair[0])))


def _within_sqlite(
    session: Session, table: Any, lon: float, lat: float, radius_m: float
) -> list[tuple[str, float]]:
    half_height = (radius_m + _PAD_M) / _METRES_PER_DEGREE
    half_width = half_height / max(math.cos(math.radians(lat)), 0.01)
    box = {
        "west": lon - half_width,
        "east": lon + half_width,
        "south": lat - half_height,
        "north": lat + half_height,
    }
    inside = text(
        f"SELECT rid FROM {table.__tablename__}_geom_rtree "
        "WHERE min_x >= :west AND max_x <= :east AND min_y >= :south AND max_y <= :north"
    )
    rids = [rid for (rid,) in session.execute(inside, box)]
    rows = session.execute(select(table.id, table.geom).where(table.rid.in_(rids))).all()
    measured = [(row_id, _GEOD.inv(lon, lat, point.x, point.y)[2]) for row_id, point in rows]
    return [(row_id, distance) for row_id, distance in measured if distance <= radius_m]


def _within_postgis(table: Any, lon: float, lat: float, radius_m: float) -> Select[Any]:
    centre = cast(func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326), Geography)
    place: Any = literal_column(f"{table.__tablename__}.geom::geography", Geography)
    distance = func.ST_Distance(place, centre)
    return select(table.id, distance).where(func.ST_DWithin(place, centre, radius_m))
