"""A search for a plan that runs beside the page: how good the best plan is so far, and a button to stop there.

The search runs in a thread of its own and survives reruns; there is one at a time in a browser session. What it
finds is stored as a draft, also when nobody is looking any more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import altair as alt
import pandas as pd
import streamlit as st

from app.parts.charts import MUTED
from app.parts.failures import told
from app.parts.visit import require_visit
from app.text import _, number
from geo.planning import Progress

#: Given how to report, makes the plan and gives its id.
Work = Callable[[Progress], str]
_KEY = "plan-search"
#: Where the page keeps which plan it shows.
SHOWN = "plan"
_POLL_S = 0.5
_POINTS_KEPT = 400


@dataclass
class Search:
    """One search: written to by its thread, read by the page."""

    title: str
    stop: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    share: float = 0.0
    course: list[tuple[float, float]] = field(default_factory=list)
    plan_id: str | None = None
    error: Exception | None = None

    def run(self, work: Work) -> None:
        """Do the work; what goes wrong is kept for the page to tell."""
        began = time.monotonic()

        def watch(share: float, points: float) -> bool:
            self.share = min(share, 1.0)
            last = self.course[-1] if self.course else (-1.0, None)
            now = time.monotonic() - began
            if points != last[1] or now - last[0] > 1.0:
                self.course = [*self.course[-_POINTS_KEPT:], (now, points)]
            return self.stop.is_set()

        try:
            self.plan_id = work(watch)
        except Exception as error:
            self.error = error
        finally:
            self.done.set()


def running() -> bool:
    """Whether a search of this browser session is under way or waits to be taken over."""
    return _KEY in st.session_state


def begin(title: str, work: Work) -> None:
    """Start a search, unless one runs already."""
    if running():
        return
    search = Search(title)
    st.session_state[_KEY] = search
    threading.Thread(target=search.run, args=(work,), daemon=True, name="plan-search").start()


def progress() -> None:
    """Show the search that runs; take over its plan once it is there."""
    if not running():
        return
    if not take_over():
        _watched()


def take_over() -> bool:
    """Show the plan of a search that has ended, or say why there is none. Gives whether it has ended."""
    search: Search = st.session_state[_KEY]
    if not search.done.is_set():
        return False
    del st.session_state[_KEY]
    if search.plan_id is not None:
        st.session_state[SHOWN] = search.plan_id
    with told():
        if search.error is not None:
            raise search.error
    return True


@st.fragment(run_every=_POLL_S)
def _watched() -> None:
    require_visit()
    search: Search | None = st.session_state.get(_KEY)
    if search is None or search.done.is_set():
        st.rerun(scope="app")
        return
    with st.container(border=True):
        points = search.course[-1][1] if search.course else None
        if points is None:
            text = _("{title}: đang chuẩn bị dữ liệu và đường đi...", title=search.title)
        else:
            text = _(
                "{title}: lịch tốt nhất đến lúc này được **{points}** điểm",
                title=search.title,
                points=number(points),
            )
        st.progress(search.share, text=text)
        if len(search.course) > 1:
            _course(search.course)
        if search.stop.is_set():
            st.caption(_("Đang dừng, giữ lịch tốt nhất..."))
        elif st.button(
            _("Dừng, lấy lịch tốt nhất"), icon=":material/stop:", disabled=points is None, key="plan-stop"
        ):
            search.stop.set()


def _course(course: list[tuple[float, float]]) -> None:
    """How the points of the best plan rose."""
    rows = pd.DataFrame(course, columns=["seconds", "points"])
    rows["seconds"] -= rows["seconds"].iloc[0]
    line = (
        alt.Chart(rows, height=90)
        .mark_line(interpolate="step-after", color="#0062a3", strokeWidth=2.5)
        .encode(
            x=alt.X("seconds:Q", title=_("giây"), axis=alt.Axis(tickCount=5, grid=False)),
            y=alt.Y(
                "points:Q", title=_("điểm"), scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=3, format="d")
            ),
        )
        .configure_axis(labelColor=MUTED, titleColor=MUTED)
    )
    st.altair_chart(line, width="stretch", theme=None)
