"""Administrative units in time: which are valid on a day, which one covers a place, what a new set replaces.

A unit's code is reused with a new meaning when the system changes, so nothing here joins on a code: units
are told apart by id, and a place finds its unit by where it lies and when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.coverage import polygonal
from geo.crs import LONLAT, METRIC

#: A set follows a unit if it covers this share of the unit's ground ("at least half").
FOLLOWED_SHARE = 0.5
#: Shares below this are the rounding of a common edge.
_NOTHING = 1e-6


@dataclass(frozen=True)
class Replacement:
    """What happens to the known units when a new set opens, as ids.

    ``ended``: last day is the day before the new set; ``replaced``: the row goes; ``successors``: for each of
    both the new unit that covers most of it.
    """

    ended: tuple[str, ...]
    replaced: tuple[str, ...]
    successors: Mapping[str, str]


def valid_on(units: gpd.GeoDataFrame, day: date) -> gpd.GeoDataFrame:
    """The units with ``valid_from`` <= ``day`` <= ``valid_to``; an empty ``valid_to`` is open. New index."""
    return units[_valid(units, day)].reset_index(drop=True)


def covering(places: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> pd.Series:
    """Id of the unit each place lies in, indexed like ``places``; None outside of all and without a point.

    A point on a common edge, or where units overlap, is the smallest unit's, on equal areas the first code's,
    as ``repair_coverage`` gives out overlaps. A line or an area counts by one point inside it.
    """
    answer: npt.NDArray[np.object_] = np.full(len(places), None, dtype=object)
    if len(places) and len(units):
        points = shapely.point_on_surface(shapely.make_valid(_shapes(places, LONLAT)))
        unit, place = shapely.STRtree(points).query(_shapes(units, LONLAT), predicate="intersects")
        # Last written wins, so the worst claim goes first.
        order = np.argsort(-_rank(units)[unit], kind="stable")
        answer[place[order]] = units["id"].to_numpy(dtype=object)[unit[order]]
    return pd.Series(answer, index=places.index, dtype=object)


def area_crosswalk(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> pd.DataFrame:
    """How the ground of old units lies in new ones: ``old_id``, ``new_id``, ``share`` of the old unit's area.

    In the order of ``old``, largest share first. Shares of a unit sum to 1 where the new set covers it once;
    a unit without ground or outside of the new set has no row.
    """
    shapes, others = _polygons(old), _polygons(new)
    one, other = shapely.STRtree(others).query(shapes, predicate="intersects")
    common = shapely.area(shapely.intersection(shapes[one], others[other]))
    share = common / np.maximum(shapely.area(shapes)[one], np.finfo(float).tiny)
    kept = share > _NOTHING
    one, other, share = one[kept], other[kept], np.minimum(share[kept], 1.0)
    order = np.lexsort((_rank(new)[other], -share, one))
    return pd.DataFrame(
        {
            "old_id": old["id"].to_numpy(dtype=object)[one[order]],
            "new_id": new["id"].to_numpy(dtype=object)[other[order]],
            "share": share[order],
        }
    )


def replaced_by(old_units: gpd.GeoDataFrame, new_units: gpd.GeoDataFrame, day: date) -> Replacement:
    """What a set that opens on ``day`` does to the units known so far.

    It concerns units of the new set's levels that are valid on ``day`` and at least half of whose ground the
    set covers. They end on the day before; a unit that began on the same day, and always a schematic one, is
    replaced. Sets that ended earlier or begin later stay, schematic ones as well: they are the only drawing
    of their time.

    ``old_units``: ``id``, ``code``, ``level``, ``valid_from``, ``valid_to``, ``schematic``; ``new_units``:
    ``id``, ``code``, ``level``.
    """
    concerned = old_units["level"].isin(new_units["level"].unique()) & _valid(old_units, day)
    old = old_units[concerned].reset_index(drop=True)
    if old.empty:
        return Replacement((), (), {})
    covered = _covered_share(old, new_units)
    old = old[covered >= FOLLOWED_SHARE - _NOTHING]
    most = area_crosswalk(old, new_units).drop_duplicates("old_id")
    replaced = old["schematic"].eq(True) | (pd.to_datetime(old["valid_from"]) == pd.Timestamp(day))
    return Replacement(
        ended=tuple(old.loc[~replaced, "id"]),
        replaced=tuple(old.loc[replaced, "id"]),
        successors=dict(zip(most["old_id"], most["new_id"], strict=True)),
    )


def _valid(units: pd.DataFrame, day: date) -> pd.Series:
    begun = pd.to_datetime(units["valid_from"]) <= pd.Timestamp(day)
    end = pd.to_datetime(units["valid_to"])
    return begun & (end.isna() | (end >= pd.Timestamp(day)))


def _covered_share(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> npt.NDArray[np.float64]:
    ground = shapely.union_all(_polygons(new))
    shapes = _polygons(old)
    areas = np.maximum(shapely.area(shapes), np.finfo(float).tiny)
    return np.asarray(shapely.area(shapely.intersection(shapes, ground)) / areas)


def _rank(units: gpd.GeoDataFrame) -> npt.NDArray[np.intp]:
    """Place of each unit in the order smallest area, code, id."""
    area = np.round(np.nan_to_num(shapely.area(_shapes(units, METRIC))), 2)
    order = np.lexsort((units["id"].astype(str), units["code"].astype(str), area))
    rank: npt.NDArray[np.intp] = np.empty(len(units), dtype=np.intp)
    rank[order] = np.arange(len(units))
    return rank


def _shapes(frame: gpd.GeoDataFrame, crs: str) -> npt.NDArray[Any]:
    return np.asarray(frame.geometry.to_crs(crs).to_numpy(), dtype=object)


def _polygons(units: gpd.GeoDataFrame) -> npt.NDArray[Any]:
    return np.array([polygonal(shape) for shape in _shapes(units, METRIC)], dtype=object)
