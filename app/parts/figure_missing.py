"""Which figures the wards still owe, and which came late."""

from __future__ import annotations

import streamlit as st

from app.parts.figure_form import measure_word
from app.parts.plain import plain
from app.parts.visit import Visit
from app.services import figure_gaps
from app.services.figure_gaps import Gaps
from app.text import _, render, show
from geo.periods import Period


def missing_list(visit: Visit, period: Period) -> None:
    """Every ward of the visitor with what is missing and late, most missing first."""
    found = figure_gaps.gaps(visit.store, visit.actor, period, visit.today)
    if not found:
        st.info(_("Chưa đủ dữ liệu: chưa có phường nào trong địa bàn của bạn vào kỳ này."))
        return
    complete = sum(one.complete for one in found)
    st.markdown(
        _("**{n} / {of}** phường đã nhập đủ số liệu các tháng đã qua của kỳ.", n=complete, of=len(found))
    )
    st.caption(
        _("Số liệu của tháng nhập trước hết ngày thứ {n} sau khi hết tháng.", n=figure_gaps.DAYS_TO_ENTER)
    )
    for one in found:
        with st.expander(_title(one)):
            _one(one)


def _title(one: Gaps) -> str:
    words = [f"**{plain(one.ward)}**"]
    if one.missing:
        words.append(f":material/error: {_('thiếu {n} / {of} số', n=len(one.missing), of=one.owed)}")
    else:
        words.append(f":material/check_circle: {_('đã đủ')}")
    if one.late:
        words.append(f":material/schedule: {_('{n} số nhập trễ', n=len(one.late))}")
    return " · ".join(words)


def _one(one: Gaps) -> None:
    if one.missing:
        st.markdown(_("Còn thiếu:"))
        lines = (
            f"- {measure_word(measure)}: {', '.join(render(month.words) for month in months)}"
            for measure, months in one.missing.items()
        )
        st.markdown("\n".join(lines))
    if one.late:
        st.markdown(_("Nhập trễ:"))
        lines = (
            f"- {measure_word(measure)}: {_('nhập ngày {day}', day=show(day))}"
            for measure, day in one.late.items()
        )
        st.markdown("\n".join(lines))
    if one.complete and not one.late:
        st.markdown(_("Không thiếu, không trễ."))
