"""People's verdicts say how often each rule is right; a rule that is mostly wrong is pointed out."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.alert_precision import precision_of_rules, wilson
from geo.words import AlertKind


def verdicts(
    confirmed: int,
    false: int,
    unclear: int = 0,
    rule: AlertKind = AlertKind.TWO_SIGNALS,
    day: date = date(2026, 2, 1),
) -> pd.DataFrame:
    states = ["confirmed"] * confirmed + ["dismissed"] * false + ["unclear"] * unclear
    return pd.DataFrame({"rule": rule.value, "state": states, "on_date": day})


def test_wilson_gives_the_published_interval() -> None:
    # Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263 and 15 of 148.
    assert [round(x, 4) for x in wilson(81, 263)] == [0.2553, 0.3662]
    assert [round(x, 4) for x in wilson(15, 148)] == [0.0624, 0.1605]


@given(st.integers(1, 200), st.data())
def test_the_interval_holds_the_share_and_stays_within_bounds(n: int, data: st.DataObject) -> None:
    good = data.draw(st.integers(0, n))
    low, high = wilson(good, n)
    assert 0 <= low <= good / n + 1e-9 and good / n <= high + 1e-9 <= 1 + 2e-9


def test_precision_counts_confirmed_over_judged_and_leaves_cannot_tell_out() -> None:
    overall, quarter = precision_of_rules(verdicts(3, 1, 5))
    assert (overall.rule, overall.quarter, quarter.quarter) == (AlertKind.TWO_SIGNALS, None, "2026-Q1")
    assert (overall.confirmed, overall.false, overall.unclear, overall.share) == (3, 1, 5, 0.75)


def test_each_quarter_is_told_by_itself() -> None:
    rows = pd.concat([verdicts(1, 0, day=date(2026, 6, 30)), verdicts(0, 1, day=date(2026, 7, 1))])
    told = precision_of_rules(rows)
    assert [(one.quarter, one.share) for one in told] == [(None, 0.5), ("2026-Q2", 1.0), ("2026-Q3", 0.0)]


def test_a_rule_is_mostly_wrong_only_when_there_is_hardly_a_doubt() -> None:
    assert not precision_of_rules(verdicts(0, 7))[0].mostly_wrong
    assert precision_of_rules(verdicts(0, 8))[0].mostly_wrong
    assert not precision_of_rules(verdicts(3, 7))[0].mostly_wrong
    assert precision_of_rules(verdicts(6, 30))[0].mostly_wrong


def test_rules_without_a_verdict_are_not_told_and_undecided_ones_have_no_share() -> None:
    assert precision_of_rules(verdicts(0, 0)) == []
    assert precision_of_rules(verdicts(0, 0, 2))[0].share is None


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError):
        wilson(0, 0)
