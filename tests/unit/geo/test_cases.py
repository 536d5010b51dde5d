"""What follows a check: which paper comes next, by when, and by which law."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.cases import CaseState, FindingFacts, Paper, case_state, office_day, parse_deadlines
from geo.errors import InputError
from geo.words import CasePaperKind as Kind
from tests.paths import ROOT

DEADLINES = parse_deadlines((ROOT / "geo" / "cases.toml").read_text(encoding="utf-8"))
MONDAY = date(2026, 11, 2)


def state(*papers: Paper, finding: FindingFacts | None = None, day: date = MONDAY) -> CaseState:
    return case_state(papers, finding, day, inspected_on=MONDAY, deadlines=DEADLINES)


def paper(kind: Kind, days: int = 0, **more: object) -> Paper:
    return Paper(kind, MONDAY + timedelta(days), **more)  # type: ignore[arg-type]


CLEAN = (paper(Kind.MINUTES), paper(Kind.RESULT_NOTICE, 1))
SERIOUS = FindingFacts(serious=True)


def test_a_check_without_a_violation_ends_with_its_notice() -> None:
    assert state().next is Kind.MINUTES
    assert state(paper(Kind.MINUTES)).next is Kind.RESULT_NOTICE
    assert state(*CLEAN, day=MONDAY + timedelta(1)).closed


def test_a_serious_finding_asks_for_its_record_at_once() -> None:
    found = state(*CLEAN, finding=SERIOUS, day=MONDAY + timedelta(1))
    assert (found.next, found.due_on, found.overdue) == (Kind.VIOLATION_RECORD, MONDAY, True)
    # Signs of a crime go to the police instead: nobody here sanctions them.
    sent = state(*CLEAN, paper(Kind.TRANSFER), finding=SERIOUS, day=MONDAY + timedelta(1))
    assert sent.next is Kind.ANSWER


def test_the_sanction_is_due_seven_working_days_after_the_record() -> None:
    found = state(*CLEAN, paper(Kind.VIOLATION_RECORD), finding=SERIOUS, day=MONDAY + timedelta(1))
    assert found.next is Kind.SANCTION
    # Of the week only Monday to Friday count.
    assert found.due_on == date(2026, 11, 11)
    assert found.owed[0].law is not None
    assert "Điều 66" in found.owed[0].law
    assert not found.overdue
    late = state(*CLEAN, paper(Kind.VIOLATION_RECORD), finding=SERIOUS, day=date(2026, 11, 12))
    assert late.overdue


def test_a_deadline_runs_by_the_law_of_its_own_day() -> None:
    monday = date(2021, 11, 1)
    papers = [
        Paper(Kind.MINUTES, monday),
        Paper(Kind.RESULT_NOTICE, monday),
        Paper(Kind.VIOLATION_RECORD, monday),
    ]
    found = case_state(papers, SERIOUS, monday, inspected_on=monday, deadlines=DEADLINES)
    # Until the end of 2021 the seven days were days of the calendar.
    assert found.due_on == date(2021, 11, 8)


def test_a_fine_waits_for_its_payment() -> None:
    fine = paper(Kind.SANCTION, 3, amount_vnd=5_000_000)
    papers = [*CLEAN, paper(Kind.VIOLATION_RECORD), fine]
    found = state(*papers, finding=SERIOUS, day=MONDAY + timedelta(4))
    assert (found.next, found.due_on) == (None, MONDAY + timedelta(13))
    paid = paper(Kind.SANCTION, 3, amount_vnd=5_000_000, paid_on=MONDAY + timedelta(5))
    after = state(*papers[:-1], paid, finding=SERIOUS, day=MONDAY + timedelta(6))
    assert after.next is Kind.CLOSED
    assert after.due_on is None


def test_a_remedy_deadline_is_waited_for_then_checked_again() -> None:
    finding = FindingFacts(serious=False, deadline=MONDAY + timedelta(10))
    waiting = state(*CLEAN, finding=finding, day=MONDAY + timedelta(10))
    assert (waiting.next, waiting.due_on, waiting.overdue) == (None, MONDAY + timedelta(10), False)
    assert state(*CLEAN, finding=finding, day=MONDAY + timedelta(11)).next is Kind.RECHECK
    again = state(*CLEAN, paper(Kind.RECHECK, 11), finding=finding, day=MONDAY + timedelta(11))
    assert again.next is Kind.CLOSED
    longer = paper(Kind.REMEDY_EXTENDED, 11, due_on=MONDAY + timedelta(30))
    extended = state(*CLEAN, paper(Kind.RECHECK, 11), longer, finding=finding, day=MONDAY + timedelta(12))
    assert extended.due_on == MONDAY + timedelta(30)


def test_every_paper_sent_out_waits_for_its_own_answer() -> None:
    finding = FindingFacts(serious=False)
    sent = [paper(Kind.TRANSFER, 1), paper(Kind.RECOMMENDATION, 2, due_on=MONDAY + timedelta(9))]
    both = state(*CLEAN, *sent, finding=finding, day=MONDAY + timedelta(3))
    assert [one.kind for one in both.owed] == [Kind.ANSWER, Kind.ANSWER]
    one_left = state(*CLEAN, *sent, paper(Kind.ANSWER, 4), finding=finding, day=MONDAY + timedelta(10))
    assert (len(one_left.owed), one_left.due_on, one_left.overdue) == (1, MONDAY + timedelta(9), True)


def test_a_closed_finding_owes_nothing() -> None:
    assert state(finding=FindingFacts(serious=True, closed_on=MONDAY)).closed
    assert state(paper(Kind.CLOSED), finding=SERIOUS).closed


def test_tet_does_not_count_as_working_days() -> None:
    # 13 February 2026 is the Friday before Tết; offices open again on Monday the 23rd.
    assert office_day(date(2026, 2, 13), 1) == date(2026, 2, 23)


def test_a_deadline_that_makes_no_sense_is_refused() -> None:
    for text in ('[[deadline]]\npaper = "poem"\ndays = 3', '[[deadline]]\npaper = "sanction"\ndays = 0'):
        with pytest.raises(InputError):
            parse_deadlines(text)


KINDS = st.sampled_from(list(Kind))
PAPERS = st.lists(st.builds(lambda kind, days: paper(kind, days), KINDS, st.integers(0, 60)), max_size=8)


@given(PAPERS, st.booleans(), st.integers(0, 90))
def test_whatever_stands_in_the_file_there_is_one_next_step(
    papers: list[Paper], serious: bool, days: int
) -> None:
    found = state(*papers, finding=FindingFacts(serious), day=MONDAY + timedelta(days))
    assert str(found.text)
    assert found.closed == (found.owed == ())
    assert found.overdue == any(one.overdue for one in found.owed)
