"""The whole server on one machine: sign in, upload a register, scan; one replica dies and the work goes on."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from app.config import Settings
from app.services import accounts, backup
from app.services.clock import today
from app.services.doctor import examine
from app.services.system import SYSTEM
from app.web.session_cookie import SESSION_COOKIE
from data import audit
from data.engine import open_engine
from data.repositories import alerts
from data.store import Store
from data.tables import Premises
from tests.browser.conftest import LAPTOP, free_port, settled
from tests.paths import ROOT
from tests.services.register_world import TITLES, fill, row
from tests.unit.data.register_files import workbook

NAME, PASSWORD = "quantri", "mot-mat-khau-dai-8264"
SLOW_MS = 60_000
TEMPLATES = ROOT / "deploy"


@dataclass
class Running:
    """A server that was started by the script: where it listens, its folder, the database behind it."""

    port: int
    folder: Path
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def settings(self) -> Settings:
        """What a command of the office's keeper works with."""
        lines = (self.folder / "data" / "commands.env").read_text(encoding="utf-8").splitlines()
        named = dict(line.removeprefix("export DIABAN_").split("=", 1) for line in lines)
        values = {name: value.strip("'") for name, value in named.items()}
        return Settings(database_url=values["DATABASE_URL"], data=Path(values["DATA"]))

    def replicas(self) -> list[tuple[int, int]]:
        """Process and port of each replica."""
        files = sorted((self.folder / "run").glob("replica-*.pid"))
        return [(int(pid), int(port)) for pid, port in (file.read_text().split() for file in files)]

    def ask(self, path: str, host: str = "localhost", **headers: str) -> http.client.HTTPResponse:
        """What nginx answers to a request under a name."""
        outside = ssl.create_default_context()
        outside.check_hostname, outside.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=outside)
        connection.request("GET", path, headers={"Host": f"{host}:{self.port}", **headers})
        return connection.getresponse()


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    folder = Path(tempfile.mkdtemp(prefix="diaban-server-"))
    folder.chmod(0o755)
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DIABAN_", "STREAMLIT_"))}
    with (folder / "out").open("w+") as out:
        process = subprocess.Popen(
            [sys.executable, ROOT / "deploy" / "start-server", folder, "--port", str(port), "--once"],
            env=environment | {"OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=out,
            text=True,
        )
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said.strip() == f"https://localhost:{port}", (folder / "out").read_text()
            running = Running(port, folder, process)
            store = Store(open_engine(running.settings().url()))
            fill(store)
            accounts.create_first_account(store, NAME, PASSWORD)
            store.engine.dispose()
            yield running
        finally:
            process.terminate()
            process.wait(40)
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=LAPTOP, locale="vi-VN", ignore_https_errors=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(SLOW_MS)
    yield page
    context.close()


def sign_in(page: Page, server: Running) -> None:
    page.goto(server.url)
    page.fill("#name", NAME)
    page.fill("#password", PASSWORD)
    page.click("button")
    settled(page)


def upload(page: Page, server: Running, file: Path) -> None:
    page.goto(f"{server.url}/import_premises")
    settled(page)
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_role("button", name="Nhập 5 cơ sở").click()
    page.get_by_text("Đã nhập: thêm 5 cơ sở").wait_for()


def kill_the_replica_of(page: Page, server: Running) -> None:
    """Kill the process that the page is connected to, as a crash would."""
    for process, port in server.replicas():
        with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            if b"diaban_open_pages 0\n" not in answer.read():
                os.kill(process, signal.SIGKILL)
                return
    raise AssertionError("no replica has a page open")


def scan(page: Page, server: Running) -> None:
    page.goto(f"{server.url}/alerts")
    settled(page)
    page.get_by_role("button", name="Rà soát ngay").click()
    page.get_by_text("Cảnh báo mới:").wait_for()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.database
@pytest.mark.xdist_group("browser")
@pytest.mark.timeout(240)
def test_a_replica_dies_and_the_work_goes_on_after_a_reload(
    server: Running, page: Page, tmp_path: Path
) -> None:
    register = workbook(tmp_path / "danh-sach.xlsx", [TITLES, *(row(number) for number in range(1, 6))])
    sign_in(page, server)
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies[SESSION_COOKIE]["secure"] and cookies[SESSION_COOKIE]["httpOnly"]
    upload(page, server, register)
    kill_the_replica_of(page, server)
    page.reload()
    settled(page)
    expect(page.locator("h1")).to_have_text("Nhập từ tệp")
    scan(page, server)
    with closing(page.context):
        pass
    store = Store(open_engine(server.settings().url()))
    with store.read(SYSTEM) as work:
        assert work.session.scalar(select(func.count()).select_from(Premises)) == 5
        assert audit.first_broken(work.session) is None
        told = audit.last_number(work.session)
        assert alerts.last_scan(work) == today()
    # The keeper's commands work while everybody else does.
    file = tmp_path / "today.backup"
    assert backup.back_up(store, SYSTEM, file)["last_entry"] == told
    assert [one.name for one in examine(server.settings(), SYSTEM) if one.level == "problem"] == []
    store.engine.dispose()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.database
@pytest.mark.xdist_group("browser")
def test_what_stands_before_the_app_lets_through_what_it_should(server: Running) -> None:
    assert server.ask("/health").status == 200
    home = server.ask("/", accept="text/html")
    assert home.status in (302, 303, 307)
    assert home.getheader("location") == "/auth/login"
    for header in ("content-security-policy", "strict-transport-security", "x-content-type-options"):
        assert len(home.headers.get_all(header) or []) == 1, header
    # Under another name there is no answer, so that no link can be made to lead elsewhere.
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        server.ask("/", host="elsewhere.example")
    with closing(socket.create_connection(("127.0.0.1", server.port + 1), timeout=10)) as plain:
        plain.sendall(b"GET /plan HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n")
        answer = plain.recv(4096).decode()
    assert f"Location: https://localhost:{server.port}/plan" in answer


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.database
@pytest.mark.xdist_group("browser")
def test_guessing_passwords_is_slowed_down_before_it_reaches_the_app(server: Running) -> None:
    outside = ssl.create_default_context()
    outside.check_hostname, outside.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=20, context=outside)
    answers = []
    for _attempt in range(20):
        headers = {"Host": f"localhost:{server.port}", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/auth/login", body="name=x&password=x", headers=headers)
        answer = connection.getresponse()
        answer.read()
        answers.append(answer.status)
    assert 429 in answers
    assert 429 not in answers[:10]
    # Reading the page is no guess.
    assert server.ask("/auth/login").status == 200


def test_the_templates_know_the_cookie_by_which_a_browser_stays_with_its_replica() -> None:
    text = (TEMPLATES / "nginx.conf").read_text(encoding="utf-8")
    assert f"$cookie_{SESSION_COOKIE}" in text
    assert "pool_mode = transaction" in (TEMPLATES / "pgbouncer.ini").read_text(encoding="utf-8")
