"""All wards of a period together: each counts once, from the database or from the package that it sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app.access import Right, require
from app.services.figure_gaps import DAYS_TO_ENTER
from app.services.indicators import Indicators, indicators
from data.repositories import figures
from data.store import LOCAL_ZONE, Actor, Store, Work
from data.tables import ReceivedPackage
from geo.periods import Period

#: Figures that show that something of a ward is on record for the period, beside its register.
_EVENTS = (
    "turns", "not_checked", "findings", "commitments", "signals", "hotspots_eliminated", "patrols",
)  # fmt: skip


class Source(StrEnum):
    """Where a ward's figures come from."""

    OWN = "own"
    PACKAGE = "package"
    MISSING = "missing"


@dataclass(frozen=True)
class WardSource:
    """A ward and where it is counted from. ``made_at``, ``received_on``: of its newest package. ``late``: that
    came after the day it was due. ``differing``: codes in which it says other than the database, which counts.
    """

    unit_id: str
    ward: str
    source: Source
    made_at: datetime | None
    received_on: date | None
    late: bool
    differing: tuple[str, ...]


@dataclass(frozen=True)
class Total:
    """A figure over the wards that are counted. ``denominator`` None: a count. ``wards``: how many
    of them give it; small head counts about health stay with their ward."""

    code: str
    numerator: int
    denominator: int | None
    wards: int

    @property
    def value(self) -> float | None:
        """Numerator over denominator, or the count; None for nothing over nothing."""
        if self.denominator is None:
            return float(self.numerator)
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Collected:
    """The wards of the period's last day, the sums of the targets and of the other figures, and by when a
    package was due."""

    period: Period
    wards: tuple[WardSource, ...]
    targets: tuple[Total, ...]
    other: tuple[Total, ...]
    due_on: date

    @property
    def missing(self) -> tuple[WardSource, ...]:
        """Wards of which nothing is known for the period."""
        return tuple(one for one in self.wards if one.source is Source.MISSING)


@dataclass(frozen=True)
class _Figures:
    """A ward's figures, wherever they come from: code to (numerator, denominator), key to count."""

    targets: dict[str, tuple[int, int | None]]
    other: dict[str, int]


def collected(store: Store, actor: Actor, period: Period, *, as_of: date) -> Collected:
    """The totals over the actor's wards.

    A ward whose office entered figures for the period here is counted from this database. Otherwise its newest
    package of exactly this period counts; without one, what else the database knows of it; else it is missing.
    The ward's own entries and its package are never added up.
    """
    require(actor, Right.SEE_TIPS)
    found = indicators(store, actor, period.first, period.last, as_of=as_of, units_as_of=period.last)
    with store.read(actor) as work:
        packages = newest_packages(work, period)
        entering = _entering(work, period)
    due_on = period.last + timedelta(days=DAYS_TO_ENTER)
    chosen = []
    for unit_id, ward in sorted(zip(found.units["id"], found.units["name"], strict=True), key=lambda u: u[1]):
        if actor.scope is None or unit_id in actor.scope:
            chosen.append(_choose(unit_id, ward, found, packages.get(unit_id), unit_id in entering, due_on))
    counted = [figures_ for _, figures_ in chosen if figures_ is not None]
    return Collected(
        period=period,
        wards=tuple(source for source, _ in chosen),
        targets=_totals([one.targets for one in counted]),
        other=_totals([{key: (n, None) for key, n in one.other.items()} for one in counted]),
        due_on=due_on,
    )


def newest_packages(work: Work, period: Period) -> dict[str, ReceivedPackage]:
    """The package of each unit that counts for exactly this period: the one made last, by unit id."""
    rows = work.session.scalars(
        select(ReceivedPackage)
        .where(ReceivedPackage.first_day == period.first, ReceivedPackage.last_day == period.last)
        .order_by(ReceivedPackage.made_at, ReceivedPackage.rid)
    )
    return {row.unit_id: row for row in rows}


def _entering(work: Work, period: Period) -> set[str]:
    """Units whose office entered something for days of the period."""
    rows = figures.ward_figures(work)
    if rows.empty:
        return set()
    first, last = rows["first_day"].dt.date, rows["last_day"].dt.date
    inside = ((first >= period.first) & (last <= period.last)).to_numpy(dtype=bool)
    return set(rows[inside]["unit_id"].dropna())


def _choose(
    unit_id: str, ward: str, found: Indicators, package: ReceivedPackage | None, entering: bool, due_on: date
) -> tuple[WardSource, _Figures | None]:
    own, sent = _own(found, unit_id), None if package is None else _sent(package.contents)
    if sent is not None and not entering:
        source, counted = Source.PACKAGE, sent
    elif entering or any(own.other.get(key) for key in _EVENTS):
        source, counted = Source.OWN, own
    else:
        source, counted = Source.MISSING, own
    received = None if package is None else package.received_at.astimezone(LOCAL_ZONE).date()
    told = WardSource(
        unit_id=unit_id,
        ward=ward,
        source=source,
        made_at=None if package is None else package.made_at,
        received_on=received,
        late=received is not None and received > due_on,
        differing=_differing(own, sent) if source is Source.OWN and sent is not None else (),
    )
    return told, None if source is Source.MISSING else counted


def _own(found: Indicators, unit_id: str) -> _Figures:
    targets = {
        one.code: (one.numerator, one.denominator)
        for one in found.rows
        if one.unit_id == unit_id and one.numerator is not None
    }
    other = {one.key: one.value for one in found.other if one.unit_id == unit_id and one.value is not None}
    return _Figures(targets, other)


def _sent(contents: dict[str, Any]) -> _Figures:
    targets = {
        one["code"]: (one["numerator"], one["denominator"])
        for one in contents["indicators"]
        if one["numerator"] is not None
    }
    other = {one["key"]: one["value"] for one in contents["other"] if one["value"] is not None}
    return _Figures(targets, other)


def _differing(own: _Figures, sent: _Figures) -> tuple[str, ...]:
    both = own.targets.keys() & sent.targets
    return tuple(sorted(code for code in both if own.targets[code] != sent.targets[code]))


def _totals(wards: list[dict[str, tuple[int, int | None]]]) -> tuple[Total, ...]:
    totals = []
    for code in sorted({code for one in wards for code in one}):
        parts = [one[code] for one in wards if code in one]
        # A share adds up over the wards that know what it is a share of.
        shares = [(above, below) for above, below in parts if below is not None]
        below = sum(below for _, below in shares) if shares else None
        used = shares or parts
        totals.append(Total(code, sum(above for above, _ in used), below, len(used)))
    return tuple(totals)
