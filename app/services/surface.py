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
from geo.shapes import Shapes, metric_shapes
from geo.surface import (
    Events,
    Floats,
    Grid,
    Ints,
    Mask,
    SurfaceSettings,
    accuracy,
    events_on,
    grid_over,
    hotspot_surface,
)
from geo.surface_trends import counts_by_period, getis_ord, trend_classes
from geo.words import SignalState

CELL_M = 150.0
#: Trends are told over this many half-years; significance over the last two of them.
PERIOD_DAYS, PERIODS = 182, 8
#: With fewer events nothing is drawn: a surface would only look like knowledge.
FEWEST_EVENTS = 20
#: The densest share of the area that is worth showing; cells with a trend are kept anyway.
SHOWN_SHARE = 0.2
#: The share of the area that is looked at when the surface is measured on the past.
BEST_SHARE = 0.02
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
        as_of = (pd.Timestamp(day) - _EPOCH).days
        happened = _happenings(whole).known_on(as_of)
        first = (_EPOCH + pd.Timedelta(days=int(happened.day.min()))).date() if len(happened.day) else None
        if len(happened.day) < FEWEST_EVENTS or whole.units.empty:
            return HotspotSurface(_no_cells(), len(happened.day), first, False)
        grid, mask = _district(whole)
        made = hotspot_surface(happened.on(grid, weighted=True), grid, as_of, SurfaceSettings(), mask)
        cells = _cells(grid, mask, made.share, happened.on(grid), as_of)
        return HotspotSurface(within_scope(work, cells), len(happened.day), first, made.learned)


@dataclass(frozen=True)
class SurfaceAccuracy:
    """How well the surface would have foretold the months of the past, in the mean over ``months`` of them.

    ``pai``: how many times more events than an even spread the densest ``cells`` cells held (Chainey et al.
    2008); ``pei``: that over the best possible for as many cells; both None where no month had an event.
    ``events``: those that came in these months.
    """

    months: int
    events: int
    cells: int
    pai: float | None
    pei: float | None


def surface_accuracy(store: Store, actor: Actor, as_of: date, *, months: int = 24) -> SurfaceAccuracy:
    """Measure the surface on one's own past: each month of 30 days foretold with what was known before it."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        whole = Known(work, as_of).whole
        happened = _happenings(whole)
        if len(happened.day) < FEWEST_EVENTS or whole.units.empty:
            return SurfaceAccuracy(0, len(happened.day), 0, None, None)
        grid, mask = _district(whole)
    settings, last = SurfaceSettings(), (pd.Timestamp(as_of) - _EPOCH).days
    best, total = max(round(mask.sum() * BEST_SHARE), 1), int(mask.sum())
    measured, came = [], 0
    for back in range(1, months + 1):
        origin = last - back * settings.horizon_days
        known = happened.known_on(origin)
        if len(known.day) < FEWEST_EVENTS:
            break
        surface = hotspot_surface(known.on(grid, weighted=True), grid, origin, settings, mask)
        coming = counts_by_period(
            happened.on(grid), grid, origin + settings.horizon_days, settings.horizon_days, 1
        )[0]
        one = accuracy(surface.share, coming * mask, best, total)
        if one is not None:
            measured.append(one)
            came += int((coming * mask).sum())
    if not measured:
        return SurfaceAccuracy(0, came, best, None, None)
    pai, pei = np.mean(measured, axis=0).tolist()
    return SurfaceAccuracy(len(measured), came, best, pai, pei)


@dataclass(frozen=True)
class _Happenings:
    """Verified signals and serious findings: (n, 2) ``points`` in metres; ``day`` and ``known``, the day from
    which one knew, since 1970; ``weight``."""

    points: Floats
    day: Ints
    known: Ints
    weight: Floats

    def known_on(self, day: int) -> _Happenings:
        """Those that one knew of on ``day``."""
        some = self.known <= day
        return _Happenings(self.points[some], self.day[some], self.known[some], self.weight[some])

    def on(self, grid: Grid, *, weighted: bool = False) -> Events:
        """As events on a grid, each counting 1 or its weight."""
        return events_on(grid, self.points, self.day, self.weight if weighted else None)


def _happenings(known: Known) -> _Happenings:
    signals = known.signals
    heard = signals[signals["state"].eq(SignalState.VERIFIED)]
    found = known.findings[known.findings["serious"].eq(True)].drop_duplicates("id")
    chance = matched(found["inspection_id"], known.inspections.set_index("id")["selection_probability"])
    weight = np.concatenate(
        [np.ones(len(heard)), selection_weights(chance.to_numpy(dtype=float, na_value=np.nan))]
    )
    points = np.concatenate([_points(heard, known), _points(found, known)])
    day = np.concatenate([_days(heard["on_date"]), _days(found["on_date"])])
    # A signal is a claim until it has been verified.
    verified_on = pd.to_datetime(heard["handled_on"]).fillna(heard["on_date"])
    since = np.concatenate([_days(verified_on), _days(found["on_date"])])
    placed = np.isfinite(points).all(axis=1)
    return _Happenings(points[placed], day[placed], np.maximum(day, since)[placed], weight[placed])


def _days(dates: pd.Series) -> Ints:
    return np.asarray((pd.to_datetime(dates) - _EPOCH).dt.days.to_numpy(dtype=np.int64))


def _points(events: gpd.GeoDataFrame, known: Known) -> Floats:
    """(n, 2) in metres, NaN without a place; an event without a point lies at its premises."""
    shapes = metric_shapes(events)
    register = known.premises.drop_duplicates("id")
    if len(events) and len(register):
        at = pd.Index(register["id"]).get_indexer(events["premises_id"])
        lost = shapely.is_missing(shapes) & (at >= 0)
        shapes[lost] = metric_shapes(register)[at[lost]]
    return np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])


def _district(known: Known) -> tuple[Grid, Mask]:
    """The grid over the units of the day, and its cells inside them."""
    ground = shapely.union_all(metric_shapes(known.units))
    grid = grid_over(ground.bounds, CELL_M)
    return grid, grid.mask(ground)


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


def _squares(grid: Grid, cells: Ints) -> Shapes:
    row, column = np.divmod(cells, grid.columns)
    west, south = grid.x0 + column * grid.cell_m, grid.y0 + row * grid.cell_m
    return shapely.box(west, south, west + grid.cell_m, south + grid.cell_m)


def _no_cells() -> gpd.GeoDataFrame:
    empty = {name: pd.Series(dtype=object) for name in _COLUMNS}
    return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=LONLAT))
