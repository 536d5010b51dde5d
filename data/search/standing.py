"""Where a few premises stand on a day: their ward and their status, without reading the whole register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
from sqlalchemy import column, select, text

from data.repositories.frames import columns, frame, up_to
from data.store import Work
from data.tables import Premises, PremisesStatusChange, Unit
from geo.units import covering, valid_on
from geo.words import PremisesStatus


@dataclass(frozen=True)
class Standing:
    """A premises on a day; ``ward_name`` is None where it lies outside of all units or nobody knows where."""

    status: PremisesStatus
    ward_name: str | None


def standing_on(work: Work, ids: Sequence[str], day: date) -> dict[str, Standing]:
    """The standing of each premises, by its id."""
    if not ids:
        return {}
    table = Premises.__table__.c
    places = frame(work, select(table.id, table.geom).where(table.id.in_(ids)))
    states = _states(work, ids, day)
    wards = _wards(work, places, day)
    return {
        one: Standing(PremisesStatus(states.get(one, PremisesStatus.ACTIVE)), wards.get(one))
        for one in places["id"]
    }


def _states(work: Work, ids: Sequence[str], day: date) -> dict[str, str]:
    """The last status of each; of two on one day the one recorded later."""
    changes = frame(work, up_to(PremisesStatusChange, day).where(PremisesStatusChange.premises_id.in_(ids)))
    if changes.empty:
        return {}
    ordered = changes.sort_values("on_date", kind="stable")
    return dict(zip(ordered["premises_id"], ordered["status"], strict=True))


def _wards(work: Work, places: gpd.GeoDataFrame, day: date) -> dict[str, str]:
    placed = places[places.geometry.notna()]
    if placed.empty:
        return {}
    units = valid_on(_units_around(work, [(point.x, point.y) for point in placed.geometry]), day)
    names = dict(zip(units["id"], units["name"], strict=True))
    return {
        one: names[unit]
        for one, unit in zip(placed["id"], covering(placed, units), strict=True)
        if unit is not None
    }


def _units_around(work: Work, points: Sequence[tuple[float, float]]) -> gpd.GeoDataFrame:
    """The units, of any time, whose box holds one of the points."""
    units = select(*columns(Unit))
    if work.session.get_bind().dialect.name == "sqlite":
        box = text(
            "SELECT rid FROM units_geom_rtree WHERE min_x <= :x AND max_x >= :x AND min_y <= :y AND max_y >= :y"
        )
        numbers = {rid for x, y in points for rid in work.session.scalars(box, {"x": x, "y": y})}
        return frame(work, units.where(Unit.rid.in_(numbers)))
    holding = text(
        "SELECT rid FROM units JOIN unnest(:xs, :ys) AS point(x, y) "
        "ON units.geom && ST_SetSRID(ST_MakePoint(point.x, point.y), 4326)"
    ).bindparams(xs=[x for x, _ in points], ys=[y for _, y in points])
    return frame(work, units.where(Unit.rid.in_(holding.columns(column("rid")))))
