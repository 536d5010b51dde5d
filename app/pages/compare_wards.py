"""So sánh các phường: shares with intervals, a funnel that keeps small numbers from being over-read, months."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from app.config import ROOT
from app.parts.charts import FONT_SIZE, INK, MUTED, Interval, colour_key, interval_rows, show
from app.parts.failures import told
from app.parts.figure_choice import choose_period
from app.parts.plain import plain
from app.parts.review_reads import ward_comparison
from app.parts.visit import Visit, require_visit
from app.services.compare_wards import WardComparison, WardMeasure
from app.text import _, number, render
from geo.ward_compare import Compared, Standing

_FAIRNESS = ROOT / "app" / "pages" / "fairness.py"
COLOURS = {
    Standing.FAR_ABOVE: "#0072b2",
    Standing.ABOVE: "#56b4e9",
    Standing.INSIDE: "#5b6875",
    Standing.BELOW: "#e69f00",
    Standing.FAR_BELOW: "#b2182b",
    Standing.NOTHING: "#b4bdc6",
}


def standing_word(standing: Standing) -> str:
    """Where a ward stands, in words."""
    return {
        Standing.FAR_ABOVE: _("cao hơn hẳn"),
        Standing.ABOVE: _("có thể cao hơn"),
        Standing.INSIDE: _("không khác mức chung"),
        Standing.BELOW: _("có thể thấp hơn"),
        Standing.FAR_BELOW: _("thấp hơn hẳn"),
        Standing.NOTHING: _("không có số liệu"),
    }[standing]


def percent(share: float) -> str:
    """A share as officers write it."""
    return f"{number(100 * share, 0)}%"


def ranking(measure: WardMeasure) -> None:
    """The wards from the largest share down, each with its interval and the ranks that are as probable."""
    wards = sorted((w for w in measure.wards if w.share is not None), key=lambda w: w.rank or 0)
    interval_rows(
        [
            Interval(
                title=f"{ward.ward}: {ward.k}/{ward.n}",
                value=ward.share or 0.0,
                low=ward.low or 0.0,
                high=ward.high or 0.0,
                colour=COLOURS[ward.standing],
                text=_("{share}, hạng {ranks}", share=percent(ward.share or 0.0), ranks=ranks(ward)),
            )
            for ward in wards
        ],
        render(measure.name),
        reference=measure.funnel.overall,
        most=1.0,
    )
    empty = [ward.ward for ward in measure.wards if ward.share is None]
    if empty:
        nothing = _("Không có {of}: {wards}.", of=render(measure.of), wards=", ".join(empty))
        st.caption(plain(nothing))


def ranks(ward: Compared) -> str:
    """The range of ranks, one number where it is certain."""
    return f"{ward.rank_low}" if ward.rank_low == ward.rank_high else f"{ward.rank_low}-{ward.rank_high}"


def funnel_plot(measure: WardMeasure) -> None:
    """Shares over how much was counted, between the limits of chance."""
    limits = pd.DataFrame(
        {name: getattr(measure.funnel, name) for name in ("n", "low", "high", "far_low", "far_high")}
    )
    wards = pd.DataFrame(
        [
            {"n": w.n, "share": w.share, "ward": w.ward, "colour": COLOURS[w.standing]}
            for w in measure.wards
            if w.share is not None
        ],
        columns=["n", "share", "ward", "colour"],
    )
    x = alt.X("n:Q", title=render(measure.of), axis=alt.Axis(format="d", tickMinStep=1))
    y = alt.Y("share:Q", title=None, axis=alt.Axis(format=".0%"), scale=alt.Scale(domain=[0, 1]))
    lines = [
        alt.Chart(limits)
        .mark_line(interpolate="step-after", color=MUTED, strokeDash=dash, strokeWidth=1.5)
        .encode(x=x, y=alt.Y(f"{name}:Q", scale=alt.Scale(domain=[0, 1])))
        for names, dash in ((("low", "high"), [4, 3]), (("far_low", "far_high"), [1, 0]))
        for name in names
    ]
    overall = alt.Chart(pd.DataFrame({"y": [measure.funnel.overall]})).mark_rule(color=INK).encode(y="y:Q")
    points = alt.Chart(wards)
    drawn = alt.layer(
        *lines,
        overall,
        points.mark_point(size=140, filled=True, opacity=1).encode(
            x=x, y=y, color=alt.Color("colour:N", scale=None)
        ),
        points.mark_text(align="left", dx=9, dy=-7, fontSize=FONT_SIZE, color=INK).encode(
            x=x, y=y, text="ward:N"
        ),
        height=320,
    )
    show(drawn.properties(description=render(measure.name)))
    st.caption(
        _(
            "Vạch liền ở giữa: mức chung. Giữa hai vạch đứt là chênh lệch thường gặp do ngẫu nhiên (95%), "
            "ngoài hai vạch liền là khác hẳn (99,8%). Phường ít cơ sở thì phễu rộng: đừng đọc quá con số nhỏ."
        )
    )


def sentence(measure: WardMeasure) -> str:
    """Which wards differ from the others by more than chance, in words."""
    differ = [w for w in measure.wards if w.standing in (Standing.FAR_ABOVE, Standing.FAR_BELOW)]
    if not differ:
        return _("Không phường nào khác mức chung nhiều hơn mức ngẫu nhiên.")
    said = (f"{plain(ward.ward)} ({standing_word(ward.standing)})" for ward in differ)
    return _("Khác mức chung rõ rệt: {wards}.", wards=", ".join(said))


def one_measure(measure: WardMeasure) -> None:
    """A measure: what it says, the ranking, the funnel."""
    st.subheader(plain(render(measure.name)))
    if not any(ward.n for ward in measure.wards):
        st.info(_("Kỳ này chưa có số liệu để so sánh."))
        return
    st.markdown(sentence(measure))
    used = [one for one in Standing if any(w.standing is one and w.n for w in measure.wards)]
    colour_key((COLOURS[one], standing_word(one)) for one in used)
    left, right = st.columns(2)
    with left:
        ranking(measure)
    with right:
        funnel_plot(measure)


def small_multiples(comparison: WardComparison) -> None:
    """The months of every ward, one small chart each on a common scale."""
    words = {"checks": _("Lượt kiểm tra"), "serious": _("Vi phạm nghiêm trọng"), "signals": _("Nguồn tin")}
    kind = st.segmented_control(
        _("Theo tháng"), list(words), default="checks", format_func=words.__getitem__, key="compare-kind"
    )
    some = comparison.monthly[comparison.monthly["kind"] == (kind or "checks")]
    if some.empty:
        return
    chart = (
        alt.Chart(some)
        .mark_bar(color="#0b5c8a")
        .encode(
            x=alt.X("yearmonth(month):T", title=None, axis=alt.Axis(format="%m/%y", labelAngle=0, tickCount=4)),
            y=alt.Y("count:Q", title=None, axis=alt.Axis(format="d", tickMinStep=1)),
        )
        .properties(width=230, height=110)
        .facet(facet=alt.Facet("ward:N", title=None), columns=4)
    )
    st.altair_chart(chart, theme=None)


def contents(visit: Visit) -> None:
    """All measures of the chosen period, then the months."""
    period = choose_period(visit.today, "compare", months=12)
    comparison = ward_comparison(visit, period)
    if len(comparison.measures[0].wards) < 2:
        st.info(_("Chỉ có một phường trong phạm vi của bạn, nên không so sánh giữa các phường."))
    for measure in comparison.measures:
        one_measure(measure)
    st.subheader(_("Từng tháng, mỗi phường một ô"))
    small_multiples(comparison)
    fairness = st.Page(_FAIRNESS, title=_("Cân bằng kiểm tra"), url_path="fairness")
    st.page_link(fairness, label=_("Cân bằng kiểm tra: ai bị kiểm tra nhiều hơn mức nguy cơ"))


visit = require_visit()
st.title(_("So sánh các phường"))
st.caption(
    _("Chênh lệch nào là thật, chênh lệch nào chỉ do số nhỏ. Chỉ tiêu về vụ án không so sánh theo phường.")
)
with told():
    contents(visit)
