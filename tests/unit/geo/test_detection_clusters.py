"""Signals that gather outside every known hotspot are one alert an episode, with its place and its odds."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import METRIC
from geo.detection import RaisedAlert
from geo.detection_clusters import KnownCluster, cluster_alerts, disc
from geo.words import AlertKind
from tests.unit.geo import frames as f
from tests.unit.geo.frames import LAT, LON, at

AS_OF = date(2026, 3, 1)


@cache
def background() -> gpd.GeoDataFrame:
    """Signals scattered over a year and 6 km."""
    random = np.random.default_rng(178)
    return f.signals(
        *(
            {
                "id": f"x{number}",
                "on_date": AS_OF - timedelta(days=int(random.integers(0, 360))),
                "geometry": at(*random.uniform(-3000, 3000, 2)),
            }
            for number in range(150)
        )
    )


def gathered(count: int, east: float = 1500.0, age: int = 0) -> gpd.GeoDataFrame:
    return f.signals(
        *(
            {"on_date": AS_OF - timedelta(days=age + number), "geometry": at(east + 20 * number, 0)}
            for number in range(count)
        )
    )


def scan(
    signals: gpd.GeoDataFrame,
    *,
    as_of: date = AS_OF,
    earlier: tuple[KnownCluster, ...] = (),
    spots: bool = False,
) -> list[RaisedAlert]:
    hotspots = f.hotspots({"geometry": at(1560), "catchment_m": 400.0}) if spots else f.hotspots()
    heard = gpd.GeoDataFrame(pd.concat([background(), signals], ignore_index=True), crs=signals.crs)
    return cluster_alerts(heard, premises=f.premises(), hotspots=hotspots, earlier=earlier, as_of=as_of)


def test_many_signals_at_one_place_within_days_are_told_as_a_new_cluster() -> None:
    (alert,) = scan(gathered(8))
    assert (alert.kind, alert.place_kind) == (AlertKind.NEW_CLUSTER, "cluster")
    members = {one.id for one in alert.evidence}
    assert len(members & {f"s{number}" for number in range(8)}) >= 7
    detail = alert.detail
    assert shapely.distance(shapely.Point(detail["lon"], detail["lat"]), at(1570)) < 0.004
    assert detail["recurrence_days"] >= 365
    assert "năm một lần" in detail["recurrence"]["text"]
    assert detail["false_alarms_per_year"] <= 1
    assert alert.place_id.startswith("cluster-") and len(alert.place_id) <= 64


def test_what_lies_inside_a_known_catchment_is_no_new_cluster() -> None:
    assert scan(gathered(8), spots=True) == []


def test_scattered_signals_are_none() -> None:
    assert scan(f.signals()) == []
    nothing = cluster_alerts(f.signals(), premises=f.premises(), hotspots=f.hotspots(), earlier=(), as_of=AS_OF)
    assert nothing == []


def test_a_cluster_keeps_its_place_while_it_shares_a_signal_with_the_earlier_alert() -> None:
    (alert,) = scan(gathered(8))
    known = KnownCluster("cluster-first", frozenset({"s3"}))
    (again,) = scan(gathered(8), earlier=(known,))
    assert again.place_id == "cluster-first"
    (other,) = scan(gathered(8), earlier=(KnownCluster("cluster-first", frozenset({"unrelated"})),))
    assert other.place_id == alert.place_id


def test_signals_after_the_day_are_not_looked_at() -> None:
    assert scan(gathered(8), as_of=AS_OF - timedelta(days=30)) == []


def test_the_ground_of_a_cluster_has_its_radius_in_metres() -> None:
    ground = gpd.GeoSeries([disc(LON, LAT, 500.0)], crs="EPSG:4326").to_crs(METRIC)
    assert abs(ground.area.iloc[0] ** 0.5 - 886) < 5
