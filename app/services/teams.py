"""Taking in inspection teams: from a file, or one ward team for each unit of the day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import select

from app.access import Right, may, require
from app.services.database import need_data, refuse_demo
from app.text import render
from data.importers.teams import TeamProblem, TeamRow, read_teams
from data.repositories import places
from data.store import Actor, Store, Work
from data.tables import Team, TeamArea, new_id
from geo.fold import fold
from geo.messages import Message, msg
from geo.words import TeamKind

_DAY = timedelta(days=1)
_LEVELS = ("phuong ", "xa ", "thi tran ")
_WARD_TEAM = "Đội kiểm tra liên ngành 178 {unit}"
_PLAIN = ("kind", "shift_start", "shift_end", "max_visits", "agencies", "founding_decision")
_USUAL: dict[str, Any] = {"shift_start": time(14), "shift_end": time(22), "max_visits": 6, "agencies": []}


@dataclass
class _Outcome:
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[TeamProblem] = field(default_factory=list)


def import_teams(
    store: Store, actor: Actor, file: Path | None, as_of: date, *, into_demo: bool = False
) -> dict[str, Any]:
    """Add the teams of a file, or without one a ward team for each unit of the day (command ``import teams``).

    A team is known by its name. What a row leaves out stays as it is stored. Areas are dated: a change holds
    from the row's ``valid_from``, else from ``as_of``. Raises RuleError without the right to import or manage.
    """
    if not may(actor, Right.MANAGE):
        require(actor, Right.IMPORT)
    with store.write(actor) as work:
        refuse_demo(work, into_demo)
        need_data(work, as_of)
        rows, problems = read_teams(file) if file else (_ward_teams(places.units_on(work, as_of)), [])
        done = _Outcome(problems=list(problems))
        for row in rows:
            _take(work, row, as_of, done)
        counts = {"added": done.added, "updated": done.updated, "unchanged": done.unchanged}
        work.note("import.teams", file.name[:120] if file else "units", **counts)
    done.problems.sort(key=lambda problem: problem.row)
    return {
        "read": len(rows) + len(problems),
        **counts,
        "rejected": [_said(problem) for problem in done.problems],
    }


def any_team(store: Store, actor: Actor) -> bool:
    """Whether there is a team at all."""
    require(actor, Right.SEE_PLANS)
    with store.read(actor) as work:
        return work.session.scalars(select(Team.id).limit(1)).first() is not None


def _ward_teams(units: gpd.GeoDataFrame) -> list[TeamRow]:
    return [
        TeamRow(
            number,
            _WARD_TEAM.format(unit=unit.name),
            {"kind": TeamKind.WARD, "units": [unit.code], "valid_from": unit.valid_from.date()},
        )
        for number, unit in enumerate(units.sort_values("code").itertuples(index=False), start=1)
    ]


def _take(work: Work, row: TeamRow, as_of: date, done: _Outcome) -> None:
    """Store one team, or say why not."""
    team = work.session.scalars(select(Team).where(Team.name == row.name)).first()
    given = row.given
    units = places.units_on(work, given.get("valid_from", as_of))
    problem = _incomplete(row, team)
    wanted: list[str] | None = None
    if problem is None and ("units" in given or team is None):
        wanted, problem = _unit_ids(row, units)
    if problem is not None:
        done.problems.append(problem)
        return
    day = given.get("valid_from") or (as_of if team else _all_valid_from(units, wanted or []))
    if team is None:
        team = Team(id=new_id(), name=row.name, valid_from=day, **_USUAL)
        work.session.add(team)
        done.added += 1
        _change(work, team, given, wanted, day)
    elif _change(work, team, given, wanted, day):
        done.updated += 1
    else:
        done.unchanged += 1


def _incomplete(row: TeamRow, team: Team | None) -> TeamProblem | None:
    if team is None and "kind" not in row.given:
        return _problem(row, "kind", None, msg("Thiếu cấp của đội: ward (phường) hoặc city (thành phố)."))
    start = row.given.get("shift_start", team.shift_start if team else _USUAL["shift_start"])
    end = row.given.get("shift_end", team.shift_end if team else _USUAL["shift_end"])
    if start >= end:
        return _problem(row, "shift_end", f"{end:%H:%M}", msg("Giờ kết thúc phải sau giờ bắt đầu."))
    return None


def _unit_ids(row: TeamRow, units: gpd.GeoDataFrame) -> tuple[list[str], TeamProblem | None]:
    """The units that a row names by code or name; a team of the city that names none works in all of them."""
    named = row.given.get("units", [])
    if not named and row.given.get("kind") == TeamKind.CITY:
        return list(units["id"]), None
    if not named:
        return [], _problem(row, "units", None, msg("Thiếu phường mà đội phụ trách."))
    found: list[str] = []
    for name in named:
        same = units[(units["code"] == name) | (units["name"].map(_bare) == _bare(name))]
        if len(same) != 1:
            why = msg("Ngày này không có đúng một phường có mã hoặc tên đó.")
            return [], _problem(row, "units", name, why)
        found.append(str(same["id"].iloc[0]))
    return list(dict.fromkeys(found)), None


def _bare(name: str) -> str:
    folded = fold(name)
    for level in _LEVELS:
        folded = folded.removeprefix(level)
    return folded


def _all_valid_from(units: gpd.GeoDataFrame, ids: list[str]) -> date:
    """The first day on which all these units hold."""
    latest: pd.Timestamp = units.loc[units["id"].isin(ids), "valid_from"].max()
    return latest.date()


def _change(work: Work, team: Team, given: dict[str, Any], wanted: list[str] | None, day: date) -> bool:
    """Bring a team to what the row says; whether anything changed."""
    values = {name: given[name] for name in _PLAIN if name in given}
    if "lat" in given:
        values["depot"] = shapely.Point(given["lon"], given["lat"])
    if "valid_from" in given:
        values["valid_from"] = min(team.valid_from, given["valid_from"])
    changed = False
    for name, value in values.items():
        if getattr(team, name) != value:
            setattr(team, name, value)
            changed = True
    work.session.flush()
    return _change_areas(work, team, wanted, day) or changed


def _change_areas(work: Work, team: Team, wanted: list[str] | None, day: date) -> bool:
    if wanted is None:
        return False
    areas = work.session.scalars(select(TeamArea).where(TeamArea.team_id == team.id)).all()
    open_areas = [area for area in areas if area.valid_to is None or area.valid_to >= day]
    kept = {area.unit_id for area in open_areas if area.unit_id in wanted}
    gone = [area for area in open_areas if area.unit_id not in wanted]
    for area in gone:
        if area.valid_from >= day:
            work.session.delete(area)
        else:
            area.valid_to = day - _DAY
    new = [unit_id for unit_id in wanted if unit_id not in kept]
    for unit_id in new:
        work.session.add(TeamArea(id=new_id(), team_id=team.id, unit_id=unit_id, valid_from=day))
    return bool(gone or new)


def _problem(row: TeamRow, column: str, value: str | None, message: Message) -> TeamProblem:
    return TeamProblem(row.number, row.name, column, value or "", message)


def _said(problem: TeamProblem) -> dict[str, Any]:
    return {
        "row": problem.row,
        "name": problem.name,
        "column": problem.column,
        "value": problem.value,
        "problem": render(problem.message),
    }
