"""A year of patrols as a strip: when one came, what it saw, and when one was due and did not come."""

from __future__ import annotations

import altair as alt
import pandas as pd

from app.parts import charts
from app.services.hotspot_view import PatrolYear
from app.text import _, show

QUIET, SIGN, LATE, DUE = "#2a7d4f", "#b2182b", "#f0b9a8", "#1d2733"
#: With the axis below it.
_HEIGHT = 86


def patrol_strip(year: PatrolYear) -> None:
    """Draw the year; the next due day is a line, which may lie ahead."""
    last = max([year.last, *([year.due] if year.due else [])])
    scale = alt.Scale(domain=[str(year.first), str(last)])
    x = alt.X("day:T", title=None, scale=scale, axis=alt.Axis(format="%m/%Y", labelOverlap=True, grid=False))
    late = pd.DataFrame(
        [
            {
                "day": pd.Timestamp(max(one.first, year.first)),
                "until": pd.Timestamp(one.last) + pd.Timedelta(days=1),
                "told": _("Quá hạn {n} ngày, đến {day}", n=one.days, day=one.last),
            }
            for one in year.late
        ],
        columns=["day", "until", "told"],
    )
    done = pd.DataFrame(
        [
            {
                "day": pd.Timestamp(day),
                "colour": SIGN if sign else QUIET,
                "shape": "triangle-up" if sign else "circle",
                "told": f"{show(day)}: " + (_("thấy dấu hiệu") if sign else _("yên tĩnh")),
            }
            for day, sign in year.done
        ],
        columns=["day", "colour", "shape", "told"],
    )
    middle = alt.YDatum(0.5, scale=alt.Scale(domain=[0, 1]), axis=None)
    layers = [
        alt.Chart(late).mark_bar(color=LATE, height=24).encode(x=x, x2="until:T", y=middle, tooltip="told:N"),
        alt.Chart(done)
        .mark_point(filled=True, size=75, opacity=1)
        .encode(
            x=x,
            y=middle,
            color=alt.Color("colour:N", scale=None),
            shape=alt.Shape("shape:N", scale=None),
            tooltip="told:N",
        ),
    ]
    if year.due is not None:
        due = pd.DataFrame({"day": [pd.Timestamp(year.due)], "told": [_("Đến hạn {day}", day=year.due)]})
        layers.append(alt.Chart(due).mark_rule(color=DUE, strokeWidth=3).encode(x=x, tooltip="told:N"))
    told = _("Các lượt tuần tra trong 12 tháng và những ngày quá hạn")
    charts.show(alt.layer(*layers, height=_HEIGHT).properties(description=told))
    key = [(QUIET, _("tuần tra, yên tĩnh")), (SIGN, _("tuần tra, thấy dấu hiệu"))]
    if year.late:
        key.append((LATE, _("quá hạn chưa tuần tra")))
    if year.due is not None:
        key.append((DUE, _("hạn lượt tới: {day}", day=year.due)))
    charts.colour_key(key)
