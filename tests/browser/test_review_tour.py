"""The monthly review of Kiến Hưng in a real browser: step by key, decide two things, print, find them again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, SignIn, picture, served, settled
from tests.browser.test_tour import refuse_failures

pytestmark = pytest.mark.slow

PROJECTOR = {"width": 1920, "height": 1080}
SCREENS, MAP = 8, 2
DECIDED = ("Tăng tuần tra đoạn giáp ranh", "Nhắc cơ sở bổ sung giấy PCCC")


@pytest.fixture(scope="module")
def app(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app of its own: a meeting is held in it."""
    data = tmp_path_factory.mktemp("review") / "data"
    shutil.copytree(demo_folder, data)
    with served(data) as running:
        yield running


def begin(page: Page, app: App) -> None:
    page.goto(f"{app.url}/meeting")
    settled(page)
    page.get_by_role("button", name="Bắt đầu họp").click()
    on_screen(page, 1)


def on_screen(page: Page, number: int) -> None:
    expect(page.get_by_text(f"{number}/{SCREENS}")).to_be_visible()
    page.wait_for_selector("[data-testid=stStatusWidget]", state="detached")
    page.wait_for_timeout(300)


def to_screen(page: Page, number: int, key: str = "ArrowRight") -> None:
    page.keyboard.press(key)
    on_screen(page, number)
    refuse_failures(page)
    expect(page.get_by_text("Có lỗi ngoài dự kiến", exact=False)).to_have_count(0)


def decide(page: Page, title: str) -> None:
    page.get_by_label("Kết luận mới").fill(title)
    owner = page.get_by_label("Đơn vị hoặc chức danh", exact=False).first
    owner.click()
    page.get_by_role("option", name="Công an phường").click()
    page.get_by_role("button", name="Ghi kết luận").click()
    expect(page.get_by_text(title).first).to_be_visible()
    on_screen(page, SCREENS)


def test_review_kien_hung_record_two_decisions_and_print(sign_in: SignIn, app: App) -> None:
    page = sign_in("canbo-kienhung", PROJECTOR)
    begin(page, app)
    expect(page.get_by_text("Kiến Hưng", exact=False).first).to_be_visible()
    for number in range(2, SCREENS + 1):
        picture(page, f"meeting-{number - 1}")
        to_screen(page, number)
        if number == MAP:
            drawn = page.frame_locator("iframe").last.locator(".leaflet-container canvas").first
            expect(drawn).to_be_visible()
            page.wait_for_timeout(1000)
    to_screen(page, SCREENS - 1, "ArrowLeft")
    to_screen(page, SCREENS)
    for title in DECIDED:
        decide(page, title)
    picture(page, f"meeting-{SCREENS}")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Tài liệu họp (Word)").click()
    file = Path(waiting.value.path()).read_bytes()
    written = "\n".join(
        cell.text for table in Document(BytesIO(file)).tables for row in table.rows for cell in row.cells
    )
    for title in DECIDED:
        assert title in written

    begin(page, app)
    for number in range(2, SCREENS + 1):
        to_screen(page, number, "PageDown")
    for title in DECIDED:
        expect(page.get_by_text(title).first).to_be_visible()
