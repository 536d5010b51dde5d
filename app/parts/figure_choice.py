"""Which ward and which months or periods the pages of figures speak of."""

from __future__ import annotations

from datetime import date

import streamlit as st

from app.parts.visit import Visit
from app.services import figure_entry
from app.text import _, render
from geo.periods import Period, parse_period, period_of

_MONTHS_BACK, _YEARS_BACK = 24, 3
_LENGTHS = (1, 3, 6, 12)


def length_word(months: int) -> str:
    """What a period of so many months is called."""
    return {1: _("Tháng"), 3: _("Quý"), 6: _("6 tháng"), 12: _("Năm")}[months]


def back_from(day: date, months: int, count: int) -> list[Period]:
    """The period that holds ``day`` and those before it, newest first."""
    found = [period_of(day, months)]
    while len(found) < count:
        found.append(found[-1].before)
    return found


def choose_month(today: date, key: str) -> Period:
    """A month; the last one that has ended is offered first."""
    months = back_from(today, 1, _MONTHS_BACK)
    written = st.selectbox(
        _("Tháng"), [one.text for one in months], index=1, format_func=period_word, key=f"{key}-month"
    )
    return parse_period(written)


def choose_period(today: date, key: str, *, months: int = 1) -> Period:
    """A month, quarter, half or year; offered first is the running one, of months the last that has ended."""
    left, right = st.columns(2)
    length = left.selectbox(
        _("Kỳ"), _LENGTHS, index=_LENGTHS.index(months), format_func=length_word, key=f"{key}-length"
    )
    found = back_from(today, length, _YEARS_BACK * 12 // length + 1)
    written = right.selectbox(
        _("Thời gian"),
        [one.text for one in found],
        index=1 if length == 1 else 0,
        format_func=period_word,
        key=f"{key}-period-{length}",
    )
    return parse_period(written)


def period_word(written: str) -> str:
    """A period as officers say it, with a capital letter."""
    words = render(parse_period(written).words)
    return words[:1].upper() + words[1:]


def choose_ward(visit: Visit, period: Period, key: str) -> tuple[str, str] | None:
    """Id and name of a ward that the visitor enters figures for; None where there is none."""
    wards = dict(figure_entry.wards(visit.store, visit.actor, period))
    if not wards:
        st.info(_("Chưa đủ dữ liệu: chưa có phường nào trong địa bàn của bạn vào kỳ này."))
        return None
    chosen = st.selectbox(_("Phường"), list(wards), format_func=wards.__getitem__, key=f"{key}-ward")
    return chosen, wards[chosen]
