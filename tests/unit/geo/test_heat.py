"""The heat of signals: where they lie, on a scale that lets months be compared."""

from __future__ import annotations

import numpy as np
import pytest

from geo.heat import heat

BOUNDS = (105.75, 20.95, 105.79, 20.99)


def test_heat_lies_where_the_events_are() -> None:
    found = heat(np.array([105.76]), np.array([20.98]), np.ones(1), BOUNDS, 1.0)
    row, column = np.unravel_index(found.values.argmax(), found.values.shape)
    west, south, east, north = found.bounds
    assert west + (column + 0.5) / found.values.shape[1] * (east - west) == pytest.approx(105.76, abs=1e-3)
    assert south + (row + 0.5) / found.values.shape[0] * (north - south) == pytest.approx(20.98, abs=1e-3)
    assert found.events == 1


def test_twice_the_months_is_half_the_heat() -> None:
    one = heat(np.array([105.77]), np.array([20.97]), np.ones(1), BOUNDS, 1.0)
    two = heat(np.array([105.77]), np.array([20.97]), np.ones(1), BOUNDS, 2.0)
    assert two.values.max() == pytest.approx(one.values.max() / 2)


def test_events_outside_or_without_a_place_and_no_events_are_cold() -> None:
    outside = heat(np.array([104.0, np.nan]), np.array([20.97, np.nan]), np.ones(2), BOUNDS, 1.0)
    assert outside.events == 0 and outside.values.max() == 0
    assert heat(np.empty(0), np.empty(0), np.empty(0), BOUNDS, 1.0).values.max() == 0


def test_heat_never_leaves_its_scale() -> None:
    found = heat(np.full(500, 105.77), np.full(500, 20.97), np.ones(500), BOUNDS, 1.0)
    assert found.values.min() >= 0 and found.values.max() == 1
