"""Requests that no page of ours sends: forged, foreign, guessed, oversized. None changes or tells anything."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, text
from starlette.routing import Route
from starlette.testclient import TestClient

from app import html_page
from app.config import Settings
from app.main import ROUTES
from app.services.accounts import SYSTEM
from app.services.packages import file_word
from app.services.search import search
from app.web import AUTH_ROUTES
from data.repositories import places
from data.repositories.frames import columns, frame
from data.schema import Base
from data.store import Actor, Store
from data.tables import Hotspot, new_id
from geo.crs import METRIC
from tests.conftest import DEMO_DAY
from tests.services.field_world import Planned
from tests.services.test_phone_pages import DAY, enter, fields, phone, settings, store, world
from tests.services.test_web import PAGE

__all__ = ["phone", "settings", "store", "world"]
POSTED = [
    one.path for one in (*AUTH_ROUTES, *ROUTES) if isinstance(one, Route) and "POST" in (one.methods or ())
]
SHOWN = [one.path for one in ROUTES if isinstance(one, Route) and one.path.startswith(("/field", "/patrol"))]
#: What signing in and looking change by themselves.
_LIVELY = frozenset({"audit_log", "login_sessions"})


def state(store: Store) -> dict[str, str]:
    """A digest of every table of the database."""
    digests = {}
    with store.engine.connect() as connection:
        for table in sorted(set(Base.metadata.tables) - _LIVELY):
            rows = connection.execute(text(f'SELECT * FROM "{table}" ORDER BY rowid'))
            digests[table] = hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()
    return digests


@pytest.fixture
def hotspots(store: Store) -> list[str]:
    with store.read(SYSTEM) as work:
        return list(work.session.scalars(select(Hotspot.id).order_by(Hotspot.id)))


@pytest.fixture
def inspector(phone: TestClient, settings: Settings) -> Iterator[TestClient]:
    """A signed-in inspector of one ward who has the token of the forms."""
    enter(phone, settings)
    phone.get("/field", headers=PAGE)
    # The page prepares a secret that nobody has confirmed; it is the same from then on.
    phone.get("/auth/second-factor", headers=PAGE)
    yield phone


def address(path: str, world: Planned, hotspot: str) -> str:
    return path.replace("{visit_id}", world.visit).replace("{hotspot_id}", hotspot)


def token_of(client: TestClient) -> str:
    return str(client.cookies.get(html_page.CSRF_COOKIE))


FORGERIES: list[tuple[str, dict[str, str], bool]] = [
    ("no token", {}, False),
    ("the token, from another site", {"sec-fetch-site": "cross-site"}, True),
    ("the token, from a sister site", {"sec-fetch-site": "same-site"}, True),
    ("an old browser, another origin", {"sec-fetch-site": "", "origin": "https://elsewhere.example"}, True),
    ("an old browser, a page without origin", {"sec-fetch-site": "", "origin": "null"}, True),
]


@pytest.mark.parametrize("told, headers, with_token", FORGERIES, ids=[one[0] for one in FORGERIES])
def test_no_form_of_another_site_is_taken_at_any_address(
    inspector: TestClient,
    store: Store,
    world: Planned,
    hotspots: list[str],
    told: str,
    headers: dict[str, str],
    with_token: bool,
) -> None:
    assert len(POSTED) >= 10
    if headers.get("sec-fetch-site") == "":
        del inspector.headers["sec-fetch-site"]
    sent = {name: value for name, value in headers.items() if value}
    before = state(store)
    whole = {
        **fields(store, world),
        "choice": "demo",
        "name": "ke-la",
        "password": "một mật khẩu dài",
        "code": "1",
    }
    for path in POSTED:
        for csrf in [token_of(inspector)] if with_token else ["", "đoán", "a" * 32]:
            answer = inspector.post(
                address(path, world, hotspots[0]), data={**whole, "csrf": csrf}, headers=sent
            )
            assert answer.status_code < 500, path
            assert "diaban_session=" not in answer.headers.get("set-cookie", ""), path
    assert state(store) == before
    assert inspector.get("/", headers=PAGE).text == "inside", "still signed in"


def test_a_token_in_the_address_is_worth_nothing(inspector: TestClient, store: Store, world: Planned) -> None:
    before = state(store)
    inspector.post(f"/field/visit/{world.visit}?csrf={token_of(inspector)}", data=fields(store, world))
    assert state(store) == before


@pytest.mark.parametrize("cookie", ["", "a", "' OR 1=1 --", "%00", "x" * 6000, "../../etc/passwd", "{{7*7}}"])
def test_no_made_up_session_opens_any_page(
    phone: TestClient, world: Planned, hotspots: list[str], cookie: str
) -> None:
    for path in SHOWN:
        headers = {**PAGE, "cookie": f"diaban_session={cookie}"}
        answer = phone.get(address(path, world, hotspots[0]), headers=headers)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/auth/login")
    for path in ("/media/a.csv", "/_stcore/upload_file/a"):
        assert phone.get(path, headers={"cookie": f"diaban_session={cookie}"}).status_code == 401


def told_of(answer: Any) -> str:
    """What an answer says, without what is new each time."""
    return re.sub(r'(csrf"? ?(value)?="|client_key" value=")[^"]+', "", answer.text)


def test_another_wards_stop_and_one_that_is_none_are_told_apart_by_nothing(
    inspector: TestClient, store: Store, world: Planned
) -> None:
    before, unknown = state(store), new_id()
    for end in ("", "/sheet", "/correct"):
        other = inspector.get(f"/field/visit/{world.other}{end}", headers=PAGE)
        none = inspector.get(f"/field/visit/{unknown}{end}", headers=PAGE)
        assert (other.status_code, told_of(other)) == (none.status_code, told_of(none))
        assert other.status_code == 404
    form = {**fields(store, world), "csrf": token_of(inspector)}
    answers = [inspector.post(f"/field/visit/{one}", data=form) for one in (world.other, unknown)]
    assert {one.status_code for one in answers} == {404}
    assert told_of(answers[0]) == told_of(answers[1])
    assert state(store) == before


def test_a_hotspot_of_another_ward_is_patrolled_and_seen_by_nobody_else(
    phone: TestClient, settings: Settings, store: Store
) -> None:
    enter(phone, settings, account="congan-duongnoi", back="/patrol")
    with store.read(SYSTEM) as work:
        units = places.units_on(work, DAY).set_index("code")
        spots = frame(work, select(*columns(Hotspot)))
    # Around a hotspot one watches its catchment, which may reach over the border.
    ground = units.to_crs(METRIC).geometry["09886"].buffer(2_000)
    elsewhere = set(spots["id"][spots.to_crs(METRIC).geometry.disjoint(ground)])
    assert len(elsewhere) >= 3
    before, unknown = state(store), phone.get(f"/patrol/{new_id()}", headers=PAGE)
    for one in elsewhere:
        answer = phone.get(f"/patrol/{one}", headers=PAGE)
        assert (answer.status_code, told_of(answer)) == (unknown.status_code, told_of(unknown))
        form = {"client_key": "k", "result": "quiet", "csrf": token_of(phone)}
        assert phone.post(f"/patrol/{one}", data=form).status_code in {403, 404}
    assert state(store) == before


def test_a_flood_is_not_read(inspector: TestClient, store: Store, world: Planned) -> None:
    before = state(store)
    form = {**fields(store, world), "csrf": token_of(inspector)}
    path = f"/field/visit/{world.visit}"
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(64):
            read.append(number)
            yield b"a" * (1 << 16)

    urlencoded = {"content-type": "application/x-www-form-urlencoded"}
    for answer in (
        inspector.post(path, data={**form, "note": "x" * (1 << 20)}),
        inspector.post(path, data=form, files={"photo": ("a.jpg", bytes(1 << 20))}),
        inspector.post(path, content=endless(), headers=urlencoded),
        inspector.post("/auth/login", content=endless(), headers=urlencoded),
    ):
        assert 400 <= answer.status_code < 500
    assert state(store) == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_do_nothing(inspector: TestClient, store: Store, world: Planned, method: str) -> None:
    before = state(store)
    for path in (f"/field/visit/{world.visit}", "/field", "/patrol", "/auth/password"):
        assert inspector.request(method, path).status_code == 405
    assert inspector.request(method, "/auth/none").status_code == 404
    assert state(store) == before


@pytest.mark.parametrize(
    "path",
    [
        "/field/static/../../config.py",
        "/field/static/%2e%2e/%2e%2e/config.py",
        "/field/static/..%2f..%2fconfig.py",
        "/field/static/..%5c..%5cconfig.py",
        "/field/static//etc/passwd",
        "/vendor/%2e%2e/install.py",
        "/vendor/..%2f..%2f..%2fpyproject.toml",
        "/vendor/%252e%252e%252finstall.py",
        "/vendor/a%00.js",
    ],
)
def test_no_address_leads_out_of_a_folder(phone: TestClient, path: str) -> None:
    answer = phone.get(path)
    assert answer.status_code in {303, 400, 404}
    assert "import " not in answer.text and "root:" not in answer.text


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\x", "/x", "a\x00b", "a\r\nb: c", "Phường A/B"])
def test_the_name_of_a_file_is_a_word_whatever_a_ward_is_called(name: str) -> None:
    assert re.fullmatch(r"[\w-]+", file_word(name))


@pytest.mark.parametrize(
    "wanted",
    [
        "//elsewhere.example/field",
        "/\\elsewhere.example",
        "/field/\r\nset-cookie: a=1",
        "/field/%0d%0aset-cookie:a=1",
        "/field/../..//elsewhere.example",
        "/field/x?next=https://elsewhere.example",
        "/patrol@elsewhere.example",
        "http:/field",
        "/field\t/x",
    ],
)
def test_signing_in_leads_to_no_other_server_and_adds_no_header(
    phone: TestClient, settings: Settings, wanted: str
) -> None:
    led = enter(phone, settings, back=wanted)
    assert re.fullmatch(r"/(?:(?:field|patrol)(?:/[^/\\?#\s]+)*)?", led)
    assert "a=1" not in str(phone.cookies)


@pytest.mark.parametrize("said", ["x-forwarded-host", "x-host", "x-original-url", "x-rewrite-url", "forwarded"])
def test_a_name_in_a_header_leads_nobody_astray(phone: TestClient, said: str) -> None:
    foreign = "host=elsewhere.example" if said == "forwarded" else "elsewhere.example"
    answer = phone.get("/field", headers={**PAGE, said: foreign})
    assert answer.headers["location"] == "/auth/login?next=/field"
    assert "elsewhere.example" not in str(answer.headers) + answer.text
    assert phone.get("/auth/login", headers={"host": "elsewhere.example"}).status_code == 400


INJECTIONS = [
    "' OR '1'='1",
    "'; DROP TABLE premises; --",
    '" OR ""="',
    "%",
    "_",
    "%' UNION SELECT name FROM accounts --",
    "* OR name:*",
    '") NEAR("',
    "a AND NOT b",
    "{name} : ^a*",
    "\\",
    "\x00",
    "$1 :name @x ?",
    "(((((((",
    "\u202e\u0000\ufffe",
    "a" * 20_000,
    " OR ".join(["a"] * 2_000),
]


@pytest.mark.parametrize("typed", INJECTIONS, ids=range(len(INJECTIONS)))
def test_what_is_typed_into_the_search_is_text(demo: Store, operator: Actor, typed: str) -> None:
    before = state(demo)
    found = search(demo, operator, typed, day=DEMO_DAY)
    assert len(found) <= 20
    assert not any("quantri" in one.name or "password" in one.name for one in found)
    assert state(demo) == before
    assert len(search(demo, operator, "a' OR '1'='1' zzqqxx", day=DEMO_DAY)) <= 20
