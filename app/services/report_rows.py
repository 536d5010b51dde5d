"""The rows that a figure of a report came from (truy vết), in a word each; free text is never repeated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import select

from app.access import Right, require
from app.services import reports
from app.text import label, render, show
from data.repositories.frames import current, frame
from data.store import Actor, Store, Work
from data.tables import (
    CasePaper,
    Finding,
    Hotspot,
    HotspotTransition,
    Inspection,
    Patrol,
    Premises,
    Signal,
    Task,
    WardFigure,
)
from geo import review_words as r
from geo import words as w
from geo.errors import InputError
from geo.messages import Message, msg

#: What a database takes in one question.
_CHUNK = 500


@dataclass(frozen=True)
class _Kind:
    """A table that figures are counted from: its rows' word, and what is told of a row."""

    word: Message
    table: Any
    told: Callable[[Any], str]
    day: str = "on_date"


def _inspection(row: Any) -> str:
    told = [label(w.VisitKind(row.kind)), label(w.VisitOutcome(row.outcome)), _paper("BB", row.minutes_number)]
    return ", ".join(filter(None, told))


def _paper(word: str, number: Any) -> str:
    return f"{word} {number}" if isinstance(number, str) and number else ""


def _entry(row: Any) -> str:
    return f"{label(r.Measure(row.measure))}: {show(int(row.value))}"


def _signal(row: Any) -> str:
    return ", ".join(filter(None, (_paper("số", row.number), label(w.SignalState(row.state)))))


_KINDS: dict[str, _Kind] = {
    "inspections": _Kind(msg("lượt kiểm tra"), Inspection, _inspection),
    "findings": _Kind(msg("vi phạm"), Finding, lambda row: label(w.FindingKind(row.kind)), ""),
    "signals": _Kind(msg("nguồn tin"), Signal, _signal),
    "patrols": _Kind(msg("lượt tuần tra"), Patrol, lambda row: label(w.PatrolResult(row.result))),
    "hotspot_transitions": _Kind(
        msg("lần đổi trạng thái điểm phức tạp"),
        HotspotTransition,
        lambda row: label(w.HotspotState(row.state)),
    ),
    "hotspots": _Kind(msg("điểm phức tạp"), Hotspot, lambda row: str(row.name), "found_on"),
    "premises": _Kind(
        msg("cơ sở"), Premises, lambda row: f"{row.name} ({label(w.PremisesType(row.type))})", "opened_on"
    ),
    "ward_figures": _Kind(msg("số liệu phường nhập"), WardFigure, _entry, "last_day"),
    "case_papers": _Kind(msg("văn bản của hồ sơ"), CasePaper, lambda row: label(w.CasePaperKind(row.kind))),
    "tasks": _Kind(msg("nhiệm vụ"), Task, lambda row: label(r.TaskKind(row.kind)), "given_on"),
}


def table_word(table: str) -> str:
    """What officers call the rows of a table; its own name for one that is not known."""
    return render(_KINDS[table].word) if table in _KINDS else table


def rows_behind(store: Store, actor: Actor, report_id: str, figure_id: str, *, most: int = 500) -> pd.DataFrame:
    """The rows behind one figure of a report: ``table, id, on_date, text``, ``most`` of them.

    They are told as they stand today; the report keeps their ids. Raises InputError ``unknown_report`` or
    ``unknown_figure``.
    """
    require(actor, Right.SEE_TIPS)
    figures = {one.id: one for one in reports.report(store, actor, report_id).contents.figures}
    if figure_id not in figures:
        raise InputError("unknown_figure", msg("Báo cáo không có số liệu {id}.", id=figure_id))
    left, told = most, []
    with store.read(actor) as work:
        for table, ids in figures[figure_id].rows.items():
            told += [(table, *one) for one in _told(work, table, ids[: max(left, 0)])]
            left -= len(ids)
    found = pd.DataFrame(told, columns=["table", "id", "on_date", "text"], dtype=object)
    found["on_date"] = pd.to_datetime(found["on_date"])
    return found


def _told(work: Work, table: str, ids: Sequence[str]) -> list[tuple[str, Any, str]]:
    """Id, day and words of each row, in the order of the ids; of a row that is gone the id alone."""
    known: dict[str, tuple[Any, str]] = {}
    if (kind := _KINDS.get(table)) is not None:
        for at in range(0, len(ids), _CHUNK):
            for row in _rows(work, kind.table, ids[at : at + _CHUNK]).itertuples(index=False):
                known[row.id] = (getattr(row, kind.day) if kind.day else None, kind.told(row))
    return [(one, *known.get(one, (None, ""))) for one in ids]


def _rows(work: Work, table: Any, ids: Sequence[str]) -> pd.DataFrame:
    if hasattr(table, "revision"):
        return frame(work, current(table).where(table.id.in_(ids)))
    shown = [column for column in table.__table__.columns if column.name != "geom"]
    return frame(work, select(*shown).where(table.id.in_(ids)))
