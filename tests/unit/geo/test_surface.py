"""The hotspot surface: where it expects events, what it learns from the past, significance and trends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.surface import (
    Events,
    SurfaceSettings,
    accuracy,
    events_on,
    grid_over,
    hotspot_surface,
    mixture_weights,
)
from geo.surface_trends import Trend, counts_by_period, getis_ord, trend_classes

GRID = grid_over((0.0, 0.0, 3000.0, 2250.0))
SETTINGS = SurfaceSettings()


def made_up(n: int = 600, seed: int = 1) -> Events:
    """Events of two years, most of them around two corners of the grid."""
    random = np.random.default_rng(seed)
    corner = np.where(random.random((n, 1)) < 0.5, [[500.0, 500.0]], [[2400.0, 1700.0]])
    xy = corner + random.normal(0, 250, (n, 2))
    return events_on(GRID, xy, np.sort(random.integers(0, 730, n)))


def test_the_frame_covers_the_bounds_and_stays_on_multiples_of_the_cell() -> None:
    grid = grid_over((-10.0, 149.0, 1000.0, 1501.0))
    assert (grid.x0, grid.y0) == (-150.0, 0.0)
    assert grid.x0 + grid.columns * grid.cell_m >= 1000
    assert grid.y0 + grid.rows * grid.cell_m >= 1501


def test_points_outside_and_events_without_a_point_lie_in_no_cell() -> None:
    cells = GRID.cells(np.array([[10.0, 10.0], [160.0, 10.0], [10.0, 160.0], [-1.0, 5.0], [np.nan, 5.0]]))
    assert cells.tolist() == [0, 1, GRID.columns, -1, -1]


def test_the_surface_is_a_share_of_what_is_expected() -> None:
    surface = hotspot_surface(made_up(), GRID, 700, SETTINGS)
    assert surface.learned
    assert surface.share.shape == GRID.shape
    assert surface.share.sum() == pytest.approx(1.0)
    assert surface.weights.sum() == pytest.approx(1.0)
    assert (surface.share >= 0).all()


def test_the_surface_is_highest_where_events_come_again_and_again() -> None:
    events = made_up()
    surface = hotspot_surface(events, GRID, 700, SETTINGS)
    row, column = np.unravel_index(np.argmax(surface.share), GRID.shape)
    x, y = (column + 0.5) * 150, (row + 0.5) * 150
    assert min(np.hypot(x - 500, y - 500), np.hypot(x - 2400, y - 1700)) < 400


def test_nothing_is_expected_outside_the_district() -> None:
    mask = GRID.mask(shapely.box(0, 0, 1500, 2250))
    surface = hotspot_surface(made_up(), GRID, 700, SETTINGS, mask)
    assert surface.share[~mask].sum() == 0
    assert surface.share[mask].sum() == pytest.approx(1.0)


def test_later_events_change_nothing() -> None:
    events = made_up()
    later = replace(events, cell=np.where(events.day > 500, 0, events.cell))
    before, now = (hotspot_surface(some, GRID, 500, SETTINGS) for some in (events, later))
    np.testing.assert_array_equal(now.share, before.share)


def test_few_events_give_a_plain_surface_and_none_an_even_one() -> None:
    few = hotspot_surface(made_up(5), GRID, 700, SETTINGS)
    assert not few.learned
    assert few.share.sum() == pytest.approx(1.0)
    none = hotspot_surface(made_up(0), GRID, 700, SETTINGS)
    assert none.share.min() == pytest.approx(none.share.max())


def test_an_event_that_weighs_double_counts_as_two() -> None:
    events = made_up(40)
    double = replace(events, weight=np.full(40, 2.0))
    doubled = Events(*(np.tile(part, 2) for part in (events.cell, events.day, events.weight)))
    one, two = (hotspot_surface(some, GRID, 700, SETTINGS).share for some in (double, doubled))
    np.testing.assert_allclose(one, two)


def test_the_mixture_leans_to_the_density_that_expected_what_came() -> None:
    expected = np.array([[0.9, 0.5], [0.1, 0.5]])
    assert mixture_weights(expected, np.array([9.0, 1.0]))[0] > 0.95
    assert mixture_weights(expected, np.array([5.0, 5.0]))[1] > 0.95


def test_accuracy_is_the_share_caught_over_the_share_of_the_area() -> None:
    coming = np.array([[4.0, 1.0], [3.0, 0.0]])
    assert accuracy(np.array([[9.0, 8.0], [1.0, 0.0]]), coming, 2, 4) == pytest.approx((5 / 8 / 0.5, 5 / 7))
    assert accuracy(coming, np.zeros((2, 2)), 1, 4) is None


def test_a_cluster_is_significant_and_an_even_or_empty_ground_is_not() -> None:
    counts = np.random.default_rng(2).poisson(1.0, (20, 20)).astype(float)
    counts[5:8, 5:8] += 12
    cells = getis_ord(counts)
    assert cells.hot[6, 6]
    assert cells.hot[:, 12:].sum() == 0
    for even in (np.zeros((4, 4)), np.ones((4, 4)), np.ones((1, 1))):
        assert not getis_ord(even).hot.any()


def test_gi_star_is_its_definition() -> None:
    counts = np.random.default_rng(3).poisson(2.0, (6, 7)).astype(float)
    n, mean = counts.size, counts.mean()
    spread = np.sqrt((counts**2).mean() - mean**2)
    near = counts[:2, :3]
    by_hand = (near.sum() - mean * 6) / (spread * np.sqrt((n * 6 - 36) / (n - 1)))
    assert getis_ord(counts).z[0, 1] == pytest.approx(by_hand)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**20))
def test_any_counts_and_mask_give_finite_scores_inside_the_mask(rows: int, columns: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    mask = random.random((rows, columns)) < 0.6
    cells = getis_ord(random.poisson(0.5, (rows, columns)).astype(float), mask)
    assert np.isfinite(cells.z).all()
    assert not cells.hot[~mask].any()


def test_periods_end_with_the_day_they_are_asked_for() -> None:
    events = Events(np.array([0, 0, 0]), np.array([70, 71, 100]), np.ones(3))
    counts = counts_by_period(events, GRID, 100, 30, 2)
    assert counts[:, 0, 0].tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("heights", "trend"),
    [
        ([0] * 11 + [30], Trend.NEW),
        ([20 + 8 * k for k in range(12)], Trend.INTENSIFYING),
        ([30, 32] * 6, Trend.PERSISTENT),
        ([120 - 8 * k for k in range(12)], Trend.DIMINISHING),
        ([30, 0, 0, 30, 0, 0, 0, 30, 0, 0, 0, 30], Trend.SPORADIC),
        ([30] * 11 + [0], Trend.HISTORICAL),
        ([0] * 12, None),
    ],
)
def test_a_cell_is_named_after_how_it_was_hot(heights: list[int], trend: Trend | None) -> None:
    ground = np.random.default_rng(4).poisson(2.0, (20, 20)).astype(float)
    counts = np.repeat(ground[None], len(heights), axis=0)
    counts[:, 9:12, 9:12] += np.array(heights, float)[:, None, None]
    assert trend_classes(counts)[10, 10] is trend
