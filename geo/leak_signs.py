"""Doors that are closed on the planned day oftener than usual: a sign that somebody knew, never a proof.

A person looks into it. The chance is that of meeting at least so many closed doors if each visit met one with
the usual chance (binomial), so that a team with two visits is not suspected for one of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scipy.stats import binom

from geo.messages import Message, msg

#: From so many closed doors on, and at most such a chance, it is shown as a sign.
LEAST_CLOSED = 3
_LEAST_CHANCE = 0.05
#: How many visits' worth of the common rate the usual rate of few visits starts with.
_PRIOR_VISITS = 10


@dataclass(frozen=True)
class Doors:
    """Visits of a group that were reported on, and how many met a closed door."""

    visits: int
    closed: int


@dataclass(frozen=True)
class LeakSign:
    """A group's closed doors beside what is usual. ``chance``: of as many or more if nobody knew.
    ``sign``: whether a person should look into it."""

    doors: Doors
    usual: Doors
    usual_share: float
    chance: float
    sign: bool
    text: Message


def leak_sign(doors: Doors, usual: Doors, *, common_share: float) -> LeakSign:
    """A group of planned visits beside the usual.

    Parameters
    ----------
    doors : of the visits that are looked at.
    usual : of other visits of the same kind.
    common_share : closed doors a visit over all visits (0-1), towards which few usual ones are drawn.
    """
    share = (usual.closed + _PRIOR_VISITS * common_share) / (usual.visits + _PRIOR_VISITS)
    chance = float(binom.sf(doors.closed - 1, doors.visits, share)) if doors.closed else 1.0
    sign = doors.closed >= LEAST_CLOSED and chance <= _LEAST_CHANCE
    text = msg(
        "{closed} trong {visits} lượt gặp cửa đóng, thông thường khoảng {share}%",
        closed=doors.closed,
        visits=doors.visits,
        share=round(100 * share, 1),
    )
    return LeakSign(doors, usual, round(share, 4), round(chance, 4), sign, text)


def counted(closed: Iterable[bool]) -> Doors:
    """Doors of visits, each of which met a closed one or not."""
    met = [bool(one) for one in closed]
    return Doors(len(met), sum(met))
