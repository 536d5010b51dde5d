"""Gatherings of signals outside every known hotspot as alerts: "no new hotspot" is a target too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs import LONLAT, METRIC, transform
from geo.detection import Evidence, RaisedAlert
from geo.detection_rules import places_of
from geo.hotspots import catchments
from geo.messages import Message, msg
from geo.space_time_scan import Cluster, ScanSettings, new_clusters
from geo.weekly_counts import signal_weights
from geo.word_texts import word_text
from geo.words import AlertKind, HotspotState, SignalSource, SignalState

PLACE_KIND = "cluster"
_DAYS_A_YEAR = 365.0
#: Chance alone may raise one alert a year, scanning every night.
_TOLD = ScanSettings(largest_p=1 / _DAYS_A_YEAR)
_HIGHEST_SCORE = 80.0


@dataclass(frozen=True)
class KnownCluster:
    """A cluster of an earlier alert: its place and the ids of its signals."""

    place_id: str
    signals: frozenset[str]


def cluster_alerts(
    signals: gpd.GeoDataFrame,
    *,
    premises: gpd.GeoDataFrame,
    hotspots: gpd.GeoDataFrame,
    earlier: Iterable[KnownCluster],
    as_of: date,
    settings: ScanSettings = _TOLD,
) -> list[RaisedAlert]:
    """New clusters on ``as_of``, strongest first.

    A cluster that shares a signal with one of ``earlier`` is the same episode and keeps its place. ``detail``:
    ``lon``, ``lat``, ``radius_m``, ``first_day``, ``observed``, ``expected``, ``recurrence_days``,
    ``recurrence`` (message) and ``false_alarms_per_year``.
    """
    days = pd.to_datetime(signals["on_date"])
    heard = signals[(days <= pd.Timestamp(as_of)).to_numpy(dtype=bool)].reset_index(drop=True)
    if heard.empty:
        return []
    found = new_clusters(
        _points(places_of(heard, premises)),
        np.array([day.toordinal() for day in pd.to_datetime(heard["on_date"]).dt.date], dtype=np.int64),
        as_of.toordinal(),
        seed=as_of.toordinal(),
        weight=signal_weights(heard),
        known=_known_ground(hotspots),
        settings=settings,
    )
    free = sorted(earlier, key=lambda one: one.place_id)
    raised = []
    for cluster in found:
        members = heard.iloc[list(cluster.members)]
        same = _same_episode(frozenset(members["id"].astype(str)), free)
        if same is not None:
            free.remove(same)
        raised.append(_alert(cluster, members, same.place_id if same else None, settings))
    return raised


def disc(lon: float, lat: float, radius_m: float) -> shapely.Polygon:
    """The ground of a cluster in EPSG:4326."""
    middle = transform(shapely.Point(lon, lat), LONLAT, METRIC)
    return transform(middle.buffer(radius_m), METRIC, LONLAT)


def _points(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    """(n, 2) metres, NaN without a place."""
    middles = shapely.centroid(np.asarray(shapes, dtype=object))
    return np.column_stack([shapely.get_x(middles), shapely.get_y(middles)])


def _known_ground(hotspots: gpd.GeoDataFrame) -> shapely.Geometry | None:
    """What is watched anyhow, in metres; where a suspicion was dismissed something new may begin."""
    kept = hotspots[hotspots["state"] != HotspotState.DISMISSED] if len(hotspots) else hotspots
    return None if kept.empty else catchments(kept).to_crs(METRIC).union_all()


def _same_episode(members: frozenset[str], earlier: Sequence[KnownCluster]) -> KnownCluster | None:
    shared = [one for one in earlier if one.signals & members]
    return max(shared, key=lambda one: len(one.signals & members)) if shared else None


def _alert(
    cluster: Cluster, members: gpd.GeoDataFrame, place_id: str | None, settings: ScanSettings
) -> RaisedAlert:
    evidence = tuple(
        Evidence("signal", str(row.id), row.on_date.date(), _said(row.source, row.state))
        for row in members.sort_values(["on_date", "id"]).itertuples()
    )
    middle = transform(shapely.Point(cluster.x, cluster.y), METRIC, LONLAT)
    text = msg(
        "Cụm {n} nguồn tin mới trong bán kính {radius} m từ ngày {day}, ngoài các điểm đã biết",
        n=len(evidence),
        radius=round(cluster.radius_m),
        day=date.fromordinal(cluster.first_day),
    )
    detail = {
        "lon": round(middle.x, 6),
        "lat": round(middle.y, 6),
        "radius_m": cluster.radius_m,
        "first_day": date.fromordinal(cluster.first_day).isoformat(),
        "observed": round(cluster.observed, 2),
        "expected": round(cluster.expected, 2),
        "recurrence_days": round(cluster.recurrence_days),
        "recurrence": _recurrence(cluster.recurrence_days).to_json(),
        "false_alarms_per_year": round(settings.largest_p * settings.scans_per_year, 2),
    }
    # How much of what was seen is more than expected.
    score = _HIGHEST_SCORE * (1 - cluster.expected / cluster.observed)
    first = evidence[0].id
    return RaisedAlert(
        AlertKind.NEW_CLUSTER,
        PLACE_KIND,
        place_id or f"{PLACE_KIND}-{first}"[:64],
        round(score, 1),
        text,
        evidence,
        detail=detail,
    )


def _said(source: str, state: str) -> Message:
    return msg(
        "Nguồn tin: {source}, {state}",
        source=word_text(SignalSource(source)),
        state=word_text(SignalState(state)),
    )


def _recurrence(days: float) -> Message:
    return msg(
        "Nếu chỉ do ngẫu nhiên, một cụm như vậy xuất hiện khoảng {years} năm một lần.",
        years=round(days / _DAYS_A_YEAR, 1),
    )
