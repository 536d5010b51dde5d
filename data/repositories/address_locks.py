"""Wrong tries by network address; of an address only a keyed hash is known here."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_

from data.store import Work
from data.tables import AddressLock


def address_lock(work: Work, key: str) -> AddressLock | None:
    """What is remembered of an address."""
    return work.session.get(AddressLock, key)


def count_failure(work: Work, key: str) -> AddressLock:
    """Count one more wrong try from an address."""
    lock = work.session.get(AddressLock, key)
    if lock is None:
        lock = AddressLock(key=key, failures=0, last_at=work.now)
        work.session.add(lock)
    lock.failures, lock.last_at = lock.failures + 1, work.now
    work.session.flush()
    return lock


def forget_quiet_addresses(work: Work, quiet: timedelta) -> None:
    """Forget the addresses without a wrong try for so long, unless they still have to wait."""
    over = or_(AddressLock.locked_until.is_(None), AddressLock.locked_until <= work.now)
    work.session.execute(delete(AddressLock).where(AddressLock.last_at <= work.now - quiet, over))
