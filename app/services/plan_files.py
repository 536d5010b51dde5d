"""A plan as files to take along: sheets of the teams, a workbook, routes for devices on the road.

An unannounced visit is in none of them, unless the named team takes its own (domain rule 4); a calendar never
holds one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import geopandas as gpd
import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from app.services.plan_papers import Day, Stop, Sweep, TeamSheet
from app.text import label, render, speaking
from data.cell_text import harmless
from data.exporters.columns import ROUTES, VISITS
from data.exporters.kml import write_kml
from data.exporters.layer import Layer, Look
from data.exporters.route_files import write_gpx, write_ics, write_team_gpx
from data.store import LOCAL_ZONE
from geo.checklist import Asked
from geo.errors import InputError
from geo.messages import msg
from geo.words import PlanState, PremisesType, VisitKind
from layers.print_routes import announced, numbered
from layers.style import team_colours

#: What a premises of a type is asked on a day.
Asks = Callable[[str, date], Sequence[Asked]]
_MOST_REASONS = 3
_FORBIDDEN_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_WIDEST = 60


class ReadPlan(Protocol):
    """A plan as it was read back for an actor (``plan_reading.KeptPlan``).

    ``visits``: premises_id, team_id, team, on_date, position, arrive, leave, kind, reason, basis, joint_with,
    name, type, address, ward_name, geometry. ``routes``: team, on_date, km, minutes, geometry. ``sweeps``:
    starts, ends, on_date, teams (names), names (of the units) where known.
    """

    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...
    @property
    def state(self) -> PlanState: ...
    @property
    def visits(self) -> gpd.GeoDataFrame: ...
    @property
    def routes(self) -> gpd.GeoDataFrame: ...
    @property
    def sweeps(self) -> gpd.GeoDataFrame: ...


def sheets_of(
    plan: ReadPlan, asks: Asks, *, decisions: dict[str, str] | None = None, own_team: str | None = None
) -> list[TeamSheet]:
    """What each team does, as its sheet is printed; of ``own_team`` alone, then with its unannounced visits.

    ``decisions``: by team, number and date of its inspection decision.
    """
    visits, routes = _shown(plan, own_team)
    names = dict(zip(plan.visits["team_id"], plan.visits["team"], strict=True))
    teams = sorted({*visits["team"], *(team for row in plan.sweeps["teams"] for team in row)})
    wanted = [team for team in teams if own_team in (None, team)]
    with speaking("vi"):
        return [
            TeamSheet(
                team,
                plan.first,
                plan.last,
                tuple(_days(team, visits, routes, plan.sweeps, names, asks)),
                (decisions or {}).get(team, ""),
            )
            for team in wanted
        ]


def _shown(plan: ReadPlan, own_team: str | None) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Numbered stops, and ways, that may be in a file: without the unannounced unless they are one's own."""
    if own_team is None:
        visits, routes = announced(plan.visits, plan.routes)
    else:
        visits = plan.visits[plan.visits["team"] == own_team]
        routes = plan.routes[plan.routes["team"] == own_team]
    return numbered(visits), routes.reset_index(drop=True)


def _days(
    team: str,
    visits: gpd.GeoDataFrame,
    routes: gpd.GeoDataFrame,
    sweeps: gpd.GeoDataFrame,
    names: dict[str, str],
    asks: Asks,
) -> list[Day]:
    own, ways = visits[visits["team"] == team], routes[routes["team"] == team]
    joint = sweeps[[team in row for row in sweeps["teams"]]] if len(sweeps) else sweeps
    days = sorted({_day(day) for day in (*own["on_date"], *joint["on_date"])})
    return [
        Day(
            day,
            tuple(_stop(row, names, asks) for row in own[_on(own, day)].itertuples(index=False)),
            tuple(_sweep(row, team) for row in joint[_on(joint, day)].itertuples(index=False)),
            _sum(ways.loc[_on(ways, day), "km"]),
            _sum(ways.loc[_on(ways, day), "minutes"]),
        )
        for day in days
    ]


def _day(value: Any) -> date:
    return pd.Timestamp(value).date()


def _on(rows: pd.DataFrame, day: date) -> list[bool]:
    return [_day(value) == day for value in rows["on_date"]]


def _sum(values: pd.Series) -> float | None:
    return float(values.sum()) if len(values) else None


def _stop(row: Any, names: dict[str, str], asks: Asks) -> Stop:
    follow_up = row.kind == VisitKind.FOLLOW_UP
    checks = () if follow_up else tuple(label(one.item) for one in asks(row.type, _day(row.on_date)))
    return Stop(
        number=int(row.number),
        arrive=_local(row.arrive),
        leave=_local(row.leave),
        name=str(row.name),
        type=str(row.type),
        address=str(row.address or ""),
        kind=label(VisitKind(row.kind)),
        reasons=_reasons(row),
        checks=("việc khắc phục nêu tại biên bản trước",) if follow_up else checks,
        beside=tuple(names.get(team, team) for team in row.joint_with or ()),
    )


def _local(moment: datetime) -> datetime:
    return moment.astimezone(LOCAL_ZONE) if moment.tzinfo else moment


def _reasons(row: Any) -> tuple[str, ...]:
    """Why the stop is in the plan: its basis, then what speaks most for it."""
    parts = sorted((row.reason or {}).get("parts", ()), key=lambda part: -part["points"])
    told = [render(part["text"]) for part in parts if part["name"] != "base"][:_MOST_REASONS]
    basis = getattr(row, "basis", None)
    return (f"Căn cứ: {basis}", *told) if isinstance(basis, str) and basis.strip() else tuple(told)


def _sweep(row: Any, team: str) -> Sweep:
    names = getattr(row, "names", None) or ()
    others = tuple(other for other in row.teams if other != team)
    return Sweep(" - ".join(map(str, names)), _local(row.starts), _local(row.ends), others)


def plan_workbook(plan: ReadPlan) -> bytes:
    """The plan as a workbook: a summary of the teams, then a sheet for each; no unannounced visit is in it."""
    visits, routes = _shown(plan, None)
    book = Workbook()
    summary: Worksheet = book.active
    with speaking("vi"):
        summary.title = "Tổng hợp"
        _table(
            summary,
            ("Đội", "Số ngày", "Số lượt", "Quãng đường (km)", "Thời gian (phút)"),
            _totals(visits, routes),
        )
        used = {summary.title}
        for team, rows in visits.groupby("team", sort=True):
            sheet = book.create_sheet(_sheet_title(str(team), used))
            headers = (
                "STT",
                "Ngày",
                "Đến",
                "Rời",
                "Tên cơ sở",
                "Loại hình",
                "Địa chỉ",
                "Phường",
                "Hình thức",
                "Vì sao",
            )
            _table(sheet, headers, [_cells(row) for row in rows.itertuples(index=False)])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _totals(visits: gpd.GeoDataFrame, routes: gpd.GeoDataFrame) -> list[list[Any]]:
    totals = []
    for team, rows in visits.groupby("team", sort=True):
        ways = routes[routes["team"] == team]
        way = (round(float(ways["km"].sum()), 1), round(float(ways["minutes"].sum())))
        totals.append([team, rows["on_date"].nunique(), len(rows), *way])
    return totals


def _cells(row: Any) -> list[Any]:
    arrive, leave = (_local(moment).replace(tzinfo=None) for moment in (row.arrive, row.leave))
    known = row.type in list(PremisesType)
    kind = label(PremisesType(row.type)) if known else row.type
    reasons = "; ".join(_reasons(row))
    return [
        int(row.number), _day(row.on_date), arrive.time(), leave.time(), row.name, kind, row.address,
        row.ward_name, label(VisitKind(row.kind)), reasons,
    ]  # fmt: skip


def _table(sheet: Worksheet, headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A head that stays in view, and rows of real dates, times and numbers; a text is never a formula."""
    sheet.append(list(headers))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column, None if _missing(value) else harmless(value))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(value, str):
                cell.data_type = "s"
            elif isinstance(value, date | time):
                cell.number_format = "hh:mm" if isinstance(value, time) else "dd/mm/yyyy"
    for column, header in enumerate(headers):
        longest = max([len(header), *(len(str(row[column] or "")) for row in rows)])
        sheet.column_dimensions[get_column_letter(column + 1)].width = min(longest + 2, _WIDEST)
    sheet.freeze_panes = "A2"


def _missing(value: Any) -> bool:
    return value is None or value != value


def _sheet_title(team: str, used: set[str]) -> str:
    """A name that a workbook takes: at most 31 characters, the end of a long one, which tells teams apart."""
    plain = " ".join(team.translate(_FORBIDDEN_IN_TITLES).split()) or "Đội"
    title, count = plain[-31:].strip(), 1
    while title.casefold() in {one.casefold() for one in used}:
        count += 1
        title = f"{plain[-27:].strip()} {count}"
    used.add(title)
    return title


def route_file(plan: ReadPlan, suffix: str, *, made_at: datetime, own_team: str | None = None) -> bytes:
    """The stops and ways for a device: .gpx or .kml for navigation, .ics for calendars.

    ``own_team``: for the named team alone, with its own unannounced visits, which a calendar never holds.
    Raises InputError ``unknown_format``.
    """
    visits, routes = _shown(plan, own_team)
    frame = visits.rename(columns={"on_date": "date", "number": "order", "ward_name": "ward"})
    with speaking("vi"):
        reasons = ["; ".join(_reasons(row)) for row in visits.itertuples(index=False)]
    frame = frame.assign(made_at=made_at, state=plan.state.value, reason=reasons)
    teams = team_colours(sorted(set(plan.visits["team"])))
    look = Look(attribute="team", colours={team: (colour, team) for team, colour in teams.items()})
    layers = [
        Layer("visits", frame, VISITS, title="name", look=look),
        Layer("routes", routes.rename(columns={"on_date": "date"}), ROUTES, title="team", look=look),
    ]
    writers = {".gpx": write_gpx if own_team is None else write_team_gpx, ".kml": write_kml, ".ics": write_ics}
    if suffix not in writers:
        raise InputError("unknown_format", msg("Chỉ có tệp .gpx, .kml và .ics cho tuyến đường."))
    with tempfile.TemporaryDirectory(prefix="diaban-") as folder:
        file = Path(folder) / f"plan{suffix}"
        writers[suffix](layers, file)
        return file.read_bytes()
