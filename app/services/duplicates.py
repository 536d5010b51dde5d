"""Premises that may stand in the register twice, for a person to merge or to tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz
from sqlalchemy import delete, select

from app.access import Right, require
from app.services.facts import Known
from app.services.premises_file import nobodys_number
from data.importers.likeness import ALIKE, Likeness, likeness, similarity, worth_comparing
from data.repositories import register
from data.repositories.frames import add_rows, matched
from data.repositories.scope import within_scope
from data.store import Actor, Store, Work
from data.tables import PremisesDistinct, new_id
from geo.errors import InputError
from geo.messages import Message, msg
from geo.shapes import Shapes, metric_shapes, pairs_within
from geo.words import LocationQuality, PremisesStatus, PremisesType

#: Points of two premises nearer than this, with names as alike as this, may be one.
NEAR_M = 30.0
NEAR_NAME = 0.8
#: Points found from a street or a ward are shared by many premises.
_OWN_POINT = (LocationQuality.GIVEN, LocationQuality.MANUAL, LocationQuality.HOUSE)


@dataclass(frozen=True)
class Side:
    """One premises of a pair. ``hidden_registration``: its number may not be shown; ``papers`` and
    ``inspections`` are how many it has."""

    id: str
    name: str
    type: PremisesType
    address: str
    ward_name: str | None
    status: PremisesStatus
    registration_number: str | None
    hidden_registration: bool
    rooms: int | None
    workers: int | None
    opened_on: date | None
    location_quality: LocationQuality
    papers: int
    inspections: int


@dataclass(frozen=True)
class Pair:
    """Two premises that may be one: how alike name and address are (0-1), and why they are shown."""

    first: Side
    second: Side
    similarity: float
    why: tuple[Message, ...]
    same_registration: bool

    @property
    def differing(self) -> frozenset[str]:
        """Fields in which the two differ."""
        names = (name for name in Side.__dataclass_fields__ if name != "id")
        return frozenset(name for name in names if getattr(self.first, name) != getattr(self.second, name))


@dataclass(frozen=True)
class Distinct:
    """A pair that a person has found to be two premises."""

    id: str
    first_name: str
    second_name: str
    by: str
    at: Any


def duplicates(store: Store, actor: Actor, day: date) -> list[Pair]:
    """Pairs of the register inside the actor's scope that may be one premises, the likeliest first.

    Same registration number (an identity number by its hash), name and address alike, or points within
    ``NEAR_M`` under similar names. Pairs that a person has told apart are left out.
    """
    require(actor, Right.EDIT_PLACES)
    with store.read(actor) as work:
        known = Known(work, day)
        found = within_scope(work, known.premises).reset_index(drop=True)
        told_apart = register.distinct_pairs(work)
        sides = _sides(found, known)
    apart = set(zip(told_apart["first_id"], told_apart["second_id"], strict=True))
    pairs = [
        Pair(sides[i], sides[j], near, why, same)
        for i, j, near, why, same in _alike(found)
        if _ordered(sides[i].id, sides[j].id) not in apart
    ]
    return sorted(pairs, key=lambda p: (not p.same_registration, -p.similarity, p.first.id, p.second.id))


def _alike(found: gpd.GeoDataFrame) -> Iterator[tuple[int, int, float, tuple[Message, ...], bool]]:
    records = [
        likeness(row.name, row.address, _text(row.registration_number) or _text(row.registration_hash))
        for row in found.itertuples(index=False)
    ]
    near = _near(found, records)
    for i, j in sorted({*worth_comparing(records, len(records)), *near}):
        one, other = records[i], records[j]
        alike = similarity(one, other)
        same_number = one.registration is not None and one.registration == other.registration
        why = [msg("cùng số đăng ký")] if same_number else []
        if alike >= ALIKE:
            why.append(msg("tên và địa chỉ giống nhau"))
        if (i, j) in near:
            why.append(msg("tên giống nhau, cách {metres} m", metres=round(near[i, j])))
        if why:
            yield i, j, alike, tuple(why), same_number


def _near(found: gpd.GeoDataFrame, records: Sequence[Likeness]) -> dict[tuple[int, int], float]:
    """Pairs of rows with points of their own near each other and similar names, with their distance."""
    points: Shapes = metric_shapes(found)
    points[~found["location_quality"].isin(_OWN_POINT).to_numpy()] = None
    pairs = zip(*pairs_within(points, points, np.full(len(points), NEAR_M)), strict=True)
    return {
        (int(i), int(j)): float(shapely.distance(points[i], points[j]))
        for i, j in pairs
        if i < j and fuzz.token_sort_ratio(records[i].name, records[j].name) >= 100 * NEAR_NAME
    }


def _sides(found: gpd.GeoDataFrame, known: Known) -> list[Side]:
    papers = matched(found["id"], known.licences["premises_id"].value_counts()).fillna(0)
    visits = matched(found["id"], known.inspections["premises_id"].value_counts()).fillna(0)
    counted = found.assign(papers=papers.astype(int), inspections=visits.astype(int))
    return [_side(row) for row in counted.to_dict("records")]


def _side(row: dict[str, Any]) -> Side:
    number = _text(row["registration_number"])
    shown = nobodys_number(number)
    return Side(
        id=row["id"],
        name=row["name"],
        type=PremisesType(row["type"]),
        address=row["address"],
        ward_name=_text(row["ward_name"]),
        status=PremisesStatus(row["status"]),
        registration_number=shown,
        hidden_registration=_text(row["registration_hash"]) is not None or number != shown,
        rooms=_count(row["rooms"]),
        workers=_count(row["workers"]),
        opened_on=None if pd.isna(row["opened_on"]) else row["opened_on"].date(),
        location_quality=LocationQuality(row["location_quality"]),
        papers=row["papers"],
        inspections=row["inspections"],
    )


def mark_distinct(store: Store, actor: Actor, one: str, other: str) -> None:
    """Record that two premises are two, so that the pair is not shown again. Raises InputError for one that
    is not in the register."""
    require(actor, Right.EDIT_PLACES)
    first, second = _ordered(one, other)
    with store.write(actor) as work:
        rows = register.premises_rows(work, [first, second])
        if len(rows) < 2:
            raise InputError(
                "unknown_premises", msg("Không có cơ sở {id}.", id=first if first not in rows else second)
            )
        if not _marks(work, first, second):
            pair = {"id": new_id(), "first_id": first, "second_id": second, "at": work.now, "by": actor.name}
            add_rows(work, PremisesDistinct, [pair])
            work.note("premises.distinct", first, other=second)


def look_again(store: Store, actor: Actor, distinct_id: str) -> None:
    """Forget that two premises were told apart: the pair is shown again."""
    require(actor, Right.EDIT_PLACES)
    with store.write(actor) as work:
        work.session.execute(delete(PremisesDistinct).where(PremisesDistinct.id == distinct_id))
        work.note("premises.look_again", distinct_id)


def told_apart(store: Store, actor: Actor) -> list[Distinct]:
    """The pairs that people have told apart, newest first."""
    require(actor, Right.EDIT_PLACES)
    with store.read(actor) as work:
        pairs = register.distinct_pairs(work)
        named = register.names_of(work, [*pairs["first_id"], *pairs["second_id"]])
        return [
            Distinct(row.id, named[row.first_id][0], named[row.second_id][0], row.by, row.at)
            for row in pairs.itertuples()
        ]


def _marks(work: Work, first: str, second: str) -> bool:
    kept = select(PremisesDistinct.id).where(
        PremisesDistinct.first_id == first, PremisesDistinct.second_id == second
    )
    return work.session.scalars(kept).first() is not None


def _ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _count(value: Any) -> int | None:
    return None if value is None or pd.isna(value) else int(value)
