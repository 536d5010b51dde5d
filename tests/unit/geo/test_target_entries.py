"""Entries of the wards: which period and which ward they count for, whatever the set of wards."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.review_words import Measure as M
from geo.target_entries import STANDING
from geo.target_others import other_figures
from geo.target_parts import parts_of
from geo.target_rows import indicator_rows
from geo.target_windows import Window
from geo.targets import OtherFigure
from tests.unit.geo.target_world import AS_OF, BEGUN, PLACES, YEAR, entry, facts, shares
from tests.unit.geo.test_targets import SETTINGS, month

OLD = date(2024, 6, 30)


def figures(
    entries: list[dict[str, Any]], window: Window | None = None, **more: Any
) -> dict[tuple[str, str | None], OtherFigure]:
    known = facts(entries=entries, **more)
    found = other_figures(known, window or Window(*YEAR, AS_OF))
    return {(one.key, one.unit_id): one for one in found}


def test_an_entry_counts_whole_in_the_period_of_its_last_day() -> None:
    told = [entry("A", M.COMMUNICATION_ACTIVITIES, date(2026, 1, 1), date(2026, 3, 31), 6)]
    for number, value in ((2, None), (3, 6), (4, None)):
        window = Window(*month(number), AS_OF)
        assert figures(told, window)["communication_activities", "id-A"].value == value


def test_an_entry_that_reaches_back_beyond_the_period_is_flagged_and_not_split() -> None:
    told = [entry("A", M.COMMUNICATION_ACTIVITIES, date(2026, 1, 1), date(2026, 3, 31), 6)]
    for window, flagged in ((Window(*month(3), AS_OF), True), (Window(*YEAR, AS_OF), False)):
        rows = indicator_rows(facts(entries=told), SETTINGS, shares(), window)
        one = next(row for row in rows if row.code == "T01" and row.unit_id == "id-A")
        assert one.numerator == 1
        assert any("dài hơn kỳ này" in str(flag) for flag in one.flags) is flagged


def test_entries_of_the_same_days_are_flagged() -> None:
    told = [
        entry("A", M.STAFF_TRAINED, date(2026, 1, 1), date(2026, 3, 31), 6),
        entry("A", M.STAFF_TRAINED, date(2026, 2, 1), date(2026, 2, 28), 2),
    ]
    rows = indicator_rows(facts(entries=told), SETTINGS, shares(), Window(*YEAR, AS_OF))
    one = next(row for row in rows if row.code == "T10a" and row.unit_id == "id-A")
    assert any("trùng thời gian" in str(flag) for flag in one.flags)


def test_old_head_counts_are_told_to_be_old() -> None:
    told = [
        entry("A", M.REACHED_STUDENTS, *month(2), 10),
        entry("A", M.STUDENT_HEADS, *month(9, 2025), 100),
    ]
    rows = indicator_rows(facts(entries=told), SETTINGS, shares(), Window(*YEAR, AS_OF))
    one = next(row for row in rows if row.code == "T02c" and row.unit_id == "id-A")
    assert (one.numerator, one.denominator) == (10, 100)
    assert any("đã cũ" in str(flag) for flag in one.flags)


def test_heads_of_the_whole_take_the_place_of_the_sum() -> None:
    told = [
        entry("A", M.STUDENT_HEADS, *month(2), 100),
        entry(None, M.STUDENT_HEADS, *month(2), 900),
    ]
    found = figures(told)
    assert found["student_heads", None].value == 900
    assert found["student_heads", "id-A"].value == 100


def test_what_ended_units_entered_passes_to_the_ward_that_covers_most_of_them() -> None:
    told = [
        entry("A1", M.COMMUNICATION_ACTIVITIES, *month(5, 2025), 3),
        entry("A2", M.COMMUNICATION_ACTIVITIES, *month(5, 2025), 4),
        entry("A", M.COMMUNICATION_ACTIVITIES, *month(8, 2025), 5),
    ]
    window = Window(date(2025, 1, 1), date(2025, 12, 31), AS_OF)
    today = figures(told, window)
    assert today["communication_activities", "id-A"].value == 12
    old = figures(told, window, day=OLD)
    # Most of A is A1's ground.
    assert old["communication_activities", "id-A1"].value == 8
    assert old["communication_activities", "id-A2"].value == 4
    assert old["communication_activities", None].value == 12


def test_few_heads_are_hidden_and_cannot_be_worked_out_from_the_total() -> None:
    told = [
        entry("A", M.HEALTH_CHECKED, *month(1), 3),
        entry("B", M.HEALTH_CHECKED, *month(1), 40),
        entry("C", M.HEALTH_CHECKED, *month(1), 12),
        entry("A", M.LOANS, *month(1), 0),
        entry("B", M.CASES_TRIED, *month(1), 2),
    ]
    found = figures(told)
    seen = {unit: found["health_checked", unit] for unit in (None, "id-A", "id-B", "id-C")}
    assert {unit: one.value for unit, one in seen.items()} == {
        None: 55, "id-A": None, "id-B": 40, "id-C": None,
    }  # fmt: skip
    assert {unit for unit, one in seen.items() if one.hidden} == {"id-A", "id-C"}
    assert seen["id-A"].rows == {}
    assert found["loans", "id-A"].value == 0
    assert found["cases_tried", "id-B"].value == 2


def test_a_police_handover_has_no_ward_and_counts_in_the_whole() -> None:
    found = figures([], police=[{"id": "x", "on_date": date(2026, 4, 4)}])
    assert found["police_handovers", None].value == 1
    assert ("police_handovers", "id-A") not in found


def test_turns_are_told_by_body_with_zero_where_there_was_none_this_time() -> None:
    visits = [
        {"id": "1", "place": "A", "on_date": date(2026, 2, 2), "body": "fire"},
        {"id": "2", "place": "A", "on_date": date(2026, 2, 3), "body": "team178"},
        {"id": "3", "place": "B", "on_date": date(2025, 2, 3), "body": "market"},
    ]
    made = [{"premises_id": one["id"], "outcome": "checked", "kind": "planned", **one} for one in visits]
    found = figures([], inspections=made)
    assert found["turns", "id-A"].value == 2
    assert found["turns:fire", "id-A"].value == 1
    assert (found["turns:market", "id-B"].value, found["turns:market", "id-B"].year_before) == (0, 1)


places = st.sampled_from(sorted(PLACES))
MEASURES = (M.COMMUNICATION_ACTIVITIES, M.REACHED_STUDENTS, M.STUDENT_HEADS, M.STAFF_TRAINED, M.PLANS_ISSUED)
days = st.dates(date(2024, 1, 1), date(2026, 10, 30))


@settings(max_examples=15)
@given(
    where=st.lists(st.tuples(places, days), max_size=8),
    told=st.lists(
        st.tuples(
            st.sampled_from(["A1", "A2", "B0", "C0", "A", "B", "C"]),
            st.sampled_from(MEASURES),
            days,
            st.integers(0, 50),
        ),
        max_size=10,
    ),
    year=st.sampled_from([2024, 2025, 2026]),
)
def test_every_set_of_wards_adds_up_to_the_same_total(
    where: list[tuple[str, date]], told: list[tuple[str, M, date, int]], year: int
) -> None:
    """ "2024 in the wards of its time" and "2024 in today's units": no count is lost or counted twice."""
    window = Window(date(year, 1, 1), date(year, 12, 31), AS_OF)
    places_, days_ = [place for place, _day in where], [day for _place, day in where]
    check = {"outcome": "checked", "body": "fire"}
    told_of = [{"id": f"x{n}", "place": place} for n, place in enumerate(places_)]
    dated = [{**one, "on_date": day} for one, day in zip(told_of, days_, strict=True)]
    made: dict[str, Any] = {
        "premises": told_of,
        "inspections": [{**one, **check, "premises_id": one["id"]} for one in dated],
        "signals": [{**one, "state": "received", "kind": "feedback"} for one in dated],
        "entries": [
            {**entry(unit, measure, day, day, value), "id": f"e{n}"}
            for n, (unit, measure, day, value) in enumerate(told)
        ],
    }
    outside = sum(place == "out" and day.year == year for place, day in where)
    totals = []
    for day in (OLD, BEGUN):
        known = facts(day=day, **made)
        parts = parts_of(known, window)
        whole = {}
        for code, beyond in (("T06", outside), ("T09", outside), ("T02g", 0), ("T10a", 0)):
            wards = [part.numerator or 0 for unit, part in parts[code].items() if unit is not None]
            whole[code] = parts[code][None].numerator
            assert sum(wards) == (whole[code] or 0) - (beyond if code == "T09" else 0), code
        assert sum(part.denominator or 0 for unit, part in parts["T06"].items() if unit) + outside == (
            parts["T06"][None].denominator
        )
        for measure in MEASURES:
            read = known.entries.read(measure, window)
            assert sum(one.value or 0 for unit, one in read.items() if unit) == (read[None].value or 0), measure
            whole[measure.value] = read[None].value
        totals.append(whole)
    assert totals[0] == totals[1]


def test_the_form_and_the_targets_agree_on_what_stands_at_a_moment() -> None:
    assert {one for one in M if one.value.endswith("_heads")} < STANDING
