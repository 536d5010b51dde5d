"""A risk model fitted on one's own inspections: ridge logistic regression whose log-odds are a sum of parts.

Training rows are shown to the model as it will later see new ones: an inspection gets the features known at
the start of a period of the same length as the one to be scored. The strength of the ridge is the one with the
largest evidence (MacKay 1992, Laplace approximation), so that little data means small parts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from geo.risk_features import FeatureSettings, Floats, InspectionLog, Rows, SignalLog, features_at

#: Below this many past inspections, or of either outcome, nothing is fitted.
ENOUGH_ROWS, ENOUGH_OF_EACH = 100, 10
_RIDGES = (10.0, 30.0, 100.0, 300.0, 1000.0)
#: Categories seen less often than this are one category, "other".
_ENOUGH_OF_CATEGORY = 20
_FEW_VALUES = 10
_MOST_ROWS = 100_000
_STEPS = 50


@dataclass(frozen=True)
class Encoding:
    """How one feature becomes numbers. Numeric: clipped to ``low``-``high``, missing as ``middle`` with a
    mark of its own. Otherwise one indicator for each of ``categories``."""

    name: str
    low: float = 0.0
    high: float = 0.0
    middle: float = 0.0
    categories: tuple[str, ...] = ()

    def columns(self, values: pd.Series) -> Floats:
        """(n, c) numbers of one feature; c is the same for every call."""
        if self.categories:
            text = _as_text(values).to_numpy()
            return np.column_stack([text == category for category in self.categories]).astype(float)
        number = _as_number(values)
        missing = ~np.isfinite(number)
        return np.column_stack([np.clip(np.where(missing, self.middle, number), self.low, self.high), missing])


def learn_encoding(values: pd.Series) -> Encoding:
    """The encoding of a feature from training rows alone: a number where every value given is one."""
    name, number = str(values.name), _as_number(values)
    seen = number[np.isfinite(number)]
    if 0 < len(seen) == values.notna().sum():
        low, high = (
            np.quantile(seen, [0.01, 0.99]) if len(np.unique(seen)) > _FEW_VALUES else (seen.min(), seen.max())
        )
        return Encoding(name, float(low), float(high), float(seen.mean()))
    counts = _as_text(values).value_counts()
    common = sorted(counts[counts >= _ENOUGH_OF_CATEGORY].index)
    return Encoding(name, categories=tuple(common) or ("",))


def _as_number(values: pd.Series) -> Floats:
    return np.asarray(pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan))


def _as_text(values: pd.Series) -> pd.Series:
    return values.astype("string").fillna("")


@dataclass(frozen=True)
class FittedRisk:
    """A fitted model: ``base`` log-odds plus, for each encoding, its columns' centred values times weights."""

    base: float
    encodings: tuple[Encoding, ...]
    means: tuple[Floats, ...]
    weights: tuple[Floats, ...]
    ridge: float
    rows: int

    def parts(self, features: pd.DataFrame) -> pd.DataFrame:
        """Log-odds of each feature, one column a part; 0 is the mean training row. With ``base`` they sum
        to the log-odds exactly."""
        return pd.DataFrame(
            {
                encoding.name: (encoding.columns(features[encoding.name]) - mean) @ weight
                for encoding, mean, weight in zip(self.encodings, self.means, self.weights, strict=True)
            }
        )

    def log_odds(self, features: pd.DataFrame) -> Floats:
        """(n,) log-odds of finding a violation: ``base`` plus the parts."""
        return np.asarray(self.base + self.parts(features).sum(axis=1).to_numpy(dtype=float))


@dataclass(frozen=True)
class TrainingSet:
    """Past inspections as the model learns from them: n rows of ``features``, ``outcome`` 0/1, ``weight``."""

    features: pd.DataFrame
    outcome: Floats
    weight: Floats


def training_set(
    log: InspectionLog, signals: SignalLog | None, as_of: int, horizon_days: int, settings: FeatureSettings
) -> TrainingSet | None:
    """What was known before day ``as_of``, to score a period of ``horizon_days``; None: not enough data.

    Each past inspection is seen from two starting days half a horizon apart, with half a weight each.
    """
    blocks = _training_blocks(log.day, as_of, horizon_days)
    rows = np.concatenate([np.empty(0, dtype=np.intp), *(some for _start, some in blocks)])
    apart = np.unique(rows)
    of_each = np.bincount(log.outcome[apart].astype(int), minlength=2)
    if len(apart) < ENOUGH_ROWS or of_each.min() < ENOUGH_OF_EACH:
        return None
    seen = [features_at(log, signals, some, start, settings) for start, some in blocks]
    weight = 1.0 / np.bincount(rows, minlength=len(log))[rows]
    return TrainingSet(pd.concat(seen, ignore_index=True), log.outcome[rows], weight)


def _training_blocks(day: npt.NDArray[np.int64], as_of: int, horizon: int) -> list[tuple[int, Rows]]:
    """Starting days going back from ``as_of`` by half horizons, each with the rows of the horizon after it.

    The first half horizon of the data is left out: there is little to know before it. Very long histories end
    where ``_MOST_ROWS`` are reached.
    """
    blocks: list[tuple[int, Rows]] = []
    stride = max(horizon // 2, 1)
    start, taken = as_of - horizon, 0
    while len(day) and start >= day.min() + stride and taken < _MOST_ROWS:
        rows = np.flatnonzero((day >= start) & (day < min(start + horizon, as_of)))
        if len(rows):
            blocks.append((start, rows))
        start, taken = start - stride, taken + len(rows)
    return blocks


def fit_risk(training: TrainingSet) -> FittedRisk:
    """Fit the model to a training set; the features' encodings are learned from its rows alone."""
    encodings = [learn_encoding(values) for _name, values in training.features.items()]
    matrices = [encoding.columns(training.features[encoding.name]) for encoding in encodings]
    whole = np.column_stack(matrices)
    mean = np.average(whole, axis=0, weights=training.weight)
    spread = np.sqrt(np.average((whole - mean) ** 2, axis=0, weights=training.weight))
    varies = spread > 1e-9
    scaled = (whole[:, varies] - mean[varies]) / spread[varies]
    fits = [(*ridge_logistic(scaled, training.outcome, training.weight, ridge), ridge) for ridge in _RIDGES]
    base, slopes, _evidence, ridge = max(fits, key=lambda fit: fit[2])
    weights = np.zeros(whole.shape[1])
    weights[varies] = slopes / spread[varies]
    ends = np.cumsum([matrix.shape[1] for matrix in matrices])[:-1]
    return FittedRisk(
        base=base,
        encodings=tuple(encodings),
        means=tuple(np.split(mean, ends)),
        weights=tuple(np.split(weights, ends)),
        ridge=ridge,
        rows=round(float(training.weight.sum())),
    )


def ridge_logistic(
    x: Floats, y: Floats, weight: Floats, ridge: float, offset: Floats | float = 0.0
) -> tuple[float, Floats, float]:
    """Weighted logistic regression with penalty ``ridge``/2·|slopes|², by Newton's method.

    ``offset``: log-odds (n,) that are given and not fitted. Returns the intercept (not penalised), the slopes
    and the log evidence up to a constant.
    """
    design = np.column_stack([np.ones(len(x)), x])
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = 0.0
    rate = np.average(y, weights=weight)
    beta = np.zeros(design.shape[1])
    beta[0] = np.log(rate / (1 - rate)) - np.mean(offset)
    for _step in range(_STEPS):
        chance = expit(offset + design @ beta)
        gradient = design.T @ (weight * (y - chance)) - penalty * beta
        curvature = (design * (weight * chance * (1 - chance))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        beta = beta + step
        if np.abs(step).max() < 1e-8:
            break
    line = offset + design @ beta
    fit = float(np.sum(weight * (y * line - np.logaddexp(0.0, line))))
    _sign, size = np.linalg.slogdet(curvature)
    evidence = fit - ridge * float(beta[1:] @ beta[1:]) / 2 + x.shape[1] * np.log(ridge) / 2 - float(size) / 2
    return float(beta[0]), np.asarray(beta[1:]), evidence
