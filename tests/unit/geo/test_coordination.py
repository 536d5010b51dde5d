"""The paper of a joint sweep tells at any time who owes which letter, by when, and when the city is asked."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coordination import Coordination, Deadlines, Letter, coordination
from geo.words import CoordinationState as State
from geo.words import LetterKind as Kind

LEAD, OTHER = "Phường Hà Đông", "Phường Kiến Hưng"
START = date(2026, 3, 2)
SWEEP = date(2026, 3, 20)


def on(days: int) -> date:
    return START + timedelta(days=days)


def letter(kind: Kind, days: int, *, back: bool = False, number: str | None = "1/UBND", **more: date) -> Letter:
    sender, to = (OTHER, LEAD) if back else (LEAD, OTHER)
    return Letter(kind, on(days), sender, to, number, **more)


RULE = letter(Kind.RULE, -100)
REQUEST = letter(Kind.REQUEST, 0, due_on=on(5))
REPLY = letter(Kind.REPLY, 4, back=True)
JOINT_PLAN = letter(Kind.JOINT_PLAN, 6)
OURS, THEIRS = letter(Kind.MINUTES, 18), letter(Kind.MINUTES, 19, back=True)
ALL = (RULE, REQUEST, REPLY, JOINT_PLAN, OURS, THEIRS)


def look(*letters: Letter, day: date, sweep_on: date | None = SWEEP) -> Coordination:
    return coordination(letters, day, lead=LEAD, other=OTHER, sweep_on=sweep_on)


@pytest.mark.parametrize(
    ("count", "day", "state", "owed", "writer", "due"),
    [
        (0, on(0), State.NO_RULE, Kind.RULE, LEAD, None),
        (1, on(0), State.NO_REQUEST, Kind.REQUEST, LEAD, SWEEP - timedelta(days=7)),
        (2, on(3), State.WAITING, Kind.REPLY, OTHER, on(5)),
        (3, on(5), State.NO_JOINT_PLAN, Kind.JOINT_PLAN, LEAD, SWEEP - timedelta(days=1)),
        (4, on(10), State.READY, None, None, SWEEP),
        (4, SWEEP, State.NO_MINUTES, Kind.MINUTES, LEAD, SWEEP + timedelta(days=3)),
        (5, SWEEP, State.NO_MINUTES, Kind.MINUTES, OTHER, SWEEP + timedelta(days=3)),
        (6, on(30), State.DONE, None, None, None),
    ],
)
def test_each_paper_leads_to_the_next(
    count: int, day: date, state: State, owed: Kind | None, writer: str | None, due: date | None
) -> None:
    found = look(*ALL[:count], day=day)
    assert (found.state, found.next_kind, found.next_from, found.due_on) == (state, owed, writer, due)
    assert not found.overdue
    assert not found.to_city
    assert str(found.text)
    if writer:
        assert {found.next_from, found.next_to} == {LEAD, OTHER}


def test_the_last_day_to_answer_is_still_in_time_and_the_day_after_it_is_the_citys() -> None:
    assert look(RULE, REQUEST, day=on(5)).state is State.WAITING
    late = look(RULE, REQUEST, day=on(6))
    assert (late.state, late.next_kind, late.next_from) == (State.UNANSWERED, Kind.CITY, LEAD)
    assert late.overdue
    assert late.to_city
    assert "báo cáo thành phố" in str(late.text)
    told = look(RULE, REQUEST, letter(Kind.CITY, 6), day=on(8))
    assert (told.state, told.next_kind, told.to_city) == (State.AT_CITY, None, True)


def test_asking_again_does_not_give_more_time() -> None:
    again = letter(Kind.REQUEST, 4, due_on=on(20))
    assert look(RULE, REQUEST, again, day=on(6)).state is State.UNANSWERED


def test_a_request_that_names_no_day_is_answered_within_the_offices_deadline() -> None:
    request = letter(Kind.REQUEST, 0)
    assert look(RULE, request, day=on(7)).due_on == on(7)
    short = coordination([RULE, request], on(3), lead=LEAD, other=OTHER, deadlines=Deadlines(reply_days=2))
    assert short.state is State.UNANSWERED


def test_a_late_reply_takes_the_matter_back_from_the_city_and_is_noted() -> None:
    late = letter(Kind.REPLY, 9, back=True)
    found = look(RULE, REQUEST, letter(Kind.CITY, 6), late, day=on(10))
    assert found.state is State.NO_JOINT_PLAN
    assert not found.to_city
    assert any("muộn" in str(note) for note in found.notes)


def test_a_paper_without_a_number_is_not_out_yet() -> None:
    draft = letter(Kind.REQUEST, 0, number=" ")
    found = look(RULE, draft, day=on(1))
    assert found.state is State.NO_REQUEST
    assert any("chưa có số" in str(note) for note in found.notes)


def test_a_request_without_a_rule_goes_on_and_the_missing_rule_is_said() -> None:
    found = look(REQUEST, day=on(1))
    assert found.state is State.WAITING
    assert any("quy chế" in str(note) for note in found.notes)


def test_an_answer_from_the_wrong_side_or_before_the_question_is_none() -> None:
    own, early = letter(Kind.REPLY, 3), letter(Kind.REPLY, -3, back=True)
    stranger = Letter(Kind.REPLY, on(3), "Phường Phú Lương", LEAD, "9/UBND")
    assert look(RULE, REQUEST, own, early, stranger, day=on(4)).state is State.WAITING


def test_minutes_written_before_the_sweep_are_not_its_minutes() -> None:
    early = letter(Kind.MINUTES, 10)
    assert look(*ALL[:4], early, THEIRS, day=on(30)).next_from == LEAD


def test_minutes_that_never_come_are_overdue_but_no_matter_for_the_city() -> None:
    found = look(*ALL[:5], day=SWEEP + timedelta(days=4))
    assert (found.next_from, found.overdue, found.to_city) == (OTHER, True, False)


def test_a_sweep_held_without_its_papers_is_told() -> None:
    found = look(RULE, REQUEST, REPLY, day=SWEEP)
    assert found.overdue
    assert any("chưa đủ văn bản" in str(note) for note in found.notes)


def test_names_of_units_are_read_whatever_the_spelling_of_their_accents() -> None:
    spelt = Letter(Kind.REPLY, on(4), " phường Kiến Hưng ", LEAD.upper(), "2/UBND")
    assert look(RULE, REQUEST, spelt, day=on(5)).state is State.NO_JOINT_PLAN


def test_the_order_in_which_papers_are_listed_changes_nothing() -> None:
    expected = look(*ALL, day=on(30))
    assert all(look(*order, day=on(30)) == expected for order in permutations(ALL))


@given(
    st.lists(
        st.builds(letter, st.sampled_from(list(Kind)), st.integers(-30, 60), back=st.booleans()), max_size=8
    ),
    st.integers(-40, 80),
)
def test_whatever_was_written_there_is_one_state_and_what_is_to_come_changes_nothing(
    letters: list[Letter], day: int
) -> None:
    found = look(*letters, day=on(day))
    assert str(found.text)
    assert (found.next_kind is None) == (found.state in (State.READY, State.DONE, State.AT_CITY))
    known = [one for one in letters if one.on_date <= on(day)]
    assert look(*known, day=on(day)) == found
