"""The commands of the watch: scan, alert, notify, backtest alerts, each with its JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.services import alerts, notices
from app.services.accounts import SYSTEM
from app.services.notices import Mode
from data.store import Actor, Store
from geo.detection import REACTIVATION
from geo.words import AlertState, Role
from tests.conftest import DEMO_DAY
from tests.services.notice_server import listening
from tests.services.test_command_line import Terminal


@pytest.fixture
def terminal(own_demo_settings: Any, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(own_demo_settings.url(), capsys)


def coming_back(store: Store) -> str:
    found = alerts.alerts_with_places(store, SYSTEM, DEMO_DAY)
    return str(found.loc[found["kind"].isin(REACTIVATION), "id"].iloc[0])


def test_a_scan_of_the_same_day_keeps_what_the_demonstration_raised(
    terminal: Terminal, own_demo: Store
) -> None:
    done = terminal.done("scan")
    assert set(done) == {"as_of", "raised", "kept", "closed"}
    assert done["raised"] == [] and coming_back(own_demo) in {alert["id"] for alert in done["kept"]}
    assert all(alert["id"] and alert["place"] for alert in done["kept"])


def test_a_verdict_is_given_at_the_command_line_with_both_steps_on_record(
    terminal: Terminal, own_demo: Store
) -> None:
    alert = coming_back(own_demo)
    done = terminal.done("alert", alert, "--verdict", "confirmed", "--reason", "Tuần tra thấy lại dấu hiệu")
    assert (done["id"], done["state"]) == (alert, "confirmed")
    life = list(alerts.history(own_demo, SYSTEM, alert)["state"])
    assert life == ["raised", "acknowledged", "confirmed"]
    paper = ["--document", "15/BC"]
    assert terminal.done("alert", alert, "--verdict", "closed", "--reason", "Xong", *paper)["state"] == "closed"


@pytest.mark.parametrize(
    ("verdict", "state"),
    [("false_alarm", AlertState.DISMISSED), ("cannot_tell", AlertState.UNCLEAR)],
)
def test_verdicts_have_plain_names(
    terminal: Terminal, own_demo: Store, verdict: str, state: AlertState
) -> None:
    done = terminal.done("alert", coming_back(own_demo), "--verdict", verdict, "--reason", "Đã xem tại chỗ")
    assert done["state"] == state


def test_a_wrong_verdict_alert_or_reason_is_refused_in_words(terminal: Terminal, own_demo: Store) -> None:
    alert = coming_back(own_demo)
    for arguments, code in (
        ((alert, "--verdict", "maybe", "--reason", "x"), "unknown_verdict"),
        ((alert, "--verdict", "confirmed", "--reason", ""), "reason_missing"),
        (("nothing", "--verdict", "confirmed", "--reason", "x"), "unknown_alert"),
        ((alert, "--verdict", "dismissed", "--reason", " "), "reason_missing"),
        ((alert, "--verdict", "closed", "--reason", "x"), "verdict_refused"),
        ((alert, "--verdict", "confirmed"), "usage"),
    ):
        exit_code, document, _err = terminal.run("alert", *arguments)
        assert (exit_code, document["error"]["code"]) == (2, code)
    assert list(alerts.history(own_demo, SYSTEM, alert)["state"]) == ["raised"]


def test_notify_sends_what_waits(
    terminal: Terminal, own_demo: Store, own_demo_settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIABAN_NOTICE_HOSTS", "127.0.0.1")
    leader = Actor("lanhdao", Role.REVIEWER)
    with listening() as hook:
        allowed = own_demo_settings.model_copy(update={"notice_hosts": "127.0.0.1"})
        notices.choose(own_demo, leader, Mode.AT_ONCE, hook.url(), allowed)
        assert terminal.done("notify") == {"sent": 0, "failed": 0, "waiting": 0, "problems": []}
        alerts.assign(own_demo, SYSTEM, coming_back(own_demo), "lanhdao", seen=AlertState.RAISED)
        assert terminal.done("notify")["sent"] == 1
        assert terminal.done("notify")["sent"] == 0
    assert len(hook.received) == 1


def test_backtest_alerts_measures_each_series_and_all_together(terminal: Terminal, tmp_path: Path) -> None:
    counts = [0, 1, 0, 0, 1, 0] * 20 + [6, 7, 8] + [0] * 9
    rows = [f"a,{week},{count},{int(count > 5)}" for week, count in enumerate(counts)]
    file = tmp_path / "series.csv"
    file.write_text("series,week,count,outbreak\n" + "\n".join(rows), encoding="utf-8")
    done = terminal.done("backtest", "alerts", "--series", str(file))
    assert set(done) == {"series", "overall", "detector"}
    measures = {"sensitivity", "specificity", "lag_weeks", "false_alarms_per_year"}
    assert set(done["series"][0]) == measures | {"series"}
    assert set(done["overall"]) == measures | {"f1"}
    assert done["overall"]["sensitivity"] > 0.5 and set(done["detector"]) == {"name", "version"}
