"""The back-test of the risk model on a file of one's own inspections (the command ``backtest risk``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from app.text import render
from geo.backtest import BacktestOptions, backtest, rolling_windows
from geo.errors import InputError
from geo.messages import Message, msg

_INSPECTIONS = ("inspection_id", "date", "premises_id", "type", "lat", "lon")
_SIGNALS = ("date", "lat", "lon")
#: The header line and counting from 1: where a row of the frame stands in the file.
_FIRST_LINE = 2


def backtest_risk(
    inspections: Path,
    signals: Path | None,
    *,
    outcome: str,
    after: Sequence[str],
    first: date,
    last: date,
    months: int,
) -> dict[str, Any]:
    """Measure the risk model over rolling windows of ``months`` starting ``first``, ..., up to ``last``.

    Files are .csv or .csv.gz; what they hold is said in ``geo.backtest.backtest``. Rows without an outcome are
    left out and counted among the notes.
    """
    if months < 1:
        raise InputError("bad_months", msg("Độ dài mỗi kỳ phải từ 1 tháng trở lên, không phải {n}.", n=months))
    if last < first:
        raise InputError("bad_period", msg("Kỳ cuối (--last) phải bắt đầu từ kỳ đầu (--first) trở đi."))
    if outcome in (*after, *_INSPECTIONS):
        raise InputError(
            "bad_outcome",
            msg("Cột kết quả “{column}” không thể dùng cho việc khác.", column=outcome),
            column=outcome,
        )
    read = _read(inspections, (*_INSPECTIONS, outcome, *after))
    known = _checked_inspections(read, inspections.name, outcome, after)
    placed = None
    if signals is not None:
        placed = _dates_and_points(_read(signals, _SIGNALS), signals.name)
    document = backtest(
        known,
        placed,
        outcome=outcome,
        after=after,
        windows=rolling_windows(first, last, months),
        options=BacktestOptions(),
    )
    notes: list[Message] = document["notes"]
    if len(known) < len(read):
        notes.insert(0, msg("{n} dòng chưa có kết quả, không tính", n=len(read) - len(known)))
    return {**document, "notes": [render(note) for note in notes]}


def _read(file: Path, columns: Sequence[str]) -> pd.DataFrame:
    try:
        frame = pd.read_csv(file, encoding="utf-8-sig", low_memory=False)
    except FileNotFoundError:
        raise InputError("no_file", msg("Không có tệp {file}.", file=file.name), file=file.name) from None
    except (ValueError, OSError, EOFError):
        # pandas' own reading errors are ValueErrors; a broken archive gives the others.
        raise InputError(
            "unreadable",
            msg("Không đọc được tệp {file} như một bảng CSV.", file=file.name),
            hint=msg("Lưu lại thành CSV UTF-8, các cột cách nhau bằng dấu phẩy."),
            file=file.name,
        ) from None
    for column in columns:
        if column not in frame.columns:
            raise InputError(
                "missing_column",
                msg("Tệp {file} không có cột “{column}”.", file=file.name, column=column),
                hint=msg("Các cột của tệp: {columns}", columns=", ".join(map(str, frame.columns))),
                file=file.name,
                column=column,
            )
    return frame


def _checked_inspections(read: pd.DataFrame, file: str, outcome: str, after: Sequence[str]) -> pd.DataFrame:
    frame = _dates_and_points(read, file)
    for column in ("inspection_id", "premises_id"):
        _refuse(frame[column].isna(), file, column, msg("thiếu mã"))
    for column in (outcome, *after):
        frame[column] = _numbers(frame[column], file, column)
    found = frame[outcome]
    _refuse(found.notna() & ~found.isin((0, 1)), file, outcome, msg("kết quả phải là 0 hoặc 1"))
    return frame[found.notna()].reset_index(drop=True)


def _dates_and_points(read: pd.DataFrame, file: str) -> pd.DataFrame:
    frame = read.copy()
    frame["date"] = pd.to_datetime(frame["date"], format="ISO8601", errors="coerce")
    _refuse(frame["date"].isna(), file, "date", msg("ngày phải viết dạng 2026-01-31"))
    for column, limit in (("lat", 90), ("lon", 180)):
        frame[column] = _numbers(frame[column], file, column)
        _refuse(frame[column].abs() > limit, file, column, msg("tọa độ nằm ngoài khoảng cho phép"))
    return frame


def _numbers(values: pd.Series, file: str, column: str) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    _refuse(values.notna() & ~np.isfinite(numbers), file, column, msg("không phải là số"))
    return numbers


def _refuse(wrong: pd.Series, file: str, column: str, problem: Message) -> None:
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0]) + _FIRST_LINE
        message = msg(
            "Tệp {file}, dòng {row}, cột “{column}”: {problem}.",
            file=file,
            row=row,
            column=column,
            problem=problem,
        )
        raise InputError("bad_value", message, file=file, row=row, column=column)
