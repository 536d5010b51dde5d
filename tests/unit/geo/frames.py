"""Frames as the repositories give them (dates as datetime64, geometry in EPSG:4326), from a few words a row."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import LONLAT
from geo.words import HotspotState, LicenceKind, PremisesType, SignalState, VisitOutcome

#: Where made-up places stand; about 104 m are 0.001 degrees of longitude, 111 m of latitude.
LON, LAT = 105.77, 20.97

Row = Mapping[str, Any]

_PREMISES = {
    "id": "p0", "name": "Nhà nghỉ A", "type": "guesthouse", "address": "12 Quang Trung",
    "location_quality": "given", "registration_number": None, "registration_hash": None,
    "rooms": 10, "workers": 3, "opened_on": pd.Timestamp(2015, 1, 1), "commitment_on": pd.NaT,
    "complex_grounds": None, "unregistered_basis": None, "status": "active", "status_since": pd.NaT,
    "ward_id": "w1", "ward_code": "09556", "ward_name": "Hà Cầu", "geometry": None,
}  # fmt: skip
_LICENCE = {
    "id": "l0", "premises_id": "p0", "kind": "security", "number": None, "issued_on": pd.Timestamp(2018, 5, 1),
    "term_until": pd.NaT, "suspended_on": pd.NaT, "withdrawn_on": pd.NaT,
    "stated_name": None, "stated_address": None, "stated_rooms": None,
}  # fmt: skip
_INSPECTION = {
    "id": "i0", "premises_id": "p0", "on_date": pd.NaT, "body": "team178", "team_id": None, "kind": "planned",
    "decision_number": "1/QĐ", "minutes_number": None, "grounds": None, "outcome": "checked",
    "selection_probability": None, "geometry": None,
}  # fmt: skip
_FINDING = {
    "id": "f0", "inspection_id": "i0", "kind": "security", "serious": False, "text": "", "deadline": pd.NaT,
    "closed_on": pd.NaT, "document": None, "premises_id": "p0", "on_date": pd.NaT, "geometry": None,
}  # fmt: skip
_SIGNAL = {
    "id": "s0", "on_date": pd.NaT, "source": "citizen", "reliability": "C", "credibility": 3,
    "state": "verified", "premises_id": None, "text": "", "due_on": pd.NaT, "handled_on": pd.NaT,
    "geometry": None,
}  # fmt: skip
_PATROL = {
    "id": "t0", "hotspot_id": "h0", "on_date": pd.NaT, "result": "quiet", "sign": None, "at": None,
    "geometry": None,
}  # fmt: skip
_HOTSPOT = {
    "id": "h0", "name": "Bến xe", "catchment_m": 200.0, "found_on": pd.Timestamp(2020, 1, 1),
    "watch_months": 24, "patrol_every_days": 14, "state": "eliminated",
    "state_since": pd.Timestamp(2025, 1, 10), "eliminated_on": pd.Timestamp(2025, 1, 10), "document": "1/BC",
    "patrol_ordered_for": pd.NaT, "patrol_ordered_at": None, "geometry": None,
}  # fmt: skip


def at(east_m: float = 0.0, north_m: float = 0.0) -> shapely.Point:
    """A point so many metres from the middle of the made-up district, to within a metre a kilometre."""
    return shapely.Point(LON + east_m / 104010.0, LAT + north_m / 110730.0)


def premises(*rows: Row) -> gpd.GeoDataFrame:
    """The register; ids p0, p1, ... unless given."""
    return _frame(_PREMISES, rows, "p")


def licences(*rows: Row) -> pd.DataFrame:
    """Papers of premises ``p0`` unless given."""
    return pd.DataFrame(_frame(_LICENCE, rows, "l"))


def inspections(*rows: Row) -> gpd.GeoDataFrame:
    """Visits of premises ``p0`` with outcome checked unless given."""
    return _frame(_INSPECTION, rows, "i")


def findings(*rows: Row, of: gpd.GeoDataFrame | None = None) -> gpd.GeoDataFrame:
    """Findings; with ``of`` (inspections) premises, date and place are those of their inspection."""
    if of is not None:
        visits = of.set_index("id")
        rows = tuple(
            {key: visits.at[row["inspection_id"], key] for key in ("premises_id", "on_date", "geometry")} | row
            for row in rows
        )
    return _frame(_FINDING, rows, "f")


def signals(*rows: Row) -> gpd.GeoDataFrame:
    """Signals, verified and from a citizen unless given."""
    return _frame(_SIGNAL, rows, "s")


def patrols(*rows: Row) -> gpd.GeoDataFrame:
    """Quiet patrols of hotspot ``h0`` unless given."""
    return _frame(_PATROL, rows, "t")


def hotspots(*rows: Row) -> gpd.GeoDataFrame:
    """Hotspots eliminated on 10 January 2025 with a catchment of 200 m unless given."""
    return _frame(_HOTSPOT, rows, "h")


def _frame(columns: Row, rows: Iterable[Row], letter: str) -> gpd.GeoDataFrame:
    full = [{**columns, "id": f"{letter}{number}", **row} for number, row in enumerate(rows)]
    data: dict[str, Any] = {}
    for key, value in columns.items():
        values = [row[key] for row in full]
        if key == "geometry":
            data[key] = gpd.GeoSeries(values, crs=LONLAT)
        elif isinstance(value, pd.Timestamp) or value is pd.NaT:
            data[key] = pd.to_datetime(pd.Series(values, dtype=object))
        else:
            # As the repositories do: without rows, a column of objects.
            data[key] = pd.Series(values, dtype=None if full else object)
    if "geometry" not in data:
        return pd.DataFrame(data)
    return gpd.GeoDataFrame(data, geometry="geometry", crs=LONLAT)


# --- districts by chance --------------------------------------------------------------------------------------

#: The day on which a wild district is looked at; its rows lie before, on and after it.
WILD_DAY = date(2026, 3, 1)
_NOTHING = (None, float("nan"), pd.NaT)


class Chance:
    """Rows by chance, with holes, repeated references and references to nothing."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.ids = [f"p{k}" for k in range(self.rng.choice([1, 5, 25]))]

    def word(self, *words: Any) -> Any:
        return self.rng.choice(words)

    def owner(self) -> Any:
        return self.word(*self.ids, *self.ids, "lost", None)

    def day(self, first: date = date(2019, 1, 1), last: date = date(2028, 1, 1)) -> Any:
        day = first + timedelta(days=self.rng.randrange((last - first).days))
        return self.word(day, day, day, WILD_DAY, None)

    def later(self) -> date:
        return WILD_DAY + timedelta(days=self.rng.randint(1, 900))

    def point(self) -> Any:
        spot = at(self.rng.randint(-400, 400), self.rng.randint(-400, 400))
        return self.word(spot, spot, None)

    def rows(self, most: int, make: Callable[[], dict[str, Any]]) -> list[dict[str, Any]]:
        return [make() for _ in range(self.rng.choice([0, most, most]))]


def premises_row(by: Chance) -> dict[str, Any]:
    return {
        "type": by.word(*PremisesType, "khác", *_NOTHING),
        "status": by.word("active", "suspended", "closed", *_NOTHING),
        "ward_id": by.word("w1", "w2", None),
        "ward_name": by.word("Hà Cầu", "Phú La", *_NOTHING),
        "geometry": by.point(),
        **{name: by.day() for name in ("status_since", "opened_on", "commitment_on")},
    }


def visit_row(by: Chance) -> dict[str, Any]:
    return {
        "premises_id": by.owner(),
        "on_date": by.day(),
        "outcome": by.word("checked", "checked", *VisitOutcome, None),
    }


def finding_row(by: Chance, visits: list[dict[str, Any]]) -> dict[str, Any]:
    at_visit = by.rng.randrange(len(visits)) if visits else 0
    visit = visits[at_visit] if visits else {"premises_id": None, "on_date": None}
    return {
        "inspection_id": by.word(f"i{at_visit}", f"i{at_visit}", "lost", None),
        "premises_id": visit["premises_id"],
        "on_date": visit["on_date"],
        "serious": by.word(True, False, None),
        "deadline": by.day(),
        "closed_on": by.day(),
    }


def paper_row(by: Chance) -> dict[str, Any]:
    dates = ("issued_on", "term_until", "suspended_on", "withdrawn_on")
    return {"premises_id": by.owner(), "kind": by.word(*LicenceKind, None)} | {name: by.day() for name in dates}


def signal_row(by: Chance) -> dict[str, Any]:
    return {
        "premises_id": by.owner(),
        "on_date": by.day(date(2025, 1, 1), date(2026, 6, 1)),
        "handled_on": by.day(date(2025, 1, 1), date(2026, 6, 1)),
        "state": by.word("verified", "verified", *SignalState, None),
        "geometry": by.point(),
    }


def hotspot_row(by: Chance) -> dict[str, Any]:
    spot = by.point()
    return {
        "state": by.word(*HotspotState, None),
        "name": by.word("Bến xe", None),
        "state_since": by.day(),
        "found_on": by.day(),
        "catchment_m": by.word(0.0, 150.0, float("nan")),
        "geometry": spot.buffer(0.001) if spot and by.word(True, False) else spot,
    }


def wild_district(seed: int) -> dict[str, Any]:
    """The frames of a made-up district; the seed is all there is to it."""
    by = Chance(seed)
    visits = by.rows(40, lambda: visit_row(by))
    borders = {one: by.word(0.0, 50.0, 500.0, float("nan"), float("inf")) for one in [*by.ids, "lost"]}
    return {
        "premises": premises(*(premises_row(by) for _ in by.ids)),
        "licences": licences(*by.rows(40, lambda: paper_row(by))),
        "inspections": inspections(*visits),
        "findings": findings(*by.rows(40, lambda: finding_row(by, visits))),
        "signals": signals(*by.rows(40, lambda: signal_row(by))),
        "hotspots": hotspots(*by.rows(5, lambda: hotspot_row(by))),
        "border_distance_m": by.word(None, pd.Series(borders, dtype=float)),
    }
