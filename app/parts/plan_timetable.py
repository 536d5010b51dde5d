"""The timetable of a plan: one line a team and day, the shift shaded, pauses, ways between checks, checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import altair as alt
import geopandas as gpd
import pandas as pd
import streamlit as st

from app.parts import plan_reads
from app.parts.charts import colour_key, show
from app.parts.plan_stops import Part
from app.parts.plan_words import hours, kind_word, weekday_text
from app.parts.visit import Visit
from app.services.plan_request import office_settings
from app.text import _
from geo.plan_settings import PlanningSettings
from geo.plan_types import window
from geo.words import VisitKind
from layers.plan_sweeps import SWEEP_COLOUR
from layers.routes import SECRET_COLOUR
from layers.style import NO_RISK_COLOUR, team_colours

_SHIFT, _PAUSE, _OPEN, _WAY = "#e4e9ee", "#b9c2cb", "#9fd3c2", "#5b6875"
_LINE_PX = 30


def timetable(visit: Visit, part: Part) -> None:
    """Draw the days of the teams that are looked at."""
    if part.visits.empty and part.sweeps.empty:
        st.info(_("Không có lượt nào trong phần đang xem."))
        return
    bars = list(_bars(visit, part))
    rows = pd.DataFrame(bars)
    lines = list(dict.fromkeys(rows.sort_values(["day", "team"])["line"]))
    colour_key(
        [
            (_SHIFT, _("ca làm")),
            (_PAUSE, _("giờ nghỉ")),
            (_OPEN, _("giờ được kiểm tra của loại hình")),
            (_WAY, _("đi đường, chờ")),
            (SWEEP_COLOUR, _("kiểm tra chung giáp ranh")),
            (TEAM_KEY, _("kiểm tra (màu của đội, số thứ tự)")),
        ]
    )
    with st.container(height=min(520, 90 + _LINE_PX * len(lines)), border=False):
        show(_chart(rows, lines))


#: Stands for the colour of any team.
TEAM_KEY = "#0062a3"


def _chart(rows: pd.DataFrame, lines: list[str]) -> Any:
    low, high = float(rows["from"].min()), float(rows["to"].max())
    ticks = list(range(int(low), int(high) + 2))
    clock = "datum.value % 24 < 10 ? '0' + (datum.value % 24) + ':00' : (datum.value % 24) + ':00'"
    x = alt.X(
        "from:Q",
        title=None,
        scale=alt.Scale(domain=[low, high], nice=False),
        axis=alt.Axis(values=ticks, labelExpr=clock, orient="top"),
    )
    y = alt.Y("line:N", title=None, sort=lines, axis=alt.Axis(labelLimit=190, labelFontSize=12, ticks=False))
    base = alt.Chart(rows)
    tips = [alt.Tooltip("what:N", title=" "), alt.Tooltip("when:N", title=" ")]
    bars = [
        base.transform_filter(alt.FieldEqualPredicate(field="kind", equal=kind))
        .mark_bar(height=height, opacity=opacity, yOffset=offset)
        .encode(x=x, x2="to:Q", y=y, color=alt.Color("colour:N", scale=None), tooltip=tips)
        for kind, height, opacity, offset in (
            ("shift", 24, 1.0, 0),
            ("pause", 24, 1.0, 0),
            ("open", 4, 1.0, 10),
            ("way", 3, 1.0, 0),
            ("sweep", 18, 0.9, 0),
            ("check", 18, 1.0, 0),
        )
    ]
    numbers = (
        base.transform_filter(alt.FieldEqualPredicate(field="kind", equal="check"))
        .mark_text(color="#ffffff", fontSize=12, fontWeight=700)
        .encode(x=alt.X("middle:Q"), y=y, text="sign:N", tooltip=tips)
    )
    return alt.layer(*bars, numbers, height={"step": _LINE_PX}).properties(
        description=_("Thời gian biểu từng đội, từng ngày")
    )


def _bars(visit: Visit, part: Part) -> Iterator[dict[str, Any]]:
    known = plan_reads.teams(visit, part.plan.first, part.plan.last).set_index("name")
    request = part.plan.request
    colours, settings = team_colours(part.teams), request.settings or office_settings()
    changed = request.team_changes or {}
    for (day, team), stops in _days(part).items():
        line = f"{weekday_text(day)} · {part.short.get(team, team)}"
        common = {"line": line, "day": day, "team": team}
        if team in known.index:
            usual = known.loc[team]
            for bar in _shift({**usual, **changed.get(usual["id"], {})}):
                yield {**common, **bar}
        rows = list(stops.itertuples(index=False))
        for one, two in pairwise(rows):
            yield {**common, **_bar("way", one.leave, two.arrive, day, _WAY, _("đi đường, chờ"))}
        for row in rows:
            for bar in _check(row, day, colours.get(team, NO_RISK_COLOUR), settings):
                yield {**common, **bar}
        for row in part.sweeps.itertuples(index=False):
            if team in row.teams and pd.Timestamp(row.on_date).date() == day:
                what = _("Kiểm tra chung {border}", border=" – ".join(row.names))
                yield {**common, **_bar("sweep", row.starts, row.ends, day, SWEEP_COLOUR, what)}


def _days(part: Part) -> dict[tuple[date, str], gpd.GeoDataFrame]:
    """The stops of every team and day, those with a sweep alone too."""
    found: dict[tuple[date, str], gpd.GeoDataFrame] = {}
    for (day, team), stops in part.visits.groupby(["on_date", "team"], sort=True):
        found[pd.Timestamp(day).date(), str(team)] = stops.sort_values("position")
    for row in part.sweeps.itertuples(index=False):
        for team in row.teams:
            found.setdefault((pd.Timestamp(row.on_date).date(), team), part.visits.iloc[0:0])
    return dict(sorted(found.items()))


def _shift(team: dict[str, Any]) -> Iterator[dict[str, Any]]:
    hours_of_team = window(team["shift_start"], team["shift_end"])
    start, end = hours_of_team.open_s / 3600, hours_of_team.close_s / 3600
    yield _span("shift", start, end, _SHIFT, _("ca làm"))
    if isinstance(team["pause_start"], time) and isinstance(team["pause_end"], time):
        gap = window(team["pause_start"], team["pause_end"])
        yield _span("pause", gap.open_s / 3600, gap.close_s / 3600, _PAUSE, _("giờ nghỉ"))


def _check(row: Any, day: date, colour: str, settings: PlanningSettings) -> Iterator[dict[str, Any]]:
    what = f"{int(row.position)}. {row.name} ({kind_word(row)})"
    secret = row.kind == VisitKind.UNANNOUNCED
    bar = _bar("check", row.arrive, row.leave, day, SECRET_COLOUR if secret else colour, what)
    yield {**bar, "sign": f"{int(row.position)}{'!' if secret else ''}", "when": hours(row)}
    for hour in settings.windows.get(row.type, ()):
        inside = max(hour.open_s / 3600, bar["from"] - 0.5), min(hour.close_s / 3600, bar["to"] + 0.5)
        if inside[0] < inside[1]:
            yield _span("open", *inside, _OPEN, _("giờ được kiểm tra của loại hình"))


def _bar(kind: str, start: datetime, end: datetime, day: date, colour: str, what: str) -> dict[str, Any]:
    return _span(kind, _hour(start, day), _hour(end, day), colour, what)


def _span(kind: str, start: float, end: float, colour: str, what: str) -> dict[str, Any]:
    when = f"{_clock(start)}–{_clock(end)}"
    return {
        "kind": kind,
        "from": start,
        "to": end,
        "middle": (start + end) / 2,
        "colour": colour,
        "what": what,
        "when": when,
        "sign": "",
    }


def _hour(moment: datetime, day: date) -> float:
    """Hours since midnight of the day on which the shift starts; beyond 24 after midnight."""
    midnight = datetime.combine(day, time(), moment.tzinfo)
    return (moment - midnight) / timedelta(hours=1)


def _clock(hour: float) -> str:
    minutes = round(hour * 60)
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
