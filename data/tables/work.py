"""Tables of the work: teams and their dated areas, plans with visits, routes, sweeps and their life."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from data.spatial import SpatialType
from data.tables.base import Base, Edited, Event, Row


class Team(Edited, Base):
    """An inspection team with its working hours and its start and end place.

    ``pause_*``: an hour in which nothing is checked. ``latest_return``: back at the end place, by default the
    shift's end. ``end_depot``: by default where it starts. ``days_off``: ISO dates; ``weekdays``: 0 is Monday,
    by default Monday to Saturday. ``agencies``: who sits on it.
    """

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
    pause_start: Mapped[time | None]
    pause_end: Mapped[time | None]
    latest_return: Mapped[time | None]
    end_depot: Mapped[Any | None] = mapped_column(SpatialType("POINT"))
    days_off: Mapped[list[Any] | None]
    weekdays: Mapped[list[Any] | None]


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
    """One planned stop, with the reason and the evidence that put it there.

    ``locked``: a person fixed it. ``basis``: the recorded ground of an unannounced visit or of a further check
    in the year. ``decision_id``: the inspection decision that orders it; no visit starts without its number.
    """

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
    value: Mapped[float | None]
    locked: Mapped[bool] = mapped_column(default=False, server_default=false())
    basis: Mapped[str | None] = mapped_column(String(600))
    decision_id: Mapped[str | None] = mapped_column(String(64), index=True)


class Route(Row, Base):
    """What one team drives on one day of a plan."""

    __tablename__ = "routes"
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"))
    on_date: Mapped[date]
    km: Mapped[float]
    minutes: Mapped[float]
    geom: Mapped[Any] = mapped_column(SpatialType("LINESTRING"))


class PlanSweep(Edited, Base):
    """A joint sweep of a border stretch as one appointment of the teams on both sides, each on its own ground.

    ``meets``: where each of the teams stands, [lon, lat] beside its id in ``team_ids``. ``outside``: the other
    side belongs to a unit without a team here, so that a letter is all one can send.
    """

    __tablename__ = "plan_sweeps"
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    segment_id: Mapped[str] = mapped_column(String(120))
    geom: Mapped[Any] = mapped_column(SpatialType("LINESTRING"))
    on_date: Mapped[date]
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    team_ids: Mapped[list[Any]]
    meets: Mapped[list[Any]]
    unit_ids: Mapped[list[Any]]
    lead_team_id: Mapped[str | None] = mapped_column(String(64))
    outside: Mapped[bool] = mapped_column(default=False)
    done_on: Mapped[date | None]


class PlanEvent(Event, Base):
    """A step in a plan's life: drafted, approved, started, amended, closed; by whom, on what paper."""

    __tablename__ = "plan_events"
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    step: Mapped[str] = mapped_column(String(20))
    document: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(String(1000))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class PlanVersion(Row, Base):
    """A plan as it stood after a change, so that it can be taken back and compared. ``number`` counts from 1.

    ``what``: the change as a message; ``contents``: the stops and sweeps in plain form.
    """

    __tablename__ = "plan_versions"
    __table_args__ = (UniqueConstraint("plan_id", "number", name="uq_plan_versions_number"),)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    number: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))
    what: Mapped[dict[str, Any]]
    contents: Mapped[dict[str, Any]]
