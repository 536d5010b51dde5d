"""The back-test on real food inspections: ahead of the published figures over five windows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from geo.backtest import BacktestOptions, backtest, rolling_windows
from tests.paths import SHARED_DATA, needs_shared_data

pytestmark = [pytest.mark.realdata, needs_shared_data]
AFTER = ["critical_count", "serious_count", "minor_count", "failed"]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    inspections = pd.read_csv(
        SHARED_DATA / "bench" / "chicago_inspections_to_2013_06.csv.gz", parse_dates=["date"]
    )
    complaints = pd.read_csv(
        SHARED_DATA / "bench" / "chicago_complaints_to_2013_06.csv.gz", parse_dates=["date"]
    )
    return backtest(
        inspections,
        complaints,
        outcome="critical_found",
        after=AFTER,
        windows=rolling_windows(date(2012, 9, 1), date(2013, 5, 1), 2),
        options=BacktestOptions(draws=0),
    )


def test_violations_are_found_earlier_than_by_the_published_regression(document: dict[str, Any]) -> None:
    mean = document["mean"]
    assert mean["days_earlier"] >= 8.6
    assert mean["first_half_share"] >= 0.68
    assert mean["auc"] >= 0.67


def test_without_nearby_outcomes_it_is_still_ahead_of_plain_history(document: dict[str, Any]) -> None:
    mean = document["without_nearby_outcomes"]["mean"]
    assert mean["days_earlier"] > 6.71
    assert mean["first_half_share"] > 0.645
    assert mean["auc"] > 0.630


def test_every_window_is_ahead_of_the_order_in_which_it_was_done(document: dict[str, Any]) -> None:
    assert [w["n"] for w in document["windows"]] == [959, 885, 1110, 1350, 1384]
    assert min(w["days_earlier"] for w in document["windows"]) > 0


def test_probabilities_are_better_than_the_past_rate(document: dict[str, Any]) -> None:
    for part in (document, document["without_nearby_outcomes"]):
        assert part["calibration"]["brier"] < part["calibration"]["brier_of_past_rate"]
