"""How accounts want to be told of alerts, and the outbox of what is to be told them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select, update

from data.store import Work
from data.tables import Notice, NoticeChoice

_OFF = "off"


def choice(work: Work, account: str) -> NoticeChoice | None:
    """What an account has chosen; None before it has."""
    return work.session.scalars(select(NoticeChoice).where(NoticeChoice.account_name == account)).first()


def choices(work: Work) -> list[NoticeChoice]:
    """The choices of all who want to be told, by account."""
    wanted = NoticeChoice.mode != _OFF, NoticeChoice.target.is_not(None)
    return list(work.session.scalars(select(NoticeChoice).where(*wanted).order_by(NoticeChoice.account_name)))


def choose(work: Work, account: str, mode: str, target: str | None) -> None:
    """Keep what an account has chosen."""
    row = choice(work, account)
    if row is None:
        row = NoticeChoice(account_name=account)
        work.session.add(row)
    row.mode, row.target = mode, target
    work.session.flush()


def add(
    work: Work, account: str, shown_target: str, subjects: Iterable[tuple[str, str]], send_after: datetime
) -> None:
    """Put notices into the outbox: (key, alert) each; a key that is there already is left as it is."""
    new = dict(subjects)
    known = set(work.session.scalars(select(Notice.key).where(Notice.key.in_(new))))
    for key, alert_id in new.items():
        if key not in known:
            work.session.add(
                Notice(
                    key=key,
                    account_name=account,
                    target=shown_target,
                    subject_kind="alert",
                    subject_id=alert_id,
                    made_at=work.now,
                    send_after=send_after,
                )
            )
    work.session.flush()


def waiting(work: Work) -> list[Notice]:
    """What has not been taken up yet, whether it is due or not."""
    fresh = Notice.sending_since.is_(None), Notice.sent_at.is_(None), Notice.problem.is_(None)
    return list(work.session.scalars(select(Notice).where(*fresh).order_by(Notice.rid)))


def claim(work: Work) -> list[Notice]:
    """Take up what is due: from here on no other sender takes it."""
    due = [row.id for row in waiting(work) if row.send_after <= work.now]
    taken = work.session.scalars(
        update(Notice)
        .where(Notice.id.in_(due), Notice.sending_since.is_(None))
        .values(sending_since=work.now, attempts=Notice.attempts + 1)
        .returning(Notice.id)
    ).all()
    rows = select(Notice).where(Notice.id.in_(taken)).order_by(Notice.rid)
    return list(work.session.scalars(rows.execution_options(populate_existing=True)))


def give_up(work: Work, before: datetime, problem: str) -> int:
    """Mark what was taken up before an instant and came to no end; how many there were."""
    stuck = Notice.sending_since < before, Notice.sent_at.is_(None), Notice.problem.is_(None)
    rows = work.session.scalars(update(Notice).where(*stuck).values(problem=problem).returning(Notice.id))
    return len(rows.all())


def settle(work: Work, ids: Collection[str], problem: str | None) -> None:
    """Record that notices were sent, or what went wrong."""
    values = {"sent_at": work.now} if problem is None else {"problem": problem}
    work.session.execute(update(Notice).where(Notice.id.in_(ids)).values(**values))


def last_of(work: Work, account: str) -> Notice | None:
    """The notice of an account that was sent, or went wrong, last."""
    ended = Notice.account_name == account, Notice.sending_since.is_not(None)
    return work.session.scalars(
        select(Notice).where(*ended).order_by(Notice.sending_since.desc(), Notice.rid.desc()).limit(1)
    ).first()
