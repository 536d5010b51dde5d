"""A made-up office's record of checks, whose outcomes follow a missing paper and hidden characters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs import LONLAT
from geo.risk_past import RiskRecord, risk_record
from geo.risk_settings import RiskSettings, parse_settings
from tests.paths import ROOT
from tests.unit.geo import frames as f

AS_OF = date(2026, 3, 10)
FIRST = date(2023, 1, 1)
SETTINGS = parse_settings((ROOT / "geo" / "risk.toml").read_text(encoding="utf-8"))
Floats = npt.NDArray[np.float64]


def with_fit(**changes: Any) -> RiskSettings:
    """The settings with other values in [fit]."""
    return replace(SETTINGS, fit=replace(SETTINGS.fit, **changes))


def missing_paper_tells(no_fire: npt.NDArray[np.bool_], character: Floats) -> Floats:
    """Chances (n,) of finding something serious: high without the fire paper, a little by character."""
    return 1 / (1 + np.exp(2.8 - 2.2 * no_fire - 0.5 * character))


def units(*names: str) -> gpd.GeoDataFrame:
    """Wards side by side from west to east, each 400 m wide, that cover the made-up premises."""
    edges = [-400 + 400 * k for k in range(len(names) + 1)]
    boxes = [
        shapely.box(*f.at(west, -600).coords[0], *f.at(east, 600).coords[0]) for west, east in pairwise(edges)
    ]
    return gpd.GeoDataFrame(
        {
            "id": [f"w{k}" for k in range(len(names))],
            "code": [f"0{k}" for k in range(len(names))],
            "name": pd.Series(names, dtype=object),
            "level": "ward",
            "valid_from": pd.Timestamp(2009, 1, 1),
            "valid_to": pd.Series([pd.NaT] * len(names), dtype="datetime64[s]"),
        },
        geometry=gpd.GeoSeries(boxes, crs=LONLAT),
        crs=LONLAT,
    )


def made_frames(
    checks: int = 900,
    *,
    premises: int = 150,
    seed: int = 1,
    chance: Callable[[npt.NDArray[np.bool_], Floats], Floats] = missing_paper_tells,
    until: date = AS_OF,
) -> dict[str, Any]:
    """Arguments of ``risk_record``: ``checks`` from 2023 to ``until``, evenly."""
    rng = np.random.default_rng(seed)
    no_fire, character = rng.random(premises) < 0.3, rng.normal(size=premises)
    ids = [f"p{k:03}" for k in range(premises)]
    places = [f.at(*rng.uniform(-380, 380, 2)) for _ in ids]
    who = rng.integers(0, premises, checks)
    days = [FIRST + timedelta(days=int(day)) for day in rng.integers(0, (until - FIRST).days + 1, checks)]
    found = np.flatnonzero(rng.random(checks) < chance(no_fire[who], character[who]))
    visits = f.inspections(*({"premises_id": ids[p], "on_date": day} for p, day in zip(who, days, strict=True)))
    return {
        "premises": f.premises(*({"id": one, "geometry": at} for one, at in zip(ids, places, strict=True))),
        "status_changes": pd.DataFrame(columns=["premises_id", "on_date", "status"], dtype=object),
        "units": units("Đông", "Tây"),
        "licences": f.licences(
            *(
                {"premises_id": one, "kind": kind}
                for at, one in enumerate(ids)
                for kind in ("business", "security", "fire")
                if kind != "fire" or not no_fire[at]
            )
        ),
        "inspections": visits,
        "findings": f.findings(*({"inspection_id": f"i{k}", "serious": True} for k in found), of=visits),
        "signals": f.signals(),
        "hotspots": f.hotspots(),
        "transitions": pd.DataFrame(columns=["hotspot_id", "on_date", "state"], dtype=object),
    }


@cache
def made_record(checks: int = 900, **more: Any) -> RiskRecord:
    """The record of ``made_frames``; a record is never changed."""
    return risk_record(**made_frames(checks, **more))
