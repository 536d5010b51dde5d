"""Who wants it is told that there is something to see, once, on hosts that the operator allows, and no more."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.config import Settings
from app.services import accounts, alerts, notices
from app.services.accounts import SYSTEM
from app.services.notice_sending import send_waiting
from app.services.notice_targets import allowed_target, shown_target
from app.services.notices import Mode
from data.repositories import notices as repository
from data.store import LOCAL_ZONE, Actor, Store, Work
from data.tables import AuditEntry, Notice, NoticeChoice
from geo.errors import InputError, RuleError
from geo.words import AlertState, Role
from tests.conftest import DEMO_DAY
from tests.services.notice_server import Hook, listening

LEADER = Actor("lanhdao", Role.REVIEWER)
SECRET = "nguoi:mat-khau@"


@pytest.fixture
def hook() -> Iterator[Hook]:
    with listening() as made:
        yield made


def allowing(hosts: str = "127.0.0.1", **more: str) -> Settings:
    return Settings(notice_hosts=hosts, public_url="https://diaban.office.vn/", **more)


def queue(store: Store, actor: Actor = LEADER, *, count: int = 2) -> list[str]:
    """Put the newest open alerts into the outbox as a scan does."""
    found = alerts.alerts_with_places(store, SYSTEM, DEMO_DAY)
    ids = list(found.loc[found["open"], "id"])[:count]
    with store.write(SYSTEM) as work:
        notices.enqueue(work, ids, DEMO_DAY)
    return ids


def want(store: Store, hook: Hook, mode: Mode = Mode.AT_ONCE, actor: Actor = LEADER) -> None:
    notices.choose(store, actor, mode, hook.url(SECRET), allowing())


def send(store: Store, settings: Settings | None = None) -> dict[str, int]:
    done = send_waiting(store, SYSTEM, settings or allowing())
    return {key: done[key] for key in ("sent", "failed", "waiting")}


def outbox(store: Store) -> list[Notice]:
    with store.read(SYSTEM) as work:
        return list(work.session.scalars(select(Notice).order_by(Notice.rid)))


def test_one_message_says_how_much_is_new_and_where_to_look_and_nothing_else(
    own_demo: Store, hook: Hook
) -> None:
    want(own_demo, hook)
    ids = queue(own_demo)
    assert send(own_demo) == {"sent": 2, "failed": 0, "waiting": 0}
    ((path, user, body),) = hook.received
    assert (path, user) == ("/hook/k3y?room=9", "nguoi:mat-khau")
    assert body["message"] == "Có 2 việc mới cần xem.\nhttps://diaban.office.vn/alerts"
    found = alerts.alerts_with_places(own_demo, SYSTEM, DEMO_DAY)
    told = json.dumps(body, ensure_ascii=False)
    for row in found[found["id"].isin(ids)].itertuples():
        assert str(row.name) not in told and row.id not in told and row.place_id not in told


def test_nothing_is_sent_twice_whatever_is_started_again(own_demo: Store, hook: Hook) -> None:
    want(own_demo, hook)
    queue(own_demo)
    queue(own_demo)
    assert len(outbox(own_demo)) == 2
    send(own_demo)
    assert send(Store(own_demo.engine)) == {"sent": 0, "failed": 0, "waiting": 0}
    assert len(hook.received) == 1


def test_a_sender_that_died_in_the_middle_leaves_a_visible_problem_and_no_second_message(
    own_demo: Store, hook: Hook
) -> None:
    want(own_demo, hook)
    queue(own_demo)
    with own_demo.write(SYSTEM) as work:
        assert len(repository.claim(work)) == 2
    assert send(own_demo) == {"sent": 0, "failed": 0, "waiting": 0}
    with own_demo.write(SYSTEM) as work:
        work.session.execute(update(Notice).values(sending_since=work.now - timedelta(hours=1)))
    assert send(own_demo) == {"sent": 0, "failed": 2, "waiting": 0}
    assert "không gửi lại" in str(notices.choice(own_demo, LEADER).problem)
    assert hook.received == []


def test_a_refusal_is_told_and_the_next_notice_goes_out(own_demo: Store, hook: Hook) -> None:
    want(own_demo, hook)
    queue(own_demo, count=1)
    hook.status = 500
    assert send(own_demo) == {"sent": 0, "failed": 1, "waiting": 0}
    assert "từ chối" in str(notices.choice(own_demo, LEADER).problem)
    hook.status = 200
    queue(own_demo, count=3)
    assert send(own_demo) == {"sent": 2, "failed": 0, "waiting": 0}
    assert notices.choice(own_demo, LEADER).problem is None


def test_a_redirection_to_another_host_is_not_followed(own_demo: Store, hook: Hook) -> None:
    with listening() as elsewhere:
        want(own_demo, hook)
        queue(own_demo)
        hook.status, hook.location = 307, elsewhere.url()
        send(own_demo)
        assert elsewhere.received == []


def test_the_digest_waits_for_the_morning(own_demo: Store, hook: Hook) -> None:
    want(own_demo, hook, Mode.DIGEST)
    queue(own_demo)
    due = {row.send_after for row in outbox(own_demo)}
    (when,) = due
    local = when.astimezone(LOCAL_ZONE)
    assert (local.hour, local.minute) == (7, 0) and when > datetime.now(LOCAL_ZONE)
    assert send(own_demo) == {"sent": 0, "failed": 0, "waiting": 2}
    with own_demo.write(SYSTEM) as work:
        work.session.execute(update(Notice).values(send_after=work.now - timedelta(minutes=1)))
    assert send(own_demo)["sent"] == 2
    assert len(hook.received) == 1


def test_no_host_is_allowed_by_default() -> None:
    assert Settings().allowed_notice_hosts == frozenset()
    with pytest.raises(RuleError, match="danh sách"):
        allowed_target("http://127.0.0.1:9/x", Settings())


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.office.vn@evil.example/x",
        "http://evil.example/?u=hooks.office.vn",
        "https://hooks.office.vn.evil.example/",
        "ten@evil.example",
    ],
)
def test_an_address_that_only_looks_like_an_allowed_host_is_refused(address: str) -> None:
    with pytest.raises(RuleError):
        allowed_target(address, allowing("hooks.office.vn, office.vn"))


@pytest.mark.parametrize(
    "address",
    [
        "", "hooks.office.vn", "ftp://hooks.office.vn/x", "file:///etc/passwd", "tgram://token/chat",
        "http://hooks.office.vn:999999/", "http:///x",
        "http://hooks.office.vn\\@evil.example/", "a b@office.vn",
        "https://hooks.office.vn/" + "x" * 300, "mailto://a:b@office.vn?smtp=evil.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(InputError) as refused:
        allowed_target(address, allowing("hooks.office.vn, office.vn"))
    assert refused.value.code == "bad_target"
    assert not address or address not in str(refused.value.message)


def test_office_mail_needs_the_operators_mail_server() -> None:
    with pytest.raises(RuleError, match="máy chủ thư"):
        allowed_target("vanphong@office.vn", allowing("office.vn"))
    target = allowed_target(
        "vanphong@office.vn", allowing("office.vn", notice_mail="mailto://a:b@mail.office.vn")
    )
    assert (target.mail, target.host) == ("vanphong@office.vn", "office.vn")
    assert shown_target("vanphong@office.vn") == "…@office.vn"


def test_a_host_taken_off_the_list_gets_nothing_more(own_demo: Store, hook: Hook) -> None:
    want(own_demo, hook)
    queue(own_demo)
    assert send(own_demo, Settings()) == {"sent": 0, "failed": 2, "waiting": 0}
    assert hook.received == []


def test_who_turns_notices_off_or_is_locked_out_gets_nothing_more(own_demo: Store, hook: Hook) -> None:
    want(own_demo, hook)
    queue(own_demo)
    notices.choose(own_demo, LEADER, Mode.OFF, "", allowing())
    assert send(own_demo)["failed"] == 2
    assert queue(own_demo, count=4) and len(outbox(own_demo)) == 2
    assert hook.received == []


def test_an_account_is_told_of_its_own_ground_only(own_demo: Store, hook: Hook) -> None:
    with own_demo.read(SYSTEM) as work:
        officer = actor(work, "canbo-kienhung")
    want(own_demo, hook, actor=officer)
    seen = alerts.alerts_with_places(own_demo, officer, DEMO_DAY)
    ids = queue(own_demo, count=100)
    assert {row.subject_id for row in outbox(own_demo)} == set(seen["id"]) & set(ids)
    assert 0 < len(outbox(own_demo)) < len(ids)


def actor(work: Work, name: str) -> Actor:
    account = accounts.repository.account_named(work, name)
    assert account is not None
    return accounts.repository.actor_of(work, account)


def test_who_is_given_an_alert_is_told_so(own_demo: Store, hook: Hook) -> None:
    want(own_demo, hook)
    found = alerts.alerts_with_places(own_demo, SYSTEM, DEMO_DAY).iloc[0]
    chief = Actor("quantri", Role.ADMIN)
    alerts.assign(own_demo, chief, found["id"], "lanhdao", seen=AlertState(found["state"]))
    assert send(own_demo)["sent"] == 1
    alerts.assign(own_demo, LEADER, found["id"], "lanhdao", seen=AlertState(found["state"]))
    assert send(own_demo)["sent"] == 0


def test_a_name_and_password_in_an_address_are_never_shown_logged_or_put_into_the_outbox(
    own_demo: Store, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        want(own_demo, hook)
        queue(own_demo)
        hook.status = 500
        done = send_waiting(own_demo, SYSTEM, allowing())
    choice = notices.choice(own_demo, LEADER)
    assert choice.shown == f"http://127.0.0.1:{hook.port}/…"
    with own_demo.read(SYSTEM) as work:
        logged = [entry.detail for entry in work.session.scalars(select(AuditEntry))]
    told = f"{choice} {done} {logged} {caplog.text} {[vars(row) for row in outbox(own_demo)]}"
    assert "mat-khau" not in told and "k3y" not in told


def test_an_empty_address_keeps_the_one_on_record(own_demo: Store, hook: Hook) -> None:
    want(own_demo, hook)
    notices.choose(own_demo, LEADER, Mode.DIGEST, " ", allowing())
    with own_demo.read(SYSTEM) as work:
        kept = repository.choice(work, "lanhdao")
        assert isinstance(kept, NoticeChoice) and kept.target == hook.url(SECRET) and kept.mode == "digest"
    with pytest.raises(InputError, match="địa chỉ"):
        notices.choose(own_demo, Actor("quantri", Role.ADMIN), Mode.DIGEST, "", allowing())


def test_only_signed_in_accounts_that_see_alerts_choose_and_only_the_operator_sends(own_demo: Store) -> None:
    with pytest.raises(RuleError):
        notices.choose(own_demo, Actor("nguoixem", Role.VIEWER), Mode.OFF, "", allowing())
    with pytest.raises(InputError):
        notices.choose(own_demo, replace(LEADER, name="cli:x"), Mode.OFF, "", allowing())
    with pytest.raises(RuleError):
        send_waiting(own_demo, LEADER, allowing())


def test_the_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DIABAN_NOTICE_HOSTS", " Mail.Office.vn, hooks.office.vn,")
    assert Settings(data=tmp_path).allowed_notice_hosts == {"mail.office.vn", "hooks.office.vn"}
