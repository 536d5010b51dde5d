"""Open alerts that may stand on a projector: those that established facts carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from app.services.alert_inbox import open_and_settled
from app.services.meeting_facts import Established
from geo.detection_duties import DutySettings, rising_borders
from geo.words import AlertKind

#: These tell of a tip's place, or suspect one.
_NEVER = frozenset({AlertKind.SIGNAL_LATE, AlertKind.HANDOVER_LATE, AlertKind.NEW_CLUSTER})
#: Evidence that is a record by itself.
_RECORDS = frozenset({"licence", "paper", "patrol_due"})
_COMPARED = timedelta(days=90)


@dataclass(frozen=True)
class AlertLine:
    """An open alert: what kind, where (a premises by its code), since when, whether its answer is late.

    ``grounds``: how many established facts carry it. Its own text is not told: it may speak of tips.
    """

    kind: AlertKind
    place: str
    since: date
    late: bool
    grounds: int


def shown_alerts(known: Established, codes: dict[str, str]) -> list[AlertLine]:
    """The open alerts of the scope: late ones first, then by age and by what carries them."""
    lines = [
        AlertLine(
            AlertKind(row.kind), _place(row, known, codes), row.raised_on.date(), bool(row.late), row.grounds
        )
        for row in shown_rows(known).itertuples()
    ]
    # The inbox puts what is one's own first; here everybody reads the same.
    return sorted(lines, key=lambda one: (not one.late, one.since, -one.grounds, one.place))


def shown_rows(known: Established) -> pd.DataFrame:
    """The rows of ``open_and_settled`` behind ``shown_alerts``, with ``grounds``."""
    alerts = open_and_settled(known.work, known.day)
    alerts = alerts[alerts["open"] & ~alerts["kind"].isin(_NEVER)]
    grounds = _grounds(known)
    counted = [sum(grounds.holds(item) for item in evidence) for evidence in alerts["evidence"]]
    alerts = alerts.assign(grounds=counted)
    hidden = alerts["place_kind"].eq("hotspot") & ~alerts["place_id"].isin(known.hotspots["id"])
    foreign = alerts["place_kind"].eq("premises") & ~alerts["place_id"].isin(known.own_premises["id"])
    return alerts[(alerts["grounds"] > 0) & ~hidden & ~foreign].reset_index(drop=True)


@dataclass(frozen=True)
class _Grounds:
    """Ids of the established facts by kind of evidence."""

    ids: dict[str, frozenset[str]]

    def holds(self, item: dict[str, Any]) -> bool:
        """Whether an item of evidence is an established fact."""
        kind, key = item["kind"], str(item["id"])
        if kind == "border":
            return key.rsplit(":", 1)[0] in self.ids["border"]
        return kind in _RECORDS or key in self.ids.get(kind, frozenset())


def _grounds(known: Established) -> _Grounds:
    return _Grounds(
        {
            "signal": frozenset(known.signals["id"]),
            "finding": frozenset(known.findings["id"]),
            "patrol": frozenset(known.patrols["id"]),
            "border": _rising(known),
        }
    )


def _rising(known: Established) -> frozenset[str]:
    """Segments whose risk has risen on established facts alone."""
    earlier = Established(known.whole.work, known.day - _COMPARED)
    if known.units.empty or earlier.units.empty:
        return frozenset()
    settings = DutySettings()
    risen = rising_borders(known.strips, earlier.strips, known.day, earlier.day, settings)
    return frozenset(alert.place_id for alert in risen)


def _place(row: Any, known: Established, codes: dict[str, str]) -> str:
    if row.place_kind == "premises":
        return codes[row.place_id]
    if row.place_kind == "hotspot":
        return str(known.hotspots.loc[known.hotspots["id"] == row.place_id, "name"].iloc[0])
    return str(row.name)
