"""Keeping the estimates from feeding on themselves: what was found weighs by how likely one was to look.

Inspections find violations where inspectors go, and go where violations were found (Ensign et al. 2018,
"Runaway feedback loops in predictive policing"). A finding counts 1 / the probability with which its visit was
selected (Horvitz and Thompson 1952), so that a place that is visited often does not look worse for it.
Reported signals are no findings: they come without a visit and are never weighted here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: No finding counts more than this: one visit drawn with a chance of 1 in 1000 must not decide a ward's rate.
#: With 15% of a plan drawn at random, chances of less than 1 in 20 are rare, and the bound seldom bites.
LARGEST_WEIGHT = 20.0


def selection_weights(probability: Floats, largest: float = LARGEST_WEIGHT) -> Floats:
    """Weights 1 / ``probability`` (n,), between 1 and ``largest``.

    A visit whose probability is not known (before the app recorded it) or makes no sense counts 1.
    """
    with np.errstate(invalid="ignore"):
        known = (probability > 0) & (probability <= 1)
    return np.where(known, 1.0 / np.clip(probability, 1.0 / largest, 1.0), 1.0)


def rate_weights(probability: Floats, largest: float = LARGEST_WEIGHT) -> Floats:
    """Weights of checks (n,) for rates of findings a check: 1 / ``probability``, scaled to what they tell.

    Uneven weights tell less than their number: those of known probability are scaled so that their sum is the
    effective number of checks, (sum w)^2 / sum w^2 (Kish 1965). Equal or unknown probabilities count 1.
    """
    weights = selection_weights(probability, largest)
    with np.errstate(invalid="ignore"):
        known = (probability > 0) & (probability <= 1)
    if known.any():
        weights[known] *= weights[known].sum() / np.square(weights[known]).sum()
    return weights


def weighted_counts(place: Ints, weights: Floats, places: int) -> Floats:
    """(places,) findings by place, each with its weight; ``place`` (n,) of -1 is nowhere."""
    known = place >= 0
    return np.bincount(place[known], weights[known], places).astype(float)


def visit_probability(expected: Floats, random_share: float) -> Floats:
    """Chance of each place (..., places) to get the next visit when a plan follows ``expected`` counts but for
    ``random_share`` drawn evenly: never 0 while something is drawn."""
    total = expected.sum(axis=-1, keepdims=True)
    places = expected.shape[-1]
    even = np.full(expected.shape, 1 / places)
    followed = np.divide(expected, total, out=even.copy(), where=total > 0)
    return np.asarray(random_share * even + (1 - random_share) * followed)
