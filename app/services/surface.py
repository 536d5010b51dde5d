"""The hotspot surface of a day: where reported and found events gather, and how that has changed.

Events are verified signals and serious findings, nothing else. In the density a finding weighs by how unlikely
its visit was (``geo.feedback``), so that the surface does not follow the inspectors; significance and trends
count events as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from app.access import Right, require
from app.services.facts import Known
from data.repositories.frames import matched
from data.repositories.scope import within_scope
from data.store import Actor, Store
from geo.crs import LONLAT, METRIC
from geo.feedback import selection_weights
from geo.shapes import metric_shapes
from geo.surface import Events, Floats, Grid, Mask, SurfaceSettings, events_on, grid_over, hotspot_surface
from geo.surface_trends import counts_by_period, getis_ord, trend_classes
from geo.words import SignalState

CELL_M = 150.0
#: Trends are told over this many half-years; significance over the last two of them.
PERIOD_DAYS, PERIODS = 182, 8
#: With fewer events nothing is drawn: a surface would only look like knowledge.
FEWEST_EVENTS = 20
#: The densest share of the area that is worth showing; cells with a trend are kept anyway.
SHOWN_SHARE = 0.2
_EPOCH = pd.Timestamp("1970-01-01")
_COLUMNS = ("id", "share", "top", "z", "hot", "trend", "events")


@dataclass(frozen=True)
class HotspotSurface:
    """The cells that say something, densest first.

    ``cells``: ``id``, ``share`` (expected share of the next month's events), ``top`` (share of the area that is
    at least as dense), ``z`` (Gi* of the last year), ``hot`` (significant), ``trend`` (``Trend`` or None),
    ``events`` (of the last year in the cell and its neighbours) and squares in EPSG:4326.
    ``events``: how many events there are in all, since ``since``. ``learned``: whether reach and fading were
    learned from them. ``enough``: False when there were too few, and ``cells`` is empty.
    """

    cells: gpd.GeoDataFrame
    events: int
    since: date | None
    learned: bool

    @property
    def enough(self) -> bool:
        """Whether there were events enough for a surface."""
        return self.events >= FEWEST_EVENTS


def surface(store: Store, actor: Actor, day: date) -> HotspotSurface:
    """The surface for the month after ``day``, of the whole database, narrowed to the actor's scope."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        whole = Known(work, day).whole
        points, days, weights = _events(whole)
        first = (_EPOCH + pd.Timedelta(days=int(days.min()))).date() if len(days) else None
        if len(days) < FEWEST_EVENTS or whole.units.empty:
            return HotspotSurface(_no_cells(), len(days), first, False)
        ground = shapely.union_all(metric_shapes(whole.units))
        grid = grid_over(ground.bounds, CELL_M)
        mask = grid.mask(ground)
        as_of = (pd.Timestamp(day) - _EPOCH).days
        made = hotspot_surface(events_on(grid, points, days, weights), grid, as_of, SurfaceSettings(), mask)
        cells = _cells(grid, mask, made.share, events_on(grid, points, days), as_of)
        return HotspotSurface(within_scope(work, cells), len(days), first, made.learned)


def _events(known: Known) -> tuple[Floats, np.ndarray, Floats]:
    """(n, 2) points in metres, (n,) days since 1970, (n,) weights of what had been verified or found."""
    signals = known.signals
    heard = signals["state"].eq(SignalState.VERIFIED)
    # Verified on a later day: on this day it was a claim.
    heard &= ~(pd.to_datetime(signals["handled_on"]) > pd.Timestamp(known.day))
    found = known.findings[known.findings["serious"].eq(True)].drop_duplicates("id")
    chance = matched(found["inspection_id"], known.inspections.set_index("id")["selection_probability"])
    frames = [
        (_placed(signals[heard], known), np.ones(int(heard.sum()))),
        (_placed(found, known), selection_weights(chance.to_numpy(dtype=float, na_value=np.nan))),
    ]
    points = np.concatenate([points for (points, _), _ in frames])
    days = np.concatenate([days for (_, days), _ in frames])
    weights = np.concatenate([weight for _, weight in frames])
    known_place = np.isfinite(points).all(axis=1)
    return points[known_place], days[known_place], weights[known_place]


def _placed(events: gpd.GeoDataFrame, known: Known) -> tuple[Floats, np.ndarray]:
    """Points (n, 2) in metres, NaN without a place, and days; an event without a point lies at its premises."""
    if events.empty:
        return np.empty((0, 2)), np.empty(0, dtype=np.int64)
    shapes = metric_shapes(events)
    register = known.premises.drop_duplicates("id")
    at = pd.Index(register["id"]).get_indexer(events["premises_id"])
    lost = shapely.is_missing(shapes) & (at >= 0)
    shapes[lost] = metric_shapes(register)[at[lost]]
    days = (events["on_date"] - _EPOCH).dt.days.to_numpy(dtype=np.int64)
    return np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)]), days


def _cells(grid: Grid, mask: Mask, share: Floats, events: Events, as_of: int) -> gpd.GeoDataFrame:
    last_year = counts_by_period(events, grid, as_of, 2 * PERIOD_DAYS, 1)[0]
    now = getis_ord(last_year, mask)
    trend = trend_classes(counts_by_period(events, grid, as_of, PERIOD_DAYS, PERIODS), mask)
    inside = np.flatnonzero(mask.ravel())
    dense = share.ravel()[inside]
    top = np.searchsorted(np.sort(-dense), -dense, side="right") / len(inside)
    told = np.array([one is not None for one in trend.ravel()[inside]], dtype=bool)
    kept = np.flatnonzero((top <= SHOWN_SHARE) | now.hot.ravel()[inside] | told)
    kept = kept[np.argsort(-dense[kept], kind="stable")]
    at = inside[kept]
    frame = pd.DataFrame(
        {
            "id": [f"{row}-{column}" for row, column in zip(*np.divmod(at, grid.columns), strict=True)],
            "share": dense[kept],
            "top": top[kept],
            "z": now.z.ravel()[at],
            "hot": now.hot.ravel()[at],
            "trend": pd.Series(list(trend.ravel()[at]), dtype=object),
            "events": _around(last_year).ravel()[at].astype(int),
        }
    )
    return gpd.GeoDataFrame(frame, geometry=_squares(grid, at), crs=METRIC).to_crs(LONLAT)


def _around(counts: Floats) -> Floats:
    """Events of each cell and its eight neighbours."""
    padded = np.pad(counts, 1)
    rows, columns = counts.shape
    return np.sum([padded[r : r + rows, c : c + columns] for r in range(3) for c in range(3)], axis=0)


def _squares(grid: Grid, cells: np.ndarray) -> np.ndarray:
    row, column = np.divmod(cells, grid.columns)
    west, south = grid.x0 + column * grid.cell_m, grid.y0 + row * grid.cell_m
    return shapely.box(west, south, west + grid.cell_m, south + grid.cell_m)


def _no_cells() -> gpd.GeoDataFrame:
    empty = {name: pd.Series(dtype=object) for name in _COLUMNS}
    return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=LONLAT))
