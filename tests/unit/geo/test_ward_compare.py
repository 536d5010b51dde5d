"""Wards are compared so that chance is not mistaken for work, or the want of it."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from geo.ward_compare import Standing, compare, funnel, wilson

COUNTS = st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_the_interval_is_wilsons() -> None:
    # 10 of 20, by hand: (0.5 + z²/40) / (1 + z²/20) = 0.5; half = z*sqrt(.25/20 + z²/1600)/(1 + z²/20)
    z = NormalDist().inv_cdf(0.975)
    half = z * (0.25 / 20 + z * z / 1600) ** 0.5 / (1 + z * z / 20)
    assert wilson(10, 20) == pytest.approx((0.5 - half, 0.5 + half), abs=1e-6)


@pytest.mark.parametrize(("k", "n"), [(0, 1), (1, 1), (0, 50), (50, 50)])
def test_an_interval_of_all_or_nothing_stays_inside_0_and_1(k: int, n: int) -> None:
    low, high = wilson(k, n)
    assert 0 <= low <= k / n <= high <= 1
    assert high - low > 0


def test_a_ward_with_one_premises_is_never_out_of_the_ordinary() -> None:
    big = [(f"{i}", f"Phường {i}", 50, 100) for i in range(4)]
    small = compare([*big, ("x", "Nhỏ", 1, 1), ("y", "Nhỏ nữa", 0, 1)])[-2:]
    assert [one.standing for one in small] == [Standing.INSIDE, Standing.INSIDE]
    assert all(one.rank_high is not None and one.rank_low is not None for one in small)
    assert all(one.rank_high - one.rank_low >= 3 for one in small), "its rank is anybody's guess"  # type: ignore[operator]


def test_a_large_ward_far_from_the_others_is_told_apart() -> None:
    wards = [(f"{i}", f"Phường {i}", 120, 200) for i in range(5)] + [("x", "Thấp", 60, 200)]
    low = compare(wards)[-1]
    assert low.standing is Standing.FAR_BELOW
    assert (low.rank, low.rank_low, low.rank_high) == (6, 6, 6)


def test_a_ward_without_premises_has_no_share_and_no_rank() -> None:
    none, some = compare([("a", "Trống", 0, 0), ("b", "Có", 3, 4)])
    assert (none.share, none.rank, none.standing) == (None, None, Standing.NOTHING)
    assert some.share == 0.75 and some.rank == 1


def test_no_wards_no_figures() -> None:
    assert compare([]) == []


@given(st.lists(COUNTS, min_size=1, max_size=8))
def test_what_holds_for_any_counts(counts: list[tuple[int, int]]) -> None:
    told = compare([(str(i), str(i), k, n) for i, (k, n) in enumerate(counts)])
    for one in told:
        if one.n == 0:
            continue
        assert one.low is not None and one.high is not None and one.share is not None
        assert one.low - 1e-9 <= one.share <= one.high + 1e-9
        assert one.rank is not None and one.rank_low is not None and one.rank_high is not None
        assert 1 <= one.rank_low <= one.rank <= one.rank_high <= len(told)


@given(st.floats(0.05, 0.95), st.integers(5, 300))
def test_chance_alone_leaves_the_funnel_as_seldom_as_it_says(overall: float, largest: int) -> None:
    limits = funnel(overall, largest)
    counts = np.arange(largest + 1)
    outside = (counts / largest > limits.far_high[-1] + 1e-9) | (counts / largest < limits.far_low[-1] - 1e-9)
    assert binom.pmf(counts[outside], largest, overall).sum() <= 0.003
    inner, outer = limits.high - limits.low, limits.far_high - limits.far_low
    assert (outer >= inner - 1e-9).all()
