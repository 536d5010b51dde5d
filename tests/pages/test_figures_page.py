"""The page Nhập số liệu: a ward's form, what is missing, shares, packages."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app.parts import visit as visits
from app.services import figure_entry
from data.store import Actor, Store
from geo.periods import parse_period
from geo.review_words import Measure
from geo.words import Role
from tests.paths import ROOT
from tests.services.signal_world import DAY, DESK, HERE, HERE_TOO, wards

__all__ = ["wards"]
OCTOBER = parse_period("2026-10")


def opened(monkeypatch: pytest.MonkeyPatch, store: Store, actor: Actor, view: str = "form") -> AppTest:
    visit = visits.Visit(store, actor, DAY, demo=False)

    def current() -> visits.Visit:
        visits.set_language("vi")
        return visit

    monkeypatch.setattr(visits, "current_visit", current)
    shown = AppTest.from_file(str(ROOT / "app" / "pages" / "figures.py"), default_timeout=60)
    shown.session_state["figures-view"] = view
    shown.run()
    assert not shown.exception
    return shown


def field(shown: AppTest, kind: str, name: str) -> object:
    return next(one for one in getattr(shown, kind) if one.key and name in one.key)


def press(shown: AppTest, words: str) -> AppTest:
    next(button for button in shown.button if button.label == words).click()
    after = shown.run()
    assert not after.exception
    return after


def said(shown: AppTest) -> str:
    kinds = (
        shown.markdown,
        shown.caption,
        shown.info,
        shown.warning,
        shown.success,
        shown.error,
        shown.expander,
    )
    return "\n".join(
        str(getattr(one, "value", None) or getattr(one, "label", "")) for kind in kinds for one in kind
    )


def cell(store: Store, measure: Measure) -> figure_entry.Cell:
    cells = figure_entry.form(store, DESK, "u1", OCTOBER).cells
    return next(one for one in cells if one.measure is measure)


def test_an_officer_fills_in_last_month_of_the_own_ward(monkeypatch: pytest.MonkeyPatch, wards: Store) -> None:
    shown = opened(monkeypatch, wards, HERE)
    assert field(shown, "selectbox", "figures-ward").options == ["Phường Hà Đông"]  # type: ignore[attr-defined]
    assert field(shown, "selectbox", "figures-month").value == "2026-10"  # type: ignore[attr-defined]
    assert "còn thiếu" in said(shown)
    field(shown, "number_input", "figure-communication_activities").set_value(4)  # type: ignore[attr-defined]
    press(shown, "Lưu số liệu")
    assert cell(wards, Measure.COMMUNICATION_ACTIVITIES).value == 4
    assert cell(wards, Measure.REACHED_RESIDENTS).missing


def test_the_police_see_their_two_figures_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, wards: Store
) -> None:
    shown = opened(monkeypatch, wards, HERE_TOO)
    names = {one.key.split("-")[1] for one in shown.number_input if one.key}
    assert names == {"criminal_cases", "administrative_cases"}


def test_a_correction_without_a_reason_is_told_and_not_stored(
    monkeypatch: pytest.MonkeyPatch, wards: Store
) -> None:
    figure_entry.enter(wards, HERE, "u1", OCTOBER, {Measure.COMMUNICATION_ACTIVITIES: 4}, DAY)
    shown = opened(monkeypatch, wards, HERE)
    field(shown, "number_input", "figure-communication_activities").set_value(5)  # type: ignore[attr-defined]
    shown = press(shown, "Lưu số liệu")
    assert "cần ghi lý do" in said(shown)
    assert cell(wards, Measure.COMMUNICATION_ACTIVITIES).value == 4
    field(shown, "text_input", "figures-reason").set_value("Đếm thiếu")  # type: ignore[attr-defined]
    press(shown, "Lưu số liệu")
    assert cell(wards, Measure.COMMUNICATION_ACTIVITIES).value == 5


def test_what_the_wards_owe_is_listed_by_ward(monkeypatch: pytest.MonkeyPatch, wards: Store) -> None:
    text = said(opened(monkeypatch, wards, DESK, "missing"))
    assert "Phường Hà Đông" in text and "Phường Kiến Hưng" in text
    assert "Hoạt động truyền thông" in text


def test_only_who_plans_or_leads_gives_out_shares(monkeypatch: pytest.MonkeyPatch, wards: Store) -> None:
    assert "Lưu chỉ tiêu" not in {one.label for one in opened(monkeypatch, wards, HERE, "shares").button}
    planner = Actor("lapke", Role.PLANNER)
    shown = opened(monkeypatch, wards, planner, "shares")
    field(shown, "number_input", "share-value").set_value(40.0)  # type: ignore[attr-defined]
    field(shown, "text_input", "share-document").set_value("12/QĐ-UBND")  # type: ignore[attr-defined]
    shown = press(shown, "Lưu chỉ tiêu")
    assert shown.dataframe[0].value["Văn bản"].tolist() == ["12/QĐ-UBND"]


def test_a_package_is_made_and_the_wards_that_sent_none_are_named(
    monkeypatch: pytest.MonkeyPatch, wards: Store
) -> None:
    shown = opened(monkeypatch, wards, DESK, "packages")
    assert "Chưa có số liệu của 2 phường" in said(shown)
    shown = press(shown, "Lập gói số liệu")
    assert "Mã kiểm tra" in said(shown)
