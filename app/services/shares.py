"""Shares of a target that a ward was given (chỉ tiêu được giao), entered with the paper that assigns them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.access import Right, may, require
from app.services.figure_entry import own_unit
from app.services.free_text import about_places
from data.repositories.frames import add_rows, current
from data.store import Actor, Store
from data.tables import AssignedShare
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.periods import Period

_MOST = 10_000_000
_LONGEST = 200


@dataclass(frozen=True)
class Share:
    """What a unit was given of the target ``code`` for the days from ``first`` to ``last``."""

    unit_id: str
    code: str
    first: date
    last: date
    value: float
    document: str | None


def may_assign(actor: Actor) -> bool:
    """Whether the account gives out shares: who plans and who leads."""
    return may(actor, Right.PLAN) or may(actor, Right.APPROVE)


def shares(store: Store, actor: Actor, period: Period) -> list[Share]:
    """The shares that hold for exactly the period, inside the actor's scope."""
    require(actor, Right.SEE_TIPS)
    statement = current(AssignedShare).where(
        AssignedShare.first_day == period.first, AssignedShare.last_day == period.last
    )
    with store.read(actor) as work:
        rows = work.session.execute(statement).all()
    return [
        Share(row.unit_id, row.code, row.first_day, row.last_day, row.value, row.document)
        for row in rows
        if actor.scope is None or row.unit_id in actor.scope
    ]


def assign(
    store: Store,
    actor: Actor,
    unit_id: str,
    code: str,
    period: Period,
    value: float | None,
    document: str,
    reason: str = "",
) -> None:
    """Give a unit its share, correct it (with a reason), or take it back (None, with a reason).

    Raises RuleError where the account may not, the paper or the reason is missing or a text holds personal
    data; InputError for a unit of another time or ground and a number out of bounds.
    """
    if not may_assign(actor):
        require(actor, Right.APPROVE)
    paper, why = about_places(document), about_places(reason)
    _check(value, paper)
    with store.write(actor) as work:
        own_unit(work, unit_id, period)
        share_id = hashlib.sha256(f"{unit_id}|{code}|{period.text}".encode()).hexdigest()[:32]
        statement = current(AssignedShare).where(
            AssignedShare.unit_id == unit_id,
            AssignedShare.code == code,
            AssignedShare.first_day == period.first,
            AssignedShare.last_day == period.last,
        )
        here = work.session.execute(statement).first()
        if here is None and value is None:
            return
        if here is not None and here.value == value and here.document == paper:
            return
        if here is not None and not why:
            raise RuleError("reason_missing", msg("Sửa chỉ tiêu đã giao cần ghi lý do."))
        share_id = here.id if here else share_id
        newest = work.session.scalar(
            select(func.max(AssignedShare.revision)).where(AssignedShare.id == share_id)
        )
        row = {
            **work.event(why or None),
            "id": share_id,
            "revision": (newest or 0) + 1,
            "void": value is None,
            "unit_id": unit_id,
            "code": code,
            "first_day": period.first,
            "last_day": period.last,
            "value": here.value if value is None and here else value,
            "document": paper or (here.document if here else None),
        }
        add_rows(work, AssignedShare, [row])
        work.note("shares.assign", unit_id, code=code, period=period.text, value=value, document=paper)


def _check(value: float | None, paper: str) -> None:
    if value is not None and not 0 <= value <= _MOST:
        raise InputError(
            "out_of_bounds",
            msg("{field}: nhập từ {least} đến {most}.", field=msg("chỉ tiêu"), least=0, most=_MOST),
        )
    if value is not None and not paper:
        raise RuleError("document_missing", msg("Giao chỉ tiêu cần số văn bản giao."))
    if len(paper) > _LONGEST:
        raise InputError("too_long", msg("Nội dung dài nhất {most} ký tự.", most=_LONGEST))
