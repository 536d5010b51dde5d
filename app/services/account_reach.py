"""What an account may be given: the units and teams of a day, by id, code or name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from app.access import Right, require
from data.repositories import places
from data.repositories.teams import teams_between
from data.store import Actor, Store
from geo.errors import InputError
from geo.fold import fold
from geo.messages import msg


@dataclass(frozen=True)
class Choices:
    """What an account may be given on a day: units and teams, ids with names."""

    units: dict[str, str]
    teams: dict[str, str]


def choices(store: Store, actor: Actor, as_of: date) -> Choices:
    """The units and teams of the day. Needs the right to manage."""
    require(actor, Right.MANAGE)
    with store.read(actor) as work:
        units, teams = places.units_on(work, as_of), teams_between(work, as_of, as_of)
    return Choices(
        dict(sorted(zip(units["id"], units["name"], strict=True), key=lambda one: fold(one[1]))),
        dict(zip(teams["id"], teams["name"], strict=True)),
    )


def unit_ids_of(store: Store, actor: Actor, codes: Collection[str], as_of: date) -> frozenset[str]:
    """The ids of units given by code or name. Raises InputError ``unknown_unit``."""
    with store.read(actor) as work:
        units = places.units_on(work, as_of)
    known = dict(zip(units["name"].map(fold), units["id"], strict=True))
    known |= dict(zip(units["code"], units["id"], strict=True))
    for code in codes:
        if code not in known and fold(code) not in known:
            raise InputError(
                "unknown_unit",
                msg("Không có đơn vị {code} ngày {day}.", code=code, day=as_of),
                hint=msg("Một trong: {choices}", choices=", ".join(sorted(units["code"]))),
            )
    return frozenset(known.get(code) or known[fold(code)] for code in codes)


def team_ids_of(store: Store, actor: Actor, teams: Collection[str], as_of: date) -> frozenset[str]:
    """The ids of teams given by id or name. Raises InputError ``unknown_team``."""
    known = choices(store, actor, as_of).teams
    by_name = {fold(name): team_id for team_id, name in known.items()}
    for team in teams:
        if team not in known and fold(team) not in by_name:
            raise InputError("unknown_team", msg("Không có đội {team} ngày {day}.", team=team, day=as_of))
    return frozenset(team if team in known else by_name[fold(team)] for team in teams)
