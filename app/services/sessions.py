"""Sessions kept on the server: whose they are, how long they live, what has to be done first."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address

from app.config import Settings
from app.services.system import SYSTEM
from data.repositories import accounts as repository
from data.store import Actor, Store, Work
from data.tables import Account, LoginSession
from geo.errors import RuleError, SurroundingsError
from geo.messages import msg
from geo.words import Role

#: How often the last use of a session is written down.
_GRAIN = timedelta(minutes=1)
_LONGEST_ORIGIN = 80


@dataclass(frozen=True)
class Origin:
    """Where somebody signs in from: the network address (never stored as it is) and the kind of browser."""

    address: str = ""
    browser: str = ""


class Need(StrEnum):
    """What a signed-in account has to do before anything opens to it."""

    PASSWORD = "password"
    SECOND_FACTOR = "second_factor"


@dataclass(frozen=True)
class Standing:
    """A live session: who it is, and what is needed first, None when everything is in order."""

    actor: Actor
    need: Need | None


@dataclass(frozen=True)
class OwnSession:
    """One of an account's signed-in browsers, as its owner sees it."""

    id: str
    started_at: datetime
    seen_at: datetime
    origin: str
    current: bool


def digest(token: str) -> str:
    """What is kept of a session's token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def address_key(work: Work, address: str) -> str | None:
    """A keyed hash of a network address; of IPv6 the network counts, since a machine has all of it."""
    if not address:
        return None
    try:
        parsed = ip_address(address)
    except ValueError:
        said = address
    else:
        said = str(parsed)
        if isinstance(parsed, IPv6Address):
            said = str(parsed.ipv4_mapped) if parsed.ipv4_mapped else parsed.exploded[:19]
    return repository.keyed(repository.sign_in_key(work), "address", said)


def visitor(store: Store, origin: Origin) -> Actor:
    """The program acting for somebody who has not signed in yet, known to the audit log by where they are.

    What is kept of that holds no address, but the same sign for the same one.
    """
    with store.read(SYSTEM) as work:
        made = repository.has_sign_in_key(work)
    if not made:
        with store.write(SYSTEM) as work:
            repository.sign_in_key(work)
    with store.read(SYSTEM) as work:
        key = address_key(work, origin.address)
    said = " ".join(filter(None, ("web", f"#{key[:12]}" if key else "", origin.browser)))
    return replace(SYSTEM, origin=said[:_LONGEST_ORIGIN])


def open_for(work: Work, settings: Settings, account: Account) -> str:
    """Open a session; gives its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    lifetime = timedelta(hours=settings.session_hours)
    repository.open_session(work, account, digest(token), lifetime, work.actor.origin)
    return token


def standing(store: Store, settings: Settings, token: str | None) -> Standing | None:
    """Whose session the token opens, and what it still lacks; the session lives on while it is used."""
    if not token:
        return None
    with store.read(SYSTEM) as work:
        found = repository.live_session(work, digest(token), idle_since(work, settings))
        if found is None:
            return None
        session, account = found
        stale = work.now - session.seen_at > _GRAIN
        known = Standing(repository.actor_of(work, account, session.origin), need_of(settings, account))
    if stale:
        _keep_alive(store, settings, token)
    return known


def _keep_alive(store: Store, settings: Settings, token: str) -> None:
    try:
        with store.write(SYSTEM) as work:
            again = repository.live_session(work, digest(token), idle_since(work, settings))
            if again is not None:
                again[0].seen_at = work.now
    except SurroundingsError:
        # A full or read-only disk: one can go on reading until the session is idle for too long.
        return


def idle_since(work: Work, settings: Settings) -> datetime:
    """A session that was not used since then is over."""
    return work.now - timedelta(minutes=settings.session_idle_minutes)


def need_of(settings: Settings, account: Account) -> Need | None:
    """What an account has to do first."""
    if account.must_change:
        return Need.PASSWORD
    if Role(account.role) in settings.second_factor_roles and account.totp_confirmed_at is None:
        return Need.SECOND_FACTOR
    return None


def who(store: Store, settings: Settings, token: str | None) -> Actor | None:
    """Who may go in with this token: None without a live session, and while something has to be done first."""
    known = standing(store, settings, token)
    return None if known is None or known.need is not None else known.actor


def sign_out(store: Store, token: str | None) -> None:
    """End the session behind the token."""
    if not token:
        return
    with store.read(SYSTEM) as work:
        found = repository.live_session(work, digest(token), datetime.min.replace(tzinfo=UTC))
        actor = SYSTEM if found is None else repository.actor_of(work, found[1], found[0].origin)
    with store.write(actor) as work:
        repository.end_session(work, digest(token))
        if found is not None:
            work.note("sign_out", actor.name)


def renew(store: Store, settings: Settings, actor: Actor, origin: Origin) -> str:
    """End all sessions of the actor's own account and open a new one; its token."""
    here = replace(actor, origin=visitor(store, origin).origin)
    with store.write(here) as work:
        account = repository.account_named(work, actor.name)
        if account is None or account.disabled:
            raise RuleError("no_account", msg("Tài khoản này không còn dùng được."))
        repository.end_sessions(work, account)
        return open_for(work, settings, account)


def my_sessions(store: Store, settings: Settings, actor: Actor, token: str | None) -> list[OwnSession]:
    """The live sessions of the actor's own account, the last used first."""
    here = digest(token or "")
    with store.read(actor) as work:
        account = repository.account_named(work, actor.name)
        rows: list[LoginSession] = []
        if account is not None:
            rows = repository.live_sessions(work, idle_since(work, settings), account)
        return [
            OwnSession(row.id, row.started_at, row.seen_at, row.origin or "", row.token_hash == here)
            for row in rows
        ]


def end_mine(store: Store, actor: Actor, *, only: str | None = None, but: str | None = None) -> int:
    """End sessions of the actor's own account: all, the one with the id ``only``, or all but that of the token
    ``but``; how many."""
    with store.write(actor) as work:
        account = repository.account_named(work, actor.name)
        if account is None:
            return 0
        ended = repository.end_sessions(work, account, only=only, but_token=digest(but) if but else None)
        work.note("session.end", account.name, ended=ended)
        return ended
