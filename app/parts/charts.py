"""Charts to be read on a projector and on a phone: large letters, sentences above the bars they belong to.

Drawn by the library that Streamlit brings along, so nothing is fetched from elsewhere.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd
import streamlit as st

FONT_SIZE = 14
INK, MUTED = "#1d2733", "#5b6875"
FONT = 'system-ui, "Noto Sans", sans-serif'
_INTERVAL = ("value", "low", "high", "colour", "text")
_KEY_STYLE = """<style>
.colour-key{font-size:.9rem;display:flex;flex-wrap:wrap;gap:.2rem 1rem}
.colour-key span{display:inline-flex;align-items:center;gap:.4rem}
.colour-key i{width:.9rem;height:.9rem;flex:none;border:1px solid #5b6875}
</style>"""
_LINE_PX, _BAR_PX, _GAP_PX = 18, 16, 12
#: Characters of a sentence a line: what a phone of 390 pixels shows.
_LINE_CHARACTERS = 44


@dataclass(frozen=True)
class Bar:
    """A bar from ``start`` to ``end``, with an optional figure behind it."""

    start: float
    end: float
    colour: str
    text: str = ""


@dataclass(frozen=True)
class BarRow:
    """A sentence and the lines of bars under it; bars of one line stand side by side."""

    title: str
    lines: Sequence[Sequence[Bar]]


def bar_rows(rows: Sequence[BarRow], description: str, *, room: float = 0.14) -> None:
    """Draw rows under each other. ``room``: share of the width left free for the figures behind the bars."""
    texts, bars, zeros, top = [], [], [], 4.0
    for row in rows:
        for line in textwrap.wrap(row.title, _LINE_CHARACTERS) or [""]:
            texts.append({"y": top + _LINE_PX / 2, "text": line})
            top += _LINE_PX
        zeros.append({"y": top, "y2": top + (_BAR_PX + 3) * len(row.lines), "zero": 0.0})
        for line in row.lines:
            bars += [{"y": top + _BAR_PX / 2 + 1, **vars(bar)} for bar in line]
            top += _BAR_PX + 3
        top += _GAP_PX
    values = [value for bar in bars for value in (bar["start"], bar["end"])] or [0.0]
    low, high = min(0.0, *values), max(1.0, *values)
    scale = alt.Scale(domain=[low, high + room * (high - low)], nice=False)
    y = alt.Y("y:Q", scale=None, axis=None)
    drawn = pd.DataFrame(bars, columns=["y", "start", "end", "colour", "text"])
    drawn["behind"] = drawn[["start", "end"]].max(axis=1)
    chart = alt.layer(
        alt.Chart(pd.DataFrame(zeros))
        .mark_rule(color=MUTED, strokeWidth=1)
        .encode(x=alt.X("zero:Q", scale=scale, axis=None), y=y, y2="y2:Q"),
        alt.Chart(drawn)
        .mark_bar(height=_BAR_PX, stroke="#ffffff", strokeWidth=0.6)
        .encode(
            x=alt.X("start:Q", scale=scale, axis=None), x2="end:Q", y=y, color=alt.Color("colour:N", scale=None)
        ),
        alt.Chart(drawn)
        .mark_text(align="left", dx=5, fontSize=FONT_SIZE, fontWeight=600, color=INK)
        .encode(x=alt.X("behind:Q", scale=scale, axis=None), y=y, text="text:N"),
        alt.Chart(pd.DataFrame(texts, columns=["y", "text"]))
        .mark_text(align="left", fontSize=FONT_SIZE, color=INK)
        .encode(x=alt.value(0), y=y, text="text:N"),
        height=top,
    ).properties(description=description)
    show(chart)


@dataclass(frozen=True)
class Interval:
    """A figure between ``low`` and ``high``, and what is written behind it."""

    title: str
    value: float
    low: float
    high: float
    colour: str
    text: str


def interval_rows(
    rows: Sequence[Interval], description: str, *, reference: float | None = None, most: float | None = None
) -> None:
    """Draw figures with their error bars under each other, a line at ``reference``, cut off at ``most``."""
    drawn = pd.DataFrame([vars(row) for row in rows], columns=["title", *_INTERVAL])
    lines = [textwrap.wrap(row.title, _LINE_CHARACTERS) or [""] for row in rows]
    tops, top = [], 4.0
    for some in lines:
        tops.append(top)
        top += _LINE_PX * len(some) + _BAR_PX + _GAP_PX
    texts = [
        {"y": start + _LINE_PX * (i + 0.5), "text": line}
        for start, some in zip(tops, lines, strict=True)
        for i, line in enumerate(some)
    ]
    drawn["y"] = [
        start + _LINE_PX * len(some) + _BAR_PX / 2 + 1 for start, some in zip(tops, lines, strict=True)
    ]
    low, high = float(drawn[["low", "value"]].min().min()), float(drawn[["high", "value"]].max().max())
    marks = [] if reference is None else [reference]
    low, high = min([0.0 if low >= 0 else low, *marks]), max([high, *marks])
    high = high if most is None else min(high, most)
    # Two fifths of the width are kept for the figures behind the bars.
    scale = alt.Scale(domain=[low, low + (high - low or 1.0) * 1.67], nice=False)
    shown = drawn.assign(**{name: drawn[name].clip(upper=high) for name in ("low", "value", "high")})
    y, colour = alt.Y("y:Q", scale=None, axis=None), alt.Color("colour:N", scale=None)
    base = alt.Chart(shown)
    layers = [
        base.mark_rule(strokeWidth=4, opacity=0.55).encode(
            x=alt.X("low:Q", scale=scale, axis=None), x2="high:Q", y=y, color=colour
        ),
        base.mark_point(size=130, filled=True, opacity=1).encode(
            x=alt.X("value:Q", scale=scale, axis=None), y=y, color=colour
        ),
        base.mark_text(align="left", dx=9, fontSize=FONT_SIZE, fontWeight=600, color=INK).encode(
            x=alt.X("high:Q", scale=scale, axis=None), y=y, text="text:N"
        ),
        alt.Chart(pd.DataFrame(texts, columns=["y", "text"]))
        .mark_text(align="left", fontSize=FONT_SIZE, color=INK)
        .encode(x=alt.value(0), y=y, text="text:N"),
    ]
    if reference is not None:
        at = drawn[["y"]].assign(top=drawn["y"] - _BAR_PX / 2, bottom=drawn["y"] + _BAR_PX / 2, at=reference)
        layers.append(
            alt.Chart(at)
            .mark_rule(color=INK, strokeWidth=2, strokeDash=[4, 3])
            .encode(
                x=alt.X("at:Q", scale=scale, axis=None), y=alt.Y("top:Q", scale=None, axis=None), y2="bottom:Q"
            )
        )
    show(alt.layer(*layers, height=top).properties(description=description))


def show(chart: alt.LayerChart | alt.Chart) -> None:
    """Draw a chart as wide as its column, in the app's letters and colours."""
    finished = (
        chart.configure(font=FONT, background="#ffffff")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=13,
            titleFontSize=13,
            labelColor=INK,
            titleColor=MUTED,
            gridColor="#e8ebee",
            labelLimit=260,
        )
        .configure_legend(labelFontSize=13, titleFontSize=13, labelLimit=320, orient="top", title=None)
        .configure_title(fontSize=14, color=INK, anchor="start")
    )
    st.altair_chart(finished, width="stretch", theme=None)


def colour_key(entries: Iterable[tuple[str, str]]) -> None:
    """What colours mean: (colour, word) side by side, on as many lines as the screen needs."""
    chips = "".join(
        f'<span><i style="background:{html.escape(colour)}"></i>{html.escape(word)}</span>'
        for colour, word in entries
    )
    st.html(f'{_KEY_STYLE}<div class="colour-key">{chips}</div>')
