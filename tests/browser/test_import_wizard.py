"""A messy workbook goes into the register and out again, and one of its premises is placed by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import App, SignIn, picture, settled

OWNER, PHONE_NUMBER = "Nguyễn Văn Mẫu", "0912345678"
HEADER = (
    "STT",
    "Tên CSKD",
    "Chủ cơ sở",
    "SĐT",
    "Ngành nghề",
    "Đ/c",
    "Địa bàn",
    "Giấy phép",
    "Ngày cấp",
    "Buồng hát",
)

pytestmark = pytest.mark.slow
ROWS = 24


def row(
    number: int, kind: str = "nhà nghỉ", address: str = "", issued: Any = date(2015, 3, 9)
) -> tuple[Any, ...]:
    name = f"{kind} Thử Nghiệm {number}"
    place = address or f"Số {number} Quang Trung"
    return (number, name, OWNER, PHONE_NUMBER, kind, place, "Hà Đông", f"01H8{number:06}", issued, 6)


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """A workbook as an office keeps it: a sheet of notes first, merged titles, a total, two rows with mistakes
    and one address that nobody can find."""
    book = Workbook()
    book.active.append(["Ghi chú nội bộ"])
    sheet = book.create_sheet("DS quý III")
    for title in ("UBND QUẬN HÀ ĐÔNG", "DANH SÁCH CƠ SỞ KINH DOANH CÓ ĐIỀU KIỆN"):
        sheet.append([title])
        sheet.merge_cells(
            start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=len(HEADER)
        )
    sheet.append(HEADER)
    for number in range(1, ROWS - 2):
        sheet.append(row(number, "karaoke" if number % 3 else "nha nghi", issued="09/03/2015"))
    sheet.append(row(ROWS - 2, "tiệm vàng"))
    sheet.append(row(ROWS - 1, issued="31/02/2019"))
    sheet.append(row(ROWS, address="Tổ dân phố không ai biết"))
    sheet.append([None, f"Tổng cộng: {ROWS}"])
    file = tmp_path / "danh-sach.xlsx"
    book.save(file)
    return file


def open_page(page: Page, app: App, name: str, title: str) -> None:
    page.goto(f"{app.url}/{name}")
    settled(page)
    expect(page.locator("h1")).to_have_text(title)


def upload(page: Page, file: Path) -> None:
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Xem trước").wait_for()
    settled(page)


def import_it(page: Page) -> None:
    """From the columns to the result, with the look at each step that a person would take."""
    page.get_by_role("button", name="Xem trước").click()
    for tab in (f"Sẽ lưu ({ROWS - 2})", "Không nhận (2)"):
        page.get_by_role("tab", name=tab).wait_for()
    settled(page)
    picture(page, "import-preview")
    take_in = page.get_by_role("button", name=f"Nhập {ROWS - 2} cơ sở")
    expect(take_in).to_be_disabled()
    page.get_by_text("Nhập thử vào bản minh họa").click()
    take_in.click()
    page.get_by_text(f"Đã nhập: thêm {ROWS - 2} cơ sở").wait_for()
    settled(page)
    picture(page, "import-done")


def choose(page: Page, label: str, option: str) -> None:
    field = page.get_by_role("combobox", name=label)
    field.click()
    field.fill(option)
    page.get_by_role("option", name=option, exact=True).click()
    settled(page)


def undo_import(page: Page) -> None:
    page.get_by_role("button", name="Hoàn tác").first.click()
    page.get_by_role("button", name="Hoàn tác cả lượt nhập").click()
    page.get_by_text(f"Đã hoàn tác: rút {ROWS - 2} cơ sở").wait_for()
    settled(page)


def the_map(page: Page) -> FrameLocator:
    frame = page.frame_locator("iframe").first
    expect(frame.locator(".leaflet-container")).to_be_visible()
    # The layer of this premises is on the map once its pointer has changed.
    expect(frame.locator(".leaflet-container")).to_have_css("cursor", "crosshair")
    return frame


def test_a_messy_workbook_comes_in_and_goes_out_again(sign_in: SignIn, app: App, messy: Path) -> None:
    page = sign_in()
    open_page(page, app, "import_premises", "Nhập từ tệp")
    upload(page, messy)
    expect(page.get_by_role("combobox", name="Cột Chủ cơ sở là")).to_have_value("không lấy: thông tin cá nhân")
    expect(page.get_by_role("combobox", name="Cột Ngành nghề là")).to_have_value("Loại hình")
    expect(page.get_by_text(OWNER)).to_have_count(0)
    choose(page, "Cột Buồng hát là", "Số phòng")
    picture(page, "import-columns")
    import_it(page)
    undo_import(page)
    picture(page, "import-undone")
    # What was said of a column is known again.
    upload(page, messy)
    expect(page.get_by_role("combobox", name="Cột Buồng hát là")).to_have_value("Số phòng")


def test_a_premises_is_placed_by_a_click_and_put_back_by_a_key(sign_in: SignIn, app: App, messy: Path) -> None:
    page = sign_in()
    open_page(page, app, "import_premises", "Nhập từ tệp")
    upload(page, messy)
    import_it(page)
    page.get_by_role("link", name="Đặt vị trí").last.click()
    expect(page.locator("h1")).to_have_text("Đặt vị trí")
    # What has no place at all comes first.
    unknown = f"nhà nghỉ Thử Nghiệm {ROWS}"
    expect(page.locator("h4").first).to_have_text(unknown)
    box = the_map(page).locator(".leaflet-container").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
    told = page.get_by_text(f"Đã đặt {unknown}")
    expect(told).to_contain_text("Phường")
    settled(page)
    picture(page, "placing-placed")
    page.keyboard.press("z")
    expect(told).to_have_count(0)
    expect(page.locator("h4").first).to_have_text(unknown)
