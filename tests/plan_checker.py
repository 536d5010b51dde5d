"""A checker of plans written apart from the planner: it knows rules, rows and plain loops, nothing of the code.

It takes a plan as the JSON of the command ``plan`` and the office's rows (``tests.plan_facts``), and lists
every promise that the plan breaks. A line begins with the rule's name: told, twice, cap, deadline, basis, area,
skill, complaint, excluded, lock, day, hours, service, way, shift, pause, limit, appointment, lot, coverage or
books.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import shapely
from pyproj import Geod

from tests.plan_facts import (
    Book,
    Row,
    World,
    day_of,
    ends,
    grounds,
    has_fire_police,
    missing,
    moment,
    pause,
    shift,
    span,
)

_GEOD = Geod(ellps="WGS84")
#: Days on which nobody works whatever the year (Labour Code, Art. 112); the lunar ones are facts of a year.
_FIXED_HOLIDAYS = ((1, 1), (4, 30), (5, 1), (9, 2))
#: A check after midnight of those that are open too late: never announced.
_AFTER_HOURS = {"karaoke": (time(0), time(2))}
_ONE_DAY = timedelta(days=1)


def check_plan(plan: Row, world: World) -> list[str]:
    """Every promise that the plan breaks, in words; empty for a plan that keeps them all."""
    book = Book(plan, world)
    unknown = list(_known(book))
    return unknown or [line for rule in _RULES for line in rule(book)]


def _known(book: Book) -> Iterator[str]:
    for visit in book.visits:
        if visit["premises"] not in book.premises:
            yield f"told: {visit['premises']} is in no register"
        elif visit["team"] not in book.teams:
            yield f"told: nobody knows the team {visit['team']}"
        elif missing(book.premises[visit["premises"]]["geometry"]):
            yield f"told: {visit['premises']} has no place on the map"


def _times(visit: Row) -> tuple[date, datetime, datetime]:
    return date.fromisoformat(visit["date"]), moment(visit["arrive"]), moment(visit["leave"])


# --- businesses and the law's limits ----------------------------------------------------------------------


def _one_visit(book: Book) -> Iterator[str]:
    once: set[str] = set()
    seen: dict[tuple[str, int], str] = {}
    for visit in book.visits:
        if visit["premises"] in once:
            yield f"twice: {visit['premises']} stands in the plan more than once"
        once.add(visit["premises"])
        if visit["kind"] == "follow_up":
            continue
        key = book.business(visit["premises"]), date.fromisoformat(visit["date"]).year
        if key in seen:
            yield f"twice: {visit['premises']} and {seen[key]} are one business"
        seen[key] = visit["premises"]


def _cap(book: Book) -> Iterator[str]:
    for visit in book.visits:
        day = date.fromisoformat(visit["date"])
        sign, decision = book.world.bases.get(visit["premises"], ("", None))
        exempt = visit["kind"] == "follow_up" or (
            visit["kind"] == "unannounced" and bool(sign.strip()) and bool((decision or "").strip())
        )
        done = book.checks(visit["premises"], day.year)
        if done and not exempt:
            yield f"cap: {visit['premises']} on {day}, already checked on {done[0]}"


def _deadlines(book: Book) -> Iterator[str]:
    for visit in book.visits:
        day = date.fromisoformat(visit["date"])
        passed = [due for due, _ in book.open_findings(visit["premises"]) if due < day]
        if visit["kind"] == "follow_up" and not passed:
            yield f"deadline: {visit['premises']} is followed up on {day}, no deadline has passed"


def _unannounced(book: Book) -> Iterator[str]:
    for visit in book.visits:
        if visit["kind"] not in ("planned", "follow_up", "unannounced"):
            yield f"basis: nobody knows the kind {visit['kind']}"
        if visit["kind"] != "unannounced":
            continue
        if not book.world.bases.get(visit["premises"], ("", None))[0].strip():
            yield f"basis: {visit['premises']} is checked unannounced without a basis"
        if visit["drawn_at_random"]:
            yield f"basis: {visit['premises']} is unannounced because it was drawn"


def _areas(book: Book) -> Iterator[str]:
    for visit in book.visits:
        day, team = date.fromisoformat(visit["date"]), book.teams[visit["team"]]
        point = shapely.Point(book.place(visit["premises"]))
        if not any(ground.intersects(point) for ground in grounds(team, day)):
            yield f"area: {visit['premises']} lies outside the ground of {visit['team']} on {day}"


def _skills(book: Book) -> Iterator[str]:
    for visit in book.visits:
        day = date.fromisoformat(visit["date"])
        fire = any(kind == "fire" and due < day for due, kind in book.open_findings(visit["premises"]))
        if visit["kind"] == "follow_up" and fire and not has_fire_police(book.teams[visit["team"]]):
            yield f"skill: {visit['premises']} needs the fire police, {visit['team']} has none"


def _left_alone(book: Book) -> Iterator[str]:
    for visit in book.visits:
        name, row = visit["premises"], book.premises[visit["premises"]]
        if (name, visit["team"]) in book.world.complaints:
            yield f"complaint: {visit['team']} goes to {name}, which complained about it"
        if name in book.world.excluded or name in book.world.standing:
            yield f"excluded: {name} was to be left out"
        opened = day_of(row.get("opened_on"))
        if row["status"] != "active" or (opened and opened > date.fromisoformat(visit["date"])):
            yield f"excluded: {name} does no business on {visit['date']}"


def _wishes(book: Book) -> Iterator[str]:
    excused = {left["premises"] for left in book.plan["unserved"] if str(left["why"]).strip()}
    for wish in book.world.wishes:
        found = [visit for visit in book.visits if visit["premises"] == wish.premises]
        if not found and wish.premises not in excused:
            yield f"lock: {wish.premises} is neither there nor is told why not"
        for visit in found:
            day, arrive, _ = _times(visit)
            asked = (wish.team or visit["team"], wish.date or day, wish.arrive or arrive.time())
            if asked != (visit["team"], day, arrive.time()):
                yield f"lock: {wish.premises} is on {visit['team']} {arrive}, asked for {asked}"


# --- days and hours ---------------------------------------------------------------------------------------


def _days(book: Book) -> Iterator[str]:
    weeks: dict[tuple[str, tuple[int, int]], set[date]] = defaultdict(set)
    for team_id, day_text in book.outings():
        day, team = date.fromisoformat(day_text), book.teams[team_id]
        # A meeting is set from outside: it may make a team go out once more.
        if not book.meetings_of(team_id, day):
            weeks[team_id, day.isocalendar()[:2]].add(day)
        start, end = day_of(team.get("valid_from")) or date.min, day_of(team.get("valid_to")) or date.max
        weekdays, off = team.get("weekdays"), team.get("days_off")
        works = book.world.weekdays if weekdays is None or missing(weekdays) else set(weekdays)
        own_off = set() if off is None or missing(off) else {day_of(value) for value in off}
        if not book.first <= day <= book.last:
            yield f"day: {day} is not in the period"
        if not start <= day <= end:
            yield f"day: {team_id} does not exist on {day}"
        if day.weekday() not in works or (day.month, day.day) in _FIXED_HOLIDAYS:
            yield f"day: {day} is not a working day of {team_id}"
        if day in book.world.days_off or day in own_off:
            yield f"day: {team_id} is off on {day}"
    for (team_id, week), days in weeks.items():
        if book.world.outings_per_week is not None and len(days) > book.world.outings_per_week:
            yield f"day: {team_id} goes out {len(days)} times in week {week}"


def _hours(book: Book) -> Iterator[str]:
    for visit in book.visits:
        day, arrive, leave = _times(visit)
        kind = book.premises[visit["premises"]]["type"]
        hours = list(book.world.hours.get(kind, ()))
        if not hours:
            continue
        if visit["kind"] == "unannounced" and kind in _AFTER_HOURS:
            hours.append(_AFTER_HOURS[kind])
        # A shift past midnight also meets the hours of the next morning.
        spans = [span(on, *pair) for on in (day, day + _ONE_DAY) for pair in hours]
        if not any(opens <= arrive and leave <= closes for opens, closes in spans):
            yield f"hours: {visit['premises']} ({kind}) from {arrive} to {leave}"


def _services(book: Book) -> Iterator[str]:
    for visit in book.visits:
        _, arrive, leave = _times(visit)
        kind = book.premises[visit["premises"]]["type"]
        wanted = book.world.service_min.get(kind, book.world.usual_service_min)
        if visit["kind"] == "follow_up":
            wanted = book.world.follow_up_min
        if leave - arrive != timedelta(minutes=wanted):
            yield f"service: {visit['premises']} takes {leave - arrive} and not {wanted} minutes"


def _shifts(book: Book) -> Iterator[str]:
    for team_id, day_text in book.outings():
        team, day = book.teams[team_id], date.fromisoformat(day_text)
        begin, end = shift(team, day)
        rest = pause(team, day)
        base, home = ends(team)
        here, now = base, begin
        for name, arrive, leave, place in book.stops(team_id, day_text):
            if arrive < now + _least(book, here, place):
                yield f"way: {team_id} cannot be at {name} at {arrive}"
            if rest is not None and arrive < rest[1] and leave > rest[0]:
                yield f"pause: {team_id} works at {name} in its pause"
            if arrive < begin or leave > end:
                yield f"shift: {team_id} is at {name} from {arrive} to {leave}, its shift is {begin} to {end}"
            here, now = place, leave
        if now + _least(book, here, home) > end:
            yield f"shift: {team_id} is not back by {end}"


def _least(book: Book, here: tuple[float, float], there: tuple[float, float]) -> timedelta:
    metres = _GEOD.inv(*here, *there)[2]
    # No street is shorter than the straight line; a second and a part in a thousand are for roundings.
    return timedelta(seconds=max(metres * 0.999 / (book.world.fastest_kmh / 3.6) - 1, 0))


def _orders(book: Book) -> Iterator[str]:
    for (team_id, day), visits in book.outings().items():
        numbers = [visit["order"] for visit in visits]
        arrivals = [moment(visit["arrive"]) for visit in visits]
        if numbers != list(range(1, len(visits) + 1)) or arrivals != sorted(arrivals):
            yield f"way: {team_id} on {day} has the order {numbers} at {arrivals}"


def _limits(book: Book) -> Iterator[str]:
    for (team_id, day), visits in book.outings().items():
        most = int(book.teams[team_id]["max_visits"])
        if len(visits) > most:
            yield f"limit: {team_id} makes {len(visits)} visits on {day}, at most {most}"


def _meetings(book: Book) -> Iterator[str]:
    told = {row["segment"]: row for row in book.plan.get("borders", ()) if row.get("start")}
    listed = {(route["team"], route["date"]) for route in book.plan["routes"]}
    for meeting in book.world.meetings:
        for team in meeting.places:
            if (team, meeting.date.isoformat()) not in listed:
                yield f"appointment: {team} does not go to {meeting.id} on {meeting.date}"
        row = told.pop(meeting.id, None)
        if row is None:
            continue
        said = moment(row["start"]), moment(row["end"]), row["visited"]
        if said != (meeting.start, meeting.end, True) or not set(meeting.places) <= set(row["teams"]):
            yield f"appointment: {meeting.id} is told as {dict(row)}"
    for segment in told:
        yield f"appointment: nobody has agreed on {segment}"


# --- the plan as a whole ----------------------------------------------------------------------------------


def _lot(book: Book) -> Iterator[str]:
    drawn = [visit for visit in book.visits if visit["drawn_at_random"]]
    owed = {wish.premises for wish in book.world.wishes} | book.world.added
    chosen = [visit for visit in book.visits if visit["premises"] not in book.world.added]
    free = [
        visit
        for visit in chosen
        if visit["kind"] == "planned" and not visit["drawn_at_random"] and visit["premises"] not in owed
    ]
    for visit in book.visits:
        if not 0 < visit["selection_probability"] <= 1:
            yield f"lot: {visit['premises']} has probability {visit['selection_probability']}"
        if visit["drawn_at_random"] and visit["kind"] != "planned":
            yield f"lot: {visit['premises']} was drawn, but is {visit['kind']}"
    # What is owed or wanted cannot be drawn: where nothing else is planned, nothing is.
    if free and len(drawn) < max(math.ceil(book.world.random_share * len(chosen) - 1e-9), 1):
        yield f"lot: {len(drawn)} of {len(chosen)} drawn"
    draw = book.plan["draw"]
    fair = draw["drawn"] / draw["pool"] if draw["pool"] else 0.0
    if not len(drawn) <= draw["drawn"] <= draw["pool"] or abs(draw["probability"] - fair) > 1e-9:
        yield f"lot: {len(drawn)} drawn, the draw says {draw}"
    for visit in drawn:
        if abs(visit["selection_probability"] - fair) > 1e-9:
            yield f"lot: {visit['premises']} drawn with {visit['selection_probability']}, not {fair}"


def _told(book: Book) -> Iterator[str]:
    visited = {visit["premises"] for visit in book.visits}
    left = [row["premises"] for row in book.plan["unserved"]]
    for name in book.premises:
        if name not in visited and name not in left:
            yield f"told: nothing is said of {name}"
    for name in sorted(set(left)):
        if name in visited:
            yield f"told: {name} is visited and left out"
        if left.count(name) > 1:
            yield f"told: {name} is left out more than once"
    for row in book.plan["unserved"]:
        if not str(row["why"]).strip() or row["premises"] not in book.premises:
            yield f"told: {row['premises']} is left out without a reason or unknown"


def _coverage(book: Book) -> Iterator[str]:
    year = str(book.first.year)
    seen = {visit["premises"] for visit in book.visits if visit["date"].startswith(year)}
    done = {
        str(row["premises_id"])
        for row in book.world.inspections
        if row["outcome"] == "checked" and str(day_of(row["on_date"])).startswith(year)
    }
    wards: dict[str, list[str]] = defaultdict(list)
    for name, premises in book.premises.items():
        if premises["status"] == "active" and not missing(premises.get("ward_id")):
            wards[str(premises["ward_id"])].append(name)
    rows = {str(row.get("ward_id", row["ward"])): row for row in book.plan["coverage"]}
    if set(rows) != set(wards) or len(rows) != len(book.plan["coverage"]):
        yield f"coverage: wards {sorted(rows)}, in the register {sorted(wards)}"
    for ward in sorted(set(rows) & set(wards)):
        names = wards[ward]
        before, after = len(done & set(names)), len((done | seen) & set(names))
        said = rows[ward]["before"], rows[ward]["after"], rows[ward]["target"]
        counted = before / len(names), after / len(names), book.world.target
        if any(abs(a - b) > 6e-5 for a, b in zip(said, counted, strict=True)):
            yield f"coverage: {ward} says {said}, counted {counted}"
        # What another decided plan visits is not inspected yet, but nobody has to plan it again.
        promised = len((done | seen | book.world.standing) & set(names))
        wanting = max(math.ceil(book.world.target * len(names) - 1e-9) - promised, 0)
        if rows[ward].get("missing", wanting) != wanting:
            yield f"coverage: {ward} lacks {wanting}, not {rows[ward]['missing']}"


def _books(book: Book) -> Iterator[str]:
    counted = {key: len(visits) for key, visits in book.outings().items()}
    listed = {(route["team"], route["date"]): route["visits"] for route in book.plan["routes"]}
    if counted != listed or len(listed) != len(book.plan["routes"]):
        yield f"books: routes count {listed}, visits {counted}"
    for route in book.plan["routes"]:
        start, end = moment(route["start"]), moment(route["end"])
        stops = book.stops(route["team"], route["date"]) if route["team"] in book.teams else []
        if stops and (start > stops[0][1] or end < stops[-1][2]):
            yield f"books: the route of {route['team']} on {route['date']} is shorter than its stops"
    for visit in book.visits:
        if not str(visit["reason"]).strip() or visit["value"] <= 0:
            yield f"books: {visit['premises']} has no reason or no value"
        if abs(sum(part["points"] for part in visit["parts"]) - visit["value"]) > 1e-6:
            yield f"books: the reasons of {visit['premises']} do not sum to its value"


_RULES = (
    _one_visit, _cap, _deadlines, _unannounced, _areas, _skills, _left_alone, _wishes, _days, _hours, _services,
    _shifts, _orders, _limits, _meetings, _lot, _told, _coverage, _books,
)  # fmt: skip
