"""The second factor: the standard's own numbers, codes good once, roles that need it, and getting in again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from app.config import Settings, load_settings
from app.services import accounts, second_factor, sessions
from app.services.second_factor import STEP_SECONDS, hotp, matching_step, step_of
from app.services.sessions import Need
from app.services.sign_in import CodeWanted, Entered, enter, enter_with_code
from data.store import Actor, Store
from geo.errors import InputError, RuleError, SurroundingsError
from geo.words import Role
from tests.services.account_world import (
    ADMIN,
    PASSWORD,
    audited,
    kept,
    office,
    office_folder,
    office_settings,
    tired,
)

__all__ = ["office", "office_folder", "office_settings"]
#: RFC 6238, appendix B (SHA-1), and RFC 4226, appendix D.
RFC_SECRET = b"12345678901234567890"
RFC_6238 = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]
RFC_4226 = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]


@pytest.mark.parametrize(("seconds", "code"), RFC_6238)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert hotp(RFC_SECRET, step_of(at), digits=8) == code


def test_counter_codes_are_those_of_the_standard() -> None:
    assert [hotp(RFC_SECRET, counter) for counter in range(10)] == RFC_4226


def test_a_code_is_good_for_its_step_and_one_to_either_side_only() -> None:
    at = datetime(2026, 11, 24, 10, tzinfo=UTC)
    code = hotp(RFC_SECRET, step_of(at))
    ages = [
        steps
        for steps in range(-3, 4)
        if matching_step(RFC_SECRET, code, at + timedelta(seconds=steps * STEP_SECONDS), None) is not None
    ]
    assert ages == [-1, 0, 1]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "٣٤٥٦٧٨", "-12345", "12 34", "1e5000"])
def test_what_is_no_code_opens_nothing(typed: str) -> None:
    assert matching_step(RFC_SECRET, typed, datetime(2026, 11, 24, tzinfo=UTC), None) is None


def now_code(store: Store, settings: Settings, secret: str, ahead: int = 0) -> str:
    """What the telephone shows, ``ahead`` steps later."""
    import base64

    with store.read(ADMIN) as work:
        return hotp(base64.b32decode(secret.replace(" ", "")), step_of(work.now) + ahead)


def enrolled(store: Store, settings: Settings) -> str:
    """Turn the administrator's second factor on; its secret."""
    begun = second_factor.begin(store, settings, ADMIN)
    assert begun is not None
    second_factor.confirm(store, settings, ADMIN, now_code(store, settings, begun.secret, -1))
    return begun.secret


def ticket_of(store: Store, settings: Settings) -> str:
    entry = enter(store, settings, ADMIN.name, PASSWORD)
    assert isinstance(entry, CodeWanted)
    return entry.ticket


def test_with_a_second_factor_the_password_alone_opens_nothing(
    office: Store, office_settings: Settings
) -> None:
    secret = enrolled(office, office_settings)
    assert accounts.sign_in(office, office_settings, ADMIN.name, PASSWORD) is None
    ticket = ticket_of(office, office_settings)
    token = enter_with_code(office, office_settings, ticket, now_code(office, office_settings, secret))
    assert accounts.who(office, office_settings, token) == ADMIN


def test_a_code_is_good_for_one_sign_in(office: Store, office_settings: Settings) -> None:
    secret = enrolled(office, office_settings)
    code = now_code(office, office_settings, secret)
    assert enter_with_code(office, office_settings, ticket_of(office, office_settings), code)
    assert enter_with_code(office, office_settings, ticket_of(office, office_settings), code) is None


def test_guessing_codes_locks_the_account_and_the_password_does_not_free_it(
    office: Store, office_settings: Settings
) -> None:
    secret = enrolled(office, office_settings)
    tired(office)
    ticket = ticket_of(office, office_settings)
    assert enter_with_code(office, office_settings, ticket, "000000") is None
    assert enter(office, office_settings, ADMIN.name, PASSWORD) is None
    code = now_code(office, office_settings, secret)
    assert enter_with_code(office, office_settings, ticket, code) is None


def test_a_ticket_is_no_good_when_it_is_made_up_or_the_password_has_changed(
    office: Store, office_settings: Settings
) -> None:
    secret = enrolled(office, office_settings)
    ticket = ticket_of(office, office_settings)
    with pytest.raises(RuleError):
        enter_with_code(office, office_settings, ticket + "x", now_code(office, office_settings, secret))
    accounts.create_account(office, ADMIN, "quantri2", Role.ADMIN, PASSWORD)
    accounts.reset(office, ADMIN, ADMIN.name)
    with pytest.raises(RuleError):
        enter_with_code(office, office_settings, ticket, now_code(office, office_settings, secret))


def test_a_role_may_need_it_and_opens_nothing_without(office: Store, office_settings: Settings) -> None:
    strict = office_settings.model_copy(update={"totp_roles": "admin, reviewer"})
    token = accounts.sign_in(office, strict, ADMIN.name, PASSWORD)
    assert token and accounts.who(office, strict, token) is None
    known = sessions.standing(office, strict, token)
    assert known is not None and known.need is Need.SECOND_FACTOR
    secret = enrolled(office, strict)
    assert accounts.who(office, strict, token) == ADMIN
    with pytest.raises(RuleError, match="bắt buộc"):
        second_factor.remove(office, strict, ADMIN, now_code(office, strict, secret))
    viewer = accounts.sign_in(office, strict, "nguoixem", PASSWORD)
    assert accounts.who(office, strict, viewer) == Actor("nguoixem", Role.VIEWER)


def test_it_is_turned_off_with_a_code_only(office: Store, office_settings: Settings) -> None:
    secret = enrolled(office, office_settings)
    with pytest.raises(RuleError):
        second_factor.remove(office, office_settings, ADMIN, "000000")
    assert second_factor.has(office, ADMIN)
    second_factor.remove(office, office_settings, ADMIN, now_code(office, office_settings, secret))
    assert not second_factor.has(office, ADMIN)
    assert isinstance(enter(office, office_settings, ADMIN.name, PASSWORD), Entered)


def test_who_lost_the_telephone_is_let_in_again_by_an_administrator(
    office: Store, office_settings: Settings
) -> None:
    enrolled(office, office_settings)
    accounts.create_account(office, ADMIN, "quantri2", Role.ADMIN, PASSWORD)
    word = accounts.reset(office, Actor("quantri2", Role.ADMIN), ADMIN.name)
    assert isinstance(enter(office, office_settings, ADMIN.name, word), Entered)
    assert kept(office).totp_secret is None
    assert any(
        entry.action == "account.reset" and entry.detail["before"]["second_factor"] for entry in audited(office)
    )


def test_the_picture_asks_nothing_of_anybody_and_the_secret_stays_until_it_is_confirmed(
    office: Store, office_settings: Settings
) -> None:
    first = second_factor.begin(office, office_settings, ADMIN)
    again = second_factor.begin(office, office_settings, ADMIN)
    assert first is not None and first == again
    assert first.picture.startswith("<svg") and "href" not in first.picture
    assert "secret=" in second_factor.address("a b&c", "ABC") and "a%20b%26c" in second_factor.address(
        "a b&c", "ABC"
    )
    with pytest.raises(RuleError):
        second_factor.confirm(office, office_settings, ADMIN, "000000")
    assert not second_factor.has(office, ADMIN)


def test_with_a_key_outside_the_database_the_secret_cannot_be_read_in_it(
    office: Store, office_settings: Settings
) -> None:
    sealed = office_settings.model_copy(update={"totp_key": SecretStr("một khóa để ngoài cơ sở dữ liệu")})
    secret = enrolled(office, sealed)
    assert secret.replace(" ", "") not in (kept(office).totp_secret or "")
    ticket = ticket_of(office, sealed)
    assert enter_with_code(office, sealed, ticket, now_code(office, sealed, secret))
    with pytest.raises(SurroundingsError):
        enter_with_code(office, office_settings, ticket_of(office, office_settings), "123456")


@pytest.mark.parametrize(
    ("name", "value"), [("TOTP_ROLES", "admin,boss"), ("TRUSTED_PROXIES", "nginx"), ("SESSION_HOURS", "0")]
)
def test_a_setting_that_would_protect_nobody_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"DIABAN_{name}", value)
    with pytest.raises(InputError, match=name):
        load_settings()
