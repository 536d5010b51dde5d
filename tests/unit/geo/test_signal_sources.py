"""Signals that records make by themselves: each once, and only where the record says something."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.signal_sources import GrownSignal, alike, grown_signals, told_before
from geo.words import SignalSource, SignalTopic
from tests.unit.geo.frames import (
    at,
    findings,
    hotspots,
    inspections,
    licences,
    patrols,
    premises,
    signals,
)

DAY = date(2026, 3, 1)


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def grown(**given: Any) -> list[GrownSignal]:
    world: dict[str, Any] = {
        "premises": premises(),
        "licences": licences(),
        "findings": findings(of=inspections()),
        "patrols": patrols().assign(sign_kind=None),
        "renames": pd.DataFrame({"premises_id": [], "on_date": []}),
        "hotspots": hotspots(),
        "known": frozenset(),
        "as_of": DAY,
    }
    return grown_signals(**(world | given))


SHUT_AND_NEW = premises({"geometry": at()}, {"name": "Karaoke B", "geometry": at(1)})
PAPERS = licences(
    {"withdrawn_on": day("2025-12-01")},
    {"premises_id": "p1", "kind": "karaoke", "issued_on": day("2026-02-10")},
)


def test_a_district_in_which_nothing_happens_makes_no_signal() -> None:
    assert grown() == []
    assert grown(premises=SHUT_AND_NEW, licences=licences({}), hotspots=hotspots({"geometry": at()})) == []


def test_a_licence_where_one_was_withdrawn_is_a_signal_of_the_new_premises() -> None:
    (one,) = grown(premises=SHUT_AND_NEW, licences=PAPERS)
    assert (one.source, one.topic) == (SignalSource.LICENCE, SignalTopic.LICENCE)
    assert (one.grew_from, one.premises_id, one.on_date) == ("licence:l1", "p1", date(2026, 2, 10))
    assert one.point.equals(at(1))
    assert "Karaoke B" in str(one.text)
    assert "2025-12-01" in str(one.text)


def test_the_papers_of_one_new_business_are_one_signal_whenever_one_looks() -> None:
    papers = licences(
        {"withdrawn_on": day("2025-12-01")},
        {"premises_id": "p1", "kind": "karaoke", "issued_on": day("2026-02-10")},
        {"premises_id": "p1", "kind": "fire", "issued_on": day("2026-02-10")},
        {"premises_id": "p1", "kind": "security", "issued_on": day("2026-02-24")},
    )
    for looked in (date(2026, 2, 10), DAY, date(2026, 4, 10)):
        assert [one.grew_from for one in grown(premises=SHUT_AND_NEW, licences=papers, as_of=looked)] == [
            "licence:l1"
        ]
    assert grown(premises=SHUT_AND_NEW, licences=papers, as_of=date(2026, 4, 20)) == []


def test_a_licence_is_no_signal_far_away_before_the_withdrawal_or_long_after_it() -> None:
    far = premises({"geometry": at()}, {"address": "9 Lê Lợi", "geometry": at(400)})
    assert grown(premises=far, licences=PAPERS) == []
    before = licences(
        {"withdrawn_on": day("2026-02-20")}, {"premises_id": "p1", "issued_on": day("2026-02-10")}
    )
    assert grown(premises=SHUT_AND_NEW, licences=before) == []
    long_ago = licences(
        {"withdrawn_on": day("2019-12-01")}, {"premises_id": "p1", "issued_on": day("2026-02-10")}
    )
    assert grown(premises=SHUT_AND_NEW, licences=long_ago) == []


def test_an_old_licence_makes_no_signal_today() -> None:
    old = licences({"withdrawn_on": day("2025-06-01")}, {"premises_id": "p1", "issued_on": day("2025-07-01")})
    assert grown(premises=SHUT_AND_NEW, licences=old) == []


def test_opening_or_taking_another_name_in_a_quiet_catchment_is_a_signal() -> None:
    spot = hotspots({"geometry": at()})
    place = premises({"geometry": at(50), "opened_on": day("2026-02-01")})
    (opened,) = grown(premises=place, hotspots=spot)
    assert opened.grew_from == "opening:p0:2026-02-01"
    assert "mở cửa" in str(opened.text)
    renames = pd.DataFrame({"premises_id": ["p0"], "on_date": [day("2026-02-15")]})
    (renamed,) = grown(premises=premises({"geometry": at(50)}), hotspots=spot, renames=renames)
    assert renamed.grew_from == "rename:p0:2026-02-15"
    assert "Bến xe" in str(renamed.text)


def test_outside_the_catchment_before_the_elimination_or_in_trouble_already_it_is_none() -> None:
    place = premises({"geometry": at(50), "opened_on": day("2026-02-01")})
    for spot in (
        hotspots({"geometry": at(900)}),
        hotspots({"geometry": at(), "eliminated_on": day("2026-02-10"), "state_since": day("2026-02-10")}),
        hotspots({"geometry": at(), "state": "active", "eliminated_on": pd.NaT}),
        hotspots({"geometry": at(), "eliminated_on": day("2026-12-01")}),
    ):
        assert grown(premises=place, hotspots=spot) == []


def test_a_premises_in_two_catchments_opens_once() -> None:
    both = hotspots({"geometry": at()}, {"geometry": at(80)})
    place = premises({"geometry": at(50), "opened_on": day("2026-02-01")})
    assert len(grown(premises=place, hotspots=both)) == 1


def test_a_prostitution_related_violation_is_a_signal_and_others_are_not() -> None:
    visits = inspections({"on_date": day("2026-02-20"), "geometry": at()})
    found = findings(
        {"kind": "prostitution", "inspection_id": "i0"}, {"kind": "fire", "inspection_id": "i0"}, of=visits
    )
    (one,) = grown(premises=premises({"geometry": at()}), findings=found)
    assert one.grew_from == "finding:f0"
    assert one.source is SignalSource.INSPECTION
    assert "Nhà nghỉ A" in str(one.text)


def test_a_violation_without_a_point_lies_at_its_premises_or_is_left_out() -> None:
    visits = inspections({"on_date": day("2026-02-20"), "geometry": None})
    found = findings({"kind": "prostitution", "inspection_id": "i0"}, of=visits)
    (one,) = grown(premises=premises({"geometry": at(10)}), findings=found)
    assert one.point.equals(at(10))
    assert grown(premises=premises({"geometry": None}), findings=found) == []


def test_a_patrol_that_saw_a_premises_without_registration_makes_a_signal() -> None:
    rounds = patrols(
        {"on_date": day("2026-02-20"), "result": "sign", "geometry": at()},
        {"on_date": day("2026-02-21"), "result": "sign", "geometry": at()},
        {"on_date": day("2026-02-22"), "result": "sign", "geometry": None},
    ).assign(sign_kind=["premises_without_registration", "late_hours", "premises_without_registration"])
    (one,) = grown(patrols=rounds)
    assert one.grew_from == "patrol:t0"
    assert one.topic is SignalTopic.UNREGISTERED
    assert one.premises_id is None


def test_what_was_made_before_is_not_made_again_and_what_is_to_come_not_yet() -> None:
    assert grown(premises=SHUT_AND_NEW, licences=PAPERS, known=frozenset({"licence:l1"})) == []
    assert grown(premises=SHUT_AND_NEW, licences=PAPERS, as_of=date(2026, 2, 9)) == []


HEARD = signals(
    {"on_date": day("2026-02-20"), "geometry": at(30)},
    {"on_date": day("2026-02-27"), "geometry": at(900)},
    {"on_date": day("2026-02-26"), "geometry": None, "premises_id": "p7"},
    {"on_date": day("2026-01-10"), "geometry": at()},
)


def test_signals_near_in_place_and_time_may_be_the_same() -> None:
    assert alike(HEARD, at(), None, date(2026, 2, 25)) == ["s0"]
    assert alike(HEARD, at(), "p7", date(2026, 2, 25)) == ["s2", "s0"]
    assert alike(HEARD, None, "p7", date(2026, 2, 25)) == ["s2"]
    assert alike(HEARD, None, None, date(2026, 2, 25)) == []


def test_nothing_is_alike_where_there_is_nothing() -> None:
    assert alike(gpd.GeoDataFrame(signals()), at(), "p0", DAY) == []


def again(*rows: tuple[str | None, str, str | None]) -> list[bool]:
    heard = [
        {"grew_from": grew, "on_date": day(on), "premises_id": premises_id} for grew, on, premises_id in rows
    ]
    frame = signals(*heard).assign(grew_from=pd.Series([one["grew_from"] for one in heard], dtype=object))
    return told_before(frame).to_list()


def test_one_business_coming_back_is_told_once_whatever_records_tell_it() -> None:
    opening, rename = (
        ("opening:p1:2026-02-01", "2026-02-01", "p1"),
        ("rename:p1:2026-02-20", "2026-02-20", "p1"),
    )
    licence = ("licence:l1", "2026-02-10", "p1")
    assert again(opening, rename, licence) == [True, True, False]
    assert again(rename, opening) == [True, False]
    assert again(opening) == [False]


def test_another_premises_another_year_and_what_people_say_are_other_events() -> None:
    opening = ("opening:p1:2026-02-01", "2026-02-01", "p1")
    assert not any(again(opening, ("opening:p2:2026-02-01", "2026-02-01", "p2")))
    assert not any(again(opening, ("licence:l1", "2025-02-01", "p1")))
    assert not any(again(opening, (None, "2026-02-01", "p1"), ("patrol:t1", "2026-02-01", None)))
    assert again() == []
