"""Taking an import of a register back as a whole: what stands in the way, and putting back what was before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, select

from app.services.looking import LOOKING
from app.services.premises_changes import chunks
from app.services.premises_storing import EMPTY, keys
from data.repositories import register
from data.repositories.frames import add_rows, current
from data.store import LOCAL_ZONE, Work
from data.tables import (
    AuditEntry,
    ImportBatch,
    Inspection,
    Licence,
    Premises,
    PremisesCandidate,
    PremisesChange,
    PremisesStatusChange,
    Signal,
    Visit,
)
from geo.errors import RuleError
from geo.messages import Message, msg

_WHY = "hoàn tác lượt nhập"
_LISTED = 5


@dataclass(frozen=True)
class Done:
    """One premises of an import, as its change was recorded."""

    premises_id: str
    kind: str
    state: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def created(self) -> bool:
        """Whether the import brought the premises in."""
        return self.kind == register.CREATED

    @property
    def papers(self) -> Mapping[str, Mapping[str, Any]]:
        """Papers that the import made or changed, by id, with what it wrote."""
        found: Mapping[str, Mapping[str, Any]] = self.after.get("papers", {})
        return found

    @property
    def old_papers(self) -> Mapping[str, Mapping[str, Any]]:
        """What stood before in the papers that the import changed, by id."""
        found: Mapping[str, Mapping[str, Any]] = self.before.get("papers", {})
        return found


def take_back(work: Work, batch: ImportBatch) -> dict[str, int]:
    """Put back what an import changed, and say how many premises left the register and how many are as before.

    A premises that the import brought in stays as an empty row outside the register, for its status is on
    record; status rows are voided. Raises RuleError when somebody has changed one of the premises since or
    something else rests on one that the import brought in.
    """
    done = [
        Done(row.premises_id, row.kind, row.state, row.before or {}, row.after or {})
        for row in register.changes_of_batch(work, batch.id).itertuples()
    ]
    rows = register.premises_rows(work, [one.premises_id for one in done])
    papers = _papers(work, [paper_id for one in done for paper_id in one.papers])
    _refuse_changed(work, batch, done, rows, papers)
    for one in done:
        _restore(one, rows[one.premises_id], papers)
    work.session.flush()
    new_papers = [paper_id for one in done for paper_id in one.papers if paper_id not in one.old_papers]
    for few in chunks(new_papers):
        # Nobody asks for these rows again: looking for each in the session would take the longest.
        gone = delete(Licence).where(Licence.id.in_(few))
        work.session.execute(gone, execution_options={"synchronize_session": False})
    add_rows(work, PremisesStatusChange, [_voided(work, one) for one in done if "status" in one.after])
    add_rows(work, PremisesChange, [_undone(work, one, rows[one.premises_id], batch.id) for one in done])
    removed = sum(one.created for one in done)
    return {"removed": removed, "restored": len(done) - removed}


def _papers(work: Work, ids: Sequence[str]) -> dict[str, Licence]:
    found = (work.session.scalars(select(Licence).where(Licence.id.in_(few))) for few in chunks(ids))
    return {row.id: row for rows in found for row in rows}


def _restore(one: Done, row: Premises, papers: Mapping[str, Licence]) -> None:
    for paper_id, values in one.old_papers.items():
        for name, value in register.column_values(Licence, values).items():
            setattr(papers[paper_id], name, value)
    if one.created:
        # The id is nobody's name: nothing that reads the table by itself takes this row for a premises.
        values = {**EMPTY, "name": one.premises_id, "address": "", "folded": "", "content_key": None}
    else:
        values = register.column_values(Premises, {n: v for n, v in one.before.items() if n != "status"})
    for name, value in values.items():
        setattr(row, name, value)
    if not one.created:
        for name, value in keys(row.name, row.address, row.registration_number).items():
            setattr(row, name, value)


def _voided(work: Work, one: Done) -> dict[str, Any]:
    values = register.column_values(PremisesStatusChange, one.after["status"])
    return {**work.event(_WHY), **values, "premises_id": one.premises_id, "revision": 2, "void": True}


def _undone(work: Work, one: Done, row: Premises, batch_id: str) -> dict[str, Any]:
    now, after = register.snapshot(row), None if one.created else one.before
    return register.change(work, row.id, register.UNDONE, now, one.after, after, batch_id=batch_id, why=_WHY)


def _refuse_changed(
    work: Work,
    batch: ImportBatch,
    done: Sequence[Done],
    rows: Mapping[str, Premises],
    papers: Mapping[str, Licence],
) -> None:
    """Raise RuleError naming the premises that are no longer as the import left them, and who changed them."""
    reasons = _merged(work, [one.premises_id for one in done])
    reasons |= _built_upon(work, [one.premises_id for one in done if one.created])
    reasons |= _later_papers_and_states(work, done)
    edited = {one.premises_id: one for one in done if _differs(one, rows[one.premises_id], papers)}
    names = [*reasons, *(premises_id for premises_id in edited if premises_id not in reasons)]
    if not names:
        return
    told = [
        msg(
            "{name}: {why}",
            name=_name(rows, done, i),
            why=reasons.get(i) or _who_changed(work, batch, edited[i]),
        )
        for i in names[:_LISTED]
    ]
    listed = told[0]
    for other in told[1:]:
        listed = msg("{one}; {other}", one=listed, other=other)
    raise RuleError(
        "changed_since",
        msg(
            "Không hoàn tác được lượt nhập “{file}”: {n} cơ sở đã có thay đổi sau đó. {listed}",
            file=batch.file,
            n=len(names),
            listed=listed,
        ),
        hint=msg("Hoàn tác những thay đổi đó trước, hoặc sửa riêng từng cơ sở còn sai."),
    )


def _differs(one: Done, row: Premises, papers: Mapping[str, Licence]) -> bool:
    return register.state_of(register.snapshot(row)) != one.state or any(
        paper_id not in papers or _paper_differs(papers[paper_id], left, new=paper_id not in one.old_papers)
        for paper_id, left in one.papers.items()
    )


def _paper_differs(paper: Licence, left: Mapping[str, Any], *, new: bool) -> bool:
    """Whether a paper has other values than the import wrote, or one that it brought in has more of them."""
    columns = [column.name for column in paper.__table__.columns if column.name not in ("rid", "version")]
    now = register.plain_values({name: getattr(paper, name) for name in columns})
    return any(now[name] != left.get(name) for name in (now if new else left))


def _name(rows: Mapping[str, Premises], done: Sequence[Done], premises_id: str) -> str:
    written = next(one for one in done if one.premises_id == premises_id).after.get("name")
    return str(written or rows[premises_id].name)


def _merged(work: Work, ids: Sequence[str]) -> dict[str, Message]:
    """Premises that have been merged with another since."""
    wanted = set(ids)
    return {
        premises_id: _by(merge.by, merge.at)
        for merge in register.standing_merges(work)
        for premises_id in (merge.keep_id, merge.drop_id)
        if premises_id in wanted
    }


def _built_upon(work: Work, ids: Sequence[str]) -> dict[str, Message]:
    """Why premises that an import brought in cannot go again. What rests on them is not told apart: a tip or
    an unannounced visit is not for everybody to know of."""
    other, checked = msg("đã có hồ sơ khác gắn với cơ sở này"), msg("đã có lượt kiểm tra")
    reasons: dict[str, Message] = {}
    for few in chunks(ids):
        for statement, why in (
            (select(Visit.premises_id).where(Visit.premises_id.in_(few)), other),
            (select(PremisesCandidate.premises_id).where(PremisesCandidate.premises_id.in_(few)), other),
            (_standing(Signal, few), other),
            (_standing(Inspection, few), checked),
        ):
            reasons |= {premises_id: why for premises_id in work.session.scalars(statement) if premises_id}
    return reasons


def _standing(table: Any, ids: Sequence[str]) -> Select[Any]:
    held = current(table).where(table.premises_id.in_(ids))
    return held.with_only_columns(table.__table__.c.premises_id)


def _later_papers_and_states(work: Work, done: Sequence[Done]) -> dict[str, Message]:
    """Papers and status that others have recorded since at premises whose own the import made."""
    reasons: dict[str, Message] = {}
    created = [one.premises_id for one in done if one.created]
    own_papers = {paper_id for one in done for paper_id in one.papers}
    stated = {one.premises_id: one.after.get("status", {}).get("id") for one in done}
    states = [one.premises_id for one in done if one.created or "status" in one.after]
    for few in chunks(created):
        for paper in work.session.scalars(select(Licence).where(Licence.premises_id.in_(few))):
            if paper.id not in own_papers:
                reasons[paper.premises_id] = msg("đã ghi thêm giấy tờ")
    rows = PremisesStatusChange.__table__.c
    for few in chunks(states):
        statement = current(PremisesStatusChange).add_columns(rows.recorded_at, rows.recorded_by)
        found = work.session.execute(statement.where(rows.premises_id.in_(few))).all()
        ours = {row.premises_id: row.recorded_at for row in found if row.id == stated[row.premises_id]}
        for row in found:
            since = ours.get(row.premises_id)
            if row.id != stated[row.premises_id] and (since is None or row.recorded_at > since):
                reasons[row.premises_id] = _by(row.recorded_by, row.recorded_at)
    return reasons


def _who_changed(work: Work, batch: ImportBatch, one: Done) -> Message:
    """By whom and when a premises was last changed, as far as it is on record."""
    last = max(_changes_since(work, batch, one), key=lambda change: change[1], default=None)
    return msg("đã được sửa sau lượt nhập") if last is None else _by(*last)


def _changes_since(work: Work, batch: ImportBatch, one: Done) -> Iterator[tuple[str, Any]]:
    changes = register.changes_of_premises(work, [one.premises_id])
    for row in changes[changes["batch_id"] != batch.id].itertuples():
        if row.recorded_at > batch.at:
            yield row.recorded_by, row.recorded_at
    subjects = [one.premises_id, *one.papers]
    noted = select(AuditEntry.actor, AuditEntry.at).where(
        AuditEntry.subject.in_(subjects), AuditEntry.action.not_in(LOOKING)
    )
    for actor, at in work.session.execute(noted):
        # The audit log keeps whole seconds.
        if at >= batch.at.replace(microsecond=0):
            yield actor, at


def _by(who: str, at: Any) -> Message:
    return msg("{who} đã sửa ngày {date}", who=who, date=at.astimezone(LOCAL_ZONE).date())
