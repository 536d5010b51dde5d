"""What a premises was called before, and what stood at its address: reopening under a new name is a sign."""

from __future__ import annotations

import streamlit as st

from app.parts import premises_reads
from app.parts.premises_file import table
from app.parts.visit import Visit
from app.services.premises_file import PremisesFile
from app.text import _, label, render, show


def stood_here(visit: Visit, file: PremisesFile) -> None:
    """Other premises, and former names, at this address."""
    st.subheader(_("Trước đây tại địa chỉ này"))
    rows = [
        (
            one.name,
            label(one.type),
            one.address,
            show(one.first) or _("không rõ"),
            show(one.last) or _("nay"),
            label(one.status),
            render(one.why),
        )
        for one in premises_reads.at_address(visit, file.facts.id)
        if one.former or one.premises_id != file.facts.id
    ]
    columns = [_("Cơ sở"), _("Loại hình"), _("Địa chỉ"), _("Từ"), _("Đến ngày"), _("Tình trạng"), _("Vì sao")]
    table(columns, rows, _("Chưa ghi nhận cơ sở nào khác tại địa chỉ này."))


def changes(visit: Visit, file: PremisesFile) -> None:
    """What was changed in the register, by whom and when, old and new."""
    with st.expander(_("Thay đổi trong sổ")):
        rows = [
            (show(act.at), act.by, render(act.what), render(line.what), show(line.old), show(line.new))
            for act in premises_reads.history(visit, file.facts.id)
            for line in act.lines
        ]
        columns = [_("Lúc"), _("Ai"), _("Việc"), _("Mục"), _("Trước"), _("Sau")]
        table(columns, rows, _("Chưa có thay đổi nào được ghi."))
