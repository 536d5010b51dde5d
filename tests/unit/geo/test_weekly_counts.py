"""The weekly counts inside catchments: what is counted, how much it weighs, and in which week."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.weekly_counts import WeeklyCounts, signal_weights, weekly_counts
from tests.unit.geo import frames as f
from tests.unit.geo.frames import at

AS_OF = date(2026, 3, 1)
NOW = pd.Timestamp(AS_OF)
CHANGES = pd.DataFrame(
    {
        "hotspot_id": ["h0"],
        "state": ["eliminated"],
        "on_date": [pd.Timestamp(2025, 1, 10)],
        "inherited": [False],
    }
)


def ago(days: int) -> pd.Timestamp:
    return NOW - pd.Timedelta(days=days)


def counted(spots: Any = None, weeks: int = 10, **known: Any) -> WeeklyCounts:
    frames = {
        "signals": f.signals(),
        "patrols": f.patrols(),
        "findings": f.findings(),
        "inspections": f.inspections(),
        "licences": f.licences(),
        "premises": f.premises(),
        "transitions": CHANGES,
    }
    own = f.hotspots({"geometry": at()}) if spots is None else spots
    return weekly_counts(own, **(frames | known), as_of=AS_OF, weeks=weeks)


def test_the_last_week_ends_today_and_a_later_event_is_left_out() -> None:
    heard = f.signals(
        {"on_date": NOW, "geometry": at()},
        {"on_date": ago(6), "geometry": at()},
        {"on_date": ago(7), "geometry": at()},
        {"on_date": ago(-1), "geometry": at()},
    )
    found = counted(signals=heard)
    assert found.last_days[-1] == NOW
    assert found.counts[0, -1] == 2
    assert found.counts[0, -2] == 1
    assert np.nansum(found.counts) == 3


def test_a_signal_outside_the_catchment_does_not_count_and_one_at_a_premises_inside_does() -> None:
    house = f.premises({"id": "p0", "geometry": at(50, 0)})
    heard = f.signals(
        {"on_date": ago(1), "geometry": at(400, 0)},
        {"on_date": ago(1), "geometry": None, "premises_id": "p0"},
    )
    assert counted(signals=heard, premises=house).counts[0, -1] == 1


def test_overlapping_catchments_both_hold_the_event() -> None:
    spots = f.hotspots({"geometry": at()}, {"geometry": at(100, 0)})
    heard = f.signals({"on_date": ago(1), "geometry": at(50, 0)})
    assert counted(spots, signals=heard).counts[:, -1].tolist() == [1, 1]


def test_a_signal_weighs_by_its_state_and_while_open_by_its_rating() -> None:
    heard = f.signals(
        {"state": "verified", "reliability": "E", "credibility": 5},
        {"state": "received", "reliability": "A", "credibility": 1},
        {"state": "received", "reliability": "E", "credibility": 5},
        {"state": "unfounded"},
        {"state": "handed_over"},
    )
    sure, good, bad, refuted, given = signal_weights(heard)
    assert sure == 1 and 0 < bad < good < sure
    assert refuted == 0 and given == 0


def test_signs_of_patrols_violations_and_reissued_licences_count() -> None:
    house = f.premises({"id": "p0", "geometry": at(), "address": "12 Quang Trung"})
    visits = f.inspections({"id": "i0", "on_date": ago(30), "geometry": at()})
    found = f.findings(
        {"inspection_id": "i0", "kind": "prostitution", "serious": True},
        {"inspection_id": "i0", "kind": "fire"},
        of=visits,
    )
    papers = f.licences(
        {"id": "old", "issued_on": ago(900), "withdrawn_on": ago(100)},
        {"id": "new", "issued_on": ago(20)},
    )
    walks = f.patrols({"on_date": ago(10), "result": "sign"}, {"on_date": ago(3), "result": "quiet"})
    seen = counted(premises=house, inspections=visits, findings=found, licences=papers, patrols=walks)
    week = {name: -1 - days // 7 for name, days in {"visit": 30, "paper": 20, "sign": 10}.items()}
    assert all(seen.counts[0, place] > 0 for place in week.values())
    assert np.count_nonzero(np.nan_to_num(seen.counts)) == 3


def test_a_licence_exchanged_on_one_day_is_no_event() -> None:
    house = f.premises({"id": "p0", "geometry": at()})
    papers = f.licences({"id": "old", "withdrawn_on": ago(20)}, {"id": "new", "issued_on": ago(20)})
    seen = counted(premises=house, licences=papers, patrols=f.patrols({"on_date": ago(20)}))
    assert np.nansum(seen.counts) == 0


def test_a_week_in_which_nobody_recorded_anything_is_missing_and_no_zero() -> None:
    found = counted(patrols=f.patrols({"on_date": ago(1)}))
    assert found.counts[0, -1] == 0
    assert np.isnan(found.counts[0, :-1]).all()


def test_more_patrols_and_tips_elsewhere_are_more_exposure_and_own_tips_are_not() -> None:
    far = f.signals(*({"id": f"s{k}", "on_date": ago(1), "geometry": at(3000, 0)} for k in range(8)))
    near = f.signals(*({"id": f"s{k}", "on_date": ago(1), "geometry": at()} for k in range(8)))
    walks = f.patrols({"on_date": ago(1)})
    assert counted(signals=far, patrols=walks).exposure[0, -1] > counted(patrols=walks).exposure[0, -1]
    assert counted(signals=near, patrols=walks).exposure[0, -1] == counted(patrols=walks).exposure[0, -1]


def test_only_quiet_weeks_are_judged() -> None:
    steps = pd.DataFrame(
        {
            "hotspot_id": ["h0", "h0", "h0"],
            "state": ["active", "eliminated", "reactivated"],
            "on_date": [ago(200), ago(40), ago(5)],
        }
    )
    found = counted(
        transitions=steps, patrols=f.patrols(*({"id": f"t{k}", "on_date": ago(k)} for k in range(70)))
    )
    assert found.quiet[0].tolist() == [False] * 4 + [True] * 5 + [False]
    assert np.isfinite(found.judged[0]).sum() == 5


@pytest.mark.parametrize("empty", [True, False])
def test_a_district_without_hotspots_or_records_gives_empty_or_missing_weeks(empty: bool) -> None:
    spots = f.hotspots() if empty else f.hotspots({"geometry": None})
    found = counted(spots)
    assert found.counts.shape == (0 if empty else 1, 10)
    assert np.isnan(found.counts).all()
