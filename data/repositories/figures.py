"""What offices enter by hand, and the shares of the targets that were given to them, as frames."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
from sqlalchemy import select

from data.repositories.frames import current, frame
from data.repositories.signals import own_units
from data.store import Work
from data.tables import AssignedShare, Meeting, ReceivedPackage, Report, Task, WardFigure, WardScore


def ward_figures(work: Work, *, known_by: datetime | None = None) -> pd.DataFrame:
    """The entries that hold, oldest first: ``id, unit_id, measure, first_day, last_day, value, body, document,
    note``.

    A scoped actor gets those of the units of all times on its ground; entries for the whole (``unit_id`` None)
    are for who sees the whole database. ``known_by``: what was on record at that instant.
    """
    return _of_own_units(work, frame(work, current(WardFigure, known_by=known_by)))


def assigned_shares(work: Work, *, known_by: datetime | None = None) -> pd.DataFrame:
    """The shares that hold, oldest first: ``id, unit_id, code, first_day, last_day, value, document``; narrowed
    like ``ward_figures``."""
    return _of_own_units(work, frame(work, current(AssignedShare, known_by=known_by)))


def named_by_office(work: Work) -> set[str]:
    """Ids of the units that an entry, a share, a task, a meeting, a report or a package is of."""
    tables = (WardFigure, AssignedShare, WardScore, Meeting, Task, Report, ReceivedPackage)
    found = (work.whole.session.scalars(select(table.unit_id).distinct()) for table in tables)
    return {unit for some in found for unit in some if unit is not None}


def _of_own_units(work: Work, rows: pd.DataFrame) -> pd.DataFrame:
    units = own_units(work)
    return rows if units is None else rows[rows["unit_id"].isin(units)].reset_index(drop=True)
