"""The detector of weekly counts: what it promises about returning, quiet and differently watched places."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from geo.count_detector import DetectorSettings, control_chart, false_alarms_per_year, weekly_alarms

Floats = npt.NDArray[np.float64]
STATED = DetectorSettings()
COUNTS = st.one_of(st.just(0.0), st.floats(0, 40), st.integers(0, 500).map(float), st.just(float("nan")))


def quiet(places: int = 12, weeks: int = 156, rate: float = 0.3, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).poisson(rate, (places, weeks)).astype(float)


def test_a_returning_place_is_alerted_within_two_weeks_and_the_quiet_ones_hardly_ever() -> None:
    counts = quiet()
    counts[0] = 0
    counts[0, 130:] = np.resize([1, 2, 3, 2, 4], 26)
    alarm = weekly_alarms(counts).alarm
    assert 130 <= int(np.flatnonzero(alarm[0])[0]) <= 132
    assert alarm[0, 132:140].all()
    assert alarm[1:].mean() < 0.04


def test_a_slow_rise_below_any_weekly_bound_is_found_by_the_four_weeks_together() -> None:
    counts = np.ones((8, 150))
    counts[0, 140:] = 3
    assert not weekly_alarms(counts, settings=replace(STATED, windows=(1,), levels=(0.07,))).alarm[0].any()
    assert weekly_alarms(counts).alarm[0, 143:].all()


@settings(max_examples=15, deadline=None)
@given(arrays(float, (4, 60), elements=COUNTS), st.integers(1, 59))
def test_what_is_said_of_a_week_never_depends_on_later_weeks_of_any_place(counts: Floats, week: int) -> None:
    whole, known = weekly_alarms(counts), weekly_alarms(counts[:, :week])
    np.testing.assert_array_equal(whole.alarm[:, :week], known.alarm)
    np.testing.assert_array_equal(whole.tail[:, :week], known.tail)
    np.testing.assert_array_equal(whole.expected[:, :week], known.expected)


@settings(max_examples=15, deadline=None)
@given(
    arrays(float, (3, 40), elements=COUNTS), arrays(float, (3, 40), elements=st.sampled_from([0, 0.5, 1, 7]))
)
def test_whatever_the_counts_the_answer_is_a_probability_and_missing_weeks_have_none(
    counts: Floats, exposure: Floats
) -> None:
    result = weekly_alarms(counts, exposure=exposure)
    missing = np.isnan(result.tail)
    assert (missing >= np.isnan(counts)).all()
    assert ((result.tail >= 0) & (result.tail <= 1) | missing).all()
    assert (result.expected[~missing] > 0).all()
    assert not (result.alarm & missing).any()


def test_the_order_of_the_places_does_not_matter() -> None:
    counts, order = quiet(seed=4), np.random.default_rng(2).permutation(12)
    np.testing.assert_array_equal(weekly_alarms(counts).alarm[order], weekly_alarms(counts[order]).alarm)


def test_twice_the_patrols_finding_twice_as_much_are_no_more_alarms_than_before() -> None:
    random = np.random.default_rng(3)
    patrols = np.full((60, 208), 2.0)
    patrols[:, 150:] *= 2
    counts = random.poisson(0.25 * patrols).astype(float)
    told, untold = weekly_alarms(counts, exposure=patrols).alarm, weekly_alarms(counts).alarm
    assert told[:, 150:].mean() <= told[:, 100:150].mean() * 1.1
    assert untold[:, 150:].mean() > 2 * untold[:, 100:150].mean()


def test_a_rise_at_the_same_number_of_patrols_is_found_as_well_as_without_exposure() -> None:
    counts = quiet(seed=5)
    counts[0, 140:] += 4
    even = weekly_alarms(counts, exposure=np.full_like(counts, 3.0))
    np.testing.assert_array_equal(even.alarm, weekly_alarms(counts).alarm)


def test_a_report_in_a_week_without_any_recorded_patrol_still_counts() -> None:
    counts, patrols = quiet(seed=6), np.ones((12, 156))
    counts[0, 150], patrols[0, 150] = 6, 0
    counts[1, 150], patrols[1, 150] = 0, 0
    result = weekly_alarms(counts, exposure=patrols)
    assert result.alarm[0, 150]
    assert np.isnan(result.tail[1, 150])


def test_missing_weeks_are_no_zeros() -> None:
    counts = np.tile([2.0, 3.0], (6, 60))
    gappy = counts.copy()
    gappy[0, 60:100:2] = np.nan
    zeros = np.nan_to_num(gappy)
    expected = [float(weekly_alarms(one).expected[0, 119]) for one in (counts, gappy, zeros)]
    assert expected[1] == pytest.approx(expected[0], rel=0.15)
    assert expected[2] < 0.9 * expected[0]
    assert not weekly_alarms(gappy).alarm[0].any()


def test_a_missing_week_does_not_end_an_episode() -> None:
    counts = np.zeros((5, 80))
    counts[0, 60:70] = [9, 9, 9, 9, np.nan, 9, 9, 1, 1, 1]
    alarm = weekly_alarms(counts).alarm[0]
    assert alarm[60:64].all() and not alarm[64] and alarm[65:67].all()
    assert not alarm[69:].any()


def test_a_place_without_a_past_is_judged_by_the_others_from_its_first_week() -> None:
    counts = quiet(places=20, weeks=60)
    counts[0, :50] = np.nan
    counts[0, 50:54] = [0, 6, 7, 8]
    assert not weekly_alarms(counts).alarm[0, 50]
    assert weekly_alarms(counts).alarm[0, 51:54].all()
    busy = counts + 6
    assert not weekly_alarms(busy).alarm[0, 50:52].any()


def test_one_report_alone_never_alarms() -> None:
    counts = np.zeros((30, 156))
    counts[np.arange(30), np.arange(30) * 5] = 1
    assert not weekly_alarms(counts).alarm.any()


def test_a_past_outbreak_does_not_hide_the_next_but_a_lasting_new_level_is_learnt() -> None:
    counts = quiet(places=10, weeks=300, seed=7)
    counts[0, 100:112] += 30
    counts[0, 180:186] += 5
    counts[1, 100:] += 5
    alarm = weekly_alarms(counts).alarm
    assert alarm[0, 100:112].all()
    assert alarm[0, 181:186].all()
    assert alarm[1, 101:110].all()
    assert alarm[1, 250:].mean() < 0.1


def test_the_alarm_goes_off_when_the_counts_have_fallen_well_below_the_peak() -> None:
    counts = np.zeros((6, 100))
    counts[0, 60:75] = [6, 20, 40, 40, 30, 20, 10, 6, 4, 3, 2, 2, 1, 1, 0]
    alarm = weekly_alarms(counts).alarm[0]
    assert alarm[60:66].all()
    assert not alarm[69:].any()


def test_the_tail_is_that_of_the_negative_binomial_the_settings_describe() -> None:
    plain = replace(
        STATED,
        windows=(1,),
        levels=(0.05,),
        guard_weeks=0,
        min_count=0,
        dispersion_range=(0.5, 0.5),
        usual_limit=1e9,
    )
    counts = np.array([[2.0, 0, 1, 3, 0, 5]])
    pooled = (11 + 0.5) / (6 + 1)
    shape, rate = 6 + 2.0, 5 + 2.0 / pooled
    mean, size = shape / rate, 1 / (1 / shape + 0.5)
    result = weekly_alarms(counts, settings=plain)
    assert result.expected[0, 5] == pytest.approx(mean)
    assert result.tail[0, 5] == pytest.approx(stats.nbinom.sf(4, size, size / (size + mean)))


def test_the_chart_shows_the_count_from_which_on_the_test_fires() -> None:
    counts = quiet(seed=8)
    counts[2, 100:110] += 3
    counts[2, 120] = np.nan
    chart, result = control_chart(counts, 2), weekly_alarms(counts)
    np.testing.assert_array_equal(chart.alarm, result.alarm[2])
    np.testing.assert_array_equal(chart.expected, result.expected[2])
    seen = ~np.isnan(chart.observed)
    fired = result.tail[2, seen] < STATED.levels[0]
    np.testing.assert_array_equal(chart.observed[seen] >= chart.threshold[seen], fired)
    assert np.isnan(chart.threshold[120])
    assert (chart.threshold[seen] == np.round(chart.threshold[seen])).all()


def test_false_alarms_a_year_are_what_quiet_places_then_show() -> None:
    told = false_alarms_per_year(0.4, dispersion=0.0)
    random = np.random.default_rng(99)
    alarm = weekly_alarms(random.poisson(0.4, (200, 260))).alarm[:, -104:]
    assert told.weeks == pytest.approx(alarm.mean() * 52, rel=0.3)
    assert 0 < told.episodes <= told.weeks
    assert told == false_alarms_per_year(0.4, dispersion=0.0)


def test_a_stricter_setting_means_fewer_false_alarms() -> None:
    strict = replace(STATED, levels=(0.007, 0.001))
    assert false_alarms_per_year(0.4, settings=strict).weeks < false_alarms_per_year(0.4).weeks / 3


@pytest.mark.parametrize("wrong", [-1.0, float("inf")])
def test_counts_and_exposure_that_cannot_be_are_refused(wrong: float) -> None:
    fine, bad = np.ones((2, 3)), np.array([[1, 1, 1], [1, wrong, 1]])
    with pytest.raises(ValueError, match="finite"):
        weekly_alarms(bad)
    with pytest.raises(ValueError, match="finite"):
        weekly_alarms(fine, exposure=bad)
    with pytest.raises(ValueError, match="places, weeks"):
        weekly_alarms(fine, exposure=np.ones((2, 4)))


@pytest.mark.parametrize("shape", [(0, 10), (3, 0), (1, 1)])
def test_nothing_to_look_at_gives_nothing(shape: tuple[int, int]) -> None:
    assert weekly_alarms(np.zeros(shape)).alarm.shape == shape
    assert not weekly_alarms(np.zeros(shape)).alarm.any()


def test_a_quarter_of_ten_thousand_places_and_ten_years_takes_a_quarter_of_ten_seconds() -> None:
    random = np.random.default_rng(1)
    counts = random.poisson(random.gamma(0.5, 0.6, (2500, 520)))
    start = time.process_time()
    weekly_alarms(counts)
    assert time.process_time() - start < 2.5
