"""Small made-up districts to plan in: the frames for the planner, and the same rows for the checker."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import strategies as st

from geo.network import Network, build_network
from geo.plan_types import Appointment, Lock, PlanFacts, UnannouncedRequest
from tests.plan_facts import Meeting, Wish, World

WEST, SOUTH, SIDE = 105.74, 20.94, 0.02
#: Two weeks with Hùng Kings' day, 30 April and 1 May in them.
FIRST, LAST = date(2026, 4, 20), date(2026, 5, 3)
HOLIDAYS = frozenset({date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1)})
TYPES = ("hotel", "karaoke", "massage", "guesthouse", "bar", "cafe")
#: Nobody drives faster on average: the fastest streets of the planner's usual speeds.
FASTEST_KMH = 30.0

_TEAM_COLUMNS = [
    "id", "name", "kind", "valid_from", "valid_to", "shift_start", "shift_end", "max_visits", "area",
    "agencies", "pause_start", "pause_end", "latest_return", "end_depot", "days_off", "weekdays",
]  # fmt: skip
_PREMISES_COLUMNS = [
    "id", "type", "status", "opened_on", "registration_number", "registration_hash", "complex_grounds",
    "ward_id",
]  # fmt: skip


def ward_box(number: int) -> shapely.Polygon:
    """Ward areas are squares in a row, from west to east."""
    return shapely.box(WEST + number * SIDE, SOUTH, WEST + (number + 1) * SIDE, SOUTH + SIDE)


def place(east: float, north: float) -> shapely.Point:
    """A point so many wards from west and at a share (0-1) of the row from south."""
    return shapely.Point(WEST + east * SIDE, SOUTH + north * SIDE)


def street_grid(wards: int, *, island: bool = False) -> Network:
    """Streets every 400 m or so through all the wards; with an island far off that no street leads to."""
    xs = np.linspace(WEST, WEST + wards * SIDE, 5 * wards + 1)
    ys = np.linspace(SOUTH, SOUTH + SIDE, 6)
    lines = [shapely.LineString([(x, y) for x in xs]) for y in ys]
    lines += [shapely.LineString([(x, y) for y in ys]) for x in xs]
    if island:
        lines.append(shapely.LineString([ISLAND.coords[0], (ISLAND.x + 0.002, ISLAND.y)]))
    frame = gpd.GeoDataFrame({"name": ["Phố"] * len(lines)}, geometry=lines, crs="EPSG:4326")
    return build_network(frame)[0]


ISLAND = shapely.Point(WEST - 0.1, SOUTH + 0.01)


@dataclass
class District:
    """Rows to fill by hand or by chance; ``facts`` and ``world`` give them to planner and checker."""

    wards: int = 2
    streets: str = "grid"
    premises: list[dict[str, Any]] = field(default_factory=list)
    teams: list[dict[str, Any]] = field(default_factory=list)
    inspections: list[tuple[str, date, str]] = field(default_factory=list)
    #: (premises, deadline, kind, closed)
    findings: list[tuple[str, date, str, bool]] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    complaints: set[tuple[str, str]] = field(default_factory=set)
    excluded: set[str] = field(default_factory=set)
    standing: set[str] = field(default_factory=set)
    wishes: list[Wish] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    #: (premises, basis, decision)
    unannounced: list[tuple[str, str, str | None]] = field(default_factory=list)

    def add_premises(self, east: float, north: float = 0.5, **more: Any) -> str:
        """A premises, an active hotel unless told, at ``place(east, north)``."""
        point = place(east, north)
        ward = next((k for k in range(self.wards) if ward_box(k).intersects(point)), None)
        row = {
            "id": f"p{len(self.premises):03}", "type": "hotel", "status": "active", "opened_on": pd.NaT,
            "registration_number": None, "registration_hash": None, "complex_grounds": None,
            "ward_id": None if ward is None else f"w{ward}", "geometry": point,
        }  # fmt: skip
        self.premises.append(row | more)
        return str(self.premises[-1]["id"])

    def add_team(self, *wards: int, **more: Any) -> str:
        """A ward's team from 14 to 22 h; with several wards or none a city team over those or over all."""
        area = shapely.union_all([ward_box(k) for k in wards or range(self.wards)])
        row = {
            "id": f"t{len(self.teams)}", "name": f"Đội {len(self.teams)}", "area": area,
            "kind": "ward" if len(wards) == 1 else "city", "geometry": area.centroid,
            "valid_from": pd.Timestamp(2025, 7, 1), "valid_to": pd.NaT, "max_visits": 6,
            "shift_start": time(14), "shift_end": time(22), "agencies": [], "pause_start": None,
            "pause_end": None, "latest_return": None, "end_depot": None, "days_off": None, "weekdays": None,
        }  # fmt: skip
        self.teams.append(row | more)
        return str(self.teams[-1]["id"])

    def add_meeting(self, on: date, hour: int, *teams: str, name: str = "s1") -> Meeting:
        """Teams meet at their own bases for an hour and a half."""
        places = {row["id"]: row["geometry"] for row in self.teams}
        start = datetime.combine(on, time(hour))
        at = {team: (places[team].x, places[team].y) for team in teams}
        self.meetings.append(Meeting(name, on, start, start + timedelta(minutes=90), at))
        return self.meetings[-1]

    def facts(self) -> PlanFacts:
        """What the planner gets."""
        checked = pd.DataFrame(self.inspections, columns=["premises_id", "on_date", "outcome"])
        checked["on_date"] = pd.to_datetime(checked["on_date"])
        findings = pd.DataFrame(self.findings, columns=["premises_id", "deadline", "kind", "closed"])
        findings["deadline"] = pd.to_datetime(findings["deadline"])
        closed_on = [pd.Timestamp(2026, 1, 1) if closed else pd.NaT for closed in findings["closed"]]
        return PlanFacts(
            premises=_frame(self.premises, _PREMISES_COLUMNS),
            inspections=checked.assign(body="police"),
            findings=findings.assign(closed_on=pd.to_datetime(pd.Series(closed_on, dtype="datetime64[ns]"))),
            teams=_frame(self.teams, _TEAM_COLUMNS),
            network=_networks(self.wards, self.streets),
            segments=self._segments(),
            scores=self.scores,
            standing=frozenset(self.standing),
            excluded=frozenset(self.excluded),
            appointments=tuple(
                Appointment(m.id, team, m.date, m.start, m.end, lon, lat, tuple(m.places))
                for m in self.meetings
                for team, (lon, lat) in m.places.items()
            ),
            locks=tuple(Lock(wish.premises, wish.team, wish.date, wish.arrive) for wish in self.wishes),
            complaints={
                name: frozenset(team for other, team in self.complaints if other == name)
                for name, _ in self.complaints
            },
            unannounced=tuple(
                UnannouncedRequest(name, basis, decision) for name, basis, decision in self.unannounced
            ),
        )

    def _segments(self) -> gpd.GeoDataFrame:
        """The border between the first two wards under the names of the meetings."""
        names = list(dict.fromkeys(["border", *(meeting.id for meeting in self.meetings)]))
        line = shapely.LineString([(WEST + SIDE, SOUTH), (WEST + SIDE, SOUTH + SIDE)])
        return gpd.GeoDataFrame(
            {"id": names, "risk": [50.0] * len(names)}, geometry=[line] * len(names), crs="EPSG:4326"
        )

    def world(self, **more: Any) -> World:
        """What the checker gets, at the planner's usual settings."""
        rows = [
            {"premises_id": name, "on_date": day, "outcome": outcome} for name, day, outcome in self.inspections
        ]
        findings = [
            {
                "premises_id": name,
                "deadline": due,
                "kind": kind,
                "closed_on": date(2026, 1, 1) if closed else None,
            }
            for name, due, kind, closed in self.findings
        ]
        told: dict[str, Any] = {
            "days_off": HOLIDAYS,
            "outings_per_week": 2,
            "fastest_kmh": FASTEST_KMH,
            "excluded": frozenset(self.excluded),
            "standing": frozenset(self.standing),
            "complaints": frozenset(self.complaints),
            "bases": {name: (basis, decision) for name, basis, decision in self.unannounced},
            "wishes": self.wishes,
            "meetings": self.meetings,
        }
        return World(self.premises, self.teams, rows, findings, **told | more)


_NETWORKS: dict[tuple[int, str], Network] = {}


def _networks(wards: int, streets: str) -> Network:
    """Built once: a network never changes."""
    if (wards, streets) not in _NETWORKS:
        nothing = gpd.GeoDataFrame({"name": []}, geometry=[], crs="EPSG:4326")
        made = (
            build_network(nothing)[0] if streets == "none" else street_grid(wards, island=streets == "island")
        )
        _NETWORKS[wards, streets] = made
    return _NETWORKS[wards, streets]


def _frame(rows: list[dict[str, Any]], columns: list[str]) -> gpd.GeoDataFrame:
    plain = pd.DataFrame([{name: row[name] for name in columns} for row in rows], columns=columns)
    for name in ("opened_on", "valid_from", "valid_to"):
        if name in plain:
            plain[name] = pd.to_datetime(plain[name])
    return gpd.GeoDataFrame(plain, geometry=[row["geometry"] for row in rows], crs="EPSG:4326")


def usual_district(count: int, *, wards: int = 2, seed: int = 0) -> District:
    """Premises of the common types spread over the wards, a team in each ward and one of the city."""
    by = np.random.default_rng(seed)
    made = District(wards=wards)
    for kind in by.choice(TYPES[:4], count):
        name = made.add_premises(by.uniform(0, wards), by.random(), type=str(kind))
        made.scores[name] = float(by.uniform(0, 100))
    for ward in range(wards):
        made.add_team(ward)
    made.add_team(agencies=["Công an", "Cảnh sát PCCC"])
    return made


# --- districts by chance ----------------------------------------------------------------------------------


def districts() -> st.SearchStrategy[District]:
    """Districts by chance, with streets, without any, or with an island."""
    return st.builds(by_chance, st.integers(0, 2**32 - 1), st.sampled_from(["grid", "none", "island"]))


def by_chance(seed: int, streets: str) -> District:
    """Any small district: shared numbers, old and fresh checks, deadlines, complaints, odd teams, wishes.

    From one seed and not by many small draws, which would mostly give districts with nothing to plan.
    """
    by = random.Random(seed)
    made = District(wards=by.randint(1, 3), streets=streets)
    for _ in range(by.choice([0, 2, 3, 4])):
        _chance_team(by, made)
    for _ in range(by.choice([0, 6, 12, 18])):
        _chance_premises(by, made)
    if made.premises:
        _chance_wishes(by, made)
    if _seldom(by, 2):
        _chance_meeting(by, made)
    return made


def _seldom(by: random.Random, one_in: int = 12) -> bool:
    return by.randrange(one_in) == 0


def _day(by: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=by.randint(0, (last - first).days))


def _chance_premises(by: random.Random, made: District) -> None:
    name = made.add_premises(
        by.uniform(-0.05, made.wards + 0.05),
        by.random(),
        type=by.choice(TYPES),
        status=by.choice(["suspended", "closed"]) if _seldom(by) else "active",
        registration_number=by.choice(["01A8000001", " 01a8000001 "]) if _seldom(by, 4) else None,
        registration_hash="hash" if _seldom(by) else None,
        complex_grounds="biên bản" if _seldom(by, 4) else None,
        opened_on=pd.Timestamp(2026, 4, 24) if _seldom(by) else pd.NaT,
    )
    if _seldom(by, 20):
        made.premises[-1]["geometry"] = None
    elif _seldom(by, 20):
        made.premises[-1]["geometry"] = ISLAND
    made.scores[name] = by.uniform(0, 100)
    for _ in range(by.choice([0, 0, 1, 2])):
        day = _day(by, date(2025, 6, 1), FIRST - timedelta(days=1))
        made.inspections.append((name, day, by.choice(["checked", "checked", "closed_at_arrival", "refused"])))
    if _seldom(by, 3):
        kind, due = by.choice(["fire", "security"]), _day(by, date(2026, 3, 1), LAST)
        made.findings.append((name, due, kind, _seldom(by, 4)))
    made.complaints |= {(name, team["id"]) for team in made.teams if _seldom(by)}
    if _seldom(by, 20):
        by.choice([made.excluded, made.standing]).add(name)


def _chance_team(by: random.Random, made: District) -> None:
    start, length = by.choice([8, 13, 14, 15, 18, 20, 22, 23]), by.choice([0, 1, 3, 5, 7, 8, 8, 9, 10])
    rest = by.randrange(10) if _seldom(by, 3) else None
    made.add_team(
        *by.choice([(), (), *((k,) for k in range(made.wards))]),
        shift_start=time(start),
        shift_end=time((start + length) % 24),
        max_visits=by.choice([0, 1, 2, 4, 6, 6]),
        valid_to=pd.Timestamp(2026, 4, 24) if _seldom(by) else pd.NaT,
        agencies=by.choice([[], ["Công an"], ["Cảnh sát PCCC", "Công an"]]),
        pause_start=None if rest is None else time((start + rest) % 24),
        pause_end=None if rest is None else time((start + rest) % 24, 45),
        latest_return=time((start + 5) % 24) if _seldom(by) else None,
        days_off=["2026-04-21", "2026-04-22"] if _seldom(by) else by.choice([None, []]),
        weekdays=[0, 2, 4] if _seldom(by) else None,
        end_depot=place(0.1, 0.1) if _seldom(by) else None,
    )
    if _seldom(by):
        made.teams[-1]["geometry"] = by.choice([ISLAND, None])
    if _seldom(by, 12):
        made.teams[-1]["area"] = None


def _chance_wishes(by: random.Random, made: District) -> None:
    names = [row["id"] for row in made.premises]
    by.shuffle(names)
    for name in names[: by.randrange(4)]:
        team = by.choice(made.teams)["id"] if made.teams and _seldom(by, 3) else None
        day = _day(by, FIRST, LAST) if _seldom(by, 3) else None
        hour = time(by.randint(8, 22)) if _seldom(by, 3) else None
        made.wishes.append(Wish(name, team, day, hour))
    for name in names[4 : 4 + by.randrange(3)]:
        basis = "" if _seldom(by) else "Biên bản xác minh 12"
        made.unannounced.append((name, basis, by.choice([None, "5/QĐ"])))


def _chance_meeting(by: random.Random, made: District) -> None:
    """Two teams, or one with nobody, meet at their bases where both can: in the shift and at no pause."""
    able: dict[int, list[str]] = {}
    for row in made.teams:
        length = (row["shift_end"].hour - row["shift_start"].hour) % 24
        plain = all(row[name] is None for name in ("pause_start", "latest_return", "end_depot", "weekdays"))
        works = not row["days_off"] and pd.isna(row["valid_to"]) and row["max_visits"]
        hour = row["shift_start"].hour + 1
        if length >= 3 and plain and works and row["geometry"] is not None and hour < 24:
            able.setdefault(hour, []).append(row["id"])
    if able:
        hour, teams = max(able.items(), key=lambda item: len(item[1]))
        day = by.choice([date(2026, 4, 20), date(2026, 4, 24), date(2026, 4, 29)])
        made.add_meeting(day, hour, *teams[:2])
