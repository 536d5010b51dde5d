"""The cases that follow checks: their papers, and what is owed next. They are written in ``case_papers``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import geopandas as gpd
import pandas as pd

from app.access import Right, require
from app.config import ROOT
from app.services.cells import day_of, text_of
from app.services.field_visits import checklist
from data.repositories import checks as repository
from data.repositories import events, places
from data.repositories.scope import within_scope
from data.store import Actor, Store, Work
from geo.cases import CaseState, Deadline, FindingFacts, Paper, case_state, parse_deadlines
from geo.checklist import Checklist
from geo.errors import InputError
from geo.messages import msg
from geo.words import CasePaperKind, FindingKind, VisitOutcome

CASE_SETTINGS = ROOT / "geo" / "cases.toml"
#: Older cases without an open finding are not looked through.
_LOOK_BACK = timedelta(days=400)


@dataclass(frozen=True)
class CaseFinding:
    """A finding with where its case stands. ``sanctioned_by``: the decree in force on the day of the check."""

    id: str
    kind: FindingKind
    serious: bool
    text: str
    deadline: date | None
    closed_on: date | None
    document: str | None
    sanctioned_by: str | None
    state: CaseState


@dataclass(frozen=True)
class Case:
    """An inspection with its papers.

    ``findings`` is empty where nothing was found; then ``state`` speaks of the check itself, else of the most
    urgent finding. ``papers``: rows with id, kind, number, on_date, body, article, amount_vnd, paid_on, due_on,
    note, finding_id.
    """

    inspection_id: str
    premises_id: str
    premises: str
    on_date: date
    outcome: VisitOutcome
    minutes_number: str | None
    papers: pd.DataFrame
    findings: tuple[CaseFinding, ...]
    state: CaseState


def case(store: Store, actor: Actor, inspection_id: str, as_of: date) -> Case:
    """One case as it stands on a day. Raises InputError for an inspection outside the actor's scope."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        seen = seen_inspections(work, as_of)
        found = seen[seen["id"] == inspection_id]
        if found.empty:
            raise unknown_inspection()
        return _cases(work, found, as_of)[0]


def open_cases(store: Store, actor: Actor, as_of: date) -> list[Case]:
    """Cases of the actor's scope in which something is owed, what is overdue first, then by day due.

    Those of the last year and a month, and older ones with a finding that is still open.
    """
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        seen = seen_inspections(work, as_of)
        findings = events.findings_until(work, as_of)
        still = set(findings.loc[findings["closed_on"].isna(), "inspection_id"])
        recent = seen["on_date"] >= pd.Timestamp(as_of - _LOOK_BACK)
        kept = _cases(work, seen[recent & _has_paper(work, seen) | seen["id"].isin(still)], as_of)
    waiting = [one for one in kept if not one.state.closed]
    return sorted(
        waiting,
        key=lambda one: (not one.state.overdue, one.state.due_on or date.max, one.on_date, one.premises),
    )


@cache
def deadlines() -> tuple[Deadline, ...]:
    """The deadlines of case papers (``geo/cases.toml``)."""
    return parse_deadlines(CASE_SETTINGS.read_text(encoding="utf-8"))


def unknown_inspection() -> InputError:
    return InputError("unknown_inspection", msg("Không có lần kiểm tra này trong địa bàn của bạn."))


def seen_inspections(work: Work, as_of: date) -> gpd.GeoDataFrame:
    """Inspections in the actor's scope up to the day."""
    return within_scope(work, events.inspections_until(work, as_of))


def _has_paper(work: Work, inspections: pd.DataFrame) -> pd.Series:
    """Whose case is kept here: carried out from a plan, or with a paper entered."""
    with_paper = set(repository.papers_of(work)["inspection_id"])
    checked = inspections["outcome"] == VisitOutcome.CHECKED.value
    kept: pd.Series = checked & (inspections["visit_id"].notna() | inspections["id"].isin(with_paper))
    return kept


def sanction_law(kind: str, day: date) -> str | None:
    """The decree in force on a day for findings of a kind, None where none is on file."""
    known = kind if kind in set(FindingKind) else FindingKind.OTHER
    return _laws().sanction(FindingKind(known), day)


@cache
def _laws() -> Checklist:
    return checklist()[0]


def own_papers(papers: pd.DataFrame, finding_id: str | None) -> pd.DataFrame:
    """Papers of a finding, and those of the inspection as a whole."""
    return papers[papers["finding_id"].isna() | (papers["finding_id"] == finding_id)]


def _cases(work: Work, inspections: pd.DataFrame, as_of: date) -> list[Case]:
    if inspections.empty:
        return []
    ids = list(inspections["id"])
    papers = repository.papers_of(work, ids)
    findings = events.findings_until(work, as_of)
    names = dict(places.premises_on(work, as_of)[["id", "name"]].itertuples(index=False))
    by_inspection = dict(list(papers.groupby("inspection_id"))) if len(papers) else {}
    found = dict(list(findings.groupby("inspection_id"))) if len(findings) else {}
    return [
        _case(row, by_inspection.get(row.id, papers.iloc[0:0]), found.get(row.id), names, as_of)
        for row in inspections.itertuples(index=False)
    ]


def _case(
    row: Any, papers: pd.DataFrame, findings: pd.DataFrame | None, names: dict[str, str], as_of: date
) -> Case:
    on_date, minutes = row.on_date.date(), text_of(row.minutes_number)
    rows = [] if findings is None else list(findings.itertuples(index=False))
    listed = tuple(_case_finding(one, papers, on_date, minutes, as_of) for one in rows)
    if listed:
        state = min(
            (one.state for one in listed),
            key=lambda one: (one.closed, not one.overdue, one.due_on or date.max),
        )
    else:
        state = state_of(own_papers(papers, None), None, on_date, minutes, as_of)
    return Case(
        inspection_id=row.id,
        premises_id=row.premises_id,
        premises=names.get(row.premises_id, row.premises_id),
        on_date=on_date,
        outcome=VisitOutcome(row.outcome),
        minutes_number=minutes,
        papers=papers.reset_index(drop=True),
        findings=listed,
        state=state,
    )


def _case_finding(
    one: Any, papers: pd.DataFrame, on_date: date, minutes: str | None, as_of: date
) -> CaseFinding:
    facts = FindingFacts(bool(one.serious), day_of(one.deadline), day_of(one.closed_on))
    kind = one.kind if one.kind in set(FindingKind) else FindingKind.OTHER
    return CaseFinding(
        id=one.id,
        kind=FindingKind(kind),
        serious=facts.serious,
        text=one.text,
        deadline=facts.deadline,
        closed_on=facts.closed_on,
        document=text_of(one.document),
        sanctioned_by=sanction_law(kind, on_date),
        state=state_of(own_papers(papers, one.id), facts, on_date, minutes, as_of),
    )


def state_of(
    rows: pd.DataFrame, finding: FindingFacts | None, on_date: date, minutes: str | None, as_of: date
) -> CaseState:
    return case_state(
        _papers(rows),
        finding,
        as_of,
        inspected_on=on_date,
        deadlines=deadlines(),
        minutes=bool(minutes),
    )


def _papers(rows: pd.DataFrame) -> Iterable[Paper]:
    for row in rows.itertuples(index=False):
        yield Paper(
            kind=CasePaperKind(row.kind),
            on_date=row.on_date.date(),
            number=text_of(row.number),
            due_on=day_of(row.due_on),
            amount_vnd=None if pd.isna(row.amount_vnd) else int(row.amount_vnd),
            paid_on=day_of(row.paid_on),
        )
