"""Where a surface is more than chance, and how it changes: Getis-Ord Gi* and trend classes by cell.

Gi* explains; it does not predict (see the benchmarks' README). Classes follow the emerging hot spot analysis
of space-time cubes: significance by period, and Mann-Kendall's test of the trend of Gi*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import convolve
from scipy.special import gammainc, ndtr, ndtri

from geo.surface import Events, Floats, Grid, Mask
from geo.words import Trend

__all__ = ["HotCells", "Trend", "counts_by_period", "getis_ord", "trend_classes"]

_NEIGHBOURHOOD = np.ones((3, 3))


@dataclass(frozen=True)
class HotCells:
    """``z`` (rows, columns) Gi*, 0 outside the mask; ``hot``: significant after false-discovery control."""

    z: Floats
    hot: Mask


def getis_ord(counts: Floats, mask: Mask | None = None, *, false_share: float = 0.05) -> HotCells:
    """Gi* of ``counts`` (rows, columns) over each cell and its eight neighbours inside the mask.

    Getis and Ord 1992; one-sided p-values, Benjamini-Hochberg at ``false_share``. The normal p-value of Gi* is
    far too small where events are few: one event in an empty district would be "significant". So it is never
    less than the chance of as many events under an even spread (Poisson). A surface without differences has no
    hot cell.
    """
    allowed = np.ones(counts.shape, dtype=bool) if mask is None else mask
    inside = allowed.astype(float)
    size = inside.sum()
    values = counts[allowed]
    spread = values.std() if size > 1 else 0.0
    if spread == 0:
        return HotCells(np.zeros(counts.shape), np.zeros(counts.shape, dtype=bool))
    near = convolve(counts * inside, _NEIGHBOURHOOD, mode="constant")
    cells = convolve(inside, _NEIGHBOURHOOD, mode="constant")
    # Weights are 0 or 1, so their sum is the sum of their squares.
    room = np.maximum(cells * (size - cells) / (size - 1), 0.0)
    deviation = spread * np.sqrt(room)
    z = np.divide(near - values.mean() * cells, deviation, out=np.zeros(counts.shape), where=deviation > 0)
    z[~allowed] = 0.0
    hot = np.zeros(counts.shape, dtype=bool)
    by_chance = _chance_of_at_least(near[allowed], values.mean() * cells[allowed])
    hot[allowed] = _discoveries(np.maximum(ndtr(-z[allowed]), by_chance), false_share)
    return HotCells(z, hot)


def _chance_of_at_least(seen: Floats, expected: Floats) -> Floats:
    """Poisson chance (n,) of ``seen`` events or more; 1 where none was seen. Counts need not be whole."""
    return np.where(seen > 0, gammainc(np.maximum(seen, 1e-9), expected), 1.0)


def _discoveries(p: Floats, false_share: float) -> Mask:
    """Benjamini and Hochberg 1995: which of the (n,) p-values are discoveries at this share of false ones."""
    order = np.sort(p)
    passed = np.flatnonzero(order <= false_share * np.arange(1, len(p) + 1) / len(p))
    if len(passed) == 0:
        return np.zeros(len(p), dtype=bool)
    return np.asarray(p <= order[passed[-1]])


def counts_by_period(events: Events, grid: Grid, as_of: int, period_days: int, periods: int) -> Floats:
    """(periods, rows, columns) counts of the last ``periods`` periods up to and including ``as_of``."""
    frames = []
    for back in reversed(range(periods)):
        last = as_of - back * period_days
        some = events.between(last - period_days + 1, last)
        frames.append(np.bincount(some.cell, some.weight, grid.rows * grid.columns).reshape(grid.shape))
    return np.stack(frames)


def trend_classes(
    counts: Floats, mask: Mask | None = None, *, mostly: float = 0.9, significance: float = 0.05
) -> npt.NDArray[np.object_]:
    """The class of each cell, (rows, columns) of ``Trend`` or None where it was never hot.

    ``counts``: (periods, rows, columns), oldest first. New: hot in the last period only. Intensifying,
    persistent, diminishing: hot in the last and in at least ``mostly`` of the periods, Gi* rising, steady or
    falling. Historical: hot in at least ``mostly`` of the earlier periods, not in the last. Sporadic: hot
    now and then.
    """
    by_period = [getis_ord(frame, mask) for frame in counts]
    hot = np.stack([cells.hot for cells in by_period])
    slope = _mann_kendall(np.stack([cells.z for cells in by_period]))
    limit = float(-ndtri(significance / 2))
    now, before = hot[-1], hot[:-1].sum(axis=0)
    earlier = max(len(hot) - 1, 1)
    most = now & (hot.mean(axis=0) >= mostly)
    classes = np.full(counts.shape[1:], None, dtype=object)
    classes[hot.any(axis=0)] = Trend.SPORADIC
    classes[most] = Trend.PERSISTENT
    classes[most & (slope > limit)] = Trend.INTENSIFYING
    classes[most & (slope < -limit)] = Trend.DIMINISHING
    classes[~now & (before > 0) & (before / earlier >= mostly)] = Trend.HISTORICAL
    classes[now & (before == 0)] = Trend.NEW
    return classes


def _mann_kendall(series: Floats) -> Floats:
    """Normal scores of Mann-Kendall's trend test along the first axis, 0 for fewer than three periods."""
    length = len(series)
    if length < 3:
        return np.zeros(series.shape[1:])
    signs = np.zeros(series.shape[1:])
    for k in range(length - 1):
        signs += np.sign(series[k + 1 :] - series[k]).sum(axis=0)
    deviation = np.sqrt(length * (length - 1) * (2 * length + 5) / 18)
    return np.asarray((signs - np.sign(signs)) / deviation)
