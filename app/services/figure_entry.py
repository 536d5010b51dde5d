"""Figures that offices enter by hand: one form per ward and period, corrections, what is late or missing.

A figure is entered once for a unit, a measure and its days; another value for the same is a correction with a
reason, which keeps what stood before. Zero is a figure, an empty field is none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, type_coerce
from sqlalchemy.exc import IntegrityError

from app.access import Right, require
from app.services.free_text import about_places
from data.repositories import places
from data.repositories.frames import add_rows, current
from data.store import Actor, Store, Work
from data.tables import Unit, WardFigure
from data.tables.base import UtcDateTime
from geo.errors import ConflictError, InputError, RuleError
from geo.messages import Message, msg
from geo.periods import Period, period_of
from geo.review_words import Measure
from geo.target_entries import STANDING, YEARLY
from geo.word_texts import word_text
from geo.words import Role

#: Counted by the police and entered as their own report.
POLICE_MEASURES = frozenset({Measure.CRIMINAL_CASES, Measure.ADMINISTRATIVE_CASES})
POLICE = "police"
#: Told once in a quarter, at the latest for its last month.
QUARTERLY = frozenset(
    {Measure.STAFF_TRAINED, Measure.VOLUNTEERS_TRAINED, Measure.HEALTH_CHECKED, Measure.LOANS}
    | {Measure.VOCATIONAL_SUPPORT, Measure.VICTIMS_SUPPORTED, Measure.RESOURCES_VND}
)
MONEY = frozenset({Measure.BUDGET_VND, Measure.SPENT_VND, Measure.RESOURCES_VND})
#: Heads of persons who were examined or helped; fewer than 5 leave the office in no file (domain rule 5).
PRIVATE = frozenset(
    {Measure.HEALTH_CHECKED, Measure.LOANS, Measure.VOCATIONAL_SUPPORT, Measure.VICTIMS_SUPPORTED}
)
_MOST, _MOST_MONEY = 10_000_000, 10_000_000_000_000
_LONGEST_DOCUMENT, _LONGEST_NOTE = 200, 600


@dataclass(frozen=True)
class Cell:
    """A measure on the form. ``value``: as entered for these days, None where nothing is. ``held``: for what
    stands at a moment, the newest entry before. ``before``, ``year_before``: the month before, a year before.
    ``missing``: it is due with this form and nothing says how much it is.
    """

    measure: Measure
    value: int | None
    held: int | None
    before: int | None
    year_before: int | None
    document: str | None
    note: str | None
    revision: int
    missing: bool


@dataclass(frozen=True)
class Form:
    """A ward's form for a period, with the measures that the reader may enter."""

    unit_id: str
    ward: str
    period: Period
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Entered:
    """How many figures were new, corrected, taken back, and already on record as they were sent."""

    added: int
    corrected: int
    withdrawn: int
    unchanged: int


def measures_for(actor: Actor) -> tuple[Measure, ...]:
    """What an account enters: the ward's police their cases, the ward's officers all the rest."""
    if actor.role is Role.WARD_POLICE:
        return tuple(one for one in Measure if one in POLICE_MEASURES)
    if actor.role is Role.WARD_OFFICER:
        return tuple(one for one in Measure if one not in POLICE_MEASURES)
    return tuple(Measure)


def days_of(measure: Measure, period: Period) -> Period:
    """The days for which a form of ``period`` enters a measure: the calendar year for what is yearly."""
    return period_of(period.first, 12) if measure in YEARLY else period


def wards(store: Store, actor: Actor, period: Period) -> list[tuple[str, str]]:
    """Id and name of the units of the period's last day that the actor may enter figures for, by name."""
    require(actor, Right.ENTER_FIGURES)
    with store.read(actor) as work:
        units = places.units_on(work, period.last).sort_values("name")
    named = zip(units["id"], units["name"], strict=True)
    return [(unit, name) for unit, name in named if actor.scope is None or unit in actor.scope]


def form(store: Store, actor: Actor, unit_id: str, period: Period) -> Form:
    """The form with what was entered for the period, the month before and a year before.

    Raises InputError ``unknown_unit`` for a unit that is not the actor's or not of the period.
    """
    require(actor, Right.ENTER_FIGURES)
    with store.read(actor) as work:
        name = own_unit(work, unit_id, period)
        rows = of_unit(work, unit_id)
    cells = tuple(_cell(rows, measure, period) for measure in measures_for(actor))
    return Form(unit_id, name, period, cells)


def _cell(rows: list[WardFigure], measure: Measure, period: Period) -> Cell:
    asked, period = period, days_of(measure, period)
    own = [row for row in rows if row.measure == measure]
    here = next((row for row in own if _days(row) == (period.first, period.last)), None)
    held = [row for row in own if row.last_day <= period.last] if measure in STANDING else []
    return Cell(
        measure=measure,
        value=None if here is None else here.value,
        held=max(held, key=lambda row: row.last_day).value if held else None,
        before=_value(own, measure, period.before),
        year_before=_value(own, measure, period.year_before),
        document=here.document if here else None,
        note=here.note if here else None,
        revision=here.revision if here else 0,
        missing=here is None and not held and is_owed(own, measure, asked),
    )


def is_owed(own: list[Any], measure: Measure, period: Period) -> bool:
    """Whether a measure is due for a period beside what was entered of it (``own``) for the days around."""
    if measure not in QUARTERLY:
        return True
    quarter = period_of(period.last, 3)
    told = any(quarter.first <= row.first_day and row.last_day <= quarter.last for row in own)
    return period.last == quarter.last and not told


def _value(own: list[WardFigure], measure: Measure, period: Period) -> int | None:
    """What was counted in a period, or stood at its end."""
    if measure in STANDING:
        until = [row for row in own if row.last_day <= period.last]
        return max(until, key=lambda row: row.last_day).value if until else None
    inside = [row.value for row in own if period.first <= row.first_day and row.last_day <= period.last]
    return sum(inside) if inside else None


def enter(
    store: Store,
    actor: Actor,
    unit_id: str,
    period: Period,
    values: Mapping[Measure, int | None],
    today: date,
    *,
    document: str = "",
    note: str = "",
    reason: str = "",
    seen: Mapping[Measure, int | None] | None = None,
) -> Entered:
    """Enter a form, all of it or nothing. A value of None takes back what was entered for the measure.

    Sending the same form again changes nothing. ``document`` and ``note`` go with the new and corrected
    figures. ``reason``: why figures on record are corrected or taken back; ``seen``: what the form showed, so
    that somebody else's entry is not written over.

    Raises InputError for a unit that is not the actor's, a period that has not begun, a number out of bounds;
    RuleError for a measure of another body, days that overlap an entry, a correction without a reason or
    personal data; ConflictError for an entry that another person changed meanwhile.
    """
    require(actor, Right.ENTER_FIGURES)
    _check_values(actor, values)
    if period.first > today:
        raise InputError("future", msg("Kỳ {period} chưa bắt đầu.", period=period.words))
    texts = _texts(document, note, reason)
    with store.write(actor) as work:
        own_unit(work, unit_id, period)
        rows = of_unit(work, unit_id)
        done = {"added": 0, "corrected": 0, "withdrawn": 0, "unchanged": 0}
        new = []
        for measure, value in values.items():
            days = days_of(measure, period)
            here = _standing_entry(rows, measure, days)
            _refuse_changed(measure, here, seen)
            kind = _kind(here, value)
            done[kind] += 1
            if kind != "unchanged":
                _refuse_unsaid(kind, measure, texts["why"], texts["document"], actor)
                new.append(_row(work, unit_id, days, measure, value, here, texts))
        _store(work, new)
        if new:
            changed = {row["measure"]: (None if row["void"] else row["value"]) for row in new}
            work.note("figures.enter", unit_id, period=period.text, values=changed, text=texts["why"])
    return Entered(**done)


def _check_values(actor: Actor, values: Mapping[Measure, int | None]) -> None:
    own = measures_for(actor)
    for measure, value in values.items():
        if measure not in own:
            raise RuleError(
                "other_body",
                msg("{measure}: cơ quan khác báo cáo số này.", measure=_word(measure)),
                hint=msg("Số vụ do Công an phường nhập; các số còn lại do cán bộ phường nhập."),
            )
        most = _MOST_MONEY if measure in MONEY else _MOST
        if value is not None and not 0 <= value <= most:
            raise InputError(
                "out_of_bounds",
                msg("{field}: nhập từ {least} đến {most}.", field=_word(measure), least=0, most=most),
                column=measure.value,
            )


def _texts(document: str, note: str, reason: str) -> dict[str, str | None]:
    longest = {"document": _LONGEST_DOCUMENT, "note": _LONGEST_NOTE, "why": _LONGEST_NOTE}
    texts: dict[str, str | None] = {}
    for name, text in {"document": document, "note": note, "why": reason}.items():
        cleaned = about_places(text)
        if len(cleaned) > longest[name]:
            raise InputError("too_long", msg("Nội dung dài nhất {most} ký tự.", most=longest[name]))
        texts[name] = cleaned or None
    return texts


def _standing_entry(rows: list[WardFigure], measure: Measure, period: Period) -> WardFigure | None:
    """The entry for exactly these days. Raises RuleError ``overlaps`` for one of other, overlapping days: what
    is counted twice would be summed twice."""
    own = [row for row in rows if row.measure == measure]
    for row in own:
        if _days(row) == (period.first, period.last):
            return row
    for row in own if measure not in STANDING else ():
        if row.first_day <= period.last and row.last_day >= period.first:
            raise RuleError(
                "overlaps",
                msg(
                    "{measure}: đã có số cho {first} - {last}, trùng ngày với kỳ này.",
                    measure=_word(measure),
                    first=row.first_day,
                    last=row.last_day,
                ),
                hint=msg("Sửa số của kỳ đã nhập; không nhập cùng một việc hai lần."),
            )
    return None


def _refuse_changed(
    measure: Measure, here: WardFigure | None, seen: Mapping[Measure, int | None] | None
) -> None:
    now = here.value if here else None
    if seen is not None and seen.get(measure) != now:
        raise ConflictError(
            "changed_meanwhile",
            msg("{measure}: người khác vừa ghi {value}.", measure=_word(measure), value=_told(now)),
            hint=msg("Tải lại trang, xem số mới rồi quyết định có sửa nữa không."),
        )


def _told(value: int | None) -> Any:
    return msg("(trống)") if value is None else value


def _kind(here: WardFigure | None, value: int | None) -> str:
    if here is None:
        return "unchanged" if value is None else "added"
    if value is None:
        return "withdrawn"
    return "unchanged" if here.value == value else "corrected"


def _refuse_unsaid(kind: str, measure: Measure, why: str | None, document: str | None, actor: Actor) -> None:
    if kind != "added" and why is None:
        raise RuleError(
            "reason_missing",
            msg("{measure}: sửa số đã nhập cần ghi lý do.", measure=_word(measure)),
        )
    if (
        kind != "withdrawn"
        and measure in POLICE_MEASURES
        and actor.role is not Role.WARD_POLICE
        and not document
    ):
        raise RuleError(
            "police_report_missing",
            msg("{measure}: nhập thay Công an cần số văn bản báo cáo của Công an.", measure=_word(measure)),
        )


def _row(
    work: Work,
    unit_id: str,
    period: Period,
    measure: Measure,
    value: int | None,
    here: WardFigure | None,
    texts: Mapping[str, str | None],
) -> dict[str, Any]:
    figure_id = here.id if here else _id(unit_id, measure, period)
    kept = here.document if here else None
    return {
        **work.event(texts["why"]),
        "id": figure_id,
        "revision": _next_revision(work, figure_id),
        "void": value is None,
        "unit_id": unit_id,
        "measure": measure.value,
        "first_day": period.first,
        "last_day": period.last,
        "value": here.value if value is None and here else value,
        "body": POLICE if measure in POLICE_MEASURES else None,
        "document": texts["document"] or kept,
        "note": texts["note"] or (here.note if here else None),
    }


def _id(unit_id: str, measure: Measure, period: Period) -> str:
    """One id for a unit, a measure and its days, so that two forms at the same instant cannot both count."""
    key = f"{unit_id}|{measure}|{period.first}|{period.last}"
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _next_revision(work: Work, figure_id: str) -> int:
    newest = work.session.scalar(select(func.max(WardFigure.revision)).where(WardFigure.id == figure_id))
    return (newest or 0) + 1


def _store(work: Work, rows: list[dict[str, Any]]) -> None:
    try:
        add_rows(work, WardFigure, rows)
    except IntegrityError as error:
        raise ConflictError(
            "changed_meanwhile", msg("Người khác đã lưu thay đổi trên cùng mục này trước bạn.")
        ) from error


def own_unit(work: Work, unit_id: str, period: Period) -> str:
    """The name of a unit of the period inside the actor's scope. Raises InputError ``unknown_unit``."""
    unit = work.session.scalars(select(Unit).where(Unit.id == unit_id)).one_or_none()
    outside = work.actor.scope is not None and unit_id not in work.actor.scope
    if unit is None or outside or not _of_period(unit, period):
        raise InputError("unknown_unit", msg("Không có phường này trong kỳ và địa bàn của bạn."))
    return unit.name


def _of_period(unit: Unit, period: Period) -> bool:
    return unit.valid_from <= period.last and (unit.valid_to is None or unit.valid_to >= period.first)


def of_unit(work: Work, unit_id: str) -> list[Any]:
    """The figures that hold for a unit, as rows with the columns of the table, ``revision`` and
    ``first_recorded_at``."""
    first = WardFigure.__table__.alias()
    begun = select(func.min(first.c.recorded_at)).where(first.c.id == WardFigure.id).scalar_subquery()
    statement = current(WardFigure).add_columns(
        WardFigure.revision, type_coerce(begun, UtcDateTime()).label("first_recorded_at")
    )
    return list(work.session.execute(statement.where(WardFigure.unit_id == unit_id)).all())


def _days(row: Any) -> tuple[date, date]:
    return row.first_day, row.last_day


def _word(measure: Measure) -> Message:
    return word_text(measure)
