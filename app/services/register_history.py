"""The register's history: what was imported and can be taken back, and what changed at each premises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.access import Right, may, require
from app.services.change_lines import Line, change_lines
from app.services.free_text import about_places
from app.services.premises_undo import take_back
from data.repositories import places, register
from data.repositories.scope import within_scope
from data.store import LOCAL_ZONE, Actor, Store, Work
from data.tables import ImportBatch
from geo.errors import InputError, RuleError
from geo.messages import Message, msg


@dataclass(frozen=True)
class Import:
    """A register file that was taken in. ``counts``: read, added, updated, unchanged, rejected (rows or
    premises); ``changed``: premises that it brought in or changed. ``undone_at`` is None while it holds."""

    id: str
    file: str
    at: datetime
    by: str
    counts: Mapping[str, int]
    undone_at: datetime | None
    undone_by: str | None
    undone_why: str | None

    @property
    def changed(self) -> int:
        """How many premises it brought in or changed."""
        return self.counts.get("added", 0) + self.counts.get("updated", 0)


@dataclass(frozen=True)
class ImportedPremises:
    """A premises that an import brought in (``created``) or changed, with its name of now."""

    premises_id: str
    name: str
    created: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class ImportDetail:
    """An import with all that it changed, premises that it brought in first."""

    batch: Import
    premises: tuple[ImportedPremises, ...]


@dataclass(frozen=True)
class RegisterChange:
    """What one act changed at a premises. ``telling``: its name, type, address or registration differ;
    ``undone``: the import that did it was taken back."""

    at: datetime
    on_date: date
    by: str
    what: Message
    why: str | None
    lines: tuple[Line, ...]
    telling: bool
    undone: bool


def imports(store: Store, actor: Actor) -> list[Import]:
    """The imports of register files, newest first."""
    require(actor, Right.IMPORT)
    with store.read(actor) as work:
        return [_import(batch) for batch in register.batches(work)]


def import_of(store: Store, actor: Actor, import_id: str) -> ImportDetail:
    """One import with its changes old → new. Raises InputError ``unknown_import``."""
    require(actor, Right.IMPORT)
    with store.read(actor) as work:
        batch = _batch(work, import_id)
        changes = register.changes_of_batch(work, import_id)
        open_ids = _in_scope(work) if may(actor, Right.SEE_TIPS) else frozenset()
        named = register.names_of(work, changes["premises_id"])
        found = [
            ImportedPremises(
                premises_id=row.premises_id,
                name=(row.after or {}).get("name") or named[row.premises_id][0],
                created=row.kind == register.CREATED,
                lines=change_lines(row.before, row.after, shows_grounds=row.premises_id in open_ids),
            )
            for row in changes.itertuples()
        ]
        found.sort(key=lambda one: not one.created)
        return ImportDetail(_import(batch), tuple(found))


def undo_import(store: Store, actor: Actor, import_id: str, reason: str = "") -> dict[str, int]:
    """Take an import back as a whole, in one transaction: ``{removed, restored}`` premises.

    Raises RuleError ``changed_since`` naming the premises that somebody has changed since, or on which an
    inspection or something else rests by now, ``already_undone`` for an import that was taken back before, and
    for a reason that speaks of a person; InputError ``unknown_import``.
    """
    require(actor, Right.IMPORT)
    why = about_places(reason)[:400] or None
    with store.write(actor) as work:
        batch = _batch(work, import_id)
        if batch.undone_at is not None:
            raise RuleError(
                "already_undone",
                msg(
                    "Lượt nhập “{file}” đã được {who} hoàn tác ngày {date}.",
                    file=batch.file,
                    who=batch.undone_by,
                    date=batch.undone_at.astimezone(LOCAL_ZONE).date(),
                ),
            )
        counts = take_back(work, batch)
        batch.undone_at, batch.undone_by, batch.undone_why = work.now, actor.name, why
        work.note("import.undo", batch.id, file=batch.file, text=why, **counts)
    return counts


def history(store: Store, actor: Actor, premises_id: str) -> tuple[RegisterChange, ...]:
    """What was changed at a premises, newest first: its names, types, numbers, addresses and all else.

    ``lines`` give the old and the new value of each field; those that may not be seen are left out.
    """
    require(actor, Right.SEE)
    with store.read(actor) as work:
        changes = register.changes_of_premises(work, [premises_id])
        undone = {batch.id for batch in register.batches(work) if batch.undone_at is not None}
        grounds = may(actor, Right.SEE_TIPS) and premises_id in _in_scope(work)
    found = [
        RegisterChange(
            at=row.recorded_at,
            on_date=row.recorded_at.astimezone(LOCAL_ZONE).date(),
            by=row.recorded_by,
            what=_KINDS[row.kind],
            why=row.why,
            lines=change_lines(row.before, row.after, shows_grounds=grounds),
            telling=bool(row.telling),
            undone=row.batch_id in undone,
        )
        for row in changes.itertuples()
    ]
    return tuple(reversed(found))


_KINDS = {
    register.CREATED: msg("đưa vào danh sách"),
    register.UPDATED: msg("cập nhật"),
    register.MERGED: msg("gộp cơ sở trùng"),
    register.UNMERGED: msg("bỏ gộp"),
    register.UNDONE: msg("hoàn tác lượt nhập"),
}


def _batch(work: Work, import_id: str) -> ImportBatch:
    batch = register.batch_by_id(work, import_id)
    if batch is None:
        raise InputError("unknown_import", msg("Không có lượt nhập {id}.", id=import_id))
    return batch


def _import(batch: ImportBatch) -> Import:
    counts: Counter[str] = Counter(batch.counts)
    names = ("id", "file", "at", "by", "undone_at", "undone_by", "undone_why")
    values: dict[str, Any] = {name: getattr(batch, name) for name in names}
    return Import(**values, counts=counts)


def _in_scope(work: Work) -> frozenset[str]:
    """Premises whose grounds the actor may see, as far as it goes by place."""
    return frozenset(within_scope(work, places.premises_on(work, work.today))["id"])
