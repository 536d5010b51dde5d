"""Parts of the risk score from past inspections: rates with decay and shrinkage, time since, deadlines.

The rates are Poisson-gamma empirical Bayes (Clayton and Kaldor 1987; Marshall 1991): each level's rate of
serious violations a check, relative to what the level above expects, with a prior worth a stated number of
checks. In the rates of district, type and ward a check weighs 1 / the chance with which it was selected
(``geo.feedback``), so that they do not feed on where teams went.
Only visits with outcome ``checked`` count, and who made them is not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.feedback import rate_weights
from geo.messages import Message, msg
from geo.risk_parts import MONTH_DAYS, Floats, PartColumn, days_before, window_days
from geo.risk_settings import DeadlineSettings, HistorySettings, RiskSettings, SinceSettings
from geo.word_texts import word_text
from geo.words import PremisesType, VisitOutcome

_YEAR_DAYS = 365.25


@dataclass(frozen=True)
class History:
    """What past checks say of each premises, arrays of shape (n,).

    ``checks``, ``serious``, ``other``: counts in the window; the ``*_faded`` ones with half-life decay.
    ``last_days``: days since the last check, NaN for never. ``overdue``, ``running``: open remedy deadlines.
    ``checks_weighed``, ``serious_weighed``: the faded ones with selection weights.
    """

    checks: Floats
    checks_faded: Floats
    serious: Floats
    serious_faded: Floats
    other: Floats
    other_faded: Floats
    last_days: Floats
    overdue: Floats
    running: Floats
    checks_weighed: Floats
    serious_weighed: Floats


def read_history(
    premises: pd.DataFrame,
    inspections: pd.DataFrame,
    findings: pd.DataFrame,
    as_of: date,
    settings: HistorySettings,
) -> History:
    """Gather the history of each premises up to ``as_of``; repeated rows of an id or of a day count once."""
    ids = pd.Index(premises["id"])
    size = len(ids)
    visits = _checked(inspections, as_of)
    days = visits.drop_duplicates(["premises_id", "on_date"])
    row, age = ids.get_indexer(days["premises_id"]), days_before(days, "on_date", as_of)
    weight, inside = _decay(age, as_of, settings)
    inside &= row >= 0
    selected = np.ones(len(days))
    chance = days["selection_probability"].to_numpy(dtype=float, na_value=np.nan)
    selected[inside] = rate_weights(chance[inside], settings.largest_weight)
    last = np.full(size, np.nan)
    np.fmin.at(last, row[row >= 0], age[row >= 0])

    found = _counted_findings(findings, visits, as_of)
    f_row, f_age = ids.get_indexer(found["premises_id"]), days_before(found, "on_date", as_of)
    f_weight, f_inside = _decay(f_age, as_of, settings)
    of_visit = pd.Series(selected, index=days["id"]).reindex(found["inspection_id"]).fillna(1.0).to_numpy()
    serious = found["serious"].eq(True).to_numpy(dtype=bool)
    closed = days_before(found, "closed_on", as_of) >= 0
    to_deadline = -days_before(found, "deadline", as_of)
    overdue, running = ~closed & (to_deadline < 0), ~closed & (to_deadline >= 0)

    def count(mask: npt.NDArray[np.bool_], weights: Floats | None = None) -> Floats:
        return _sum(f_row, mask, weights, size)

    return History(
        checks=_sum(row, inside, None, size),
        checks_faded=_sum(row, inside, weight, size),
        serious=count(f_inside & serious),
        serious_faded=count(f_inside & serious, f_weight),
        other=count(f_inside & ~serious),
        other_faded=count(f_inside & ~serious, f_weight),
        last_days=last,
        overdue=count(overdue),
        running=count(running),
        checks_weighed=_sum(row, inside, weight * selected, size),
        serious_weighed=count(f_inside & serious, f_weight * of_visit),
    )


def _checked(inspections: pd.DataFrame, as_of: date) -> pd.DataFrame:
    columns = ["id", "premises_id", "on_date", "selection_probability"]
    if inspections.empty:
        return pd.DataFrame(columns=columns)
    past = days_before(inspections, "on_date", as_of) >= 0
    checked = (inspections["outcome"] == VisitOutcome.CHECKED).to_numpy(dtype=bool)
    visits = pd.DataFrame(inspections.loc[past & checked])
    return visits.reindex(columns=columns).drop_duplicates("id")


def _counted_findings(findings: pd.DataFrame, visits: pd.DataFrame, as_of: date) -> pd.DataFrame:
    columns = ["id", "inspection_id", "premises_id", "on_date", "serious", "deadline", "closed_on"]
    if findings.empty:
        return pd.DataFrame(columns=columns)
    past = findings.loc[days_before(findings, "on_date", as_of) >= 0, columns]
    # An index of the unique ids: isin() takes seconds on the inspections of a country.
    counted = pd.Index(visits["id"]).get_indexer(past["inspection_id"]) >= 0
    return pd.DataFrame(past[counted & past["inspection_id"].notna()]).drop_duplicates("id")


def _decay(age: Floats, as_of: date, settings: HistorySettings) -> tuple[Floats, npt.NDArray[np.bool_]]:
    inside = age < window_days(settings.window_months, as_of)
    return np.power(0.5, age / (settings.half_life_months * MONTH_DAYS)), inside


def _sum(row: npt.NDArray[np.intp], mask: npt.NDArray[np.bool_], weights: Floats | None, size: int) -> Floats:
    kept = mask & (row >= 0)
    values = None if weights is None else weights[kept]
    return np.bincount(row[kept], weights=values, minlength=size).astype(float)


@dataclass(frozen=True)
class RateRatios:
    """The district's rate of serious violations a check and its log ratio to the prior rate; then log rate
    ratios of each premises' type, ward and own history, each (n,). ``*_doubt``: what the data leave open of
    each, as a standard deviation of the log ratio."""

    district_rate: float
    district: float
    type: Floats
    ward: Floats
    own: Floats
    district_doubt: float
    type_doubt: Floats
    ward_doubt: Floats
    own_doubt: Floats


def rate_ratios(premises: pd.DataFrame, history: History, settings: RiskSettings) -> RateRatios:
    """Shrunken log rate ratios: the district's over the prior rate, the type's over the district's, the ward's
    over what its types expect, the premises' over what its type and ward expect. A premises without a ward, and
    one never checked, get 0 for them."""
    s = settings.history
    exposure, events = history.checks_weighed, history.serious_weighed
    district = (events.sum() + s.district_strength * s.prior_rate) / (exposure.sum() + s.district_strength)

    types, type_names = pd.factorize(premises["type"], use_na_sentinel=False)
    table = np.array([settings.type_log_ratio.get(str(name), 0.0) for name in type_names])
    prior = s.type_strength * district
    found_of_type = np.bincount(types, events, len(table)) + prior * np.exp(table)
    type_ratio = (found_of_type / (np.bincount(types, exposure, len(table)) * district + prior))[types]

    wards, ward_names = pd.factorize(premises["ward_id"])
    known = wards >= 0
    expected = exposure * district * type_ratio
    prior = s.ward_strength * district
    found_of_ward = np.bincount(wards[known], events[known], len(ward_names)) + prior
    of_ward = found_of_ward / (np.bincount(wards[known], expected[known], len(ward_names)) + prior)
    ward_ratio, ward_doubt = np.ones(len(premises)), np.zeros(len(premises))
    ward_ratio[known] = of_ward[wards[known]] ** s.ward_weight
    ward_doubt[known] = _doubt(found_of_ward)[wards[known]] * s.ward_weight

    rate = district * type_ratio * ward_ratio
    checks, found = history.checks_faded, history.serious_faded
    own_ratio = (found / rate + s.own_strength) / (checks + s.own_strength)
    return RateRatios(
        district_rate=float(district),
        district=float(np.log(district / s.prior_rate)),
        type=np.log(type_ratio) * s.type_weight,
        ward=np.log(ward_ratio),
        own=np.where(checks > 0, np.log(own_ratio), 0.0),
        district_doubt=float(_doubt(events.sum() + s.district_strength * s.prior_rate)),
        type_doubt=_doubt(found_of_type)[types] * s.type_weight,
        ward_doubt=ward_doubt,
        own_doubt=_doubt(found + s.own_strength * rate),
    )


def _doubt(shape: Any) -> Any:
    """Standard deviation of a gamma variable's logarithm, by the log-normal of the same mean and variance."""
    return np.sqrt(np.log1p(1.0 / shape))


def history_columns(premises: pd.DataFrame, history: History, settings: RiskSettings) -> list[PartColumn]:
    """Parts for district, type, ward, serious and other violations, time since the last check, open deadlines.

    The district's part is the same for all: it ranks nobody, and keeps the probability true where much or
    little is found.
    """
    ratios = rate_ratios(premises, history, settings)
    s, months = settings.history, settings.history.window_months
    types, wards = premises["type"].to_list(), premises["ward_name"].to_list()

    def of_district(row: int) -> Message:
        return msg(
            "Mức chung của địa bàn: khoảng {n} vi phạm nghiêm trọng trong 100 lượt kiểm tra",
            n=round(100 * ratios.district_rate),
        )

    def own(row: int) -> Message:
        checks, serious = int(history.checks[row]), int(history.serious[row])
        if serious:
            return msg(
                "{n} vi phạm nghiêm trọng trong {months} tháng ({checks} lượt kiểm tra)",
                n=serious,
                months=months,
                checks=checks,
            )
        return msg(
            "Không có vi phạm nghiêm trọng qua {checks} lượt kiểm tra trong {months} tháng",
            checks=checks,
            months=months,
        )

    def other(row: int) -> Message:
        return msg("{n} vi phạm khác trong {months} tháng", n=int(history.other[row]), months=months)

    def of_type(row: int) -> Message:
        if pd.isna(types[row]):
            return msg("Chưa rõ loại hình")
        known = types[row] in set(PremisesType)
        return msg("Loại hình {type}", type=word_text(PremisesType(types[row])) if known else str(types[row]))

    def of_ward(row: int) -> Message:
        if pd.isna(wards[row]):
            return msg("Mức chung của địa bàn này")
        return msg("Mức chung của {ward}", ward=str(wards[row]))

    same = np.ones(len(premises))
    return [
        PartColumn(
            "district",
            same * ratios.district_rate,
            same * ratios.district,
            of_district,
            same * ratios.district_doubt,
        ),
        PartColumn("type", np.exp(ratios.type), ratios.type, of_type, ratios.type_doubt),
        PartColumn("ward", np.exp(ratios.ward), ratios.ward, of_ward, ratios.ward_doubt),
        PartColumn(
            "serious_violations",
            history.serious,
            ratios.own * s.own_weight,
            own,
            ratios.own_doubt * s.own_weight,
        ),
        PartColumn(
            "other_violations",
            history.other,
            np.minimum(history.other_faded, s.other_cap) * s.other_weight,
            other,
        ),
        *_since_columns(history, settings.since),
        *_deadline_columns(history, settings.deadlines),
    ]


def _since_columns(history: History, settings: SinceSettings) -> list[PartColumn]:
    never = np.isnan(history.last_days)
    days = np.nan_to_num(history.last_days)
    years = np.minimum(days / _YEAR_DAYS, settings.cap_years)

    def since(row: int) -> Message:
        return msg("Lượt kiểm tra gần nhất cách đây {days} ngày", days=int(days[row]))

    def no_check(row: int) -> Message:
        return msg("Chưa có lượt kiểm tra nào được ghi nhận")

    return [
        PartColumn("since_inspection", days, years * settings.per_year, since),
        PartColumn("never_inspected", never.astype(float), never * settings.never, no_check),
    ]


def _deadline_columns(history: History, settings: DeadlineSettings) -> list[PartColumn]:
    def overdue(row: int) -> Message:
        return msg("{n} thời hạn khắc phục đã qua mà chưa xong", n=int(history.overdue[row]))

    def running(row: int) -> Message:
        return msg("{n} thời hạn khắc phục còn trong hạn", n=int(history.running[row]))

    return [
        PartColumn(
            "deadlines_overdue",
            history.overdue,
            np.minimum(history.overdue, settings.cap) * settings.overdue,
            overdue,
        ),
        PartColumn(
            "deadlines_running",
            history.running,
            np.minimum(history.running, settings.cap) * settings.running,
            running,
        ),
    ]
