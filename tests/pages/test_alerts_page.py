"""The inbox page: filters, groups of a place, what may be done now and what follows, notices, figures."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app.parts import alert_next
from app.parts import visit as visits
from app.parts.plan_desk import FITTED
from app.services import alerts, notices, patrols
from app.services.accounts import SYSTEM
from app.text import label
from data.store import LOCAL_ZONE, Actor, Store
from geo.detection import REACTIVATION
from geo.words import AlertKind, AlertState, HotspotState, Role
from tests.conftest import DEMO_DAY
from tests.pages import test_pages as pages
from tests.paths import ROOT


def opened(
    monkeypatch: pytest.MonkeyPatch,
    store: Store,
    actor: Actor,
    *,
    after: int = 0,
    **query: str,
) -> AppTest:
    visit = visits.Visit(store, actor, DEMO_DAY + timedelta(days=after), demo=True)
    monkeypatch.setattr(visits, "current_visit", lambda: visit)
    shown = AppTest.from_file(str(ROOT / "app" / "pages" / "alerts.py"), default_timeout=90)
    for name, value in query.items():
        shown.query_params[name] = value
    return shown.run()


ADMIN, LEADER = Actor("quantri", Role.ADMIN), Actor("lanhdao", Role.REVIEWER)


def text_of(shown: AppTest) -> str:
    parts = [*shown.markdown, *shown.caption, *shown.subheader, *shown.warning, *shown.info]
    return "\n".join(str(part.value) for part in parts)


def press(shown: AppTest, name: str) -> AppTest:
    next(button for button in shown.button if button.label == name).click()
    return shown.run()


def coming_back(store: Store) -> str:
    found = alerts.alerts_with_places(store, SYSTEM, DEMO_DAY)
    return str(found.loc[found["kind"].isin(REACTIVATION), "id"].iloc[0])


def test_the_first_alert_is_open_with_its_evidence_and_what_speaks_for_and_against(
    monkeypatch: pytest.MonkeyPatch, demo: Store
) -> None:
    shown = opened(monkeypatch, demo, LEADER)
    told = text_of(shown)
    assert "Đúng nếu" in told and "Không đúng nếu" in told
    assert "bị báo sai khoảng" in told and "tiếp nhận: hạn 25/11/2026" in told
    assert len(shown.table) == 1
    assert not shown.exception and not shown.error


def test_an_address_opens_the_alert_it_names(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    found = alerts.alerts_with_places(demo, SYSTEM, DEMO_DAY)
    late = found[found["kind"] == AlertKind.WATCH_BROKEN].iloc[0]
    shown = opened(monkeypatch, demo, LEADER, alert=late["id"])
    assert "tự khép" in text_of(shown)
    assert any("chưa có" in str(table.value) for table in shown.table)


def test_late_answers_are_red(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    told = text_of(opened(monkeypatch, demo, LEADER, after=3))
    assert ":red-badge[quá hạn tiếp nhận 2 ngày]" in told and ":red[Tiếp nhận: hạn" in told


def test_filters_narrow_the_list_and_say_when_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch, demo: Store
) -> None:
    shown = opened(monkeypatch, demo, LEADER)
    shown.multiselect(key="alerts-kinds").set_value([AlertKind.WATCH_BROKEN])
    shown.run()
    assert [one.value for one in shown.subheader if "Lê Trọng Tấn" in one.value]
    assert not [one.value for one in shown.subheader if "Văn Khê" in one.value]
    shown.session_state["alerts-filter"] = ["mine"]
    shown.run()
    assert "Không có cảnh báo nào như bộ lọc." in text_of(shown)


def test_a_confirmed_return_offers_what_may_follow_and_does_none_of_it(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    alert = coming_back(own_demo)
    assert "Ghi điểm tái hoạt động" not in {b.label for b in opened(monkeypatch, own_demo, ADMIN).button}
    alerts.judge_at_once(own_demo, ADMIN, alert, AlertState.CONFIRMED, "Tuần tra thấy lại dấu hiệu")
    shown = opened(monkeypatch, own_demo, ADMIN, alert=alert)
    buttons = {button.label: button for button in shown.button}
    assert "Ghi điểm tái hoạt động" in buttons and not buttons["Đưa vào lịch kiểm tra"].disabled
    told = text_of(shown)
    assert "không phải là căn cứ để kiểm tra lại" in told and "198/2025/QH15" in told
    leader = opened(monkeypatch, own_demo, LEADER, alert=alert)
    assert "Ghi điểm tái hoạt động" not in {button.label for button in leader.button}
    assert next(b for b in leader.button if b.label == "Đưa vào lịch kiểm tra").disabled
    found = alerts.alerts_with_places(own_demo, SYSTEM, DEMO_DAY).set_index("id")
    assert found.at[alert, "state"] == AlertState.CONFIRMED


@pytest.fixture
def went(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, str]]]:
    """The pages that a click leads to, with what their address says."""
    ways: list[tuple[str, dict[str, str]]] = []

    def go(page: Path, *, query_params: dict[str, str] | None = None) -> None:
        ways.append((page.stem, query_params or {}))

    monkeypatch.setattr(st, "switch_page", go)
    return ways


def test_what_follows_leads_to_the_form_that_is_already_filled_in(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store, went: list[tuple[str, dict[str, str]]]
) -> None:
    alert = coming_back(own_demo)
    alerts.judge_at_once(own_demo, ADMIN, alert, AlertState.CONFIRMED, "Tuần tra thấy lại dấu hiệu")
    shown = press(opened(monkeypatch, own_demo, ADMIN, alert=alert), "Ghi điểm tái hoạt động")
    page, query = went.pop()
    assert (page, query["to"]) == ("hotspots", "reactivated")
    there = pages.opened(monkeypatch, own_demo, Role.ADMIN, page, **query)
    assert not there.exception and not there.error
    field = next(one for one in there.selectbox if one.label == "Trạng thái mới")
    assert field.value == HotspotState.REACTIVATED
    assert next(one for one in there.expander if one.label == "Ghi chuyển trạng thái").proto.expanded

    # The hotspot's own page leads back to this alert and no other.
    press(there, "Mở cảnh báo")
    assert went.pop() == ("alerts", {"alert": alert})

    shown = press(opened(monkeypatch, own_demo, ADMIN, alert=alert), "Đưa vào lịch kiểm tra")
    assert went.pop() == ("plan", {})
    chosen = shown.selectbox(key=f"premises-{alert}").value
    assert shown.session_state[FITTED] == chosen
    assert shown.session_state["plan-tab"] == "Xếp thêm lượt"


def test_a_patrol_is_ordered_with_one_click_for_tomorrow(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    alert = coming_back(own_demo)
    alerts.judge_at_once(own_demo, ADMIN, alert, AlertState.CONFIRMED, "Tuần tra thấy lại dấu hiệu")
    now = datetime.combine(DEMO_DAY, time(9), LOCAL_ZONE)
    monkeypatch.setattr(alert_next, "right_now", lambda: now)
    shown = opened(monkeypatch, own_demo, LEADER, alert=alert)
    assert "Giao" in {button.label for button in shown.button}
    after = press(shown, "Lệnh tuần tra")
    assert not after.error and not after.exception
    assert "Có lệnh tuần tra trước ngày 25/11/2026" in text_of(after)
    place = alerts.alerts_with_places(own_demo, SYSTEM, DEMO_DAY).set_index("id").at[alert, "place_id"]
    assert patrols.ordered_for(own_demo, LEADER, place, DEMO_DAY) == DEMO_DAY + timedelta(days=1)
    spot = pages.opened(monkeypatch, own_demo, Role.WARD_OFFICER, "hotspots", hotspot=place)
    assert "có lệnh tuần tra trước ngày 25/11/2026" in text_of(spot)


def test_an_alert_is_given_to_somebody_on_the_page(monkeypatch: pytest.MonkeyPatch, own_demo: Store) -> None:
    alert = coming_back(own_demo)
    shown = opened(monkeypatch, own_demo, ADMIN, alert=alert)
    shown.selectbox(key=f"to-{alert}").set_value("lanhdao")
    shown.text_input(key=f"asked-{alert}").set_value("Xem lại tại chỗ")
    after = press(shown, "Giao")
    assert not after.error and not after.exception
    found = alerts.alerts_with_places(own_demo, SYSTEM, DEMO_DAY).set_index("id")
    assert found.at[alert, "assigned_to"] == "lanhdao"
    assert "giao lanhdao" in text_of(after)


def test_a_settled_alert_can_still_be_read(monkeypatch: pytest.MonkeyPatch, own_demo: Store) -> None:
    alert = coming_back(own_demo)
    alerts.judge(own_demo, LEADER, alert, AlertState.DISMISSED, "Báo nhầm", seen=AlertState.RAISED)
    shown = opened(monkeypatch, own_demo, LEADER, alert=alert)
    told = text_of(shown)
    assert "Báo nhầm" in told and label(AlertState.DISMISSED) in told
    assert f"reason-{alert}" not in {field.key for field in shown.text_input}
    # The verdict teaches how often each rule is right.
    assert any(label(AlertKind.TWO_SIGNALS) in str(table.value) for table in shown.dataframe)


def test_a_host_that_is_not_allowed_is_refused_on_the_page(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    shown = opened(monkeypatch, own_demo, LEADER)
    assert "DIABAN_NOTICE_HOSTS" in text_of(shown)
    next(one for one in shown.radio if one.label == "Cách nhận").set_value(notices.Mode.AT_ONCE)
    shown.text_input(key="notice-target-0").set_value("https://a:b@evil.example/x")
    after = press(shown, "Lưu cách nhận")
    assert any("danh sách được phép" in error.value for error in after.error)
    assert notices.choice(own_demo, LEADER).mode is notices.Mode.OFF


def test_who_may_not_judge_reads_only(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    shown = opened(monkeypatch, demo, Actor("kiemtra", Role.INSPECTOR))
    names = {button.label for button in shown.button}
    assert not names & {"Tiếp nhận", "Giao", "Rà soát ngay"}
    assert shown.table
