"""How many signals were handled in time (target T06), by period and ward."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from app.access import Right, require
from data.repositories import places
from data.repositories import signals as repository
from data.repositories.frames import current, frame
from data.store import LOCAL_ZONE, Actor, Store, Work
from data.tables import PoliceHandover
from geo.signal_rules import timeliness
from geo.units import covering
from geo.words import SignalState


@dataclass(frozen=True)
class HandledInTime:
    """Signals received in a period. ``ward_id`` None: all of them, also those outside of all wards.

    ``received``: duplicates counted once. ``in_time``: handled before the deadline, what was handed over in
    time among them (``handed_over``). ``late``: handled after it, or open past it. ``running``: open and still
    in time; ``unknown``: handled on a day that nobody wrote down. ``police``: handed over by rule 7, of which
    no place is kept: among the whole only, and not among ``received``.
    """

    ward_id: str | None
    ward: str | None
    received: int
    in_time: int
    handed_over: int
    late: int
    running: int
    unknown: int
    police: int = 0

    @property
    def share(self) -> float | None:
        """Handled in time of those received; None where none was received."""
        return self.in_time / self.received if self.received else None


def handled_in_time(
    store: Store, actor: Actor, first: date, last: date, *, as_of: date, units_as_of: date | None = None
) -> list[HandledInTime]:
    """The whole of the actor's scope first, then each ward of ``units_as_of`` (default ``last``) by name.

    Signals received from ``first`` to ``last``, judged on ``as_of``; of which ward they are follows from where
    their place lies.
    """
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        heard = repository.every_signal(work, min(last, as_of))
        units = places.units_on(work, units_as_of or last)
        police = _police(work, first, min(last, as_of))
    kept = heard[(heard["on_date"] >= pd.Timestamp(first)) & ~heard["same_as"].isin(heard["id"])]
    kept = kept.reset_index(drop=True)
    kept = kept.join(timeliness(kept, as_of))
    ward = covering(kept, units)
    of_wards = [
        _figures(kept[(ward == row.id).to_numpy(dtype=bool)], row.id, row.name_)
        for row in units.rename(columns={"name": "name_"}).sort_values("name_").itertuples()
    ]
    whole = _figures(kept, None, None, police)
    return [whole, *(one for one in of_wards if one.received)]


def _figures(some: pd.DataFrame, ward_id: str | None, name: str | None, police: int = 0) -> HandledInTime:
    handed = some["in_time"] & (some["state"] == SignalState.HANDED_OVER)
    rest = ~some["in_time"] & ~some["late"]
    return HandledInTime(
        ward_id=ward_id,
        ward=name,
        received=len(some),
        in_time=int(some["in_time"].sum()),
        handed_over=int(handed.sum()),
        late=int(some["late"].sum()),
        running=int((rest & some["open"]).sum()),
        unknown=int((rest & ~some["open"]).sum()),
        police=police,
    )


def _police(work: Work, first: date, last: date) -> int:
    """Handings over to the police of a period; they have no place, so only who sees all is told of them."""
    if work.actor.scope is not None:
        return 0
    handed = frame(work, current(PoliceHandover))
    return sum(first <= one.astimezone(LOCAL_ZONE).date() <= last for one in handed["handed_at"])
