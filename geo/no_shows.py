"""Visits of a plan that did not become checks, so that a person can fit them in again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import pandas as pd

from geo.messages import Message, msg
from geo.word_texts import word_text
from geo.words import VisitOutcome


class Promised(Protocol):
    """What is read of a visit to see whether it was kept."""

    @property
    def premises_id(self) -> str: ...
    @property
    def team_id(self) -> str: ...
    @property
    def date(self) -> date: ...


@dataclass(frozen=True)
class NoShow:
    """A visit that did not become a check and may be fitted in again. ``outcome``: what the team met, None
    where nothing was recorded."""

    premises_id: str
    team_id: str
    date: date
    outcome: VisitOutcome | None
    text: Message


#: Whoever met one of these has still to check; what else was met is another matter.
_AGAIN = (VisitOutcome.CLOSED_AT_ARRIVAL, VisitOutcome.REFUSED)


def no_shows(visits: Iterable[Promised], inspections: pd.DataFrame, day: date) -> tuple[NoShow, ...]:
    """Visits due before ``day`` that were not made, or up to it met a closed door or a refusal; by date and
    premises.

    ``inspections``: frame of the project. What was recorded at the premises from the visit's date to ``day``
    counts, the latest last; a check settles it.
    """
    found = []
    for visit in sorted(visits, key=lambda visit: (visit.date, visit.premises_id)):
        if visit.date > day:
            continue
        outcomes = _outcomes(inspections, visit, day)
        last = outcomes[-1] if outcomes else None
        if last is None and visit.date == day:
            # The day is not over.
            continue
        if VisitOutcome.CHECKED in outcomes or not (last is None or last in _AGAIN):
            continue
        text = (
            msg("Lượt ngày {date} chưa được ghi nhận.", date=visit.date)
            if last is None
            else msg("Lượt ngày {date}: {outcome}.", date=visit.date, outcome=word_text(last))
        )
        found.append(NoShow(visit.premises_id, visit.team_id, visit.date, last, text))
    return tuple(found)


def _outcomes(inspections: pd.DataFrame, visit: Promised, day: date) -> list[VisitOutcome]:
    if inspections.empty:
        return []
    on = inspections["on_date"]
    there = inspections[
        (inspections["premises_id"] == visit.premises_id)
        & (on >= pd.Timestamp(visit.date))
        & (on <= pd.Timestamp(day))
    ]
    known = set(VisitOutcome)
    ordered = there.sort_values("on_date", kind="stable")["outcome"]
    return [VisitOutcome(outcome) for outcome in ordered if outcome in known]
