"""Entering a ward's figures: once, corrected with a reason, by whoever counts them, and what is still owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from app.services import figure_entry, figure_gaps, shares
from data.repositories.frames import add_rows
from data.store import Actor, Store
from data.tables import AssignedShare, AuditEntry, WardFigure
from geo.errors import ConflictError, InputError, RuleError
from geo.periods import Period, parse_period
from geo.review_words import Measure
from geo.words import Role
from tests.services.signal_world import DAY, DESK, HERE, HERE_TOO, THERE, wards

__all__ = ["wards"]
OCTOBER = parse_period("2026-10")
VIEWER = Actor("xem", Role.VIEWER)
ACTIVITIES, HEADS = Measure.COMMUNICATION_ACTIVITIES, Measure.STUDENT_HEADS


def enter(
    store: Store,
    values: Mapping[Measure, int | None],
    *,
    actor: Actor = HERE,
    unit: str = "u1",
    period: Period = OCTOBER,
    **texts: str,
) -> figure_entry.Entered:
    return figure_entry.enter(store, actor, unit, period, values, DAY, **texts)


def cell(store: Store, measure: Measure, period: Period = OCTOBER, actor: Actor = HERE) -> figure_entry.Cell:
    cells = figure_entry.form(store, actor, "u1", period).cells
    return next(one for one in cells if one.measure is measure)


def rows(store: Store) -> int:
    with store.read(DESK) as work:
        return work.session.scalar(select(func.count()).select_from(WardFigure)) or 0


def test_a_form_that_is_sent_twice_counts_once(wards: Store) -> None:
    values = {ACTIVITIES: 3, Measure.REACHED_RESIDENTS: 0}
    assert enter(wards, values) == figure_entry.Entered(added=2, corrected=0, withdrawn=0, unchanged=0)
    assert enter(wards, values) == figure_entry.Entered(added=0, corrected=0, withdrawn=0, unchanged=2)
    assert rows(wards) == 2
    assert cell(wards, Measure.REACHED_RESIDENTS).value == 0


def test_zero_is_a_figure_and_an_empty_field_is_none(wards: Store) -> None:
    enter(wards, {ACTIVITIES: 0, Measure.REACHED_RESIDENTS: None})
    assert not cell(wards, ACTIVITIES).missing
    assert cell(wards, Measure.REACHED_RESIDENTS).missing


def test_a_correction_wants_its_reason_and_keeps_what_stood_before(wards: Store) -> None:
    enter(wards, {ACTIVITIES: 3})
    with pytest.raises(RuleError) as refused:
        enter(wards, {ACTIVITIES: 4})
    assert refused.value.code == "reason_missing"
    enter(wards, {ACTIVITIES: 4}, reason="Đếm thiếu một buổi")
    assert cell(wards, ACTIVITIES).value == 4
    with wards.read(DESK) as work:
        kept = work.session.execute(
            select(WardFigure.id, WardFigure.revision, WardFigure.value, WardFigure.why)
        ).all()
    assert len({row.id for row in kept}) == 1
    assert [(row.revision, row.value, row.why) for row in kept] == [(1, 3, None), (2, 4, "Đếm thiếu một buổi")]


def test_a_figure_that_was_taken_back_can_be_entered_again(wards: Store) -> None:
    enter(wards, {ACTIVITIES: 3})
    enter(wards, {ACTIVITIES: None}, reason="Nhập nhầm tháng")
    assert cell(wards, ACTIVITIES).missing
    enter(wards, {ACTIVITIES: 2})
    assert cell(wards, ACTIVITIES).value == 2


def test_beside_each_field_stand_the_month_before_and_the_same_month_of_last_year(wards: Store) -> None:
    enter(wards, {ACTIVITIES: 5}, period=OCTOBER.before)
    enter(wards, {ACTIVITIES: 7}, period=OCTOBER.year_before)
    found = cell(wards, ACTIVITIES)
    assert (found.value, found.before, found.year_before) == (None, 5, 7)


def test_a_head_count_holds_until_a_newer_one(wards: Store) -> None:
    enter(wards, {HEADS: 900}, period=OCTOBER.before)
    assert (cell(wards, HEADS).value, cell(wards, HEADS).held, cell(wards, HEADS).missing) == (None, 900, False)


def test_one_bad_number_keeps_the_whole_form_out(wards: Store) -> None:
    with pytest.raises(InputError) as refused:
        enter(wards, {ACTIVITIES: 3, Measure.REACHED_RESIDENTS: -1})
    assert refused.value.code == "out_of_bounds"
    assert rows(wards) == 0


def test_an_officer_enters_for_the_own_ward_only(wards: Store) -> None:
    for actor, unit in ((THERE, "u1"), (HERE, "u2"), (HERE, "nowhere")):
        with pytest.raises(InputError) as refused:
            enter(wards, {ACTIVITIES: 3}, actor=actor, unit=unit)
        assert refused.value.code == "unknown_unit"
    assert [unit for unit, _ in figure_entry.wards(wards, HERE, OCTOBER)] == ["u1"]
    with pytest.raises(RuleError):
        enter(wards, {ACTIVITIES: 3}, actor=VIEWER)


def test_cases_are_the_report_of_the_police(wards: Store) -> None:
    with pytest.raises(RuleError) as refused:
        enter(wards, {Measure.CRIMINAL_CASES: 1})
    assert refused.value.code == "other_body"
    with pytest.raises(RuleError):
        enter(wards, {ACTIVITIES: 1}, actor=HERE_TOO)
    enter(wards, {Measure.CRIMINAL_CASES: 1}, actor=HERE_TOO)
    with wards.read(DESK) as work:
        assert work.session.scalars(select(WardFigure.body)).all() == ["police"]
    with pytest.raises(RuleError) as unsigned:
        enter(wards, {Measure.ADMINISTRATIVE_CASES: 1}, actor=DESK)
    assert unsigned.value.code == "police_report_missing"
    enter(wards, {Measure.ADMINISTRATIVE_CASES: 1}, actor=DESK, document="12/BC-CAP")


def test_nobody_writes_over_what_was_entered_after_the_form_was_opened(wards: Store) -> None:
    enter(wards, {ACTIVITIES: 3})
    with pytest.raises(ConflictError):
        figure_entry.enter(
            wards, HERE, "u1", OCTOBER, {ACTIVITIES: 4}, DAY, reason="x", seen={ACTIVITIES: None}
        )
    assert cell(wards, ACTIVITIES).value == 3


def test_the_same_days_are_not_entered_again_in_a_longer_period(wards: Store) -> None:
    enter(wards, {ACTIVITIES: 3})
    with pytest.raises(RuleError) as refused:
        enter(wards, {ACTIVITIES: 9}, period=parse_period("2026-Q4"))
    assert refused.value.code == "overlaps"


def test_a_month_that_has_not_begun_is_refused(wards: Store) -> None:
    with pytest.raises(InputError) as refused:
        enter(wards, {ACTIVITIES: 3}, period=parse_period("2026-12"))
    assert refused.value.code == "future"


@pytest.mark.parametrize("field", ["note", "document", "reason"])
def test_no_text_may_hold_personal_data(wards: Store, field: str) -> None:
    with pytest.raises(RuleError) as refused:
        enter(wards, {ACTIVITIES: 3}, **{field: "gọi 0912 345 678"})
    assert refused.value.code == "personal_data"
    assert rows(wards) == 0


def test_every_entry_stands_in_the_log(wards: Store) -> None:
    enter(wards, {ACTIVITIES: 3})
    with wards.read(DESK) as work:
        noted = work.session.scalars(select(AuditEntry).where(AuditEntry.action == "figures.enter")).one()
    assert (noted.subject, noted.detail["values"]) == ("u1", {"communication_activities": 3})


def test_what_a_ward_still_owes_is_listed_with_its_months(wards: Store) -> None:
    enter(wards, {ACTIVITIES: 3})
    enter(wards, {HEADS: 900}, period=parse_period("2026-03"))
    enter(wards, {Measure.PLANS_ISSUED: 1}, period=parse_period("2026-01"))
    quarter = parse_period("2026-Q4")
    found = {one.unit_id: one for one in figure_gaps.gaps(wards, DESK, quarter, DAY)}
    # November is still running on the day, so only October is owed.
    assert found["u2"].missing[ACTIVITIES] == (OCTOBER,)
    assert ACTIVITIES not in found["u1"].missing
    assert HEADS not in found["u1"].missing
    assert Measure.PLANS_ISSUED not in found["u1"].missing
    assert Measure.REACHED_RESIDENTS in found["u1"].missing
    assert Measure.SPENT_VND in found["u1"].missing
    assert Measure.LOANS not in found["u1"].missing


def test_training_and_support_are_told_once_in_a_quarter(wards: Store) -> None:
    enter(wards, {Measure.LOANS: 2}, period=parse_period("2026-08"))
    july, september = parse_period("2026-07"), parse_period("2026-09")
    assert not cell(wards, Measure.STAFF_TRAINED, july).missing
    assert cell(wards, Measure.STAFF_TRAINED, september).missing
    assert not cell(wards, Measure.LOANS, september).missing
    third = {one.unit_id: one for one in figure_gaps.gaps(wards, DESK, parse_period("2026-Q3"), DAY)}
    assert third["u1"].missing[Measure.STAFF_TRAINED] == (september,)
    assert Measure.LOANS not in third["u1"].missing


def test_an_entry_after_its_day_is_late_even_when_it_is_corrected_later(wards: Store) -> None:
    enter(wards, {ACTIVITIES: 3}, period=parse_period("2025-10"))
    with wards.write(DESK) as work:
        on_time = {**work.event(), "recorded_at": datetime(2025, 10, 31, tzinfo=UTC), "unit_id": "u1"}
        days = {"first_day": date(2025, 10, 1), "last_day": date(2025, 10, 31)}
        add_rows(work, WardFigure, [{**on_time, **days, "measure": "loans", "value": 1}])
    enter(wards, {Measure.LOANS: 2}, period=parse_period("2025-10"), reason="Bổ sung")
    own = next(
        one for one in figure_gaps.gaps(wards, DESK, parse_period("2025-10"), DAY) if one.unit_id == "u1"
    )
    assert set(own.late) == {ACTIVITIES}


def test_a_wards_own_gaps_are_told_to_nobody_elsewhere(wards: Store) -> None:
    assert {one.unit_id for one in figure_gaps.gaps(wards, THERE, OCTOBER, DAY)} == {"u2"}


def test_a_share_is_given_by_who_plans_or_leads_with_its_paper(wards: Store) -> None:
    year = parse_period("2026")
    with pytest.raises(RuleError):
        shares.assign(wards, HERE, "u1", "T09", year, 40, "1/QĐ")
    leader = replace(DESK, role=Role.REVIEWER)
    with pytest.raises(RuleError) as unsigned:
        shares.assign(wards, leader, "u1", "T09", year, 40, " ")
    assert unsigned.value.code == "document_missing"
    shares.assign(wards, leader, "u1", "T09", year, 40, "1/QĐ-UBND")
    shares.assign(wards, leader, "u1", "T09", year, 40, "1/QĐ-UBND")
    with pytest.raises(RuleError):
        shares.assign(wards, leader, "u1", "T09", year, 45, "2/QĐ-UBND")
    shares.assign(wards, leader, "u1", "T09", year, 45, "2/QĐ-UBND", "Điều chỉnh giữa năm")
    assert [one.value for one in shares.shares(wards, leader, year)] == [45]
    shares.assign(wards, leader, "u1", "T09", year, None, "", "Giao nhầm phường")
    assert shares.shares(wards, leader, year) == []
    with wards.read(DESK) as work:
        assert work.session.scalars(select(AssignedShare.revision)).all() == [1, 2, 3]
