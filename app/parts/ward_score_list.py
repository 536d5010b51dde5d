"""The points of the wards by name, one ward's criteria with what is behind each, and setting others."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.access import Right, may
from app.parts.evidence_list import evidence_list
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.target_reads import scores
from app.parts.visit import Visit
from app.services import ward_score as service
from app.text import _, label, number, render, show
from geo.periods import Period
from geo.review_words import WardClass
from geo.ward_score import CriterionPoints, Given, WardPoints

_SAVED = "ward-score-saved"
_MARKS = {WardClass.HEALTHY: "●●●", WardClass.FAIR: "●●○", WardClass.WEAK: "●○○", WardClass.UNRATED: "○○○"}
_COLOURS = {
    WardClass.HEALTHY: "#d3e5f5",
    WardClass.FAIR: "#eaf1f6",
    WardClass.WEAK: "#fbdcb8",
    WardClass.UNRATED: "#eef1f3",
}


def ward_scores(visit: Visit, period: Period) -> None:
    """The wards by name, then the one that was chosen."""
    found = scores(visit, period)
    if not found:
        st.info(_("Chưa đủ dữ liệu: chưa có phường nào trong địa bàn của bạn vào kỳ này."))
        return
    _explain()
    _table(found)
    names = {one.unit_id: one.ward for one in found}
    chosen = st.selectbox(
        _("Xem điểm của phường"), list(names), format_func=names.__getitem__, key="score-ward"
    )
    ward = next(one for one in found if one.unit_id == chosen)
    left, right = st.columns([7, 5], gap="medium")
    with left:
        criterion = _criteria(ward)
    with right:
        _behind(visit, criterion)
        if may(visit.actor, Right.APPROVE):
            _forms(visit, ward, period)


def _explain() -> None:
    table = service.settings()
    st.caption(
        _(
            "Phường lành mạnh không có tệ nạn ma túy, mại dâm: từ {healthy} điểm, đủ kế hoạch và không có điểm "
            "phức tạp mới hoặc tái hoạt động. Tiêu chí không xét được thì bỏ qua, điểm tính trên 100 của phần "
            "xét được. Số vụ hình sự và số lượng nguồn tin không tính điểm. Bảng điểm {version}.",
            healthy=number(table.healthy),
            version=table.version,
        )
    )


def class_word(ward_class: WardClass) -> str:
    """A classification as a sign and a word."""
    return f"{_MARKS[ward_class]} {label(ward_class)}"


def _points(value: float | None) -> str:
    return "–" if value is None else number(value)


def _table(found: Sequence[WardPoints]) -> None:
    colours = [f"background-color: {_COLOURS[one.ward_class]}" for one in found]
    shown = pd.DataFrame(
        {
            _("Phường"): [one.ward for one in found],
            _("Xếp loại"): [class_word(one.ward_class) + _hand(one.given) for one in found],
            _("Điểm"): [_points(one.points) for one in found],
            _("Xét được"): [f"{number(one.judged)} / {number(service.settings().most)}" for one in found],
            _("Kỳ trước"): [_points(one.before) for one in found],
            _("Thay đổi"): ["–" if one.change is None else _signed(one.change) for one in found],
            _("Điểm sửa tay"): [_changed(one) for one in found],
        }
    )
    st.dataframe(shown.style.apply(lambda _column: colours, subset=[_("Xếp loại")]), hide_index=True)


def _signed(step: float) -> str:
    step = round(step, 1)
    if step == 0:
        return "= 0"
    return f"{'▲ +' if step > 0 else '▼ −'}{number(abs(step))}"


def _hand(given: Given | None) -> str:
    return "" if given is None else f" ({_('sửa tay')})"


def _changed(one: WardPoints) -> str:
    names = [render(line.name) for line in one.criteria if line.given is not None]
    return "; ".join(names)


def _criteria(ward: WardPoints) -> CriterionPoints:
    """The criteria of a ward; gives the one that was chosen to look behind."""
    st.markdown(f"**{plain(ward.ward)}** · {class_word(ward.ward_class)} · {_points(ward.points)}")
    if ward.given is not None:
        st.warning(_given_words(ward.given, label(ward.computed_class)), icon=":material/edit:")
    st.dataframe(
        pd.DataFrame(
            {
                _("Tiêu chí"): [render(one.name) for one in ward.criteria],
                _("Điểm"): [
                    f"{_points(one.points)} / {number(one.most)}{_hand(one.given)}" for one in ward.criteria
                ],
                _("Vì sao"): [" ".join(render(text) for text in one.texts) for one in ward.criteria],
            }
        ),
        hide_index=True,
        column_config={_("Tiêu chí"): st.column_config.TextColumn(width="medium")},
    )
    keys = {one.key: one for one in ward.criteria}
    chosen = st.selectbox(
        _("Xem căn cứ của tiêu chí"),
        list(keys),
        format_func=lambda key: render(keys[key].name),
        key=f"score-criterion-{ward.unit_id}",
    )
    return keys[chosen]


def _given_words(given: Given, computed: str) -> str:
    return _(
        "{by} sửa ngày {day}: {reason} (tính theo số liệu: {computed})",
        by=plain(given.by),
        day=show(given.on),
        reason=plain(given.reason),
        computed=plain(computed),
    )


def _behind(visit: Visit, one: CriterionPoints) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(render(one.name))}** · {_points(one.points)} / {number(one.most)}")
        if one.given is not None:
            st.warning(_given_words(one.given, _points(one.computed)), icon=":material/edit:")
        for text in one.texts:
            st.markdown(plain(render(text)))
        if one.points is None:
            st.info(_("Không xét được nên bỏ qua, không tính là đạt hay chưa đạt."))
        evidence_list(visit, one.rows)


def _forms(visit: Visit, ward: WardPoints, period: Period) -> None:
    """Other points or another class, with the reason; empty takes back what was set."""
    at = f"{ward.unit_id}-{period.text}-{st.session_state.get(_SAVED, 0)}"
    keys = {one.key: one for one in ward.criteria}
    with st.expander(_("Sửa điểm hoặc xếp loại (ghi lý do)")), st.form(f"score-{at}", border=False):
        what = st.selectbox(
            _("Sửa"),
            ["", *keys],
            format_func=lambda key: render(keys[key].name) if key else _("xếp loại chung"),
            key=f"score-what-{at}",
        )
        left, right = st.columns(2)
        points = left.number_input(
            _("Điểm (cho một tiêu chí)"), min_value=0.0, value=None, step=0.5, key=f"score-points-{at}"
        )
        chosen = right.selectbox(
            _("Xếp loại (chung)"),
            [None, *WardClass],
            format_func=lambda one: _("theo số liệu") if one is None else label(one),
            key=f"score-class-{at}",
        )
        reason = st.text_input(_("Lý do (không ghi tên người)"), max_chars=1000, key=f"score-reason-{at}")
        st.caption(_("Để trống điểm, hoặc chọn “theo số liệu”, là bỏ phần đã sửa."))
        if not st.form_submit_button(_("Ghi"), type="primary"):
            return
    with told():
        if what:
            service.set_points(visit.store, visit.actor, ward.unit_id, period, what, points, reason or "")
        else:
            service.set_class(visit.store, visit.actor, ward.unit_id, period, chosen, reason or "")
        st.session_state[_SAVED] = st.session_state.get(_SAVED, 0) + 1
        st.toast(_("Đã ghi."), icon=":material/check:")
        st.rerun()
