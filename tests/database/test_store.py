"""What a database promises whatever its engine."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import shapely
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import DBAPIError

from data import audit
from data.near import points_within
from data.store import Actor, Store
from data.tables import AuditEntry, Patrol, Premises, Signal, Unit
from geo.errors import ConflictError
from geo.words import Role

ACTOR = Actor("thử", Role.ADMIN)


def premises(number: int, lon: float = 105.77, lat: float = 20.97) -> Premises:
    return Premises(
        id=f"p{number}", name=f"Cơ sở mẫu {number}", folded="", type="hotel", geom=shapely.Point(lon, lat)
    )


def test_geometry_comes_back_as_it_was_stored(store: Store) -> None:
    square = shapely.MultiPolygon([shapely.box(105.7, 20.9, 105.8, 21.0)])
    with store.write(ACTOR) as work:
        work.session.add(
            Unit(
                id="u",
                code="1",
                name="Phường Đông",
                valid_from=datetime(2025, 7, 1, tzinfo=UTC).date(),
                geom=square,
            )
        )
    with store.read(ACTOR) as work:
        stored = work.session.scalars(select(Unit)).one()
        assert shapely.equals(stored.geom, square)


def test_nothing_is_stored_when_a_unit_of_work_fails(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.write(ACTOR) as work:
        work.session.add(premises(1))
        work.session.flush()
        raise ZeroDivisionError
    with store.read(ACTOR) as work:
        assert work.session.scalars(select(Premises)).all() == []


def test_saving_over_somebody_elses_change_is_refused(store: Store) -> None:
    with store.write(ACTOR) as work:
        work.session.add(premises(1))
    with pytest.raises(ConflictError), store.write(ACTOR) as work:
        mine = work.session.scalars(select(Premises)).one()
        work.session.execute(
            update(Premises.__table__).values(version=Premises.__table__.c.version + 1)  # type: ignore[arg-type]
        )
        mine.name = "Tên khác"


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_events_can_be_neither_changed_nor_deleted(engine: Engine, store: Store, verb: str) -> None:
    with store.write(ACTOR) as work:
        work.session.add(Signal(**work.event(), on_date=work.today, source="hotline", state="received"))
    statement = update(Signal).values(text="khác") if verb == "update" else delete(Signal)
    with pytest.raises(DBAPIError, match="append-only"), store.write(ACTOR) as work:
        work.session.execute(statement)


def test_the_entries_of_the_audit_log_are_numbered_without_a_gap(store: Store) -> None:
    for number in range(3):
        with store.write(ACTOR) as work:
            work.note("thử", f"việc {number}", số=number)
    with store.read(ACTOR) as work:
        assert audit.first_broken(work.session) is None
        entries = work.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
        assert [entry.seq for entry in entries] == [1, 2, 3]


def test_nearness_is_measured_in_metres_and_the_same_on_both_engines(store: Store) -> None:
    # 0.001 degrees of latitude is 110.7 m here, of longitude 104.0 m (WGS 84 ellipsoid, Karney's geodesic).
    with store.write(ACTOR) as work:
        work.session.add_all(
            [premises(1), premises(2, lat=20.971), premises(3, lon=105.771), premises(4, lat=20.98)]
        )
    with store.read(ACTOR) as work:
        near = points_within(work.session, Premises, 105.77, 20.97, 120.0)
        assert list(near) == ["p1", "p3", "p2"]
        assert near["p2"] == pytest.approx(110.7, abs=0.1)
        assert near["p3"] == pytest.approx(104.0, abs=0.1)
        assert list(points_within(work.session, Premises, 105.77, 20.97, 107.0)) == ["p1", "p3"]


def test_a_moved_place_is_found_where_it_is_now(store: Store) -> None:
    with store.write(ACTOR) as work:
        work.session.add(premises(1))
    with store.write(ACTOR) as work:
        work.session.scalars(select(Premises)).one().geom = shapely.Point(105.80, 20.90)
    with store.read(ACTOR) as work:
        assert points_within(work.session, Premises, 105.77, 20.97, 500) == {}
        assert list(points_within(work.session, Premises, 105.80, 20.90, 500)) == ["p1"]
        assert points_within(work.session, Patrol, 105.80, 20.90, 500) == {}
