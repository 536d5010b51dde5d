"""The words of a plan: what goes into the planner and what comes out, as plain frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.calendar_vn import MONDAY_TO_SATURDAY
from geo.messages import Message
from geo.network import Network
from geo.roads import Speeds
from geo.visit_value import Part, VisitWeights
from geo.words import PremisesType, VisitKind

DAY_S = 24 * 3600


@dataclass(frozen=True)
class Window:
    """Hours in which a check may take place from its first to its last minute, in seconds from midnight of
    the day the shift starts; beyond 24 h is after midnight."""

    open_s: int
    close_s: int


def window(start: time, end: time) -> Window:
    """The window between two times of day; one that ends before it starts runs past midnight."""
    open_s, close_s = seconds_of_day(start), seconds_of_day(end)
    return Window(open_s, close_s if close_s > open_s else close_s + DAY_S)


def seconds_of_day(moment: time) -> int:
    """Seconds since midnight, whole minutes."""
    return moment.hour * 3600 + moment.minute * 60


_EVENING = (window(time(19), time(23, 30)),)
_DAYTIME = (window(time(10), time(22)),)
ANY_HOUR = (Window(0, 2 * DAY_S),)


def _default_windows() -> dict[str, tuple[Window, ...]]:
    return {
        PremisesType.KARAOKE: _EVENING,
        PremisesType.BAR: _EVENING,
        PremisesType.DANCE_HALL: _EVENING,
        PremisesType.MASSAGE: _DAYTIME,
        PremisesType.CAFE: _DAYTIME,
    }


def _default_service() -> dict[str, int]:
    return {PremisesType.KARAOKE: 60, PremisesType.HOTEL: 60}


@dataclass(frozen=True)
class PlanningSettings:
    """What an office may set. Times of premises types that ``windows`` does not name: any working hour.

    ``outings_per_week``: a team goes out on at most so many days of a calendar week. ``pace``: a plan holds
    at most so many times the visits that the period owes to the year's target (at least one a team and
    week; follow-ups apart); None: as many as the outings hold. ``random_share``: of all visits, drawn by
    lot (at least one). ``target_share``: of a ward's premises inspected by the year's end.
    ``strip_m``: width of a border strip to each side. ``point_s``: seconds of a team's time that a point of
    value is worth. ``outing_s``: what going out at all costs in such seconds, so that nobody drives out for
    next to nothing. ``max_access_m``: farthest a premises may lie from a street.
    """

    windows: Mapping[str, tuple[Window, ...]] = field(default_factory=_default_windows)
    service_min: Mapping[str, int] = field(default_factory=_default_service)
    usual_service_min: int = 45
    follow_up_service_min: int = 30
    random_share: float = 0.15
    target_share: float = 0.60
    outings_per_week: int = 2
    pace: float | None = 2.0
    weekdays: frozenset[int] = MONDAY_TO_SATURDAY
    days_off: frozenset[date] = frozenset()
    mode: str = "motorbike"
    speeds: Speeds | None = None
    strip_m: float = 150.0
    point_s: int = 600
    outing_s: int = 1800
    max_access_m: float = 2000.0
    weights: VisitWeights = field(default_factory=VisitWeights)

    def windows_of(self, premises_type: str) -> tuple[Window, ...]:
        """Hours of a premises type."""
        return self.windows.get(premises_type, ANY_HOUR)

    def service_s(self, premises_type: str, kind: VisitKind) -> int:
        """Seconds a check takes; a follow-up looks only at what the earlier minutes say."""
        if kind is VisitKind.FOLLOW_UP:
            return self.follow_up_service_min * 60
        return self.service_min.get(premises_type, self.usual_service_min) * 60


@dataclass(frozen=True)
class Candidate:
    """A premises that may lawfully be visited in the period, and what a visit is worth.

    ``parts`` sum to ``value`` (> 0). ``teams``: ids of the teams whose area holds the premises.
    ``business_key``: premises with the same key are one business, visited once. ``not_before``: first day on
    which the visit makes sense (the deadline of a follow-up). ``selection_probability``: in (0, 1].
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


@dataclass(frozen=True)
class TeamDays:
    """A team, where and when it starts and must be back, and the days on which it may go out, in order.
    A shift whose end is not after its start runs past midnight."""

    team_id: str
    lon: float
    lat: float
    start: time
    end: time
    days: tuple[date, ...]
    max_visits: int

    @property
    def shift(self) -> Window:
        """The shift in seconds from midnight of its first day."""
        return window(self.start, self.end)


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
    """A premises without a visit. ``code``: inactive, no_point, not_open, capped, standing, excluded,
    outside, no_days, hours, unreachable, same_business, too_early, lower_value, no_room."""

    premises_id: str
    code: str
    why: Message


@dataclass(frozen=True)
class WardCoverage:
    """Share of a ward's active premises inspected in the calendar year, ``before`` and ``after`` the plan."""

    ward_id: str
    premises: int
    inspected: int
    planned: int
    before: float
    after: float
    target: float


@dataclass(frozen=True)
class BorderVisit:
    """Whether the plan goes into the strip along a border segment, first when, and whose teams."""

    segment_id: str
    visited: bool
    first_on: date | None
    teams: tuple[str, ...]
    premises: int


@dataclass(frozen=True)
class SolverReport:
    """How the plan was found. ``objective``: points of value, less what driving costs in points; higher is
    better. ``crow``: no streets were known, times are straight lines times 1.4."""

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
    ``excluded``: premises left out by hand. ``locked``: premises that a person wants in the plan: they come
    before the others, within the rules.
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
    locked: frozenset[str] = frozenset()
