"""The calendar of reports with reminders, the form to make one, the reports that were made."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from app.access import Right, may
from app.parts.failures import told
from app.parts.report_words import open_report, sentence
from app.parts.visit import Visit
from app.services import hotspots, report_quick, report_request, reports
from app.text import _, label, render
from geo.report_calendar import MONTHS, DueState, period_closing_by
from geo.review_words import ReportKind, ReportState
from geo.words import HotspotState

_BACK, _AHEAD = timedelta(days=100), timedelta(days=200)
WHOLE = ""
_MARKS = {
    DueState.DONE: ":material/check_circle:",
    DueState.LATE: ":red[:material/error:]",
    DueState.SOON: ":orange[:material/schedule:]",
    DueState.AHEAD: ":material/event:",
}


def unit_choice(visit: Visit) -> str:
    """The ward whose reports are looked at; the empty text is the whole."""
    names = report_request.wards_of(visit.store, visit.actor, visit.today)
    if visit.actor.scope is None:
        names = {WHOLE: _("Toàn địa bàn"), **names}
    if not names:
        return WHOLE
    return st.selectbox(_("Đơn vị báo cáo"), list(names), format_func=names.__getitem__, key="report-unit")


def calendar(visit: Visit, unit: str) -> None:
    """Reports that are owed: late ones and those that come next."""
    found = reports.due_reports(
        visit.store,
        visit.actor,
        visit.today - _BACK,
        visit.today + _AHEAD,
        unit_id=unit or None,
        as_of=visit.today,
    )
    pressing = [one for one in found if one.state in (DueState.LATE, DueState.SOON)]
    ahead = [one for one in found if one.state is DueState.AHEAD]
    for one in [*pressing, *ahead[: max(3 - len(pressing), 1)]]:
        name = sentence(f"{label(one.period.kind)}, {render(one.period.words)}")
        due = _("hạn {day}", day=one.period.due_on)
        st.markdown(f"{_MARKS[one.state]} **{name}**: {due} · {render(one.text)}")
    with st.expander(_("Cả lịch báo cáo")):
        st.dataframe(
            pd.DataFrame(
                {
                    _("Báo cáo"): [sentence(label(one.period.kind)) for one in found],
                    _("Kỳ"): [render(one.period.words) for one in found],
                    _("Số liệu từ"): [one.period.first for one in found],
                    _("đến"): [one.period.last for one in found],
                    _("Hạn"): [one.period.due_on for one in found],
                    _("Tình trạng"): [render(one.text) for one in found],
                }
            ),
            hide_index=True,
            column_config={
                name: st.column_config.DateColumn(format="DD/MM/YYYY")
                for name in (_("Số liệu từ"), _("đến"), _("Hạn"))
            },
            key="report-calendar",
        )


def make_form(visit: Visit, unit: str) -> None:
    """Ask for a report: the one made before is opened, else it is made."""
    if not may(visit.actor, Right.REPORT):
        return
    with st.container(border=True):
        st.subheader(_("Lập báo cáo"))
        kind = st.selectbox(
            _("Loại báo cáo"), list(ReportKind), format_func=lambda one: sentence(label(one)), key="report-kind"
        )
        asked = _quick(visit) if kind is ReportKind.QUICK else _periodic(visit, kind, unit)
        if asked is not None and st.button(_("Mở hoặc lập báo cáo"), type="primary", key="report-make"):
            made = None
            with told(), st.spinner(_("Đang tổng hợp số liệu...")):
                made = reports.make(visit.store, visit.actor, asked, as_of=visit.today)
            if made is not None:
                open_report(made.id)


def _periodic(visit: Visit, kind: ReportKind, unit: str) -> report_request.Asked | None:
    with told():
        if kind in MONTHS:
            newest = period_closing_by(kind, visit.today, report_request.rules())
            text = st.text_input(
                _("Kỳ báo cáo"),
                newest.text,
                max_chars=10,
                help=_("Viết như 2026, 2026-H1, 2026-Q3 hoặc 2026-09."),
                key=f"report-period-{kind.value}",
            )
            period = report_request.period_asked(kind, text)
        else:
            days = st.date_input(
                _("Từ ngày, đến ngày"),
                (visit.today.replace(day=1), visit.today),
                format="DD/MM/YYYY",
                key="report-days",
            )
            if not isinstance(days, tuple) or len(days) != 2:
                return None
            period = report_request.period_asked(kind, None, *days)
        st.caption(_("Số liệu từ {first} đến {last}.", first=period.first, last=period.last))
        if period.last > visit.today:
            st.caption(_("Kỳ này chưa hết: số liệu đến hôm nay."))
        if not unit and visit.actor.scope is not None:
            st.info(_("Tài khoản chưa được giao phường nào."))
            return None
        # The wards that stand in the list are today's, and so are those of a report of one of them.
        return report_request.asked(
            visit.store,
            visit.actor,
            kind,
            period,
            ward=unit or None,
            as_of=visit.today,
            units_as_of=_wards_day(visit, period.last, unit),
        )
    return None


def _wards_day(visit: Visit, last: date, unit: str) -> date:
    """Whose wards the report speaks of: those of its own time, or today's where somebody says so."""
    if unit or last >= visit.today:
        return visit.today
    own = st.toggle(_("Theo phường hiện nay, không theo phường của kỳ đó"), key="report-todays-wards")
    return visit.today if own else last


def _quick(visit: Visit) -> report_request.Asked | None:
    spots = hotspots.overview(visit.store, visit.actor, visit.today)
    told_of = {HotspotState.SUSPECTED, HotspotState.DISMISSED}
    names = {row.id: row.name for row in spots.itertuples() if row.state not in told_of}
    if not names:
        st.info(_("Không có điểm phức tạp nào để báo cáo nhanh."))
        return None
    chosen = st.selectbox(_("Điểm phức tạp"), list(names), format_func=names.__getitem__, key="report-hotspot")
    with told():
        asked = report_quick.asked_quick(visit.store, visit.actor, chosen, None, as_of=visit.today)
        st.caption(_("Số liệu từ {first} đến {last}.", first=asked.period.first, last=asked.period.last))
        return asked
    return None


def made_reports(visit: Visit) -> None:
    """The reports of the visitor's units; a ticked row opens one."""
    found = reports.reports(visit.store, visit.actor)
    st.subheader(_("Các báo cáo đã lập"))
    if found.empty:
        st.info(_("Chưa lập báo cáo nào."))
        return
    choice = st.dataframe(
        pd.DataFrame(
            {
                _("Loại"): [sentence(label(ReportKind(kind))) for kind in found["kind"]],
                _("Từ ngày"): found["first_day"],
                _("Đến ngày"): found["last_day"],
                _("Đơn vị"): [name or _("toàn địa bàn") for name in found["ward"]],
                _("Trạng thái"): [label(ReportState(state)) for state in found["state"]],
                _("Số"): found["number"],
                _("Số liệu đến"): found["as_of"],
                _("Người sửa cuối"): found["recorded_by"],
            }
        ),
        hide_index=True,
        placeholder="",
        column_config={
            name: st.column_config.DateColumn(format="DD/MM/YYYY")
            for name in (_("Từ ngày"), _("Đến ngày"), _("Số liệu đến"))
        },
        selection_mode="single-row",
        on_select="rerun",
        key=f"reports-{len(found)}-{found['id'].iloc[0]}",
    )
    picked = choice["selection"]["rows"]
    if picked and picked[0] < len(found):
        open_report(found["id"].iloc[picked[0]])
    st.caption(_("Chọn một dòng để mở báo cáo."))
