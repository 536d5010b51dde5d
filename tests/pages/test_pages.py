"""Every page draws itself for whoever may open it, in both languages, with data and without."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app.parts import visit as visits
from app.services import alerts, hotspots
from app.text import language
from data.store import Actor, Store
from geo.words import AlertState, HotspotState, Role
from tests.conftest import DEMO_DAY
from tests.paths import ROOT
from tests.services.field_world import planned

PAGES = sorted(file.stem for file in (ROOT / "app" / "pages").glob("*.py") if file.stem != "__init__")


def opened(
    monkeypatch: pytest.MonkeyPatch, store: Store, role: Role, page: str, speak: str = "vi", **query: str
) -> AppTest:
    """The page as the role sees it."""
    visit = visits.Visit(store, Actor("thử", role), DEMO_DAY, demo=True)

    def current() -> visits.Visit:
        visits.set_language(speak)  # type: ignore[arg-type]
        return visit

    monkeypatch.setattr(visits, "current_visit", current)
    shown = AppTest.from_file(str(ROOT / "app" / "pages" / f"{page}.py"), default_timeout=60)
    for name, value in query.items():
        shown.query_params[name] = value
    return shown.run()


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
    assert not any("ngoài dự kiến" in error.value for error in shown.error)


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
    assert any("đã tiếp nhận" in line.value for line in after.markdown)


def test_a_verdict_after_somebody_elses_is_told_and_its_reason_stays(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    second = opened(monkeypatch, own_demo, Role.REVIEWER, "alerts")
    found = alerts.alerts_with_places(own_demo, Actor("kia", Role.REVIEWER), DEMO_DAY)
    first, key = Actor("kia", Role.REVIEWER), f"reason-{found['id'].iloc[0]}"
    alerts.judge(own_demo, first, found["id"].iloc[0], AlertState.ACKNOWLEDGED, "", seen=AlertState.RAISED)
    second.text_input(key=key).set_value("Tin báo nhầm địa chỉ")
    next(button for button in second.button if button.label == "Bỏ qua").click()
    second.run()
    assert any("kia" in error.value and "trước bạn" in error.value for error in second.error)
    assert second.text_input(key=key).value == "Tin báo nhầm địa chỉ"


def test_a_transition_after_somebody_elses_is_told(monkeypatch: pytest.MonkeyPatch, own_demo: Store) -> None:
    officer = Actor("kia", Role.WARD_OFFICER)
    place = alerts.alerts_with_places(own_demo, officer, DEMO_DAY)["place_id"].iloc[0]
    second = opened(monkeypatch, own_demo, Role.WARD_OFFICER, "hotspots", hotspot=place)
    hotspots.change_state(
        own_demo,
        officer,
        place,
        HotspotState.REACTIVATED,
        on_date=DEMO_DAY,
        reason="Tổ xác minh kết luận hoạt động trở lại",
        document="(giả định) 12/BC",
    )
    second.text_input(key=f"transition-{place}-why").set_value("Hết hạn theo dõi")
    next(button for button in second.button if button.label == "Ghi").click()
    second.run()
    assert any("trước bạn" in error.value for error in second.error)


def test_an_unforeseen_failure_is_one_sentence_without_its_details(
    monkeypatch: pytest.MonkeyPatch, demo: Store
) -> None:
    def fail(*_arguments: object) -> None:
        raise KeyError("12 ngõ bí mật")

    monkeypatch.setattr(alerts, "alerts_with_places", fail)
    shown = opened(monkeypatch, demo, Role.REVIEWER, "alerts")
    assert not shown.exception
    assert [error for error in shown.error if "ngoài dự kiến" in error.value]
    assert not any("bí mật" in error.value for error in shown.error)


def test_the_test_speaks_the_language_it_says(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    shown = opened(monkeypatch, demo, Role.ADMIN, "alerts", "en")
    assert shown.title[0].value == "Alerts"
    assert language() in ("vi", "en")


def test_a_plan_whose_stops_have_no_value_is_shown(monkeypatch: pytest.MonkeyPatch, own_demo: Store) -> None:
    planned(own_demo, DEMO_DAY)
    shown = opened(monkeypatch, own_demo, Role.ADMIN, "plan", "vi")
    assert not shown.exception
    assert not shown.error
