"""The page of premises: the list, one premises, and what each role may do there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from app.parts import visit as visits
from app.services import premises, premises_edit
from app.services.premises_edit import Particulars
from data.store import Actor, Store
from geo.words import PaperProblem, Role
from tests.conftest import DEMO_DAY
from tests.paths import ROOT

STEWARD = Actor("giữ sổ", Role.STEWARD)


def opened(
    monkeypatch: pytest.MonkeyPatch, store: Store, role: Role, premises_id: str | None = None, **state: object
) -> AppTest:
    """The page as the role sees it, with one premises where another page has asked for it."""
    monkeypatch.setattr(
        visits, "current_visit", lambda: visits.Visit(store, Actor("thử", role), DEMO_DAY, demo=True)
    )
    page = AppTest.from_file(str(ROOT / "app" / "pages" / "premises.py"), default_timeout=60)
    for name, value in {"premises": premises_id, **state}.items():
        if value is not None:
            page.session_state[name] = value
    return page.run()


def first(store: Store) -> str:
    return str(premises.overview(store, STEWARD, DEMO_DAY).sort_values("problems")["id"].iloc[-1])


@pytest.mark.parametrize("role", [Role.ADMIN, Role.WARD_OFFICER, Role.INSPECTOR, Role.VIEWER])
def test_one_premises_is_shown_to_every_role(monkeypatch: pytest.MonkeyPatch, demo: Store, role: Role) -> None:
    premises_id = first(demo)
    page = opened(monkeypatch, demo, role, premises_id)
    assert not page.exception
    assert not page.error
    known = premises.one(demo, STEWARD, premises_id, DEMO_DAY).facts
    assert page.title[0].value == known.name
    assert "Giấy tờ" in {one.value for one in page.subheader}
    may_edit = role in (Role.ADMIN, Role.WARD_OFFICER)
    assert ("Sửa" in {toggle.label for toggle in page.toggle}) == may_edit
    assert ("Mức độ nguy cơ" in {one.value for one in page.subheader}) == (role is not Role.VIEWER)


@pytest.mark.parametrize("view", ["list", "papers", "map"])
@pytest.mark.parametrize("role", [Role.ADMIN, Role.VIEWER])
def test_the_register_is_shown_as_list_by_papers_and_on_the_map(
    monkeypatch: pytest.MonkeyPatch, demo: Store, role: Role, view: str
) -> None:
    page = opened(monkeypatch, demo, role, **{"premises-view": view})
    assert not page.exception
    assert page.title[0].value == "Cơ sở"


def test_filters_narrow_the_list(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    page = opened(monkeypatch, demo, Role.ADMIN)
    page = page.multiselect(key="problem-codes").set_value([PaperProblem.UNREGISTERED]).run()
    wanted = premises.overview(demo, STEWARD, DEMO_DAY)
    number = int(wanted["problem_codes"].map(lambda codes: PaperProblem.UNREGISTERED in codes).sum())
    assert page.markdown[0].value.startswith(f"**{number}** trong {len(wanted)} cơ sở")


def test_the_version_for_paper_shows_neither_score_nor_signals(
    monkeypatch: pytest.MonkeyPatch, demo: Store
) -> None:
    page = opened(monkeypatch, demo, Role.ADMIN, first(demo), **{"premises-print": True})
    assert not page.exception
    assert {one.value for one in page.subheader} == {"Giấy tờ", "Các lượt kiểm tra"}


def test_an_edit_is_saved_from_the_page(monkeypatch: pytest.MonkeyPatch, own_demo: Store) -> None:
    premises_id = first(own_demo)
    page = opened(monkeypatch, own_demo, Role.STEWARD, premises_id, **{"premises-edit": True})
    assert not page.exception
    next(field for field in page.number_input if field.label == "Số phòng").set_value(77)
    next(button for button in page.button if button.label == "Lưu").click()
    after = page.run()
    assert not after.exception
    assert not after.error
    assert premises.one(own_demo, STEWARD, premises_id, DEMO_DAY).facts.rooms == 77


def test_personal_data_typed_into_the_page_is_told_and_not_saved(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    premises_id = first(own_demo)
    page = opened(monkeypatch, own_demo, Role.STEWARD, premises_id, **{"premises-edit": True})
    next(field for field in page.text_input if field.label == "Địa chỉ").set_value("12 Lê Lợi, 0912 345 678")
    next(button for button in page.button if button.label == "Lưu").click()
    after = page.run()
    assert "thông tin cá nhân" in after.error[0].value
    assert "0912" not in after.error[0].value


def test_an_unknown_premises_is_told_with_a_way_back(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    page = opened(monkeypatch, demo, Role.ADMIN, "lạ")
    assert not page.exception
    assert "Không có cơ sở" in page.error[0].value
    assert "Danh sách" in {button.label for button in page.button}


def test_a_name_is_text_and_never_markup(monkeypatch: pytest.MonkeyPatch, own_demo: Store) -> None:
    premises_id = first(own_demo)
    facts = premises.one(own_demo, STEWARD, premises_id, DEMO_DAY).facts
    seen = Particulars.of(facts)
    named = replace(seen, name="<b>A</b> [x](javascript:1) **đậm**")
    premises_edit.edit(own_demo, STEWARD, premises_id, named, seen=seen, version=facts.version)
    page = opened(monkeypatch, own_demo, Role.ADMIN, premises_id)
    assert not page.exception
    assert page.title[0].value == "\\<b\\>A\\</b\\> \\[x\\]\\(javascript\\:1\\) \\*\\*đậm\\*\\*"
