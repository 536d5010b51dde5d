"""The inbox in a real browser: take an alert up, hand it on, confirm it, and go on to what follows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LAPTOP, PHONE, App, SignIn, picture, served, settled

pytestmark = pytest.mark.slow

PLACE = "Đoạn phố Văn Khê"


@pytest.fixture(scope="module")
def app(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app of its own: other tests expect the demonstration's alerts as they were raised."""
    data = tmp_path_factory.mktemp("inbox") / "data"
    shutil.copytree(demo_folder, data)
    with served(data) as running:
        yield running


def inbox(page: Page, app: App) -> Page:
    page.goto(f"{app.url}/alerts")
    settled(page)
    expect(page.locator("h1")).to_have_text("Cảnh báo")
    expect(page.locator("h3").first).to_contain_text(PLACE)
    return page


def whole(page: Page, name: str) -> None:
    """A picture of the page in its full length."""
    # The last part of the page: all above it has been drawn.
    page.get_by_text("Nhận thông báo", exact=True).wait_for()
    size = page.viewport_size
    assert size is not None
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": min(height + 40, 4000)})
    page.wait_for_timeout(1500)
    picture(page, name)
    page.set_viewport_size(size)


def write(page: Page, field: str, text: str) -> None:
    box = page.get_by_role("textbox", name=field, exact=False).first
    box.fill(text)
    box.press("Tab")


def unfold(page: Page, title: str, inside: Locator) -> None:
    """Open a part; a page that is being drawn anew may close it once more."""
    for _attempt in range(5):
        page.get_by_text(title, exact=True).first.click()
        page.wait_for_timeout(2000)
        if inside.is_visible():
            return
    expect(inside).to_be_visible()


@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_the_inbox_is_read_on_a_laptop_and_on_a_phone(sign_in: SignIn, app: App, size: str) -> None:
    page = inbox(sign_in("quantri", LAPTOP if size == "laptop" else PHONE), app)
    for text in ("Đúng nếu", "Không đúng nếu", "bị báo sai khoảng"):
        expect(page.get_by_text(text, exact=False).first).to_be_visible()
    whole(page, f"inbox-{size}")
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 1, "the page is wider than the screen"


def test_from_new_to_confirmed_and_on_to_the_change_of_state(sign_in: SignIn, app: App) -> None:
    page = inbox(sign_in("quantri"), app)
    page.get_by_role("button", name="Tiếp nhận", exact=True).first.click()
    expect(page.get_by_text("đã tiếp nhận, đang xem", exact=False).first).to_be_visible()
    settled(page)

    account = page.get_by_role("combobox", name="Tài khoản", exact=False).first
    unfold(page, "Giao cho người khác", account)
    account.click()
    page.get_by_role("option", name="lanhdao", exact=False).first.click()
    write(page, "Việc cần làm", "Xem lại tại chỗ buổi tối")
    page.get_by_role("button", name="Giao", exact=True).click()
    expect(page.get_by_text("Đã giao lanhdao", exact=False).first).to_be_visible()
    settled(page)
    picture(page, "inbox-assigned")

    write(page, "Lý do (không ghi tên người", "Tuần tra buổi tối thấy lại dấu hiệu")
    page.get_by_role("button", name="Xác minh đúng", exact=True).first.click()
    expect(page.get_by_text("Việc tiếp theo", exact=False).first).to_be_visible()
    settled(page)
    expect(page.get_by_text("không phải là căn cứ để kiểm tra lại", exact=False)).to_be_visible()
    whole(page, "inbox-confirmed")

    page.get_by_role("button", name="Lệnh tuần tra", exact=False).click()
    expect(page.get_by_text("Có lệnh tuần tra trước ngày", exact=False).first).to_be_visible()
    settled(page)

    page.get_by_role("button", name="Ghi điểm tái hoạt động", exact=False).click()
    expect(page.locator("h1")).to_have_text("Điểm phức tạp")
    settled(page)
    expect(page.get_by_text(PLACE, exact=False).first).to_be_visible()
    # The form stands open on the state that the alert speaks of.
    expect(page.get_by_text("Trạng thái mới", exact=True)).to_be_visible()
    expect(page.get_by_text("có lệnh tuần tra trước ngày", exact=False).first).to_be_visible()
    picture(page, "inbox-state-change")


def test_notices_are_chosen_and_the_address_is_not_shown_again(sign_in: SignIn, app: App) -> None:
    page = inbox(sign_in("lanhdao"), app)
    unfold(page, "Nhận thông báo", page.get_by_text("Gửi ngay", exact=True))
    page.get_by_text("Gửi ngay", exact=True).click()
    write(page, "Thư cơ quan hoặc địa chỉ webhook", "https://ten:mat-khau@hooks.example/x")
    page.get_by_role("button", name="Lưu cách nhận").click()
    expect(page.get_by_text("không có trong danh sách được phép", exact=False)).to_be_visible()
    assert "mat-khau" not in page.inner_text("body")
    picture(page, "inbox-notices")
