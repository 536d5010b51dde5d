"""A disk that is full or cannot be written: said clearly, nothing half stored, and well again by itself."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from app.config import Settings
from app.services import backup
from app.services.database import open_store
from app.services.doctor import examine
from app.services.health import look
from app.services.premises_import import PremisesRequest, import_premises
from app.services.system import SYSTEM
from data import audit, copying
from data.store import Store
from geo.errors import SurroundingsError
from tests.services.register_world import STEWARD, content, file_of, fill, row


def filled(disk: Path) -> Path:
    """Take all the space that is left."""
    junk = disk / "junk"
    handle = os.open(junk, os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(handle, b"0" * 4096)
    except OSError as error:
        assert error.errno == errno.ENOSPC
    finally:
        os.close(handle)
    return junk


def settings_on(disk: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{disk}/office.db", data=disk)


@pytest.fixture
def office(small_disk: Path) -> Store:
    """An office's database on the small disk, in use."""
    store = open_store(settings_on(small_disk))
    fill(store)
    return store


def test_on_a_full_disk_nothing_is_half_stored_and_it_goes_on_once_there_is_room(
    office: Store, small_disk: Path, tmp_path: Path
) -> None:
    register = PremisesRequest(file_of(tmp_path, *(row(number) for number in range(1, 6))))
    before = content(office)
    junk = filled(small_disk)
    with pytest.raises(SurroundingsError) as refused:
        import_premises(office, STEWARD, register)
    assert refused.value.code == "disk_full"
    assert "Traceback" not in str(refused.value) and refused.value.hint is not None
    # What is there can be read all the same, and whoever watches sees a server that answers.
    assert content(office) == before
    assert {path.name.partition(".")[0] for path in small_disk.iterdir()} == {"office", "junk"}
    assert look(office).readiness == "ready"
    with pytest.raises(SurroundingsError) as refused:
        backup.back_up(office, SYSTEM, small_disk / "b")
    assert refused.value.code == "disk_full"
    assert not (small_disk / "b").exists()
    disk = next(one for one in examine(settings_on(small_disk), SYSTEM) if one.name == "disk")
    assert disk.level == "problem"
    junk.unlink()
    assert import_premises(office, STEWARD, register)["added"] == 5
    with office.read(SYSTEM) as work:
        assert audit.first_broken(work.session) is None
    office.engine.dispose()


def test_a_backup_to_a_full_disk_leaves_the_database_and_the_backup_of_before(
    own_demo: Store, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = small_disk / "kept.backup"
    file.write_bytes(b"yesterday")
    # The demonstration takes up nearly all of this disk: it runs full in the middle, whatever was free before.
    monkeypatch.setattr(copying, "require_space", lambda _folder, _needed: None)
    junk = small_disk / "junk"
    junk.write_bytes(b"0" * 3 * 2**20)
    with pytest.raises(SurroundingsError) as refused:
        backup.back_up(own_demo, SYSTEM, file)
    assert refused.value.code == "disk_full"
    assert file.read_bytes() == b"yesterday"
    assert sorted(path.name for path in small_disk.iterdir()) == [junk.name, file.name]
    junk.unlink()


def test_on_a_disk_that_cannot_be_written_the_file_is_named_and_it_works_once_it_can(
    office: Store, small_disk: Path, tmp_path: Path
) -> None:
    register = PremisesRequest(file_of(tmp_path, row(1)))
    office.engine.dispose()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(SurroundingsError, match=r"office\.db") as refused:
        import_premises(office, STEWARD, register)
    assert refused.value.code == "database_unwritable"
    assert look(office).readiness == "database"
    with pytest.raises(SurroundingsError):
        open_store(settings_on(small_disk))
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert import_premises(office, STEWARD, register)["added"] == 1
    assert look(office).readiness == "ready"
    office.engine.dispose()
