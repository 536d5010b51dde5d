"""Reading the audit log: entries by who, what, about what, when and from where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select

from data.store import Work
from data.tables import AuditEntry

#: How far back a repeated look is searched for: far enough for a day, near enough for a few milliseconds.
_LATELY = 2_000


@dataclass(frozen=True)
class Wanted:
    """Which entries: empty and None leave a side open. ``actions`` are codes, or beginnings that end in a dot;
    ``since`` and ``until`` are instants, ``until`` not included; ``before`` is the number that ends a page."""

    actors: Sequence[str] = ()
    actions: Sequence[str] = ()
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def entries(work: Work, wanted: Wanted, most: int | None = None) -> list[AuditEntry]:
    """The entries that are wanted, newest first, ``most`` of them at most."""
    rows = _narrowed(select(AuditEntry), wanted).order_by(AuditEntry.seq.desc())
    return list(work.session.scalars(rows if most is None else rows.limit(most)))


def actors(work: Work) -> list[str]:
    """Who stands in the log, by name."""
    return sorted(work.session.scalars(select(AuditEntry.actor).distinct()))


def actions(work: Work) -> list[str]:
    """The codes of what was done, in order."""
    return sorted(work.session.scalars(select(AuditEntry.action).distinct()))


def noted_since(work: Work, action: str, subject: str, since: datetime) -> bool:
    """Whether the actor's action on a subject stands among the newest entries since an instant."""
    newest = work.session.scalar(select(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(1)) or 0
    found = select(AuditEntry.seq).where(
        AuditEntry.seq > newest - _LATELY,
        AuditEntry.actor == work.actor.name,
        AuditEntry.action == action,
        AuditEntry.subject == subject,
        AuditEntry.at >= since,
    )
    return work.session.scalar(found.limit(1)) is not None


def _narrowed(rows: Select[tuple[AuditEntry]], wanted: Wanted) -> Select[tuple[AuditEntry]]:
    if wanted.actors:
        rows = rows.where(AuditEntry.actor.in_(wanted.actors))
    if wanted.actions:
        beginnings = [one for one in wanted.actions if one.endswith(".")]
        rows = rows.where(
            or_(
                AuditEntry.action.in_([one for one in wanted.actions if not one.endswith(".")]),
                *(AuditEntry.action.startswith(one, autoescape=True) for one in beginnings),
            )
        )
    if wanted.subject:
        rows = rows.where(AuditEntry.subject == wanted.subject)
    if wanted.since is not None:
        rows = rows.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        rows = rows.where(AuditEntry.at < wanted.until)
    if wanted.before is not None:
        rows = rows.where(AuditEntry.seq < wanted.before)
    return rows
