"""Wards side by side over a period: shares with their intervals and ranks, and the months behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd

from app.access import Right, require
from app.services.facts import Known
from app.services.indicators import indicators
from data.store import Actor, Store
from geo.messages import Message, msg
from geo.periods import Period
from geo.targets import Indicator
from geo.units import covering
from geo.ward_compare import Compared, Funnel, compare, funnel
from geo.words import VisitOutcome

MONTHS = 12
_Ward = tuple[str, str, int, int]


@dataclass(frozen=True)
class WardMeasure:
    """A share by which wards are compared; ``counted`` and ``of``: its numerator and denominator in words."""

    code: str
    name: Message
    counted: Message
    of: Message
    wards: list[Compared]
    funnel: Funnel


@dataclass(frozen=True)
class WardComparison:
    """``monthly``: month (first day), ward, kind (checks, serious, signals), count, up to the period's end."""

    measures: list[WardMeasure]
    monthly: pd.DataFrame


def compare_wards(store: Store, actor: Actor, period: Period, *, as_of: date) -> WardComparison:
    """The wards of the actor's scope over ``period``, as far as it has gone by ``as_of``.

    Criminal cases (T07) are never compared by ward (domain, section 2).
    """
    require(actor, Right.SEE_TIPS)
    last = min(period.last, as_of)
    told = indicators(store, actor, period.first, period.last, as_of=as_of)
    with store.read(actor) as work:
        known = Known(work, last)
        checks = known.inspections[known.inspections["outcome"] == VisitOutcome.CHECKED].reset_index(drop=True)
        serious = known.findings[known.findings["serious"].eq(True)].drop_duplicates("inspection_id")
        happened = {"checks": checks, "serious": serious.reset_index(drop=True), "signals": known.signals}
    monthly = pd.concat([_by_month(kind, rows, told.units, last) for kind, rows in happened.items()])
    measures = [
        _measure(
            "T09",
            msg("Cơ sở đã được kiểm tra trong năm"),
            msg("cơ sở đã kiểm tra"),
            msg("cơ sở hoạt động"),
            _of_target(told.rows, "T09"),
        ),
        _measure(
            "T06",
            msg("Nguồn tin được xử lý đúng hạn"),
            msg("tin đúng hạn"),
            msg("tin đã nhận"),
            _of_target(told.rows, "T06"),
        ),
        _measure(
            "serious",
            msg("Lượt kiểm tra phát hiện vi phạm nghiêm trọng"),
            msg("lượt có vi phạm nghiêm trọng"),
            msg("lượt kiểm tra"),
            _serious(checks, serious, told.units, period.first),
        ),
    ]
    return WardComparison(measures, monthly.reset_index(drop=True))


def _measure(code: str, name: Message, counted: Message, of: Message, wards: list[_Ward]) -> WardMeasure:
    together, largest = sum(n for *_, n in wards), max((n for *_, n in wards), default=0)
    overall = sum(k for _, _, k, _ in wards) / together if together else 0.0
    return WardMeasure(code, name, counted, of, compare(wards), funnel(overall, largest))


def _of_target(rows: list[Indicator], code: str) -> list[_Ward]:
    """A target of every ward; a flagged numerator above its denominator is no share."""
    return [
        (row.unit_id, row.ward or "", min(row.numerator or 0, row.denominator or 0), row.denominator or 0)
        for row in rows
        if row.code == code and row.unit_id is not None
    ]


def _serious(
    checks: gpd.GeoDataFrame, serious: gpd.GeoDataFrame, units: gpd.GeoDataFrame, first: date
) -> list[_Ward]:
    some = checks[checks["on_date"] >= pd.Timestamp(first)].reset_index(drop=True)
    ward, bad = covering(some, units), some["id"].isin(serious["inspection_id"])
    return [
        (unit.id, unit.ward, int((bad & (ward == unit.id)).sum()), int((ward == unit.id).sum()))
        for unit in units.rename(columns={"name": "ward"}).sort_values("ward").itertuples()
    ]


def _by_month(kind: str, rows: gpd.GeoDataFrame, units: gpd.GeoDataFrame, last: date) -> pd.DataFrame:
    """Counts of the last months in every ward, months without any among them."""
    months = pd.period_range(end=pd.Period(last, "M"), periods=MONTHS, freq="M")
    names = dict(zip(units["id"], units["name"], strict=True))
    found = pd.DataFrame({"month": rows["on_date"].dt.to_period("M"), "ward": covering(rows, units).map(names)})
    every = pd.MultiIndex.from_product([months, sorted(names.values())], names=["month", "ward"])
    counts = found.dropna().groupby(["month", "ward"]).size().reindex(every, fill_value=0)
    told = counts.rename("count").reset_index()
    return told.assign(month=told["month"].dt.to_timestamp(), kind=kind)
