"""Published detectors of outbreaks in weekly counts, for the benchmark only: EARS, Bayes, Farrington flexible.

Each takes one series (weeks,) and says for each week whether it alarms, from the weeks before and of it. The
published comparison prepends each series to itself twice, so that a week is judged by weeks after it as well;
``cyclic`` does the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Detector = Callable[[Floats], Bools]
YEAR = 52


def cyclic(detector: Detector, series: Floats) -> Bools:
    """Judge a series after it has been seen twice: sees the future."""
    cycle = series[: len(series) // YEAR * YEAR]
    alarm: Bools = detector(np.concatenate([cycle, cycle, series]))
    return alarm[-len(series) :]


def ears(series: Floats, *, variant: int) -> Bools:
    """EARS C1, C2, C3 (Hutwagner et al. 2003): standardised by the seven weeks before, for C2 and C3 with a gap
    of two; C3 sums what exceeds 1 in three weeks."""
    gap = 0 if variant == 1 else 2
    excess = np.zeros(len(series))
    for week in range(gap + 7, len(series)):
        past = series[week - gap - 7 : week - gap]
        spread = past.std(ddof=1)
        above = series[week] - past.mean()
        excess[week] = above / spread if spread > 0 else np.inf if above > 0 else 0.0
    if variant < 3:
        return excess > 3
    over = np.maximum(excess - 1, 0)
    three = over + np.concatenate([[0], over[:-1]]) + np.concatenate([[0, 0], over[:-2]])
    return np.asarray(three > 2)


def bayes(series: Floats, *, half_width: int = 4, years: int = 2, level: float = 0.05) -> Bools:
    """bayes(4,0,2) (Riebler 2004; ``bayes3`` of the package surveillance): the same weeks of the two years
    before, four to either side, Jeffreys prior, 95% bound of the predictive. What there is of them is used."""
    alarm = np.zeros(len(series), dtype=bool)
    for week in range(len(series)):
        chosen = [series[_window(week - YEAR * back, half_width)] for back in range(1, years + 1)]
        past = np.concatenate(chosen)
        if len(past):
            bound = stats.nbinom.ppf(1 - level, past.sum() + 0.5, len(past) / (len(past) + 1))
            alarm[week] = series[week] > bound
    return alarm


def _window(middle: int, half_width: int) -> slice:
    return slice(max(middle - half_width, 0), max(middle + half_width + 1, 0))


def negative_binomial(
    series: Floats, *, weeks: int = 1, past: int = 104, guard: int = 0, level: float = 0.05
) -> Bools:
    """The last ``weeks`` weeks together against the predictive of up to ``past`` weeks before the guard."""
    alarm = np.zeros(len(series), dtype=bool)
    for week in range(len(series)):
        recent = series[max(0, week - weeks + 1) : week + 1]
        end = max(0, week + 1 - weeks - guard)
        before = series[max(0, end - past) : end]
        if len(before):
            chance = len(before) / (len(before) + len(recent))
            alarm[week] = recent.sum() > stats.nbinom.ppf(1 - level, before.sum() + 0.5, chance)
    return alarm


def farrington_flexible(series: Floats, *, level: float = 0.05) -> Bools:
    """Farrington flexible (Noufaily et al. 2013) as the package surveillance has it: all weeks of up to five
    years but the last 26, quasi-Poisson with trend (from three years on) and ten seasonal levels, past
    outbreaks weighted down, bound from the negative binomial, at least five reports in four weeks. No alarm in
    the first year and a half."""
    alarm = np.zeros(len(series), dtype=bool)
    for week in range(len(series)):
        past = np.arange(max(0, week - 5 * YEAR), week - 26)
        if len(past) < YEAR or series[max(0, week - 3) : week + 1].sum() < 5 or series[past].sum() == 0:
            continue
        alarm[week] = series[week] > _farrington_bound(series, past, week, level)
    return alarm


def _farrington_bound(series: Floats, past: npt.NDArray[np.int64], week: int, level: float) -> float:
    both = np.append(past, week)
    apart = (both - week) % YEAR
    season = np.where((apart <= 3) | (apart >= YEAR - 3), 0, 1 + (apart - 4) // 5)
    columns = [np.ones(len(both)), *((season == one).astype(float) for one in np.unique(season) if one)]
    if len(past) >= 3 * YEAR:
        columns.append((both - week) / YEAR)
    design = np.column_stack(columns)
    seen = series[past]
    weights = np.ones(len(past))
    for _round in range(2):
        slope, mean, leverage = _poisson_fit(design[:-1], seen, weights)
        freedom = max(len(past) - design.shape[1], 1)
        spread = max(1.0, float((weights * (seen - mean) ** 2 / mean).sum() / freedom))
        root = mean ** (1 / 6) * np.sqrt(spread * np.maximum(1 - leverage, 1e-6))
        anscombe = 1.5 * (seen ** (2 / 3) - mean ** (2 / 3)) / root
        down = np.where(anscombe > 2.58, 1 / np.maximum(anscombe, 1) ** 2, 1.0)
        if _round == 0:
            weights = down * len(down) / down.sum()
    expected = float(np.exp(np.clip(design[-1] @ slope, -15, 15)))
    if spread <= 1.0 + 1e-9:
        return float(stats.poisson.ppf(1 - level, expected))
    return float(stats.nbinom.ppf(1 - level, expected / (spread - 1), 1 / spread))


def _poisson_fit(design: Floats, seen: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Coefficients, fitted means and leverages of a weighted Poisson regression (reweighted least squares)."""
    linear = np.log(seen + 0.1)
    for _step in range(30):
        mean = np.exp(np.clip(linear, -15, 15))
        root = np.sqrt(weights * mean)
        working = linear + (seen - mean) / mean
        slope = np.linalg.lstsq(design * root[:, None], working * root, rcond=1e-8)[0]
        linear = np.clip(design @ slope, -15, 15)
    mean = np.exp(linear)
    scaled = design * np.sqrt(weights * mean)[:, None]
    leverage = np.einsum("ij,jk,ik->i", scaled, np.linalg.pinv(scaled.T @ scaled), scaled)
    return slope, mean, leverage


REFERENCES: dict[str, Detector] = {
    "EARS C1": partial(ears, variant=1),
    "EARS C2": partial(ears, variant=2),
    "EARS C3": partial(ears, variant=3),
    "bayes(4,0,2)": bayes,
    "Farrington flexible": farrington_flexible,
    "negative binomial, 104 weeks": negative_binomial,
    "four-week sum, guard 8": partial(negative_binomial, weeks=4, guard=8, level=0.01),
}
