"""A checker of plans written apart from the planner: it knows the rules and plain data, nothing of the code.

It takes the plan as the JSON of the command ``plan`` and lists what breaks a rule, in words.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import shapely
from pyproj import Geod

_GEOD = Geod(ellps="WGS84")
FASTEST_KMH = 60.0


@dataclass
class Place:
    """A premises: where, what, and under which business number."""

    lon: float
    lat: float
    type: str
    number: str | None = None


@dataclass
class Crew:
    """A team: its area, base, shift, daily limit and validity."""

    area: Any
    lon: float
    lat: float
    start: time
    end: time
    max_visits: int
    valid_from: date = date(1900, 1, 1)
    valid_to: date = date(2999, 12, 31)


@dataclass
class World:
    """All the facts against which a plan is checked."""

    places: Mapping[str, Place]
    crews: Mapping[str, Crew]
    #: (premises, day, outcome, ...) of inspections by whatever body
    inspections: Sequence[tuple[str, date, str]] = ()
    #: (premises, deadline, closed or not) of findings
    deadlines: Sequence[tuple[str, date, bool]] = ()
    windows: Mapping[str, Sequence[tuple[time, time]]] = field(default_factory=dict)
    service_min: Mapping[str, int] = field(default_factory=dict)
    usual_service_min: int = 45
    follow_up_min: int = 30
    holidays: frozenset[date] = frozenset()
    weekdays: frozenset[int] = frozenset(range(6))
    random_share: float = 0.15
    outings_per_week: int = 7
    #: premises not yet carried out in approved plans, or left out by hand
    forbidden: frozenset[str] = frozenset()


def violations(plan: Mapping[str, Any], world: World) -> list[str]:
    """Everything in the plan that breaks a rule; empty for a lawful plan."""
    found: list[str] = []
    found += _one_by_one(plan, world)
    found += _businesses(plan, world)
    found += _days(plan, world)
    found += _lot(plan, world)
    found += _books(plan)
    return found


def _when(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _one_by_one(plan: Mapping[str, Any], world: World) -> Iterable[str]:
    first, last = date.fromisoformat(plan["from"]), date.fromisoformat(plan["to"])
    for visit in plan["visits"]:
        name = visit["premises"]
        if name not in world.places or visit["team"] not in world.crews:
            yield f"{name}: unknown premises or team {visit['team']}"
            continue
        place, crew = world.places[name], world.crews[visit["team"]]
        day = date.fromisoformat(visit["date"])
        arrive, leave = _when(visit["arrive"]), _when(visit["leave"])
        if not crew.area.intersects(shapely.Point(place.lon, place.lat)):
            yield f"{name}: outside the area of {visit['team']}"
        if not (first <= day <= last and crew.valid_from <= day <= crew.valid_to):
            yield f"{name}: {day} outside the period or the team's validity"
        if day.weekday() not in world.weekdays or day in world.holidays:
            yield f"{name}: {day} is not a working day"
        if name in world.forbidden:
            yield f"{name}: was to be left out"
        follow_up = visit["kind"] == "follow_up"
        usual = world.service_min.get(place.type, world.usual_service_min)
        needed = world.follow_up_min if follow_up else usual
        if (leave - arrive).total_seconds() / 60 != needed:
            yield f"{name}: {leave - arrive} instead of {needed} minutes"
        if not _open(world.windows.get(place.type), day, arrive, leave):
            yield f"{name}: {arrive} - {leave} outside the hours of {place.type}"
        if not 0 < visit["selection_probability"] <= 1:
            yield f"{name}: selection probability {visit['selection_probability']}"
        if visit["value"] <= 0 or abs(sum(p["points"] for p in visit["parts"]) - visit["value"]) > 1e-6:
            yield f"{name}: the reasons do not sum to the value"
        if not visit["reason"]:
            yield f"{name}: no reason"


def _open(hours: Sequence[tuple[time, time]] | None, day: date, arrive: datetime, leave: datetime) -> bool:
    if hours is None:
        return True
    for opens, closes in hours:
        begin = datetime.combine(day, opens)
        end = datetime.combine(day, closes)
        end += timedelta(days=end <= begin)
        if begin <= arrive and leave <= end:
            return True
    return False


def _businesses(plan: Mapping[str, Any], world: World) -> Iterable[str]:
    names = Counter(visit["premises"] for visit in plan["visits"])
    yield from (f"{name}: {count} visits in one plan" for name, count in names.items() if count > 1)

    def business(name: str) -> str:
        place = world.places.get(name)
        return f"number {place.number}" if place and place.number else name

    visited: Counter[tuple[str, int]] = Counter()
    for visit in plan["visits"]:
        name, day = visit["premises"], date.fromisoformat(visit["date"])
        if visit["kind"] == "follow_up":
            owed = [d for who, d, closed in world.deadlines if who == name and not closed and d < day]
            if not owed:
                yield f"{name}: a follow-up on {day} without a deadline that has passed"
            continue
        if visit["kind"] != "planned":
            yield f"{name}: kind {visit['kind']}"
        visited[business(name), day.year] += 1
        for who, when, outcome in world.inspections:
            if outcome == "checked" and when.year == day.year and business(who) == business(name):
                yield f"{name}: planned on {day}, but checked on {when}"
    for (key, year), count in visited.items():
        if count > 1:
            yield f"{key}: {count} planned visits in {year}"


def _days(plan: Mapping[str, Any], world: World) -> Iterable[str]:
    by_day: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for visit in plan["visits"]:
        if visit["team"] in world.crews and visit["premises"] in world.places:
            by_day[visit["team"], visit["date"]].append(visit)
    weeks: Counter[tuple[str, tuple[int, int]]] = Counter()
    for (team, day_text), visits in by_day.items():
        crew, day = world.crews[team], date.fromisoformat(day_text)
        weeks[team, day.isocalendar()[:2]] += 1
        visits.sort(key=lambda visit: visit["order"])
        if [visit["order"] for visit in visits] != list(range(1, len(visits) + 1)):
            yield f"{team} {day}: order {[visit['order'] for visit in visits]}"
        if len(visits) > crew.max_visits:
            yield f"{team} {day}: {len(visits)} visits, at most {crew.max_visits}"
        begin, end = datetime.combine(day, crew.start), datetime.combine(day, crew.end)
        end += timedelta(days=end <= begin)
        here, now = (crew.lon, crew.lat), begin
        for visit in visits:
            place = world.places[visit["premises"]]
            there = (place.lon, place.lat)
            if _when(visit["arrive"]) < now + _at_least(here, there):
                yield f"{team} {day}: cannot be at {visit['premises']} at {visit['arrive']}"
            here, now = there, _when(visit["leave"])
        if now + _at_least(here, (crew.lon, crew.lat)) > end:
            yield f"{team} {day}: not back by the end of the shift"
    for (team, week), count in weeks.items():
        if count > world.outings_per_week:
            yield f"{team} week {week}: {count} outings"


def _at_least(here: tuple[float, float], there: tuple[float, float]) -> timedelta:
    metres = _GEOD.inv(*here, *there)[2]
    # Whole minutes in the plan: allow for the rounding of one second.
    return timedelta(seconds=max(metres / (FASTEST_KMH / 3.6) - 1, 0))


def _lot(plan: Mapping[str, Any], world: World) -> Iterable[str]:
    visits = plan["visits"]
    if not visits:
        return
    drawn = sum(visit["drawn_at_random"] for visit in visits)
    planned = sum(visit["kind"] == "planned" for visit in visits)
    # Follow-ups are owed, not drawn: where nothing else is planned, nothing can be drawn.
    least = min(max(math.ceil(world.random_share * len(visits) - 1e-9), 1), planned)
    if drawn < least:
        yield f"{drawn} of {len(visits)} visits drawn at random, at least {least} wanted"


def _books(plan: Mapping[str, Any]) -> Iterable[str]:
    counted = Counter((visit["team"], visit["date"]) for visit in plan["visits"])
    listed = {(route["team"], route["date"]): route["visits"] for route in plan["routes"]}
    if dict(counted) != listed:
        yield "routes and visits do not agree"
    both = {visit["premises"] for visit in plan["visits"]} & {left["premises"] for left in plan["unserved"]}
    if both:
        yield f"planned and left out at once: {sorted(both)}"
    if any(not left["why"] for left in plan["unserved"]):
        yield "left out without a reason"
