"""Taking in ward boundaries and streets: read, compare with what is known, store in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import delete, select, update

from app.access import Right, require
from app.services.free_text import about_places, file_label
from app.services.underway import marked
from app.text import render
from data.importers.boundaries import read_boundaries
from data.importers.roads import read_roads
from data.repositories import places
from data.repositories.figures import named_by_office
from data.repositories.frames import add_rows
from data.store import Actor, Store, Work
from data.tables import AccountScope, Street, TeamArea, Unit, new_id
from geo.coverage import Repair, repair_coverage
from geo.crs import METRIC
from geo.errors import InputError
from geo.messages import Message, msg
from geo.network import NetworkReport
from geo.roads import build_network
from geo.units import Replacement, replaced_by, valid_on

_LEVEL = "ward"
#: A unit smaller than this share of the ward it lies in is not a ward.
_SPECK = 0.1
#: Below this share of connected junctions a street file is fit to draw, hardly to route on.
_CONNECTED_SHARE = 0.8
_DAY = timedelta(days=1)


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


@marked("import.wards", Right.IMPORT)
def import_wards(store: Store, actor: Actor, request: WardsRequest) -> dict[str, Any]:
    """Open a new set of units from a boundary file (the command ``import wards``).

    Units of that day that the file covers end on the day before, or are replaced when they began the same day
    or are schematic; a later set ends the new one. ``orphaned``: premises in no unit of the day.
    """
    require(actor, Right.IMPORT)
    if request.valid_to is not None and request.valid_to < request.valid_from:
        raise InputError("period_reversed", msg("--valid-to đứng trước --valid-from."))
    label = file_label(request.file.name)
    request = replace(request, source=about_places(request.source) or label)
    read = read_boundaries(
        request.file, crs=request.crs, name_column=request.name_column, code_column=request.code_column
    )
    mended, repairs = repair_coverage(read.frame)
    with store.write(actor) as work:
        change, said = _open_set(work, mended, request)
        orphaned = _orphans(work, request.valid_from)
        counts = {"units": len(mended), "ended": len(change.ended), "replaced": len(change.replaced)}
        work.note("import.wards", label, valid_from=request.valid_from.isoformat(), **counts)
    return {
        **counts,
        "repairs": [_repair(repair) for repair in repairs],
        "rejected": [{**entry, "problem": render(entry["problem"])} for entry in read.rejected],
        "orphaned": orphaned,
        "warnings": [render(warning) for warning in (*read.warnings, *said)],
    }


def _repair(repair: Repair) -> dict[str, Any]:
    return {
        "kind": repair.kind,
        "units": list(repair.units),
        "area_m2": round(repair.area_m2, 1),
        "lon": repair.lon,
        "lat": repair.lat,
    }


def _open_set(work: Work, mended: gpd.GeoDataFrame, request: WardsRequest) -> tuple[Replacement, list[Message]]:
    """Store the new units, end or replace those they follow, hand over areas and scopes."""
    known = places.all_units(work)
    new = mended.assign(
        id=[new_id() for _ in range(len(mended))],
        level=_LEVEL,
        valid_from=request.valid_from,
        valid_to=request.valid_to,
        schematic=False,
    )
    change = replaced_by(known, new, request.valid_from)
    _refuse_islands(known, new, change, request)
    last_days = _ended_by_later_sets(known, new)
    add_rows(work, Unit, [_unit(row, last_days, request) for row in new.itertuples(index=False)])
    _hand_over_areas(work, change, request.valid_from)
    _hand_over_scopes(work, change)
    work.session.flush()
    ended = update(Unit).where(Unit.id.in_(change.ended))
    work.session.execute(ended.values(valid_to=request.valid_from - _DAY))
    kept = named_by_office(work) & set(change.replaced)
    # What offices entered of it stays on record and passes to the ward that covers most of its ground.
    for unit in work.session.scalars(select(Unit).where(Unit.id.in_(kept))):
        unit.valid_to = unit.valid_from - _DAY
    work.session.execute(delete(Unit).where(Unit.id.in_(set(change.replaced) - kept)))
    said = msg("{n} đơn vị kết thúc trước hạn vì sau đó đã có bộ địa giới khác.", n=len(last_days))
    return change, [said] if last_days else []


def _refuse_islands(
    known: gpd.GeoDataFrame, new: gpd.GeoDataFrame, change: Replacement, request: WardsRequest
) -> None:
    """Raise InputError for a speck of a unit inside a ward that stays: a file of something else than wards."""
    standing = valid_on(known, request.valid_from)
    standing = standing[~standing["id"].isin([*change.ended, *change.replaced])]
    if standing.empty:
        return
    standing_m, new_m = standing.to_crs(METRIC).geometry, new.to_crs(METRIC).geometry
    islands = [
        name
        for name, ground in zip(new["name"], new_m, strict=True)
        if any(
            ground.area < _SPECK * ward.area and ground.intersection(ward).area > (1 - _SPECK) * ground.area
            for ward in standing_m
        )
    ]
    if islands:
        raise InputError(
            "units_overlap",
            msg(
                "Đơn vị trong tệp nằm chồng lên phường đang có mà không thay phường nào: {names}.",
                names=", ".join(islands),
            ),
            hint=msg("Kiểm tra có đúng là tệp địa giới không; một tệp phải phủ ít nhất nửa phường mà nó thay."),
            file=str(request.file),
        )


def _unit(row: Any, last_days: dict[str, date], request: WardsRequest) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "level": row.level,
        "valid_from": request.valid_from,
        "valid_to": last_days.get(row.id, request.valid_to),
        "geom": row.geometry,
        "population": None if pd.isna(row.population) else int(row.population),
        "source": (request.source or "")[:300],
        "schematic": False,
    }


def _ended_by_later_sets(known: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> dict[str, date]:
    """The last day of each new unit whose ground a set already on record takes over later."""
    last_days: dict[str, date] = {}
    opened = new["valid_from"].iloc[0]
    for start in sorted(day.date() for day in known["valid_from"].dropna().unique() if day.date() > opened):
        later = known[known["valid_from"] == pd.Timestamp(start)]
        for unit_id in replaced_by(new, later, start).ended:
            last_days.setdefault(unit_id, start - _DAY)
    return last_days


def _hand_over_areas(work: Work, change: Replacement, day: date) -> None:
    """The areas of teams pass to the new unit that covers most of the old one, from ``day`` on."""
    gone = [*change.ended, *change.replaced]
    areas = work.session.scalars(select(TeamArea).where(TeamArea.unit_id.in_(gone))).all()
    given: set[tuple[str, str, date, date | None]] = set()
    for area in areas:
        follows = area.unit_id in change.replaced
        if not follows and area.valid_to is not None and area.valid_to < day:
            continue
        start = area.valid_from if follows else max(area.valid_from, day)
        passed = (area.team_id, change.successors[area.unit_id], start, area.valid_to)
        if passed not in given:
            given.add(passed)
            team_id, unit_id, valid_from, valid_to = passed
            work.session.add(
                TeamArea(team_id=team_id, unit_id=unit_id, valid_from=valid_from, valid_to=valid_to)
            )
        if follows or area.valid_from >= day:
            work.session.delete(area)
        else:
            area.valid_to = day - _DAY


def _hand_over_scopes(work: Work, change: Replacement) -> None:
    """Accounts see the ground of the new unit. No scope is ever just dropped: none means the whole database."""
    gone = [*change.ended, *change.replaced]
    scopes = work.session.scalars(select(AccountScope).where(AccountScope.unit_id.in_(gone))).all()
    given: set[tuple[str, str]] = set()
    for scope in scopes:
        passed = (scope.account_id, change.successors[scope.unit_id])
        if passed in given:
            work.session.delete(scope)
        else:
            given.add(passed)
            scope.unit_id = passed[1]


def _orphans(work: Work, day: date) -> list[str]:
    """Premises that lie in no unit of the day."""
    register = places.premises_on(work, day)
    placed = register[register.geometry.notna()]
    return list(placed.loc[placed["ward_id"].isna(), "id"])


@marked("import.roads", Right.IMPORT)
def import_roads(store: Store, actor: Actor, file: Path) -> dict[str, Any]:
    """Replace the street network by that of a file (the command ``import roads``)."""
    require(actor, Right.IMPORT)
    label = file_label(file.name)
    streets = read_roads(file)
    _, report = build_network(streets)
    with store.write(actor) as work:
        work.session.execute(delete(Street))
        add_rows(work, Street, [_street(row, label) for row in streets.itertuples(index=False)])
        said = _street_warnings(streets, report, places.units_on(work, work.today))
        work.note("import.roads", label, nodes=report.nodes)
    return {
        "nodes": report.nodes,
        "edges": report.edges,
        "km": report.km,
        "components": report.components,
        "largest_component_share": report.largest_component_share,
        "warnings": [render(warning) for warning in said],
    }


def _street_warnings(
    streets: gpd.GeoDataFrame, report: NetworkReport, units: gpd.GeoDataFrame
) -> list[Message]:
    said = []
    if report.largest_component_share < _CONNECTED_SHARE:
        said.append(
            msg(
                "Mạng đường rời rạc: {n} phần; chỉ {share}% số nút nối được với nhau và dùng để tính đường đi.",
                n=report.components,
                share=round(report.largest_component_share * 100),
            )
        )
    if len(units) and not streets.geometry.intersects(units.union_all()).mean() > _CONNECTED_SHARE / 2:
        said.append(msg("Phần lớn đường trong tệp nằm ngoài địa giới hiện có."))
    return said


def _street(row: Any, source: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "name": row.name[:200] if isinstance(row.name, str) else None,
        "street_class": str(row.street_class),
        "oneway": bool(row.oneway),
        "geom": row.geometry,
        "source": source[:200],
    }
