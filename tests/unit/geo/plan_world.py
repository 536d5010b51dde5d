"""Small made-up districts to plan in: the frames for the planner and the same facts for the checker."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.network import Network, build_network
from geo.plan_types import PlanFacts, PlanningSettings
from tests.unit.geo.plan_checker import Crew, Place, World

WEST, SOUTH, SIDE = 105.74, 20.94, 0.02
EVENING = [(time(19), time(23, 30))]
DAYTIME = [(time(10), time(22))]
WINDOWS = {"karaoke": EVENING, "bar": EVENING, "massage": DAYTIME, "cafe": DAYTIME}
SERVICE_MIN = {"karaoke": 60, "hotel": 60}


def ward_box(number: int) -> shapely.Polygon:
    """Ward areas are squares in a row, from west to east."""
    return shapely.box(WEST + number * SIDE, SOUTH, WEST + (number + 1) * SIDE, SOUTH + SIDE)


def street_grid(wards: int) -> Network:
    """Streets every 400 m or so through all the wards."""
    xs = np.linspace(WEST, WEST + wards * SIDE, 5 * wards + 1)
    ys = np.linspace(SOUTH, SOUTH + SIDE, 6)
    lines = [shapely.LineString([(x, y) for x in xs]) for y in ys]
    lines += [shapely.LineString([(x, y) for y in ys]) for x in xs]
    frame = gpd.GeoDataFrame({"name": ["Phố"] * len(lines)}, geometry=lines, crs="EPSG:4326")
    return build_network(frame)[0]


@dataclass
class District:
    """Rows to fill by hand or by chance; ``facts`` and ``world`` give them to planner and checker."""

    wards: int = 2
    premises: list[dict[str, Any]] = field(default_factory=list)
    inspections: list[tuple[str, date, str]] = field(default_factory=list)
    deadlines: list[tuple[str, date, bool]] = field(default_factory=list)
    teams: list[dict[str, Any]] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    segments: gpd.GeoDataFrame | None = None
    standing: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    with_streets: bool = True

    def add_premises(self, lon: float, lat: float, **more: Any) -> str:
        """A premises at a share (0-1) of the row of wards from west and of the ward from south."""
        point = shapely.Point(WEST + lon * SIDE * self.wards, SOUTH + lat * SIDE)
        ward = next((k for k in range(self.wards) if ward_box(k).intersects(point)), None)
        row = {
            "id": f"p{len(self.premises):03}", "type": "hotel", "status": "active", "opened_on": pd.NaT,
            "registration_number": None, "complex_grounds": None,
            "ward_id": None if ward is None else f"w{ward}", "geometry": point,
        }  # fmt: skip
        self.premises.append(row | more)
        return str(self.premises[-1]["id"])

    def add_team(self, *wards: int, **more: Any) -> str:
        """A ward team, or with several wards or none a city team over those or over all."""
        area = shapely.union_all([ward_box(k) for k in wards or range(self.wards)])
        row = {
            "id": f"t{len(self.teams)}", "name": f"Đội {len(self.teams)}",
            "valid_from": pd.Timestamp(2025, 7, 1), "kind": "ward" if len(wards) == 1 else "city",
            "valid_to": pd.NaT, "shift_start": time(14), "shift_end": time(22),
            "max_visits": 6, "area": area, "geometry": area.centroid,
        }  # fmt: skip
        self.teams.append(row | more)
        return str(self.teams[-1]["id"])

    def facts(self) -> PlanFacts:
        """What the planner gets."""
        premises_columns = [
            "id",
            "type",
            "status",
            "opened_on",
            "registration_number",
            "complex_grounds",
            "ward_id",
        ]
        team_columns = [
            "id",
            "name",
            "kind",
            "valid_from",
            "valid_to",
            "shift_start",
            "shift_end",
            "max_visits",
            "area",
        ]
        checked = pd.DataFrame(self.inspections, columns=["premises_id", "on_date", "outcome"]).assign(
            body="police"
        )
        findings = pd.DataFrame(self.deadlines, columns=["premises_id", "deadline", "closed"])
        findings["deadline"] = pd.to_datetime(findings["deadline"])
        closed_on = [pd.Timestamp(2026, 1, 1) if closed else pd.NaT for closed in findings["closed"]]
        network = street_grid(self.wards)
        if not self.with_streets:
            network = build_network(gpd.GeoDataFrame({"name": []}, geometry=[], crs="EPSG:4326"))[0]
        return PlanFacts(
            premises=_frame(self.premises, premises_columns),
            inspections=checked.assign(on_date=pd.to_datetime(checked["on_date"])),
            findings=findings.assign(closed_on=pd.to_datetime(pd.Series(closed_on, dtype="datetime64[ns]"))),
            teams=_frame(self.teams, team_columns),
            network=network,
            segments=self.segments,
            scores=self.scores,
            standing=self.standing,
            excluded=self.excluded,
        )

    def world(self, settings: PlanningSettings, **more: Any) -> World:
        """What the checker gets."""
        places = {
            row["id"]: Place(row["geometry"].x, row["geometry"].y, row["type"], row["registration_number"])
            for row in self.premises
            if row["geometry"] is not None
        }
        crews = {
            row["id"]: Crew(
                area=row["area"],
                lon=row["geometry"].x,
                lat=row["geometry"].y,
                start=row["shift_start"],
                end=row["shift_end"],
                max_visits=row["max_visits"],
                valid_from=_day(row["valid_from"], date.min),
                valid_to=_day(row["valid_to"], date.max),
            )
            for row in self.teams
        }
        return World(
            places=places,
            crews=crews,
            inspections=self.inspections,
            deadlines=self.deadlines,
            windows=WINDOWS,
            service_min=SERVICE_MIN,
            random_share=settings.random_share,
            outings_per_week=settings.outings_per_week,
            forbidden=self.standing | self.excluded,
            **more,
        )


def _frame(rows: list[dict[str, Any]], columns: list[str]) -> gpd.GeoDataFrame:
    plain = pd.DataFrame([{name: row[name] for name in columns} for row in rows], columns=columns)
    for name in ("opened_on", "valid_from", "valid_to"):
        if name in plain:
            plain[name] = pd.to_datetime(plain[name])
    return gpd.GeoDataFrame(plain, geometry=[row["geometry"] for row in rows], crs="EPSG:4326")


def _day(value: Any, otherwise: date) -> date:
    return otherwise if pd.isna(value) else pd.Timestamp(value).date()
