"""Finding written addresses on the loaded streets and wards, without the internet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import select

from app.access import Right, require
from app.services.premises_locating import ROUGH, ground_of
from app.text import render
from data.importers.nominatim import OnlineAnswers, ask
from data.importers.tables import Row, read_sheets
from data.repositories import places
from data.repositories.frames import frame
from data.store import Actor, Store, Work
from data.tables import Premises
from geo.address_parts import parse_address
from geo.address_words import UnitNames
from geo.addresses import Located, locate_many
from geo.crs import LONLAT
from geo.errors import InputError
from geo.fold import fold
from geo.gazetteer import Gazetteer, build_gazetteer
from geo.messages import msg
from geo.units import covering
from geo.words import LocationQuality

_ADDRESS_COLUMNS = ("address", "dia chi", "d/c")
_WARD_COLUMNS = ("ward", "phuong", "phuong xa", "phuong/xa")
#: Points of these qualities are where their house is.
_KNOWN_POINTS = (LocationQuality.GIVEN.value, LocationQuality.MANUAL.value)


def locate_file(
    store: Store, actor: Actor, file: Path, as_of: date, *, nominatim_url: str | None = None
) -> dict[str, Any]:
    """Locate the column ``address`` of a table file (the command ``locate``); a column ``ward`` helps.

    ``nominatim_url``: the server that is asked for addresses of which the loaded data know the ward at most;
    None asks nobody. Raises InputError ``no_address_column``, ``bad_url``, and what ``read_sheets`` raises.
    """
    require(actor, Right.SEE)
    addresses, wards = _addresses(file)
    with store.read(actor) as work:
        gazetteer, units = gazetteer_of(work, as_of), places.units_on(work, as_of)
    located, online = list(locate_many(addresses, gazetteer, ward_hints=wards)), OnlineAnswers()
    if nominatim_url:
        rough = [a for a, found in zip(addresses, located, strict=True) if found.quality in ROUGH]
        online = ask(rough, nominatim_url, ground_of(units))
        located = _with_online(addresses, located, online, units)
    rows = [_row(address, answer) for address, answer in zip(addresses, located, strict=True)]
    counts = Counter(row["quality"] for row in rows)
    return {
        "rows": rows,
        "counts": {q: counts[q] for q in ("house", "street", "ward", "none")},
        "warnings": [render(warning) for warning in online.warnings],
    }


def _with_online(
    addresses: Sequence[str], located: Sequence[Located], online: OnlineAnswers, units: gpd.GeoDataFrame
) -> list[Located]:
    """The answers with the server's where the loaded data know the ward at most."""
    asked = list(online.points)
    ground = gpd.GeoDataFrame(geometry=[shapely.Point(online.points[one]) for one in asked], crs=LONLAT)
    unit_of, named = dict(zip(asked, covering(ground, units), strict=True)), units.set_index("id")
    answers = []
    for address, found in zip(addresses, located, strict=True):
        if found.quality in ROUGH and unit_of.get(address) is not None:
            (lon, lat), unit = online.points[address], named.loc[unit_of[address]]
            found = replace(
                found,
                lon=lon,
                lat=lat,
                quality=LocationQuality.STREET,
                matched=f"Nominatim ({online.host})",
                ward_code=unit["code"],
                ward_name=unit["name"],
            )
        answers.append(found)
    return answers


def gazetteer_of(work: Work, day: date) -> Gazetteer:
    """The loaded streets, the units of all times and the house numbers that the register knows by a point."""
    units = places.all_units(work)
    return build_gazetteer(places.streets(work), units, _known_houses(work, UnitNames(units["name"])), day=day)


def _known_houses(work: Work, wards: UnitNames) -> pd.DataFrame:
    wanted = select(Premises.address, Premises.geom).where(
        Premises.location_quality.in_(_KNOWN_POINTS), Premises.geom.is_not(None)
    )
    rows = []
    for premises in frame(work, wanted.order_by(Premises.id)).itertuples():
        parsed = parse_address(premises.address, wards)
        # A house in an alley or on a plot has a number of another row.
        if parsed.house and parsed.street and not (parsed.alley or parsed.lane or parsed.lot):
            rows.append((parsed.street, parsed.house, premises.geometry.x, premises.geometry.y))
    return pd.DataFrame(rows, columns=["street", "house", "lon", "lat"])


def _addresses(file: Path) -> tuple[list[str], list[str | None]]:
    sheets = read_sheets(file)
    for sheet in sheets:
        for at, row in enumerate(sheet.rows):
            headers = [fold(str(cell or "")) for cell in row.cells]
            address = _column(headers, _ADDRESS_COLUMNS)
            if address is not None:
                below, alone = sheet.rows[at + 1 :], len([h for h in headers if h]) == 1
                ward = _column(headers, _WARD_COLUMNS)
                return [_address(r, address, alone) for r in below], [_cell(r, ward) or None for r in below]
    raise InputError(
        "no_address_column",
        msg("Tệp {file} không có cột “address” (địa chỉ).", file=file.name),
        hint=msg("Đặt tên cột địa chỉ ở dòng đầu là “address”."),
        file=file.name,
    )


def _column(headers: Sequence[str], names: Sequence[str]) -> int | None:
    return next((at for name in names for at, header in enumerate(headers) if header == name), None)


def _address(row: Row, column: int, alone: bool) -> str:
    """The address of a row; where it is the only column, its commas may have been taken for separators."""
    if not alone:
        return _cell(row, column)
    return ", ".join(str(cell).strip() for cell in row.cells if cell is not None)


def _cell(row: Row, column: int | None) -> str:
    cell = row.cells[column] if column is not None and column < len(row.cells) else None
    return "" if cell is None else str(cell).strip()


def _row(address: str, located: Located) -> dict[str, Any]:
    return {
        "address": address,
        "lon": located.lon,
        "lat": located.lat,
        "quality": located.quality.value,
        "matched": located.matched,
        "ward": located.ward_code,
        "ward_name": located.ward_name,
        "candidates": [asdict(candidate) for candidate in located.candidates],
    }
