"""Places that an open map knows and a person has not judged yet: they may become premises of the register."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from data.spatial import SpatialType
from data.tables.base import Base, Edited


class PremisesCandidate(Edited, Base):
    """A place of OpenStreetMap with one of the register's types. ``osm_id``: kind and number, as "node/12".

    ``state``: new, confirmed (``premises_id`` is what it became) or dismissed, by whom, when and why.
    """

    __tablename__ = "premises_candidates"
    osm_id: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    type: Mapped[str] = mapped_column(String(30))
    address: Mapped[str] = mapped_column(String(400), default="")
    geom: Mapped[Any] = mapped_column(SpatialType("POINT"))
    state: Mapped[str] = mapped_column(String(20), default="new", index=True)
    premises_id: Mapped[str | None] = mapped_column(ForeignKey("premises.id"))
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(400))
