"""Giáp ranh: stretches of border in order of risk, both wards named, what happened there and what was left."""

from __future__ import annotations

from functools import partial
from typing import Any
from zlib import crc32

import altair as alt
import geopandas as gpd
import pandas as pd
import streamlit as st

from app.parts import choices
from app.parts.cached import map_data
from app.parts.charts import colour_key, show
from app.parts.failures import told
from app.parts.map import Kind, Pick, border_map
from app.parts.plain import plain
from app.parts.risk_reads import borders
from app.parts.visit import Visit, require_visit
from app.parts.waterfall import waterfall
from app.services.audit import note_reading
from app.services.border_history import BorderSheet, by_quarter
from app.services.looking import Looked
from app.text import _, label, number
from app.text import show as shown_as
from geo.borders import OUTSIDE
from geo.words import FindingKind, SignalState

PICKED = "border-picked"
COLOURS = {"signal": "#cc79a7", "finding": "#d55e00", "sweep": "#009e73"}


def kind_word(kind: str) -> str:
    """What one event along a border is."""
    return {
        "signal": _("nguồn tin"),
        "finding": _("vi phạm phát hiện"),
        "sweep": _("đợt phối hợp kiểm tra"),
    }[kind]


def between(names: Any) -> str:
    """The names of both sides."""
    return " – ".join(_("ngoài địa bàn") if name == OUTSIDE else str(name) for name in names)


def pick(segment_id: str, *, elsewhere: bool = False) -> None:
    """Remember which segment is explained."""
    st.session_state[PICKED] = Pick(Kind.STRIP, segment_id, elsewhere)


def filtered(visit: Visit, segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The segments of the wards that were picked."""
    units = map_data(visit, visit.today).units
    wards = choices.pick_wards(units)
    if len(wards) == len(units):
        return segments
    touching = segments["unit_a"].isin(wards) | segments["unit_b"].isin(wards)
    return segments[touching].reset_index(drop=True)


def ranking(segments: gpd.GeoDataFrame) -> None:
    """The table of segments, riskiest first; a row that is picked is shown on the map and explained."""
    table = pd.DataFrame(
        {
            _("Hạng"): segments["rank"].astype(int),
            _("Đoạn giáp ranh"): [between(names) for names in segments["names"]],
            _("Nguy cơ"): segments["risk"].astype(float),
            _("Cơ sở"): segments["premises"].astype(int),
            _("Điểm phức tạp"): segments["hotspots"].astype(int),
            _("Nguồn tin bỏ ngỏ"): segments["left"].astype(int),
            _("Phối hợp gần nhất"): [day_of(day) or _("chưa có") for day in segments["last_joint_inspection"]],
            _("Chiều dài (m)"): segments["length_m"].round().astype(int),
        }
    )
    ids = list(segments["id"])
    key = f"border-table-{crc32(''.join(ids).encode())}"
    st.dataframe(
        table,
        hide_index=True,
        height=300,
        selection_mode="single-row",
        on_select=partial(pick_row, key, ids),
        column_config={
            _("Nguy cơ"): st.column_config.ProgressColumn(
                min_value=0, max_value=100, format="%.1f", width="small"
            )
        },
        key=key,
    )


def pick_row(key: str, ids: list[str]) -> None:
    """The row that was just picked in the table."""
    rows = st.session_state[key]["selection"]["rows"]
    if rows and rows[0] < len(ids):
        pick(ids[rows[0]], elsewhere=True)


def day_of(value: Any) -> str:
    """A day as people write it, empty where there is none."""
    return "" if pd.isna(value) else shown_as(pd.Timestamp(value).date())


def explained(visit: Visit, sheet: BorderSheet, row: Any) -> None:
    """One segment: its parts, its history by quarter and the signals that nobody followed up."""
    st.subheader(plain(between(row.names)))
    st.caption(
        _(
            "Hạng {rank}, nguy cơ {risk} điểm, dài {length} m.",
            rank=int(row.rank),
            risk=number(row.risk),
            length=round(row.length_m),
        )
    )
    left, right = st.columns(2, gap="medium")
    with left:
        if len(row.parts):
            waterfall(row.parts, float(row.risk))
        else:
            st.caption(_("Chưa có gì đáng kể ở đoạn này."))
    with right:
        events = sheet.of(row.id)
        history(visit, events)
        left_alone(events)


def history(visit: Visit, events: pd.DataFrame) -> None:
    """What happened along the segment, by quarter."""
    st.markdown(f"**{_('Diễn biến theo quý')}**")
    if events.empty:
        st.caption(_("Chưa ghi nhận sự việc nào quanh đoạn này."))
        return
    counts = by_quarter(events, visit.today)
    counts["quarter"] = [f"{day.quarter}/{day.year % 100:02d}" for day in counts["quarter"]]
    colour_key((colour, kind_word(kind)) for kind, colour in COLOURS.items())
    chart = (
        alt.Chart(counts)
        .mark_bar()
        .encode(
            x=alt.X("quarter:O", sort=None, title=_("quý/năm"), axis=alt.Axis(labelAngle=-50)),
            y=alt.Y("count:Q", title=None, axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color(
                "kind:N", scale=alt.Scale(domain=[*COLOURS], range=[*COLOURS.values()]), legend=None
            ),
        )
        .properties(height=230, description=_("Số sự việc quanh đoạn giáp ranh theo quý"))
    )
    show(chart)


def left_alone(events: pd.DataFrame) -> None:
    """Signals past their deadline that neither side followed up."""
    late = events[events["left_days"].notna()]
    if late.empty:
        st.caption(_("Không có nguồn tin nào quá hạn mà chưa được xử lý."))
        return
    st.markdown(f"**{_('Nguồn tin quá hạn chưa ai xử lý ({n})', n=len(late))}**")
    st.dataframe(signal_table(late), hide_index=True)


def signal_table(late: pd.DataFrame) -> pd.DataFrame:
    """Signals that were left, the longest first."""
    rows = late.sort_values("left_days", ascending=False)
    return pd.DataFrame(
        {
            _("Ngày"): [day_of(day) for day in rows["on_date"]],
            _("Quá hạn (ngày)"): rows["left_days"].astype(int),
            _("Trạng thái"): [label(SignalState(word)) for word in rows["word"]],
            _("Nội dung"): rows["text"],
        }
    )


def every_event(events: pd.DataFrame) -> None:
    """All events of a segment, newest first."""
    with st.expander(_("Tất cả sự việc quanh đoạn này ({n})", n=len(events))):
        st.dataframe(
            pd.DataFrame(
                {
                    _("Ngày"): [day_of(day) for day in events["on_date"]],
                    _("Loại"): [kind_word(kind) for kind in events["kind"]],
                    _("Kết quả"): [
                        word_of(kind, word) for kind, word in zip(events["kind"], events["word"], strict=True)
                    ],
                    _("Nội dung"): events["text"],
                }
            ),
            hide_index=True,
        )


def word_of(kind: str, word: str) -> str:
    """The state of a signal or the kind of a finding."""
    if kind == "sweep":
        return ""
    return label(SignalState(word) if kind == "signal" else FindingKind(word))


def all_left(sheet: BorderSheet, segments: gpd.GeoDataFrame) -> None:
    """Every signal along the shown segments that nobody followed up, once each."""
    late = sheet.events[sheet.events["left_days"].notna() & sheet.events["segment_id"].isin(segments["id"])]
    late = late.drop_duplicates("id")
    with st.expander(_("Nguồn tin vùng giáp ranh chưa ai theo dõi ({n})", n=len(late))):
        if late.empty:
            st.caption(_("Không có nguồn tin nào quá hạn mà chưa được xử lý."))
            return
        names = {row.id: between(row.names) for row in segments.itertuples()}
        where = pd.DataFrame(
            {_("Đoạn giáp ranh"): late.sort_values("left_days", ascending=False)["segment_id"].map(names)}
        )
        st.dataframe(where.join(signal_table(late)), hide_index=True)


@st.fragment
def explore() -> None:
    """Filter, map and table, and the segment that is picked; nothing else is redrawn."""
    visit = require_visit()
    with told():
        sheet = borders(visit)
        if sheet.segments.empty:
            st.info(_("Chưa đủ dữ liệu: chưa có ranh giới phường nào trong ngày này."))
            return
        segments = filtered(visit, sheet.segments)
        picked = st.session_state.get(PICKED)
        border_map(visit, segments, picked, pick)
        ranking(segments)
        row = next(sheet.segments[sheet.segments["id"] == picked.id].itertuples(), None) if picked else None
        if row is None:
            st.caption(_("Chọn một đoạn trong bảng hoặc trên bản đồ để xem vì sao và diễn biến."))
        else:
            explained(visit, sheet, row)
            every_event(sheet.of(row.id))
        all_left(sheet, segments)


visit = require_visit()
st.title(_("Giáp ranh"))
st.caption(
    _("Dải 150 m mỗi bên ranh giới, cắt đoạn khoảng 500 m: nơi dễ bị bỏ ngỏ vì không rõ bên nào phụ trách.")
    + " "
    + _("Điểm chỉ để xếp thứ tự cho người xem xét, không phải căn cứ kiểm tra.")
)
with told():
    note_reading(visit.store, visit.actor, Looked.BORDERS)
    explore()
