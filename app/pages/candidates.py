"""Địa điểm từ bản đồ mở: places that OpenStreetMap knows, for a person to take into the register or not."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import pandas as pd
import streamlit as st

from app.parts.failures import told
from app.parts.plain import plain
from app.parts.visit import Visit, require_visit
from app.services import osm_import as service
from app.text import _, label, number, show_time
from geo.errors import InputError
from geo.words import PremisesType


def state_word(state: str) -> str:
    """How far a place has been judged."""
    return {
        service.NEW: _("chờ xem xét"),
        service.CONFIRMED: _("đã đưa vào danh sách"),
        service.DISMISSED: _("bỏ qua"),
    }[state]


def waiting_table(places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Places that nobody has judged, each with the premises that may be the same."""
    return pd.DataFrame(
        {
            _("Tên trên bản đồ"): places["name"],
            _("Loại hình"): [label(PremisesType(t)) for t in places["type"]],
            _("Địa chỉ"): places["address"],
            _("Cơ sở gần nhất trong danh sách"): [
                "" if pd.isna(name) else f"{name} ({number(metres, 0)} m)"
                for name, metres in zip(places["near_name"], places["near_m"], strict=True)
            ],
            _("Vĩ độ, kinh độ"): [f"{point.y:.5f}, {point.x:.5f}" for point in places.geometry],
        }
    )


def judged_table(places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Places that were taken or laid aside, by whom, when and why."""
    return pd.DataFrame(
        {
            _("Tên trên bản đồ"): places["name"],
            _("Kết quả"): [state_word(state) for state in places["state"]],
            _("Người quyết định"): places["decided_by"],
            _("Lúc"): [show_time(instant) for instant in places["decided_at"]],
            _("Lý do"): places["reason"].fillna(""),
        }
    )


def judge_form(visit: Visit, picked: gpd.GeoDataFrame) -> None:
    """What may be decided on the picked places."""
    one = picked.iloc[0] if len(picked) == 1 else None
    with st.container(border=True):
        st.write(plain(one["name"]) if one is not None else _("Đã chọn {n} địa điểm", n=len(picked)))
        kind = None
        if one is not None:
            kinds = list(PremisesType)
            kind = st.selectbox(
                _("Loại hình khi đưa vào danh sách"),
                kinds,
                index=kinds.index(PremisesType(one["type"])),
                format_func=label,
                key=f"kind-{one['id']}",
            )
        reason = st.text_input(_("Lý do bỏ qua (không ghi tên người, số điện thoại)"), max_chars=300)
        left, right = st.columns(2)
        if left.button(_("Đưa vào danh sách"), type="primary", width="stretch"):
            judge(
                picked,
                lambda row: service.confirm(
                    visit.store, visit.actor, row["id"], version=int(row["version"]), type=kind
                ),
            )
        if right.button(_("Bỏ qua"), width="stretch"):
            judge(
                picked,
                lambda row: service.dismiss(
                    visit.store, visit.actor, row["id"], reason, version=int(row["version"])
                ),
            )


def judge(picked: gpd.GeoDataFrame, decide: Callable[[pd.Series], object]) -> None:
    """Decide on each of the picked places; the first that is refused ends it and is told."""
    done = 0
    try:
        for _position, row in picked.iterrows():
            decide(row)
            done += 1
    except InputError:
        if done:
            st.toast(_("Đã ghi {n} địa điểm.", n=done))
        raise
    st.toast(_("Đã ghi {n} địa điểm.", n=done))
    st.rerun()


def waiting_section(visit: Visit, waiting: gpd.GeoDataFrame) -> None:
    """Filter, table and decision."""
    present = [kind for kind in PremisesType if kind.value in set(waiting["type"])]
    wanted = st.multiselect(_("Loại hình"), present, format_func=label, placeholder=_("Tất cả"))
    chosen = {kind.value for kind in wanted or present}
    shown = waiting[waiting["type"].isin(chosen)].reset_index(drop=True)
    # A key of its own for every list: rows picked in one must not point into the next.
    key = f"waiting-{hash(tuple(shown['id']))}"
    choice = st.dataframe(
        waiting_table(shown), hide_index=True, selection_mode="multi-row", on_select="rerun", key=key
    )
    rows = [row for row in choice["selection"]["rows"] if row < len(shown)]
    if rows:
        judge_form(visit, shown.iloc[rows])
    else:
        st.caption(_("Chọn một hay nhiều dòng để đưa vào danh sách hoặc bỏ qua."))


visit = require_visit()
st.title(_("Địa điểm từ bản đồ mở"))
st.caption(
    _("Địa điểm lấy từ OpenStreetMap, chưa thuộc danh sách cơ sở cho đến khi có người xác nhận.")
    + " "
    + service.ATTRIBUTION
)
with told():
    found = service.candidates(visit.store, visit.actor)
    is_new = found["state"] == service.NEW
    st.markdown(_("**{n}** địa điểm chờ xem xét", n=int(is_new.sum())))
    if is_new.any():
        waiting_section(visit, found[is_new])
    elif found.empty:
        st.info(_("Chưa có địa điểm nào. Lấy bằng lệnh: python -m app import osm --area “Hà Đông, Hà Nội”"))
    if (~is_new).any():
        with st.expander(_("Đã xử lý ({n})", n=int((~is_new).sum()))):
            st.dataframe(judged_table(found[~is_new]), hide_index=True)
