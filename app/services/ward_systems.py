"""Ward systems: counts by the wards of their own time or of any other, and how one set became the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

import geopandas as gpd
import pandas as pd

from app.access import Right, require
from app.services.database import need_data
from data.repositories import events, places
from data.repositories.frames import matched
from data.store import Actor, Store, Work
from geo import ward_systems as pure
from geo.errors import InputError
from geo.messages import msg
from geo.units import valid_on
from geo.ward_systems import Cut, WardSet
from geo.words import PremisesStatus

#: What can be counted by ward.
Counted = Literal["premises", "inspections", "findings", "signals"]
#: What shows tips and findings.
_TIPS = frozenset({"findings", "signals"})


@dataclass(frozen=True)
class Change:
    """What happened to the wards on a day: names that ended and began, codes that mean other ground since.

    ``codes``: ``code, old_name, new_name, common`` (share of the ground that both have in common).
    """

    day: date
    ended: tuple[str, ...]
    begun: tuple[str, ...]
    codes: pd.DataFrame


def cut(
    store: Store, actor: Actor, *, what: Counted, first: date, last: date, by: Literal["own"] | date
) -> Cut:
    """Count by ward what happened from ``first`` to ``last``, both included.

    ``by``: ``own`` takes the wards of each thing's own date, a day those of that day. Premises are the register
    of the last day without those closed, so that day is their own date. Signals and findings are those that the
    actor may see.

    Raises InputError where the period is reversed or no ward is known on the day asked for.
    """
    require(actor, Right.SEE_TIPS if what in _TIPS else Right.SEE)
    if first > last:
        raise InputError("period_reversed", msg("Ngày đầu đứng sau ngày cuối của kỳ."))
    with store.read(actor) as work:
        chosen = None if by == "own" else by
        if chosen is not None:
            need_data(work, chosen)
        return pure.cut_by_ward(
            _things(work, what, last), places.all_units(work), first=first, last=last, by=chosen
        )


def crosswalk(store: Store, actor: Actor, old: date, new: date) -> pd.DataFrame:
    """How the wards of one day pass into those of another: ``old_code, old_name, new_code, new_name, share,
    premises`` beside the ids; code and name are missing for what lies outside of a set.

    Premises are those of today that are not closed. Raises InputError where no ward is known on either day.
    """
    require(actor, Right.SEE)
    with store.read(actor) as work:
        for day in (old, new):
            need_data(work, day)
        units = places.all_units(work)
        register = _register(work, work.today)
    table = pure.crosswalk(valid_on(units, old), valid_on(units, new), register)
    named = units.set_index("id")
    for side in ("old", "new"):
        for column in ("code", "name"):
            table[f"{side}_{column}"] = matched(table[f"{side}_id"], named[column])
    return table


def ward_sets(store: Store, actor: Actor) -> list[WardSet]:
    """The sets of wards on record, oldest first."""
    require(actor, Right.SEE)
    with store.read(actor) as work:
        return pure.ward_sets(places.all_units(work))


def changes(store: Store, actor: Actor) -> list[Change]:
    """What changed from each set of wards to the next, oldest first."""
    require(actor, Right.SEE)
    with store.read(actor) as work:
        units = places.all_units(work)
    sets = pure.ward_sets(units)
    return [_change(units, before, after) for before, after in pairwise(sets)]


def _change(units: gpd.GeoDataFrame, before: WardSet, after: WardSet) -> Change:
    old, new = (units[units["id"].isin(one.unit_ids)] for one in (before, after))
    names = units.set_index("id")["name"]
    codes = pure.changed_codes(old, new)
    codes = codes.assign(old_name=matched(codes["old_id"], names), new_name=matched(codes["new_id"], names))[
        ["code", "old_name", "new_name", "common"]
    ]
    return Change(
        after.first,
        ended=tuple(name for name in old["name"] if name not in set(new["name"])),
        begun=tuple(name for name in new["name"] if name not in set(old["name"])),
        codes=codes,
    )


def _things(work: Work, what: Counted, last: date) -> gpd.GeoDataFrame:
    """What is counted: its place and its own date."""
    if what == "premises":
        return _register(work, last)
    found = {
        "inspections": events.inspections_until,
        "findings": events.findings_until,
        "signals": events.signals_until,
    }[what](work, last)
    return found[["on_date", "geometry"]]


def _register(work: Work, day: date) -> gpd.GeoDataFrame:
    """Premises of a day that are not closed and have opened, dated that day."""
    register = places.premises_on(work, day)
    there = register["status"] != PremisesStatus.CLOSED.value
    there &= register["opened_on"].isna() | (register["opened_on"] <= pd.Timestamp(day))
    return register.loc[there, ["geometry"]].assign(on_date=pd.Timestamp(day))
