"""Objections of a premises to how it is weighed: by when one is answered, and how it stands.

A score is no administrative decision, so no law sets the days: the office does, in ``objections.toml``.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date

import pandas as pd

from geo.cases import office_day
from geo.errors import InputError
from geo.messages import Message, msg


@dataclass(frozen=True)
class ObjectionRule:
    """``days``: working days until the answer is due, by ``law``. ``apart_months``: so long whoever reads the
    score again has neither planned a visit to the premises nor recorded a check there."""

    days: int
    law: str
    apart_months: int

    def due_on(self, received: date) -> date:
        """The last day on which the answer is in time."""
        return office_day(received, self.days)

    def apart_since(self, day: date) -> date:
        """From when on nobody who planned or inspected the premises reads its score again."""
        since: date = (pd.Timestamp(day) - pd.DateOffset(months=self.apart_months)).date()
        return since


def parse_objection_rule(text: str) -> ObjectionRule:
    """Read the text of ``objections.toml``. Raises InputError ``bad_objection_rule``."""
    entry = tomllib.loads(text)
    numbers = (entry.get("days"), entry.get("apart_months"))
    law = entry.get("law")
    if not all(type(one) is int and 1 <= one <= 120 for one in numbers) or not isinstance(law, str) or not law:
        raise InputError("bad_objection_rule", msg("Thời hạn trong objections.toml không hợp lệ."))
    return ObjectionRule(entry["days"], law, entry["apart_months"])


def standing(day: date, due_on: date, reread_on: date | None, answered_on: date | None) -> tuple[Message, bool]:
    """How an objection stands on a day, and whether its answer is late."""
    if answered_on is not None:
        if answered_on > due_on:
            return msg("Đã trả lời ngày {day}, quá hạn {due}.", day=answered_on, due=due_on), False
        return msg("Đã trả lời ngày {day}.", day=answered_on), False
    late = due_on < day
    waits = msg("chờ người đọc lại điểm") if reread_on is None else msg("đã đọc lại, chờ văn bản trả lời")
    text = msg("Quá hạn {due}: {what}.", due=due_on, what=waits)
    return (text, True) if late else (msg("Hạn {due}: {what}.", due=due_on, what=waits), False)
