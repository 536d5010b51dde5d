"""The weekly counts inside each hotspot's catchment, and the control chart of one hotspot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from app.services.facts import Known
from geo.count_detector import DetectorSettings, control_chart
from geo.weekly_counts import WEEKS, Bools, Floats, WeeklyCounts, weekly_counts


def counts_of(known: Known, *, weeks: int = WEEKS) -> WeeklyCounts:
    """The weekly counts of every hotspot that holds on the day, over the whole database: how much is reported
    in a district does not depend on who looks at it."""
    whole = known.whole
    return weekly_counts(
        whole.hotspots,
        signals=whole.signals,
        patrols=whole.patrols,
        findings=whole.findings,
        inspections=whole.inspections,
        licences=whole.licences,
        premises=whole.premises,
        transitions=whole.transitions,
        as_of=known.day,
        weeks=weeks,
    )


@dataclass(frozen=True)
class HotspotChart:
    """One hotspot's weeks, arrays (weeks,), the last one ending on the day.

    ``observed``: weighted events, NaN in a week without any record of the district. ``expected`` and
    ``threshold`` (the count from which on the detector speaks): NaN while the hotspot was not quiet.
    """

    last_days: pd.DatetimeIndex
    observed: Floats
    expected: Floats
    threshold: Floats
    alarm: Bools

    @property
    def judged(self) -> bool:
        """Whether the detector looks at the hotspot at all."""
        return bool(np.isfinite(self.threshold).any())


def chart(known: Known, hotspot_id: str, *, shown: int = 104) -> HotspotChart | None:
    """The last ``shown`` weeks of a hotspot; None when it does not hold on the day."""
    weekly = counts_of(known)
    if hotspot_id not in weekly.hotspot_ids:
        return None
    place = weekly.hotspot_ids.index(hotspot_id)
    made = control_chart(weekly.judged, place, exposure=weekly.exposure, settings=DetectorSettings())
    last = slice(-shown, None)
    # The detector expects something of every week; of a place that is not quiet nothing is asked.
    quiet = np.isfinite(weekly.judged[place])
    return HotspotChart(
        weekly.last_days[last],
        weekly.counts[place][last],
        np.where(quiet, made.expected, np.nan)[last],
        np.where(quiet, made.threshold, np.nan)[last],
        made.alarm[last],
    )
