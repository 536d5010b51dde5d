"""Weekly counts that rise above a place's own quiet past: the statistical detector of reactivation.

At week t every place is tested on its last week and on its last four weeks together. What to expect is its own
past up to ``guard_weeks`` before (so that a slow rise does not hide in its own baseline; past outbreaks count
only as far as they were usual), drawn towards the rate of all places up to t, which serves alone where a place
has no past yet. The count is compared with the negative binomial that this leaves open: the uncertain rate
(gamma posterior) and the place's own unsteadiness. The alarm goes off when the last weeks have fallen below a
share of the episode's highest level.

Strictly prospective: what is said of week t uses weeks up to t only, of this and the other places. One setting
for all places; how it was chosen and how flat the choice is stands in the benchmark's README. Sources of the
method: predictive tests of Riebler (2004) and Salmon, Schumacher and Höhle (2016); gamma-Poisson pooling
(Clayton and Kaldor 1987).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from geo.count_baseline import Baseline, DetectorSettings, Floats, Places, WindowTest

__all__ = [
    "ControlChart",
    "DetectorResult",
    "DetectorSettings",
    "FalseAlarms",
    "control_chart",
    "false_alarms_per_year",
    "weekly_alarms",
]

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class DetectorResult:
    """What is said of each place and week; all arrays (places, weeks).

    ``tail``: how unusual the count is, 0-1: the smallest upper tail probability over the windows, on the scale
    of the first window's level (``settings.levels[0]``, beyond which the test fires); 1 where fewer than
    ``min_count`` were seen, NaN in missing weeks. ``expected``: the count of this week to expect while quiet.
    ``alarm``: the test fired and the episode has not subsided; never in a missing week.
    """

    tail: Floats
    expected: Floats
    alarm: Bools


@dataclass(frozen=True)
class ControlChart:
    """One place's weeks, arrays (weeks,): observed (NaN: missing), expected, the count from which on the test
    fires given the weeks before (the threshold, a whole number), and whether an alarm was on."""

    observed: Floats
    expected: Floats
    threshold: Floats
    tail: Floats
    alarm: Bools


@dataclass(frozen=True)
class FalseAlarms:
    """What a place that stays quiet costs in a year of 52 weeks: alarm weeks, and episodes (runs of them)."""

    weeks: float
    episodes: float


def weekly_alarms(
    counts: npt.ArrayLike, *, exposure: npt.ArrayLike | None = None, settings: DetectorSettings | None = None
) -> DetectorResult:
    """Test every place in every week.

    ``counts``: (places, weeks), not negative, may be weighted; NaN is a missing week, which is no zero.
    ``exposure``: (places, weeks), how intensively was looked or reported (patrols made, tips of the whole
    district); only its proportions matter. Counts are judged by their rate per exposure, so more patrols that
    find proportionally more are no rise. A week with exposure 0 and nothing seen is missing; with something
    seen it counts at the average exposure. Raises ValueError on negative numbers or other shapes.
    """
    settings = settings or DetectorSettings()
    places = Places.of(counts, exposure, settings)
    shape = places.seen.shape
    result = DetectorResult(np.empty(shape), np.empty(shape), np.zeros(shape, dtype=bool))
    for rows in places.blocks():
        baseline = places.baseline(rows)
        tail, expected = _tested(baseline, settings)
        result.tail[rows], result.expected[rows] = tail, expected
        result.alarm[rows] = _episodes(tail < settings.levels[0], baseline, settings)
    return result


def _tested(baseline: Baseline, settings: DetectorSettings) -> tuple[Floats, Floats]:
    """(places, weeks) smallest tail on the first window's scale, and the expected count of the week."""
    tail = np.ones(baseline.shape)
    tests = {weeks: baseline.test(weeks) for weeks in {1, *settings.windows}}
    for weeks, level in zip(settings.windows, settings.levels, strict=True):
        np.minimum(tail, tests[weeks].tail(settings.min_count) * (settings.levels[0] / level), out=tail)
    missing = ~baseline.observed
    expected = tests[1].mean
    tail[missing] = np.nan
    expected[missing] = np.nan
    return tail, expected


def _episodes(fired: Bools, baseline: Baseline, settings: DetectorSettings) -> Bools:
    """Drop the weeks in which an episode has subsided: the recent rate is below a share of its highest."""
    # Weeks first: each step of the loop then reads what lies together.
    level = np.ascontiguousarray(baseline.recent_rate(settings.closing_weeks).T)
    on, observed = np.ascontiguousarray(fired.T), np.ascontiguousarray(baseline.observed.T)
    alarm = np.zeros_like(on)
    peak = np.zeros(on.shape[1])
    for week in range(len(on)):
        highest = np.where(on[week], np.maximum(peak, level[week]), 0.0)
        # A missing week neither prolongs nor ends an episode.
        peak = np.where(observed[week], highest, peak)
        alarm[week] = on[week] & (level[week] >= settings.closing_share * peak)
    return alarm.T


def control_chart(
    counts: npt.ArrayLike,
    place: int,
    *,
    exposure: npt.ArrayLike | None = None,
    settings: DetectorSettings | None = None,
) -> ControlChart:
    """The weeks of one place (its row in ``counts``) with the threshold that each week's count was held to."""
    settings = settings or DetectorSettings()
    places = Places.of(counts, exposure, settings)
    baseline = places.baseline(slice(place, place + 1))
    tail, expected = _tested(baseline, settings)
    needed = [
        _needed(baseline.test(k), a, settings) for k, a in zip(settings.windows, settings.levels, strict=True)
    ]
    threshold = np.where(baseline.observed, np.min(needed, axis=0), np.nan)
    alarm = _episodes(tail < settings.levels[0], baseline, settings)
    return ControlChart(places.seen[place], expected[0], threshold[0], tail[0], alarm[0])


def _needed(test: WindowTest, level: float, settings: DetectorSettings) -> Floats:
    """The smallest whole count of the last week with which the window would fire; 0 if it does without,
    infinite where nothing could be seen."""
    possible = test.mean > 0

    def fires(count: Floats) -> Bools:
        return replace(test, count=test.before + count).tail(settings.min_count) < level

    low, high = np.full(test.count.shape, -1.0), np.ones(test.count.shape)
    while (calm := ~fires(high) & possible).any():
        low, high = np.where(calm, high, low), np.where(calm, 2 * high, high)
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        enough = fires(middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(possible, np.maximum(high, 0.0), np.inf)


def false_alarms_per_year(
    rate: float,
    *,
    settings: DetectorSettings | None = None,
    dispersion: float | None = None,
    seed: int = 1,
    years: int = 400,
) -> FalseAlarms:
    """How often places alarm that stay quiet at ``rate`` a week: counted in ``years`` simulated years.

    Negative binomial weeks with variance rate + dispersion · rate² (by default the settings' prior), a history
    as long as the detector uses, then two years that are counted; a fixed ``seed`` gives the same answer. It
    says what chance alone does; a real past that was not quiet is measured by ``backtest alerts``.
    """
    settings = settings or DetectorSettings()
    spread = settings.dispersion if dispersion is None else dispersion
    random = np.random.default_rng(seed)
    places, counted = max(years // 2, 1), 104
    size = (places, settings.history_weeks + settings.guard_weeks + counted)
    rates = rate * random.gamma(1 / spread, spread, size) if spread > 0 else np.full(size, rate)
    alarm = weekly_alarms(random.poisson(rates), settings=settings).alarm[:, -counted:]
    begins = alarm[:, 1:] & ~alarm[:, :-1]
    simulated = places * counted / 52
    return FalseAlarms(float(alarm.sum() / simulated), float((begins.sum() + alarm[:, 0].sum()) / simulated))
