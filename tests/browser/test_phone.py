"""The phone in the street: a day's stops, a bad line, the police, the patrol; on a screen of 390 x 844."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select

from app.config import Settings
from app.services.accounts import SYSTEM
from app.services.field_work import kept_report
from data.repositories.frames import current, frame
from data.store import LOCAL_ZONE, Store
from data.tables import Inspection, Patrol, PoliceHandover
from tests.browser.conftest import PHONE, SCREENS, App, open_context
from tests.conftest import opened
from tests.services.field_world import Planned, planned

#: So that each test has stops of its own.
_STOPS = 6
TYPED = "Lối thoát nạn tầng 3 bị khóa"


@dataclass
class Street:
    """The app with a plan of today, and a phone."""

    app: App
    store: Store
    world: Planned


@pytest.fixture(scope="module")
def street(app: App) -> Iterator[Street]:
    store = opened(Settings(data=app.data))
    # The running app goes by the clock on the wall; the demonstration holds at any later day.
    yield Street(app, store, planned(store, datetime.now(LOCAL_ZONE).date(), stops=_STOPS))
    store.engine.dispose()


SignIn = Callable[..., Page]


@pytest.fixture
def phone(browser: Browser, street: Street) -> Iterator[SignIn]:
    contexts = []

    def enter(account: str = "kiemtra-hadong", path: str = "/field") -> Page:
        context = open_context(browser, street.app, PHONE)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(street.app.url + path)
        sign_in(page, street.app, account)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert street.app.foreign == [], "a page asked for another host"


def sign_in(page: Page, app: App, account: str) -> None:
    page.fill("#name", account)
    page.fill("#password", app.password(account))
    page.click("button")


def picture(page: Page, name: str, *, whole: bool = True) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"phone-{name}.png", full_page=whole)


def open_stop(page: Page, street: Street, number: int) -> str:
    """Open the form of one of the day's stops and give the visit's id."""
    visit_id = street.world.visits[number]
    page.goto(f"{street.app.url}/field/visit/{visit_id}")
    page.get_by_text("Bắt đầu", exact=True).click()
    return visit_id


def answer_all(page: Page) -> None:
    page.get_by_text("Đã kiểm tra", exact=True).click()
    for item in page.locator(".checklist fieldset").all():
        item.get_by_text("Có", exact=True).click()


def find(page: Page) -> None:
    page.get_by_text("+ Vi phạm 1").click()
    page.select_option("#f1-kind", "fire")
    page.fill("#f1-text", TYPED)


def inspections(street: Street, visit_id: str) -> int:
    with street.store.read(SYSTEM) as work:
        return len(frame(work, current(Inspection).where(Inspection.visit_id == visit_id)))


def unreadable(page: Page) -> list[str]:
    """What is too small to hit with a thumb, or runs over the edge of the screen."""
    page.wait_for_load_state("load")
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, select, input, textarea')]
        .filter(one => one.getClientRects().length)
        .map(one => [one, (one.type === 'checkbox' ? one.closest('label') : one).getBoundingClientRect()])
        .filter(([one, box]) => box.height < 43.5 || box.right > innerWidth + 1)
        .map(([one]) => one.outerHTML.slice(0, 80))"""
    )
    if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
        found.append("the page is wider than the screen")
    return found


def test_the_days_list_leads_to_a_stop_and_everything_can_be_hit_with_a_thumb(
    phone: SignIn, street: Street
) -> None:
    page = phone()
    expect(page.locator("h1")).to_contain_text("Lượt hôm nay")
    expect(page.locator(".card")).to_have_count(_STOPS)
    assert unreadable(page) == []
    picture(page, "list")
    page.locator(".card").first.click()
    expect(page.get_by_text("45/QĐ-KT", exact=False)).to_be_visible()
    picture(page, "visit", whole=False)
    page.get_by_text("Bắt đầu", exact=True).click()
    answer_all(page)
    find(page)
    assert unreadable(page) == []
    picture(page, "visit-form")


def test_the_pages_hold_at_letters_of_twice_the_size(phone: SignIn, street: Street) -> None:
    page = phone()
    for path in ("/field", f"/field/visit/{street.world.visits[0]}"):
        page.goto(street.app.url + path)
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        if "visit" in path:
            page.get_by_text("Bắt đầu", exact=True).click()
            answer_all(page)
        assert unreadable(page) == []
        picture(page, f"large-{'visit' if 'visit' in path else 'list'}", whole=False)


def test_a_check_is_recorded_and_shown_as_done(phone: SignIn, street: Street) -> None:
    page = phone()
    visit_id = open_stop(page, street, 0)
    answer_all(page)
    find(page)
    page.get_by_text("Xong, gửi").click()
    expect(page.locator(".note.good")).to_contain_text("Đã kiểm tra")
    expect(page.get_by_text(TYPED)).to_be_visible()
    picture(page, "recorded")
    with street.store.read(SYSTEM) as work:
        kept = kept_report(work, visit_id)
    assert kept is not None and kept.findings[0].text == TYPED
    assert page.evaluate("Object.keys(localStorage).length") == 0
    page.get_by_text("Lượt tiếp theo").click()
    expect(page.locator(".card.done")).to_have_count(1)
    page.goto(f"{street.app.url}/field/visit/{visit_id}/correct")
    expect(page.locator("#f1-text")).to_have_value(TYPED)
    picture(page, "correct", whole=False)


def test_an_item_without_an_answer_is_pointed_at(phone: SignIn, street: Street) -> None:
    page = phone()
    visit_id = open_stop(page, street, 1)
    page.get_by_text("Đã kiểm tra", exact=True).click()
    page.get_by_text("Xong, gửi").click()
    expect(page.get_by_text("Còn mục chưa trả lời.")).to_be_attached()
    page.get_by_text("Đóng cửa khi đến", exact=True).click()
    expect(page.locator(".checklist")).to_be_hidden()
    assert inspections(street, visit_id) == 0


def test_what_was_typed_survives_a_reload(phone: SignIn, street: Street) -> None:
    page = phone()
    open_stop(page, street, 1)
    answer_all(page)
    find(page)
    page.reload()
    expect(page.locator("#f1-text")).to_have_value(TYPED)
    expect(page.locator("#f1-text")).to_be_visible()
    expect(page.locator("[name=outcome][value=checked]")).to_be_checked()
    assert page.locator("[name=started]").input_value()
    expect(page.get_by_text("Đã khôi phục", exact=False)).to_be_visible()


def test_a_send_that_fails_waits_and_goes_when_the_line_is_back_once(phone: SignIn, street: Street) -> None:
    page = phone()
    visit_id = open_stop(page, street, 2)
    answer_all(page)
    find(page)
    page.context.set_offline(True)
    page.get_by_text("Xong, gửi").click()
    expect(page.get_by_text("Chưa gửi được, sẽ thử lại.")).to_be_visible()
    picture(page, "unsent", whole=False)
    assert inspections(street, visit_id) == 0
    page.context.set_offline(False)
    expect(page.locator(".note.good")).to_contain_text("Đã kiểm tra")
    assert inspections(street, visit_id) == 1


def test_an_answer_that_gets_lost_does_not_make_two(phone: SignIn, street: Street) -> None:
    page = phone()
    visit_id = open_stop(page, street, 3)
    page.get_by_text("Đóng cửa khi đến", exact=True).click()
    lost = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/field/visit/*", lose)
    page.get_by_text("Xong, gửi").click()
    page.get_by_text("Gửi lại ngay").click()
    expect(page.locator(".note.good")).to_contain_text("Đóng cửa khi đến")
    assert lost == [200]
    assert inspections(street, visit_id) == 1


def refuse(route: Route) -> None:
    """No form gets through; pages do."""
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


def test_an_unsent_report_goes_from_the_list_too(phone: SignIn, street: Street) -> None:
    page = phone()
    visit_id = open_stop(page, street, 4)
    page.get_by_text("Đóng cửa khi đến", exact=True).click()
    page.route("**/field/visit/*", refuse)
    page.get_by_text("Xong, gửi").click()
    expect(page.get_by_text("Chưa gửi được, sẽ thử lại.")).to_be_visible()
    page.goto(f"{street.app.url}/field")
    expect(page.locator("#outbox")).to_contain_text("Chưa gửi được")
    picture(page, "outbox", whole=False)
    page.unroute("**/field/visit/*")
    page.get_by_text("Gửi lại ngay").click()
    expect(page.locator(f".card.done[href$='{visit_id}']")).to_be_visible()


def test_after_the_session_is_over_the_draft_waits_behind_the_sign_in(phone: SignIn, street: Street) -> None:
    page = phone()
    visit_id = open_stop(page, street, 5)
    answer_all(page)
    find(page)
    page.context.clear_cookies(name="diaban_session")
    page.get_by_text("Xong, gửi").click()
    page.get_by_text("Đăng nhập lại").click()
    sign_in(page, street.app, "kiemtra-hadong")
    # Back at the form, with what waited: it goes by itself.
    expect(page.locator(".note.good")).to_contain_text("Đã kiểm tra")
    expect(page.get_by_text(TYPED)).to_be_visible()
    assert inspections(street, visit_id) == 1


def test_handing_over_to_the_police_wipes_the_draft(phone: SignIn, street: Street) -> None:
    page = phone()
    visit_id = open_stop(page, street, 1)
    find_first = page.get_by_text("Đã kiểm tra", exact=True)
    find_first.click()
    find(page)
    assert page.evaluate("Object.keys(localStorage).join()").endswith(visit_id)
    page.get_by_text("Chuyển công an ngay").click()
    expect(page.get_by_role("link", name="Gọi 113")).to_have_attribute("href", "tel:113")
    assert unreadable(page) == []
    picture(page, "police", whole=False)
    page.fill("#receipt", "07/BN")
    page.get_by_role("button", name="Đã chuyển").click()
    expect(page.get_by_text("Đã ghi giờ chuyển", exact=False)).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).length") == 0
    with street.store.read(SYSTEM) as work:
        rows = work.session.scalars(select(PoliceHandover)).all()
    assert [one.receipt_number for one in rows] == ["07/BN"]
    page.goto(f"{street.app.url}/field/visit/{visit_id}")
    expect(page.locator("#f1-text")).to_have_value("")


def test_without_scripts_the_form_is_a_plain_one(browser: Browser, street: Street) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    visit_id = street.world.visits[1]
    page.goto(f"{street.app.url}/field/visit/{visit_id}")
    sign_in(page, street.app, "kiemtra-hadong")
    page.get_by_text("Bắt đầu", exact=True).click()
    answer_all(page)
    page.get_by_text("Xong, gửi").click()
    expect(page.locator(".note.good")).to_contain_text("Đã kiểm tra")
    context.close()
    assert inspections(street, visit_id) == 1


def test_the_printed_sheet_fits_the_paper(phone: SignIn, street: Street) -> None:
    page = phone()
    page.set_viewport_size({"width": 794, "height": 1123})
    page.goto(f"{street.app.url}/field/visit/{street.world.visits[0]}/sheet")
    page.emulate_media(media="print")
    expect(page.get_by_text("ký, ghi rõ họ tên").first).to_be_visible()
    expect(page.locator("header")).to_be_hidden()
    picture(page, "sheet")
    SCREENS.mkdir(parents=True, exist_ok=True)
    paper = page.pdf(path=str(SCREENS / "phone-sheet.pdf"), prefer_css_page_size=True)
    assert len(re.findall(rb"/Type */Page[^s]", paper)) == 1


def test_a_patrol_is_told_in_three_taps(phone: SignIn, street: Street) -> None:
    page = phone("congan-duongnoi", "/patrol")
    assert unreadable(page) == []
    picture(page, "patrol-list")
    page.locator(".card").first.click()
    assert unreadable(page) == []
    picture(page, "patrol")
    page.get_by_text("Không có dấu hiệu – ghi").click()
    expect(page.get_by_text("Đã ghi lần tuần tra.")).to_be_visible()
    page.locator(".card").first.click()
    page.get_by_text("Cơ sở đã đóng nay mở lại".lower(), exact=False).click()
    page.get_by_text("Có dấu hiệu – ghi", exact=True).click()
    expect(page.get_by_text("Đã ghi lần tuần tra.")).to_be_visible()
    with street.store.read(SYSTEM) as work:
        rows = work.session.scalars(select(Patrol).where(Patrol.client_key.is_not(None))).all()
    assert sorted(str(one.sign_kind) for one in rows) == ["None", "reopened"]


def test_here_finds_the_nearest_place_of_the_list(phone: SignIn, street: Street) -> None:
    page = phone("congan-duongnoi", "/patrol")
    last = page.locator(".card").last
    lon, lat = (float(last.get_attribute(f"data-{name}") or 0) for name in ("lon", "lat"))
    wanted = last.get_attribute("href") or ""
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": lon, "latitude": lat})
    page.get_by_text("Tôi đang ở đây").click()
    page.wait_for_url(f"**{wanted}")
    assert float(page.locator("[name=lon]").input_value()) == pytest.approx(lon)
