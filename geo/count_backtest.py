"""How well alarms on weekly counts find labelled outbreaks: the measures of ``backtest alerts``.

Counts are pooled over all weeks of all series, without burn-in. Lag: weeks from the first labelled week of an
episode to the first alarm then or later, at most 20 (also where there is none); mean per series, then over the
series that have episodes. False alarms a year: alarm weeks outside labels per series and 52 weeks. Weeks whose
count is missing are left out of all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.count_detector import DetectorSettings, weekly_alarms

LONGEST_LAG = 20
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Labelled:
    """Series with labelled outbreaks: counts (NaN missing), labels, which weeks exist; (series, weeks)."""

    names: tuple[str, ...]
    counts: npt.NDArray[np.float64]
    outbreak: Bools
    listed: Bools

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Labelled:
        """From rows ``series``, ``week`` (whole numbers, one apart), ``count`` (may be missing), ``outbreak``.

        Series keep their order of appearance and are laid side by side by the week's number; weeks without a
        row are missing. Raises ValueError where a series has a week twice.
        """
        names = list(dict.fromkeys(frame["series"]))
        row = pd.Index(names).get_indexer(frame["series"])
        week = frame["week"].to_numpy(dtype=np.int64)
        column = week - week.min() if len(week) else week
        shape = (len(names), int(column.max()) + 1 if len(week) else 0)
        counts, outbreak, listed = np.full(shape, np.nan), np.zeros(shape, bool), np.zeros(shape, bool)
        counts[row, column] = frame["count"].to_numpy(dtype=float)
        outbreak[row, column] = frame["outbreak"].to_numpy(dtype=float) > 0
        listed[row, column] = True
        if int(listed.sum()) != len(frame):
            raise ValueError("a week of a series is there twice")
        return cls(tuple(map(str, names)), counts, outbreak, listed)

    def part(self, rows: npt.NDArray[np.intp] | list[int]) -> Labelled:
        """Some of the series."""
        names = tuple(self.names[row] for row in rows)
        return Labelled(names, self.counts[rows], self.outbreak[rows], self.listed[rows])

    def episodes(self, row: int) -> list[int]:
        """Columns in which the labelled episodes of a series begin; a missing week does not split one."""
        columns = np.flatnonzero(self.listed[row])
        labels = self.outbreak[row, columns]
        begins = labels & ~np.concatenate([[False], labels[:-1]]) if len(labels) else labels
        return [int(column) for column in columns[begins]]


@dataclass(frozen=True)
class Measures:
    """See the module; None where there is nothing to measure on."""

    sensitivity: float | None
    specificity: float | None
    lag_weeks: float | None
    f1: float | None
    false_alarms_per_year: float | None

    def to_json(self, *names: str) -> dict[str, float | None]:
        """The named measures, rounded."""
        values = {name: getattr(self, name) for name in names}
        return {name: None if value is None else round(value, 4) for name, value in values.items()}


def measure(alarm: npt.ArrayLike, labelled: Labelled) -> Measures:
    """Measure alarms (series, weeks) over all the series together."""
    alarms = np.asarray(alarm, dtype=bool)
    counted = labelled.listed & ~np.isnan(labelled.counts)
    positive, negative = counted & labelled.outbreak, counted & ~labelled.outbreak
    hits, false = int((alarms & positive).sum()), int((alarms & negative).sum())
    labels, quiet, weeks = int(positive.sum()), int(negative.sum()), int(counted.sum())
    lags = [lag for row in range(len(labelled.names)) if (lag := _lag(alarms, labelled, row)) is not None]
    return Measures(
        sensitivity=hits / labels if labels else None,
        specificity=1 - false / quiet if quiet else None,
        lag_weeks=float(np.mean(lags)) if lags else None,
        f1=2 * hits / (labels + hits + false) if labels + hits + false else None,
        false_alarms_per_year=52 * false / weeks if weeks else None,
    )


def _lag(alarms: Bools, labelled: Labelled, row: int) -> float | None:
    begins = labelled.episodes(row)
    if not begins:
        return None
    lags = []
    for begin in begins:
        found = np.flatnonzero(alarms[row, begin : begin + LONGEST_LAG])
        lags.append(int(found[0]) if len(found) else LONGEST_LAG)
    return float(np.mean(lags))


def backtest_alerts(frame: pd.DataFrame, settings: DetectorSettings | None = None) -> dict[str, Any]:
    """Measure the detector on rows as ``Labelled.of`` takes them: the document of ``backtest alerts``."""
    settings = settings or DetectorSettings()
    labelled = Labelled.of(frame)
    alarm = weekly_alarms(labelled.counts, settings=settings).alarm
    own = ("sensitivity", "specificity", "lag_weeks", "false_alarms_per_year")
    series = [
        {"series": name, **measure(alarm[[row]], labelled.part([row])).to_json(*own)}
        for row, name in enumerate(labelled.names)
    ]
    overall = measure(alarm, labelled).to_json("sensitivity", "specificity", "lag_weeks", "f1", own[-1])
    return {
        "series": series,
        "overall": overall,
        "detector": {"name": settings.name, "version": settings.version},
    }
