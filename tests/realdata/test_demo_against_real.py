"""How near the demonstration's computed ground comes to the real one, and that its borrowed facts are right."""

from __future__ import annotations

import csv
from collections import defaultdict

import geopandas as gpd
import pytest
import shapely

from data.demo.street_table import COURSES, WARD_STREETS
from data.demo.ward_rows import systems
from data.demo.ward_table import HEIR, NEW_UNITS, OLD_WARDS, SPLITS
from geo.crs import METRIC
from tests.paths import REAL_DATA, needs_shared_data

pytestmark = [pytest.mark.realdata, needs_shared_data]
_SEED = 178


def test_each_schematic_ward_overlaps_the_real_one() -> None:
    real = gpd.read_file(REAL_DATA / "wards_2009_hadong_17_lowres.geojson").to_crs(METRIC)
    ground = dict(zip(real["ward"], real.geometry.make_valid(), strict=True))
    for unit in systems(_SEED)[0].units:
        common = shapely.intersection(unit.ground, ground[unit.name.removeprefix("Phường ")]).area
        assert common > 0.25 * unit.ground.area, unit.name


def test_the_schematic_units_of_today_overlap_the_real_ones_by_more_than_half() -> None:
    real = gpd.read_file(REAL_DATA / "wards_2025_hadong_and_neighbours.osm.geojson").to_crs(METRIC)
    ground = dict(zip(real["code"], real.geometry.make_valid(), strict=True))
    for unit in systems(_SEED)[2].units:
        if unit.row["code"] in ground:
            assert shapely.intersection(unit.ground, ground[unit.row["code"]]).area > 0.5 * unit.ground.area


def test_the_outline_is_near_the_former_districts() -> None:
    real = gpd.read_file(REAL_DATA / "district_268_hadong_outline.geojson").to_crs(METRIC).union_all()
    ours = shapely.union_all([unit.ground for unit in systems(_SEED)[0].units])
    assert shapely.intersection(ours, real).area > 0.75 * real.area


def test_the_shares_of_the_splits_are_those_of_the_crosswalk() -> None:
    shown = {unit.code for unit in NEW_UNITS}
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    with (REAL_DATA / "crosswalk_2024_to_2025_area_share.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            shares[row["old_ward"]][row["new_code"]] = (float(row["osm"]) + float(row["sap"])) / 2
    splits = {(split.ward, split.unit): split.share for split in SPLITS}
    for ward in OLD_WARDS:
        by_unit = {code: share for code, share in shares[ward.name].items() if code in shown}
        assert max(by_unit, key=lambda code: by_unit[code]) == HEIR[ward.name]
        for code, share in by_unit.items():
            if code != HEIR[ward.name] and share >= 0.08:
                assert splits[ward.name, code] == pytest.approx(share, abs=0.006)


def test_the_named_streets_bear_real_names() -> None:
    real = gpd.read_file(REAL_DATA / "roads_main_hadong.osm.geojson")
    names = {part.strip() for name in real["road_name"] for part in name.split(";")}
    ours = {course.name for course in COURSES} | {name for ward in WARD_STREETS.values() for name in ward}
    # Known by the plan's own papers, not among the main roads of the file.
    assert ours - names == {"Đường Lê Văn Lương kéo dài"}
