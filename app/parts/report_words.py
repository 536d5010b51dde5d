"""How reports are named on pages, and the way to one."""

from __future__ import annotations

from typing import Any, NoReturn

import streamlit as st

from app.parts.failures import told
from app.services.reports import KeptReport, period_words
from app.text import _, label, render
from geo.review_words import ReportKind

#: The report that is open, in the address of the page.
OPEN = "report"
PAGE = "pages/reports.py"


def sentence(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def title_of(kept: KeptReport) -> str:
    """A report's kind, period and place."""
    if kept.kind is ReportKind.QUICK:
        return f"{sentence(label(kept.kind))}: {kept.contents.facts[0][1]}"
    return f"{sentence(label(kept.kind))}, {render(period_words(kept))}, {kept.ward or _('toàn địa bàn')}"


def open_report(report_id: str | None) -> NoReturn:
    """Show a report, or the list again."""
    if report_id is None:
        st.query_params.clear()
    else:
        st.query_params[OPEN] = report_id
    st.rerun()


def done(text: str) -> NoReturn:
    """Say that something was done, and show the page as it now is."""
    st.toast(text, icon=":material/check:")
    st.rerun()


def guarded(action: Any, text: str, *arguments: Any, **named: Any) -> None:
    """Do something and say so; an error is told where the button stands."""
    worked = False
    with told():
        action(*arguments, **named)
        worked = True
    if worked:
        done(text)
