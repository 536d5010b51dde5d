"""The register's own history: which premises stand in it, imports, what changed at premises, merges.

A change keeps values as JSON: a day as ISO text, a point as ``[lon, lat]`` under "point". Beside the columns of
the premises an import's change has "papers" (by id) and "status".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import shapely
from sqlalchemy import CompoundSelect, Date, Select, and_, exists, null, select, union

from data.repositories.frames import add_rows, columns, current, frame
from data.store import Work
from data.tables import ImportBatch, Premises, PremisesChange, PremisesDistinct, PremisesMerge, new_id

CREATED, UPDATED, MERGED, UNMERGED, UNDONE = "created", "updated", "merged", "unmerged", "undone"
#: What is known of a premises; the other columns are keys and bookkeeping.
PARTICULARS = (
    "name", "type", "address", "geom", "location_quality", "registration_number", "registration_hash", "rooms",
    "workers", "opened_on", "commitment_on", "complex_grounds", "unregistered_basis",
)  # fmt: skip
#: By these a premises is known: when they change it may be another business.
TELLING = frozenset({"name", "type", "address", "registration_number", "registration_hash"})
#: Ids asked for at once; SQLite takes about 32,000.
_ASKED = 5_000


def undone() -> Select[Any]:
    """Ids of premises that an import brought in and that went when it was taken back."""
    later = PremisesChange.__table__.alias()
    rows = PremisesChange.__table__.c
    back = exists().where(
        and_(later.c.premises_id == rows.premises_id, later.c.kind == CREATED, later.c.rid > rows.rid)
    )
    return select(rows.premises_id).where(rows.kind == UNDONE, rows.after.is_(null()), ~back)


def left_out() -> CompoundSelect[Any]:
    """Ids of premises that stand no more in the register: merged into another, or undone with their import."""
    merges = PremisesMerge.__table__.c
    return union(select(merges.drop_id).where(merges.unmerged_at.is_(None)), undone())


def kept_ids(work: Work) -> dict[str, str]:
    """For each premises that was merged into another the one that is in the register for it."""
    rows = PremisesMerge.__table__.c
    standing = select(rows.drop_id, rows.keep_id).where(rows.unmerged_at.is_(None))
    into: dict[str, str] = {row.drop_id: row.keep_id for row in work.session.execute(standing)}

    def last(premises_id: str) -> str:
        while premises_id in into:
            premises_id = into[premises_id]
        return premises_id

    return {drop: last(drop) for drop in into}


def under_kept(work: Work, rows: Any) -> Any:
    """A frame of what happened at premises, with that of merged ones under the premises that was kept."""
    kept = kept_ids(work)
    if kept and len(rows):
        rows["premises_id"] = rows["premises_id"].map(lambda one: kept.get(one, one))
    return rows


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a premises or a paper as a change keeps them."""
    return {"point" if name == "geom" else name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, shapely.Point):
        return [value.x, value.y]
    return value.isoformat() if isinstance(value, date) else value


def column_values(table: Any, plain: Mapping[str, Any]) -> dict[str, Any]:
    """What ``plain_values`` wrote, as columns of ``table`` again; what is none of its columns is left out."""
    kinds = {column.name: column.type for column in table.__table__.columns}
    values: dict[str, Any] = {}
    for name, value in plain.items():
        if name == "point":
            values["geom"] = None if value is None else shapely.Point(value)
        elif name in kinds:
            dated = isinstance(kinds[name], Date) and value is not None
            values[name] = date.fromisoformat(value) if dated else value
    return values


def snapshot(row: Premises) -> dict[str, Any]:
    """The particulars of a premises as a change keeps them."""
    return plain_values({name: getattr(row, name) for name in PARTICULARS})


def state_of(particulars: Mapping[str, Any]) -> str:
    """A digest of a ``snapshot``."""
    told = json.dumps(particulars, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def change(
    work: Work,
    premises_id: str,
    kind: str,
    particulars: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    *,
    batch_id: str | None = None,
    why: str | None = None,
) -> dict[str, Any]:
    """A row of the changes of premises, for ``add_rows``. ``particulars``: the ``snapshot`` after it."""
    return {
        **work.event(why),
        "premises_id": premises_id,
        "batch_id": batch_id,
        "kind": kind,
        "before": None if before is None else dict(before),
        "after": None if after is None else dict(after),
        "state": state_of(particulars),
        "telling": not TELLING.isdisjoint({*(before or {}), *(after or {})}),
    }


def record_since(
    work: Work, row: Premises, before: Mapping[str, Any], *, kind: str = UPDATED, why: str | None = None
) -> None:
    """Record an act at a premises: the fields that differ since its ``snapshot`` ``before``. An update without
    any is none."""
    work.session.flush()
    after = snapshot(row)
    names = [name for name in after if after[name] != before[name]]
    if names or kind != UPDATED:
        old, new = ({name: values[name] for name in names} for values in (before, after))
        add_rows(work, PremisesChange, [change(work, row.id, kind, after, old, new, why=why)])


def record_new(work: Work, row: Premises, why: str | None = None) -> None:
    """Record that a premises came into the register otherwise than by an import."""
    work.session.flush()
    after = snapshot(row)
    add_rows(work, PremisesChange, [change(work, row.id, CREATED, after, None, after, why=why)])


def open_batch(work: Work, file: str, counts: Mapping[str, int]) -> str:
    """Record an import of a register file and give its id."""
    batch_id = new_id()
    row = {"id": batch_id, "file": file[:200], "at": work.now, "by": work.actor.name, "counts": dict(counts)}
    add_rows(work, ImportBatch, [row])
    return batch_id


def batches(work: Work) -> list[ImportBatch]:
    """The imports, newest first."""
    return list(work.session.scalars(select(ImportBatch).order_by(ImportBatch.rid.desc())))


def batch_by_id(work: Work, batch_id: str) -> ImportBatch | None:
    """One import."""
    return work.session.scalars(select(ImportBatch).where(ImportBatch.id == batch_id)).first()


def changes_of_batch(work: Work, batch_id: str) -> pd.DataFrame:
    """What an import changed, without what its undoing did."""
    rows = PremisesChange.__table__.c
    return _changes(work, rows.batch_id == batch_id, rows.kind != UNDONE)


def changes_of_premises(work: Work, ids: Iterable[str]) -> pd.DataFrame:
    """All that was changed at some premises, oldest first."""
    return _changes(work, PremisesChange.__table__.c.premises_id.in_(list(ids)))


def telling_changes(work: Work) -> pd.DataFrame:
    """Changes of the name, type, address or registration of premises in the register, oldest first. Merging
    puts the record right and changes nothing of the place."""
    rows = PremisesChange.__table__.c
    return _changes(work, rows.telling.is_(True), rows.kind == UPDATED)


def _changes(work: Work, *conditions: Any) -> pd.DataFrame:
    rows = PremisesChange.__table__.c
    statement = current(PremisesChange).add_columns(rows.recorded_at, rows.recorded_by, rows.why)
    return frame(work, statement.where(*conditions))


def premises_rows(work: Work, ids: Sequence[str]) -> dict[str, Premises]:
    """Premises to be changed, by id, held for the rest of the unit of work."""
    found: dict[str, Premises] = {}
    for start in range(0, len(ids), _ASKED):
        wanted = sorted(ids)[start : start + _ASKED]
        statement = select(Premises).where(Premises.id.in_(wanted)).order_by(Premises.id).with_for_update()
        found |= {row.id: row for row in work.session.scalars(statement)}
    return found


def names_of(work: Work, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Name and address of premises, whether or not they stand in the register."""
    wanted = sorted(set(ids))
    parts = [wanted[start : start + _ASKED] for start in range(0, len(wanted), _ASKED)]
    asked = (select(Premises.id, Premises.name, Premises.address).where(Premises.id.in_(few)) for few in parts)
    return {row.id: (row.name, row.address) for statement in asked for row in work.session.execute(statement)}


def standing_merges(work: Work) -> list[PremisesMerge]:
    """Merges that hold, oldest first."""
    wanted = select(PremisesMerge).where(PremisesMerge.unmerged_at.is_(None)).order_by(PremisesMerge.rid)
    return list(work.session.scalars(wanted))


def all_merges(work: Work) -> list[PremisesMerge]:
    """All merges, newest first, those that were taken back among them."""
    return list(work.session.scalars(select(PremisesMerge).order_by(PremisesMerge.rid.desc())))


def merge_by_id(work: Work, merge_id: str) -> PremisesMerge | None:
    """One merge."""
    return work.session.scalars(select(PremisesMerge).where(PremisesMerge.id == merge_id)).first()


def distinct_pairs(work: Work) -> pd.DataFrame:
    """Pairs that a person found to be two premises, newest first."""
    return frame(work, select(*columns(PremisesDistinct)).order_by(PremisesDistinct.rid.desc()))
