"""The targets of the whole or of a ward as a table, and one of them with the rows behind it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.parts.evidence_list import evidence_list
from app.parts.plain import plain
from app.parts.target_words import aim, change, figure, met_colour, met_word, result
from app.parts.visit import Visit
from app.services.indicators import Indicators
from app.text import _, number, render
from geo.targets import Indicator, OtherFigure

#: Names the target whose rows are shown in the page's address, so that it can be kept and sent.
PARAMETER = "code"
_TABLE = "target-table"
#: What is read beside a target, so that silence does not look like success (domain, section 2).
_BESIDE: dict[str, tuple[str, ...]] = {
    "T06": ("signals", "signals_unverified", "signals_late"),
    "T08": ("patrols", "signals", "signals_unverified"),
    "T09": ("premises_checked", "turns", "complex_premises", "complex_rechecked"),
}


def target_table(visit: Visit, found: Indicators, unit_id: str | None) -> None:
    """The table; a click on a row shows what is behind it."""
    rows = [one for one in found.rows if one.unit_id == unit_id]
    _counted(rows)
    other = {one.key: one for one in found.other if one.unit_id == unit_id}
    chosen = _asked(rows)
    if chosen is None:
        st.caption(_("Bấm vào ô đầu một dòng để xem số đó từ đâu mà có."))
        _table(rows)
        _balance(other)
        return
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _table(rows)
        _balance(other)
    with right, st.container(border=True):
        _detail(visit, chosen, other)


def _asked(rows: Sequence[Indicator]) -> Indicator | None:
    """The target whose row was clicked, or that the page's address names."""
    picked = st.session_state.get(_TABLE)
    chosen: list[int] = picked["selection"]["rows"] if picked else []
    if chosen and chosen[0] < len(rows):
        return rows[chosen[0]]
    code = st.query_params.get(PARAMETER)
    return next((one for one in rows if one.code == code), None)


def _counted(rows: Sequence[Indicator]) -> None:
    met = sum(one.met is True for one in rows)
    not_met = sum(one.met is False for one in rows)
    st.markdown(
        _(
            "**{met}** chỉ tiêu đạt · **{open}** chưa đạt · {unknown} chưa xét được hoặc chưa giao",
            met=met,
            open=not_met,
            unknown=len(rows) - met - not_met,
        )
    )


def _table(rows: Sequence[Indicator]) -> None:
    marks = [met_colour(one.met) for one in rows]
    shown = pd.DataFrame(
        {
            _("Mã"): [one.code for one in rows],
            _("Chỉ tiêu"): [render(one.name) for one in rows],
            _("Đạt chưa"): [met_word(one.met) + (" ⚠" if one.flags else "") for one in rows],
            _("Kết quả"): [result(one) for one in rows],
            _("Phải đạt"): [aim(one) for one in rows],
            _("So kỳ trước"): [change(one, one.before) for one in rows],
            _("So cùng kỳ"): [change(one, one.year_before) for one in rows],
        }
    )
    styled = shown.style.apply(
        lambda _column: [f"background-color: {c}" for c in marks], subset=[_("Đạt chưa")]
    )
    st.dataframe(
        styled,
        hide_index=True,
        height=35 * (len(rows) + 1) + 3,
        on_select="rerun",
        selection_mode="single-row",
        key=_TABLE,
        column_config={
            _("Mã"): st.column_config.TextColumn(width=52),
            _("Chỉ tiêu"): st.column_config.TextColumn(width="medium"),
        },
    )


def _balance(other: dict[str, OtherFigure]) -> None:
    """What keeps the good figures honest."""
    st.caption(
        _("Đọc cùng nhau: không có tin, không tuần tra thì số điểm phức tạp bằng 0 chưa nói lên điều gì.")
    )
    keys = [
        key for key in ("patrols", "signals", "signals_unverified", "premises_checked", "turns") if key in other
    ]
    with st.container(horizontal=True):
        for key in keys:
            _metric(other[key])


def _metric(one: OtherFigure) -> None:
    step = None if one.value is None or one.before is None else one.value - one.before
    # More of these is neither good nor bad, so it has no colour.
    st.metric(
        render(one.name),
        other_value(one),
        None if step is None else f"{step:+d}",
        delta_color="off",
        border=True,
        width=200,
    )


def other_value(one: OtherFigure) -> str:
    """A count beside the targets; few heads of persons are hidden."""
    if one.hidden:
        return _("dưới 5")
    return "–" if one.value is None else number(one.value)


def _detail(visit: Visit, one: Indicator, other: dict[str, OtherFigure]) -> None:
    st.markdown(f"**{one.code} · {plain(render(one.name))}**")
    st.markdown(f"{plain(one.ward or _('Toàn địa bàn'))}: {plain(result(one))} · {met_word(one.met)}")
    st.markdown(plain(render(one.text)))
    then, last_year = figure(one, one.before), figure(one, one.year_before)
    st.caption(_("Kỳ trước {then}; cùng kỳ năm trước {last_year}.", then=then, last_year=last_year))
    for flag in one.flags:
        st.warning(plain(render(flag)), icon=":material/warning:")
    beside = [other[key] for key in _BESIDE.get(one.code[:3], ()) if key in other]
    if beside:
        words = "; ".join(f"{render(figure_.name)}: {other_value(figure_)}" for figure_ in beside)
        st.info(_("Đọc cùng: {words}", words=plain(words)))
    st.markdown(f"**{_('Số này từ đâu')}**")
    evidence_list(visit, one.rows)
