"""What came together while nobody scanned is found by the next scan, and how often rules speak for nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import geopandas as gpd

from geo.detection import RaisedAlert
from geo.detection_gap import detect_since
from geo.detection_rates import false_alarms_by_rule
from geo.words import AlertKind
from tests.unit.geo import frames as f
from tests.unit.geo.frames import at

AS_OF = date(2026, 3, 1)


def days_ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def known(**frames: Any) -> dict[str, Any]:
    return {
        "hotspots": f.hotspots({"geometry": at()}),
        "signals": f.signals(),
        "patrols": f.patrols(),
        "findings": f.findings(),
        "licences": f.licences(),
        "premises": f.premises(),
    } | frames


def heard(*ages: int) -> gpd.GeoDataFrame:
    return f.signals(*({"on_date": days_ago(age), "geometry": at()} for age in ages))


def scan(since: date | None, **frames: Any) -> list[RaisedAlert]:
    return detect_since(**known(**frames), since=since, as_of=AS_OF)


def test_a_pair_of_signals_that_fell_between_two_scans_is_found() -> None:
    pair = heard(80, 60)
    assert scan(days_ago(1), signals=pair) == []
    (alert,) = scan(days_ago(90), signals=pair)
    assert (alert.kind, [one.id for one in alert.evidence]) == (AlertKind.TWO_SIGNALS, ["s0", "s1"])


def test_a_pair_of_exactly_the_windows_length_is_found_on_whatever_day_it_was_completed() -> None:
    for second in range(32, 60):
        (alert,) = scan(days_ago(100), signals=heard(second + 30, second))
        assert len(alert.evidence) == 2
    assert scan(days_ago(100), signals=heard(71, 40)) == []


def test_what_the_last_scan_has_seen_is_not_told_anew() -> None:
    assert scan(days_ago(60), signals=heard(80, 60)) == []


def test_a_gap_is_looked_back_over_for_at_most_a_year() -> None:
    assert scan(date(2020, 1, 1), signals=heard(410, 400), hotspots=old_spot()) == []
    assert len(scan(date(2020, 1, 1), signals=heard(370, 360), hotspots=old_spot())) == 1


def old_spot() -> gpd.GeoDataFrame:
    return f.hotspots({"geometry": at(), "eliminated_on": date(2020, 1, 1)})


def test_before_the_first_scan_only_the_day_itself_is_looked_at() -> None:
    assert scan(None, signals=heard(80, 60)) == []


def test_of_one_place_and_rule_the_latest_is_told_once() -> None:
    (alert,) = scan(days_ago(100), signals=heard(90, 80, 20, 10))
    assert [one.date for one in alert.evidence] == [days_ago(20), days_ago(10)]


def test_a_hotspot_that_was_decided_upon_in_the_gap_is_not_asked_about() -> None:
    back = f.hotspots({"geometry": at(), "state": "reactivated"})
    again = f.hotspots({"geometry": at(), "eliminated_on": days_ago(30)})
    for spots in (back, again):
        assert scan(days_ago(90), signals=heard(80, 60), hotspots=spots) == []


def test_a_violation_in_the_gap_is_found_after_its_window() -> None:
    violation = f.findings({"kind": "prostitution", "on_date": days_ago(120), "geometry": at()})
    assert scan(days_ago(1), findings=violation) == []
    (alert,) = scan(days_ago(130), findings=violation)
    assert alert.kind is AlertKind.VIOLATION_INSIDE


def test_an_empty_district_and_a_scan_of_the_same_day_raise_nothing() -> None:
    empty = known(hotspots=f.hotspots())
    assert detect_since(**empty, since=days_ago(300), as_of=AS_OF) == []
    assert scan(AS_OF) == []


# --- false alarms ---------------------------------------------------------------------------------------------


def rates(**frames: Any) -> dict[AlertKind, float]:
    return dict(false_alarms_by_rule(**known(**frames), as_of=AS_OF))


def test_a_place_where_much_is_heard_while_nothing_comes_back_expects_more_false_alarms() -> None:
    quiet, noisy = rates(signals=heard(150)), rates(signals=heard(*range(100, 400, 20)))
    assert 0 < quiet[AlertKind.TWO_SIGNALS] < noisy[AlertKind.TWO_SIGNALS]
    assert noisy[AlertKind.TWO_SIGNALS] < 15 / 0.89


def test_what_happened_lately_may_be_a_return_and_is_no_false_alarm() -> None:
    assert rates(signals=heard(*range(1, 80, 3))) == rates()


def test_without_quiet_time_nothing_is_estimated() -> None:
    assert rates(hotspots=f.hotspots()) == {}
    assert rates(hotspots=f.hotspots({"geometry": at(), "eliminated_on": days_ago(30)})) == {}
