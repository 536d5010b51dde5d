"""The plain pages: nobody gets in without signing in, nothing is taken from another site's form."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app import runtime as running
from app import web
from app.config import Settings
from app.main import MIDDLEWARE, ROUTES
from app.services.database import demo_accounts

PAGE = {"accept": "text/html"}


def client_of(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, host: str = "127.0.0.1", base: str = "http://127.0.0.1"
) -> TestClient:
    """A browser at ``host`` before the app's own routes; "/" stands for Streamlit's pages.

    It says, as browsers do, that a page of our own sent it.
    """
    runtime = running.Runtime(settings)
    monkeypatch.setattr(running, "runtime", lambda: runtime)
    monkeypatch.setattr(web, "runtime", lambda: runtime)
    inside = [
        Route(path, _inside, methods=["GET", "PUT"]) for path in ("/", "/media/a.csv", "/_stcore/upload_file/a")
    ]
    application = Starlette(routes=[*ROUTES, *inside], middleware=MIDDLEWARE)
    return TestClient(
        application,
        base_url=base,
        follow_redirects=False,
        client=(host, 50000),
        headers={"sec-fetch-site": "same-origin"},
    )


def _inside(request: Request) -> PlainTextResponse:
    return PlainTextResponse("inside")


@pytest.fixture
def demo_client(monkeypatch: pytest.MonkeyPatch, own_demo_settings: Settings) -> Iterator[TestClient]:
    with client_of(monkeypatch, own_demo_settings) as client:
        yield client


@pytest.fixture
def new_client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[TestClient]:
    with client_of(monkeypatch, Settings(data=tmp_path)) as client:
        yield client


def csrf(client: TestClient, path: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def password(settings: Settings, account: str) -> str:
    return {name: word for name, word, _role in demo_accounts(settings)}[account]


def sign_in(client: TestClient, settings: Settings) -> None:
    fields = {"name": "quantri", "password": password(settings, "quantri"), "csrf": csrf(client, "/auth/login")}
    assert client.post("/auth/login", data=fields).headers["location"] == "/"


def test_a_page_without_a_session_leads_to_the_sign_in(demo_client: TestClient) -> None:
    assert demo_client.get("/", headers=PAGE).headers["location"] == "/auth/login"


def test_signing_in_opens_the_pages_and_signing_out_closes_them(
    demo_client: TestClient, own_demo_settings: Settings
) -> None:
    sign_in(demo_client, own_demo_settings)
    assert demo_client.get("/", headers=PAGE).text == "inside"
    demo_client.get("/auth/logout")
    assert demo_client.get("/", headers=PAGE).headers["location"] == "/auth/login"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    demo_client: TestClient, own_demo_settings: Settings
) -> None:
    fields = {
        "name": "quantri",
        "password": password(own_demo_settings, "quantri"),
        "csrf": csrf(demo_client, "/auth/login"),
    }
    cookie = demo_client.post("/auth/login", data=fields).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_form_of_another_site_is_refused(demo_client: TestClient, own_demo_settings: Settings) -> None:
    fields = {"name": "quantri", "password": password(own_demo_settings, "quantri")}
    assert demo_client.post("/auth/login", data=fields).status_code == 403
    csrf(demo_client, "/auth/login")
    assert demo_client.post("/auth/login", data={**fields, "csrf": "made up"}).status_code == 403


def test_a_wrong_password_is_told_without_saying_which_part_was_wrong(demo_client: TestClient) -> None:
    token = csrf(demo_client, "/auth/login")
    wrong = demo_client.post("/auth/login", data={"name": "quantri", "password": "x", "csrf": token})
    unknown = demo_client.post("/auth/login", data={"name": "nobody", "password": "x", "csrf": token})
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.text == unknown.text


def test_what_was_typed_never_runs_as_a_script(demo_client: TestClient) -> None:
    token = csrf(demo_client, "/auth/login")
    page = demo_client.post(
        "/auth/login", data={"name": "<script>alert(1)</script>", "password": "x", "csrf": token}
    )
    assert "<script>" not in page.text
    assert "script-src" in page.headers["content-security-policy"] or (
        "default-src 'none'" in page.headers["content-security-policy"]
    )


def test_every_answer_carries_the_security_headers(demo_client: TestClient) -> None:
    for path in ("/auth/login", "/", "/vendor/missing.js"):
        headers = demo_client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "SAMEORIGIN"


def test_the_language_that_was_chosen_stays_and_no_other_site_chooses_it(demo_client: TestClient) -> None:
    address = "/auth/language?to=en"
    del demo_client.headers["sec-fetch-site"]
    assert demo_client.get(address).status_code == 403
    assert demo_client.get(address, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert demo_client.get(address, headers={"referer": "http://elsewhere.example/"}).status_code == 403
    assert "Đăng nhập" in demo_client.get("/auth/login").text
    assert demo_client.get(address, headers={"sec-fetch-site": "same-origin"}).status_code == 204
    assert "Sign in" in demo_client.get("/auth/login").text
    assert demo_client.get("/auth/language?to=xx", headers={"sec-fetch-site": "same-origin"}).status_code == 403


def test_an_unknown_address_is_answered_in_words_and_the_map_has_a_name(
    demo_client: TestClient, own_demo_settings: Settings
) -> None:
    sign_in(demo_client, own_demo_settings)
    unknown = demo_client.get("/khong-co", headers=PAGE)
    assert unknown.status_code == 404
    assert "Không có trang này" in unknown.text
    assert demo_client.get("/map", headers=PAGE).headers["location"] == "/"


def test_visits_of_pages_are_not_logged() -> None:
    assert logging.getLogger("uvicorn.access").disabled


def test_an_empty_installation_asks_and_makes_the_own_district(new_client: TestClient) -> None:
    assert new_client.get("/", headers=PAGE).headers["location"] == "/auth/start"
    token = csrf(new_client, "/auth/start")
    done = new_client.post("/auth/start", data={"choice": "own", "csrf": token})
    assert done.headers["location"] == "/auth/setup"
    token = csrf(new_client, "/auth/setup")
    account = {"name": "quantri", "password": "mật-khẩu-đủ-dài", "csrf": token}
    assert new_client.post("/auth/setup", data=account).headers["location"] == "/auth/login"
    # Once there is an account, nobody makes a second "first" one.
    assert new_client.get("/auth/setup").headers["location"] == "/auth/login"


def test_a_short_first_password_is_explained(new_client: TestClient) -> None:
    new_client.post("/auth/start", data={"choice": "own", "csrf": csrf(new_client, "/auth/start")})
    token = csrf(new_client, "/auth/setup")
    page = new_client.post("/auth/setup", data={"name": "quantri", "password": "ngắn", "csrf": token})
    assert "12" in page.text


def test_only_the_machine_itself_may_set_the_app_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with client_of(monkeypatch, Settings(data=tmp_path), host="192.0.2.7") as stranger:
        assert stranger.get("/auth/start").status_code == 403
