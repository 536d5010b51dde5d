"""The audit log: who did what, when and from where, each entry chained to the one before by its hash.

Free text stands in it as a digest only (``digest``): the salt of a subject is kept in a table of its own, and
whoever destroys the salt leaves a digest that fits no text any more, and a chain that still holds.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, String, select, text, type_coerce
from sqlalchemy.orm import Session

from data.tables import AuditEntry, TextSalt
from geo.messages import Message, msg

FIRST_HASH = "0" * 64
#: One writer at a time extends the chain on PostgreSQL; on SQLite writers are alone anyway.
_LOCK_KEY = 178_2004
#: How a digest of a text begins, so that a reader sees what it is.
DIGEST = "hmac-sha256:"
_BATCH = 2_000


def append(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str = "",
    detail: dict[str, Any],
    origin: str | None = None,
) -> tuple[int, str]:
    """Add an entry to the chain, inside the transaction of what it tells about; its number and hash."""
    _alone(session)
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
        origin=origin,
        detail=detail,
        previous_hash=last.hash if last else FIRST_HASH,
    )
    entry.hash = entry_hash(entry)
    session.add(entry)
    session.flush()
    return entry.seq, entry.hash


def _alone(session: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over the entry's content and the hash before it.

    Where it came from is part of it once it is known; entries from before that column keep their hash.
    """
    content = [
        entry.seq,
        entry.at.isoformat(),
        entry.actor,
        entry.action,
        entry.subject,
        entry.detail,
        entry.previous_hash,
    ]
    if entry.origin is not None:
        content.append(entry.origin)
    told = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True)
class Broken:
    """The first entry that does not fit the chain: its number, and what is wrong with it."""

    seq: int
    why: Message


@dataclass(frozen=True)
class Chain:
    """What a walk along the chain found: how many entries fit, the newest of them, the first that does not."""

    entries: int
    last_hash: str
    broken: Broken | None


def walk(session: Session) -> Chain:
    """Check every entry in the order of the numbers, up to the first that does not fit."""
    previous, fit = FIRST_HASH, 0
    rows = select(*_as_stored(session)).order_by(AuditEntry.seq).execution_options(yield_per=_BATCH)
    for entry in session.execute(rows):
        why = _misfit(entry, fit + 1, previous)
        if why is not None:
            return Chain(fit, previous, Broken(min(entry.seq, fit + 1), why))
        previous, fit = entry.hash, entry.seq
    return Chain(fit, previous, None)


def _as_stored(session: Session) -> list[Any]:
    """Columns, not entities: what a session holds unsaved is not what the database holds.

    SQLite takes any text for an instant or a document; whoever forged one must not stop the walk.
    """
    forged = {"at", "detail"} if session.get_bind().dialect.name == "sqlite" else set()
    return [
        type_coerce(column, String).label(column.name) if column.name in forged else column
        for column in AuditEntry.__table__.columns
    ]


def _hash_as_stored(entry: Row[Any]) -> str | None:
    """The hash of what is stored, None where it cannot even be read."""
    told = dict(entry._mapping)
    try:
        if isinstance(entry.at, str):
            told["at"] = datetime.fromisoformat(entry.at).replace(tzinfo=UTC)
            told["detail"] = json.loads(entry.detail)
        return entry_hash(AuditEntry(**told))
    except (ValueError, TypeError, AttributeError):
        return None


def _misfit(entry: Row[Any], expected: int, previous: str) -> Message | None:
    if entry.seq > expected:
        return msg("Thiếu mục số {n}: đã bị xóa.", n=expected)
    if entry.seq != expected:
        return msg("Mục số {n} không đúng thứ tự.", n=str(entry.seq))
    if entry.hash != _hash_as_stored(entry):
        return msg("Nội dung mục số {n} đã bị sửa.", n=expected)
    if entry.previous_hash != previous:
        return msg("Mục số {n} không nối với mục trước: đã bị chèn, đổi chỗ hoặc sửa.", n=expected)
    return None


def first_broken(session: Session) -> int | None:
    """The number of the first entry that does not fit the chain, None when all do."""
    broken = walk(session).broken
    return None if broken is None else broken.seq


def hash_of(session: Session, seq: int) -> str | None:
    """The hash of an entry, None where it is not there."""
    return session.scalar(select(AuditEntry.hash).where(AuditEntry.seq == seq))


def last_number(session: Session, but: Collection[str] = ()) -> int:
    """The number of the newest entry whose action is none of ``but``, 0 where there is none."""
    told = select(AuditEntry.seq).where(AuditEntry.action.not_in(but))
    # Walked from the newest entry back: a few steps, however long the log is.
    return session.scalar(told.order_by(AuditEntry.seq.desc()).limit(1)) or 0


def digest(session: Session, subject: str, words: str | None) -> str | None:
    """What the log keeps of a free text about ``subject``: HMAC-SHA-256 under the subject's own salt.

    None stays None and an empty text stays empty, so that the log tells whether anything was written.
    """
    if not words:
        return words
    kept = session.get(TextSalt, subject)
    if kept is None:
        # Two writers must not both make one; the chain's lock is taken at the end of the work anyway.
        _alone(session)
        kept = session.get(TextSalt, subject) or TextSalt(subject=subject, salt=secrets.token_hex(32))
        session.add(kept)
        session.flush()
    made = hmac.new(bytes.fromhex(kept.salt), words.encode(), hashlib.sha256)
    return DIGEST + made.hexdigest()
