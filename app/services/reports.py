"""The life of a report: made once for its period, edited, issued by the clerk, replaced by a corrected one.

A report keeps its figures, the rows behind them and its text. Whoever asks for the same report again gets that
one, whatever was corrected since; ``reissue`` makes a corrected one that says what changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from app.access import Right, require
from app.services import report_contents, report_quick
from app.services.free_text import about_places
from app.services.report_contents import Contents
from app.services.report_figures import changes
from app.services.report_request import Asked, rules
from app.services.report_text import Section, paragraphs_of
from data.repositories import places
from data.repositories import reports as repository
from data.store import Actor, Store, Work
from data.tables import Report
from geo.errors import ConflictError, InputError, RuleError
from geo.messages import Message, msg
from geo.periods import parse_period
from geo.report_calendar import Deadline, chosen_days, deadlines, reporting_period
from geo.review_words import ReportKind, ReportState

#: What a section may hold.
_LONGEST = 20_000


@dataclass(frozen=True)
class KeptReport:
    """A report as it stands. ``period``: as it is stored; ``days``: what it counts, first and last day.

    ``as_of``: the day it speaks of; ``known_by``: what was on record then is what it counts. ``number`` and
    ``on_date``: of the clerk, None until it is issued. ``replaces``: id of the report that it corrects.
    """

    id: str
    revision: int
    kind: ReportKind
    period: str
    unit_id: str | None
    ward: str | None
    hotspot_id: str | None
    days: tuple[date, date]
    as_of: date
    known_by: datetime
    state: ReportState
    number: str | None
    on_date: date | None
    replaces: str | None
    made_by: str
    contents: Contents

    @property
    def closed(self) -> bool:
        """Whether the period was over when it was made."""
        return self.as_of >= self.days[1]


def make(store: Store, actor: Actor, asked: Asked, *, as_of: date) -> KeptReport:
    """The report that is asked for: the one that was made before, or a new draft.

    A draft made before its period was over is made anew on a later day, and says what changed.
    """
    require(actor, Right.REPORT)
    kept = standing(store, actor, asked)
    if kept is not None and (kept.closed or kept.state is ReportState.ISSUED or as_of <= kept.as_of):
        return kept
    return _made(store, actor, asked, as_of, kept)


def reissue(store: Store, actor: Actor, asked: Asked, *, as_of: date) -> KeptReport:
    """A corrected report that replaces the one made before, of what is on record now, and says what changed.

    Where none was made before it is simply made.
    """
    require(actor, Right.REPORT)
    return _made(store, actor, asked, as_of, standing(store, actor, asked))


def _made(store: Store, actor: Actor, asked: Asked, as_of: date, old: KeptReport | None) -> KeptReport:
    known_by = datetime.now(UTC)
    build = report_quick.contents if asked.kind is ReportKind.QUICK else report_contents.contents
    made = build(store, actor, asked, as_of=as_of, known_by=known_by)
    if old is not None:
        made = replace(made, changes=tuple(changes(old.contents.figures, made.figures)))
    with store.write(actor) as work:
        row = _same(work, asked)
        if row is not None and (old is None or (row.id, row.revision) != (old.id, old.revision)):
            raise _meanwhile()
        if row is not None:
            repository.revise(work, row, state=ReportState.REPLACED.value)
        report = repository.add_report(
            work,
            kind=asked.kind.value,
            period=asked.period.text,
            unit_id=asked.unit_id,
            hotspot_id=asked.hotspot_id,
            first_day=asked.period.first,
            last_day=asked.period.last,
            as_of=as_of,
            known_by=known_by,
            state=ReportState.DRAFT.value,
            replaces=None if row is None else row.id,
            contents=made.to_json(),
        )
        work.note("report.make", report.id, kind=report.kind, period=report.period, replaces=report.replaces)
        return _kept(work, report)


def standing(store: Store, actor: Actor, asked: Asked) -> KeptReport | None:
    """The report of what is asked for that nothing has replaced; None where none was made."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        row = _same(work, asked)
        return None if row is None else _kept(work, row)


def _same(work: Work, asked: Asked) -> Report | None:
    found = repository.same_reports(
        work,
        kind=asked.kind.value,
        period=asked.period.text,
        unit_id=asked.unit_id,
        hotspot_id=asked.hotspot_id,
    )
    found = [one for one in found if one.state != ReportState.REPLACED.value]
    if asked.unit_id is None and found:
        # A ward is a unit of one set; of the whole there is a report for each set of wards.
        wards = _wards(work, asked.units_as_of)
        found = [one for one in found if _wards(work, date.fromisoformat(one.contents["units_as_of"])) == wards]
    return found[0] if found else None


def _wards(work: Work, day: date) -> frozenset[str]:
    return frozenset(places.units_on(work, day)["id"])


def report(store: Store, actor: Actor, report_id: str) -> KeptReport:
    """One report. Raises InputError ``unknown_report``, outside the actor's scope too."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        return _kept(work, _row(work, report_id))


def asked_of(kept: KeptReport) -> Asked:
    """What was asked for when a report was made."""
    first, last = kept.days
    period = chosen_days(kept.kind, first, last)
    if period.text != kept.period:
        period = reporting_period(kept.kind, parse_period(kept.period), rules())
    # The days are those of the day it was made, whatever the rules say now.
    period = replace(period, first=first, last=last)
    return Asked(kept.kind, period, kept.contents.units_as_of, kept.unit_id, kept.ward, kept.hotspot_id)


def reports(store: Store, actor: Actor) -> pd.DataFrame:
    """Reports inside the actor's scope without their contents, the newest period first; ``ward``: its name."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        found = repository.reports(work)
        names = dict(places.all_units(work)[["id", "name"]].itertuples(index=False))
    found["ward"] = [names.get(unit) for unit in found["unit_id"]]
    return found


def edit_section(
    store: Store, actor: Actor, report_id: str, key: str, text: str, *, seen_revision: int
) -> KeptReport:
    """Replace the text of a section of a draft, one paragraph a line; its figures stay tied to their rows.

    Raises RuleError ``report_closed`` for a report that went out, ``personal_data``; InputError
    ``unknown_section`` or ``section_empty``; ConflictError where somebody was faster.
    """
    require(actor, Right.REPORT)
    paragraphs = paragraphs_of(about_places(text)[:_LONGEST])
    if not paragraphs:
        raise InputError("section_empty", msg("Phần này không được để trống."))

    def changed(kept: Contents) -> Contents:
        if not any(one.key == key and not one.head for one in kept.sections):
            raise InputError("unknown_section", msg("Không có phần {key}.", key=key))
        return replace(kept, sections=tuple(_edited(one, key, paragraphs, actor.name) for one in kept.sections))

    return _revised(store, actor, report_id, seen_revision, "report.edit", changed, section=key)


def _edited(section: Section, key: str, paragraphs: tuple[str, ...], who: str) -> Section:
    return replace(section, paragraphs=paragraphs, edited_by=who) if section.key == key else section


def _revised(
    store: Store,
    actor: Actor,
    report_id: str,
    seen_revision: int,
    action: str,
    change: Callable[[Contents], Contents],
    **detail: Any,
) -> KeptReport:
    with store.write(actor) as work:
        row = _draft(work, report_id, seen_revision)
        made = change(Contents.from_json(row.contents))
        kept = repository.revise(work, row, contents=made.to_json())
        work.note(action, report_id, **detail)
        return _kept(work, kept)


def issue(
    store: Store, actor: Actor, report_id: str, number: str, on_date: date, *, as_of: date, seen_revision: int
) -> KeptReport:
    """Enter number and date that the clerk gave a report; from then on its text stands.

    Raises RuleError ``number_missing`` or ``report_closed``, InputError ``bad_day``, ConflictError.
    """
    require(actor, Right.ISSUE)
    clean = about_places(number)[:80]
    if not any(character.isdigit() for character in clean):
        raise RuleError("number_missing", msg("Cần số văn bản; chỉ nhập khi văn thư đã cấp số."))
    with store.write(actor) as work:
        row = _draft(work, report_id, seen_revision)
        if not row.as_of <= on_date <= as_of:
            raise InputError(
                "bad_day", msg("Ngày ban hành phải từ {first} đến {last}.", first=row.as_of, last=as_of)
            )
        kept = repository.revise(work, row, state=ReportState.ISSUED.value, number=clean, on_date=on_date)
        work.note("report.issue", report_id, number=clean, on_date=on_date.isoformat())
        return _kept(work, kept)


def due_reports(
    store: Store, actor: Actor, first: date, last: date, *, unit_id: str | None, as_of: date
) -> list[Deadline]:
    """The calendar of reports on one unit (None: the whole) due in these days, soonest first."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        issued = repository.issued_periods(work, unit_id, first.replace(year=first.year - 1))
    return deadlines(first, last, as_of, {(ReportKind(kind), period) for kind, period in issued}, rules())


def _draft(work: Work, report_id: str, seen_revision: int) -> Report:
    row = _row(work, report_id)
    if row.revision != seen_revision:
        raise _meanwhile()
    if row.state != ReportState.DRAFT.value:
        raise RuleError(
            "report_closed",
            msg("Báo cáo đã ban hành hoặc đã có bản thay thế, không sửa được nữa."),
            hint=msg("Lập bản điều chỉnh để sửa số liệu."),
        )
    return row


def _row(work: Work, report_id: str) -> Report:
    row = repository.report(work, report_id)
    if row is None:
        raise InputError("unknown_report", msg("Không có báo cáo {id}.", id=report_id))
    return row


def _meanwhile() -> ConflictError:
    return ConflictError("changed_meanwhile", msg("Người khác vừa sửa báo cáo này; hãy mở lại rồi làm tiếp."))


def period_words(kept: KeptReport) -> Message:
    """The period of a report as officers say it."""
    return asked_of(kept).period.words


def _kept(work: Work, row: Report) -> KeptReport:
    names = dict(places.all_units(work)[["id", "name"]].itertuples(index=False))
    return KeptReport(
        id=row.id,
        revision=row.revision,
        kind=ReportKind(row.kind),
        period=row.period,
        unit_id=row.unit_id,
        ward=names.get(row.unit_id),
        hotspot_id=row.hotspot_id,
        days=(row.first_day, row.last_day),
        as_of=row.as_of,
        known_by=row.known_by,
        state=ReportState(row.state),
        number=row.number,
        on_date=row.on_date,
        replaces=row.replaces,
        made_by=row.recorded_by,
        contents=Contents.from_json(row.contents),
    )
