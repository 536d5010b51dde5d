"""The demonstration's rows fit the tables, and of its hotspots only the one that comes back is alerted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data import schema, tables
from data.demo import demo_rows
from data.engine import open_engine
from data.repositories import events, places
from data.repositories.frames import add_rows
from data.store import Actor, Store
from geo.detection import RaisedAlert, detect
from geo.hotspots import patrols_due
from geo.words import AlertKind, Role

ACTOR = Actor("thử", Role.ADMIN)
DAY = date(2026, 11, 24)
RETURNING = "Đoạn phố Văn Khê (điểm giả định A)"


def filled(folder: Path, day: date) -> Store:
    engine = open_engine(f"sqlite:///{folder}/demo.db")
    schema.upgrade(engine)
    store = Store(engine)
    by_name = {mapper.class_.__tablename__: mapper.class_ for mapper in tables.Base.registry.mappers}
    with store.write(ACTOR) as work:
        for name, rows in demo_rows(178, day).items():
            add_rows(work, by_name[name], rows)
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = filled(tmp_path_factory.mktemp("demo"), DAY)
    yield made
    made.engine.dispose()


def alerts(store: Store, day: date) -> dict[str, list[RaisedAlert]]:
    """What a scan on a day raises, by name of the hotspot."""
    with store.read(ACTOR) as work:
        hotspots = places.hotspots_on(work, day)
        raised = detect(
            hotspots=hotspots,
            signals=events.signals_until(work, day),
            patrols=events.patrols_until(work, day),
            findings=events.findings_until(work, day),
            licences=places.licences_on(work, day),
            premises=places.premises_on(work, day),
            as_of=day,
        )
    names = dict(zip(hotspots["id"], hotspots["name"], strict=True))
    found: dict[str, list[RaisedAlert]] = {}
    for alert in raised:
        found.setdefault(names[alert.place_id], []).append(alert)
    return found


def test_all_rows_fit_into_a_migrated_database(store: Store) -> None:
    with store.read(ACTOR) as work:
        for name, rows in demo_rows(178, DAY).items():
            table = tables.Base.metadata.tables[name]
            assert work.session.scalar(select(func.count()).select_from(table)) == len(rows), name
        assert len(places.units_on(work, DAY)) == 6
        premises = places.premises_on(work, DAY)
        assert premises["ward_id"].notna().all()
        assert len(premises[premises["status"] == "active"]) > 350


def test_the_hotspot_that_comes_back_is_alerted_on_every_ground_and_no_other_is(store: Store) -> None:
    found = alerts(store, DAY)
    assert list(found) == [RETURNING]
    rules = {AlertKind.TWO_SIGNALS, AlertKind.VIOLATION_INSIDE, AlertKind.LICENCE_REISSUED}
    assert {alert.kind for alert in found[RETURNING]} == rules
    sources = {piece.kind for alert in found[RETURNING] for piece in alert.evidence}
    assert sources == {"signal", "patrol", "finding", "licence"}


@pytest.mark.parametrize("day", [date(2025, 7, 1), date(2026, 1, 5), date(2028, 2, 29)], ids=str)
def test_it_is_so_whatever_the_day(tmp_path: Path, day: date) -> None:
    made = filled(tmp_path, day)
    assert list(alerts(made, day)) == [RETURNING]
    made.engine.dispose()


def test_before_its_signs_nothing_was_alerted_and_older_alerts_went_before_a_return(store: Store) -> None:
    assert alerts(store, DAY - timedelta(days=19)) == {}
    with store.read(ACTOR) as work:
        changes = places.transitions_until(work, DAY)
        names = {row.id: row.name for row in places.hotspots_on(work, DAY).itertuples()}
    for row in changes[changes["state"] == "reactivated"].itertuples():
        eve = row.on_date.date() - timedelta(days=1)
        assert list(alerts(store, eve)) == [names[row.hotspot_id]]


@pytest.mark.slow
def test_in_five_years_of_weekly_scans_only_what_came_back_was_alerted(store: Store) -> None:
    with store.read(ACTOR) as work:
        # A scan looks at nothing dated after its day, so that the frames of the last day serve them all.
        known = {
            "signals": events.signals_until(work, DAY),
            "patrols": events.patrols_until(work, DAY),
            "findings": events.findings_until(work, DAY),
            "licences": places.licences_on(work, DAY),
            "premises": places.premises_on(work, DAY),
        }
        changes = places.transitions_until(work, DAY)
        names = {row.id: row.name for row in places.hotspots_on(work, DAY).itertuples()}
        back = changes[changes["state"] == "reactivated"].itertuples()
        returns = {names[row.hotspot_id]: row.on_date.date() for row in back}
        for week in range(5 * 52):
            day = DAY - timedelta(weeks=week)
            for alert in detect(hotspots=places.hotspots_on(work, day), as_of=day, **known):
                came_back = returns.get(names[alert.place_id], DAY)
                assert came_back - timedelta(days=30) < day <= came_back, (alert, day)


def test_one_watched_hotspot_waits_for_its_patrol(store: Store) -> None:
    with store.read(ACTOR) as work:
        due = patrols_due(places.hotspots_on(work, DAY), events.patrols_until(work, DAY), DAY)
    assert (due["overdue_days"] > 0).sum() == 1
