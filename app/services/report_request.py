"""Which report is asked for: its kind, the days it counts, the ward or hotspot it is of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import geopandas as gpd

from app.config import ROOT
from data.repositories import places
from data.store import Actor, Store, Work
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.periods import parse_period
from geo.report_calendar import (
    MONTHS,
    ReportingPeriod,
    ReportRules,
    chosen_days,
    parse_rules,
    reporting_period,
)
from geo.review_words import ReportKind
from geo.units import valid_on

_MOST_LISTED = 20


@dataclass(frozen=True)
class Asked:
    """A report that is asked for. ``unit_id`` and ``ward`` None: of the whole. ``units_as_of``: the day whose
    wards it speaks of."""

    kind: ReportKind
    period: ReportingPeriod
    units_as_of: date
    unit_id: str | None = None
    ward: str | None = None
    hotspot_id: str | None = None

    @property
    def place(self) -> str:
        """Where it reports on, in Vietnamese."""
        return f"trên địa bàn {self.ward}" if self.ward else "trên địa bàn"


@cache
def rules() -> ReportRules:
    """When reports close and are due."""
    return parse_rules((ROOT / "geo" / "reporting.toml").read_text(encoding="utf-8"))


def kind_of(text: str) -> ReportKind:
    """The kind that a word names. Raises InputError ``unknown_kind``."""
    try:
        return ReportKind(text.strip().lower())
    except ValueError as error:
        raise InputError(
            "unknown_kind",
            msg("Không có loại báo cáo “{kind}”.", kind=text),
            hint=msg("Các loại: {kinds}.", kinds=", ".join(kind.value for kind in ReportKind)),
        ) from error


def period_asked(
    kind: ReportKind, period: str | None, first: date | None = None, last: date | None = None
) -> ReportingPeriod:
    """The days that a periodic or ad hoc report counts: a written period, or two days for an ad hoc one.

    Raises InputError ``bad_period``, ``wrong_period`` or ``no_period``.
    """
    if first is not None or last is not None:
        if first is None or last is None or kind in MONTHS or period is not None:
            raise InputError(
                "wrong_period",
                msg("Từ ngày, đến ngày chỉ dùng cho báo cáo đột xuất, đủ cả hai ngày và không kèm kỳ."),
            )
        return chosen_days(kind, first, last)
    if period is None:
        raise InputError("no_period", msg("Cần nêu kỳ báo cáo."), hint=msg("Viết như 2026, 2026-H1, 2026-Q3."))
    return reporting_period(kind, parse_period(period), rules())


def asked(
    store: Store,
    actor: Actor,
    kind: ReportKind,
    period: ReportingPeriod,
    *,
    ward: str | None,
    as_of: date,
    units_as_of: date | None = None,
) -> Asked:
    """A periodic or ad hoc report of the ward with a code or id, or of the whole where ``ward`` is None.

    Wards are those of ``units_as_of``, else of the period's last day; an actor with a scope has today's.
    Raises InputError ``unknown_ward``; RuleError ``outside_scope`` or ``whole_report``.
    """
    own_day = period.last if actor.scope is None else as_of
    day = units_as_of or own_day
    if ward is None:
        if actor.scope is not None:
            raise RuleError(
                "whole_report",
                msg("Báo cáo toàn địa bàn dành cho tài khoản của toàn địa bàn."),
                hint=msg("Chọn phường của mình."),
            )
        return Asked(kind, period, day)
    with store.read(actor) as work:
        unit_id, name = _unit(work, ward, day)
    if actor.scope is not None and unit_id not in actor.scope:
        raise RuleError("outside_scope", msg("{ward} nằm ngoài địa bàn của tài khoản.", ward=name))
    return Asked(kind, period, day, unit_id, name)


def _unit(work: Work, ward: str, day: date) -> tuple[str, str]:
    units = valid_on(places.all_units(work), day)
    found = units[(units["code"] == ward.strip()) | (units["id"] == ward.strip())]
    if len(found) != 1:
        listed = _codes(units)
        raise InputError(
            "unknown_ward",
            msg("Không có phường {ward} vào ngày {day}.", ward=ward, day=day),
            hint=msg("Mã phường ngày đó: {codes}.", codes=listed) if listed else None,
        )
    return str(found["id"].iloc[0]), str(found["name"].iloc[0])


def _codes(units: gpd.GeoDataFrame) -> str:
    pairs = [f"{row.code} {row.name}" for row in units.sort_values("code").itertuples(index=False)]
    return ", ".join(pairs[:_MOST_LISTED]) + ("..." if len(pairs) > _MOST_LISTED else "")


def wards_of(store: Store, actor: Actor, day: date) -> dict[str, str]:
    """Names of the wards of a day that the actor may report on, by id."""
    with store.read(actor) as work:
        units = valid_on(places.all_units(work), day).sort_values("name")
    return {
        str(row.id): str(row.name)
        for row in units.itertuples(index=False)
        if actor.scope is None or row.id in actor.scope
    }
