"""Two plans side by side: value, cost, coverage, borders, and whom they visit."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.parts import plan_reads
from app.parts.failures import told
from app.parts.plan_words import number_column
from app.parts.visit import Visit
from app.services.plan_compare import SideBySide, side_by_side
from app.services.plan_reading import KeptPlan
from app.text import _, label, number
from geo.plan_compare import Share
from geo.words import PremisesType


def comparison(visit: Visit, plan: KeptPlan, names: dict[str, str]) -> None:
    """Pick another plan and see it beside this one. ``names``: of all plans, by id."""
    others = [one for one in names if one != plan.plan_id]
    if not others:
        st.info(_("Chưa có lịch khác để so sánh: lập thêm một lịch, chẳng hạn với số buổi khác."))
        return
    other = st.selectbox(_("So với lịch"), others, format_func=names.__getitem__, key="plan-other")
    with told():
        both = side_by_side(visit.store, visit.actor, plan.plan_id, other)
        plan_reads.changed_plan(visit)
        left, right = st.columns([5, 6], gap="medium")
        with left:
            st.dataframe(_figures(both), hide_index=True)
            st.markdown(f"**{_('Độ bao phủ sau lịch')}**")
            st.dataframe(
                _coverage(visit, both),
                hide_index=True,
                column_config=dict.fromkeys((_("Lịch này"), _("Lịch kia")), number_column("%.1f%%")),
            )
        with right:
            st.markdown(f"**{_('Kiểm tra nơi nào: phần của từng nhóm')}**")
            st.dataframe(_shares(visit, both), hide_index=True, height=430)
            st.caption(_("Phần của nhóm trong tổng số lượt; so với mức nguy cơ: trang Cân bằng kiểm tra."))


def _figures(both: SideBySide) -> pd.DataFrame:
    one, two = both.first, both.second
    rows = [
        (_("Giá trị (điểm)"), one.value, two.value),
        (_("Thời gian (giờ)"), one.minutes / 60, two.minutes / 60),
        (_("Quãng đường (km)"), one.km, two.km),
        (_("Số lượt"), one.visits, two.visits),
        (_("Bốc thăm"), one.drawn, two.drawn),
        (_("Số buổi"), one.outings, two.outings),
        (_("Đoạn giáp ranh đi qua"), len(one.segments), len(two.segments)),
        (_("Kiểm tra chung giáp ranh"), len(one.swept), len(two.swept)),
    ]
    return pd.DataFrame(
        {
            _("Mục"): [row[0] for row in rows],
            _("Lịch này"): [number(float(row[1])) for row in rows],
            _("Lịch kia"): [number(float(row[2])) for row in rows],
            _("Kia so với này"): [_signed(float(row[2]) - float(row[1])) for row in rows],
        }
    )


def _signed(value: float) -> str:
    return "0" if round(value, 1) == 0 else f"{'+' if value > 0 else '−'}{number(abs(value))}"


def _coverage(visit: Visit, both: SideBySide) -> pd.DataFrame:
    units = plan_reads.ground(visit).units
    names = dict(zip(units["id"], units["name"], strict=True))
    rows = [row for row in both.change.coverage if row.ward_id in names]
    shares = [
        [None if row.after[k] is None else 100 * float(row.after[k] or 0) for row in rows] for k in (0, 1)
    ]
    return pd.DataFrame(
        {
            _("Phường"): [names[row.ward_id] for row in rows],
            _("Lịch này"): shares[0],
            _("Lịch kia"): shares[1],
        }
    )


def _shares(visit: Visit, both: SideBySide) -> pd.DataFrame:
    units = plan_reads.ground(visit).units
    wards = dict(zip(units["id"], units["name"], strict=True))
    types = {kind.value: label(kind) for kind in PremisesType}
    groups = [(wards.get(row.name, _("ngoài địa bàn")), row) for row in both.change.wards]
    groups += [(types.get(row.name, row.name), row) for row in both.change.types]
    return pd.DataFrame(
        {
            _("Nhóm"): [name for name, _one in groups],
            _("Lịch này"): [_share(row, 0) for _group, row in groups],
            _("Lịch kia"): [_share(row, 1) for _group, row in groups],
        }
    )


def _share(row: Share, which: int) -> str:
    return _("{n} lượt ({share}%)", n=row.visits[which], share=number(100 * row.shares[which]))
