"""The measures of `backtest alerts`, counted by hand on small series."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.count_backtest import Labelled, backtest_alerts, measure
from geo.count_detector import DetectorSettings, weekly_alarms


def frame(counts: dict[str, list[float]], labels: dict[str, list[int]], first: int = 1) -> pd.DataFrame:
    rows = [
        {"series": name, "week": first + week, "count": count, "outbreak": labels[name][week]}
        for name, series in counts.items()
        for week, count in enumerate(series)
    ]
    return pd.DataFrame(rows)


TWO = frame({"a": [0] * 26, "b": [0] * 26}, {"a": [0] * 4 + [1] * 4 + [0] * 18, "b": [0] * 26})


def test_counts_are_pooled_over_all_weeks_of_all_series() -> None:
    labelled = Labelled.of(TWO)
    alarm = np.zeros((2, 26), dtype=bool)
    alarm[0, [5, 6, 9]] = True
    alarm[1, 3] = True
    result = measure(alarm, labelled)
    assert result.sensitivity == 2 / 4
    assert result.specificity == pytest.approx(1 - 2 / 48)
    assert result.f1 == pytest.approx(2 * 2 / (2 * 2 + 2 + 2))
    assert result.lag_weeks == 1
    assert result.false_alarms_per_year == pytest.approx(2)


def test_the_lag_is_the_mean_of_a_series_then_of_the_series_and_at_most_twenty() -> None:
    labels = {"a": [1, 1, 0] + [0] * 40 + [1] * 7, "b": [0, 1] + [0] * 48, "c": [0] * 50}
    labelled = Labelled.of(frame({name: [0] * 50 for name in labels}, labels))
    alarm = np.zeros((3, 50), dtype=bool)
    alarm[0, 46] = True
    alarm[1, 5] = True
    assert measure(alarm, labelled).lag_weeks == pytest.approx(((20 + 3) / 2 + 4) / 2)


def test_an_alarm_before_the_first_labelled_week_does_not_shorten_the_lag() -> None:
    alarm = np.zeros((2, 26), dtype=bool)
    alarm[0, [3, 7]] = True
    assert measure(alarm, Labelled.of(TWO)).lag_weeks == 3


def test_missing_weeks_are_left_out_and_split_no_episode() -> None:
    rows = frame({"a": [0, 1, float("nan"), 1, 0]}, {"a": [0, 1, 1, 1, 0]})
    labelled = Labelled.of(rows.drop(index=3))
    assert labelled.episodes(0) == [1]
    result = measure(np.array([[False, False, False, False, True]]), labelled)
    assert (result.sensitivity, result.specificity, result.lag_weeks) == (0, 0.5, 3)


def test_nothing_labelled_gives_no_sensitivity_and_no_lag() -> None:
    labelled = Labelled.of(TWO).part([1])
    result = measure(np.zeros((1, 26), dtype=bool), labelled)
    assert (result.sensitivity, result.lag_weeks, result.f1) == (None, None, None)
    assert (result.specificity, result.false_alarms_per_year) == (1.0, 0.0)


def test_series_of_different_weeks_are_laid_side_by_side() -> None:
    early, late = frame({"a": [1, 2]}, {"a": [0, 0]}, 1), frame({"b": [3]}, {"b": [1]}, 4)
    labelled = Labelled.of(pd.concat([early, late]))
    np.testing.assert_array_equal(labelled.counts, [[1, 2, np.nan, np.nan], [np.nan] * 3 + [3]])


def test_a_week_that_is_there_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Labelled.of(pd.concat([TWO, TWO.iloc[:1]]))


def test_the_document_has_the_keys_of_the_interface_and_the_detectors_own_figures() -> None:
    random = np.random.default_rng(1)
    counts = {name: random.poisson(0.3, 120).tolist() for name in "abc"}
    labels = {name: [0] * 120 for name in counts}
    counts["b"][80:90], labels["b"][80:90] = [6] * 10, [1] * 10
    rows = frame(counts, labels)
    document = backtest_alerts(rows)
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert [one["series"] for one in document["series"]] == ["a", "b", "c"]
    assert set(document["series"][0]) == {
        "series",
        "sensitivity",
        "specificity",
        "lag_weeks",
        "false_alarms_per_year",
    }
    assert set(document["overall"]) == {
        "sensitivity",
        "specificity",
        "lag_weeks",
        "f1",
        "false_alarms_per_year",
    }
    assert document["detector"] == {"name": DetectorSettings().name, "version": DetectorSettings().version}
    labelled = Labelled.of(rows)
    own = measure(weekly_alarms(labelled.counts).alarm, labelled)
    assert document["overall"]["sensitivity"] == pytest.approx(own.sensitivity, abs=1e-4)
    assert document["series"][1]["sensitivity"] >= 0.9


def test_other_settings_are_measured_where_asked() -> None:
    never = replace(DetectorSettings(), name="never", levels=(1e-12, 1e-12))
    document = backtest_alerts(TWO, never)
    assert document["detector"]["name"] == "never"
    assert document["overall"]["lag_weeks"] == 20
