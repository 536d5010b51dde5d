"""Điểm phức tạp: hotspots with their state, days since elimination, patrols due, and their timeline."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from app.access import Right, may
from app.parts.failures import told
from app.parts.map import hotspot_map
from app.parts.plain import plain
from app.parts.visit import Visit, require_visit
from app.services import hotspots as service
from app.text import _, label, show
from geo.hotspots import ALLOWED
from geo.words import FindingKind, HotspotState, PatrolResult, SignalState

DAY = "DD/MM/YYYY"
PRESSED, CLICKED = "transition-pressed", "hotspot-clicked"


def word_of(kind: str, word: str) -> str:
    """The state, finding or result of one line of the timeline."""
    kinds = {
        "transition": HotspotState,
        "signal": SignalState,
        "finding": FindingKind,
        "patrol": PatrolResult,
    }
    return label(kinds[kind](word))


def kind_word(kind: str) -> str:
    """What one line of the timeline is."""
    return {
        "transition": _("chuyển trạng thái"),
        "signal": _("nguồn tin"),
        "finding": _("vi phạm"),
        "patrol": _("tuần tra"),
    }[kind]


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
    }


def detail(visit: Visit, spot: pd.Series) -> None:
    """One hotspot: its map, its timeline, and the transition that a person may record."""
    st.subheader(plain(spot["name"]))
    if may(visit.actor, Right.SEE_TIPS):
        rows = service.timeline(visit.store, visit.actor, spot["id"], visit.today)
        table = pd.DataFrame(
            {
                _("Ngày"): pd.to_datetime(rows["on_date"]),
                _("Loại"): [kind_word(k) for k in rows["kind"]],
                _("Kết quả"): [word_of(k, w) for k, w in zip(rows["kind"], rows["word"], strict=True)],
                _("Nội dung"): rows["text"],
            }
        )
        days = {_("Ngày"): st.column_config.DateColumn(format=DAY)}
        st.dataframe(table, hide_index=True, height=300, column_config=days, placeholder="")
    if may(visit.actor, Right.EDIT_PLACES):
        transition_form(visit, spot)
        watch_form(visit, spot)


def transition_form(visit: Visit, spot: pd.Series) -> None:
    """Record the next state, with the previous one and its paper in sight."""
    state = HotspotState(spot["state"])
    following = sorted(ALLOWED.get(state, ()))
    if not following:
        return
    key = f"transition-{spot['id']}"
    with st.expander(_("Ghi chuyển trạng thái")), st.form(key, border=False):
        since, document = show(spot["state_since"].date()), spot["document"]
        st.caption(
            _(
                "Hiện nay: {state} từ {since}. Văn bản: {document}",
                state=state,
                since=since,
                document=show(document),
            )
        )
        st.selectbox(_("Trạng thái mới"), following, format_func=label, key=f"{key}-to-{state}")
        st.date_input(_("Ngày"), value=visit.today, format=DAY, key=f"{key}-on")
        st.text_input(_("Số văn bản"), max_chars=200, key=f"{key}-paper")
        st.text_input(_("Lý do (không ghi tên người, số điện thoại)"), max_chars=500, key=f"{key}-why")
        st.form_submit_button(_("Ghi"), on_click=press, args=(spot["id"], state))


def press(hotspot_id: str, seen: HotspotState) -> None:
    """Keep what was entered with the state that the person saw, before the page reads the present one."""
    key = f"transition-{hotspot_id}"
    st.session_state[PRESSED] = {
        "hotspot_id": hotspot_id,
        "new": st.session_state[f"{key}-to-{seen}"],
        "on_date": st.session_state[f"{key}-on"],
        "document": st.session_state[f"{key}-paper"].strip() or None,
        "reason": st.session_state[f"{key}-why"],
        "seen": seen,
    }


def given_transition(visit: Visit) -> None:
    """Record the transition that was just entered, whatever has become of the hotspot since."""
    pressed = st.session_state.pop(PRESSED, None)
    if pressed is None:
        return
    with told():
        service.change_state(visit.store, visit.actor, **pressed)
        for field in ("paper", "why"):
            st.session_state[f"transition-{pressed['hotspot_id']}-{field}"] = ""
        st.toast(_("Đã ghi."))
        st.rerun()


def watch_form(visit: Visit, spot: pd.Series) -> None:
    """Change the watch; a change that somebody else saved meanwhile is not overwritten."""
    key = f"watch-{spot['id']}"
    # What the form was opened with, whatever reruns come in between.
    seen, version = st.session_state.setdefault(
        f"{key}-seen",
        (
            service.WatchSettings(
                float(spot["catchment_m"]), int(spot["watch_months"]), int(spot["patrol_every_days"])
            ),
            int(spot["version"]),
        ),
    )
    with st.expander(_("Sửa vùng và nhịp theo dõi")), st.form(key, border=False):
        catchment = st.number_input(_("Bán kính theo dõi (m)"), 20.0, 2000.0, seen.catchment_m, 10.0)
        months = st.number_input(_("Thời gian theo dõi (tháng)"), 1, 120, seen.watch_months)
        rhythm = st.number_input(_("Tuần tra ít nhất mỗi (ngày)"), 1, 120, seen.patrol_every_days)
        if st.form_submit_button(_("Lưu")):
            with told():
                new = service.WatchSettings(float(catchment), int(months), int(rhythm))
                service.change_watch(visit.store, visit.actor, spot["id"], new, seen=seen, version=version)
                del st.session_state[f"{key}-seen"]
                st.toast(_("Đã ghi."))
                st.rerun()


def open_hotspot(clicked: str | None) -> str | None:
    """The hotspot that the address names; a new click on the map changes the address."""
    if clicked != st.session_state.get(CLICKED):
        st.session_state[CLICKED] = clicked
        if clicked is not None:
            st.query_params["hotspot"] = clicked
    return st.query_params.get("hotspot")


visit = require_visit()
st.title(_("Điểm phức tạp"))
with told():
    spots = service.overview(visit.store, visit.actor, visit.today)
    states = [state for state in HotspotState if state.value in set(spots["state"])]
    picked = st.multiselect(_("Trạng thái"), states, format_func=label, placeholder=_("Tất cả"))
    wanted = [state.value for state in (picked or states)]
    shown = spots[spots["state"].isin(wanted)].reset_index(drop=True)
    ids, opened = list(shown["id"]), open_hotspot(hotspot_map(visit, shown))
    choice = st.dataframe(
        overview_table(shown),
        hide_index=True,
        column_config=overview_columns(),
        placeholder="",
        selection_mode="single-row",
        selection_default={"selection": {"rows": [ids.index(opened)] if opened in ids else []}},
        on_select="rerun",
        # Another list or another opened hotspot is another table: no row of the former stays ticked.
        key=f"spots-{opened}-{'-'.join(wanted)}",
    )
    given_transition(visit)
    rows = choice["selection"]["rows"]
    if rows and rows[0] < len(shown):
        detail(visit, shown.iloc[rows[0]])
    else:
        st.caption(_("Chọn một dòng để xem diễn biến trong vùng theo dõi."))
