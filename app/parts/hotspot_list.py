"""The list of hotspots, beside the map of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from zlib import crc32

import geopandas as gpd
import pandas as pd
import streamlit as st

from app.parts.map import hotspot_map
from app.parts.visit import Visit
from app.text import _, label
from geo.words import HotspotState

DAY = "DD/MM/YYYY"
#: The hotspot that a click or a row asks for, until the page has taken it into its address.
ASKED = "hotspot-asked"
_CLICKED = "hotspot-clicked"


def hotspot_list(visit: Visit, spots: gpd.GeoDataFrame) -> None:
    """Filter, map and table; what is picked in either opens."""
    states = [state for state in HotspotState if state.value in set(spots["state"])]
    picked = st.pills(
        _("Trạng thái"),
        states,
        selection_mode="multi",
        format_func=lambda state: f"{label(state)} ({int(spots['state'].eq(state).sum())})",
        key="hotspot-states",
        label_visibility="collapsed",
    )
    wanted = [state.value for state in (picked or states)]
    shown = spots[spots["state"].isin(wanted)].reset_index(drop=True)
    clicked = hotspot_map(visit, shown)
    if clicked != st.session_state.get(_CLICKED):
        st.session_state[_CLICKED] = clicked
        if clicked is not None:
            st.session_state[ASKED] = clicked
            st.rerun()
    ids = list(shown["id"])
    # Another list of rows is another table: a row that was picked by position must not stay picked.
    key = f"spots-{crc32(''.join(ids).encode())}"
    st.dataframe(
        overview_table(shown),
        hide_index=True,
        column_config=overview_columns(),
        placeholder="",
        selection_mode="single-row",
        on_select=partial(_row_picked, key, ids),
        key=key,
    )
    st.caption(_("Chọn một điểm trên bản đồ hoặc một dòng để mở."))


def _row_picked(key: str, ids: Sequence[str]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows and rows[0] < len(ids):
        st.session_state[ASKED] = ids[rows[0]]


def overview_table(spots: gpd.GeoDataFrame) -> pd.DataFrame:
    """The list of hotspots as officers read it."""
    return pd.DataFrame(
        {
            _("Điểm phức tạp"): spots["name"],
            _("Trạng thái"): [label(HotspotState(s)) for s in spots["state"]],
            _("Quá hạn tuần tra"): spots["patrol_overdue_days"],
            _("Tuần tra gần nhất"): spots["last_patrol"],
            _("Từ ngày"): spots["state_since"],
            _("Sau triệt xóa"): spots["days_since"].astype("Int64"),
            _("Nguồn tin"): spots["signals_year"],
            _("Ai tuần tra"): spots["patrol_by"],
        }
    )


def overview_columns() -> dict[str, Any]:
    """How the columns of the list are drawn; the short titles are explained behind the question mark."""
    column = st.column_config
    return {
        _("Điểm phức tạp"): column.TextColumn(width="medium"),
        _("Quá hạn tuần tra"): column.NumberColumn(help=_("Số ngày quá hạn tuần tra"), width="small"),
        _("Tuần tra gần nhất"): column.DateColumn(format=DAY, width="small"),
        _("Từ ngày"): column.DateColumn(format=DAY, help=_("Trạng thái này từ ngày nào"), width="small"),
        _("Sau triệt xóa"): column.NumberColumn(help=_("Số ngày từ khi triệt xóa"), width="small"),
        _("Nguồn tin"): column.NumberColumn(
            help=_("Nguồn tin trong vùng theo dõi, 12 tháng qua"), width="small"
        ),
        _("Ai tuần tra"): column.TextColumn(width="small"),
    }
