"""Which visits an account may see in the field, by what decision they start, and what is known at the door.

Functions on an open unit of work, for ``field_work`` (reading) and ``field_record`` (recording).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import select, tuple_

from app.config import ROOT
from app.services.complaints import barred_teams
from app.services.facts import RISK_SETTINGS
from app.services.plan_secrecy import may_open
from data.repositories import checks, plans
from data.repositories.frames import columns, current, frame
from data.repositories.register import kept_ids, left_out, under_kept
from data.repositories.scope import within_scope
from data.repositories.teams import named_teams, teams_between
from data.store import LOCAL_ZONE, Work
from data.tables import Finding, Inspection, Plan, Premises, Visit
from geo.checklist import Checklist, parse_checklist
from geo.errors import InputError
from geo.messages import Message, msg
from geo.planning_rules import business_keys, eligible
from geo.risk_settings import RequiredPaper, parse_settings
from geo.words import PlanState, PremisesStatus, VisitKind

CHECKLIST_FILE = ROOT / "geo" / "checklist.toml"
#: Visits of these plans are carried out; what was met is still taken in after a plan was closed.
CARRIED_OUT = (PlanState.APPROVED, PlanState.RUNNING)


@dataclass(frozen=True)
class Decision:
    """The inspection decision that orders a visit: its number once it is issued, else why none may start."""

    number: str | None = None
    on_date: date | None = None
    basis: str = ""
    problem: Message | None = None


def own_visit(work: Work, visit_id: str, now: datetime) -> Any:
    """The row of a visit that the actor may open. Raises InputError ``unknown_visit`` for any other."""
    rows = visible_visits(work, now, visit_id=visit_id)
    if rows.empty or premises_of(work, rows).empty:
        raise InputError(
            "unknown_visit",
            msg("Không có lượt kiểm tra này trong lịch của đội bạn."),
            hint=msg("Lượt đột xuất chỉ hiện từ đầu ca của đội; lịch chưa duyệt thì chưa hiện."),
        )
    return next(rows.itertuples(index=False))


def visible_visits(
    work: Work, now: datetime, *, since: date | None = None, visit_id: str | None = None
) -> pd.DataFrame:
    """Visits of carried-out plans that the actor may see in the field, by day, team and order.

    Only those of the actor's teams, up to today; unannounced ones as ``plan_secrecy.may_open`` says (domain,
    rule 4): their place is told when one is opened. Beside the visit's columns: ``team``, the name.
    ``position`` counts those of a shift that are seen.
    """
    today, states = now.astimezone(LOCAL_ZONE).date(), [state.value for state in CARRIED_OUT]
    statement = select(*columns(Visit)).join(Plan, Plan.id == Visit.plan_id)
    wanted: tuple[Any, Any]
    if visit_id is None:
        wanted = (Plan.state.in_(states), Visit.on_date.between(since or today, today))
    else:
        # With all stops of its shift: it is numbered among those that may be seen.
        shift = tuple_(Visit.plan_id, Visit.team_id, Visit.on_date)
        one = select(Visit.plan_id, Visit.team_id, Visit.on_date).where(Visit.id == visit_id)
        wanted = (Plan.state.in_([*states, PlanState.CLOSED.value]), shift.in_(one))
    rows = frame(work, statement.where(*wanted).order_by(Visit.on_date, Visit.team_id, Visit.position))
    if rows.empty:
        return rows
    rows["arrive"] = pd.Series([moment.astimezone(LOCAL_ZONE) for moment in rows["arrive"]], dtype=object)
    teams = {day: _teams_of(work, day.date()) for day in rows["on_date"].unique()}
    rows["team"] = [teams[row.on_date].get(row.team_id) for row in rows.itertuples()]
    rows = rows[rows["team"].notna() & _openable(work, rows, now)].reset_index(drop=True)
    # A gap in the numbers would tell of a stop that the team does not know of yet.
    rows["position"] = rows.groupby(["plan_id", "on_date", "team_id"]).cumcount() + 1
    return rows if visit_id is None else rows[rows["id"] == visit_id].reset_index(drop=True)


def _teams_of(work: Work, day: date) -> dict[str, str]:
    """Names of the day's teams that act on the actor's ground alone: a ward's account is in its ward's team, or
    in those of them that it was given."""
    scope, given = work.actor.scope, named_teams(work)
    return {
        team.id: team.name
        for team in teams_between(work, day, day).itertuples()
        if (scope is None or (len(team.unit_ids) > 0 and scope.issuperset(team.unit_ids)))
        and (not given or team.id in given)
    }


def _openable(work: Work, rows: pd.DataFrame, now: datetime) -> pd.Series:
    """Which visits are announced, or may be opened by the actor all the same."""
    shown = rows["kind"] != VisitKind.UNANNOUNCED
    for plan_id, secret in rows[~shown].groupby("plan_id"):
        plan = plans.plan_by_id(work, plan_id)
        if plan is not None:
            shown[secret.index] = may_open(work, plan, secret, now)
    return shown


def premises_of(work: Work, visits: pd.DataFrame) -> gpd.GeoDataFrame:
    """Premises of visits inside the actor's scope, by id."""
    ids = visits["premises_id"].unique().tolist()
    found = frame(work, select(*columns(Premises)).where(Premises.id.in_(ids)))
    return within_scope(work, found).set_index("id")


def decision_of(work: Work, row: Any) -> Decision:
    """The decision that orders a visit. No visit starts without its number (domain, section 9), and it must
    hold for the visit's team and day."""
    found = checks.decision_by_id(work, row.decision_id) if isinstance(row.decision_id, str) else None
    if found is None or not found.number or found.on_date is None:
        return Decision(problem=msg("Chưa có số quyết định kiểm tra: chưa được bắt đầu."))
    if found.team_id != row.team_id or not found.first_day <= row.on_date.date() <= found.last_day:
        return Decision(
            problem=msg(
                "Quyết định số {number} không gồm đội này hoặc ngày này: chưa được bắt đầu.",
                number=found.number,
            )
        )
    return Decision(found.number, found.on_date, found.basis.strip())


def checklist() -> tuple[Checklist, tuple[RequiredPaper, ...]]:
    """What the law asks by date, and which type needs which paper."""
    laws = parse_checklist(CHECKLIST_FILE.read_text(encoding="utf-8"))
    return laws, parse_settings(RISK_SETTINGS.read_text(encoding="utf-8")).required_papers


def further_check(
    work: Work, row: Any, decision: Decision, on_date: date, *, but: str | None = None
) -> Message | None:
    """Why the premises may not be checked on the day, by rule 1 of domain.md, section 3; None where it may.

    A check of the calendar year by any body counts, at every place of the same registration. A re-check needs
    a passed deadline of earlier minutes; any other further check a recorded sign of violation at this premises
    and a numbered decision that states its basis. A team that the premises complained about does not check it
    either. ``but``: an inspection that is being corrected.
    """
    if row.team_id in barred_teams(work, on_date).get(row.premises_id, ()):
        return msg("Cơ sở đang khiếu nại đội này; đội khác kiểm tra.")
    business = _same_business(work, row.premises_id)
    done = inspections_at(work, business["id"])
    done = done[done["id"] != but]
    standing = eligible(business, done, findings_of(work, done), first=on_date, last=on_date)
    verdict = standing.loc[row.premises_id]
    if isinstance(row.basis, str) and row.basis.strip() and decision.basis:
        return None
    if verdict["code"] == "capped":
        why: Message = verdict["why"]
        return why
    if row.kind == VisitKind.FOLLOW_UP and verdict["not_before"] is not None:
        return msg("Thời hạn khắc phục chưa hết; phúc tra từ ngày {date}.", date=verdict["not_before"])
    if verdict["kind"] is VisitKind.FOLLOW_UP and row.kind != VisitKind.FOLLOW_UP:
        return msg("Năm nay cơ sở đã được kiểm tra; chỉ được phúc tra theo biên bản cũ.")
    return None


def _same_business(work: Work, premises_id: str) -> gpd.GeoDataFrame:
    """Premises of one registration as the rules read them; whether one runs is seen at the door."""
    wanted = (Premises.id, Premises.geom, Premises.registration_number, Premises.registration_hash)
    standing = select(*(Premises.__table__.c[column.key] for column in wanted))
    register = frame(work, standing.where(Premises.id.not_in(left_out()) | (Premises.id == premises_id)))
    keys = business_keys(register)
    same = register[register["id"].map(keys) == keys[premises_id]].reset_index(drop=True)
    return same.assign(status=PremisesStatus.ACTIVE.value)


def inspections_at(work: Work, premises_ids: Iterable[str]) -> pd.DataFrame:
    """Inspections of premises by every body, those of rows merged into them too."""
    wanted = set(premises_ids)
    wanted |= {drop for drop, kept in kept_ids(work).items() if kept in wanted}
    statement = current(Inspection).where(Inspection.premises_id.in_(wanted))
    found: pd.DataFrame = under_kept(work, frame(work, statement))
    return found


def findings_of(work: Work, inspections: pd.DataFrame) -> pd.DataFrame:
    """Findings of inspections, with the premises; in the order of their entry."""
    asked = current(Finding).where(Finding.inspection_id.in_(list(inspections["id"])))
    found = frame(work, asked)
    named = inspections[["id", "premises_id"]].rename(columns={"id": "inspection_id"})
    return found.merge(named, on="inspection_id", how="left")
