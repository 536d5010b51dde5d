"""A small district with a register, and files that change it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import select

from app.services.premises_import import PremisesRequest, import_premises
from data.repositories.frames import add_rows
from data.store import Actor, Store
from data.tables import Licence, Premises, PremisesStatusChange, Street, Unit
from geo.words import Role
from tests.unit.data.register_files import HEADER, workbook

STEWARD = Actor("giudulieu", Role.STEWARD)
OFFICER = Actor("canbo", Role.WARD_OFFICER)
VIEWER = Actor("nguoixem", Role.VIEWER)
TITLES = (*HEADER, "Số phòng", "Vĩ độ", "Kinh độ", "Số ANTT", "Trạng thái", "Mã cơ sở", "Số lao động")


def row(number: int, **changed: Any) -> list[Any]:
    """A good row of a register file, with some cells changed by name."""
    cells: dict[str, Any] = {
        "stt": number,
        "name": f"Nhà nghỉ {NAMES[number]}",
        "type": "nhà nghỉ",
        "address": f"Số {number * 10} Phố Giả Định",
        "ward": "Hà Đông",
        "registration": f"01H80{number:05}",
        "rooms": 10,
        "lat": 20.95 + number / 1000,
        "lon": 105.77,
        "security": f"{number}/ANTT",
        "status": None,
        "id": None,
        "workers": None,
    }
    return list((cells | changed).values())


#: Names that nobody takes for one another.
NAMES = ("", "Hoa Sen", "Bình Minh", "Phượng Vĩ", "Trăng Khuyết", "Đồi Thông")


def fill(store: Store) -> None:
    """Two wards side by side (105.7-105.8 and 105.8-105.9 E, 20.9-21.0 N) and a street through both."""
    with store.write(STEWARD) as work:
        wards = [("u1", "09556", "Phường Hà Đông", 105.7), ("u2", "09552", "Phường Kiến Hưng", 105.8)]
        units = [
            {
                "id": unit_id,
                "code": code,
                "name": name,
                "valid_from": date(2025, 7, 1),
                "geom": shapely.MultiPolygon([shapely.box(west, 20.9, west + 0.1, 21.0)]),
            }
            for unit_id, code, name, west in wards
        ]
        add_rows(work, Unit, units)
        line = shapely.LineString([(105.71, 20.95), (105.89, 20.95)])
        add_rows(work, Street, [{"id": "s1", "name": "Phố Giả Định", "street_class": "main", "geom": line}])


def take(store: Store, folder: Path, *rows: list[Any], name: str = "so.xlsx") -> dict[str, Any]:
    """Import a file of these rows."""
    return import_premises(store, STEWARD, PremisesRequest(file_of(folder, *rows, name=name)))


def file_of(folder: Path, *rows: list[Any], name: str = "so.xlsx") -> Path:
    """A register file of these rows."""
    return workbook(folder / name, [TITLES, *rows])


def id_of(store: Store, name: str) -> str:
    """The premises of that name."""
    with store.read(STEWARD) as work:
        return work.session.scalars(select(Premises.id).where(Premises.name == name)).one()


def today(store: Store) -> date:
    """The day on which the store writes."""
    with store.read(STEWARD) as work:
        return work.today


def content(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All that is known of premises, papers and status, as stored, but for the counting of versions."""
    found: dict[str, list[dict[str, Any]]] = {}
    with store.read(STEWARD) as work:
        for table in (Premises, Licence, PremisesStatusChange):
            columns = table.__table__.columns
            rows = work.session.execute(select(*columns).order_by(table.rid)).mappings()
            found[table.__tablename__] = [{k: v for k, v in row.items() if k != "version"} for row in rows]
    return found
