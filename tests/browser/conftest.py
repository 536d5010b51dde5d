"""The running app and a browser that can reach nothing but this machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from app.config import Settings
from app.services.database import demo_accounts
from tests.paths import ROOT

SCREENS = ROOT / "var" / "screens"
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
# The machines are shared and noisy: what a page shows is expected, not how soon.
expect.set_options(timeout=30_000)


@dataclass
class App:
    """A running app: where it listens, its data folder, and the hosts that pages asked for in vain."""

    url: str
    data: Path
    foreign: list[str] = field(default_factory=list)

    def password(self, account: str) -> str:
        """The one-time password of an account of the demonstration."""
        rows = {name: password for name, password, _role in demo_accounts(Settings(data=self.data))}
        return rows[account]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(data: Path, *options: str) -> Iterator[App]:
    """The app on a free port over a data folder, until the block ends."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DIABAN_", "STREAMLIT_"))}
    environment["DIABAN_DATA"] = str(data)
    data.mkdir(parents=True, exist_ok=True)
    with (data / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", str(port), *options],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        try:
            app = App(f"http://127.0.0.1:{port}", data)
            wait_until_it_answers(app, process)
            yield app
        finally:
            process.terminate()
            process.wait(15)


def wait_until_it_answers(app: App, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError((app.data / "server.log").read_text(encoding="utf-8"))
        try:
            urllib.request.urlopen(f"{app.url}/auth/login", timeout=2).read()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError((app.data / "server.log").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def app(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app over a copy of the demonstration, shared by the tests of a run."""
    data = tmp_path_factory.mktemp("browser") / "data"
    shutil.copytree(demo_folder, data)
    with served(data) as running:
        yield running


def open_context(browser: Browser, app: App, viewport: dict[str, int]) -> BrowserContext:
    """A fresh browser profile that reaches this machine alone; what else it asks for is written down."""
    context = browser.new_context(viewport=viewport, locale="vi-VN")  # type: ignore[arg-type]

    def only_here(route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            app.foreign.append(route.request.url)
            route.abort()

    context.route("**/*", only_here)
    return context


SignIn = Callable[..., Page]


def signed_in(context: BrowserContext, app: App, account: str) -> Page:
    """A page of the profile after signing in as an account of the demonstration."""
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(app.url)
    page.fill("#name", account)
    page.fill("#password", app.password(account))
    page.click("button")
    return settled(page)


@pytest.fixture
def sign_in(browser: Browser, app: App) -> Iterator[SignIn]:
    """Sign in as an account of the demonstration; gives the page it lands on."""
    contexts: list[BrowserContext] = []

    def enter(account: str = "quantri", viewport: dict[str, int] = LAPTOP) -> Page:
        context = open_context(browser, app, viewport)
        contexts.append(context)
        return signed_in(context, app, account)

    yield enter
    for context in contexts:
        context.close()
    assert app.foreign == [], "a page asked for another host"


def settled(page: Page) -> Page:
    """The page once Streamlit has drawn it and rests."""
    page.wait_for_selector("[data-testid=stAppViewContainer] h1")
    page.wait_for_selector("[data-testid=stStatusWidget]", state="detached")
    page.wait_for_timeout(300)
    return page


def picture(page: Page, name: str) -> Path:
    """Keep a picture of the page as build output."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    file = SCREENS / f"{name}.png"
    page.screenshot(path=file)
    return file
