"""Cảnh báo: places that need a person's judgement, each with its evidence and what was decided."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.access import Right, may
from app.config import ROOT
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.visit import Visit, require_visit
from app.services import alerts as service
from app.services.accounts import SYSTEM
from app.text import _, label, number, render, show, show_time
from geo.words import AlertKind, AlertState

HOTSPOTS = ROOT / "app" / "pages" / "hotspots.py"


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
        given_verdict(visit, alert["id"])
        st.caption(
            f"{label(AlertKind(alert['kind']))} · {label(state)} · "
            + _("từ {day}", day=alert["raised_on"].date())
            + " · "
            + _("mức {score}", score=number(float(alert["score"]), 0)),
            help=_("0-100: càng nhiều nguồn tin đáng tin thì mức càng cao."),
        )
        st.write(plain(render(alert["text"])))
        # A plain table: it wraps on a phone.
        days = [show(pd.Timestamp(item["date"]).date()) for item in alert["evidence"]]
        said = [plain(render(item["text"])) for item in alert["evidence"]]
        st.table(pd.DataFrame({_("Căn cứ"): said}, index=pd.Index(days, name=_("Ngày"))))
        if st.button(_("Mở điểm phức tạp"), key=f"open-{alert['id']}", icon=":material/location_on:"):
            st.switch_page(HOTSPOTS, query_params={"hotspot": alert["place_id"]})
        if may(visit.actor, Right.JUDGE_ALERTS) and service.VERDICTS[state]:
            verdict_form(alert["id"], state)
        with st.expander(_("Diễn biến")):
            for step in service.history(visit.store, visit.actor, alert["id"]).itertuples():
                why = f": {plain(step.reason)}" if isinstance(step.reason, str) else ""
                who, state_then = plain(who_word(step.recorded_by)), label(AlertState(step.state))
                st.write(f"{show_time(step.recorded_at)} · {who} · {state_then}{why}")


def who_word(name: str) -> str:
    """Who recorded a step of an alert's life."""
    return _("hệ thống") if name == SYSTEM.name else name


def verdict_form(alert_id: str, state: AlertState) -> None:
    """Reason and buttons for the verdicts that may follow."""
    with st.form(f"verdict-{alert_id}", border=False):
        st.text_input(_("Lý do (không ghi tên người, số điện thoại)"), max_chars=500, key=f"reason-{alert_id}")
        columns = st.columns(len(service.VERDICTS[state]))
        for column, verdict in zip(columns, service.VERDICTS[state], strict=True):
            column.form_submit_button(
                verdict_word(verdict),
                width="stretch",
                on_click=press,
                args=(alert_id, verdict, state),
            )


def press(alert_id: str, verdict: AlertState, seen: AlertState) -> None:
    """Keep the pressed verdict with the state that the person saw, before the page reads the present one."""
    st.session_state[f"pressed-{alert_id}"] = (verdict, seen)


def given_verdict(visit: Visit, alert_id: str) -> None:
    """Record the verdict that was just pressed, whatever has become of the alert since the form was drawn."""
    pressed = st.session_state.pop(f"pressed-{alert_id}", None)
    if pressed is None:
        return
    verdict, seen = pressed
    with told():
        reason = st.session_state.get(f"reason-{alert_id}", "")
        service.judge(visit.store, visit.actor, alert_id, verdict, reason, seen=seen)
        st.session_state[f"reason-{alert_id}"] = ""
        st.toast(_("Đã ghi: {verdict}", verdict=verdict_word(verdict)))
        st.rerun()


visit = require_visit()
st.title(_("Cảnh báo"))
st.caption(_("Cảnh báo chỉ nêu dấu hiệu và căn cứ. Người có thẩm quyền xem xét và quyết định."))
if may(visit.actor, Right.JUDGE_ALERTS) and st.button(_("Rà soát ngay"), icon=":material/radar:"):
    with told(), st.spinner(_("Đang rà soát các điểm đã triệt xóa...")):
        done = service.scan(visit.store, visit.actor, visit.today)
        st.toast(
            _(
                "Cảnh báo mới: {n}, vẫn mở: {kept}, đã khép: {closed}.",
                n=len(done["raised"]),
                kept=len(done["kept"]),
                closed=len(done["closed"]),
            )
        )
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
