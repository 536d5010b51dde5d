"""The random draw among the premises that may be visited, so that a plan keeps learning about all of them.

Visits chosen for their value only ever find what the score already believes. A share drawn by lot, with a
known probability, keeps estimates honest (Ensign et al. 2018, "Runaway feedback loops in predictive
policing": weights of 1 / selection probability undo the loop).
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from dataclasses import replace

from geo.plan_types import Candidate, Draw
from geo.visit_value import lot_part
from geo.words import VisitKind


def draw_lot(
    candidates: Iterable[Candidate], *, share: float, most_visits: int, seed: int
) -> tuple[list[Candidate], Draw]:
    """Draw ``share`` of the visits to come, one at least, by simple random sampling without replacement.

    The pool is every candidate for a planned check; follow-ups are owed and take no part. ``most_visits``
    bounds the number of visits that the plan can hold, so that the drawn are at least ``share`` of it.

    Each of the drawn has selection probability ``drawn / pool``: it may stand in the plan for the lot alone.
    The others keep 1: whoever is chosen for its value would be there drawn or not
    (``p + (1 - p) * 1``).

    Returns
    -------
    The candidates in their order, the drawn ones marked, and the figures of the draw.
    """
    every = list(candidates)
    pool = sorted(c.premises_id for c in every if c.kind is VisitKind.PLANNED)
    if not pool:
        return every, Draw(0, 0, 0.0)
    wanted = least_drawn(min(most_visits, len(every)), share)
    count = min(max(wanted, 1), len(pool))
    drawn = set(random.Random(seed).sample(pool, count))
    probability = count / len(pool)
    lot = lot_part(len(pool), count)
    marked = [
        replace(c, drawn_at_random=True, selection_probability=probability, parts=(*c.parts, lot))
        if c.premises_id in drawn
        else c
        for c in every
    ]
    return marked, Draw(len(pool), count, probability)


def least_drawn(visits: int, share: float) -> int:
    """How many of so many visits must be drawn: the share, rounded up, and one at least."""
    return max(math.ceil(share * visits - 1e-9), 1) if visits else 0
