"""The network that is kept on disk is always that of the streets on record."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import shapely
from sqlalchemy import delete, update

from data.repositories import places, road_network
from data.repositories.frames import add_rows
from data.store import Actor, Store
from data.tables import Street
from geo.network import Network, build_network
from geo.words import Role

ACTOR = Actor("thử", Role.ADMIN)


@pytest.fixture
def streets(store: Store) -> Store:
    """A database with a square of streets."""
    corners = [(105.770, 20.970), (105.772, 20.970), (105.772, 20.972), (105.770, 20.972)]
    with store.write(ACTOR) as work:
        rows = [
            {
                "id": f"s{k}",
                "name": "Quang Trung" if k else None,
                "street_class": "street",
                "oneway": False,
                "geom": shapely.LineString([corners[k], corners[(k + 1) % 4]]),
            }
            for k in range(4)
        ]
        add_rows(work, Street, rows)
    return store


def network(store: Store, folder: Path | None) -> Network:
    with store.read(ACTOR) as work:
        return road_network.road_network(work, folder)


def assert_alike(one: Network, other: Network) -> None:
    for field in fields(Network):
        assert np.array_equal(getattr(one, field.name), getattr(other, field.name)), field.name


def test_the_kept_network_is_the_built_one(
    streets: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = network(streets, tmp_path / "kept")
    with streets.read(ACTOR) as work:
        assert_alike(first, build_network(places.streets(work))[0])
    monkeypatch.setattr(road_network, "build_network", None)
    assert_alike(network(streets, tmp_path / "kept"), first)


@pytest.mark.parametrize(
    "change",
    [
        update(Street).where(Street.id == "s1").values(name="Phùng Hưng"),
        update(Street).where(Street.id == "s1").values(street_class="main"),
        update(Street).where(Street.id == "s1").values(oneway=True),
        update(Street)
        .where(Street.id == "s1")
        .values(geom=shapely.LineString([(105.772, 20.970), (105.773, 20.971), (105.772, 20.972)])),
        delete(Street).where(Street.id == "s1"),
    ],
    ids=["name", "class", "direction", "course", "gone"],
)
def test_changed_streets_are_built_anew(streets: Store, tmp_path: Path, change: object) -> None:
    network(streets, tmp_path)
    with streets.write(ACTOR) as work:
        work.session.execute(change)  # type: ignore[call-overload]
    with streets.read(ACTOR) as work:
        expected = build_network(places.streets(work))[0]
    assert_alike(network(streets, tmp_path), expected)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not an archive", b"\x93NUMPY"])
def test_a_broken_file_is_made_good(streets: Store, tmp_path: Path, content: bytes) -> None:
    first = network(streets, tmp_path)
    (file,) = tmp_path.glob("*.npz")
    file.write_bytes(content)
    assert_alike(network(streets, tmp_path), first)
    assert file.stat().st_size > len(content)


def test_a_folder_that_cannot_be_written_costs_time_and_no_network(streets: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert network(streets, tmp_path / "file" / "networks").edges == 4


def test_old_networks_are_thrown_away(streets: Store, tmp_path: Path) -> None:
    for k in range(7):
        with streets.write(ACTOR) as work:
            work.session.execute(update(Street).where(Street.id == "s1").values(name=f"Phố {k}"))
        network(streets, tmp_path / "kept")
    kept = list((tmp_path / "kept").iterdir())
    assert 1 <= len(kept) <= 4
    assert all(file.suffix == ".npz" for file in kept)


def test_a_district_without_streets_has_an_empty_network(store: Store, tmp_path: Path) -> None:
    assert network(store, tmp_path).edges == 0
    assert network(store, tmp_path).names == ()
