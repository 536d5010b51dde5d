"""A risk score with the parts that add up to it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app.parts.plain import plain
from app.text import _, number, render


def score_parts(premises: Any) -> None:
    """The parts of one premises' score, the largest first, and their sum."""
    parts = sorted(premises["parts"], key=lambda part: -abs(part["points"]))
    st.markdown(_("**{name}**: {score} điểm", name=plain(premises["name"]), score=number(float(premises["score"]))))
    table = pd.DataFrame(
        {
            _("Vì sao"): [render(part["text"]) for part in parts],
            _("Điểm"): [float(part["points"]) for part in parts],
        }
    )
    st.dataframe(table, hide_index=True, column_config={_("Điểm"): st.column_config.NumberColumn(format="%+.1f")})

