"""Signals: taken in by place, handled by a deadline, seen by the office that has them and by nobody else."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.services import signal_handling as handling
from app.services import signal_handovers as across
from app.services import signals
from app.services.police_handover import hand_over
from app.services.signal_figures import handled_in_time
from app.services.signal_handling import Correction, Step
from app.services.signal_intake import alike_signals, handlers_at, take_in
from data.repositories import events
from data.store import Actor, Store
from data.tables import AuditEntry, PoliceHandover, Signal, SignalHandover
from geo.errors import ConflictError, InputError, RuleError
from geo.words import Danger, Role, SignalKind, SignalSource, SignalState, SignalTopic
from tests.services.signal_world import (
    DAY,
    DESK,
    HERE,
    HERE_TOO,
    NO_DANGER,
    READER,
    TEXT,
    THERE,
    form,
    taken,
    wards,
)

__all__ = ["wards"]
VERIFIED = Step(SignalState.VERIFIED, "Đã xem tại chỗ, đúng như tin báo", SignalTopic.VIOLATION)


def rows(store: Store, table: type = Signal) -> int:
    with store.read(DESK) as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def file(store: Store, signal_id: str, actor: Actor = HERE) -> signals.SignalFile:
    return signals.one(store, actor, signal_id, DAY)


def ids(store: Store, actor: Actor) -> set[str]:
    return set(signals.inbox(store, actor, DAY)["id"])


# --- taking in


@pytest.mark.parametrize("danger", Danger)
def test_what_is_for_the_police_never_becomes_a_signal(wards: Store, danger: Danger) -> None:
    with pytest.raises(RuleError, match="113"):
        taken(wards, dangers=NO_DANGER | {danger: True})
    assert rows(wards) == 0


def test_the_first_question_must_be_answered(wards: Store) -> None:
    with pytest.raises(RuleError, match="câu hỏi đầu tiên"):
        taken(wards, dangers={Danger.MINOR: False})
    assert rows(wards) == 0


def test_of_a_danger_only_the_time_and_the_receipt_are_kept(wards: Store) -> None:
    now = datetime(2026, 11, 24, 3, tzinfo=UTC)
    hand_over(wards, HERE, key="form-to-police", handed_at=now, receipt_number="7/BN", now=now)
    with wards.read(DESK) as work:
        kept = work.session.scalars(select(PoliceHandover)).one()
        assert (kept.handed_at, kept.receipt_number) == (now, "7/BN")
    assert rows(wards) == 0


def test_a_signal_is_kept_with_its_deadline_and_shown_with_its_law(wards: Store) -> None:
    one = file(wards, taken(wards, number="15/TN", kind=SignalKind.COMPLAINT))
    assert (one.state, one.kind, one.number) == (SignalState.RECEIVED, SignalKind.COMPLAINT, "15/TN")
    assert one.due_on == date(2026, 12, 20)
    assert one.days_left == 26
    assert "Khiếu nại" in one.law
    assert (one.ward, one.text) == ("Phường Hà Đông", TEXT)
    assert one.ours


def test_a_form_sent_twice_is_one_signal(wards: Store) -> None:
    first = form()
    assert not take_in(wards, HERE, first, DAY).again
    assert take_in(wards, HERE, first, DAY).again
    assert rows(wards) == 1
    with pytest.raises(InputError):
        take_in(wards, THERE, first, DAY)


def test_a_premises_gives_the_place(wards: Store) -> None:
    one = file(wards, taken(wards, lon=None, lat=None, premises_id="p1"))
    assert (one.premises, one.lon) == ("Nhà nghỉ Hoa Sen", 105.77)


@pytest.mark.parametrize("where", [{}, {"premises_id": "p3"}])
def test_what_nobody_can_place_is_refused_with_the_way_out(wards: Store, where: dict[str, str]) -> None:
    with pytest.raises(InputError, match="vị trí") as refused:
        taken(wards, lon=None, lat=None, **where)
    assert "bản đồ" in str(refused.value.hint)
    assert rows(wards) == 0


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"premises_id": "nowhere"}, "cơ sở"),
        ({"lon": 2.35, "lat": 48.85}, "Việt Nam"),
        ({"text": "  "}, "nội dung"),
        ({"text": "x" * 2001}, "2000"),
        ({"on_date": DAY + timedelta(days=1)}, "chưa đến"),
        ({"on_date": date(2024, 1, 1)}, "một năm"),
        ({"reliability": "Z"}, "tin cậy"),
        ({"credibility": 7}, "tin cậy"),
        ({"key": "x"}, "mã gửi"),
        ({"text": "Gọi 0912 345 678 gặp chủ quán"}, "số điện thoại"),
        ({"number": "001064733374"}, "định danh"),
        ({"assigned_to": "canbo-kienhung"}, "không phụ trách"),
        ({"assigned_to": "không có"}, "không phụ trách"),
        ({"same_as": "không có"}, "địa bàn"),
    ],
)
def test_a_form_that_cannot_be_taken_leaves_nothing_behind(
    wards: Store, changed: dict[str, object], why: str
) -> None:
    with pytest.raises(InputError, match=why):
        taken(wards, **changed)
    assert rows(wards) == 0
    assert rows(wards, SignalHandover) == 0


def test_text_typed_on_a_mac_is_kept_in_composed_letters_and_checked_all_the_same(wards: Store) -> None:
    one = file(wards, taken(wards, text=unicodedata.normalize("NFD", TEXT)))
    assert one.text == TEXT
    with pytest.raises(RuleError):
        taken(wards, text=unicodedata.normalize("NFD", "Nhà ông Nguyễn Văn Bình mở quán"))


def test_of_a_criminal_report_only_the_ward_and_the_receipt_are_kept(wards: Store) -> None:
    with pytest.raises(RuleError, match="biên nhận"):
        taken(wards, kind=SignalKind.DENUNCIATION)
    one = file(wards, taken(wards, kind=SignalKind.DENUNCIATION, receipt_number="9/BN", premises_id="p1"))
    assert (one.state, one.receipt_number, one.handled_on) == (SignalState.HANDED_OVER, "9/BN", DAY)
    assert (one.text, one.topic, one.premises_id) == ("", None, None)
    assert one.lon == pytest.approx(105.75)
    assert one.following == ()


def test_who_may_not_take_signals_is_refused(wards: Store) -> None:
    for role in (Role.VIEWER, Role.AUDITOR, Role.STEWARD, Role.REVIEWER):
        with pytest.raises(RuleError, match="không có quyền"):
            taken(wards, Actor("ai-do", role))
    with pytest.raises(RuleError):
        signals.inbox(wards, Actor("xem", Role.VIEWER), DAY)


def test_the_accounts_offered_are_those_whose_ground_holds_the_place(wards: Store) -> None:
    assert set(handlers_at(wards, HERE, 105.77, 20.95)) == {HERE.name, HERE_TOO.name, DESK.name}
    # Taken in here for a place across the border: it stays here until it is accepted there.
    assert set(handlers_at(wards, HERE, 105.85, 20.95)) == {HERE.name, HERE_TOO.name, DESK.name}


# --- whose it is


def test_another_wards_officer_never_sees_opens_or_touches_a_signal(wards: Store) -> None:
    own = taken(wards)
    assert own not in ids(wards, THERE)
    again = Correction("Khác", DAY, SignalSource.PRESS, SignalKind.FEEDBACK, None, "A", 1, "")
    attempts = [
        lambda: signals.one(wards, THERE, own, DAY),
        lambda: signals.handlers_of(wards, THERE, own),
        lambda: handling.take_step(wards, THERE, own, VERIFIED, seen=1, as_of=DAY),
        lambda: handling.assign(wards, THERE, own, THERE.name, seen=1),
        lambda: handling.correct(wards, THERE, own, again, "nhầm", seen=1, as_of=DAY),
        lambda: handling.link(wards, THERE, taken(wards, THERE, lon=105.85), own, seen=1),
        lambda: handling.link(wards, THERE, own, taken(wards, THERE, lon=105.86), seen=1),
        lambda: across.send(wards, THERE, own, to_unit="u2", seen=1, as_of=DAY),
        lambda: taken(wards, THERE, lon=105.85, same_as=own),
    ]
    for attempt in attempts:
        with pytest.raises(InputError) as refused:
            attempt()
        assert refused.value.code == "unknown_signal"
        assert TEXT not in str(refused.value.message)
    assert file(wards, own).revision == 1


def test_nobody_is_given_a_signal_outside_their_ground(wards: Store) -> None:
    own = taken(wards)
    with pytest.raises(RuleError, match="không phụ trách"):
        handling.assign(wards, HERE, own, THERE.name, seen=1)
    with pytest.raises(RuleError, match="không phụ trách"):
        handling.assign(wards, HERE, own, READER.name, seen=1)
    handling.assign(wards, HERE, own, HERE_TOO.name, seen=1)
    assert signals.inbox(wards, HERE_TOO, DAY)["mine"].tolist() == [True]
    assert signals.inbox(wards, HERE, DAY)["mine"].tolist() == [False]


# --- its steps


def test_a_signal_goes_from_received_to_its_result_and_everything_stays_to_be_read(wards: Store) -> None:
    own = taken(wards)
    handling.take_step(wards, HERE, own, Step(SignalState.VERIFYING), seen=1, as_of=DAY)
    handling.take_step(wards, HERE_TOO, own, replace(VERIFIED, document="3/BC"), seen=2, as_of=DAY)
    one = file(wards, own)
    assert (one.state, one.handled_on, one.document) == (SignalState.VERIFIED, DAY, "3/BC")
    assert one.result == VERIFIED.result
    assert one.days_left is None
    assert [revision.by for revision in one.history] == [HERE.name, HERE.name, HERE_TOO.name]
    assert ("state", "received", "verifying") in one.history[1].changes
    with wards.read(DESK) as work:
        notes = list(work.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == own)))
    assert notes == ["signal.take_in", "signal.step", "signal.step"]


def test_whoever_saves_second_is_told_and_changes_nothing(wards: Store) -> None:
    own = taken(wards)
    handling.take_step(wards, HERE, own, Step(SignalState.VERIFYING), seen=1, as_of=DAY)
    for attempt in (
        lambda: handling.take_step(wards, HERE_TOO, own, VERIFIED, seen=1, as_of=DAY),
        lambda: handling.assign(wards, HERE_TOO, own, HERE_TOO.name, seen=1),
        lambda: across.send(wards, HERE_TOO, own, to_unit="u2", seen=1, as_of=DAY),
    ):
        with pytest.raises(ConflictError, match=HERE.name):
            attempt()
    assert file(wards, own).state is SignalState.VERIFYING


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (Step(SignalState.VERIFIED, "", SignalTopic.OTHER), "kết quả"),
        (Step(SignalState.VERIFIED, "Đúng"), "phân loại"),
        (Step(SignalState.HANDED_OVER, "Chuyển"), "biên nhận"),
        (Step(SignalState.VERIFIED, "Chủ quán là ông Nguyễn Văn Bình", SignalTopic.OTHER), "tên người"),
        (Step(SignalState.UNFOUNDED, "Không thấy", handled_on=date(2026, 11, 19)), "Ngày xử lý"),
        (Step(SignalState.UNFOUNDED, "Không thấy", handled_on=date(2026, 11, 25)), "Ngày xử lý"),
        (Step(SignalState.RECEIVED), "không thể chuyển"),
    ],
)
def test_a_step_that_lacks_something_is_refused(wards: Store, step: Step, why: str) -> None:
    own = taken(wards, topic=None)
    with pytest.raises(InputError, match=why):
        handling.take_step(wards, HERE, own, step, seen=1, as_of=DAY)
    assert file(wards, own).revision == 1


def test_handed_to_the_police_its_text_is_told_no_more(wards: Store) -> None:
    own = taken(wards)
    handling.take_step(
        wards, HERE, own, Step(SignalState.HANDED_OVER, "Có dấu hiệu", receipt_number="4/BN"), seen=1, as_of=DAY
    )
    one = file(wards, own)
    assert (one.text, one.result, one.receipt_number) == ("", None, "4/BN")
    assert TEXT not in str(one.history)
    assert TEXT not in str(signals.inbox(wards, HERE, DAY)["text"].tolist())


def test_mending_the_text_keeps_what_stood_there_and_why(wards: Store) -> None:
    own = taken(wards)
    new = Correction(
        "Biển hiệu tháo", date(2026, 11, 18), SignalSource.CITIZEN, SignalKind.ACCUSATION, None, "C", 2, "8/TN"
    )
    with pytest.raises(RuleError, match="lý do"):
        handling.correct(wards, HERE, own, new, " ", seen=1, as_of=DAY)
    handling.correct(wards, HERE, own, new, "Nghe nhầm", seen=1, as_of=DAY)
    one = file(wards, own)
    assert (one.text, one.due_on, one.rating) == ("Biển hiệu tháo", date(2026, 12, 18), "C2")
    assert one.history[1].why == "Nghe nhầm"
    assert ("text", TEXT, "Biển hiệu tháo") in one.history[1].changes


# --- what tells the same


def test_what_tells_the_same_is_offered_linked_counted_once_and_taken_apart_again(wards: Store) -> None:
    first = taken(wards)
    second = taken(wards, on_date=date(2026, 11, 22), source=SignalSource.CITIZEN, number="4/TN")
    offered = alike_signals(
        wards, HERE, lon=105.77, lat=20.9501, premises_id=None, on_date=DAY, as_of=DAY, but=second
    )
    assert [(one.id, one.number) for one in offered] == [(first, None)]
    handling.link(wards, HERE, second, first, seen=1)
    assert file(wards, second).same_as == first
    assert file(wards, first).duplicates == (second,)
    with wards.read(HERE) as work:
        assert events.signals_until(work, DAY)["id"].tolist() == [first]
        # On a day on which the first was not known, the second is the one that counts.
        assert events.signals_until(work, date(2026, 11, 19)).empty
    with pytest.raises(RuleError, match="gộp"):
        handling.take_step(wards, HERE, second, VERIFIED, seen=2, as_of=DAY)
    handling.unlink(wards, HERE, second, seen=2)
    with wards.read(HERE) as work:
        assert len(events.signals_until(work, DAY)) == 2


def test_a_chain_of_duplicates_ends_at_one_signal_and_never_in_a_circle(wards: Store) -> None:
    first, second, third = taken(wards), taken(wards), taken(wards)
    handling.link(wards, HERE, third, second, seen=1)
    handling.link(wards, HERE, second, first, seen=1)
    assert set(file(wards, first).duplicates) == {second, third}
    with pytest.raises(RuleError, match="chính nó"):
        handling.link(wards, HERE, first, third, seen=1)
    assert file(wards, taken(wards, same_as=third)).same_as == first


def test_the_earlier_deadline_of_two_that_tell_the_same_holds(wards: Store) -> None:
    first = taken(wards, kind=SignalKind.COMPLAINT)
    second = taken(wards, on_date=date(2026, 11, 2), kind=SignalKind.COMPLAINT)
    handling.link(wards, HERE, second, first, seen=1)
    assert file(wards, first).due_on == date(2026, 12, 2)


# --- across the border


def test_a_place_across_the_border_is_sent_on_and_stays_here_until_accepted(wards: Store) -> None:
    done = take_in(wards, HERE, form(lon=105.85), DAY)
    assert done.sent_to == "Phường Kiến Hưng"
    assert file(wards, done.id).ours
    assert not file(wards, done.id, THERE).ours
    (sent,) = across.sendings(wards, HERE, DAY)
    assert (sent.due_on, sent.mine, sent.to_me) == (DAY + timedelta(days=3), True, False)
    with pytest.raises(RuleError, match="đơn vị khác"):
        handling.take_step(wards, THERE, done.id, VERIFIED, seen=1, as_of=DAY)
    across.accept(wards, THERE, sent.id, as_of=DAY)
    assert file(wards, done.id, THERE).ours
    with pytest.raises(InputError):
        file(wards, done.id, HERE)


def test_only_the_receiving_unit_accepts_once_and_nobody_their_own(wards: Store) -> None:
    own = taken(wards)
    sent = across.send(wards, HERE, own, to_unit="u2", seen=1, as_of=DAY)
    assert across.send(wards, HERE, own, to_unit="u2", seen=1, as_of=DAY) == sent
    assert rows(wards, SignalHandover) == 1
    with pytest.raises(RuleError, match="Chỉ đơn vị nhận"):
        across.accept(wards, HERE_TOO, sent, as_of=DAY)
    with pytest.raises(RuleError, match="đang chờ"):
        handling.take_step(wards, HERE, own, VERIFIED, seen=1, as_of=DAY)
    across.accept(wards, THERE, sent, as_of=DAY)
    with pytest.raises(RuleError, match="đã được"):
        across.accept(wards, DESK, sent, as_of=DAY)
    # Its place is here still, so it may be read here, and is handled there.
    assert not file(wards, own, HERE).ours
    handling.take_step(wards, THERE, own, VERIFIED, seen=2, as_of=DAY)


def test_a_sending_is_nothing_to_a_third_ward_and_cannot_be_guessed(wards: Store) -> None:
    sent = across.send(wards, HERE, taken(wards), to_name="Phường Đại Mỗ", seen=1, as_of=DAY)
    assert across.sendings(wards, THERE, DAY) == []
    for attempt in (
        lambda: across.accept(wards, THERE, sent, receipt="1/BN", as_of=DAY),
        lambda: across.take_back(wards, THERE, sent),
        lambda: across.accept(wards, THERE, "0" * 32, as_of=DAY),
    ):
        with pytest.raises(InputError) as refused:
            attempt()
        assert refused.value.code == "unknown_handover"


def test_a_unit_outside_the_register_answers_on_paper_and_the_signal_is_at_an_end(wards: Store) -> None:
    own = taken(wards)
    sent = across.send(wards, HERE, own, to_name="Phường Đại Mỗ", seen=1, as_of=DAY)
    with pytest.raises(RuleError, match="Đại Mỗ"):
        across.accept(wards, HERE, sent, as_of=DAY)
    across.accept(wards, HERE, sent, receipt="12/PC", as_of=DAY)
    one = file(wards, own)
    assert (one.state, one.receipt_number, one.moved_to) == (SignalState.HANDED_OVER, "12/PC", "Phường Đại Mỗ")


def test_what_was_sent_to_the_wrong_unit_is_taken_back(wards: Store) -> None:
    own = taken(wards)
    sent = across.send(wards, HERE, own, to_unit="u2", seen=1, as_of=DAY)
    across.take_back(wards, HERE, sent)
    assert own not in ids(wards, THERE)
    assert file(wards, own).waits_for is None
    assert across.sendings(wards, HERE, DAY) == []


def test_sent_to_nobody_to_oneself_or_nowhere_is_refused(wards: Store) -> None:
    own = taken(wards)
    for where in ({}, {"to_unit": "u1"}, {"to_unit": "u9"}, {"to_name": "gặp anh Hùng 0912345678"}):
        with pytest.raises(InputError):
            across.send(wards, HERE, own, seen=1, as_of=DAY, **where)
    assert rows(wards, SignalHandover) == 0


def test_a_place_outside_all_wards_needs_the_name_of_who_gets_it(wards: Store) -> None:
    with pytest.raises(InputError, match="ngoài mọi phường"):
        taken(wards, lat=20.5)
    assert rows(wards) == 0
    done = take_in(wards, HERE, form(lat=20.5, to_name="Phường Đại Mỗ"), DAY)
    assert done.sent_to == "Phường Đại Mỗ"
    assert file(wards, done.id).waits_for == "Phường Đại Mỗ"


# --- what is late


def test_what_is_late_is_told_to_those_who_have_it_and_to_nobody_else(wards: Store) -> None:
    later = DAY + timedelta(days=60)
    taken(wards)
    across.send(wards, HERE, taken(wards, lon=105.79), to_unit="u2", seen=1, as_of=DAY)
    assert signals.late_for(wards, HERE, DAY) == signals.LateCount(0, 0)
    assert signals.late_for(wards, HERE, later) == signals.LateCount(2, 1)
    assert signals.late_for(wards, THERE, later) == signals.LateCount(0, 1)
    assert signals.late_for(wards, DESK, later) == signals.LateCount(2, 1)
    assert signals.late_for(wards, Actor("xem", Role.VIEWER), later) == signals.LateCount(0, 0)


def test_the_inbox_begins_with_the_latest_and_ends_with_what_is_done(wards: Store) -> None:
    soon, late = taken(wards), taken(wards, on_date=date(2026, 9, 1))
    done = taken(wards)
    handling.take_step(wards, HERE, done, VERIFIED, seen=1, as_of=DAY)
    found = signals.inbox(wards, HERE, DAY)
    assert found["id"].tolist() == [late, soon, done]
    assert found["late"].tolist() == [True, False, False]
    assert signals.inbox(wards, HERE, DAY, since=date(2026, 11, 22))["id"].tolist() == [late, soon]


def test_an_empty_inbox_is_no_error(wards: Store) -> None:
    assert signals.inbox(wards, HERE, DAY).empty
    assert signals.late_for(wards, HERE, DAY) == signals.LateCount(0, 0)
    assert handled_in_time(wards, HERE, date(2026, 1, 1), DAY, as_of=DAY)[0].share is None


def test_the_share_handled_in_time_counts_duplicates_once_and_handings_over_as_handled(wards: Store) -> None:
    good, handed, late = taken(wards), taken(wards), taken(wards, on_date=date(2026, 9, 1))
    twice = taken(wards, same_as=good)
    taken(wards, THERE, lon=105.85)
    handling.take_step(wards, HERE, good, VERIFIED, seen=1, as_of=DAY)
    handling.take_step(
        wards, HERE, handed, Step(SignalState.HANDED_OVER, receipt_number="1/BN"), seen=1, as_of=DAY
    )
    handling.take_step(wards, HERE, late, VERIFIED, seen=1, as_of=DAY)
    whole, *of_wards = handled_in_time(wards, DESK, date(2026, 1, 1), DAY, as_of=DAY)
    assert (whole.received, whole.in_time, whole.handed_over, whole.late, whole.running) == (4, 2, 1, 1, 1)
    by_name = {one.ward: (one.received, one.in_time) for one in of_wards}
    assert by_name == {"Phường Hà Đông": (3, 2), "Phường Kiến Hưng": (1, 0)}
    assert twice in ids(wards, HERE)
