"""PostgreSQL itself keeps a ward from another ward's tips, findings and alerts, should the program forget."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import geopandas.testing
import pytest
import shapely
from sqlalchemy import Engine, create_engine, func, insert, make_url, select, text

from app.services import backup
from data import schema
from data.engine import open_engine
from data.repositories import events, signals
from data.row_security import PROTECTED
from data.store import Actor, Store, Work
from data.tables import (
    Alert,
    AlertEvent,
    Base,
    CasePaper,
    Complaint,
    Finding,
    Hotspot,
    HotspotTransition,
    Inspection,
    Patrol,
    PoliceHandover,
    Premises,
    Signal,
    SignalHandover,
    Task,
    Team,
    Unit,
)
from geo.words import Role
from tests.database.test_backup import settings_of

DAY, NOW = date(2026, 11, 2), datetime(2026, 11, 2, 3, tzinfo=UTC)
EAST, WEST = shapely.Point(105.785, 20.97), shapely.Point(105.765, 20.97)
EVERYBODY = Actor("toàn phường", Role.ADMIN)


def officer(*units: str) -> Actor:
    return Actor("cán bộ", Role.WARD_OFFICER, frozenset(units))


@pytest.fixture(scope="module")
def owned(cluster: str) -> Iterator[Engine]:
    """A database as it is set up on a server: its account owns the tables and is no superuser."""
    admin = create_engine(f"{cluster}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE ROLE plain_owner LOGIN"))
        connection.execute(text("CREATE DATABASE walled OWNER plain_owner"))
    inside = create_engine(f"{cluster}/walled", isolation_level="AUTOCOMMIT")
    with inside.connect() as connection:
        connection.execute(text("CREATE EXTENSION postgis"))
        connection.execute(text("CREATE EXTENSION pg_trgm"))
    inside.dispose()
    engine = open_engine(
        make_url(f"{cluster}/walled").set(username="plain_owner").render_as_string(hide_password=False)
    )
    schema.upgrade(engine)
    with Store(engine).write(EVERYBODY) as work:
        fill(work)
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE walled WITH (FORCE)"))
        connection.execute(text("DROP ROLE plain_owner"))
    admin.dispose()


@pytest.fixture
def walled(owned: Engine) -> Store:
    return Store(owned)


def fill(work: Work) -> None:
    """Two wards side by side, in each one row of all that is protected, its ids named after the ward."""
    add = work.session.add
    west = shapely.MultiPolygon([shapely.box(105.76, 20.96, 105.775, 20.98)])
    east = shapely.MultiPolygon([shapely.box(105.775, 20.96, 105.79, 20.98)])
    add(Team(id="to", name="Tổ 1", kind="ward", valid_from=DAY))
    for ward, shape in (("tay", west), ("dong", east)):
        add(Unit(id=ward, code=ward, name=ward, valid_from=date(2025, 7, 1), geom=shape))
    work.session.flush()
    for ward, place in (("tay", WEST), ("dong", EAST)):
        at = {"premises_id": f"{ward}-cs", "on_date": DAY}
        add(Premises(id=f"{ward}-cs", name="Cơ sở mẫu", folded="co so mau", type="hotel", geom=place))
        add(Hotspot(id=f"{ward}-diem", name=f"Điểm {ward}", geom=place.buffer(0.001)))
        add(Alert(id=f"{ward}-bao", place_kind="hotspot", place_id=f"{ward}-diem", raised_on=DAY, **raised()))
        work.session.flush()
        keep(work, AlertEvent, f"{ward}-bao-1", alert_id=f"{ward}-bao", state="raised")
        keep(work, HotspotTransition, f"{ward}-d1", hotspot_id=f"{ward}-diem", **moved())
        keep(work, Signal, f"{ward}-tin", on_date=DAY, source="hotline", state="received", geom=place)
        keep(work, Patrol, f"{ward}-tuan", hotspot_id=f"{ward}-diem", on_date=DAY, result="quiet")
        keep(work, Inspection, f"{ward}-kt", **at, outcome="violation", geom=place)
        keep(work, Finding, f"{ward}-vp", inspection_id=f"{ward}-kt", kind="safety")
        keep(work, CasePaper, f"{ward}-bb", inspection_id=f"{ward}-kt", kind="minutes", on_date=DAY)
        keep(work, Complaint, f"{ward}-kn", **at, team_id="to")
        keep(work, Task, f"{ward}-viec", unit_id=ward, kind="other", title="Việc", given_on=DAY, **owner())
    keep(work, PoliceHandover, "chung-ca", handed_at=NOW)


def keep(work: Work, table: type, event_id: str, **values: object) -> None:
    work.session.add(table(**{**work.event(), "id": event_id}, **values))
    work.session.flush()


def raised() -> dict[str, object]:
    return {"kind": "overdue_patrol", "score": 1.0, "text": {}, "evidence": []}


def moved() -> dict[str, object]:
    return {"state": "suspected", "on_date": DAY, "reason": "mẫu"}


def owner() -> dict[str, object]:
    return {"owner": "UBND phường", "state": "open"}


def plainly(work: Work, table: str) -> set[str]:
    """Whatever a query that knows nothing of scopes reads from a table."""
    return set(work.session.scalars(select(Base.metadata.tables[table].c.id)))


FILLED = (
    "signals", "patrols", "findings", "case_papers", "hotspots", "hotspot_transitions", "alerts",
    "alert_events", "complaints", "tasks",
)  # fmt: skip


@pytest.mark.parametrize("table", FILLED)
def test_a_query_around_the_repositories_gets_no_row_of_another_ward(walled: Store, table: str) -> None:
    with walled.read(EVERYBODY) as work:
        assert {one.split("-")[0] for one in plainly(work, table)} == {"tay", "dong"}
    for ward in ("tay", "dong"):
        with walled.read(officer(ward)) as work:
            assert {one.split("-")[0] for one in plainly(work, table)} == {ward}
    with walled.read(officer("tay", "dong")) as work:
        assert len(plainly(work, table)) == 2
    # Who has no unit sees nothing, and not the whole database.
    with walled.read(officer()) as work:
        assert plainly(work, table) == set()


def test_every_protected_table_has_its_policy_and_the_owner_is_bound_by_it(walled: Store) -> None:
    with walled.read(EVERYBODY) as work:
        bound = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        assert set(work.session.scalars(bound)) == set(PROTECTED)
        assert not work.session.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))


def test_what_has_no_place_is_for_who_sees_the_whole(walled: Store) -> None:
    with walled.read(EVERYBODY) as work:
        assert plainly(work, "police_handovers") == {"chung-ca"}
    with walled.read(officer("tay")) as work:
        assert plainly(work, "police_handovers") == set()


def test_inspections_and_the_register_stay_open_to_everybody(walled: Store) -> None:
    with walled.read(officer("tay")) as work:
        assert plainly(work, "inspections") == {"tay-kt", "dong-kt"}
        assert plainly(work, "premises") == {"tay-cs", "dong-cs"}


def test_a_scope_ends_with_its_transaction_on_a_pooled_connection(owned: Engine) -> None:
    engine = create_engine(owned.url, pool_size=1, max_overflow=0)
    pooled = Store(engine)
    for _time in range(2):
        with pooled.read(officer("tay")) as work:
            number = work.session.scalar(text("SELECT pg_backend_pid()"))
            assert plainly(work, "signals") == {"tay-tin"}
            # A unit of work that goes on after storing is bound as before.
            work.session.commit()
            assert plainly(work, "signals") == {"tay-tin"}
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT pg_backend_pid()")) == number
            assert not connection.scalar(text("SELECT current_setting('diaban.scope', true)"))
        with pooled.read(EVERYBODY) as work:
            assert plainly(work, "signals") == {"tay-tin", "dong-tin"}
        with pytest.raises(RuntimeError), pooled.write(officer("dong")) as work:
            assert plainly(work, "signals") == {"dong-tin"}
            raise RuntimeError("cut off")
        with pooled.read(EVERYBODY) as work:
            assert len(plainly(work, "signals")) == 2
    engine.dispose()


def test_a_savepoint_that_is_taken_back_leaves_the_scope_as_it_was(walled: Store) -> None:
    with walled.read(officer("tay")) as work:
        assert plainly(work, "signals") == {"tay-tin"}
        savepoint = work.session.begin_nested()
        assert len(plainly(work.whole, "signals")) == 2
        savepoint.rollback()
        assert plainly(work, "signals") == {"tay-tin"}


def test_the_whole_is_weighed_on_purpose_and_narrowed_again_at_once(walled: Store) -> None:
    with walled.read(officer("tay")) as work:
        whole = work.whole
        assert len(plainly(whole, "signals")) == 2
        assert plainly(work, "signals") == {"tay-tin"}
        assert len(plainly(whole, "findings")) == 2
        assert plainly(work, "findings") == {"tay-vp"}


def test_a_ward_may_record_what_it_does_not_get_to_see(walled: Store) -> None:
    with walled.write(officer("tay")) as work:
        keep(work, PoliceHandover, "tay-ca", handed_at=NOW)
        work.session.add(PoliceHandover(**{**work.event(), "id": "tay-ca-2"}, handed_at=NOW))
        # The query stores what waits to be stored, and is bound all the same.
        assert plainly(work, "police_handovers") == set()
        work.session.rollback()
    with walled.read(EVERYBODY) as work:
        assert plainly(work, "police_handovers") == {"chung-ca"}


def test_a_signal_goes_with_its_correction_and_with_its_handover(walled: Store) -> None:
    with walled.read(EVERYBODY) as work:
        moved_east = {**signal_at(work, "tay-2", EAST), "revision": 2}
        for row in (signal_at(work, "tay-2", WEST), moved_east, signal_at(work, "tay-3", WEST)):
            work.session.execute(insert(Signal), [row])
        sent = {"from_unit_id": "tay", "to_unit_id": "dong", "to_name": "dong", "sent_at": NOW, "due_on": DAY}
        keep(work, SignalHandover, "gui", signal_id="tay-3", **sent)
        work.session.flush()
        seen = {ward: plainly(acting(work, ward), "signals") for ward in ("tay", "dong")}
        # What was corrected into the other ward is not left behind in its first, wrong place.
        assert seen == {"tay": {"tay-tin", "tay-3"}, "dong": {"dong-tin", "tay-2", "tay-3"}}
        assert plainly(acting(work, "dong"), "signal_handovers") == {"gui"}


def acting(work: Work, ward: str) -> Work:
    return Work(work.opened, officer(ward), work.now)


def signal_at(work: Work, signal_id: str, place: shapely.Point) -> dict[str, object]:
    event = {**work.event(), "id": signal_id}
    return {**event, "on_date": DAY, "source": "hotline", "state": "received", "geom": place}


def test_the_wall_never_hides_what_a_repository_would_show(walled: Store, owned: Engine, cluster: str) -> None:
    superuser = open_engine(f"{cluster}/{owned.url.database}")
    for ward in ("tay", "dong"):
        with walled.read(officer(ward)) as work, Store(superuser).read(officer(ward)) as unbound:
            assert len(plainly(unbound, "signals")) == 2
            for read in (events.signals_until, events.findings_until, signals.every_signal):
                geopandas.testing.assert_geodataframe_equal(read(work, DAY), read(unbound, DAY))
    superuser.dispose()


def test_ten_thousand_signals_are_still_read_at_once(walled: Store) -> None:
    with walled.read(EVERYBODY) as work:
        rows = [
            signal_at(work, f"m{n}", shapely.Point(105.761 + (n % 100) * 2.8e-4, 20.961 + n // 100 * 1.8e-4))
            for n in range(10_000)
        ]
        work.session.execute(insert(Signal), rows)
        work.session.execute(text("ANALYZE signals"))
        counted = select(func.count()).select_from(Signal)
        started = time.perf_counter()
        scoped = acting(work, "tay").session.scalar(counted)
        took = time.perf_counter() - started
        assert 4_000 < scoped < 6_000
        # Once a query, not once a row: a look at each row's ground would take minutes.
        assert took < 2


def test_a_backup_by_an_owner_whom_the_wall_binds_is_whole_and_comes_back(
    walled: Store, owned: Engine, tmp_path: object
) -> None:
    file = tmp_path / "b"  # type: ignore[operator]
    backup.back_up(walled, EVERYBODY, file)
    owned.dispose()
    done = backup.restore(settings_of(owned, tmp_path), EVERYBODY, file, replace=True)  # type: ignore[arg-type]
    assert done["differences"] == [] and done["audit_broken_at"] is None
    test_every_protected_table_has_its_policy_and_the_owner_is_bound_by_it(walled)
    test_a_query_around_the_repositories_gets_no_row_of_another_ward(walled, "signals")
    test_a_query_around_the_repositories_gets_no_row_of_another_ward(walled, "alert_events")
