"""The rows behind a figure (truy vết), each in a line with its day and the page where it can be read.

Only for ids that a service worked out for the actor: what lies outside of the scope is not among them. What
somebody typed about a signal is never repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import select

from app.access import Right, require
from app.services.cells import day_of, text_of
from app.text import label, show
from data.repositories.frames import columns, current, frame
from data.store import LOCAL_ZONE, Actor, Store, Work
from data.tables import (
    CasePaper,
    Finding,
    Hotspot,
    HotspotTransition,
    Inspection,
    Patrol,
    PoliceHandover,
    Premises,
    Signal,
    Unit,
    WardFigure,
)
from geo.review_words import Measure
from geo.targets import Rows
from geo.words import (
    CasePaperKind,
    FindingKind,
    HotspotState,
    PatrolResult,
    PremisesType,
    SignalKind,
    SignalState,
    VisitOutcome,
)

#: What a database takes in one question.
_ASKED = 500


@dataclass(frozen=True)
class Evidence:
    """One row: of which table, when, what in words. ``page``: address inside the app where it is, None where no
    page shows it."""

    table: str
    id: str
    on_date: date | None
    text: str
    page: str | None


@dataclass(frozen=True)
class _Names:
    """Names of the places that rows speak of, by id."""

    premises: dict[str, str]
    hotspots: dict[str, str]
    units: dict[str, str]


def evidence(store: Store, actor: Actor, rows: Rows, *, most: int = 300) -> list[Evidence]:
    """The rows behind a figure, by table and newest first, at most ``most`` of each table."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        found = {table: _found(work, table, ids[:most]) for table, ids in rows.items() if table in _TOLD}
        names = _names(work, found)
    told = []
    for table, some in found.items():
        lines = [_TOLD[table][1](row, names) for row in some.itertuples(index=False)]
        told += sorted(lines, key=lambda one: (one.on_date or date.min, one.id), reverse=True)
    return told


def _found(work: Work, table: str, ids: Sequence[str]) -> pd.DataFrame:
    source = _TOLD[table][0]
    parts = []
    for at in range(0, len(ids), _ASKED):
        base = select(*columns(source)) if source is Premises else current(source)
        parts.append(frame(work, base.where(source.id.in_(ids[at : at + _ASKED]))))
    return pd.concat(parts) if parts else pd.DataFrame()


def _names(work: Work, found: dict[str, pd.DataFrame]) -> _Names:
    def of(table: Any, column: str) -> dict[str, str]:
        asked = sorted(
            {one for rows in found.values() if column in rows for one in rows[column] if text_of(one)}
        )
        names: dict[str, str] = {}
        for at in range(0, len(asked), _ASKED):
            chosen = select(table.id, table.name).where(table.id.in_(asked[at : at + _ASKED]))
            names |= {row.id: row.name for row in work.session.execute(chosen)}
        return names

    return _Names(of(Premises, "premises_id"), of(Hotspot, "hotspot_id"), of(Unit, "unit_id"))


def _joined(parts: Iterable[str | None]) -> str:
    return ", ".join(part for part in parts if part)


def _word(words: Any, value: Any) -> str:
    """The label of a vocabulary's value; a file may have brought another."""
    return label(words(value)) if value in set(words) else str(text_of(value) or "")


def _inspection(row: Any, names: _Names) -> Evidence:
    text = _joined((names.premises.get(row.premises_id), _word(VisitOutcome, row.outcome)))
    return Evidence("inspections", row.id, day_of(row.on_date), text, f"/cases?id={row.id}")


def _finding(row: Any, _names: _Names) -> Evidence:
    return Evidence("findings", row.id, None, _word(FindingKind, row.kind), f"/cases?id={row.inspection_id}")


def _premises(row: Any, _names: _Names) -> Evidence:
    text = _joined((row.name, _word(PremisesType, row.type), text_of(row.address)))
    return Evidence("premises", row.id, None, text, f"/premises?id={row.id}")


def _signal(row: Any, _names: _Names) -> Evidence:
    text = _joined((_word(SignalKind, row.kind), text_of(row.number), _word(SignalState, row.state)))
    return Evidence("signals", row.id, day_of(row.on_date), text, f"/signals?signal={row.id}")


def _patrol(row: Any, names: _Names) -> Evidence:
    text = _joined((names.hotspots.get(row.hotspot_id), _word(PatrolResult, row.result)))
    return Evidence("patrols", row.id, day_of(row.on_date), text, f"/hotspots?hotspot={row.hotspot_id}")


def _transition(row: Any, names: _Names) -> Evidence:
    text = _joined((names.hotspots.get(row.hotspot_id), _word(HotspotState, row.state), text_of(row.document)))
    page = f"/hotspots?hotspot={row.hotspot_id}"
    return Evidence("hotspot_transitions", row.id, day_of(row.on_date), text, page)


def _figure(row: Any, names: _Names) -> Evidence:
    counted = f"{_word(Measure, row.measure)}: {show(int(row.value))}"
    days = f"{show(day_of(row.first_day))} - {show(day_of(row.last_day))}"
    text = _joined((names.units.get(row.unit_id), counted, days, text_of(row.document)))
    return Evidence("ward_figures", row.id, day_of(row.last_day), text, None)


def _paper(row: Any, _names: _Names) -> Evidence:
    text = _joined((_word(CasePaperKind, row.kind), text_of(row.number)))
    return Evidence("case_papers", row.id, day_of(row.on_date), text, f"/cases?id={row.inspection_id}")


def _handover(row: Any, _names: _Names) -> Evidence:
    day = row.handed_at.astimezone(LOCAL_ZONE).date()
    return Evidence("police_handovers", row.id, day, "", None)


_TOLD: dict[str, tuple[Any, Callable[[Any, _Names], Evidence]]] = {
    "inspections": (Inspection, _inspection),
    "findings": (Finding, _finding),
    "premises": (Premises, _premises),
    "signals": (Signal, _signal),
    "patrols": (Patrol, _patrol),
    "hotspot_transitions": (HotspotTransition, _transition),
    "ward_figures": (WardFigure, _figure),
    "case_papers": (CasePaper, _paper),
    "police_handovers": (PoliceHandover, _handover),
}
