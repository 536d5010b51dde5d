"""Merging two rows of the register that are one premises, and taking a merge back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import geopandas as gpd
from sqlalchemy import select

from app.access import Right, require
from app.services.free_text import about_places
from app.services.premises_storing import EMPTY, keys
from data.repositories import register
from data.repositories.frames import add_rows
from data.repositories.scope import within_scope
from data.store import LOCAL_ZONE, Actor, Store, Work
from data.tables import Licence, Premises, PremisesCandidate, PremisesChange, PremisesMerge, Visit, new_id
from geo.crs import LONLAT
from geo.errors import InputError, RuleError
from geo.messages import msg

#: Fields that the kept premises takes when it has none, together where they belong together.
_ABSORBED = (
    ("address",), ("geom", "location_quality"), ("registration_number", "registration_hash"), ("rooms",),
    ("workers",), ("opened_on",), ("commitment_on",), ("complex_grounds",), ("unregistered_basis",),
)  # fmt: skip
_EMPTY = EMPTY | {"address": ""}
#: What belongs to a premises and may be handed over. What happened stays as it was recorded:
#: ``register.under_kept`` tells it of the premises that was kept.
_HANDED_OVER: tuple[Any, ...] = (Licence, Visit, PremisesCandidate)


@dataclass(frozen=True)
class Merge:
    """Two premises that were merged, by their names of now; ``unmerged_at`` is None while it holds."""

    id: str
    keep_id: str
    keep_name: str
    drop_id: str
    drop_name: str
    drop_address: str
    at: datetime
    by: str
    reason: str
    unmerged_at: datetime | None
    unmerged_by: str | None
    unmerged_why: str | None


def merge(store: Store, actor: Actor, keep: str, drop: str, reason: str) -> str:
    """Merge the premises ``drop`` into ``keep`` and give the merge's id, by which it can be taken back.

    The kept one takes fields that it has not, the papers it has not, and the planned visits; inspections,
    findings and signals of both are told of it. Name, type and status stay its own. Raises InputError without
    a reason or for a premises that is not in the register, RuleError for a premises outside the actor's scope
    and for a reason that speaks of a person.
    """
    require(actor, Right.EDIT_PLACES)
    why = about_places(reason)[:400]
    if not why:
        raise InputError("no_reason", msg("Cần ghi lý do."))
    if keep == drop:
        raise InputError("same_premises", msg("Chọn hai cơ sở khác nhau."))
    with store.write(actor) as work:
        kept, dropped = _in_register(work, keep, drop)
        before = register.snapshot(kept)
        made = PremisesMerge(
            id=new_id(),
            keep_id=keep,
            drop_id=drop,
            at=work.now,
            by=actor.name,
            reason=why,
            absorbed={},
            moved={},
        )
        made.absorbed = _absorb(kept, dropped)
        made.moved = {
            table.__tablename__: [_hand(row, keep) for row in _belongings(work, table, kept, dropped)]
            for table in _HANDED_OVER
        }
        work.session.add(made)
        register.record_since(work, kept, before, kind=register.MERGED, why=why)
        left = register.snapshot(dropped)
        gone = register.change(work, drop, register.MERGED, left, left, None, why=why)
        add_rows(work, PremisesChange, [gone])
        work.note("premises.merge", keep, merged=drop, text=why)
        return made.id


def unmerge(store: Store, actor: Actor, merge_id: str, reason: str = "") -> None:
    """Take a merge back: both premises stand in the register as before it.

    What a person has changed at the kept one since stays with it, as does what happened since. Raises
    InputError ``unknown_merge``; RuleError when it was taken back before, when the kept one was itself merged
    into another, and outside the actor's scope.
    """
    require(actor, Right.EDIT_PLACES)
    why = about_places(reason)[:400] or None
    with store.write(actor) as work:
        made = _standing(work, merge_id)
        rows = register.premises_rows(work, [made.keep_id, made.drop_id])
        kept, dropped = rows[made.keep_id], rows[made.drop_id]
        _check_scope(work, kept, dropped)
        before = register.snapshot(kept)
        _give_back(work, made, kept)
        made.unmerged_at, made.unmerged_by, made.unmerged_why = work.now, actor.name, why
        work.session.flush()
        _absorb_again(work, kept)
        register.record_since(work, kept, before, kind=register.UNMERGED, why=why)
        found = register.snapshot(dropped)
        back = register.change(work, dropped.id, register.UNMERGED, found, None, found, why=why)
        add_rows(work, PremisesChange, [back])
        work.note("premises.unmerge", kept.id, merged=dropped.id, text=why)


def merges(store: Store, actor: Actor) -> list[Merge]:
    """All merges, newest first, those that were taken back among them."""
    require(actor, Right.EDIT_PLACES)
    with store.read(actor) as work:
        made = register.all_merges(work)
        named = register.names_of(work, (i for one in made for i in (one.keep_id, one.drop_id)))
        return [
            Merge(
                id=one.id,
                keep_id=one.keep_id,
                keep_name=named[one.keep_id][0],
                drop_id=one.drop_id,
                drop_name=named[one.drop_id][0],
                drop_address=named[one.drop_id][1],
                at=one.at,
                by=one.by,
                reason=one.reason,
                unmerged_at=one.unmerged_at,
                unmerged_by=one.unmerged_by,
                unmerged_why=one.unmerged_why,
            )
            for one in made
        ]


def _in_register(work: Work, keep: str, drop: str) -> tuple[Premises, Premises]:
    rows = register.premises_rows(work, [keep, drop])
    gone = set(work.session.scalars(register.left_out()))
    for premises_id in (keep, drop):
        if premises_id not in rows or premises_id in gone:
            raise InputError("unknown_premises", msg("Không có cơ sở {id}.", id=premises_id))
    _check_scope(work, rows[keep], rows[drop])
    return rows[keep], rows[drop]


def _check_scope(work: Work, *rows: Premises) -> None:
    points = gpd.GeoDataFrame(geometry=[row.geom for row in rows], crs=LONLAT)
    if len(within_scope(work, points)) < len(rows):
        raise RuleError(
            "outside_scope",
            msg("Có cơ sở nằm ngoài địa bàn của tài khoản {name}.", name=work.actor.name),
            hint=msg("Nhờ người giữ dữ liệu gộp giúp."),
        )


def _standing(work: Work, merge_id: str) -> PremisesMerge:
    made = register.merge_by_id(work, merge_id)
    if made is None:
        raise InputError("unknown_merge", msg("Không có lần gộp {id}.", id=merge_id))
    if made.unmerged_at is not None:
        day = made.unmerged_at.astimezone(LOCAL_ZONE).date()
        raise RuleError(
            "already_unmerged", msg("Lần gộp này đã được {who} bỏ ngày {date}.", who=made.unmerged_by, date=day)
        )
    if made.keep_id in register.kept_ids(work):
        raise RuleError(
            "merged_on",
            msg("Cơ sở được giữ lại sau đó đã gộp vào cơ sở khác."),
            hint=msg("Bỏ lần gộp sau trước."),
        )
    return made


def _absorb(kept: Premises, dropped: Premises) -> dict[str, Any]:
    """Take over what the kept one has not, and give it as a change keeps it."""
    taken: dict[str, Any] = {}
    for fields in _ABSORBED:
        if all(getattr(kept, name) == _EMPTY[name] for name in fields):
            taken |= {name: value for name in fields if (value := getattr(dropped, name)) != _EMPTY[name]}
    _write(kept, taken)
    return register.plain_values(taken)


def _absorb_again(work: Work, kept: Premises) -> None:
    """Let the merges that still hold fill what this one no longer does."""
    for made in register.standing_merges(work):
        if made.keep_id == kept.id:
            (dropped,) = register.premises_rows(work, [made.drop_id]).values()
            made.absorbed = made.absorbed | _absorb(kept, dropped)


def _write(row: Premises, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    for name, value in keys(row.name, row.address, row.registration_number).items():
        setattr(row, name, value)


def _belongings(work: Work, table: Any, kept: Premises, dropped: Premises) -> Iterator[Any]:
    """Rows of the dropped premises, without papers that the kept one has as well."""
    rows = work.session.scalars(select(table).where(table.premises_id == dropped.id).order_by(table.rid)).all()
    own = select(Licence.kind, Licence.number).where(Licence.premises_id == kept.id)
    papers = {(paper.kind, paper.number) for paper in work.session.execute(own)}
    yield from (row for row in rows if table is not Licence or (row.kind, row.number) not in papers)


def _hand(row: Any, premises_id: str) -> str:
    row.premises_id = premises_id
    return str(row.id)


def _give_back(work: Work, made: PremisesMerge, kept: Premises) -> None:
    """Undo what the merge did to the kept one, as far as it is still so."""
    taken = register.column_values(Premises, made.absorbed)
    empty: dict[str, Any] = {}
    for fields in _ABSORBED:
        own = [name for name in fields if name in taken]
        if all(getattr(kept, name) == taken[name] for name in own):
            empty |= {name: _EMPTY[name] for name in own}
    _write(kept, empty)
    for table in _HANDED_OVER:
        ids = made.moved.get(table.__tablename__, [])
        held = select(table).where(table.id.in_(ids), table.premises_id == kept.id)
        for row in work.session.scalars(held).all():
            _hand(row, made.drop_id)
