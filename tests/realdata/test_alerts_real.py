"""The detector of weekly counts on real labelled series, at its one stated setting."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.count_backtest import Labelled, backtest_alerts, measure
from geo.count_detector import weekly_alarms
from tests.benchmarks.alert_references import bayes, cyclic
from tests.paths import SHARED_DATA, needs_shared_data

pytestmark = [pytest.mark.realdata, needs_shared_data]


@pytest.fixture(scope="module")
def series() -> pd.DataFrame:
    return pd.read_csv(SHARED_DATA / "bench" / "labelled_counts_7.csv")


def test_outbreaks_are_found_soon_with_few_false_alarms(series: pd.DataFrame) -> None:
    overall = backtest_alerts(series)["overall"]
    assert overall["f1"] >= 0.5
    assert overall["specificity"] >= 0.94
    assert overall["lag_weeks"] <= 2.5


def test_nothing_said_of_a_week_changes_when_later_weeks_become_known(series: pd.DataFrame) -> None:
    counts = Labelled.of(series).counts
    whole = weekly_alarms(counts).alarm
    for week in range(10, counts.shape[1], 23):
        assert (weekly_alarms(counts[:, :week]).alarm == whole[:, :week]).all()


def test_the_measures_give_the_published_figures_for_the_published_detector(series: pd.DataFrame) -> None:
    labelled = Labelled.of(series)
    extended = measure([cyclic(bayes, one) for one in labelled.counts], labelled)
    prospective = measure([bayes(one) for one in labelled.counts], labelled)
    assert extended.f1 == pytest.approx(0.471, abs=0.001)
    assert prospective.f1 == pytest.approx(0.300, abs=0.001)
