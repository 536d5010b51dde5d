"""One hotspot's own view: its catchment, control chart, patrols and papers; and the map of the past."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from app.services import map_time
from app.services.facts import Known
from app.services.hotspot_counts import counts_of
from app.services.hotspot_view import HotspotSheet, sheet
from data.store import Actor, Store
from geo.errors import InputError, RuleError
from geo.words import HotspotState, Role
from tests.conftest import DEMO_DAY


def named(store: Store, operator: Actor, name: str) -> HotspotSheet:
    with store.read(operator) as work:
        spots = Known(work, DEMO_DAY).hotspots
    found = spots.loc[spots["name"].str.startswith(name), "id"].iloc[0]
    return sheet(store, operator, str(found), DEMO_DAY)


def test_the_returning_hotspot_rises_above_its_threshold_in_the_last_weeks_and_never_before(
    demo: Store, operator: Actor
) -> None:
    chart = named(demo, operator, "Đoạn phố Văn Khê").chart
    assert chart is not None and chart.judged
    assert chart.alarm[-3:].any()
    assert not chart.alarm[:-3].any()


@pytest.mark.parametrize("name", ["Khu vực bến xe Yên Nghĩa", "Khu vực chùa Tổng - La Dương"])
def test_the_published_areas_are_quiet_and_say_what_is_made_up(demo: Store, operator: Actor, name: str) -> None:
    view = named(demo, operator, name)
    assert view.spot["name"] == name
    assert view.state is HotspotState.ELIMINATED
    assert "công bố" in view.spot["source"] and "giả định" in view.spot["source"]
    assert view.spot["patrol_by"].startswith("Công an phường")
    assert view.chart is not None and not view.chart.alarm.any()


def test_an_active_hotspot_is_drawn_but_not_judged(demo: Store, operator: Actor) -> None:
    chart = named(demo, operator, "Cụm cơ sở đường Phùng Hưng").chart
    assert chart is not None and not chart.judged
    assert np.nansum(chart.observed) > 0


def test_the_timeline_is_newest_first_and_tells_nothing_of_what_the_police_has(
    demo: Store, operator: Actor
) -> None:
    view = named(demo, operator, "Đoạn phố Văn Khê")
    days = view.timeline["on_date"]
    assert days.is_monotonic_decreasing
    assert {"transition", "signal", "patrol", "finding", "licence"} <= set(view.timeline["kind"])
    assert days.max() <= pd.Timestamp(DEMO_DAY)


def test_premises_inside_and_their_changes_since_the_elimination(demo: Store, operator: Actor) -> None:
    view = named(demo, operator, "Đoạn phố Văn Khê")
    assert len(view.premises) > 0
    assert view.premises.intersects(view.catchment).all()
    assert view.eliminated_on is not None
    assert (view.changes["on_date"] > pd.Timestamp(view.eliminated_on)).all()
    assert set(view.changes["name"]) <= set(view.premises["name"])


def test_the_place_that_is_patrolled_too_seldom_has_late_days(demo: Store, operator: Actor) -> None:
    with demo.read(operator) as work:
        ids = list(Known(work, DEMO_DAY).hotspots["id"])
    views = [sheet(demo, operator, one, DEMO_DAY) for one in ids]
    late = [view for view in views if view.patrols.late and view.patrols.late[-1].last == DEMO_DAY]
    assert len(late) == 1
    assert all(view.patrols.due is None for view in views if view.state is not HotspotState.ELIMINATED)


def test_papers_of_every_change_stand_in_the_view(demo: Store, operator: Actor) -> None:
    view = named(demo, operator, "Đoạn đường Lê Trọng Tấn")
    assert [one.what for one in view.documents] == [HotspotState.ELIMINATED, HotspotState.ELIMINATED]


def test_an_unknown_hotspot_and_who_may_not_see_tips_are_told(demo: Store, operator: Actor) -> None:
    with pytest.raises(InputError) as unknown:
        sheet(demo, operator, "không có", DEMO_DAY)
    assert unknown.value.code == "unknown_hotspot"
    with pytest.raises(RuleError):
        sheet(demo, Actor("xem", Role.VIEWER), "không có", DEMO_DAY)


def test_a_hotspot_of_another_ward_is_unknown(demo: Store, operator: Actor) -> None:
    with demo.read(operator) as work:
        known = Known(work, DEMO_DAY)
        spot = known.hotspots[known.hotspots["name"].eq("Khu vực bến xe Yên Nghĩa")].iloc[0]
        elsewhere = known.units[~known.units.intersects(spot.geometry.buffer(0.01))]["id"].iloc[0]
    with pytest.raises(InputError):
        sheet(demo, Actor("b", Role.WARD_OFFICER, frozenset({elsewhere})), spot["id"], DEMO_DAY)


def test_counts_are_the_same_whoever_asks(demo: Store, operator: Actor) -> None:
    with demo.read(operator) as work:
        known = Known(work, DEMO_DAY)
        ward = frozenset({str(known.units["id"].iloc[0])})
        everything = counts_of(known)
    with demo.read(Actor("b", Role.WARD_OFFICER, ward)) as work:
        np.testing.assert_array_equal(counts_of(Known(work, DEMO_DAY)).counts, everything.counts)


def test_the_past_map_has_the_states_of_its_day(demo: Store, operator: Actor) -> None:
    days = map_time.months(demo, operator, DEMO_DAY)
    assert days[-1] == DEMO_DAY and days == sorted(days)
    past = map_time.past_map(demo, operator, date(2024, 12, 31))
    returning = past.hotspots[past.hotspots["name"].str.startswith("Đoạn phố Văn Khê")].iloc[0]
    assert returning["state"] == HotspotState.ACTIVE
    assert not past.hotspots["name"].str.contains("điểm giả định C").any()


def test_the_heat_before_an_elimination_is_more_than_after_it(demo: Store, operator: Actor) -> None:
    view = named(demo, operator, "Đoạn phố Văn Khê")
    assert view.eliminated_on is not None
    before, after = map_time.around(view.eliminated_on, 6, DEMO_DAY)
    warm, cool = (map_time.signal_heat(demo, operator, *span) for span in (before, after))
    assert warm is not None and cool is not None
    place = view.spot.geometry.representative_point()

    def at(heat: map_time.Heat) -> float:
        west, south, east, north = heat.bounds
        rows, columns = heat.values.shape
        row, column = (place.y - south) / (north - south) * rows, (place.x - west) / (east - west) * columns
        return float(heat.values[int(row), int(column)])

    assert at(warm) > at(cool)


def test_an_empty_district_has_no_heat_and_one_month(empty_store: Store, operator: Actor) -> None:
    assert map_time.months(empty_store, operator, DEMO_DAY) == [DEMO_DAY]
    assert map_time.signal_heat(empty_store, operator, DEMO_DAY, DEMO_DAY) is None
