"""The nightly scan: whole or not at all, the same twice changes nothing, gaps and clocks do it no harm."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
import shapely
from sqlalchemy import func, select

from app.services import alert_scan, alerts, hotspots
from app.services.accounts import SYSTEM
from app.services.facts import Known
from data.demo import demo_rows
from data.repositories import alerts as repository
from data.repositories.frames import add_rows
from data.store import Actor, Store
from data.tables import Alert, AlertEvent, Patrol, ScanRun, Signal, Unit
from geo.detection import REACTIVATION
from geo.detection_clusters import PLACE_KIND
from geo.words import AlertKind, AlertState, HotspotState, PatrolResult, Role
from tests.conftest import DEMO_DAY

LEADER = Actor("lanhdao", Role.REVIEWER)
QUIET = "Đoạn đường Trần Phú (điểm giả định D)"


def tip(on_date: date, place: shapely.Geometry, **changes: Any) -> dict[str, Any]:
    return {
        "on_date": on_date,
        "source": "hotline",
        "reliability": "B",
        "credibility": 2,
        "state": "verified",
        "geom": place.representative_point(),
        "text": "",
        "due_on": None,
        "handled_on": on_date,
    } | changes


def hear(store: Store, *tips: dict[str, Any]) -> list[str]:
    """Record signals; their ids."""
    with store.write(SYSTEM) as work:
        rows = [{**work.event(), **one} for one in tips]
        for row in rows:
            work.session.add(Signal(**row))
    return [row["id"] for row in rows]


def spot(store: Store, name: str = QUIET) -> pd.Series:
    with store.read(SYSTEM) as work:
        spots = Known(work, DEMO_DAY).hotspots
    return spots[spots["name"] == name].iloc[0]


def count(store: Store, table: Any) -> int:
    with store.read(SYSTEM) as work:
        return int(work.session.scalar(select(func.count()).select_from(table)) or 0)


def stored(store: Store) -> pd.DataFrame:
    with store.read(SYSTEM) as work:
        return repository.alerts(work).set_index("id", drop=False)


def after(days: int) -> date:
    return DEMO_DAY + timedelta(days=days)


def test_an_alert_tells_what_would_confirm_it_which_rules_spoke_and_how_often_they_err(demo: Store) -> None:
    first = alerts.alerts_with_places(demo, SYSTEM, DEMO_DAY).iloc[0]
    detail = first["detail"]
    assert detail["confirm"]["text"] and detail["refute"]["text"]
    assert set(detail["rules"]) == {kind.value for kind in REACTIVATION}
    assert 0 <= detail["false_alarms_per_year"] < 1
    assert detail["observed"] > detail["threshold"] > detail["expected"]


def test_two_signals_at_a_quiet_place_raise_one_alert_that_later_ones_update(own_demo: Store) -> None:
    place = spot(own_demo)
    ids = hear(own_demo, tip(after(1), place.geometry), tip(after(3), place.geometry, source="citizen"))
    (new,) = [a for a in alerts.scan(own_demo, LEADER, after(3))["raised"] if a["place"] == place["id"]]
    assert {item["id"] for item in new["evidence"]} == set(ids)
    assert new["name"] == QUIET and new["place_kind"] == "hotspot" and new["text"]
    more = hear(own_demo, tip(after(5), place.geometry))
    done = alerts.scan(own_demo, LEADER, after(5))
    assert new["id"] in {a["id"] for a in done["kept"]}
    row = stored(own_demo).loc[new["id"]]
    assert more[0] in {item["id"] for item in row["evidence"]}
    assert (row["raised_on"].date(), row["updated_on"].date()) == (after(3), after(5))
    assert row["score"] >= new["score"]


def test_a_pair_of_signals_in_weeks_without_a_scan_is_still_found(own_demo: Store) -> None:
    place = spot(own_demo)
    hear(own_demo, tip(after(10), place.geometry), tip(after(20), place.geometry, source="citizen"))
    done = alerts.scan(own_demo, LEADER, after(120))
    assert place["id"] in {a["place"] for a in done["raised"]}
    assert alerts.scan(own_demo, LEADER, after(121))["raised"] == []


def test_a_scan_that_is_interrupted_leaves_nothing_half_raised(
    own_demo: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = spot(own_demo)
    hear(own_demo, tip(after(1), place.geometry), tip(after(2), place.geometry, source="citizen"))
    tables = (Alert, AlertEvent, ScanRun, Signal)
    before = [count(own_demo, table) for table in tables]

    def pulled_plug(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(alert_scan.notices, "enqueue", pulled_plug)
        alerts.scan(own_demo, LEADER, after(2))
    assert [count(own_demo, table) for table in tables] == before
    assert place["id"] in {a["place"] for a in alerts.scan(own_demo, LEADER, after(2))["raised"]}


def test_a_clock_that_was_set_back_neither_raises_nor_closes_anything(own_demo: Store) -> None:
    before = stored(own_demo)
    for days in (-1, -7, -200):
        done = alerts.scan(own_demo, LEADER, after(days))
        assert (done["raised"], done["closed"]) == ([], [])
    pd.testing.assert_frame_equal(stored(own_demo), before)
    assert alerts.scan(own_demo, LEADER, DEMO_DAY)["raised"] == []


def test_a_scan_of_a_far_day_by_mistake_does_not_silence_the_watch_for_good(own_demo: Store) -> None:
    alerts.scan(own_demo, LEADER, after(400))
    for days in range(1, 9):
        alerts.scan(own_demo, LEADER, after(days))
    place = spot(own_demo)
    hear(own_demo, tip(after(8), place.geometry), tip(after(9), place.geometry, source="citizen"))
    assert place["id"] in {a["place"] for a in alerts.scan(own_demo, LEADER, after(9))["raised"]}


def test_every_scan_is_on_record_with_its_day_and_what_came_of_it(own_demo: Store) -> None:
    alerts.scan(own_demo, LEADER, after(1))
    with own_demo.read(SYSTEM) as work:
        runs = list(work.session.scalars(select(ScanRun).order_by(ScanRun.rid)))
    assert [(run.as_of, run.by) for run in runs] == [(DEMO_DAY, "system"), (after(1), "lanhdao")]
    assert set(runs[0].counts) == {"raised", "kept", "closed", "grown"}
    assert runs[1].counts["kept"] > 0


def test_what_the_office_owed_is_closed_by_the_scan_after_it_was_done(own_demo: Store) -> None:
    found = alerts.alerts_with_places(own_demo, SYSTEM, DEMO_DAY).set_index("kind")
    overdue = found.loc[AlertKind.WATCH_BROKEN]
    with own_demo.write(SYSTEM) as work:
        patrol = {"hotspot_id": overdue["place_id"], "on_date": after(1), "result": PatrolResult.QUIET.value}
        work.session.add(Patrol(**work.event(), **patrol, geom=overdue["geometry"].representative_point()))
    done = alerts.scan(own_demo, LEADER, after(1))
    assert [a["id"] for a in done["closed"]] == [overdue["id"]]
    assert stored(own_demo).at[overdue["id"], "recorded_by"] == "system"


def test_a_signal_past_its_deadline_is_told_until_it_is_handled(own_demo: Store) -> None:
    place = spot(own_demo)
    late = tip(after(-30), place.geometry, state="verifying", due_on=after(-2), handled_on=None)
    (signal,) = hear(own_demo, late)
    (new,) = [a for a in alerts.scan(own_demo, LEADER, DEMO_DAY)["raised"] if a["place"] == signal]
    assert new["kind"] == AlertKind.SIGNAL_LATE and "Nguồn tin ngày" in new["name"]


def test_a_scan_shows_who_asks_for_it_only_what_lies_on_their_ground(own_demo: Store) -> None:
    with own_demo.read(SYSTEM) as work:
        ward = work.session.scalars(select(Unit.id).where(Unit.code == "09552", Unit.valid_to.is_(None))).one()
    officer = Actor("canbo-kienhung", Role.WARD_OFFICER, frozenset({ward}))
    everything = alerts.scan(own_demo, LEADER, DEMO_DAY)["kept"]
    own = alerts.scan(own_demo, officer, DEMO_DAY)["kept"]
    assert 0 < len(own) < len(everything)
    seen = set(alerts.alerts_with_places(own_demo, officer, DEMO_DAY)["id"])
    assert {a["id"] for a in own} == seen


def test_hotspots_whose_catchments_overlap_are_each_told_of_a_signal_in_both(own_demo: Store) -> None:
    place = spot(own_demo)
    with own_demo.write(SYSTEM) as work:
        hotspot = hotspots.places.hotspot_by_id(work, place["id"])
        assert hotspot is not None
        hotspot.catchment_m = 6000
    both = spot(own_demo, "Khu vực chợ tạm phố Xốm (điểm giả định E)")
    hear(own_demo, tip(after(1), both.geometry), tip(after(2), both.geometry, source="citizen"))
    raised = alerts.scan(own_demo, LEADER, after(2))["raised"]
    assert {place["id"], both["id"]} <= {a["place"] for a in raised}


def test_a_hotspot_that_is_back_already_is_not_asked_about(own_demo: Store) -> None:
    with own_demo.read(SYSTEM) as work:
        spots = Known(work, DEMO_DAY).hotspots
    loud = spots[spots["state"].isin([HotspotState.ACTIVE, HotspotState.REACTIVATED])]
    for place in loud.itertuples():
        hear(own_demo, tip(after(1), place.geometry), tip(after(2), place.geometry, source="citizen"))
    raised = alerts.scan(own_demo, LEADER, after(2))["raised"]
    assert not {a["place"] for a in raised} & set(loud["id"])


def test_a_gathering_outside_every_hotspot_is_one_alert_while_it_lasts(own_demo: Store) -> None:
    # A corner of the district without hotspots.
    corner = shapely.Point(105.724, 20.926)
    hear(
        own_demo,
        *(tip(after(day), corner, source=kind) for day in range(1, 6) for kind in ("hotline", "press")),
    )
    (new,) = [a for a in alerts.scan(own_demo, LEADER, after(6))["raised"] if a["place_kind"] == PLACE_KIND]
    assert "Cụm nguồn tin mới" in new["name"] and len(new["evidence"]) >= 8
    hear(own_demo, tip(after(7), corner))
    done = alerts.scan(own_demo, LEADER, after(7))
    assert new["id"] in {a["id"] for a in done["kept"]}
    assert not [a for a in done["raised"] if a["place_kind"] == PLACE_KIND]
    seen = alerts.alerts_with_places(own_demo, SYSTEM, after(7)).set_index("id").loc[new["id"]]
    assert seen["geometry"].contains(corner) and seen["detail"]["recurrence"]["text"]
    alerts.judge_at_once(own_demo, LEADER, new["id"], AlertState.DISMISSED, "Một đợt báo lại tin cũ")
    assert not [a for a in alerts.scan(own_demo, LEADER, after(7))["raised"] if a["place_kind"] == PLACE_KIND]


def test_an_empty_district_is_scanned_without_a_word(empty_store: Store, operator: Actor) -> None:
    done = alerts.scan(empty_store, operator, DEMO_DAY)
    assert done == {"as_of": DEMO_DAY.isoformat(), "raised": [], "kept": [], "closed": []}


def test_a_hotspot_eliminated_in_the_future_is_not_watched_yet(empty_store: Store, operator: Actor) -> None:
    rows = demo_rows(178, DEMO_DAY)
    with empty_store.write(operator) as work:
        for table in ("units", "hotspots", "hotspot_transitions"):
            mapped = {t.class_.__tablename__: t.class_ for t in Unit.registry.mappers}[table]
            add_rows(work, mapped, rows[table])
    early = date(2021, 1, 1)
    place = spot(empty_store, "Khu vực bến xe Yên Nghĩa")
    hear(empty_store, tip(date(2020, 12, 20), place.geometry), tip(date(2020, 12, 25), place.geometry))
    assert place["id"] not in {a["place"] for a in alerts.scan(empty_store, operator, early)["raised"]}
