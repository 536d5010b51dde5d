"""Tables of what happened: signals, patrols, inspections with findings, joint sweeps. All append-only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from data.spatial import SpatialType
from data.tables.base import Base, Event


class Signal(Event, Base):
    """Information that names a place, never a person. ``reliability`` A-F rates the source,
    ``credibility`` 1-6 the content.

    ``kind``: which law it follows. ``topic``: what it is about. ``number``: of its receipt at the office.
    ``assigned_to``: an account. ``same_as``: the id of an earlier signal that tells the same. ``grew_from``:
    the record it was made from, such as ``licence:ID``. ``receipt_number``: of the police, once handed over.
    """

    __tablename__ = "signals"
    on_date: Mapped[date] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(String(30))
    reliability: Mapped[str] = mapped_column(String(1), default="F")
    credibility: Mapped[int] = mapped_column(default=6)
    state: Mapped[str] = mapped_column(String(20))
    geom: Mapped[Any | None] = mapped_column(SpatialType("POINT"))
    premises_id: Mapped[str | None] = mapped_column(ForeignKey("premises.id"), index=True)
    text: Mapped[str] = mapped_column(String(2000), default="")
    due_on: Mapped[date | None]
    handled_on: Mapped[date | None]
    content_key: Mapped[str | None] = mapped_column(String(64), index=True)
    kind: Mapped[str | None] = mapped_column(String(30))
    topic: Mapped[str | None] = mapped_column(String(30))
    number: Mapped[str | None] = mapped_column(String(80))
    assigned_to: Mapped[str | None] = mapped_column(String(80))
    same_as: Mapped[str | None] = mapped_column(String(64), index=True)
    grew_from: Mapped[str | None] = mapped_column(String(120), index=True)
    result: Mapped[str | None] = mapped_column(String(1000))
    document: Mapped[str | None] = mapped_column(String(200))
    receipt_number: Mapped[str | None] = mapped_column(String(80))


class SignalHandover(Event, Base):
    """A signal sent across a border: it stays with the sender until the receiver accepts it."""

    __tablename__ = "signal_handovers"
    signal_id: Mapped[str] = mapped_column(String(64), index=True)
    from_unit_id: Mapped[str | None] = mapped_column(String(64))
    to_unit_id: Mapped[str | None] = mapped_column(String(64))
    to_name: Mapped[str] = mapped_column(String(200))
    sent_at: Mapped[datetime]
    due_on: Mapped[date]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None] = mapped_column(String(80))


class Patrol(Event, Base):
    """A patrol of a hotspot and what it saw."""

    __tablename__ = "patrols"
    hotspot_id: Mapped[str] = mapped_column(ForeignKey("hotspots.id"), index=True)
    on_date: Mapped[date] = mapped_column(index=True)
    result: Mapped[str] = mapped_column(String(20))
    sign: Mapped[str | None] = mapped_column(String(600))
    geom: Mapped[Any | None] = mapped_column(SpatialType("POINT"))
    content_key: Mapped[str | None] = mapped_column(String(64), index=True)
    at: Mapped[datetime | None]
    sign_kind: Mapped[str | None] = mapped_column(String(30))
    client_key: Mapped[str | None] = mapped_column(String(64), index=True)


class Inspection(Event, Base):
    """A visit that took place. ``visit_id``: the planned stop it carried out. ``checklist``: what the law asks
    and what was met, item by item. ``client_key``: the same form sent twice is one inspection. ``geom`` is
    where the premises stood then: a ward is found by place and date.
    """

    __tablename__ = "inspections"
    premises_id: Mapped[str] = mapped_column(ForeignKey("premises.id"), index=True)
    on_date: Mapped[date] = mapped_column(index=True)
    body: Mapped[str] = mapped_column(String(40), default="team178")
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))
    kind: Mapped[str] = mapped_column(String(20), default="planned")
    decision_number: Mapped[str | None] = mapped_column(String(80))
    minutes_number: Mapped[str | None] = mapped_column(String(80))
    grounds: Mapped[str | None] = mapped_column(String(400))
    outcome: Mapped[str] = mapped_column(String(30))
    selection_probability: Mapped[float | None]
    geom: Mapped[Any | None] = mapped_column(SpatialType("POINT"))
    content_key: Mapped[str | None] = mapped_column(String(64), index=True)
    visit_id: Mapped[str | None] = mapped_column(String(64), index=True)
    checklist: Mapped[dict[str, Any] | None]
    client_key: Mapped[str | None] = mapped_column(String(64), index=True)


class Finding(Event, Base):
    """What an inspection found. ``inspection_id`` is the inspection's stable id."""

    __tablename__ = "findings"
    inspection_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    serious: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(String(1000), default="")
    deadline: Mapped[date | None]
    closed_on: Mapped[date | None]
    document: Mapped[str | None] = mapped_column(String(200))


class JointSweep(Event, Base):
    """A sweep of a border stretch by the teams of both sides at the same time."""

    __tablename__ = "joint_sweeps"
    on_date: Mapped[date] = mapped_column(index=True)
    geom: Mapped[Any] = mapped_column(SpatialType("LINESTRING"))
    note: Mapped[str | None] = mapped_column(String(600))
