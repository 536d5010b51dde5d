"""The risk model on real inspections, with and without nearby outcomes, beside a plain regression, as JSON.

``python -m tests.benchmarks.risk_backtest [--inspections CSV --signals CSV] [--first D] [--last D] [--months 2]
[--step N]``: windows of ``--months`` every ``--step`` months (default: as long as a window). Besides the mean
and its interval: the mean of the earlier and of the later half of the windows, and seconds of one fit.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from geo.backtest import BacktestOptions, Window, backtest, rolling_windows
from geo.backtest_measures import mean_of
from geo.risk_features import FeatureSettings, middle_latitude, read_log, read_signals
from geo.risk_model import fit_risk, training_set
from tests.paths import SHARED_DATA

BENCH = SHARED_DATA / "bench"
OUTCOME = "critical_found"
AFTER = ("critical_count", "serious_count", "minor_count", "failed")
PUBLISHED = {
    "plain_regression": {"days_earlier": 6.71, "first_half_share": 0.645, "auc": 0.630},
    "plain_regression_with_nearby_outcomes": {"days_earlier": 8.48, "first_half_share": 0.676, "auc": 0.666},
}


def windows_every(first: date, last: date, months: int, step: int) -> list[Window]:
    """Windows of ``months`` that start every ``step`` months, so that they may overlap."""
    starts = [window.first for window in rolling_windows(first, last, step)]
    return [rolling_windows(start, start, months)[0] for start in starts]


def figures(
    inspections: pd.DataFrame, signals: pd.DataFrame | None, after: Sequence[str], windows: Sequence[Window]
) -> dict[str, Any]:
    """Both models' mean, interval, halves and windows."""
    document = backtest(
        inspections, signals, outcome=OUTCOME, after=after, windows=windows, options=BacktestOptions()
    )
    half = len(windows) // 2
    results: dict[str, Any] = {}
    for name, part in (("with_nearby", document), ("without_nearby", document["without_nearby_outcomes"])):
        results[name] = {
            "mean": part["mean"],
            "intervals": part["intervals"],
            "earlier_half": mean_of(part["windows"][:half]),
            "later_half": mean_of(part["windows"][half:]),
            "brier": part["calibration"]["brier"],
            "brier_of_past_rate": part["calibration"]["brier_of_past_rate"],
            "windows": part["windows"],
        }
    return {**results, "nearby_outcomes": document["nearby_outcomes"], "baselines": document["baselines"]}


def plain(inspections: pd.DataFrame, windows: Sequence[Window]) -> dict[str, Any]:
    """The reference in the same run: own history of the outcome, time since last, age, type, risk class and
    licence flags, without signals and without what else was found."""
    fewer = inspections.drop(columns=list(AFTER))
    both = figures(fewer, None, (), windows)
    return {name: both[name]["mean"] for name in ("with_nearby", "without_nearby")}


def seconds_of_a_fit(inspections: pd.DataFrame, signals: pd.DataFrame) -> float:
    """Seconds to fit on the whole file, features included."""
    latitude = middle_latitude(inspections)
    log, placed = read_log(inspections, OUTCOME, AFTER, latitude), read_signals(signals, latitude)
    began = time.perf_counter()
    training = training_set(log, placed, int(log.day.max()) + 1, 61, FeatureSettings(nearby=True))
    assert training is not None
    fit_risk(training)
    return time.perf_counter() - began


def main() -> None:
    """Print the measurement as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inspections", type=Path, default=BENCH / "chicago_inspections_to_2013_06.csv.gz")
    parser.add_argument("--signals", type=Path, default=BENCH / "chicago_complaints_to_2013_06.csv.gz")
    parser.add_argument("--first", type=date.fromisoformat, default=date(2012, 9, 1))
    parser.add_argument("--last", type=date.fromisoformat, default=date(2013, 5, 1))
    parser.add_argument("--months", type=int, default=2)
    parser.add_argument("--step", type=int, help="months from one window to the next")
    parser.add_argument("--json", action="store_true", help="the only form there is")
    options = parser.parse_args()
    inspections = pd.read_csv(options.inspections, parse_dates=["date"])
    signals = pd.read_csv(options.signals, parse_dates=["date"])
    windows = windows_every(options.first, options.last, options.months, options.step or options.months)
    document = {
        "ours": figures(inspections, signals, AFTER, windows),
        "plain_regression_same_run": plain(inspections, windows),
        "published_on_the_five_windows": PUBLISHED,
        "fit_seconds": round(seconds_of_a_fit(inspections, signals), 2),
    }
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
