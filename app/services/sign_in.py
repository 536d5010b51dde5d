"""Signing in: by name and password, then by a code where the account has a second factor.

Nobody learns from the answer, nor from how long it takes, whether an account exists, is locked or is disabled.
"""

from __future__ import annotations

from dataclasses import dataclass

from itsdangerous import BadData, URLSafeTimedSerializer

from app.config import Settings
from app.services import lockout, passwords, second_factor
from app.services.sessions import Origin, address_key, open_for, visitor
from app.services.system import SYSTEM
from data.repositories import accounts as repository
from data.store import Store, Work
from data.tables import Account
from geo.errors import RuleError
from geo.messages import msg

#: How long one may look for the telephone with the code.
_CODE_SECONDS = 300
NOWHERE = Origin()


@dataclass(frozen=True)
class Entered:
    """Signed in: the token of the new session."""

    token: str


@dataclass(frozen=True)
class CodeWanted:
    """The password was right and a code is wanted: a signed ticket says for whom, for five minutes."""

    ticket: str


def enter(
    store: Store, settings: Settings, name: str, password: str, origin: Origin = NOWHERE
) -> Entered | CodeWanted | None:
    """Sign in with name and password. None when they do not fit, or one has to wait."""
    name = name.strip()
    # Asked for first, so that its making is not a sign of a name that nobody has.
    kept = passwords.nobody()
    with store.read(SYSTEM) as work:
        account = repository.account_named(work, name)
        kept = account.password_hash if account else kept
    # Outside the transaction: hashing takes a while, and others want to write.
    fits = passwords.fits(kept, password)
    fresh = passwords.hashed(password) if fits and passwords.outdated(kept) else None
    with store.write(visitor(store, origin)) as work:
        account, key = repository.account_named(work, name), address_key(work, origin.address)
        if lockout.waiting(work, account, key) or (account is not None and account.disabled):
            work.note("sign_in.refused", account.name if account else "")
            return None
        if account is None or not fits or account.password_hash != kept:
            lockout.failed(work, account, key)
            # Not what was typed: it may be a password, or somebody's number, in the wrong field.
            work.note("sign_in.failed", account.name if account else "")
            return None
        if fresh is not None:
            account.password_hash = fresh
        return admit(work, settings, account)


def admit(work: Work, settings: Settings, account: Account) -> Entered | CodeWanted:
    """Let somebody in whose first factor is right: at once, or once they gave their code."""
    if account.totp_confirmed_at is not None:
        return CodeWanted(_tickets(work).dumps([account.id, _state(account)]))
    return Entered(_let_in(work, settings, account))


def enter_with_code(
    store: Store, settings: Settings, ticket: str, code: str, origin: Origin = NOWHERE
) -> str | None:
    """The token of a new session when the code is right, None when it is not.

    Raises RuleError ``ticket_over`` when one has to start again.
    """
    over = RuleError("ticket_over", msg("Đã quá thời gian; hãy đăng nhập lại từ đầu."))
    with store.write(visitor(store, origin)) as work:
        try:
            account_id, state = _tickets(work).loads(ticket, max_age=_CODE_SECONDS)
        except (BadData, ValueError) as error:
            raise over from error
        account, key = repository.account_by_id(work, account_id), address_key(work, origin.address)
        if account is None or account.disabled or state != _state(account):
            raise over
        if lockout.waiting(work, account, key):
            work.note("sign_in.refused", account.name)
            return None
        if not second_factor.use_code(work, settings, account, code):
            lockout.failed(work, account, key)
            work.note("sign_in.failed", account.name, factor="code")
            return None
        return _let_in(work, settings, account)


def _let_in(work: Work, settings: Settings, account: Account) -> str:
    lockout.forgiven(account)
    work.note("sign_in", account.name)
    return open_for(work, settings, account)


def _tickets(work: Work) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(repository.sign_in_key(work), salt="second-factor")


def _state(account: Account) -> str:
    """Changes when the password does: a ticket from before opens nothing."""
    return passwords.fingerprint(account.password_hash)
