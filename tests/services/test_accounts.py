"""Signing in: who gets in, who does not, and how long a session lives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.config import Settings
from app.services import accounts
from data.store import Actor, Store
from data.tables import LoginSession
from geo.errors import InputError, RuleError
from geo.words import Role

PASSWORD = "mật-khẩu-đủ-dài-1"
SETTINGS = Settings()


@pytest.fixture
def store(empty_store: Store) -> Store:
    accounts.create_first_account(empty_store, "quantri", PASSWORD)
    return empty_store


def test_the_right_password_opens_a_session_and_signing_out_ends_it(store: Store) -> None:
    token = accounts.sign_in(store, SETTINGS, "quantri", PASSWORD)
    assert accounts.who(store, SETTINGS, token) == Actor("quantri", Role.ADMIN)
    accounts.sign_out(store, token)
    assert accounts.who(store, SETTINGS, token) is None


@pytest.mark.parametrize("name, password", [("quantri", "sai"), ("không-có", PASSWORD), ("", "")])
def test_a_wrong_name_or_password_opens_nothing(store: Store, name: str, password: str) -> None:
    assert accounts.sign_in(store, SETTINGS, name, password) is None


def test_after_many_wrong_tries_even_the_right_password_has_to_wait(store: Store) -> None:
    for _ in range(accounts.FREE_FAILURES + 3):
        accounts.sign_in(store, SETTINGS, "quantri", "sai")
    assert accounts.sign_in(store, SETTINGS, "quantri", PASSWORD) is None


def test_a_session_that_was_not_used_for_an_hour_is_over(store: Store) -> None:
    token = accounts.sign_in(store, SETTINGS, "quantri", PASSWORD)
    with store.write(accounts.SYSTEM) as work:
        idle = work.now - timedelta(minutes=SETTINGS.session_idle_minutes + 1)
        work.session.execute(update(LoginSession).values(seen_at=idle))
    assert accounts.who(store, SETTINGS, token) is None


def test_a_made_up_token_opens_nothing(store: Store) -> None:
    assert accounts.who(store, SETTINGS, "không-phải-token") is None
    assert accounts.who(store, SETTINGS, None) is None


def test_the_first_account_is_made_once_only(store: Store) -> None:
    with pytest.raises(RuleError):
        accounts.create_first_account(store, "khác", PASSWORD)


def test_a_short_password_and_a_taken_name_are_refused(store: Store, operator: Actor) -> None:
    with pytest.raises(InputError, match="ít nhất"):
        accounts.create_account(store, operator, "moi", Role.VIEWER, "ngắn")
    with pytest.raises(InputError, match="Đã có"):
        accounts.create_account(store, operator, "quantri", Role.VIEWER, PASSWORD)


def test_only_an_administrator_makes_accounts(store: Store) -> None:
    with pytest.raises(RuleError):
        accounts.create_account(store, Actor("x", Role.PLANNER), "moi", Role.VIEWER, PASSWORD)
