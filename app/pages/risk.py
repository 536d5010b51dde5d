"""Mức độ nguy cơ: premises in order of risk, each with the parts that add up to its score."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.parts.cached import map_data
from app.parts.choices import pick_types, pick_wards
from app.parts.score import score_parts
from app.parts.visit import require_visit
from app.text import _, label
from geo.words import PremisesType

visit = require_visit()
st.title(_("Mức độ nguy cơ"))
st.caption(_("Điểm chỉ để xếp thứ tự và giải thích; con người quyết định. Không có điểm nào về con người."))
data = map_data(visit, visit.today)
scored = data.premises[data.premises["score"].notna()].sort_values("score", ascending=False)

left, right = st.columns(2)
with left:
    wards = pick_wards(data.units)
with right:
    types = pick_types(scored)
shown = scored[scored["ward_id"].isin(wards) & scored["type"].isin(types)].reset_index(drop=True)

table = pd.DataFrame(
    {
        _("Hạng"): range(1, len(shown) + 1),
        _("Cơ sở"): shown["name"],
        _("Loại hình"): [label(PremisesType(t)) for t in shown["type"]],
        _("Phường"): shown["ward_name"],
        _("Điểm"): shown["score"].astype(float),
    }
)
choice = st.dataframe(
    table,
    hide_index=True,
    height=380,
    selection_mode="single-row",
    on_select="rerun",
    column_config={_("Điểm"): st.column_config.ProgressColumn(min_value=0, max_value=100, format="%.1f")},
)
rows = choice["selection"]["rows"]
if rows and rows[0] < len(shown):
    score_parts(shown.iloc[rows[0]])
else:
    st.caption(_("Chọn một dòng để xem vì sao cơ sở có điểm đó."))
