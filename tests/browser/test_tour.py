"""The five-minute tour in a real browser, on a machine without internet."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect

from tests.browser.conftest import (
    LAPTOP,
    PHONE,
    App,
    SignIn,
    open_context,
    picture,
    settled,
    signed_in,
)

PAGES = {
    "map": "Bản đồ",
    "premises": "Cơ sở",
    "hotspots": "Điểm phức tạp",
    "ward_systems": "Hệ thống phường",
    "alerts": "Cảnh báo",
    "signals": "Nguồn tin",
    "risk": "Mức độ nguy cơ",
    "borders": "Giáp ranh",
    "plan": "Lịch kiểm tra",
    "cases": "Hồ sơ kiểm tra",
    "fairness": "Cân bằng kiểm tra",
    "backtest": "Kiểm chứng",
    "import_premises": "Nhập từ tệp",
    "placing": "Đặt vị trí",
    "duplicates": "Cơ sở trùng",
    "candidates": "Địa điểm từ bản đồ mở",
    "meeting": "Họp rà soát địa bàn",
    "targets": "Chỉ tiêu",
    "compare_wards": "So sánh các phường",
    "figures": "Nhập số liệu",
    "tasks": "Nhiệm vụ",
    "reports": "Báo cáo",
    "my_account": "Tài khoản của tôi",
    "accounts": "Tài khoản",
    "audit": "Nhật ký",
    "keeping": "Dữ liệu và lưu giữ",
}
#: What an inspector or a patrol opens in the street.
IN_THE_STREET = ("map", "premises", "hotspots", "alerts", "signals", "risk", "plan")


#: Whether a canvas shows anything.
PAINTED = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v > 0)"


def go(page: Page, app: App, name: str) -> Page:
    # The map is the first page and has no name of its own in the address.
    page.goto(app.url if name == "map" else f"{app.url}/{name}")
    settled(page)
    expect(page.locator("h1")).to_have_text(PAGES[name])
    return page


def pick_first_row(page: Page) -> None:
    """Tick the first row of the table; the table is drawn on a canvas, so by its place."""
    table = page.locator("[data-testid=stDataFrame]").first
    # The table takes clicks a while after it is there, later on a busy machine.
    for _attempt in range(6):
        page.wait_for_timeout(1500)
        table.scroll_into_view_if_needed()
        box = table.locator("canvas").first.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 18, box["y"] + 52)
        try:
            page.locator("h3").first.wait_for(timeout=8_000)
        except TimeoutError:
            continue
        break
    settled(page)


def refuse_failures(page: Page) -> None:
    expect(page.locator("[data-testid=stException]")).to_have_count(0)


def test_without_a_session_every_page_leads_to_the_sign_in(sign_in: SignIn, app: App) -> None:
    page = sign_in()
    page.goto(f"{app.url}/auth/logout")
    for name in PAGES:
        page.goto(f"{app.url}/{name}")
        expect(page).to_have_url(re.compile("/auth/login$"))


def test_a_wrong_password_is_told_and_opens_nothing(sign_in: SignIn, app: App) -> None:
    page = sign_in()
    page.goto(f"{app.url}/auth/logout")
    page.fill("#name", "quantri")
    page.fill("#password", "không đúng")
    page.click("button")
    expect(page.get_by_role("alert")).to_contain_text("không đúng")
    picture(page, "sign-in")


@pytest.fixture(scope="module")
def screens(browser: Browser, app: App) -> Iterator[dict[str, Page]]:
    """The administrator's pages on a laptop and on a phone, signed in once."""
    contexts = {name: open_context(browser, app, size) for name, size in (("laptop", LAPTOP), ("phone", PHONE))}
    yield {name: signed_in(context, app, "quantri") for name, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize(
    "name, size", [*((name, "laptop") for name in PAGES), *((name, "phone") for name in IN_THE_STREET)]
)
def test_each_page_shows_itself_whole(screens: dict[str, Page], app: App, name: str, size: str) -> None:
    page = go(screens[size], app, name)
    page.wait_for_timeout(700)
    refuse_failures(page)
    expect(page.get_by_text("Có lỗi ngoài dự kiến", exact=False)).to_have_count(0)
    picture(page, f"{name}-{size}")
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 1, "the page is wider than the screen"


def test_the_demonstration_says_that_its_data_are_made_up(sign_in: SignIn) -> None:
    expect(sign_in().get_by_text("giả định", exact=False).first).to_be_visible()


def test_the_map_shows_wards_premises_hotspots_and_the_open_alert(sign_in: SignIn, app: App) -> None:
    page = go(sign_in(), app, "map")
    frame = page.frame_locator("iframe").first
    expect(frame.locator(".leaflet-container")).to_be_visible()
    for name in ("Phường Hà Đông", "Phường Kiến Hưng"):
        expect(frame.get_by_text(name).first).to_be_visible()
    for layer in ("Cơ sở theo loại hình", "Điểm phức tạp"):
        expect(frame.get_by_text(layer, exact=False).first).to_be_visible()
    # Premises are drawn on a canvas: something is on it.
    assert frame.locator("canvas").evaluate_all(f"all => all.some({PAINTED})")
    expect(page.get_by_role("button", name="Văn Khê", exact=False).first).to_be_visible()


def test_two_browser_tabs_do_not_overwrite_each_other(sign_in: SignIn, app: App) -> None:
    first, second = sign_in("quantri"), sign_in("quantri")
    for page in (first, second):
        go(page, app, "hotspots")
        pick_first_row(page)
        page.get_by_text("Sửa vùng và nhịp theo dõi").click()
    assert first.locator("h3").inner_text() == second.locator("h3").inner_text()
    for page, metres in ((first, "333"), (second, "444")):
        field = page.get_by_label("Bán kính theo dõi (m)")
        field.fill(metres)
        field.press("Tab")
        page.get_by_role("button", name="Lưu", exact=True).click()
        settled(page)
    expect(second.get_by_text("Người khác đã lưu trước bạn", exact=False)).to_contain_text("333")
    picture(second, "saved-by-another")


def test_an_alert_is_acknowledged_and_still_is_after_a_reload(sign_in: SignIn, app: App) -> None:
    page = go(sign_in("lanhdao"), app, "alerts")
    expect(page.get_by_text("mới", exact=False).first).to_be_visible()
    page.get_by_role("button", name="Tiếp nhận").first.click()
    expect(page.get_by_text("đã tiếp nhận, đang xem", exact=False).first).to_be_visible()
    page.reload()
    settled(page)
    expect(page.get_by_text("đã tiếp nhận, đang xem", exact=False).first).to_be_visible()
    picture(page, "alert-acknowledged")


def test_signing_out_ends_in_the_same_tab(sign_in: SignIn) -> None:
    page = sign_in()
    page.get_by_role("link", name="Đăng xuất").click()
    expect(page).to_have_url(re.compile("/auth/login$"))
    assert len(page.context.pages) == 1


def test_a_page_without_the_right_says_so(sign_in: SignIn, app: App) -> None:
    page = sign_in("nguoixem")
    page.goto(f"{app.url}/plan")
    settled(page)
    expect(page.locator("h1")).to_have_text("Lịch kiểm tra")
    expect(page.get_by_text("không có quyền xem trang này")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_an_alert_leads_to_its_hotspot(sign_in: SignIn, app: App) -> None:
    page = go(sign_in("lanhdao"), app, "alerts")
    name = page.locator("h3").first.inner_text()
    page.get_by_role("button", name="Mở điểm phức tạp").first.click()
    expect(page.locator("h1")).to_have_text("Điểm phức tạp")
    expect(page.locator("h3").first).to_have_text(name)
    page.wait_for_timeout(1500)
    picture(page, "alert-hotspot")


def test_the_switch_turns_the_pages_to_english(sign_in: SignIn, app: App) -> None:
    page = sign_in()
    page.get_by_role("radio", name="English").or_(page.get_by_role("button", name="English")).first.click()
    expect(page.locator("h1")).to_have_text("Map")
    settled(page)
    refuse_failures(page)
    picture(page, "map-english")
    page.reload()
    expect(page.locator("h1")).to_have_text("Map")


def test_a_viewer_is_not_offered_what_they_may_not_see(sign_in: SignIn) -> None:
    page = sign_in("nguoixem")
    expect(page.locator("h1")).to_have_text("Bản đồ")
    for hidden in ("Lịch kiểm tra", "Điểm phức tạp", "Mức độ nguy cơ"):
        expect(page.get_by_role("link", name=hidden)).to_have_count(0)
