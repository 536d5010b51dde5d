"""New clusters of events: found where and when they begin, and not where one only reports more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.space_time_scan import Floats, Ints, ScanSettings, new_clusters

LAST = 363
QUICK = ScanSettings(replicates=99)


def year(n: int = 400, seed: int = 1, size_m: float = 6000.0) -> tuple[Floats, Ints]:
    """Events of a year all over a district, without any cluster."""
    random = np.random.default_rng(seed)
    return random.uniform(0, size_m, (n, 2)), random.integers(0, LAST + 1, n)


def around(x: float, y: float, events: int, seed: int) -> Floats:
    """Events at one place."""
    return np.random.default_rng(seed).normal(0, 60, (events, 2)) + np.array([x, y])


def planted(events: int = 8, days: int = 20) -> tuple[Floats, Ints]:
    """The same with new events around (2000, 4500) in the last days; they are the first rows."""
    xy, day = year()
    xy[:events] = around(2000, 4500, events, 2)
    day[:events] = np.random.default_rng(2).integers(LAST - days + 1, LAST + 1, events)
    return xy, day


def test_a_new_cluster_is_found_in_its_place_and_time() -> None:
    xy, day = planted()
    (cluster,) = new_clusters(xy, day, LAST, seed=1)
    assert np.hypot(cluster.x - 2000, cluster.y - 4500) < cluster.radius_m <= 300
    assert LAST - 27 <= cluster.first_day <= LAST - 13
    assert set(range(8)) <= set(cluster.members)
    assert cluster.observed == len(cluster.members)
    assert cluster.p == 0.001


def test_what_is_expected_is_the_places_share_of_the_weeks_events() -> None:
    xy, day = planted()
    (cluster,) = new_clusters(xy, day, LAST, seed=1, settings=QUICK)
    # In 52 whole weeks all events are in the history.
    inside = np.hypot(*(xy - (cluster.x, cluster.y)).T) <= cluster.radius_m
    recent = day >= cluster.first_day
    assert cluster.observed == (inside & recent).sum()
    assert cluster.expected == pytest.approx(inside.sum() * recent.sum() / len(day))


def test_the_recurrence_interval_is_one_over_p_and_the_pace_of_scanning() -> None:
    xy, day = planted()
    (nightly,) = new_clusters(xy, day, LAST, seed=1, settings=QUICK)
    (weekly,) = new_clusters(xy, day, LAST, seed=1, settings=replace(QUICK, scans_per_year=52.0))
    assert nightly.p == weekly.p == 0.01
    assert nightly.recurrence_days == pytest.approx(100.0)
    assert weekly.recurrence_days == pytest.approx(100 * 365 / 52)


def test_an_old_cluster_that_has_ended_is_not_new() -> None:
    xy, day = planted()
    day[:8] -= 120
    assert new_clusters(xy, day, LAST, seed=1, settings=QUICK) == []


def test_more_reports_everywhere_are_no_cluster() -> None:
    xy, day = year()
    day[:150] = np.random.default_rng(3).integers(LAST - 13, LAST + 1, 150)
    assert new_clusters(xy, day, LAST, seed=1, settings=QUICK) == []


def test_a_place_that_always_reports_much_is_no_cluster() -> None:
    xy, day = year()
    xy[:150] = around(3000, 3000, 150, 4)
    assert new_clusters(xy, day, LAST, seed=1, settings=QUICK) == []


def test_shuffled_days_give_a_cluster_no_more_often_than_stated() -> None:
    found = 0
    for seed in range(20):
        xy, day = planted()
        shuffled = np.random.default_rng(seed).permutation(day)
        found += bool(new_clusters(xy, shuffled, LAST, seed=seed, settings=QUICK))
    # One in twenty is stated; more than four of twenty would come by chance in 3 of 1,000 cases.
    assert found <= 4


def test_two_clusters_are_told_apart_and_one_is_not_told_twice() -> None:
    xy, day = planted()
    xy[8:16] = around(5000, 1000, 8, 5)
    day[8:16] = LAST - np.arange(8)
    found = new_clusters(xy, day, LAST, seed=1, settings=QUICK)
    assert len(found) == 2
    apart = np.hypot(found[0].x - found[1].x, found[0].y - found[1].y)
    assert apart >= found[0].radius_m + found[1].radius_m
    assert not set(found[0].members) & set(found[1].members)


def test_events_on_known_ground_are_left_out() -> None:
    xy, day = planted()
    catchment = shapely.Point(2000, 4500).buffer(400)
    assert new_clusters(xy, day, LAST, seed=1, known=catchment, settings=QUICK) == []
    assert new_clusters(xy, day, LAST, seed=1, known=shapely.Polygon(), settings=QUICK) != []


def test_what_comes_later_changes_nothing() -> None:
    xy, day = planted()
    now = new_clusters(xy, day, LAST, seed=1, settings=QUICK)
    later = new_clusters(
        np.vstack([xy, [[10.0, 10.0]] * 9]), np.r_[day, [LAST + 1] * 9], LAST, seed=1, settings=QUICK
    )
    assert now == later


def test_light_events_weigh_less() -> None:
    xy, day = planted()
    weight = np.ones(len(day))
    weight[:8] = 0.3
    assert new_clusters(xy, day, LAST, seed=1, weight=weight, settings=QUICK) == []


def test_discs_too_small_to_hold_anything_find_nothing() -> None:
    xy = np.array([[0.0, 0.0], [100.0, 100.0]])
    assert new_clusters(xy, np.array([LAST, 0]), LAST, seed=1, settings=replace(QUICK, radii_m=(5.0,))) == []


def test_the_same_seed_gives_the_same_answer() -> None:
    xy, day = planted()
    one, other = (new_clusters(xy, day, LAST, seed=7, settings=QUICK) for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    ("xy", "day"),
    [
        (np.empty((0, 2)), np.empty(0, dtype=np.int64)),
        (np.array([[1.0, 1.0]]), np.array([LAST])),
        (np.full((5, 2), np.nan), np.arange(5)),
        (np.random.default_rng(1).uniform(0, 5000, (40, 2)), np.full(40, LAST)),
        (np.full((40, 2), 100.0), np.arange(LAST - 39, LAST + 1)),
        (np.full((40, 2), 100.0), np.full(40, LAST + 5)),
    ],
    ids=["none", "one", "no points", "all on one day", "all at one place", "all in the future"],
)
def test_without_contrast_there_is_no_cluster(xy: Floats, day: Ints) -> None:
    assert new_clusters(xy, day, LAST, seed=1, settings=QUICK) == []


@settings(max_examples=20)
@given(
    events=st.lists(
        st.tuples(
            st.sampled_from([0.0, 50.0, 900.0, 4000.0, float("nan")]),
            st.integers(LAST - 400, LAST + 20),
            st.sampled_from([0.0, 0.5, 1.0, float("nan")]),
        ),
        max_size=30,
    )
)
def test_no_history_breaks_the_scan(events: list[tuple[float, int, float]]) -> None:
    xy = np.array([(x, x) for x, _, _ in events], dtype=float).reshape(-1, 2)
    day = np.array([day for _, day, _ in events], dtype=np.int64)
    weight = np.array([one for _, _, one in events], dtype=float)
    for found in new_clusters(xy, day, LAST, seed=1, weight=weight, settings=replace(QUICK, replicates=19)):
        assert found.observed > found.expected
        assert 0 < found.p <= QUICK.largest_p
