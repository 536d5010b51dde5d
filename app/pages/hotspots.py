"""Điểm phức tạp: hotspots with their state, days since elimination, patrols due, and their timeline."""

from __future__ import annotations

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
            _("Từ ngày"): [show(d.date()) for d in spots["state_since"]],
            _("Số ngày từ khi triệt xóa"): spots["days_since"].astype("Int64"),
            _("Nguồn tin 12 tháng"): spots["signals_year"],
            _("Tuần tra gần nhất"): [show(d.date()) if pd.notna(d) else "" for d in spots["last_patrol"]],
            _("Quá hạn tuần tra (ngày)"): spots["patrol_overdue_days"],
        }
    )


def detail(visit: Visit, spot: pd.Series) -> None:
    """One hotspot: its map, its timeline, and the transition that a person may record."""
    st.subheader(plain(spot["name"]))
    if may(visit.actor, Right.SEE_TIPS):
        rows = service.timeline(visit.store, visit.actor, spot["id"], visit.today)
        table = pd.DataFrame(
            {
                _("Ngày"): [show(d.date()) for d in rows["on_date"]],
                _("Loại"): [kind_word(k) for k in rows["kind"]],
                _("Kết quả"): [word_of(k, w) for k, w in zip(rows["kind"], rows["word"], strict=True)],
                _("Nội dung"): rows["text"],
            }
        )
        st.dataframe(table, hide_index=True, height=300)
    if may(visit.actor, Right.EDIT_PLACES):
        transition_form(visit, spot)
        watch_form(visit, spot)


def transition_form(visit: Visit, spot: pd.Series) -> None:
    """Record the next state, with the previous one and its paper in sight."""
    state = HotspotState(spot["state"])
    following = sorted(ALLOWED.get(state, ()))
    if not following:
        return
    with st.expander(_("Ghi chuyển trạng thái")), st.form(f"transition-{spot['id']}-{state}", border=False):
        since, document = show(spot["state_since"].date()), spot["document"]
        st.caption(
            _(
                "Hiện nay: {state} từ {since}. Văn bản: {document}",
                state=state,
                since=since,
                document=show(document),
            )
        )
        new = st.selectbox(_("Trạng thái mới"), following, format_func=label)
        on_date = st.date_input(_("Ngày"), value=visit.today, format="DD/MM/YYYY")
        number = st.text_input(_("Số văn bản"), max_chars=200)
        reason = st.text_input(_("Lý do (không ghi tên người, số điện thoại)"), max_chars=500)
        if st.form_submit_button(_("Ghi")):
            with told():
                service.change_state(
                    visit.store,
                    visit.actor,
                    spot["id"],
                    new,
                    on_date=on_date,
                    reason=reason,
                    document=number.strip() or None,
                )
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
                st.rerun()


visit = require_visit()
st.title(_("Điểm phức tạp"))
with told():
    spots = service.overview(visit.store, visit.actor, visit.today)
    states = [state for state in HotspotState if state.value in set(spots["state"])]
    picked = st.multiselect(_("Trạng thái"), states, format_func=label, placeholder=_("Tất cả"))
    wanted = [state.value for state in (picked or states)]
    shown = spots[spots["state"].isin(wanted)].reset_index(drop=True)
    hotspot_map(visit, shown)
    choice = st.dataframe(
        overview_table(shown), hide_index=True, selection_mode="single-row", on_select="rerun", key="spots"
    )
    rows = choice["selection"]["rows"]
    if rows and rows[0] < len(shown):
        detail(visit, shown.iloc[rows[0]])
    else:
        st.caption(_("Chọn một dòng để xem diễn biến trong vùng theo dõi."))
