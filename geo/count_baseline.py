"""What each place's weekly count is compared with: its own past, drawn towards that of all places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

Floats = npt.NDArray[np.float64]
_BLOCK = 500


@dataclass(frozen=True)
class DetectorSettings:
    """The one stated setting; ``name`` and ``version`` identify it in reports.

    ``windows``, ``levels``: the last so many weeks together fire when a count as high has a smaller chance.
    ``min_count``: fewer (weighted) reports in the window never fire: one report alone is no reactivation.
    ``history_weeks``, ``guard_weeks``: the baseline's length, and the weeks before the window it leaves out.
    ``usual_limit``: a count more than so many standard deviations above what was expected enters the baseline
    as that much only: a past outbreak must not hide the next one, while a lasting new level is learnt.
    ``prior_shape``: weight of the other places' rate, as that many reports seen.
    ``first_rate``: reports a week to expect where nobody has a past, with the weight of one week.
    ``dispersion``: unsteadiness v of quiet weeks (variance = mean + v mean²) before a place shows its own,
    ``dispersion_weight`` how strongly, ``dispersion_range`` what is believed of it.
    ``closing_weeks``, ``closing_share``: an episode has subsided while the mean rate of the last so many weeks
    is below this share of its highest.
    """

    name: str = "nb-pooled-1+4"
    version: str = "1"
    windows: tuple[int, ...] = (1, 4)
    levels: tuple[float, ...] = (0.07, 0.01)
    min_count: float = 2.0
    history_weeks: int = 104
    guard_weeks: int = 12
    usual_limit: float = 3.0
    prior_shape: float = 2.0
    first_rate: float = 0.5
    dispersion: float = 1.0
    dispersion_weight: float = 10.0
    dispersion_range: tuple[float, float] = (0.1, 4.0)
    closing_weeks: int = 3
    closing_share: float = 0.35

    def __post_init__(self) -> None:
        if not self.windows or len(self.windows) != len(self.levels):
            raise ValueError("one level a window")


def checked(counts: npt.ArrayLike, exposure: npt.ArrayLike | None) -> tuple[Floats, Floats]:
    """(places, weeks) counts with NaN where missing, and the exposure with 0 there."""
    seen = np.array(counts, dtype=float, ndmin=2)
    looked = np.ones_like(seen) if exposure is None else np.array(exposure, dtype=float, ndmin=2)
    if seen.ndim != 2 or seen.shape != looked.shape:
        raise ValueError("counts and exposure are (places, weeks)")
    for numbers in (seen, looked):
        if (numbers < 0).any() or np.isinf(numbers).any():
            raise ValueError("counts and exposure are finite and not negative")
    unseen = (looked == 0) & (seen > 0)
    if unseen.any():
        looked[unseen] = looked[looked > 0].mean() if (looked > 0).any() else 1.0
    missing = np.isnan(seen) | np.isnan(looked) | (looked == 0)
    seen[missing], looked[missing] = np.nan, 0.0
    return seen, looked


@dataclass(frozen=True)
class Pool:
    """All places together, arrays (weeks,), each from weeks up to its own: ``unit`` the mean exposure of an
    observed week, ``rate`` the typical count per unit (geometric mean over the places that were observed)."""

    unit: Floats
    rate: Floats

    @classmethod
    def of(cls, seen: Floats, looked: Floats, settings: DetectorSettings) -> Pool:
        """Pool ``checked`` counts over the last ``history_weeks``."""
        weeks, history = seen.shape[1], settings.history_weeks
        total = _between(_running(looked.sum(axis=0)[None]), history)[0]
        observed = _between(_running((looked > 0).sum(axis=0)[None]), history)[0]
        unit = np.where(observed > 0, total / np.maximum(observed, 1), 1.0)
        logs, known = np.zeros(weeks), np.zeros(weeks)
        for row in range(0, len(seen), _BLOCK):
            part = slice(row, row + _BLOCK)
            count = _between(_running(np.nan_to_num(seen[part])), history)
            units = _between(_running(looked[part]), history) / unit
            logs += np.where(units > 0, np.log((count + settings.first_rate) / (units + 1)), 0.0).sum(axis=0)
            known += (units > 0).sum(axis=0)
        rate = np.where(known > 0, np.exp(logs / np.maximum(known, 1)), settings.first_rate)
        return cls(unit, rate)


@dataclass(frozen=True)
class WindowTest:
    """The last weeks together, arrays (places, weeks): what was counted, of it before the last week, and the
    negative binomial to expect (``mean``, ``size``: variance = mean + mean² / size)."""

    count: Floats
    before: Floats
    mean: Floats
    size: Floats

    def tail(self, min_count: float) -> Floats:
        """Chance of a count at least as high, 1 below ``min_count`` and where nothing could be seen. Weighted
        counts lie between whole ones, as the incomplete beta function has it."""
        tail = np.ones(self.count.shape)
        judged = (self.count >= min_count) & (self.count > 0) & (self.mean > 0)
        mean, size = self.mean[judged], self.size[judged]
        tail[judged] = betainc(self.count[judged], size, mean / (mean + size))
        return tail


class Baseline:
    """Running sums of some places' counts and exposure, from which each window's test is made.

    ``seen`` are the counts that are tested, ``usual`` what of them enters the baseline.
    """

    def __init__(
        self, seen: Floats, looked: Floats, usual: Floats, pool: Pool, settings: DetectorSettings
    ) -> None:
        self.shape = seen.shape
        self.observed = looked > 0
        self._pool, self._settings = pool, settings
        self._week, past = np.nan_to_num(seen), np.nan_to_num(usual)
        self._count, self._looked = _running(self._week), _running(looked)
        self._usual, self._squares = _running(past), _running(past * past)
        self._product, self._looked_squares = _running(past * looked), _running(looked * looked)

    def test(self, weeks: int) -> WindowTest:
        """The test of the last ``weeks`` weeks, at each week."""
        settings, unit = self._settings, self._pool.unit
        until = weeks + settings.guard_weeks
        since = until + settings.history_weeks
        shape = _between(self._usual, since, until) + settings.prior_shape
        units = _between(self._looked, since, until) / unit
        rate = shape / (units + settings.prior_shape / self._pool.rate)
        window = _between(self._looked, weeks) / unit
        squares = _between(self._looked_squares, weeks) / unit**2
        spread = self._dispersion(since, until) * squares / np.maximum(window, 1e-12) ** 2
        count = _between(self._count, weeks)
        return WindowTest(count, count - self._week, rate * window, 1 / (1 / shape + spread))

    def _dispersion(self, since: int, until: int) -> Floats:
        """How much more than Poisson the baseline weeks varied, by moments, drawn towards the prior."""
        settings = self._settings
        count, looked = _between(self._usual, since, until), _between(self._looked, since, until)
        rate = count / np.where(looked > 0, looked, 1.0)
        means = rate**2 * _between(self._looked_squares, since, until)
        squares = (
            _between(self._squares, since, until) - 2 * rate * _between(self._product, since, until) + means
        )
        weight = settings.dispersion_weight
        moments = (weight * settings.dispersion + squares - count) / (weight + means)
        return np.asarray(np.clip(moments, *settings.dispersion_range))

    def recent_rate(self, weeks: int) -> Floats:
        """(places, weeks) count per unit of exposure in the last ``weeks`` weeks; 0 where nothing was seen."""
        looked = _between(self._looked, weeks) / self._pool.unit
        return _between(self._count, weeks) / np.where(looked > 0, looked, 1.0)


@dataclass(frozen=True)
class Places:
    """Checked counts and exposure of all places, what of the counts is usual, and the pool; (places, weeks)."""

    seen: Floats
    looked: Floats
    usual: Floats
    pool: Pool
    settings: DetectorSettings

    @classmethod
    def of(cls, counts: npt.ArrayLike, exposure: npt.ArrayLike | None, settings: DetectorSettings) -> Places:
        """Check and prepare; a week's usual part follows from the weeks before it, so nothing looks ahead."""
        seen, looked = checked(counts, exposure)
        plain = cls(seen, looked, seen, Pool.of(seen, looked, settings), settings)
        usual = np.empty_like(seen)
        for rows in plain.blocks():
            week = plain.baseline(rows).test(1)
            limit = week.mean + settings.usual_limit * np.sqrt(week.mean + week.mean**2 / week.size)
            usual[rows] = np.minimum(seen[rows], limit)
        return cls(seen, looked, usual, Pool.of(usual, looked, settings), settings)

    def blocks(self) -> Iterator[slice]:
        """The places by parts whose running sums stay in the processor's cache."""
        return (slice(start, start + _BLOCK) for start in range(0, len(self.seen), _BLOCK))

    def baseline(self, rows: slice) -> Baseline:
        """The baseline of some places."""
        return Baseline(self.seen[rows], self.looked[rows], self.usual[rows], self.pool, self.settings)


def _running(values: npt.NDArray[np.float64] | npt.NDArray[np.int64]) -> Floats:
    """(places, weeks + 1) sums of the weeks before each week."""
    sums = np.zeros((values.shape[0], values.shape[1] + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:])
    return sums


def _between(sums: Floats, since: int, until: int = 0) -> Floats:
    """(places, weeks) sums of the weeks after ``since`` and up to ``until`` weeks back, of running sums: (4, 0)
    are the last four weeks."""
    # Slices, for picking columns by number takes most of a scan's time.
    weeks = sums.shape[1] - 1
    total = np.zeros((len(sums), weeks))
    late, early = min(until, weeks), min(since, weeks)
    total[:, late:] = sums[:, 1 : weeks + 1 - late]
    total[:, early:] -= sums[:, 1 : weeks + 1 - early]
    return total
