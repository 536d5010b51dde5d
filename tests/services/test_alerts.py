"""Alerts: what the scan raises, and what people decide about them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.services import alerts, hotspots
from data.store import Actor, Store
from geo.detection import REACTIVATION
from geo.errors import ConflictError, RuleError
from geo.words import AlertState, HotspotState, Role
from tests.conftest import DEMO_DAY

OFFICER = Actor("canbo", Role.WARD_OFFICER)


def open_alert(store: Store) -> str:
    found = alerts.alerts_with_places(store, OFFICER, DEMO_DAY)
    return str(found.loc[found["open"], "id"].iloc[0])


def come_back(store: Store, place: str, seen: HotspotState | None = None) -> None:
    hotspots.change_state(
        store,
        OFFICER,
        place,
        HotspotState.REACTIVATED,
        on_date=DEMO_DAY,
        reason="Tổ xác minh kết luận hoạt động trở lại",
        document="(giả định) 12/BC",
        seen=seen,
    )


def test_the_demonstration_has_one_place_that_is_coming_back_and_it_stands_first(demo: Store) -> None:
    found = alerts.alerts_with_places(demo, OFFICER, DEMO_DAY)
    coming_back = found[found["kind"].isin(REACTIVATION)]
    assert coming_back["place_id"].nunique() == len(coming_back) == 1
    assert "Văn Khê" in found["name"].iloc[0]
    assert (found["state"] == AlertState.RAISED).all()


def test_a_second_scan_of_the_same_day_raises_nothing(own_demo: Store) -> None:
    first = alerts.scan(own_demo, OFFICER, DEMO_DAY)
    assert first["raised"] == []
    assert first["kept"]
    assert alerts.scan(own_demo, OFFICER, DEMO_DAY) == first


def test_an_acknowledged_alert_stays_acknowledged_after_the_next_scan(own_demo: Store) -> None:
    alert = open_alert(own_demo)
    alerts.judge(own_demo, OFFICER, alert, AlertState.ACKNOWLEDGED, "", seen=AlertState.RAISED)
    alerts.scan(own_demo, OFFICER, DEMO_DAY + timedelta(days=1))
    found = alerts.alerts_with_places(own_demo, OFFICER, DEMO_DAY + timedelta(days=1)).set_index("id")
    assert found.at[alert, "state"] == AlertState.ACKNOWLEDGED


def test_two_people_do_not_overwrite_each_others_verdict(own_demo: Store) -> None:
    alert = open_alert(own_demo)
    alerts.judge(own_demo, OFFICER, alert, AlertState.ACKNOWLEDGED, "", seen=AlertState.RAISED)
    with pytest.raises(RuleError, match="canbo"):
        alerts.judge(own_demo, OFFICER, alert, AlertState.DISMISSED, "nhầm", seen=AlertState.RAISED)


def test_a_verdict_needs_a_reason_and_the_reason_names_no_person(own_demo: Store) -> None:
    alert = open_alert(own_demo)
    with pytest.raises(RuleError, match="lý do"):
        alerts.judge(own_demo, OFFICER, alert, AlertState.DISMISSED, "  ", seen=AlertState.RAISED)
    with pytest.raises(RuleError, match="số điện thoại"):
        alerts.judge(own_demo, OFFICER, alert, AlertState.DISMISSED, "gọi 0912 345 678", seen=AlertState.RAISED)


def test_a_viewer_neither_sees_nor_judges_alerts(own_demo: Store) -> None:
    viewer = Actor("xem", Role.VIEWER)
    with pytest.raises(RuleError):
        alerts.alerts_with_places(own_demo, viewer, DEMO_DAY)
    with pytest.raises(RuleError):
        alerts.judge(
            own_demo, viewer, open_alert(own_demo), AlertState.ACKNOWLEDGED, "", seen=AlertState.RAISED
        )


def test_an_alert_closes_once_a_person_has_decided_that_the_place_is_back(own_demo: Store) -> None:
    alert = open_alert(own_demo)
    found = alerts.alerts_with_places(own_demo, OFFICER, DEMO_DAY).set_index("id")
    come_back(own_demo, str(found.at[alert, "place_id"]))
    last = alerts.history(own_demo, OFFICER, alert).iloc[-1]
    assert (last["state"], last["recorded_by"]) == (AlertState.CLOSED, "canbo")
    assert last["reason"] == "Tổ xác minh kết luận hoạt động trở lại"
    assert alerts.scan(own_demo, OFFICER, DEMO_DAY)["raised"] == []


def test_what_a_scan_closes_is_not_recorded_in_the_name_of_who_asked_for_it(
    own_demo: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = open_alert(own_demo)
    # A decision from before alerts were closed at once.
    monkeypatch.setattr(hotspots, "close_answered", lambda work, place_id, reason: None)
    found = alerts.alerts_with_places(own_demo, OFFICER, DEMO_DAY).set_index("id")
    come_back(own_demo, str(found.at[alert, "place_id"]))
    done = alerts.scan(own_demo, OFFICER, DEMO_DAY)
    assert alert in {row["id"] for row in done["closed"]}
    assert all(row["why"] for row in done["closed"])
    assert alerts.history(own_demo, OFFICER, alert)["recorded_by"].iloc[-1] == "system"


def test_a_transition_over_somebody_elses_is_refused_and_says_which(own_demo: Store) -> None:
    found = alerts.alerts_with_places(own_demo, OFFICER, DEMO_DAY)
    place = str(found["place_id"].iloc[0])
    seen = HotspotState(hotspots.overview(own_demo, OFFICER, DEMO_DAY).set_index("id").at[place, "state"])
    come_back(own_demo, place, seen)
    with pytest.raises(ConflictError, match="trước bạn"):
        come_back(own_demo, place, seen)


def test_saving_over_somebody_elses_change_is_refused_and_says_what_changed(own_demo: Store) -> None:
    spot = hotspots.overview(own_demo, OFFICER, DEMO_DAY).iloc[0]
    seen = hotspots.WatchSettings(
        float(spot["catchment_m"]), int(spot["watch_months"]), int(spot["patrol_every_days"])
    )
    wider = hotspots.WatchSettings(seen.catchment_m + 55, seen.watch_months, seen.patrol_every_days)
    longer = hotspots.WatchSettings(seen.catchment_m, seen.watch_months + 6, seen.patrol_every_days)
    version = int(spot["version"])
    hotspots.change_watch(own_demo, OFFICER, spot["id"], wider, seen=seen, version=version)
    with pytest.raises(ConflictError, match=f"{seen.catchment_m} → {wider.catchment_m}"):
        hotspots.change_watch(own_demo, OFFICER, spot["id"], longer, seen=seen, version=version)
    kept = hotspots.overview(own_demo, OFFICER, DEMO_DAY).set_index("id").loc[spot["id"]]
    assert (kept["catchment_m"], kept["watch_months"]) == (wider.catchment_m, seen.watch_months)


def test_a_hotspot_cannot_skip_a_state(own_demo: Store) -> None:
    found = hotspots.overview(own_demo, OFFICER, DEMO_DAY)
    active = found[found["state"] == HotspotState.ACTIVE].iloc[0]
    with pytest.raises(RuleError):
        hotspots.change_state(
            own_demo,
            OFFICER,
            active["id"],
            HotspotState.CLEARED,
            on_date=date(2026, 11, 24),
            reason="x",
            document=None,
        )
