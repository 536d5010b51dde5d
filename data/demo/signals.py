"""Signals and patrols: background noise away from the hotspots, and what belongs to each hotspot's life.

Of the open signals some are late, and one was sent across a border and is not accepted; what was reported as a
crime went to the police the same day, and of it only the ward is known.

Background signals stay out of all catchments and out of the strip that gets worse, and quiet places have no two
signals within a month: a place looks like coming back only where the demonstration says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from data.demo.hotspots import Place
from data.demo.inspections import World
from data.demo.names import PATROL_SIGNS, SIGNAL_RESULTS, SIGNAL_TEXTS, SIGNAL_TOPICS, SOURCE_SHARES
from data.demo.premises import Business
from data.demo.rows import Clock, generator
from data.demo.stories import SECOND_TIP_AGO, SIGN_AGO, STRIP_M, STRIP_SIGNALS_AGO, STRIP_UNITS, TIP_AGO
from data.demo.ward_rows import DemoUnit, system_on, systems
from geo.crs import LONLAT, METRIC, transform
from geo.signal_rules import SignalRules, parse_rules, usual_kind
from geo.words import HotspotState, PatrolResult, SignalKind, SignalSource, SignalState

#: Background signals a year.
_A_YEAR = 46
#: Lone signals at quiet places, days before ``as_of``, by hotspot: the watch begins anew, nothing comes back.
_LONE_SIGNALS = {"bus_station": 430, "pagoda": 610}
#: Lone patrols that saw a sign at quiet places.
_LONE_SIGNS = {"quiet": 96, "bus_station": 760}
#: Signals that led to a hotspot's reactivation, days before it.
_BEFORE_REACTIVATION = (27, 21, 12, 6)
#: The patrols of this hotspot are late.
_LATE_PATROLS = "second_time"
_LATE_DAYS = 34
#: The code of a ward of today and the account that handles its signals.
OFFICER = ("09552", "canbo-kienhung")
#: When a signal was sent across the border, days before ``as_of``: one day longer than it may wait.
SENT_AGO = 4
_TROUBLED = frozenset({HotspotState.SUSPECTED, HotspotState.ACTIVE, HotspotState.REACTIVATED})
_WATCHED = frozenset({HotspotState.ELIMINATED})
_OPEN = frozenset({SignalState.RECEIVED, SignalState.VERIFYING})


@dataclass(frozen=True)
class Told:
    """A signal before it is a row; the point in metres. ``state`` None: as usual for its age."""

    on_date: date
    point: shapely.Point
    source: SignalSource
    state: SignalState | None = None
    premises_id: str | None = None


def signal_rows(world: World) -> list[dict[str, Any]]:
    """Rows of ``signals``."""
    clock = world.clock
    rng = generator(clock.seed, "signals")
    told = [
        *_background(world, rng),
        *_in_the_strip(world, rng),
        *(one for place in world.places for one in _of_place(clock, place, rng)),
        *_of_the_return(clock, world.returning.place, rng),
    ]
    ordered = sorted(told, key=lambda one: (one.on_date, one.point.x))
    rows = [_row(world, number, one, rng) for number, one in enumerate(ordered)]
    return _with_officer(clock, _numbered(rows))


def _background(world: World, rng: np.random.Generator) -> Iterator[Told]:
    clock = world.clock
    apart = [*(place.catchment for place in world.places), world.strip.ground]
    watched = shapely.union_all(shapely.buffer(apart, 40))
    free = [one for one in world.businesses if not watched.intersects(one.point)]
    weight = np.exp(1.1 * np.array([one.risk for one in free]))
    days = (clock.last - clock.first).days + 1
    sources = list(SOURCE_SHARES)
    for _ in range(round(_A_YEAR * days / 365)):
        about = free[int(rng.choice(len(free), p=weight / weight.sum()))]
        day = clock.first + timedelta(days=int(rng.integers(days)))
        source = sources[int(rng.choice(len(sources), p=np.array(list(SOURCE_SHARES.values())) / 100))]
        named = rng.random() < 0.45 and about.opened_on <= day
        point = about.point if named else _nudged(about.point, 35, rng)
        if not watched.intersects(point):
            yield Told(day, point, source, None, about.id if named else None)


def _in_the_strip(world: World, rng: np.random.Generator) -> Iterator[Told]:
    clock, line = world.clock, world.strip.line
    near = [one for one in world.businesses if world.strip.ground.contains(one.point)]
    sources = (SignalSource.CITIZEN, SignalSource.HOTLINE, SignalSource.NEIGHBOUR_WARD, SignalSource.ONLINE)
    for number, days in enumerate(STRIP_SIGNALS_AGO):
        day = clock.ago(days)
        about = _open_one(near, day, rng) if number % 2 else None
        along = line.interpolate(rng.uniform(0.1, 0.9), normalized=True)
        point = about.point if about else _nudged(along, STRIP_M / 4, rng)
        state = SignalState.VERIFIED if days > 25 and number % 4 else None
        yield Told(day, point, sources[number % len(sources)], state, about.id if about else None)


def _open_one(businesses: Sequence[Business], day: date, rng: np.random.Generator) -> Business | None:
    there = [one for one in businesses if one.open_on(day)]
    return there[int(rng.integers(len(there)))] if there else None


def _of_place(clock: Clock, place: Place, rng: np.random.Generator) -> Iterator[Told]:
    """Many signals while a hotspot is in trouble, some before it comes back, a lone one at a quiet one."""
    sources = (SignalSource.HOTLINE, SignalSource.CITIZEN, SignalSource.ONLINE, SignalSource.PATROL)
    days: list[date] = []
    for first, last in place.spells(clock, _TROUBLED):
        day = first
        while day <= last:
            days.append(day)
            day += timedelta(days=int(rng.integers(14, 45)))
    for change in place.life:
        if change.state is HotspotState.REACTIVATED:
            days += [change.on_date - timedelta(days=before) for before in _BEFORE_REACTIVATION]
    unfounded = place.life[-1].state is HotspotState.DISMISSED
    state = SignalState.UNFOUNDED if unfounded else SignalState.VERIFIED
    for number, day in enumerate(sorted(days)):
        fresh = (clock.as_of - day).days < 12
        yield Told(day, _at(place, rng), sources[number % len(sources)], None if fresh else state)
    if place.key in _LONE_SIGNALS:
        yield Told(
            clock.ago(_LONE_SIGNALS[place.key]), _at(place, rng), SignalSource.CITIZEN, SignalState.VERIFIED
        )


def _of_the_return(clock: Clock, place: Place, rng: np.random.Generator) -> Iterator[Told]:
    yield Told(clock.ago(TIP_AGO), _at(place, rng), SignalSource.HOTLINE, SignalState.VERIFIED)
    yield Told(clock.ago(SECOND_TIP_AGO), _at(place, rng), SignalSource.CITIZEN, SignalState.VERIFYING)


def _at(place: Place, rng: np.random.Generator) -> shapely.Point:
    """A point at a hotspot, well inside its catchment."""
    shape = place.shape
    middle = (
        shape.interpolate(rng.uniform(0.2, 0.8), normalized=True)
        if shape.geom_type == "LineString"
        else shape.representative_point()
    )
    return _nudged(middle, 30, rng)


def _nudged(point: shapely.Point, metres: float, rng: np.random.Generator) -> shapely.Point:
    east, north = rng.uniform(-metres, metres, 2)
    return shapely.Point(point.x + east, point.y + north)


def _row(world: World, number: int, told: Told, rng: np.random.Generator) -> dict[str, Any]:
    clock = world.clock
    lot = int(rng.choice([15, 20, 30]))
    state, handled = _handling(clock, told, rng)
    credibility = {SignalState.VERIFIED: (1, 3), SignalState.UNFOUNDED: (4, 6)}.get(state, (2, 6))
    reliability = "ABCDEF"[int(rng.integers(0, 3) if told.source in _OFFICIAL else rng.integers(1, 6))]
    rated = int(rng.integers(credibility[0], credibility[1] + 1))
    said = int(rng.integers(len(SIGNAL_TEXTS)))
    # What the strip's story tells keeps its place.
    crime = state is SignalState.HANDED_OVER and not world.strip.ground.intersects(told.point)
    kind = _kind(told.source, crime, lot)
    row = {
        **clock.event("signal", number, told.on_date, 2.0),
        "on_date": told.on_date,
        "source": told.source.value,
        "reliability": reliability,
        "credibility": rated,
        "state": state.value,
        "geom": transform(told.point, METRIC, LONLAT),
        "premises_id": told.premises_id,
        "text": SIGNAL_TEXTS[said],
        "due_on": _rules().due_on(kind, told.on_date),
        "handled_on": handled,
        "content_key": None,
        "kind": kind.value,
        "topic": SIGNAL_TOPICS[said].value,
        "number": None,
        "assigned_to": None,
        "result": SIGNAL_RESULTS.get(state),
        "receipt_number": None,
    }
    if state is SignalState.HANDED_OVER:
        row |= {"text": "", "receipt_number": f"(giả định) {number}/BN"}
    if _rules().police(kind):
        row |= _to_the_police(clock, told)
    return row


@cache
def _rules() -> SignalRules:
    return parse_rules((Path(__file__).parents[2] / "geo" / "signals.toml").read_text(encoding="utf-8"))


def _kind(source: SignalSource, crime: bool, lot: int) -> SignalKind:
    """What it is before the law: a citizen complains now and then; a crime is what went to the police."""
    if crime and source in (SignalSource.HOTLINE, SignalSource.CITIZEN):
        return SignalKind.CRIME_REPORT if source is SignalSource.HOTLINE else SignalKind.DENUNCIATION
    if source is SignalSource.CITIZEN and lot == 30:
        return SignalKind.COMPLAINT
    return usual_kind(source)


def _to_the_police(clock: Clock, told: Told) -> dict[str, Any]:
    """Handed over on the day itself; of its place only the ward is kept."""
    unit = system_on(clock.seed, told.on_date).at(told.point)
    ground = told.point if unit is None else unit.ground
    point = transform(shapely.point_on_surface(ground), METRIC, LONLAT)
    return {"geom": point, "premises_id": None, "topic": None, "handled_on": told.on_date}


def _numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With the number of receipt, from 1 each year, in the order of the days."""
    given: Counter[int] = Counter()
    for row in rows:
        year = row["on_date"].year
        given[year] += 1
        row["number"] = f"(giả định) {given[year]}/TN-{year}"
    return rows


def _with_officer(clock: Clock, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The open ones of a ward are given to its officer."""
    for row in rows:
        unit = _unit_of(clock, row)
        if row["handled_on"] is None and unit is not None and unit.row["code"] == OFFICER[0]:
            row["assigned_to"] = OFFICER[1]
    return rows


def _unit_of(clock: Clock, row: dict[str, Any]) -> DemoUnit | None:
    return systems(clock.seed)[-1].at(transform(row["geom"], LONLAT, METRIC))


def handover_rows(world: World, signals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of ``signal_handovers``: the newest open signal of the strip, sent to the other side and waiting."""
    clock = world.clock
    waiting = [
        row
        for row in signals
        if row["handled_on"] is None
        and row["on_date"] <= clock.ago(SENT_AGO)
        and world.strip.ground.intersects(transform(row["geom"], LONLAT, METRIC))
    ]
    for row in reversed(waiting):
        here = _unit_of(clock, row)
        other = next(
            (u for u in _strip_units(clock) if here is not None and u.row["id"] != here.row["id"]), None
        )
        if here is None or other is None:
            continue
        sent = clock.event("signal_handover", row["id"], clock.ago(SENT_AGO))
        return [
            {
                **sent,
                "signal_id": row["id"],
                "from_unit_id": here.row["id"],
                "to_unit_id": other.row["id"],
                "to_name": other.name,
                "sent_at": sent["recorded_at"],
                "due_on": _rules().handover.due_on(clock.ago(SENT_AGO)),
                "accepted_at": None,
                "accepted_by": None,
            }
        ]
    return []


def _strip_units(clock: Clock) -> list[DemoUnit]:
    return [unit for unit in systems(clock.seed)[-1].units if unit.row["code"] in STRIP_UNITS]


_OFFICIAL = frozenset({SignalSource.PATROL, SignalSource.INSPECTION, SignalSource.LICENCE})


def _handling(clock: Clock, told: Told, rng: np.random.Generator) -> tuple[SignalState, date | None]:
    """State and day of handling: most in time, some late, the latest and a few forgotten ones open."""
    late = rng.random() > 0.86
    handled = told.on_date + timedelta(days=int(rng.integers(16, 50) if late else rng.integers(4, 19)))
    forgotten = rng.random() < 0.3 and (clock.as_of - told.on_date).days < 120
    if told.state in _OPEN:
        return told.state, None
    if told.state is None and (handled > clock.last or forgotten):
        return (SignalState.VERIFYING if rng.random() < 0.6 else SignalState.RECEIVED), None
    return told.state or _usual_state(rng), min(handled, clock.last)


def _usual_state(rng: np.random.Generator) -> SignalState:
    lot = rng.random()
    return (
        SignalState.VERIFIED if lot < 0.36 else SignalState.HANDED_OVER if lot < 0.44 else SignalState.UNFOUNDED
    )


def patrol_rows(world: World) -> list[dict[str, Any]]:
    """Rows of ``patrols``: every watched hotspot at its rhythm, a troubled one every week."""
    clock = world.clock
    rng = generator(clock.seed, "patrols")
    rows = []
    for place in world.places:
        for day, result in _patrols(clock, place, rng):
            sign = PATROL_SIGNS[int(rng.integers(len(PATROL_SIGNS)))] if result is PatrolResult.SIGN else None
            rows.append(
                {
                    **clock.event("patrol", (place.key, day), day, 9.0),
                    "hotspot_id": place.id,
                    "on_date": day,
                    "result": result.value,
                    "sign": sign,
                    "geom": transform(_at(place, rng), METRIC, LONLAT),
                    "content_key": None,
                }
            )
    return rows


def _patrols(clock: Clock, place: Place, rng: np.random.Generator) -> Iterable[tuple[date, PatrolResult]]:
    seen: dict[date, PatrolResult] = {}
    for first, last in place.spells(clock, _WATCHED):
        for day in _rhythm(first, last, place.patrol_every_days, rng):
            seen[day] = PatrolResult.QUIET
    for first, last in place.spells(clock, _TROUBLED - {HotspotState.SUSPECTED}):
        for day in _rhythm(first, last, 8, rng):
            seen[day] = PatrolResult.SIGN if rng.random() < 0.45 else PatrolResult.QUIET
    if place.key == _LATE_PATROLS:
        seen = {day: result for day, result in seen.items() if day <= clock.ago(_LATE_DAYS)}
    if place.key in _LONE_SIGNS:
        seen[clock.ago(_LONE_SIGNS[place.key])] = PatrolResult.SIGN
    if place.key == "returning":
        seen[clock.ago(SIGN_AGO)] = PatrolResult.SIGN
    return sorted(seen.items())


def _rhythm(first: date, last: date, every: int, rng: np.random.Generator) -> Iterator[date]:
    """Days of patrols at most ``every`` days apart, save for one missed now and then but not at the end."""
    day = first + timedelta(days=int(rng.integers(4, every)))
    while day <= last:
        near_end = (last - day).days < 2 * every
        if near_end or rng.random() > 0.05:
            yield day
        day += timedelta(days=int(rng.integers(every - 4, every + 1)))
