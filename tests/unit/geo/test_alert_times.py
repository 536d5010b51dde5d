"""Alerts are answered in the 1-3-7 manner: acknowledged in a day, verified in three, acted upon in seven."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from geo.alert_times import Response, Stage, parse_rules, response, summary
from geo.errors import InputError
from geo.words import AlertState
from tests.paths import ROOT

RAISED = date(2026, 3, 2)
RULES = ROOT / "geo" / "alerts.toml"
SETTINGS = parse_rules(RULES.read_text(encoding="utf-8"))


def answer(*steps: tuple[AlertState, int], after: int) -> Response:
    """The life of an alert as (state, days after it was raised), looked at so many days after."""
    life = [(AlertState.RAISED, RAISED), *((state, RAISED + timedelta(days=day)) for state, day in steps)]
    return response(RAISED, life, SETTINGS.response, RAISED + timedelta(days=after))


def test_a_new_alert_waits_to_be_acknowledged_and_is_late_after_a_day() -> None:
    assert answer(after=1).waiting is Stage.ACKNOWLEDGE
    assert not answer(after=1).late
    late = answer(after=2)
    assert late.late and late.due_on == RAISED + timedelta(days=1)
    assert late.in_time == {Stage.ACKNOWLEDGE: False}


def test_an_acknowledged_one_waits_for_its_verification() -> None:
    one = answer((AlertState.ACKNOWLEDGED, 1), after=3)
    assert (one.waiting, one.due_on, one.late) == (Stage.VERIFY, RAISED + timedelta(days=3), False)
    assert one.in_time == {Stage.ACKNOWLEDGE: True}
    assert answer((AlertState.ACKNOWLEDGED, 1), after=4).late


@pytest.mark.parametrize("verdict", [AlertState.CONFIRMED, AlertState.UNCLEAR])
def test_after_the_verification_something_has_to_follow_within_seven_days(verdict: AlertState) -> None:
    one = answer((AlertState.ACKNOWLEDGED, 0), (verdict, 5), after=6)
    assert (one.waiting, one.took) == (Stage.ACT, {Stage.ACKNOWLEDGE: 0, Stage.VERIFY: 5})
    assert one.in_time == {Stage.ACKNOWLEDGE: True, Stage.VERIFY: False}


def test_a_false_alarm_asks_for_nothing_more() -> None:
    one = answer((AlertState.DISMISSED, 2), after=50)
    assert (one.waiting, one.late, one.due_on) == (None, False, None)
    assert one.took == {Stage.ACKNOWLEDGE: 2, Stage.VERIFY: 2, Stage.ACT: 2}


def test_a_step_before_the_alert_by_a_clock_set_back_took_no_time() -> None:
    assert answer((AlertState.CLOSED, -3), after=0).took[Stage.ACT] == 0


def test_the_summary_counts_what_was_reached_or_is_overdue() -> None:
    answers = [
        answer((AlertState.ACKNOWLEDGED, 1), after=2),
        answer((AlertState.ACKNOWLEDGED, 3), after=3),
        answer(after=2),
        answer(after=0),
    ]
    first, second, _third = summary(answers, SETTINGS.response)
    assert (first.days, first.counted, first.in_time) == (1, 3, 1)
    assert (second.days, second.counted, second.in_time) == (3, 0, 0)


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("act_days = 7", "act_days = 0", "act_days"),
        ("act_days = 7", "act_days = 2", "response"),
        ("verify_days = 3", "", "verify_days"),
        ("least_verdicts = 8", "least_verdicts = 0", "least_verdicts"),
        ("mostly_wrong_below = 0.5", "mostly_wrong_below = 2", "mostly_wrong_below"),
        ("[response]", "[response", "alerts.toml"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(before: str, after: str, named: str) -> None:
    text = RULES.read_text(encoding="utf-8").replace(before, after)
    with pytest.raises(InputError, match=named):
        parse_rules(text)
