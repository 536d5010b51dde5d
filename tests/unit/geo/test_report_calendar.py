"""Reporting periods with their cut-off, and the days reports are due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.periods import parse_period, period_of
from geo.report_calendar import (
    MONTHS,
    DueState,
    chosen_days,
    deadlines,
    parse_rules,
    period_closing_by,
    reporting_period,
)
from geo.review_words import ReportKind
from tests.paths import ROOT

RULES = parse_rules((ROOT / "geo" / "reporting.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("kind", "period", "first", "last"),
    [
        (ReportKind.MONTH, "2026-03", date(2026, 2, 15), date(2026, 3, 14)),
        (ReportKind.MONTH, "2026-01", date(2025, 12, 15), date(2026, 1, 14)),
        (ReportKind.QUARTER, "2026-Q2", date(2026, 3, 15), date(2026, 6, 14)),
        (ReportKind.HALF, "2026-H1", date(2025, 12, 15), date(2026, 6, 14)),
        (ReportKind.HALF, "2026-H2", date(2026, 6, 15), date(2026, 12, 14)),
        (ReportKind.YEAR, "2026", date(2025, 12, 15), date(2026, 12, 14)),
        (ReportKind.ADHOC, "2026-Q2", date(2026, 4, 1), date(2026, 6, 30)),
    ],
)
def test_data_close_on_the_14th_as_the_decree_says(
    kind: ReportKind, period: str, first: date, last: date
) -> None:
    found = reporting_period(kind, parse_period(period), RULES)
    assert (found.first, found.last) == (first, last)


def test_the_half_year_and_the_year_are_due_on_the_days_of_the_plan() -> None:
    assert reporting_period(ReportKind.HALF, parse_period("2026-H1"), RULES).due_on == date(2026, 6, 15)
    assert reporting_period(ReportKind.YEAR, parse_period("2026"), RULES).due_on == date(2026, 12, 15)


def test_an_office_can_close_its_data_at_the_end_of_the_month() -> None:
    text = (
        (ROOT / "geo" / "reporting.toml")
        .read_text(encoding="utf-8")
        .replace("closes_on = 14", "closes_on = 31")
    )
    found = reporting_period(ReportKind.MONTH, parse_period("2028-02"), parse_rules(text))
    assert (found.first, found.last) == (date(2028, 2, 1), date(2028, 2, 29))


@given(st.sampled_from(list(MONTHS)), st.dates(date(2000, 1, 1), date(2098, 1, 1)), st.integers(1, 31))
def test_periods_follow_each_other_without_gap_or_overlap(kind: ReportKind, day: date, closes_on: int) -> None:
    text = (ROOT / "geo" / "reporting.toml").read_text(encoding="utf-8")
    rules = parse_rules(text.replace("closes_on = 14", f"closes_on = {closes_on}"))
    period = period_of(day, MONTHS[kind])
    assert reporting_period(kind, period.before, rules).last + timedelta(days=1) == (
        reporting_period(kind, period, rules).first
    )
    closed = period_closing_by(kind, day, rules)
    assert closed.last <= day
    assert closed.calendar is not None
    following = period_of(closed.calendar.last + timedelta(days=1), MONTHS[kind])
    assert reporting_period(kind, following, rules).last > day


def test_a_kind_and_a_period_that_do_not_fit_are_told() -> None:
    with pytest.raises(InputError) as refused:
        reporting_period(ReportKind.MONTH, parse_period("2026-Q3"), RULES)
    assert refused.value.code == "wrong_period"
    with pytest.raises(InputError):
        chosen_days(ReportKind.ADHOC, date(2026, 2, 1), date(2026, 1, 1))


def test_the_calendar_reminds_and_tells_what_is_late() -> None:
    day = date(2026, 12, 10)
    issued = {(ReportKind.MONTH, "2026-11")}
    found = deadlines(date(2026, 11, 1), date(2026, 12, 31), day, issued, RULES)
    states = {(one.period.kind, one.period.text): one.state for one in found}
    assert states == {
        (ReportKind.MONTH, "2026-11"): DueState.DONE,
        (ReportKind.YEAR, "2026"): DueState.SOON,
        (ReportKind.MONTH, "2026-12"): DueState.SOON,
        (ReportKind.QUARTER, "2026-Q4"): DueState.SOON,
    }
    assert str(found[1].text) == "còn 5 ngày"
    late = deadlines(date(2026, 6, 1), date(2026, 6, 30), day, (), RULES)
    assert {one.state for one in late} == {DueState.LATE}
    ahead = deadlines(date(2027, 6, 1), date(2027, 6, 30), day, (), RULES)
    assert {one.state for one in ahead} == {DueState.AHEAD}
    assert ReportKind.HALF in {one.period.kind for one in ahead}


def test_the_second_half_is_reported_within_the_year() -> None:
    owed = deadlines(date(2026, 12, 1), date(2026, 12, 31), date(2026, 12, 1), (), RULES)
    assert ReportKind.HALF not in {one.period.kind for one in owed}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("closes_on = 14", "closes_on = 32"),
        ("due_days = 1", "due_days = -1"),
        ("owed = [1]", "owed = [3]"),
        ("[month]", "[tháng"),
        ("[year]", "[years]"),
        ("remind_days = 10", 'remind_days = "10"'),
    ],
)
def test_rules_that_make_no_sense_are_told(old: str, new: str) -> None:
    text = (ROOT / "geo" / "reporting.toml").read_text(encoding="utf-8")
    with pytest.raises(InputError) as refused:
        parse_rules(text.replace(old, new, 1))
    assert refused.value.code == "bad_reporting"
