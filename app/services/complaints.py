"""Complaints of premises about a team: while one is open, that team does not inspect the premises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.access import Right, require
from app.services.cells import day_of, text_of
from app.services.free_text import about_places
from data.repositories import checks as repository
from data.repositories import places
from data.repositories.scope import within_scope
from data.repositories.teams import teams_between
from data.store import Actor, Store, Work
from data.tables import Complaint
from geo.errors import InputError, RuleError
from geo.messages import msg


@dataclass(frozen=True)
class KeptComplaint:
    """A complaint; ``answered_on`` is None while it is open. ``document``, ``answer``: numbers of papers."""

    id: str
    premises_id: str
    premises: str
    team_id: str
    team: str
    on_date: date
    document: str | None
    answered_on: date | None
    answer: str | None


def record(
    store: Store, actor: Actor, premises_id: str, team_id: str, on_date: date, as_of: date, document: str = ""
) -> str:
    """Record that a premises complained about a team, and give the complaint's id.

    Raises InputError for a premises outside the actor's scope, an unknown team and a day to come; RuleError
    for a text that speaks of a person.
    """
    require(actor, Right.KEEP_CASES)
    paper = about_places(document)[:200] or None
    with store.write(actor) as work:
        if on_date > as_of:
            raise InputError("future_day", msg("Ngày {day} chưa tới.", day=on_date))
        _known_premises(work, premises_id, on_date)
        if team_id not in set(teams_between(work, on_date, on_date)["id"]):
            raise InputError("unknown_team", msg("Ngày {day} không có đội đó.", day=on_date))
        made = repository.add_complaint(
            work, premises_id=premises_id, team_id=team_id, on_date=on_date, document=paper
        )
        work.note("complaint.record", made, premises=premises_id, team=team_id)
        return made


def answer(
    store: Store, actor: Actor, complaint_id: str, answered_on: date, document: str, as_of: date
) -> None:
    """Record the answer to a complaint: from here on the team may inspect the premises again.

    Raises InputError for an unknown complaint or an impossible day, RuleError without the answer's number and
    for a complaint that was answered before.
    """
    require(actor, Right.KEEP_CASES)
    paper = about_places(document)[:200]
    if not paper:
        raise RuleError("document_missing", msg("Cần số văn bản trả lời."))
    with store.write(actor) as work:
        before = repository.complaint(work, complaint_id)
        if before is None or not _is_known(work, before["premises_id"], before["on_date"]):
            raise InputError("unknown_complaint", msg("Không có khiếu nại này."))
        if before["answered_on"] is not None:
            what = msg("Khiếu nại này đã được trả lời ngày {day}.", day=before["answered_on"])
            raise RuleError("answered", what)
        if not before["on_date"] <= answered_on <= as_of:
            raise InputError("bad_day", msg("Ngày trả lời phải từ ngày khiếu nại đến hôm nay."))
        repository.revise(work, Complaint, before, None, answered_on=answered_on, answer=paper)
        work.note("complaint.answer", complaint_id)


def kept_complaints(store: Store, actor: Actor, as_of: date) -> list[KeptComplaint]:
    """Complaints of premises in the actor's scope, open ones first, newest first."""
    require(actor, Right.KEEP_CASES)
    with store.read(actor) as work:
        rows = repository.complaints(work)
        register = within_scope(work, places.premises_on(work, as_of)).set_index("id")["name"]
        teams = teams_between(work, as_of, as_of).set_index("id")["name"]
        found = [
            KeptComplaint(
                id=row.id,
                premises_id=row.premises_id,
                premises=register[row.premises_id],
                team_id=row.team_id,
                team=teams.get(row.team_id, row.team_id),
                on_date=row.on_date.date(),
                document=text_of(row.document),
                answered_on=day_of(row.answered_on),
                answer=text_of(row.answer),
            )
            for row in rows.itertuples(index=False)
            if row.premises_id in register.index
        ]
    return sorted(found, key=lambda one: (one.answered_on is not None, -one.on_date.toordinal()))


def barred_teams(work: Work, day: date) -> dict[str, frozenset[str]]:
    """By premises the teams that may not inspect it on a day, whoever asks."""
    barred: dict[str, frozenset[str]] = {}
    for row in repository.complaints(work, until=day).itertuples(index=False):
        answered = day_of(row.answered_on)
        if answered is None or answered > day:
            barred[row.premises_id] = barred.get(row.premises_id, frozenset()) | {row.team_id}
    return barred


def _is_known(work: Work, premises_id: str, day: date) -> bool:
    return premises_id in set(within_scope(work, places.premises_on(work, day))["id"])


def _known_premises(work: Work, premises_id: str, day: date) -> None:
    if not _is_known(work, premises_id, day):
        raise InputError("unknown_premises", msg("Không có cơ sở này trong địa bàn của bạn."))
