"""The password of one's own account: asked for before what matters, and changed."""

from __future__ import annotations

from app.services import lockout, passwords
from app.services.system import SYSTEM
from data.repositories import accounts as repository
from data.store import Actor, Store
from data.tables import Account
from geo.errors import InputError, RuleError
from geo.messages import msg


def confirm(store: Store, actor: Actor, password: str) -> None:
    """Make sure that it is the account's owner who sits there. Wrong tries count as when signing in.

    An account that signs in through the identity provider has no password to ask for. Raises RuleError
    ``wrong_password``.
    """
    with store.read(SYSTEM) as work:
        account = repository.account_named(work, actor.name)
        kept = account.password_hash if account else passwords.nobody()
        if account is not None and without_password(account):
            return
    fits = passwords.fits(kept, password)
    with store.write(actor) as work:
        account = repository.account_named(work, actor.name)
        waits = lockout.waiting(work, account, None)
        if account is not None and fits and not waits:
            lockout.forgiven(account)
            return
        if not waits:
            lockout.failed(work, account, None)
        work.note("password.wrong", actor.name)
    raise RuleError("wrong_password", msg("Mật khẩu hiện tại không đúng, hoặc phải chờ ít phút rồi thử lại."))


def without_password(account: Account) -> bool:
    """Whether the account signs in through the identity provider only."""
    return account.oidc_subject is not None and account.password_at is None


def signs_in_elsewhere(store: Store, actor: Actor) -> bool:
    """Whether the actor's account signs in through the identity provider only."""
    with store.read(actor) as work:
        account = repository.account_named(work, actor.name)
        return account is not None and without_password(account)


def change(store: Store, actor: Actor, *, old: str, new: str, again: str) -> None:
    """Give one's own account another password; all its sessions end.

    Raises InputError as ``passwords.check``, ``password_differs`` and ``password_same``; RuleError
    ``wrong_password``, ``no_password``.
    """
    if passwords.normalised(new) != passwords.normalised(again):
        raise InputError("password_differs", msg("Hai lần nhập mật khẩu mới không giống nhau."))
    if passwords.normalised(new) == passwords.normalised(old):
        raise InputError("password_same", msg("Mật khẩu mới phải khác mật khẩu cũ."))
    passwords.check(new, [actor.name])
    if signs_in_elsewhere(store, actor):
        raise RuleError(
            "no_password", msg("Tài khoản này đăng nhập qua hệ thống của cơ quan, không có mật khẩu.")
        )
    confirm(store, actor, old)
    kept = passwords.hashed(new)
    with store.write(actor) as work:
        account = repository.account_named(work, actor.name)
        if account is None:
            raise InputError("unknown_account", msg("Không có tài khoản {name}.", name=actor.name))
        account.password_hash, account.password_at, account.must_change = kept, work.now, False
        ended = repository.end_sessions(work, account)
        work.note("password.change", account.name, ended=ended)
