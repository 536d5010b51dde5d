"""What the keepers of a database ask it: what was done when, what is being done; to end every sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from data.store import Work
from data.tables import AuditEntry, LoginSession, Setting, new_id

_MARK = "underway:"


def last_noted(work: Work, action: str | None) -> datetime | None:
    """When the audit log last tells of an action, of any where ``action`` is None; None when never."""
    newest = select(AuditEntry.at).order_by(AuditEntry.seq.desc()).limit(1)
    return work.session.scalar(newest if action is None else newest.where(AuditEntry.action == action))


def first_noted(work: Work) -> datetime | None:
    """When the audit log begins, None while it is empty."""
    return work.session.scalar(select(AuditEntry.at).order_by(AuditEntry.seq).limit(1))


def end_all_sessions(work: Work) -> int:
    """Sign everybody out; how many sign-ins there were."""
    ended = work.session.scalar(select(func.count()).select_from(LoginSession)) or 0
    work.session.execute(delete(LoginSession))
    return ended


def server_time(work: Work) -> datetime | None:
    """What time it is for a server; None for an embedded file, which has no clock of its own."""
    if work.session.get_bind().dialect.name == "sqlite":
        return None
    return work.session.scalar(select(func.clock_timestamp()))


@dataclass(frozen=True)
class Begun:
    """A mark of long work: its key, which work, by whom, since when, in which process."""

    key: str
    what: str
    by: str
    since: datetime
    process: str


def begin(work: Work, what: str, process: str) -> str:
    """Mark a piece of work as begun; gives the key of the mark."""
    key = f"{_MARK}{new_id()}"
    value = {"what": what, "by": work.actor.name, "since": work.now.isoformat(), "process": process}
    work.session.add(Setting(key=key, value=value))
    return key


def end(work: Work, key: str) -> None:
    """Take a mark away."""
    work.session.execute(delete(Setting).where(Setting.key == key))


def end_all(work: Work) -> None:
    """Take every mark away: in a restored database they are of another time."""
    work.session.execute(delete(Setting).where(Setting.key.startswith(_MARK)))


def begun(work: Work) -> list[Begun]:
    """The marks that stand, the oldest first."""
    rows = work.session.scalars(select(Setting).where(Setting.key.startswith(_MARK))).all()
    marks = [
        Begun(row.key, **(row.value | {"since": datetime.fromisoformat(row.value["since"])})) for row in rows
    ]
    return sorted(marks, key=lambda mark: mark.since)
