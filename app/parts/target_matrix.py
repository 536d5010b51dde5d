"""Every target of every ward in one table, and the counts beside the targets."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.parts.plain import plain
from app.parts.target_table import other_value
from app.parts.target_words import figure, met_colour, met_word
from app.services.indicators import Indicators
from app.text import _, number, render
from geo.targets import Indicator

_SIGNS = {True: "✔", False: "✘", None: ""}


def ward_matrix(found: Indicators) -> None:
    """Targets down, wards across, by name: no ward is ranked. What stands for the whole only is left out."""
    wards = dict(zip(found.units["id"], found.units["name"], strict=True))
    cells = {(one.code, one.unit_id): one for one in found.rows}
    codes = [one.code for one in found.rows if one.unit_id is None]
    codes = [code for code in codes if any((code, unit) in cells for unit in wards)]
    names = {one.code: render(one.name) for one in found.rows}
    shown = pd.DataFrame(
        {
            _("Mã"): codes,
            _("Chỉ tiêu"): [names[code] for code in codes],
            **{name: [_cell(cells.get((code, unit))) for code in codes] for unit, name in wards.items()},
            _("Toàn địa bàn"): [_cell(cells.get((code, None))) for code in codes],
        }
    )
    columns = [*wards.items(), (None, _("Toàn địa bàn"))]
    colours = pd.DataFrame("", index=shown.index, columns=shown.columns)
    for unit, name in columns:
        colours[name] = [_colour(cells.get((code, unit))) for code in codes]
    st.dataframe(
        shown.style.apply(lambda _frame: colours, axis=None),
        hide_index=True,
        height=35 * (len(codes) + 1) + 3,
        column_config={
            _("Chỉ tiêu"): st.column_config.TextColumn(width="medium"),
            **{name: st.column_config.TextColumn(_short(name), width="small") for name in wards.values()},
        },
    )
    key = " · ".join(met_word(met) for met in (True, False, None))
    st.caption(_("{key}. T07 chỉ tính cho toàn địa bàn, không so sánh giữa các phường.", key=plain(key)))


def _short(ward: str) -> str:
    """A ward's name as the head of a column."""
    return ward.removeprefix("Phường ")


def _cell(one: Indicator | None) -> str:
    if one is None:
        return ""
    return f"{_SIGNS[one.met]} {figure(one, one.value)}".strip()


def _colour(one: Indicator | None) -> str:
    return "" if one is None else f"background-color: {met_colour(one.met)}"


def other_table(found: Indicators, unit_id: str | None) -> None:
    """The counts beside the targets, with the period before and the same of last year."""
    rows = [one for one in found.other if one.unit_id == unit_id]
    st.dataframe(
        pd.DataFrame(
            {
                _("Số liệu"): [_indented(one.key, render(one.name)) for one in rows],
                _("Kỳ này"): [other_value(one) for one in rows],
                _("Kỳ trước"): ["–" if one.before is None else number(one.before) for one in rows],
                _("Cùng kỳ năm trước"): [
                    "–" if one.year_before is None else number(one.year_before) for one in rows
                ],
            }
        ),
        hide_index=True,
        height=700,
        column_config={_("Số liệu"): st.column_config.TextColumn(width="large")},
    )
    st.caption(_("“–” là chưa nhập hoặc không có. Số người được khám, được hỗ trợ dưới 5 không hiện."))


def _indented(key: str, name: str) -> str:
    """A part of the figure above it stands back; a capital letter begins the others."""
    return f"\u2003{name}" if ":" in key else name[:1].upper() + name[1:]
