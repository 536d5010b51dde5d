"""Premises of the register that a register file does not have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from app.services.premises_changes import Change
from data.repositories import places
from data.store import Work
from geo.crs import LONLAT
from geo.units import covering
from geo.words import PremisesStatus, PremisesType

#: A file is about a ward when it has at least this share of the number that runs there: one stray row of
#: another ward does not make all of that ward missing.
_COVERED_SHARE = 0.1


@dataclass(frozen=True)
class Missing:
    """A premises that runs today and is not in the file."""

    id: str
    name: str
    type: PremisesType
    address: str
    ward_name: str | None


def missing_premises(work: Work, changes: Sequence[Change]) -> list[Missing]:
    """The premises that run today in the wards a file is about and that it does not have, by ward and name.

    Those of which nobody knows the ward count when the file is about every ward that has premises, or when no
    wards are known.
    """
    register = places.premises_on(work, work.today)
    running = register[register["status"] == PremisesStatus.ACTIVE]
    absent = running[~running["id"].isin({change.id for change in changes})]
    units = places.units_on(work, work.today)
    if len(units) and len(absent):
        covered = _covered_wards(running, units, changes)
        everywhere = covered >= set(running["ward_id"].dropna())
        homeless = absent["ward_id"].isna()
        absent = absent[absent["ward_id"].isin(covered) | (homeless & everywhere)]
    ordered = absent.sort_values(["ward_name", "name", "id"], na_position="last")
    return [
        Missing(row.id, row.name, PremisesType(row.type), row.address, _text(row.ward_name))
        for row in ordered[["id", "name", "type", "address", "ward_name"]].itertuples(index=False)
    ]


def _covered_wards(running: gpd.GeoDataFrame, units: gpd.GeoDataFrame, changes: Sequence[Change]) -> set[str]:
    points: list[shapely.Point | None] = [change.point for change in changes]
    rows = pd.Series(list(covering(gpd.GeoDataFrame(geometry=points, crs=LONLAT), units)), dtype=object)
    in_file, in_register = rows.value_counts(), running["ward_id"].value_counts()
    wanted = in_register.reindex(in_file.index).fillna(0) * _COVERED_SHARE
    return set(in_file.index[in_file >= wanted])


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
