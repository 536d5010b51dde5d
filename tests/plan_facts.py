"""What a plan is held against: the office's rows and settings, read apart from the planner's own reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import shapely

Row = Mapping[str, Any]
Hours = Sequence[tuple[time, time]]
Span = tuple[datetime, datetime]

_EVENING = ((time(19), time(23, 30)),)
_DAYTIME = ((time(10), time(22)),)
_NEXT_DAY = timedelta(days=1)


@dataclass
class Meeting:
    """A time that teams must keep together: the sides of a border sweep. ``places``: lon, lat by team."""

    id: str
    date: date
    start: datetime
    end: datetime
    places: Mapping[str, tuple[float, float]]


@dataclass
class Wish:
    """What a person has fixed: this premises, and where given by this team, on this day, at this time."""

    premises: str
    team: str | None = None
    date: date | None = None
    arrive: time | None = None


@dataclass
class World:
    """Everything a plan is held against.

    ``premises``, ``teams``, ``inspections``, ``findings``: rows by column name, as the office keeps them; one
    of a team may have ``areas`` (first day, last day, ground) in place of one ``area``. ``bases``: of
    unannounced visits, by premises: the recorded sign, and the number of the decision that states it or None.
    ``complaints``: (premises, team) that it complained about. ``excluded``: left out by hand. ``standing``: in
    an approved plan. ``added``: put in by hand when the lot had been drawn. ``fastest_kmh``: nobody is faster
    through the streets.
    """

    premises: Sequence[Row]
    teams: Sequence[Row]
    inspections: Sequence[Row] = ()
    findings: Sequence[Row] = ()
    hours: Mapping[str, Hours] = field(
        default_factory=lambda: {
            "karaoke": _EVENING, "bar": _EVENING, "dance_hall": _EVENING,
            "massage": _DAYTIME, "cafe": _DAYTIME,
        }
    )  # fmt: skip
    service_min: Mapping[str, int] = field(default_factory=lambda: {"karaoke": 60, "hotel": 60})
    usual_service_min: int = 45
    follow_up_min: int = 30
    weekdays: frozenset[int] = frozenset(range(6))
    days_off: frozenset[date] = frozenset()
    random_share: float = 0.15
    target: float = 0.60
    outings_per_week: int | None = None
    fastest_kmh: float = 30.0
    excluded: frozenset[str] = frozenset()
    standing: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    complaints: frozenset[tuple[str, str]] = frozenset()
    bases: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    wishes: Sequence[Wish] = ()
    meetings: Sequence[Meeting] = ()


class Book:
    """A plan and the rows, looked up."""

    def __init__(self, plan: Row, world: World) -> None:
        self.plan, self.world = plan, world
        self.first, self.last = date.fromisoformat(plan["from"]), date.fromisoformat(plan["to"])
        self.visits: list[Row] = list(plan["visits"])
        self.premises = {str(row["id"]): row for row in world.premises}
        self.teams = {str(row["id"]): row for row in world.teams}

    def business(self, premises: str) -> str:
        """The number a business is known by, else the premises itself."""
        row = self.premises.get(premises, {})
        for column in ("registration_number", "registration_hash"):
            if not missing(row.get(column)) and str(row[column]).strip():
                return "number " + str(row[column]).strip().lower()
        return "place " + premises

    def place(self, premises: str) -> tuple[float, float]:
        """Where a premises stands."""
        point = self.premises[premises]["geometry"]
        return point.x, point.y

    def outings(self) -> dict[tuple[str, str], list[Row]]:
        """Visits of each team and day in their order; a day of meetings alone has none."""
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for visit in self.visits:
            found[visit["team"], visit["date"]].append(visit)
        for meeting in self.world.meetings:
            for team in meeting.places:
                found.setdefault((team, meeting.date.isoformat()), [])
        return {key: sorted(found[key], key=lambda visit: visit["order"]) for key in sorted(found)}

    def stops(self, team: str, day: str) -> list[tuple[str, datetime, datetime, tuple[float, float]]]:
        """Everywhere a team is on a day, by time: name, from, to, place."""
        found = [
            (visit["premises"], moment(visit["arrive"]), moment(visit["leave"]), self.place(visit["premises"]))
            for visit in self.visits
            if (visit["team"], visit["date"]) == (team, day)
        ]
        meetings = self.meetings_of(team, date.fromisoformat(day))
        found += [(meeting.id, meeting.start, meeting.end, meeting.places[team]) for meeting in meetings]
        return sorted(found, key=lambda stop: (stop[1], stop[2]))

    def meetings_of(self, team: str, day: date) -> list[Meeting]:
        """Meetings that the team has on a day."""
        return [one for one in self.world.meetings if team in one.places and one.date == day]

    def checks(self, premises: str, year: int) -> list[date]:
        """Days of a year on which any body has checked the business."""
        found = []
        for row in self.world.inspections:
            day = day_of(row["on_date"])
            same = self.business(str(row["premises_id"])) == self.business(premises)
            if same and row["outcome"] == "checked" and day is not None and day.year == year:
                found.append(day)
        return found

    def open_findings(self, premises: str) -> list[tuple[date, str]]:
        """Deadline and kind of the findings there that nobody has closed."""
        found = []
        for row in self.world.findings:
            due = day_of(row.get("deadline"))
            if str(row["premises_id"]) == premises and missing(row.get("closed_on")) and due is not None:
                found.append((due, str(row.get("kind"))))
        return found


def missing(value: Any) -> bool:
    """Whether a cell is empty, however that is written."""
    return value is None or (not isinstance(value, (list, tuple, set, frozenset)) and bool(value != value))


def day_of(value: Any) -> date | None:
    """The day in a cell, None where it is empty."""
    if missing(value):
        return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def moment(text: str) -> datetime:
    """Local time of an ISO text."""
    return datetime.fromisoformat(text).replace(tzinfo=None)


def span(day: date, begin: time, end: time) -> Span:
    """From one time of a day to the next time that the clock shows the other."""
    opens, closes = datetime.combine(day, begin), datetime.combine(day, end)
    return opens, closes if closes > opens else closes + _NEXT_DAY


def shift(team: Row, day: date) -> Span:
    """From setting out to being back at the latest; a shift that ends as it starts has no hours."""
    begin, end = span(day, team["shift_start"], team["shift_end"])
    if team["shift_start"] == team["shift_end"]:
        return begin, begin
    if not missing(team.get("latest_return")):
        end = min(end, span(day, team["shift_start"], team["latest_return"])[1])
    return begin, end


def pause(team: Row, day: date) -> Span | None:
    """The team's pause in the shift of that day."""
    if missing(team.get("pause_start")) or missing(team.get("pause_end")):
        return None
    opens, closes = span(day, team["pause_start"], team["pause_end"])
    if opens < datetime.combine(day, team["shift_start"]):
        opens, closes = opens + _NEXT_DAY, closes + _NEXT_DAY
    return opens, closes


def ends(team: Row) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where the team sets out and where it has to be back."""
    base = team["area"].centroid if missing(team["geometry"]) else team["geometry"]
    back = base if missing(team.get("end_depot")) else team["end_depot"]
    return (base.x, base.y), (back.x, back.y)


def grounds(team: Row, day: date) -> list[Any]:
    """Where the team may act on a day. The city's has the whole city where nothing is written down."""
    dated = team.get("areas")
    if dated is None:
        written = [] if missing(team["area"]) or team["area"].is_empty else [team["area"]]
        return written or ([shapely.box(-180, -90, 180, 90)] if team.get("kind") == "city" else [])
    return [
        ground
        for start, end, ground in dated
        if (day_of(start) or date.min) <= day <= (day_of(end) or date.max)
    ]


def has_fire_police(team: Row) -> bool:
    """Whether one of the agencies on the team is the fire police."""
    agencies = team.get("agencies")
    names = [] if agencies is None or missing(agencies) else [str(name).lower() for name in agencies]
    return any("pccc" in name or "fire" in name or "phòng cháy" in name for name in names)
