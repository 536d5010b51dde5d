"""Words that look like personal data and are none, as a data steward says with the reason, until taken back."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from sqlalchemy import select

from app.access import Right, require
from app.services.free_text import about_places, excuse
from data.repositories.frames import current
from data.store import Actor, Store, Work
from data.tables import PrivacyException
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.privacy import personal_data, unexcused
from geo.words import Role

_LONGEST_PHRASE, _LONGEST_REASON = 200, 600
#: So long another replica may not know yet what a steward has decided.
_FRESH_S = 10.0
_READER = Actor("privacy", Role.VIEWER)


@dataclass(frozen=True)
class KeptException:
    """A phrase that is let pass, who decided it, when and why."""

    id: str
    phrase: str
    reason: str
    by: str
    at: datetime


def watch(store: Store) -> None:
    """Let free text be held against the exceptions of this database from now on."""
    known: tuple[float, frozenset[str]] = (-_FRESH_S, frozenset())

    def phrases() -> frozenset[str]:
        nonlocal known
        if monotonic() - known[0] > _FRESH_S:
            with store.read(_READER) as work:
                known = monotonic(), frozenset(one.phrase for one in _kept(work))
        return known[1]

    excuse(phrases)


def exceptions(store: Store, actor: Actor) -> list[KeptException]:
    """What is let pass, the newest first."""
    require(actor, Right.KEEP_PRIVATE)
    with store.read(actor) as work:
        return _kept(work)[::-1]


def _kept(work: Work) -> list[KeptException]:
    rows = PrivacyException.__table__.c
    statement = current(PrivacyException).add_columns(rows.recorded_by, rows.recorded_at)
    found = work.session.execute(statement)
    return [KeptException(one.id, one.phrase, one.reason, one.recorded_by, one.recorded_at) for one in found]


def add(store: Store, actor: Actor, phrase: str, reason: str) -> str:
    """Let a phrase pass from now on, and give the exception's id.

    Raises InputError for a phrase that nothing is wrong with or that is too long, RuleError for a missing
    reason and for one that itself speaks of a person.
    """
    require(actor, Right.KEEP_PRIVATE)
    words = " ".join(unicodedata.normalize("NFC", phrase).split())
    why = " ".join(unicodedata.normalize("NFC", reason).split())
    if not why:
        raise RuleError("reason_missing", msg("Cần ghi lý do vì sao cụm từ này không phải thông tin cá nhân."))
    if len(words) > _LONGEST_PHRASE or len(why) > _LONGEST_REASON:
        longest = _LONGEST_PHRASE if len(words) > _LONGEST_PHRASE else _LONGEST_REASON
        raise InputError("too_long", msg("Nội dung dài nhất {n} ký tự.", n=longest))
    if not personal_data(words):
        raise InputError(
            "nothing_found",
            msg("Hệ thống không coi cụm từ này là thông tin cá nhân."),
            hint=msg("Chép nguyên cụm từ bị che, kèm vài từ đứng cạnh nếu cần."),
        )
    if unexcused(why, personal_data(why), [words]):
        about_places(why)
    with store.write(actor) as work:
        if any(one.phrase.casefold() == words.casefold() for one in _kept(work)):
            raise RuleError("known_phrase", msg("Cụm từ này đã được cho phép."))
        event = work.event()
        work.session.add(PrivacyException(**event, phrase=words, reason=why))
        # The phrase stands in the list; the log keeps a digest, as of any free text.
        work.note("privacy.exception", str(event["id"]), text=words, reason=work.digest(str(event["id"]), why))
    watch(store)
    return str(event["id"])


def remove(store: Store, actor: Actor, exception_id: str) -> None:
    """Take an exception back: from now on the phrase is refused again. What was written stays."""
    require(actor, Right.KEEP_PRIVATE)
    with store.write(actor) as work:
        rows = select(PrivacyException).where(PrivacyException.id == exception_id)
        last = work.session.scalars(rows.order_by(PrivacyException.revision.desc()).limit(1)).first()
        if last is None or last.void:
            raise InputError("unknown_exception", msg("Cụm từ này không còn trong danh sách."))
        kept = {"phrase": last.phrase, "reason": last.reason, "revision": last.revision + 1, "void": True}
        work.session.add(PrivacyException(**{**work.event(), "id": last.id, **kept}))
        work.note("privacy.exception_removed", exception_id)
    watch(store)
