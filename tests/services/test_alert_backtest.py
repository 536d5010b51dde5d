"""`backtest alerts` on files: what it takes, and what it says of files that it cannot take."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.services.alert_backtest import backtest_alert_series
from geo.errors import InputError


def series(weeks: int = 60) -> pd.DataFrame:
    random = np.random.default_rng(1)
    frame = pd.DataFrame({"series": np.repeat(["a", "b"], weeks), "week": np.tile(np.arange(1, weeks + 1), 2)})
    frame["count"] = random.poisson(0.4, 2 * weeks)
    frame["outbreak"] = 0
    frame.loc[40:47, ["count", "outbreak"]] = [7, 1]
    return frame


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "series.csv"
    series().to_csv(path, index=False)
    return path


def test_a_file_gives_the_figures_of_each_series_and_overall(file: Path) -> None:
    document = backtest_alert_series(file)
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert [one["series"] for one in document["series"]] == ["a", "b"]
    assert document["series"][0]["sensitivity"] >= 0.8
    assert document["series"][1]["sensitivity"] is None
    assert document["overall"]["lag_weeks"] <= 1


def test_packed_files_dates_for_weeks_and_rows_in_any_order_give_the_same(file: Path, tmp_path: Path) -> None:
    plain = backtest_alert_series(file)
    packed = tmp_path / "series.csv.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    assert backtest_alert_series(packed) == plain
    dated = series()
    dated["week"] = pd.Timestamp("2025-01-06") + pd.to_timedelta(7 * (dated["week"] - 1), unit="D")
    dated.to_csv(file, index=False)
    assert backtest_alert_series(file) == plain
    dated.sort_values("week", ascending=False, kind="stable").to_csv(file, index=False)
    assert backtest_alert_series(file) == plain


def test_an_empty_count_is_a_missing_week(file: Path) -> None:
    frame = series()
    frame["count"] = frame["count"].astype(float)
    frame.loc[frame["outbreak"] == 1, "count"] = None
    frame.to_csv(file, index=False)
    assert backtest_alert_series(file)["series"][0]["sensitivity"] is None


@pytest.mark.parametrize("column", ["series", "week", "count", "outbreak"])
def test_a_missing_column_is_named(file: Path, column: str) -> None:
    series().drop(columns=column).to_csv(file, index=False)
    with pytest.raises(InputError, match=column) as told:
        backtest_alert_series(file)
    assert (told.value.code, told.value.column, told.value.file) == ("missing_column", column, file.name)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("series", None),
        ("week", "tuần 5"),
        ("week", 2.5),
        ("week", None),
        ("week", 10**9),
        ("week", 3),
        ("count", -1),
        ("count", "nhiều"),
        ("count", "inf"),
        ("outbreak", 2),
        ("outbreak", None),
        ("outbreak", "có"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_line(file: Path, column: str, value: object) -> None:
    frame = series().astype(object)
    frame.loc[9, column] = value
    frame.to_csv(file, index=False)
    with pytest.raises(InputError) as told:
        backtest_alert_series(file)
    assert (told.value.code, told.value.column, told.value.file) == ("bad_value", column, file.name)
    assert told.value.row == 11


def test_dates_that_are_not_whole_weeks_apart_are_named(file: Path) -> None:
    frame = series()
    days = pd.Timestamp("2025-01-06") + pd.to_timedelta(7 * (frame["week"] - 1), unit="D")
    days[5] += pd.Timedelta(days=2)
    frame["week"] = days
    frame.to_csv(file, index=False)
    with pytest.raises(InputError, match="bảy ngày") as told:
        backtest_alert_series(file)
    assert told.value.row == 7


def test_files_that_are_no_table_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        backtest_alert_series(tmp_path / "none.csv")
    assert told.value.code == "no_file"
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(b"no archive")
    with pytest.raises(InputError) as told:
        backtest_alert_series(broken)
    assert told.value.code == "unreadable"
    empty = tmp_path / "empty.csv"
    empty.write_text("series,week,count,outbreak\n", encoding="utf-8")
    with pytest.raises(InputError) as told:
        backtest_alert_series(empty)
    assert told.value.code == "empty_file"
