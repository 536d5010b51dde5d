"""Tables of the watch: alerts with their life, scans, what is to be told to whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import Base, Edited, Event, Row


class Alert(Row, Base):
    """A sign that a place needs a person's judgement. One open alert a place and kind, updated while it lasts.

    ``detail``: what would confirm or refute it, false alarms to expect a year, and the like.
    """

    __tablename__ = "alerts"
    kind: Mapped[str] = mapped_column(String(40))
    place_kind: Mapped[str] = mapped_column(String(20))
    place_id: Mapped[str] = mapped_column(String(64), index=True)
    raised_on: Mapped[date]
    score: Mapped[float]
    text: Mapped[dict[str, Any]]
    evidence: Mapped[list[Any]]
    updated_on: Mapped[date | None]
    detail: Mapped[dict[str, Any] | None]


class AlertEvent(Event, Base):
    """A step in an alert's life: raised, acknowledged, assigned, judged, closed; with who, why and on what
    paper. ``assigned_to``: the account that has it from now on."""

    __tablename__ = "alert_events"
    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(1000))
    assigned_to: Mapped[str | None] = mapped_column(String(80))
    document: Mapped[str | None] = mapped_column(String(200))


class ScanRun(Row, Base):
    """A scan that was carried out: for which day, by whom, and what came of it."""

    __tablename__ = "scan_runs"
    as_of: Mapped[date] = mapped_column(index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))
    counts: Mapped[dict[str, Any]]


class NoticeChoice(Edited, Base):
    """How an account wants to be told of alerts. ``target``: an office address on an allowed host."""

    __tablename__ = "notice_choices"
    account_name: Mapped[str] = mapped_column(String(80), unique=True)
    mode: Mapped[str] = mapped_column(String(20), default="off")
    target: Mapped[str | None] = mapped_column(String(300))


class Notice(Edited, Base):
    """A notice in the outbox; it names no place and holds no evidence. ``key``: the same one is sent once."""

    __tablename__ = "notices"
    key: Mapped[str] = mapped_column(String(200), unique=True)
    account_name: Mapped[str] = mapped_column(String(80), index=True)
    target: Mapped[str] = mapped_column(String(300))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    send_after: Mapped[datetime]
    sending_since: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(String(300))
