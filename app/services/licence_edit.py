"""Papers of a premises as a person records them, and the office's own months of the post-licence check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from app.access import Right, require
from app.services.edits import FIELD_WORDS, changed_meanwhile, check_limits, cleaned, noted
from app.services.premises import CHECK_MONTHS
from app.services.premises_edit import editable
from app.services.premises_file import Paper, nobodys_number
from data.repositories.facts import record_fact
from data.store import Actor, Store, Work
from data.tables import Licence, new_id
from geo.errors import InputError
from geo.messages import msg
from geo.words import LicenceKind, PremisesType

_MOST_MONTHS = 60


@dataclass(frozen=True)
class PaperParticulars:
    """What a person may record of a paper; ``stated_*`` is what the paper itself says."""

    kind: LicenceKind
    number: str | None = None
    issued_on: date | None = None
    term_until: date | None = None
    suspended_on: date | None = None
    withdrawn_on: date | None = None
    stated_name: str | None = None
    stated_address: str | None = None
    stated_rooms: int | None = None

    @classmethod
    def of(cls, paper: Paper) -> PaperParticulars:
        """What stands in the register now, as a person sees it."""
        return cls(**{name: getattr(paper, name) for name in cls.__dataclass_fields__})


def save_paper(
    store: Store,
    actor: Actor,
    premises_id: str,
    changes: PaperParticulars,
    *,
    paper_id: str | None = None,
    seen: PaperParticulars | None = None,
    version: int | None = None,
) -> None:
    """Record a new paper of a premises, or save one that was ``seen`` in ``version``.

    Raises ConflictError, InputError and RuleError as ``premises_edit.edit``.
    """
    require(actor, Right.EDIT_PLACES)
    with store.write(actor) as work:
        editable(work, premises_id)
        row = _paper_row(work, premises_id, paper_id)
        if seen is not None and row.version != version:
            raise changed_meanwhile(seen, _paper_particulars(row))
        new = {
            name: value
            for name, value in asdict(changes).items()
            if seen is None or value != getattr(seen, name)
        }
        check_limits(new, work.today)
        _check_paper_days(changes)
        for name, value in new.items():
            setattr(row, name, cleaned(name, value))
        work.session.add(row)
        work.session.flush()
        before = None if seen is None else noted(work, row.id, seen, new)
        after = noted(work, row.id, _paper_particulars(row), new)
        work.note("licence.save", row.id, premises=premises_id, before=before, after=after)


def set_check_months(store: Store, actor: Actor, months: Mapping[PremisesType, int]) -> None:
    """Set within how many months after the licence an office checks premises; a type left out has no such
    check. Raises InputError for a number out of bounds."""
    require(actor, Right.MANAGE)
    if any(not 1 <= number <= _MOST_MONTHS for number in months.values()):
        raise InputError("out_of_bounds", msg("Số tháng hậu kiểm: nhập từ 1 đến {most}.", most=_MOST_MONTHS))
    with store.write(actor) as work:
        kept = {kind.value: number for kind, number in months.items()}
        record_fact(work, CHECK_MONTHS, kept)
        work.note("office.check_months", months=kept)


def _paper_particulars(row: Licence) -> PaperParticulars:
    names = [name for name in PaperParticulars.__dataclass_fields__ if name not in ("kind", "number")]
    values = {name: getattr(row, name) for name in names}
    return PaperParticulars(LicenceKind(row.kind), nobodys_number(row.number), **values)


def _paper_row(work: Work, premises_id: str, paper_id: str | None) -> Licence:
    if paper_id is None:
        return Licence(id=new_id(), premises_id=premises_id)
    chosen = select(Licence).where(Licence.id == paper_id, Licence.premises_id == premises_id)
    row = work.session.scalars(chosen).first()
    if row is None:
        raise InputError("unknown_paper", msg("Không có giấy {id} của cơ sở này.", id=paper_id))
    return row


def _check_paper_days(paper: PaperParticulars) -> None:
    for name in ("term_until", "suspended_on", "withdrawn_on"):
        value = getattr(paper, name)
        if value is not None and paper.issued_on is not None and value < paper.issued_on:
            raise InputError(
                "before_issue",
                msg(
                    "{field} {date} trước ngày cấp {issued}.",
                    field=FIELD_WORDS[name],
                    date=value,
                    issued=paper.issued_on,
                ),
            )
