"""The two stories of the demonstration: an eliminated hotspot coming back, a border strip getting worse.

All of it is invented. The coming back falls into the last 30 days before ``as_of``; the strip gets worse over
the last year and a half.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import shapely
from shapely.ops import substring

from data.demo.hotspots import Place
from data.demo.papers import PAPERS, licence
from data.demo.premises import Business, Spot, business, fronts
from data.demo.rows import Clock, generator
from data.demo.ward_rows import systems
from geo.words import LicenceKind, PremisesStatus, PremisesType

#: Days before ``as_of``.
SIGN_AGO, TIP_AGO, PAPERS_AGO, VIOLATION_AGO, SECOND_TIP_AGO = 18, 13, 11, 8, 5
_SHUT_AGO, _WITHDRAWN_AGO = 230, 214
#: Two of today's units, and the stretch of their border in metres along it.
STRIP_UNITS, _STRIP_M = ("09556", "09552"), (1_500.0, 2_400.0)
#: Width of the strip on each side, in which its premises and signals lie.
STRIP_M = 120.0
#: Days before ``as_of`` of the strip's signals: ever closer together.
STRIP_SIGNALS_AGO = (640, 505, 410, 330, 275, 225, 180, 148, 120, 96, 75, 58, 43, 30, 19, 9, 3)


@dataclass(frozen=True)
class Returning:
    """The businesses at the hotspot that is coming back."""

    place: Place
    shut: Business
    successor: Business
    offender: Business

    @property
    def businesses(self) -> tuple[Business, ...]:
        """All three."""
        return self.shut, self.successor, self.offender


@dataclass(frozen=True)
class Strip:
    """A stretch of border between two of today's units (metres) and the businesses added there."""

    line: shapely.LineString
    businesses: tuple[Business, ...]

    @cached_property
    def ground(self) -> shapely.Polygon:
        """The strip as an area in metres."""
        return self.line.buffer(STRIP_M, cap_style="flat")


def returning(clock: Clock, place: Place, number: int) -> Returning:
    """A place was shut and lost its papers; another business opens at its address; a third is an offender."""
    rng = generator(clock.seed, "returning")
    near = place.shape.buffer(60)
    first, second = fronts(clock.seed, near, 2, rng)

    def made(offset: int, spot: Spot, kind: PremisesType, days: int) -> Business:
        return business(clock, number + offset, spot, kind, clock.ago(days), rng, steady=True)

    shut = made(0, first, PremisesType.MASSAGE, 2_600)
    shut = replace(shut, pauses=((PremisesStatus.CLOSED, clock.ago(_SHUT_AGO), None),))
    successor = made(1, first, PremisesType.MASSAGE, PAPERS_AGO)
    offender = replace(made(2, second, PremisesType.GUESTHOUSE, 3_100), risk=1.6)
    return Returning(place, shut, successor, offender)


def returning_papers(clock: Clock, story: Returning) -> Iterator[dict[str, Any]]:
    """Papers of the three: withdrawn, newly issued at the same address, in force."""
    for one in story.businesses:
        for kind in PAPERS[one.kind]:
            row = licence(clock, one, kind, one.opened_on)
            if one is story.shut and kind is LicenceKind.SECURITY:
                row["withdrawn_on"] = clock.ago(_WITHDRAWN_AGO)
            yield row


def strip(clock: Clock, number: int) -> Strip:
    """The border stretch between two of today's units that is getting worse."""
    rng = generator(clock.seed, "strip")
    one, other = (unit.ground for unit in systems(clock.seed)[2].units if unit.row["code"] in STRIP_UNITS)
    border = max(
        shapely.get_parts(shapely.line_merge(shapely.intersection(one, other))), key=lambda p: p.length
    )
    line = substring(border, *_STRIP_M)
    kinds = (PremisesType.KARAOKE, PremisesType.GUESTHOUSE, PremisesType.MASSAGE)
    spots = fronts(clock.seed, line.buffer(STRIP_M - 20, cap_style="flat"), 6, rng)
    added = [
        business(clock, number + k, spot, kinds[k % 3], clock.ago(2_300 + 90 * k), rng, steady=True)
        for k, spot in enumerate(spots)
    ]
    return Strip(line, tuple(replace(one, risk=1.2) for one in added))


def strip_serious_chance(clock: Clock, on_date: date) -> float:
    """Chance that a check in the strip finds something serious: it rises."""
    days = (clock.as_of - on_date).days
    return 0.04 if days > 730 else 0.25 if days > 365 else 0.85
