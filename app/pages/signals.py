"""Nguồn tin: what was told of places, taken in, handled by a deadline, sent across borders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from app.access import Right, may
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.signal_detail import pending_sending, signal_detail
from app.parts.signal_form import intake_form, open_signal
from app.parts.signal_reads import inbox
from app.parts.signal_words import due_word, state_word
from app.parts.visit import Visit, require_visit
from app.services import signal_handovers as across
from app.services.audit import note_reading
from app.services.looking import Looked
from app.text import _, label, show
from geo.words import SignalKind, SignalState

#: How far back handled signals are listed unless all are asked for.
_MONTHS_DAYS = 183
EVERYTHING = "signals-old"
LIST, TAKE, BORDER = "list", "take", "border"
TO_DO, MINE, LATE, OFFERED, ALL = "todo", "mine", "late", "offered", "all"


def views(visit: Visit) -> dict[str, str]:
    """What the page can show."""
    names = {LIST: _("Danh sách")}
    if may(visit.actor, Right.TAKE_SIGNALS):
        names[TAKE] = _("Tiếp nhận")
    return names | {BORDER: _("Chuyển địa bàn")}


def filtered(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The rows that were asked for: a quick choice, then states and kinds."""
    counts = {
        TO_DO: (_("Chờ xử lý"), found["open"] & found["ours"]),
        LATE: (_("Quá hạn"), found["open"] & found["late"] & found["ours"]),
        MINE: (_("Của tôi"), found["open"] & found["mine"]),
        OFFERED: (_("Chờ nhận"), found["offered"]),
        ALL: (_("Tất cả"), found["ours"] | True),
    }
    chosen = st.segmented_control(
        _("Xem"),
        list(counts),
        default=TO_DO,
        format_func=lambda key: f"{counts[key][0]} ({int(counts[key][1].sum())})",
        key="signals-quick",
        label_visibility="collapsed",
    )
    kept = found[counts[chosen or TO_DO][1].to_numpy(dtype=bool)]
    with st.expander(_("Lọc thêm")):
        states = st.multiselect(
            _("Trạng thái"), list(SignalState), format_func=label, placeholder=_("Tất cả"), key="signals-states"
        )
        kinds = st.multiselect(
            _("Loại tin"), list(SignalKind), format_func=label, placeholder=_("Tất cả"), key="signals-kinds"
        )
        st.toggle(_("Cả tin đã xử lý từ lâu"), key=EVERYTHING)
    if states:
        kept = kept[kept["state"].isin([state.value for state in states])]
    if kinds:
        kept = kept[kept["kind"].isin([kind.value for kind in kinds])]
    return kept.reset_index(drop=True)


def table(rows: gpd.GeoDataFrame) -> pd.DataFrame:
    """The list as officers read it: what is urgent stands where a phone shows it."""
    return pd.DataFrame(
        {
            _("Hạn"): [due(row) for row in rows.itertuples()],
            _("Nội dung"): [
                _("(cùng việc với tin khác)") if isinstance(row.same_as, str) else row.text
                for row in rows.itertuples()
            ],
            _("Trạng thái"): [
                state_word(SignalState(row.state), row.to_name if pd.notna(row.accepted_at) else None)
                for row in rows.itertuples()
            ],
            _("Loại tin"): [label(SignalKind(kind)) for kind in rows["kind"]],
            _("Ngày"): rows["on_date"],
            _("Nơi"): rows["premises"].fillna(rows["ward"]),
            _("Giao cho"): rows["assigned_to"],
            _("Số tiếp nhận"): rows["number"],
        }
    )


def due(row: Any) -> str:
    """The days left of an open signal, or how it was handled."""
    if row.open:
        return due_word(None if pd.isna(row.days_left) else int(row.days_left))
    if isinstance(row.same_as, str) or pd.isna(row.handled_on):
        return ""
    return _("xong đúng hạn") if row.in_time else _("xong, quá hạn")


def show_list(visit: Visit) -> None:
    """The inbox; a ticked row opens the signal."""
    found = inbox(
        visit, None if st.session_state.get(EVERYTHING) else visit.today - timedelta(days=_MONTHS_DAYS)
    )
    rows = filtered(found)
    if rows.empty:
        st.success(_("Không có nguồn tin nào như vậy."), icon=":material/check:")
        return
    column = st.column_config
    choice = st.dataframe(
        table(rows),
        hide_index=True,
        placeholder="",
        column_config={
            _("Hạn"): column.TextColumn(width=115),
            _("Nội dung"): column.TextColumn(width="medium"),
            _("Ngày"): column.DateColumn(format="DD/MM/YYYY", width="small"),
        },
        selection_mode="single-row",
        on_select="rerun",
        key=f"signals-{len(rows)}-{rows['id'].iloc[0]}",
    )
    picked = choice["selection"]["rows"]
    if picked and picked[0] < len(rows):
        open_signal(rows["id"].iloc[picked[0]])
    st.caption(_("Chọn một dòng để mở nguồn tin."))


def show_sendings(visit: Visit) -> None:
    """What was sent across borders: late ones first."""
    found = across.sendings(visit.store, visit.actor, visit.today)
    waiting = [one for one in found if one.accepted_at is None]
    if not waiting:
        st.success(_("Không có tin nào đang chờ nhận."), icon=":material/check:")
    for one in waiting:
        with st.container(border=True):
            route = " → ".join(plain(part) for part in (one.from_name, one.to_name) if part)
            late = f" · :red[**{_('quá hạn {n} ngày', n=one.days_late)}**]" if one.days_late else ""
            st.markdown(
                f"**{route}**  \n" + _("Gửi {at}, cần nhận đến {due}", at=one.sent_at, due=one.due_on) + late
            )
            with st.container(horizontal=True):
                if st.button(_("Mở nguồn tin"), key=f"open-{one.id}"):
                    open_signal(one.signal_id)
                if may(visit.actor, Right.TAKE_SIGNALS):
                    pending_sending(visit, one, outside=one.outside)
    done = [one for one in found if one.accepted_at is not None]
    if done:
        with st.expander(_("Đã nhận ({n})", n=len(done))):
            for one in done:
                st.write(plain(f"{one.from_name} → {one.to_name} · {show(one.accepted_at)}"))


visit = require_visit()
st.title(_("Nguồn tin"))
opened = st.query_params.get("signal")
if opened:
    signal_detail(visit, opened)
else:
    with told():
        note_reading(visit.store, visit.actor, Looked.TIPS)
        names = views(visit)
        view = st.segmented_control(
            _("Phần"),
            list(names),
            default=LIST,
            format_func=names.__getitem__,
            key="signals-view",
            label_visibility="collapsed",
        )
        if view == TAKE:
            intake_form()
        elif view == BORDER:
            show_sendings(visit)
        else:
            show_list(visit)
