"""Cảnh báo: places that need a person's judgement, the most urgent first, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from app.access import Right, may
from app.parts.alert_card import OPENED, place_card
from app.parts.alert_figures import precision, response_times
from app.parts.failures import told
from app.parts.notice_choice import notice_choice
from app.parts.visit import Visit, require_visit
from app.services import alerts as service
from app.text import _, label
from geo.words import AlertKind

#: Places shown before one asks for more.
_SHOWN, _MORE = 12, "alerts-more"
MINE, UNASSIGNED, LATE = "mine", "unassigned", "late"


def scan_now(visit: Visit) -> None:
    """Look for signs now, not only at night."""
    if st.button(_("Rà soát ngay"), icon=":material/radar:"):
        with told(), st.spinner(_("Đang rà soát...")):
            done = service.scan(visit.store, visit.actor, visit.today)
            st.toast(
                _(
                    "Cảnh báo mới: {n}, vẫn mở: {kept}, đã khép: {closed}.",
                    n=len(done["raised"]),
                    kept=len(done["kept"]),
                    closed=len(done["closed"]),
                )
            )


def filtered(waiting: pd.DataFrame) -> pd.DataFrame:
    """What the filters leave."""
    words = {MINE: _("Của tôi"), UNASSIGNED: _("Chưa giao"), LATE: _("Quá hạn")}
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = st.pills(
            _("Lọc"),
            list(words),
            selection_mode="multi",
            format_func=words.__getitem__,
            key="alerts-filter",
            label_visibility="collapsed",
        )
        present = [kind for kind in AlertKind if kind.value in set(waiting["kind"])]
        kinds = st.multiselect(
            _("Loại"),
            present,
            format_func=label,
            placeholder=_("Mọi loại cảnh báo"),
            key="alerts-kinds",
            label_visibility="collapsed",
            width=330,
        )
    keep = pd.Series(True, index=waiting.index)
    if MINE in wanted:
        keep &= waiting["mine"]
    if UNASSIGNED in wanted:
        keep &= waiting["assigned_to"].isna()
    if LATE in wanted:
        keep &= waiting["late"]
    if kinds:
        keep &= waiting["kind"].isin(kinds)
    return waiting[keep]


def by_place(alerts: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The alerts of each place together, in the order of their first."""
    if len(alerts):
        for _key, rows in alerts.groupby(["place_kind", "place_id"], sort=False):
            yield rows


def cards(visit: Visit, alerts: pd.DataFrame, opened: str | None) -> None:
    """The places, the first ones or all."""
    groups = list(by_place(alerts))
    shown = len(groups) if st.session_state.get(_MORE) else _SHOWN
    for number, rows in enumerate(groups):
        if number < shown or opened in set(rows["id"]):
            place_card(visit, rows, opened)
    if len(groups) > shown:
        st.button(
            _("Xem thêm {n} địa điểm", n=len(groups) - shown),
            on_click=st.session_state.__setitem__,
            args=(_MORE, True),
        )


def inbox(visit: Visit) -> None:
    """What waits, what is settled."""
    head = st.container(horizontal=True, vertical_alignment="center")
    if may(visit.actor, Right.JUDGE_ALERTS):
        with head:
            scan_now(visit)
    found = service.alerts_with_places(visit.store, visit.actor, visit.today)
    waiting, settled = found[found["open"]], found[~found["open"]]
    head.markdown(
        _(
            "**{n}** cảnh báo đang mở · **{late}** quá hạn · **{mine}** của tôi",
            n=len(waiting),
            late=int(waiting["late"].sum()),
            mine=int(waiting["mine"].sum()),
        )
    )
    left = filtered(waiting)
    opened = st.query_params.get(OPENED)
    if opened not in set(found["id"]):
        opened = left["id"].iloc[0] if len(left) else None
    if left.empty and len(waiting):
        st.caption(_("Không có cảnh báo nào như bộ lọc."))
    cards(visit, left, opened)
    with st.expander(_("Thời gian xử lý")):
        response_times(found)
    if len(settled):
        with st.expander(_("Đã giải quyết ({n})", n=len(settled)), expanded=opened in set(settled["id"])):
            for rows in by_place(settled.head(50)):
                place_card(visit, rows, opened)


visit = require_visit()
st.title(_("Cảnh báo"))
st.caption(_("Cảnh báo chỉ nêu dấu hiệu và căn cứ. Người có thẩm quyền xem xét và quyết định."))
with told():
    inbox(visit)
with st.expander(_("Các quy tắc đúng đến đâu")), told():
    precision(visit)
with st.expander(_("Nhận thông báo")), told():
    notice_choice(visit)
