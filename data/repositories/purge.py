"""Deleting events whose time of keeping is over, and taking the text out of others.

Events are append-only: the database lets go only of what has a tombstone, so that one is written first. A
tombstone keeps counts (month, unit, kind), by which past years can still be told. The salt of the event's
digests in the audit log goes too; the log itself is never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import and_, delete, exists, insert, not_, or_, select, text, update

from data.repositories.frames import columns, frame
from data.store import Store, Work
from data.tables import TextSalt, Tombstone, new_id

#: So many ids go into one statement.
_CHUNK = 400
#: Names of what a tombstone keeps, in the order of ``kept_counts``.
COUNTED = ("month", "unit", "kind", "state", "in_time")


def last_revisions(work: Work, table: Any) -> pd.DataFrame:
    """The newest revision of each event, voided ones too, with ``void`` and ``recorded_at``."""
    rows, newer = table.__table__, table.__table__.alias()
    later = exists().where(and_(newer.c.id == rows.c.id, newer.c.revision > rows.c.revision))
    statement = select(*columns(table), rows.c.void, rows.c.recorded_at).where(not_(later)).order_by(rows.c.rid)
    return frame(work, statement)


def bury(work: Work, table: Any, counts: Mapping[str, Mapping[str, Any]], rule: str) -> int:
    """Delete all revisions of the events that ``counts`` names, with their salts; how many events there were.

    ``counts``: of each id what may be kept of it. One that is buried already keeps its tombstone.
    """
    _tombstones(work, table, counts, rule)
    for some in _chunks(counts):
        work.whole.session.execute(delete(table).where(table.id.in_(some)))
    return len(counts)


def blank(
    work: Work,
    table: Any,
    counts: Mapping[str, Mapping[str, Any]],
    rule: str,
    empty: Mapping[str, Any],
    *,
    but_newest: bool = False,
) -> int:
    """Store every revision of the events anew with the columns ``empty`` in place of what stood there.

    ``but_newest``: the newest revision says already what may be said. The rows keep their numbers, times and
    authors, so that the history of an event stays, without its words.
    """
    _tombstones(work, table, counts, rule)
    rows = table.__table__
    for some in _chunks(counts):
        kept = [
            dict(row._mapping) for row in work.whole.session.execute(select(rows).where(rows.c.id.in_(some)))
        ]
        newest = {one: max(row["revision"] for row in kept if row["id"] == one) for one in some}
        anew = [row for row in kept if not (but_newest and row["revision"] == newest[row["id"]])]
        numbers = [row["rid"] for row in anew]
        work.whole.session.execute(delete(table).where(table.rid.in_(numbers)))
        if anew:
            work.session.execute(insert(rows), [{**row, **empty} for row in anew])
    work.session.expire_all()
    return len(counts)


def leave_no_trace(work: Work) -> None:
    """Let an embedded database overwrite what this unit of work deletes; a server's vacuum does it later."""
    if work.session.get_bind().dialect.name == "sqlite":
        work.session.execute(text("PRAGMA secure_delete = ON"))


def settle(store: Store) -> None:
    """Bring an embedded database's journal into its file, so that no old page of it stays beside it."""
    if store.engine.dialect.name == "sqlite":
        with store.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _tombstones(work: Work, table: Any, counts: Mapping[str, Mapping[str, Any]], rule: str) -> None:
    name = table.__tablename__
    for some in _chunks(counts):
        wanted = Tombstone.table_name == name, Tombstone.event_id.in_(some)
        there = set(work.session.scalars(select(Tombstone.event_id).where(*wanted)))
        new = [
            {
                "id": new_id(),
                "table_name": name,
                "event_id": one,
                "rule": rule,
                "purged_at": work.now,
                "purged_by": work.actor.name,
                "counts": dict(counts[one]),
            }
            for one in some
            if one not in there
        ]
        if new:
            work.session.execute(insert(Tombstone), new)
        work.session.execute(delete(TextSalt).where(TextSalt.subject.in_(some)))


def with_words(work: Work, table: Any, names: Sequence[str]) -> frozenset[str]:
    """Ids of events any revision of which has something in the named columns of text."""
    written = or_(*(and_(column.is_not(None), column != "") for column in (getattr(table, n) for n in names)))
    return frozenset(work.session.scalars(select(table.id).where(written)))


def delete_rows(work: Work, table: Any, ids: Iterable[str], *, key: str = "id") -> None:
    """Delete rows of a table that is not append-only, by the column ``key``. Their salts go too."""
    for some in _chunks(ids):
        work.session.execute(delete(TextSalt).where(TextSalt.subject.in_(some)))
        work.session.execute(delete(table).where(getattr(table, key).in_(some)))


def empty_columns(work: Work, table: Any, ids: Iterable[str], empty: Mapping[str, Any]) -> None:
    """Empty columns of edited rows; whoever has one on the screen is told that it has changed."""
    for some in _chunks(ids):
        work.session.execute(delete(TextSalt).where(TextSalt.subject.in_(some)))
        changed = update(table).where(table.id.in_(some)).values(**empty, version=table.version + 1)
        work.session.execute(changed)


def kept_counts(work: Work, table: Any) -> pd.DataFrame:
    """What is left of the purged events of a table, summed: month (YYYY-MM), unit, kind, state, in_time, n.

    An event whose text alone was taken out is still in its table and is not counted here.
    """
    there = exists().where(table.id == Tombstone.event_id)
    wanted = Tombstone.table_name == table.__tablename__
    found = work.session.scalars(select(Tombstone.counts).where(wanted, not_(there)))
    told = pd.DataFrame(
        [[one.get(name) for name in COUNTED] for one in found], columns=list(COUNTED), dtype=object
    )
    return told.groupby(list(COUNTED), dropna=False, sort=True).size().rename("n").reset_index()


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    every = list(values)
    for start in range(0, len(every), _CHUNK):
        yield every[start : start + _CHUNK]
