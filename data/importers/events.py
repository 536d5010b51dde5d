"""Reading what happened from table files: signals, inspections with findings, patrols.

A row is read as a whole or not at all: what is wrong with it is named cell by cell, personal data masked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import shapely

from data.importers.event_fields import INSPECTIONS, PATROLS, SIGNALS
from data.importers.event_rows import Cells, W, find_rows
from data.importers.tables import Cell
from geo.messages import msg
from geo.words import (
    FindingKind,
    PatrolResult,
    SignalKind,
    SignalSource,
    SignalState,
    SignalTopic,
    VisitKind,
    VisitOutcome,
)

#: Kinds that are handed over and never handled here.
_OF_THE_POLICE = frozenset({SignalKind.DENUNCIATION, SignalKind.CRIME_REPORT})
#: NATO's rating of a source (A-F) and of what it says (1-6); F6 cannot be judged.
_RATING = re.compile(r"([A-F])\W?([1-6])")


@dataclass(frozen=True)
class EventRow:
    """A row that can be taken.

    ``values``: by column of the table. ``refers``: what it names elsewhere. ``content``: what it says, in plain
    form, by which the same row is known again. ``finding``: what an inspection found, if it did.
    """

    cells: Cells
    event_id: str | None
    values: dict[str, Any]
    refers: dict[str, Cell]
    point: shapely.Point | None
    content: dict[str, Any]
    finding: dict[str, Any] | None = None


@dataclass(frozen=True)
class EventsRead:
    """The rows of a file: how many, those that can be taken, and the problems of the others."""

    read: int
    rows: list[EventRow]
    rejected: list[dict[str, Any]]


def read_signals(file: Path, latest: date) -> EventsRead:
    """Signals: date, source, kind, place, rating (such as C2), state, text. ``latest``: no later dates."""
    return _read(find_rows(file, SIGNALS, latest), _signal)


def read_inspections(file: Path, latest: date) -> EventsRead:
    """Inspections, one row each, or one row a finding where there are several."""
    return _read(find_rows(file, INSPECTIONS, latest), _inspection)


def read_patrols(file: Path, latest: date) -> EventsRead:
    """Patrols of hotspots and what they saw."""
    return _read(find_rows(file, PATROLS, latest), _patrol)


def _read(rows: list[Cells], parse: Callable[[Cells], EventRow]) -> EventsRead:
    parsed = [parse(cells) for cells in rows]
    problems = [problem for cells in rows for problem in cells.problems]
    return EventsRead(len(rows), [row for row in parsed if not row.cells.problems], problems)


def _signal(cells: Cells) -> EventRow:
    reliability, credibility = _rating(cells)
    kind, topic = _said(cells, "kind", SignalKind), _said(cells, "topic", SignalTopic)
    values = {
        "on_date": cells.day("date", needed=True),
        "source": cells.word("source", SignalSource),
        "reliability": reliability,
        "credibility": credibility,
        "state": cells.word("state", SignalState, default=SignalState.RECEIVED),
        "text": cells.text("text", 2000) or "",
        "due_on": cells.day("due", future=True),
        "handled_on": cells.day("handled"),
        "number": cells.text("number", 80),
        "kind": kind,
        "topic": topic,
        "result": cells.text("result", 1000),
        "receipt_number": cells.text("receipt_number", 80),
    }
    if kind in _OF_THE_POLICE and not (values["state"] is SignalState.HANDED_OVER and values["receipt_number"]):
        problem = msg(
            "tố giác, tin báo về tội phạm phải chuyển công an: ghi trạng thái đã chuyển và số biên nhận"
        )
        cells.reject("kind", problem)
    refers = _refers(cells, "premises", "registration_number")
    point = cells.point()
    if point is None and not any(refers.values()) and not cells.problems:
        cells.reject("lat", msg("cần tọa độ hoặc mã cơ sở"))
    return _row(cells, values, refers, point)


def _said(cells: Cells, key: str, words: type[W]) -> W | None:
    """A word where the row has one. Without it the row's content is what it was before there was the column."""
    return cells.word(key, words) if cells.raw.get(key) is not None else None


def _rating(cells: Cells) -> tuple[str, int]:
    found = _RATING.fullmatch(str(cells.raw.get("rating") or "F6").strip().upper())
    if found is None:
        cells.reject("rating", msg("ghi chữ A-F cho nguồn và số 1-6 cho nội dung, ví dụ C2"))
        return "F", 6
    cells.values["rating"] = found[1] + found[2]
    return found[1], int(found[2])


def _inspection(cells: Cells) -> EventRow:
    values = {
        "on_date": cells.day("date", needed=True),
        "outcome": cells.word("outcome", VisitOutcome),
        "kind": cells.word("kind", VisitKind, default=VisitKind.PLANNED),
        "body": cells.text("body", 40) or "team178",
        "decision_number": cells.text("decision_number", 80),
        "minutes_number": cells.text("minutes_number", 80),
        "grounds": cells.text("grounds", 400),
    }
    refers = _refers(cells, "premises", "registration_number", "name", "address", "team")
    if not any(refers[key] for key in ("premises", "registration_number", "name")):
        cells.reject("premises", msg("cần mã cơ sở, số ĐKKD, hoặc tên và địa chỉ"))
    # The content is that of the visit, without its findings: several rows may tell of one visit.
    row = _row(cells, values, refers, None)
    return replace(row, finding=_finding(cells))


def _finding(cells: Cells) -> dict[str, Any] | None:
    details = {
        "serious": cells.yes("serious"),
        "text": cells.text("finding_text", 1000) or "",
        "deadline": cells.day("deadline", future=True),
        "closed_on": cells.day("closed_on"),
        "document": cells.text("document", 200),
    }
    if cells.raw.get("finding") is None:
        if any(details.values()):
            cells.reject("finding", msg("có chi tiết vi phạm nhưng thiếu loại vi phạm"))
        return None
    return {"kind": cells.word("finding", FindingKind), **details}


def _patrol(cells: Cells) -> EventRow:
    values = {
        "on_date": cells.day("date", needed=True),
        "result": cells.word("result", PatrolResult),
        "sign": cells.text("sign", 600),
    }
    refers = _refers(cells, "hotspot")
    if refers["hotspot"] is None:
        cells.reject("hotspot", msg("thiếu"))
    return _row(cells, values, refers, cells.point())


def _refers(cells: Cells, *keys: str) -> dict[str, Cell]:
    """What the row names elsewhere. It is compared, never kept: a registration number can be a person's."""
    return {key: cells.raw.get(key) for key in keys}


def _row(
    cells: Cells, values: dict[str, Any], refers: dict[str, Cell], point: shapely.Point | None
) -> EventRow:
    content = dict(cells.values)
    return EventRow(cells, cells.identity(), values, refers, point, content)
