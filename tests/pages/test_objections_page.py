"""Objections to scores on the pages: recorded, read again by somebody else, seen beside the score."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.parts import visit as visits
from app.services import objections
from app.services.accounts import SYSTEM
from app.services.facts import Known
from app.text import set_language
from data.store import Actor, Store
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.paths import ROOT

KEEPER = Actor("giữ hồ sơ", Role.PLANNER)
LEADER = Actor("lãnh đạo", Role.REVIEWER)
INSPECTOR = Actor("kiểm tra", Role.INSPECTOR)
ABOUT = "Giấy chứng nhận <b>đã</b> cấp lại."


def opened(monkeypatch: pytest.MonkeyPatch, store: Store, actor: Actor, page: str, **state: Any) -> AppTest:
    visit = visits.Visit(store, actor, DEMO_DAY, demo=True)

    def current() -> visits.Visit:
        set_language("vi")
        return visit

    monkeypatch.setattr(visits, "current_visit", current)
    shown = AppTest.from_file(str(ROOT / "app" / "pages" / f"{page}.py"), default_timeout=120)
    for key, value in state.items():
        shown.session_state[key] = value
    shown.run()
    assert not shown.exception
    return shown


def said(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.info, page.subheader, page.error)
    labels = [one.label for one in page.expander]
    return "\n".join([*(str(one.value) for kind in kinds for one in kind), *labels])


def press(page: AppTest, text: str) -> AppTest:
    next(one for one in page.button if one.label == text).click()
    page.run()
    assert not page.exception
    return page


def write(fields: Any, label: str, value: str) -> None:
    next(one for one in fields if one.label.startswith(label)).set_value(value)


def riskiest(store: Store) -> str:
    with store.read(SYSTEM) as work:
        return str(Known(work, DEMO_DAY).scores.sort_values("rank")["id"].iloc[0])


def test_an_objection_is_entered_read_again_by_another_and_answered_at_the_premises(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    premises = riskiest(own_demo)
    page = opened(monkeypatch, own_demo, KEEPER, "premises", premises=premises)
    write(page.text_area, "Phản đối điều gì", ABOUT)
    page = press(page, "Ghi ý kiến")
    assert "chờ người đọc lại điểm" in said(page)
    assert "<b>" not in said(page)

    page = opened(monkeypatch, own_demo, LEADER, "premises", premises=premises)
    write(page.text_area, "Đã xem lại những gì", "Đã đối chiếu giấy với sổ.")
    page = press(page, "Ghi kết quả đọc lại")
    assert "Điểm giữ nguyên. Đã đối chiếu" in said(page)
    write(page.text_input, "Số văn bản trả lời", "9/TL")
    page = press(page, "Ghi văn bản trả lời")
    (kept,) = objections.kept_objections(own_demo, LEADER, DEMO_DAY)
    assert (kept.answer, kept.reread_by) == ("9/TL", LEADER.name)
    assert "9/TL" in said(page) and "Đã trả lời ngày 24/11/2026" in said(page)


def test_an_open_objection_is_seen_beside_the_score_and_late_ones_are_counted(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    premises = riskiest(own_demo)
    received = DEMO_DAY.replace(month=10)
    made = objections.record(own_demo, LEADER, premises, received, "Nhầm số phòng.", DEMO_DAY)
    page = opened(monkeypatch, own_demo, LEADER, "risk")
    assert "1 chưa trả lời, 1 quá hạn" in said(page)
    assert f"objection-open-{made}" in {one.key for one in page.button}
    # Whoever inspects learns that there is one, and not what it says.
    page = opened(monkeypatch, own_demo, INSPECTOR, "premises", premises=premises)
    assert "đang có ý kiến phản đối" in said(page)
    assert "Nhầm số phòng" not in said(page)
    # Whoever recorded it is told that another must read the score again.
    page = opened(monkeypatch, own_demo, LEADER, "premises", premises=premises)
    assert "người khác đọc lại điểm" in said(page)
    assert "Ghi kết quả đọc lại" not in {one.label for one in page.button}
