"""The second factor: codes of a telephone app that change every 30 seconds (TOTP: RFC 6238 over RFC 4226).

A code is good for its own step and one to either side, and for one sign-in. Who has lost the telephone asks an
administrator to reset the account: there is no code that could be stolen from a drawer.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import segno
from cryptography.fernet import Fernet, InvalidToken

from app.config import Settings
from app.services import lockout
from data.repositories import accounts as repository
from data.store import Actor, Store, Work
from data.tables import Account
from geo.errors import RuleError, SurroundingsError
from geo.messages import msg
from geo.words import Role

STEP_SECONDS = 30
DIGITS = 6
_EITHER_SIDE = 1
_SECRET_BYTES = 20
_SEALED = "sealed:"


@dataclass(frozen=True)
class Enrolment:
    """What a telephone has to learn: the secret in groups of four to type, and the same as a picture (SVG)."""

    secret: str
    picture: str


def hotp(secret: bytes, counter: int, digits: int = DIGITS) -> str:
    """The code of a counter (RFC 4226, section 5.3)."""
    mac = hmac.digest(secret, counter.to_bytes(8, "big"), hashlib.sha1)
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def step_of(at: datetime) -> int:
    """The number of the time step (RFC 6238, section 4.2)."""
    return int(at.timestamp()) // STEP_SECONDS


def matching_step(secret: bytes, code: str, at: datetime, after: int | None) -> int | None:
    """The step whose code this is, among those that are good now and later than ``after``; None where there is
    none."""
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit() and len(typed) == DIGITS):
        return None
    now, found = step_of(at), None
    for step in range(now - _EITHER_SIDE, now + _EITHER_SIDE + 1):
        # All are compared, so that the time tells nothing.
        same = hmac.compare_digest(hotp(secret, step), typed)
        if same and (after is None or step > after):
            found = step
    return found


def use_code(work: Work, settings: Settings, account: Account, code: str) -> bool:
    """Whether the code is the account's own; it is used up then."""
    if account.totp_secret is None:
        return False
    secret = base64.b32decode(_opened(settings, account.totp_secret))
    step = matching_step(secret, code, work.now, account.totp_step)
    if step is None:
        return False
    account.totp_step = step
    return True


def begin(store: Store, settings: Settings, actor: Actor) -> Enrolment | None:
    """A secret for the actor's account, the same until it is confirmed; None when it has a second factor."""
    with store.write(actor) as work:
        account = _own(work, actor)
        if account.totp_confirmed_at is not None:
            return None
        if account.totp_secret is None:
            fresh = base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()
            account.totp_secret, account.totp_step = _sealed(settings, fresh), None
        secret = _opened(settings, account.totp_secret)
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return Enrolment(groups, _picture(address(actor.name, secret)))


def address(name: str, secret: str) -> str:
    """What the picture says: the ``otpauth`` address that telephone apps read."""
    issuer = quote("Địa Bàn")
    return f"otpauth://totp/{issuer}:{quote(name)}?secret={secret}&issuer={issuer}"


def _picture(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        scale=5,
        border=3,
        svgclass=None,
        lineclass=None,
        light="#fff",
    )
    return out.getvalue().decode()


def confirm(store: Store, settings: Settings, actor: Actor, code: str) -> None:
    """Turn the second factor on once the telephone shows the right code. Raises RuleError ``wrong_code``."""
    with store.write(actor) as work:
        account = _own(work, actor)
        if account.totp_confirmed_at is not None:
            return
        if not use_code(work, settings, account, code):
            raise RuleError(
                "wrong_code",
                msg("Mã không đúng. Hãy nhập mã đang hiện trên điện thoại."),
                hint=msg("Kiểm tra đồng hồ của điện thoại: mã tính theo giờ."),
            )
        account.totp_confirmed_at = work.now
        work.note("second_factor.on", account.name)


def remove(store: Store, settings: Settings, actor: Actor, code: str) -> None:
    """Turn the second factor off with a code of it; wrong ones count as when signing in.

    Raises RuleError ``wrong_code``, ``second_factor_needed``.
    """
    if actor.role in settings.second_factor_roles:
        raise RuleError(
            "second_factor_needed", msg("Vai trò của tài khoản này bắt buộc xác minh hai bước, không tắt được.")
        )
    with store.write(actor) as work:
        account = _own(work, actor)
        if account.totp_confirmed_at is None:
            return
        waits = lockout.waiting(work, account, None)
        if not waits and use_code(work, settings, account, code):
            forget(account)
            work.note("second_factor.off", account.name)
            return
        if not waits:
            lockout.failed(work, account, None)
        work.note("second_factor.wrong", account.name)
    raise RuleError("wrong_code", msg("Mã không đúng, hoặc phải chờ ít phút rồi thử lại."))


def forget(account: Account) -> None:
    """The account has no second factor any more."""
    account.totp_secret = account.totp_confirmed_at = account.totp_step = None


def has(store: Store, actor: Actor) -> bool:
    """Whether the actor's account has a second factor."""
    with store.read(actor) as work:
        account = repository.account_named(work, actor.name)
        return account is not None and account.totp_confirmed_at is not None


def is_required(settings: Settings, role: Role) -> bool:
    """Whether a role has to have one."""
    return role in settings.second_factor_roles


def _own(work: Work, actor: Actor) -> Account:
    account = repository.account_named(work, actor.name)
    if account is None:
        raise RuleError("no_account", msg("Chỉ tài khoản đăng nhập mới có xác minh hai bước."))
    return account


def _sealed(settings: Settings, secret: str) -> str:
    """A secret as it is kept: encrypted where the operator has set a key outside the database."""
    seal = _seal(settings)
    return secret if seal is None else _SEALED + seal.encrypt(secret.encode()).decode()


def _opened(settings: Settings, kept: str) -> str:
    if not kept.startswith(_SEALED):
        return kept
    seal = _seal(settings)
    try:
        if seal is not None:
            return seal.decrypt(kept.removeprefix(_SEALED)).decode()
    except InvalidToken:
        pass
    raise SurroundingsError(
        "totp_key",
        msg("Khóa bảo vệ xác minh hai bước không khớp với cơ sở dữ liệu."),
        hint=msg("Đặt lại DIABAN_TOTP_KEY như khi bật; nếu đã mất, người quản trị cấp lại từng tài khoản."),
    )


def _seal(settings: Settings) -> Fernet | None:
    if settings.totp_key is None:
        return None
    return Fernet(
        base64.urlsafe_b64encode(hashlib.sha256(settings.totp_key.get_secret_value().encode()).digest())
    )
