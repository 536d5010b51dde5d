"""What stood at an address before: reopening under a new name is a sign that a hotspot comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from app.access import Right, require
from data.repositories import places, register
from data.store import LOCAL_ZONE, Actor, Store, Work
from geo.crs import LONLAT
from geo.detection_licences import one_address
from geo.detection_rules import DetectionSettings
from geo.errors import InputError
from geo.messages import Message, msg
from geo.shapes import metric_shapes
from geo.words import PremisesStatus, PremisesType


@dataclass(frozen=True)
class Occupant:
    """A premises under one name, type and address, from ``first`` to ``last`` as far as is on record.

    ``last`` is None while it still stands there so; ``status`` is that of the day. ``former``: the premises
    bears another name, type or address since, ``name_now`` at ``address_now``. ``distance_m`` is None where a
    point is not known.
    """

    premises_id: str
    name: str
    type: PremisesType
    address: str
    first: date | None
    last: date | None
    status: PremisesStatus
    former: bool
    name_now: str
    address_now: str
    why: Message
    distance_m: float | None


@dataclass(frozen=True)
class _Spell:
    """A premises between two changes of what it is known by; ``point`` is where that was."""

    premises_id: str
    name: str
    type: str
    address: str
    point: shapely.Point | None
    first: date | None
    last: date | None
    former: bool


def at_address(
    store: Store,
    actor: Actor,
    *,
    day: date,
    premises_id: str | None = None,
    address: str = "",
    point: tuple[float, float] | None = None,
) -> list[Occupant]:
    """The premises that stand or stood at an address, the latest first: of a premises of the register, or of a
    written address with its point (lon, lat) where known.

    Closed premises and former names and addresses count. One address is one that is written alike and not far
    away, or the same house number within 10 m (the rule of ``geo.detection`` about licences). Of a premises
    itself only its former names are told. Raises InputError ``unknown_premises``.
    """
    require(actor, Right.SEE)
    with store.read(actor) as work:
        known = places.premises_on(work, day)
        spells = list(_spells(work, known, day))
    here = known[known["id"] == premises_id]
    if premises_id is not None:
        if here.empty:
            raise InputError("unknown_premises", msg("Không có cơ sở {id}.", id=premises_id))
        address, place = here["address"].iloc[0], here.geometry.iloc[0]
    else:
        place = None if point is None else shapely.Point(point)
    others = [one for one in spells if one.premises_id != premises_id or one.former]
    others = [one for one in others if one.first is None or one.first <= day]
    found = _at(address, place, others, known.set_index("id"))
    return sorted(found, key=lambda one: (one.last or date.max, one.first or date.min), reverse=True)


def _at(
    address: str, place: shapely.Point | None, spells: list[_Spell], known: gpd.GeoDataFrame
) -> Iterator[Occupant]:
    shapes: list[Any] = [place, *(one.point for one in spells)]
    points = metric_shapes(gpd.GeoDataFrame(geometry=shapes, crs=LONLAT))
    settings = DetectionSettings()
    same = one_address([address, *(one.address for one in spells)], points, settings)
    for number, one in enumerate(spells, start=1):
        if not same(0, number):
            continue
        located = points[0] is not None and points[number] is not None
        apart = float(shapely.distance(points[0], points[number])) if located else None
        now = known.loc[one.premises_id]
        yield Occupant(
            premises_id=one.premises_id,
            name=one.name,
            type=PremisesType(one.type),
            address=one.address,
            first=one.first,
            last=one.last,
            status=PremisesStatus(now["status"]),
            former=one.former,
            name_now=now["name"],
            address_now=now["address"],
            why=_why(apart),
            distance_m=None if apart is None else round(apart, 1),
        )


def _why(apart: float | None) -> Message:
    if apart is None:
        return msg("cùng địa chỉ ghi trong danh sách")
    return msg("cùng địa chỉ hoặc cùng số nhà, cách {metres} m", metres=round(apart))


def _spells(work: Work, known: gpd.GeoDataFrame, day: date) -> Iterator[_Spell]:
    """What each premises is and was known by, walked back from today through the changes on record."""
    changes = _changes_by_premises(work)
    later = {one: [c for c in own if c[0] > day] for one, own in changes.items()}
    for row in known.itertuples(index=False):
        state = {"name": row.name, "type": row.type, "address": row.address, "point": row.geometry}
        for _on, before in reversed(later.get(row.id, [])):
            state = _before(state, before)
        last = row.status_since.date() if row.status == PremisesStatus.CLOSED else None
        former = False
        for on, before in reversed([c for c in changes.get(row.id, []) if c[0] <= day]):
            earlier = _before(state, before)
            if _known_by(earlier) != _known_by(state):
                yield _spell(row.id, state, on, last, former)
                last, former = on, True
            state = earlier
        opened = None if pd.isna(row.opened_on) else row.opened_on.date()
        yield _spell(row.id, state, opened, last, former)


def _spell(
    premises_id: str, state: dict[str, Any], first: date | None, last: date | None, former: bool
) -> _Spell:
    return _Spell(premises_id, **state, first=first, last=last, former=former)


def _known_by(state: dict[str, Any]) -> tuple[Any, ...]:
    return state["name"], state["type"], state["address"]


def _before(state: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """The state before a change. A point is another place only where the address is another as well: else it
    was mended."""
    told: dict[str, Any] = {name: before[name] for name in ("name", "type", "address") if name in before}
    if "address" in before and "point" in before:
        told["point"] = None if before["point"] is None else shapely.Point(before["point"])
    return state | told


def _changes_by_premises(work: Work) -> dict[str, list[tuple[date, dict[str, Any]]]]:
    """Day and old values of the changes that were not taken back, by premises, oldest first."""
    undone = {batch.id for batch in register.batches(work) if batch.undone_at is not None}
    found: dict[str, list[tuple[date, dict[str, Any]]]] = {}
    for row in register.telling_changes(work).itertuples():
        if row.batch_id not in undone:
            on = row.recorded_at.astimezone(LOCAL_ZONE).date()
            found.setdefault(row.premises_id, []).append((on, row.before))
    return found
