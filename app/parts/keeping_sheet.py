"""What every field is for, by what law, how long it is kept and who sees it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.services import data_sheet
from app.text import _


def data_sheet_view() -> None:
    """The tables one above the other, and the fields of the one that was chosen."""
    sheets = {sheet.name: sheet for sheet in data_sheet.table_sheets()}
    table = pd.DataFrame(
        {
            _("Dữ liệu"): [sheet.what for sheet in sheets.values()],
            _("Mục đích"): [sheet.purpose for sheet in sheets.values()],
            _("Căn cứ"): [sheet.law for sheet in sheets.values()],
            _("Lưu giữ"): [sheet.kept for sheet in sheets.values()],
            _("Người xem"): [sheet.seen for sheet in sheets.values()],
        }
    )
    st.dataframe(table, hide_index=True)
    chosen = st.selectbox(
        _("Các trường của"), list(sheets), format_func=lambda name: sheets[name].what, key="keeping-table"
    )
    fields = sheets[chosen].fields
    st.dataframe(
        pd.DataFrame(
            {_("Trường"): [one.name for one in fields], _("Để làm gì"): [one.purpose for one in fields]}
        ),
        hide_index=True,
    )
    st.download_button(
        _("Tải phiếu dữ liệu"),
        data_sheet.document(),
        file_name="phieu-bao-ve-du-lieu.md",
        mime="text/markdown",
        icon=":material/download:",
        key="keeping-sheet",
    )
