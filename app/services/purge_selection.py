"""What each rule of the retention table lets go on a day: which rows, and what may be kept of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import select

from data.repositories import places
from data.repositories.frames import columns, frame
from data.repositories.purge import last_revisions, with_words
from data.store import LOCAL_ZONE, Work
from data.tables import (
    AddressLock,
    AlertEvent,
    CasePaper,
    Complaint,
    CoordinationLetter,
    Finding,
    ImportBatch,
    Inspection,
    InspectionDecision,
    LoginSession,
    Notice,
    Patrol,
    Plan,
    PlanEvent,
    PlanSweep,
    PlanVersion,
    PoliceHandover,
    Route,
    ScoreObjection,
    Signal,
    SignalHandover,
    Visit,
)
from geo.retention import (
    Keeping,
    KeepingRule,
    held_inspections,
    held_signals,
    signal_rule,
)
from geo.ward_systems import units_of
from geo.words import AlertState, PlanState

Counts = dict[str, dict[str, Any]]
_ENDED_ALERTS = (AlertState.DISMISSED, AlertState.CLOSED)


@dataclass
class Going:
    """What goes: ``buried`` events of each table, ``blanked`` ones that lose their words, plain ``rows``, and
    ``emptied`` columns of edited rows; ``held``: how many are due and must stay. Tables in an order in which
    they can be deleted."""

    buried: dict[Any, Counts] = field(default_factory=dict)
    blanked: dict[Any, tuple[Counts, dict[str, Any]]] = field(default_factory=dict)
    rows: dict[Any, tuple[str, list[str]]] = field(default_factory=dict)
    emptied: dict[Any, tuple[list[str], dict[str, Any]]] = field(default_factory=dict)
    held: int = 0

    @property
    def by_table(self) -> dict[str, int]:
        """How many rows or events of each table."""
        every: dict[Any, int] = {table: len(ids) for table, ids in self.buried.items()}
        every |= {table: len(ids) for table, (ids, _) in self.blanked.items()}
        every |= {table: len(ids) for table, (_, ids) in self.rows.items()}
        every |= {table: len(ids) for table, (ids, _) in self.emptied.items()}
        return {table.__tablename__: n for table, n in every.items() if n}


def going(work: Work, rule: KeepingRule, day: date) -> Going:
    """What the rule lets go on ``day``."""
    return _SELECTIONS[rule.key](work, rule, rule.cutoff(day))


def counts_of(work: Work, events: pd.DataFrame, kind: str, state: str | None = None) -> Counts:
    """Of each event its month, unit (by place and day), kind and state: no point, no text, no premises."""
    units = _units(work, events)
    days = pd.to_datetime(events["on_date"])
    late = events["handled_on"] > events["due_on"] if {"handled_on", "due_on"} <= set(events) else None
    return {
        one: {
            "month": f"{days.loc[row]:%Y-%m}",
            "unit": units.loc[row],
            "kind": _or_none(events.loc[row, kind]),
            "state": None if state is None else _or_none(events.loc[row, state]),
            "in_time": None if late is None or pd.isna(events.loc[row, "handled_on"]) else not late.loc[row],
        }
        for row, one in events["id"].items()
    }


def _units(work: Work, events: pd.DataFrame) -> pd.Series:
    if not isinstance(events, gpd.GeoDataFrame) or events.empty:
        return pd.Series(None, index=events.index, dtype=object)
    found = units_of(events, places.all_units(work))
    return found.where(found.notna(), None)


def _or_none(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def _before(days: pd.Series, cutoff: date) -> pd.Series:
    return pd.to_datetime(days) < pd.Timestamp(cutoff)


def _instant(cutoff: date) -> datetime:
    return datetime.combine(cutoff, time(), LOCAL_ZONE)


def _ended(events: pd.DataFrame) -> pd.Series:
    """The day a signal was brought to an end: handled, else last written."""
    written = pd.to_datetime(events["recorded_at"], utc=True).dt.tz_convert(LOCAL_ZONE).dt.tz_localize(None)
    return events["handled_on"].where(events["handled_on"].notna(), written.dt.normalize())


def _signals(work: Work, rule: KeepingRule, cutoff: date) -> Going:
    """Signals of the rule with the duplicates that were handled at them, and what was sent of them."""
    told = last_revisions(work, Signal)
    if told.empty:
        return Going()
    falls = [signal_rule(state, void) for state, void in zip(told["state"], told["void"], strict=True)]
    # What the program made of the office's own records holds nobody's words, and must not be made again.
    due = told[
        (pd.Series(falls, index=told.index) == rule.key) & told["grew_from"].isna() & told["same_as"].isna()
    ]
    due = due[_before(_ended(due), cutoff)]
    twins = told[told["same_as"].isin(due["id"])]
    every = told[told["id"].isin({*due["id"], *twins["id"]})]
    checks, held = _held(work)
    stay = held_signals(every, held, checks, _disputes(work))
    # A root stays with its duplicates, and they with it.
    stay |= set(twins.loc[twins["id"].isin(stay), "same_as"])
    stay |= set(twins.loc[twins["same_as"].isin(stay), "id"])
    gone = every[~every["id"].isin(stay)]
    sent = last_revisions(work, SignalHandover)
    sent = sent[sent["signal_id"].isin(gone["id"])]
    return Going(
        buried={
            SignalHandover: {one: {} for one in sent["id"]},
            Signal: counts_of(work, gone.assign(kind=gone["kind"].fillna(gone["source"])), "kind", "state"),
        },
        held=len(every) - len(gone),
    )


def _police_handovers(work: Work, rule: KeepingRule, cutoff: date) -> Going:
    rows = last_revisions(work, PoliceHandover)
    gone = rows[pd.to_datetime(rows["handed_at"], utc=True) < pd.Timestamp(_instant(cutoff))]
    months = {row.id: {"month": f"{row.handed_at.astimezone(LOCAL_ZONE):%Y-%m}"} for row in gone.itertuples()}
    return Going(buried={PoliceHandover: months})


def _patrol_texts(work: Work, rule: KeepingRule, cutoff: date) -> Going:
    rows = last_revisions(work, Patrol)
    wordy = with_words(work, Patrol, ("sign", "why"))
    gone = rows[_before(rows["on_date"], cutoff) & rows["id"].isin(wordy)]
    return Going(blanked={Patrol: (counts_of(work, gone, "result"), {"sign": None, "why": None})})


def _alert_reasons(work: Work, rule: KeepingRule, cutoff: date) -> Going:
    steps = last_revisions(work, AlertEvent)
    last = steps.drop_duplicates("alert_id", keep="last")
    over = last["state"].isin(_ENDED_ALERTS) & (
        pd.to_datetime(last["recorded_at"], utc=True) < pd.Timestamp(_instant(cutoff))
    )
    wordy = with_words(work, AlertEvent, ("reason", "why"))
    gone = steps[steps["alert_id"].isin(last.loc[over, "alert_id"]) & steps["id"].isin(wordy)]
    counts = {row.id: {"kind": row.state} for row in gone.itertuples()}
    return Going(blanked={AlertEvent: (counts, {"reason": None, "why": None})})


def _cases(work: Work, rule: KeepingRule, cutoff: date) -> Going:
    checks, held = _held(work)
    due = checks[_before(checks["on_date"], cutoff)]
    gone = due[~due["id"].isin(held)]
    findings, papers = (
        rows[rows["inspection_id"].isin(gone["id"])]
        for rows in (last_revisions(work, Finding), last_revisions(work, CasePaper))
    )
    found_on = findings.assign(on_date=list(gone.set_index("id")["on_date"].reindex(findings["inspection_id"])))
    return Going(
        buried={
            CasePaper: {
                row.id: {"month": f"{row.on_date:%Y-%m}", "kind": row.kind} for row in papers.itertuples()
            },
            Finding: {
                row.id: {"month": f"{row.on_date:%Y-%m}", "kind": row.kind} for row in found_on.itertuples()
            },
            Inspection: counts_of(work, gone, "body", "outcome"),
        },
        held=len(due) - len(gone),
    )


def _complaints(work: Work, rule: KeepingRule, cutoff: date) -> Going:
    """Complaints about teams, and objections to scores."""
    found = Going()
    for table in (Complaint, ScoreObjection):
        rows = last_revisions(work, table)
        gone = rows[rows["answered_on"].notna() & _before(rows["answered_on"], cutoff)]
        found.buried[table] = {row.id: {"month": f"{row.on_date:%Y-%m}"} for row in gone.itertuples()}
        found.held += int(_before(rows["on_date"], cutoff).sum()) - len(gone)
    return found


def _plan_drafts(work: Work, rule: KeepingRule, cutoff: date) -> Going:
    """Drafts with all that hangs on them. One with a numbered decision or a letter was more than a draft."""
    plans = frame(work, select(*columns(Plan)))
    drafts = plans[plans["state"].isin([PlanState.DRAFT, PlanState.DISCARDED])]
    due = drafts[_before(drafts["last_day"], cutoff)]
    numbered = select(InspectionDecision.plan_id).where(InspectionDecision.number.is_not(None))
    letters = select(PlanSweep.plan_id).join(CoordinationLetter, CoordinationLetter.sweep_id == PlanSweep.id)
    kept = {*work.session.scalars(numbered), *work.session.scalars(letters)}
    gone = list(due.loc[~due["id"].isin(kept), "id"])
    steps = last_revisions(work, PlanEvent)
    hanging = (Visit, Route, PlanSweep, PlanVersion, InspectionDecision)
    return Going(
        buried={
            PlanEvent: {row.id: {"kind": row.step} for row in steps[steps["plan_id"].isin(gone)].itertuples()}
        },
        rows={**{table: ("id", _of_plans(work, table, gone)) for table in hanging}, Plan: ("id", gone)},
        held=len(due) - len(gone),
    )


def _of_plans(work: Work, table: Any, plan_ids: list[str]) -> list[str]:
    rows = frame(work, select(table.id, table.plan_id))
    return list(rows.loc[rows["plan_id"].isin(plan_ids), "id"])


def _plan_versions(work: Work, rule: KeepingRule, cutoff: date) -> Going:
    plans = frame(work, select(*columns(Plan)))
    over = plans[(plans["state"] == PlanState.CLOSED) & _before(plans["last_day"], cutoff)]
    return Going(rows={PlanVersion: ("id", _of_plans(work, PlanVersion, list(over["id"])))})


def _sign_ins(work: Work, rule: KeepingRule, cutoff: date) -> Going:
    ended = _instant(cutoff)
    sessions = work.session.scalars(select(LoginSession.id).where(LoginSession.expires_at < ended))
    locks = work.session.scalars(select(AddressLock.key).where(AddressLock.last_at < ended))
    return Going(rows={LoginSession: ("id", list(sessions)), AddressLock: ("key", list(locks))})


def _notices(work: Work, rule: KeepingRule, cutoff: date) -> Going:
    old = select(Notice.id).where(Notice.made_at < _instant(cutoff))
    return Going(rows={Notice: ("id", list(work.session.scalars(old)))})


def _import_files(work: Work, rule: KeepingRule, cutoff: date) -> Going:
    old = select(ImportBatch.id).where(ImportBatch.at < _instant(cutoff))
    written = old.where((ImportBatch.file != "") | ImportBatch.undone_why.is_not(None))
    return Going(emptied={ImportBatch: (list(work.session.scalars(written)), {"file": "", "undone_why": None})})


def _in_force(work: Work, table: Any) -> pd.DataFrame:
    rows = last_revisions(work, table)
    return rows[~rows["void"].astype(bool)]


def _held(work: Work) -> tuple[pd.DataFrame, frozenset[str]]:
    """All checks, and the ids of those that must stay."""
    checks = last_revisions(work, Inspection)
    found, papers = (_in_force(work, table) for table in (Finding, CasePaper))
    return checks, held_inspections(checks, found, papers, _disputes(work))


def _disputes(work: Work) -> pd.DataFrame:
    """Complaints about teams and objections to scores: while one is open, what it is about must stay."""
    rows = [_in_force(work, table)[["premises_id", "answered_on"]] for table in (Complaint, ScoreObjection)]
    return pd.concat(rows, ignore_index=True)


_SELECTIONS: Mapping[Keeping, Callable[[Work, KeepingRule, date], Going]] = {
    Keeping.DISMISSED_SIGNALS: _signals,
    Keeping.CLOSED_SIGNALS: _signals,
    Keeping.POLICE_HANDOVERS: _police_handovers,
    Keeping.PATROL_TEXTS: _patrol_texts,
    Keeping.ALERT_REASONS: _alert_reasons,
    Keeping.CASES: _cases,
    Keeping.COMPLAINTS: _complaints,
    Keeping.PLAN_DRAFTS: _plan_drafts,
    Keeping.PLAN_VERSIONS: _plan_versions,
    Keeping.SIGN_INS: _sign_ins,
    Keeping.NOTICES: _notices,
    Keeping.IMPORT_FILES: _import_files,
}
