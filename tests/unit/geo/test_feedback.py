"""Weights against the feedback loop: what a finding counts, and what the weights do to the two-region urn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.feedback import (
    LARGEST_WEIGHT,
    rate_weights,
    selection_weights,
    visit_probability,
    weighted_counts,
)
from tests.benchmarks.feedback import RANDOM_SHARE, TRUE_SHARE, final_shares


def test_a_finding_counts_one_over_its_chance_of_being_looked_at_up_to_the_bound() -> None:
    weights = selection_weights(np.array([1.0, 0.5, 0.001]))
    assert weights.tolist() == [1.0, 2.0, LARGEST_WEIGHT]


def test_a_visit_without_a_known_chance_counts_once() -> None:
    assert selection_weights(np.array([np.nan, 0.0, -1.0, 1.5])).tolist() == [1.0] * 4


@given(st.lists(st.floats(), max_size=20))
def test_weights_are_always_between_one_and_the_bound(chances: list[float]) -> None:
    weights = selection_weights(np.array(chances, float))
    assert ((weights >= 1) & (weights <= LARGEST_WEIGHT)).all()


def test_weights_of_rates_sum_to_the_number_of_checks_they_are_worth() -> None:
    # 2 and 1 make 3; (2 + 1)^2 / (4 + 1) = 9/5 checks.
    assert rate_weights(np.array([0.5, 1.0])).tolist() == pytest.approx([6 / 5, 3 / 5])
    assert rate_weights(np.array([0.5, 1.0, np.nan])).tolist() == pytest.approx([6 / 5, 3 / 5, 1.0])
    assert rate_weights(np.array([0.1, 0.1])).tolist() == pytest.approx([1.0, 1.0])
    assert rate_weights(np.array([])).tolist() == []


@given(st.lists(st.floats(), max_size=20))
def test_weights_of_rates_are_never_worth_more_than_the_checks(chances: list[float]) -> None:
    weights = rate_weights(np.array(chances, float))
    assert (weights > 0).all()
    assert weights.sum() <= len(chances) + 1e-9


def test_counts_weigh_each_finding_at_its_place() -> None:
    counts = weighted_counts(np.array([0, 0, 2, -1]), np.array([1.0, 2.0, 4.0, 8.0]), 3)
    assert counts.tolist() == [3.0, 0.0, 4.0]


def test_every_place_can_be_visited_while_something_is_drawn() -> None:
    chance = visit_probability(np.array([[0.0, 5.0], [0.0, 0.0]]), 0.15)
    assert chance[0].tolist() == pytest.approx([0.075, 0.925])
    assert chance[1].tolist() == [0.5, 0.5]


def test_weighted_findings_keep_the_true_share_where_plain_ones_run_away() -> None:
    ours = final_shares(4000, 60, 1, weighted=True, random_share=RANDOM_SHARE)
    naive = final_shares(4000, 60, 1, weighted=False, random_share=0.0)
    assert ours.mean() == pytest.approx(TRUE_SHARE, abs=0.02)
    assert naive.mean() > 0.75
