"""From the cells of a frame to plain values: a missing one is None, whatever the frame holds in its place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd


def text_of(value: Any) -> str | None:
    """The text of a cell."""
    return value if isinstance(value, str) else None


def day_of(value: Any) -> date | None:
    """The day of a cell."""
    if value is None or pd.isna(value):
        return None
    day: date = pd.Timestamp(value).date()
    return day
