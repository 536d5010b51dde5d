"""The inspector's day: who sees which stops, what may be recorded of them, once, and how it is corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.services import field_record, field_work
from app.services.accounts import SYSTEM
from app.services.field_work import KeptFinding
from app.services.plan_secrecy import OPENED
from app.services.police_handover import hand_over
from data.repositories.frames import current, frame
from data.store import Store
from data.tables import (
    AuditEntry,
    CasePaper,
    Complaint,
    Finding,
    Inspection,
    InspectionDecision,
    Plan,
    PoliceHandover,
    Premises,
    Team,
    Visit,
)
from geo.checklist import Answered
from geo.errors import ConflictError, InputError, RuleError
from geo.words import CheckAnswer, CheckItem, FindingKind, PlanState, Role, VisitKind, VisitOutcome
from tests.conftest import DEMO_DAY
from tests.services.field_world import Planned, changed, planned, report, unannounced

DAY = DEMO_DAY + timedelta(days=1)
FIRE = KeptFinding(FindingKind.FIRE, True, "Lối thoát nạn bị khóa", DAY + timedelta(days=30))


@pytest.fixture
def world(own_demo: Store) -> Planned:
    return planned(own_demo, DAY)


def count(store: Store, table: type) -> int:
    with store.read(SYSTEM) as work:
        return len(work.session.scalars(select(table)).all())


def kept(store: Store, visit_id: str) -> field_work.KeptReport:
    with store.read(SYSTEM) as work:
        found = field_work.kept_report(work, visit_id)
    assert found is not None
    return found


def refusal(store: Store, world: Planned, visit_id: str, **changes: object) -> str:
    with pytest.raises(InputError) as refused:
        field_record.record(
            store, world.actor, visit_id, report(store, visit_id, world.day, **changes), world.now
        )
    return refused.value.code


# --- the day's list


def test_an_inspector_sees_the_stops_of_the_own_team_in_their_order(own_demo: Store, world: Planned) -> None:
    stops = field_work.my_day(own_demo, world.actor, world.now)
    assert [one.visit_id for one in stops] == world.visits
    first, second = stops[0], stops[1]
    assert first.place is not None and second.place is not None
    assert first.place.reasons == ("Đã lâu chưa kiểm tra",)
    assert f"{first.arrive:%H:%M}" == "15:00"
    assert second.place.distance_m is not None and second.place.distance_m > 0
    assert first.decision.number == "45/QĐ-KT"


def test_another_wards_stop_is_neither_listed_nor_opened(own_demo: Store, world: Planned) -> None:
    assert world.other not in {one.visit_id for one in field_work.my_day(own_demo, world.actor, world.now)}
    for visit_id in (world.other, "made-up"):
        with pytest.raises(InputError) as refused:
            field_work.open_visit(own_demo, world.actor, visit_id, world.now)
        assert refused.value.code == "unknown_visit"


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.DISCARDED])
def test_a_plan_that_is_not_approved_is_not_carried_out(
    own_demo: Store, world: Planned, state: PlanState
) -> None:
    with own_demo.read(SYSTEM) as work:
        plan_id = work.session.scalars(select(Visit.plan_id).where(Visit.id == world.visit)).one()
    changed(own_demo, Plan, plan_id, state=state.value)
    assert field_work.my_day(own_demo, world.actor, world.now) == []
    assert refusal(own_demo, world, world.visit) == "unknown_visit"


def test_tomorrows_stops_are_not_shown_today_and_unreported_ones_stay(own_demo: Store, world: Planned) -> None:
    assert field_work.my_day(own_demo, world.actor, world.now - timedelta(days=1)) == []
    next_day = world.now + timedelta(days=1)
    field_record.record(own_demo, world.actor, world.visit, report(own_demo, world.visit, DAY), world.now)
    left = {one.visit_id for one in field_work.my_day(own_demo, world.actor, next_day)}
    assert left == set(world.visits[1:])
    assert field_work.my_day(own_demo, world.actor, world.now + timedelta(days=9)) == []


def test_who_may_not_inspect_sees_no_list(own_demo: Store, world: Planned) -> None:
    for role in (Role.WARD_POLICE, Role.VIEWER, Role.PLANNER):
        with pytest.raises(RuleError) as refused:
            field_work.my_day(own_demo, replace(world.actor, role=role), world.now)
        assert refused.value.code == "not_allowed"


# --- unannounced stops (rule 4)


def test_an_unannounced_stop_appears_with_the_shift_and_tells_its_place_when_opened(
    own_demo: Store, world: Planned
) -> None:
    hidden = unannounced(own_demo, world, world.visit)
    with own_demo.read(SYSTEM) as work:
        team = work.session.scalars(
            select(Team).join(Visit, Visit.team_id == Team.id).where(Visit.id == hidden)
        ).one()
        before = world.now.replace(hour=team.shift_start.hour, minute=0) - timedelta(minutes=1)
    assert hidden not in {one.visit_id for one in field_work.my_day(own_demo, world.actor, before)}
    with pytest.raises(InputError):
        field_work.open_visit(own_demo, world.actor, hidden, before)
    stop = field_work.my_day(own_demo, world.actor, world.now)[0]
    assert stop.visit_id == hidden and stop.place is None
    assert field_work.my_day(own_demo, world.actor, world.now)[1].place.distance_m is None  # type: ignore[union-attr]
    assert field_work.open_visit(own_demo, world.actor, hidden, world.now).place.name


def test_opening_an_unannounced_stop_is_logged(own_demo: Store, world: Planned) -> None:
    hidden = unannounced(own_demo, world, world.visit)
    field_work.open_visit(own_demo, world.actor, hidden, world.now)
    with own_demo.read(SYSTEM) as work:
        last = work.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert last is not None
    assert (last.action, last.actor) == (OPENED, world.actor.name)
    assert last.detail == {"visits": [hidden]}


def test_an_unannounced_stop_is_not_for_who_merely_may_do_everything(own_demo: Store, world: Planned) -> None:
    hidden = unannounced(own_demo, world, world.visit)
    admin = replace(world.actor, name="quantri", role=Role.ADMIN, scope=None)
    assert hidden not in {one.visit_id for one in field_work.my_day(own_demo, admin, world.now)}


# --- recording


def test_what_was_met_becomes_an_inspection_with_its_findings(own_demo: Store, world: Planned) -> None:
    with_finding = report(own_demo, world.visit, DAY, findings=(FIRE,))
    done = field_record.record(own_demo, world.actor, world.visit, with_finding, world.now)
    with own_demo.read(SYSTEM) as work:
        row = work.session.scalars(select(Inspection).where(Inspection.id == done.inspection_id)).one()
        premises = work.session.scalars(select(Premises).where(Premises.id == row.premises_id)).one()
        assert row.geom == premises.geom
    assert (row.body, row.decision_number, row.on_date) == ("team178", "45/QĐ-KT", DAY)
    assert (row.outcome, row.kind, row.visit_id) == ("checked", "planned", world.visit)
    assert row.selection_probability == 0.25
    assert row.recorded_by == world.actor.name
    stands = kept(own_demo, world.visit)
    assert stands.findings == (FIRE,)
    assert stands.answers[CheckItem.FIRE] == Answered(CheckAnswer.YES)
    assert field_work.my_day(own_demo, world.actor, world.now)[0].outcome is VisitOutcome.CHECKED


def test_a_report_sent_twice_is_one_inspection(own_demo: Store, world: Planned) -> None:
    before = count(own_demo, Inspection), count(own_demo, Finding)
    sent = report(own_demo, world.visit, DAY, findings=(FIRE,))
    first = field_record.record(own_demo, world.actor, world.visit, sent, world.now)
    again = field_record.record(own_demo, world.actor, world.visit, sent, world.now)
    assert (first.again, again.again) == (False, True)
    assert first.inspection_id == again.inspection_id
    assert (count(own_demo, Inspection), count(own_demo, Finding)) == (before[0] + 1, before[1] + 1)


def test_another_report_under_the_key_of_one_that_was_sent_is_not_taken_for_it(
    own_demo: Store, world: Planned
) -> None:
    sent = report(own_demo, world.visit, DAY, findings=(FIRE,))
    field_record.record(own_demo, world.actor, world.visit, sent, world.now)
    shut = {"outcome": VisitOutcome.CLOSED_AT_ARRIVAL}
    others: list[dict[str, object]] = [{}, {"findings": (replace(FIRE, serious=False),)}, shut]
    assert [refusal(own_demo, world, world.visit, **one) for one in others] == ["other_content"] * 3
    assert refusal(own_demo, world, world.visits[1], findings=(FIRE,)) == "other_content"
    corrected(own_demo, world, findings=())
    assert field_record.record(own_demo, world.actor, world.visit, sent, world.now).again


def test_a_second_phone_of_the_team_is_told_that_the_stop_was_reported_on(
    own_demo: Store, world: Planned
) -> None:
    field_record.record(own_demo, world.actor, world.visit, report(own_demo, world.visit, DAY), world.now)
    assert refusal(own_demo, world, world.visit, key="another-phone") == "already_recorded"


def test_no_visit_starts_without_the_number_of_its_decision(own_demo: Store) -> None:
    world = planned(own_demo, DAY, decided=False)
    opened = field_work.open_visit(own_demo, world.actor, world.visit, world.now)
    assert opened.stop.decision.number is None
    assert "số quyết định" in str(opened.stop.decision.problem)
    assert refusal(own_demo, world, world.visit) == "no_decision"


def test_a_decision_of_another_day_orders_nothing_today(own_demo: Store, world: Planned) -> None:
    with own_demo.read(SYSTEM) as work:
        decision = work.session.scalars(
            select(InspectionDecision.id).where(InspectionDecision.number == "45/QĐ-KT")
        ).one()
    changed(own_demo, InspectionDecision, decision, last_day=DAY - timedelta(days=1))
    assert refusal(own_demo, world, world.visit) == "no_decision"


def earlier_check(store: Store, visit_id: str, day: date, **finding: object) -> None:
    """The police checked the premises of a visit on a day, with a finding where one is given."""
    with store.write(SYSTEM) as work:
        visit = work.session.scalars(select(Visit).where(Visit.id == visit_id)).one()
        event = work.event()
        work.session.add(
            Inspection(
                **event, premises_id=visit.premises_id, on_date=day, body="police", outcome="checked", geom=None
            )
        )
        if finding:
            work.session.add(Finding(**work.event(), inspection_id=event["id"], kind="fire", **finding))


def test_a_second_check_in_the_year_is_refused_whoever_made_the_first(own_demo: Store, world: Planned) -> None:
    earlier_check(own_demo, world.visit, date(DAY.year, 2, 3))
    opened = field_work.open_visit(own_demo, world.actor, world.visit, world.now)
    assert "03/02/2026" in field_work.render(opened.refused or "")
    assert refusal(own_demo, world, world.visit) == "capped"
    # That the door was shut may be told all the same: it uses up no check.
    shut = report(own_demo, world.visit, DAY, outcome=VisitOutcome.CLOSED_AT_ARRIVAL)
    assert field_record.record(own_demo, world.actor, world.visit, shut, world.now).inspection_id


def test_a_check_at_another_address_of_the_same_registration_counts(own_demo: Store, world: Planned) -> None:
    with own_demo.write(SYSTEM) as work:
        visits = [work.session.scalars(select(Visit).where(Visit.id == one)).one() for one in world.visits[:2]]
        for visit in visits:
            premises = work.session.scalars(select(Premises).where(Premises.id == visit.premises_id)).one()
            premises.registration_number = "0109999999"
    earlier_check(own_demo, world.visits[1], date(DAY.year, 5, 6))
    assert refusal(own_demo, world, world.visit) == "capped"


def test_last_years_check_does_not_stand_in_the_way(own_demo: Store, world: Planned) -> None:
    earlier_check(own_demo, world.visit, date(DAY.year - 1, 12, 30))
    assert field_record.record(
        own_demo, world.actor, world.visit, report(own_demo, world.visit, DAY), world.now
    ).inspection_id


def test_a_further_check_needs_a_recorded_sign_and_a_decision_that_states_it(
    own_demo: Store, world: Planned
) -> None:
    earlier_check(own_demo, world.visit, date(DAY.year, 2, 3))
    unannounced(own_demo, world, world.visit)
    assert field_record.record(
        own_demo, world.actor, world.visit, report(own_demo, world.visit, DAY), world.now
    ).inspection_id
    earlier_check(own_demo, world.visits[1], date(DAY.year, 2, 3))
    unannounced(own_demo, world, world.visits[1])
    changed(own_demo, Visit, world.visits[1], basis=None)
    assert refusal(own_demo, world, world.visits[1], key="another-key") == "capped"


def test_a_re_check_waits_for_the_deadline_and_needs_no_full_checklist(own_demo: Store, world: Planned) -> None:
    changed(own_demo, Visit, world.visit, kind=VisitKind.FOLLOW_UP.value)
    earlier_check(own_demo, world.visit, date(DAY.year, 2, 3), deadline=DAY)
    assert refusal(own_demo, world, world.visit) == "capped"
    changed(own_demo, Visit, world.visits[1], kind=VisitKind.FOLLOW_UP.value)
    earlier_check(own_demo, world.visits[1], date(DAY.year, 2, 3), deadline=DAY - timedelta(days=1))
    short = report(own_demo, world.visits[1], DAY, answers={})
    assert field_record.record(own_demo, world.actor, world.visits[1], short, world.now).inspection_id


def test_a_re_check_is_told_what_it_looks_at_again_and_any_other_visit_is_not(
    own_demo: Store, world: Planned
) -> None:
    earlier_check(own_demo, world.visit, date(DAY.year, 2, 3), text="Lối thoát nạn bị khóa", deadline=DAY)
    assert field_work.open_visit(own_demo, world.actor, world.visit, world.now).earlier == ()
    changed(own_demo, Visit, world.visit, kind=VisitKind.FOLLOW_UP.value)
    with own_demo.write(SYSTEM) as work:
        visit = work.session.scalars(select(Visit).where(Visit.id == world.visit)).one()
        checked = work.session.scalars(
            select(Inspection).where(
                Inspection.premises_id == visit.premises_id, Inspection.on_date == date(DAY.year, 2, 3)
            )
        ).one()
        paper = {"inspection_id": checked.id, "kind": "minutes", "on_date": checked.on_date}
        work.session.add(CasePaper(**work.event(), **paper, number="09/BB-KT"))
    (one,) = field_work.open_visit(own_demo, world.actor, world.visit, world.now).earlier
    assert (one.finding.kind, one.finding.text, one.document) == (
        FindingKind.FIRE,
        "Lối thoát nạn bị khóa",
        "09/BB-KT",
    )


def test_a_check_needs_every_item_answered_and_a_shut_door_none(own_demo: Store, world: Planned) -> None:
    assert refusal(own_demo, world, world.visit, answers={}) == "unanswered"
    for number, outcome in enumerate((VisitOutcome.CLOSED_AT_ARRIVAL, VisitOutcome.MOVED)):
        empty = report(own_demo, world.visits[number], DAY, f"key-{number:06}", answers={}, outcome=outcome)
        field_record.record(own_demo, world.actor, world.visits[number], empty, world.now)
        assert kept(own_demo, world.visits[number]).outcome is outcome


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"on_date": DAY + timedelta(days=1)}, "future"),
        ({"on_date": DAY - timedelta(days=1)}, "other_day"),
        ({"findings": (replace(FIRE, text="Chủ là ông Nguyễn Văn Bình, số 0912345678"),)}, "personal_data"),
        ({"findings": (replace(FIRE, text=" "),)}, "text_missing"),
        ({"findings": (replace(FIRE, text="x" * 1001),)}, "too_long"),
        ({"findings": (replace(FIRE, deadline=DAY - timedelta(days=1)),)}, "deadline"),
        ({"findings": (FIRE,), "outcome": VisitOutcome.CLOSED_AT_ARRIVAL}, "finding_without_check"),
        ({"findings": (FIRE,) * 11}, "too_many"),
        ({"key": "short"}, "client_key"),
        ({"key": "' OR 1=1 --"}, "client_key"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    own_demo: Store, world: Planned, changes: dict[str, object], code: str
) -> None:
    before = count(own_demo, Inspection), count(own_demo, Finding)
    assert refusal(own_demo, world, world.visit, **changes) == code
    assert (count(own_demo, Inspection), count(own_demo, Finding)) == before


def test_a_visit_of_another_team_takes_no_report(own_demo: Store, world: Planned) -> None:
    assert refusal(own_demo, world, world.other) == "unknown_visit"


def test_a_late_report_is_taken_for_the_visits_own_day(own_demo: Store, world: Planned) -> None:
    sent = report(own_demo, world.visit, DAY)
    field_record.record(own_demo, world.actor, world.visit, sent, world.now + timedelta(days=4))
    assert kept(own_demo, world.visit).on_date == DAY


def test_a_team_that_the_premises_complained_about_does_not_check_it(own_demo: Store, world: Planned) -> None:
    with own_demo.write(SYSTEM) as work:
        visit = work.session.scalars(select(Visit).where(Visit.id == world.visit)).one()
        work.session.add(
            Complaint(**work.event(), premises_id=visit.premises_id, team_id=visit.team_id, on_date=DAY)
        )
    assert refusal(own_demo, world, world.visit) == "capped"


# --- correcting


def corrected(
    store: Store, world: Planned, reason: str = "Nhập nhầm", seen: int = 1, **changes: object
) -> None:
    new = report(store, world.visit, DAY, "key-of-correction", **changes)  # type: ignore[arg-type]
    field_record.correct(store, world.actor, world.visit, new, world.now, reason=reason, seen=seen)


def test_a_correction_is_a_new_revision_with_its_reason(own_demo: Store, world: Planned) -> None:
    other = replace(FIRE, kind=FindingKind.LABOUR, text="Thiếu hợp đồng")
    sent = report(own_demo, world.visit, DAY, findings=(FIRE, other))
    done = field_record.record(own_demo, world.actor, world.visit, sent, world.now)
    mended = replace(FIRE, text="Một lối thoát nạn bị khóa", serious=False)
    corrected(own_demo, world, findings=(mended,))
    stands = kept(own_demo, world.visit)
    assert (stands.inspection_id, stands.revision) == (done.inspection_id, 2)
    assert stands.findings == (mended,)
    with own_demo.read(SYSTEM) as work:
        every = work.session.scalars(select(Inspection).where(Inspection.id == done.inspection_id)).all()
        assert [one.why for one in every] == [None, "Nhập nhầm"]
        holding = frame(work, current(Inspection).where(Inspection.visit_id == world.visit))
    assert len(holding) == 1


def test_a_correction_may_add_a_finding_and_sent_twice_is_one(own_demo: Store, world: Planned) -> None:
    field_record.record(own_demo, world.actor, world.visit, report(own_demo, world.visit, DAY), world.now)
    corrected(own_demo, world, findings=(FIRE,))
    corrected(own_demo, world, findings=(FIRE,))
    stands = kept(own_demo, world.visit)
    assert (stands.revision, stands.findings) == (2, (FIRE,))


def test_a_correction_is_refused_without_reason_to_others_and_after_a_later_one(
    own_demo: Store, world: Planned
) -> None:
    field_record.record(own_demo, world.actor, world.visit, report(own_demo, world.visit, DAY), world.now)
    with pytest.raises(RuleError, match="lý do"):
        corrected(own_demo, world, reason=" ")
    with pytest.raises(ConflictError):
        corrected(own_demo, world, seen=7)
    with pytest.raises(RuleError) as refused:
        corrected(own_demo, replace(world, actor=replace(world.actor, name="dong-nghiep")))
    assert refused.value.code == "not_correctable"


def test_once_a_case_paper_follows_nothing_is_corrected(own_demo: Store, world: Planned) -> None:
    done = field_record.record(
        own_demo, world.actor, world.visit, report(own_demo, world.visit, DAY), world.now
    )
    with own_demo.write(SYSTEM) as work:
        work.session.add(
            CasePaper(**work.event(), inspection_id=done.inspection_id, kind="minutes", on_date=DAY)
        )
    assert not kept(own_demo, world.visit).correctable
    with pytest.raises(RuleError) as refused:
        corrected(own_demo, world)
    assert refused.value.code == "not_correctable"


# --- rule 7


def test_a_handover_to_the_police_keeps_the_time_and_the_receipt_alone(own_demo: Store, world: Planned) -> None:
    key = "handover-key-1"
    assert hand_over(own_demo, world.actor, key=key, handed_at=world.now, receipt_number="07/BN", now=world.now)
    assert not hand_over(own_demo, world.actor, key=key, handed_at=world.now, receipt_number="", now=world.now)
    with own_demo.read(SYSTEM) as work:
        row = work.session.scalars(select(PoliceHandover)).one()
        note = work.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert (row.handed_at, row.receipt_number, row.why) == (world.now, "07/BN", None)
    assert note is not None and note.detail == {}
    with pytest.raises(InputError, match="chưa đến"):
        hand_over(
            own_demo,
            world.actor,
            key="handover-key-2",
            handed_at=world.now + timedelta(hours=1),
            receipt_number=None,
            now=world.now,
        )
    with pytest.raises(RuleError):
        hand_over(
            own_demo,
            replace(world.actor, role=Role.VIEWER),
            key="handover-key-3",
            handed_at=world.now,
            receipt_number=None,
            now=world.now,
        )
