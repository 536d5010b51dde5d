"""What a plan holds - stops, routes, sweeps - as plain rows, so that it can be kept, compared and put back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import shapely
from sqlalchemy import Date, delete, insert, select

from data.spatial import SpatialType
from data.store import Work
from data.tables import PlanSweep, Route, Visit
from data.tables.base import UtcDateTime

_TABLES: dict[str, Any] = {"visits": Visit, "routes": Route, "sweeps": PlanSweep}
_ORDER: dict[str, tuple[Any, ...]] = {
    "visits": (Visit.on_date, Visit.team_id, Visit.position),
    "routes": (Route.on_date, Route.team_id),
    "sweeps": (PlanSweep.starts, PlanSweep.segment_id),
}


@dataclass(frozen=True)
class PlanContents:
    """Rows of a plan by column name, ids included; ``summary``: what stands beside it."""

    visits: tuple[dict[str, Any], ...]
    routes: tuple[dict[str, Any], ...]
    sweeps: tuple[dict[str, Any], ...]
    summary: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready form; ``from_json`` reads it back."""
        rows = {name: [_plain_row(row) for row in getattr(self, name)] for name in _TABLES}
        return {**rows, "summary": self.summary}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> PlanContents:
        """Rebuild what ``to_json`` wrote."""
        rows = {
            name: tuple(_rebuilt_row(table, row) for row in document[name]) for name, table in _TABLES.items()
        }
        return cls(**rows, summary=dict(document["summary"]))


def read_contents(work: Work, plan_id: str, summary: dict[str, Any]) -> PlanContents:
    """What the plan holds now."""
    rows = {}
    for name, table in _TABLES.items():
        stored = table.__table__.c
        wanted = [column for column in stored if column.name != "rid"]
        found = work.session.execute(select(*wanted).where(stored.plan_id == plan_id).order_by(*_ORDER[name]))
        rows[name] = tuple(dict(row) for row in found.mappings())
    return PlanContents(**rows, summary=dict(summary))


def write_contents(work: Work, plan_id: str, contents: PlanContents) -> None:
    """Put rows in the place of what the plan holds; stops that stay keep their ids."""
    work.session.flush()
    for name, table in _TABLES.items():
        work.session.execute(delete(table).where(table.plan_id == plan_id))
        rows = [{**row, "plan_id": plan_id} for row in getattr(contents, name)]
        if rows:
            work.session.execute(insert(table), rows)
    work.session.expire_all()


def _plain_row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        # A datetime is a date too: both write themselves in ISO form.
        return value.isoformat()
    if isinstance(value, shapely.Geometry):
        return shapely.to_wkb(value, hex=True)
    return value


def _rebuilt_row(table: Any, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _rebuilt(table.__table__.c[name].type, value) for name, value in row.items()}


def _rebuilt(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, SpatialType):
        return shapely.from_wkb(value)
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
