"""A premises objects to how it is weighed: recorded, its score read again by a person, answered.

Whoever reads the score again has neither recorded the objection nor planned or inspected the premises lately.
Reading again changes no score: wrong data are corrected where they are kept, and the score follows. An open
objection bars no visit; it is shown wherever the score is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from app.access import Right, may, require
from app.config import ROOT
from app.services.cells import day_of, text_of
from app.services.facts import Known
from app.services.free_text import about_places
from data.repositories import objections as repository
from data.repositories import places
from data.repositories.scope import within_scope
from data.store import Actor, Store, Work
from geo.errors import ConflictError, InputError, RuleError
from geo.messages import Message, msg
from geo.objections import ObjectionRule, parse_objection_rule, standing
from geo.risk import Part

_RULE = ROOT / "geo" / "objections.toml"
_LONGEST = 1000


@dataclass(frozen=True)
class KeptObjection:
    """An objection; ``answered_on`` is None while it is open. ``document``, ``answer``: numbers of papers.

    ``score``: as it stood when it was read again, None for a premises without one. ``late``: the answer is
    overdue; ``text``: how it stands. ``barred``: why the reader may not read the score again, None who may.
    """

    id: str
    premises_id: str
    premises: str
    ward: str
    on_date: date
    document: str | None
    about: str
    due_on: date
    reread_on: date | None
    reread_by: str | None
    finding: str | None
    score: float | None
    answered_on: date | None
    answer: str | None
    text: Message
    late: bool
    barred: Message | None


@dataclass(frozen=True)
class ScoreNow:
    """The score to be read again with all its parts; a premises that is not scored has neither."""

    score: float | None
    rank: int | None
    parts: tuple[Part, ...]
    model: str


@cache
def rule() -> ObjectionRule:
    """By when objections are answered, and who stays away from reading a score again."""
    return parse_objection_rule(_RULE.read_text(encoding="utf-8"))


def record(
    store: Store,
    actor: Actor,
    premises_id: str,
    on_date: date,
    about: str,
    as_of: date,
    *,
    document: str = "",
    due_on: date | None = None,
) -> str:
    """Record that a premises objects to its score, and give the objection's id; due by the office's days.

    Raises InputError for a premises outside the actor's scope, a day to come or a day due before it, RuleError
    without what the objection is about and for a text that speaks of a person.
    """
    _require_desk(actor)
    paper, words = about_places(document)[:200] or None, about_places(about)
    _checked_length(words, msg("Cần ghi cơ sở phản đối điều gì."))
    if on_date > as_of:
        raise InputError("future_day", msg("Ngày {day} chưa tới.", day=on_date))
    due = due_on or rule().due_on(on_date)
    if due < on_date:
        raise InputError("bad_day", msg("Hạn trả lời không được trước ngày nhận."))
    with store.write(actor) as work:
        if premises_id not in set(within_scope(work, places.premises_on(work, as_of))["id"]):
            raise InputError("unknown_premises", msg("Không có cơ sở này trong địa bàn của bạn."))
        made = repository.add_objection(
            work, premises_id=premises_id, on_date=on_date, document=paper, about=words, due_on=due
        )
        work.note("objection.record", made, text=words, premises=premises_id, due=due.isoformat())
        return made


def score_to_read(store: Store, actor: Actor, objection_id: str, as_of: date) -> ScoreNow:
    """The score of today with all its parts, for whoever may read it again.

    Raises InputError ``unknown_objection`` outside the actor's scope; RuleError for who recorded the objection,
    planned or inspected the premises lately, and for an objection that was read again before.
    """
    _require_reader(actor)
    with store.read(actor) as work:
        before = _to_reread(work, objection_id, as_of)
        return _score_now(work, before.premises_id, as_of)


def reread(
    store: Store,
    actor: Actor,
    objection_id: str,
    found: str,
    as_of: date,
    *,
    wrong: Collection[str] = (),
    seen: float | None,
) -> None:
    """Record what reading the score again found; the score as it stood is kept with it.

    ``wrong``: names of the parts that rest on wrong data, which are to be corrected; none when the score
    stands. ``seen``: the score that was read. Raises as ``score_to_read`` does, ConflictError when the score
    has changed meanwhile, RuleError without words.
    """
    _require_reader(actor)
    words = about_places(found)
    _checked_length(words, msg("Cần ghi đã đọc lại những gì, thấy gì."))
    with store.read(actor) as work:
        now = _score_now(work, _to_reread(work, objection_id, as_of).premises_id, as_of)
    if now.score != seen:
        raise ConflictError("score_changed", msg("Điểm vừa thay đổi; xem lại các phần rồi ghi."))
    finding = _finding([part for part in now.parts if part.name in wrong], words)
    with store.write(actor) as work:
        before = _to_reread(work, objection_id, as_of)
        repository.revise_objection(
            work, objection_id, reread_on=as_of, reread_by=actor.name, finding=finding, score=now.score
        )
        work.note(
            "objection.reread",
            objection_id,
            text=finding,
            premises=before.premises_id,
            score=now.score,
            parts={part.name: part.points for part in now.parts},
            wrong=sorted(wrong),
            model=now.model,
        )


def answer(
    store: Store, actor: Actor, objection_id: str, answered_on: date, document: str, as_of: date
) -> None:
    """Record the paper that answers an objection whose score was read again.

    Raises InputError for an unknown objection or an impossible day, RuleError without the answer's number, for
    an objection that nobody has read the score for, and for one that was answered before.
    """
    require(actor, Right.KEEP_CASES)
    paper = about_places(document)[:200]
    if not paper:
        raise RuleError("document_missing", msg("Cần số văn bản trả lời."))
    with store.write(actor) as work:
        before = _one(work, objection_id, as_of)
        reread_on, answered = day_of(before.reread_on), day_of(before.answered_on)
        if answered is not None:
            raise RuleError("answered", msg("Ý kiến này đã được trả lời ngày {day}.", day=answered))
        if reread_on is None:
            raise RuleError("not_reread", msg("Chưa có người đọc lại điểm nên chưa trả lời được."))
        if not reread_on <= answered_on <= as_of:
            raise InputError("bad_day", msg("Ngày trả lời phải từ ngày đọc lại điểm đến hôm nay."))
        repository.revise_objection(work, objection_id, answered_on=answered_on, answer=paper)
        work.note("objection.answer", objection_id, premises=before.premises_id)


def kept_objections(
    store: Store, actor: Actor, as_of: date, *, premises_id: str | None = None
) -> list[KeptObjection]:
    """Objections of premises in the actor's scope, open ones first, the next due before the others."""
    _require_sight(actor)
    with store.read(actor) as work:
        rows = repository.objections(work, as_of)
        if premises_id is not None:
            rows = rows[rows["premises_id"] == premises_id]
        found = [_kept(work, row, as_of) for row in rows.itertuples(index=False)]
    closed = date.max.toordinal()
    return sorted(
        found,
        key=lambda one: (
            one.answered_on is not None,
            closed - one.on_date.toordinal() if one.answered_on else one.due_on.toordinal(),
        ),
    )


def open_premises(store: Store, actor: Actor, as_of: date) -> frozenset[str]:
    """Ids of the premises in the actor's scope whose objection to their score is not answered yet."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        rows = repository.objections(work, as_of)
    return frozenset(rows.loc[rows["answered_on"].isna(), "premises_id"])


def may_record(actor: Actor) -> bool:
    """Whether the account may record objections."""
    return may(actor, Right.KEEP_CASES) or may(actor, Right.EDIT_PLACES)


def may_reread(actor: Actor) -> bool:
    """Whether the account's role may read scores again."""
    return may(actor, Right.APPROVE) or may(actor, Right.JUDGE_ALERTS)


def may_see(actor: Actor) -> bool:
    """Whether the account may see what premises object to."""
    return may_record(actor) or may_reread(actor)


def _require_desk(actor: Actor) -> None:
    if not may(actor, Right.KEEP_CASES):
        require(actor, Right.EDIT_PLACES)


def _require_reader(actor: Actor) -> None:
    if not may(actor, Right.APPROVE):
        require(actor, Right.JUDGE_ALERTS)


def _require_sight(actor: Actor) -> None:
    if not (may(actor, Right.KEEP_CASES) or may(actor, Right.EDIT_PLACES)):
        require(actor, Right.JUDGE_ALERTS)


def _checked_length(words: str, missing: Message) -> None:
    if not words:
        raise RuleError("words_missing", missing)
    if len(words) > _LONGEST:
        raise InputError("too_long", msg("Nội dung dài quá {n} ký tự.", n=_LONGEST))


def _finding(wrong: Sequence[Part], words: str) -> str:
    """What was found, as it is kept: first which sentences of the score rest on wrong data, or that it stands.

    Kept in the language of record, so that it can stand in the answer.
    """
    if not wrong:
        text = str(msg("Điểm giữ nguyên. {words}", words=words))
    else:
        named = "; ".join(f"“{part.text}”" for part in wrong)
        text = str(msg("Cần sửa số liệu: {parts}. {words}", parts=named, words=words))
    if len(text) > _LONGEST:
        raise InputError("too_long", msg("Nội dung dài quá {n} ký tự.", n=_LONGEST))
    return text


def _one(work: Work, objection_id: str, as_of: date) -> Any:
    rows = repository.objections(work, as_of)
    for row in rows[rows["id"] == objection_id].itertuples(index=False):
        return row
    raise InputError("unknown_objection", msg("Không có ý kiến này."))


def _to_reread(work: Work, objection_id: str, as_of: date) -> Any:
    row = _one(work, objection_id, as_of)
    reread_on = day_of(row.reread_on)
    if reread_on is not None:
        raise RuleError("reread", msg("Điểm đã được đọc lại ngày {day}.", day=reread_on))
    barred = _barred(work, row, as_of)
    if barred is not None:
        raise RuleError("not_apart", barred)
    return row


def _barred(work: Work, row: Any, as_of: date) -> Message | None:
    """Why the actor may not read the score again."""
    name = work.actor.name
    if name in repository.authors(work, row.id):
        return msg("Bạn đã ghi ý kiến này: người khác đọc lại điểm.")
    since = rule().apart_since(as_of)
    if name in repository.worked_at(work, row.premises_id, since):
        return msg(
            "Bạn đã lập lịch hoặc ghi kiểm tra cơ sở này từ ngày {day}: người khác đọc lại điểm.", day=since
        )
    return None


def _score_now(work: Work, premises_id: str, as_of: date) -> ScoreNow:
    known = Known(work, as_of)
    model = known.risk_model.model
    named = f"{model.name} {model.version}"
    scores = known.scores
    for row in scores[scores["id"] == premises_id].itertuples(index=False):
        return ScoreNow(float(row.score), int(row.rank), tuple(row.parts), named)
    return ScoreNow(None, None, (), named)


def _kept(work: Work, row: Any, as_of: date) -> KeptObjection:
    on_date = row.on_date.date()
    due, reread_on, answered = day_of(row.due_on), day_of(row.reread_on), day_of(row.answered_on)
    due = due or rule().due_on(on_date)
    text, late = standing(as_of, due, reread_on, answered)
    waits = reread_on is None and may_reread(work.actor)
    return KeptObjection(
        id=row.id,
        premises_id=row.premises_id,
        premises=row.name,
        ward=text_of(row.ward_name) or "",
        on_date=on_date,
        document=text_of(row.document),
        about=row.about,
        due_on=due,
        reread_on=reread_on,
        reread_by=text_of(row.reread_by),
        finding=text_of(row.finding),
        score=None if pd.isna(row.score) else float(row.score),
        answered_on=answered,
        answer=text_of(row.answer),
        text=text,
        late=late,
        barred=_barred(work, row, as_of) if waits else None,
    )
