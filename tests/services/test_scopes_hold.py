"""Scopes and rules 5 to 7 attacked: another ward's rows never appear, what the police has is kept nowhere."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import select
from starlette.requests import Request

from app.field.patrol_pages import round_list
from app.services import (
    alerts,
    border_history,
    case_facts,
    case_papers,
    cases,
    check_papers,
    complaints,
    decisions,
    displacement,
    field_record,
    hotspot_shapes,
    hotspot_view,
    hotspots,
    map_data,
    map_time,
    patrols,
    signals,
)
from app.services import signal_handling as handling
from app.services import signal_handovers as across
from app.services.accounts import SYSTEM, sign_in
from app.services.case_papers import PaperEntry
from app.services.check_papers import MinutesPaper, Place
from app.services.events_import import import_events
from app.services.exports import export_layer
from app.services.hotspots import WatchSettings
from app.services.official_paper import Issuer
from app.services.patrols import PatrolReport, Round
from app.services.police_handover import hand_over
from app.services.signal_figures import handled_in_time
from app.services.signal_handling import Step
from data.repositories import checks, places
from data.repositories.events import findings_until
from data.repositories.teams import teams_between
from data.store import Actor, Store
from data.tables import AuditEntry, Hotspot, HotspotTransition, Inspection, Signal, new_id
from geo.errors import ConflictError, InputError, RuleError
from geo.words import (
    CasePaperKind,
    HotspotState,
    Role,
    SignalState,
)
from tests.conftest import DEMO_DAY
from tests.services.field_world import planned, report
from tests.services.paper_reading import opened as opened_paper
from tests.services.plan_world import at
from tests.services.signal_world import DAY, DESK, HERE, TEXT, THERE, taken, wards

__all__ = ["wards"]
FOUND = "Khách ra vào nhiều, nghi có việc khác"
TO_POLICE = Step(SignalState.HANDED_OVER, receipt_number="4/BN")


def given_to_the_police(store: Store) -> str:
    """A signal that was looked into and then went to the police; its id."""
    own = taken(store, premises_id="p1", number="7/TN")
    handling.take_step(store, HERE, own, Step(SignalState.VERIFYING, FOUND), seen=1, as_of=DAY)
    handling.take_step(store, HERE, own, TO_POLICE, seen=2, as_of=DAY)
    return own


# --- rule 7


def test_of_what_the_police_has_the_history_repeats_nothing(wards: Store) -> None:
    one = signals.one(wards, HERE, given_to_the_police(wards), DAY)
    assert one.receipt_number == "4/BN"
    for said in (TEXT, FOUND):
        assert said not in repr(one)


def test_of_what_the_police_has_only_the_ward_is_kept(wards: Store) -> None:
    one = signals.one(wards, HERE, given_to_the_police(wards), DAY)
    assert (one.text, one.result, one.topic, one.premises_id, one.assigned_to) == ("", None, None, None, None)
    # The middle of the ward, by which the share handled in time is counted.
    assert one.lon == pytest.approx(105.75)
    whole, ward = handled_in_time(wards, HERE, DAY - timedelta(days=30), DAY, as_of=DAY)
    assert (whole.handed_over, ward.handed_over, ward.ward_id) == (1, 1, "u1")


def test_no_earlier_revision_keeps_what_the_police_has(wards: Store) -> None:
    own = given_to_the_police(wards)
    with wards.read(SYSTEM) as work:
        kept = list(
            work.session.execute(select(Signal.text, Signal.result, Signal.why).where(Signal.id == own))
        )
    assert all(not any(row) for row in kept)


def test_what_tells_the_same_goes_to_the_police_with_it(wards: Store) -> None:
    own, twin = taken(wards), taken(wards, text="Cũng chỗ đó, ồn ào cả đêm")
    handling.link(wards, HERE, twin, own, seen=1)
    handling.take_step(wards, HERE, own, TO_POLICE, seen=1, as_of=DAY)
    other = signals.one(wards, HERE, twin, DAY)
    assert other.text == ""
    with pytest.raises(RuleError):
        handling.unlink(wards, HERE, twin, seen=other.revision)


def test_no_file_and_no_list_tells_what_the_police_has(wards: Store, tmp_path: Path) -> None:
    given_to_the_police(wards)
    with wards.write(SYSTEM) as work:
        # As an older version kept it.
        event = {**work.event(), "on_date": DAY, "source": "hotline", "state": "handed_over", "text": FOUND}
        work.session.add(Signal(**event, geom=shapely.Point(105.77, 20.95)))
    file = tmp_path / "signals.csv"
    export_layer(wards, HERE, "signals", file, DAY)
    inbox = signals.inbox(wards, HERE, DAY)
    for said in (TEXT, FOUND):
        assert said not in file.read_text(encoding="utf-8-sig")
        assert said not in " ".join(inbox["text"])


HEADERS = (
    "ngày",
    "nguồn",
    "vĩ độ",
    "kinh độ",
    "độ tin cậy",
    "trạng thái",
    "nội dung",
    "loại tin",
    "số biên nhận",
)


def signals_file(folder: Path, *rows: tuple[str, ...], headers: tuple[str, ...] = HEADERS) -> Path:
    with (folder / "tin.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([headers, *rows])
    return folder / "tin.csv"


def stored(store: Store) -> list[Signal]:
    with store.read(SYSTEM) as work:
        return list(work.session.scalars(select(Signal)))


def test_a_file_brings_no_text_and_no_place_of_what_the_police_has(wards: Store, tmp_path: Path) -> None:
    rest = ("hotline", "20.95", "105.77", "C2", "handed_over", FOUND)
    file = signals_file(
        tmp_path, ("12/06/2026", *rest, "", "5/BN"), ("13/06/2026", *rest, "denunciation", "6/BN")
    )
    assert import_events(wards, DESK, "signals", file)["added"] == 2
    for row in stored(wards):
        assert (row.text, row.result) == ("", None)
        assert row.geom.x == pytest.approx(105.75)


def test_what_a_row_of_the_police_is_known_again_by_says_nothing_of_its_place(
    wards: Store, tmp_path: Path
) -> None:
    """The few places of a ward could be tried one by one."""
    keys = set()
    for place in ("105.77", "105.78"):
        row = ("13/06/2026", "hotline", "20.95", place, "C2", "handed_over", FOUND, "denunciation", "6/BN")
        import_events(wards, DESK, "signals", signals_file(tmp_path, row))
        keys |= {one.content_key for one in stored(wards)}
    assert len(keys) == 1


def test_a_handover_leaves_no_trace_of_what_it_was_about(wards: Store) -> None:
    now = at(DAY, 20)
    assert hand_over(wards, HERE, key="a" * 32, handed_at=now, receipt_number="8/BN", now=now)
    with wards.read(SYSTEM) as work:
        (entry,) = work.session.scalars(select(AuditEntry).where(AuditEntry.action == "police.handover"))
    assert (entry.subject, entry.detail) == ("a" * 32, {})


# --- another ward's rows


def test_what_tells_the_same_in_another_ward_is_not_counted_here(wards: Store) -> None:
    own, theirs = taken(wards), taken(wards, THERE, lon=105.85)
    across.send(wards, HERE, own, to_unit="u2", seen=1, as_of=DAY)
    handling.link(wards, THERE, theirs, own, seen=1)
    assert signals.one(wards, HERE, own, DAY).duplicates == ()
    assert signals.one(wards, THERE, own, DAY).duplicates == (theirs,)


@pytest.fixture(scope="module")
def officers(demo: Store) -> list[Actor]:
    """An officer of each of the demonstration's wards of the day."""
    with demo.read(SYSTEM) as work:
        units = places.units_on(work, DEMO_DAY)
    return [Actor(f"cán bộ {row.code}", Role.WARD_OFFICER, frozenset({row.id})) for row in units.itertuples()]


def ground_of(store: Store, actor: Actor) -> Any:
    with store.read(SYSTEM) as work:
        units = places.units_on(work, DEMO_DAY)
    return shapely.union_all(units[units["id"].isin(actor.scope)].geometry)


def _patrols(store: Store, actor: Actor) -> Any:
    return patrols.covered(store, actor, DEMO_DAY - timedelta(days=365), DEMO_DAY)


def _hotspots(store: Store, actor: Actor) -> Any:
    return hotspots.overview(store, actor, DEMO_DAY)


def _alerts(store: Store, actor: Actor) -> Any:
    found = alerts.alerts_with_places(store, actor, DEMO_DAY)
    return found[found["place_kind"] != "signal"]


def _inbox(store: Store, actor: Actor) -> Any:
    found = signals.inbox(store, actor, DEMO_DAY)
    return found[found["handover_id"].isna()]


def _past(store: Store, actor: Actor) -> Any:
    return map_time.past_map(store, actor, DEMO_DAY).hotspots


FRAMES: tuple[Callable[[Store, Actor], Any], ...] = (_patrols, _hotspots, _alerts, _inbox, _past)


@pytest.mark.parametrize("read", FRAMES, ids=lambda one: one.__name__.strip("_"))
def test_every_row_lies_on_the_readers_ground(
    demo: Store, officers: list[Actor], read: Callable[[Store, Actor], Any]
) -> None:
    seen = 0
    for officer in officers:
        ground, found = ground_of(demo, officer), read(demo, officer)
        assert found.geometry.intersects(ground).all(), officer
        seen += len(found)
    assert seen


def test_the_history_of_a_border_is_that_of_the_own_side(demo: Store, officers: list[Actor]) -> None:
    for officer in officers[:1]:
        events = border_history.border_sheet(demo, officer, DEMO_DAY).events
        own = set(signals.inbox(demo, officer, DEMO_DAY)["id"])
        told = set(events.loc[events["kind"] == "signal", "id"])
        assert told <= own


def test_the_months_of_the_map_begin_with_the_own_record(wards: Store) -> None:
    """When another ward's first hotspot was found is not to be read off the slider."""
    there = {"name": "Khu vực thử", "geom": shapely.Point(105.85, 20.95), "found_on": date(2024, 1, 1)}
    with wards.write(SYSTEM) as work:
        spot = Hotspot(id=new_id(), **there, watch_months=24, patrol_every_days=14)
        work.session.add(spot)
        work.session.flush()
        change = {"hotspot_id": spot.id, "state": "active", "on_date": date(2024, 1, 1), "reason": "thử"}
        work.session.add(HotspotTransition(**work.event(), **change))
    assert len(map_time.months(wards, THERE, DAY)) > 12
    assert map_time.months(wards, HERE, DAY) == [DAY]


def test_the_evidence_of_an_alert_leaves_out_what_another_ward_heard(wards: Store) -> None:
    """A hotspot at the border: what was heard across it is weighed, and not told."""
    here, there = shapely.Point(105.7995, 20.95), shapely.Point(105.8005, 20.95)
    with wards.write(SYSTEM) as work:
        spot = Hotspot(
            id=new_id(), name="Khu vực thử", geom=here, catchment_m=400.0, watch_months=24, patrol_every_days=14
        )
        work.session.add(spot)
        work.session.flush()
        for state, day in (("active", date(2024, 1, 1)), ("eliminated", date(2026, 1, 6))):
            change = {
                "hotspot_id": spot.id,
                "state": state,
                "on_date": day,
                "reason": "thử",
                "document": "1/BC",
            }
            work.session.add(HotspotTransition(**work.event(), **change))
        heard = [("hotline", here), ("citizen", here), ("press", there)]
        tips = [
            Signal(**work.event(), on_date=DAY, state="verified", source=source, geom=point, text="")
            for source, point in heard
        ]
        work.session.add_all(tips)
        ids = [one.id for one in tips]
    alerts.scan(wards, DESK, DAY)

    def told(reader: Actor) -> set[str]:
        found = alerts.alerts_with_places(wards, reader, DAY)
        return {item["id"] for evidence in found["evidence"] for item in evidence if item["kind"] == "signal"}

    assert told(DESK) == set(ids)
    assert told(HERE) == set(ids[:2])


def test_who_may_not_see_tips_sees_no_hotspot(demo: Store) -> None:
    for role in (Role.VIEWER, Role.AUDITOR):
        actor = Actor("xem", role)
        assert map_data.map_data(demo, actor, DEMO_DAY).hotspots.empty
        with pytest.raises(RuleError):
            hotspots.overview(demo, actor, DEMO_DAY)


# --- ids that are guessed


def refused_as(attempt: Callable[..., Any], *ids: str) -> str:
    with pytest.raises(InputError) as refused:
        attempt(*ids)
    return refused.value.code


@pytest.fixture(scope="module")
def apart(demo: Store) -> tuple[Actor, str, str, str]:
    """An officer, and ids of another ward: a hotspot, an inspection and a finding of it."""
    with demo.read(SYSTEM) as work:
        spots, units = places.hotspots_on(work, DEMO_DAY), places.units_on(work, DEMO_DAY)
        found = findings_until(work, DEMO_DAY)
    found = found[found["closed_on"].isna() & found.geometry.notna()]
    for spot in spots.itertuples():
        away = units[~units.geometry.intersects(spot.geometry)]
        for unit in away.itertuples():
            theirs = found[~found.geometry.intersects(unit.geometry)]
            if len(theirs):
                officer = Actor("cán bộ", Role.WARD_OFFICER, frozenset({unit.id}))
                return officer, spot.id, theirs["inspection_id"].iloc[0], theirs["id"].iloc[0]
    raise AssertionError("no such ward")


ANY, NOBODYS = "Lý do ghi trong hồ sơ", "0" * 32
PAPER = PaperEntry(CasePaperKind.RESULT_NOTICE, on_date=DEMO_DAY, number="1/TB")
WATCH = WatchSettings(200.0, 24, 14)


def test_another_wards_hotspot_is_as_unknown_as_one_that_is_none(
    demo: Store, apart: tuple[Actor, str, str, str]
) -> None:
    officer, spot, _inspection, _finding = apart
    police = replace(officer, role=Role.WARD_POLICE)
    now = at(DEMO_DAY, 20)
    blade = shapely.LineString([(105.7, 20.9), (105.8, 21.0)])
    for attempt in (
        lambda one: hotspot_view.sheet(demo, officer, one, DEMO_DAY),
        lambda one: displacement.displacement(demo, officer, one, DEMO_DAY),
        lambda one: hotspots.change_watch(demo, officer, one, WATCH, seen=WATCH, version=1),
        lambda one: hotspots.change_state(
            demo, officer, one, HotspotState.CLEARED, on_date=DEMO_DAY, reason=ANY, document="1/BC"
        ),
        lambda one: hotspot_shapes.change_shape(demo, officer, one, shapely.Point(105.77, 20.96), version=1),
        lambda one: hotspot_shapes.split_hotspot(demo, officer, one, blade, ["a", "b"], version=1, reason=ANY),
        lambda one: patrols.record(demo, police, PatrolReport("k" * 20, one, now), now),
    ):
        assert refused_as(attempt, spot) == refused_as(attempt, NOBODYS) == "unknown_hotspot"


def test_another_wards_case_is_as_unknown_as_one_that_is_none(
    demo: Store, apart: tuple[Actor, str, str, str]
) -> None:
    officer, _spot, inspection, finding = apart
    for attempt in (
        lambda one: cases.case(demo, officer, one, DEMO_DAY),
        lambda one: case_facts.check_facts(demo, officer, one, DEMO_DAY),
        lambda one: case_papers.add_paper(demo, officer, one, PAPER, DEMO_DAY),
    ):
        assert refused_as(attempt, inspection) == refused_as(attempt, NOBODYS)

    def close(one: str) -> None:
        case_papers.close_finding(demo, officer, one, DEMO_DAY, "2/KT", DEMO_DAY)

    assert refused_as(close, finding) == refused_as(close, NOBODYS)


def test_another_wards_fine_and_complaint_are_as_unknown_as_none(own_demo: Store) -> None:
    with own_demo.read(SYSTEM) as work:
        register = places.premises_on(work, DEMO_DAY)
        units = list(places.units_on(work, DEMO_DAY)["id"])
        team = teams_between(work, DEMO_DAY, DEMO_DAY)["id"].iloc[0]
    theirs = register[register["ward_id"] == units[0]].iloc[0]
    officer = Actor("cán bộ", Role.WARD_OFFICER, frozenset({units[1]}))
    keeper = Actor("giữ hồ sơ", Role.REVIEWER)
    with own_demo.write(SYSTEM) as work:
        check = Inspection(
            **work.event(),
            premises_id=theirs["id"],
            on_date=DEMO_DAY,
            outcome="checked",
            geom=theirs["geometry"],
        )
        work.session.add(check)
        work.session.flush()
        fine = checks.add_paper(
            work, inspection_id=check.id, finding_id=None, kind=CasePaperKind.SANCTION.value, number="3/QĐ",
            on_date=DEMO_DAY,
        )  # fmt: skip
    complaint = complaints.record(own_demo, keeper, theirs["id"], team, DEMO_DAY, DEMO_DAY)
    for own, attempt in (
        (fine, lambda one: case_papers.mark_paid(own_demo, officer, one, DEMO_DAY, DEMO_DAY)),
        (complaint, lambda one: complaints.answer(own_demo, officer, one, DEMO_DAY, "5/TL", DEMO_DAY)),
    ):
        assert refused_as(attempt, own) == refused_as(attempt, NOBODYS)


# --- rule 5: every text from outside is asked whether it speaks of a person

PERSON = "liên hệ 0912345678"


def test_a_person_gets_in_by_no_text(demo: Store) -> None:
    police = Actor("công an", Role.WARD_POLICE)
    now = at(DEMO_DAY, 20)
    with demo.read(SYSTEM) as work:
        spot = places.hotspots_on(work, DEMO_DAY).iloc[0]
    new = hotspot_shapes.NewHotspot(
        name="Khu vực thử", geometry=shapely.Point(105.772, 20.965), state=HotspotState.SUSPECTED,
        found_on=DEMO_DAY, reason=ANY,
    )  # fmt: skip
    issue = {"number": "1/QĐ", "on_date": DEMO_DAY, "as_of": DEMO_DAY, "seen_version": 1}
    drawn = [replace(new, **{name: PERSON}) for name in ("name", "reason", "document", "patrol_by", "source")]
    papers = [replace(PAPER, **{name: f"1 {PERSON}"}) for name in ("number", "body", "article", "note")]
    for attempt in (
        *(partial(hotspot_shapes.new_hotspot, demo, SYSTEM, one) for one in drawn),
        *(partial(case_papers.add_paper, demo, SYSTEM, NOBODYS, one, DEMO_DAY) for one in papers),
        lambda: hand_over(demo, police, key="b" * 32, handed_at=now, receipt_number=PERSON, now=now),
        lambda: patrols.record(demo, police, PatrolReport("k" * 20, spot["id"], now, note=PERSON), now),
        lambda: hotspots.change_watch(
            demo, SYSTEM, spot["id"], replace(WATCH, patrol_by=PERSON), seen=WATCH, version=spot["version"]
        ),
        lambda: decisions.issue(demo, SYSTEM, NOBODYS, signer=PERSON, **issue),
        lambda: decisions.issue(demo, SYSTEM, NOBODYS, signer="Nguyễn Văn Hùng", **issue),
        lambda: complaints.record(demo, SYSTEM, NOBODYS, NOBODYS, DEMO_DAY, DEMO_DAY, document=PERSON),
        lambda: across.send(demo, SYSTEM, NOBODYS, to_name=PERSON, seen=1, as_of=DEMO_DAY),
        lambda: across.accept(demo, SYSTEM, NOBODYS, receipt=PERSON, as_of=DEMO_DAY),
    ):
        assert refused_as(attempt) == "personal_data"


def test_the_id_of_a_row_is_no_way_in_for_a_telephone_number(wards: Store, tmp_path: Path) -> None:
    row = ("13/06/2026", "hotline", "20.95", "105.77", "C2", "received", "Biển hiệu sáng khuya", "", "")
    good = new_id()
    headers = (*HEADERS, "mã")
    done = import_events(
        wards, DESK, "signals", signals_file(tmp_path, (*row, "sdt-0912345678"), (*row, good), headers=headers)
    )
    assert done["added"] == 1
    assert [one.id for one in stored(wards)] == [good]


def test_what_a_stranger_types_as_an_account_is_not_kept(own_demo_settings: Any, own_demo: Store) -> None:
    """It may be a password or a telephone number in the wrong field."""
    assert sign_in(own_demo, own_demo_settings, "bi-mat-0912345678", "sai mật khẩu") is None
    with own_demo.read(SYSTEM) as work:
        said = " ".join(work.session.scalars(select(AuditEntry.subject)))
    assert "0912345678" not in said


# --- shown as it stands, sent once

RUN = '"><script>alert(1)</script>{{ 7*7 }}&'


def test_a_name_never_runs_on_a_plain_page_nor_in_a_paper() -> None:
    known = dict.fromkeys(Round.__dataclass_fields__) | {"hotspot_id": "h1", "state": HotspotState.ELIMINATED}
    one = Round(**known | {"name": RUN, "every_days": 14, "lon": 105.77, "lat": 20.96})
    request = Request({"type": "http", "method": "GET", "path": "/patrol", "headers": [], "query_string": b""})
    page = bytes(round_list(request, Actor(RUN, Role.WARD_POLICE), [one]).body).decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    place = Place(RUN, "karaoke", RUN, RUN, RUN)
    paper = MinutesPaper(issuer=Issuer(), team=RUN, place=place, day=DEMO_DAY, asked=())
    made = opened_paper(check_papers.minutes(paper))
    assert RUN in "\n".join(line.text for line in made.paragraphs)


def test_the_key_of_one_stops_form_does_not_swallow_anothers_report(own_demo: Store) -> None:
    """Sent again it is one report; under another stop it is refused aloud, and nothing is taken for sent."""
    world = planned(own_demo, DEMO_DAY)
    first, second = world.visits[:2]
    send = [report(own_demo, visit, DEMO_DAY, "the-same-key-of-a-phone") for visit in (first, second)]
    assert not field_record.record(own_demo, world.actor, first, send[0], world.now).again
    assert field_record.record(own_demo, world.actor, first, send[0], world.now).again
    with pytest.raises(ConflictError):
        field_record.record(own_demo, world.actor, second, send[1], world.now)
