"""Patrols: whose turn it is, what is kept of one, and where was patrolled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from app.services import alerts, hotspot_view, patrols
from app.services.accounts import SYSTEM
from app.services.patrols import PatrolReport, Round
from data.repositories import places
from data.store import LOCAL_ZONE, Actor, Store
from data.tables import AuditEntry, Patrol
from geo.detection import REACTIVATION
from geo.errors import ConflictError, InputError, RuleError
from geo.words import AlertState, HotspotState, Role, SignKind
from tests.conftest import DEMO_DAY

POLICE = Actor("congan-duongnoi", Role.WARD_POLICE)
NOW = datetime.combine(DEMO_DAY, time(21), LOCAL_ZONE)


def first(store: Store, actor: Actor = POLICE) -> Round:
    return patrols.rounds(store, actor, DEMO_DAY)[0]


def told(store: Store, key: str = "key-of-patrol", **changes: object) -> PatrolReport:
    return replace(PatrolReport(key, first(store).hotspot_id, NOW - timedelta(minutes=5)), **changes)  # type: ignore[arg-type]


def scoped(store: Store, code: str) -> Actor:
    with store.read(SYSTEM) as work:
        units = places.units_on(work, DEMO_DAY).set_index("code")["id"]
    return replace(POLICE, scope=frozenset({units[code]}))


def test_hotspots_under_watch_come_by_urgency_with_their_days(demo: Store) -> None:
    rounds = patrols.rounds(demo, POLICE, DEMO_DAY)
    overdue = [one.overdue_days or 0 for one in rounds]
    assert overdue == sorted(overdue, reverse=True)
    assert overdue[0] > 0
    for one in rounds:
        assert (one.due_on is None) == (one.state is not HotspotState.ELIMINATED)
        assert one.ordered_for is None
        assert one.state is not HotspotState.DISMISSED
        if one.last_on is not None:
            assert one.days_since == (DEMO_DAY - one.last_on).days


def test_ward_police_see_the_hotspots_of_their_ground_only(demo: Store) -> None:
    everywhere = {one.hotspot_id for one in patrols.rounds(demo, POLICE, DEMO_DAY)}
    own = {one.hotspot_id for one in patrols.rounds(demo, scoped(demo, "09886"), DEMO_DAY)}
    assert own and own < everywhere
    with pytest.raises(InputError) as refused:
        patrols.one_round(demo, scoped(demo, "09886"), min(everywhere - own), DEMO_DAY)
    assert refused.value.code == "unknown_hotspot"


def test_a_patrol_is_kept_once_and_ends_what_was_overdue(own_demo: Store) -> None:
    due = first(own_demo)
    assert due.overdue_days
    report = told(own_demo)
    assert patrols.record(own_demo, POLICE, report, NOW)
    assert not patrols.record(own_demo, POLICE, report, NOW)
    after = patrols.one_round(own_demo, POLICE, due.hotspot_id, DEMO_DAY)
    assert (after.days_since, after.overdue_days) == (0, 0)
    with own_demo.read(SYSTEM) as work:
        rows = work.session.scalars(select(Patrol).where(Patrol.client_key == "key-of-patrol")).all()
    assert len(rows) == 1
    assert (rows[0].result, rows[0].sign_kind, rows[0].at) == ("quiet", None, report.at)
    # Without a place of its own it is where the hotspot is, so that the ward sees it.
    assert rows[0].geom is not None


def test_another_patrol_under_the_key_of_one_that_was_sent_is_not_taken_for_it(own_demo: Store) -> None:
    sent = told(own_demo)
    assert patrols.record(own_demo, POLICE, sent, NOW)
    with pytest.raises(ConflictError):
        patrols.record(own_demo, POLICE, replace(sent, sign=SignKind.REOPENED), NOW)
    assert not patrols.record(own_demo, POLICE, sent, NOW)


def test_a_sign_is_kept_by_its_kind_with_the_place_of_the_phone(own_demo: Store) -> None:
    report = told(own_demo, sign=SignKind.REOPENED, note="Biển hiệu cũ sáng đèn", lon=105.7461, lat=20.9812)
    patrols.record(own_demo, POLICE, report, NOW)
    seen = patrols.covered(own_demo, POLICE, DEMO_DAY, DEMO_DAY)
    mine = seen[seen["sign_kind"] == "reopened"].iloc[0]
    assert (mine["result"], mine["sign"]) == ("sign", "Biển hiệu cũ sáng đèn")
    assert (mine.geometry.x, mine.geometry.y) == (105.7461, 20.9812)
    assert mine["name"] == first(own_demo).name or mine["hotspot_id"] == report.hotspot_id


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"note": "Gặp chị Trần Thị Hoa, 0912 345 678"}, "personal_data"),
        ({"note": "x" * 601}, "too_long"),
        ({"sign": SignKind.OTHER}, "note_missing"),
        ({"at": NOW + timedelta(hours=1)}, "future"),
        ({"at": NOW - timedelta(days=40)}, "long_ago"),
        ({"hotspot_id": "made-up"}, "unknown_hotspot"),
        ({"lon": 2.35, "lat": 48.85}, "place"),
        ({"key": "x"}, "client_key"),
    ],
)
def test_what_cannot_be_is_refused(own_demo: Store, changes: dict[str, object], code: str) -> None:
    with pytest.raises(InputError) as refused:
        patrols.record(own_demo, POLICE, told(own_demo, **changes), NOW)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_a_hotspot_of_another_ward_takes_no_patrol(own_demo: Store) -> None:
    actor = scoped(own_demo, "09886")
    own = {one.hotspot_id for one in patrols.rounds(own_demo, actor, DEMO_DAY)}
    foreign = next(
        one.hotspot_id for one in patrols.rounds(own_demo, POLICE, DEMO_DAY) if one.hotspot_id not in own
    )
    with pytest.raises(InputError) as refused:
        patrols.record(own_demo, actor, told(own_demo, hotspot_id=foreign), NOW)
    assert refused.value.code == "unknown_hotspot"


TOMORROW = DEMO_DAY + timedelta(days=1)
LEADER = Actor("lanhdao", Role.REVIEWER)
MORNING = datetime.combine(DEMO_DAY, time(8), LOCAL_ZONE)


def order(store: Store, hotspot_id: str, by: date = TOMORROW, **more: str) -> None:
    patrols.order_patrol(store, LEADER, hotspot_id, by, MORNING, **more)


def in_state(store: Store, state: HotspotState) -> Round:
    return next(one for one in patrols.rounds(store, POLICE, DEMO_DAY) if one.state is state)


def test_an_ordered_patrol_stands_first_whatever_the_state_until_one_was_recorded(own_demo: Store) -> None:
    spot = in_state(own_demo, HotspotState.ACTIVE)
    assert spot.due_on is None and first(own_demo).hotspot_id != spot.hotspot_id
    order(own_demo, spot.hotspot_id)
    asked = first(own_demo)
    assert (asked.hotspot_id, asked.ordered_for, asked.due_on) == (spot.hotspot_id, TOMORROW, TOMORROW)
    seen = hotspot_view.sheet(own_demo, LEADER, spot.hotspot_id, DEMO_DAY).patrols
    assert (seen.due, seen.ordered) == (TOMORROW, TOMORROW)

    earlier = told(own_demo, "key-before", hotspot_id=spot.hotspot_id, at=MORNING - timedelta(hours=2))
    patrols.record(own_demo, POLICE, earlier, NOW)
    assert first(own_demo).ordered_for == TOMORROW
    patrols.record(own_demo, POLICE, told(own_demo, hotspot_id=spot.hotspot_id), NOW)
    answered = patrols.one_round(own_demo, POLICE, spot.hotspot_id, DEMO_DAY)
    assert (answered.ordered_for, answered.due_on) == (None, None)
    assert patrols.ordered_for(own_demo, LEADER, spot.hotspot_id, DEMO_DAY) is None


def test_an_order_is_on_record_and_in_the_life_of_the_alert_that_asks_for_it(own_demo: Store) -> None:
    found = alerts.alerts_with_places(own_demo, LEADER, DEMO_DAY)
    alert = found[found["kind"].isin(REACTIVATION)].iloc[0]
    order(own_demo, alert["place_id"], alert_id=alert["id"])
    assert patrols.ordered_for(own_demo, LEADER, alert["place_id"], DEMO_DAY) == TOMORROW
    step = alerts.history(own_demo, LEADER, alert["id"]).iloc[-1]
    assert "25/11/2026" in step["reason"] and step["state"] == alert["state"]
    with own_demo.read(SYSTEM) as work:
        entry = work.session.scalars(select(AuditEntry).where(AuditEntry.action == "patrol.order")).one()
    assert (entry.actor, entry.subject, entry.detail["by"]) == ("lanhdao", alert["place_id"], "2026-11-25")


def test_an_order_that_cannot_be_is_refused_and_leaves_nothing(own_demo: Store) -> None:
    found = alerts.alerts_with_places(own_demo, LEADER, DEMO_DAY)
    alert = found[found["kind"].isin(REACTIVATION)].iloc[0]
    other = next(
        one.hotspot_id
        for one in patrols.rounds(own_demo, POLICE, DEMO_DAY)
        if one.hotspot_id != alert["place_id"]
    )
    for hotspot_id, by, more, code in (
        (other, DEMO_DAY - timedelta(days=1), {}, "order_day"),
        (other, DEMO_DAY + timedelta(days=90), {}, "order_day"),
        ("made-up", TOMORROW, {}, "unknown_hotspot"),
        (other, TOMORROW, {"alert_id": alert["id"]}, "unknown_alert"),
    ):
        with pytest.raises(InputError) as refused:
            order(own_demo, hotspot_id, by, **more)
        assert refused.value.code == code
    alerts.judge(
        own_demo, LEADER, alert["id"], AlertState.DISMISSED, "Báo nhầm", seen=AlertState(alert["state"])
    )
    with pytest.raises(RuleError):
        order(own_demo, alert["place_id"], alert_id=alert["id"])
    with pytest.raises(RuleError):
        patrols.order_patrol(own_demo, replace(LEADER, role=Role.INSPECTOR), other, TOMORROW, MORNING)
    assert all(one.ordered_for is None for one in patrols.rounds(own_demo, POLICE, DEMO_DAY))


def test_who_does_not_patrol_records_none(own_demo: Store) -> None:
    for role in (Role.INSPECTOR, Role.VIEWER, Role.WARD_OFFICER):
        with pytest.raises(RuleError):
            patrols.record(own_demo, replace(POLICE, role=role), told(own_demo), NOW)


def test_what_was_covered_lies_in_the_period_and_the_ground(demo: Store) -> None:
    month = DEMO_DAY - timedelta(days=30)
    everywhere = patrols.covered(demo, POLICE, month, DEMO_DAY)
    own = patrols.covered(demo, scoped(demo, "09886"), month, DEMO_DAY)
    assert 0 < len(own) < len(everywhere)
    assert everywhere["on_date"].dt.date.between(month, DEMO_DAY).all()
    assert everywhere.geometry.notna().all()
