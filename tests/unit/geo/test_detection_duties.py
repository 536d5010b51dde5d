"""What an office owes and has not done is an alert that ends once it is done; what got worse is told too."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.detection import SELF_ENDING, RaisedAlert
from geo.detection_advice import would_confirm, would_refute
from geo.detection_duties import (
    DutySettings,
    broken_watch,
    late_handovers,
    late_signals,
    paper_troubles,
    rising_borders,
)
from geo.messages import msg
from geo.words import AlertKind, PaperProblem
from tests.unit.geo import frames as f
from tests.unit.geo.frames import at

AS_OF = date(2026, 3, 1)
SETTINGS = DutySettings()


def days_ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


# --- patrols --------------------------------------------------------------------------------------------------


def watch(last_patrol: int, **hotspot: Any) -> list[RaisedAlert]:
    """A hotspot that is patrolled every 14 days, last so many days ago."""
    spots = f.hotspots({"geometry": at(), **hotspot})
    return broken_watch(spots, f.patrols({"on_date": days_ago(last_patrol)}), AS_OF, SETTINGS)


def test_a_patrol_late_by_more_than_the_days_of_grace_is_told_with_its_due_day() -> None:
    assert watch(17) == []
    (alert,) = watch(18)
    assert (alert.kind, alert.place_kind, alert.place_id) == (AlertKind.WATCH_BROKEN, "hotspot", "h0")
    assert str(alert.text) == "Tuần tra điểm Bến xe quá hạn 4 ngày"
    assert alert.evidence[0].date == days_ago(4)
    assert "gần nhất ngày" in str(alert.evidence[0].text)


def test_a_hotspot_that_was_never_patrolled_is_told_as_such() -> None:
    (alert,) = broken_watch(f.hotspots({"geometry": at()}), f.patrols(), AS_OF, SETTINGS)
    assert "chưa tuần tra lần nào" in str(alert.evidence[0].text)


def test_nobody_owes_patrols_where_no_watch_runs() -> None:
    assert watch(60, state="active") == []
    assert watch(60, state="cleared") == []


def test_the_same_due_day_is_the_same_evidence_the_next_day() -> None:
    spots, patrols = f.hotspots({"geometry": at()}), f.patrols({"on_date": days_ago(30)})
    (today,) = broken_watch(spots, patrols, AS_OF, SETTINGS)
    (tomorrow,) = broken_watch(spots, patrols, AS_OF + timedelta(days=1), SETTINGS)
    assert today.evidence_keys == tomorrow.evidence_keys
    assert tomorrow.score > today.score


# --- signals --------------------------------------------------------------------------------------------------


def tip(**changes: Any) -> pd.DataFrame:
    row = {"on_date": days_ago(40), "due_on": days_ago(10), "state": "verifying", "geometry": at()}
    return f.signals({**row, **changes}).assign(same_as=None)


def test_an_open_signal_past_its_deadline_is_told() -> None:
    (alert,) = late_signals(tip(), AS_OF, SETTINGS)
    assert (alert.kind, alert.place_kind, alert.place_id) == (AlertKind.SIGNAL_LATE, "signal", "s0")
    assert str(alert.text) == "Nguồn tin quá hạn xử lý 10 ngày"
    assert alert.score == 50.0


@pytest.mark.parametrize(
    "changes",
    [
        {"due_on": AS_OF},
        {"due_on": pd.NaT},
        {"state": "verified", "handled_on": days_ago(1)},
        {"state": "handed_over", "handled_on": days_ago(1)},
    ],
    ids=["due today", "without a deadline", "handled late", "handed over late"],
)
def test_no_alert_for_a_signal_in_time_or_at_an_end(changes: dict[str, Any]) -> None:
    assert late_signals(tip(**changes), AS_OF, SETTINGS) == []


def test_a_linked_duplicate_is_told_with_the_first_one_only() -> None:
    assert late_signals(tip().assign(same_as="s9"), AS_OF, SETTINGS) == []
    assert late_signals(f.signals(), AS_OF, SETTINGS) == []


def sent(**changes: Any) -> pd.DataFrame:
    row = {"id": "g0", "signal_id": "s0", "to_name": "Phường X", "due_on": days_ago(3), "accepted_at": None}
    frame = pd.DataFrame([{**row, **changes}])
    frame["due_on"] = pd.to_datetime(frame["due_on"])
    return frame


def test_what_the_other_side_has_not_accepted_in_time_is_told_to_the_sender() -> None:
    (alert,) = late_handovers(sent(), AS_OF, SETTINGS)
    assert (alert.kind, alert.place_kind, alert.place_id) == (AlertKind.HANDOVER_LATE, "signal", "s0")
    assert str(alert.text) == "Tin chuyển Phường X chưa được nhận, quá hạn 3 ngày"
    assert late_handovers(sent(due_on=AS_OF), AS_OF, SETTINGS) == []
    assert late_handovers(sent(accepted_at=pd.Timestamp(2026, 2, 27, tz="UTC")), AS_OF, SETTINGS) == []
    assert late_handovers(sent().iloc[0:0], AS_OF, SETTINGS) == []


# --- borders --------------------------------------------------------------------------------------------------


def segments(risk: float, rank: int = 1) -> pd.DataFrame:
    return pd.DataFrame([{"id": "b0", "names": ("Hà Đông", "Kiến Hưng"), "risk": risk, "rank": rank}])


def rise(before: float, now: float, rank: int = 1, as_of: date = AS_OF) -> list[RaisedAlert]:
    return rising_borders(segments(now, rank), segments(before), as_of, as_of - timedelta(days=90), SETTINGS)


def test_a_border_that_has_risen_says_from_where_to_where_and_since_when() -> None:
    (alert,) = rise(20, 45)
    assert (alert.kind, alert.place_kind, alert.place_id) == (AlertKind.BORDER_RISING, "border", "b0")
    assert "từ 20.0 lên 45.0" in str(alert.text) and "Hà Đông - Kiến Hưng" in str(alert.text)
    assert rise(40, 45) == [] and rise(45, 20) == []


def test_a_border_that_is_still_harmless_or_of_low_rank_is_not_told() -> None:
    assert rise(1, 17) == []
    assert rise(20, 45, rank=11) == []


def test_a_segment_that_did_not_exist_before_has_not_risen() -> None:
    before = segments(20).assign(id="other")
    assert rising_borders(segments(45), before, AS_OF, days_ago(90), SETTINGS) == []


def test_a_border_is_told_once_a_quarter() -> None:
    (first,), (later,), (next_quarter,) = (
        rise(20, 45, as_of=day) for day in (date(2026, 1, 5), date(2026, 3, 30), date(2026, 4, 1))
    )
    assert first.evidence_keys == later.evidence_keys
    assert later.evidence_keys.isdisjoint(next_quarter.evidence_keys)


# --- papers ---------------------------------------------------------------------------------------------------


def problems(*codes: PaperProblem) -> pd.DataFrame:
    rows = [
        {"premises_id": "p0", "kind": "security", "code": code, "text": msg("thiếu giấy"), "since": None}
        for code in codes
    ]
    return pd.DataFrame(rows, columns=["premises_id", "kind", "code", "text", "since"])


def papers(score: float, *codes: PaperProblem, asked: frozenset[str] = frozenset()) -> list[RaisedAlert]:
    return paper_troubles(problems(*codes), {"p0": score}, {"p0": "Nhà nghỉ A"}, AS_OF, SETTINGS, asked=asked)


def test_papers_are_told_at_risky_premises_only_all_problems_in_one_alert() -> None:
    (alert,) = papers(85, PaperProblem.MISSING, PaperProblem.NAME_DIFFERS)
    assert (alert.kind, alert.place_kind, alert.place_id) == (AlertKind.PAPERS, "premises", "p0")
    assert len(alert.evidence) == 2 and "Nhà nghỉ A: 2 vấn đề" in str(alert.text)
    assert papers(79, PaperProblem.MISSING) == []
    assert paper_troubles(problems(PaperProblem.MISSING), {}, {}, AS_OF, SETTINGS) == []


def test_a_check_that_is_due_or_a_term_is_no_trouble_with_the_paper() -> None:
    assert papers(85, PaperProblem.CHECK_DUE, PaperProblem.TERM_PASSED) == []
    assert papers(85) == []


def test_a_falling_score_does_not_answer_a_question_that_was_asked() -> None:
    assert papers(10, PaperProblem.WITHDRAWN) == []
    assert len(papers(10, PaperProblem.WITHDRAWN, asked=frozenset({"p0"}))) == 1
    assert papers(10, asked=frozenset({"p0"})) == []


# --- all of them ----------------------------------------------------------------------------------------------


@given(st.floats(0, 5000), st.floats(0, 5000))
def test_the_longer_something_is_late_the_higher_its_score_but_never_certain(one: float, other: float) -> None:
    low, high = sorted((SETTINGS.lateness_score(one), SETTINGS.lateness_score(other)))
    assert 0 <= low <= high <= 100
    assert SETTINGS.lateness_score(min(one, other)) == low


def test_every_kind_of_alert_says_what_would_confirm_and_what_would_refute_it() -> None:
    for kind in AlertKind:
        assert str(would_confirm(kind)) and str(would_refute(kind))
        if kind in SELF_ENDING - {AlertKind.HANDOVER_LATE}:
            assert "tự khép" in str(would_refute(kind))
