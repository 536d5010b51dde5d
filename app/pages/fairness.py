"""Cân bằng kiểm tra: who is inspected more than risk explains, by ward, type, size and licensing office."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.access import Right, may
from app.parts.audit_insiders import insider_list
from app.parts.charts import Interval, colour_key, interval_rows
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.risk_reads import fairness_of_plan, fairness_of_year
from app.parts.visit import Visit, require_visit
from app.services.plan_reading import kept_plans
from app.text import _, label, number, render, show
from geo.fairness import FairnessRow
from geo.words import Grouping, PremisesType, Verdict

YEARS = 5
MOST_RATIO = 4.0
OVER = (Verdict.MORE_FOUND_LESS, Verdict.MORE)
COLOURS = {
    Verdict.MORE_FOUND_LESS: "#b2182b",
    Verdict.MORE: "#e69f00",
    Verdict.AS_EXPECTED: "#5b6875",
    Verdict.LESS: "#0072b2",
    Verdict.TOO_FEW: "#b4bdc6",
}


def group_word(row: FairnessRow) -> str:
    """What a group is called."""
    if not row.group:
        return _("chưa rõ")
    if row.grouping is Grouping.TYPE and row.group in list(PremisesType):
        return label(PremisesType(row.group))
    if row.grouping is Grouping.SIZE:
        return _("{band} phòng", band=row.group)
    if row.grouping is Grouping.SAME_OFFICE:
        return _("một cơ quan vừa cấp phép vừa kiểm tra") if row.group == "yes" else _("hai cơ quan khác nhau")
    return row.group


def headline(rows: Sequence[FairnessRow]) -> None:
    """The wards that the figures point at, and premises licensed by who inspects them, in words."""
    wards = [row for row in rows if row.grouping is Grouping.WARD]
    over = [row for row in wards if row.verdict in OVER]
    for row in sorted(over, key=lambda row: row.verdict is Verdict.MORE):
        st.warning(sentence(row))
    if len(wards) < 2:
        st.caption(_("Chỉ có một phường trong phạm vi của bạn, nên không so sánh giữa các phường."))
    elif not over:
        st.success(_("Không phường nào bị kiểm tra nhiều hơn mức nguy cơ giải thích được."))
    own_office = [row for row in rows if row.grouping is Grouping.SAME_OFFICE and row.group == "yes"]
    for row in [*wards, *own_office]:
        if row.verdict is Verdict.LESS or (row.verdict in OVER and row not in over):
            st.info(sentence(row))


def sentence(row: FairnessRow) -> str:
    """One group's figures as a sentence with its verdict."""
    told_figures = _(
        "**{group}**: {checks} lượt, theo nguy cơ là {expected} lượt (bằng {ratio} lần).",
        group=plain(group_word(row)),
        checks=row.checks,
        expected=number(row.expected),
        ratio=number(row.ratio, 2),
    )
    return f"{told_figures} {plain(render(row.text))}"


def group_chart(rows: Sequence[FairnessRow]) -> None:
    """Checks over what the risk alone would have sent, with the interval of each."""
    interval_rows(
        [
            Interval(
                title=_(
                    "{group}: {checks} / {expected} lượt",
                    group=group_word(row),
                    checks=row.checks,
                    expected=number(row.expected),
                ),
                value=row.ratio,
                low=row.low,
                high=row.high,
                colour=COLOURS[row.verdict],
                text=f"{number(row.ratio, 2)} ({number(row.low, 2)} … {number(row.high, 2)})",
            )
            for row in rows
        ],
        _("Số lượt kiểm tra so với mức nguy cơ, kèm khoảng tin cậy 95%"),
        reference=1.0,
        most=MOST_RATIO,
    )


def group_table(rows: Sequence[FairnessRow]) -> pd.DataFrame:
    """The figures of a grouping."""
    return pd.DataFrame(
        {
            _("Nhóm"): [group_word(row) for row in rows],
            _("Cơ sở"): [row.premises for row in rows],
            _("Lượt kiểm tra"): [row.checks for row in rows],
            _("Theo nguy cơ"): [number(row.expected) for row in rows],
            _("Tỷ số (khoảng 95%)"): [
                f"{number(row.ratio, 2)} ({number(row.low, 2)} … {number(row.high, 2)})" for row in rows
            ],
            _("Vi phạm nghiêm trọng / 100 lượt"): [
                "" if row.found_rate is None else number(100 * row.found_rate) for row in rows
            ],
            _("Nhận xét"): [render(row.text) for row in rows],
        }
    )


def sheet(rows: Sequence[FairnessRow]) -> None:
    """Headline, then each grouping as a chart with its figures."""
    if not rows:
        st.info(_("Chưa đủ dữ liệu: chưa có lượt kiểm tra nào để so sánh."))
        return
    headline(rows)
    used = [verdict for verdict in Verdict if any(row.verdict is verdict for row in rows)]
    colour_key((COLOURS[verdict], label(verdict)) for verdict in used)
    st.caption(
        _(
            "Mỗi dòng: số lượt đã kiểm tra / số lượt theo nguy cơ. Vạch đứt: đúng bằng mức nguy cơ. "
            "Đường ngang: khoảng tin cậy 95%; còn chạm vạch đứt thì chưa kết luận được là lệch."
        )
    )
    for grouping in Grouping:
        some = [row for row in rows if row.grouping is grouping]
        if not some:
            continue
        st.subheader(_("Theo {grouping}", grouping=label(grouping)))
        group_chart(some)
        with st.expander(_("Bảng số")):
            st.dataframe(group_table(some), hide_index=True)


def of_year(visit: Visit) -> None:
    """The sheet of a calendar year."""
    years = [visit.today.year - back for back in range(YEARS)]
    year = st.selectbox(_("Năm"), years, key="fairness-year")
    sheet(fairness_of_year(visit, year))


def of_plan(visit: Visit) -> None:
    """The sheet of a plan."""
    plans = kept_plans(visit.store, visit.actor)
    if plans.empty:
        st.info(_("Chưa có lịch kiểm tra nào."))
        return
    names = {
        row.id: _(
            "{first} - {last}, lập {made}",
            first=row.first_day.date(),
            last=row.last_day.date(),
            made=show(row.made_at),
        )
        for row in plans.itertuples()
    }
    plan = st.selectbox(_("Lịch kiểm tra"), list(names), format_func=names.__getitem__, key="fairness-plan")
    sheet(fairness_of_plan(visit, plan))


visit = require_visit()
st.title(_("Cân bằng kiểm tra"))
st.caption(
    _(
        "So số lượt kiểm tra với số lượt mà riêng mức nguy cơ sẽ phân cho từng nhóm, "
        "để không nơi nào bị kiểm tra quá mức hay bị bỏ quên."
    )
)
with told():
    ways = ["year", "plan"] if may(visit.actor, Right.SEE_PLANS) else ["year"]
    if may(visit.actor, Right.APPROVE):
        ways.append("spared")
    words = {
        "year": _("Theo năm"),
        "plan": _("Theo lịch kiểm tra"),
        "spared": _("Ai bỏ, đổi lượt giá trị cao"),
    }
    way = st.segmented_control(
        _("Cách xem"),
        ways,
        default="year",
        format_func=words.__getitem__,
        key="fairness-way",
        label_visibility="collapsed",
    )
    if way == "plan":
        of_plan(visit)
    elif way == "spared":
        insider_list(visit)
    else:
        of_year(visit)
