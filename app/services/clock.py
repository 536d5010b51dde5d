"""Which day it is where the app is used."""

from __future__ import annotations

from datetime import date, datetime

from data.store import LOCAL_ZONE


def today() -> date:
    """Today in Hà Nội."""
    return datetime.now(LOCAL_ZONE).date()
