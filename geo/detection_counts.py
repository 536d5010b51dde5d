"""More happened in a quiet hotspot's catchment than its past lets expect: the detector's alarms as alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.count_detector import (
    ControlChart,
    DetectorResult,
    DetectorSettings,
    control_chart,
    false_alarms_per_year,
    weekly_alarms,
)
from geo.detection import Evidence, RaisedAlert
from geo.detection_licences import reissued_licences
from geo.detection_rules import Clue, DetectionSettings, Watch, heard_inside, violations_inside
from geo.messages import msg
from geo.weekly_counts import WeeklyCounts
from geo.words import AlertKind

#: The detector's longest window: what happened in it is the evidence.
_WINDOW_DAYS = 28
#: An unusual number says nothing of what it is: on its own it never outranks what has been verified.
_HIGHEST_SCORE = 50.0
_SIMULATED_YEARS = 100


def unusual_counts(
    weekly: WeeklyCounts,
    *,
    hotspots: gpd.GeoDataFrame,
    signals: gpd.GeoDataFrame,
    patrols: pd.DataFrame,
    findings: pd.DataFrame,
    licences: pd.DataFrame,
    premises: gpd.GeoDataFrame,
    since: date | None = None,
    settings: DetectionSettings | None = None,
    detector: DetectorSettings | None = None,
) -> list[RaisedAlert]:
    """Quiet hotspots with an alarm in the last week, or in a week that ended after ``since`` (the last scan).

    ``detail``: ``observed``, ``expected`` and ``threshold`` (weighted events) of the week in which the alarm
    went on and its last day ``week_ended``, and ``false_alarms_per_year``: episodes at a place that stays as
    quiet as this one has been.
    """
    settings, detector = settings or DetectionSettings(), detector or DetectorSettings()
    if not weekly.hotspot_ids:
        return []
    result = weekly_alarms(weekly.judged, exposure=weekly.exposure, settings=detector)
    raised = []
    for place, hotspot_id in enumerate(weekly.hotspot_ids):
        week = _latest_alarm(result, place, weekly.last_days, since)
        if week is None:
            continue
        day = weekly.last_days[week].date()
        watch = Watch.over(hotspots[hotspots["id"] == hotspot_id], day)
        clues = _clues(watch, signals, patrols, findings, licences, premises, settings) if watch.ids else []
        if clues:
            chart = control_chart(weekly.judged, place, exposure=weekly.exposure, settings=detector)
            tail = float(result.tail[place, week])
            raised.append(_alert(watch, clues, chart, week, tail, day, detector))
    return sorted(raised, key=lambda alert: (-alert.score, alert.place_id))


def _latest_alarm(
    result: DetectorResult, place: int, last_days: pd.DatetimeIndex, since: date | None
) -> int | None:
    """The latest week to be told, None where there is none."""
    asked = np.zeros(len(last_days), dtype=bool)
    asked[-1] = True
    if since is not None:
        asked |= np.asarray(last_days > pd.Timestamp(since))
    weeks = np.flatnonzero(result.alarm[place] & asked)
    return int(weeks[-1]) if len(weeks) else None


def _clues(
    watch: Watch,
    signals: gpd.GeoDataFrame,
    patrols: pd.DataFrame,
    findings: pd.DataFrame,
    licences: pd.DataFrame,
    premises: gpd.GeoDataFrame,
    settings: DetectionSettings,
) -> list[Clue]:
    """What happened inside one hotspot's catchment in the window, each event once."""
    windows = replace(settings, signal_days=_WINDOW_DAYS - 1, violation_days=_WINDOW_DAYS - 1)
    begin = watch.as_of - timedelta(days=_WINDOW_DAYS)
    found = [
        *heard_inside(watch, signals, patrols, premises, windows).get(0, []),
        *violations_inside(watch, findings, premises, windows).get(0, []),
        *reissued_licences(watch, licences, premises, settings).get(0, []),
    ]
    return sorted(
        (clue for clue in found if clue.on_date > begin), key=lambda clue: (clue.on_date, clue.kind, clue.id)
    )


def _alert(
    watch: Watch,
    clues: list[Clue],
    chart: ControlChart,
    week: int,
    tail: float,
    day: date,
    detector: DetectorSettings,
) -> RaisedAlert:
    began = _begin(chart, week)
    expected = float(chart.expected[began])
    score = _HIGHEST_SCORE * (1 - min(tail / detector.levels[0], 1.0))
    text = msg(
        "Nhiều sự việc hơn bình thường trong vùng theo dõi của điểm {name}: {n} trong {days} ngày",
        name=watch.names[0],
        n=len(clues),
        days=_WINDOW_DAYS,
    )
    detail = {
        "observed": round(float(chart.observed[began]), 2),
        "expected": round(expected, 2),
        "threshold": float(chart.threshold[began]),
        "week_ended": (day - timedelta(weeks=week - began)).isoformat(),
        "false_alarms_per_year": _false_alarms(round(max(expected, 0.01), 2), detector),
    }
    evidence = tuple(Evidence(clue.kind, clue.id, clue.on_date, clue.text, clue.retold) for clue in clues)
    return RaisedAlert(
        AlertKind.UNUSUAL_COUNTS, "hotspot", watch.ids[0], round(score, 1), text, evidence, detail=detail
    )


def _begin(chart: ControlChart, week: int) -> int:
    """The first week of the alarm that is on in ``week``: later ones need no further event."""
    calm = np.flatnonzero(~chart.alarm[:week])
    return int(calm[-1]) + 1 if len(calm) else 0


@lru_cache(maxsize=256)
def _false_alarms(rate: float, detector: DetectorSettings) -> float:
    return round(false_alarms_per_year(rate, settings=detector, years=_SIMULATED_YEARS).episodes, 2)
