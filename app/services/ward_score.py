"""Points of the wards ("phường lành mạnh") over a period, and what a leader sets in their place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import func, select

from app.access import Right, require
from app.config import ROOT
from app.services.figure_entry import own_unit
from app.services.free_text import about_places
from app.services.indicators import Indicators, indicators
from data.repositories.frames import add_rows, current
from data.store import LOCAL_ZONE, Actor, Store, Work
from data.tables import WardScore
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.periods import Period
from geo.review_words import WardClass
from geo.ward_score import Given, ScoreSettings, WardPoints, YearPart, parse_settings, score_ward

_FILE = ROOT / "geo" / "ward_score.toml"
_LONGEST = 1000
_YEAR_DAYS = 365


@cache
def settings() -> ScoreSettings:
    """The table of points of this installation."""
    return parse_settings(_FILE.read_text(encoding="utf-8"))


def ward_scores(store: Store, actor: Actor, period: Period, *, as_of: date) -> list[WardPoints]:
    """The wards of the period's last day inside the actor's scope, by name, with the change since the period
    before (in the same wards)."""
    require(actor, Right.SEE_TIPS)
    now = _scored(store, actor, period, period, as_of)
    earlier = {
        one.unit_id: one for one in _scored(store, actor, period.before, period, min(as_of, period.before.last))
    }
    return [
        replace(one, before=earlier[one.unit_id].points, class_before=earlier[one.unit_id].ward_class)
        if one.unit_id in earlier
        else one
        for one in now
    ]


def _scored(store: Store, actor: Actor, period: Period, wards_of: Period, as_of: date) -> list[WardPoints]:
    found = indicators(store, actor, period.first, period.last, as_of=as_of, units_as_of=wards_of.last)
    with store.read(actor) as work:
        given = _given(work, period)
    year = year_part(period, as_of)
    return [
        score_ward(
            unit_id, ward, found.rows, settings(), beside=found.other, year=year, given=given.get(unit_id)
        )
        for unit_id, ward in _wards(found, actor)
    ]


def _wards(found: Indicators, actor: Actor) -> list[tuple[str, str]]:
    named = sorted(zip(found.units["id"], found.units["name"], strict=True), key=lambda one: str(one[1]))
    return [(unit, name) for unit, name in named if actor.scope is None or unit in actor.scope]


def year_part(period: Period, as_of: date) -> YearPart:
    """Which part of its calendar year a period is, as far as it has run on ``as_of``."""
    last = min(period.last, max(as_of, period.first))
    to_date = last.timetuple().tm_yday / _YEAR_DAYS
    return YearPart(min(1.0, to_date), min(1.0, ((last - period.first).days + 1) / _YEAR_DAYS))


def _given(work: Work, period: Period) -> dict[str, dict[str | None, Given]]:
    """What people set for exactly the period, by unit and criterion."""
    found: dict[str, dict[str | None, Given]] = {}
    for row in work.session.execute(_of(period).add_columns(WardScore.recorded_by, WardScore.recorded_at)):
        found.setdefault(row.unit_id, {})[row.criterion] = Given(
            reason=row.reason,
            by=row.recorded_by,
            on=row.recorded_at.astimezone(LOCAL_ZONE).date(),
            points=row.points,
            ward_class=WardClass(row.classification) if row.classification else None,
        )
    return found


def _of(period: Period) -> Any:
    statement = current(WardScore)
    return statement.where(WardScore.first_day == period.first, WardScore.last_day == period.last)


def set_points(
    store: Store, actor: Actor, unit_id: str, period: Period, criterion: str, points: float | None, reason: str
) -> None:
    """Set a criterion's points of a ward, or take back what was set (None).

    Raises RuleError without the right or a reason, or for personal data in it; InputError for a unit, a
    criterion or points that cannot be.
    """
    require(actor, Right.APPROVE)
    known = {one.key: one for one in settings().criteria}
    if criterion not in known:
        raise InputError("unknown_criterion", msg("Không có tiêu chí {name}.", name=criterion))
    if points is not None and not 0 <= points <= known[criterion].points:
        field = known[criterion].name
        raise InputError(
            "out_of_bounds",
            msg("{field}: nhập từ {least} đến {most}.", field=field, least=0, most=known[criterion].points),
        )
    _set(store, actor, unit_id, period, criterion, {"points": points, "classification": None}, reason)


def set_class(
    store: Store, actor: Actor, unit_id: str, period: Period, ward_class: WardClass | None, reason: str
) -> None:
    """Set the classification of a ward, or take back what was set (None). Raises as ``set_points``."""
    chosen = None if ward_class is None else ward_class.value
    _set(store, actor, unit_id, period, None, {"points": None, "classification": chosen}, reason)


def _set(
    store: Store,
    actor: Actor,
    unit_id: str,
    period: Period,
    criterion: str | None,
    values: Mapping[str, Any],
    reason: str,
) -> None:
    require(actor, Right.APPROVE)
    why = about_places(reason)
    if not why:
        raise RuleError("reason_missing", msg("Sửa điểm cần ghi lý do."))
    if len(why) > _LONGEST:
        raise InputError("too_long", msg("Nội dung dài nhất {most} ký tự.", most=_LONGEST))
    back = all(value is None for value in values.values())
    with store.write(actor) as work:
        own_unit(work, unit_id, period)
        rows = [row for row in work.session.execute(_of(period)) if row.unit_id == unit_id]
        here = next((row for row in rows if row.criterion == criterion), None)
        if here is None and back:
            return
        score_id = here.id if here else _id(unit_id, period, criterion)
        newest = work.session.scalar(select(func.max(WardScore.revision)).where(WardScore.id == score_id))
        row = {
            **work.event(),
            "id": score_id,
            "revision": (newest or 0) + 1,
            "void": back,
            "unit_id": unit_id,
            "first_day": period.first,
            "last_day": period.last,
            "criterion": criterion,
            **values,
            "reason": why,
        }
        add_rows(work, WardScore, [row])
        work.note("ward_score.set", unit_id, period=period.text, criterion=criterion, **values, text=why)


def _id(unit_id: str, period: Period, criterion: str | None) -> str:
    return hashlib.sha256(f"{unit_id}|{period.text}|{criterion}".encode()).hexdigest()[:32]
