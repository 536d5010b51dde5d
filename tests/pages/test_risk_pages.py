"""What the risk pages promise a reader: why one place stands before another, and when too little is known."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.parts import risk_reads
from app.parts import visit as visits
from app.text import set_language
from data.store import Actor, Store
from geo.fairness import FairnessRow
from geo.words import Grouping, Role, Verdict
from tests.conftest import DEMO_DAY
from tests.paths import ROOT


def opened(monkeypatch: pytest.MonkeyPatch, store: Store, page: str, **state: Any) -> AppTest:
    """The page as the leader sees it, with what they chose before."""
    visit = visits.Visit(store, Actor("thử", Role.REVIEWER), DEMO_DAY, demo=True)

    def current() -> visits.Visit:
        set_language("vi")
        return visit

    monkeypatch.setattr(visits, "current_visit", current)
    shown = AppTest.from_file(str(ROOT / "app" / "pages" / f"{page}.py"), default_timeout=120)
    for key, value in state.items():
        shown.session_state[key.replace("_", "-")] = value
    shown.run()
    assert not shown.exception
    return shown


def said(shown: AppTest) -> str:
    """Everything that the page says in words."""
    kinds = (shown.markdown, shown.caption, shown.info, shown.warning, shown.success, shown.subheader)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def test_two_premises_are_compared_in_a_sentence_with_points_on_both_sides(
    monkeypatch: pytest.MonkeyPatch, demo: Store
) -> None:
    shown = opened(monkeypatch, demo, "risk", risk_view="compare")
    text = said(shown)
    assert "đứng trước" in text
    assert "chủ yếu vì" in text
    assert " so với " in text


def test_the_model_and_its_version_stand_on_the_page(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    text = said(opened(monkeypatch, demo, "risk"))
    assert "phiên bản" in text
    assert "con người quyết định" in text


@pytest.mark.parametrize(
    ("view", "surface"),
    [
        ("rank", "none"),
        ("bars", "none"),
        ("compare", "none"),
        ("map", "none"),
        ("map", "density"),
        ("map", "trend"),
    ],
)
def test_every_view_of_the_ranking_draws_itself(
    monkeypatch: pytest.MonkeyPatch, demo: Store, view: str, surface: str
) -> None:
    assert not opened(monkeypatch, demo, "risk", risk_view=view, risk_surface=surface).error


@pytest.mark.parametrize("page", ["risk", "borders", "fairness"])
def test_an_empty_district_is_told_that_there_is_not_enough_data(
    monkeypatch: pytest.MonkeyPatch, empty_store: Store, page: str
) -> None:
    assert "Chưa đủ dữ liệu" in said(opened(monkeypatch, empty_store, page))


def test_the_back_test_of_an_empty_district_says_so_and_shows_no_number(
    monkeypatch: pytest.MonkeyPatch, empty_store: Store
) -> None:
    shown = opened(monkeypatch, empty_store, "backtest")
    shown.button[0].click().run()
    assert not shown.exception
    assert "Chưa đủ dữ liệu" in said(shown)
    assert not shown.metric


def row(group: str, verdict: Verdict, checks: int, expected: float) -> FairnessRow:
    return FairnessRow(
        grouping=Grouping.WARD,
        group=group,
        premises=50,
        checks=checks,
        expected=expected,
        ratio=round(checks / expected, 2),
        low=1.0,
        high=3.0,
        serious=1,
        found_rate=0.02,
        verdict=verdict,
    )


def test_a_ward_that_is_over_inspected_is_named_at_the_top_in_words(
    monkeypatch: pytest.MonkeyPatch, demo: Store
) -> None:
    rows = [row("Phường A", Verdict.MORE_FOUND_LESS, 60, 30.0), row("Phường B", Verdict.AS_EXPECTED, 20, 21.0)]
    monkeypatch.setattr(risk_reads, "fairness_of_year", lambda _visit, _year: rows)
    shown = opened(monkeypatch, demo, "fairness")
    assert len(shown.warning) == 1
    warning = shown.warning[0].value
    assert "Phường A" in warning
    assert "60" in warning and "30" in warning
    assert "phát hiện ít hơn mức chung" in warning
    assert not shown.success


def test_one_ward_alone_is_not_praised_for_its_balance(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    monkeypatch.setattr(
        risk_reads, "fairness_of_year", lambda _visit, _year: [row("Phường A", Verdict.AS_EXPECTED, 20, 20.0)]
    )
    shown = opened(monkeypatch, demo, "fairness")
    assert not shown.success
    assert "Chỉ có một phường" in said(shown)
