"""Waiting after wrong tries: longer each time, by account and by network address (NIST SP 800-63B-4, 3.2.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from data.repositories import address_locks
from data.store import Work
from data.tables import Account

#: So many wrong tries cost nothing: people mistype.
FREE_FAILURES = 4
#: A whole office may come from one address.
FREE_FROM_ADDRESS = 20
LONGEST_WAIT = timedelta(hours=1)
#: An address without a wrong try for so long starts anew.
QUIET = timedelta(hours=6)


def waiting(work: Work, account: Account | None, address_key: str | None) -> bool:
    """Whether the account or the address has to wait."""
    lock = address_locks.address_lock(work, address_key) if address_key else None
    until = (account.locked_until if account else None, lock.locked_until if lock else None)
    return any(one is not None and one > work.now for one in until)


def failed(work: Work, account: Account | None, address_key: str | None) -> None:
    """Count a wrong try; from the fifth on the account waits 2, 4, 8... seconds, at most an hour."""
    if account is not None:
        account.failures += 1
        account.locked_until = _until(work.now, account.failures - FREE_FAILURES)
    if address_key:
        address_locks.forget_quiet_addresses(work, QUIET)
        lock = address_locks.count_failure(work, address_key)
        lock.locked_until = _until(work.now, lock.failures - FREE_FROM_ADDRESS)


def forgiven(account: Account) -> None:
    """Whoever signed in has no wrong tries behind them. Those of the address stay: it may have one account."""
    account.failures, account.locked_until = 0, None


def _until(now: datetime, beyond: int) -> datetime | None:
    # 2 to the 12th is more than an hour.
    return now + min(timedelta(seconds=2 ** min(beyond, 12)), LONGEST_WAIT) if beyond > 0 else None
