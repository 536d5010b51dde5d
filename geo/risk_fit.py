"""The point table fitted to one's own inspections: log-odds = base + sum of (multiplier x the table's part).

A ridge logistic regression whose prior is the table: every multiplier is believed to be 1, and data move all
of them together (is the table too bold?) and each by itself. So little data means the table, each part keeps
its name and sentence, and every prediction is exactly the sum of its parts. How far single multipliers may move
is what the data speak most for (evidence, MacKay 1992); none falls below 0.

Past inspections are seen in calendar periods: each with the parts known on the day before its period began.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from geo.risk_model import ridge_logistic
from geo.risk_parts import Floats
from geo.risk_settings import FitSettings, RiskSettings

Ints = npt.NDArray[np.int64]
#: The level of the whole district: the same for all, so it is taken as it is.
LEVEL = "district"
#: Spreads that are tried, as multiples of the one of the settings.
_SPREADS = (0.25, 0.5, 1.0, 2.0, 4.0)
#: Decimals of what is fitted: enough for a tenth of a point, and the same on every machine.
_DECIMALS = 4


@dataclass(frozen=True)
class Block:
    """The checks of a period from ``first`` to ``last``: n inspections, k parts as known on the day before.

    ``log_odds`` (n, k) of the table's parts ``names``; ``outcome`` (n,) 1 where something serious was found;
    ``day`` (n,) since 1970; ``since_days`` (n,) since the last check, NaN for never. ``left_out``: checks of
    premises that nobody knew, or that were not in business, on the day before.
    """

    first: date
    last: date
    names: tuple[str, ...]
    log_odds: Floats
    outcome: Floats
    day: Ints
    since_days: Floats
    left_out: int = 0

    def part(self, name: str) -> Floats:
        """(n,) log-odds of one part in the table."""
        return self.log_odds[:, self.names.index(name)]


@dataclass(frozen=True)
class FittedWeights:
    """What the inspections say of the table: ``base`` added to its base, ``multipliers`` by name of part.

    ``covariance`` (1 + k, 1 + k): of the base and the multipliers, in their order. ``spread``: of the
    multipliers around 1, by evidence. ``inspections``, ``found``: rows of the fit and those that found
    something; ``fitted_on``: last day of its data.
    """

    base: float
    multipliers: Mapping[str, float]
    covariance: Floats
    spread: float
    inspections: int
    found: int
    fitted_on: date
    settings_version: str

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits over the settings and the fitted numbers."""
        document = [self.settings_version, self.base, sorted(self.multipliers.items())]
        return hashlib.sha256(json.dumps(document).encode()).hexdigest()[:12]

    def log_odds(self, block: Block, base: float) -> Floats:
        """(n,) log-odds of the checks of a block; ``base`` is the table's."""
        times = np.array([self.multipliers.get(name, 1.0) for name in block.names])
        return np.asarray(base + self.base + block.log_odds @ times)

    def doubt(self, parts: Mapping[str, Floats]) -> Floats:
        """Standard deviation of the log-odds (n,) that the fit leaves open; ``parts``: the table's log-odds."""
        x = np.column_stack([parts[name] for name in self.multipliers])
        design = np.column_stack([np.ones(len(x)), x])
        variance = np.einsum("ij,jk,ik->i", design, self.covariance, design)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


def doubt_of_table(parts: Mapping[str, Floats], settings: FitSettings) -> Floats:
    """Standard deviation of the log-odds (n,) where each weight of the table, and all of them together, are
    believed to be right give or take ``weight_spread``; ``parts``: the table's log-odds by name."""
    weighed = np.column_stack([value for name, value in parts.items() if name != LEVEL])
    variance = np.square(weighed).sum(axis=1) + np.square(weighed.sum(axis=1))
    return np.asarray(settings.weight_spread * np.sqrt(variance))


def fit_weights(blocks: Iterable[Block], settings: RiskSettings) -> FittedWeights | None:
    """Fit the multipliers to the checks of ``blocks``; None where there are too few to fit anything.

    Too few: less than ``least_inspections``, or less than ``least_found`` that found something, or nothing.
    """
    some = [block for block in blocks if len(block.outcome)]
    found = np.concatenate([np.empty(0), *(block.outcome for block in some)])
    fit = settings.fit
    if len(found) < fit.least_inspections or min(found.sum(), (1 - found).sum()) < fit.least_found:
        return None
    names = [name for name in some[0].names if name != LEVEL]
    x = np.vstack([np.column_stack([block.part(name) for name in names]) for block in some])
    level = settings.scale.base + np.concatenate([block.part(LEVEL) for block in some])
    tried = [_fit(x, found, level, fit.weight_spread * times, fit.weight_spread) for times in _SPREADS]
    best = max(tried, key=lambda one: one.evidence)
    return FittedWeights(
        base=round(best.base, _DECIMALS),
        multipliers=dict(zip(names, np.round(best.multipliers, _DECIMALS).tolist(), strict=True)),
        covariance=best.covariance,
        spread=best.spread,
        inspections=len(found),
        found=int(found.sum()),
        fitted_on=max(block.last for block in some),
        settings_version=settings.version,
    )


@dataclass(frozen=True)
class _Fit:
    """One try: numbers as in ``FittedWeights``, and the logarithm of the evidence for its spread."""

    base: float
    multipliers: Floats
    covariance: Floats
    spread: float
    evidence: float


def _fit(x: Floats, y: Floats, level: Floats, spread: float, common_spread: float) -> _Fit:
    """Multipliers 1 + common change + own change of each part, with normal priors of the two spreads.

    A multiplier that would fall below 0 is held there.
    """
    free = np.ones(x.shape[1], dtype=bool)
    while True:
        kept = x[:, free]
        # Columns in units of their prior, so that one penalty of 1 is right for all.
        scaled = np.column_stack([kept * spread, kept.sum(axis=1) * common_spread])
        offset = level + kept.sum(axis=1)
        base, slopes, evidence = ridge_logistic(scaled, y, np.ones(len(y)), 1.0, offset)
        multipliers = np.zeros(x.shape[1])
        multipliers[free] = 1.0 + slopes[:-1] * spread + slopes[-1] * common_spread
        if (multipliers >= 0).all():
            break
        free &= multipliers > 0
    chance = expit(offset + base + scaled @ slopes)
    design = np.column_stack([np.ones(len(y)), scaled])
    penalty = np.ones(design.shape[1])
    penalty[0] = 0.0
    curvature = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(penalty)
    # From base, own and common changes to base and multipliers; rows of what is held at 0 stay 0.
    back = np.zeros((1 + len(free), design.shape[1]))
    back[0, 0] = 1.0
    rows = 1 + np.flatnonzero(free)
    back[rows, np.arange(1, 1 + len(rows))] = spread
    back[rows, -1] = common_spread
    return _Fit(base, multipliers, back @ np.linalg.inv(curvature) @ back.T, spread, evidence)


def calendar_periods(first: date, as_of: date, months: int) -> list[tuple[date, date]]:
    """First and last days of the calendar periods of ``months`` that begin on or after ``first`` and have ended
    on ``as_of``; periods of 2 months are January-February, ..., so that a fit holds until the next one ends."""
    end = as_of.year * 12 + as_of.month - 1
    starts: list[date] = []
    month = (first.year * 12 + first.month - 1) // months * months
    while month <= end + months:
        starts.append(date(month // 12, month % 12 + 1, 1))
        month += months
    spans = [(start, after - timedelta(days=1)) for start, after in pairwise(starts)]
    return [(start, last) for start, last in spans if start >= first and last <= as_of]
