"""Creating the database: the demonstration beside one's own, never on top of data."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config import Settings
from app.services import accounts, database
from app.services.accounts import SYSTEM
from data.store import Store
from geo.errors import InputError, RuleError, SurroundingsError
from geo.words import Role
from tests.conftest import DEMO_DAY


def test_the_demonstration_lives_in_a_file_of_its_own(demo_folder: Path) -> None:
    settings = Settings(data=demo_folder)
    assert settings.chosen() == "demo"
    assert settings.demo_file.exists()
    assert not settings.own_file.exists()


def test_the_demonstration_is_refused_where_data_is(own_demo_settings: Settings) -> None:
    with pytest.raises(RuleError, match="đã có dữ liệu"):
        database.initialise(own_demo_settings, demo=True, as_of=DEMO_DAY)


def test_the_demonstration_never_takes_the_place_of_ones_own_district(tmp_path: Path) -> None:
    own = Settings(data=tmp_path / "office")
    database.initialise(own, demo=False, as_of=DEMO_DAY)
    accounts.create_account(database.open_store(own), SYSTEM, "can-bo", Role.STEWARD, "mot-mat-khau-dai-8264")
    with pytest.raises(RuleError) as refused:
        database.initialise(own, demo=True, as_of=DEMO_DAY)
    assert own.chosen() == "own"
    assert str(own.own_file) in str(refused.value.message)
    assert "init" in str(refused.value.hint)
    assert not own.demo_file.exists()


def test_the_databases_are_for_their_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "office")
    database.initialise(settings, demo=False, as_of=DEMO_DAY)
    assert settings.data.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in settings.data.glob("diaban.db*"))


def test_a_missing_file_is_made_only_where_that_is_meant(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/mistyped.db")
    with pytest.raises(InputError, match=r"mistyped\.db"):
        database.open_store(settings, create=False)
    assert not (tmp_path / "mistyped.db").exists()


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Kính gửi Ủy ban nhân dân phường " * 100, encoding="utf-8")
    with pytest.raises(SurroundingsError, match=r"letter\.db"):
        database.open_store(Settings(database_url=f"sqlite:///{tmp_path}/letter.db"))


def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(SurroundingsError, match=r"folder\.db") as refused:
        database.open_store(Settings(database_url=f"sqlite:///{tmp_path}/folder.db"))
    assert "DIABAN_DATABASE_URL" not in str(refused.value.hint)


def test_demo_accounts_have_random_passwords_that_only_the_owner_can_read(demo_folder: Path) -> None:
    made = database.demo_accounts(Settings(data=demo_folder))
    passwords = [password for _name, password, _role in made]
    assert len(made) == len(database.DEMO_ACCOUNTS)
    assert len(set(passwords)) == len(passwords)
    assert all(len(password) >= 12 for password in passwords)
    assert not set("".join(passwords)) & set("O0lI-_")
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
