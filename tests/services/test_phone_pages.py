"""The phone's pages over the wire: who gets in, what a form needs, what happens without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app import runtime as running
from app.config import Settings
from app.field import routes
from app.services import field_work, patrols
from app.services.accounts import SYSTEM
from data.store import Store
from data.tables import Premises, Visit
from tests.conftest import DEMO_DAY, opened
from tests.services.field_world import Planned, changed, planned, report, unannounced
from tests.services.test_web import PAGE, client_of, csrf, password

JSON = {"accept": "application/json"}
DAY = DEMO_DAY.replace(day=25)


@pytest.fixture
def settings(own_demo_settings: Settings) -> Settings:
    return own_demo_settings


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    store = opened(settings)
    yield store
    store.engine.dispose()


@pytest.fixture
def world(store: Store, monkeypatch: pytest.MonkeyPatch) -> Planned:
    made = planned(store, DAY)
    monkeypatch.setattr(routes, "local_now", lambda: made.now)
    return made


@pytest.fixture
def phone(settings: Settings, world: Planned, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    with client_of(monkeypatch, settings) as client:
        yield client


def enter(phone: TestClient, settings: Settings, account: str = "kiemtra-hadong", back: str = "/field") -> str:
    fields = {"name": account, "password": password(settings, account), "next": back}
    answer = phone.post("/auth/login", data={**fields, "csrf": csrf(phone, "/auth/login")})
    assert answer.status_code == 303
    return answer.headers["location"]


def token(phone: TestClient, path: str) -> str:
    found = re.search(r'data-csrf="([^"]+)"', phone.get(path, headers=PAGE).text)
    assert found
    return found[1]


def fields(store: Store, world: Planned, **more: str) -> dict[str, str]:
    """The whole form of the first stop."""
    whole = report(store, world.visit, DAY)
    answers = {f"item-{item}": "yes" for item in whole.answers}
    return {"outcome": "checked", "client_key": "key-of-the-form", **answers, **more}


def test_without_a_session_the_phone_is_led_to_the_sign_in_and_back(
    phone: TestClient, settings: Settings, world: Planned
) -> None:
    address = f"/field/visit/{world.visit}"
    assert phone.get(address, headers=PAGE).headers["location"] == f"/auth/login?next={address}"
    assert f'value="{address}"' in phone.get(f"/auth/login?next={address}").text
    assert enter(phone, settings, back=address) == address


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/field", "//elsewhere.example", "/field//x", "/", "/plan"]
)
def test_signing_in_leads_nowhere_else(phone: TestClient, settings: Settings, back: str) -> None:
    assert enter(phone, settings, back=back) == "/"


def test_the_list_shows_the_own_stops_only_and_stays_small(
    phone: TestClient, settings: Settings, store: Store, world: Planned
) -> None:
    enter(phone, settings)
    page = phone.get("/field", headers=PAGE)
    assert page.status_code == 200
    for visit in world.visits:
        assert f"/field/visit/{visit}" in page.text
    assert world.other not in page.text
    for path in ("/field", f"/field/visit/{world.visit}", f"/field/visit/{world.visit}/sheet"):
        assert len(phone.get(path, headers=PAGE).content) < 30_000
    assert phone.get(f"/field/visit/{world.other}", headers=PAGE).status_code == 404


def test_pages_run_no_foreign_and_no_written_in_scripts(
    phone: TestClient, settings: Settings, world: Planned
) -> None:
    enter(phone, settings)
    for path in ("/field", f"/field/visit/{world.visit}", "/field/police"):
        page = phone.get(path, headers=PAGE)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe-inline" not in policy
        assert "<script>" not in page.text and " style=" not in page.text and "onclick" not in page.text
        assert page.headers["cache-control"] == "no-store"
    assert phone.get("/field/static/field.js").status_code == 200


def test_a_name_from_a_file_never_runs_as_a_script(
    phone: TestClient, settings: Settings, store: Store, world: Planned
) -> None:
    with store.read(SYSTEM) as work:
        premises = work.session.get_one(Visit, 1).premises_id
    stop = field_work.my_day(store, world.actor, world.now)[0]
    assert stop.place is not None
    del premises
    with store.read(SYSTEM) as work:
        from sqlalchemy import select

        premises_id = work.session.scalars(select(Visit.premises_id).where(Visit.id == world.visit)).one()
    changed(store, Premises, premises_id, name='"><script>alert(1)</script><token>')
    enter(phone, settings)
    for path in ("/field", f"/field/visit/{world.visit}", f"/field/visit/{world.visit}/sheet"):
        page = phone.get(path, headers=PAGE).text
        assert "<script>alert" not in page
        assert "&lt;token&gt;" in page


def test_the_ways_to_a_stop_carry_coordinates_and_nothing_else(
    phone: TestClient, settings: Settings, world: Planned
) -> None:
    enter(phone, settings)
    page = phone.get(f"/field/visit/{world.visit}", headers=PAGE).text
    assert re.search(r'href="geo:2\d\.\d+,105\.\d+\?q=2\d\.\d+,105\.\d+"', page)
    away = re.findall(r'href="(https://[^"]+)"', page)
    assert len(away) == 1
    assert re.fullmatch(
        r"https://www\.openstreetmap\.org/\?mlat=[\d.]+&amp;mlon=[\d.]+#map=18/[\d.]+/[\d.]+", away[0]
    )


def test_a_form_is_taken_by_script_and_by_plain_post(
    phone: TestClient, settings: Settings, store: Store, world: Planned
) -> None:
    enter(phone, settings)
    address = f"/field/visit/{world.visit}"
    sent = {**fields(store, world), "csrf": token(phone, address)}
    for _time in range(2):
        answer = phone.post(address, data=sent, headers=JSON)
        assert (answer.status_code, answer.json()) == (200, {"next": address})
    plain = phone.post(
        f"/field/visit/{world.visits[1]}",
        data={**sent, "client_key": "another-key-1", "outcome": "closed_at_arrival"},
    )
    assert plain.status_code == 303
    shown = phone.get(plain.headers["location"], headers=PAGE).text
    assert "Đóng cửa khi đến" in shown
    assert f'data-recorded="visit:{world.visits[1]}"' in shown


def test_a_form_of_another_site_is_refused(
    phone: TestClient, settings: Settings, store: Store, world: Planned
) -> None:
    enter(phone, settings)
    address = f"/field/visit/{world.visit}"
    for sent in (fields(store, world), fields(store, world, csrf="made up"), fields(store, world, csrf="việt")):
        answer = phone.post(address, data=sent, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert field_work.my_day(store, world.actor, world.now)[0].outcome is None


def test_what_was_typed_is_shown_again_with_the_reason_it_was_refused(
    phone: TestClient, settings: Settings, store: Store, world: Planned
) -> None:
    enter(phone, settings)
    address = f"/field/visit/{world.visit}"
    wrong = {"f1-kind": "fire", "f1-text": "Gọi anh Nguyễn Văn Nam 0912345678", "f1-deadline": "2026-12-24"}
    sent = fields(store, world, csrf=token(phone, address), **{"count-workers": "7"}, **wrong)
    answer = phone.post(address, data=sent)
    assert answer.status_code == 422
    assert "số điện thoại" in answer.text or "tên người" in answer.text
    for kept in (
        "Gọi anh Nguyễn Văn Nam 0912345678",
        'value="7"',
        'value="2026-12-24"',
        'value="key-of-the-form"',
    ):
        assert kept in answer.text
    by_script = phone.post(address, data=sent, headers=JSON)
    assert (by_script.status_code, by_script.json()["code"]) == (422, "personal_data")


@pytest.mark.parametrize(
    "wrong", [{"outcome": "sung"}, {"count-workers": "nhiều"}, {"f1-text": "x"}, {"started": "hôm qua"}]
)
def test_a_field_that_cannot_be_read_is_told(
    phone: TestClient, settings: Settings, store: Store, world: Planned, wrong: dict[str, str]
) -> None:
    enter(phone, settings)
    address = f"/field/visit/{world.visit}"
    sent = {**fields(store, world, csrf=token(phone, address)), **wrong}
    answer = phone.post(address, data=sent, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["text"]


def test_a_session_that_is_over_loses_nothing(
    phone: TestClient, settings: Settings, store: Store, world: Planned
) -> None:
    enter(phone, settings)
    address = f"/field/visit/{world.visit}"
    sent = fields(
        store, world, csrf=token(phone, address), **{"f1-text": "Lối thoát bị khóa", "f1-kind": "fire"}
    )
    phone.get("/auth/logout")
    assert phone.post(address, data=sent, headers=JSON).json()["code"] == "session"
    plain = phone.post(address, data=sent)
    assert plain.status_code == 401
    assert 'value="Lối thoát bị khóa"' in plain.text
    enter(phone, settings)
    assert phone.post(address, data=sent, headers=JSON).status_code == 200


def test_a_correction_goes_by_its_own_page(
    phone: TestClient, settings: Settings, store: Store, world: Planned
) -> None:
    enter(phone, settings)
    address = f"/field/visit/{world.visit}"
    sent = fields(store, world, csrf=token(phone, address), **{"count-workers": "9", "count-contracts": "8"})
    phone.post(address, data=sent, headers=JSON)
    page = phone.get(f"{address}/correct", headers=PAGE).text
    assert 'value="9"' in page and 'name="seen" value="1"' in page
    sent |= {"client_key": "key-of-mending", "count-workers": "10", "seen": "1"}
    assert phone.post(f"{address}/correct", data={**sent, "reason": ""}, headers=JSON).status_code == 422
    assert (
        phone.post(f"{address}/correct", data={**sent, "reason": "Đếm nhầm"}, headers=JSON).status_code == 200
    )
    assert "số người làm việc: 10" in phone.get(address, headers=PAGE).text


def test_handing_over_to_the_police_names_the_numbers_and_keeps_no_more(
    phone: TestClient, settings: Settings, world: Planned
) -> None:
    enter(phone, settings)
    address = f"/field/visit/{world.visit}"
    page = phone.get(address, headers=PAGE).text
    assert 'href="tel:113"' in page and 'href="tel:111"' in page
    part = page[page.index('action="/field/police"') :]
    asked = re.findall(r' name="([^"]+)"', part[: part.index("</form>")])
    assert asked == ["csrf", "client_key", "handed_at", "receipt"]
    sent = {"client_key": "key-of-handover", "handed_at": "2026-11-25T14:30", "receipt": "07/BN"}
    done = phone.post("/field/police", data={**sent, "csrf": token(phone, address)}, headers=JSON)
    assert done.json() == {"next": "/field/police?done=1"}
    assert "Không giữ gì khác" in phone.get("/field/police?done=1", headers=PAGE).text


def test_an_unannounced_stop_is_listed_without_its_place(
    phone: TestClient, settings: Settings, store: Store, world: Planned
) -> None:
    hidden = unannounced(store, world, world.visit)
    opened_stop = field_work.open_visit(store, world.actor, hidden, world.now)
    enter(phone, settings)
    page = phone.get("/field", headers=PAGE).text
    assert hidden in page
    assert opened_stop.place.name not in page
    assert opened_stop.place.address not in page


def test_the_patrols_phone_lists_its_ground_and_takes_a_quiet_patrol(
    phone: TestClient, settings: Settings, world: Planned
) -> None:
    enter(phone, settings, "congan-duongnoi", "/patrol")
    page = phone.get("/patrol", headers=PAGE)
    assert page.status_code == 200 and len(page.content) < 30_000
    address = re.findall(r'href="(/patrol/[^"]+)"', page.text)[0]
    assert "geolocation=(self)" in page.headers["permissions-policy"]
    sent = {"client_key": "key-of-patrol", "at": "2026-11-25T14:40", "result": "quiet"}
    sent["csrf"] = token(phone, address)
    done = phone.post(address, data=sent, headers=JSON)
    assert done.json() == {"next": "/patrol?done=1"}
    after = phone.get("/patrol?done=1", headers=PAGE).text
    assert "Đã ghi lần tuần tra." in after
    assert "Đã tuần tra hôm nay" in after
    assert phone.post(
        address, data={**sent, "client_key": "key-of-sign", "result": "sign"}, headers=JSON
    ).json()["code"] == ("sign_missing")


def test_a_chosen_sign_is_not_lost_by_the_button_for_none(
    phone: TestClient, settings: Settings, world: Planned
) -> None:
    enter(phone, settings, "congan-duongnoi", "/patrol")
    address = re.findall(r'href="(/patrol/[^"]+)"', phone.get("/patrol", headers=PAGE).text)[0]
    sent = {"client_key": "key-of-patrol", "at": "2026-11-25T14:40", "sign": "reopened"}
    sent["csrf"] = token(phone, address)
    for result, code in (("quiet", "sign_chosen"), ("", "result_missing")):
        refused = phone.post(address, data={**sent, "result": result}, headers=JSON)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    shown = phone.post(address, data={**sent, "result": "quiet"}).text
    assert 'value="reopened" checked' in shown and "Có dấu hiệu – ghi" in shown
    assert phone.post(address, data={**sent, "result": "sign"}, headers=JSON).status_code == 200


def test_an_overdue_round_says_by_how_many_days_in_the_list_and_on_its_page(
    phone: TestClient, settings: Settings, world: Planned
) -> None:
    enter(phone, settings, "congan-duongnoi", "/patrol")
    listed = phone.get("/patrol", headers=PAGE).text
    late = re.findall(r'class="card late" href="([^"]+)"[^>]*>.*?(Quá hạn \d+ ngày)', listed)
    assert late
    for address, said in late:
        assert said in phone.get(address, headers=PAGE).text


def test_a_visit_of_a_later_day_offers_no_start(
    phone: TestClient, settings: Settings, world: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(phone, settings)
    address = f"/field/visit/{world.visit}"
    assert "Bắt đầu" in phone.get(address, headers=PAGE).text
    monkeypatch.setattr(routes, "local_now", lambda: world.now - timedelta(days=1))
    early = phone.get(address, headers=PAGE).text
    assert "Ngày 25/11/2026 chưa đến." in early
    assert "Bắt đầu" not in early and 'name="outcome"' not in early


def test_a_re_check_shows_its_limit(
    phone: TestClient, settings: Settings, store: Store, world: Planned
) -> None:
    enter(phone, settings)
    changed(store, Visit, world.visit, kind="follow_up")
    assert "Phúc tra chỉ kiểm tra lại" in phone.get(f"/field/visit/{world.visit}", headers=PAGE).text


def test_a_second_tab_with_other_content_is_told_and_keeps_what_was_typed(
    phone: TestClient, settings: Settings, store: Store, world: Planned
) -> None:
    enter(phone, settings)
    address = f"/field/visit/{world.visit}"
    sent = fields(store, world, csrf=token(phone, address))
    assert phone.post(address, data=sent, headers=JSON).status_code == 200
    other = {**sent, "f1-kind": "fire", "f1-text": "Lối thoát nạn bị khóa"}
    told = phone.post(address, data=other, headers=JSON)
    assert (told.status_code, told.json()["code"]) == (409, "other_content")
    assert "nội dung khác; xem lại" in told.json()["text"]
    plain = phone.post(address, data=other)
    assert "Lối thoát nạn bị khóa" in plain.text and f'action="{address}/correct"' in plain.text


def test_an_ordered_patrol_stands_first_on_the_patrols_phone(
    phone: TestClient, settings: Settings, store: Store, world: Planned
) -> None:
    enter(phone, settings, "congan-duongnoi", "/patrol")
    cards = re.findall(r'href="/patrol/([^"]+)"', phone.get("/patrol", headers=PAGE).text)
    by = world.now.date() + timedelta(days=1)
    patrols.order_patrol(store, SYSTEM, cards[-1], by, world.now)
    page = phone.get("/patrol", headers=PAGE).text
    assert re.findall(r'href="/patrol/([^"]+)"', page)[0] == cards[-1]
    said = f"ó lệnh tuần tra trước ngày {by:%d/%m/%Y}"
    assert f"C{said}" in page and f"c{said}" in phone.get(f"/patrol/{cards[-1]}", headers=PAGE).text


@pytest.mark.parametrize(
    "account, path", [("congan-duongnoi", "/field"), ("kiemtra-hadong", "/patrol"), ("nguoixem", "/patrol")]
)
def test_a_page_without_the_right_says_so(
    phone: TestClient, settings: Settings, account: str, path: str
) -> None:
    enter(phone, settings, account)
    page = phone.get(path, headers=PAGE)
    assert page.status_code == 403
    assert "Không có quyền" in page.text


def test_an_unknown_address_of_the_field_is_answered_in_words(phone: TestClient, settings: Settings) -> None:
    enter(phone, settings)
    for path in ("/field/visit/none", "/patrol-x"):
        assert phone.get(path, headers=PAGE).status_code == 404
    assert replace is not None and running is not None
