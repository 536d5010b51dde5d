"""Accounts with their scopes, teams and sessions, and the codes that link one to an identity provider."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from data.repositories.facts import fact, record_fact
from data.store import Actor, Work
from data.tables import Account, AccountScope, AccountTeam, LoginSession, Setting, Team, Unit
from geo.words import Role

#: The longest name that a column holds.
LONGEST_NAME = 80
_LINK = "oidc_link:"


@dataclass(frozen=True)
class Reach:
    """What an account reaches: ids of units with their code and name, and of teams with their name."""

    units: dict[str, tuple[str, str]]
    teams: dict[str, str]

    def plain(self) -> dict[str, Any]:
        """As the audit log keeps it."""
        return {"units": sorted(code for code, _name in self.units.values()), "teams": sorted(self.teams)}


def count_accounts(work: Work) -> int:
    """How many accounts exist."""
    return work.session.scalar(select(func.count()).select_from(Account)) or 0


def account_named(work: Work, name: str) -> Account | None:
    """The account of that name."""
    # PostgreSQL takes no NUL; nobody's name has one.
    if "\0" in name or len(name) > LONGEST_NAME:
        return None
    return work.session.scalars(select(Account).where(Account.name == name)).first()


def account_by_id(work: Work, account_id: str) -> Account | None:
    """The account with that id."""
    return work.session.scalars(select(Account).where(Account.id == account_id)).first()


def account_of_subject(work: Work, subject_hash: str) -> Account | None:
    """The account that is linked to somebody at the identity provider, known by a keyed hash."""
    return work.session.scalars(select(Account).where(Account.oidc_subject == subject_hash)).first()


def accounts(work: Work) -> list[Account]:
    """All accounts by name."""
    return list(work.session.scalars(select(Account).order_by(Account.name)))


def other_administrators(work: Work, but: str) -> int:
    """How many accounts beside ``but`` (an id) could administer."""
    able = (Account.role == Role.ADMIN.value, Account.disabled.is_(False), Account.id != but)
    return work.session.scalar(select(func.count()).select_from(Account).where(*able)) or 0


def add_account(
    work: Work, name: str, role: Role, password_hash: str, unit_ids: frozenset[str] | None
) -> Account:
    """Create an account; ``unit_ids`` None means the whole database."""
    account = Account(name=name, role=role.value, password_hash=password_hash)
    work.session.add(account)
    work.session.flush()
    set_units(work, account, unit_ids or ())
    return account


def set_units(work: Work, account: Account, unit_ids: Iterable[str]) -> None:
    """Put the account's scope in place of the one it had; no unit means the whole database."""
    work.session.execute(delete(AccountScope).where(AccountScope.account_id == account.id))
    for unit_id in sorted(unit_ids):
        work.session.add(AccountScope(account_id=account.id, unit_id=unit_id))
    work.session.flush()


def set_teams(work: Work, account: Account, team_ids: Iterable[str]) -> None:
    """Put the account's teams in place of those it had; none means the teams of its units."""
    work.session.execute(delete(AccountTeam).where(AccountTeam.account_id == account.id))
    for team_id in sorted(team_ids):
        work.session.add(AccountTeam(account_id=account.id, team_id=team_id))
    work.session.flush()


def reach_of(work: Work, account: Account) -> Reach:
    """The units and teams of an account."""
    units = (
        select(Unit.id, Unit.code, Unit.name)
        .join(AccountScope, AccountScope.unit_id == Unit.id)
        .where(AccountScope.account_id == account.id)
        .order_by(Unit.name)
    )
    teams = (
        select(Team.id, Team.name)
        .join(AccountTeam, AccountTeam.team_id == Team.id)
        .where(AccountTeam.account_id == account.id)
        .order_by(Team.name)
    )
    return Reach(
        {row.id: (row.code, row.name) for row in work.session.execute(units)},
        {row.id: row.name for row in work.session.execute(teams)},
    )


def actor_of(work: Work, account: Account, origin: str | None = None) -> Actor:
    """The account as an actor, with its scope; ``origin``: from where it acts."""
    scope = work.session.scalars(
        select(AccountScope.unit_id).where(AccountScope.account_id == account.id)
    ).all()
    return Actor(account.name, Role(account.role), frozenset(scope) or None, origin)


# --- the key of what is kept hashed


def sign_in_key(work: Work) -> bytes:
    """The key under which addresses and identities are hashed and tickets signed, made at its first use."""
    kept = fact(work, "sign_in_key")
    if kept is None:
        kept = {"hex": secrets.token_hex(32)}
        record_fact(work, "sign_in_key", kept)
        work.session.flush()
    return bytes.fromhex(kept["hex"])


def has_sign_in_key(work: Work) -> bool:
    """Whether the key was made already."""
    return fact(work, "sign_in_key") is not None


def keyed(key: bytes, purpose: str, text: str) -> str:
    """HMAC-SHA-256 of a text for one purpose, as 64 hexadecimal digits."""
    return hmac.new(key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


# --- codes that link an account


def keep_link_code(work: Work, account: Account, code_hash: str, until: datetime) -> None:
    """Remember the hash of an account's one open link code."""
    record_fact(work, _LINK + account.id, {"hash": code_hash, "until": until.isoformat()})


def forget_link_code(work: Work, account: Account) -> None:
    """Whatever link code the account had opens nothing any more."""
    work.session.execute(delete(Setting).where(Setting.key == _LINK + account.id))


def take_link_code(work: Work, code_hash: str) -> Account | None:
    """The account whose open code this is; the code is used up."""
    for row in work.session.scalars(select(Setting).where(Setting.key.startswith(_LINK, autoescape=True))):
        over = datetime.fromisoformat(row.value["until"]) <= work.now
        if not over and hmac.compare_digest(row.value["hash"], code_hash):
            account = account_by_id(work, row.key.removeprefix(_LINK))
            work.session.delete(row)
            return account
    return None


# --- sessions


def open_session(
    work: Work, account: Account, token_hash: str, lifetime: timedelta, origin: str | None = None
) -> None:
    """Record a signed-in browser."""
    work.session.add(
        LoginSession(
            token_hash=token_hash,
            account_id=account.id,
            started_at=work.now,
            seen_at=work.now,
            expires_at=work.now + lifetime,
            origin=origin,
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


def live_sessions(work: Work, idle_since: datetime, account: Account | None = None) -> list[LoginSession]:
    """The sessions that still open something, the last used first; of one account or of all."""
    asked = (
        select(LoginSession)
        .where(LoginSession.expires_at > work.now, LoginSession.seen_at > idle_since)
        .order_by(LoginSession.seen_at.desc(), LoginSession.rid.desc())
    )
    if account is not None:
        asked = asked.where(LoginSession.account_id == account.id)
    return list(work.session.scalars(asked))


def end_session(work: Work, token_hash: str) -> None:
    """Forget a session, and those that have expired."""
    work.session.execute(delete(LoginSession).where(LoginSession.token_hash == token_hash))
    work.session.execute(delete(LoginSession).where(LoginSession.expires_at < work.now))


def end_sessions(work: Work, account: Account, *, only: str | None = None, but_token: str | None = None) -> int:
    """Forget sessions of an account: all, ``only`` the one with that id, or all but that of a token's hash."""
    asked = delete(LoginSession).where(LoginSession.account_id == account.id)
    if only is not None:
        asked = asked.where(LoginSession.id == only)
    if but_token is not None:
        asked = asked.where(LoginSession.token_hash != but_token)
    done: Any = work.session.execute(asked)
    return int(done.rowcount)
