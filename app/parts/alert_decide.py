"""Deciding about an alert: the verdicts that may follow, and whom to give it to."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.parts.alert_words import verdict_word
from app.parts.failures import told
from app.parts.visit import Visit
from app.services import alerts as service
from app.text import _, label
from geo.words import AlertState


def verdict_form(alert_id: str, state: AlertState) -> None:
    """Reason, paper and buttons for the verdicts that may follow."""
    verdicts = service.VERDICTS[state]
    with st.form(f"verdict-{alert_id}", border=False):
        st.text_input(_("Lý do (không ghi tên người, số điện thoại)"), max_chars=500, key=f"reason-{alert_id}")
        if AlertState.CLOSED in verdicts:
            st.text_input(_("Số văn bản (nếu có)"), max_chars=200, key=f"paper-{alert_id}")
        columns = st.columns(len(verdicts))
        for column, verdict in zip(columns, verdicts, strict=True):
            column.form_submit_button(
                verdict_word(verdict),
                width="stretch",
                on_click=_press,
                args=(alert_id, verdict, state),
            )


def _press(alert_id: str, verdict: AlertState, seen: AlertState) -> None:
    """Keep the pressed verdict with the state that the person saw, before the page reads the present one."""
    st.session_state[f"pressed-{alert_id}"] = (verdict, seen)


def given_verdict(visit: Visit, alert_id: str) -> None:
    """Record the verdict that was just pressed, whatever has become of the alert since the form was drawn."""
    pressed = st.session_state.pop(f"pressed-{alert_id}", None)
    if pressed is None:
        return
    verdict, seen = pressed
    with told():
        reason, paper = (st.session_state.get(f"{field}-{alert_id}", "") for field in ("reason", "paper"))
        service.judge(visit.store, visit.actor, alert_id, verdict, reason, seen=seen, document=paper)
        st.session_state[f"reason-{alert_id}"] = ""
        st.toast(_("Đã ghi: {verdict}", verdict=verdict_word(verdict)))
        st.rerun()


def assign_form(visit: Visit, alert: pd.Series) -> None:
    """Give the alert to an account whose scope holds its place."""
    alert_id, owner = alert["id"], alert["assigned_to"]
    with st.expander(_("Giao cho người khác") if isinstance(owner, str) else _("Giao việc")), told():
        accounts = service.assignable(visit.store, visit.actor, alert_id, visit.today)
        with st.form(f"assign-{alert_id}", border=False):
            names = list(accounts)
            to = st.selectbox(
                _("Tài khoản"),
                names,
                index=names.index(owner) if owner in accounts else None,
                format_func=lambda name: f"{name} · {label(accounts[name])}",
                placeholder=_("Chọn tài khoản"),
                key=f"to-{alert_id}",
            )
            asked = st.text_input(_("Việc cần làm"), max_chars=300, key=f"asked-{alert_id}")
            if st.form_submit_button(_("Giao")) and to is not None:
                give(visit, alert, to, asked)


def give(visit: Visit, alert: pd.Series, to: str, asked: str) -> None:
    """Record that the alert is somebody's from now on, and draw the page anew."""
    seen = AlertState(alert["state"])
    service.assign(visit.store, visit.actor, alert["id"], to, seen=seen, reason=asked)
    st.toast(_("Đã giao {name}.", name=to))
    st.rerun()
