"""Words of the inspection plan's page: short team names, reasons, kinds of column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any

import pandas as pd
import streamlit as st

from app.text import _, label, render, show
from geo.words import VisitKind


def short_names(teams: Iterable[str]) -> dict[str, str]:
    """Names of the teams without the words that all of them begin with."""
    names = sorted(set(teams))
    words = [team.split() for team in names]
    common = 0
    if len(names) > 1:
        # At least the last word of every name stays.
        columns = zip(*(name[:-1] for name in words), strict=False)
        common = sum(1 for _same in takewhile(lambda column: len(set(column)) == 1, columns))
    if common < 2:
        return {team: team for team in names}
    rest = [" ".join(name[common:]) for name in words]
    return {team: name[0].upper() + name[1:] for team, name in zip(names, rest, strict=True)}


def reasons(document: Mapping[str, Any] | None) -> list[str]:
    """Why a stop is in the plan: sentences that name their points, what counts most first."""
    parts = sorted((document or {}).get("parts", ()), key=lambda part: -float(part["points"]))
    return [render(part["text"]) for part in parts]


def reason_text(row: Any) -> str:
    """Why a stop is in the plan, in one line; of an unannounced one its basis first."""
    told = reasons(row.reason)
    if isinstance(row.basis, str) and row.basis:
        told.insert(0, _("căn cứ: {basis}", basis=row.basis))
    if (row.reason or {}).get("by_hand"):
        told.insert(0, _("người lập lịch thêm vào"))
    return "; ".join(told)


def kind_word(row: Any) -> str:
    """What kind of visit it is, and whether the lot fell on it."""
    words = [label(VisitKind(row.kind))]
    if row.drawn_at_random:
        words.append(_("bốc thăm"))
    if row.locked:
        words.append(_("đã khóa"))
    return ", ".join(words)


def hours(row: Any) -> str:
    """From when to when a stop takes."""
    return f"{row.arrive:%H:%M}–{row.leave:%H:%M}"


def day_text(value: Any) -> str:
    """A day as people write it, empty where there is none."""
    return "" if value is None or pd.isna(value) else show(pd.Timestamp(value).date())


def weekday_text(value: Any) -> str:
    """A day with its weekday, as in a diary."""
    day = pd.Timestamp(value).date()
    words = (_("T2"), _("T3"), _("T4"), _("T5"), _("T6"), _("T7"), _("CN"))
    return f"{words[day.weekday()]} {day:%d/%m}"


def date_column() -> Any:
    """A column of days that sorts by time."""
    return st.column_config.DateColumn(format="DD/MM/YYYY", width="small")


def number_column(form: str) -> Any:
    """A column that sorts as numbers."""
    return st.column_config.NumberColumn(format=form, width="small")
