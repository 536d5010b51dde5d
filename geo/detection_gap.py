"""What came together while nobody scanned: the rules of ``geo.detection`` on the days since the last scan."""

from __future__ import annotations

from datetime import date, timedelta

import geopandas as gpd
import pandas as pd

from geo.detection import RaisedAlert, detect
from geo.detection_rules import DetectionSettings
from geo.hotspots import catchments
from geo.words import FindingKind, PatrolResult

#: What lies further back is no sign of today's.
LONGEST_GAP = timedelta(days=365)


def detect_since(
    *,
    hotspots: gpd.GeoDataFrame,
    signals: gpd.GeoDataFrame,
    patrols: pd.DataFrame,
    findings: gpd.GeoDataFrame,
    licences: pd.DataFrame,
    premises: gpd.GeoDataFrame,
    since: date | None,
    as_of: date,
    settings: DetectionSettings | None = None,
) -> list[RaisedAlert]:
    """What ``detect`` finds on ``as_of`` and on every day after ``since`` on which a new piece of evidence
    could have completed a rule; of one place and rule the latest. ``since`` None: on ``as_of`` alone.

    Hotspots are taken as they are on ``as_of``: one that has been decided upon since is not asked about.
    """
    days = [as_of]
    if since is not None:
        begin = max(since, as_of - LONGEST_GAP)
        days += _eventful(hotspots, signals, patrols, findings, licences, begin, as_of)
    found: dict[tuple[str, str], RaisedAlert] = {}
    for day in days:
        for alert in detect(
            hotspots=hotspots,
            signals=signals,
            patrols=patrols,
            findings=findings,
            licences=licences,
            premises=premises,
            as_of=day,
            settings=settings,
        ):
            found.setdefault((alert.place_id, alert.kind), alert)
    return sorted(found.values(), key=lambda alert: (-alert.score, alert.place_id, alert.kind))


def _eventful(
    hotspots: gpd.GeoDataFrame,
    signals: gpd.GeoDataFrame,
    patrols: pd.DataFrame,
    findings: gpd.GeoDataFrame,
    licences: pd.DataFrame,
    begin: date,
    end: date,
) -> list[date]:
    """Days between the two, the latest first; more than needed does no harm."""
    if len(hotspots) == 0 or (end - begin).days <= 1:
        return []
    ground = catchments(hotspots).union_all()
    dated = [
        signals.loc[signals.geometry.isna() | signals.geometry.intersects(ground), "on_date"],
        patrols.loc[patrols["result"] == PatrolResult.SIGN, "on_date"],
        findings.loc[findings["kind"] == FindingKind.PROSTITUTION, "on_date"],
        licences["issued_on"],
    ]
    days = pd.concat([pd.to_datetime(one) for one in dated]).dropna()
    inside = days[(days > pd.Timestamp(begin)) & (days < pd.Timestamp(end))]
    return sorted({day.date() for day in inside}, reverse=True)
