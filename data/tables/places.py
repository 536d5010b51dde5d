"""Tables of places: administrative units, premises with licences, hotspots, streets."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from data.spatial import SpatialType
from data.tables.base import Base, Edited, Event, Row


class Unit(Row, Base):
    """An administrative unit with its validity. Codes are reused with a new meaning: never join on a code
    without a date. ``valid_to`` is the last day; ``schematic`` boundaries are drawn, not surveyed."""

    __tablename__ = "units"
    code: Mapped[str] = mapped_column(String(20), index=True)
    name: Mapped[str] = mapped_column(String(120))
    level: Mapped[str] = mapped_column(String(20), default="ward")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    geom: Mapped[Any] = mapped_column(SpatialType("MULTIPOLYGON"))
    population: Mapped[int | None]
    source: Mapped[str | None] = mapped_column(String(300))
    schematic: Mapped[bool] = mapped_column(default=False)


class Premises(Edited, Base):
    """A business premises of the register. No owner, no phone, no person (domain rule 5)."""

    __tablename__ = "premises"
    name: Mapped[str] = mapped_column(String(300))
    folded: Mapped[str] = mapped_column(String(900), index=True)
    type: Mapped[str] = mapped_column(String(30))
    address: Mapped[str] = mapped_column(String(400), default="")
    geom: Mapped[Any | None] = mapped_column(SpatialType("POINT"))
    location_quality: Mapped[str] = mapped_column(String(20), default="none")
    registration_number: Mapped[str | None] = mapped_column(String(60), index=True)
    registration_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    rooms: Mapped[int | None]
    workers: Mapped[int | None]
    opened_on: Mapped[date | None]
    commitment_on: Mapped[date | None]
    complex_grounds: Mapped[str | None] = mapped_column(String(400))
    unregistered_basis: Mapped[str | None] = mapped_column(String(400))
    content_key: Mapped[str | None] = mapped_column(String(64), index=True)


class PremisesStatusChange(Event, Base):
    """From ``on_date`` the premises has ``status``."""

    __tablename__ = "premises_status"
    premises_id: Mapped[str] = mapped_column(ForeignKey("premises.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    on_date: Mapped[date]


class Licence(Edited, Base):
    """A paper of a premises. Most have no term: an empty ``term_until`` is normal (Decree 96/2016 Art. 15).

    ``stated_*``: name, address and rooms as the paper gives them, to tell where they no longer match.
    """

    __tablename__ = "licences"
    premises_id: Mapped[str] = mapped_column(ForeignKey("premises.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[str | None] = mapped_column(String(80))
    issued_on: Mapped[date | None]
    term_until: Mapped[date | None]
    suspended_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    stated_name: Mapped[str | None] = mapped_column(String(300))
    stated_address: Mapped[str | None] = mapped_column(String(400))
    stated_rooms: Mapped[int | None]


class Hotspot(Edited, Base):
    """A public place or cluster (point, road stretch or area) with a catchment around it.

    ``patrol_by``: the body that patrols it. ``source``: who published or imported it. ``split_from``: the
    hotspot it was a part of; that one has ``ended_on``, the day it was split, and holds no more.
    ``patrol_ordered_for``: the day by which the last order wants a patrol, given at ``patrol_ordered_at``; the
    first patrol after that answers it.
    """

    __tablename__ = "hotspots"
    name: Mapped[str] = mapped_column(String(300))
    geom: Mapped[Any] = mapped_column(SpatialType("GEOMETRY"))
    catchment_m: Mapped[float] = mapped_column(default=200.0)
    found_on: Mapped[date | None]
    watch_months: Mapped[int] = mapped_column(default=24)
    patrol_every_days: Mapped[int] = mapped_column(default=14)
    patrol_by: Mapped[str | None] = mapped_column(String(200))
    patrol_ordered_for: Mapped[date | None]
    patrol_ordered_at: Mapped[datetime | None]
    source: Mapped[str | None] = mapped_column(String(300))
    split_from: Mapped[str | None] = mapped_column(String(64))
    ended_on: Mapped[date | None]


class HotspotTransition(Event, Base):
    """A change of a hotspot's state, decided by a person, with reason and document."""

    __tablename__ = "hotspot_transitions"
    hotspot_id: Mapped[str] = mapped_column(ForeignKey("hotspots.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    on_date: Mapped[date]
    reason: Mapped[str] = mapped_column(String(600))
    document: Mapped[str | None] = mapped_column(String(200))


class HotspotShapeChange(Event, Base):
    """A hotspot got another shape, or was split (``action``), and why. The shapes stand in the log."""

    __tablename__ = "hotspot_shape_changes"
    hotspot_id: Mapped[str] = mapped_column(ForeignKey("hotspots.id"), index=True)
    action: Mapped[str] = mapped_column(String(20))
    on_date: Mapped[date]
    reason: Mapped[str | None] = mapped_column(String(600))
    document: Mapped[str | None] = mapped_column(String(200))


class Street(Row, Base):
    """A piece of street to draw, to match addresses with and to drive on."""

    __tablename__ = "streets"
    name: Mapped[str | None] = mapped_column(String(200))
    street_class: Mapped[str] = mapped_column(String(20))
    oneway: Mapped[bool] = mapped_column(default=False)
    geom: Mapped[Any] = mapped_column(SpatialType("LINESTRING"))
    source: Mapped[str | None] = mapped_column(String(200))
