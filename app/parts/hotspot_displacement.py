"""What became of a hotspot after its elimination: less, spread benefits, or moved to the ground around it."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from app.parts.failures import told
from app.parts.hotspot_maps import displacement_map
from app.parts.hotspot_reads import displacement
from app.parts.plain import plain
from app.parts.visit import Visit
from app.services.hotspot_view import HotspotSheet
from app.text import _, number, show

_ASKED = "displacement-asked"


def displacement_part(visit: Visit, sheet: HotspotSheet) -> None:
    """Choose the periods, then the figures, their sentence and the map. It is weighed when asked for."""
    spot_id = str(sheet.spot["id"])
    if sheet.eliminated_on is None:
        st.caption(
            _("Điểm này chưa từng được triệt xóa; có thể so sánh quanh một ngày khác, như ngày ra quân.")
        )
    with (
        st.form(f"displacement-{spot_id}", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        since = st.date_input(
            _("So sánh trước và sau ngày"),
            value=sheet.eliminated_on,
            max_value=visit.today,
            format="DD/MM/YYYY",
            width=190,
        )
        months = st.number_input(_("Số tháng mỗi bên"), 1, 24, 6, width=150)
        pressed = st.form_submit_button(_("Đo dịch chuyển"), icon=":material/moving:")
    if pressed:
        st.session_state[_ASKED] = (spot_id, int(months), since)
    asked = st.session_state.get(_ASKED)
    if asked is None or asked[0] != spot_id:
        return
    with told():
        _id, chosen, day = asked
        answer = displacement(visit, spot_id, chosen, day if isinstance(day, date) else None)
        _answer(visit, sheet, answer)


def _answer(visit: Visit, sheet: HotspotSheet, answer: dict[str, Any]) -> None:
    kind = st.info if answer["enough"] else st.warning
    # The conclusion stands in the middle of it.
    kind(plain(answer["text"]))
    for warning in answer["warnings"]:
        st.caption(plain(warning))
    with st.container(horizontal=True):
        low, high = answer["interval"]
        wdq = "–" if answer["wdq"] is None else number(answer["wdq"], 1)
        st.metric(_("WDQ"), wdq, help=_range(low, high), width="content")
        effect = answer["net_effect_interval"]
        st.metric(
            _("Hiệu quả ròng (sự việc)"),
            number(answer["total_net_effect"], 1),
            help=_range(*effect),
            width="content",
        )
    days = answer["periods"]
    st.caption(
        _(
            "Kỳ trước {a} - {b}, kỳ sau {c} - {d}; vùng đệm {m} m.",
            a=_day(days["first_before"]),
            b=_day(days["last_before"]),
            c=_day(days["first_after"]),
            d=_day(days["last_after"]),
            m=round(answer["buffer_m"]),
        )
    )
    displacement_map(visit, sheet, answer)
    wards = [
        f"- {plain(part['name'] or _('ngoài địa bàn'))}: {part['before']} → {part['after']}"
        for part in answer["buffer_by_ward"]
    ]
    if wards:
        st.markdown("\n".join([_("Sự việc trong vùng đệm theo phường (trước → sau):"), *wards]))


def _range(low: float | None, high: float | None) -> str | None:
    if low is None or high is None:
        return None
    return _("khoảng tin cậy 95%: {low} đến {high}", low=number(low, 1), high=number(high, 1))


def _day(text: str) -> str:
    return show(date.fromisoformat(text))
