"""Kiểm chứng: the scores tried on the district's own past, beside plain orders, in words anybody can follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from app.parts.charts import MUTED, Interval, interval_rows, show
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.risk_reads import state_key
from app.parts.visit import Visit, require_visit
from app.services.own_backtest import own_backtest
from app.services.surface import SurfaceAccuracy, surface_accuracy
from app.text import _, number, render
from app.text import show as shown_as

RESULT = "backtest-result"
ORDERS = ("fitted", "table", "as_inspected", "longest_since_last", "history_only")
MODELS = ("fitted", "table")
#: Of each measure: what it is multiplied by to be shown, its decimals, and where nothing is gained.
MEASURES = {"days_earlier": (1, 1, 0.0), "first_half_share": (100, 0, 50.0), "auc": (100, 0, 50.0)}
MODEL_COLOUR, OTHER_COLOUR = "#0b5c8a", "#8b96a1"


def order_word(order: str) -> str:
    """What an order of inspections is called."""
    return {
        "fitted": _("Bảng điểm đã hiệu chỉnh theo địa bàn"),
        "table": _("Bảng điểm định sẵn"),
        "as_inspected": _("Thứ tự đã đi trong thực tế"),
        "longest_since_last": _("Lâu chưa kiểm tra thì đi trước"),
        "history_only": _("Chỉ theo vi phạm đã có"),
    }[order]


def measure_word(measure: str) -> str:
    """What a measure is called."""
    return {
        "days_earlier": _("Tìm ra sớm hơn bao nhiêu ngày"),
        "first_half_share": _("Tìm ra trong nửa đầu số lượt (%)"),
        "auc": _("Xếp đúng thứ tự (AUC, %)"),
    }[measure]


def measure_meaning(measure: str) -> str:
    """What a measure says, in one plain sentence."""
    return {
        "days_earlier": _(
            "Nếu đi theo thứ tự này, vi phạm nghiêm trọng được tìm ra sớm hơn thực tế bình quân bấy nhiêu ngày."
        ),
        "first_half_share": _(
            "Khi mới đi nửa số lượt, bấy nhiêu phần trăm vi phạm nghiêm trọng đã được tìm ra."
        ),
        "auc": _(
            "Lấy một cơ sở có vi phạm và một cơ sở không: khả năng thứ tự này đặt cơ sở có vi phạm lên trước; "
            "50% là như bốc thăm."
        ),
    }[measure]


def by_order(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The mean of each measure and its interval, by order."""
    found = {}
    for order in ORDERS:
        if order in MODELS:
            model = document.get(order)
            if model:
                found[order] = {"mean": model["mean"], "intervals": model["intervals"] or {}}
        else:
            baseline = document["baselines"][order]
            found[order] = {"mean": baseline, "intervals": baseline["intervals"] or {}}
    return found


def measured(document: Mapping[str, Any], measure: str) -> None:
    """One measure of every order with its interval, and the sentence that says what it means."""
    times, digits, nothing = MEASURES[measure]
    rows = []
    for order, figures in by_order(document).items():
        value, ends = figures["mean"][measure], figures["intervals"].get(measure)
        if value is None:
            continue
        low, high = ends or (value, value)
        texts = [number(times * one, digits) for one in (value, low, high)]
        rows.append(
            Interval(
                title=order_word(order),
                value=times * value,
                low=times * low,
                high=times * high,
                colour=MODEL_COLOUR if order in MODELS else OTHER_COLOUR,
                text=f"{texts[0]} ({texts[1]} … {texts[2]})",
            )
        )
    st.subheader(measure_word(measure))
    st.caption(measure_meaning(measure))
    if rows:
        interval_rows(rows, measure_word(measure), reference=nothing)
    else:
        st.info(_("Chưa đủ dữ liệu."))


def headline(document: Mapping[str, Any]) -> None:
    """Whether the scores did better than the orders that need no scores, in words."""
    name = order_word(document["leader"])
    better, worse, undecided = [], [], []
    for order, baseline in document["baselines"].items():
        ends = (baseline["leader_ahead"] or {}).get("auc")
        if ends:
            group = better if ends[0] > 0 else worse if ends[1] < 0 else undecided
            group.append(order_word(order).lower())
    if better:
        st.success(_("“{model}” xếp đúng hơn rõ rệt so với: {orders}.", model=name, orders="; ".join(better)))
    if worse:
        st.warning(_("“{model}” xếp kém hơn: {orders}.", model=name, orders="; ".join(worse)))
    if undecided:
        st.info(
            _("Chưa đủ căn cứ để nói “{model}” hơn hay kém: {orders}.", model=name, orders="; ".join(undecided))
        )


def reliability(document: Mapping[str, Any]) -> None:
    """Whether the probabilities mean what they say: predicted beside found, and the Brier score."""
    calibration = document[document["leader"]]["calibration"]
    st.subheader(_("Xác suất có đúng như đã nói không"))
    if not calibration:
        st.info(_("Chưa đủ dữ liệu."))
        return
    st.caption(
        _(
            "Mỗi chấm là một phần mười số lượt: ngang là xác suất đã nói, dọc là phần thực sự có vi phạm. "
            "Càng gần đường chéo càng đúng."
        )
    )
    dots = pd.DataFrame(calibration["reliability"])
    dots[["predicted", "found"]] *= 100
    most = max(float(dots[["predicted", "found"]].max().max()) * 1.1, 10.0)
    scale = alt.Scale(domain=[0, most], nice=False)
    line = alt.Chart(pd.DataFrame({"x": [0.0, most], "y": [0.0, most]}))
    chart = alt.layer(
        line.mark_line(color=MUTED, strokeDash=[5, 4]).encode(
            x=alt.X("x:Q", scale=scale), y=alt.Y("y:Q", scale=scale)
        ),
        alt.Chart(dots)
        .mark_circle(color=MODEL_COLOUR, opacity=1, size=150)
        .encode(
            x=alt.X("predicted:Q", scale=scale, title=_("xác suất đã nói (%)"), axis=alt.Axis(format="d")),
            y=alt.Y("found:Q", scale=scale, title=_("thực sự có vi phạm (%)"), axis=alt.Axis(format="d")),
        ),
    ).properties(height=300, description=_("Xác suất đã nói so với phần thực sự có vi phạm"))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        show(chart)
    with right:
        first, second = st.columns(2)
        first.metric(_("Điểm Brier"), number(calibration["brier"], 4))
        second.metric(_("Nếu chỉ nói tỷ lệ chung"), number(calibration["brier_of_past_rate"], 4))
        better = calibration["brier"] < calibration["brier_of_past_rate"]
        st.caption(
            _("Điểm Brier là bình phương sai lệch giữa xác suất đã nói và kết quả; càng nhỏ càng đúng.")
            + " "
            + (
                _("Ở đây xác suất riêng từng cơ sở đúng hơn là nói một tỷ lệ chung.")
                if better
                else _("Ở đây xác suất riêng từng cơ sở chưa đúng hơn là nói một tỷ lệ chung.")
            )
        )


def windows(document: Mapping[str, Any]) -> None:
    """The periods one by one."""
    rows = document[document["leader"] or "table"]["windows"]
    with st.expander(_("Từng kỳ")):
        st.dataframe(
            pd.DataFrame(
                {
                    _("Từ"): [day_of(row["from"]) for row in rows],
                    _("Đến"): [day_of(row["to"]) for row in rows],
                    _("Lượt kiểm tra"): [row["n"] for row in rows],
                    _("Có vi phạm nghiêm trọng"): [row["positives"] for row in rows],
                    **{
                        measure_word(measure): [
                            "" if row[measure] is None else number(times * row[measure], digits) for row in rows
                        ]
                        for measure, (times, digits, _nothing) in MEASURES.items()
                    },
                }
            ),
            hide_index=True,
        )


def day_of(text: str) -> str:
    """An ISO day as people write it."""
    return shown_as(pd.Timestamp(text).date())


def hotspots(accuracy: SurfaceAccuracy) -> None:
    """How well the hotspot surface foretold the months of the past."""
    st.subheader(_("Bản đồ điểm nóng"))
    if accuracy.pai is None or accuracy.pei is None:
        st.info(_("Chưa đủ dữ liệu."))
        return
    first, second = st.columns(2)
    first.metric("PAI", number(accuracy.pai))
    second.metric("PEI", f"{number(100 * accuracy.pei, 0)}%")
    st.caption(
        _(
            "Bình quân {months} tháng đã qua ({events} sự việc): {cells} ô dày nhất (2% diện tích) chứa số "
            "sự việc của tháng sau gấp PAI lần mức chia đều; PEI là phần đạt được so với cách chọn ô tốt nhất.",
            months=accuracy.months,
            events=accuracy.events,
            cells=accuracy.cells,
        )
    )


def run(visit: Visit, months: int, count: int) -> dict[str, Any]:
    """The back-test, kept for this reader until the data change or other periods are asked for."""
    key = (*state_key(visit), months, count)
    kept = st.session_state.get(RESULT)
    if kept and kept[0] == key:
        return dict(kept[1])
    with st.status(_("Đang kiểm chứng trên lịch sử kiểm tra..."), expanded=True) as status:
        st.write(_("Chấm điểm lại từng kỳ, chỉ dùng điều đã biết trước kỳ đó."))
        risk = own_backtest(visit.store, visit.actor, visit.today, months=months, windows=count)
        st.write(_("Thử lại bản đồ điểm nóng trên các tháng đã qua."))
        document = {"risk": risk, "surface": surface_accuracy(visit.store, visit.actor, visit.today)}
        status.update(label=_("Đã kiểm chứng xong"), state="complete", expanded=False)
    st.session_state[RESULT] = (key, document)
    return document


def results(document: dict[str, Any]) -> None:
    """Everything that was measured."""
    risk = document["risk"]
    for note in risk["notes"]:
        st.caption(plain(render(note)))
    if not risk["enough"]:
        st.info(_("Chưa đủ dữ liệu: chưa có kỳ nào vừa có lượt phát hiện vi phạm vừa có lượt không."))
    else:
        headline(risk)
        for measure in MEASURES:
            measured(risk, measure)
        reliability(risk)
        windows(risk)
    hotspots(document["surface"])


visit = require_visit()
st.title(_("Kiểm chứng"))
st.caption(
    _("Thử lại trên lịch sử của chính địa bàn: mỗi kỳ chỉ dùng điều đã biết trước kỳ đó.")
    + " "
    + _("Số trong ngoặc là khoảng tin cậy 95%.")
)
with told():
    with st.container(horizontal=True, vertical_alignment="bottom"):
        months = st.selectbox(_("Độ dài mỗi kỳ (tháng)"), [1, 2, 3, 6], index=1, width=200)
        count = st.number_input(_("Số kỳ"), 1, 36, 12, width=160)
        pressed = st.button(_("Chạy kiểm chứng"), type="primary", icon=":material/play_arrow:")
    if pressed or RESULT in st.session_state:
        results(run(visit, int(months), int(count)))
    else:
        st.info(_("Bấm “Chạy kiểm chứng” để xem điểm nguy cơ đã xếp đúng đến đâu trong quá khứ."))
