"""The values of the targets as a configuration, and the days that a period is compared with."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.target_parts import Part
from geo.target_rows import is_met
from geo.target_settings import parse_targets
from geo.target_texts import shortfall
from geo.target_windows import Window, same_days
from tests.unit.geo.test_targets import SETTINGS

DAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("code", "day", "comparator", "value"),
    [
        # Plan 316 of 29 November 2021 (domain, section 2).
        ("T01", date(2024, 6, 30), ">=", 0.7),
        ("T02a", date(2024, 6, 30), ">=", 0.7),
        ("T02b", date(2024, 6, 30), ">=", 0.6),
        ("T02c", date(2024, 6, 30), ">=", 0.7),
        ("T03", date(2024, 6, 30), ">=", 1.0),
        ("T04", date(2024, 6, 30), ">=", 1.0),
        ("T05", date(2024, 6, 30), ">=", 0.5),
        ("T06", date(2024, 6, 30), ">=", 1.0),
        ("T07", date(2024, 6, 30), ">=", 0.03),
        ("T08", date(2024, 6, 30), "<=", 0.0),
        ("T09", date(2024, 6, 30), ">", 0.6),
        ("T10", date(2024, 6, 30), ">=", 0.5),
        # The city's plans 06 and 07 of 7 January 2026.
        ("T01", DAY, ">=", 1.0),
        ("T04", DAY, ">=", 1.0),
        ("T05", DAY, ">=", 1.0),
        ("T09", DAY, ">=", 0.6),
        ("T09a", DAY, "count", 2937.0),
        ("T02d", DAY, "count", 5300.0),
        ("T02e", DAY, "count", 3500.0),
        ("T02f", DAY, "count", 60000.0),
        ("T02g", DAY, "count", 100000.0),
        ("T10a", DAY, "count", 6000.0),
    ],
)
def test_the_targets_are_those_of_the_papers(code: str, day: date, comparator: str, value: float) -> None:
    rule = SETTINGS.rule(code, day)
    assert rule is not None and (rule.comparator, rule.value) == (comparator, value)


def test_the_programme_of_2026_to_2035_has_its_place_and_no_values() -> None:
    assert SETTINGS.rule("T09", date(2030, 1, 1)) is None
    assert "2026-2035" in (SETTINGS.paper(date(2030, 1, 1)) or "")


_HEAD = '[[programme]]\nsource = "x"\nvalid_from = 2026-01-01\nvalid_to = 2026-12-31\n[programme.targets]\n'


@pytest.mark.parametrize(
    "text",
    [
        "whole = ",
        'whole = "ward"\nprogramme = []',
        _HEAD.replace("2026-12-31", "2025-12-31"),
        _HEAD.replace("2026-01-01", '"2026-01-01"'),
        _HEAD.replace("2026-01-01", "2026-01-01T00:00:00Z"),
        _HEAD + 'T99 = { comparator = ">=", value = 1 }',
        _HEAD + 'T01 = { comparator = "=>", value = 1 }',
        _HEAD + 'T01 = { comparator = ">=", value = "70%" }',
        _HEAD + 'T01 = { comparator = "count", value = 3 }',
        _HEAD + 'T09a = { comparator = ">=", value = 3 }',
        _HEAD + "T01 = 0.7",
    ],
)
def test_a_broken_configuration_is_refused_by_name(text: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_targets(text, "targets.toml")
    assert refused.value.code == "bad_configuration"
    assert "targets.toml" in str(refused.value.message)


@given(
    numerator=st.integers(0, 400),
    denominator=st.integers(1, 400),
    target=st.sampled_from([0.5, 0.6, 0.7, 1.0, 0.07]),
    comparator=st.sampled_from([">", ">="]),
)
def test_what_is_missing_is_the_least_that_reaches_the_target(
    numerator: int, denominator: int, target: float, comparator: str
) -> None:
    def part(top: int) -> Part:
        return Part(top, denominator, top / denominator)

    least = shortfall(part(numerator), comparator, target)
    if numerator + least <= denominator:
        assert is_met(part(numerator + least), comparator, target)
    if least:
        assert not is_met(part(numerator + least - 1), comparator, target)


def test_a_month_is_compared_with_the_month_before_and_that_of_last_year() -> None:
    march = Window(date(2024, 3, 1), date(2024, 3, 31), DAY)
    assert (march.before.first, march.before.last) == (date(2024, 2, 1), date(2024, 2, 29))
    assert (march.year_before.first, march.year_before.last) == (date(2023, 3, 1), date(2023, 3, 31))


def test_a_reporting_period_is_compared_with_the_one_before() -> None:
    half = Window(date(2025, 12, 15), date(2026, 6, 14), DAY)
    assert (half.before.first, half.before.last) == (date(2025, 6, 15), date(2025, 12, 14))
    assert (half.year_before.first, half.year_before.last) == (date(2024, 12, 15), date(2025, 6, 14))


def test_a_period_that_still_runs_is_compared_with_the_same_part_of_last_year() -> None:
    year = Window(date(2026, 1, 1), date(2026, 12, 31), DAY)
    assert year.running
    assert (year.year_before.first, year.year_before.last) == (date(2025, 1, 1), DAY.replace(year=2025))
    assert (year.before.first, year.before.last) == (date(2025, 1, 1), date(2025, 12, 31))


def test_any_days_are_compared_with_as_many_before() -> None:
    ten = Window(date(2026, 3, 5), date(2026, 3, 14), DAY)
    assert (ten.before.first, ten.before.last) == (date(2026, 2, 23), date(2026, 3, 4))


def test_a_cut_off_does_not_part_a_share_from_its_year() -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))
    assert same_days(*year, date(2025, 12, 15), date(2026, 12, 14))
    assert not same_days(*year, date(2026, 1, 1), date(2026, 6, 30))
    assert not same_days(*year, date(2025, 1, 1), date(2025, 12, 31))
