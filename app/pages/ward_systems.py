"""Hệ thống phường: counts by the wards of any time, what each reform changed, and the crosswalk of two sets."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pandas as pd
import streamlit as st

from app.access import Right, may
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.visit import Visit, require_visit
from app.services import ward_systems as service
from app.text import _, show


def word_of(what: service.Counted) -> str:
    """What is counted, as officers say it."""
    return {
        "premises": _("Cơ sở (danh sách ngày cuối kỳ)"),
        "inspections": _("Lượt kiểm tra"),
        "findings": _("Vi phạm phát hiện"),
        "signals": _("Nguồn tin"),
    }[what]


def set_text(one: service.WardSet) -> str:
    """A set of wards by its validity."""
    return _("{n} đơn vị, {period}", n=len(one.unit_ids), period=period_text(one.first, one.last))


def period_text(first: date, last: date | None) -> str:
    """From when to when a ward or a set is valid."""
    if last is None:
        return _("từ {first}", first=first)
    return _("{first} - {last}", first=first, last=last)


def cut_section(visit: Visit, sets: list[service.WardSet]) -> None:
    """Choose what, when and by which wards; the counts below."""
    tips = may(visit.actor, Right.SEE_TIPS)
    countable = [what for what in get_args(service.Counted) if tips or what in ("premises", "inspections")]
    left, first_column, last_column, right = st.columns([3, 2, 2, 4])
    what = left.selectbox(_("Đếm"), countable, format_func=word_of)
    first = first_column.date_input(_("Từ ngày"), visit.today.replace(month=1, day=1), format="DD/MM/YYYY")
    last = last_column.date_input(_("Đến ngày"), visit.today, format="DD/MM/YYYY")
    chosen = right.selectbox(
        _("Theo phường của"),
        [None, *reversed(sets)],
        format_func=lambda one: _("chính ngày xảy ra") if one is None else set_text(one),
    )
    with told():
        by = "own" if chosen is None else chosen.first
        found = service.cut(visit.store, visit.actor, what=what, first=first, last=last, by=by)
        st.dataframe(count_table(found), hide_index=True)
        st.markdown(
            _(
                "Tổng **{total}**: trong địa bàn {inside}, ngoài địa bàn {outside}, chưa có vị trí {unplaced}.",
                total=found.total,
                inside=found.total - found.outside - found.unplaced,
                outside=found.outside,
                unplaced=found.unplaced,
            )
        )
    if visit.actor.scope is not None and what in ("findings", "signals"):
        st.caption(_("Chỉ gồm vi phạm và nguồn tin trong địa bàn tài khoản này được xem."))


def count_table(found: service.Cut) -> pd.DataFrame:
    """The wards with their counts, and what lies in none of them."""
    rows = [
        (ward.name, ward.code, period_text(ward.valid_from.date(), _day(ward.valid_to)), ward.n)
        for ward in found.units.itertuples()
    ]
    rows += [
        (name, "", "", number)
        for name, number in ((_("Ngoài địa bàn"), found.outside), (_("Chưa có vị trí"), found.unplaced))
        if number
    ]
    return pd.DataFrame(rows, columns=[_("Phường"), _("Mã"), _("Hiệu lực"), _("Số lượng")])


def _day(value: pd.Timestamp) -> date | None:
    return None if pd.isna(value) else value.date()


def change_section(visit: Visit) -> None:
    """What happened to the wards at each reform, and which codes mean another place since."""
    st.subheader(_("Phường đã thay đổi thế nào"))
    st.caption(
        _("Mã phường được dùng lại với nghĩa mới: cùng một mã, trước và sau có thể là hai nơi khác nhau.")
    )
    for change in service.changes(visit.store, visit.actor):
        before = change.day - timedelta(days=1)
        st.markdown(f"**{show(before)} → {show(change.day)}**")
        if change.ended:
            st.write(_("Không còn: {names}", names=plain(", ".join(change.ended))))
        if change.begun:
            st.write(_("Mới: {names}", names=plain(", ".join(change.begun))))
        if len(change.codes):
            st.dataframe(code_table(change.codes), hide_index=True, column_config=PERCENT)


def code_table(codes: pd.DataFrame) -> pd.DataFrame:
    """Codes that mean other ground since a reform."""
    return pd.DataFrame(
        {
            _("Mã"): codes["code"],
            _("Trước"): codes["old_name"],
            _("Sau"): codes["new_name"],
            _("Phần đất chung"): codes["common"] * 100,
        }
    )


@st.fragment
def crosswalk_section(visit: Visit, sets: list[service.WardSet]) -> None:
    """How the wards of one set lie in those of another."""
    st.subheader(_("Đối chiếu hai hệ thống"))
    left, right = st.columns(2)
    old = left.selectbox(_("Từ"), sets, format_func=set_text)
    new = right.selectbox(_("Sang"), sets, index=len(sets) - 1, format_func=set_text)
    with told():
        rows = service.crosswalk(visit.store, visit.actor, old.first, new.first)
        st.dataframe(crosswalk_table(rows), hide_index=True, column_config=PERCENT)
        st.caption(_("Cơ sở: số cơ sở hôm nay chưa đóng cửa nằm trong cả hai đơn vị."))


def crosswalk_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Pairs of old and new wards with the share of ground and the premises they have in common."""
    outside = _("ngoài địa bàn")
    return pd.DataFrame(
        {
            _("Phường cũ"): rows["old_name"].fillna(outside),
            _("Mã cũ"): rows["old_code"].fillna(""),
            _("Phường mới"): rows["new_name"].fillna(outside),
            _("Mã mới"): rows["new_code"].fillna(""),
            _("Diện tích phường cũ"): rows["share"] * 100,
            _("Cơ sở"): rows["premises"],
        }
    )


visit = require_visit()
PERCENT = {
    name: st.column_config.NumberColumn(format="%.1f%%")
    for name in (_("Phần đất chung"), _("Diện tích phường cũ"))
}
st.title(_("Hệ thống phường"))
st.caption(
    _("Mỗi việc được tính cho phường theo vị trí và ngày, không theo tên hay mã phường ghi trong hồ sơ.")
)
with told():
    known = service.ward_sets(visit.store, visit.actor)
    if known:
        cut_section(visit, known)
        change_section(visit)
        crosswalk_section(visit, known)
    else:
        st.info(_("Chưa có địa giới phường. Nhập bằng lệnh import wards hoặc import osm."))
