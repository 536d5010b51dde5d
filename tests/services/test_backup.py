"""A backup is whole or not there; what does not verify is refused; nothing is overwritten by surprise."""

from __future__ import annotations

import shutil
import zipfile
from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.config import Settings
from app.services import accounts, audit, backup
from app.services.database import demo_accounts, open_store
from app.services.system import SYSTEM
from data import backup as container
from data import copying, schema
from data.repositories import facts
from data.store import Actor, Store
from data.tables import Account, AuditEntry, LoginSession, Premises
from geo.errors import InputError, RuleError, SurroundingsError
from geo.words import Role

LATER = "2026-11-25T00:00:00+00:00"


@pytest.fixture
def taken(own_demo_settings: Settings, tmp_path: Path, operator: Actor) -> Path:
    """A backup of the demonstration, whose database is then closed."""
    store = open_store(own_demo_settings)
    file = tmp_path / "kept" / "today.backup"
    file.parent.mkdir()
    backup.back_up(store, operator, file)
    store.engine.dispose()
    return file


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    store = open_store(settings)
    yield store
    store.engine.dispose()


def counted(store: Store, table: type) -> int:
    with store.read(SYSTEM) as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_backup_brings_everything_back_on_an_empty_machine(
    taken: Path, demo: Store, tmp_path: Path, operator: Actor
) -> None:
    fresh = Settings(data=tmp_path / "new machine")
    done = backup.restore(fresh, operator, taken)
    assert done["differences"] == [] and done["audit_broken_at"] is None and done["kept_aside"] is None
    assert fresh.chosen() == "demo"
    with opened(fresh) as store:
        assert counted(store, Premises) == counted(demo, Premises)
        assert counted(store, Account) == counted(demo, Account)
        assert schema.differences(store.engine) == []


def test_a_backup_is_for_its_owner_alone_and_so_is_what_is_restored(
    taken: Path, tmp_path: Path, operator: Actor
) -> None:
    fresh = Settings(data=tmp_path / "new machine")
    backup.restore(fresh, operator, taken)
    for path in (taken, fresh.demo_file):
        assert path.stat().st_mode & 0o777 == 0o600
    assert fresh.data.stat().st_mode & 0o777 == 0o700


def test_the_key_of_hashed_identity_numbers_comes_back_so_that_they_still_match(
    empty_store: Store, tmp_path: Path, operator: Actor
) -> None:
    with empty_store.write(operator) as work:
        key = facts.identity_key(work)
    backup.back_up(empty_store, operator, tmp_path / "b")
    fresh = Settings(database_url=f"sqlite:///{tmp_path}/fresh.db")
    backup.restore(fresh, operator, tmp_path / "b")
    with opened(fresh) as store, store.read(operator) as work:
        assert facts.identity_key(work) == key


def test_any_changed_byte_is_found(taken: Path, tmp_path: Path) -> None:
    whole = taken.read_bytes()
    places = [0, 3, 10, 30, 200, len(whole) // 3, len(whole) // 2, len(whole) - 400, *range(-90, 0, 7), -1]
    for place in places:
        broken = bytearray(whole)
        broken[place] ^= 1
        file = tmp_path / "broken"
        file.write_bytes(broken)
        with pytest.raises(InputError) as refused:
            backup.look_at(file)
        assert refused.value.code in ("broken_backup", "no_backup"), place


@pytest.mark.parametrize("keep", [0, 1, 100, 50_000, -1])
def test_a_backup_that_was_cut_off_is_refused(taken: Path, tmp_path: Path, keep: int) -> None:
    file = tmp_path / "cut"
    file.write_bytes(taken.read_bytes()[:keep])
    with pytest.raises(InputError):
        backup.look_at(file)


def test_a_file_of_another_kind_is_refused_and_nothing_changes(
    own_demo_settings: Settings, tmp_path: Path, operator: Actor
) -> None:
    before = own_demo_settings.demo_file.read_bytes()
    letter, archive = tmp_path / "letter", tmp_path / "archive.zip"
    letter.write_text("Kính gửi Ủy ban nhân dân phường", encoding="utf-8")
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("database", "không phải")
    for file in (letter, archive, own_demo_settings.demo_file, tmp_path / "missing"):
        with pytest.raises(InputError) as refused:
            backup.restore(own_demo_settings, operator, file, replace=True)
        assert refused.value.code in ("no_backup", "broken_backup")
    assert own_demo_settings.demo_file.read_bytes() == before


def packed(taken: Path, folder: Path, **changed: object) -> Path:
    """The same copy with other facts in its manifest, properly sealed."""
    folder.mkdir(exist_ok=True)
    copy, file = folder / "database", folder / "changed.backup"
    manifest = container.opened(taken)
    container.unpack(taken, manifest, copy)
    container.pack(copy, replace(manifest.state, **changed), LATER, file)  # type: ignore[arg-type]
    copy.unlink()
    return file


def test_a_backup_of_a_newer_version_or_of_the_other_engine_is_refused(
    taken: Path, own_demo_settings: Settings, tmp_path: Path, operator: Actor
) -> None:
    newer = packed(taken, tmp_path / "newer", revision="9999")
    with pytest.raises(InputError, match="mới hơn") as refused:
        backup.restore(own_demo_settings, operator, newer, replace=True)
    assert refused.value.code == "backup_newer"
    other = packed(taken, tmp_path / "other", engine="postgresql")
    with pytest.raises(InputError, match="postgresql"):
        backup.restore(own_demo_settings, operator, other, replace=True)


def test_a_backup_of_an_older_version_is_brought_up_to_date(
    empty_store: Store, tmp_path: Path, operator: Actor
) -> None:
    schema.downgrade(empty_store.engine, "0006")
    copy, file = tmp_path / "copy", tmp_path / "old.backup"
    container.pack(copy, copying.copy_out(empty_store.engine, copy), LATER, file)
    fresh = Settings(database_url=f"sqlite:///{tmp_path}/fresh.db")
    done = backup.restore(fresh, operator, file)
    assert (done["revision"], done["upgraded_to"]) == ("0006", schema.newest_revision())
    with opened(fresh) as store:
        assert schema.differences(store.engine) == []


def test_data_is_overwritten_only_when_that_is_meant_and_the_old_is_kept(
    taken: Path, own_demo_settings: Settings, operator: Actor
) -> None:
    with opened(own_demo_settings) as store:
        accounts.create_account(store, operator, "moi-tao", Role.VIEWER, "mot-mat-khau-dai-8264")
        now = counted(store, Account)
    with pytest.raises(RuleError) as refused:
        backup.restore(own_demo_settings, operator, taken)
    assert refused.value.code == "not_empty"
    done = backup.restore(own_demo_settings, operator, taken, replace=True)
    with opened(own_demo_settings) as store:
        assert counted(store, Account) == now - 1
    with opened(Settings(database_url=f"sqlite:///{done['kept_aside']}")) as kept:
        assert counted(kept, Account) == now


def test_a_database_that_the_app_has_open_is_not_pulled_away(
    taken: Path, own_demo_settings: Settings, operator: Actor
) -> None:
    with opened(own_demo_settings) as store:
        counted(store, Account)
        with pytest.raises(RuleError) as refused:
            backup.restore(own_demo_settings, operator, taken, replace=True)
        assert refused.value.code == "database_in_use"
        counted(store, Account)
    assert not list(own_demo_settings.data.glob("*before-restore*"))


def test_a_damaged_database_is_replaced_and_kept(
    taken: Path, own_demo_settings: Settings, operator: Actor
) -> None:
    own_demo_settings.demo_file.write_bytes(b"hong" * 5000)
    with pytest.raises(RuleError):
        backup.restore(own_demo_settings, operator, taken)
    done = backup.restore(own_demo_settings, operator, taken, replace=True)
    assert Path(done["kept_aside"]).read_bytes().startswith(b"hong")
    with opened(own_demo_settings) as store:
        assert counted(store, Premises) > 300


def test_who_was_signed_in_when_it_was_taken_signs_in_again(
    own_demo_settings: Settings, tmp_path: Path, operator: Actor
) -> None:
    name, password, _role = demo_accounts(own_demo_settings)[0]
    with opened(own_demo_settings) as store:
        accounts.sign_in(store, own_demo_settings, name, password)
        assert counted(store, LoginSession) == 1
        backup.back_up(store, operator, tmp_path / "b")
    backup.restore(own_demo_settings, operator, tmp_path / "b", replace=True)
    with opened(own_demo_settings) as store:
        assert counted(store, LoginSession) == 0


def test_after_an_older_copy_was_restored_the_log_verifies_and_tells_what_it_replaced(
    taken: Path, own_demo_settings: Settings, operator: Actor
) -> None:
    with opened(own_demo_settings) as store:
        for _number in range(3):
            with store.write(operator) as work:
                work.note("thử")
        replaced = counted(store, AuditEntry)
    backup.restore(own_demo_settings, operator, taken, replace=True)
    with opened(own_demo_settings) as store:
        assert audit.verify(store, operator).broken is None
        with store.read(operator) as work:
            newest = work.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert newest is not None and newest.action == "restore"
        assert newest.detail["replaced"]["seq"] == replaced


def test_a_full_disk_leaves_the_backup_of_before_as_it_was(
    taken: Path, own_demo: Store, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = taken.read_bytes()
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(10**9, 10**9, 1000))
    with pytest.raises(SurroundingsError, match="Không đủ chỗ"):
        backup.back_up(own_demo, operator, taken)
    assert taken.read_bytes() == before
    assert [path.name for path in taken.parent.iterdir()] == [taken.name]


def test_what_a_killed_backup_left_behind_is_swept_away(
    own_demo: Store, operator: Actor, tmp_path: Path
) -> None:
    left, alive = tmp_path / ".diaban-backup-999999999-x", tmp_path / ".diaban-backup-1-x"
    for folder in (left, alive):
        folder.mkdir()
        (folder / "database").write_bytes(b"half")
    backup.back_up(own_demo, operator, tmp_path / "b")
    assert not left.exists() and alive.exists()


def test_only_who_manages_the_system_backs_up_and_restores(
    demo: Store, own_demo_settings: Settings, tmp_path: Path
) -> None:
    for role in set(Role) - {Role.ADMIN}:
        with pytest.raises(RuleError):
            backup.back_up(demo, Actor("ai-do", role), tmp_path / "b")
        with pytest.raises(RuleError):
            backup.restore(own_demo_settings, Actor("ai-do", role), tmp_path / "b")


def test_the_day_of_the_last_backup_is_known(empty_store: Store, operator: Actor, tmp_path: Path) -> None:
    with empty_store.read(operator) as work:
        assert backup.last_backup(work) is None
    backup.back_up(empty_store, operator, tmp_path / "b")
    with empty_store.read(operator) as work:
        assert backup.last_backup(work) is not None
