"""The control chart of one place: what was counted week by week, what to expect, from where on it speaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from app.parts import charts
from app.text import _, number, show

Floats = npt.NDArray[np.float64]
COUNT, ALARM, LIMIT, EXPECTED, UNKNOWN = "#6f8fa8", "#b2182b", "#1d2733", "#2a7d4f", "#d9dee3"
_HEIGHT = 190


def control_chart(
    weeks: Sequence[Any],
    observed: Floats,
    expected: Floats,
    threshold: Floats,
    alarm: npt.NDArray[np.bool_],
) -> None:
    """Bars of the weighted counts, the expected count and the threshold as lines; alarm weeks in red.

    ``weeks``: the last day of each week; the arrays (weeks,) have NaN where nothing was recorded or asked.
    """
    rows = frame(weeks, observed, expected, threshold, alarm)
    x = alt.X("week:T", title=None, axis=alt.Axis(format="%m/%Y", labelOverlap=True, grid=False))
    top = max(3.0, float(np.nanmax(np.append(observed, 0.0))) * 1.1)
    scale = alt.Scale(domain=[0, top], nice=False, clamp=True)
    y = alt.Y("observed:Q", title=None, scale=scale)
    layers = [
        alt.Chart(rows[rows["missing"]])
        .mark_rule(color=UNKNOWN, strokeWidth=5)
        .encode(x=x, y=alt.value(0), y2=alt.value(_HEIGHT), tooltip="told:N"),
        alt.Chart(rows)
        .mark_bar(size=4)
        .encode(
            x=x,
            y=y,
            color=alt.condition("datum.alarm", alt.value(ALARM), alt.value(COUNT)),
            tooltip="told:N",
        ),
    ]
    judged = rows[rows["threshold"].notna()]
    if len(judged):
        base = alt.Chart(judged)
        layers += [
            base.mark_line(color=EXPECTED, strokeWidth=2, interpolate="step").encode(
                x=x, y=alt.Y("expected:Q", title=None, scale=scale)
            ),
            base.mark_line(color=LIMIT, strokeWidth=1.6, strokeDash=[5, 3], interpolate="step").encode(
                x=x, y=alt.Y("threshold:Q", title=None, scale=scale)
            ),
        ]
    told = _("Biểu đồ kiểm soát: số sự việc mỗi tuần so với ngưỡng báo của bộ phát hiện")
    charts.show(alt.layer(*layers, height=_HEIGHT).properties(description=told))
    key = [(COUNT, _("số sự việc trong tuần")), (ALARM, _("tuần bộ phát hiện lên tiếng"))]
    if len(judged):
        key += [(LIMIT, _("ngưỡng (nét đứt)")), (EXPECTED, _("mức chờ đợi khi yên"))]
    if rows["missing"].any():
        key.append((UNKNOWN, _("tuần không có dữ liệu")))
    charts.colour_key(key)


def frame(
    weeks: Sequence[Any],
    observed: Floats,
    expected: Floats,
    threshold: Floats,
    alarm: npt.NDArray[np.bool_],
) -> pd.DataFrame:
    """One row a week, with the sentence that is told of it."""
    rows = pd.DataFrame(
        {
            "week": pd.to_datetime(pd.Series(list(weeks))),
            "observed": observed,
            "expected": expected,
            "threshold": np.where(np.isfinite(threshold), threshold, np.nan),
            "alarm": alarm,
            "missing": np.isnan(observed),
        }
    )
    rows["told"] = [_said(row) for row in rows.itertuples()]
    return rows


def _said(row: Any) -> str:
    day = show(row.week.date())
    if row.missing:
        return _("Tuần đến {day}: không có dữ liệu", day=day)
    counted = _("Tuần đến {day}: {n}", day=day, n=number(row.observed))
    if np.isnan(row.threshold):
        return counted
    limit = _(
        "chờ đợi {expected}, ngưỡng {limit}", expected=number(row.expected, 2), limit=number(row.threshold)
    )
    return f"{counted}; {limit}"
