"""The rows behind a figure, by kind, with a way to the page of each."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.parts.visit import Visit
from app.services import evidence as service
from app.text import _
from geo.targets import Rows


def kind_word(table: str) -> str:
    """What rows of a table are called."""
    words = {
        "inspections": _("Lượt kiểm tra"),
        "findings": _("Vi phạm"),
        "premises": _("Cơ sở"),
        "signals": _("Nguồn tin"),
        "patrols": _("Lượt tuần tra"),
        "hotspot_transitions": _("Thay đổi trạng thái điểm phức tạp"),
        "ward_figures": _("Số liệu đã nhập"),
        "case_papers": _("Văn bản trong hồ sơ"),
        "police_handovers": _("Vụ việc chuyển công an"),
    }
    return words.get(table, table)


def evidence_list(visit: Visit, rows: Rows) -> None:
    """Each kind of row as a table under its number; nothing behind a figure is said too."""
    held = {table: ids for table, ids in rows.items() if ids}
    if not held:
        st.caption(_("Không có bản ghi nào phía sau số này."))
        return
    told = service.evidence(visit.store, visit.actor, held)
    for table, ids in held.items():
        some = [one for one in told if one.table == table]
        st.caption(f"{kind_word(table)} ({len(ids)})")
        if len(some) < len(ids):
            st.caption(_("Hiện {n} dòng đầu.", n=len(some)))
        st.dataframe(
            pd.DataFrame(
                {
                    _("Ngày"): pd.to_datetime(pd.Series([one.on_date for one in some], dtype=object)),
                    _("Mở"): [one.page for one in some],
                    _("Nội dung"): [one.text for one in some],
                }
            ),
            hide_index=True,
            column_config={
                _("Ngày"): st.column_config.DateColumn(format="DD/MM/YYYY", width="small"),
                _("Nội dung"): st.column_config.TextColumn(width="large"),
                _("Mở"): st.column_config.LinkColumn(display_text=_("mở"), width="small"),
            },
        )
