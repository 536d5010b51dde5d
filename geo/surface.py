"""Where the next events are likely: a surface of kernels at several reaches and fadings on a square grid.

Each kernel spreads past events over the cells around them and lets them fade with age. The surface is their
mixture; the weights are those under which the past's own next months were most likely, found by expectation
maximisation from earlier days only (the declustering of Mohler et al. 2011 on a grid). Distances in metres,
days counted from any fixed day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.ndimage import gaussian_filter

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_STEPS = 200
_ENOUGH_EVENTS = 50


@dataclass(frozen=True)
class Grid:
    """Square cells of ``cell_m`` from the corner (``x0``, ``y0``); arrays of it have the shape (rows, columns),
    rows to the north."""

    x0: float
    y0: float
    cell_m: float
    rows: int
    columns: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns

    def cells(self, xy: Floats) -> Ints:
        """(n,) flat numbers of the cells of points (n, 2); -1 outside the grid and without a point."""
        with np.errstate(invalid="ignore"):
            column = np.floor((xy[:, 0] - self.x0) / self.cell_m)
            row = np.floor((xy[:, 1] - self.y0) / self.cell_m)
            inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        flat = np.where(inside, row * self.columns + column, -1)
        return flat.astype(np.int64)

    def mask(self, area: shapely.Geometry) -> Mask:
        """Cells whose middle lies in ``area``."""
        x = self.x0 + (np.arange(self.columns) + 0.5) * self.cell_m
        y = self.y0 + (np.arange(self.rows) + 0.5) * self.cell_m
        inside = shapely.contains_xy(area, *(axis.ravel() for axis in np.meshgrid(x, y)))
        return np.asarray(inside, dtype=bool).reshape(self.shape)


def grid_over(bounds: tuple[float, float, float, float], cell_m: float = 150.0) -> Grid:
    """The grid that covers ``bounds`` (west, south, east, north), its corner on a multiple of ``cell_m``.

    The frame stays where it is when the data grow inside the same bounds.
    """
    x0, y0 = (np.floor(value / cell_m) * cell_m for value in bounds[:2])
    columns, rows = (
        max(int(np.ceil((high - low) / cell_m)), 1) for low, high in ((x0, bounds[2]), (y0, bounds[3]))
    )
    return Grid(float(x0), float(y0), cell_m, rows, columns)


@dataclass(frozen=True)
class Events:
    """Events on a grid: ``cell`` (n,) flat, -1 outside, ``day`` (n,), ``weight`` (n,) how much each counts."""

    cell: Ints
    day: Ints
    weight: Floats

    def between(self, first: int, last: int) -> Events:
        """Those from day ``first`` to day ``last``, both included, that lie on the grid."""
        kept = (self.day >= first) & (self.day <= last) & (self.cell >= 0)
        return Events(self.cell[kept], self.day[kept], self.weight[kept])


def events_on(grid: Grid, xy: Floats, day: Ints, weight: Floats | None = None) -> Events:
    """Events at points (n, 2) in metres; without ``weight`` each counts 1."""
    return Events(grid.cells(xy), day, np.ones(len(day)) if weight is None else weight)


@dataclass(frozen=True)
class SurfaceSettings:
    """Kernels of every ``spreads_m`` (standard deviation, 0: the cell alone) and ``fadings_days`` (e-folding),
    learned on periods of ``horizon_days``, at most ``periods`` of them."""

    spreads_m: tuple[float, ...] = (0.0, 105.0, 375.0)
    fadings_days: tuple[float, ...] = (30.0, 120.0, 700.0)
    horizon_days: int = 30
    periods: int = 12
    fewest_past_days: int = 90


@dataclass(frozen=True)
class Surface:
    """``share`` (rows, columns): expected share of the next period's events, summing to 1 over the mask.
    ``weights`` (spreads·fadings + 1,): of each kernel, the last of the even spread. ``learned``: from the
    past, or the plain mixture because there were too few events."""

    share: Floats
    weights: Floats
    learned: bool


def hotspot_surface(
    events: Events, grid: Grid, as_of: int, settings: SurfaceSettings, mask: Mask | None = None
) -> Surface:
    """The surface for the days after ``as_of``, from events up to and including that day."""
    weights, learned = _learned_weights(events, grid, as_of, settings, mask)
    kernels = _kernels(events, grid, as_of, settings, mask)
    return Surface(np.tensordot(weights, kernels, 1), weights, learned)


def _kernels(events: Events, grid: Grid, as_of: int, settings: SurfaceSettings, mask: Mask | None) -> Floats:
    """(kernels + 1, rows, columns), each summing to 1: what each kernel alone expects, and the even spread."""
    past = events.between(int(events.day.min(initial=as_of)), as_of)
    allowed = np.ones(grid.shape) if mask is None else mask.astype(float)
    even = allowed / max(allowed.sum(), 1.0)
    layers = []
    for fading in settings.fadings_days:
        faded = past.weight * np.exp(-(as_of - past.day) / fading)
        counts = np.bincount(past.cell, faded, grid.rows * grid.columns).reshape(grid.shape)
        for spread in settings.spreads_m:
            near = gaussian_filter(counts, spread / grid.cell_m, mode="constant") if spread else counts
            total = (near * allowed).sum()
            layers.append(near * allowed / total if total > 0 else even)
    return np.stack([*layers, even])


def _learned_weights(
    events: Events, grid: Grid, as_of: int, settings: SurfaceSettings, mask: Mask | None
) -> tuple[Floats, bool]:
    size = len(settings.spreads_m) * len(settings.fadings_days)
    plain = np.full(size + 1, 1 / (size + 1))
    first = int(events.day.min(initial=as_of)) + settings.fewest_past_days
    expected, counts = [], []
    for back in range(1, settings.periods + 1):
        origin = as_of - back * settings.horizon_days
        if origin < first:
            break
        coming = events.between(origin + 1, origin + settings.horizon_days)
        cells, index = np.unique(coming.cell, return_inverse=True)
        kernels = _kernels(events, grid, origin, settings, mask).reshape(size + 1, -1)
        expected.append(kernels[:, cells].T)
        counts.append(np.bincount(index, coming.weight, len(cells)))
    if not counts or np.concatenate(counts).sum() < _ENOUGH_EVENTS:
        return plain, False
    return mixture_weights(np.vstack(expected), np.concatenate(counts)), True


def mixture_weights(expected: Floats, counts: Floats) -> Floats:
    """Weights (k,) of a mixture of k densities under which ``counts`` (n,) are most likely.

    ``expected`` (n, k): what each density expects at each observation. Expectation maximisation; the
    likelihood is concave in the weights, so the start does not matter. Rows no density expects are left out.
    """
    seen = expected.sum(axis=1) > 0
    expected, counts = expected[seen], counts[seen]
    weights = np.full(expected.shape[1], 1 / expected.shape[1])
    for _step in range(_STEPS):
        mixed = expected * weights
        weights = counts @ (mixed / mixed.sum(axis=1, keepdims=True)) / counts.sum()
    return np.asarray(weights)


def accuracy(score: Floats, coming: Floats, cells: int, total_cells: int) -> tuple[float, float] | None:
    """PAI and PEI of the ``cells`` cells with the highest ``score``; None when nothing came.

    PAI (Chainey et al. 2008): share of the events in them over their share of the ``total_cells`` of the area.
    PEI: that over the best possible for as many cells. ``score`` and ``coming`` have the same shape; equal
    scores go in the order of the cells.
    """
    flat, events = score.ravel(), coming.ravel()
    if events.sum() == 0:
        return None
    hit = events[np.argsort(-flat, kind="stable")[:cells]].sum()
    best = np.sort(events)[::-1][:cells].sum()
    return float(hit / events.sum() / (cells / total_cells)), float(hit / best)
