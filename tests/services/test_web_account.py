"""What signing in looks like over the wire, and what a foreign page, proxy or name cannot do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from app.config import Settings
from app.services import accounts, second_factor
from app.web import callers
from data.store import Store
from geo.words import Role
from tests.services.account_world import (
    ADMIN,
    OTHER,
    PASSWORD,
    kept,
    office,
    office_folder,
    office_settings,
)
from tests.services.identity_provider import CLIENT, Identity, providing
from tests.services.test_second_factor import now_code
from tests.services.test_web import PAGE, client_of, csrf

__all__ = ["office", "office_folder", "office_settings"]
FOREIGN = {"sec-fetch-site": "cross-site"}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch, office_settings: Settings) -> Iterator[TestClient]:
    with client_of(monkeypatch, office_settings) as browser:
        yield browser


def post(client: TestClient, path: str, **fields: str) -> Any:
    return client.post(path, data={**fields, "csrf": csrf(client, path)})


def enter(client: TestClient, name: str = "quantri", password: str = PASSWORD) -> Any:
    return post(client, "/auth/login", name=name, password=password)


def may_go_in(client: TestClient) -> bool:
    return client.get("/", headers=PAGE).text == "inside"


# --- sessions


def session_in(answer: Any) -> str:
    found = re.search(r"diaban_session=([^;]+)", str(answer.headers))
    assert found
    return found[1]


def test_a_session_that_was_planted_before_signing_in_is_worth_nothing(client: TestClient) -> None:
    planted = {**PAGE, "cookie": "diaban_session=planted"}
    assert session_in(enter(client)) != "planted"
    assert may_go_in(client)
    client.cookies.clear()
    assert client.get("/", headers=planted).headers["location"] == "/auth/login"


def test_signing_in_again_ends_the_session_before(client: TestClient) -> None:
    before, after = session_in(enter(client)), session_in(enter(client))
    assert before != after
    assert may_go_in(client)
    client.cookies.clear()
    old = client.get("/", headers={**PAGE, "cookie": f"diaban_session={before}"})
    assert old.headers["location"] == "/auth/login"


def test_no_foreign_page_signs_anybody_out(client: TestClient) -> None:
    enter(client)
    for headers in (FOREIGN, {"sec-fetch-site": "same-site"}):
        assert "<form" in client.get("/auth/logout", headers=headers).text
        assert "<form" in client.post("/auth/logout", data={"csrf": "đoán"}, headers=headers).text
    del client.headers["sec-fetch-site"]
    assert "<form" in client.get("/auth/logout").text
    assert "<form" in client.get("/auth/logout", headers={"referer": "http://elsewhere.example/"}).text
    assert may_go_in(client)
    assert post(client, "/auth/logout").headers["location"] == "/auth/login"
    assert not may_go_in(client)


def test_even_with_the_token_a_form_that_another_site_sent_is_refused(client: TestClient) -> None:
    fields = {"name": "quantri", "password": PASSWORD, "csrf": csrf(client, "/auth/login")}
    assert client.post("/auth/login", data=fields, headers=FOREIGN).status_code == 403
    del client.headers["sec-fetch-site"]
    elsewhere = {"origin": "http://elsewhere.example"}
    assert client.post("/auth/login", data=fields, headers=elsewhere).status_code == 403
    assert client.post("/auth/login", data=fields, headers={"origin": "http://127.0.0.1"}).status_code == 303


def test_files_of_pages_are_given_and_taken_only_with_a_session(client: TestClient) -> None:
    assert client.get("/media/a.csv").status_code == 401
    assert client.put("/_stcore/upload_file/a").status_code == 401
    enter(client)
    assert client.get("/media/a.csv").text == "inside"
    assert client.put("/_stcore/upload_file/a").text == "inside"


def test_a_huge_form_is_not_read(client: TestClient) -> None:
    fields = {"name": "quantri", "password": "x" * 200_000, "csrf": csrf(client, "/auth/login")}
    assert client.post("/auth/login", data=fields).status_code == 413


@pytest.mark.parametrize(
    "wanted",
    ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"],
)
def test_signing_in_never_leads_to_another_server(client: TestClient, wanted: str) -> None:
    answer = client.post(
        "/auth/login",
        data={"name": "quantri", "password": PASSWORD, "next": wanted, "csrf": csrf(client, "/auth/login")},
    )
    assert answer.headers["location"] == "/"


# --- the first password and the second factor


def test_a_given_password_has_to_be_changed_before_anything_opens(client: TestClient, office: Store) -> None:
    word = accounts.open_account(office, ADMIN, "kiemtoan", Role.AUDITOR) or ""
    enter(client, "kiemtoan", word)
    for path in ("/", "/signals", "/field"):
        assert client.get(path, headers=PAGE).headers["location"] == "/auth/password"
    assert client.get("/media/a.csv").status_code == 401
    short = post(client, "/auth/password", old=word, new="ngắn", again="ngắn")
    assert short.status_code == 422 and "ít nhất" in short.text
    before = client.cookies["diaban_session"]
    assert post(client, "/auth/password", old=word, new=OTHER, again=OTHER).headers["location"] == "/"
    assert client.cookies["diaban_session"] != before
    assert may_go_in(client)


def test_a_second_factor_is_turned_on_shown_as_a_picture_and_asked_for(
    client: TestClient, office: Store, office_settings: Settings
) -> None:
    enter(client)
    page = client.get("/auth/second-factor").text
    assert "<svg" in page and "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    begun = second_factor.begin(office, office_settings, ADMIN)
    assert begun is not None and begun.secret in page
    earlier = now_code(office, office_settings, begun.secret, -1)
    assert post(client, "/auth/second-factor", old="sai", code=earlier).status_code == 422
    assert post(client, "/auth/second-factor", old=PASSWORD, code=earlier).status_code == 303
    client.cookies.clear()
    assert enter(client).headers["location"] == "/auth/code"
    assert not may_go_in(client)
    assert post(client, "/auth/code", code="000000").status_code == 401
    code = now_code(office, office_settings, begun.secret)
    assert post(client, "/auth/code", code=code).headers["location"] == "/"
    assert may_go_in(client)


def test_a_role_that_needs_a_second_factor_is_led_to_it(
    monkeypatch: pytest.MonkeyPatch, office_settings: Settings
) -> None:
    strict = office_settings.model_copy(update={"totp_roles": "admin"})
    with client_of(monkeypatch, strict) as client:
        enter(client)
        assert client.get("/", headers=PAGE).headers["location"] == "/auth/second-factor"
        assert client.get("/auth/second-factor").status_code == 200


@pytest.mark.parametrize("path", ["/auth/password", "/auth/second-factor", "/auth/code", "/auth/oidc/link"])
def test_pages_of_an_account_are_for_its_owner(client: TestClient, path: str) -> None:
    assert client.get(path).headers["location"] == "/auth/login"
    sent = client.post(path, data={"old": PASSWORD, "code": "123456"})
    assert sent.status_code == 403 or sent.headers["location"] == "/auth/login"


# --- the office's own sign-in


@pytest.fixture
def identity() -> Iterator[Identity]:
    with providing() as provider:
        yield provider


def test_through_the_offices_sign_in_and_back(
    monkeypatch: pytest.MonkeyPatch, office: Store, office_settings: Settings, identity: Identity
) -> None:
    settings = office_settings.model_copy(
        update={
            "oidc_issuer": identity.issuer,
            "oidc_client_id": CLIENT,
            "public_url": "http://127.0.0.1",
            "oidc_name": "<b>",
        }
    )
    from app.services import oidc

    code = oidc.link_code(office, ADMIN, "nguoixem")
    with client_of(monkeypatch, settings) as client:
        assert "&lt;b&gt;" in client.get("/auth/login").text
        assert client.get("/auth/oidc/start", headers=FOREIGN).headers["location"] == "/auth/login"
        away = client.get("/auth/oidc/start").headers["location"]
        assert away.startswith(identity.issuer)
        back = client.get("/auth/oidc/callback", params=identity.visit(away), headers=FOREIGN)
        assert back.headers["location"] == "/auth/oidc/link"
        assert post(client, "/auth/oidc/link", code="SAI").status_code == 401
        assert post(client, "/auth/oidc/link", code=code).headers["location"] == "/"
        assert may_go_in(client)
        # The same answer again, in the same browser: it is used up.
        assert client.get("/auth/oidc/callback", params=identity.visit(away)).status_code == 401
    assert kept(office, "nguoixem").oidc_subject


# --- names, proxies, headers


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "a b", "", "evil.example:8501", "[::1"]
)
def test_a_name_that_the_app_does_not_go_by_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/auth/login", headers={"host": host}).status_code == 400
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/_stcore/stream", headers={"host": host}),
    ):
        pass


def test_names_that_the_operator_gave_are_served_and_no_answer_repeats_another(
    monkeypatch: pytest.MonkeyPatch, office_settings: Settings
) -> None:
    settings = office_settings.model_copy(
        update={"allowed_hosts": "diaban.hadong.vn", "public_url": "https://kiemtra.example.vn"}
    )
    with client_of(monkeypatch, settings) as client:
        for host in ("diaban.hadong.vn", "Kiemtra.Example.vn:443", "192.168.1.5:8501", "localhost"):
            assert client.get("/auth/login", headers={"host": host}).status_code == 200
        assert client.get("/auth/login", headers={"host": "other.vn"}).status_code == 400
        page = client.get("/auth/login", headers={"x-forwarded-host": "evil.example"})
        assert "evil" not in page.text + str(page.headers)


def call(peer: str, **headers: str) -> HTTPConnection:
    sent = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    scope = {"type": "http", "scheme": "http", "path": "/", "client": (peer, 5), "headers": sent.raw}
    return HTTPConnection(scope)


def test_who_is_behind_a_proxy_is_believed_of_known_proxies_only() -> None:
    behind = Settings(trusted_proxies="127.0.0.1,10.0.0.0/8")
    alone = Settings()
    spoofed = "127.0.0.1, 198.51.100.9"
    assert callers.client_address(call("127.0.0.1", x_forwarded_for=spoofed), behind) == "198.51.100.9"
    assert callers.client_address(call("127.0.0.1", x_forwarded_for="1.2.3.4, 10.1.1.1"), behind) == "1.2.3.4"
    assert callers.client_address(call("192.0.2.1", x_forwarded_for=spoofed), behind) == "192.0.2.1"
    assert callers.client_address(call("127.0.0.1", x_forwarded_for=spoofed), alone) == "127.0.0.1"
    assert callers.over_tls(call("127.0.0.1", x_forwarded_proto="https"), behind)
    assert not callers.over_tls(call("192.0.2.1", x_forwarded_proto="https"), behind)


def test_who_comes_through_a_proxy_does_not_sit_at_the_machine() -> None:
    settings = Settings()
    assert callers.from_this_machine(call("127.0.0.1"), settings)
    for header in ("x_forwarded_for", "forwarded", "x_real_ip"):
        assert not callers.from_this_machine(call("127.0.0.1", **{header: "127.0.0.1"}), settings)
    assert not callers.from_this_machine(call("192.0.2.1"), settings)


def test_every_page_allows_nothing_from_another_host(client: TestClient) -> None:
    enter(client)
    for path in ("/", "/auth/login", "/field", "/vendor/none.js", "/khong-co"):
        policy = client.get(path, headers=PAGE).headers["content-security-policy"]
        assert "default-src 'self'" in policy or "default-src 'none'" in policy
        assert not re.search(r"https?://|\*", policy)
        assert "frame-ancestors" in policy and "form-action 'self'" in policy


def test_over_tls_cookies_are_secure_and_the_browser_stays_with_it(
    monkeypatch: pytest.MonkeyPatch, office_settings: Settings
) -> None:
    with client_of(monkeypatch, office_settings, base="https://127.0.0.1") as client:
        page = client.get("/auth/login")
        answer = enter(client)
        for cookie in (*page.headers.get_list("set-cookie"), *answer.headers.get_list("set-cookie")):
            assert (
                "; secure" in cookie.lower() and "httponly" in cookie.lower() and "samesite" in cookie.lower()
            )
        assert int(answer.headers["strict-transport-security"].removeprefix("max-age=")) >= 31536000
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    with client_of(monkeypatch, office_settings) as client:
        assert "strict-transport-security" not in client.get("/auth/login").headers


def test_a_lost_database_is_told_in_words(monkeypatch: pytest.MonkeyPatch, office_settings: Settings) -> None:
    settings = office_settings.model_copy(
        update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:9/none?connect_timeout=2"}
    )
    with client_of(monkeypatch, settings) as client:
        for path in ("/", "/auth/password"):
            page = client.get(path, headers={**PAGE, "cookie": "diaban_session=x"})
            assert page.status_code == 503
            assert "Tạm thời" in page.text and "Traceback" not in page.text
