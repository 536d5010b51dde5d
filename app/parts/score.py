"""A risk score with the parts that add up to it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app.parts.plain import plain
from app.text import _, number, render


def score_parts(premises: Any) -> None:
    """The parts of one premises' score, the largest first, and their sum."""
    parts = sorted(premises["parts"], key=lambda part: -abs(part.points))
    st.markdown(
        _("**{name}**: {score} điểm", name=plain(premises["name"]), score=number(float(premises["score"])))
    )
    # A plain table wraps long sentences, also in the narrow panel beside the map.
    table = pd.DataFrame(
        {_("Điểm"): [f"{part.points:+.1f}" for part in parts]},
        index=pd.Index([plain(render(part.text)) for part in parts], name=_("Vì sao")),
    )
    st.table(table)
