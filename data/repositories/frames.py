"""From rows to frames, the plain data that leaves the data layer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import Date, Select, and_, exists, insert, not_, select

from data.spatial import SpatialType
from data.store import Work
from geo.crs import LONLAT

#: Columns that a reader of frames has no use for.
_BOOKKEEPING = {"rid", "revision", "recorded_at", "recorded_by", "why", "void", "content_key", "folded"}


def columns(table: Any) -> list[Any]:
    """The columns of a table that go into frames."""
    return [column for column in table.__table__.columns if column.name not in _BOOKKEEPING]


def frame(work: Work, statement: Select[Any]) -> gpd.GeoDataFrame:
    """Run a select; dates become datetime64, the column ``geom`` becomes the geometry (EPSG:4326)."""
    selected = list(statement.selected_columns)
    rows = work.session.execute(statement).all()
    data: dict[str, Any] = {}
    for position, column in enumerate(selected):
        values = [row[position] for row in rows]
        if isinstance(column.type, SpatialType):
            data["geometry"] = gpd.GeoSeries(values, crs=LONLAT)
        elif isinstance(column.type, Date):
            data[column.name] = pd.to_datetime(pd.Series(values, dtype=object))
        else:
            data[column.name] = pd.Series(values, dtype=None if rows else object)
    if "geometry" not in data:
        return pd.DataFrame(data)
    return gpd.GeoDataFrame(data, geometry="geometry", crs=LONLAT)


def current(table: Any, *, known_by: datetime | None = None) -> Select[Any]:
    """The events that hold: of each id the highest revision, unless it was voided.

    With ``known_by`` the answer is what was on record at that instant.
    """
    rows, newer = table.__table__, table.__table__.alias()
    later = and_(newer.c.id == rows.c.id, newer.c.revision > rows.c.revision)
    statement = select(*columns(table)).where(rows.c.void.is_(False))
    if known_by is not None:
        later = and_(later, newer.c.recorded_at <= known_by)
        statement = statement.where(rows.c.recorded_at <= known_by)
    return statement.where(not_(exists().where(later))).order_by(rows.c.rid)


def up_to(table: Any, day: date | None, *, known_by: datetime | None = None) -> Select[Any]:
    """The events that hold and happened on or before ``day``."""
    statement = current(table, known_by=known_by)
    return statement if day is None else statement.where(table.on_date <= day)


def matched(keys: pd.Series, values: pd.Series) -> pd.Series:
    """The value of each key, missing where there is none. Unlike ``map`` it takes empty date columns too."""
    return values.reindex(keys).set_axis(keys.index)


def add_rows(work: Work, table: Any, rows: list[dict[str, Any]]) -> None:
    """Insert plain rows in bulk."""
    if rows:
        work.session.execute(insert(table), rows)
