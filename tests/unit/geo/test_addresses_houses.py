"""A house number is placed between known numbers of its side, and nowhere else."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.house_numbers import HouseNumbers, leading_number

STREET = shapely.LineString([(0, 0), (1000, 0)])


def test_a_number_lies_between_its_neighbours_in_proportion() -> None:
    placed = HouseNumbers(STREET, [(10, 100, 8), (30, 300, 9)]).place(15)
    assert placed is not None
    assert (placed.x, placed.y) == pytest.approx((150, 0))
    assert (placed.low, placed.high) == (10, 30)


def test_the_same_side_of_the_street_comes_first() -> None:
    numbers = HouseNumbers(STREET, [(10, 100, 8), (11, 400, -8), (13, 500, -8), (14, 140, 8)])
    even, odd = numbers.place(12), numbers.place(11)
    assert even is not None and even.x == pytest.approx(120)
    assert odd is not None and odd.x == pytest.approx(400)


def test_the_other_side_helps_where_the_own_one_is_unknown() -> None:
    placed = HouseNumbers(STREET, [(10, 100, 8), (20, 200, 8)]).place(15)
    assert placed is not None and placed.x == pytest.approx(150)


@pytest.mark.parametrize("number", [1, 9, 31, 500])
def test_outside_the_known_numbers_nothing_is_placed(number: int) -> None:
    assert HouseNumbers(STREET, [(10, 100, 8), (30, 300, 9)]).place(number) is None


def test_one_known_number_places_only_itself() -> None:
    numbers = HouseNumbers(STREET, [(10, 100, 8)])
    itself = numbers.place(10)
    assert itself is not None and (itself.x, itself.y) == (100, 8)
    assert numbers.place(12) is None


def test_a_number_that_contradicts_the_others_is_left_out() -> None:
    known = [(10, 100, 0), (20, 200, 0), (30, 900, 0), (40, 400, 0), (50, 500, 0)]
    placed = HouseNumbers(STREET, known).place(34)
    assert placed is not None
    assert (placed.low, placed.high) == (20, 40)
    assert placed.x == pytest.approx(340)


def test_where_the_numbers_contradict_each_other_nothing_is_placed() -> None:
    known = [(10, 500, 0), (20, 100, 0), (30, 800, 0), (40, 300, 0), (50, 700, 0), (60, 200, 0), (70, 600, 0)]
    assert HouseNumbers(STREET, known).place(35) is None


def test_numbers_may_run_against_the_line() -> None:
    placed = HouseNumbers(STREET, [(2, 900, 0), (10, 500, 0)]).place(4)
    assert placed is not None and placed.x == pytest.approx(800)


def test_on_a_street_in_pieces_the_number_still_lies_on_the_street() -> None:
    pieces = shapely.MultiLineString([[(0, 0), (400, 0)], [(450, 60), (1000, 60)], [(0, 15), (400, 15)]])
    placed = HouseNumbers(pieces, [(2, 100, 0), (100, 900, 60)]).place(50)
    assert placed is not None
    assert shapely.distance(pieces, shapely.Point(placed.x, placed.y)) < 1e-6


@given(
    st.lists(st.tuples(st.integers(1, 99), st.floats(-50, 1050), st.floats(-60, 60)), max_size=12),
    st.integers(0, 120),
)
def test_a_placed_number_lies_between_the_two_it_names(
    known: list[tuple[int, float, float]], number: int
) -> None:
    placed = HouseNumbers(STREET, known).place(number)
    if placed is not None:
        assert placed.low <= number <= placed.high
        assert {placed.low, placed.high} <= {n for n, _, _ in known}
        assert -60 <= placed.y <= 60 and -50 <= placed.x <= 1050


@pytest.mark.parametrize(
    ("house", "number"),
    [("12", 12), ("12A", 12), ("12A3", 12), ("12bis", 12), ("350-352", 350), ("Km 10", None), ("B20", None),
     ("26BT-04", None), ("", None), ("Tầng 3", None)],
)  # fmt: skip
def test_a_house_is_ordered_by_its_leading_number(house: str, number: int | None) -> None:
    assert leading_number(house) == number
