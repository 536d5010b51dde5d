"""The back-test of the detector of weekly counts on labelled series (the command ``backtest alerts``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.count_backtest import backtest_alerts
from geo.errors import InputError
from geo.messages import Message, msg

_COLUMNS = ("series", "week", "count", "outbreak")
#: The header line and counting from 1: where a row of the frame stands in the file.
_FIRST_LINE = 2
#: A century: more between the first and the last week is a slip, not a series.
_MOST_WEEKS = 5218


def backtest_alert_series(file: Path) -> dict[str, Any]:
    """Read ``series, week, count, outbreak`` (.csv or .csv.gz) and measure the detector on them.

    ``week``: whole numbers one apart, or dates as 2026-01-31 seven days apart. An empty count is a missing
    week; ``outbreak`` is 0 or 1.
    """
    frame = _read(file)
    name = file.name
    _refuse(frame["series"].isna(), name, "series", msg("thiếu tên chuỗi"))
    frame["week"] = _weeks(frame["week"], name)
    for column in ("count", "outbreak"):
        numbers = pd.to_numeric(frame[column], errors="coerce").astype(float)
        _refuse(frame[column].notna() & ~np.isfinite(numbers), name, column, msg("không phải là số"))
        frame[column] = numbers
    _refuse(frame["count"] < 0, name, "count", msg("số đếm không thể âm"))
    _refuse(~frame["outbreak"].isin((0, 1)), name, "outbreak", msg("nhãn phải là 0 hoặc 1"))
    _refuse(frame.duplicated(["series", "week"]), name, "week", msg("tuần này của chuỗi đã có ở dòng trên"))
    return backtest_alerts(frame)


def _read(file: Path) -> pd.DataFrame:
    try:
        frame = pd.read_csv(file, encoding="utf-8-sig", dtype={"series": "str"}, low_memory=False)
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
    for column in _COLUMNS:
        if column not in frame.columns:
            raise InputError(
                "missing_column",
                msg("Tệp {file} không có cột “{column}”.", file=file.name, column=column),
                hint=msg("Các cột của tệp: {columns}", columns=", ".join(map(str, frame.columns))),
                file=file.name,
                column=column,
            )
    if frame.empty:
        raise InputError("empty_file", msg("Tệp {file} không có dòng nào.", file=file.name), file=file.name)
    return frame[list(_COLUMNS)].copy()


def _weeks(values: pd.Series, file: str) -> pd.Series:
    """Whole numbers, of numbers or of dates."""
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    if numbers.isna().all():
        days = pd.to_datetime(values, format="ISO8601", errors="coerce")
        _refuse(days.isna(), file, "week", msg("tuần phải là số nguyên hoặc ngày viết dạng 2026-01-31"))
        numbers = (days - days.min()).dt.days / 7
        _refuse(numbers % 1 != 0, file, "week", msg("các ngày phải cách nhau đúng bảy ngày một"))
    whole = np.isfinite(numbers) & (numbers % 1 == 0)
    _refuse(~whole, file, "week", msg("tuần phải là số nguyên hoặc ngày viết dạng 2026-01-31"))
    _refuse(
        numbers - numbers.min() >= _MOST_WEEKS, file, "week", msg("tuần cách tuần đầu của tệp hơn một trăm năm")
    )
    return (numbers - numbers.min()).astype("int64")


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
