"""A hotspot is drawn with the mouse and with a finger, changed and split, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import App, SignIn, picture, settled

pytestmark = pytest.mark.slow


def begin(page: Page, app: App) -> FrameLocator:
    page.goto(f"{app.url}/hotspots")
    settled(page)
    page.get_by_role("button", name="Điểm mới").click()
    settled(page)
    frame = page.frame_locator("iframe").first
    frame.get_by_role("button", name="Vẽ vùng").wait_for()
    # The map is fitted once it has its size.
    page.wait_for_timeout(1500)
    return frame


def middle(page: Page) -> tuple[float, float]:
    box = page.locator("iframe").first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def square(page: Page, frame: FrameLocator, half: float = 22) -> None:
    """Click the corners of an area in the middle of the map."""
    frame.get_by_role("button", name="Vẽ vùng").click()
    x, y = middle(page)
    for dx, dy in ((-half, -half), (half, -half), (half, half), (-half, half)):
        page.mouse.move(x + dx - 4, y + dy - 4)
        page.mouse.move(x + dx, y + dy)
        page.mouse.click(x + dx, y + dy)
        page.wait_for_timeout(150)


def save(page: Page, name: str) -> None:
    page.get_by_label("Tên điểm").fill(name)
    page.get_by_label("Lý do (không ghi tên người, số điện thoại)").fill("Có nguồn tin, chờ xác minh")
    page.get_by_role("button", name="Ghi điểm mới").click()
    expect(page.locator("h3").first).to_have_text(name)
    settled(page)


def test_an_area_is_drawn_on_the_map_saved_and_split(sign_in: SignIn, app: App) -> None:
    page = sign_in()
    frame = begin(page, app)
    square(page, frame)
    frame.get_by_role("button", name="Xong").click()
    expect(page.get_by_text("vùng", exact=False).filter(has_text="ha").first).to_be_visible()
    picture(page, "hotspot-drawn")
    save(page, "Khu vực vẽ thử trên bản đồ")
    page.wait_for_timeout(1500)
    picture(page, "hotspot-saved")
    page.reload()
    settled(page)
    expect(page.locator("h3").first).to_have_text("Khu vực vẽ thử trên bản đồ")
    page.get_by_role("button", name="Tách điểm").click()
    settled(page)
    frame.get_by_role("button", name="Vẽ nét cắt").wait_for()
    page.wait_for_timeout(1500)
    frame.get_by_role("button", name="Vẽ nét cắt").click()
    x, y = middle(page)
    for dy in (-250, 250):
        page.mouse.move(x - 4, y + dy)
        page.mouse.move(x, y + dy)
        page.mouse.click(x, y + dy)
        page.wait_for_timeout(200)
    frame.get_by_role("button", name="Xong").click()
    expect(page.get_by_label("Tên phần 2", exact=False)).to_be_visible()
    page.get_by_label("Lý do tách").fill("Hai khu khác nhau")
    picture(page, "hotspot-split")
    page.get_by_role("button", name="Tách điểm", exact=True).click()
    settled(page)
    expect(page.get_by_role("button", name="Điểm mới")).to_be_visible()


def test_a_corner_is_dragged_and_the_page_stays_where_it_was(sign_in: SignIn, app: App) -> None:
    page = sign_in()
    frame = begin(page, app)
    square(page, frame)
    frame.get_by_role("button", name="Xong").click()
    size = page.get_by_text("vùng", exact=False).filter(has_text="ha").first
    expect(size).to_be_visible()
    before = size.inner_text()
    corner = frame.locator(".leaflet-editing-icon").first.bounding_box()
    assert corner is not None
    x, y = corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 30, y - 30, steps=6)
    page.mouse.up()
    expect(size).not_to_have_text(before)
    # The stroke was not drawn anew under the hand.
    assert frame.locator(".leaflet-editing-icon").count() >= 8


def test_an_area_is_drawn_with_a_finger_on_a_phone(sign_in: SignIn, app: App) -> None:
    signed = sign_in(viewport={"width": 390, "height": 844})
    assert signed.context.browser is not None
    context = signed.context.browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="vi-VN",
        has_touch=True,
        is_mobile=True,
        storage_state=signed.context.storage_state(),
    )
    try:
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{app.url}/hotspots")
        settled(page)
        page.get_by_role("button", name="Điểm mới").tap()
        settled(page)
        frame = page.frame_locator("iframe").first
        frame.get_by_role("button", name="Vẽ vùng").wait_for()
        page.wait_for_timeout(1500)
        page.locator("iframe").first.scroll_into_view_if_needed()
        frame.get_by_role("button", name="Vẽ vùng").tap()
        box = page.locator("iframe").first.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + 220
        for dx, dy in ((-25, -25), (25, -25), (25, 25), (-25, 25)):
            page.touchscreen.tap(x + dx, y + dy)
            page.wait_for_timeout(350)
        frame.get_by_role("button", name="Xong").tap()
        expect(page.get_by_text("vùng", exact=False).filter(has_text="ha").first).to_be_visible()
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 1
        picture(page, "hotspot-drawn-phone")
    finally:
        context.close()
