"""Shares of the targets that wards were given (chỉ tiêu được giao): a table, and the form of who gives them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.parts.failures import told
from app.parts.visit import Visit
from app.services import figure_entry, shares
from app.services.shares import Share
from app.text import _, number, render
from geo.periods import Period
from geo.target_settings import CODES, WHOLE_ONLY
from geo.target_texts import NAMES

_SAVED = "shares-saved"


def share_sheet(visit: Visit, period: Period) -> None:
    """What was given for the period, and the form for who may give."""
    wards = dict(figure_entry.wards(visit.store, visit.actor, period))
    given = [one for one in shares.shares(visit.store, visit.actor, period) if one.unit_id in wards]
    if given:
        st.dataframe(_table(given, wards), hide_index=True)
    else:
        st.info(_("Chưa giao chỉ tiêu nào cho kỳ này."))
    if shares.may_assign(visit.actor) and wards:
        _form(visit, period, wards)


def code_word(code: str) -> str:
    """A target with its code."""
    return f"{code} · {render(NAMES[code])}"


def _table(given: list[Share], wards: dict[str, str]) -> pd.DataFrame:
    ordered = sorted(given, key=lambda one: (one.code, wards[one.unit_id]))
    return pd.DataFrame(
        {
            _("Phường"): [wards[one.unit_id] for one in ordered],
            _("Chỉ tiêu"): [code_word(one.code) for one in ordered],
            _("Được giao"): [number(one.value, 3) for one in ordered],
            _("Văn bản"): [one.document or "" for one in ordered],
        }
    )


def _form(visit: Visit, period: Period, wards: dict[str, str]) -> None:
    at = f"{period.text}-{st.session_state.get(_SAVED, 0)}"
    with st.form(f"share-{at}"):
        st.markdown(f"**{_('Giao, sửa hoặc bỏ một chỉ tiêu')}**")
        first, second, third = st.columns([2, 4, 2])
        unit_id = first.selectbox(
            _("Phường"), list(wards), format_func=wards.__getitem__, key=f"share-ward-{at}"
        )
        codes = [code for code in CODES if code not in WHOLE_ONLY]
        code = second.selectbox(_("Chỉ tiêu"), codes, format_func=code_word, key=f"share-code-{at}")
        value = third.number_input(
            _("Được giao"),
            min_value=0.0,
            value=None,
            help=_("Số lượng, hoặc tỷ lệ từ 0 đến 1. Để trống là bỏ chỉ tiêu đã giao."),
            key=f"share-value-{at}",
        )
        left, right = st.columns(2)
        document = left.text_input(_("Số văn bản giao"), max_chars=200, key=f"share-document-{at}")
        reason = right.text_input(
            _("Lý do, khi sửa hoặc bỏ chỉ tiêu đã giao"), max_chars=200, key=f"share-reason-{at}"
        )
        if not st.form_submit_button(_("Lưu chỉ tiêu"), type="primary"):
            return
    with told():
        shares.assign(visit.store, visit.actor, unit_id, code, period, value, document or "", reason or "")
        st.session_state[_SAVED] = st.session_state.get(_SAVED, 0) + 1
        st.toast(_("Đã lưu chỉ tiêu được giao."), icon=":material/check:")
        st.rerun()
