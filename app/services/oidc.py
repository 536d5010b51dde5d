"""Signing in through the office's identity provider: OpenID Connect, authorization code flow with PKCE.

Nothing is asked of the provider but who somebody is (scope ``openid``), and of that only a keyed hash of issuer
and subject is kept. It opens no account by itself: an administrator writes the subject down beforehand, or
hands over a one-time code with which somebody links their own account.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
from itsdangerous import BadData, URLSafeTimedSerializer

from app.access import Right, require
from app.config import Settings
from app.services import lockout, passwords
from app.services.oidc_provider import Provider, provider
from app.services.sessions import Origin, address_key, visitor
from app.services.sign_in import CodeWanted, Entered, admit
from app.services.system import SYSTEM
from data.repositories import accounts as repository
from data.store import Actor, Store, Work
from geo.errors import InputError, RuleError
from geo.messages import msg

CALLBACK = "/auth/oidc/callback"
#: How long one may stay at the provider's page, and then look for the code that links an account.
_AWAY_SECONDS = 600
_LINK_LIFETIME = timedelta(days=3)
#: Signatures with a public key only: with a shared secret or none, whoever reads the app's settings could sign.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_LEEWAY_SECONDS = 60


@dataclass(frozen=True)
class Departure:
    """Where to send the browser, and the signed ticket that it has to bring back."""

    address: str
    ticket: str


@dataclass(frozen=True)
class NotLinked:
    """The provider knows who it is, no account does: a ticket with which to link one, for ten minutes."""

    ticket: str


def depart(store: Store, settings: Settings, back: str = "/") -> Departure:
    """Begin to sign in. Raises RuleError ``no_oidc``, SurroundingsError ``oidc_unreachable``."""
    found = _configured(settings)
    state = secrets.token_urlsafe(24)
    key = _key(store)
    challenge = hashlib.sha256(_derived(key, "verifier", state).encode()).digest()
    asked = {
        "response_type": "code",
        "scope": "openid",
        "client_id": settings.oidc_client_id,
        "redirect_uri": _callback(settings),
        "state": state,
        "nonce": _derived(key, "nonce", state),
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    joint = "&" if "?" in found.authorize else "?"
    ticket = _tickets(key, "oidc-state").dumps([state, back])
    return Departure(f"{found.authorize}{joint}{urlencode(asked)}", ticket)


def arrive(
    store: Store, settings: Settings, ticket: str, answer: dict[str, str], origin: Origin
) -> tuple[Entered | CodeWanted | NotLinked, str]:
    """Finish signing in with what the provider sent back, and the page that was wanted at the beginning.

    Raises RuleError ``oidc_refused``, whatever does not fit, and SurroundingsError ``oidc_unreachable``.
    """
    key = _key(store)
    try:
        state, back = _tickets(key, "oidc-state").loads(ticket, max_age=_AWAY_SECONDS)
        subject = _subject(settings, key, str(state), answer)
    except (BadData, ValueError, KeyError, jwt.PyJWTError, RuleError) as error:
        with store.write(visitor(store, origin)) as work:
            work.note("sign_in.failed", factor="oidc", why=type(error).__name__)
        raise _refused() from error
    with store.write(visitor(store, origin)) as work:
        account = repository.account_of_subject(work, _hash(key, settings, subject))
        if account is None:
            return NotLinked(_tickets(key, "oidc-link").dumps(_hash(key, settings, subject))), back
        if account.disabled or lockout.waiting(work, None, address_key(work, origin.address)):
            work.note("sign_in.refused", account.name)
            raise _refused()
        return admit(work, settings, account), back


def _subject(settings: Settings, key: bytes, state: str, answer: dict[str, str]) -> str:
    """Who the provider says it is, once everything fits."""
    found = _configured(settings)
    if not secrets.compare_digest(answer.get("state", "").encode(), state.encode()) or "error" in answer:
        raise _refused()
    if "iss" in answer and answer["iss"] != found.issuer:
        raise _refused()  # RFC 9207: another provider's answer
    token = found.redeem(
        {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": _callback(settings),
            "code_verifier": _derived(key, "verifier", state),
        },
        settings.oidc_client_id or "",
        settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else None,
    )
    claims = _checked(found, settings, token)
    if not secrets.compare_digest(
        str(claims.get("nonce", "")).encode(), _derived(key, "nonce", state).encode()
    ):
        raise _refused()
    return str(claims["sub"])


def _checked(found: Provider, settings: Settings, token: str) -> dict[str, Any]:
    """The claims of an ID token whose signature, issuer, audience and times hold (OIDC Core, 3.1.3.7)."""
    header = jwt.get_unverified_header(token)
    claims: dict[str, Any] = jwt.decode(
        token,
        found.key(header.get("kid"), header.get("alg", "")),
        algorithms=_ALGORITHMS,
        audience=settings.oidc_client_id,
        issuer=found.issuer,
        leeway=_LEEWAY_SECONDS,
        options={"require": ["iss", "sub", "aud", "exp", "iat"]},
    )
    many = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (many or "azp" in claims) and claims.get("azp") != settings.oidc_client_id:
        raise _refused()
    return claims


def _refused() -> RuleError:
    return RuleError(
        "oidc_refused",
        msg("Không đăng nhập được qua hệ thống của cơ quan."),
        hint=msg("Hãy thử lại từ đầu; nếu vẫn không được, báo người quản trị."),
    )


def _configured(settings: Settings) -> Provider:
    if not settings.has_oidc:
        raise RuleError(
            "no_oidc",
            msg("Chưa cấu hình đăng nhập qua hệ thống của cơ quan."),
            hint=msg("Đặt DIABAN_OIDC_ISSUER, DIABAN_OIDC_CLIENT_ID và DIABAN_PUBLIC_URL."),
        )
    return provider(settings.oidc_issuer or "")


def _callback(settings: Settings) -> str:
    return (settings.public_url or "").rstrip("/") + CALLBACK


def _key(store: Store) -> bytes:
    visitor(store, Origin())  # makes the key where there is none yet
    with store.read(SYSTEM) as work:
        return repository.sign_in_key(work)


def _derived(key: bytes, purpose: str, state: str) -> str:
    """Derived from the state, so that the browser carries neither the verifier nor the nonce to be."""
    return repository.keyed(key, f"oidc-{purpose}", state)


def _tickets(key: bytes, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt=purpose)


# --- who belongs to which account


def subject_hash(store: Store, settings: Settings, subject: str) -> str:
    """What is kept of a subject of the configured provider. Raises RuleError ``no_oidc``."""
    if not settings.oidc_issuer:
        raise RuleError(
            "no_oidc",
            msg("Chưa cấu hình đăng nhập qua hệ thống của cơ quan."),
            hint=msg("Đặt DIABAN_OIDC_ISSUER, DIABAN_OIDC_CLIENT_ID và DIABAN_PUBLIC_URL."),
        )
    return _hash(_key(store), settings, subject)


def _hash(key: bytes, settings: Settings, subject: str) -> str:
    return repository.keyed(key, "oidc-subject", f"{settings.oidc_issuer}\0{subject}")


def link_code(store: Store, actor: Actor, name: str) -> str:
    """A code, good once and for three days, with which the owner of an account links it to the provider.

    Raises RuleError without the right to manage, InputError ``unknown_account``.
    """
    require(actor, Right.MANAGE)
    code = secrets.token_hex(10).upper()
    key = _key(store)
    with store.write(actor) as work:
        account = repository.account_named(work, name)
        if account is None:
            raise InputError("unknown_account", msg("Không có tài khoản {name}.", name=name))
        kept = repository.keyed(key, "oidc-code", code)
        repository.keep_link_code(work, account, kept, work.now + _LINK_LIFETIME)
        work.note("account.link_code", account.name)
    return "-".join(code[at : at + 5] for at in range(0, len(code), 5))


def link(
    store: Store, settings: Settings, ticket: str, code: str, origin: Origin
) -> Entered | CodeWanted | None:
    """Link the account of a code to who came from the provider, and let them in; None when the code is wrong.

    Raises RuleError ``oidc_refused`` when the ticket is over.
    """
    key = _key(store)
    try:
        subject = str(_tickets(key, "oidc-link").loads(ticket, max_age=_AWAY_SECONDS))
    except BadData as error:
        raise _refused() from error
    kept = passwords.unknown_to_all()
    with store.write(visitor(store, origin)) as work:
        address = address_key(work, origin.address)
        if lockout.waiting(work, None, address):
            return None
        account = repository.take_link_code(work, repository.keyed(key, "oidc-code", _plain(code)))
        if account is None or account.disabled:
            lockout.failed(work, None, address)
            work.note("sign_in.failed", factor="link_code")
            return None
        account.oidc_subject = _free(work, subject)
        if account.must_change:
            # The first password was never used; from now on it opens nothing.
            account.password_hash, account.password_at, account.must_change = kept, None, False
        work.note("account.link", account.name)
        return admit(work, settings, account)


def _free(work: Work, subject: str) -> str:
    if repository.account_of_subject(work, subject) is not None:
        raise _refused()
    return subject


def _plain(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())
