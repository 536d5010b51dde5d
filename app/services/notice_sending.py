"""Sending the outbox: one message an account, with the number of new alerts and a link.

At most once: what was taken up is never taken up again. A sender that dies in the middle, or a host that does
not answer, leaves a notice that may or may not have arrived; it is not sent again but marked with its problem,
which its account sees beside its choice and ``notify`` counts. The alert itself waits in the inbox.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import apprise

from app.access import Right, require
from app.config import Settings
from app.services import notices
from app.services.notice_targets import Target, allowed_target
from app.text import render, speaking
from data.repositories import accounts
from data.repositories import notices as repository
from data.store import Actor, Store, Work
from geo.errors import InputError
from geo.messages import Message, msg

#: Longer than any sending takes: what was taken up before has come to no end.
_STUCK_AFTER = timedelta(minutes=10)
_LOST = msg("Chương trình dừng khi đang gửi: không rõ đã đến hay chưa, không gửi lại.")
_REFUSED = msg("Máy chủ nhận không trả lời hoặc từ chối.")
_OFF = msg("Tài khoản không còn nhận thông báo.")
#: The libraries' own log lines name addresses: the outcome is kept here, without them.
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)

Sender = Callable[[Target, str, str], bool]


@dataclass(frozen=True)
class _Message:
    """What one account is sent: the notices that it tells of, and where to; ``problem``: why it cannot be."""

    notices: tuple[str, ...]
    target: Target | None
    problem: Message | None = None


def send_waiting(
    store: Store, actor: Actor, settings: Settings, *, sender: Sender | None = None
) -> dict[str, Any]:
    """Send what is due: ``{sent, failed, waiting}``, counts of notices, and ``problems``, sentences."""
    require(actor, Right.MANAGE)
    send = sender or _by_apprise(settings)
    with store.write(actor) as work:
        failed = repository.give_up(work, work.now - _STUCK_AFTER, _in_words(_LOST))
        messages = _messages(work, settings)
    sent, problems = 0, [_LOST] if failed else []
    # Each is settled by itself: what was sent stays sent whatever happens to the next.
    for message in messages:
        problem = message.problem or _sent(send, message, settings)
        with store.write(actor) as work:
            repository.settle(work, message.notices, None if problem is None else _in_words(problem))
            work.note("notice.send", n=len(message.notices), sent=problem is None)
        if problem is None:
            sent += len(message.notices)
        else:
            failed += len(message.notices)
            problems.append(problem)
    with store.read(actor) as work:
        left = len(repository.waiting(work))
    return {"sent": sent, "failed": failed, "waiting": left, "problems": sorted({*map(render, problems)})}


def _messages(work: Work, settings: Settings) -> list[_Message]:
    by_account: dict[str, list[str]] = defaultdict(list)
    for notice in repository.claim(work):
        by_account[notice.account_name].append(notice.id)
    return [_message(work, account, ids, settings) for account, ids in by_account.items()]


def _message(work: Work, account: str, ids: list[str], settings: Settings) -> _Message:
    row, owner = repository.choice(work, account), accounts.account_named(work, account)
    gone = owner is None or owner.disabled
    if gone or row is None or not row.target or notices.Mode(row.mode) is notices.Mode.OFF:
        return _Message(tuple(ids), None, _OFF)
    try:
        # The list may have changed since the choice was made.
        return _Message(tuple(ids), allowed_target(row.target, settings))
    except InputError as error:
        return _Message(tuple(ids), None, error.message)


def _sent(send: Sender, message: _Message, settings: Settings) -> Message | None:
    """What went wrong, None when it was sent."""
    assert message.target is not None
    with speaking(settings.language):
        body = render(msg("Có {n} việc mới cần xem.", n=len(message.notices)))
    if settings.public_url:
        body += f"\n{settings.public_url.rstrip('/')}/alerts"
    return None if send(message.target, "Địa Bàn", body) else _REFUSED


def _by_apprise(settings: Settings) -> Sender:
    asset = apprise.AppriseAsset(
        app_id="DiaBan", app_desc="", app_url="", async_mode=False, http_redirects=False
    )

    def send(target: Target, title: str, body: str) -> bool:
        told = apprise.Apprise(asset=asset)
        if not told.add(_service(target, settings, asset)):
            return False
        return bool(told.notify(title=title, body=body))

    return send


def _service(target: Target, settings: Settings, asset: apprise.AppriseAsset) -> Any:
    if target.mail is None:
        return apprise.Apprise.instantiate({**target.service(), "asset": asset}, asset=asset)
    parts = apprise.plugins.N_MGR["mailto"].parse_url(settings.notice_mail) or {}
    return apprise.Apprise.instantiate({**parts, "targets": [target.mail], "asset": asset}, asset=asset)


def _in_words(what: Message) -> str:
    with speaking("vi"):
        return render(what)
