"""Tables of the work: teams and their dated areas, plans with visits and routes, alerts with their events."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from data.spatial import SpatialType
from data.tables.base import Base, Edited, Event, Row


class Team(Edited, Base):
    """An inspection team with its working hours and its start and end place."""

    __tablename__ = "teams"
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    depot: Mapped[Any | None] = mapped_column(SpatialType("POINT"))
    shift_start: Mapped[time] = mapped_column(default=time(14, 0))
    shift_end: Mapped[time] = mapped_column(default=time(22, 0))
    max_visits: Mapped[int] = mapped_column(default=6)
    agencies: Mapped[list[Any]] = mapped_column(default=list)
    founding_decision: Mapped[str | None] = mapped_column(String(200))


class TeamArea(Row, Base):
    """The dated area of a team: it may act only inside (domain rule 2)."""

    __tablename__ = "team_areas"
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Plan(Edited, Base):
    """An inspection schedule. ``sealed_seed`` is not shown before the period ends (domain rule 4)."""

    __tablename__ = "plans"
    first_day: Mapped[date]
    last_day: Mapped[date]
    state: Mapped[str] = mapped_column(String(20), default="draft")
    document: Mapped[str | None] = mapped_column(String(200))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(80))
    sealed_seed: Mapped[str | None] = mapped_column(String(80))
    seed_given: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Visit(Row, Base):
    """One planned stop, with the reason and the evidence that put it there."""

    __tablename__ = "visits"
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    premises_id: Mapped[str] = mapped_column(ForeignKey("premises.id"), index=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"))
    on_date: Mapped[date]
    arrive: Mapped[datetime]
    leave: Mapped[datetime]
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20), default="planned")
    reason: Mapped[dict[str, Any]] = mapped_column(default=dict)
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    joint_with: Mapped[list[Any]] = mapped_column(default=list)
    drawn_at_random: Mapped[bool] = mapped_column(default=False)
    selection_probability: Mapped[float]


class Route(Row, Base):
    """What one team drives on one day of a plan."""

    __tablename__ = "routes"
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"))
    on_date: Mapped[date]
    km: Mapped[float]
    minutes: Mapped[float]
    geom: Mapped[Any] = mapped_column(SpatialType("LINESTRING"))


class Alert(Row, Base):
    """A sign that a place needs a person's judgement. One open alert a place and kind."""

    __tablename__ = "alerts"
    kind: Mapped[str] = mapped_column(String(40))
    place_kind: Mapped[str] = mapped_column(String(20))
    place_id: Mapped[str] = mapped_column(String(64), index=True)
    raised_on: Mapped[date]
    score: Mapped[float]
    text: Mapped[dict[str, Any]]
    evidence: Mapped[list[Any]]


class AlertEvent(Event, Base):
    """A step in an alert's life: raised, acknowledged, confirmed, dismissed, closed; with who and why."""

    __tablename__ = "alert_events"
    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(1000))
