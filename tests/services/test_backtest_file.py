"""`backtest risk` on files: what it takes, and what it says of files that it cannot take."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.services.backtest import backtest_risk
from geo.errors import InputError
from tests.unit.geo.inspections_world import AFTER, inspections, signals


def run(file: Path, events: Path | None = None, **changes: Any) -> dict[str, Any]:
    options: dict[str, Any] = {"outcome": "found", "after": AFTER, "months": 2}
    options |= {"first": date(2025, 1, 1), "last": date(2025, 1, 1), **changes}
    return backtest_risk(file, events, **options)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "inspections.csv"
    inspections().to_csv(path, index=False)
    return path


def test_a_packed_file_and_signals_give_a_json_document(file: Path, tmp_path: Path) -> None:
    packed, events = tmp_path / "inspections.csv.gz", tmp_path / "signals.csv"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    signals().to_csv(events, index=False)
    document = run(packed, events)
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["windows"][0]["from"] == "2025-01-01"
    assert document["windows"][0]["to"] == "2025-02-28"
    assert set(document["baselines"]) == {"as_inspected", "longest_since_last", "history_only"}


def test_rows_without_an_outcome_are_left_out_and_told(file: Path) -> None:
    frame = inspections()
    frame.loc[:9, "found"] = None
    frame.to_csv(file, index=False)
    assert run(file)["notes"] == ["10 dòng chưa có kết quả, không tính"]


@pytest.mark.parametrize("column", ["inspection_id", "premises_id", "type", "lat", "found", "minor_count"])
def test_a_missing_column_is_named(file: Path, column: str) -> None:
    inspections().drop(columns=column).to_csv(file, index=False)
    with pytest.raises(InputError, match=column) as told:
        run(file)
    assert (told.value.code, told.value.column, told.value.file) == ("missing_column", column, file.name)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("date", "31 tháng 2"),
        ("date", None),
        ("found", 2),
        ("found", "có"),
        ("lat", 950),
        ("lon", "x"),
        ("minor_count", "nhiều"),
        ("premises_id", None),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_line(file: Path, column: str, value: object) -> None:
    frame = inspections().astype({column: object})
    frame.loc[3, column] = value
    frame.to_csv(file, index=False)
    with pytest.raises(InputError) as told:
        run(file)
    assert (told.value.code, told.value.row, told.value.column) == ("bad_value", 5, column)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"PK\x03\x04\x00\x80\xff"])
def test_a_file_that_is_no_table_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(InputError):
        run(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv"):
        run(tmp_path / "none.csv")


@pytest.mark.parametrize(
    "changes", [{"months": 0}, {"last": date(2024, 12, 1)}, {"after": ["found"]}, {"outcome": "type"}]
)
def test_impossible_options_are_refused(file: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        run(file, **changes)


def test_a_file_with_a_header_only_has_not_enough_data(file: Path) -> None:
    inspections(0).to_csv(file, index=False)
    document = run(file)
    assert document["mean"] == {"days_earlier": None, "first_half_share": None, "auc": None}
    assert document["notes"][0].startswith("Chưa đủ dữ liệu")
