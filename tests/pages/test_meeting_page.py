"""The meeting on the projector and the task page: screens, keys' buttons, codes, decisions, filters."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from app.parts import visit as visits
from app.services import meeting, tasks
from app.services.accounts import SYSTEM
from data.repositories import places
from data.store import Actor, Store
from data.tables import AuditEntry
from geo.review_words import TaskState
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.paths import ROOT

LEADER = Actor("lanhdao", Role.REVIEWER)
SCREENS = [
    "Thay đổi từ lần trước",
    "Bản đồ",
    "Ba rủi ro, ba việc đã làm",
    "Cơ sở cần bàn",
    "Dải giáp ranh với phường bạn",
    "Cảnh báo, tin quá hạn",
    "Chỉ tiêu",
    "Kết luận",
]


def opened(monkeypatch: pytest.MonkeyPatch, store: Store, actor: Actor, page: str = "meeting") -> AppTest:
    visit = visits.Visit(store, actor, DEMO_DAY, demo=True)
    monkeypatch.setattr(visits, "current_visit", lambda: visit)
    return AppTest.from_file(str(ROOT / "app" / "pages" / f"{page}.py"), default_timeout=90).run()


def told(shown: AppTest) -> str:
    assert not shown.exception and not shown.error
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", one.proto.body) for one in shown.get("html"))


def press(shown: AppTest, name: str) -> AppTest:
    next(button for button in shown.button if button.label == name).click()
    return shown.run()


def started(monkeypatch: pytest.MonkeyPatch, store: Store, actor: Actor, step: int = 0) -> AppTest:
    shown = press(opened(monkeypatch, store, actor), "Bắt đầu họp")
    if step:
        shown.session_state["meeting-step"] = step
        shown.run()
    return shown


def officer(store: Store) -> Actor:
    with store.read(SYSTEM) as work:
        units = places.units_on(work, DEMO_DAY)
    return Actor("canbo", Role.WARD_OFFICER, frozenset(units.loc[units["code"] == "09552", "id"]))


def test_the_meeting_goes_screen_by_screen_and_back(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    shown = started(monkeypatch, demo, LEADER)
    for number, title in enumerate(SCREENS, start=1):
        text = told(shown)
        assert title in text and f"{number}/8" in text and "Phường Kiến Hưng" in text
        forward = next(button for button in shown.button if button.label == "Tiếp")
        assert forward.disabled == (number == len(SCREENS))
        shown = shown if forward.disabled else press(shown, "Tiếp")
    assert "7/8" in told(press(shown, "Lùi"))
    shown = press(shown, "Kết thúc trình chiếu")
    assert [one.value for one in shown.title] == ["Họp rà soát địa bàn"]


def test_an_officer_may_choose_only_the_own_ward(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    choice = opened(monkeypatch, demo, officer(demo)).selectbox(key="meeting-choose-unit")
    assert choice.options == ["Phường Kiến Hưng"]
    assert "Toàn địa bàn" in opened(monkeypatch, demo, LEADER).selectbox(key="meeting-choose-unit").options


def test_names_stand_on_the_screen_only_while_a_leader_reveals_them(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    with own_demo.read(SYSTEM) as work:
        names = set(places.premises_on(work, DEMO_DAY)["name"])
    shown = started(monkeypatch, own_demo, LEADER, 3)
    assert "CS-" in told(shown) and not [name for name in names if name in told(shown)]
    shown = press(shown, "Hiện tên cơ sở (được ghi nhật ký)")
    assert [name for name in names if name in told(shown)]
    with own_demo.read(SYSTEM) as work:
        assert work.session.scalars(select(AuditEntry).where(AuditEntry.action == "meeting.reveal")).first()
    back = press(press(shown, "Tiếp"), "Lùi")
    assert "CS-" in told(back) and not [name for name in names if name in told(back)]


def test_who_does_not_lead_is_offered_neither_names_nor_decisions(
    monkeypatch: pytest.MonkeyPatch, demo: Store
) -> None:
    inspector = Actor("kiemtra", Role.INSPECTOR)
    shown = started(monkeypatch, demo, inspector, 3)
    labels = {one.label for one in shown.button}
    shown.session_state["meeting-step"] = 7
    labels |= {one.label for one in shown.run().button}
    assert not labels & {"Hiện tên cơ sở (được ghi nhật ký)", "Xong", "Ghi kết luận"}


def test_a_decision_that_names_a_person_is_refused_a_better_one_recorded_and_finished(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    shown = started(monkeypatch, own_demo, LEADER, 7)
    before = [one.key for one in shown.button if one.label == "Xong"]

    def title() -> TextInput:
        return next(one for one in shown.text_input if one.label == "Kết luận mới")

    title().set_value("Gặp anh Tuấn 0912345678")
    next(one for one in shown.selectbox if one.label.startswith("Đơn vị")).set_value("Công an phường")
    shown = press(shown, "Ghi kết luận")
    assert any("chỉ ghi về địa điểm" in error.value for error in shown.error)
    assert title().value == "Gặp anh Tuấn 0912345678"
    title().set_value("Treo biển <b>cấm</b> & đèn")
    shown = press(shown, "Ghi kết luận")
    bodies = " ".join(one.proto.body for one in shown.get("html"))
    assert "Treo biển &lt;b&gt;cấm&lt;/b&gt; &amp; đèn" in bodies and "<b>cấm" not in bodies
    (key,) = {one.key for one in shown.button if one.label == "Xong"} - set(before)
    shown.button(key=key).click()
    assert "[đã xong]" in told(shown.run())
    ward = next(iter(meeting.reviewable(own_demo, LEADER, DEMO_DAY)))
    held = meeting.meetings_of(own_demo, LEADER, ward, as_of=DEMO_DAY)[0]
    assert (held.held_on, held.decisions) == (DEMO_DAY, 1)


def test_the_map_of_the_meeting_moves_through_the_months(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    shown = started(monkeypatch, demo, LEADER, 1)
    shown.session_state["meeting-month"] = date(2026, 6, 30)
    shown.run()
    assert not shown.exception and not shown.error
    assert any("chỉ có của hôm nay" in one.value for one in shown.caption)


def test_tasks_are_filtered_and_a_missing_explanation_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    shown = opened(monkeypatch, own_demo, LEADER, "tasks")
    assert not shown.exception and not shown.error
    states = list(shown.dataframe[0].value["Tình trạng"])
    assert states[0].startswith("quá hạn") and "đã xong" not in states
    assert any("chưa có báo cáo giải trình" in one.value for one in shown.markdown)
    shown = press(shown, "Giao báo cáo giải trình")
    assert not shown.error and not any("chưa có báo cáo giải trình" in one.value for one in shown.markdown)
    assert not tasks.missing_explanations(own_demo, LEADER, DEMO_DAY)
    shown.session_state["tasks-filter"] = ["late"]
    shown.run()
    assert all(one.startswith("quá hạn") for one in shown.dataframe[0].value["Tình trạng"])


def test_a_new_task_begins_with_the_usual_words_of_its_kind(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    shown = opened(monkeypatch, own_demo, LEADER, "tasks")
    before = len(tasks.tasks_of(own_demo, LEADER, as_of=DEMO_DAY))
    owner = next(one for one in shown.text_input if one.label.startswith("Đơn vị hoặc chức danh"))
    assert owner.value == "UBND phường"
    shown = press(shown, "Ghi nhiệm vụ")
    assert not shown.error and not shown.exception
    found = tasks.tasks_of(own_demo, LEADER, as_of=DEMO_DAY)
    assert len(found) == before + 1
    assert any(one.given_on == DEMO_DAY and one.state is TaskState.OPEN for one in found)
