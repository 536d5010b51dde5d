"""Signing in and out: argon2 passwords, sessions kept on the server, a growing wait after wrong passwords."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.access import Right, require
from app.config import Settings
from data.repositories import accounts as repository
from data.store import Actor, Store, Work
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.words import Role

#: Who acts where no account does: the program itself before anybody signed in.
SYSTEM = Actor("system", Role.ADMIN)
MIN_PASSWORD = 12
FREE_FAILURES = 4
LONGEST_WAIT = timedelta(hours=1)
_HASHER = PasswordHasher()
#: Verified where the account does not exist, so that the answer takes as long.
_NOBODY = _HASHER.hash(secrets.token_hex(8))


def any_account(store: Store) -> bool:
    """Whether anybody could sign in at all."""
    with store.read(SYSTEM) as work:
        return repository.count_accounts(work) > 0


def create_account(
    store: Store,
    actor: Actor,
    name: str,
    role: Role,
    password: str,
    unit_ids: frozenset[str] | None = None,
) -> None:
    """Create an account. Raises InputError for a taken name or a password that is too short."""
    require(actor, Right.MANAGE)
    with store.write(actor) as work:
        _create(work, name.strip(), role, password, unit_ids)


def create_first_account(store: Store, name: str, password: str) -> None:
    """Create the administrator of an empty system. Raises RuleError once there is any account."""
    with store.write(SYSTEM) as work:
        if repository.count_accounts(work):
            raise RuleError("already_set_up", msg("Hệ thống đã có tài khoản; hãy đăng nhập."))
        _create(work, name.strip(), Role.ADMIN, password, None)


def _create(work: Work, name: str, role: Role, password: str, unit_ids: frozenset[str] | None) -> None:
    if not name:
        raise InputError("name_missing", msg("Cần tên tài khoản."))
    if repository.account_named(work, name):
        raise InputError("name_taken", msg("Đã có tài khoản {name}.", name=name))
    if len(password) < MIN_PASSWORD:
        raise InputError("password_short", msg("Mật khẩu cần ít nhất {n} ký tự.", n=MIN_PASSWORD))
    repository.add_account(work, name, role, _HASHER.hash(password), unit_ids)
    work.note("account.create", name, role=role.value)


def sign_in(store: Store, settings: Settings, name: str, password: str) -> str | None:
    """A session token when name and password fit, None otherwise; wrong tries make the next wait longer."""
    with store.write(SYSTEM) as work:
        account = repository.account_named(work, name.strip())
        fits = _fits(account.password_hash if account else _NOBODY, password)
        if account is None:
            # Not what was typed: it may be a password, or somebody's number, in the wrong field.
            work.note("sign_in.failed")
            return None
        locked = account.locked_until is not None and account.locked_until > work.now
        if locked or account.disabled:
            work.note("sign_in.refused", account.name)
            return None
        if not fits:
            account.failures += 1
            if account.failures > FREE_FAILURES:
                wait = timedelta(seconds=2 ** (account.failures - FREE_FAILURES))
                account.locked_until = work.now + min(wait, LONGEST_WAIT)
            work.note("sign_in.failed", account.name)
            return None
        account.failures, account.locked_until = 0, None
        token = secrets.token_urlsafe(32)
        repository.open_session(work, account, _digest(token), timedelta(hours=settings.session_hours))
        work.note("sign_in", account.name)
        return token


def who(store: Store, settings: Settings, token: str | None) -> Actor | None:
    """Whose session the token opens; the session lives on while it is used."""
    if not token:
        return None
    with store.read(SYSTEM) as work:
        idle_since = work.now - timedelta(minutes=settings.session_idle_minutes)
        found = repository.live_session(work, _digest(token), idle_since)
        if found is None:
            return None
        stale = work.now - found[0].seen_at > timedelta(minutes=1)
        actor = repository.actor_of(work, found[1])
    if stale:
        with store.write(SYSTEM) as work:
            again = repository.live_session(work, _digest(token), idle_since)
            if again is not None:
                again[0].seen_at = work.now
    return actor


def sign_out(store: Store, token: str | None) -> None:
    """End the session behind the token."""
    if token:
        with store.write(SYSTEM) as work:
            repository.end_session(work, _digest(token))


def named_actor(store: Store, name: str) -> Actor:
    """The account of that name as an actor, for the command line's ``--as``."""
    with store.read(SYSTEM) as work:
        account = repository.account_named(work, name)
        if account is None:
            raise InputError("unknown_account", msg("Không có tài khoản {name}.", name=name))
        return repository.actor_of(work, account)


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
