"""The page Nguồn tin: the question of rule 7 first, taking in, the inbox, one signal and its steps."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from app.parts import visit as visits
from app.services import signals
from app.services.signal_handovers import send
from data.store import Actor, Store
from data.tables import PoliceHandover, Signal
from geo.words import Role, SignalState
from tests.conftest import DEMO_DAY
from tests.pages.test_pages import opened
from tests.services.signal_world import DAY, DESK, HERE, taken, wards

__all__ = ["wards"]


def texts(shown: AppTest) -> str:
    kinds = (shown.markdown, shown.error, shown.info, shown.success, shown.warning, shown.caption)
    return "\n".join(one.value for kind in kinds for one in kind)


def press(shown: AppTest, words: str) -> AppTest:
    next(button for button in shown.button if button.label == words).click()
    after = shown.run()
    assert not after.exception
    return after


def intake(monkeypatch: pytest.MonkeyPatch, store: Store, answer: str) -> AppTest:
    shown = opened(monkeypatch, store, Role.WARD_OFFICER, "signals")
    shown.button_group(key="signals-view").set_value("take").run()
    danger = next(one for one in shown.button_group if one.key and one.key.endswith("-danger"))
    shown = danger.set_value(answer).run()
    assert not shown.exception
    return shown


def field(shown: AppTest, kind: str, name: str) -> object:
    return next(one for one in getattr(shown, kind) if one.key and one.key.endswith(f"-{name}"))


def rows(store: Store, table: type) -> int:
    with store.read(DESK) as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def test_before_the_first_answer_nothing_can_be_written_down(
    monkeypatch: pytest.MonkeyPatch, wards: Store
) -> None:
    shown = opened(monkeypatch, wards, Role.WARD_OFFICER, "signals")
    shown.button_group(key="signals-view").set_value("take").run()
    assert "có người dưới 18 tuổi" in texts(shown)
    assert not shown.text_area
    assert "Tiếp nhận" not in {button.label for button in shown.button}


def test_a_danger_leads_to_the_police_and_to_nothing_else(
    monkeypatch: pytest.MonkeyPatch, wards: Store
) -> None:
    shown = intake(monkeypatch, wards, "yes")
    assert "113" in texts(shown)
    assert not shown.text_area
    field(shown, "text_input", "police-receipt").set_value("7/BN")  # type: ignore[attr-defined]
    shown = press(shown, "Đã chuyển công an")
    assert "chuyển công an" in texts(shown)
    assert (rows(wards, Signal), rows(wards, PoliceHandover)) == (0, 1)


def test_a_form_without_a_place_says_how_to_give_one_and_keeps_what_was_typed(
    monkeypatch: pytest.MonkeyPatch, wards: Store
) -> None:
    shown = intake(monkeypatch, wards, "no")
    field(shown, "text_area", "text").set_value("Đèn sáng khuya")  # type: ignore[attr-defined]
    shown = press(shown, "Tiếp nhận")
    assert "chưa có vị trí" in texts(shown)
    assert field(shown, "text_area", "text").value == "Đèn sáng khuya"  # type: ignore[attr-defined]
    assert rows(wards, Signal) == 0


def test_a_signal_is_taken_in_by_its_premises_and_the_next_form_is_empty(
    monkeypatch: pytest.MonkeyPatch, wards: Store
) -> None:
    shown = intake(monkeypatch, wards, "no")
    field(shown, "text_area", "text").set_value("Đèn sáng khuya")  # type: ignore[attr-defined]
    shown = field(shown, "button_group", "way").set_value("premises").run()  # type: ignore[attr-defined]
    shown = field(shown, "text_input", "find").set_value("hoa sen").run()  # type: ignore[attr-defined]
    shown = field(shown, "radio", "premises").set_value("p1").run()  # type: ignore[attr-defined]
    shown = press(shown, "Tiếp nhận")
    assert "Đã tiếp nhận nguồn tin." in texts(shown)
    assert not shown.text_area
    assert rows(wards, Signal) == 1


def test_a_criminal_report_asks_for_the_receipt_and_for_no_text(
    monkeypatch: pytest.MonkeyPatch, wards: Store
) -> None:
    shown = intake(monkeypatch, wards, "no")
    shown = field(shown, "selectbox", "kind").select_index(0).run()  # type: ignore[attr-defined]
    assert not shown.text_area
    assert "không được lưu" in texts(shown)
    field(shown, "text_input", "receipt").set_value("9/BN")  # type: ignore[attr-defined]
    press(shown, "Tiếp nhận")
    assert rows(wards, Signal) == 1


def test_a_signal_is_opened_verified_and_its_history_told(
    monkeypatch: pytest.MonkeyPatch, wards: Store
) -> None:
    own = taken(wards, on_date=DEMO_DAY, text="Biển <b>hiệu</b> *sáng*")
    shown = opened(monkeypatch, wards, Role.WARD_OFFICER, "signals", signal=own)
    assert "Biển \\<b\\>hiệu" in texts(shown)
    key = f"step-{own}-1"
    shown = shown.selectbox(key=f"{key}-to").set_value(SignalState.UNFOUNDED).run()
    shown = press(shown, "Ghi")
    assert "Cần ghi kết quả xác minh." in texts(shown)
    shown.text_area(key=f"{key}-result").set_value("Đã xem, không có dấu hiệu")
    shown = press(shown, "Ghi")
    assert "không có căn cứ" in texts(shown)
    assert "đã tiếp nhận → xác minh, không có căn cứ" in texts(shown)


def test_an_address_of_another_wards_signal_opens_nothing(
    monkeypatch: pytest.MonkeyPatch, wards: Store
) -> None:
    own = taken(wards, text="Chuyện riêng của phường")
    there = visits.Visit(wards, Actor("kia", Role.WARD_OFFICER, frozenset({"u2"})), DAY, demo=False)
    shown = opened(monkeypatch, wards, Role.WARD_OFFICER, "signals")
    monkeypatch.setattr(visits, "current_visit", lambda: there)
    shown.query_params["signal"] = own
    shown = shown.run()
    assert "Không có nguồn tin này" in texts(shown)
    assert "Chuyện riêng" not in texts(shown)


def test_a_reader_is_offered_no_step_and_no_form(monkeypatch: pytest.MonkeyPatch, wards: Store) -> None:
    own = taken(wards)
    shown = opened(monkeypatch, wards, Role.REVIEWER, "signals", signal=own)
    assert {button.label for button in shown.button} == {"Về danh sách"}


def test_the_list_shows_what_is_late_first_and_counts_it(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    shown = opened(monkeypatch, demo, Role.ADMIN, "signals")
    table = shown.dataframe[0].value
    assert table["Hạn"].iloc[0].startswith("quá hạn")
    late = signals.late_for(demo, Actor("thử", Role.ADMIN), DEMO_DAY)
    options = shown.button_group(key="signals-quick").options
    assert any(f"Quá hạn ({late.signals})" in str(option) for option in options)


def test_what_was_sent_across_the_border_is_accepted_on_the_page(
    monkeypatch: pytest.MonkeyPatch, wards: Store
) -> None:
    own = taken(wards)
    send(wards, HERE, own, to_unit="u2", seen=1, as_of=DAY)
    shown = opened(monkeypatch, wards, Role.PLANNER, "signals")
    shown = shown.button_group(key="signals-view").set_value("border").run()
    assert "Phường Hà Đông → Phường Kiến Hưng" in texts(shown)
    shown = press(shown, "Nhận tin này")
    assert "Không có tin nào đang chờ nhận." in texts(shown)
