"""An unusual number of events at a quiet hotspot is an alert; a quiet one is left alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.detection import RaisedAlert
from geo.detection_counts import unusual_counts
from geo.weekly_counts import weekly_counts
from geo.words import AlertKind
from tests.unit.geo import frames as f
from tests.unit.geo.frames import at

AS_OF = date(2026, 3, 1)


def days_ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def scan(*ages: int, since: date | None = None, state: str = "verified", **frames: Any) -> list[RaisedAlert]:
    """Signals so many days ago inside one catchment, in a district where something is heard every week."""
    inside = [{"on_date": days_ago(age), "geometry": at(), "state": state} for age in ages]
    elsewhere = [{"id": f"x{week}", "on_date": days_ago(7 * week), "geometry": at(3000)} for week in range(208)]
    records = {
        "hotspots": f.hotspots({"geometry": at()}),
        "signals": f.signals(*inside, *elsewhere),
        "patrols": f.patrols(),
        "findings": f.findings(),
        "licences": f.licences(),
        "premises": f.premises(),
    } | frames
    changes = pd.DataFrame(
        [{"hotspot_id": "h0", "state": "eliminated", "on_date": pd.Timestamp(2025, 1, 10)}],
        columns=["hotspot_id", "state", "on_date"],
    )
    weekly = weekly_counts(
        **records, inspections=gpd.GeoDataFrame(f.inspections()), transitions=changes, as_of=AS_OF
    )
    return unusual_counts(weekly, **records, since=since)


def test_several_events_in_a_week_at_a_place_that_was_quiet_for_a_year_are_unusual() -> None:
    (alert,) = scan(5, 3, 1)
    assert (alert.kind, alert.place_kind, alert.place_id) == (AlertKind.UNUSUAL_COUNTS, "hotspot", "h0")
    assert [one.id for one in alert.evidence] == ["s0", "s1", "s2"]
    assert "3 trong 28 ngày" in str(alert.text)
    detail = alert.detail
    assert detail["observed"] == 3 > detail["threshold"] > detail["expected"] > 0
    assert 0 <= detail["false_alarms_per_year"] < 1
    assert detail["week_ended"] == AS_OF.isoformat()


def test_on_its_own_it_never_outranks_what_has_been_verified() -> None:
    (alert,) = scan(*range(14))
    assert alert.score <= 50


def test_one_event_alone_and_a_place_that_always_has_some_are_not_unusual() -> None:
    assert scan(3) == []
    assert scan(*range(2, 400, 7)) == []


def test_signals_that_were_refuted_are_not_counted() -> None:
    assert scan(5, 3, 1, state="unfounded") == []


def test_a_week_in_which_nobody_scanned_is_told_afterwards() -> None:
    assert scan(45, 44, 43) == []
    (alert,) = scan(45, 44, 43, since=days_ago(60))
    assert [one.id for one in alert.evidence] == ["s0", "s1", "s2"]


def test_a_district_without_hotspots_has_nothing_unusual() -> None:
    assert scan(5, 3, 1, hotspots=f.hotspots()) == []
