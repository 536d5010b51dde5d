"""Seconds and memory to score a district (5,000 premises) and the country (76,000), as JSON.

``python -m tests.benchmarks.risk_speed [--repeat 3]``. Made-up registers of the sizes the domain names, ten
years of checks at 60% a year. Each figure is the best of ``--repeat`` runs, without making the frames:

* ``seconds``: for the ranking;
* ``seconds_with_parts``: with the sentences of all premises read too.

Limits of the product: 1 s, 10 s, 1 GB.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs import LONLAT
from geo.risk import parse_settings, score_premises
from geo.words import HotspotState, PremisesType, SignalState
from tests.paths import ROOT

AS_OF = date(2026, 3, 1)
SIZES = {5_000: 1.0, 76_000: 10.0}


def country(size: int, *, seed: int = 0) -> dict[str, Any]:
    """Arguments for ``score_premises``: ``size`` premises at the density of Hà Đông, and their history."""
    rng = np.random.default_rng(seed)
    side = 0.22 * np.sqrt(size / 5_000)
    place = 105.7 + side * rng.random(size), 20.9 + side * rng.random(size)
    ids = np.array([f"p{k:06}" for k in range(size)])
    register = pd.DataFrame(
        {
            "id": ids,
            "name": [f"Cơ sở {k}" for k in range(size)],
            "type": rng.choice([word.value for word in PremisesType], size),
            "status": "active",
            "status_since": pd.NaT,
            "opened_on": _days(rng, size, 6000),
            "commitment_on": _days(rng, size, 900),
            "ward_id": [f"w{k // 40}" for k in range(size)],
            "ward_name": [f"Phường {k // 40}" for k in range(size)],
        }
    )
    visits, tips, spots = 6 * size, 4 * size, size // 100
    inspections = pd.DataFrame(
        {
            "id": [f"i{k}" for k in range(visits)],
            "premises_id": rng.choice(ids, visits),
            "on_date": _days(rng, visits, 3650),
            "outcome": rng.choice(["checked", "closed_at_arrival"], visits, p=[0.9, 0.1]),
        }
    )
    found = inspections.sample(visits // 4, random_state=seed)
    findings = pd.DataFrame(
        {
            "id": [f"f{k}" for k in range(len(found))],
            "inspection_id": found["id"].to_numpy(),
            "premises_id": found["premises_id"].to_numpy(),
            "on_date": found["on_date"].to_numpy(),
            "serious": rng.random(len(found)) < 0.3,
            "deadline": found["on_date"].to_numpy() + np.timedelta64(30, "D"),
            "closed_on": found["on_date"].to_numpy() + np.timedelta64(25, "D"),
        }
    )
    licences = pd.DataFrame(
        {
            "id": [f"l{k}" for k in range(3 * size)],
            "premises_id": np.tile(ids, 3),
            "kind": np.repeat(["business", "security", "fire"], size),
            "issued_on": _days(rng, 3 * size, 4000),
            **dict.fromkeys(("term_until", "suspended_on", "withdrawn_on"), pd.NaT),
        }
    )
    near = rng.integers(0, size, tips), rng.integers(0, size, spots)
    signals = _placed(
        {
            "id": [f"s{k}" for k in range(tips)],
            "on_date": _days(rng, tips, 3650),
            "state": rng.choice([word.value for word in SignalState], tips),
            "premises_id": np.where(rng.random(tips) < 0.3, ids[near[0]], None),
            "handled_on": pd.NaT,
        },
        *(axis[near[0]] + rng.normal(0, 0.003, tips) for axis in place),
    )
    hotspots = _placed(
        {
            "id": [f"h{k}" for k in range(spots)],
            "name": [f"Điểm {k}" for k in range(spots)],
            "catchment_m": 200.0,
            "found_on": pd.Timestamp(2020, 1, 1),
            "state": rng.choice([word.value for word in HotspotState], spots),
            "state_since": pd.Timestamp(2024, 1, 1),
        },
        *(axis[near[1]] for axis in place),
    )
    return {
        "premises": gpd.GeoDataFrame(register, geometry=shapely.points(*place), crs=LONLAT),
        "licences": licences,
        "inspections": inspections,
        "findings": findings,
        "signals": signals,
        "hotspots": hotspots,
        "border_distance_m": pd.Series(rng.uniform(0, 2000, size), ids),
        "as_of": AS_OF,
        "settings": parse_settings((ROOT / "geo" / "risk.toml").read_text(encoding="utf-8")),
    }


def _days(rng: np.random.Generator, size: int, back: int) -> npt.NDArray[np.datetime64]:
    return np.datetime64(AS_OF, "s") - rng.integers(0, back, size).astype("timedelta64[D]")


def _placed(columns: dict[str, Any], lon: npt.ArrayLike, lat: npt.ArrayLike) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapely.points(lon, lat), crs=LONLAT)


def seconds(frames: dict[str, Any], repeat: int) -> tuple[float, float]:
    """The best times of ``repeat`` runs: for the ranking, and with all parts read."""
    ranked, read = [], []
    for _ in range(repeat):
        begin = time.perf_counter()
        scores = score_premises(**frames)
        ranked.append(time.perf_counter() - begin)
        for parts in scores["parts"]:
            list(parts)
        read.append(time.perf_counter() - begin)
    return round(min(ranked), 2), round(min(read), 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="accepted for symmetry; the output is JSON anyway")
    repeat = parser.parse_args().repeat
    runs = []
    for size, limit in SIZES.items():
        frames = country(size)
        rows = {name: len(frames[name]) for name in ("inspections", "findings", "signals", "hotspots")}
        ranked, read = seconds(frames, repeat)
        times = {"seconds": ranked, "seconds_with_parts": read, "limit": limit}
        runs.append({"premises": size, **rows, **times})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"runs": runs, "peak_mb": round(peak)}, indent=2))


if __name__ == "__main__":
    main()
