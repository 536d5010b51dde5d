"""The back-test: windows, the measures' definitions, no look into the future, and thin or broken data."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.backtest import (
    BASELINES,
    WITH_NEARBY,
    WITHOUT_NEARBY,
    BacktestOptions,
    backtest,
    rolling_windows,
    score_windows,
)
from geo.backtest_measures import Period, calibration, compare_pairs, mean_of, measure, pairs_within
from geo.risk_features import FeatureSettings, middle_latitude, read_log, read_signals
from tests.unit.geo.inspections_world import AFTER, FIRST_WINDOW, inspections, signals

WINDOWS = rolling_windows(FIRST_WINDOW, date(2025, 5, 1), 2)


def run(frame: pd.DataFrame, events: pd.DataFrame | None = None, draws: int = 5) -> dict[str, Any]:
    options = BacktestOptions(draws=draws)
    return backtest(frame, events, outcome="found", after=AFTER, windows=WINDOWS, options=options)


def period(days: list[int], found: list[int]) -> Period:
    return Period(np.array(days), np.array(found, float), np.arange(len(days)))


def scores(frame: pd.DataFrame, events: pd.DataFrame) -> dict[str, np.ndarray]:
    """Scores of the first window's inspections, in the order of the file."""
    latitude = middle_latitude(frame)
    log = read_log(frame, "found", AFTER, latitude)
    found = score_windows(log, read_signals(events, latitude), WINDOWS[:1], FeatureSettings())
    return next(found).scores


def test_windows_start_every_n_months_up_to_and_including_the_last() -> None:
    windows = rolling_windows(date(2012, 9, 1), date(2013, 5, 1), 2)
    assert [w.first for w in windows] == [
        date(2012, 9, 1),
        date(2012, 11, 1),
        *(date(2013, m, 1) for m in (1, 3, 5)),
    ]
    assert windows[0].last == date(2012, 10, 31)
    assert windows[-1].last == date(2013, 6, 30)


def test_windows_that_start_on_a_31st_do_not_drift() -> None:
    windows = rolling_windows(date(2024, 1, 31), date(2024, 4, 1), 1)
    assert [w.first for w in windows] == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)]


def test_days_earlier_hands_out_the_same_dates_in_the_order_of_the_scores() -> None:
    # Found on days 4 and 2; by score they come first and third, on days 1 and 3.
    measured = measure(np.array([0.0, 0.3, 0.5, 0.9]), period([1, 2, 3, 4], [0, 1, 0, 1]))
    assert measured["days_earlier"] == pytest.approx(((4 - 1) + (2 - 3)) / 2)


def test_first_half_are_the_days_on_which_fewer_than_half_are_done() -> None:
    # After day 1 one of four is done, after day 2 two are: only day 1 stays below half.
    measured = measure(np.array([0.9, 0.1, 0.2, 0.8]), period([1, 2, 3, 4], [1, 0, 0, 1]))
    assert measured["first_half_share"] == 0.5


def test_equal_scores_go_in_the_order_of_the_inspections_ids() -> None:
    measured = measure(np.zeros(3), Period(np.array([1, 2, 3]), np.array([1.0, 0, 0]), np.array([2, 1, 0])))
    assert measured == {"days_earlier": -2.0, "first_half_share": 0.0, "auc": 0.5}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.integers(0, 5)), min_size=1, max_size=40))
def test_measures_are_numbers_in_range_or_nothing(rows: list[tuple[int, bool, int]]) -> None:
    days, found, score = (list(column) for column in zip(*rows, strict=True))
    some = period(days, [int(f) for f in found])
    as_done = measure(-some.day.astype(float), period(sorted(days), [1] * len(days)))
    assert as_done["auc"] is None
    measured = measure(np.array(score, float), some)
    if not any(found):
        assert set(measured.values()) == {None}
        return
    assert abs(measured["days_earlier"]) <= 30  # type: ignore[arg-type]
    assert 0 <= measured["first_half_share"] <= 1  # type: ignore[operator]
    assert (measured["auc"] is None) == all(found)
    assert measured["auc"] is None or 0 <= measured["auc"] <= 1


def test_the_order_in_which_it_was_done_is_no_day_earlier() -> None:
    document = run(inspections(), draws=0)
    assert document["baselines"]["as_inspected"]["days_earlier"] == 0.0


def test_a_mean_leaves_out_windows_without_a_value() -> None:
    full = {"days_earlier": 2.0, "first_half_share": 0.5, "auc": None}
    empty = dict.fromkeys(full)
    assert mean_of([full, empty]) == full
    assert mean_of([]) == empty


def test_shuffling_the_future_changes_nothing_in_the_scores() -> None:
    frame, events = inspections(), signals()
    before = scores(frame, events)
    random = np.random.default_rng(3)
    later = np.flatnonzero(frame["date"] >= pd.Timestamp(FIRST_WINDOW))
    other = frame.copy()
    for column in ("found", *AFTER):
        other[column] = other[column].astype(float)
        other.loc[later, column] = random.permutation(other.loc[later, column].to_numpy()) + (column != "found")
    after_window = np.flatnonzero(frame["date"].dt.date > WINDOWS[0].last)
    other.loc[after_window, "rooms"] = 10_000
    other.loc[after_window, "owner_kind"] = "another"
    other.loc[after_window, ["lat", "lon"]] = other.loc[after_window[::-1], ["lat", "lon"]].to_numpy()
    soon = events["date"] >= pd.Timestamp(FIRST_WINDOW)
    moved = events[~soon]
    now = scores(other, moved)
    assert set(before) == {WITH_NEARBY, WITHOUT_NEARBY, *BASELINES}
    for name in before:
        np.testing.assert_array_equal(now[name], before[name], err_msg=name)


def test_shuffling_the_past_does_change_the_scores() -> None:
    frame, events = inspections(), signals()
    past = np.flatnonzero(frame["date"] < pd.Timestamp(FIRST_WINDOW))
    other = frame.copy()
    other.loc[past, "found"] = np.random.default_rng(4).permutation(frame.loc[past, "found"].to_numpy())
    before, now = scores(frame, events), scores(other, events)
    for name in (WITH_NEARBY, WITHOUT_NEARBY, "history_only"):
        assert not np.allclose(now[name], before[name])


def test_the_model_finds_what_decides_in_a_made_up_town() -> None:
    document = run(inspections(1500), signals())
    assert document["mean"]["days_earlier"] > document["baselines"]["longest_since_last"]["days_earlier"]
    assert document["baselines"]["as_inspected"]["model_ahead"]["days_earlier"][0] > 0


def test_every_figure_is_given_with_and_without_nearby_outcomes() -> None:
    document = run(inspections(), signals())
    without = document["without_nearby_outcomes"]
    for part in (document, without):
        assert [set(w) for w in part["windows"]] == [
            {"from", "to", "n", "positives", "days_earlier", "first_half_share", "auc"}
        ] * len(WINDOWS)
        assert set(part["mean"]) == set(part["intervals"]) == {"days_earlier", "first_half_share", "auc"}
        assert 0 < part["calibration"]["brier"] < 1
    assert document["mean"] != without["mean"]


def test_nearby_outcomes_are_no_default_unless_they_win_in_the_same_month_and_area() -> None:
    # Outcomes here do not depend on where a premises stands.
    document = run(inspections(1200), draws=30)["nearby_outcomes"]
    assert document["same_month_and_area"]["pairs"] > 0
    assert document["kept_by_default"] is False


def test_pairs_are_compared_only_within_their_stratum() -> None:
    good, bad = np.array([0.9, 0.1, 0.5, 0.4]), np.array([0.1, 0.9, 0.5, 0.5])
    found, stratum = np.array([1.0, 0, 1, 0]), np.array([1, 1, 2, 2])
    compared = compare_pairs(pairs_within({"a": good, "b": bad}, found, stratum), "a", "b", 20, 1)
    assert (compared["pairs"], compared["a"], compared["b"]) == (2, 1.0, 0.25)


def test_the_reliability_table_covers_every_inspection_once() -> None:
    chance = np.linspace(0, 1, 25)
    table = calibration(chance, (chance > 0.5).astype(float), np.full(25, 0.5))
    assert sum(row["n"] for row in table["reliability"]) == 25  # type: ignore[attr-defined]
    assert table["brier_of_past_rate"] == 0.25


@pytest.mark.parametrize("case", ["empty", "one", "none_found", "all_found", "no_past", "no_points", "gap"])
def test_thin_data_gives_a_note_and_never_a_number_that_is_none(case: str) -> None:
    frame = inspections()
    if case == "empty":
        frame = frame.iloc[:0]
    if case == "one":
        frame = frame.iloc[-1:]
    if case in ("none_found", "all_found"):
        frame["found"] = float(case == "all_found")
    if case == "no_past":
        frame = frame[frame["date"] >= pd.Timestamp(FIRST_WINDOW)]
    if case == "no_points":
        frame[["lat", "lon"]] = np.nan
    if case == "gap":
        frame = frame[(frame["date"] < "2025-03-01") | (frame["date"] >= "2025-05-01")]
    document = run(frame, signals(5))
    texts = [str(note) for note in document.pop("notes")]
    json.dumps(document, allow_nan=False)
    assert any(text.startswith("Chưa đủ dữ liệu") for text in texts) == (case != "no_points")
    assert (document["mean"]["auc"] is None) == (case not in ("no_points", "gap"))


def test_a_window_where_all_found_something_has_no_auc() -> None:
    frame = inspections()
    inside = frame["date"].dt.date.between(WINDOWS[1].first, WINDOWS[1].last)
    frame.loc[inside, "found"] = 1.0
    document = run(frame)
    assert document["windows"][1]["auc"] is None
    assert document["windows"][1]["days_earlier"] == 0.0
    assert document["mean"]["auc"] is not None


def test_an_inspection_given_twice_counts_once_and_is_told() -> None:
    frame = inspections()
    once, twice = (run(some, draws=0) for some in (frame, pd.concat([frame, frame.iloc[:40]])))
    assert twice["windows"] == once["windows"]
    assert "40 dòng trùng" in str(twice["notes"][0])


def test_the_same_file_gives_the_same_figures() -> None:
    assert run(inspections(), signals()) == run(inspections(), signals())
