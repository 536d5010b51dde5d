"""The rows behind the figures of a report's section (truy vết)."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.parts.failures import told
from app.parts.visit import Visit
from app.services.report_rows import rows_behind, table_word
from app.services.report_text import Section
from app.services.reports import KeptReport
from app.text import _

_MOST = 500


def trace(visit: Visit, kept: KeptReport, section: Section) -> None:
    """Choose a figure of the section, see the rows that it was counted from."""
    figures = {one.id: one for one in kept.contents.figures if one.id in set(section.figures) and one.rows}
    if not figures:
        return

    def named(one: str) -> str:
        figure = figures[one]
        return (
            f"{figure.name} ({figure.ward}): {figure.shown}"
            if figure.ward
            else f"{figure.name}: {figure.shown}"
        )

    with st.popover(_("Truy vết"), icon=":material/manage_search:", key=f"report-trace-{section.key}"):
        chosen = st.selectbox(
            _("Số liệu"), list(figures), None, format_func=named, key=f"report-figure-{section.key}"
        )
        if chosen is None:
            st.caption(_("Chọn một số liệu để xem các dòng đã đếm."))
            return
        with told():
            _rows(visit, kept, chosen, sum(len(ids) for ids in figures[chosen].rows.values()))


def _rows(visit: Visit, kept: KeptReport, figure: str, total: int) -> None:
    found = rows_behind(visit.store, visit.actor, kept.id, figure, most=_MOST)
    st.caption(_("{n} dòng.", n=total) if total <= _MOST else _("{n} trong {of} dòng.", n=len(found), of=total))
    st.dataframe(
        pd.DataFrame(
            {
                _("Loại"): [table_word(table) for table in found["table"]],
                _("Ngày"): found["on_date"],
                _("Nội dung"): found["text"],
                _("Mã dòng"): found["id"],
            }
        ),
        hide_index=True,
        placeholder="",
        column_config={_("Ngày"): st.column_config.DateColumn(format="DD/MM/YYYY")},
        key=f"report-rows-{figure}",
    )
