"""The map of the review meeting: layers by topic, a slider over the months, the heat of verified signals."""

from __future__ import annotations

import streamlit as st

from app.parts.failures import told
from app.parts.map import Kind, MapView, main_map
from app.parts.meeting_reads import drawn, months
from app.parts.visit import Visit, require_visit
from app.text import _, number

HEAT = "heat"


@st.fragment
def ward_map(unit_id: str | None) -> None:
    """The unit on the map; a move of the slider redraws the map and nothing else."""
    visit = require_visit()
    with told():
        _draw(visit, unit_id)


def _draw(visit: Visit, unit_id: str | None) -> None:
    topics = {
        Kind.HOTSPOT: _("Điểm phức tạp"),
        Kind.PREMISES: _("Cơ sở"),
        Kind.STRIP: _("Giáp ranh"),
        Kind.ALERT: _("Cảnh báo"),
        HEAT: _("Tin đã xác minh"),
    }
    with st.container(horizontal=True, vertical_alignment="center"):
        shown = st.pills(
            _("Chủ đề"),
            list(topics),
            selection_mode="multi",
            default=list(topics),
            format_func=topics.__getitem__,
            key="meeting-topics",
            label_visibility="collapsed",
        )
        days = months(visit, unit_id)
        day = days[-1]
        if len(days) > 1:
            with st.container(width="stretch"):
                day = st.select_slider(
                    _("Thời gian"),
                    days,
                    value=days[-1],
                    format_func=lambda one: _("nay") if one == days[-1] else f"{one:%m/%Y}",
                    key="meeting-month",
                    label_visibility="collapsed",
                )
    data, heat = drawn(visit, unit_id, day)
    warm = heat if HEAT in shown else None
    words = [_("Ngày {day}.", day=day)]
    if warm is not None:
        words.append(_("{n} tin đã xác minh trong tháng.", n=number(warm.events, 0)))
    if day < visit.today:
        words.append(_("Dải giáp ranh và cảnh báo chỉ có của hôm nay."))
    st.caption(" ".join(words))
    kinds = frozenset(one for one in shown if isinstance(one, Kind))
    near = frozenset({unit_id}) if unit_id else frozenset()
    # A click opens nothing: details are no matter for a projector.
    main_map(visit, data, MapView(data, kinds, "type", None, near, warm), lambda _pick: None)
