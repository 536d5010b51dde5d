"""Creating the database: the demonstration beside one's own, never on top of data."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config import Settings
from app.services import database
from app.services.accounts import SYSTEM
from data.store import Store
from geo.errors import RuleError
from tests.conftest import DEMO_DAY


def test_the_demonstration_lives_in_a_file_of_its_own(demo_folder: Path) -> None:
    settings = Settings(data=demo_folder)
    assert settings.chosen() == "demo"
    assert settings.demo_file.exists()
    assert not settings.own_file.exists()


def test_the_demonstration_is_refused_where_data_is(own_demo_settings: Settings) -> None:
    with pytest.raises(RuleError, match="đã có dữ liệu"):
        database.initialise(own_demo_settings, demo=True, as_of=DEMO_DAY)


def test_demo_accounts_have_random_passwords_that_only_the_owner_can_read(demo_folder: Path) -> None:
    accounts = database.demo_accounts(Settings(data=demo_folder))
    passwords = [password for _name, password, _role in accounts]
    assert len(accounts) == len(database.DEMO_ACCOUNTS)
    assert len(set(passwords)) == len(passwords)
    assert all(len(password) >= 12 for password in passwords)
    assert (demo_folder / "demo-accounts.txt").stat().st_mode & 0o077 == 0


def test_the_demonstration_says_that_it_is_one(demo: Store, empty_store: Store) -> None:
    assert database.in_demo(demo, SYSTEM)
    assert not database.in_demo(empty_store, SYSTEM)


def test_preparing_a_database_again_changes_nothing(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    first = database.initialise(settings, demo=False, as_of=DEMO_DAY)
    again = database.initialise(settings, demo=False, as_of=DEMO_DAY)
    assert first["created"] and not again["created"]
    assert first["revision"] == again["revision"]
