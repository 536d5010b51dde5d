"""The review meeting: nothing suspected, unverified or unannounced on the projector, no other ward's data, no
names of premises before a leader reveals them; decisions come back at the next meeting."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point
from sqlalchemy import select

from app.config import Settings
from app.services import meeting, meeting_map, tasks
from app.services.accounts import SYSTEM
from app.services.alerts import alerts_with_places
from app.services.facts import Known
from app.services.meeting_facts import of_unit
from data.repositories import places
from data.repositories import plans as plan_repository
from data.repositories.frames import add_rows
from data.store import Actor, Store, Work
from data.tables import (
    Alert,
    AlertEvent,
    AuditEntry,
    Finding,
    Hotspot,
    HotspotTransition,
    Inspection,
    Patrol,
    Plan,
    Signal,
    Team,
    Visit,
)
from geo.errors import ConflictError, InputError, RuleError
from geo.periods import Period, parse_period
from geo.review_words import TaskState
from geo.words import Role
from tests.conftest import DEMO_DAY, opened

LEADER = Actor("lanhdao", Role.REVIEWER)
MONTH = parse_period("2026-11")
SECRET = "BÍ MẬT"
YESTERDAY = DEMO_DAY - timedelta(days=1)


@dataclass(frozen=True)
class World:
    """A copy of the demonstration; the review of a ward before and after what must not be told went in."""

    store: Store
    ward: str
    other: str
    before: meeting.Review
    after: meeting.Review


def ward_of(store: Store, code: str) -> str:
    with store.read(SYSTEM) as work:
        units = places.units_on(work, DEMO_DAY)
    return str(units.loc[units["code"] == code, "id"].iloc[0])


def officer(store: Store, code: str = "09552") -> Actor:
    return Actor("canbo", Role.WARD_OFFICER, frozenset({ward_of(store, code)}))


def reviewed(
    store: Store, unit_id: str | None, actor: Actor = LEADER, period: Period = MONTH
) -> meeting.Review:
    return meeting.review(store, actor, unit_id, period, as_of=DEMO_DAY)


@pytest.fixture(scope="module")
def kien_hung(demo: Store) -> meeting.Review:
    """The review of Kiến Hưng in the demonstration."""
    return reviewed(demo, ward_of(demo, "09552"))


@pytest.fixture(scope="module")
def world(
    demo_folder: Path, tmp_path_factory: pytest.TempPathFactory, kien_hung: meeting.Review
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("meeting") / "data"
    shutil.copytree(demo_folder, folder)
    store = opened(Settings(data=folder))
    ward, other = ward_of(store, "09552"), ward_of(store, "09556")
    with store.write(SYSTEM) as work:
        bring_in_secrets(work, ward)
    yield World(store, ward, other, kien_hung, reviewed(store, ward))
    store.engine.dispose()


def bring_in_secrets(work: Work, ward: str) -> None:
    """A new unverified tip at a premises, one being verified and late, a suspected place that is patrolled, a
    dismissed one, an unannounced check with its findings and one to come, and alerts that stand on these."""
    premises = places.premises_on(work, DEMO_DAY)
    own = premises[(premises["ward_id"] == ward) & (premises["status"] == "active")]
    quiet = own[own["complex_grounds"].isna()]
    where, row = quiet.geometry.iloc[0], quiet.iloc[0]
    tip = {
        **work.event(), "on_date": YESTERDAY, "source": "citizen", "reliability": "F", "credibility": 6,
        "state": "received", "geom": where, "premises_id": row["id"], "text": f"Tin {SECRET}",
        "due_on": DEMO_DAY + timedelta(days=20),
    }  # fmt: skip
    verifying = {
        **tip, **work.event(), "state": "verifying", "due_on": DEMO_DAY - timedelta(days=4),
        "premises_id": None, "geom": Point(where.x + 0.0002, where.y),
    }  # fmt: skip
    add_rows(work, Signal, [tip, verifying])
    for key, states in (("nghi-van", ["suspected"]), ("bo", ["suspected", "dismissed"])):
        work.session.add(Hotspot(id=key, name=f"Điểm {SECRET} {key}", geom=where, catchment_m=200.0))
        work.session.flush()
        add_rows(
            work,
            HotspotTransition,
            [
                {**work.event(), "hotspot_id": key, "state": state, "on_date": YESTERDAY, "reason": SECRET}
                for state in states
            ],
        )
        add_rows(
            work,
            Patrol,
            [{**work.event(), "hotspot_id": key, "on_date": YESTERDAY, "result": "sign", "geom": where}],
        )
    unannounced(work, row["id"], where)
    alert(work, "two_signals", "hotspot", watched(work, ward), [("signal", tip["id"])])
    alert(work, "two_signals", "hotspot", "nghi-van", [("licence", "x")])
    alert(work, "violation_inside", "hotspot", watched(work, ward), [("finding", "secret-finding")])
    alert(work, "signal_late", "signal", verifying["id"], [("signal", verifying["id"])])
    alert(
        work, "new_cluster", "cluster", "c1", [("signal", tip["id"])],
        {"lon": where.x, "lat": where.y, "radius_m": 150.0},
    )  # fmt: skip


def unannounced(work: Work, premises_id: str, where: Any) -> None:
    team = work.session.scalars(select(Team.id)).first()
    done = {**work.event(), "id": "secret-check"}
    add_rows(
        work,
        Inspection,
        [
            {**done, "premises_id": premises_id, "on_date": YESTERDAY, "kind": "unannounced", "geom": where,
             "outcome": "checked", "grounds": SECRET, "body": "team178"}
        ],
    )  # fmt: skip
    add_rows(
        work,
        Finding,
        [
            {**work.event(), "id": "secret-finding", "inspection_id": "secret-check", "kind": "prostitution",
             "serious": True, "text": SECRET, "deadline": DEMO_DAY - timedelta(days=1)}
        ],
    )  # fmt: skip
    plan = Plan(
        first_day=DEMO_DAY, last_day=DEMO_DAY + timedelta(days=6), state="approved", made_at=work.now,
        made_by="lichkiemtra",
    )  # fmt: skip
    work.session.add(plan)
    work.session.flush()
    at = datetime(2026, 11, 25, 8, tzinfo=UTC)
    work.session.add(
        Visit(
            plan_id=plan.id, premises_id=premises_id, team_id=team, on_date=date(2026, 11, 25), arrive=at,
            leave=at, position=1, kind="unannounced", basis=SECRET, selection_probability=1.0,
        )
    )  # fmt: skip
    assert len(plan_repository.visits_of(work, plan.id)) == 1


def watched(work: Work, ward: str) -> str:
    ground = places.units_on(work, DEMO_DAY).set_index("id").geometry[ward]
    spots = places.hotspots_on(work, DEMO_DAY)
    there = spots[(spots["state"] == "eliminated") & spots.intersects(ground)]
    return str(there["id"].iloc[0])


def alert(
    work: Work,
    kind: str,
    place_kind: str,
    place: str,
    evidence: list[tuple[str, str]],
    detail: dict[str, Any] | None = None,
) -> None:
    text = {"text": SECRET, "values": {}}
    items = [{"kind": one, "id": key, "date": YESTERDAY.isoformat(), "text": text} for one, key in evidence]
    raised = Alert(
        kind=kind, place_kind=place_kind, place_id=place, raised_on=DEMO_DAY, score=90.0, text=text,
        evidence=items, detail=detail,
    )  # fmt: skip
    work.session.add(raised)
    work.session.flush()
    work.session.add(AlertEvent(**work.event(), alert_id=raised.id, state="raised"))


def test_suspicion_tips_and_unannounced_checks_change_nothing_but_the_number_of_late_tips(world: World) -> None:
    before, after = world.before, world.after
    assert after.late_tips == before.late_tips + 1
    told = replace(
        after, late_tips=before.late_tips, targets=before.targets, risks=before.risks
    )  # the targets count them all, without telling where
    assert told == before
    assert [one.text for one in after.risks] == [one.text for one in before.risks]


def test_the_secrets_are_there_for_who_works_with_them(world: World) -> None:
    found = alerts_with_places(world.store, LEADER, DEMO_DAY)
    assert (found["text"].map(lambda text: text["text"]) == SECRET).sum() == 5
    with world.store.read(of_unit(LEADER, world.ward)) as work:
        known = Known(work, DEMO_DAY)
        assert known.signals["text"].str.contains(SECRET).sum() == 2
        assert {"nghi-van", "bo"} <= set(known.hotspots["id"])
        assert "secret-check" in set(known.inspections["id"])
        assert "secret-finding" in set(known.findings["id"])


def test_no_word_of_a_secret_stands_in_the_review_or_on_its_map(world: World) -> None:
    drawn, _heat = meeting_map.meeting_map(world.store, LEADER, world.ward, DEMO_DAY, as_of=DEMO_DAY)
    shown = [drawn.premises, drawn.hotspots, drawn.strips, drawn.alerts]
    told = [repr(world.after), *(frame.drop(columns="geometry").to_csv() for frame in shown)]
    for text in told:
        assert SECRET not in text and "nghi-van" not in text and "secret" not in text
    assert not set(drawn.hotspots["state"]) & {"suspected", "dismissed"}


def test_the_heat_of_the_map_is_of_verified_signals_only(world: World, demo: Store) -> None:
    for day in (DEMO_DAY, date(2026, 10, 31)):
        drawn = [
            meeting_map.meeting_map(store, LEADER, world.ward, day, as_of=DEMO_DAY)[1]
            for store in (demo, world.store)
        ]
        assert drawn[0] is not None and drawn[1] is not None
        assert drawn[0].events == drawn[1].events
        assert (drawn[0].values == drawn[1].values).all()


def test_a_month_of_the_past_shows_no_place_that_was_only_suspected_then(demo: Store) -> None:
    ward = ward_of(demo, "09556")
    with demo.read(SYSTEM) as work:
        suspected_then = date(2026, 6, 20)
        spots = places.hotspots_on(work, suspected_then)
        assert "suspected" in set(spots["state"])
    drawn, _heat = meeting_map.meeting_map(demo, LEADER, ward, suspected_then, as_of=DEMO_DAY)
    assert not set(drawn.hotspots["state"]) & {"suspected", "dismissed"}
    assert drawn.strips.empty and drawn.alerts.empty


def test_premises_stand_by_code_everywhere(demo: Store, kien_hung: meeting.Review) -> None:
    ward, found = ward_of(demo, "09552"), kien_hung
    drawn, _heat = meeting_map.meeting_map(demo, LEADER, ward, DEMO_DAY, as_of=DEMO_DAY)
    assert found.premises and all(one.code.startswith("CS-") for one in found.premises)
    with demo.read(SYSTEM) as work:
        register = places.premises_on(work, DEMO_DAY)
    texts = repr(found) + drawn.premises.drop(columns="geometry").to_csv() + " ".join(drawn.alerts["name"])
    for column in ("id", "name", "registration_number"):
        values = [one for one in register[column].dropna() if len(one) > 3]
        assert values and not [one for one in values if one in texts], column


def test_a_leader_reveals_names_of_the_ward_only_and_the_log_says_so_without_a_name(
    own_demo: Store, kien_hung: meeting.Review
) -> None:
    ward, own = ward_of(own_demo, "09552"), [one.code for one in kien_hung.premises]
    everywhere = [f"CS-{number:03}" for number in range(1, 421) if number % 3] + own
    names = meeting.reveal(own_demo, LEADER, ward, own, as_of=DEMO_DAY)
    more = meeting.reveal(own_demo, LEADER, ward, everywhere, as_of=DEMO_DAY)
    assert set(names) == set(own) and all(one.name for one in names.values())
    with own_demo.read(SYSTEM) as work:
        register = places.premises_on(work, DEMO_DAY)
    assert {one.name for one in more.values()} <= set(register.loc[register["ward_id"] == ward, "name"])
    with own_demo.read(SYSTEM) as work:
        entry = work.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "meeting.reveal").order_by(AuditEntry.seq.desc())
        ).first()
    assert entry is not None and entry.actor == "lanhdao" and set(entry.detail["codes"]) == set(more)
    assert not [one for one in names.values() if one.name in repr(entry.detail)]


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.WARD_POLICE, Role.VIEWER, Role.STEWARD])
def test_who_does_not_lead_reveals_nothing(demo: Store, role: Role) -> None:
    with pytest.raises(RuleError):
        meeting.reveal(demo, Actor("a", role), ward_of(demo, "09552"), ["CS-001"], as_of=DEMO_DAY)


def test_another_wards_meeting_is_closed_to_an_officer(demo: Store) -> None:
    actor, other = officer(demo), ward_of(demo, "09556")
    held = meeting.meetings_of(demo, LEADER, other, as_of=DEMO_DAY)[0]
    for unit in (other, None, "khong-co"):
        calls = [
            lambda unit=unit: reviewed(demo, unit, actor),
            lambda unit=unit: meeting.meetings_of(demo, actor, unit, as_of=DEMO_DAY),
            lambda unit=unit: meeting.decisions_of(demo, actor, unit, since=DEMO_DAY, as_of=DEMO_DAY),
            lambda unit=unit: meeting.reveal(demo, actor, unit, ["CS-001"], as_of=DEMO_DAY),
            lambda unit=unit: meeting_map.meeting_map(demo, actor, unit, DEMO_DAY, as_of=DEMO_DAY),
            lambda unit=unit: meeting_map.months(demo, actor, unit, DEMO_DAY),
            lambda unit=unit: meeting.hold_meeting(demo, actor, unit, MONTH, held_on=DEMO_DAY, as_of=DEMO_DAY),
        ]
        for call in calls:
            with pytest.raises(InputError) as caught:
                call()
            assert caught.value.code == "unknown_unit"
    with pytest.raises(InputError):
        meeting.decide(demo, actor, held.id, title="Việc", owner="UBND phường", due_on=DEMO_DAY, as_of=DEMO_DAY)
    assert list(meeting.reviewable(demo, actor, DEMO_DAY)) == [ward_of(demo, "09552")]


def test_everybody_reads_the_same_of_a_ward_and_nothing_of_its_neighbours_places(
    demo: Store, kien_hung: meeting.Review
) -> None:
    ward, found = ward_of(demo, "09552"), kien_hung
    assert reviewed(demo, ward, officer(demo)) == found
    with demo.read(SYSTEM) as work:
        spots = places.hotspots_on(work, DEMO_DAY)
        ground = places.units_on(work, DEMO_DAY).set_index("id").geometry[ward]
        theirs = tasks.tasks_of(demo, LEADER, unit_id=ward_of(demo, "09556"), as_of=DEMO_DAY)
    elsewhere = [one.name for one in spots[~spots.intersects(ground)].itertuples()]
    assert elsewhere and theirs
    for words in [*elsewhere, *(one.title for one in theirs if one.meeting_id)]:
        assert words not in repr(found)


def test_it_tells_of_the_days_since_the_last_meeting_or_of_the_period_where_there_was_none(
    demo: Store, kien_hung: meeting.Review
) -> None:
    found = kien_hung
    assert found.since == DEMO_DAY - timedelta(days=30)
    assert (found.first, found.last) == (DEMO_DAY - timedelta(days=29), DEMO_DAY)
    october = reviewed(demo, ward_of(demo, "09552"), period=parse_period("2026-10"))
    assert october.last == date(2026, 10, 31) and october.since == date(2026, 10, 25)
    never = reviewed(demo, ward_of(demo, "09562"))
    assert never.since is None and never.first == date(2026, 11, 1)
    assert len(found.sentences) == len(never.sentences) == 5


def test_a_period_to_come_is_refused(demo: Store) -> None:
    with pytest.raises(InputError, match="chưa bắt đầu"):
        reviewed(demo, ward_of(demo, "09552"), period=parse_period("2026-12"))


def test_a_decision_is_recorded_and_comes_back_at_the_next_meeting_with_its_state(own_demo: Store) -> None:
    ward, actor = ward_of(own_demo, "09552"), officer(own_demo)
    held = meeting.hold_meeting(own_demo, actor, ward, MONTH, held_on=DEMO_DAY, as_of=DEMO_DAY)
    again = meeting.hold_meeting(
        own_demo, actor, ward, MONTH, held_on=DEMO_DAY, as_of=DEMO_DAY, document="60/TB-UBND"
    )
    assert held == again
    newest = meeting.meetings_of(own_demo, LEADER, ward, as_of=DEMO_DAY)[0]
    assert (newest.id, newest.document, newest.decisions) == (held, "60/TB-UBND", 0)
    due = DEMO_DAY + timedelta(days=7)
    one, two = (
        meeting.decide(own_demo, actor, held, title=title, owner="Công an phường", due_on=due, as_of=DEMO_DAY)
        for title in ("Tăng tuần tra phố Văn Khê", "Kiểm tra biển hiệu")
    )
    later = due + timedelta(days=3)
    shown = {row.id: row for row in meeting.review(
        own_demo, LEADER, ward, parse_period("2026-12"), as_of=later
    ).decisions}  # fmt: skip
    assert shown[one].late and shown[one].days_late == 3 and shown[two].state is TaskState.OPEN
    done = tasks.TaskChange(TaskState.DONE)
    tasks.change_task(own_demo, actor, one, done, seen=shown[one].revision, as_of=later)
    with pytest.raises(ConflictError):
        tasks.change_task(own_demo, actor, one, done, seen=shown[one].revision, as_of=later)
    next_time = meeting.review(own_demo, LEADER, ward, parse_period("2026-12"), as_of=later)
    shown = {row.id: row for row in next_time.decisions}
    assert (shown[one].state, shown[one].done_on, shown[one].late) == (TaskState.DONE, later, False)
    assert next_time.since == DEMO_DAY
    assert [row.late for row in next_time.decisions] == sorted(
        [row.late for row in next_time.decisions], reverse=True
    )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"owner": "Nguyễn Văn Hùng"}, "personal_data"),
        ({"owner": "Trần Hùng"}, "owner_is_person"),
        ({"owner": ""}, "owner_missing"),
        ({"title": "Gọi 0912345678"}, "personal_data"),
        ({"due_on": DEMO_DAY - timedelta(days=90)}, "due_before_meeting"),
    ],
)
def test_a_decision_needs_a_body_and_a_day_and_names_nobody(
    demo: Store, changed: dict[str, Any], code: str
) -> None:
    held = meeting.meetings_of(demo, LEADER, ward_of(demo, "09552"), as_of=DEMO_DAY)[0]
    given = {"title": "Tăng tuần tra", "owner": "Công an phường", "due_on": DEMO_DAY, **changed}
    with pytest.raises(InputError) as caught:
        meeting.decide(demo, LEADER, held.id, as_of=DEMO_DAY, **given)
    assert caught.value.code == code


@pytest.mark.parametrize("role", [Role.VIEWER, Role.INSPECTOR, Role.WARD_POLICE, Role.AUDITOR])
def test_who_may_not_write_reports_records_no_meeting(demo: Store, role: Role) -> None:
    with pytest.raises(RuleError):
        meeting.hold_meeting(
            demo, Actor("a", role), ward_of(demo, "09552"), MONTH, held_on=DEMO_DAY, as_of=DEMO_DAY
        )


def test_the_review_holds_targets_without_the_rows_behind_them(demo: Store, kien_hung: meeting.Review) -> None:
    found = kien_hung
    assert "T09" in {one.code for one in found.targets}
    with demo.read(SYSTEM) as work:
        ids = set(work.session.scalars(select(Signal.id))) | set(work.session.scalars(select(Inspection.id)))
    assert not [one for one in ids if one in repr(found)]
