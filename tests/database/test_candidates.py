"""A district from the open map is taken in and judged alike on both engines."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.services import ward_systems
from app.services.osm_import import candidates, confirm, dismiss, import_osm
from data.store import Actor, Store
from geo.errors import InputError
from geo.words import Role
from tests.services.overpass_server import PLACES, overpass_server, place

DAY = date(2026, 11, 24)


def test_places_of_the_map_are_brought_confirmed_and_brought_again(store: Store, tmp_path: Path) -> None:
    steward = Actor("thử", Role.ADMIN)
    with overpass_server() as server:
        where = {"url": server.url, "cache": tmp_path}
        done = import_osm(store, steward, "Hà Đông, Hà Nội", **where)
        assert (done["units"], done["streets"], done["candidates"]) == (2, 2, 5)
        found = candidates(store, steward).set_index("osm_id")
        confirm(store, steward, found.loc["node/302", "id"], version=1)
        dismiss(store, steward, found.loc["node/304", "id"], "không thuộc diện quản lý", version=1)
        server.elements = [*PLACES, place(309, 105.7801, 20.955, amenity="bar", name="nhà nghỉ hoa sen")]
        again = import_osm(store, steward, "Hà Đông, Hà Nội", **where, refresh=True)
    assert (again["candidates"], again["candidates_changed"]) == (1, 0)
    found = candidates(store, steward).set_index("osm_id")
    assert dict(found["state"].value_counts()) == {"new": 4, "confirmed": 1, "dismissed": 1}
    with pytest.raises(InputError, match="đã có"):
        confirm(store, steward, found.loc["node/309", "id"], version=1)
    counted = ward_systems.cut(store, steward, what="premises", first=DAY, last=DAY, by="own")
    assert dict(zip(counted.units["name"], counted.units["n"], strict=True)) == {
        "Phường Kiến Hưng": 1,
        "Phường Hà Đông": 0,
    }
