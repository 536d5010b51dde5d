"""The retention table says what it says, and what is not at an end is held back."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from geo.errors import InputError
from geo.retention import (
    Keeping,
    held_inspections,
    held_signals,
    parse_retention,
    signal_rule,
)
from tests.paths import ROOT

TEXT = (ROOT / "geo" / "retention.toml").read_text(encoding="utf-8")
TABLE = parse_retention(TEXT)


def test_dismissed_tips_are_kept_a_year_and_closed_ones_five() -> None:
    months = {rule.key: rule.months for rule in TABLE.rules}
    assert months[Keeping.DISMISSED_SIGNALS] == 12
    assert months[Keeping.CLOSED_SIGNALS] == 60
    assert set(months) == set(Keeping)
    assert all(rule.law and str(rule.what) and str(rule.since) for rule in TABLE.rules)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [(date(2026, 11, 24), 12, date(2025, 11, 24)), (date(2024, 2, 29), 12, date(2023, 2, 28))],
)
def test_months_are_those_of_the_calendar(day: date, months: int, before: date) -> None:
    table = TABLE.with_months({Keeping.NOTICES: months})
    rule = next(one for one in table.rules if one.key is Keeping.NOTICES)
    assert rule.cutoff(day) == before


def test_an_approval_is_of_one_table_only() -> None:
    assert TABLE.with_months({}).fingerprint == TABLE.fingerprint
    assert TABLE.with_months({Keeping.NOTICES: 13}).fingerprint != TABLE.fingerprint
    law = parse_retention(TEXT.replace("Luật Khiếu nại 2011", "Luật khác"))
    assert law.fingerprint != TABLE.fingerprint


@pytest.mark.parametrize(
    "text",
    [
        "months =",
        TEXT.replace("[notices]", "[other]"),
        TEXT + "\n[other]\nmonths = 1\n",
        TEXT.replace("months = 12", 'months = "12"'),
        TEXT.replace("months = 12", "months = 0"),
    ],
    ids=["no TOML", "a rule missing", "a rule too many", "no number", "no month"],
)
def test_a_wrong_table_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_retention(text)


def test_open_signals_have_no_rule() -> None:
    assert signal_rule("received", void=False) is None
    assert signal_rule("verifying", void=False) is None
    assert signal_rule("received", void=True) is Keeping.DISMISSED_SIGNALS
    assert signal_rule("unfounded", void=False) is Keeping.DISMISSED_SIGNALS
    assert signal_rule("handed_over", void=False) is Keeping.CLOSED_SIGNALS


DAY = pd.Timestamp(2020, 5, 1)
CHECKS = pd.DataFrame({"id": ["i1", "i2"], "premises_id": ["p1", "p2"]})
NO_FINDINGS = pd.DataFrame({"id": [], "inspection_id": [], "closed_on": []}, dtype=object)
NO_COMPLAINTS = pd.DataFrame({"premises_id": [], "answered_on": []}, dtype=object)


def papers(*rows: dict[str, object]) -> pd.DataFrame:
    plain = {"inspection_id": "i1", "finding_id": None, "amount_vnd": None, "paid_on": pd.NaT, "on_date": DAY}
    return pd.DataFrame([plain | row for row in rows], columns=[*plain, "kind"])


def held(
    found: pd.DataFrame = NO_FINDINGS, complaints: pd.DataFrame = NO_COMPLAINTS, *rows: dict[str, object]
) -> frozenset[str]:
    return held_inspections(CHECKS, found, papers(*rows), complaints)


def test_nothing_open_holds_nothing() -> None:
    assert held() == frozenset()


def test_a_fine_holds_until_it_is_paid() -> None:
    fine = {"kind": "sanction", "amount_vnd": 1_000_000}
    assert held(NO_FINDINGS, NO_COMPLAINTS, fine) == {"i1"}
    assert held(NO_FINDINGS, NO_COMPLAINTS, fine | {"paid_on": DAY}) == frozenset()
    assert held(NO_FINDINGS, NO_COMPLAINTS, {"kind": "sanction"}) == frozenset()


def test_a_transfer_holds_until_there_is_an_answer_after_it() -> None:
    sent, before = {"kind": "transfer"}, {"kind": "answer", "on_date": DAY - pd.Timedelta(days=1)}
    assert held(NO_FINDINGS, NO_COMPLAINTS, sent) == {"i1"}
    assert held(NO_FINDINGS, NO_COMPLAINTS, sent, before) == {"i1"}
    assert held(NO_FINDINGS, NO_COMPLAINTS, sent, before | {"on_date": DAY}) == frozenset()


def test_a_finding_holds_until_it_or_its_case_is_closed() -> None:
    found = pd.DataFrame({"id": ["f1"], "inspection_id": ["i1"], "closed_on": [pd.NaT]})
    assert held(found) == {"i1"}
    assert held(found.assign(closed_on=DAY)) == frozenset()
    assert held(found, NO_COMPLAINTS, {"kind": "closed", "finding_id": "f1"}) == frozenset()


def test_an_open_complaint_holds_the_checks_and_the_tips_of_its_premises() -> None:
    complaint = pd.DataFrame({"premises_id": ["p2"], "answered_on": [pd.NaT]})
    signals = pd.DataFrame({"id": ["s1", "s2", "s3"], "premises_id": ["p1", "p2", None]})
    assert held(NO_FINDINGS, complaint) == {"i2"}
    assert held_signals(signals, frozenset(), CHECKS, complaint) == {"s2"}
    assert held_signals(signals, frozenset({"i1"}), CHECKS, NO_COMPLAINTS) == {"s1"}
    assert held(NO_FINDINGS, complaint.assign(answered_on=DAY)) == frozenset()
