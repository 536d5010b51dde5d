"""Points for the rows of a register that have an address and no coordinates."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import pandas as pd
import shapely

from app.services.premises_changes import Change, Comparison
from data.importers.nominatim import OnlineAnswers
from data.repositories import places
from data.store import Work
from geo.address_parts import parse_address
from geo.address_words import UnitNames
from geo.addresses import locate_many
from geo.gazetteer import build_gazetteer
from geo.words import LocationQuality

#: Addresses with a known point that are read for house numbers; a district has a few hundred.
_MOST_HOUSES = 3_000
#: Of these qualities a server that knows more streets may know better.
ROUGH = frozenset({LocationQuality.NONE, LocationQuality.WARD})


def locate_changes(work: Work, comparison: Comparison, online: OnlineAnswers | None = None) -> None:
    """Look up the premises that still need it, on the streets and units of the database.

    ``online`` has points for addresses of which these know the ward at most.
    """
    sought = [change for change in comparison.changes if change.to_locate]
    if not sought:
        return
    streets, units = places.streets(work), places.all_units(work)
    if streets.empty and units.empty:
        for change in sought:
            change.locate(None, LocationQuality.NONE)
        return
    houses = _known_houses(comparison, UnitNames(units["name"]))
    gazetteer = build_gazetteer(streets, units, houses, day=work.today)
    addresses = [_address(change) for change in sought]
    hints = [change.group.entries[-1].ward for change in sought]
    for change, found in zip(sought, locate_many(addresses, gazetteer, ward_hints=hints), strict=True):
        point = None if found.lon is None or found.lat is None else shapely.Point(found.lon, found.lat)
        change.locate(point, found.quality)
        if online is not None and found.quality in ROUGH and _address(change) in online.points:
            change.locate(shapely.Point(online.points[_address(change)]), LocationQuality.STREET)


def addresses_to_ask(work: Work, comparison: Comparison) -> list[str]:
    """Locate what the database can; the addresses of which it knows the ward at most."""
    sought = [change for change in comparison.changes if change.to_locate]
    locate_changes(work, comparison)
    return [_address(change) for change in sought if change.quality in ROUGH]


def ground_of(units: gpd.GeoDataFrame) -> shapely.Geometry:
    """All that the units cover; outside of it no answer of a server is taken."""
    return shapely.union_all(shapely.make_valid(units.geometry.to_numpy()))


def _address(change: Change) -> str:
    return next((entry.address for entry in reversed(change.group.entries) if entry.address), "")


def _known_houses(comparison: Comparison, wards: UnitNames) -> pd.DataFrame:
    """House numbers with a sure point, from the file and the register: between them others can be placed."""
    rows: list[tuple[str, str, float, float]] = []
    for address, point in _sure_points(comparison):
        if len(rows) >= _MOST_HOUSES:
            break
        parsed = parse_address(address, wards)
        # A house in an alley tells where the alley begins, not where a number of the street lies.
        if parsed.street and parsed.house and not (parsed.alley or parsed.lane or parsed.lot):
            rows.append((parsed.street, parsed.house, point.x, point.y))
    return pd.DataFrame(rows, columns=["street", "house", "lon", "lat"])


def _sure_points(comparison: Comparison) -> Iterator[tuple[str, shapely.Point]]:
    for change in comparison.changes:
        if change.point is not None and change.quality in (LocationQuality.GIVEN, LocationQuality.MANUAL):
            yield _address(change), change.point
    yield from comparison.sure_points
