"""Accounts of the office: who may sign in, with which role, for which units and teams; who lets them in again.

The password that an administrator hands over is good for one sign-in: its owner has to choose another before
anything opens.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.access import Right, require
from app.config import Settings
from app.services import lockout, passwords, second_factor
from app.services.sessions import idle_since, sign_out, who
from app.services.sign_in import NOWHERE, CodeWanted, Entered, enter
from app.services.system import SYSTEM
from data.repositories import accounts as repository
from data.store import Actor, Store, Work
from data.tables import Account
from geo.errors import InputError, RuleError
from geo.fold import fold
from geo.messages import msg
from geo.words import Role

__all__ = ["SYSTEM", "named_actor", "sign_in", "sign_out", "who"]

#: Roles that are one ward's: without a unit they would see the whole district.
OF_A_WARD = frozenset({Role.WARD_OFFICER, Role.WARD_POLICE})
_NAME = re.compile(r"[^\W_](?:[^\W_]|[._-](?=[^\W_])){1,39}")
_NAME_HINT = msg(
    "Đặt theo cơ quan và việc, như canbo-kienhung hay lichkiemtra: từ 2 đến 40 chữ cái, chữ số, dấu chấm hoặc "
    "gạch, không dấu cách; không dùng họ tên, thư điện tử hay số điện thoại của một người."
)


@dataclass(frozen=True)
class AccountRow:
    """An account as its administrator sees it. ``units`` and ``teams``: ids with names; no unit: the whole
    database. ``locked_until``: None unless it has to wait now. ``second_factor``, ``provider``: has one, is
    linked to the identity provider. ``seen_at``: the last use of a live session."""

    name: str
    role: Role
    units: dict[str, str]
    teams: dict[str, str]
    disabled: bool
    locked_until: datetime | None
    must_change: bool
    second_factor: bool
    provider: bool
    sessions: int
    seen_at: datetime | None


def any_account(store: Store) -> bool:
    """Whether anybody could sign in at all."""
    with store.read(SYSTEM) as work:
        return repository.count_accounts(work) > 0


# --- making accounts


def create_account(
    store: Store,
    actor: Actor,
    name: str,
    role: Role,
    password: str,
    unit_ids: frozenset[str] | None = None,
) -> None:
    """Create an account with a password that need not be changed.

    Only for the demonstration, whose random passwords are read by everybody who tries it, and for whoever keeps
    both sides of an account, such as a test. Raises InputError for a name or a password that will not do.
    """
    require(actor, Right.MANAGE)
    passwords.check(password, [name])
    kept = passwords.hashed(password)
    with store.write(actor) as work:
        _create(work, name, role, kept, unit_ids or frozenset())


def create_first_account(store: Store, name: str, password: str) -> None:
    """Create the administrator of an empty system. Raises RuleError once there is any account."""
    if any_account(store):
        raise _already_set_up()
    passwords.check(password, [name])
    kept = passwords.hashed(password)
    with store.write(SYSTEM) as work:
        if repository.count_accounts(work):
            raise _already_set_up()
        _create(work, name, Role.ADMIN, kept, frozenset())


def _already_set_up() -> RuleError:
    return RuleError("already_set_up", msg("Hệ thống đã có tài khoản; hãy đăng nhập."))


def open_account(
    store: Store,
    actor: Actor,
    name: str,
    role: Role,
    *,
    unit_ids: Collection[str] = (),
    team_ids: Collection[str] = (),
    subject_hash: str | None = None,
) -> str | None:
    """Create an account; gives the password of its first sign-in, which is shown once and kept nowhere.

    With a ``subject_hash`` (``oidc.subject_hash``) it signs in through the identity provider and has none.
    """
    require(actor, Right.MANAGE)
    refuse_boundless(role, unit_ids)
    word = None if subject_hash else passwords.one_time()
    kept = passwords.hashed(word) if word else passwords.unknown_to_all()
    with store.write(actor) as work:
        account = _create(work, name, role, kept, frozenset(unit_ids), frozenset(team_ids))
        if subject_hash is None:
            account.must_change = True
        else:
            _refuse_taken_subject(work, subject_hash)
            account.oidc_subject, account.password_at = subject_hash, None
    return word


def _refuse_taken_subject(work: Work, subject_hash: str) -> None:
    if repository.account_of_subject(work, subject_hash) is not None:
        raise InputError("subject_taken", msg("Danh tính này đã nối với một tài khoản khác."))


def _create(
    work: Work,
    name: str,
    role: Role,
    password_hash: str,
    unit_ids: frozenset[str],
    team_ids: frozenset[str] = frozenset(),
) -> Account:
    name = checked_name(name)
    taken = {fold(account.name) for account in repository.accounts(work)}
    if fold(name) in taken:
        raise InputError("name_taken", msg("Đã có tài khoản {name}.", name=name))
    account = repository.add_account(work, name, role, password_hash, unit_ids)
    account.password_at = work.now
    repository.set_teams(work, account, team_ids)
    work.note("account.create", name, role=role.value, **repository.reach_of(work, account).plain())
    return account


def checked_name(name: str) -> str:
    """The name in its one form. Raises InputError ``name_missing``, ``name_personal``, ``name_unusable``."""
    name = unicodedata.normalize("NFC", name).strip()
    if not name:
        raise InputError("name_missing", msg("Cần tên tài khoản."), hint=_NAME_HINT)
    if "@" in name or len(re.sub(r"\D", "", name)) >= 8:
        raise InputError(
            "name_personal",
            msg("Tên tài khoản không được là thư điện tử, số điện thoại hay số giấy tờ của một người."),
            hint=_NAME_HINT,
        )
    if not _NAME.fullmatch(name):
        raise InputError("name_unusable", msg("Tên tài khoản có ký tự không dùng được."), hint=_NAME_HINT)
    return name


# --- what an administrator does with them


def all_accounts(store: Store, settings: Settings, actor: Actor) -> list[AccountRow]:
    """All accounts by name. Needs the right to manage."""
    require(actor, Right.MANAGE)
    with store.read(actor) as work:
        live = repository.live_sessions(work, idle_since(work, settings))
        return [
            _row(work, account, [session.seen_at for session in live if session.account_id == account.id])
            for account in repository.accounts(work)
        ]


def _row(work: Work, account: Account, seen: list[datetime]) -> AccountRow:
    reach = repository.reach_of(work, account)
    waits = account.locked_until is not None and account.locked_until > work.now
    return AccountRow(
        name=account.name,
        role=Role(account.role),
        units={unit_id: name for unit_id, (_code, name) in reach.units.items()},
        teams=reach.teams,
        disabled=account.disabled,
        locked_until=account.locked_until if waits else None,
        must_change=account.must_change,
        second_factor=account.totp_confirmed_at is not None,
        provider=account.oidc_subject is not None,
        sessions=len(seen),
        seen_at=max(seen, default=None),
    )


def change_account(
    store: Store,
    actor: Actor,
    name: str,
    role: Role,
    *,
    unit_ids: Collection[str],
    team_ids: Collection[str],
) -> None:
    """Give an account another role, scope or teams; its sessions end, so that nothing stays open."""
    require(actor, Right.MANAGE)
    refuse_boundless(role, unit_ids)
    with store.write(actor) as work:
        account = _known(work, name)
        if role is not Role.ADMIN:
            _refuse_last_administrator(work, account)
        before = _described(work, account)
        account.role = role.value
        repository.set_units(work, account, unit_ids)
        repository.set_teams(work, account, team_ids)
        after = _described(work, account)
        if before == after:
            return
        repository.end_sessions(work, account)
        work.note("account.change", account.name, before=before, after=after)


def refuse_boundless(role: Role, unit_ids: Collection[str]) -> None:
    """Raise RuleError ``scope_missing`` where a ward's own role would see the whole district."""
    if role in OF_A_WARD and not unit_ids:
        raise RuleError(
            "scope_missing",
            msg("Vai trò {role} chỉ thuộc một phường; cần chọn ít nhất một đơn vị.", role=role),
            hint=msg("Không chọn đơn vị nào nghĩa là được xem dữ liệu của cả địa bàn."),
        )


def _described(work: Work, account: Account) -> dict[str, Any]:
    return {"role": account.role, **repository.reach_of(work, account).plain()}


def disable(store: Store, actor: Actor, name: str) -> None:
    """Nobody signs in with this account any more; its sessions end.

    Raises RuleError ``last_administrator``.
    """
    require(actor, Right.MANAGE)
    with store.write(actor) as work:
        account = _known(work, name)
        _refuse_last_administrator(work, account)
        account.disabled = True
        ended = repository.end_sessions(work, account)
        repository.forget_link_code(work, account)
        work.note("account.disable", account.name, ended=ended)


def _refuse_last_administrator(work: Work, account: Account) -> None:
    administers = account.role == Role.ADMIN.value and not account.disabled
    if administers and not repository.other_administrators(work, account.id):
        raise RuleError(
            "last_administrator",
            msg("{name} là tài khoản quản trị cuối cùng đang dùng được.", name=account.name),
            hint=msg("Thêm một tài khoản quản trị khác trước."),
        )


def enable(store: Store, actor: Actor, name: str) -> None:
    """A disabled account may sign in again."""
    require(actor, Right.MANAGE)
    with store.write(actor) as work:
        account = _known(work, name)
        account.disabled = False
        lockout.forgiven(account)
        work.note("account.enable", account.name)


def reset(store: Store, actor: Actor, name: str) -> str:
    """Let somebody in again who lost password or telephone: gives a password for one sign-in.

    The second factor and the link to the identity provider are taken off, the wait after wrong tries and all
    sessions end.
    """
    require(actor, Right.MANAGE)
    word = passwords.one_time()
    kept = passwords.hashed(word)
    with store.write(actor) as work:
        account = _known(work, name)
        before = {
            "second_factor": account.totp_confirmed_at is not None,
            "provider": account.oidc_subject is not None,
        }
        account.password_hash, account.password_at, account.must_change = kept, work.now, True
        account.oidc_subject = None
        second_factor.forget(account)
        lockout.forgiven(account)
        repository.forget_link_code(work, account)
        ended = repository.end_sessions(work, account)
        work.note("account.reset", account.name, before=before, ended=ended)
    return word


def end_sessions_of(store: Store, actor: Actor, name: str) -> int:
    """End all sessions of an account; how many."""
    require(actor, Right.MANAGE)
    with store.write(actor) as work:
        account = _known(work, name)
        ended = repository.end_sessions(work, account)
        work.note("account.end_sessions", account.name, ended=ended)
        return ended


def _known(work: Work, name: str) -> Account:
    account = repository.account_named(work, name)
    if account is None:
        raise InputError("unknown_account", msg("Không có tài khoản {name}.", name=name))
    return account


# --- signing in without a browser


def sign_in(store: Store, settings: Settings, name: str, password: str) -> str | None:
    """A session token when name and password fit and no code is wanted, None otherwise."""
    match enter(store, settings, name, password, NOWHERE):
        case Entered(token):
            return token
        case CodeWanted() | None:
            return None


def named_actor(store: Store, name: str) -> Actor:
    """The account of that name as an actor, for the command line's ``--as``."""
    with store.read(SYSTEM) as work:
        return repository.actor_of(work, _known(work, name))
