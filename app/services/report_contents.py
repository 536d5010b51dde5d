"""What a periodic report holds on the day it is made: figures with their rows, sections, notes, its first line.

It is stored in plain form (``Contents.to_json``), so that a later print is the same whatever was corrected.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from app.access import Right, require
from app.services.indicators import indicators
from app.services.report_figures import Change, Figure, figure_id, figures_of
from app.services.report_groups import TASKS
from app.services.report_request import Asked, rules
from app.services.report_text import About, OpenTask, Section, sections
from app.services.task_counts import TaskCount, missing_explanations, task_counts
from app.services.task_reading import OPEN, tasks_of
from app.text import label, render, speaking
from data.store import Actor, Store
from geo.periods import Period
from geo.report_calendar import MONTHS, ReportingPeriod, reporting_period
from geo.review_words import ReportKind, TaskKind

#: Heads that concern health or victims are not told below so many (domain rule 5).
_PRIVATE = frozenset({TaskKind.HEALTH, TaskKind.METHADONE, TaskKind.VICTIMS})
_FEW = 5
#: The note that a sum is of the account's own ground; a ward's report gives no other.
_OF_ACCOUNT = "Tổng chỉ gồm địa bàn của tài khoản"


@dataclass(frozen=True)
class Contents:
    """A report in plain form, all texts in Vietnamese.

    ``about``: what it reports on; ``period_line``: its first line; ``facts``: names and values of a quick
    report; ``notes``: footnotes; ``changes``: against the report that this one replaces.
    """

    about: str
    period_line: str
    figures: Sequence[Figure]
    sections: Sequence[Section]
    units_as_of: date
    facts: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    changes: Sequence[Change] = ()

    def to_json(self) -> dict[str, Any]:
        """A plain form, just as the database gives it back."""
        document = {**asdict(self), "units_as_of": self.units_as_of.isoformat()}
        plain: dict[str, Any] = json.loads(json.dumps(document, ensure_ascii=False))
        return plain

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Contents:
        """What ``to_json`` wrote."""
        return cls(
            about=document["about"],
            period_line=document["period_line"],
            figures=tuple(Figure(**one) for one in document["figures"]),
            sections=tuple(Section(**one) for one in document["sections"]),
            units_as_of=date.fromisoformat(document["units_as_of"]),
            facts=tuple((name, value) for name, value in document["facts"]),
            notes=tuple(document["notes"]),
            changes=tuple(Change(**one) for one in document["changes"]),
        )


def contents(store: Store, actor: Actor, asked: Asked, *, as_of: date, known_by: datetime) -> Contents:
    """A periodic or ad hoc report as known on a day, of what was on record at ``known_by``."""
    require(actor, Right.SEE_TIPS)
    looking = _looking(actor, asked.unit_id)
    with speaking("vi"):
        found = indicators(
            store,
            looking,
            asked.period.first,
            asked.period.last,
            as_of=as_of,
            units_as_of=asked.units_as_of,
            known_by=known_by,
        )
        figures = [
            one
            for one in figures_of(found, asked.period.last, as_of)
            if asked.unit_id is None or one.unit_id == asked.unit_id
        ]
        figures += _task_figures(store, looking, asked, as_of, known_by)
        place = f" {asked.place}" if asked.ward else ""
        about = About(
            ward=asked.ward,
            period=render(asked.period.words),
            tasks=_open_tasks(store, looking, asked, as_of, known_by),
            next_report=_next_report(asked.period),
        )
        return Contents(
            about=f"công tác phòng, chống mại dâm {about.period}{place}",
            period_line=period_line(asked.period, as_of),
            figures=tuple(figures),
            sections=tuple(sections(figures, about, asked.unit_id)),
            units_as_of=asked.units_as_of,
            notes=tuple(render(note) for note in found.footnotes if not note.text.startswith(_OF_ACCOUNT)),
        )


def _looking(actor: Actor, unit_id: str | None) -> Actor:
    """A ward's report is the same whoever makes it: it is made of what its own ground shows."""
    return actor if unit_id is None else replace(actor, scope=frozenset({unit_id}))


def period_line(period: ReportingPeriod, as_of: date) -> str:
    """The first line of a report: the days it counts, by whose rule, and whether they are over."""
    days = f"Kỳ báo cáo: từ ngày {period.first:%d/%m/%Y} đến ngày {period.last:%d/%m/%Y}"
    law = rules().cutoff_law
    if period.kind in MONTHS:
        days += f" (số liệu chốt theo {law})" if law else " (số liệu chốt theo quy định của cơ quan)"
    told = [days, f"tổng hợp ngày {as_of:%d/%m/%Y}"]
    if as_of < period.last:
        told.append("chưa hết kỳ")
    if period.kind is ReportKind.QUICK:
        return f"{'; '.join(told)}."
    return f"{'; '.join(told)}. Riêng chỉ tiêu T09 tính theo năm dương lịch {period.last.year}."


def _next_report(period: ReportingPeriod) -> tuple[str, date] | None:
    """The next report of the same kind that is owed: what it is of, and its day."""
    if period.calendar is None or period.kind not in MONTHS:
        return None
    owed, following = rules().kinds[period.kind].owed, period.calendar
    for _ in range(12):
        following = Period(following.last + timedelta(days=1), following.months)
        if (following.first.month - 1) // following.months + 1 in owed:
            due = reporting_period(period.kind, following, rules())
            return (render(following.words), due.due_on) if due.due_on else None
    return None


def _task_figures(store: Store, actor: Actor, asked: Asked, as_of: date, known_by: datetime) -> list[Figure]:
    """What the bodies did of what the plan gives them, as counts."""
    counted = task_counts(
        store,
        actor,
        asked.period.first,
        asked.period.last,
        as_of,
        unit_id=asked.unit_id,
        known_by=known_by,
    )
    figures = [one for count in counted if count.rows for one in _of_kind(count, asked)]
    missing = missing_explanations(store, actor, min(as_of, asked.period.last))
    figures.append(
        _count(
            "hotspots_unexplained",
            "Điểm phức tạp phát sinh chưa có báo cáo giải trình",
            len(missing),
            asked,
            {"hotspots": [one.hotspot_id for one in missing]},
        )
    )
    return figures


def _of_kind(count: TaskCount, asked: Asked) -> list[Figure]:
    name, rows = _sentence(label(count.kind)), {"tasks": list(count.rows)}
    few = count.kind in _PRIVATE and count.value is not None and 0 < count.value < _FEW
    told = (
        ("", f"{name}: nhiệm vụ đã xong trong kỳ", count.done, False),
        (":open", f"{name}: đang thực hiện", count.open, False),
        (":late", f"{name}: quá hạn", count.late, False),
        (":value", f"{name}: số lượng đạt được", None if few else count.value, few),
    )
    return [
        _count(f"{TASKS}_{count.kind.value}{part}", text, value, asked, rows, hidden=hidden)
        for part, text, value, hidden in told
        if value or hidden or not part
    ]


def _count(
    code: str,
    name: str,
    value: int | None,
    asked: Asked,
    rows: Mapping[str, Sequence[str]],
    *,
    hidden: bool = False,
) -> Figure:
    return Figure(
        id=figure_id(code, asked.unit_id),
        code=code,
        name=name,
        unit_id=asked.unit_id,
        ward=asked.ward,
        in_plan=False,
        value=value,
        hidden=hidden,
        rows={table: list(ids) for table, ids in rows.items() if ids},
    )


def _open_tasks(store: Store, actor: Actor, asked: Asked, as_of: date, known_by: datetime) -> list[OpenTask]:
    """What is still to do. By its kind, never by its title: that may name a premises."""
    tasks = tasks_of(store, actor, unit_id=asked.unit_id, as_of=as_of, known_by=known_by)
    return [
        OpenTask(_sentence(label(one.kind)), one.owner, one.due_on, one.late)
        for one in tasks
        if one.state in OPEN
    ]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
