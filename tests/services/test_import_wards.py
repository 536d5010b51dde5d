"""Importing ward boundaries opens a new set of wards and hands over what hung on the old ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import select

from app.services.imports import WardsRequest, import_wards
from data.repositories import accounts, places
from data.store import Actor, Store
from data.tables import Premises, Team, TeamArea, Unit
from geo.errors import InputError, RuleError
from geo.words import Role

FIRST, REFORM = date(2020, 1, 1), date(2025, 7, 1)
WEST = shapely.box(105.75, 20.95, 105.77, 20.97)
EAST = shapely.box(105.77, 20.95, 105.79, 20.97)
BOTH = shapely.box(105.75, 20.95, 105.79, 20.97)
FAR = shapely.box(105.85, 20.95, 105.87, 20.97)


def ward_file(folder: Path, **ground: shapely.Geometry) -> Path:
    file = folder / "wards.geojson"
    columns = {"name": [f"Phường {name}" for name in ground], "code": list(ground)}
    gpd.GeoDataFrame(columns, geometry=list(ground.values()), crs="EPSG:4326").to_file(file)
    return file


@pytest.fixture
def district(empty_store: Store, operator: Actor, tmp_path: Path) -> Store:
    """Two wards side by side since 2020."""
    opened = import_wards(
        empty_store, operator, WardsRequest(ward_file(tmp_path, tay=WEST, dong=EAST), valid_from=FIRST)
    )
    assert opened["units"] == 2
    return empty_store


def units(store: Store, operator: Actor) -> dict[str, tuple[date, date | None]]:
    with store.read(operator) as work:
        rows = work.session.scalars(select(Unit)).all()
        return {row.code: (row.valid_from, row.valid_to) for row in rows}


def unit_id(store: Store, operator: Actor, code: str) -> str:
    with store.read(operator) as work:
        return work.session.scalars(select(Unit.id).where(Unit.code == code)).one()


def test_a_file_of_wards_is_stored_with_its_validity_and_source(district: Store, operator: Actor) -> None:
    with district.read(operator) as work:
        stored = places.units_on(work, FIRST).set_index("code")
    assert sorted(stored["name"]) == ["Phường dong", "Phường tay"]
    assert set(stored["source"]) == {"wards.geojson"}
    assert stored.geometry["tay"].symmetric_difference(WEST).area < 1e-9


def test_a_new_set_ends_the_wards_it_covers_on_the_day_before(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    done = import_wards(district, operator, WardsRequest(ward_file(tmp_path, moi=BOTH), valid_from=REFORM))
    assert done["units"] == 1
    assert units(district, operator) == {
        "tay": (FIRST, date(2025, 6, 30)),
        "dong": (FIRST, date(2025, 6, 30)),
        "moi": (REFORM, None),
    }


def test_wards_outside_of_the_file_stay_as_they_are(district: Store, operator: Actor, tmp_path: Path) -> None:
    import_wards(district, operator, WardsRequest(ward_file(tmp_path, xa=FAR), valid_from=REFORM))
    assert units(district, operator)["tay"] == (FIRST, None)


def test_importing_the_same_file_again_replaces_the_set_instead_of_doubling_it(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    again = import_wards(
        district, operator, WardsRequest(ward_file(tmp_path, tay=WEST, dong=EAST), valid_from=FIRST)
    )
    assert again["replaced"] == 2
    assert units(district, operator) == {"tay": (FIRST, None), "dong": (FIRST, None)}
    with district.read(operator) as work:
        assert len(work.session.scalars(select(Unit)).all()) == 2


def test_surveyed_wards_replace_schematic_ones_whatever_their_date(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    with district.write(operator) as work:
        for unit in work.session.scalars(select(Unit)):
            unit.schematic = True
    import_wards(district, operator, WardsRequest(ward_file(tmp_path, moi=BOTH), valid_from=REFORM))
    assert units(district, operator) == {"moi": (REFORM, None)}


def test_an_older_set_ends_where_the_one_on_record_begins(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    done = import_wards(
        district, operator, WardsRequest(ward_file(tmp_path, cu=BOTH), valid_from=date(2009, 1, 1))
    )
    assert units(district, operator)["cu"] == (date(2009, 1, 1), date(2019, 12, 31))
    assert units(district, operator)["tay"] == (FIRST, None)
    assert done["warnings"]


def test_a_team_keeps_its_ground_when_its_ward_ends(district: Store, operator: Actor, tmp_path: Path) -> None:
    old = unit_id(district, operator, "tay")
    with district.write(operator) as work:
        work.session.add(Team(id="t", name="Đội", kind="ward", valid_from=FIRST))
        work.session.flush()
        work.session.add(TeamArea(team_id="t", unit_id=old, valid_from=FIRST))
    import_wards(district, operator, WardsRequest(ward_file(tmp_path, moi=BOTH), valid_from=REFORM))
    new = unit_id(district, operator, "moi")
    with district.read(operator) as work:
        areas = {a.unit_id: (a.valid_from, a.valid_to) for a in work.session.scalars(select(TeamArea))}
    assert areas == {old: (FIRST, date(2025, 6, 30)), new: (REFORM, None)}


def test_a_team_of_two_wards_that_become_one_has_that_one_once(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    with district.write(operator) as work:
        work.session.add(Team(id="t", name="Đội", kind="ward", valid_from=FIRST))
        work.session.flush()
        for unit in work.session.scalars(select(Unit)).all():
            work.session.add(TeamArea(team_id="t", unit_id=unit.id, valid_from=FIRST))
    import_wards(district, operator, WardsRequest(ward_file(tmp_path, moi=BOTH), valid_from=FIRST))
    with district.read(operator) as work:
        areas = [(a.valid_from, a.valid_to) for a in work.session.scalars(select(TeamArea))]
    assert areas == [(FIRST, None)]


@pytest.mark.parametrize("day", [FIRST, REFORM])
def test_an_account_never_sees_more_than_before_because_its_ward_is_gone(
    district: Store, operator: Actor, tmp_path: Path, day: date
) -> None:
    both = frozenset({unit_id(district, operator, "tay"), unit_id(district, operator, "dong")})
    with district.write(operator) as work:
        accounts.add_account(work, "một", Role.WARD_OFFICER, "-", both)
    import_wards(district, operator, WardsRequest(ward_file(tmp_path, moi=BOTH, xa=FAR), valid_from=day))
    with district.read(operator) as work:
        account = accounts.account_named(work, "một")
        assert account is not None
        scope = accounts.actor_of(work, account).scope
    assert scope == {unit_id(district, operator, "moi")}


def test_premises_that_lie_in_no_ward_any_more_are_named(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    with district.write(operator) as work:
        for name, lon in (("trong", 105.76), ("ngoài", 105.95)):
            work.session.add(
                Premises(id=name, name=name, folded=name, type="hotel", geom=shapely.Point(lon, 20.96))
            )
        work.session.add(Premises(id="không", name="không", folded="", type="hotel"))
    done = import_wards(district, operator, WardsRequest(ward_file(tmp_path, moi=BOTH), valid_from=REFORM))
    assert done["orphaned"] == ["ngoài"]


def test_what_was_repaired_and_what_was_left_out_is_reported(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    overlapping = shapely.box(105.769, 20.95, 105.79, 20.97)
    file = ward_file(tmp_path, tay=WEST, dong=overlapping, diem=shapely.Point(105.76, 20.96))
    done: dict[str, Any] = import_wards(empty_store, operator, WardsRequest(file, valid_from=FIRST))
    assert done["units"] == 2
    (repair,) = [repair for repair in done["repairs"] if repair["kind"] == "overlap"]
    assert set(repair["units"]) == {"Phường tay", "Phường dong"}
    assert 105.769 < repair["lon"] < 105.77
    assert [r["feature"] for r in done["rejected"]] == ["Phường diem"]
    assert "polygon" in done["rejected"][0]["problem"]


def test_nothing_is_stored_when_the_file_cannot_be_taken(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    before = units(district, operator)
    (tmp_path / "broken.geojson").write_text("{", encoding="utf-8")
    with pytest.raises(InputError):
        import_wards(district, operator, WardsRequest(tmp_path / "broken.geojson", valid_from=REFORM))
    with pytest.raises(InputError, match="valid-to"):
        file = ward_file(tmp_path, moi=BOTH)
        import_wards(district, operator, WardsRequest(file, valid_from=REFORM, valid_to=FIRST))
    assert units(district, operator) == before


def test_who_may_not_import_is_refused(district: Store, tmp_path: Path) -> None:
    with pytest.raises(RuleError):
        request = WardsRequest(ward_file(tmp_path, moi=BOTH), valid_from=REFORM)
        import_wards(district, Actor("xem", Role.VIEWER), request)


def test_a_file_of_something_else_than_wards_is_refused(
    district: Store, operator: Actor, tmp_path: Path
) -> None:
    hotspot = shapely.box(105.755, 20.955, 105.757, 20.957)
    with pytest.raises(InputError, match="Phường diem"):
        import_wards(district, operator, WardsRequest(ward_file(tmp_path, diem=hotspot), valid_from=REFORM))
    with district.read(operator) as work:
        assert len(places.units_on(work, REFORM)) == 2
