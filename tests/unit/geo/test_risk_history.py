"""What past checks say of a premises: counts with decay, rates drawn towards those of its kind and ward."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.risk_history import History, RateRatios, rate_ratios, read_history
from geo.risk_parts import window_days
from geo.risk_settings import RiskSettings, parse_settings
from tests.paths import ROOT
from tests.unit.geo import frames as f

AS_OF = date(2026, 3, 1)
SETTINGS = parse_settings((ROOT / "geo" / "risk.toml").read_text(encoding="utf-8"))


def days_ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def history(
    visits: gpd.GeoDataFrame, found: gpd.GeoDataFrame | None = None, *, as_of: date = AS_OF, size: int = 1
) -> History:
    register = f.premises(*({} for _ in range(size)))
    return read_history(register, visits, f.findings() if found is None else found, as_of, SETTINGS.history)


# --- counts ---------------------------------------------------------------------------------------------------


def test_a_check_weighs_half_after_each_half_life() -> None:
    checks = [history(f.inspections({"on_date": days_ago(age)})).checks_faded[0] for age in (0, 365, 730)]
    # The half-life of 12 months is 365.25 days.
    assert checks[0] == 1
    assert checks[1] == pytest.approx(0.5, abs=0.001)
    # 24 months before 1 March 2026 there are 730 days: just outside the window.
    assert checks[2] == 0


@pytest.mark.parametrize(
    ("as_of", "months", "days"),
    [
        (date(2026, 3, 1), 24, 730),
        (date(2025, 3, 1), 24, 731),
        (date(2024, 3, 1), 24, 731),
        (date(2024, 2, 29), 24, 731),
        (date(2026, 8, 31), 6, 184),
        (date(2026, 3, 1), 1, 28),
    ],
)
def test_windows_are_calendar_months_also_over_a_leap_day(as_of: date, months: int, days: int) -> None:
    # Counted on a calendar: 29/02/2024 back 24 months is 28/02/2022, 731 days; 31/08 back 6 months is 28/02.
    assert window_days(months, as_of) == days


def test_the_first_day_of_the_window_is_the_one_after_the_day_two_years_ago() -> None:
    assert history(f.inspections({"on_date": date(2024, 3, 1)})).checks[0] == 0
    assert history(f.inspections({"on_date": date(2024, 3, 2)})).checks[0] == 1


def test_two_visits_on_a_day_are_one_check_and_a_row_told_twice_is_one_visit() -> None:
    day = {"on_date": days_ago(10)}
    assert history(f.inspections(day, day)).checks[0] == 1
    assert history(f.inspections(day, day | {"id": "i0"})).checks[0] == 1
    assert history(f.inspections(day, {"on_date": days_ago(11)})).checks[0] == 2


def test_the_last_check_is_known_however_long_ago_and_never_is_no_number() -> None:
    assert history(f.inspections({"on_date": days_ago(4000)}, {"on_date": days_ago(3000)})).last_days[0] == 3000
    assert math.isnan(history(f.inspections()).last_days[0])
    assert math.isnan(history(f.inspections({"on_date": days_ago(9), "outcome": "refused"})).last_days[0])


def test_findings_count_by_their_kind_of_weight_and_only_with_a_counted_check() -> None:
    visits = f.inspections({"on_date": days_ago(10)}, {"on_date": days_ago(20), "outcome": "refused"})
    rows = [{"serious": True}, {"serious": False}, {"serious": None}, {"inspection_id": "i1", "serious": True}]
    found = f.findings(*({"inspection_id": "i0"} | row for row in rows), of=visits)
    known = history(visits, found)
    assert (known.serious[0], known.other[0]) == (1, 2)


@pytest.mark.parametrize(
    ("finding", "overdue", "running"),
    [
        ({"deadline": days_ago(1)}, 1, 0),
        ({"deadline": AS_OF}, 0, 1),
        ({"deadline": AS_OF + timedelta(days=9)}, 0, 1),
        ({"deadline": days_ago(1), "closed_on": AS_OF}, 0, 0),
        ({"deadline": days_ago(1), "closed_on": AS_OF + timedelta(days=1)}, 1, 0),
        ({"deadline": None}, 0, 0),
    ],
)
def test_a_deadline_is_open_until_the_day_it_is_closed_and_overdue_after_its_last_day(
    finding: dict[str, Any], overdue: int, running: int
) -> None:
    visits = f.inspections({"on_date": days_ago(60)})
    known = history(visits, f.findings({"inspection_id": "i0"} | finding, of=visits))
    assert (known.overdue[0], known.running[0]) == (overdue, running)


# --- selection ------------------------------------------------------------------------------------------------


def test_what_was_found_where_few_were_drawn_weighs_more_in_the_rates() -> None:
    """Each kind has violations at half of its checks: those of one were drawn, those of the other chosen."""

    def ratios(drawn: float | None) -> RateRatios:
        rows = [
            {
                "premises_id": f"p{k % 2}",
                "on_date": days_ago(5 + k),
                "selection_probability": drawn if k < 20 else 1.0,
            }
            for k in range(40)
        ]
        visits = f.inspections(*rows)
        found = f.findings(
            *({"inspection_id": f"i{k}", "serious": True} for k in range(40) if (k % 2 == 0) == (k < 20)),
            of=visits,
        )
        register = f.premises({"id": "p0", "type": "bar"}, {"id": "p1", "type": "cafe"})
        return rate_ratios(register, read_history(register, visits, found, AS_OF, SETTINGS.history), SETTINGS)

    plain, weighed = ratios(None), ratios(0.1)
    assert weighed.type[0] - weighed.type[1] > plain.type[0] - plain.type[1]


def test_a_premises_own_rate_takes_its_checks_as_they_are() -> None:
    rows = [{"on_date": days_ago(k), "selection_probability": chance} for k, chance in ((5, 0.05), (9, 1.0))]
    visits = f.inspections(*rows)
    known = history(visits, f.findings({"inspection_id": "i0", "serious": True}, of=visits))
    assert known.checks_faded[0] == pytest.approx(2, abs=0.05)
    assert known.serious_faded[0] == pytest.approx(1, abs=0.05)
    # 20 and 1 are worth (20 + 1)^2 / (400 + 1) checks.
    assert known.checks_weighed[0] == pytest.approx(441 / 401, abs=0.05)
    assert known.serious_weighed[0] == pytest.approx(20 * 21 / 401, abs=0.05)


# --- rates ----------------------------------------------------------------------------------------------------


def rates_of(
    checks: list[float],
    serious: list[float],
    *,
    types: list[Any] | None = None,
    wards: list[Any] | None = None,
    by: RiskSettings = SETTINGS,
) -> RateRatios:
    size, zero = len(checks), np.zeros(len(checks))
    register = f.premises(
        *(
            {"type": one, "ward_id": ward}
            for one, ward in zip(types or ["cafe"] * size, wards or [None] * size, strict=True)
        )
    )
    exposure, events = np.array(checks, float), np.array(serious, float)
    known = History(exposure, exposure, events, events, zero, zero, zero, zero, zero, exposure, events)
    return rate_ratios(register, known, by)


def strengths(**more: float) -> RiskSettings:
    """Round numbers to reckon with: prior rate 0.5; strengths 1, 3, 2 and 1."""
    round_numbers = {
        "prior_rate": 0.5, "district_strength": 1.0, "type_strength": 3.0, "ward_strength": 2.0,
        "own_strength": 1.0, "ward_weight": 1.0,
    }  # fmt: skip
    return replace(SETTINGS, history=replace(SETTINGS.history, **(round_numbers | more)))


def test_the_rates_are_those_of_poisson_and_gamma_reckoned_by_hand() -> None:
    ratios = rates_of([1.0], [1.0], wards=["w1"], by=strengths())
    # District: (1 + 1 x 0.5) / (1 + 1) = 3/4.
    assert ratios.district_rate == pytest.approx(3 / 4)
    assert ratios.district == pytest.approx(math.log((3 / 4) / 0.5))
    # Type (its table says 1): (1 + 3 x 3/4) / (3/4 + 3 x 3/4) = 13/12.
    assert ratios.type[0] == pytest.approx(math.log(13 / 12))
    # Ward: expected 3/4 x 13/12 = 13/16; (1 + 2 x 3/4) / (13/16 + 2 x 3/4) = 40/37.
    assert ratios.ward[0] == pytest.approx(math.log(40 / 37))
    # Own: rate 3/4 x 13/12 x 40/37 = 65/74; (74/65 + 1) / (1 + 1) = 139/130.
    assert ratios.own[0] == pytest.approx(math.log(139 / 130))


def test_without_any_check_only_the_table_of_types_speaks() -> None:
    ratios = rates_of([0, 0, 0], [0, 0, 0], types=["massage", "hotel", "cafe"], wards=["w1", "w2", None])
    assert ratios.district == 0
    assert ratios.type == pytest.approx([0.4, -0.1, 0.0])
    assert ratios.ward == pytest.approx([0, 0, 0])
    assert ratios.own == pytest.approx([0, 0, 0])


def test_premises_without_a_ward_or_a_type_get_the_rates_of_nobody_else_s() -> None:
    ratios = rates_of([20, 1, 1], [10, 0, 0], types=["bar", None, None], wards=["w1", None, "w2"])
    assert ratios.ward[0] > 0
    assert ratios.ward[1] == 0
    assert ratios.type[1] == ratios.type[2] < ratios.type[0]


COUNTS = st.lists(st.tuples(st.floats(0, 40), st.floats(0, 40)), min_size=1, max_size=8)


@settings(max_examples=40)
@given(COUNTS, st.data())
def test_a_rate_lies_between_what_was_expected_and_what_was_found(
    counts: list[tuple[float, float]], data: st.DataObject
) -> None:
    checks, serious = [one for one, _ in counts], [min(one, two) for one, two in counts]
    words = st.lists(st.sampled_from(["bar", "hotel"]), min_size=len(counts), max_size=len(counts))
    types, wards = data.draw(words), data.draw(words)
    ratios = rates_of(checks, serious, types=types, wards=wards)
    every = np.concatenate([[ratios.district], ratios.type, ratios.ward, ratios.own])
    assert np.isfinite(every).all()
    weight = SETTINGS.history.ward_weight
    assert weight > 0
    expected = ratios.district_rate * np.exp(ratios.type + ratios.ward)
    for row, (exposure, events) in enumerate(zip(checks, serious, strict=True)):
        if exposure > 0:
            found = math.log(max(events / exposure / expected[row], 1e-300))
            low, high = sorted((0.0, found))
            assert low - 1e-9 <= ratios.own[row] <= high + 1e-9
        else:
            assert ratios.own[row] == 0


@settings(max_examples=40)
@given(st.floats(0.1, 50), st.floats(0, 50), st.floats(1, 20))
def test_a_stronger_belief_moves_less(checks: float, serious: float, strength: float) -> None:
    def own(belief: float) -> float:
        return abs(float(rates_of([checks], [min(serious, checks)], by=strengths(own_strength=belief)).own[0]))

    assert own(2 * strength) <= own(strength) + 1e-12
