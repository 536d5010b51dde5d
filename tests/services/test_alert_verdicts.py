"""What people do with an alert: take it up, hand it on, judge it, close it; and what the verdicts teach."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.services import accounts, alerts
from app.services.accounts import SYSTEM
from app.services.alert_next import premises_there
from app.services.alert_precision import rule_precision
from data.store import Actor, Store
from geo.alert_times import Stage
from geo.detection import REACTIVATION
from geo.errors import InputError, RuleError
from geo.words import AlertKind, AlertState, Role
from tests.conftest import DEMO_DAY

LEADER = Actor("lanhdao", Role.REVIEWER)


def coming_back(store: Store) -> str:
    found = alerts.alerts_with_places(store, SYSTEM, DEMO_DAY)
    return str(found.loc[found["kind"].isin(REACTIVATION), "id"].iloc[0])


def state_of(store: Store, alert: str) -> AlertState:
    found = alerts.alerts_with_places(store, SYSTEM, DEMO_DAY).set_index("id")
    return AlertState(found.at[alert, "state"])


def account(store: Store, name: str) -> Actor:
    return accounts.named_actor(store, name)


def test_whoever_takes_an_alert_up_has_it_unless_it_was_given_to_somebody(own_demo: Store) -> None:
    alert = coming_back(own_demo)
    alerts.judge(own_demo, LEADER, alert, AlertState.ACKNOWLEDGED, "", seen=AlertState.RAISED)
    mine = alerts.alerts_with_places(own_demo, LEADER, DEMO_DAY).set_index("id").loc[alert]
    assert (mine["assigned_to"], bool(mine["mine"])) == ("lanhdao", True)
    alerts.assign(own_demo, LEADER, alert, "quantri", seen=AlertState.ACKNOWLEDGED, reason="Đi xem lại")
    given = alerts.alerts_with_places(own_demo, LEADER, DEMO_DAY).set_index("id").loc[alert]
    assert (given["assigned_to"], bool(given["mine"]), given["state"]) == ("quantri", False, "acknowledged")
    last = alerts.history(own_demo, LEADER, alert).iloc[-1]
    assert (last["assigned_to"], last["reason"], last["recorded_by"]) == ("quantri", "Đi xem lại", "lanhdao")


def test_an_alert_given_to_somebody_stays_theirs_when_another_acknowledges_it(own_demo: Store) -> None:
    alert = coming_back(own_demo)
    alerts.assign(own_demo, LEADER, alert, "quantri", seen=AlertState.RAISED)
    alerts.judge(own_demo, LEADER, alert, AlertState.ACKNOWLEDGED, "", seen=AlertState.RAISED)
    found = alerts.alerts_with_places(own_demo, LEADER, DEMO_DAY).set_index("id")
    assert found.at[alert, "assigned_to"] == "quantri"


def test_an_alert_is_given_only_to_who_may_judge_it_and_whose_ground_holds_its_place(own_demo: Store) -> None:
    alert = coming_back(own_demo)
    able = alerts.assignable(own_demo, LEADER, alert, DEMO_DAY)
    assert {"quantri", "lanhdao"} <= set(able)
    assert "nguoixem" not in able and "lichkiemtra" not in able
    seen = {
        name
        for name in ("canbo-kienhung", "congan-duongnoi")
        if alert in set(alerts.alerts_with_places(own_demo, account(own_demo, name), DEMO_DAY)["id"])
    }
    assert {name for name in able if name in ("canbo-kienhung", "congan-duongnoi")} == seen
    for stranger in {"nguoixem", "canbo-kienhung", "không-có"} - set(able):
        with pytest.raises(RuleError, match="không phụ trách"):
            alerts.assign(own_demo, LEADER, alert, stranger, seen=AlertState.RAISED)


def test_another_wards_alert_is_neither_judged_nor_read(own_demo: Store) -> None:
    officer = account(own_demo, "canbo-kienhung")
    own = set(alerts.alerts_with_places(own_demo, officer, DEMO_DAY)["id"])
    everything = alerts.alerts_with_places(own_demo, SYSTEM, DEMO_DAY)["id"]
    foreign = next(alert for alert in everything if alert not in own)
    with pytest.raises(InputError, match="Không có cảnh báo"):
        alerts.judge(own_demo, officer, foreign, AlertState.ACKNOWLEDGED, "", seen=AlertState.RAISED)
    with pytest.raises(InputError):
        alerts.assign(own_demo, officer, foreign, "quantri", seen=AlertState.RAISED)
    assert alerts.history(own_demo, officer, foreign).empty
    assert premises_there(own_demo, officer, foreign, DEMO_DAY).empty


def test_the_way_of_an_alert_from_new_to_closed_with_its_paper(own_demo: Store) -> None:
    alert = coming_back(own_demo)
    steps = (
        (AlertState.ACKNOWLEDGED, ""),
        (AlertState.UNCLEAR, "Chưa vào được cơ sở"),
        (AlertState.CONFIRMED, "Tuần tra thấy lại dấu hiệu"),
        (AlertState.CLOSED, "Đã lập kế hoạch triệt xóa"),
    )
    seen = AlertState.RAISED
    for verdict, reason in steps:
        alerts.judge(own_demo, LEADER, alert, verdict, reason, seen=seen, document="15/BC-UBND")
        seen = verdict
    life = alerts.history(own_demo, LEADER, alert)
    assert list(life["state"]) == ["raised", *(verdict.value for verdict, _reason in steps)]
    assert life["document"].iloc[-1] == "15/BC-UBND"
    found = alerts.alerts_with_places(own_demo, SYSTEM, DEMO_DAY).set_index("id").loc[alert]
    assert not found["open"]


@pytest.mark.parametrize("verdict", [AlertState.CONFIRMED, AlertState.UNCLEAR, AlertState.CLOSED])
def test_a_new_alert_is_taken_up_before_it_is_judged(own_demo: Store, verdict: AlertState) -> None:
    with pytest.raises(RuleError):
        alerts.judge(own_demo, LEADER, coming_back(own_demo), verdict, "x", seen=AlertState.RAISED)


def test_nobody_gives_away_what_is_at_an_end_or_has_changed_meanwhile(own_demo: Store) -> None:
    alert = coming_back(own_demo)
    with pytest.raises(RuleError, match="trước bạn"):
        alerts.assign(own_demo, LEADER, alert, "quantri", seen=AlertState.ACKNOWLEDGED)
    alerts.judge(own_demo, LEADER, alert, AlertState.DISMISSED, "Báo nhầm", seen=AlertState.RAISED)
    with pytest.raises(RuleError, match="đã khép"):
        alerts.assign(own_demo, LEADER, alert, "quantri", seen=AlertState.DISMISSED)


def test_reasons_papers_and_requests_name_no_person(own_demo: Store) -> None:
    alert, phone = coming_back(own_demo), "gọi 0912 345 678"
    with pytest.raises(RuleError, match="số điện thoại"):
        alerts.assign(own_demo, LEADER, alert, "quantri", seen=AlertState.RAISED, reason=phone)
    with pytest.raises(RuleError, match="số điện thoại"):
        alerts.judge(
            own_demo, LEADER, alert, AlertState.DISMISSED, "Nhầm", seen=AlertState.RAISED, document=phone
        )


def test_only_the_alerts_about_a_return_are_closed_when_the_place_is_declared_back(own_demo: Store) -> None:
    found = alerts.alerts_with_places(own_demo, SYSTEM, DEMO_DAY).set_index("kind")
    overdue = found.loc[AlertKind.WATCH_BROKEN]
    with own_demo.write(LEADER) as work:
        alerts.close_answered(work, overdue["place_id"], "Đã quyết định")
    assert state_of(own_demo, overdue["id"]) is AlertState.RAISED


def test_premises_at_a_place_say_which_were_checked_this_year(own_demo: Store) -> None:
    there = premises_there(own_demo, LEADER, coming_back(own_demo), DEMO_DAY)
    assert len(there) >= 2
    checked = there["checked_on"].dropna()
    assert (checked.dt.year == DEMO_DAY.year).all()


def test_an_answer_is_measured_from_the_day_the_alert_was_raised(own_demo: Store) -> None:
    alert = coming_back(own_demo)
    later = alerts.alerts_with_places(own_demo, SYSTEM, DEMO_DAY + timedelta(days=2)).set_index("id").loc[alert]
    assert later["late"] and later["response"].waiting is Stage.ACKNOWLEDGE
    assert not alerts.alerts_with_places(own_demo, SYSTEM, DEMO_DAY)["late"].any()


def test_the_verdicts_say_how_often_each_rule_that_spoke_was_right(own_demo: Store) -> None:
    alert = coming_back(own_demo)
    assert rule_precision(own_demo, LEADER, DEMO_DAY) == []
    alerts.judge_at_once(own_demo, LEADER, alert, AlertState.CONFIRMED, "Tuần tra thấy lại dấu hiệu")
    overall = {one.rule: one for one in rule_precision(own_demo, LEADER, DEMO_DAY) if one.quarter is None}
    assert set(overall) == REACTIVATION
    assert all((one.confirmed, one.false) == (1, 0) for one in overall.values())
