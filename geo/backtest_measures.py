"""How good an order of inspections was: days earlier, first-half share, AUC, calibration, and intervals.

Days earlier and first-half share follow the City of Chicago's evaluation (Schenk et al. 2015): the real dates
are handed out again in the order of the scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.risk_features import Floats, Ints

MEASURES = ("days_earlier", "first_half_share", "auc")
_BINS = 10


@dataclass(frozen=True)
class Period:
    """The inspections of one window: ``day`` (n,), ``outcome`` (n,) 0/1, ``place_in_file`` (n,) the rank of the
    inspection's id, which breaks ties."""

    day: Ints
    outcome: Floats
    place_in_file: Ints

    def taken(self, rows: npt.NDArray[np.intp]) -> Period:
        """The same with some rows, repeated where ``rows`` repeats."""
        return Period(self.day[rows], self.outcome[rows], self.place_in_file[rows])


def measure(score: Floats, period: Period) -> dict[str, float | None]:
    """The three measures of the order of ``score`` (n,), high first; None where the data cannot say.

    ``days_earlier``: the period's own dates are handed out in score order; mean of actual minus simulated date
    over the inspections that found something. ``first_half_share``: share of those simulated on the days on
    which the cumulative number of inspections stays below half. ``auc``: the chance that one that found
    something stands before one that did not, ties counting half.
    """
    found = period.outcome == 1
    if not found.any():
        return dict.fromkeys(MEASURES)
    simulated = np.empty(len(score), dtype=np.int64)
    days = np.sort(period.day)
    simulated[np.lexsort((period.place_in_file, -score))] = days
    # On this day the cumulative number reaches half.
    half_reached = days[(len(days) + 1) // 2 - 1]
    return {
        "days_earlier": float((period.day - simulated)[found].mean()),
        "first_half_share": float((simulated[found] < half_reached).mean()),
        "auc": _auc(score, found),
    }


def _auc(score: Floats, found: npt.NDArray[np.bool_]) -> float | None:
    negatives = np.sort(score[~found])
    if len(negatives) == 0:
        return None
    below, not_above = (np.searchsorted(negatives, score[found], side) for side in ("left", "right"))
    return float((below + not_above).mean() / (2 * len(negatives)))


def mean_of(rows: Sequence[Mapping[str, float | None]]) -> dict[str, float | None]:
    """The mean of each measure over the windows that have it."""
    means: dict[str, float | None] = {}
    for name in MEASURES:
        values = [value for row in rows if (value := row[name]) is not None]
        means[name] = float(np.mean(values)) if values else None
    return means


def resampled_means(
    orders: Mapping[str, Sequence[Floats]], periods: Sequence[Period], draws: int, seed: int
) -> dict[str, Floats]:
    """Bootstrap of the means over windows: (draws, 3) by order, NaN where a measure has no value.

    Inspections are drawn with replacement inside each window, the same ones for every order, so that
    differences between orders can be taken draw by draw.
    """
    random = np.random.default_rng(seed)
    means: dict[str, list[list[float]]] = {name: [] for name in orders}
    for _draw in range(draws):
        rows = [random.integers(0, len(period.day), len(period.day)) for period in periods]
        drawn = [period.taken(some) for period, some in zip(periods, rows, strict=True)]
        for name, scores in orders.items():
            measured = [
                measure(score[some], period) for score, some, period in zip(scores, rows, drawn, strict=True)
            ]
            means[name].append([_number(value) for value in mean_of(measured).values()])
    return {name: np.array(values).reshape(draws, len(MEASURES)) for name, values in means.items()}


def interval(draws: Floats) -> list[float] | None:
    """The middle 95% of bootstrap draws, None where there are none."""
    known = draws[np.isfinite(draws)]
    if len(known) == 0:
        return None
    low, high = np.quantile(known, [0.025, 0.975]).tolist()
    return [low, high]


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def calibration(probability: Floats, outcome: Floats, expected: Floats) -> dict[str, object]:
    """Brier score beside that of the ``expected`` rate of the past, and a reliability table of ten equal bins.

    Each bin: ``n``, ``predicted`` (mean probability), ``found`` (share that found something).
    """
    bins = [some for some in np.array_split(np.argsort(probability, kind="stable"), _BINS) if len(some)]
    return {
        "brier": float(np.mean((probability - outcome) ** 2)),
        "brier_of_past_rate": float(np.mean((expected - outcome) ** 2)),
        "reliability": [
            {
                "n": len(some),
                "predicted": float(probability[some].mean()),
                "found": float(outcome[some].mean()),
            }
            for some in bins
        ],
    }


@dataclass(frozen=True)
class PairsWon:
    """Pairs of one that found something and one that did not, by stratum: ``pairs`` and those ordered right."""

    pairs: Floats
    won: Mapping[str, Floats]


def pairs_within(scores: Mapping[str, Floats], outcome: Floats, stratum: Ints) -> PairsWon:
    """Compare only inspections of the same ``stratum`` (n,), e.g. of the same month and area.

    What makes whole areas differ, such as who inspects there, cannot help an order here.
    """
    pairs: list[int] = []
    won: dict[str, list[float]] = {name: [] for name in scores}
    order = np.argsort(stratum, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(stratum[order])) + 1):
        found = outcome[group] == 1
        if found.all() or not found.any():
            continue
        pairs.append(int(found.sum() * (~found).sum()))
        for name, score in scores.items():
            gap = score[group][found][:, None] - score[group][~found][None, :]
            won[name].append(float((gap > 0).sum() + (gap == 0).sum() / 2))
    return PairsWon(np.array(pairs, float), {name: np.array(values) for name, values in won.items()})


def compare_pairs(result: PairsWon, one: str, other: str, draws: int, seed: int) -> dict[str, object]:
    """Share of pairs ordered right by two scores and their difference, with its bootstrap over strata."""
    total = result.pairs.sum()
    if total == 0:
        return {"pairs": 0, one: None, other: None, "difference": None, "interval": None}
    size = len(result.pairs)
    times = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), draws)
    gain = result.won[one] - result.won[other]
    return {
        "pairs": int(total),
        one: float(result.won[one].sum() / total),
        other: float(result.won[other].sum() / total),
        "difference": float(gain.sum() / total),
        "interval": interval((times @ gain) / np.maximum(times @ result.pairs, 1)),
    }
