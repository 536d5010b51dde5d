"""Two scans at once, two senders at once: on either engine one waits, and nothing is raised or sent twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from app.config import Settings
from app.services import alert_scan, alerts, database
from app.services.accounts import SYSTEM
from data.repositories import accounts, notices
from data.repositories import alerts as repository
from data.store import Actor, Store, Work
from data.tables import Alert, AlertEvent, Hotspot, Notice, ScanRun, Signal
from geo.words import Role
from tests.conftest import DEMO_DAY

NEXT_DAY = DEMO_DAY + timedelta(days=1)
QUIET = "Đoạn đường Trần Phú (điểm giả định D)"


@pytest.fixture
def filled(empty_engine: Engine, tmp_path: Path) -> Store:
    """The demonstration on each engine in turn, with a pair of signals that no scan has seen yet."""
    url = empty_engine.url.render_as_string(hide_password=False)
    database.initialise(Settings(database_url=url, data=tmp_path), demo=True, as_of=DEMO_DAY)
    store = Store(empty_engine)
    with store.write(SYSTEM) as work:
        spot = work.session.scalars(select(Hotspot).where(Hotspot.name == QUIET)).one()
        point = spot.geom.representative_point()
        for day, source in ((DEMO_DAY, "hotline"), (NEXT_DAY, "citizen")):
            work.session.add(
                Signal(**work.event(), on_date=day, source=source, state="verified", geom=point, text="")
            )
    return store


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """What the jobs give when all start at the same moment."""
    start, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(number: int, job: Callable[[], Any]) -> None:
        start.wait(30)
        results[number] = job()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    return results


def count(store: Store, table: Any) -> int:
    with store.read(SYSTEM) as work:
        return int(work.session.scalar(select(func.count()).select_from(table)) or 0)


def test_of_two_scans_at_once_one_waits_and_each_place_is_raised_once(filled: Store) -> None:
    runs = count(filled, ScanRun)
    officer = Actor("lanhdao", Role.REVIEWER)
    done = together(*[lambda: alerts.scan(filled, officer, NEXT_DAY)] * 2)
    raised = [alert["place"] for one in done for alert in one["raised"]]
    assert raised and len(raised) == len(set(raised))
    assert sorted(bool(one["raised"]) for one in done) == [False, True]
    assert count(filled, ScanRun) == runs + 2
    with filled.read(SYSTEM) as work:
        places = [(row.kind, row.place_id) for row in work.session.scalars(select(Alert))]
    assert len(places) == len(set(places))


def test_a_scan_that_fails_at_its_end_leaves_the_database_as_it_was(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [count(filled, table) for table in (Alert, AlertEvent, ScanRun, Signal)]

    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(alert_scan.notices, "enqueue", fail)
    with pytest.raises(ZeroDivisionError):
        alerts.scan(filled, SYSTEM, NEXT_DAY)
    assert [count(filled, table) for table in (Alert, AlertEvent, ScanRun, Signal)] == before


def queued(work: Work, number: int) -> None:
    for one in range(number):
        notices.add(work, "lanhdao", "https://h/…", [(f"lanhdao:a{one}", f"a{one}")], work.now)


def test_of_two_senders_at_once_each_notice_is_taken_by_one(store: Store) -> None:
    with store.write(SYSTEM) as work:
        queued(work, 40)
        queued(work, 40)
    assert count(store, Notice) == 40

    def claim() -> list[str]:
        with store.write(SYSTEM) as work:
            return [row.id for row in notices.claim(work)]

    first, second = together(claim, claim)
    assert len(first) + len(second) == 40 and not set(first) & set(second)
    assert claim() == []


def test_what_was_taken_up_and_never_ended_is_given_up_and_not_sent_again(store: Store) -> None:
    with store.write(SYSTEM) as work:
        queued(work, 2)
    with store.write(SYSTEM) as work:
        taken = [row.id for row in notices.claim(work)]
        notices.settle(work, taken[:1], None)
    with store.write(SYSTEM) as work:
        assert notices.give_up(work, work.now + timedelta(minutes=1), "dừng giữa chừng") == 1
        assert notices.claim(work) == [] and notices.waiting(work) == []
        last = notices.last_of(work, "lanhdao")
        assert last is not None and last.problem == "dừng giữa chừng"


def test_the_latest_day_of_the_last_scans_is_remembered(store: Store) -> None:
    days = [date(2026, 3, 1), date(2030, 1, 1), *(date(2026, 3, day) for day in range(2, 9))]
    with store.write(SYSTEM) as work:
        assert repository.last_scan(work) is None
        for day in days[:3]:
            repository.add_scan(work, day, {})
        assert repository.last_scan(work) == date(2030, 1, 1)
        for day in days[3:]:
            repository.add_scan(work, day, {})
        assert repository.last_scan(work) == date(2026, 3, 8)


def test_a_choice_is_kept_and_whoever_wants_nothing_is_left_out(store: Store) -> None:
    with store.write(SYSTEM) as work:
        accounts.add_account(work, "a", Role.REVIEWER, "x", None)
        notices.choose(work, "a", "digest", "https://h/x")
        notices.choose(work, "b", "off", "https://h/y")
        notices.choose(work, "a", "at_once", "https://h/z")
    with store.read(SYSTEM) as work:
        assert [(row.account_name, row.mode, row.target) for row in notices.choices(work)] == [
            ("a", "at_once", "https://h/z")
        ]
