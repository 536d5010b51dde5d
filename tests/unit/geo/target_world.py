"""A tiny made-up district whose targets can be counted by hand: three wards, the last one without premises.

Until 30 June 2025 ward A was two wards, A1 (west) and A2 (east, the smaller one); B and C were B0 and C0.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.review_words import Measure
from geo.target_facts import TargetFacts, target_facts
from geo.units import valid_on
from tests.unit.geo.unit_world import box, frame

AS_OF = date(2026, 11, 24)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
BEGUN = date(2025, 7, 1)
_A, _B, _C, _OUT = (300.0, 500.0), (1500.0, 500.0), (2500.0, 500.0), (9000.0, 9000.0)
PLACES = {"A": _A, "A2": (800.0, 500.0), "B": _B, "C": _C, "out": _OUT}


def units() -> gpd.GeoDataFrame:
    """The units of both systems."""
    old = {
        "A1": box(0, 0, 600, 1000),
        "A2": box(600, 0, 1000, 1000),
        "B0": box(1000, 0, 2000, 1000),
        "C0": box(2000, 0, 3000, 1000),
    }
    new = {"A": box(0, 0, 1000, 1000), "B": box(1000, 0, 2000, 1000), "C": box(2000, 0, 3000, 1000)}
    both: dict[str, Any] = {**old, **new}
    n, m = len(old), len(new)
    return frame(
        both,
        level="ward",
        valid_from=[date(2009, 5, 8)] * n + [BEGUN] * m,
        valid_to=[date(2025, 6, 30)] * n + [None] * m,
        schematic=False,
    )


def at(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Rows with a key ``place`` as a frame with points."""
    points = [shapely.Point(PLACES[row["place"]]) for row in rows]
    return frame(points, **{name: [row.get(name) for row in rows] for name in columns})


def table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    """Rows without a place."""
    made = pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=object) for name in columns})
    for name in columns:
        if name.endswith(("_on", "_day")):
            made[name] = pd.to_datetime(made[name])
    return made


def entry(unit: str | None, measure: Measure, first: date, last: date, value: int) -> dict[str, Any]:
    """What an office entered; ``unit`` is a code of this module."""
    unit_id = None if unit is None else f"id-{unit}"
    key = f"{measure.value}-{unit}-{first}"
    return {
        "id": key,
        "unit_id": unit_id,
        "measure": measure.value,
        "first_day": first,
        "last_day": last,
        "value": value,
    }


def facts(
    *,
    day: date = BEGUN,
    as_of: date = AS_OF,
    premises: list[dict[str, Any]] | None = None,
    status: list[dict[str, Any]] | None = None,
    inspections: list[dict[str, Any]] | None = None,
    findings: list[dict[str, Any]] | None = None,
    signals: list[dict[str, Any]] | None = None,
    hotspots: list[dict[str, Any]] | None = None,
    transitions: list[dict[str, Any]] | None = None,
    patrols: list[dict[str, Any]] | None = None,
    police: list[dict[str, Any]] | None = None,
    papers: list[dict[str, Any]] | None = None,
    licences: list[dict[str, Any]] | None = None,
    entries: list[dict[str, Any]] | None = None,
) -> TargetFacts:
    """Facts cut by the wards of ``day``; what is not given is empty."""
    everywhere = units()
    return target_facts(
        as_of=as_of,
        wards=valid_on(everywhere, day),
        units=everywhere,
        premises=at(premises or [], ("id", "type", "opened_on", "commitment_on", "complex_grounds")),
        status_changes=table(status or [], ("premises_id", "status", "on_date")).assign(
            on_date=lambda rows: pd.to_datetime(rows["on_date"])
        ),
        licences=table(licences or [], ("premises_id", "kind", "issued_on")),
        inspections=at(inspections or [], ("id", "premises_id", "on_date", "outcome", "body", "kind")),
        findings=table(findings or [], ("id", "inspection_id", "kind", "serious")),
        papers=table(papers or [], ("id", "inspection_id", "kind", "on_date", "amount_vnd")),
        signals=at(signals or [], ("id", "on_date", "kind", "state", "due_on", "handled_on", "same_as")),
        police=table(police or [], ("id", "on_date")),
        hotspots=at(hotspots or [], ("id",)),
        transitions=table(transitions or [], ("id", "hotspot_id", "state", "on_date", "inherited")),
        patrols=table(patrols or [], ("id", "hotspot_id", "on_date", "result")),
        figures=table(entries or [], ("id", "unit_id", "measure", "first_day", "last_day", "value")),
    )


def shares(*rows: tuple[str, str, date, date, float]) -> pd.DataFrame:
    """Assigned shares: unit's code, target, first and last day, value."""
    made = [
        {"unit_id": f"id-{unit}", "code": code, "first_day": first, "last_day": last, "value": value}
        for unit, code, first, last, value in rows
    ]
    found = table(made, ("unit_id", "code", "first_day", "last_day", "value"))
    return found.assign(ward=found["unit_id"])
