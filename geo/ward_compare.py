"""Wards side by side without reading too much into small numbers: intervals, ranks with intervals, a funnel.

Sources: E. B. Wilson (1927) for the interval of a share; D. J. Spiegelhalter (2005), "Funnel plots for
comparing institutional performance", for the control limits; H. Goldstein and D. J. Spiegelhalter (1996),
"League tables and their limitations", for the intervals of ranks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

#: Limits of the funnel: two and three standard errors of a normal distribution.
WARN, FAR = 0.025, 0.001
_Z = 1.959964
_DRAWS, _RANK_TAIL = 4000, 0.05


class Standing(StrEnum):
    """Where a ward lies in the funnel: what chance alone would do, or more than that."""

    INSIDE = "inside"
    ABOVE = "above"
    FAR_ABOVE = "far_above"
    BELOW = "below"
    FAR_BELOW = "far_below"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Compared:
    """A ward's share ``k`` of ``n`` with its 95% interval, its rank (1 is the largest) between ``rank_low``
    and ``rank_high`` (90%), and where it stands in the funnel. All None where ``n`` is 0."""

    unit_id: str
    ward: str
    k: int
    n: int
    share: float | None
    low: float | None
    high: float | None
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    standing: Standing


@dataclass(frozen=True)
class Funnel:
    """Limits around ``overall`` for counts from 1 to the largest: arrays of one length."""

    overall: float
    n: npt.NDArray[np.int64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    far_low: npt.NDArray[np.float64]
    far_high: npt.NDArray[np.float64]


def wilson(k: int, n: int) -> tuple[float, float]:
    """The 95% interval of the share ``k`` of ``n``; ``n`` > 0."""
    share, part = k / n, _Z * _Z / n
    middle = (share + part / 2) / (1 + part)
    half = _Z * math.sqrt(share * (1 - share) / n + part / (4 * n)) / (1 + part)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def funnel(overall: float, largest: int) -> Funnel:
    """Exact binomial limits: by chance alone at most a tail lies outside, however small ``n`` is."""
    n = np.arange(1, max(largest, 1) + 1)
    return Funnel(
        overall,
        n,
        low=_limit(WARN, n, overall),
        high=_limit(1 - WARN, n, overall),
        far_low=_limit(FAR, n, overall),
        far_high=_limit(1 - FAR, n, overall),
    )


def _limit(tail: float, n: npt.NDArray[np.int64], share: float) -> npt.NDArray[np.float64]:
    return np.asarray(binom.ppf(tail, n, share) / n, dtype=float)


def compare(wards: Sequence[tuple[str, str, int, int]], *, seed: int = 178) -> list[Compared]:
    """Wards as (id, name, k, n) with 0 <= k <= n, in the order given; ``seed`` of the draws behind the ranks.

    The funnel stands around the share of all wards together.
    """
    counted = [(k, n) for _, _, k, n in wards if n]
    overall = sum(k for k, _ in counted) / max(sum(n for _, n in counted), 1)
    ranks = iter(_ranks(counted, seed))
    return [
        _one(ward, overall, next(ranks))
        if ward[3]
        else Compared(*ward, None, None, None, None, None, None, Standing.NOTHING)
        for ward in wards
    ]


def _one(ward: tuple[str, str, int, int], overall: float, ranks: tuple[int, int, int]) -> Compared:
    _, _, k, n = ward
    low, high = wilson(k, n)
    return Compared(*ward, k / n, low, high, *ranks, _standing(k / n, n, overall))


def _standing(share: float, n: int, overall: float) -> Standing:
    at = np.array([n])
    far_low, low, high, far_high = (
        float(_limit(tail, at, overall)[0]) for tail in (FAR, WARN, 1 - WARN, 1 - FAR)
    )
    if share > far_high:
        return Standing.FAR_ABOVE
    if share < far_low:
        return Standing.FAR_BELOW
    return Standing.ABOVE if share > high else Standing.BELOW if share < low else Standing.INSIDE


def _ranks(counted: Sequence[tuple[int, int]], seed: int) -> list[tuple[int, int, int]]:
    """For each share its rank and the 90% range of ranks, from draws of what the true shares may be."""
    if not counted:
        return []
    k, n = np.array(counted).T
    drawn = np.random.default_rng(seed).beta(k + 0.5, n - k + 0.5, size=(_DRAWS, len(k)))
    order = (-drawn).argsort(axis=1).argsort(axis=1) + 1
    low, high = np.quantile(order, (_RANK_TAIL, 1 - _RANK_TAIL), axis=0, method="nearest").astype(int)
    shares = k / n
    rank = [int((shares > share).sum()) + 1 for share in shares]
    return [(r, min(int(a), r), max(int(b), r)) for r, a, b in zip(rank, low, high, strict=True)]
