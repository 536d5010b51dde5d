"""Tables of the paper of a check: decisions, papers of a case, coordination letters, complaints, handovers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import BigInteger

from data.tables.base import Base, Edited, Event


class InspectionDecision(Edited, Base):
    """The decision that orders visits of one team. ``number`` and ``on_date`` are entered when the clerk has
    issued it. ``signer``: a position, never a name. ``kind``: planned or unannounced."""

    __tablename__ = "inspection_decisions"
    plan_id: Mapped[str | None] = mapped_column(ForeignKey("plans.id"), index=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), default="planned")
    number: Mapped[str | None] = mapped_column(String(80))
    on_date: Mapped[date | None]
    signer: Mapped[str | None] = mapped_column(String(120))
    basis: Mapped[str] = mapped_column(String(1000), default="")
    content: Mapped[str] = mapped_column(String(1000), default="")
    first_day: Mapped[date]
    last_day: Mapped[date]
    made_by: Mapped[str] = mapped_column(String(80))


class CasePaper(Event, Base):
    """A paper that followed a check: minutes, notice, violation record, sanction, transfer, answer, re-check.

    ``inspection_id`` and ``finding_id`` are stable ids. ``body``: who issued it; ``article``: decree and
    article; ``amount_vnd``: of a fine, with ``paid_on`` when it was paid.
    """

    __tablename__ = "case_papers"
    inspection_id: Mapped[str] = mapped_column(String(64), index=True)
    finding_id: Mapped[str | None] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    number: Mapped[str | None] = mapped_column(String(80))
    on_date: Mapped[date]
    body: Mapped[str | None] = mapped_column(String(200))
    article: Mapped[str | None] = mapped_column(String(200))
    amount_vnd: Mapped[int | None] = mapped_column(BigInteger)
    paid_on: Mapped[date | None]
    due_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(String(600))


class CoordinationLetter(Event, Base):
    """A paper between two sides of a border: rule, request, reply, joint plan, minutes of a side.

    ``sweep_id``: the joint sweep it is about; a rule (quy chế phối hợp) is about none. Units by name, since the
    other side may lie outside the register of units.
    """

    __tablename__ = "coordination_letters"
    sweep_id: Mapped[str | None] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[str | None] = mapped_column(String(80))
    on_date: Mapped[date]
    due_on: Mapped[date | None]
    from_unit: Mapped[str] = mapped_column(String(200))
    to_unit: Mapped[str] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(String(600))


class Complaint(Event, Base):
    """A premises complained about a team: that team does not inspect it while the complaint is open."""

    __tablename__ = "complaints"
    premises_id: Mapped[str] = mapped_column(ForeignKey("premises.id"), index=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"))
    on_date: Mapped[date]
    document: Mapped[str | None] = mapped_column(String(200))
    answered_on: Mapped[date | None]
    answer: Mapped[str | None] = mapped_column(String(200))


class ScoreObjection(Event, Base):
    """A premises objects to how it is weighed: recorded, answered, and its score read again by a person.

    ``reread_by``: the account of whoever read the score again, with what was found in ``finding``; ``score``:
    as it stood then. ``answer``: number of the paper.
    """

    __tablename__ = "score_objections"
    premises_id: Mapped[str] = mapped_column(ForeignKey("premises.id"), index=True)
    on_date: Mapped[date]
    document: Mapped[str | None] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(String(1000))
    due_on: Mapped[date | None]
    reread_on: Mapped[date | None]
    reread_by: Mapped[str | None] = mapped_column(String(80))
    finding: Mapped[str | None] = mapped_column(String(1000))
    score: Mapped[float | None]
    answered_on: Mapped[date | None]
    answer: Mapped[str | None] = mapped_column(String(200))


class PoliceHandover(Event, Base):
    """A person in danger, a minor, force, trafficking or a crime: handed to the police at once (domain rule 7).

    Nothing else is kept than that it was handed over, when, and the receipt number.
    """

    __tablename__ = "police_handovers"
    handed_at: Mapped[datetime]
    receipt_number: Mapped[str | None] = mapped_column(String(80))
