"""The office's identity provider: who gets in through it, and every lie that does not."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from app.config import Settings
from app.services import accounts, oidc
from app.services.oidc import NotLinked
from app.services.sessions import Origin
from app.services.sign_in import CodeWanted, Entered
from data.repositories.accounts import account_named
from data.store import Actor, Store
from geo.errors import InputError, RuleError, SurroundingsError
from geo.words import Role
from tests.services.account_world import (
    ADMIN,
    audited,
    kept,
    office,
    office_folder,
    office_settings,
    tired,
)
from tests.services.identity_provider import CLIENT, SECRET, Identity, providing

__all__ = ["office", "office_folder", "office_settings"]
HERE = Origin("192.0.2.7")


@pytest.fixture
def identity() -> Iterator[Identity]:
    with providing() as provider:
        yield provider


@pytest.fixture
def settings(office_settings: Settings, identity: Identity) -> Settings:
    return office_settings.model_copy(
        update={
            "oidc_issuer": identity.issuer,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SecretStr(SECRET),
            "public_url": "https://diaban.example.vn/",
        }
    )


def arrived(store: Store, settings: Settings, identity: Identity, **changed: str) -> Any:
    """Go there and come back, with ``changed`` query values; how it ends."""
    away = oidc.depart(store, settings)
    answer = {**identity.visit(away.address), **changed}
    return oidc.arrive(store, settings, away.ticket, answer, HERE)[0]


def registered(store: Store, settings: Settings, identity: Identity) -> None:
    hashed = oidc.subject_hash(store, settings, identity.subject)
    assert accounts.open_account(store, ADMIN, "lanhdao", Role.REVIEWER, subject_hash=hashed) is None


def test_who_was_registered_beforehand_gets_in(office: Store, settings: Settings, identity: Identity) -> None:
    registered(office, settings, identity)
    entry = arrived(office, settings, identity)
    assert isinstance(entry, Entered)
    assert accounts.who(office, settings, entry.token) == Actor("lanhdao", Role.REVIEWER)
    assert identity.asked["scope"] == "openid"
    assert identity.asked["redirect_uri"] == "https://diaban.example.vn/auth/oidc/callback"
    assert identity.asked["code_challenge_method"] == "S256"
    sent = base64.b64decode(identity.headers[0].removeprefix("Basic ")).decode()
    assert sent.startswith(f"{CLIENT}:") and "client_secret" not in identity.redeemed[0]


def test_of_who_it_is_there_only_a_keyed_hash_is_kept(
    office: Store, settings: Settings, identity: Identity
) -> None:
    registered(office, settings, identity)
    arrived(office, settings, identity)
    said = repr(vars(kept(office, "lanhdao"))) + repr(
        [(e.subject, e.detail, e.origin) for e in audited(office)]
    )
    assert identity.subject not in said
    assert kept(office, "lanhdao").oidc_subject not in repr([e.detail for e in audited(office)])


def test_whom_no_account_knows_links_one_with_a_code_that_is_good_once(
    office: Store, settings: Settings, identity: Identity
) -> None:
    accounts.open_account(office, ADMIN, "lanhdao", Role.REVIEWER)
    code = oidc.link_code(office, ADMIN, "lanhdao")
    unknown = arrived(office, settings, identity)
    assert isinstance(unknown, NotLinked)
    assert oidc.link(office, settings, unknown.ticket, "SAI-SAI", HERE) is None
    assert isinstance(oidc.link(office, settings, unknown.ticket, code.lower(), HERE), Entered)
    assert isinstance(arrived(office, settings, identity), Entered)
    identity.subject = "một-người-khác"
    other = arrived(office, settings, identity)
    assert isinstance(other, NotLinked)
    assert oidc.link(office, settings, other.ticket, code, HERE) is None
    with pytest.raises(RuleError):
        oidc.link(office, settings, "một vé tự làm", code, HERE)


def test_guessing_link_codes_makes_the_address_wait(
    office: Store, settings: Settings, identity: Identity
) -> None:
    code = oidc.link_code(office, ADMIN, "nguoixem")
    unknown = arrived(office, settings, identity)
    oidc.link(office, settings, unknown.ticket, "SAI", HERE)
    tired(office)
    oidc.link(office, settings, unknown.ticket, "SAI", HERE)
    assert oidc.link(office, settings, unknown.ticket, code, HERE) is None


@pytest.mark.parametrize("signed", ["none", "shared secret", "other key"])
def test_a_token_that_the_provider_did_not_sign_opens_nothing(
    office: Store, settings: Settings, identity: Identity, signed: str
) -> None:
    registered(office, settings, identity)
    identity.signed = signed
    with pytest.raises(RuleError, match="hệ thống của cơ quan"):
        arrived(office, settings, identity)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-app"},
        {"aud": [CLIENT, "another-app"]},
        {"azp": "another-app"},
        {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
        {"nonce": "một lần trước"},
        {"nonce": None},
    ],
)
def test_a_token_for_another_app_time_or_visit_opens_nothing(
    office: Store, settings: Settings, identity: Identity, claims: dict[str, Any]
) -> None:
    registered(office, settings, identity)
    identity.claims = claims
    with pytest.raises(RuleError):
        arrived(office, settings, identity)
    assert audited(office)[-1].action == "sign_in.failed"


@pytest.mark.parametrize(
    "changed", [{"state": "của người khác"}, {"iss": "https://elsewhere.example"}, {"error": "access_denied"}]
)
def test_an_answer_that_does_not_belong_to_this_browser_opens_nothing(
    office: Store, settings: Settings, identity: Identity, changed: dict[str, str]
) -> None:
    registered(office, settings, identity)
    with pytest.raises(RuleError):
        arrived(office, settings, identity, **changed)


def test_somebody_elses_answer_fits_no_other_browser(
    office: Store, settings: Settings, identity: Identity
) -> None:
    registered(office, settings, identity)
    mine, theirs = oidc.depart(office, settings), oidc.depart(office, settings)
    answer = identity.visit(theirs.address)
    for ticket in (mine.ticket, "", "tự làm"):
        with pytest.raises(RuleError):
            oidc.arrive(office, settings, ticket, answer, HERE)


def test_a_disabled_account_stays_out_and_a_second_factor_is_still_asked_for(
    office: Store, settings: Settings, identity: Identity
) -> None:
    registered(office, settings, identity)
    with office.write(ADMIN) as work:
        account = account_named(work, "lanhdao")
        assert account is not None
        account.totp_confirmed_at = work.now
    assert isinstance(arrived(office, settings, identity), CodeWanted)
    accounts.disable(office, ADMIN, "lanhdao")
    with pytest.raises(RuleError):
        arrived(office, settings, identity)


def test_a_reset_takes_the_link_off(office: Store, settings: Settings, identity: Identity) -> None:
    registered(office, settings, identity)
    accounts.reset(office, ADMIN, "lanhdao")
    assert isinstance(arrived(office, settings, identity), NotLinked)


def test_one_person_has_one_account(office: Store, settings: Settings, identity: Identity) -> None:
    registered(office, settings, identity)
    hashed = oidc.subject_hash(office, settings, identity.subject)
    with pytest.raises(InputError, match="đã nối"):
        accounts.open_account(office, ADMIN, "khác", Role.VIEWER, subject_hash=hashed)


def test_what_is_not_encrypted_or_does_not_answer_is_told(office: Store, settings: Settings) -> None:
    for issuer in ("http://provider.example", "http://127.0.0.1:9", "ftp://127.0.0.1"):
        with pytest.raises(SurroundingsError):
            oidc.depart(office, settings.model_copy(update={"oidc_issuer": issuer}))
    with pytest.raises(RuleError, match="Chưa cấu hình"):
        oidc.depart(office, settings.model_copy(update={"public_url": None}))
