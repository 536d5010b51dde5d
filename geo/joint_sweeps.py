"""Joint sweeps of risky border stretches: both sides' teams at the same time, each on its own ground.

Domain.md, section 4: nobody feels responsible for a border, and people are pushed from one area into the next.
So the riskiest segments that are due get one appointment that stands in both teams' plans. Each side acts under
its own inspection decision; nobody crosses the line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from geo.crs import LONLAT, METRIC, transform
from geo.messages import Message, msg
from geo.plan_settings import Window, seconds_of_day
from geo.plan_types import Appointment, TeamDays
from geo.roads import DETOUR

_GEOD = pyproj.Geod(ellps="WGS84")
#: Where along a segment the sides may meet, best first, and how far from the line each one stands.
_ALONG = (0.5, 0.35, 0.65, 0.2, 0.8)
_STAND_M = (20.0, 10.0, 40.0)
_STEP_S = 15 * 60


@dataclass(frozen=True)
class SweepSettings:
    """What an office may set.

    ``count``: sweeps in the period. ``minutes``: how long one takes. ``least_risk``: of the segment, 0-100.
    ``gap_days``: least days since the last joint inspection. ``start``: wanted hour, in the evening when
    karaoke is open; where shifts do not allow it the nearest that they do. ``approach_kmh``: speed from the
    base to the border that a time must leave room for, on the straight line times the usual detour.
    """

    count: int = 2
    minutes: int = 90
    least_risk: float = 20.0
    gap_days: int = 90
    start: time = time(19)
    approach_kmh: float = 18.0


@dataclass(frozen=True)
class Sweep:
    """A joint sweep. ``teams`` with ``meets`` beside them: one team a side, and where it stands, on its own
    ground (lon, lat). ``needs_outside``: beyond lies a unit without a team here: its letter of request is still
    to be written. ``lead_team`` writes the letters. ``start`` and ``end`` are local time."""

    segment_id: str
    date: date
    start: datetime
    end: datetime
    teams: tuple[str, ...]
    meets: tuple[tuple[float, float], ...]
    lead_team: str
    needs_outside: bool
    risk: float
    why: Message


@dataclass(frozen=True)
class UnsweptSegment:
    """A risky segment without a sweep. ``code``: recent, no_team, one_team, no_common_time, enough."""

    segment_id: str
    code: str
    why: Message


@dataclass(frozen=True)
class SweepChoice:
    """The sweeps of a period, by time, and what risky segments go without, riskiest first."""

    sweeps: tuple[Sweep, ...]
    unserved: tuple[UnsweptSegment, ...]


def choose_sweeps(
    segments: gpd.GeoDataFrame,
    teams: Sequence[TeamDays],
    areas: Mapping[str, shapely.Geometry | None],
    *,
    first: date,
    last: date,
    settings: SweepSettings,
    busy: Iterable[tuple[str, date]] = (),
    fixed: Sequence[Sweep] = (),
) -> SweepChoice:
    """Choose and date the sweeps of a period.

    Parameters
    ----------
    segments : border segments after scoring (``geo.borders.border_risk``).
    teams : who may go out and when.
    areas : ground of each team on the days of the period, by id; None for a team that may act everywhere.
    first, last : the period, both days included.
    busy : team and day on which it has something else.
    fixed : sweeps that stay as they are; they count, and their segments are not swept again.

    Notes
    -----
    Riskiest first. Of the days on which both teams work, one in the week with the fewest sweeps so far, if
    possible one on which they go out anyway, then the earliest; no team has two on a day. The smaller area
    goes first where several teams may act on a side, so that a ward's own team goes before the city's. The
    sides take turns in leading.
    """
    book = _Diary(
        teams={team.team_id: team for team in sorted(teams, key=lambda team: team.team_id)},
        areas=areas,
        first=first,
        last=last,
        settings=settings,
        taken={*busy, *((team, sweep.date) for sweep in fixed for team in sweep.teams)},
        chosen=list(fixed),
    )
    swept = {sweep.segment_id for sweep in fixed}
    unserved: list[UnsweptSegment] = []
    for row in _by_risk(segments, settings.least_risk):
        if str(row["id"]) in swept:
            continue
        found = book.place(row)
        if isinstance(found, Sweep):
            book.take(found)
        else:
            unserved.append(found)
    return SweepChoice(
        tuple(sorted(book.chosen, key=lambda sweep: (sweep.start, sweep.segment_id))), tuple(unserved)
    )


def appointments(sweeps: Iterable[Sweep]) -> tuple[Appointment, ...]:
    """The sweeps as appointments, one for each of their teams, with the same id and time."""
    return tuple(
        Appointment(
            id=sweep.segment_id,
            team_id=team,
            date=sweep.date,
            start=sweep.start,
            end=sweep.end,
            lon=lon,
            lat=lat,
            teams=sweep.teams,
        )
        for sweep in sweeps
        for team, (lon, lat) in zip(sweep.teams, sweep.meets, strict=True)
    )


@dataclass
class _Diary:
    """What is planned so far: who is taken when, and which sweeps there are."""

    teams: Mapping[str, TeamDays]
    areas: Mapping[str, shapely.Geometry | None]
    first: date
    last: date
    settings: SweepSettings
    taken: set[tuple[str, date]]
    chosen: list[Sweep] = field(default_factory=list)

    def take(self, sweep: Sweep) -> None:
        self.chosen.append(sweep)
        self.taken.update((team, sweep.date) for team in sweep.teams)

    def place(self, segment: Mapping[str, Any]) -> Sweep | UnsweptSegment:
        """A sweep of the segment, or why there is none."""
        names = dict(zip(("a", "b"), segment["names"], strict=True))
        if len(self.chosen) >= self.settings.count:
            why = msg("Đã đủ {n} lượt kiểm tra chung của kỳ.", n=self.settings.count)
            return _unswept(segment, "enough", why)
        if self.earliest(segment) > self.last:
            day = _day(segment["last_joint_inspection"])
            return _unswept(segment, "recent", msg("Hai bên vừa kiểm tra chung ngày {day}.", day=day))
        sides = _sides(segment["geometry"], self.teams, self.areas)
        crews = _crews(sides, outside=pd.isna(segment["unit_b"]))
        if not crews:
            return _without_crew(segment, sides, names)
        for crew in crews:
            found = self.dated(segment, crew)
            if found is not None:
                return found
        why = msg("Ranh giới {a} - {b}: hai bên không có buổi nào chung.", **names)
        if len(crews[0]) == 1:
            why = msg("Ranh giới {a} - {b}: đội không còn buổi nào trống.", **names)
        return _unswept(segment, "no_common_time", why)

    def earliest(self, segment: Mapping[str, Any]) -> date:
        """First day on which the segment is due."""
        before = _day(segment.get("last_joint_inspection"))
        if before is None:
            return self.first
        return max(self.first, before + timedelta(days=self.settings.gap_days))

    def dated(self, segment: Mapping[str, Any], crew: Sequence[_Side]) -> Sweep | None:
        """The sweep on the best of the days on which the whole crew can be there; None where there is none."""
        days, start_s = self.days(segment, crew), self.start_s(crew)
        if not days or start_s is None:
            return None
        weeks = Counter(_week(sweep.date) for sweep in self.chosen)
        extra = Counter(day for day in days for side in crew if day not in self.teams[side.team].days)
        day = min(days, key=lambda day: (weeks[_week(day)], extra[day], day))
        return self.sweep(segment, crew, day, start_s)

    def days(self, segment: Mapping[str, Any], crew: Sequence[_Side]) -> list[date]:
        """Days of the period that the whole crew has free and on which the segment is due."""
        crew_teams = [self.teams[side.team] for side in crew]
        common = set.intersection(*({*team.days, *team.working_days} for team in crew_teams))
        earliest = self.earliest(segment)
        return [
            day
            for day in common
            if earliest <= day <= self.last and not any((side.team, day) in self.taken for side in crew)
        ]

    def start_s(self, crew: Sequence[_Side]) -> int | None:
        """The start nearest to the wanted hour at which all are in their shifts and nobody has a pause; on a
        quarter of an hour where there is one."""
        length_s = self.settings.minutes * 60
        wanted_s = seconds_of_day(self.settings.start)
        spans = [self.span(side) for side in crew]
        opens, closes = max(span.open_s for span in spans), min(span.close_s for span in spans) - length_s
        gaps = [gap for gap in (self.teams[side.team].gap for side in crew) if gap is not None]
        possible = {wanted_s, opens, *range(-(-opens // _STEP_S) * _STEP_S, closes + 1, _STEP_S)}
        possible |= {gap.close_s for gap in gaps} | {gap.open_s - length_s for gap in gaps}
        fitting = [
            start
            for start in possible
            if opens <= start <= closes
            and not any(start < gap.close_s and start + length_s > gap.open_s for gap in gaps)
        ]
        odd = {start for start in fitting if start != wanted_s and start % _STEP_S}
        return min(fitting, key=lambda start: (start in odd, abs(start - wanted_s), start), default=None)

    def span(self, side: _Side) -> Window:
        """When the team can be at its place: after the way there, and early enough to be back."""
        team = self.teams[side.team]
        there = self.way_s((team.lon, team.lat), side.meet)
        back = self.way_s(side.meet, team.end_place)
        return Window(team.shift.open_s + there, team.shift.close_s - back)

    def way_s(self, here: tuple[float, float], there: tuple[float, float]) -> int:
        metres = _GEOD.inv(*here, *there)[2] * DETOUR
        return -(-int(metres / (self.settings.approach_kmh / 3.6)) // 60) * 60

    def sweep(self, segment: Mapping[str, Any], crew: Sequence[_Side], day: date, start_s: int) -> Sweep:
        start = datetime(day.year, day.month, day.day) + timedelta(seconds=start_s)
        led = Counter(sweep.lead_team for sweep in self.chosen)
        risk = round(float(segment["risk"]), 1)
        return Sweep(
            segment_id=str(segment["id"]),
            date=day,
            start=start,
            end=start + timedelta(minutes=self.settings.minutes),
            teams=tuple(side.team for side in crew),
            meets=tuple(side.meet for side in crew),
            lead_team=min((side.team for side in crew), key=lambda team: (led[team], team)),
            needs_outside=len(crew) == 1,
            risk=risk,
            why=msg(
                "Ranh giới {a} - {b}, nguy cơ {risk}",
                a=segment["names"][0],
                b=segment["names"][1],
                risk=risk,
            ),
        )


@dataclass(frozen=True)
class _Side:
    """A team that may act on a side, and where it stands (lon, lat)."""

    team: str
    meet: tuple[float, float]


_Sides = tuple[list[_Side], list[_Side]]


def _sides(
    line: shapely.LineString, teams: Mapping[str, TeamDays], areas: Mapping[str, shapely.Geometry | None]
) -> _Sides:
    """Who may act on the left and on the right of a segment, smaller areas first.

    A border winds: of several places along it the first is taken where most sides have a team of their own.
    """
    best: _Sides = ([], [])
    for left, right in _stands(line):
        here: _Sides = (_acting(left, teams, areas), _acting(right, teams, areas))
        if _worth(here) > _worth(best):
            best = here
    return best


def _worth(sides: _Sides) -> tuple[int, int]:
    """How many sides have a team, and whether the sides have different ones."""
    left, right = ({side.team for side in one} for one in sides)
    return bool(left) + bool(right), len(left ^ right)


def _stands(line: shapely.LineString) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Places a few steps to the left and to the right of the segment, in degrees; the best first."""
    metric = transform(line, LONLAT, METRIC)
    for share, away in product(_ALONG, _STAND_M):
        at = metric.interpolate(share, normalized=True)
        ahead = metric.interpolate(min(share * metric.length + 1.0, metric.length))
        behind = metric.interpolate(max(share * metric.length - 1.0, 0.0))
        along = np.array([ahead.x - behind.x, ahead.y - behind.y])
        length = float(np.hypot(*along))
        if length == 0.0:
            continue
        east, north = along[1] / length * away, -along[0] / length * away
        sides = (shapely.Point(at.x - east, at.y - north), shapely.Point(at.x + east, at.y + north))
        left, right = (transform(point, METRIC, LONLAT) for point in sides)
        yield (round(left.x, 6), round(left.y, 6)), (round(right.x, 6), round(right.y, 6))


def _acting(
    place: tuple[float, float], teams: Mapping[str, TeamDays], areas: Mapping[str, shapely.Geometry | None]
) -> list[_Side]:
    point = shapely.Point(place)
    found = []
    for name in teams:
        if name not in areas:
            continue
        area = areas[name]
        if area is None or area.contains(point):
            found.append((float("inf") if area is None else float(area.area), name))
    return [_Side(name, place) for _, name in sorted(found)]


def _crews(sides: _Sides, *, outside: bool) -> list[tuple[_Side, ...]]:
    """Teams that could meet, one a side and two different ones, best first. At the outer border, where nobody
    acts beyond, one team alone keeps its own side."""
    left, right = sides
    pairs = [(a, b) for a, b in product(left, right) if a.team != b.team]
    if pairs:
        return sorted(pairs, key=lambda pair: left.index(pair[0]) + right.index(pair[1]))
    if outside and bool(left) != bool(right):
        return [(side,) for side in left or right]
    return []


def _without_crew(segment: Mapping[str, Any], sides: _Sides, names: Mapping[str, Any]) -> UnsweptSegment:
    if all(sides):
        return _unswept(segment, "one_team", msg("Ranh giới {a} - {b}: hai bên là cùng một đội.", **names))
    if any(sides):
        return _unswept(segment, "no_team", msg("Ranh giới {a} - {b}: một bên không có đội.", **names))
    return _unswept(segment, "no_team", msg("Ranh giới {a} - {b}: hai bên đều không có đội.", **names))


def _by_risk(segments: gpd.GeoDataFrame, least_risk: float) -> list[dict[str, Any]]:
    risky = segments[segments["risk"] >= least_risk]
    rows: list[dict[str, Any]] = risky.sort_values(["rank", "id"]).to_dict("records")
    return rows


def _unswept(segment: Mapping[str, Any], code: str, why: Message) -> UnsweptSegment:
    return UnsweptSegment(str(segment["id"]), code, why)


def _day(value: Any) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()


def _week(day: date) -> tuple[int, int]:
    year, week, _ = day.isocalendar()
    return year, week
