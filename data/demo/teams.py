"""Teams of their time: one of the district until 30 June 2025, since then one a ward and one of the city."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import shapely

from data.demo.rows import stable_id
from data.demo.ward_rows import DemoUnit, systems
from data.demo.ward_table import SECOND_SYSTEM, TODAYS_SYSTEM
from geo.crs import LONLAT, METRIC, transform
from geo.words import TeamKind

_DISTRICT_FROM = date(2019, 3, 1)
_WARD_AGENCIES = (
    "Phòng Văn hóa - Xã hội phường",
    "Công an phường",
    "Trạm Y tế phường",
    "Phòng Kinh tế, Hạ tầng và Đô thị phường",
)
_CITY_AGENCIES = (
    "Sở Y tế",
    "Công an thành phố",
    "Sở Văn hóa và Thể thao",
    "Chi cục Quản lý thị trường",
    "Công an PCCC khu vực",
)
_DISTRICT_AGENCIES = (
    "Phòng Lao động - Thương binh và Xã hội",
    "Công an quận",
    "Phòng Văn hóa và Thông tin",
    "Phòng Y tế",
    "Đội Quản lý thị trường",
)


def team_id(seed: int, kind: TeamKind, code: str = "") -> str:
    """Public id of the district's or the city's team, or of the team of the ward with that code."""
    return stable_id(seed, "team", kind.value, code)


def team_on(seed: int, day: date, unit: DemoUnit, *, city: bool) -> str:
    """The team that visits a premises in a unit on a day. Where no ward team is, the city's goes."""
    if day < TODAYS_SYSTEM:
        return team_id(seed, TeamKind.DISTRICT)
    if city or unit.row["code"] == _WITHOUT_TEAM:
        return team_id(seed, TeamKind.CITY)
    return team_id(seed, TeamKind.WARD, unit.row["code"])


#: The part of Phường Chương Mỹ that lies here: its team is not a part of the demonstration.
_WITHOUT_TEAM = "10015"


def _ward_units(seed: int) -> list[DemoUnit]:
    return [unit for unit in systems(seed)[2].units if unit.row["code"] != _WITHOUT_TEAM]


def team_rows(seed: int) -> list[dict[str, Any]]:
    """Rows of ``teams``."""
    units = _ward_units(seed)
    old_ground = shapely.union_all([unit.ground for unit in systems(seed)[0].units])
    ended = systems(seed)[1].valid_to
    district = _team(
        team_id(seed, TeamKind.DISTRICT),
        "Đội Kiểm tra liên ngành 178 quận Hà Đông",
        TeamKind.DISTRICT,
        old_ground,
        agencies=_DISTRICT_AGENCIES,
        decision="178/QĐ-MH ngày 01/03/2019 (số giả định)",
        valid_from=_DISTRICT_FROM,
        valid_to=ended,
        most=8,
    )
    city = _team(
        team_id(seed, TeamKind.CITY),
        "Đội Kiểm tra liên ngành 178 thành phố",
        TeamKind.CITY,
        next(unit.ground for unit in units if unit.row["code"] == "09556"),
        agencies=_CITY_AGENCIES,
        decision="02/QĐ-MH ngày 01/07/2025 (số giả định)",
        most=5,
        shift=(time(17, 0), time(23, 0)),
    )
    wards = [
        _team(
            team_id(seed, TeamKind.WARD, unit.row["code"]),
            f"Đội Kiểm tra liên ngành 178 {unit.name[0].lower()}{unit.name[1:]}",
            TeamKind.WARD,
            unit.ground,
            agencies=_WARD_AGENCIES,
            decision=f"{number:02d}/QĐ-MH ngày 01/07/2025 (số giả định)",
            shift=(time(14, 0), time(22, 0)) if number % 2 else (time(13, 30), time(21, 30)),
        )
        for number, unit in enumerate(units, start=11)
    ]
    return [district, city, *wards]


def _team(
    key: str,
    name: str,
    kind: TeamKind,
    ground: shapely.Geometry,
    *,
    agencies: tuple[str, ...],
    decision: str,
    valid_from: date = TODAYS_SYSTEM,
    valid_to: date | None = None,
    most: int = 6,
    shift: tuple[time, time] = (time(14, 0), time(22, 0)),
) -> dict[str, Any]:
    return {
        "id": key,
        "version": 1,
        "name": name,
        "kind": kind.value,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "depot": transform(ground.representative_point(), METRIC, LONLAT),
        "shift_start": shift[0],
        "shift_end": shift[1],
        "max_visits": most,
        "agencies": list(agencies),
        "founding_decision": decision,
    }


def area_rows(seed: int) -> list[dict[str, Any]]:
    """Rows of ``team_areas``: where each team may act, by the units of the time."""
    first, second, today = systems(seed)
    district, city = team_id(seed, TeamKind.DISTRICT), team_id(seed, TeamKind.CITY)
    areas = [(district, unit, _DISTRICT_FROM, first.valid_to) for unit in first.units]
    areas += [(district, unit, SECOND_SYSTEM, second.valid_to) for unit in second.units]
    areas += [(city, unit, TODAYS_SYSTEM, None) for unit in today.units]
    areas += [
        (team_id(seed, TeamKind.WARD, unit.row["code"]), unit, TODAYS_SYSTEM, None)
        for unit in _ward_units(seed)
    ]
    return [
        {
            "id": stable_id(seed, "team_area", team, unit.row["id"]),
            "team_id": team,
            "unit_id": unit.row["id"],
            "valid_from": valid_from,
            "valid_to": valid_to,
        }
        for team, unit, valid_from, valid_to in areas
    ]
