"""Alerts on quiet hotspots: which evidence raises one, which does not, and what a second scan leaves alone."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.detection import (
    DetectionSettings,
    RaisedAlert,
    Reconciliation,
    StoredAlert,
    detect,
    one_a_place,
    reconcile,
)
from geo.detection_licences import address_key
from geo.words import AlertKind, AlertState, FindingKind, HotspotState, LicenceKind, SignalState
from tests.unit.geo import frames as f
from tests.unit.geo.frames import LAT, LON, at

AS_OF = date(2026, 3, 1)
ELIMINATED = date(2025, 1, 10)
NOTHING_KNOWN: dict[str, Any] = {
    "hotspots": f.hotspots({"geometry": at()}),
    "signals": f.signals(),
    "patrols": f.patrols(),
    "findings": f.findings(),
    "licences": f.licences(),
    "premises": f.premises(),
}


def scan(*, as_of: date = AS_OF, by: DetectionSettings | None = None, **frames: Any) -> list[RaisedAlert]:
    """What the rules say of one hotspot, eliminated on 10 January 2025, with a catchment of 200 m."""
    return detect(**(NOTHING_KNOWN | frames), as_of=as_of, settings=by)


def days_ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def tips(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    """Signals in the middle of the catchment."""
    return f.signals(*({"geometry": at()} | row for row in rows))


def ids(alert: RaisedAlert) -> list[str]:
    return [one.id for one in alert.evidence]


# --- two independent signals ----------------------------------------------------------------------------------


def test_two_signals_of_two_days_raise_an_alert_that_shows_both() -> None:
    (alert,) = scan(signals=tips({"on_date": days_ago(20)}, {"on_date": days_ago(5), "state": "received"}))
    assert (alert.kind, alert.place_kind, alert.place_id) == (AlertKind.TWO_SIGNALS, "hotspot", "h0")
    assert ids(alert) == ["s0", "s1"]
    assert [one.date for one in alert.evidence] == [days_ago(20), days_ago(5)]
    assert str(alert.text) == "2 nguồn tin độc lập trong 30 ngày, trong vùng theo dõi của điểm Bến xe"
    assert str(alert.evidence[0].text) == "Nguồn tin: phản ánh của người dân, đã xác minh, có căn cứ"
    document = alert.evidence[1].to_json()
    assert (document["kind"], document["id"], document["date"]) == ("signal", "s1", "2026-02-24")


@pytest.mark.parametrize(("age", "raised"), [(0, 1), (30, 1), (31, 0), (-1, 0)])
def test_a_signal_counts_up_to_exactly_thirty_days_and_never_from_the_future(age: int, raised: int) -> None:
    found = scan(signals=tips({"on_date": days_ago(10)}, {"on_date": days_ago(age), "source": "hotline"}))
    assert len(found) == raised


def test_one_signal_alone_raises_nothing() -> None:
    assert scan(signals=tips({"on_date": days_ago(3)})) == []


def test_one_source_twice_on_a_day_is_one_signal() -> None:
    same_day = tips({"on_date": days_ago(3)}, {"on_date": days_ago(3)}, {"on_date": days_ago(3)})
    assert scan(signals=same_day) == []
    (alert,) = scan(signals=tips(*({"on_date": days_ago(3)} for _ in range(3)), {"on_date": days_ago(4)}))
    assert len(alert.evidence) == 2
    assert str(alert.text).startswith("2 nguồn tin độc lập")


def test_an_event_told_twice_weighs_as_its_better_record() -> None:
    def score(*states: str) -> float:
        told = ({"on_date": days_ago(3), "state": state} for state in states)
        return scan(signals=tips({"on_date": days_ago(9)}, *told))[0].score

    assert score("received") < score("verified")
    assert score("received", "verified") == score("verified", "received") == score("verified")


def test_two_sources_on_a_day_are_two_signals() -> None:
    (alert,) = scan(signals=tips({"on_date": days_ago(3)}, {"on_date": days_ago(3), "source": "hotline"}))
    assert ids(alert) == ["s0", "s1"]


def test_a_patrol_that_saw_a_sign_is_a_signal_and_a_quiet_one_is_not() -> None:
    tip = tips({"on_date": days_ago(3)})
    sign = {"on_date": days_ago(3), "result": "sign"}
    (alert,) = scan(signals=tip, patrols=f.patrols(sign))
    assert [one.kind for one in alert.evidence] == ["patrol", "signal"]
    assert scan(signals=tip, patrols=f.patrols({"on_date": days_ago(3)})) == []
    assert scan(signals=tip, patrols=f.patrols(sign | {"hotspot_id": "h9"})) == []
    (by_patrols,) = scan(patrols=f.patrols(sign, sign | {"on_date": days_ago(4)}, sign))
    assert len(by_patrols.evidence) == 2


def test_a_patrols_sign_and_the_signal_written_about_it_are_one() -> None:
    tip = {"on_date": days_ago(3), "source": "patrol"}
    sign = {"on_date": days_ago(3), "result": "sign"}
    assert scan(signals=tips(tip), patrols=f.patrols(sign)) == []
    (alert,) = scan(signals=tips(tip, {"on_date": days_ago(9)}), patrols=f.patrols(sign))
    assert ids(alert) == ["s1", "s0"]


@pytest.mark.parametrize("state", ["unfounded", "handed_over"])
def test_unfounded_signals_and_those_handed_to_the_police_raise_nothing(state: str) -> None:
    ages = (2, 4, 6)
    assert scan(signals=tips(*({"on_date": days_ago(age), "state": state} for age in ages))) == []


def test_the_catchment_is_measured_in_metres_from_the_hotspots_edge() -> None:
    street = shapely.LineString([(LON, LAT), (LON, LAT + 0.01)])
    spot = f.hotspots({"geometry": street, "catchment_m": 200.0})

    def raised(east_m: float) -> int:
        heard = f.signals(*({"geometry": at(east_m, 500), "on_date": days_ago(age)} for age in (2, 4)))
        return len(scan(hotspots=spot, signals=heard))

    assert raised(199) == raised(-199) == 1
    assert raised(201.5) == raised(-201.5) == 0


def test_a_signal_without_a_point_stands_where_its_premises_stands() -> None:
    register = f.premises({"geometry": at(100)}, {"geometry": at(900)})
    named = [{"geometry": None, "premises_id": "p0", "on_date": days_ago(age)} for age in (2, 4)]
    assert len(scan(signals=f.signals(*named), premises=register)) == 1
    assert scan(signals=f.signals(*(row | {"premises_id": "p1"} for row in named)), premises=register) == []
    assert scan(signals=f.signals(*(row | {"premises_id": None} for row in named)), premises=register) == []


@pytest.mark.parametrize(("day", "raised"), [(ELIMINATED, 0), (ELIMINATED + timedelta(days=1), 1)])
def test_what_happened_up_to_the_elimination_is_a_part_of_it(day: date, raised: int) -> None:
    later = ELIMINATED + timedelta(days=5)
    heard = tips({"on_date": day}, {"on_date": later})
    assert len(scan(signals=heard, as_of=later)) == raised


@pytest.mark.parametrize("state", list(HotspotState))
def test_only_a_quiet_hotspot_can_come_back(state: HotspotState) -> None:
    spot = f.hotspots({"geometry": at(), "state": state.value})
    heard = tips({"on_date": days_ago(2)}, {"on_date": days_ago(4)})
    assert bool(scan(hotspots=spot, signals=heard)) == (state in {"eliminated", "cleared"})


def test_each_hotspot_is_judged_by_its_own_catchment_and_elimination() -> None:
    spots = f.hotspots(
        {"geometry": at()},
        {"geometry": at(150)},
        {"geometry": at(), "eliminated_on": days_ago(3)},
        {"geometry": None},
        {"geometry": at(), "eliminated_on": pd.NaT},
        {"geometry": at(), "eliminated_on": AS_OF + timedelta(days=1)},
    )
    found = scan(hotspots=spots, signals=tips({"on_date": days_ago(2)}, {"on_date": days_ago(4)}))
    assert [alert.place_id for alert in found] == ["h0", "h1"]


# --- violations and licences ----------------------------------------------------------------------------------


def violation(day: date, **more: Any) -> gpd.GeoDataFrame:
    visits = f.inspections({"on_date": day, "geometry": at(50)})
    return f.findings({"inspection_id": "i0", "kind": "prostitution", "serious": True} | more, of=visits)


def test_a_prostitution_related_violation_inside_raises_an_alert_that_names_the_premises() -> None:
    (alert,) = scan(findings=violation(days_ago(40)), premises=f.premises({"name": "Nhà nghỉ Bình Minh"}))
    assert alert.kind is AlertKind.VIOLATION_INSIDE
    assert str(alert.evidence[0].text) == "Vi phạm liên quan mại dâm tại Nhà nghỉ Bình Minh"
    assert str(alert.text).startswith("1 vi phạm liên quan mại dâm trong 90 ngày tại cơ sở trong vùng theo dõi")


@pytest.mark.parametrize("kind", [kind for kind in FindingKind if kind != "prostitution"])
def test_any_other_violation_raises_nothing(kind: str) -> None:
    assert scan(findings=violation(days_ago(40), kind=kind)) == []


@pytest.mark.parametrize(("age", "raised"), [(0, 1), (90, 1), (91, 0), (-1, 0)])
def test_a_violation_counts_for_ninety_days(age: int, raised: int) -> None:
    assert len(scan(findings=violation(days_ago(age)))) == raised


def test_a_violation_on_the_day_of_the_elimination_raises_nothing() -> None:
    assert scan(findings=violation(ELIMINATED), as_of=ELIMINATED + timedelta(days=9)) == []


def test_a_violation_is_where_the_premises_stood_then_and_counts_once() -> None:
    moved = f.premises({"geometry": at(5000)})
    found = violation(days_ago(9))
    (alert,) = scan(findings=pd.concat([found, found], ignore_index=True), premises=moved)
    assert ids(alert) == ["f0"]
    nowhere = found.set_geometry(gpd.GeoSeries([None], crs=found.crs))
    assert scan(findings=nowhere, premises=moved) == []
    assert len(scan(findings=nowhere, premises=f.premises({"geometry": at(20)}))) == 1


OLD = {"premises_id": "p0", "withdrawn_on": date(2025, 6, 1)}
NEW = {"premises_id": "p1", "issued_on": date(2026, 1, 15)}


def reissued(
    *addresses: str, apart_m: float = 5.0, old: dict[str, Any] = OLD, new: dict[str, Any] = NEW
) -> list[RaisedAlert]:
    """A licence withdrawn at the first address, a new one at the second, so many metres apart."""
    places = f.premises(
        *({"address": one, "geometry": at(apart_m * k)} for k, one in enumerate(addresses or ["12 Lê Lợi"] * 2))
    )
    return scan(premises=places, licences=f.licences(old, new))


def test_a_licence_at_an_address_where_one_was_withdrawn_raises_an_alert() -> None:
    (alert,) = reissued()
    assert alert.kind is AlertKind.LICENCE_REISSUED
    assert ids(alert) == ["l1"]
    assert alert.evidence[0].date == date(2026, 1, 15)
    expected = "Cấp giấy chứng nhận đủ điều kiện về ANTT tại địa chỉ có giấy phép bị thu hồi ngày 01/06/2025"
    assert str(alert.evidence[0].text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Số 12, ngõ 34 Quang Trung", "12 ngõ 34 quang trung"),
        ("12 NGÕ 34 QUANG TRUNG", "Số nhà 12 - Ngõ 34 - Quang Trung"),
        ("Địa chỉ: số 12 Quang Trung", "12 Quang Trung"),
        ("Đ/c: 12 Quang Trung", "12 Quang  Trung."),
        ("12/5A phố Lê Lợi", "Số 12/5a, Phố Lê Lợi"),
        ("12 Quang Trung", "12 Quang Trung"),
    ],
)
def test_one_address_written_differently_is_one_address(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)
    assert len(reissued(one, other, apart_m=190)) == 1


def test_one_spot_with_one_house_number_is_one_address_whatever_the_street_is_called() -> None:
    names = "12 Quang Trung, phường Quang Trung", "Số 12 đường 430, phường Hà Đông"
    assert len(reissued(*names, apart_m=8)) == 1
    assert reissued(*names, apart_m=15) == []
    assert reissued(names[0], "Số 14 đường 430", apart_m=8) == []
    assert reissued("", "", apart_m=0) == []


@pytest.mark.parametrize(("apart_m", "raised"), [(199, 1), (201, 0)])
def test_one_written_address_far_apart_is_two_places(apart_m: float, raised: int) -> None:
    # The new one stands in the middle of the catchment, the old one away from it.
    old, new = OLD | {"premises_id": "p1"}, NEW | {"premises_id": "p0"}
    assert len(reissued(apart_m=apart_m, old=old, new=new)) == raised


@pytest.mark.parametrize(
    ("old", "new", "raised"),
    [
        ({}, {"issued_on": date(2025, 6, 1)}, 1),
        ({}, {"issued_on": date(2025, 5, 31)}, 0),
        ({"withdrawn_on": date(2025, 1, 15)}, {}, 1),
        ({"withdrawn_on": date(2025, 1, 14)}, {}, 0),
        ({}, {"issued_on": date(2025, 3, 1), "withdrawn_on": None}, 0),
        ({"withdrawn_on": None}, {}, 0),
        ({"withdrawn_on": None, "suspended_on": date(2025, 6, 1)}, {}, 0),
        ({}, {"withdrawn_on": date(2026, 2, 1)}, 0),
        ({}, {"withdrawn_on": AS_OF + timedelta(days=1)}, 1),
        ({}, {"issued_on": AS_OF + timedelta(days=1)}, 0),
        ({}, {"issued_on": None}, 0),
        ({"kind": "karaoke"}, {"kind": "fire"}, 1),
        ({"withdrawn_on": date(2024, 12, 20)}, {"issued_on": ELIMINATED}, 0),
    ],
)
def test_the_new_licence_follows_the_withdrawal_within_a_year(
    old: dict[str, Any], new: dict[str, Any], raised: int
) -> None:
    assert len(reissued(old=OLD | old, new=NEW | new)) == raised


def test_a_withdrawal_before_the_elimination_counts_and_a_licence_on_its_day_does_not() -> None:
    old = OLD | {"withdrawn_on": ELIMINATED - timedelta(days=20)}
    soon = ELIMINATED + timedelta(days=30)
    places = f.premises(*({"address": "12 Lê Lợi", "geometry": at()} for _ in range(2)))
    for issued, raised in ((ELIMINATED, 0), (ELIMINATED + timedelta(days=1), 1)):
        papers = f.licences(old, NEW | {"issued_on": issued})
        assert len(scan(premises=places, licences=papers, as_of=soon)) == raised


def test_a_premises_that_gets_its_own_paper_back_counts_but_an_exchanged_paper_does_not() -> None:
    place = f.premises({"geometry": at()})
    for issued, raised in ((date(2025, 6, 1), 0), (date(2025, 6, 2), 1)):
        papers = f.licences(OLD, {"premises_id": "p0", "issued_on": issued})
        assert len(scan(premises=place, licences=papers)) == raised


def test_a_licence_outside_the_catchment_raises_nothing() -> None:
    places = f.premises(*({"address": "12 Lê Lợi", "geometry": at(300)} for _ in range(2)))
    assert scan(premises=places, licences=f.licences(OLD, NEW)) == []


@pytest.mark.parametrize("kind", list(LicenceKind))
def test_every_kind_of_paper_has_its_word(kind: str) -> None:
    (alert,) = reissued(new=NEW | {"kind": kind})
    assert str(alert.evidence[0].text).startswith("Cấp ")


# --- scores ---------------------------------------------------------------------------------------------------


def any_evidence(seed: int) -> dict[str, gpd.GeoDataFrame]:
    """Signals, patrols, findings and papers by chance around two hotspots."""
    rng = random.Random(seed)
    day = lambda: days_ago(rng.randint(0, 40))  # noqa: E731
    place = lambda: at(rng.choice([0, 100, 190, 260]), rng.choice([0, 90]))  # noqa: E731
    many = range(rng.randint(0, 8))
    signals = (
        {
            "on_date": day(),
            "geometry": place(),
            "state": rng.choice(list(SignalState)).value,
            "source": rng.choice(["patrol", "citizen", "hotline"]),
        }
        for _ in many
    )
    patrols = ({"on_date": day(), "result": rng.choice(["sign", "quiet"])} for _ in many)
    findings = (
        {
            "inspection_id": f"i{k}",
            "kind": rng.choice(["prostitution", "fire"]),
            "serious": rng.choice([True, False]),
            "on_date": day(),
            "geometry": place(),
        }
        for k in many
    )
    papers = (rng.choice([OLD, NEW]) | {"premises_id": f"p{rng.randrange(4)}"} for _ in many)
    return {
        "hotspots": f.hotspots({"geometry": at()}, {"geometry": at(120), "state": "cleared"}),
        "signals": f.signals(*signals),
        "patrols": f.patrols(*patrols),
        "findings": f.findings(*findings),
        "licences": f.licences(*papers),
        "premises": f.premises(*({"address": "12 Lê Lợi", "geometry": place()} for _ in range(4))),
    }


SEEDS = st.integers(0, 2**32 - 1)
WILD = settings(max_examples=10, deadline=None)


@WILD
@given(SEEDS)
def test_more_evidence_never_lowers_a_score_and_never_takes_an_alert_back(seed: int) -> None:
    frames, more = any_evidence(seed), any_evidence(seed + 1)
    events = ("signals", "patrols", "findings", "licences")
    for name in events:
        more[name]["id"] = "x" + more[name]["id"]
    # An issued licence may be withdrawn, but that is other evidence: here nothing of the old is changed.
    grown = frames | {name: pd.concat([frames[name], more[name]], ignore_index=True) for name in events}
    before = {(alert.place_id, alert.kind): alert.score for alert in scan(**frames)}
    after = {(alert.place_id, alert.kind): alert.score for alert in scan(**grown)}
    assert all(after[key] >= score for key, score in before.items())
    assert all(0 < score <= 100 for score in after.values())


@WILD
@given(SEEDS)
def test_alerts_come_strongest_first_whatever_the_order_of_the_rows(seed: int) -> None:
    frames = any_evidence(seed)
    raised = scan(**frames)
    assert [alert.score for alert in raised] == sorted((alert.score for alert in raised), reverse=True)
    assert len({(alert.place_id, alert.kind) for alert in raised}) == len(raised)
    assert scan(**{name: frame[::-1] for name, frame in frames.items()}) == raised


def test_verified_and_serious_evidence_weighs_more() -> None:
    def score(state: str) -> float:
        return scan(signals=tips(*({"on_date": days_ago(age), "state": state} for age in (2, 4))))[0].score

    assert score("verified") > score("verifying") > score("received")
    # 100 (1 - e^-2) and 100 (1 - e^-1), as the settings say.
    assert (score("verified"), score("received")) == (86.5, 63.2)
    assert scan(findings=violation(days_ago(4)))[0].score == 69.9
    assert scan(findings=violation(days_ago(4), serious=False))[0].score < 69.9


def test_the_windows_can_be_set() -> None:
    heard = tips({"on_date": days_ago(2)}, {"on_date": days_ago(40)})
    assert scan(signals=heard) == []
    (alert,) = scan(signals=heard, by=DetectionSettings(signal_days=60))
    assert "trong 60 ngày" in str(alert.text)


def test_a_district_without_hotspots_or_without_anything_else_raises_nothing() -> None:
    assert scan() == []
    assert scan(hotspots=f.hotspots()) == []
    assert scan(hotspots=f.hotspots({"geometry": None}), signals=tips({"on_date": days_ago(1)})) == []


# --- a second scan --------------------------------------------------------------------------------------------


def stored(alerts: Iterable[RaisedAlert], state: AlertState = AlertState.RAISED) -> list[StoredAlert]:
    """What the database keeps of alerts: their evidence by kind and id only."""
    return [
        StoredAlert(f"a{k}", alert.kind, alert.place_id, state, alert.evidence_keys)
        for k, alert in enumerate(alerts)
    ]


def compare(
    raised: list[RaisedAlert], alerts: list[StoredAlert], state: HotspotState = HotspotState.ELIMINATED
) -> Reconciliation:
    return reconcile(raised, alerts, dict.fromkeys(("h0", "h1"), state))


@WILD
@given(SEEDS, st.sampled_from(AlertState))
def test_a_second_scan_of_the_same_day_raises_nothing_and_closes_nothing(seed: int, state: AlertState) -> None:
    raised = one_a_place(scan(**any_evidence(seed)))
    first = compare(raised, [])
    assert (first.new, first.kept, first.closed) == (raised, [], [])
    again = compare(raised, stored(raised, state))
    assert (again.new, again.closed) == ([], [])
    still_open = state not in {AlertState.DISMISSED, AlertState.CLOSED}
    assert [kept.update for kept in again.kept] == (raised if still_open else [])


TWO = {"on_date": days_ago(9)}, {"on_date": days_ago(5)}


@pytest.mark.parametrize("state", [AlertState.DISMISSED, AlertState.CLOSED])
def test_a_settled_alert_comes_back_only_with_new_evidence(state: AlertState) -> None:
    judged = stored(scan(signals=tips(*TWO)), state)
    grown = scan(signals=tips(*TWO, {"on_date": days_ago(1)}))
    assert compare(scan(signals=tips(*TWO)), judged).new == []
    assert compare(grown, judged).new == grown


@pytest.mark.parametrize("name", ["a0", "s9"])
def test_one_more_record_of_a_judged_event_is_no_new_evidence(name: str) -> None:
    judged = stored(scan(signals=tips(*TWO)), AlertState.DISMISSED)
    told_again = scan(signals=tips(*TWO, {"id": name, "on_date": days_ago(5)}))
    assert compare(told_again, judged).new == []
    other_source = scan(signals=tips(*TWO, {"id": name, "on_date": days_ago(5), "source": "press"}))
    assert len(compare(other_source, judged).new) == 1


def test_the_signal_written_about_a_judged_patrol_is_no_new_evidence() -> None:
    seen = f.patrols(*({"on_date": days_ago(age), "result": "sign"} for age in (3, 6)))
    judged = stored(scan(patrols=seen), AlertState.DISMISSED)
    written_up = scan(patrols=seen, signals=tips({"on_date": days_ago(3), "source": "patrol"}))
    assert compare(written_up, judged).new == []


def test_an_alert_that_the_rule_no_longer_supports_stays_open_until_a_person_acts() -> None:
    open_alerts = stored(scan(signals=tips(*TWO)), AlertState.ACKNOWLEDGED)
    later = compare([], open_alerts)
    assert (later.new, later.closed) == ([], [])
    assert [(kept.alert.id, kept.update) for kept in later.kept] == [("a0", None)]
    assert reconcile([], open_alerts, {}).closed == []


@pytest.mark.parametrize("state", list(HotspotState))
def test_an_open_alert_is_closed_only_when_a_person_has_answered_its_question(state: HotspotState) -> None:
    raised = scan(signals=tips(*TWO))
    closed = compare(raised, stored(raised), state).closed
    assert bool(closed) == (state in {"reactivated", "active"})
    for alert, why in closed:
        assert alert.id == "a0"
        assert str(why).startswith("Điểm đã được quyết định là ")


@pytest.mark.parametrize("state", [AlertState.DISMISSED, AlertState.CLOSED])
def test_a_settled_alert_is_never_closed_again(state: AlertState) -> None:
    raised = scan(signals=tips(*TWO))
    assert compare([], stored(raised, state), HotspotState.REACTIVATED).closed == []


def test_evidence_of_another_place_or_question_does_not_stand_for_new_evidence() -> None:
    (alert,) = scan(signals=tips(*TWO))
    judged = stored([alert], AlertState.DISMISSED)
    elsewhere = replace(alert, place_id="h1")
    other_question = replace(alert, kind=AlertKind.WATCH_BROKEN)
    assert compare([elsewhere, other_question], judged).new == [elsewhere, other_question]


def test_another_rule_about_the_same_return_needs_new_evidence_too() -> None:
    (alert,) = scan(signals=tips(*TWO))
    judged = stored([alert], AlertState.DISMISSED)
    assert compare([replace(alert, kind=AlertKind.UNUSUAL_COUNTS)], judged).new == []


def test_what_several_rules_say_of_one_hotspot_is_one_alert_with_all_the_evidence() -> None:
    (tips_alert,) = scan(signals=tips(*TWO))
    other = replace(tips_alert, kind=AlertKind.UNUSUAL_COUNTS, score=20.0, evidence=tips_alert.evidence[:1])
    elsewhere = replace(other, place_id="h1")
    both, alone = one_a_place([other, tips_alert, elsewhere])
    assert (both.place_id, both.kind, both.rules) == ("h0", tips_alert.kind, (tips_alert.kind, other.kind))
    assert both.evidence == tips_alert.evidence
    assert both.score > max(tips_alert.score, other.score)
    assert alone.place_id == "h1"


def test_what_the_office_owed_ends_by_itself_once_it_is_done() -> None:
    (alert,) = scan(signals=tips(*TWO))
    owed = [StoredAlert("a0", AlertKind.WATCH_BROKEN, "h0", AlertState.RAISED, alert.evidence_keys)]
    still = [replace(alert, kind=AlertKind.WATCH_BROKEN)]
    assert compare(still, owed).closed == []
    ((closed, _why),) = compare([], owed).closed
    assert closed.id == "a0"
