"""How often the rules of ``geo.detection`` would speak of a hotspot where nothing comes back.

Estimated from the time that the watched hotspots have been quiet: what was heard inside their catchments
between elimination and ``SETTLING_DAYS`` before the scan. Half an event is added, so that a short quiet time
does not promise that nothing ever happens (Jeffreys' prior of a Poisson rate).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import geopandas as gpd
import pandas as pd

from geo.detection_licences import reissued_licences
from geo.detection_rules import Clues, DetectionSettings, Watch, heard_inside, violations_inside
from geo.words import AlertKind

#: What happened lately may be a return: it is no quiet time.
SETTLING_DAYS = 90
_YEARS = 5
_DAYS_A_YEAR = 365.25


def false_alarms_by_rule(
    *,
    hotspots: gpd.GeoDataFrame,
    signals: gpd.GeoDataFrame,
    patrols: pd.DataFrame,
    findings: pd.DataFrame,
    licences: pd.DataFrame,
    premises: gpd.GeoDataFrame,
    as_of: date,
    settings: DetectionSettings | None = None,
) -> Mapping[AlertKind, float]:
    """False alarms to expect per hotspot and year, by rule; empty without quiet time to learn from.

    Two signals that come at random at rate r within a window w: r (1 - exp(-r w)) pairs a year. A violation or
    a reissued licence raises an alert each time.
    """
    settings = settings or DetectionSettings()
    until = as_of - timedelta(days=SETTLING_DAYS)
    watch = Watch.over(hotspots, until)
    first = until - timedelta(days=round(_YEARS * _DAYS_A_YEAR))
    years = sum((until - max(since, first)).days for since in watch.since) / _DAYS_A_YEAR
    if years <= 0:
        return {}
    days = (until - first).days
    long = replace(
        settings,
        signal_days=days,
        violation_days=days,
        licence_months=max(settings.licence_months, 12 * _YEARS),
    )
    heard = _rate(heard_inside(watch, signals, patrols, premises, long), years)
    pairs = heard * (1 - math.exp(-heard * settings.signal_days / _DAYS_A_YEAR))
    return {
        AlertKind.TWO_SIGNALS: round(pairs, 2),
        AlertKind.VIOLATION_INSIDE: round(_rate(violations_inside(watch, findings, premises, long), years), 2),
        AlertKind.LICENCE_REISSUED: round(_rate(reissued_licences(watch, licences, premises, long), years), 2),
    }


def _rate(clues: Clues, years: float) -> float:
    return (sum(len(found) for found in clues.values()) + 0.5) / years
