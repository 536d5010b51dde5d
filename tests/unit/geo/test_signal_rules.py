"""The law behind a signal: who handles it, by when, which step may follow, what is late."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.calendar_vn import public_holidays
from geo.errors import InputError, RuleError
from geo.signal_rules import HANDLED, NEXT, SignalRules, check_step, parse_rules, timeliness, usual_kind
from geo.words import SignalKind, SignalSource, SignalState
from tests.paths import ROOT

TEXT = (ROOT / "geo" / "signals.toml").read_text(encoding="utf-8")
POLICE = {SignalKind.DENUNCIATION, SignalKind.CRIME_REPORT}


@pytest.fixture(scope="module")
def rules() -> SignalRules:
    return parse_rules(TEXT)


def test_only_crime_goes_to_the_police_whatever_was_found(rules: SignalRules) -> None:
    assert {kind for kind in SignalKind if rules.police(kind)} == POLICE


def test_a_complaint_and_an_accusation_have_the_thirty_days_of_their_laws(rules: SignalRules) -> None:
    for kind in (SignalKind.COMPLAINT, SignalKind.ACCUSATION):
        assert rules.due_on(kind, date(2026, 3, 2)) == date(2026, 4, 1)
        assert "Luật" in rules.by_kind[kind].law


def test_working_days_of_an_office_leave_out_weekends_and_holidays(rules: SignalRules) -> None:
    # Friday 24 April 2026: the 27th is free for Hùng Kings' day (a Sunday), 30 April and 1 May are holidays.
    due = rules.due_on(SignalKind.FEEDBACK, date(2026, 4, 24))
    assert due == date(2026, 5, 20)
    # Friday to the Friday three weeks later without a holiday between.
    assert rules.due_on(SignalKind.FEEDBACK, date(2026, 6, 5)) == date(2026, 6, 26)


@given(st.dates(date(2024, 1, 1), date(2030, 6, 1)))
def test_a_deadline_lies_after_the_day_of_receipt_and_on_no_free_day(received: date) -> None:
    due = parse_rules(TEXT).due_on(SignalKind.FEEDBACK, received)
    assert due > received
    assert due.weekday() < 5
    assert due not in public_holidays(due.year)
    assert due <= received + timedelta(days=45)


@pytest.mark.parametrize(
    "broken, names",
    [
        ("[complaint", "signals.toml"),
        (TEXT.replace("[complaint]", "[complaints]"), "complaint"),
        (TEXT.replace("days = 3\n", "days = 0\n"), "handover"),
        (TEXT.replace("days = 3\n", 'days = "3"\n'), "handover"),
        (TEXT.replace("days = 3\n", "days = 3\nhours = 2\n"), "handover"),
        (TEXT.replace("days = 3\n", "days = true\n"), "handover"),
        (TEXT + "\n[gossip]\ndays = 3\n", "gossip"),
    ],
)
def test_a_configuration_that_cannot_be_meant_is_refused_by_its_key(broken: str, names: str) -> None:
    with pytest.raises(InputError, match=names) as refused:
        parse_rules(broken)
    assert refused.value.code == "bad_configuration"


def test_what_the_office_sees_itself_is_no_feedback() -> None:
    assert usual_kind(SignalSource.PATROL) is SignalKind.OBSERVATION
    assert usual_kind(SignalSource.HOTLINE) is SignalKind.FEEDBACK
    assert not {usual_kind(source) for source in SignalSource} & POLICE


def test_every_state_says_what_may_follow_and_only_the_polices_is_the_end() -> None:
    assert set(NEXT) == set(SignalState)
    assert {state for state in SignalState if not NEXT[state]} == {SignalState.HANDED_OVER}
    assert set(SignalState) >= HANDLED


@pytest.mark.parametrize(("current", "new"), list(product(SignalState, SignalState)))
def test_a_step_is_taken_only_where_it_may_follow(current: SignalState, new: SignalState) -> None:
    if new in NEXT[current]:
        check_step(current, new, police=False, result="Đã xem tại chỗ", receipt="12/BN")
        return
    with pytest.raises(RuleError) as refused:
        check_step(current, new, police=False, result="Đã xem tại chỗ", receipt="12/BN")
    assert refused.value.code == "signal_step"


def test_a_criminal_report_is_never_verified_here() -> None:
    for new in NEXT[SignalState.RECEIVED] - {SignalState.HANDED_OVER}:
        with pytest.raises(RuleError, match="chuyển công an"):
            check_step(SignalState.RECEIVED, new, police=True, result="x", receipt="1")
    check_step(SignalState.RECEIVED, SignalState.HANDED_OVER, police=True, result="", receipt="1/BN")


@pytest.mark.parametrize("receipt", [None, "", "  "])
def test_a_handing_over_needs_the_number_of_its_receipt(receipt: str | None) -> None:
    with pytest.raises(RuleError, match="biên nhận"):
        check_step(SignalState.VERIFYING, SignalState.HANDED_OVER, police=False, result="x", receipt=receipt)


@pytest.mark.parametrize("new", [SignalState.VERIFIED, SignalState.UNFOUNDED])
def test_no_signal_ends_without_its_result(new: SignalState) -> None:
    with pytest.raises(RuleError, match="kết quả"):
        check_step(SignalState.VERIFYING, new, police=False, result=" ")


@pytest.mark.parametrize("ended", [SignalState.VERIFIED, SignalState.UNFOUNDED])
def test_what_was_at_an_end_is_taken_up_again_only_with_a_reason(ended: SignalState) -> None:
    with pytest.raises(RuleError, match="vì sao"):
        check_step(ended, SignalState.VERIFYING, police=False, result="")
    check_step(ended, SignalState.VERIFYING, police=False, result="Có tin mới cùng địa chỉ")


def frame(*rows: tuple[str, str | None, str | None]) -> pd.DataFrame:
    table = pd.DataFrame(
        rows, columns=["state", "due_on", "handled_on"], index=[f"s{k}" for k in range(len(rows))]
    )
    return table.assign(due_on=pd.to_datetime(table["due_on"]), handled_on=pd.to_datetime(table["handled_on"]))


def told(state: str, due: str | None, handled: str | None = None) -> dict[str, object]:
    row = timeliness(frame((state, due, handled)), date(2026, 3, 10)).iloc[0]
    return {"open": bool(row["open"]), "late": bool(row["late"]), "in_time": bool(row["in_time"])}


def test_the_last_day_of_the_deadline_is_still_in_time() -> None:
    assert told("received", "2026-03-10") == {"open": True, "late": False, "in_time": False}
    assert told("received", "2026-03-09") == {"open": True, "late": True, "in_time": False}
    assert told("verified", "2026-03-05", "2026-03-05") == {"open": False, "late": False, "in_time": True}
    assert told("verified", "2026-03-05", "2026-03-06") == {"open": False, "late": True, "in_time": False}


def test_what_was_handed_over_in_time_counts_as_handled_in_time() -> None:
    assert told("handed_over", "2026-03-05", "2026-03-04")["in_time"]


def test_a_signal_without_a_deadline_is_never_late() -> None:
    assert not told("received", None)["late"]
    assert told("unfounded", None, "2026-03-01")["in_time"]


def test_handled_on_a_day_that_nobody_wrote_down_is_neither_late_nor_in_time() -> None:
    assert told("verified", "2026-03-05") == {"open": False, "late": False, "in_time": False}


def test_on_a_past_day_a_signal_handled_later_is_still_open() -> None:
    assert told("verified", "2026-03-05", "2026-03-12") == {"open": True, "late": True, "in_time": False}


def test_the_days_left_count_down_past_the_deadline_and_end_with_the_signal() -> None:
    rows = frame(
        ("received", "2026-03-12", None),
        ("verifying", "2026-03-07", None),
        ("verified", "2026-03-07", "2026-03-01"),
    )
    left = timeliness(rows, date(2026, 3, 10))["days_left"]
    assert left.iloc[0] == 2
    assert left.iloc[1] == -3
    assert pd.isna(left.iloc[2])
    assert list(left.index) == ["s0", "s1", "s2"]


def test_no_signals_are_in_time_without_an_error() -> None:
    empty = timeliness(frame(), date(2026, 3, 10))
    assert list(empty.columns) == ["open", "late", "days_left", "in_time"]
    assert len(empty) == 0
