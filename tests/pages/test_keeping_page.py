"""Dữ liệu và lưu giữ: a steward sets terms and excuses words, a leader approves, and only then things go."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from app.services import free_text, privacy_exceptions, purge
from data.store import Actor, Store
from geo.words import Role
from tests.pages.test_pages import opened

STEWARD = Actor("dulieu", Role.STEWARD)


@pytest.fixture(autouse=True)
def nothing_excused_after() -> Iterator[None]:
    yield
    free_text.excuse(lambda: ())


def keeping(monkeypatch: pytest.MonkeyPatch, store: Store, role: Role) -> AppTest:
    return opened(monkeypatch, store, role, "keeping")


def keys(shown: AppTest) -> set[str | None]:
    return {button.key for button in shown.button}


def test_a_reader_sees_the_terms_and_changes_nothing(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    shown = keeping(monkeypatch, demo, Role.WARD_OFFICER)
    assert not shown.exception and not shown.error
    assert "chưa được lãnh đạo duyệt" in shown.warning[0].value
    assert keys(shown) == set()


def test_a_leader_approves_and_does_not_purge(monkeypatch: pytest.MonkeyPatch, empty_store: Store) -> None:
    shown = keeping(monkeypatch, empty_store, Role.REVIEWER)
    assert "keeping-save" not in keys(shown)
    shown.button(key="keeping-approve").click().run()
    assert not shown.error
    assert "thử" in shown.success[0].value
    assert purge.terms(empty_store, STEWARD).approved_by == "thử"
    assert "keeping-purge" not in keys(shown)


def test_a_steward_previews_and_cannot_delete_before_the_approval(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    shown = keeping(monkeypatch, own_demo, Role.STEWARD)
    assert "keeping-approve" not in keys(shown)
    shown.button(key="keeping-preview").click().run()
    assert int(shown.dataframe[-1].value["due"].sum()) > 0
    shown.checkbox(key="keeping-sure").check().run()
    assert shown.button(key="keeping-purge").disabled
    leader = Actor("lanhdao", Role.REVIEWER)
    purge.approve(own_demo, leader, purge.terms(own_demo, leader).table.fingerprint)
    shown.run()
    shown.button(key="keeping-purge").click().run()
    assert not shown.error and not shown.exception
    assert any("Đã xóa" in said.value for said in shown.success)


def test_a_steward_excuses_words_with_a_reason_and_takes_them_back(
    monkeypatch: pytest.MonkeyPatch, empty_store: Store
) -> None:
    shown = keeping(monkeypatch, empty_store, Role.STEWARD)
    shown.segmented_control(key="keeping-view").set_value("words").run()
    shown.text_input(key="keeping-phrase").input("Anh Văn")
    shown.button[0].click().run()
    assert "lý do" in shown.error[0].value
    shown.text_input(key="keeping-phrase").input("Anh Văn")
    shown.text_area(key="keeping-reason").input("Tên môn học")
    shown.button[0].click().run()
    (kept,) = privacy_exceptions.exceptions(empty_store, STEWARD)
    assert kept.phrase == "Anh Văn"
    shown.button(key=f"keeping-drop-{kept.id}").click().run()
    assert privacy_exceptions.exceptions(empty_store, STEWARD) == []


def test_everybody_reads_what_each_field_is_for(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    shown = keeping(monkeypatch, demo, Role.INSPECTOR)
    shown.segmented_control(key="keeping-view").set_value("fields").run()
    assert not shown.exception and not shown.error
    shown.selectbox(key="keeping-table").select("signals").run()
    assert "text" in set(shown.dataframe[-1].value["Trường"])
