"""Real boundaries and the sample files go in whole, and come out of a file as they went in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from app.services.events_import import import_events
from app.services.exports import export_layer
from app.services.imports import WardsRequest, import_wards
from app.services.premises_import import PremisesRequest, import_premises
from data.importers.boundaries import read_boundaries
from data.repositories import events, places
from data.store import Actor, Store
from geo.crs import METRIC
from tests.paths import REAL_DATA, SAMPLES, needs_shared_data

pytestmark = [pytest.mark.realdata, needs_shared_data]

TODAY = REAL_DATA / "wards_2025_hadong_and_neighbours.osm.geojson"
OLD = REAL_DATA / "wards_2009_hadong_17_lowres.geojson"
REFORM, DAY = date(2025, 7, 1), date(2026, 11, 24)


@pytest.fixture
def today(empty_store: Store, operator: Actor) -> Store:
    """The thirteen units of today."""
    import_wards(empty_store, operator, WardsRequest(TODAY, valid_from=REFORM, source="© OpenStreetMap"))
    return empty_store


def test_thirteen_units_become_a_coverage_and_their_overlap_is_reported(
    empty_store: Store, operator: Actor
) -> None:
    done = import_wards(empty_store, operator, WardsRequest(TODAY, valid_from=REFORM))
    assert done["units"] == 13
    assert done["rejected"] == []
    overlaps = [repair for repair in done["repairs"] if repair["kind"] == "overlap"]
    largest = max(overlaps, key=lambda repair: repair["area_m2"])
    assert set(largest["units"]) == {"Phường Hà Đông", "Phường Thanh Liệt"}
    # The data's README: 0.014 km² near 105.795, 20.973.
    assert largest["area_m2"] == pytest.approx(14_000, rel=0.05)
    assert (largest["lon"], largest["lat"]) == pytest.approx((105.795, 20.973), abs=0.002)
    with empty_store.read(operator) as work:
        units = places.units_on(work, DAY)
    assert len(units) == 13
    assert shapely.coverage_is_valid(units.geometry.to_numpy())
    parts = units.geometry.to_crs(METRIC).explode()
    # No sliver: every part holds a circle of ten metres.
    assert not parts.buffer(-5).is_empty.any()
    assert units.set_index("code").loc["09556", "population"] == 185_205


def test_importing_the_thirteen_units_again_leaves_thirteen(today: Store, operator: Actor) -> None:
    again = import_wards(today, operator, WardsRequest(TODAY, valid_from=REFORM))
    assert again["replaced"] == 13
    with today.read(operator) as work:
        assert len(places.all_units(work)) == 13


def test_the_old_wards_end_where_todays_units_begin(today: Store, operator: Actor) -> None:
    done = import_wards(today, operator, WardsRequest(OLD, valid_from=date(2009, 1, 1)))
    assert done["units"] == 17
    with today.read(operator) as work:
        before, after = places.units_on(work, date(2025, 6, 30)), places.units_on(work, REFORM)
    assert len(after) == 13
    assert "Phường Nguyễn Trãi" in set(before["name"])
    assert "Phường Nguyễn Trãi" not in set(after["name"])


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".kml"])
def test_exported_units_are_the_same_units(today: Store, operator: Actor, tmp_path: Path, suffix: str) -> None:
    export_layer(today, operator, "wards", tmp_path / f"wards{suffix}", DAY)
    back = read_boundaries(tmp_path / f"wards{suffix}").frame.set_index("code")
    with today.read(operator) as work:
        units = places.units_on(work, DAY).set_index("code")
    assert sorted(back.index) == sorted(units.index)
    assert back["name"].to_dict() == units["name"].to_dict()
    moved = back.geometry.to_crs(METRIC).symmetric_difference(units.geometry.to_crs(METRIC), align=True)
    # Seven decimals are a centimetre.
    assert (moved.area < 0.02 * units.geometry.to_crs(METRIC).length).all()


def test_the_samples_of_hotspots_and_signals_go_in_whole_and_once(today: Store, operator: Actor) -> None:
    hotspots, signals = SAMPLES / "hotspots_sample.geojson", SAMPLES / "signals_sample.csv"
    for kind, file, count in (("hotspots", hotspots, 5), ("signals", signals, 147)):
        done = import_events(today, operator, kind, file, as_of=DAY)
        assert done == {"read": count, "added": count, "rejected": []}
        assert import_events(today, operator, kind, file, as_of=DAY)["added"] == 0
    with today.read(operator) as work:
        spots = places.hotspots_on(work, DAY).set_index("name")
        heard = events.signals_until(work, DAY)
    assert spots["state"].value_counts().to_dict() == {"eliminated": 3, "active": 1, "suspected": 1}
    assert spots.loc["Khu vực bến xe Yên Nghĩa", "eliminated_on"].date() == date(2021, 6, 15)
    assert spots.loc["Khu vực bến xe Yên Nghĩa", "watch_months"] == 60
    assert set(spots.geometry.geom_type) == {"MultiPolygon", "LineString", "Point"}
    assert len(heard) == 147
    assert heard.geometry.notna().all()


def test_exported_samples_are_known_when_they_come_back(today: Store, operator: Actor, tmp_path: Path) -> None:
    import_events(today, operator, "hotspots", SAMPLES / "hotspots_sample.geojson", as_of=DAY)
    import_events(today, operator, "signals", SAMPLES / "signals_sample.csv", as_of=DAY)
    for kind, count in (("hotspots", 5), ("signals", 147)):
        for suffix in (".xlsx", ".csv", ".gpkg", ".geojson"):
            file = tmp_path / f"{kind}{suffix}"
            export_layer(today, operator, kind, file, DAY)
            back = import_events(today, operator, kind, file, as_of=DAY)
            assert back == {"read": count, "added": 0, "rejected": []}, file.name
    lines = gpd.read_file(tmp_path / "hotspots.gpkg", layer="hotspots_lines")
    assert lines["name"].tolist() == ["Tuyến giả định A"]


def test_an_exported_register_comes_back_unchanged(today: Store, operator: Actor, tmp_path: Path) -> None:
    import_premises(today, operator, PremisesRequest(SAMPLES / "register_sample.xlsx"))
    for suffix in (".xlsx", ".csv", ".gpkg", ".geojson"):
        file = tmp_path / f"register{suffix}"
        rows = export_layer(today, operator, "premises", file, DAY)["rows"]
        back = import_premises(today, operator, PremisesRequest(file))
        counts = {name: back[name] for name in ("read", "added", "updated", "unchanged", "rejected")}
        assert counts == {"read": rows, "added": 0, "updated": 0, "unchanged": rows, "rejected": []}, file.name
