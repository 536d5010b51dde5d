"""Chỉ tiêu: the plan's targets per ward and for the whole, what is behind each, and the wards' points."""

from __future__ import annotations

from datetime import date

import streamlit as st

from app.parts.failures import told
from app.parts.figure_choice import choose_period
from app.parts.plain import plain
from app.parts.target_matrix import other_table, ward_matrix
from app.parts.target_reads import targets
from app.parts.target_table import target_table
from app.parts.visit import Visit, require_visit
from app.parts.ward_score_list import ward_scores
from app.services import target_sheet
from app.services.indicators import Indicators
from app.text import _, render
from geo.periods import Period

TABLE, MATRIX, OTHER, SCORES = "table", "matrix", "other", "scores"
OWN, TODAY = "own", "today"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def choose_wards(visit: Visit, period: Period) -> date | None:
    """The day whose wards cut the figures, None for those of the period."""
    if period.last >= visit.today:
        return None
    names = {OWN: _("phường của kỳ đó"), TODAY: _("phường hiện nay")}
    chosen = st.segmented_control(
        _("Địa giới"), list(names), default=OWN, format_func=names.__getitem__, key="targets-wards"
    )
    return visit.today if chosen == TODAY else None


def choose_unit(found: Indicators) -> str | None:
    """The whole (None) or a ward."""
    names = {"": _("Toàn địa bàn"), **dict(zip(found.units["id"], found.units["name"], strict=True))}
    return st.selectbox(_("Phường"), list(names), format_func=names.__getitem__, key="targets-unit") or None


def download(visit: Visit, found: Indicators, period: Period) -> None:
    """The targets of all wards as a workbook, made when it is asked for."""
    st.download_button(
        _("Tải Excel"),
        data=lambda: target_sheet.workbook(visit.store, visit.actor, found, period),
        file_name=f"chi-tieu-{period.text}.xlsx",
        mime=XLSX,
        icon=":material/download:",
        on_click="ignore",
    )


def footnotes(found: Indicators) -> None:
    """What changed in the wards, and other notes that belong under the figures."""
    for note in found.footnotes:
        st.caption(plain(render(note)))


def figures(visit: Visit, view: str, period: Period) -> None:
    """The views of the targets themselves."""
    first, second, third = st.columns([3, 3, 1], vertical_alignment="bottom")
    with second:
        wards_of = choose_wards(visit, period)
    found = targets(visit, period, wards_of)
    if view != MATRIX:
        with first:
            unit_id = choose_unit(found)
    with third:
        download(visit, found, period)
    if view == MATRIX:
        ward_matrix(found)
    elif view == OTHER:
        other_table(found, unit_id)
    else:
        target_table(visit, found, unit_id)
    footnotes(found)


visit = require_visit()
st.title(_("Chỉ tiêu"))
views = {
    TABLE: _("Bảng chỉ tiêu"),
    MATRIX: _("Theo từng phường"),
    OTHER: _("Số liệu khác"),
    SCORES: _("Phường lành mạnh"),
}
left, right = st.columns([5, 4], vertical_alignment="bottom")
view = left.segmented_control(
    _("Xem"),
    list(views),
    default=TABLE,
    format_func=views.__getitem__,
    key="targets-view",
    label_visibility="collapsed",
)
with right:
    chosen_period = choose_period(visit.today, "targets")
with told():
    if view == SCORES:
        ward_scores(visit, chosen_period)
    else:
        figures(visit, view or TABLE, chosen_period)
