"""The one place where a scope narrows what a unit of work gets to see."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import shapely
from sqlalchemy import select

from data.store import Work
from data.tables import Unit


def scope_ground(work: Work) -> shapely.Geometry | None:
    """The ground of the actor's units, None when the actor may see the whole database."""
    if work.actor.scope is None:
        return None
    shapes = work.session.scalars(select(Unit.geom).where(Unit.id.in_(work.actor.scope))).all()
    return shapely.union_all(shapes)


def within_scope(work: Work, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The rows whose place touches the actor's ground. A row without a place is for the whole database only."""
    ground = scope_ground(work)
    if ground is None or frame.empty:
        return frame
    inside: Any = frame.geometry.notna() & frame.geometry.intersects(ground)
    return frame[inside].reset_index(drop=True)
