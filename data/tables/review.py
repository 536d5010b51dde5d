"""Tables of the review: figures the wards enter, shares, tasks, meetings, reports, packages that wards send."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import BigInteger

from data.tables.base import Base, Event, Row


class WardFigure(Event, Base):
    """A count that an office enters for a period: activities, people reached, heads in a group, money.

    ``unit_id``: the unit whose office reports it, None for the whole. ``measure``: ``geo.words.Measure``. What
    is counted over time holds for the days from ``first_day`` to ``last_day``; what stands at a moment (a head
    count, a model that runs) holds from ``last_day`` on until a newer one. ``body``: whose own report it is.
    """

    __tablename__ = "ward_figures"
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"), index=True)
    measure: Mapped[str] = mapped_column(String(60), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date] = mapped_column(index=True)
    value: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[str | None] = mapped_column(String(40))
    document: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(String(600))


class AssignedShare(Event, Base):
    """A unit's share of a target (chỉ tiêu được giao) for a period, with the paper that assigns it."""

    __tablename__ = "assigned_shares"
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), index=True)
    code: Mapped[str] = mapped_column(String(20))
    first_day: Mapped[date]
    last_day: Mapped[date]
    value: Mapped[float]
    document: Mapped[str | None] = mapped_column(String(200))


class WardScore(Event, Base):
    """A person's correction of a ward's "phường lành mạnh" points in a period, with the reason.

    ``criterion`` None: of the classification as a whole, given in ``classification``.
    """

    __tablename__ = "ward_scores"
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    criterion: Mapped[str | None] = mapped_column(String(60))
    points: Mapped[float | None]
    classification: Mapped[str | None] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(String(1000))


class Meeting(Event, Base):
    """A review meeting that was held: of which unit (None: the whole), over which period, on what minutes."""

    __tablename__ = "meetings"
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"), index=True)
    held_on: Mapped[date] = mapped_column(index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    document: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(String(1000))


class Task(Event, Base):
    """Something a body has to do by a day: given by the plan, or decided in a meeting (``meeting_id``).

    ``kind``: ``geo.words.TaskKind``. ``owner``: a body or position, never a person. ``value``: a count where
    the task has one. A row of each new state; the newest revision holds.
    """

    __tablename__ = "tasks"
    kind: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"), index=True)
    meeting_id: Mapped[str | None] = mapped_column(String(64), index=True)
    hotspot_id: Mapped[str | None] = mapped_column(String(64), index=True)
    title: Mapped[str] = mapped_column(String(400))
    owner: Mapped[str] = mapped_column(String(200))
    given_on: Mapped[date]
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(20))
    done_on: Mapped[date | None]
    value: Mapped[int | None] = mapped_column(BigInteger)
    document: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(String(1000))


class Report(Event, Base):
    """A report as it was made: its figures, rows behind them and text are kept, so that it is printed alike.

    ``as_of``: the day it speaks of; ``known_by``: what was on record then is what it counts. ``contents``:
    figures and sections in plain form; a newer revision holds edited text or the clerk's ``number``.
    ``replaces``: the report that this one corrects, with what changed in its contents.
    """

    __tablename__ = "reports"
    kind: Mapped[str] = mapped_column(String(20))
    period: Mapped[str] = mapped_column(String(30))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"), index=True)
    hotspot_id: Mapped[str | None] = mapped_column(String(64), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date] = mapped_column(index=True)
    as_of: Mapped[date]
    known_by: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20))
    number: Mapped[str | None] = mapped_column(String(80))
    on_date: Mapped[date | None]
    replaces: Mapped[str | None] = mapped_column(String(64), index=True)
    contents: Mapped[dict[str, Any]]


class ReceivedPackage(Row, Base):
    """A period's figures as a ward sent them in one file. The newest package of a ward and period counts."""

    __tablename__ = "received_packages"
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date] = mapped_column(index=True)
    checksum: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    received_at: Mapped[datetime]
    received_by: Mapped[str] = mapped_column(String(80))
    contents: Mapped[dict[str, Any]]
