"""Taking files in: read, compare with what is known, store in one transaction, say what happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
from sqlalchemy import delete, select, update

from app.access import Right, require
from app.text import render
from data.importers.boundaries import Boundaries, read_boundaries
from data.importers.roads import read_roads
from data.repositories import places
from data.repositories.frames import add_rows
from data.store import Actor, Store, Work
from data.tables import AccountScope, Street, TeamArea, Unit, new_id
from geo.coverage import repair_coverage
from geo.errors import InputError
from geo.messages import msg
from geo.roads import build_network
from geo.units import Replacement, replaced_by


@dataclass(frozen=True)
class WardsRequest:
    """A boundary file and what is said about it."""

    file: Path
    valid_from: date
    valid_to: date | None = None
    crs: int | None = None
    name_column: str | None = None
    code_column: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class PremisesRequest:
    """A register file and how to take it."""

    file: Path
    sheet: str | None = None
    column_map: dict[str, str] = field(default_factory=dict)
    dry_run: bool = False
    strict: bool = False
    into_demo: bool = False


def import_wards(store: Store, actor: Actor, request: WardsRequest) -> dict[str, Any]:
    """Open a new set of units from a boundary file (the command ``import wards``)."""
    require(actor, Right.IMPORT)
    if request.valid_to is not None and request.valid_to < request.valid_from:
        raise InputError("period_reversed", msg("--valid-to đứng trước --valid-from."))
    read = read_boundaries(
        request.file, crs=request.crs, name_column=request.name_column, code_column=request.code_column
    )
    units, repairs = repair_coverage(read.frame)
    with store.write(actor) as work:
        orphaned = _open_set(work, units, request, source=request.source or request.file.name)
        work.note("import.wards", request.file.name, units=len(units), repairs=len(repairs))
    return {
        "units": len(units),
        "repairs": [
            {"kind": r.kind, "units": list(r.units), "area_m2": round(r.area_m2, 1), "lon": r.lon, "lat": r.lat}
            for r in repairs
        ],
        "rejected": _rejected_features(read),
        "orphaned": orphaned,
    }


def _rejected_features(read: Boundaries) -> list[dict[str, Any]]:
    return [{**entry, "problem": render(entry["problem"])} for entry in read.rejected]


def _open_set(work: Work, units: gpd.GeoDataFrame, request: WardsRequest, *, source: str) -> list[str]:
    """Store the new units, end or replace those they follow, hand over areas and scopes; give what is orphaned."""
    new = units.assign(id=[new_id() for _ in range(len(units))], level="ward")
    old = places.all_units(work)
    change = replaced_by(old, new, request.valid_from)
    add_rows(
        work,
        Unit,
        [
            {
                "id": row.id,
                "code": row.code,
                "name": row.name,
                "level": "ward",
                "valid_from": request.valid_from,
                "valid_to": request.valid_to,
                "geom": row.geometry,
                "population": None if row.population != row.population else row.population,
                "source": source,
                "schematic": False,
            }
            for row in new.itertuples(index=False)
        ],
    )
    _hand_over(work, change, request.valid_from)
    last_day = request.valid_from - timedelta(days=1)
    work.session.execute(update(Unit).where(Unit.id.in_(change.ended)).values(valid_to=last_day))
    work.session.execute(delete(Unit).where(Unit.id.in_(change.replaced)))
    return _orphans(work, request.valid_from)


def _hand_over(work: Work, change: Replacement, day: date) -> None:
    """Areas of teams and scopes of accounts pass to the new unit that covers most of the old one."""
    gone = [*change.ended, *change.replaced]
    for area in work.session.scalars(select(TeamArea).where(TeamArea.unit_id.in_(gone))).all():
        successor = change.successors.get(area.unit_id)
        still = area.valid_to is None or area.valid_to >= day
        if successor and still:
            work.session.add(
                TeamArea(
                    team_id=area.team_id,
                    unit_id=successor,
                    valid_from=max(area.valid_from, day) if area.unit_id in change.ended else area.valid_from,
                    valid_to=area.valid_to,
                )
            )
        if area.unit_id in change.replaced or (still and area.valid_from >= day):
            work.session.delete(area)
        elif still:
            area.valid_to = day - timedelta(days=1)
    for scope in work.session.scalars(select(AccountScope).where(AccountScope.unit_id.in_(gone))).all():
        successor = change.successors.get(scope.unit_id)
        if successor:
            scope.unit_id = successor
        elif scope.unit_id in change.replaced:
            work.session.delete(scope)
    work.session.flush()


def _orphans(work: Work, day: date) -> list[str]:
    """Premises that lie in no unit of the day."""
    register = places.premises_on(work, day)
    placed = register[register.geometry.notna()]
    return list(placed.loc[placed["ward_id"].isna(), "id"])


def import_roads(store: Store, actor: Actor, file: Path) -> dict[str, Any]:
    """Replace the street network by that of a file (the command ``import roads``)."""
    require(actor, Right.IMPORT)
    streets = read_roads(file)
    _, report = build_network(streets)
    with store.write(actor) as work:
        work.session.execute(delete(Street))
        add_rows(
            work,
            Street,
            [
                {
                    "id": new_id(),
                    "name": row.name if isinstance(row.name, str) else None,
                    "street_class": str(row.street_class),
                    "oneway": bool(row.oneway),
                    "geom": row.geometry,
                    "source": file.name,
                }
                for row in streets.itertuples(index=False)
            ],
        )
        work.note("import.roads", file.name, nodes=report.nodes)
    return {
        "nodes": report.nodes,
        "edges": report.edges,
        "km": report.km,
        "components": report.components,
        "largest_component_share": report.largest_component_share,
    }
