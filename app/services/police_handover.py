"""Handing over to the police at once (domain, rule 7): that it was done, when, the receipt's number."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from app.access import Right, may, require
from app.services.field_record import client_key
from app.services.free_text import about_places
from data.store import Actor, Store
from data.tables import PoliceHandover
from geo.errors import InputError
from geo.messages import msg

_LONGEST = 80
#: A phone's clock may be ahead of the server's.
_SLACK = timedelta(minutes=10)


def hand_over(
    store: Store, actor: Actor, *, key: str, handed_at: datetime, receipt_number: str | None, now: datetime
) -> bool:
    """Keep that something was handed to the police; whether it is new. ``key``: made by the phone.

    Not kept: what it was, where, and which visit or patrol it came up at. Raises InputError for a time that has
    not come yet or a receipt number that is none.
    """
    if not any(may(actor, right) for right in (Right.INSPECT, Right.PATROL)):
        require(actor, Right.TAKE_SIGNALS)
    number = about_places(receipt_number)
    if len(number) > _LONGEST:
        raise InputError("too_long", msg("Số biên nhận dài nhất {n} ký tự.", n=_LONGEST))
    if handed_at > now + _SLACK:
        raise InputError("future", msg("Giờ chuyển {at} chưa đến.", at=handed_at))
    with store.write(actor) as work:
        known = select(PoliceHandover.id).where(PoliceHandover.id == client_key(key))
        if work.whole.session.scalars(known).first() is not None:
            return False
        event = {**work.event(), "id": key}
        work.session.add(PoliceHandover(**event, handed_at=handed_at, receipt_number=number or None))
        work.note("police.handover", key)
    return True
