"""What the demonstration's wards entered: two years, gaps, one ward late, nothing from the future."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from data.demo import ward_figures
from data.demo.rows import Clock
from data.demo.ward_rows import systems
from data.store import LOCAL_ZONE
from geo.review_words import Measure
from geo.target_entries import YEARLY

CLOCK = Clock(178, date(2026, 11, 24))
ROWS = ward_figures.figure_rows(CLOCK)
UNITS = {unit.row["id"]: unit.row for system in systems(178) for unit in system.units}
TODAY = {key: row for key, row in UNITS.items() if row["valid_to"] is None}


def test_two_years_of_every_measure_are_there() -> None:
    assert min(row["first_day"] for row in ROWS) <= CLOCK.as_of - timedelta(days=730)
    for unit in TODAY:
        measures = {row["measure"] for row in ROWS if row["unit_id"] == unit}
        assert measures == {measure.value for measure in Measure}


def test_each_unit_reports_its_own_time_only_and_nothing_comes_from_the_future() -> None:
    for row in ROWS:
        unit = UNITS[row["unit_id"]]
        assert row["recorded_at"].astimezone(LOCAL_ZONE).date() <= CLOCK.as_of
        if row["measure"] in YEARLY:
            continue
        assert row["last_day"] <= CLOCK.last
        assert unit["valid_to"] is None or row["last_day"] <= unit["valid_to"]


def test_one_ward_is_late_and_some_figures_are_missing() -> None:
    codes = {key: row["code"] for key, row in TODAY.items()}
    october = {codes[row["unit_id"]] for row in ROWS if row["last_day"] == date(2026, 10, 31)}
    assert october == set(codes.values()) - {ward_figures.LATE_WARD}
    september = [row for row in ROWS if row["last_day"] == date(2026, 9, 30)]
    late = {codes[row["unit_id"]] for row in september if row["recorded_at"].date() > date(2026, 10, 15)}
    assert late == {ward_figures.LATE_WARD}
    march = [row for row in ROWS if row["first_day"] == date(2026, 3, 1)]
    assert len(march) < 6 * len({row["measure"] for row in march})


@pytest.mark.parametrize("day", [date(2025, 7, 1), date(2026, 1, 1), date(2026, 3, 31)])
def test_the_same_day_and_seed_give_the_same_entries(day: date) -> None:
    clock = Clock(178, day)
    assert ward_figures.figure_rows(clock) == ward_figures.figure_rows(clock)
    assert len({row["id"] for row in ward_figures.figure_rows(clock)}) == len(ward_figures.figure_rows(clock))


def test_shares_name_their_paper_and_leave_a_ward_out() -> None:
    shares = ward_figures.share_rows(CLOCK)
    assert all("số giả định" in row["document"] for row in shares)
    assert {row["unit_id"] for row in shares} < set(TODAY)
