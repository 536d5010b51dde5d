"""A copy taken while people write is one moment of the database, on both engines, and comes back as it was."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import shapely
from sqlalchemy import Engine, func, select

from app.config import Settings
from app.services import backup
from data import audit, schema
from data.engine import open_engine
from data.store import Actor, Store
from data.tables import AuditEntry, Premises
from geo.errors import RuleError
from geo.words import Role

ACTOR = Actor("thử", Role.ADMIN)
PLACE = shapely.Point(105.77, 20.97)


def settings_of(engine: Engine, folder: Path) -> Settings:
    return Settings(database_url=engine.url.render_as_string(hide_password=False), data=folder / "data")


class Writers:
    """Two people who keep storing: each time a premises and what the log says of it."""

    def __init__(self, store: Store) -> None:
        self.store, self.stop, self.written = store, threading.Event(), threading.Semaphore(0)
        self.threads = [threading.Thread(target=self._write) for _person in range(2)]

    def _write(self) -> None:
        while not self.stop.is_set():
            row = {"name": "Cơ sở mẫu", "folded": "co so mau", "type": "hotel", "geom": PLACE}
            with self.store.write(ACTOR) as work:
                work.session.add(Premises(**row))
                work.session.flush()
                work.note("premises.add")
            self.written.release()

    def __enter__(self) -> Writers:
        for thread in self.threads:
            thread.start()
        self.after(4)
        return self

    def after(self, times: int) -> None:
        """Wait until so many more were stored."""
        for _time in range(times):
            assert self.written.acquire(timeout=30)

    def __exit__(self, *_error: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join(30)


def counts(store: Store) -> tuple[int, int]:
    """How many premises there are, and how many the log tells of."""
    with store.read(ACTOR) as work:
        told = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "premises.add")
        there = work.session.scalar(select(func.count()).select_from(Premises))
        return there or 0, work.session.scalar(told) or 0


def test_a_backup_under_writers_is_one_moment_and_comes_back_whole(
    store: Store, engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "busy.backup"
    with Writers(store) as writers:
        writers.after(4)
        taken = backup.back_up(store, ACTOR, file)
        # Nobody had to wait for the end of it.
        writers.after(4)
    later = counts(store)
    assert later[0] == later[1] >= 12
    engine.dispose()
    settings = settings_of(engine, tmp_path)
    with pytest.raises(RuleError, match="đang có dữ liệu"):
        backup.restore(settings, ACTOR, file)
    done = backup.restore(settings, ACTOR, file, replace=True)
    assert done["differences"] == [] and done["audit_broken_at"] is None
    restored = Store(open_engine(settings.url()))
    there, told = counts(restored)
    assert there == told
    assert 8 <= there < later[0]
    assert taken["last_entry"] >= there
    with restored.read(ACTOR) as work:
        assert audit.first_broken(work.session) is None
    assert schema.differences(restored.engine) == []
    # What was there before is kept, and can be had back.
    assert done["kept_aside"] and Path(done["kept_aside"]).stat().st_mode & 0o077 == 0
    # The restored database is one to go on with: its triggers and numbers too.
    with Writers(restored):
        pass
    assert counts(restored)[0] == counts(restored)[1] > there
    restored.engine.dispose()


def test_a_database_in_use_is_not_replaced(store: Store, engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "b"
    with Writers(store):
        pass
    backup.back_up(store, ACTOR, file)
    before = counts(store)
    with store.read(ACTOR) as work:
        work.session.scalar(select(func.count()).select_from(Premises))
        with pytest.raises(RuleError) as refused:
            backup.restore(settings_of(engine, tmp_path), ACTOR, file, replace=True)
    assert refused.value.code == "database_in_use"
    assert counts(store) == before
