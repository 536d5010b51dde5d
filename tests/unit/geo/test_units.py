"""Wards change: which one is valid on a day, where a place lies, and what a new boundary file replaces."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.units import area_crosswalk, covering, replaced_by, valid_on
from tests.unit.geo.unit_world import box, frame, grid

OPENING = date(2025, 7, 1)


def dated(shapes: dict[str, Any], **columns: Any) -> gpd.GeoDataFrame:
    told = {"level": "ward", "valid_from": "2021-01-01", "valid_to": None, "schematic": False, **columns}
    return frame(shapes, **told)


def codes_on(units: gpd.GeoDataFrame, day: date) -> list[str]:
    return list(valid_on(units, day)["code"])


def test_a_unit_is_valid_from_its_first_to_its_last_day() -> None:
    units = dated(grid(2, 1), valid_from=["2021-01-01", "2025-07-01"], valid_to=["2025-06-30", None])
    assert codes_on(units, date(2020, 12, 31)) == []
    assert codes_on(units, date(2021, 1, 1)) == ["00"]
    assert codes_on(units, date(2025, 6, 30)) == ["00"]
    assert codes_on(units, OPENING) == ["01"]
    assert codes_on(units, date(2060, 1, 1)) == ["01"]


def test_no_unit_is_valid_where_none_is_known() -> None:
    assert codes_on(dated({}), OPENING) == []


def test_a_place_finds_the_unit_it_lies_in() -> None:
    units = dated(grid(2, 1))
    places = frame([shapely.Point(500, 500), shapely.Point(1500, 500), shapely.Point(5000, 500), None])
    places.index = ["p", "q", "r", "s"]
    assert covering(places, units).to_dict() == {"p": "id-00", "q": "id-01", "r": None, "s": None}


def test_an_empty_point_lies_nowhere() -> None:
    assert list(covering(frame([shapely.Point()]), dated(grid(1, 1)))) == [None]


def test_places_or_units_may_be_missing_altogether() -> None:
    assert list(covering(frame([]), dated(grid(1, 1)))) == []
    assert list(covering(frame([shapely.Point(1, 1)]), dated({}))) == [None]


def test_a_corner_of_four_wards_belongs_to_the_same_one_whatever_their_order() -> None:
    units = dated(grid(2, 2)).to_crs("EPSG:4326")
    corner = gpd.GeoDataFrame(geometry=[shapely.get_point(units.geometry[0].exterior, 2)], crs=units.crs)
    found = {covering(corner, units.sample(frac=1, random_state=seed))[0] for seed in range(8)}
    assert len(found) == 1
    assert found != {None}


def test_where_units_overlap_the_smallest_has_the_place() -> None:
    units = dated({"big": box(0, 0, 1000, 1000), "small": box(800, 0, 1200, 1000)})
    assert list(covering(frame([shapely.Point(900, 500)]), units)) == ["id-small"]


def test_an_area_or_a_broken_one_counts_by_a_point_inside_it() -> None:
    bow = shapely.Polygon([(1100, 100), (1900, 900), (1900, 100), (1100, 900)])
    places = frame([box(100, 100, 300, 300), bow, shapely.LineString([(100, 100), (200, 200)])])
    assert list(covering(places, dated(grid(2, 1)))) == ["id-00", "id-01", "id-00"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(-500, 2500), st.floats(-500, 2500)), min_size=1, max_size=20))
def test_covering_agrees_with_asking_every_unit(points: list[tuple[float, float]]) -> None:
    units = dated(grid(2, 2))
    places = frame([shapely.Point(xy) for xy in points])
    for place, unit in zip(places.geometry, covering(places, units), strict=True):
        around = set(units["id"][units.geometry.intersects(place)])
        assert unit in around if around else unit is None


def test_the_ground_of_an_old_ward_is_shared_out_among_the_new_ones() -> None:
    old = frame({"old": box(0, 0, 1000, 1000), "gone": box(9000, 0, 9500, 500)})
    new = frame({"west": box(-500, 0, 700, 1000), "east": box(700, 0, 1500, 1000)})
    shares = area_crosswalk(old, new)
    assert list(shares.columns) == ["old_id", "new_id", "share"]
    assert list(zip(shares["old_id"], shares["new_id"], strict=True)) == [
        ("id-old", "id-west"),
        ("id-old", "id-east"),
    ]
    assert list(shares["share"]) == pytest.approx([0.7, 0.3], abs=1e-4)


def test_neighbours_that_only_touch_share_no_ground() -> None:
    cells = frame(grid(3, 3))
    shares = area_crosswalk(cells, cells)
    assert list(shares["old_id"]) == list(shares["new_id"]) == list(cells["id"])
    assert list(shares["share"]) == pytest.approx([1.0] * 9)


def test_empty_sets_share_nothing() -> None:
    assert area_crosswalk(frame({}), frame(grid(1, 1))).empty
    assert area_crosswalk(frame({"none": None}), frame(grid(1, 1))).empty
    assert area_crosswalk(frame(grid(1, 1)), frame({})).empty


def test_a_new_set_ends_the_units_it_follows_on_the_day_before() -> None:
    old = dated(grid(2, 1))
    change = replaced_by(old, dated({"new": box(0, 0, 2000, 1000)}), OPENING)
    assert change.ended == ("id-00", "id-01")
    assert change.replaced == ()
    assert dict(change.successors) == {"id-00": "id-new", "id-01": "id-new"}


def test_a_unit_of_which_less_than_half_is_covered_goes_on() -> None:
    new = dated({"new": box(0, 0, 1490, 1000)})
    change = replaced_by(dated(grid(2, 1)), new, OPENING)
    assert change.ended == ("id-00",)
    assert dict(change.successors) == {"id-00": "id-new"}


def test_exactly_half_is_enough() -> None:
    assert replaced_by(dated(grid(2, 1)), dated({"new": box(0, 0, 1500, 1000)}), OPENING).ended == (
        "id-00",
        "id-01",
    )


def test_half_counts_over_the_whole_new_set_and_the_successor_covers_most() -> None:
    new = dated({"a": box(0, 0, 300, 1000), "b": box(300, 0, 700, 1000)})
    change = replaced_by(dated(grid(1, 1)), new, OPENING)
    assert dict(change.successors) == {"id-00": "id-b"}


def test_overlapping_new_units_do_not_count_their_ground_twice() -> None:
    new = dated({"a": box(0, 0, 300, 1000), "b": box(0, 0, 300, 1000)})
    assert replaced_by(dated(grid(1, 1)), new, OPENING).ended == ()


def test_importing_the_same_day_again_replaces_the_set() -> None:
    old = dated(grid(2, 1), valid_from="2025-07-01")
    change = replaced_by(old, dated(grid(2, 1)), OPENING)
    assert change.replaced == ("id-00", "id-01")
    assert change.ended == ()
    assert set(change.successors) == {"id-00", "id-01"}


def test_drawn_boundaries_are_replaced_by_a_file_whenever_they_began() -> None:
    old = dated(grid(2, 1), schematic=[True, False])
    change = replaced_by(old, dated({"new": box(0, 0, 2000, 1000)}), OPENING)
    assert change.replaced == ("id-00",)
    assert change.ended == ("id-01",)


def test_drawn_boundaries_of_another_time_stay() -> None:
    earlier = dated(grid(1, 1), valid_to="2025-06-30", schematic=True)
    later = dated(grid(1, 1), valid_from="2025-07-02", schematic=True)
    for units in (earlier, later):
        change = replaced_by(units, dated(grid(1, 1)), OPENING)
        assert (change.ended, change.replaced, dict(change.successors)) == ((), (), {})


def test_units_of_another_level_are_left_alone() -> None:
    old = dated({"district": box(0, 0, 2000, 1000), "ward": box(0, 0, 1000, 1000)}, level=["district", "ward"])
    assert replaced_by(old, dated({"new": box(0, 0, 2000, 1000)}), OPENING).ended == ("id-ward",)


def test_a_first_file_replaces_nothing() -> None:
    change = replaced_by(dated({}), dated(grid(2, 1)), OPENING)
    assert (change.ended, change.replaced, dict(change.successors)) == ((), (), {})


def test_a_code_used_again_with_a_new_meaning_does_not_mislead() -> None:
    old = dated({"09552": box(0, 0, 1000, 1000), "09565": box(1000, 0, 2000, 1000)})
    new = dated({"09552": box(1000, 0, 2000, 1000), "09556": box(0, 0, 1000, 1000)})
    new["id"] = ["kien-hung", "ha-dong"]
    change = replaced_by(old, new, OPENING)
    assert dict(change.successors) == {"id-09552": "ha-dong", "id-09565": "kien-hung"}


def test_the_answer_is_plain_ids() -> None:
    answer = covering(frame([shapely.Point(1, 1)]), dated(grid(1, 1)))
    assert isinstance(answer, pd.Series)
    assert isinstance(answer[0], str)
