"""Alerts, by one door: the scan that raises them, the inbox that shows them, what people decide about them."""

from __future__ import annotations

from app.services.alert_inbox import alerts_with_places, history
from app.services.alert_scan import scan
from app.services.alert_verdicts import VERDICTS, assign, assignable, close_answered, judge, judge_at_once

__all__ = [
    "VERDICTS",
    "alerts_with_places",
    "assign",
    "assignable",
    "close_answered",
    "history",
    "judge",
    "judge_at_once",
    "scan",
]
