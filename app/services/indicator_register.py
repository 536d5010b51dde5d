"""The register as it was on record at an instant: what targets are counted from must not change afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import select

from data.repositories.frames import columns, frame
from data.repositories.register import CREATED, column_values, left_out
from data.store import Work
from data.tables import Premises, PremisesChange

_READ = ("id", "type", "opened_on", "commitment_on", "complex_grounds", "geom")


def known_register(work: Work, known_by: datetime | None) -> gpd.GeoDataFrame:
    """The premises of the register: ``id, type, opened_on, commitment_on, complex_grounds`` and their place.

    With ``known_by`` those that came into it later are left out, and later changes of the others are taken
    back. A merge of two premises counts for every time: it puts the record right.
    """
    wanted = [column for column in columns(Premises) if column.name in _READ]
    register = frame(work, select(*wanted).where(Premises.id.not_in(left_out())).order_by(Premises.id))
    return register if known_by is None else _taken_back(register, _later(work, known_by))


def _later(work: Work, known_by: datetime) -> list[Any]:
    """What was changed after an instant, newest first."""
    rows = PremisesChange.__table__.c
    statement = select(rows.premises_id, rows.kind, rows.before).where(rows.recorded_at > known_by)
    return list(work.session.execute(statement.order_by(rows.rid.desc())))


def _taken_back(register: gpd.GeoDataFrame, later: list[Any]) -> gpd.GeoDataFrame:
    there = set(register["id"])
    new = {change.premises_id for change in later if change.kind == CREATED}
    former: dict[str, dict[str, Any]] = {}
    for change in later:
        if change.premises_id in there and change.before:
            former.setdefault(change.premises_id, {}).update(column_values(Premises, change.before))
    register = register[~register["id"].isin(new)].reset_index(drop=True)
    row_of = {one: row for row, one in enumerate(register["id"])}
    for premises_id, values in former.items():
        if premises_id not in row_of:
            continue
        for name in [*_READ[1:-1], "geom"]:
            if name in values:
                column = "geometry" if name == "geom" else name
                value = pd.Timestamp(values[name]) if name.endswith("_on") else values[name]
                register.loc[row_of[premises_id], column] = value
    return register
