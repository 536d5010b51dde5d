"""Cảnh báo: places that need a person's judgement, each with its evidence and what was decided."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.access import Right, may
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.visit import Visit, require_visit
from app.services import alerts as service
from app.text import _, label, number, render, show, show_time
from geo.words import AlertKind, AlertState


def verdict_word(verdict: AlertState) -> str:
    """What a person does when giving the verdict."""
    words = {
        AlertState.ACKNOWLEDGED: _("Tiếp nhận"),
        AlertState.CONFIRMED: _("Xác minh đúng"),
        AlertState.DISMISSED: _("Bỏ qua"),
        AlertState.CLOSED: _("Khép lại"),
    }
    return words[verdict]


def show_alert(visit: Visit, alert: pd.Series) -> None:
    """One alert: place, reason, evidence, life, and what may be decided now."""
    state = AlertState(alert["state"])
    with st.container(border=True):
        st.subheader(plain(alert["name"]))
        st.caption(
            f"{label(AlertKind(alert['kind']))} · {label(state)} · "
            + _("từ {day}", day=alert["raised_on"].date())
            + " · "
            + _("mức {score}", score=number(float(alert["score"]), 0))
        )
        st.write(plain(render(alert["text"])))
        # A plain table: it wraps on a phone.
        days = [show(pd.Timestamp(item["date"]).date()) for item in alert["evidence"]]
        said = [plain(render(item["text"])) for item in alert["evidence"]]
        st.table(pd.DataFrame({_("Căn cứ"): said}, index=pd.Index(days, name=_("Ngày"))))
        if may(visit.actor, Right.JUDGE_ALERTS) and service.VERDICTS[state]:
            verdict_form(visit, alert["id"], state)
        with st.expander(_("Diễn biến")):
            for step in service.history(visit.store, visit.actor, alert["id"]).itertuples():
                why = f": {plain(step.reason)}" if isinstance(step.reason, str) else ""
                state_then = label(AlertState(step.state))
                st.write(f"{show_time(step.recorded_at)} · {plain(step.recorded_by)} · {state_then}{why}")


def verdict_form(visit: Visit, alert_id: str, state: AlertState) -> None:
    """Reason and buttons for the verdicts that may follow."""
    with st.form(f"verdict-{alert_id}-{state}", border=False):
        reason = st.text_input(_("Lý do (không ghi tên người, số điện thoại)"), max_chars=500)
        columns = st.columns(len(service.VERDICTS[state]))
        pressed = [
            verdict
            for column, verdict in zip(columns, service.VERDICTS[state], strict=True)
            if column.form_submit_button(verdict_word(verdict), width="stretch")
        ]
    if pressed:
        with told():
            service.judge(visit.store, visit.actor, alert_id, pressed[0], reason, seen=state)
            st.toast(_("Đã ghi: {verdict}", verdict=verdict_word(pressed[0])))
            st.rerun()


visit = require_visit()
st.title(_("Cảnh báo"))
st.caption(_("Cảnh báo chỉ nêu dấu hiệu và căn cứ. Người có thẩm quyền xem xét và quyết định."))
if may(visit.actor, Right.JUDGE_ALERTS) and st.button(_("Rà soát ngay"), icon=":material/radar:"):
    with told(), st.spinner(_("Đang rà soát các điểm đã triệt xóa...")):
        done = service.scan(visit.store, visit.actor, visit.today)
        st.toast(_("Cảnh báo mới: {n}, đang mở: {kept}.", n=len(done["raised"]), kept=len(done["kept"])))
with told():
    found = service.alerts_with_places(visit.store, visit.actor, visit.today)
    waiting, settled = found[found["open"]], found[~found["open"]]
    st.markdown(_("**{n}** cảnh báo đang mở", n=len(waiting)))
    for _position, row in waiting.iterrows():
        show_alert(visit, row)
    if len(settled):
        with st.expander(_("Đã giải quyết ({n})", n=len(settled))):
            for _position, row in settled.iterrows():
                show_alert(visit, row)
