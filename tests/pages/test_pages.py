"""Every page draws itself for whoever may open it, in both languages, with data and without."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app.parts import visit as visits
from app.text import language
from data.store import Actor, Store
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.paths import ROOT

PAGES = sorted(file.stem for file in (ROOT / "app" / "pages").glob("*.py") if file.stem != "__init__")


def opened(monkeypatch: pytest.MonkeyPatch, store: Store, role: Role, page: str, speak: str = "vi") -> AppTest:
    """The page as the role sees it."""
    visit = visits.Visit(store, Actor("thử", role), DEMO_DAY, demo=True)

    def current() -> visits.Visit:
        visits.set_language(speak)  # type: ignore[arg-type]
        return visit

    monkeypatch.setattr(visits, "current_visit", current)
    return AppTest.from_file(str(ROOT / "app" / "pages" / f"{page}.py"), default_timeout=60).run()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("speak", ["vi", "en"])
def test_a_page_draws_itself_with_data(
    monkeypatch: pytest.MonkeyPatch, demo: Store, page: str, speak: str
) -> None:
    shown = opened(monkeypatch, demo, Role.ADMIN, page, speak)
    assert not shown.exception
    assert not shown.error
    assert shown.title or shown.header


@pytest.mark.parametrize("page", PAGES)
def test_a_page_draws_itself_in_an_empty_district(
    monkeypatch: pytest.MonkeyPatch, empty_store: Store, page: str
) -> None:
    shown = opened(monkeypatch, empty_store, Role.ADMIN, page)
    assert not shown.exception


def test_the_alert_page_offers_no_verdict_to_who_may_not_give_one(
    monkeypatch: pytest.MonkeyPatch, demo: Store
) -> None:
    inspector = opened(monkeypatch, demo, Role.INSPECTOR, "alerts")
    leader = opened(monkeypatch, demo, Role.REVIEWER, "alerts")
    assert "Tiếp nhận" not in {button.label for button in inspector.button}
    assert "Tiếp nhận" in {button.label for button in leader.button}


def test_an_alert_shows_its_evidence_and_takes_an_acknowledgement(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    shown = opened(monkeypatch, own_demo, Role.REVIEWER, "alerts")
    assert shown.table
    next(button for button in shown.button if button.label == "Tiếp nhận").click()
    after = shown.run()
    assert not after.exception
    assert any("đã tiếp nhận" in caption.value for caption in after.caption)


def test_the_test_speaks_the_language_it_says(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    shown = opened(monkeypatch, demo, Role.ADMIN, "alerts", "en")
    assert shown.title[0].value == "Alerts"
    assert language() in ("vi", "en")
