"""The page of the log: who watches over the work finds out who did what, and whether anything is missing."""

from __future__ import annotations

import pytest

from app.services import audit
from data.store import Actor, Store
from geo.words import Role
from tests.pages.test_pages import opened

CANARY = "<img src=x onerror=alert(1)>"


def test_the_auditor_reads_filters_and_checks_the_log(monkeypatch: pytest.MonkeyPatch, own_demo: Store) -> None:
    with own_demo.write(Actor(CANARY, Role.PLANNER, origin="web 10.0.0.7")) as work:
        work.note("plan.approve", CANARY, document="4/KH")
    shown = opened(monkeypatch, own_demo, Role.AUDITOR, "audit")
    assert not shown.exception and not shown.error
    table = shown.dataframe[0].value
    assert {"Số", "Thời điểm", "Ai", "Từ đâu", "Việc", "Đối tượng"} <= set(table.columns)
    assert "Duyệt lịch" in set(table["Việc"]) and "web 10.0.0.7" in set(table["Từ đâu"])
    # What came from outside stands in cells, never in text that a browser reads as a page.
    assert not any(CANARY in one.value for one in (*shown.markdown, *shown.caption))
    who = next(one for one in shown.multiselect if one.label == "Ai")
    who.select(CANARY)
    shown.run()
    assert set(shown.dataframe[0].value["Ai"]) == {CANARY}
    next(one for one in shown.button if one.label == "Kiểm tra nguyên vẹn").click()
    shown.run()
    assert any("nguyên vẹn" in one.value for one in shown.success)


def test_the_month_of_spared_visits_is_a_view_of_the_page(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    shown = opened(monkeypatch, demo, Role.AUDITOR, "audit")
    shown.session_state["audit-view"] = "spared"
    shown.run()
    assert not shown.exception and not shown.error
    assert shown.selectbox or shown.info


def test_who_may_not_read_the_log_is_told_so_and_sees_nothing(
    monkeypatch: pytest.MonkeyPatch, demo: Store
) -> None:
    shown = opened(monkeypatch, demo, Role.PLANNER, "audit")
    assert shown.error and not shown.dataframe


def test_reading_the_log_is_noted(monkeypatch: pytest.MonkeyPatch, own_demo: Store) -> None:
    audit._seen.clear()
    opened(monkeypatch, own_demo, Role.AUDITOR, "audit")
    again = opened(monkeypatch, own_demo, Role.AUDITOR, "audit")
    assert list(again.dataframe[0].value["Việc"]).count("Xem nhật ký") == 1
