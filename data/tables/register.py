"""Tables of the register's own history: imports, changes of premises, merges, pairs that are no duplicates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import Base, Edited, Event, Row

#: Nothing is SQL's NULL and not JSON's, so that it can be asked for.
_JSON = JSON(none_as_null=True)


class ImportBatch(Edited, Base):
    """A register file that was taken in, with what the import counted, and whether it was taken back."""

    __tablename__ = "import_batches"
    file: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))
    counts: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(80))
    undone_why: Mapped[str | None] = mapped_column(String(400))


class PremisesChange(Event, Base):
    """What one act changed at a premises, field by field; values as ``data.repositories.register`` writes them.

    ``before`` is None for a premises that came into the register, ``after`` for one that left it. ``kind``:
    created, updated, merged, unmerged or undone. ``state``: a digest of all particulars after the act, by which
    a later change is seen. ``telling``: its name, type, address or registration differ.
    """

    __tablename__ = "premises_changes"
    premises_id: Mapped[str] = mapped_column(ForeignKey("premises.id"), index=True)
    batch_id: Mapped[str | None] = mapped_column(ForeignKey("import_batches.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(_JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(_JSON)
    state: Mapped[str] = mapped_column(String(64))
    telling: Mapped[bool] = mapped_column(index=True)


class PremisesMerge(Edited, Base):
    """Two rows of the register that are one premises: ``drop_id`` left it, what happened there is told of
    ``keep_id``. ``absorbed``: fields that the kept one had not and took; ``moved``: rows that were handed over,
    their ids by table. A merge that was taken back has ``unmerged_at``."""

    __tablename__ = "premises_merges"
    keep_id: Mapped[str] = mapped_column(ForeignKey("premises.id"), index=True)
    drop_id: Mapped[str] = mapped_column(ForeignKey("premises.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(400))
    absorbed: Mapped[dict[str, Any]]
    moved: Mapped[dict[str, Any]]
    unmerged_at: Mapped[datetime | None]
    unmerged_by: Mapped[str | None] = mapped_column(String(80))
    unmerged_why: Mapped[str | None] = mapped_column(String(400))


class PremisesDistinct(Row, Base):
    """A person has looked at two premises and found that they are two; ``first_id`` sorts before the other."""

    __tablename__ = "premises_distinct"
    __table_args__ = (UniqueConstraint("first_id", "second_id", name="uq_premises_distinct_pair"),)
    first_id: Mapped[str] = mapped_column(ForeignKey("premises.id"), index=True)
    second_id: Mapped[str] = mapped_column(ForeignKey("premises.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))
