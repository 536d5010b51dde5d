"""Plan next week, move two stops, approve as the leader, print: in a real browser; on a phone too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import LAPTOP, PHONE, App, SignIn, picture, settled
from tests.browser.test_tour import PAINTED, refuse_failures

pytestmark = pytest.mark.slow

#: Under a busy machine a search and what comes before it take their time.
SLOW_MS = 120_000


def go(page: Page, app: App) -> Page:
    page.goto(f"{app.url}/plan")
    settled(page)
    expect(page.locator("h1")).to_have_text("Lịch kiểm tra")
    return page


def the_map(page: Page) -> FrameLocator:
    frame = page.frame_locator("iframe").first
    expect(frame.locator(".map-stop").first).to_be_visible(timeout=SLOW_MS)
    return frame


def scroll(page: Page, to: int) -> None:
    page.evaluate(f"document.querySelector('[data-testid=stMain]').scrollTo(0, {to})")
    page.wait_for_timeout(400)


def plan_next_week(page: Page, seconds: int) -> None:
    """Ask for a plan of next week and wait until it is shown."""
    field = page.get_by_label("Thời gian tính (giây)").first
    field.wait_for(state="attached")
    page.wait_for_timeout(500)
    if not field.is_visible():
        page.get_by_text("Lập lịch mới").click()
    field.fill(str(seconds))
    field.press("Tab")
    settled(page)
    page.get_by_role("button", name="Lập kế hoạch", exact=True).click()
    expect(page.get_by_text("lịch tốt nhất đến lúc này", exact=False)).to_be_visible(timeout=SLOW_MS)
    picture(page, "plan-searching")


def pick_on_map(page: Page, number: int) -> str:
    """Click a stop on the map; gives the name of the premises that the page then explains."""
    before = page.locator("h3").first.inner_text() if page.locator("h3").count() else ""
    stop = the_map(page).locator(".leaflet-marker-icon:has(.map-stop)").nth(number)
    stop.dispatch_event("click")
    expect(page.locator("h3").first).not_to_have_text(before or "-", timeout=SLOW_MS)
    settled(page)
    return str(page.locator("h3").first.inner_text())


def move_to_another_day(page: Page) -> None:
    """Move the stop that is picked to the first other day on which that is legal, having seen the price."""
    page.get_by_text("Chuyển đội, ngày").click()
    day = page.locator("[class*=st-key-plan-to-day] input")
    expect(day).to_be_visible(timeout=SLOW_MS)
    settled(page)
    now = day.input_value()
    day.click()
    expect(page.locator("[role=option]").first).to_be_visible()
    days = [text for text in page.locator("[role=option]").all_inner_texts() if text.strip() != now]
    page.keyboard.press("Escape")
    confirm = page.get_by_role("button", name="Xác nhận")
    for text in days:
        day.click()
        page.locator("[role=option]").filter(has_text=text).first.click()
        expect(confirm).to_be_visible(timeout=SLOW_MS)
        settled(page)
        if confirm.is_enabled():
            break
    expect(page.get_by_text("vẫn đúng luật", exact=False).first).to_be_visible()
    confirm.click()
    expect(page.get_by_text("Đã sửa lịch").first).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text("Đã sửa lịch")).to_have_count(0, timeout=SLOW_MS)
    settled(page)


def prepared(page: Page, name: str, to: Path) -> bytes:
    """A file of the plan as it is taken from the page."""
    field = page.locator("[class*=st-key-plan-output] input")
    option = page.locator("[role=option]").filter(has_text=name).first
    for _attempt in range(5):
        # A page that is drawn anew goes back to its first tab.
        page.get_by_role("tab", name="In, tải về").click()
        settled(page)
        if not field.is_visible():
            continue
        field.scroll_into_view_if_needed()
        field.fill(name)
        page.wait_for_timeout(1000)
        if option.is_visible():
            break
    expect(option).to_be_visible()
    field.press("Enter")
    settled(page)
    page.get_by_role("button", name="Chuẩn bị tệp").click()
    ready = page.get_by_role("button", name=re.compile(rf"Tải .*{re.escape(to.suffix)}"))
    expect(ready).to_be_visible(timeout=SLOW_MS)
    with page.expect_download() as waiting:
        ready.click()
    waiting.value.save_as(to)
    return to.read_bytes()


def test_plan_next_week_move_two_stops_approve_print(sign_in: SignIn, app: App, tmp_path: Path) -> None:
    page = go(sign_in("lichkiemtra"), app)
    plan_next_week(page, seconds=4)
    frame = the_map(page)
    # The lines between the stops, their arrows and the hatched sweeps are drawn on the canvas below them.
    assert frame.locator("canvas").evaluate_all(f"all => all.some({PAINTED})")
    expect(page.get_by_text(re.compile(r"\d+ đợt kiểm tra chung"))).to_be_visible()
    settled(page)
    refuse_failures(page)
    picture(page, "plan-made")

    moved = []
    for number in (4, 9):
        moved.append(pick_on_map(page, number))
        scroll(page, 320)
        move_to_another_day(page)
        picture(page, f"plan-moved-{len(moved)}")
    assert moved[0] != moved[1]

    page.get_by_role("tab", name="Lịch sử").click()
    expect(page.get_by_text("Thay đổi bằng tay")).to_be_visible(timeout=SLOW_MS)
    settled(page)
    refuse_failures(page)

    leader = go(sign_in("lanhdao"), app)
    the_map(leader)
    leader.get_by_role("button", name="Phê duyệt").click()
    leader.get_by_label("Số văn bản phê duyệt").fill("45/KH-UBND")
    leader.get_by_role("button", name="Phê duyệt lịch").click()
    expect(leader.get_by_text("Đã phê duyệt lịch.")).to_be_visible(timeout=SLOW_MS)
    expect(leader.get_by_text("45/KH-UBND").first).to_be_visible()
    settled(leader)
    refuse_failures(leader)
    picture(leader, "plan-approved")

    leader.get_by_role("tab", name="In, tải về").click()
    settled(leader)
    assert prepared(leader, "Bản đồ để in", tmp_path / "plan.pdf").startswith(b"%PDF")
    assert prepared(leader, "Kế hoạch kiểm tra, bản công khai", tmp_path / "plan.docx").startswith(b"PK")
    picture(leader, "plan-printed")


def test_a_plan_is_readable_on_a_phone(sign_in: SignIn, app: App) -> None:
    for size, name in ((PHONE, "phone"), (LAPTOP, "laptop")):
        page = go(sign_in("lichkiemtra", viewport=size), app)
        the_map(page)
        for tab in ("Độ bao phủ", "Thời gian biểu"):
            page.get_by_role("tab", name=tab).click()
            settled(page)
            refuse_failures(page)
            overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 1, f"{tab}: the page is wider than the screen"
        the_map(page)
        picture(page, f"plan-made-{name}")
        scroll(page, 99_999)
        page.wait_for_timeout(800)
        picture(page, f"plan-timetable-{name}")


def test_a_search_is_stopped_and_its_best_plan_kept(sign_in: SignIn, app: App) -> None:
    page = go(sign_in("quantri"), app)
    plan_next_week(page, seconds=280)
    stop = page.get_by_role("button", name="Dừng, lấy lịch tốt nhất")
    stop.click()
    expect(page.get_by_text("lịch tốt nhất đến lúc này", exact=False)).to_have_count(0, timeout=SLOW_MS)
    the_map(page)
    expect(page.get_by_text("lập bởi quantri", exact=False).first).to_be_visible(timeout=SLOW_MS)
    refuse_failures(page)
