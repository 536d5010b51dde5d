"""PostgreSQL goes away under load and comes back: everybody is told, nothing is lost, nothing is restarted."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import shapely
from sqlalchemy import func, select

from app.config import Settings
from app.services.database import open_store
from app.services.health import look
from data import audit
from data.store import Actor, Store
from data.tables import AuditEntry, Premises
from geo.errors import SurroundingsError
from geo.words import Role
from tests.faults.conftest import Cluster

ACTOR = Actor("thử", Role.ADMIN)
PEOPLE, SECONDS = 4, 30.0


class Person:
    """Somebody who reads and stores all the time, and goes on after a failure."""

    def __init__(self, store: Store) -> None:
        self.store, self.stop = store, threading.Event()
        self.stored, self.failures, self.strange = 0, 0, list[BaseException]()
        self.worked, self.failed = threading.Semaphore(0), threading.Semaphore(0)
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    def _work(self) -> None:
        place = shapely.Point(105.77, 20.97)
        while not self.stop.is_set():
            try:
                with self.store.write(ACTOR) as work:
                    work.session.add(Premises(name="Cơ sở mẫu", folded="co so mau", type="hotel", geom=place))
                    work.session.flush()
                    work.note("premises.add")
                self.stored += 1
                self.worked.release()
            except SurroundingsError:
                self.failures += 1
                self.failed.release()
                self.stop.wait(0.05)
            except BaseException as error:
                self.strange.append(error)
                return

    def sees(self, what: threading.Semaphore, times: int = 2) -> None:
        """Wait until it happened to this person again."""
        while what.acquire(blocking=False):
            pass
        for _time in range(times):
            assert what.acquire(timeout=SECONDS), self.strange


@pytest.mark.database
@pytest.mark.slow
@pytest.mark.xdist_group("database")
@pytest.mark.timeout(180)
def test_a_server_that_stops_under_load_is_told_and_found_again(cluster: Cluster, tmp_path: Path) -> None:
    store = open_store(Settings(database_url=cluster.database, data=tmp_path))
    people = [Person(store) for _number in range(PEOPLE)]
    try:
        for person in people:
            person.sees(person.worked)
        for _time in range(2):
            cluster.stop()
            for person in people:
                person.sees(person.failed)
            assert look(store).readiness == "database"
            cluster.start()
            for person in people:
                person.sees(person.worked)
            assert look(store).readiness == "ready"
    finally:
        for person in people:
            person.stop.set()
        for person in people:
            person.thread.join(SECONDS)
    assert [person.strange for person in people] == [[]] * PEOPLE
    with store.read(ACTOR) as work:
        there = work.session.scalar(select(func.count()).select_from(Premises)) or 0
        told = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "premises.add")
        assert work.session.scalar(told) == there
        assert audit.first_broken(work.session) is None
    # Who was told "stored" finds it. Whether the last one before the stop was, the server alone knows.
    stored = sum(person.stored for person in people)
    assert stored <= there <= stored + 2 * PEOPLE
    store.engine.dispose()


@pytest.mark.database
@pytest.mark.slow
@pytest.mark.xdist_group("database")
def test_while_the_server_is_away_the_app_cannot_start_and_says_why(cluster: Cluster, tmp_path: Path) -> None:
    cluster.stop()
    with pytest.raises(SurroundingsError) as refused:
        open_store(Settings(database_url=cluster.database, data=tmp_path))
    assert refused.value.code == "database_unreachable"
    cluster.start()
    open_store(Settings(database_url=cluster.database, data=tmp_path)).engine.dispose()
