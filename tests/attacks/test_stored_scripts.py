"""What somebody got into the database as a script never runs, fetches or leads anywhere, on whatever page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as BrowserError

from app.config import Settings
from tests.attacks.poison import ELSEWHERE, POISON, poison
from tests.browser.conftest import LAPTOP, App, open_context, served, settled, signed_in
from tests.browser.test_tour import PAGES
from tests.conftest import opened

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: Pages on which the first row of the table opens all that is known of it.
WITH_ROWS = frozenset({"premises", "hotspots", "risk", "cases", "borders", "tasks", "accounts"})
_TRAPPED = f"""() => [...document.querySelectorAll('a,img,iframe,script,link,form,[onerror]')]
    .filter((one) => one.hasAttribute('onerror') || ['href', 'src', 'action', 'data']
        .some((name) => (one.getAttribute(name) || '').includes('{ELSEWHERE}')))
    .map((one) => one.outerHTML)"""


@pytest.fixture(scope="module")
def poisoned(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    data = tmp_path_factory.mktemp("poisoned") / "data"
    shutil.copytree(demo_folder, data)
    store = opened(Settings(data=data))
    assert poison(store) > 60
    store.engine.dispose()
    with served(data) as running:
        yield running


def caught(page: Page) -> list[str]:
    """What ran or would run, in the page and in every frame of it."""
    found: list[str] = []
    for frame in page.frames:
        try:
            if frame.evaluate("window.__canary"):
                found.append(f"ran in {frame.url}")
            found += frame.evaluate(_TRAPPED)
        except BrowserError:
            # A frame that went away while its page was drawn anew.
            continue
    return found


def look_around(page: Page, name: str) -> None:
    """Open what is folded away, choose a row, hover over the map."""
    page.evaluate("document.querySelectorAll('details:not([open]) summary').forEach((one) => one.click())")
    settled(page)
    if name in WITH_ROWS and page.locator("[data-testid=stDataFrame]").count():
        page.wait_for_timeout(1200)
        box = page.locator("[data-testid=stDataFrame]").first.bounding_box()
        if box:
            page.mouse.click(box["x"] + 18, box["y"] + 52)
            page.wait_for_timeout(800)
    for picture in page.locator("iframe").all()[:1]:
        box = picture.bounding_box()
        for step in range(1, 6 if box else 0):
            page.mouse.move(box["x"] + box["width"] * step / 6, box["y"] + box["height"] / 2)
        if box:
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    settled(page)


def test_no_page_runs_fetches_or_leads_to_what_a_text_says(browser: Browser, poisoned: App) -> None:
    context = open_context(browser, poisoned, LAPTOP)
    page = signed_in(context, poisoned, "quantri")
    boxes: list[str] = []

    def dismissed(dialog: object) -> None:
        boxes.append(page.url)
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", dismissed)
    pictures: list[str] = []
    page.on("request", lambda request: pictures.append(request.url) if "canary" in request.url else None)
    found: dict[str, list[str]] = {}
    shown = 0
    for name in PAGES:
        page.goto(poisoned.url if name == "map" else f"{poisoned.url}/{name}")
        settled(page)
        look_around(page, name)
        if page.locator("[data-testid=stException]").count() or "ngoài dự kiến" in page.content():
            found.setdefault(name, []).append("the page failed")
        shown += "__canary" in page.content()
        if trapped := caught(page):
            found.setdefault(name, []).extend(trapped)
    context.close()
    assert shown >= 8, "the attack stood on the pages at all"
    assert (found, boxes, pictures, poisoned.foreign) == ({}, [], [], [])
    assert "__canary" in POISON
