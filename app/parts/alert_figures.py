"""How fast alerts are answered, and how often each rule is right."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.parts.alert_words import stage_word
from app.parts.charts import Interval, interval_rows
from app.parts.visit import Visit
from app.services.alert_inbox import response_summary
from app.services.alert_precision import rule_precision
from app.text import _, label, number
from geo.alert_precision import Precision

_RIGHT, _WRONG = "#2f7d4f", "#b3261e"


def response_times(alerts: pd.DataFrame) -> None:
    """The share in time of each stage."""
    with st.container(horizontal=True):
        for stage in response_summary(alerts["response"]):
            share = f"{stage.in_time}/{stage.counted}" if stage.counted else "-"
            late = stage.counted - stage.in_time
            st.metric(
                _("{what} trong {n} ngày", what=stage_word(stage.stage).capitalize(), n=stage.days),
                share,
                _("{n} trễ hạn", n=late) if late else None,
                delta_color="inverse",
                delta_arrow="off",
                width="content",
            )


def precision(visit: Visit) -> None:
    """What the verdicts say of each rule, over time; the one that is mostly wrong is pointed out."""
    found = rule_precision(visit.store, visit.actor, visit.today)
    overall = [one for one in found if one.quarter is None]
    if not overall:
        st.caption(_("Chưa có cảnh báo nào được xác minh, nên chưa biết quy tắc nào đúng, quy tắc nào sai."))
        return
    for one in overall:
        if one.mostly_wrong:
            st.warning(
                _(
                    "Quy tắc “{rule}” phần lớn báo sai: đúng {good} trong {n} cảnh báo đã xác minh. Nên nâng "
                    "ngưỡng hoặc xem lại cách dùng.",
                    rule=label(one.rule),
                    good=one.confirmed,
                    n=one.confirmed + one.false,
                ),
                icon=":material/rule:",
            )
    judged = [one for one in overall if one.share is not None]
    if judged:
        interval_rows(
            [_interval(one) for one in judged],
            _("Tỷ lệ cảnh báo đúng của từng quy tắc"),
            reference=0.5,
            most=1.0,
        )
    st.dataframe(_by_quarter(found), hide_index=True, placeholder="")
    st.caption(_("Tỷ lệ đúng = xác minh đúng / (xác minh đúng + bỏ qua); khoảng tin cậy 95% theo Wilson."))


def _interval(one: Precision) -> Interval:
    assert one.share is not None and one.low is not None and one.high is not None
    text = _("{good}/{n} đúng", good=one.confirmed, n=one.confirmed + one.false)
    colour = _WRONG if one.mostly_wrong else _RIGHT
    return Interval(label(one.rule), one.share, one.low, one.high, colour, text)


def _by_quarter(found: list[Precision]) -> pd.DataFrame:
    rows = [one for one in found if one.quarter is not None]
    return pd.DataFrame(
        {
            _("Quy tắc"): [label(one.rule) for one in rows],
            _("Quý"): [one.quarter for one in rows],
            _("Đúng"): [one.confirmed for one in rows],
            _("Không đúng"): [one.false for one in rows],
            _("Chưa kết luận"): [one.unclear for one in rows],
            _("Tỷ lệ đúng"): [_share(one) for one in rows],
        }
    )


def _share(one: Precision) -> str:
    if one.share is None or one.low is None or one.high is None:
        return "-"
    low, share, high = (number(100 * value, 0) for value in (one.low, one.share, one.high))
    return f"{share}% ({low}–{high}%)"
