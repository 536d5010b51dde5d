"""The teams of a plan: from the rows of the office to where, when and with whom each may work."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, time
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.calendar_vn import working_days
from geo.messages import Message, msg
from geo.plan_dates import outing_days
from geo.plan_settings import PlanningSettings
from geo.plan_types import Appointment, TeamDays


def plan_teams(
    teams: gpd.GeoDataFrame,
    first: date,
    last: date,
    settings: PlanningSettings,
    *,
    appointments: Iterable[Appointment] = (),
    wished: Mapping[str, Collection[date]] | None = None,
) -> tuple[list[TeamDays], list[Message]]:
    """Teams that are valid on some day of the period, with the days they may go out, and what was assumed.

    Parameters
    ----------
    teams : frame with id, name, valid_from, valid_to, shift_start, shift_end, max_visits, ``area``, a point
        as geometry, and where known pause_start, pause_end, latest_return, end_depot (point), days_off (ISO
        dates), weekdays (0 is Monday), agencies (texts).
    appointments : days on which a team goes out in any case; they count as outings of the week.
    wished : by team id, days that a person has set for a visit, taken before others.

    A team without a base starts from the middle of its area; one with neither is left out with a note.
    """
    meetings = list(appointments)
    made: list[TeamDays] = []
    notes: list[Message] = []
    for row in teams.sort_values("id").to_dict("records"):
        start = max(first, day_of(row.get("valid_from"), first))
        end = min(last, day_of(row.get("valid_to"), last))
        if start > end:
            continue
        note = _wanting(row)
        if note is not None:
            notes.append(note)
        depot = _base(row)
        if depot is None or not _times_known(row):
            continue
        made.append(
            _team(
                row,
                depot,
                _working_days(row, start, end, settings),
                settings,
                turn=len(made),
                fixed={meeting.date for meeting in meetings if meeting.team_id == str(row["id"])},
                wished=(wished or {}).get(str(row["id"]), ()),
            )
        )
    return made, notes


def valid_teams(teams: gpd.GeoDataFrame, first: date, last: date) -> gpd.GeoDataFrame:
    """The teams that are valid on some day of a period."""
    inside = [
        max(first, day_of(row.get("valid_from"), first)) <= min(last, day_of(row.get("valid_to"), last))
        for row in teams.to_dict("records")
    ]
    return teams[inside]


def agencies(row: Mapping[str, Any]) -> frozenset[str]:
    """Who sits on a team, as its row says."""
    return frozenset(str(one) for one in _list(row.get("agencies")))


def day_of(value: Any, otherwise: date) -> date:
    """The day of a cell, or ``otherwise`` where it is empty."""
    if missing(value):
        return otherwise
    day: date = pd.Timestamp(value).date()
    return day


def missing(value: Any) -> bool:
    """Whether a cell holds nothing."""
    return value is None or (np.isscalar(value) and bool(pd.isna(value))) or value is pd.NaT or value is pd.NA


def _team(
    row: Mapping[str, Any],
    depot: shapely.Point,
    days: list[date],
    settings: PlanningSettings,
    *,
    turn: int,
    fixed: Collection[date],
    wished: Collection[date],
) -> TeamDays:
    back = _point(row.get("end_depot"))
    pause: tuple[Any, Any] = (row.get("pause_start"), row.get("pause_end"))
    most, hours = int(row["max_visits"]), row["shift_start"] != row["shift_end"]
    works = days if most > 0 and hours else []
    return TeamDays(
        team_id=str(row["id"]),
        lon=float(depot.x),
        lat=float(depot.y),
        start=row["shift_start"],
        end=row["shift_end"],
        days=outing_days(works, settings.outings_per_week, turn, fixed=fixed, wished=wished),
        max_visits=most,
        end_lon=float(back.x) if back is not None else None,
        end_lat=float(back.y) if back is not None else None,
        pause=None if any(map(missing, pause)) or pause[0] == pause[1] else pause,
        latest_return=None if missing(row.get("latest_return")) else row["latest_return"],
        skills=agencies(row),
        working_days=tuple(works),
    )


def _working_days(row: Mapping[str, Any], start: date, end: date, settings: PlanningSettings) -> list[date]:
    own = [int(day) for day in _list(row.get("weekdays"))]
    off = [day_of(day, date.min) for day in _list(row.get("days_off"))]
    weekdays = settings.weekdays & set(own) if own else settings.weekdays
    return working_days(start, end, weekdays=weekdays, days_off={*settings.days_off, *off})


def _wanting(row: Mapping[str, Any]) -> Message | None:
    """What keeps a team from working, or had to be assumed."""
    name = row["name"]
    if _base(row) is None:
        return msg("{team} chưa có điểm xuất phát và địa bàn: không lập được lịch.", team=name)
    if not _times_known(row):
        return msg("{team} chưa có ca làm hoặc số lượt mỗi ngày: không lập được lịch.", team=name)
    if row["shift_start"] == row["shift_end"]:
        return msg("{team}: giờ đi và giờ về trùng nhau, ca không có giờ nào.", team=name)
    if int(row["max_visits"]) <= 0:
        return msg("{team}: số lượt mỗi ngày là 0.", team=name)
    if _point(row["geometry"]) is None:
        return msg("{team} chưa có điểm xuất phát: lấy điểm giữa địa bàn.", team=name)
    return None


def _times_known(row: Mapping[str, Any]) -> bool:
    hours = (row.get("shift_start"), row.get("shift_end"))
    return all(isinstance(moment, time) for moment in hours) and not missing(row.get("max_visits"))


def _base(row: Mapping[str, Any]) -> shapely.Point | None:
    point = _point(row["geometry"])
    if point is not None:
        return point
    area: Any = row.get("area")
    return None if missing(area) or area.is_empty else area.representative_point()


def _point(value: Any) -> shapely.Point | None:
    return None if missing(value) or value.is_empty else value


def _list(value: Any) -> list[Any]:
    if missing(value):
        return []
    return [value] if isinstance(value, str) else list(value)
