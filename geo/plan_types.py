"""The words of a plan: what goes into the planner and what comes out, as plain frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.messages import Message
from geo.network import Network
from geo.plan_settings import DAY_S as DAY_S
from geo.plan_settings import PlanningSettings as PlanningSettings
from geo.plan_settings import Window as Window
from geo.plan_settings import seconds_of_day
from geo.plan_settings import window as window
from geo.visit_value import Part
from geo.words import VisitKind


@dataclass(frozen=True)
class Appointment:
    """A fixed engagement of a team: a border sweep, or anything else that it cannot move.

    ``id``: of the border segment where it is a sweep; the same for every team that comes. ``start``, ``end``:
    local time. ``teams``: all teams that meet, this one included.
    """

    id: str
    team_id: str
    date: date
    start: datetime
    end: datetime
    lon: float
    lat: float
    teams: tuple[str, ...]


@dataclass(frozen=True)
class Lock:
    """A visit that a person has fixed: the premises, and where given the team, the day, the hour of arrival."""

    premises_id: str
    team_id: str | None = None
    date: date | None = None
    arrive: time | None = None


@dataclass(frozen=True)
class UnannouncedRequest:
    """An unannounced check that a person asks for (domain.md, section 3, rules 1 and 4).

    ``basis``: the recorded clear sign of violation at that premises; without one there is no such check.
    ``decision``: number and date of the decision that states it; needed to go beyond the yearly cap.
    ``window``: hours asked for, within those of the type and its after hours.
    """

    premises_id: str
    basis: str
    decision: str | None = None
    team_id: str | None = None
    date: date | None = None
    window: Window | None = None


@dataclass(frozen=True)
class Candidate:
    """A premises that may lawfully be visited in the period, and what a visit is worth.

    ``parts`` sum to ``value`` (> 0). ``teams``: ids of the teams that may make the visit. ``barred``: teams in
    whose area it lies but that may not, with the reason's code: complaint, skill, lock. ``business_key``:
    premises with the same key are one business, visited once. ``not_before``: first day on which the visit
    makes sense (after the deadline of a follow-up). ``only_on``: the one day a person has set. ``windows``:
    hours that a person has set, in place of the type's. ``required``: obliged or wanted by a person, before
    all others. ``locked``: by a person. ``selection_probability``: in (0, 1].
    """

    premises_id: str
    lon: float
    lat: float
    type: str
    value: float
    parts: tuple[Part, ...]
    teams: frozenset[str]
    business_key: str
    ward_id: str | None = None
    kind: VisitKind = VisitKind.PLANNED
    required: bool = False
    drawn_at_random: bool = False
    selection_probability: float = 1.0
    evidence: tuple[Mapping[str, Any], ...] = ()
    not_before: date | None = None
    barred: Mapping[str, str] = field(default_factory=dict)
    only_on: date | None = None
    windows: tuple[Window, ...] | None = None
    locked: bool = False

    def open_on(self, day: date) -> bool:
        """Whether a visit may be on that day, by what is owed and what a person has set."""
        return (self.not_before is None or day >= self.not_before) and self.only_on in (None, day)


@dataclass(frozen=True)
class TeamDays:
    """A team, where and when it starts and must be back, the ``days`` on which it is to go out, in order, and
    all its ``working_days``, holidays and days off left out.

    A shift whose end is before its start runs past midnight; one that ends as it starts has no hours.
    ``pause``: from and to, in which nothing is checked (the way may lead through it). ``latest_return``: back
    at the end place, by default the shift's end. ``end_lon``, ``end_lat``: by default where it starts.
    ``skills``: the agencies that sit on it.
    """

    team_id: str
    lon: float
    lat: float
    start: time
    end: time
    days: tuple[date, ...]
    max_visits: int
    end_lon: float | None = None
    end_lat: float | None = None
    pause: tuple[time, time] | None = None
    latest_return: time | None = None
    skills: frozenset[str] = frozenset()
    working_days: tuple[date, ...] = ()

    @property
    def shift(self) -> Window:
        """From setting out to being back at the latest, in seconds from midnight of its first day."""
        if self.start == self.end:
            return Window(seconds_of_day(self.start), seconds_of_day(self.start))
        hours = window(self.start, self.end)
        if self.latest_return is None:
            return hours
        return Window(hours.open_s, min(hours.close_s, window(self.start, self.latest_return).close_s))

    @property
    def gap(self) -> Window | None:
        """The pause in the same seconds."""
        if self.pause is None:
            return None
        gap = window(*self.pause)
        return gap if gap.open_s >= seconds_of_day(self.start) else gap.later(DAY_S)

    @property
    def end_place(self) -> tuple[float, float]:
        """Longitude and latitude of where it ends."""
        if self.end_lon is None or self.end_lat is None:
            return self.lon, self.lat
        return self.end_lon, self.end_lat


@dataclass(frozen=True)
class Shift:
    """A team's outing on a day, whether or not it goes anywhere: the team's number in the problem, the day,
    the numbers of its appointments by time, and how many visits it holds at most."""

    team: int
    date: date
    appointments: tuple[int, ...]
    most_visits: int


@dataclass(frozen=True)
class Visit:
    """A stop of the plan; ``arrive`` and ``leave`` are local time, ``order`` counts from 1 within the day."""

    premises_id: str
    team_id: str
    date: date
    arrive: datetime
    leave: datetime
    order: int
    value: float
    parts: tuple[Part, ...]
    evidence: tuple[Mapping[str, Any], ...]
    drawn_at_random: bool
    selection_probability: float
    kind: VisitKind
    ward_id: str | None
    joint_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class Route:
    """What a team drives on a day, from its base and back; ``minutes`` from ``start`` to ``end``."""

    team_id: str
    date: date
    start: datetime
    end: datetime
    km: float
    minutes: float
    visits: int
    geometry: shapely.LineString
    streets: tuple[str, ...]


@dataclass(frozen=True)
class Unserved:
    """A premises without a visit. ``code``: inactive, no_point, not_open, capped, standing, excluded, basis,
    outside, complaint, skill, lock, no_days, too_early, closed, hours, unreachable, appointment, same_business,
    lower_value, no_room, daily_limit. ``kind``: one that was to be unannounced is nobody else's to see."""

    premises_id: str
    code: str
    why: Message
    kind: VisitKind = VisitKind.PLANNED


@dataclass(frozen=True)
class WardCoverage:
    """Share of a ward's active premises inspected in the calendar year, ``before`` and ``after`` the plan.

    ``planned``: premises that the plan adds, ``unannounced`` of them in secret (not for other people's
    forecasts). ``missing``: still wanting to the target; ``pace``: so many a week from the day after the plan
    to the end of the year.
    """

    ward_id: str
    premises: int
    inspected: int
    planned: int
    before: float
    after: float
    target: float
    missing: int = 0
    pace: float = 0.0
    unannounced: int = 0


@dataclass(frozen=True)
class BorderVisit:
    """Whether the plan goes into the strip along a border segment, first when, and whose teams.

    ``start``, ``end``: of the joint sweep, None where there is none.
    """

    segment_id: str
    visited: bool
    first_on: date | None
    teams: tuple[str, ...]
    premises: int
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class SolverReport:
    """How the plan was found. ``objective``: points of value, less what the teams' time costs in points (a
    visit's own time too, which is the same for every order); higher is better. ``crow``: no streets were
    known, times are straight lines times 1.4."""

    seconds: float
    iterations: int
    objective: float
    crow: bool


@dataclass(frozen=True)
class Draw:
    """The random draw: ``drawn`` of ``pool`` premises, each with ``probability``."""

    pool: int
    drawn: int
    probability: float


@dataclass(frozen=True)
class PlanDraft:
    """A plan as proposed; nobody has approved it. ``notes`` are sentences for the planner."""

    first: date
    last: date
    visits: tuple[Visit, ...]
    routes: tuple[Route, ...]
    coverage: tuple[WardCoverage, ...]
    borders: tuple[BorderVisit, ...]
    unserved: tuple[Unserved, ...]
    draw: Draw
    solver: SolverReport
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class PlanFacts:
    """What is known when a plan is made.

    ``premises``, ``inspections``, ``findings``, ``teams``: frames of the project; ``segments``: border
    segments after scoring, or None. ``scores``: risk 0-100 by premises. ``evidence``: by premises, passed
    through to the visits. ``standing``: premises with a visit still to be carried out in an approved plan
    of the year (once carried out, the inspection speaks for itself and a follow-up becomes possible).
    ``excluded``: premises left out by hand. ``locks``: visits that a person has fixed: they come before the
    others, within the rules. ``appointments``: what teams cannot move; each is in its team's plan.
    ``complaints``: by premises the teams that it complained about, which may not visit it. ``unannounced``:
    unannounced checks that a person asks for.
    """

    premises: gpd.GeoDataFrame
    inspections: pd.DataFrame
    findings: pd.DataFrame
    teams: gpd.GeoDataFrame
    network: Network
    segments: gpd.GeoDataFrame | None = None
    scores: Mapping[str, float] = field(default_factory=dict)
    evidence: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    standing: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    appointments: tuple[Appointment, ...] = ()
    locks: tuple[Lock, ...] = ()
    complaints: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unannounced: tuple[UnannouncedRequest, ...] = ()
