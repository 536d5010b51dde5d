"""The map of a review meeting: one unit on a day, premises by code, nothing that may not be projected."""

from __future__ import annotations

from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd

from app.access import Right, require
from app.services.map_data import MapData
from app.services.map_time import LONGEST
from app.services.meeting_alerts import shown_rows
from app.services.meeting_facts import Established, codes, of_unit, own_strips, unit_name
from data.repositories import places
from data.store import Actor, Store
from geo.borders import strip
from geo.heat import Heat, heat

#: What the map needs of a premises; everything else could tell which one it is.
_KEPT = ["id", "name", "type", "status", "geometry"]


def months(store: Store, actor: Actor, unit_id: str | None, as_of: date) -> list[date]:
    """The last day of each month since the established records of a unit begin, ``as_of`` for the present one;
    oldest first."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        unit_name(work, unit_id, as_of)
    with store.read(of_unit(actor, unit_id)) as work:
        known = Established(work, as_of)
        began = pd.concat([known.signals["on_date"], known.transitions["on_date"]]).min()
    first, found = as_of if pd.isna(began) else began.date(), [as_of]
    while len(found) < LONGEST and (end := found[-1].replace(day=1) - timedelta(days=1)) >= first:
        found.append(end)
    return found[::-1]


def meeting_map(
    store: Store, actor: Actor, unit_id: str | None, day: date, *, as_of: date
) -> tuple[MapData, Heat | None]:
    """What the map shows of a unit on a day, and where its verified signals gathered in that month.

    Strips and alerts are of ``as_of`` only: on an earlier day there are none. Names and ids of premises are
    codes. Raises InputError ``unknown_unit`` outside the actor's scope.
    """
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        unit_name(work, unit_id, as_of)
    with store.read(of_unit(actor, unit_id)) as work:
        known, called = Established(work, day), codes(work)
        now = day == as_of
        data = MapData(
            units=places.units_on(work, as_of),
            streets=places.streets(work).iloc[:0],
            premises=_premises(known, called),
            hotspots=known.hotspots,
            strips=_strips(known, unit_id) if now else known.bare_segments.iloc[:0],
            alerts=_alerts(known, called) if now else known.hotspots.iloc[:0],
            licences=pd.DataFrame({"premises_id": []}),
            last_inspections=pd.Series(dtype="datetime64[ns]"),
        )
        return data, _heat(known)


def _premises(known: Established, called: dict[str, str]) -> gpd.GeoDataFrame:
    premises = known.own_premises
    opened = pd.to_datetime(premises["opened_on"])
    there = premises[opened.isna() | (opened <= pd.Timestamp(known.day))]
    coded = [called[one] for one in there["id"]]
    shown = there.assign(id=coded, name=coded)[_KEPT].reset_index(drop=True)
    return shown.assign(score=float("nan"), parts=None)


def _strips(known: Established, unit_id: str | None) -> gpd.GeoDataFrame:
    segments = own_strips(known, unit_id)
    return segments if segments.empty else segments.assign(strip=list(strip(segments)))


def _alerts(known: Established, called: dict[str, str]) -> gpd.GeoDataFrame:
    rows = shown_rows(known)
    names = [
        called[row.place_id] if row.place_kind == "premises" else row.name
        for row in rows.itertuples(index=False)
    ]
    return gpd.GeoDataFrame(rows.assign(name=names)[["id", "kind", "name", "geometry"]], crs=known.hotspots.crs)


def _heat(known: Established) -> Heat | None:
    """Verified signals of the month of the day, each of the same weight."""
    if known.units.empty:
        return None
    heard = known.signals[known.signals["on_date"] >= pd.Timestamp(known.day.replace(day=1))]
    points = gpd.GeoSeries(heard.geometry)
    own = known.premises.drop_duplicates("id").set_index("id").geometry.reindex(heard["premises_id"])
    kept = points.where(points.notna(), own.set_axis(points.index)).dropna()
    west, south, east, north = (float(value) for value in known.units.total_bounds)
    x, y = kept.x.to_numpy(dtype=float), kept.y.to_numpy(dtype=float)
    return heat(x, y, np.ones(len(kept)), (west, south, east, north), known.day.day / 30.4)
