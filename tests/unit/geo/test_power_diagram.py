"""Power diagrams: everyone gets the ground that is theirs, the pieces fit, and wanted areas are met."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.power_diagram import fit_weights, power_diagram, shared_lengths

SQUARE = shapely.box(0, 0, 1000, 1000)
BAY = shapely.Polygon([(0, 0), (1000, 0), (1000, 1000), (600, 1000), (500, 300), (400, 1000), (0, 1000)])


def sites(count: int) -> st.SearchStrategy[np.ndarray]:
    place = st.tuples(st.integers(5, 995), st.integers(5, 995))
    return st.lists(place, min_size=1, max_size=count, unique=True).map(lambda xy: np.array(xy, float))


@settings(max_examples=60, deadline=None)
@given(sites(14), st.integers(0, 2**32 - 1), st.sampled_from([SQUARE, BAY]))
def test_every_point_lies_in_the_cell_of_the_site_with_the_least_power(
    points: np.ndarray, seed: int, outline: shapely.Polygon
) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.uniform(-30_000, 30_000, len(points))
    cells = power_diagram(points, weights, outline)
    assert shapely.coverage_is_valid(cells)
    assert shapely.area(cells).sum() == pytest.approx(outline.area, rel=1e-5)
    for probe in rng.uniform(0, 1000, (40, 2)):
        power = ((probe - points) ** 2).sum(axis=1) - weights
        best, second = np.sort(power)[:2] if len(power) > 1 else (power[0], np.inf)
        if outline.contains(shapely.Point(probe)) and second - best > 50:
            assert cells[int(np.argmin(power))].buffer(0.05).contains(shapely.Point(probe))


def test_two_sites_of_equal_weight_share_at_the_middle() -> None:
    left, right = power_diagram([(250, 500), (750, 500)], [0, 0], SQUARE)
    assert shapely.equals(left, shapely.box(0, 0, 500, 1000))
    assert shapely.equals(right, shapely.box(500, 0, 1000, 1000))
    assert shared_lengths(np.array([left, right]))[0, 1] == pytest.approx(1000)


def test_more_weight_moves_the_border_away() -> None:
    # (d^2 + w1 - w2) / (2 d) from the first site: (500^2 + 100 000) / 1000 = 350.
    left, _ = power_diagram([(250, 500), (750, 500)], [100_000, 0], SQUARE)
    assert left.bounds[2] == pytest.approx(600)


def test_a_site_that_is_outweighed_everywhere_gets_no_ground() -> None:
    big, small = power_diagram([(400, 500), (600, 500)], [1e7, 0], SQUARE)
    assert small.is_empty
    assert big.area == pytest.approx(1e6)


def test_sites_on_a_regular_grid_get_equal_squares() -> None:
    grid = [(x, y) for x in (125, 375, 625, 875) for y in (125, 375, 625, 875)]
    cells = power_diagram(grid, np.zeros(16), SQUARE)
    assert shapely.area(cells) == pytest.approx(np.full(16, 62_500.0))
    assert shapely.coverage_is_valid(cells)


@settings(max_examples=25, deadline=None)
@given(sites(10), st.integers(0, 2**32 - 1))
def test_fitted_weights_give_every_site_the_area_asked_for(points: np.ndarray, seed: int) -> None:
    wanted = np.random.default_rng(seed).uniform(1, 5, len(points))
    weights, cells = fit_weights(points, wanted, SQUARE)
    assert len(weights) == len(points)
    assert shapely.area(cells) == pytest.approx(wanted / wanted.sum() * 1e6, rel=1e-3)
    assert shapely.coverage_is_valid(cells)


def test_two_sites_at_one_place_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        power_diagram([(1, 1), (1, 1)], [0, 0], SQUARE)
    assert caught.value.code == "same_site"


def test_a_site_without_ground_to_begin_with_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        fit_weights([(500, 500), (900, 500), (5_000, 500)], [1, 1, 1], SQUARE)
    assert caught.value.code == "no_fit"
