"""Ward systems: an event belongs to the ward of its place and date, whatever code or name that ward bore."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.units import valid_on
from geo.ward_systems import changed_codes, crosswalk, cut_by_ward, units_of, ward_sets
from tests.unit.geo.unit_world import box, frame

SPRING, REFORM = date(2025, 3, 1), date(2025, 7, 1)
WEST, EAST = shapely.Point(500, 500), shapely.Point(1500, 500)
FAR = shapely.Point(9000, 9000)


def two_systems() -> gpd.GeoDataFrame:
    """Until 30 June 2025 wards A (west) and B (east); since then one ward over both that bears B's code."""
    units = frame(
        [box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000), box(0, 0, 2000, 1000)],
        code=["A", "B", "B"],
        name=["Phường A", "Phường B", "Phường C"],
        level="ward",
        valid_from=["2020-01-01", "2020-01-01", "2025-07-01"],
        valid_to=["2025-06-30", "2025-06-30", None],
    )
    return units.assign(id=["old-a", "old-b", "new-b"])


def events(*told: tuple[str, Any]) -> gpd.GeoDataFrame:
    return frame([place for _day, place in told], on_date=[day for day, _place in told])


def numbers(cut: Any) -> dict[str, int]:
    return dict(zip(cut.units["unit_id"], cut.units["n"], strict=True))


def test_a_set_lasts_until_any_ward_changes() -> None:
    sets = ward_sets(two_systems())
    assert [(one.first, one.last) for one in sets] == [
        (date(2020, 1, 1), date(2025, 6, 30)),
        (REFORM, None),
    ]
    assert [set(one.unit_ids) for one in sets] == [{"old-a", "old-b"}, {"new-b"}]


def test_a_ward_that_stays_while_its_neighbour_changes_is_in_both_sets() -> None:
    units = two_systems().iloc[:2].assign(valid_to=pd.to_datetime(["2024-12-31", None]))
    assert [one.unit_ids for one in ward_sets(units)] == [("old-a", "old-b"), ("old-b",)]


def test_no_ward_means_no_set_and_time_without_wards_is_none() -> None:
    assert ward_sets(two_systems().iloc[:0]) == []
    ended = two_systems().iloc[:2]
    assert [one.last for one in ward_sets(ended)] == [date(2025, 6, 30)]


def test_an_event_lies_in_the_ward_of_its_own_date() -> None:
    told = events(("2025-06-30", EAST), ("2025-07-01", EAST), ("2019-12-31", EAST), ("2025-07-01", FAR))
    told.index = [7, 5, 5, 1]
    found = units_of(told, two_systems())
    assert list(found.index) == [7, 5, 5, 1]
    assert list(found) == ["old-b", "new-b", None, None]


def test_a_chosen_day_puts_every_event_into_that_days_wards() -> None:
    told = events(("2025-06-30", WEST), ("2026-01-01", WEST))
    assert list(units_of(told, two_systems(), REFORM)) == ["new-b", "new-b"]
    assert list(units_of(told, two_systems(), SPRING)) == ["old-a", "old-a"]


def test_a_code_with_two_meanings_is_counted_once_for_each() -> None:
    told = events(("2025-06-30", EAST), ("2025-07-01", EAST), ("2025-07-02", WEST))
    cut = cut_by_ward(told, two_systems(), first=date(2025, 1, 1), last=date(2025, 12, 31))
    assert numbers(cut) == {"old-a": 0, "old-b": 1, "new-b": 2}
    assert list(cut.units["code"]) == ["A", "B", "B"]
    assert cut.units["valid_from"].nunique() == 2


def test_counts_do_not_depend_on_codes_or_names_at_all() -> None:
    told = events(("2025-06-30", EAST), ("2025-07-01", EAST), ("2025-07-02", WEST))
    period = {"first": date(2025, 1, 1), "last": date(2025, 12, 31)}
    same = two_systems().assign(code="X", name="Phường X")
    for by in (None, SPRING, REFORM):
        cut = cut_by_ward(told, same, **period, by=by)
        assert numbers(cut) == numbers(cut_by_ward(told, two_systems(), **period, by=by))


def test_what_lies_outside_or_has_no_place_is_told_and_not_lost() -> None:
    told = events(
        ("2025-08-01", EAST), ("2025-08-01", FAR), ("2025-08-01", None), ("2025-08-01", shapely.Point())
    )
    cut = cut_by_ward(told, two_systems(), first=REFORM, last=date(2025, 12, 31))
    assert (numbers(cut), cut.outside, cut.unplaced, cut.total) == ({"new-b": 1}, 1, 2, 4)


def test_only_the_period_is_counted_its_first_and_last_day_with_it() -> None:
    days = ("2025-07-31", "2025-08-01", "2025-08-31", "2025-09-01")
    cut = cut_by_ward(
        events(*((day, EAST) for day in days)), two_systems(), first=date(2025, 8, 1), last=date(2025, 8, 31)
    )
    assert cut.total == 2


def test_wards_of_the_chosen_day_stand_in_the_table_with_nothing_in_them() -> None:
    cut = cut_by_ward(events(), two_systems(), first=REFORM, last=REFORM, by=SPRING)
    assert numbers(cut) == {"old-a": 0, "old-b": 0}


PLACES = st.tuples(st.floats(-500, 2500), st.floats(-500, 1500)).map(shapely.Point)
DAYS = st.dates(date(2019, 1, 1), date(2026, 12, 31)).map(str)


@given(st.lists(st.tuples(DAYS, st.none() | PLACES), max_size=12), st.none() | st.dates(date(2019, 1, 1)))
@settings(max_examples=40)
def test_every_event_is_counted_exactly_once_by_any_set_of_wards(
    told: list[tuple[str, Any]], by: date | None
) -> None:
    period = {"first": date(2020, 6, 1), "last": date(2026, 6, 30)}
    inside = [day for day, _place in told if str(period["first"]) <= day <= str(period["last"])]
    assert cut_by_ward(events(*told), two_systems(), **period, by=by).total == len(inside)


def test_the_crosswalk_tells_ground_and_premises_and_what_lies_outside() -> None:
    units = two_systems()
    old = valid_on(units, SPRING)
    # The new ward covers A and half of B.
    new = frame({"n": box(0, 0, 1500, 1000)})
    register = frame([WEST, shapely.Point(1200, 500), shapely.Point(1800, 500), FAR, None])
    table = crosswalk(old, new, register)
    told = {(r.old_id, r.new_id): (r.share, r.premises) for r in table.itertuples()}
    assert told["old-a", "id-n"] == (pytest.approx(1.0), 1)
    assert told["old-b", "id-n"] == (pytest.approx(0.5), 1)
    assert told["old-b", None] == (pytest.approx(0.5), 1)
    assert pd.isna(told[None, None][0])
    assert told[None, None][1] == 1
    assert table["premises"].sum() == 4
    assert table.groupby("old_id")["share"].sum().tolist() == pytest.approx([1.0, 1.0])


def test_the_crosswalk_of_sets_without_anything_is_empty() -> None:
    nothing = two_systems().iloc[:0]
    assert crosswalk(nothing, nothing, frame([])).empty
    (row,) = crosswalk(nothing, valid_on(two_systems(), REFORM), frame([WEST])).itertuples()
    assert (row.old_id, row.new_id, row.premises) == (None, "new-b", 1)


def test_a_code_that_means_other_ground_is_named_with_both_meanings() -> None:
    units = two_systems()
    (row,) = changed_codes(valid_on(units, SPRING), valid_on(units, REFORM)).itertuples()
    assert (row.code, row.old_id, row.new_id) == ("B", "old-b", "new-b")
    assert row.common == pytest.approx(0.5)
    assert changed_codes(valid_on(units, SPRING), valid_on(units, SPRING)).empty
