"""Accounts, their scopes and sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from data.store import Actor, Work
from data.tables import Account, AccountScope, LoginSession
from geo.words import Role


def count_accounts(work: Work) -> int:
    """How many accounts exist."""
    return work.session.scalar(select(func.count()).select_from(Account)) or 0


def account_named(work: Work, name: str) -> Account | None:
    """The account of that name."""
    return work.session.scalars(select(Account).where(Account.name == name)).first()


def accounts(work: Work) -> list[Account]:
    """All accounts by name."""
    return list(work.session.scalars(select(Account).order_by(Account.name)))


def add_account(
    work: Work, name: str, role: Role, password_hash: str, unit_ids: frozenset[str] | None
) -> Account:
    """Create an account; ``unit_ids`` None means the whole database."""
    account = Account(name=name, role=role.value, password_hash=password_hash)
    work.session.add(account)
    work.session.flush()
    for unit_id in sorted(unit_ids or ()):
        work.session.add(AccountScope(account_id=account.id, unit_id=unit_id))
    return account


def actor_of(work: Work, account: Account) -> Actor:
    """The account as an actor, with its scope."""
    scope = work.session.scalars(
        select(AccountScope.unit_id).where(AccountScope.account_id == account.id)
    ).all()
    return Actor(account.name, Role(account.role), frozenset(scope) or None)


def open_session(work: Work, account: Account, token_hash: str, lifetime: timedelta) -> None:
    """Record a signed-in browser."""
    work.session.add(
        LoginSession(
            token_hash=token_hash,
            account_id=account.id,
            started_at=work.now,
            seen_at=work.now,
            expires_at=work.now + lifetime,
        )
    )


def live_session(work: Work, token_hash: str, idle_since: datetime) -> tuple[LoginSession, Account] | None:
    """The session behind a token when it has neither expired nor been idle since ``idle_since``."""
    row = work.session.execute(
        select(LoginSession, Account)
        .join(Account, Account.id == LoginSession.account_id)
        .where(LoginSession.token_hash == token_hash)
        .where(LoginSession.expires_at > work.now)
        .where(LoginSession.seen_at > idle_since)
        .where(Account.disabled.is_(False))
    ).first()
    return None if row is None else (row[0], row[1])


def end_session(work: Work, token_hash: str) -> None:
    """Forget a session, and those that have expired."""
    work.session.execute(delete(LoginSession).where(LoginSession.token_hash == token_hash))
    work.session.execute(delete(LoginSession).where(LoginSession.expires_at < work.now))
