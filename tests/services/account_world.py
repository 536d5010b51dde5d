"""An office with a few accounts, made once and copied for each test, and passwords that cost little to hash."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from app.config import Settings
from app.services import accounts, database, passwords
from data.store import Actor, Store
from data.tables import Account, AddressLock, AuditEntry
from geo.words import Role
from tests.conftest import DEMO_DAY, opened

PASSWORD = "mật-khẩu-đủ-dài-1"
OTHER = "con mèo ngủ trên mái bếp"
ADMIN = Actor("quantri", Role.ADMIN)
_CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(scope="session")
def office_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of one's own district, with an administrator and a viewer."""
    folder = tmp_path_factory.mktemp("office")
    database.initialise(Settings(data=folder), demo=False, as_of=DEMO_DAY)
    store = opened(Settings(data=folder))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", _CHEAP)
        accounts.create_first_account(store, ADMIN.name, PASSWORD)
        accounts.create_account(store, ADMIN, "nguoixem", Role.VIEWER, PASSWORD)
    store.engine.dispose()
    return folder


@pytest.fixture
def office_settings(office_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a copy of the office."""
    monkeypatch.setattr(passwords, "_HASHER", _CHEAP)
    shutil.copytree(office_folder, tmp_path / "office")
    return Settings(data=tmp_path / "office")


@pytest.fixture
def office(office_settings: Settings) -> Iterator[Store]:
    """A copy of the office that the test may change."""
    store = opened(office_settings)
    yield store
    store.engine.dispose()


def tired(store: Store, failures: int = 40) -> None:
    """As after many wrong tries: the next one makes accounts and addresses wait for long enough to see it."""
    with store.write(accounts.SYSTEM) as work:
        work.session.execute(update(Account).values(failures=failures))
        work.session.execute(update(AddressLock).values(failures=failures))


def kept(store: Store, name: str = ADMIN.name) -> Account:
    """The account as it stands in the database."""
    with store.read(accounts.SYSTEM) as work:
        account = work.session.scalars(select(Account).where(Account.name == name)).one()
        work.session.expunge(account)
        return account


def audited(store: Store) -> list[AuditEntry]:
    """The audit log."""
    with store.read(accounts.SYSTEM) as work:
        rows = list(work.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))
        work.session.expunge_all()
        return rows
