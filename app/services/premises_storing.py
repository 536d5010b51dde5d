"""Storing what a register file changes, and a record of it by which the import can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.services.premises_changes import Change, chunks
from data.importers.matching import content_key
from data.repositories import register
from data.repositories.frames import add_rows
from data.search_key import premises_key
from data.store import Work
from data.tables import Licence, Premises, PremisesChange, PremisesStatusChange
from geo.words import LocationQuality

_WHY = "nhập từ tệp"
#: The columns of a premises of which nothing is known but name, type and address.
EMPTY: dict[str, Any] = dict.fromkeys(
    ("geom", "registration_number", "registration_hash", "rooms", "workers", "opened_on", "commitment_on",
     "complex_grounds", "unregistered_basis"),
) | {"location_quality": LocationQuality.NONE.value}  # fmt: skip


def store_changes(work: Work, changes: Sequence[Change], batch_id: str) -> None:
    """Write new premises in bulk and changed ones one by one, so that their version counts; record what was
    done to each under the import."""
    back = _back_again(work, changes)
    added = [change for change in changes if change.old is None and change.id not in back]
    add_rows(work, Premises, [{**EMPTY, **_with_keys(change), "id": change.id} for change in added])
    again = {change.id: {**EMPTY, **_with_keys(change)} for change in changes if change.id in back}
    known = {c.id: _with_keys(c) for c in changes if c.old is not None and c.values}
    _update(work, Premises, known | again)
    _update(work, Licence, {i: values for c in changes for i, values in c.changed_papers.items()})
    add_rows(work, Licence, [paper for change in changes for paper in change.new_papers])
    states = {change.id: {**work.event(_WHY), **change.status} for change in changes if change.status}
    add_rows(work, PremisesStatusChange, list(states.values()))
    acts = [change for change in changes if change.kind != "unchanged"]
    add_rows(work, PremisesChange, [_record(work, c, batch_id, states.get(c.id)) for c in acts])


def _back_again(work: Work, changes: Sequence[Change]) -> set[str]:
    """Ids of new premises that stood in the register before and were undone with their import."""
    new = [change.id for change in changes if change.old is None]
    known = (select(Premises.id).where(Premises.id.in_(few)) for few in chunks(new))
    return {premises_id for statement in known for premises_id in work.session.scalars(statement)}


def _with_keys(change: Change) -> dict[str, Any]:
    """The new values, with the keys by which the premises is searched and known again."""
    whole = {**(change.old or {}), **change.values}
    return {**change.values, **keys(whole["name"], whole["address"], whole.get("registration_number"))}


def keys(name: str, address: str, registration_number: str | None) -> dict[str, str]:
    """The columns by which a premises is searched and known again."""
    folded = premises_key(name, address, registration_number)
    return {"folded": folded, "content_key": content_key(name, address)}


def _update(work: Work, table: Any, values: Mapping[str, Mapping[str, Any]]) -> None:
    for ids in chunks(sorted(values)):
        for row in work.session.scalars(select(table).where(table.id.in_(ids))).all():
            for name, value in values[row.id].items():
                setattr(row, name, value)
    work.session.flush()


def _record(work: Work, change: Change, batch_id: str, status: Mapping[str, Any] | None) -> dict[str, Any]:
    """The change as it is kept, with the status row that was written for it."""
    old = change.old
    before = None if old is None else register.plain_values({name: old[name] for name in change.values})
    if before is not None and change.old_papers:
        before["papers"] = {i: register.plain_values(values) for i, values in change.old_papers.items()}
    after = register.plain_values(change.values)
    papers = {paper["id"]: paper for paper in change.new_papers} | change.changed_papers
    if papers:
        after["papers"] = {i: register.plain_values(values) for i, values in papers.items()}
    if status is not None:
        after["status"] = register.plain_values({n: status[n] for n in ("id", "status", "on_date")})
    whole = {**EMPTY, **(old or {}), **change.values}
    left = register.plain_values({name: whole[name] for name in register.PARTICULARS})
    kind = register.CREATED if old is None else register.UPDATED
    return register.change(work, change.id, kind, left, before, after, batch_id=batch_id, why=_WHY)
