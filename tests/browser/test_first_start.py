"""The first start of an office: an empty installation asks, and leads to a map of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.config import Settings
from tests.browser.conftest import LAPTOP, App, open_context, picture, served, settled

pytestmark = pytest.mark.slow

PASSWORD = "mật-khẩu-đủ-dài-1"


def test_my_own_district_starts_empty_and_says_what_to_do(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path / "data", "--if-empty", "page") as app:
        context = open_context(browser, app, LAPTOP)
        page = context.new_page()
        page.goto(app.url)
        picture(page, "first-start")
        page.get_by_role("button", name="Địa bàn của tôi").click()
        page.fill("#name", "quantri")
        page.fill("#password", PASSWORD)
        page.click("button")
        page.fill("#name", "quantri")
        page.fill("#password", PASSWORD)
        page.click("button")
        settled(page)
        expect(page.locator("h1")).to_have_text("Bản đồ")
        expect(page.get_by_text("import wards", exact=False).first).to_be_visible()
        expect(page.locator(".demo")).to_have_count(0)
        picture(page, "own-district-empty")
        context.close()
        assert app.foreign == []
    assert Settings(data=tmp_path / "data").chosen() == "own"


def test_the_server_says_where_it_is_and_how_to_sign_in(app: App) -> None:
    said = (app.data / "server.log").read_text(encoding="utf-8")
    assert app.url in said
    assert "quantri" in said
