"""The targets of a tiny district, counted by hand and by the code."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geo.review_words import Measure as M
from geo.target_rows import indicator_rows
from geo.target_settings import TargetSettings, parse_targets
from geo.target_windows import Window
from geo.targets import Indicator
from tests.unit.geo.target_world import AS_OF, YEAR, entry, facts, shares

SETTINGS = parse_targets((Path(__file__).parents[3] / "geo" / "targets.toml").read_text(encoding="utf-8"))


def month(number: int, year: int = 2026) -> tuple[date, date]:
    following = date(year + number // 12, number % 12 + 1, 1)
    return date(year, number, 1), date.fromordinal(following.toordinal() - 1)


# Premises. In business on some day of 2026 up to 24 November:
#   A: a1, a2, a3 (closed on 1 February)            = 3   (a4 closed on 31 December 2025)
#   B: b1 (suspended since 2024, again from 1 May), b2 = 2   (b3 opens on 1 December)
#   C: none; outside of all wards: o1                = 1;  all 6
PREMISES: list[dict[str, Any]] = [
    {"id": "a1", "place": "A"},
    {"id": "a2", "place": "A", "commitment_on": date(2026, 3, 1)},
    {"id": "a3", "place": "A2"},
    {"id": "a4", "place": "A"},
    {"id": "b1", "place": "B"},
    {"id": "b2", "place": "B"},
    {"id": "b3", "place": "B", "opened_on": date(2026, 12, 1)},
    {"id": "o1", "place": "out"},
]
STATUS = [
    {"premises_id": "a3", "status": "closed", "on_date": date(2026, 2, 1)},
    {"premises_id": "a4", "status": "closed", "on_date": date(2025, 12, 31)},
    {"premises_id": "b1", "status": "suspended", "on_date": date(2024, 6, 1)},
    {"premises_id": "b1", "status": "active", "on_date": date(2026, 5, 1)},
]
# Checks that count for 2026: i1 and i2 of a1 (one premises, two turns), i4 of a3, i7 of o1, i8 of b1.
#   i3 met closed doors, i5 lies after the day, i6 was last year.
#   distinct premises: A 2 (a1, a3), B 1, outside 1, all 4; turns: A 3, B 1, outside 1, all 5
INSPECTIONS = [
    {"id": "i1", "premises_id": "a1", "place": "A", "on_date": date(2026, 2, 10)},
    {"id": "i2", "premises_id": "a1", "place": "A", "on_date": date(2026, 9, 1), "body": "police"},
    {
        "id": "i3",
        "premises_id": "a2",
        "place": "A",
        "on_date": date(2026, 3, 5),
        "outcome": "closed_at_arrival",
    },
    {"id": "i4", "premises_id": "a3", "place": "A2", "on_date": date(2026, 1, 15), "body": "fire"},
    {"id": "i5", "premises_id": "b2", "place": "B", "on_date": date(2026, 12, 20)},
    {"id": "i6", "premises_id": "b2", "place": "B", "on_date": date(2025, 6, 1)},
    {"id": "i7", "premises_id": "o1", "place": "out", "on_date": date(2026, 4, 1)},
    {"id": "i8", "premises_id": "b1", "place": "B", "on_date": date(2026, 6, 1)},
]
INSPECTIONS = [{"outcome": "checked", "body": "team178", "kind": "planned", **one} for one in INSPECTIONS]
# Signals of 2026: A s1 in time, s2 late; B s3 still running (s4 tells s1 again); outside s5 in time.
#   A 1 of 2, B 0 of 1, C none, all 2 of 4
SIGNALS = [
    ("s1", "A", date(2026, 1, 5), "verified", date(2026, 1, 20), date(2026, 1, 18), None),
    ("s2", "A", date(2026, 2, 1), "unfounded", date(2026, 2, 16), date(2026, 2, 20), None),
    ("s3", "B", date(2026, 11, 20), "received", date(2026, 12, 5), None, None),
    ("s4", "B", date(2026, 3, 1), "received", date(2026, 3, 16), None, "s1"),
    ("s5", "out", date(2026, 5, 1), "handed_over", date(2026, 5, 16), date(2026, 5, 2), None),
    ("s6", "A", date(2025, 12, 1), "verified", date(2025, 12, 16), date(2025, 12, 2), None),
]
_SIGNAL = ("id", "place", "on_date", "state", "due_on", "handled_on", "same_as")
# Hotspots: h1 (A) became active in 2026: new. h2 (B) came back in March and is active again: reactivated, not
#   new. h3 (C) is part of a split one and inherited its changes; h4 (C) is only suspected. A 1, B 1, C 0, all 2
TRANSITIONS = [
    ("h1", "suspected", date(2026, 1, 10), False),
    ("h1", "active", date(2026, 2, 10), False),
    ("h2", "active", date(2020, 1, 1), False),
    ("h2", "eliminated", date(2022, 1, 1), False),
    ("h2", "reactivated", date(2026, 3, 1), False),
    ("h2", "active", date(2026, 3, 20), False),
    ("h3", "active", date(2026, 5, 1), True),
    ("h4", "suspected", date(2026, 6, 1), False),
]
# What the offices entered.
ENTRIES = [
    # T01: A 3 activities, B none, C did not tell -> 1 of 3
    entry("A", M.COMMUNICATION_ACTIVITIES, *month(1), 3),
    entry("B", M.COMMUNICATION_ACTIVITIES, *month(2), 0),
    # T02a: A (60 + 24) / 120, the newer of two head counts; B 60 / 50; C 0 / 0 -> all 144 / 170
    entry("A", M.REACHED_PREMISES_WORKERS, *month(1), 60),
    entry("A", M.REACHED_PREMISES_WORKERS, *month(2), 24),
    entry("B", M.REACHED_PREMISES_WORKERS, *month(1), 60),
    entry("C", M.REACHED_PREMISES_WORKERS, *month(1), 0),
    entry("A", M.PREMISES_WORKER_HEADS, *month(12, 2025), 100),
    entry("A", M.PREMISES_WORKER_HEADS, *month(6), 120),
    entry("B", M.PREMISES_WORKER_HEADS, *month(6), 50),
    entry("C", M.PREMISES_WORKER_HEADS, *month(6), 0),
    # T02b: nobody entered the heads
    entry("A", M.REACHED_ZONE_WORKERS, *month(1), 10),
    # T02c: A1 200 and A2 300 hold for A, which told nothing yet; B 400; C reached 30 of nobody knows how many
    #   A 250 / 500, B nothing reached, C no base, all (250 + 30) / (500 + 400)
    entry("A1", M.STUDENT_HEADS, *month(5, 2025), 200),
    entry("A2", M.STUDENT_HEADS, *month(5, 2025), 300),
    entry("B0", M.STUDENT_HEADS, *month(5, 2025), 390),
    entry("B", M.STUDENT_HEADS, *month(1), 400),
    entry("A", M.REACHED_STUDENTS, *month(3), 250),
    entry("C", M.REACHED_STUDENTS, *month(3), 30),
    # T03: A plan and activities; B plan, did not tell of activities; C no plan -> 1 of 3
    entry("A", M.PLANS_ISSUED, *YEAR, 1),
    entry("B", M.PLANS_ISSUED, *month(1), 1),
    entry("C", M.PLANS_ISSUED, *YEAR, 0),
    entry("A", M.PLAN_ACTIVITIES, *month(2), 2),
    entry("C", M.PLAN_ACTIVITIES, *month(2), 5),
    # T04: all three; T05: A only
    entry("A", M.RUNNING_MODELS, *month(1), 1),
    entry("B", M.RUNNING_MODELS, *month(1), 2),
    entry("C", M.RUNNING_MODELS, *month(1), 1),
    entry("A", M.INTEGRATED_ACTIVITIES, *month(4), 1),
    entry("B", M.INTEGRATED_ACTIVITIES, *month(4), 0),
    entry("C", M.INTEGRATED_ACTIVITIES, *month(4), 0),
    # T07: 4 + 2 + 1 (told for the whole) = 7 against 3 + 2 = 5 in 2025 up to 24 November: + 40%
    entry("A", M.CRIMINAL_CASES, *month(5), 4),
    entry("B", M.CRIMINAL_CASES, *month(5), 2),
    entry(None, M.CRIMINAL_CASES, *month(5), 1),
    entry("A1", M.CRIMINAL_CASES, *month(5, 2025), 3),
    entry("B0", M.CRIMINAL_CASES, *month(3, 2025), 2),
    entry("B", M.CRIMINAL_CASES, *month(12, 2025), 9),
    # T10: A (6 + 9) / (10 + 20); B 1 / 4 without volunteers; C nothing -> all 16 / 34
    entry("A", M.STAFF, *month(1), 10),
    entry("A", M.VOLUNTEERS, *month(1), 20),
    entry("B", M.STAFF, *month(1), 4),
    entry("A", M.STAFF_TRAINED, *month(6), 6),
    entry("A", M.VOLUNTEERS_TRAINED, *month(6), 9),
    entry("B", M.STAFF_TRAINED, *month(6), 1),
]
# Code: the whole, A, B, C as (numerator, denominator, met). None for met: nobody can say.
EXPECTED: dict[str, tuple[tuple[int | None, int | None, bool | None], ...]] = {
    "T01": ((1, 3, False), (1, 1, True), (0, 1, False), (None, 1, None)),
    "T02a": ((144, 170, True), (84, 120, True), (60, 50, None), (0, 0, None)),
    "T02b": ((10, None, None), (10, None, None), (None, None, None), (None, None, None)),
    "T02c": ((280, 900, False), (250, 500, False), (None, 400, None), (30, None, None)),
    "T02e": ((144, None, None), (84, None, None), (60, None, None), (0, None, None)),
    "T03": ((1, 3, False), (1, 1, True), (None, 1, None), (0, 1, False)),
    "T04": ((3, 3, True), (1, 1, True), (1, 1, True), (1, 1, True)),
    "T05": ((1, 3, False), (1, 1, True), (0, 1, False), (0, 1, False)),
    "T06": ((2, 4, False), (1, 2, False), (0, 1, False), (0, 0, None)),
    "T07": ((7, 5, True),),
    "T07a": ((7, None, None),),
    "T08": ((2, None, False), (1, None, False), (1, None, False), (0, None, True)),
    "T08a": ((1, None, False), (1, None, False), (0, None, True), (0, None, True)),
    "T08b": ((1, None, False), (0, None, True), (1, None, False), (0, None, True)),
    "T09": ((4, 6, True), (2, 3, True), (1, 2, False), (0, 0, None)),
    "T09a": ((4, None, None), (2, None, False), (1, None, None), (0, None, None)),
    "T10": ((16, 34, False), (15, 30, True), (1, 4, False), (None, None, None)),
    "T10a": ((7, None, None), (6, None, None), (1, None, None), (None, None, None)),
}
UNITS = (None, "id-A", "id-B", "id-C")
SHARES = shares(("A", "T09a", *YEAR, 3.0))


def world(**changes: Any) -> Any:
    given: dict[str, Any] = {
        "premises": PREMISES,
        "status": STATUS,
        "inspections": INSPECTIONS,
        "signals": [{"kind": "feedback", **dict(zip(_SIGNAL, one, strict=True))} for one in SIGNALS],
        "hotspots": [{"id": f"h{n}", "place": place} for n, place in enumerate("ABCC", start=1)],
        "transitions": [
            {"id": f"t{n}", "hotspot_id": spot, "state": state, "on_date": day, "inherited": inherited}
            for n, (spot, state, day, inherited) in enumerate(TRANSITIONS)
        ],
        "entries": ENTRIES,
    }
    return facts(**{**given, **changes})


def rows(
    window: Window | None = None, settings: TargetSettings = SETTINGS, given: Any = SHARES, **changes: Any
) -> dict[tuple[str, str | None], Indicator]:
    window = window or Window(*YEAR, AS_OF)
    found = indicator_rows(world(**changes), settings, given, window)
    return {(one.code, one.unit_id): one for one in found}


@pytest.fixture(scope="module")
def year() -> dict[tuple[str, str | None], Indicator]:
    return rows()


@pytest.mark.parametrize("code", list(EXPECTED))
def test_every_target_is_what_a_person_counts_by_hand(
    year: dict[tuple[str, str | None], Indicator], code: str
) -> None:
    for unit, (numerator, denominator, met) in zip(UNITS, EXPECTED[code], strict=False):
        one = year[code, unit]
        assert (one.numerator, one.denominator, one.met) == (numerator, denominator, met), (unit, str(one.text))


def test_no_target_of_the_year_was_left_uncounted(year: dict[tuple[str, str | None], Indicator]) -> None:
    others = {"T02d", "T02f", "T02g", "T07b"}  # counts without a figure of their own in this district
    assert {code for code, _unit in year} == set(EXPECTED) | others


def test_values_are_numerator_over_denominator_and_the_rise_of_cases_is_a_rise(
    year: dict[tuple[str, str | None], Indicator],
) -> None:
    assert year["T09", "id-A"].value == 2 / 3
    assert year["T02a", "id-A"].value == 0.7
    assert year["T07", None].value == pytest.approx(0.4)
    assert year["T09a", "id-A"].value == 2.0


def test_what_is_missing_is_said_with_the_day(year: dict[tuple[str, str | None], Indicator]) -> None:
    assert "Kiểm tra thêm 1 cơ sở trước 2026-12-31." in str(year["T09", "id-B"].text)
    assert "Kiểm tra thêm 1 cơ sở trước 2026-12-31." in str(year["T09a", "id-A"].text)
    assert "Cần thêm 2 phường có hoạt động truyền thông trước 2026-12-31." in str(year["T01", None].text)


def test_more_cases_are_never_asked_for(year: dict[tuple[str, str | None], Indicator]) -> None:
    fewer = [{**one, "value": 1} if one["measure"] == M.CRIMINAL_CASES else one for one in ENTRIES]
    assert rows(entries=fewer)["T07", None].met is True  # 3 against 2
    drop = [one for one in ENTRIES if one["id"] not in ("criminal_cases-A-2026-05-01",)]
    fallen = rows(entries=drop)["T07", None]
    assert (fallen.numerator, fallen.denominator, fallen.met) == (3, 5, False)
    assert "Cần thêm" not in str(fallen.text) and "Còn thiếu" not in str(fallen.text)


def test_cases_are_never_told_by_ward(year: dict[tuple[str, str | None], Indicator]) -> None:
    assert {unit for code, unit in year if code.startswith("T07")} == {None}


def test_a_ward_without_premises_has_none_and_not_zero_percent(
    year: dict[tuple[str, str | None], Indicator],
) -> None:
    one = year["T09", "id-C"]
    assert one.value is None and one.met is None
    assert "Không có cơ sở" in str(one.text)


def test_a_city_figure_without_a_share_is_not_given_to_a_ward(
    year: dict[tuple[str, str | None], Indicator],
) -> None:
    one = year["T09a", "id-B"]
    assert (one.target, one.met, one.assigned) == (None, None, False)
    assert "Chưa giao" in str(one.text)
    given = year["T09a", "id-A"]
    assert (given.target, given.met, given.assigned) == (3.0, False, True)
    whole = year["T09a", None]
    assert (whole.target, whole.met) == (None, None) and "2937" in str(whole.text)


def test_shares_of_all_wards_make_the_whole_s_and_those_of_another_period_none() -> None:
    everywhere = shares(*((unit, "T09a", *YEAR, 2.0) for unit in "ABC"))
    assert rows(given=everywhere)["T09a", None].target == 6.0
    last_year = shares(("A", "T09a", date(2025, 1, 1), date(2025, 12, 31), 2.0))
    assert rows(given=last_year)["T09a", "id-A"].target is None
    # The reporting year closes on 14 December; the share of the calendar year is meant for it.
    reporting = Window(date(2025, 12, 15), date(2026, 12, 14), AS_OF)
    given = shares(("A", "T10a", *YEAR, 8.0))
    assert rows(reporting, given=given)["T10a", "id-A"].target == 8.0


def test_in_the_city_s_own_database_its_figures_are_the_targets_of_the_whole() -> None:
    city = TargetSettings(SETTINGS.rules, SETTINGS.papers, city=True)
    assert rows(settings=city)["T09a", None].target == 2937.0
    assert rows(settings=city)["T09a", "id-B"].target is None


def test_the_plan_of_2021_asks_for_more_than_60_percent_and_that_of_2026_for_60() -> None:
    five = [{"id": f"p{n}", "place": "A"} for n in range(5)]
    for year_, met in ((2025, False), (2026, True)):
        done = [
            {**INSPECTIONS[0], "id": f"i{n}", "premises_id": f"p{n}", "on_date": date(year_, 8, 1)}
            for n in range(3)
        ]
        window = Window(date(year_, 1, 1), date(year_, 12, 31), AS_OF)
        one = rows(window, premises=five, inspections=done, status=[])["T09", "id-A"]
        assert (one.numerator, one.denominator, one.met) == (3, 5, met)
    assert rows(Window(date(2025, 1, 1), date(2025, 12, 31), AS_OF))["T09", None].comparator == ">"


def test_a_period_that_no_paper_covers_has_figures_and_no_target() -> None:
    later = rows(Window(date(2027, 1, 1), date(2027, 3, 31), date(2027, 5, 1)), as_of=date(2027, 5, 1))
    one = later["T04", None]
    assert (one.value, one.target, one.met) == (1.0, None, None)
    assert "dự thảo" in str(one.text)
    assert ("T09a", None) not in later


def test_figures_that_cannot_be_right_are_flagged(year: dict[tuple[str, str | None], Indicator]) -> None:
    assert any("60 lớn hơn mẫu số 50" in str(flag) for flag in year["T02a", "id-B"].flags)
    assert year["T02a", "id-B"].met is None
    assert year["T02a", "id-A"].flags == ()


def test_missing_entries_are_named(year: dict[tuple[str, str | None], Indicator]) -> None:
    assert [str(flag) for flag in year["T01", None].flags] == ["Chưa có số liệu của: Phường C."]
    assert "Chưa có số liệu" in str(year["T01", "id-C"].text)
    assert "Chưa nhập mẫu số" in str(year["T02b", "id-A"].text)
    assert any("Thiếu mẫu số của: Phường C" in str(flag) for flag in year["T02c", None].flags)
    assert any("Mẫu số thiếu: tình nguyện viên" in str(flag) for flag in year["T10", "id-B"].flags)


def test_last_year_without_cases_cannot_be_compared() -> None:
    none = [{**one, "value": 0} if "2025" in one["id"] else one for one in ENTRIES]
    one = rows(entries=none)["T07", None]
    assert one.value is None and one.met is None and "Không so sánh được" in str(one.text)
    untold = [one for one in ENTRIES if "2025" not in one["id"]]
    assert "Chưa có số liệu cùng kỳ" in str(rows(entries=untold)["T07", None].text)


def test_the_trend_is_against_the_period_before_and_the_same_days_of_last_year(
    year: dict[tuple[str, str | None], Indicator],
) -> None:
    # 2025, whole and up to 24 November alike: a1-a4, b2 and o1 were in business, b2 was checked.
    assert year["T09", "id-B"].year_before == 1.0
    assert year["T09", None].before == pytest.approx(1 / 6)
    quarter = rows(Window(date(2026, 4, 1), date(2026, 6, 30), AS_OF))
    # T09 goes on through the year: at the end of March a1 and a3 of A's three.
    assert quarter["T09", "id-A"].before == pytest.approx(2 / 3)
    assert quarter["T06", "id-A"].before == 0.5


def test_t09_stays_on_the_calendar_year_and_says_so() -> None:
    reporting = rows(Window(date(2025, 12, 15), date(2026, 6, 14), AS_OF))["T09", None]
    # Up to 14 June: a1, a3, o1 and b1 of the 6 in business by then.
    assert (reporting.numerator, reporting.denominator) == (4, 6)
    assert "năm dương lịch 2026, đến 2026-06-14" in str(reporting.text)
    other = Window(date(2025, 12, 15), date(2026, 6, 14), AS_OF, t09_year=2025)
    assert rows(other)["T09", None].numerator == 1


def test_a_quarter_alone_is_not_held_against_what_gathers_over_the_year(
    year: dict[tuple[str, str | None], Indicator],
) -> None:
    quarter = rows(Window(date(2026, 1, 1), date(2026, 3, 31), AS_OF))
    one = quarter["T02a", "id-A"]
    # Up to 31 March the newest head count of A is that of December.
    assert (one.numerator, one.denominator, one.target, one.met) == (84, 100, 0.7, None)
    assert "tính cho cả năm" in str(one.text)
    assert quarter["T04", "id-A"].met is True


def test_premises_and_turns_are_told_apart(year: dict[tuple[str, str | None], Indicator]) -> None:
    assert "3 lượt" in str(year["T09", "id-A"].text)
    assert year["T09", "id-A"].numerator == 2


def test_silence_at_hotspots_is_shown_beside_what_was_done(
    year: dict[tuple[str, str | None], Indicator],
) -> None:
    assert "tuần tra 0 lượt, tiếp nhận 0 nguồn tin, chưa xác minh xong 0" in str(year["T08", "id-C"].text)


def test_the_rows_behind_a_figure_are_named(year: dict[tuple[str, str | None], Indicator]) -> None:
    assert set(year["T09", "id-A"].rows["premises"]) == {"a1", "a2", "a3"}
    assert set(year["T09", "id-A"].rows["inspections"]) == {"i1", "i4"}
    assert set(year["T06", None].rows["signals"]) == {"s1", "s2", "s3", "s5"}
    assert year["T01", "id-A"].rows["ward_figures"] == ("communication_activities-A-2026-01-01",)


def test_a_district_without_anything_has_no_figures_and_no_faults() -> None:
    empty = indicator_rows(facts(), SETTINGS, shares(), Window(*YEAR, AS_OF))
    values = {one.code: one.value for one in empty if one.unit_id is None}
    assert {code for code, value in values.items() if value is not None} == {"T08", "T08a", "T08b", "T09a"}


def test_a_period_that_has_not_begun_has_no_events() -> None:
    later = rows(Window(date(2026, 12, 1), date(2026, 12, 31), AS_OF))
    assert later["T06", None].value is None
    assert later["T08", None].value == 0.0
