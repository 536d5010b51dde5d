"""From the frames to what the planner works on: candidates with their value, and teams with their days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.calendar_vn import working_days
from geo.messages import Message, msg
from geo.plan_coverage import border_risks, ward_counts
from geo.plan_dates import outing_days
from geo.plan_types import Candidate, PlanFacts, PlanningSettings, TeamDays, Unserved
from geo.planning_rules import eligible, last_checked, open_deadlines, teams_at
from geo.visit_value import VisitFacts, visit_value


def plan_teams(
    teams: gpd.GeoDataFrame, first: date, last: date, settings: PlanningSettings
) -> tuple[list[TeamDays], list[Message]]:
    """Teams that are valid on some day of the period, with the days they may go out, and what was assumed.

    A team without a base starts from the middle of its area; one with neither is left out with a note.
    """
    made: list[TeamDays] = []
    notes: list[Message] = []
    for row in teams.sort_values("id").to_dict("records"):
        start = max(first, _day(row.get("valid_from"), first))
        end = min(last, _day(row.get("valid_to"), last))
        if start > end:
            continue
        depot = _base(row)
        if depot is None:
            notes.append(
                msg("{team} chưa có điểm xuất phát và địa bàn: không lập được lịch.", team=row["name"])
            )
            continue
        if row["geometry"] is None or row["geometry"].is_empty:
            notes.append(msg("{team} chưa có điểm xuất phát: lấy điểm giữa địa bàn.", team=row["name"]))
        days = working_days(start, end, weekdays=settings.weekdays, days_off=settings.days_off)
        slots = outing_days(days, settings.outings_per_week, turn=len(made))
        made.append(
            TeamDays(
                team_id=str(row["id"]),
                lon=float(depot.x),
                lat=float(depot.y),
                start=row["shift_start"],
                end=row["shift_end"],
                days=slots if int(row["max_visits"]) > 0 else (),
                max_visits=int(row["max_visits"]),
            )
        )
    return made, notes


def gather(
    facts: PlanFacts, *, first: date, last: date, settings: PlanningSettings
) -> tuple[list[Candidate], list[Unserved]]:
    """Premises that may be visited, with value and reasons, and why the others may not."""
    rules = eligible(
        facts.premises,
        facts.inspections,
        facts.findings,
        first=first,
        last=last,
        standing=facts.standing,
        excluded=facts.excluded,
    )
    unserved = [Unserved(str(row.Index), row.code, row.why) for row in rules.itertuples() if not row.eligible]
    rows = [row for row in facts.premises.to_dict("records") if rules.at[row["id"], "eligible"]]
    points = [row["geometry"] for row in rows]
    valid = _valid_teams(facts.teams, first, last)
    known = _Known(
        last=last_checked(facts.inspections, first),
        deadlines=open_deadlines(facts.findings, last),
        borders=border_risks(points, facts.segments, settings.strip_m),
        behind=_behind(facts, last, settings),
    )
    candidates = [
        _candidate(row, known, number, team_ids, rules, facts, first, settings)
        for number, (row, team_ids) in enumerate(zip(rows, teams_at(valid, points), strict=True))
    ]
    return candidates, unserved


@dataclass(frozen=True)
class _Known:
    last: Mapping[str, date]
    deadlines: Mapping[str, list[date]]
    borders: list[float | None]
    behind: Mapping[str, float]


def _candidate(
    row: Mapping[str, Any],
    known: _Known,
    number: int,
    team_ids: frozenset[str],
    rules: pd.DataFrame,
    facts: PlanFacts,
    first: date,
    settings: PlanningSettings,
) -> Candidate:
    name = str(row["id"])
    rule = rules.loc[name]
    ward = None if pd.isna(row.get("ward_id")) else str(row["ward_id"])
    grounds = row.get("complex_grounds")
    value, parts = visit_value(
        VisitFacts(
            score=facts.scores.get(name),
            last_checked=known.last.get(name),
            open_deadlines=len(known.deadlines.get(name, [])),
            border_risk=known.borders[number],
            ward_behind=known.behind.get(ward, 0.0) if ward else 0.0,
            complex_grounds=not pd.isna(grounds) and bool(str(grounds).strip()),
        ),
        first,
        settings.weights,
    )
    follow_up = rule["kind"] != "planned"
    return Candidate(
        premises_id=name,
        lon=float(row["geometry"].x),
        lat=float(row["geometry"].y),
        type=str(row["type"]),
        value=value,
        parts=parts,
        teams=team_ids,
        # A follow-up is owed by the premises whose minutes it is about, whatever else the business runs.
        business_key=f"follow_up:{name}" if follow_up else str(rule["business_key"]),
        ward_id=ward,
        kind=rule["kind"],
        required=follow_up or name in facts.locked,
        evidence=tuple(facts.evidence.get(name, ())),
        not_before=rule["not_before"],
    )


def _valid_teams(teams: gpd.GeoDataFrame, first: date, last: date) -> gpd.GeoDataFrame:
    inside = [
        max(first, _day(row.get("valid_from"), first)) <= min(last, _day(row.get("valid_to"), last))
        for row in teams.to_dict("records")
    ]
    return teams[inside]


def _behind(facts: PlanFacts, last: date, settings: PlanningSettings) -> dict[str, float]:
    """How far each ward is behind the target's share for the end of the period: 0 not at all, 1 wholly."""
    year_days = (date(last.year + 1, 1, 1) - date(last.year, 1, 1)).days
    elapsed = ((last + timedelta(days=1)) - date(last.year, 1, 1)).days / year_days
    due = settings.target_share * elapsed
    counts = ward_counts(facts.premises, facts.inspections, last.year)
    return {
        ward: max(0.0, 1.0 - (inspected / count) / due) if due > 0 else 0.0
        for ward, (count, inspected) in counts.items()
    }


def _base(row: Mapping[str, Any]) -> shapely.Point | None:
    point = row["geometry"]
    if point is not None and not point.is_empty:
        return point
    area = row.get("area")
    return None if area is None or pd.isna(area) or area.is_empty else area.representative_point()


def _day(value: Any, otherwise: date) -> date:
    if value is None or pd.isna(value):
        return otherwise
    day: date = pd.Timestamp(value).date()
    return day
