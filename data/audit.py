"""The audit log: who did what and when, each entry chained to the one before by its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from data.tables import AuditEntry

FIRST_HASH = "0" * 64
#: One writer at a time extends the chain on PostgreSQL; on SQLite writers are alone anyway.
_LOCK_KEY = 178_2004


def append(
    session: Session, *, at: datetime, actor: str, action: str, subject: str = "", detail: dict[str, Any]
) -> None:
    """Add an entry to the chain, inside the transaction of what it tells about."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    session.flush()
    last = session.execute(
        select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
    ).first()
    entry = AuditEntry(
        seq=(last.seq if last else 0) + 1,
        at=at.astimezone(UTC).replace(microsecond=0),
        actor=actor,
        action=action,
        subject=subject,
        detail=detail,
        previous_hash=last.hash if last else FIRST_HASH,
    )
    entry.hash = entry_hash(entry)
    session.add(entry)
    session.flush()


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over the entry's content and the hash before it."""
    content = json.dumps(
        [
            entry.seq,
            entry.at.isoformat(),
            entry.actor,
            entry.action,
            entry.subject,
            entry.detail,
            entry.previous_hash,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(content.encode()).hexdigest()


def first_broken(session: Session) -> int | None:
    """The number of the first entry that does not fit the chain, None when all do."""
    previous, expected = FIRST_HASH, 1
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.seq)):
        intact = entry.seq == expected and entry.previous_hash == previous and entry.hash == entry_hash(entry)
        if not intact:
            return expected
        previous, expected = entry.hash, expected + 1
    return None


def last_number(session: Session, but: Collection[str] = ()) -> int:
    """The number of the newest entry whose action is none of ``but``, 0 where there is none."""
    told = select(AuditEntry.seq).where(AuditEntry.action.not_in(but))
    # Walked from the newest entry back: a few steps, however long the log is.
    return session.scalar(told.order_by(AuditEntry.seq.desc()).limit(1)) or 0
