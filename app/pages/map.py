"""Bản đồ: wards, premises, hotspots, border strips and alerts; filters that drive map and table together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from zlib import crc32

import geopandas as gpd
import pandas as pd
import streamlit as st

from app.access import Right, may
from app.config import ROOT
from app.parts import choices
from app.parts.cached import map_data, search_texts
from app.parts.failures import told
from app.parts.map import HEIGHT, Kind, MapView, Pick, main_map, row_of
from app.parts.map_time import through_time
from app.parts.plain import plain
from app.parts.score import score_parts
from app.parts.visit import Visit, require_visit
from app.services.map_data import MapData
from app.text import _, label, number, render, show
from geo.words import AlertKind, AlertState, HotspotState, LicenceKind, PremisesStatus, PremisesType

PICKED, IN_TIME = "map-picked", "map-in-time"
#: Alerts named beside the map.
_LISTED = 8


def kind_word(kind: Kind) -> str:
    """What a layer is called."""
    return {
        Kind.STRIP: _("Dải giáp ranh"),
        Kind.HOTSPOT: _("Điểm phức tạp"),
        Kind.PREMISES: _("Cơ sở"),
        Kind.ALERT: _("Cảnh báo"),
    }[kind]


def pick(chosen: Pick) -> None:
    """Remember what was picked, for the panel and the ring on the map."""
    st.session_state[PICKED] = chosen


def toolbar(visit: Visit, whole: MapData) -> MapView:
    """Search, filters, layers and colours in one row; gives what the map and the table show."""
    tips = may(visit.actor, Right.SEE_TIPS)
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width=210):
            words = choices.search_text()
        with st.popover(_("Bộ lọc"), icon=":material/filter_list:"):
            wards = choices.pick_wards(whole.units)
            types = choices.pick_types(whole.premises)
            statuses = choices.pick_statuses(whole.premises)
            least = choices.pick_least_score() if tips else 0
        kinds = list(Kind) if tips else [Kind.PREMISES]
        shown = st.pills(
            _("Lớp"),
            kinds,
            selection_mode="multi",
            default=kinds,
            format_func=kind_word,
            key="map-layers",
            label_visibility="collapsed",
        )
        by_risk = tips and st.toggle(_("Màu theo nguy cơ"), key="map-by-risk")
        if tips:
            st.toggle(_("Theo thời gian"), key=IN_TIME)
    premises = whole.premises
    keep = premises["type"].isin(types) & premises["status"].isin(statuses)
    if words:
        keep &= choices.matches(search_texts(visit), words).to_numpy()
    if least:
        keep &= premises["score"].astype(float) >= least
    data = replace(whole, premises=premises[keep])
    if len(wards) < len(whole.units):
        data = inside(data, wards)
    near = frozenset(wards) if len(wards) < len(whole.units) else visit.actor.scope or frozenset()
    picked = st.session_state.get(PICKED)
    return MapView(data, frozenset(shown), "risk" if by_risk else "type", picked, near)


def inside(data: MapData, wards: Sequence[str]) -> MapData:
    """What lies in the wards, or on their border."""
    ground = data.units[data.units["id"].isin(wards)].union_all()
    strips = data.strips
    if len(strips):
        strips = strips[strips["unit_a"].isin(wards) | strips["unit_b"].isin(wards)]
    return replace(
        data,
        premises=data.premises[data.premises["ward_id"].isin(wards)],
        hotspots=data.hotspots[data.hotspots.intersects(ground)],
        alerts=data.alerts[data.alerts.intersects(ground)],
        strips=strips,
    )


def table(whole: MapData, premises: gpd.GeoDataFrame) -> None:
    """The premises that the filters left, the riskiest first; a row that is picked is shown on the map."""
    scored = "score" in premises.columns
    rows = premises.sort_values("score" if scored else "name", ascending=not scored, kind="stable")
    columns: dict[str, Any] = {
        _("Cơ sở"): rows["name"],
        _("Loại hình"): [label(PremisesType(t)) for t in rows["type"]],
        _("Phường"): rows["ward_name"],
    }
    last_check = _("Kiểm tra gần nhất")
    settings: dict[str, Any] = {last_check: st.column_config.DateColumn(format="DD/MM/YYYY")}
    if scored:
        columns[_("Điểm")] = rows["score"].astype(float)
        settings[_("Điểm")] = st.column_config.ProgressColumn(min_value=0, max_value=100, format="%.1f")
    columns |= {
        last_check: whole.last_inspections.reindex(rows["id"]).to_numpy(),
        _("Tình trạng"): [label(PremisesStatus(s)) for s in rows["status"]],
        _("Địa chỉ"): rows["address"],
    }
    ids = list(rows["id"])
    # Another list of rows is another table: a row that was picked by position must not stay picked.
    key = f"map-table-{crc32(''.join(ids).encode())}"
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        height=330,
        selection_mode="single-row",
        on_select=partial(pick_row, key, ids),
        column_config=settings,
        placeholder="",
        key=key,
    )


def pick_row(key: str, ids: list[str]) -> None:
    """The row that was just picked in the table."""
    rows = st.session_state[key]["selection"]["rows"]
    if rows and rows[0] < len(ids):
        pick(Pick(Kind.PREMISES, ids[rows[0]], elsewhere=True))


def facts(pairs: Sequence[tuple[str, Any]]) -> None:
    """Lines of name and value; empty values are left out."""
    lines = [f"{name}: **{plain(text)}**" for name, value in pairs if (text := show(value))]
    st.markdown("  \n".join(lines))


def premises_panel(whole: MapData, row: Any) -> None:
    """What is known of one premises."""
    st.markdown(f"#### {plain(row['name'])}")
    facts(
        [
            (_("Loại hình"), PremisesType(row["type"])),
            (_("Địa chỉ"), row["address"]),
            (_("Phường"), row["ward_name"]),
            (_("Tình trạng"), PremisesStatus(row["status"])),
            (_("Số đăng ký"), row.get("registration_number")),
            (_("Số phòng"), row.get("rooms")),
            (_("Kiểm tra gần nhất"), day(whole.last_inspections.get(row["id"])) or _("chưa có")),
        ]
    )
    papers(whole.licences[whole.licences["premises_id"] == row["id"]])
    if pd.notna(row.get("score")):
        score_parts(row)


def papers(licences: pd.DataFrame) -> None:
    """The papers of one premises, each with its number and what became of it."""
    lines = []
    for paper in licences.itertuples():
        ended = (
            (_("thu hồi"), paper.withdrawn_on),
            (_("đình chỉ"), paper.suspended_on),
            (_("có hạn đến"), paper.term_until),
        )
        told = [f"{word} {show(when.date())}" for word, when in ended if pd.notna(when)]
        number = plain(paper.number) if isinstance(paper.number, str) else ""
        lines.append("- " + " · ".join(filter(None, [label(LicenceKind(paper.kind)), number, *told[:1]])))
    if lines:
        st.markdown(f"{_('Giấy tờ')}\n" + "\n".join(lines))


def page(name: str) -> st.Page:
    """Another page of the app, to link to."""
    return st.Page(ROOT / "app" / "pages" / f"{name}.py", url_path=name)


def day(value: Any) -> Any:
    """The date of a timestamp, None when there is none."""
    return None if value is None or pd.isna(value) else value.date()


def hotspot_panel(_whole: MapData, row: Any) -> None:
    """State of one hotspot and since when."""
    st.markdown(f"#### {plain(row['name'])}")
    facts(
        [
            (_("Trạng thái"), HotspotState(row["state"])),
            (_("Từ ngày"), day(row["state_since"])),
            (_("Triệt xóa ngày"), day(row["eliminated_on"])),
            (_("Văn bản"), row.get("document")),
            (_("Vùng theo dõi (m)"), float(row["catchment_m"])),
        ]
    )
    st.page_link(page("hotspots"), label=_("Xem diễn biến"), icon=":material/timeline:")


def strip_panel(_whole: MapData, row: Any) -> None:
    """Both wards of a border strip, its rank and what its risk is made of."""
    st.markdown(f"#### {_('Dải giáp ranh')}")
    if row["parts"]:
        score_parts({"name": " – ".join(row["names"]), "score": row["risk"], "parts": row["parts"]})
    else:
        st.markdown(f"**{plain(' – '.join(row['names']))}**")
        st.caption(_("0 điểm: không có điều gì làm tăng nguy cơ."))
    facts(
        [
            (_("Hạng nguy cơ"), int(row["rank"])),
            (_("Chiều dài (m)"), round(float(row["length_m"]))),
            (_("Cơ sở trong dải"), row.get("premises")),
            (_("Kiểm tra chung gần nhất"), day(row.get("last_joint_inspection")) or _("chưa có")),
        ]
    )


def alert_panel(_whole: MapData, row: Any) -> None:
    """Why an alert was raised, where and when."""
    st.markdown(f"#### {plain(render(row['name']))}")
    facts(
        [
            (_("Cảnh báo"), AlertKind(row["kind"])),
            (_("Trạng thái"), AlertState(row["state"])),
            (_("Từ ngày"), day(row["raised_on"])),
            (_("Mức"), number(float(row["score"]), 0)),
            (_("Đang giao"), row["assigned_to"]),
        ]
    )
    st.write(plain(render(row["text"])))
    st.page_link(
        page("alerts"),
        label=_("Xem căn cứ và quyết định"),
        icon=":material/notifications:",
        query_params={"alert": row["id"]},
    )


PANELS = {
    Kind.PREMISES: premises_panel,
    Kind.HOTSPOT: hotspot_panel,
    Kind.STRIP: strip_panel,
    Kind.ALERT: alert_panel,
}


def panel(whole: MapData, view: MapView) -> None:
    """What is picked; before that, what the map holds and which alerts wait."""
    row = row_of(whole, view.picked) if view.picked else None
    if view.picked and row is not None:
        PANELS[view.picked.kind](whole, row)
        st.button(_("Đóng"), icon=":material/close:", on_click=st.session_state.pop, args=(PICKED, None))
        return
    data = view.data
    st.markdown(_("**{n}** trong {all} cơ sở", n=len(data.premises), all=len(whole.premises)))
    unplaced = int(data.premises.geometry.isna().sum())
    if unplaced:
        st.caption(_("{n} cơ sở chưa có vị trí, chỉ có trong bảng.", n=unplaced))
    if len(data.alerts):
        alerts_line(data.alerts)


def alerts_line(alerts: gpd.GeoDataFrame) -> None:
    """The open alerts, the most urgent ones as buttons."""
    st.markdown(_("**{n}** cảnh báo đang mở", n=len(alerts)))
    for alert in alerts.head(_LISTED).itertuples():
        st.button(
            f"{plain(render(alert.name))} · {label(AlertKind(alert.kind))}",
            width="stretch",
            icon=":material/notifications_active:",
            key=f"alert-{alert.id}",
            on_click=pick,
            args=(Pick(Kind.ALERT, alert.id, elsewhere=True),),
        )
    if len(alerts) > _LISTED:
        st.page_link(page("alerts"), label=_("Xem tất cả cảnh báo"), icon=":material/notifications:")


def picked_line(whole: MapData, view: MapView) -> None:
    """One line above the map: what is picked. On a telephone the panel lies out of sight, below the map."""
    row = row_of(whole, view.picked) if view.picked else None
    if view.picked is None or row is None:
        st.caption(_("Chọn một điểm trên bản đồ hoặc một dòng trong bảng để xem chi tiết."))
        return
    kind, name, score = kind_word(view.picked.kind), render(row.get("name") or ""), None
    if view.picked.kind is Kind.STRIP:
        name, score = " – ".join(row["names"]), row["risk"]
    elif view.picked.kind is Kind.PREMISES:
        kind, score = label(PremisesType(row["type"])), row.get("score")
    points = [_("{score} điểm", score=number(float(score)))] if score is not None and pd.notna(score) else []
    st.markdown(" · ".join([f":material/location_on: **{plain(name)}**", kind, *points]))


@st.fragment
def explore() -> None:
    """Map, panel and table; a change of a filter redraws these and nothing else."""
    visit = require_visit()
    with told():
        whole = map_data(visit, visit.today)
        view = toolbar(visit, whole)
        if st.session_state.get(IN_TIME):
            view, moment = through_time(visit, whole, view)
            st.caption(moment)
        picked_line(whole, view)
        left, right = st.columns([5, 2], gap="small")
        with left:
            main_map(visit, whole, view, pick)
        # As high as the map: what is picked must not push the table out of sight.
        with right, st.container(border=True, height=HEIGHT):
            panel(whole, view)
        table(whole, view.data.premises)


def first_steps(visit: Visit) -> None:
    """What to do in a district that holds nothing yet."""
    whole = map_data(visit, visit.today)
    if whole.units.empty:
        st.info(
            _(
                "Chưa có địa giới phường. Ở cửa sổ lệnh, nhập tệp ranh giới bằng: "
                "`python -m app import wards TỆP --valid-from 2025-07-01`, rồi nhập đường bằng `import roads`."
            )
        )
    elif whole.premises.empty:
        st.info(
            _("Chưa có cơ sở nào. Nhập danh sách trên trang Nhập từ tệp, hoặc bằng lệnh `import premises`.")
        )


visit = require_visit()
with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title(_("Bản đồ"), width="content")
    with told():
        if map_data(visit, visit.today).schematic:
            st.caption(_("Ranh giới phường là sơ đồ, chỉ để minh họa, cho đến khi nhập ranh giới thật."))
first_steps(visit)
explore()
