"""The map in the past: states of hotspots and premises at the end of a month, and the heat of its signals."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd

from app.access import Right, require
from app.services.facts import Known
from data.store import Actor, Store
from geo.heat import Heat, heat
from geo.weekly_counts import signal_weights

#: How far back the slider goes, in months.
LONGEST = 72


@dataclass(frozen=True)
class PastMap:
    """What held at the end of ``day``, inside the actor's scope."""

    day: date
    hotspots: gpd.GeoDataFrame
    premises: gpd.GeoDataFrame


def months(store: Store, actor: Actor, today: date) -> list[date]:
    """The last day of each month since the records of signals and hotspots begin, ``today`` for the present
    one; oldest first."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        known = Known(work, today)
        own = known.transitions[known.transitions["hotspot_id"].isin(known.hotspots["id"])]
        began = pd.concat([known.signals["on_date"], own["on_date"]]).min()
    first = today if pd.isna(began) else began.date()
    found = [today]
    while len(found) < LONGEST:
        end = found[-1].replace(day=1) - timedelta(days=1)
        if end < first:
            break
        found.append(end)
    return found[::-1]


def past_map(store: Store, actor: Actor, day: date) -> PastMap:
    """Hotspots and premises as they stood at the end of a day."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        known = Known(work, day)
        premises = known.premises
        opened = pd.to_datetime(premises["opened_on"])
        there = premises[opened.isna() | (opened <= pd.Timestamp(day))]
        return PastMap(day, known.hotspots, there.reset_index(drop=True))


def signal_heat(store: Store, actor: Actor, first: date, last: date) -> Heat | None:
    """How densely the signals of two days' span lie, weighted by state and rating, on a scale per month.

    Refuted and handed-over ones weigh nothing. None where there are no boundaries to draw inside.
    """
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        known = Known(work, last)
        units = known.units
        if units.empty:
            return None
        heard = known.signals[known.signals["on_date"] >= pd.Timestamp(first)]
        points = gpd.GeoSeries(heard.geometry)
        own = known.premises.drop_duplicates("id").set_index("id").geometry.reindex(heard["premises_id"])
        points = points.where(points.notna(), own.set_axis(points.index))
        weight = signal_weights(heard)
        placed = points.notna().to_numpy() & (weight > 0)
        span = ((last - first).days + 1) / 30.4
        kept = points[placed]
        x, y = kept.x.to_numpy(dtype=float), kept.y.to_numpy(dtype=float)
        west, south, east, north = (float(value) for value in units.total_bounds)
        return heat(x, y, np.asarray(weight[placed]), (west, south, east, north), span)


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month of ``day``, not beyond it."""
    return day.replace(day=1), day


def around(day: date, months_: int, as_of: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """The spans of so many months before and after a day, the later one not beyond ``as_of``."""
    before = (_shifted(day, -months_), day - timedelta(days=1))
    after = (day + timedelta(days=1), min(_shifted(day, months_), as_of))
    return before, after


def _shifted(day: date, months_: int) -> date:
    number = day.year * 12 + day.month - 1 + months_
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
