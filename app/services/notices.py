"""Who wants to be told of new alerts, how and where; and what goes into the outbox.

A notice never says what an alert is about: not its place, kind or evidence. It says how much there is to see
and where to sign in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.access import Right, may, require
from app.config import Settings
from app.services.alert_places import with_places
from app.services.notice_targets import allowed_target, shown_target
from data.repositories import accounts
from data.repositories import alerts as alert_repository
from data.repositories import notices as repository
from data.store import LOCAL_ZONE, Actor, Store, Work
from geo.errors import InputError
from geo.messages import msg

#: When the daily digest is due, in Hà Nội.
DIGEST_AT = time(7, 0)


class Mode(StrEnum):
    """How an account wants to be told."""

    OFF = "off"
    DIGEST = "digest"
    AT_ONCE = "at_once"


@dataclass(frozen=True)
class Choice:
    """What an account has chosen, and how the last notice went. ``shown`` is the target without its secrets."""

    mode: Mode
    shown: str | None
    sent_at: datetime | None
    problem: str | None


def choice(store: Store, actor: Actor) -> Choice:
    """The actor's own choice."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        row, last = repository.choice(work, actor.name), repository.last_of(work, actor.name)
    shown = None if row is None or row.target is None else shown_target(row.target)
    return Choice(
        mode=Mode.OFF if row is None else Mode(row.mode),
        shown=shown,
        sent_at=None if last is None else last.sent_at,
        problem=None if last is None else last.problem,
    )


def choose(store: Store, actor: Actor, mode: Mode, target: str, settings: Settings) -> None:
    """Keep the actor's choice; an empty target keeps the one on record.

    Raises InputError for a target that cannot be read or is missing, RuleError for a host that is not allowed.
    """
    require(actor, Right.SEE_TIPS)
    with store.write(actor) as work:
        if accounts.account_named(work, actor.name) is None:
            raise InputError("no_account", msg("Chỉ tài khoản đăng nhập mới nhận thông báo."))
        row = repository.choice(work, actor.name)
        wanted = target.strip() or (row.target if row is not None else None)
        if mode is not Mode.OFF:
            if not wanted:
                raise InputError("no_target", msg("Cần địa chỉ nhận thông báo."))
            allowed_target(wanted, settings)
        elif target.strip():
            allowed_target(target, settings)
        repository.choose(work, actor.name, mode.value, wanted)
        work.note("notice.choose", actor.name, mode=mode.value)


def enqueue(work: Work, alert_ids: Sequence[str], day: date) -> None:
    """Put new alerts into the outbox, for everybody who wants to be told and may see them."""
    if not alert_ids:
        return
    alerts = alert_repository.alerts(work)
    new = alerts[alerts["id"].isin(alert_ids)]
    for row in repository.choices(work):
        actor = _actor(work, row.account_name)
        if actor is not None and row.target:
            seen = with_places(replace(work, actor=actor), new, day)["id"]
            keys = [(f"{actor.name}:{alert_id}", alert_id) for alert_id in seen]
            repository.add(work, actor.name, shown_target(row.target), keys, _send_after(work, Mode(row.mode)))


def enqueue_assignment(work: Work, alert_id: str, account: str, step: str) -> None:
    """Tell an account that an alert was given to it; not the one who took it."""
    row = repository.choice(work, account)
    if row is None or Mode(row.mode) is Mode.OFF or not row.target or account == work.actor.name:
        return
    key = [(f"{account}:{alert_id}:{step}", alert_id)]
    repository.add(work, account, shown_target(row.target), key, _send_after(work, Mode(row.mode)))


def _actor(work: Work, name: str) -> Actor | None:
    """The account as an actor; None when it may not see alerts any more."""
    account = accounts.account_named(work, name)
    if account is None or account.disabled:
        return None
    actor = accounts.actor_of(work, account)
    return actor if may(actor, Right.SEE_TIPS) else None


def _send_after(work: Work, mode: Mode) -> datetime:
    if mode is Mode.AT_ONCE:
        return work.now
    now = work.now.astimezone(LOCAL_ZONE)
    today = datetime.combine(now.date(), DIGEST_AT, LOCAL_ZONE)
    return today if now < today else today + timedelta(days=1)
