"""The pages of accounts: an administrator gives, changes and takes; everybody sees where they are signed in."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app.parts import visit as visits
from app.services import accounts, passwords
from data.store import Actor, Store
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.paths import ROOT
from tests.services.account_world import (
    ADMIN,
    PASSWORD,
    audited,
    kept,
    office,
    office_folder,
    office_settings,
)

__all__ = ["office", "office_folder", "office_settings"]


def opened(monkeypatch: pytest.MonkeyPatch, store: Store, page: str, actor: Actor = ADMIN) -> AppTest:
    visit = visits.Visit(store, actor, DEMO_DAY, demo=False)
    monkeypatch.setattr(visits, "current_visit", lambda: visit)
    return AppTest.from_file(str(ROOT / "app" / "pages" / f"{page}.py"), default_timeout=60).run()


def press(shown: AppTest, key: str) -> AppTest:
    next(button for button in shown.button if button.key == key).click()
    return shown.run()


def test_a_new_account_gets_a_password_that_is_shown_once(
    monkeypatch: pytest.MonkeyPatch, office: Store
) -> None:
    shown = opened(monkeypatch, office, "accounts")
    shown.text_input(key="new-name").set_value("kiemtoan")
    shown.selectbox(key="role-new").set_value(Role.AUDITOR)
    shown = press(shown, "new-add")
    (word,) = [code.value for code in shown.code]
    assert kept(office, "kiemtoan").must_change
    assert passwords.fits(kept(office, "kiemtoan").password_hash, word)
    assert not shown.run().code


def test_a_name_of_a_person_is_refused_with_the_rule(monkeypatch: pytest.MonkeyPatch, office: Store) -> None:
    shown = opened(monkeypatch, office, "accounts")
    shown.text_input(key="new-name").set_value("ai-do@hanoi.gov.vn")
    shown = press(shown, "new-add")
    assert any("canbo-kienhung" in error.value for error in shown.error)


def test_a_ward_role_without_a_ward_is_refused(monkeypatch: pytest.MonkeyPatch, office: Store) -> None:
    shown = opened(monkeypatch, office, "accounts")
    shown.text_input(key="new-name").set_value("canbo-moi")
    shown.selectbox(key="role-new").set_value(Role.WARD_OFFICER)
    shown = press(shown, "new-add")
    assert any("một phường" in error.value for error in shown.error)


def test_an_account_is_chosen_changed_reset_and_shut(monkeypatch: pytest.MonkeyPatch, office: Store) -> None:
    shown = opened(monkeypatch, office, "accounts")
    next(box for box in shown.selectbox if "nguoixem" in box.options).set_value("nguoixem")
    shown = shown.run()
    shown.selectbox(key="role-nguoixem").set_value(Role.AUDITOR)
    shown = press(shown, "save-nguoixem")
    assert kept(office, "nguoixem").role == "auditor"
    shown = press(shown, "reset-nguoixem")
    assert len(shown.code) == 1
    shown = press(shown, "disable-nguoixem")
    assert kept(office, "nguoixem").disabled
    shown = press(shown, "enable-nguoixem")
    assert not kept(office, "nguoixem").disabled
    actions = [entry.action for entry in audited(office) if entry.subject == "nguoixem"]
    assert actions[-4:] == ["account.change", "account.reset", "account.disable", "account.enable"]


def test_the_last_administrator_cannot_be_shut_out(monkeypatch: pytest.MonkeyPatch, office: Store) -> None:
    shown = opened(monkeypatch, office, "accounts")
    next(box for box in shown.selectbox if "quantri" in box.options).set_value("quantri")
    shown = press(shown.run(), "disable-quantri")
    assert any("cuối cùng" in error.value for error in shown.error)
    assert not kept(office).disabled


def test_others_see_no_accounts(monkeypatch: pytest.MonkeyPatch, office: Store) -> None:
    shown = opened(monkeypatch, office, "accounts", Actor("nguoixem", Role.VIEWER))
    assert shown.error and not shown.dataframe and not shown.button


def test_everybody_sees_their_own_sessions_and_ends_them(
    monkeypatch: pytest.MonkeyPatch, office: Store
) -> None:
    settings = visits.runtime().settings
    tokens = [accounts.sign_in(office, settings, "nguoixem", PASSWORD) for _ in range(2)]
    shown = opened(monkeypatch, office, "my_account", Actor("nguoixem", Role.VIEWER))
    assert not shown.exception
    next(button for button in shown.button if button.label == "Đăng xuất ở mọi nơi").click()
    shown.run()
    assert [accounts.who(office, settings, token) for token in tokens] == [None, None]
