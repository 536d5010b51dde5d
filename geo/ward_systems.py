"""Ward systems in time: the sets of units that followed each other, and counts cut by the wards of any of them.

An event finds its ward by its place, in the set of its own date or of a chosen one ("2024 in today's wards"). A
stored ward name or code plays no part: codes are reused with a new meaning when the system changes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.coverage import polygonal
from geo.crs import METRIC
from geo.units import area_crosswalk, covering, valid_on

#: Two units are the same ground from this share of what they cover together on; below, boundaries moved.
SAME_GROUND = 0.95
#: Ground of an old unit outside of the new set is told from this share on; less is the rounding of an edge.
_OUTSIDE_SHARE = 1e-4
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WardSet:
    """The units that were valid together from ``first`` to ``last`` (None: until further notice)."""

    first: date
    last: date | None
    unit_ids: tuple[str, ...]


@dataclass(frozen=True)
class Cut:
    """Counts by ward; nothing is lost between ``units`` and the two numbers beside it.

    ``units``: ``unit_id, code, name, valid_from, valid_to, n``, by first day and code, units without anything
    included. ``outside``: lies in no unit of the date ("ngoài địa bàn"). ``unplaced``: has no place on record.
    """

    units: pd.DataFrame
    outside: int
    unplaced: int

    @property
    def total(self) -> int:
        """Everything that was counted, wherever it lies."""
        return int(self.units["n"].sum()) + self.outside + self.unplaced


def ward_sets(units: gpd.GeoDataFrame) -> list[WardSet]:
    """The sets in the order of time; a new one begins whenever any unit begins or has ended the day before."""
    starts = {day.date() for day in pd.to_datetime(units["valid_from"])}
    ends = {day.date() + _DAY for day in pd.to_datetime(units["valid_to"]).dropna()}
    changes: list[date | None] = [*sorted(starts | ends), None]
    sets = []
    for first, following in pairwise(changes):
        if first is not None and (ids := tuple(valid_on(units, first)["id"])):
            sets.append(WardSet(first, None if following is None else following - _DAY, ids))
    return sets


def units_of(places: gpd.GeoDataFrame, units: gpd.GeoDataFrame, by: date | None = None) -> pd.Series:
    """Id of the unit each place lies in, indexed like ``places``; None outside of all and without a place.

    ``by``: the day whose set is asked; without it each place is judged by the set of its own ``on_date``.
    """
    if by is not None:
        return covering(places, valid_on(units, by))
    answer = np.full(len(places), None, dtype=object)
    days = pd.to_datetime(places["on_date"])
    for one in ward_sets(units):
        then = (days >= pd.Timestamp(one.first)) & (days <= pd.Timestamp(one.last or date.max))
        members = units[units["id"].isin(one.unit_ids)]
        answer[then.to_numpy()] = covering(places[then], members).to_numpy()
    return pd.Series(answer, index=places.index, dtype=object)


def cut_by_ward(
    places: gpd.GeoDataFrame, units: gpd.GeoDataFrame, *, first: date, last: date, by: date | None = None
) -> Cut:
    """Count what happened from ``first`` to ``last`` by ward.

    Parameters
    ----------
    places
        ``on_date`` and geometry of each thing to count.
    units
        All units of all times: ``id, code, name, valid_from, valid_to`` and geometry.
    by
        As in ``units_of``. Without it the units of the whole period are listed, each with its validity: a code
        that changed its meaning in between stands there once for each meaning.
    """
    days = pd.to_datetime(places["on_date"])
    counted = places[(days >= pd.Timestamp(first)) & (days <= pd.Timestamp(last))]
    placed = _placed(counted)
    found = units_of(placed, units, by)
    listed = _of_period(units, first, last) if by is None else valid_on(units, by)
    table = listed.rename(columns={"id": "unit_id"})[["unit_id", "code", "name", "valid_from", "valid_to"]]
    numbers = Counter(found.dropna())
    table = pd.DataFrame(table).assign(n=[numbers[unit] for unit in table["unit_id"]])
    table = table.sort_values(["valid_from", "code"], kind="stable").reset_index(drop=True)
    return Cut(table, outside=int(found.isna().sum()), unplaced=len(counted) - len(placed))


def crosswalk(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, premises: gpd.GeoDataFrame) -> pd.DataFrame:
    """How one set of units passes into another, by ground and by premises.

    ``old_id, new_id, share, premises``: ``share`` of the old unit's area, number of ``premises`` that lie in
    both. An id is None for what lies in no unit of that set (``share`` NaN where it is the old one), so shares
    of a unit sum to 1 and premises to all that have a place. In the order of ``old``, largest share first.
    """
    shares = {(row.old_id, row.new_id): row.share for row in area_crosswalk(old, new).itertuples()}
    for unit in old["id"]:
        outside = 1.0 - sum(share for (old_id, _new), share in shares.items() if old_id == unit)
        if outside > _OUTSIDE_SHARE:
            shares[unit, None] = outside
    placed = _placed(premises)
    counts = Counter(zip(covering(placed, old), covering(placed, new), strict=True))
    position = {unit: number for number, unit in enumerate(old["id"])}
    pairs = sorted(
        shares.keys() | counts.keys(),
        key=lambda pair: (position.get(pair[0], len(position)), -shares.get(pair, 0.0), str(pair[1])),
    )
    return pd.DataFrame(
        {
            "old_id": pd.Series([pair[0] for pair in pairs], dtype=object),
            "new_id": pd.Series([pair[1] for pair in pairs], dtype=object),
            "share": [shares.get(pair, 0.0 if pair[0] in position else np.nan) for pair in pairs],
            "premises": [counts[pair] for pair in pairs],
        }
    )


def changed_codes(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> pd.DataFrame:
    """Codes that both sets use, but for other ground: ``code, old_id, new_id, common``.

    ``common``: what both units cover of all that either covers, 0-1; pairs from ``SAME_GROUND`` on are the same
    unit and left out. This is the one place where codes meet, and both sides carry their date.
    """
    sides = [
        pd.DataFrame(
            {
                "code": side["code"].to_numpy(dtype=object),
                f"{name}_id": side["id"].to_numpy(dtype=object),
                name: [polygonal(shape) for shape in side.geometry.to_crs(METRIC)],
            }
        )
        for name, side in (("old", old), ("new", new))
    ]
    both = sides[0].merge(sides[1], on="code")
    ground = [both[name].to_numpy(dtype=object) for name in ("old", "new")]
    together = np.maximum(shapely.area(shapely.union(*ground)), np.finfo(float).tiny)
    both["common"] = shapely.area(shapely.intersection(*ground)) / together
    moved = both[both["common"] < SAME_GROUND].sort_values("code", kind="stable")
    return moved[["code", "old_id", "new_id", "common"]].reset_index(drop=True)


def _placed(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The rows that have a place."""
    shapes = np.asarray(frame.geometry.to_numpy(), dtype=object)
    return frame[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]


def _of_period(units: gpd.GeoDataFrame, first: date, last: date) -> gpd.GeoDataFrame:
    """The units that were valid on some day of the period."""
    begun = pd.to_datetime(units["valid_from"]) <= pd.Timestamp(last)
    end = pd.to_datetime(units["valid_to"])
    return units[begun & (end.isna() | (end >= pd.Timestamp(first)))]
