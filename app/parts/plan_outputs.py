"""The files of a plan, made on demand from what its reader may see.

An unannounced visit is in none of them (domain rule 4), but for the team that is named for it, in its own sheet
and route; decisions are those that the reader may see.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

from app.access import Right, may
from app.parts import plan_reads
from app.parts.visit import Visit
from app.runtime import runtime
from app.services import check_papers, decisions, exports, plan_files, plan_papers, plan_reading
from app.services.check_papers import DecisionPaper, MinutesPaper, Place
from app.services.decisions import KeptDecision
from app.services.field_visits import checklist
from app.services.office import issuer
from app.services.plan_reading import KeptPlan
from app.text import _, label, render
from geo.checklist import Asked
from geo.words import PlanState, Role, TeamKind, VisitKind
from layers.print_furniture import Titles
from layers.print_map import plan_map, team_map
from layers.print_sheet import Page

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Output(StrEnum):
    """A file that a plan can be taken along as."""

    PUBLIC = "public"
    SHEETS = "sheets"
    MAP = "map"
    DECISION = "decision"
    MINUTES = "minutes"
    WORKBOOK = "workbook"
    GPX = "gpx"
    KML = "kml"
    ICS = "ics"


@dataclass(frozen=True)
class Wish:
    """Which file: ``team`` None for all, ``day`` for minutes, ``decision`` for the paper of one."""

    output: Output
    team: str | None = None
    day: date | None = None
    decision: KeptDecision | None = None
    size: Literal["A4", "A3"] = "A4"
    form: Literal["pdf", "png"] = "pdf"


@dataclass(frozen=True)
class Made:
    """A file that is ready to be taken."""

    name: str
    data: bytes
    mime: str


def output_words() -> dict[Output, str]:
    """What each file is called."""
    return {
        Output.PUBLIC: _("Kế hoạch kiểm tra, bản công khai (Word)"),
        Output.SHEETS: _("Phiếu kiểm tra của Đội (Word)"),
        Output.MAP: _("Bản đồ để in"),
        Output.DECISION: _("Quyết định kiểm tra (Word)"),
        Output.MINUTES: _("Biên bản kiểm tra điền sẵn (Word)"),
        Output.WORKBOOK: _("Bảng tính (Excel)"),
        Output.GPX: _("Tuyến cho máy dẫn đường (GPX)"),
        Output.KML: _("Tuyến cho bản đồ (KML)"),
        Output.ICS: _("Lịch hẹn (ICS)"),
    }


def outputs_of(visit: Visit, plan: KeptPlan) -> list[Output]:
    """The files that the visitor may have of the plan: the papers of a check once it is decided."""
    papers = {Output.DECISION, Output.MINUTES}
    undecided = plan.state in (PlanState.DRAFT, PlanState.DISCARDED)
    carried = may(visit.actor, Right.INSPECT) or may(visit.actor, Right.KEEP_CASES)
    return [one for one in Output if one not in papers or (carried and not undecided)]


def own_team(visit: Visit, plan: KeptPlan) -> str | None:
    """The one team of an inspector's account, which takes its own unannounced visits along."""
    if visit.actor.role is not Role.INSPECTOR:
        return None
    teams = plan_reads.teams(visit, plan.first, plan.last)
    scope = visit.actor.scope
    if scope is None:
        own = teams[teams["kind"].isin([TeamKind.CITY.value, TeamKind.DISTRICT.value])]
    else:
        own = teams[[bool(units) and scope.issuperset(units) for units in teams["unit_ids"]]]
    return str(own["name"].iloc[0]) if len(own) == 1 else None


def carried(visit: Visit, plan: KeptPlan) -> gpd.GeoDataFrame:
    """The stops that may stand in a file: without the unannounced, but for those of the visitor's own team."""
    secret = plan.visits["kind"] == VisitKind.UNANNOUNCED.value
    return plan.visits[~secret | (plan.visits["team"] == own_team(visit, plan))]


def make(visit: Visit, plan: KeptPlan, wish: Wish) -> Made:
    """Make a file; the log says who took which one."""
    name, mime = _named(plan, wish)
    data = exports.taken(visit.store, visit.actor, plan.plan_id, name, lambda: _data(visit, plan, wish))
    return Made(name, data, mime)


def _named(plan: KeptPlan, wish: Wish) -> tuple[str, str]:
    """Name and type of a file."""
    span = f"{plan.first:%Y%m%d}-{plan.last:%Y%m%d}"
    match wish.output:
        case Output.PUBLIC:
            return f"ke-hoach-{span}.docx", _DOCX
        case Output.SHEETS:
            return f"phieu-doi-{span}.docx", _DOCX
        case Output.MAP:
            mime = "application/pdf" if wish.form == "pdf" else "image/png"
            return f"ban-do-{span}-{wish.size}.{wish.form}", mime
        case Output.DECISION:
            return f"quyet-dinh-{span}.docx", _DOCX
        case Output.MINUTES:
            return f"bien-ban-{wish.day:%Y%m%d}.zip", "application/zip"
        case Output.WORKBOOK:
            return f"lich-{span}.xlsx", _XLSX
    return f"tuyen-{span}.{wish.output.value}", "application/octet-stream"


def _data(visit: Visit, plan: KeptPlan, wish: Wish) -> bytes:
    match wish.output:
        case Output.PUBLIC:
            return _public(visit, plan)
        case Output.SHEETS:
            return _sheets(visit, plan, wish.team)
        case Output.MAP:
            return _map(visit, plan, wish)
        case Output.DECISION:
            assert wish.decision is not None
            return _decision(visit, plan, wish.decision)
        case Output.MINUTES:
            return _minutes(visit, plan, wish)
        case Output.WORKBOOK:
            return plan_files.plan_workbook(plan)
    own = own_team(visit, plan) if wish.output is not Output.ICS else None
    suffix = f".{wish.output.value}"
    return plan_files.route_file(plan, suffix, made_at=datetime.now().astimezone(), own_team=own)


def _public(visit: Visit, plan: KeptPlan) -> bytes:
    rows = plan_reading.public_form(visit.store, visit.actor, plan.plan_id)
    office = issuer(runtime().settings.office)
    return plan_papers.public_plan(plan_papers.PublicPlan(office, rows, plan.document, demo=visit.demo))


def _asks() -> Any:
    laws, required = checklist()

    def asked(premises_type: str, day: date) -> tuple[Asked, ...]:
        return laws.asked(premises_type, day, required)

    return asked


def _sheets(visit: Visit, plan: KeptPlan, team: str | None) -> bytes:
    numbers = {
        one.team: _("số {number} ngày {day}", number=one.number, day=one.on_date)
        for one in decisions.kept_decisions(visit.store, visit.actor, plan.plan_id)
        if one.number and one.kind is VisitKind.PLANNED
    }
    own = own_team(visit, plan)
    sheets = plan_files.sheets_of(plan, _asks(), decisions=numbers, own_team=own)
    wanted = [sheet for sheet in sheets if team in (None, sheet.team)]
    return plan_papers.team_sheets(wanted, made_on=visit.today, demo=visit.demo)


def _map(visit: Visit, plan: KeptPlan, wish: Wish) -> bytes:
    data = plan_reads.ground(visit)
    titles = Titles(
        title=_("Lịch kiểm tra {first} - {last}", first=plan.first, last=plan.last),
        subtitle=plan.document or label(plan.state).capitalize(),
        made_on=visit.today,
        mark=_("Lưu hành nội bộ"),
        demo=visit.demo,
    )
    page = Page(wish.size)
    common: dict[str, Any] = {
        "visits": plan.visits,
        "routes": plan.routes,
        "units": data.units,
        "streets": data.streets,
        "sweeps": plan.sweeps,
        "form": wish.form,
        "tell": render,
    }
    if wish.team is None:
        return plan_map(page, titles, **common)
    secret = wish.team == own_team(visit, plan)
    return team_map(page, titles, wish.team, with_unannounced=secret, **common)


def _decision(visit: Visit, plan: KeptPlan, one: KeptDecision) -> bytes:
    rows = plan.visits[plan.visits["decision_id"] == one.id]
    paper = DecisionPaper(
        issuer=issuer(runtime().settings.office),
        team=one.team,
        places=tuple(_place(visit, row) for row in rows.itertuples(index=False)),
        first_day=one.first_day,
        last_day=one.last_day,
        kind=one.kind,
        basis=one.basis,
        content=one.content,
        agencies=_agencies(visit, plan, one.team),
        number=one.number,
        on_date=one.on_date,
        demo=visit.demo,
    )
    return check_papers.decision(paper)


def _minutes(visit: Visit, plan: KeptPlan, wish: Wish) -> bytes:
    """The minutes of a team's day, one file a stop, in one archive."""
    shown = carried(visit, plan)
    rows = shown[(shown["team"] == wish.team) & (shown["on_date"] == pd.Timestamp(wish.day))]
    issued = {one.id: one for one in decisions.kept_decisions(visit.store, visit.actor, plan.plan_id)}
    asks, archive = _asks(), io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for row in rows.itertuples(index=False):
            one = issued.get(row.decision_id)
            paper = MinutesPaper(
                issuer=issuer(runtime().settings.office),
                team=row.team,
                place=_place(visit, row),
                day=row.on_date.date(),
                asked=() if row.kind == VisitKind.FOLLOW_UP else asks(row.type, row.on_date.date()),
                agencies=_agencies(visit, plan, row.team),
                decision_number=one.number if one else None,
                decision_date=one.on_date if one else None,
                demo=visit.demo,
            )
            files.writestr(f"bien-ban-{int(row.position)}.docx", check_papers.minutes(paper))
    return archive.getvalue()


def _place(visit: Visit, row: Any) -> Place:
    known = plan_reads.ground(visit).premises.set_index("id")
    number = str(known["registration_number"].get(row.premises_id) or "")
    # Twelve digits are somebody's identity number, whatever column they stand in.
    own = sum(character.isdigit() for character in number) == 12
    return Place(
        name=str(row.name),
        type=str(row.type),
        address=str(row.address or ""),
        ward=str(row.ward_name or ""),
        registration="" if own or number == "nan" else number,
    )


def _agencies(visit: Visit, plan: KeptPlan, team: str) -> tuple[str, ...]:
    teams = plan_reads.teams(visit, plan.first, plan.last).set_index("name")
    return tuple(teams["agencies"].get(team) or ())
