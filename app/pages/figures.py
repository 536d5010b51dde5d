"""Nhập số liệu: what wards report by hand, what they still owe, assigned shares, packages that wards send."""

from __future__ import annotations

import streamlit as st

from app.access import Right, may
from app.parts.failures import told
from app.parts.figure_choice import choose_month, choose_period, choose_ward
from app.parts.figure_form import month_form
from app.parts.figure_missing import missing_list
from app.parts.figure_packages import package_desk
from app.parts.figure_shares import share_sheet
from app.parts.visit import Visit, require_visit
from app.text import _

FORM, MISSING, SHARES, PACKAGES = "form", "missing", "shares", "packages"


def views(visit: Visit) -> dict[str, str]:
    """What the page can show to the visitor."""
    names = {FORM: _("Nhập theo tháng"), MISSING: _("Còn thiếu, nhập trễ"), SHARES: _("Chỉ tiêu được giao")}
    if may(visit.actor, Right.REPORT):
        names[PACKAGES] = _("Gói số liệu")
    return names


def entry(visit: Visit) -> None:
    """Ward and month, then the form."""
    left, right, _rest = st.columns([2, 2, 3])
    with right:
        month = choose_month(visit.today, "figures")
    with left:
        ward = choose_ward(visit, month, "figures")
    if ward is not None:
        month_form(visit, ward[0], month)


def with_period(visit: Visit, view: str) -> None:
    """The views that speak of any period."""
    left, _rest = st.columns([3, 2])
    with left:
        period = choose_period(visit.today, f"figures-{view}", months={SHARES: 12, MISSING: 3}.get(view, 1))
    draw = {MISSING: missing_list, SHARES: share_sheet, PACKAGES: package_desk}[view]
    draw(visit, period)


visit = require_visit()
st.title(_("Nhập số liệu"))
names = views(visit)
view = st.segmented_control(
    _("Xem"),
    list(names),
    default=FORM,
    format_func=names.__getitem__,
    key="figures-view",
    label_visibility="collapsed",
)
with told():
    if (view or FORM) == FORM:
        entry(visit)
    else:
        with_period(visit, view or FORM)
