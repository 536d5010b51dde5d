"""Killed in the middle (SIGKILL): the database is whole, holds all of it or nothing, and it goes again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic import op
from sqlalchemy import func, select
from sqlalchemy.engine.default import DefaultDialect

from app.access import Right
from app.config import Settings
from app.services import alert_scan, backup, plan_life, underway
from app.services.database import open_store
from app.services.doctor import examine
from app.services.premises_import import PremisesRequest, import_premises
from app.services.system import SYSTEM
from data import audit, copying, schema, server_copy
from data import backup as container
from data.engine import open_engine
from data.repositories import alerts, upkeep
from data.repositories import plans as plan_repository
from data.store import Actor, Store
from data.tables import AuditEntry, Premises
from geo.words import PlanState, Role
from tests.conftest import DEMO_DAY
from tests.faults.conftest import Cluster, killed_at
from tests.services.plan_world import REVIEWER, make_world
from tests.services.register_world import STEWARD, content, file_of, fill, row

KEEPER = Actor("quantri", Role.ADMIN)
#: Where a unit of work is hit: when it writes to the log, and when all is written but not stored.
MIDDLE, END = (audit, "append"), (DefaultDialect, "do_commit")


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    store = open_store(settings)
    yield store
    store.engine.dispose()


def require_whole(settings: Settings) -> None:
    """No broken page, no row that points nowhere, and a log that verifies."""
    file = Path(settings.url().removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as connection:
        copying.require_sound(connection, file)
    with opened(settings) as store, store.read(SYSTEM) as work:
        chain = audit.walk(work.session)
        assert chain.broken is None


def entries(store: Store) -> int:
    with store.read(SYSTEM) as work:
        return audit.last_number(work.session)


@pytest.fixture
def district(tmp_path: Path) -> Settings:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/office.db", data=tmp_path)
    with opened(settings) as store:
        fill(store)
    return settings


@pytest.mark.parametrize("place", [MIDDLE, END])
def test_an_import_that_was_killed_left_nothing_and_can_be_done_again(
    district: Settings, tmp_path: Path, place: tuple[Any, str]
) -> None:
    request = PremisesRequest(file_of(tmp_path, *(row(number) for number in range(1, 6))))

    def run() -> None:
        import_premises(open_store(district), STEWARD, request)

    with opened(district) as store:
        before, told = content(store), entries(store)
    killed_at(place, run)
    require_whole(district)
    with opened(district) as store:
        assert content(store) == before and entries(store) == told
        assert import_premises(store, STEWARD, request)["added"] == 5
        assert import_premises(store, STEWARD, request)["unchanged"] == 5


@pytest.mark.slow
@pytest.mark.parametrize("place", [MIDDLE, END])
def test_a_scan_that_was_killed_raised_nothing_and_can_be_done_again(
    own_demo_settings: Settings, place: tuple[Any, str]
) -> None:
    later = DEMO_DAY.replace(day=28)

    def run() -> None:
        alert_scan.scan(open_store(own_demo_settings), SYSTEM, later)

    with opened(own_demo_settings) as store, store.read(SYSTEM) as work:
        before = len(alerts.alerts(work))
    killed_at(place, run)
    require_whole(own_demo_settings)
    with opened(own_demo_settings) as store:
        with store.read(SYSTEM) as work:
            assert len(alerts.alerts(work)) == before
            assert alerts.last_scan(work) == DEMO_DAY
        first = alert_scan.scan(store, SYSTEM, later)
        again = alert_scan.scan(store, SYSTEM, later)
        assert again["raised"] == [] and len(again["kept"]) == len(first["kept"]) + len(first["raised"])


def test_a_plan_whose_approval_was_killed_is_a_draft_and_can_be_approved(own_demo_settings: Settings) -> None:
    with opened(own_demo_settings) as store:
        plan_id = make_world(store).plan_id

    def approve(store: Store) -> None:
        plan_life.approve(store, REVIEWER, plan_id, "45/KH-UBND", DEMO_DAY)

    # The first thing that is stored is that it was opened; the approval is the second.
    killed_at(END, lambda: approve(open_store(own_demo_settings)), call=3)
    require_whole(own_demo_settings)
    with opened(own_demo_settings) as store:
        assert (state(store, plan_id), papers(store)) == (PlanState.DRAFT, 0)
        approve(store)
        assert state(store, plan_id) == PlanState.APPROVED


def state(store: Store, plan_id: str) -> str:
    with store.read(SYSTEM) as work:
        plan = plan_repository.plan_by_id(work, plan_id)
        assert plan is not None
        return plan.state


def papers(store: Store) -> int:
    with store.read(SYSTEM) as work:
        approved = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "plan.approve")
        return work.session.scalar(approved) or 0


@pytest.mark.parametrize("place", [(op, "create_table"), END])
def test_a_migration_that_was_killed_leaves_the_version_from_before_and_goes_through_again(
    district: Settings, place: tuple[Any, str]
) -> None:
    with opened(district) as store:
        schema.downgrade(store.engine, "0006")

    def run() -> None:
        schema.upgrade(open_engine(district.url()))

    killed_at(place, run, call=1 if place == END else 5)
    engine = open_engine(district.url())
    assert schema.current_revision(engine) == "0006"
    assert schema.upgrade(engine) == schema.newest_revision()
    assert schema.differences(engine) == []
    engine.dispose()
    require_whole(district)


@pytest.mark.parametrize("place", [(copying, "require_sound"), (container, "_seal"), (container, "settle")])
def test_a_backup_that_was_killed_leaves_the_one_from_before(
    district: Settings, tmp_path: Path, place: tuple[Any, str]
) -> None:
    file = tmp_path / "kept" / "today.backup"
    file.parent.mkdir()
    with opened(district) as store:
        backup.back_up(store, SYSTEM, file)
    before = file.read_bytes()
    killed_at(place, lambda: backup.back_up(open_store(district), SYSTEM, file))
    assert file.read_bytes() == before
    require_whole(district)
    with opened(district) as store:
        backup.back_up(store, SYSTEM, file)
    assert backup.look_at(file)["rows"] > 0
    # Nor does half a copy of the office's data lie about.
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("place", [(container, "digest_of"), (copying, "_second_name"), (copying, "settle")])
def test_a_restore_that_was_killed_leaves_one_database_or_the_other(
    district: Settings, tmp_path: Path, place: tuple[Any, str]
) -> None:
    file = tmp_path / "b"
    with opened(district) as store:
        backup.back_up(store, SYSTEM, file)
        with store.write(SYSTEM) as work:
            work.note("sau bản sao lưu")
        told = entries(store)
    killed_at(place, lambda: backup.restore(district, SYSTEM, file, replace=True))
    require_whole(district)
    with opened(district) as store:
        assert entries(store) == told
    assert backup.restore(district, SYSTEM, file, replace=True)["differences"] == []
    require_whole(district)
    assert len(list(tmp_path.glob("*before-restore*"))) == 1


@pytest.mark.database
@pytest.mark.xdist_group("database")
@pytest.mark.slow
def test_the_same_on_a_server(cluster: Cluster, tmp_path: Path) -> None:
    settings = Settings(database_url=cluster.database, data=tmp_path / "data")
    with opened(settings) as store:
        fill(store)
        before, told = content(store), entries(store)
    request = PremisesRequest(file_of(tmp_path, *(row(number) for number in range(1, 6))))
    for place in (MIDDLE, END):
        killed_at(place, lambda: import_premises(open_store(settings), STEWARD, request))
        with opened(settings) as store:
            assert content(store) == before and entries(store) == told
    with opened(settings) as store:
        assert import_premises(store, STEWARD, request)["added"] == 5
        backup.back_up(store, SYSTEM, tmp_path / "b")
        schema.downgrade(store.engine, "0006")
    killed_at((op, "create_table"), lambda: schema.upgrade(open_engine(settings.url())), call=5)
    with opened(settings) as store:
        assert schema.differences(store.engine) == []
        with store.read(SYSTEM) as work:
            assert audit.first_broken(work.session) is None
    # A restore is one transaction of the server: killed at its last step, it never happened.
    killed_at(
        (server_copy, "tool"), lambda: backup.restore(settings, SYSTEM, tmp_path / "b", replace=True), call=3
    )
    with opened(settings) as store, store.read(SYSTEM) as work:
        assert work.session.scalar(select(func.count()).select_from(Premises)) == 5
    assert backup.restore(settings, SYSTEM, tmp_path / "b", replace=True)["differences"] == []


def test_what_was_cut_off_is_told_to_whoever_comes_next_and_written_down(
    district: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "b"
    killed_at((container, "_seal"), lambda: backup.back_up(open_store(district), KEEPER, file))
    with opened(district) as store:
        (one,) = underway.cut_off(store)
        assert (one.what, one.by) == ("backup", KEEPER.name)
        assert "Chưa có gì được lưu" in str(one.text)
        warned = {check.name for check in examine(district, SYSTEM) if check.level == "warning"}
        assert "unfinished_1" in warned
        assert underway.settle(store) == [one]
        assert underway.settle(store) == []
        with store.read(SYSTEM) as work:
            newest = work.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert newest is not None and (newest.action, newest.detail["by"]) == ("interrupted", one.by)


def test_work_that_goes_on_or_has_ended_is_not_told_as_cut_off(district: Settings) -> None:
    @underway.marked("scan", Right.SEE)
    def work_long(store: Store, actor: Actor, fails: bool) -> None:
        assert underway.cut_off(store) == []
        with store.read(actor) as work:
            assert [mark.what for mark in upkeep.begun(work)] == ["scan"]
        if fails:
            raise ZeroDivisionError

    with opened(district) as store:
        work_long(store, STEWARD, False)
        with pytest.raises(ZeroDivisionError):
            work_long(store, STEWARD, True)
        with store.read(SYSTEM) as work:
            assert upkeep.begun(work) == []
