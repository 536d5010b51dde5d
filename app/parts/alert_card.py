"""A place with its alerts, one line each; the opened one with its evidence, its life and what may be done."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.access import Right, may
from app.config import ROOT
from app.parts.alert_decide import assign_form, given_verdict, verdict_form
from app.parts.alert_next import next_steps
from app.parts.alert_words import (
    count_lines,
    deadline_badge,
    false_alarm_line,
    order_word,
    stages_line,
    who_word,
)
from app.parts.plain import plain
from app.parts.visit import Visit
from app.services import alerts as service
from app.services import patrols
from app.text import _, label, number, render, show, show_time
from geo.words import AlertKind, AlertState

OPENED = "alert"
#: A sentence of the evidence takes the width that is there.
_STYLE = '<style>[data-testid="stTable"] td>div{max-width:none!important}</style>'
_PAGES = ROOT / "app" / "pages"


def place_card(visit: Visit, alerts: pd.DataFrame, opened: str | None) -> None:
    """All alerts of one place that the filters left."""
    with st.container(border=True, gap="small" if opened in set(alerts["id"]) else "xxsmall"):
        st.subheader(plain(render(alerts.iloc[0]["name"])), anchor=False)
        for _position, alert in alerts.iterrows():
            if alert["id"] == opened:
                _detail(visit, alert)
            else:
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.markdown(_line(visit, alert), width="stretch")
                    if st.button(_("Xem"), key=f"open-{alert['id']}"):
                        st.query_params[OPENED] = alert["id"]
                        st.rerun()


def _line(visit: Visit, alert: pd.Series) -> str:
    """Kind, state, owner and deadline of one alert."""
    owner = alert["assigned_to"]
    said = [
        f"**{label(AlertKind(alert['kind']))}**",
        label(AlertState(alert["state"])),
        _("từ {day}", day=alert["raised_on"].date()),
        _("mức {score}", score=number(float(alert["score"]), 0)),
        plain(owner) if isinstance(owner, str) else _("chưa giao"),
    ]
    return " · ".join(said) + " " + deadline_badge(alert["response"], visit.today)


def _detail(visit: Visit, alert: pd.Series) -> None:
    given_verdict(visit, alert["id"])
    st.markdown(_line(visit, alert))
    st.write(plain(render(alert["text"])))
    # A plain table: it wraps on a phone.
    days = [show(pd.Timestamp(item["date"]).date()) for item in alert["evidence"]]
    said = [plain(render(item["text"])) for item in alert["evidence"]]
    st.html(_STYLE)
    st.table(pd.DataFrame({_("Căn cứ"): said}, index=pd.Index(days, name=_("Ngày"))))
    _judging(alert)
    st.markdown(stages_line(alert))
    _order(visit, alert)
    _links(alert)
    next_steps(visit, alert)
    state = AlertState(alert["state"])
    if may(visit.actor, Right.JUDGE_ALERTS) and service.VERDICTS[state]:
        verdict_form(alert["id"], state)
        assign_form(visit, alert)
    with st.expander(_("Diễn biến")):
        for step in service.history(visit.store, visit.actor, alert["id"]).itertuples():
            st.write(_step(step))


def _judging(alert: pd.Series) -> None:
    """What speaks for and against the alert, and what the figures behind it are."""
    detail = alert["detail"] or {}
    lines = []
    if "confirm" in detail:
        lines.append(f"**{_('Đúng nếu')}:** {plain(render(detail['confirm']))}")
        lines.append(f"**{_('Không đúng nếu')}:** {plain(render(detail['refute']))}")
    st.markdown("  \n".join(lines))
    st.caption("  \n".join(plain(line) for line in [*count_lines(alert), false_alarm_line(alert)]))


def _step(step: object) -> str:
    who, state = plain(who_word(step.recorded_by)), label(AlertState(step.state))
    said = [show_time(step.recorded_at), who, state]
    if isinstance(step.assigned_to, str):
        said.append(_("giao {name}", name=plain(step.assigned_to)))
    if isinstance(step.document, str):
        said.append(plain(step.document))
    why = f": {plain(step.reason)}" if isinstance(step.reason, str) else ""
    return " · ".join(said) + why


def _order(visit: Visit, alert: pd.Series) -> None:
    """That a patrol was ordered at the place and has not come yet."""
    if alert["place_kind"] != "hotspot":
        return
    by = patrols.ordered_for(visit.store, visit.actor, alert["place_id"], visit.today)
    if by is not None:
        st.markdown(f":material/local_police: {order_word(by).capitalize()}")


def _links(alert: pd.Series) -> None:
    """To the page of the place."""
    kind, place = alert["place_kind"], alert["place_id"]
    pages = {
        "hotspot": ("hotspots", _("Mở điểm phức tạp"), {"hotspot": place}),
        "premises": ("premises", _("Mở cơ sở"), {"id": place}),
        "signal": ("signals", _("Mở nguồn tin"), {"signal": place}),
        "border": ("borders", _("Mở trang giáp ranh"), {}),
    }
    page, word, parameters = pages.get(kind, ("map", _("Xem trên bản đồ"), {}))
    if st.button(word, key=f"place-{alert['id']}", icon=":material/location_on:"):
        st.switch_page(_PAGES / f"{page}.py", query_params=parameters)
