"""The entries of the audit log as a table, a single one in full, and the files that take them out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from app.parts.failures import told
from app.parts.visit import Visit
from app.services import audit
from app.services.audit import Entry, Wanted
from app.text import _, show_time

#: Entries of one page of the table.
PAGE = 200
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def entry_table(entries: Sequence[Entry]) -> None:
    """The table; a row that is picked is shown in full below."""
    table = pd.DataFrame(
        {
            _("Số"): [one.seq for one in entries],
            _("Thời điểm"): [show_time(one.at) for one in entries],
            _("Ai"): [one.actor for one in entries],
            _("Từ đâu"): [one.origin or "" for one in entries],
            _("Việc"): [one.what for one in entries],
            _("Đối tượng"): [one.subject for one in entries],
            _("Chi tiết"): [_detail(one) for one in entries],
        }
    )
    picked = st.dataframe(
        table, hide_index=True, height=430, selection_mode="single-row", on_select="rerun", key="audit-table"
    )
    rows = picked["selection"]["rows"]
    if rows and rows[0] < len(entries):
        _in_full(entries[rows[0]])


def _detail(one: Entry) -> str:
    return json.dumps(one.detail, ensure_ascii=False, sort_keys=True) if one.detail else ""


def _in_full(one: Entry) -> None:
    st.code(
        json.dumps(
            {
                "seq": one.seq, "at": one.at.isoformat(), "actor": one.actor, "origin": one.origin,
                "action": one.action, "subject": one.subject, "detail": one.detail, "hash": one.hash,
            },
            ensure_ascii=False,
            indent=1,
        ),
        language="json",
    )  # fmt: skip
    st.caption(_("Lời văn chỉ đứng trong nhật ký dưới dạng mã băm có muối; nội dung nằm ở chính hồ sơ."))


def downloads(visit: Visit, wanted: Wanted) -> None:
    """Two files of what the filters leave; taking one out is itself noted."""
    with st.container(horizontal=True):
        for suffix, mime in ((".xlsx", _XLSX), (".csv", "text/csv")):
            st.download_button(
                _("Tải {suffix}", suffix=suffix),
                data=partial(audit.export_log, visit.store, visit.actor, wanted, suffix),
                file_name=f"nhat-ky-{visit.today:%Y%m%d}{suffix}",
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"audit-download-{suffix}",
            )


def wholeness(visit: Visit) -> None:
    """Whether the log is whole, when somebody asks: the walk takes a while on a long log."""
    if not st.button(_("Kiểm tra nguyên vẹn"), icon=":material/verified_user:", key="audit-verify"):
        return
    with told():
        done = audit.verify(visit.store, visit.actor)
        if done.why is not None:
            st.error(_("Nhật ký KHÔNG còn nguyên vẹn từ mục số {n}: {why}", n=str(done.broken), why=done.why))
        else:
            st.success(_("Nhật ký nguyên vẹn: {n} mục.", n=done.entries))
        if done.anchored is not None:
            st.caption(_("Mốc: mục số {n}, {at}.", n=str(done.anchored[0]), at=done.anchored[1]))
        if done.note is not None:
            st.caption(_("{note}", note=done.note))
