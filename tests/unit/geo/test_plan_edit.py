"""A plan is changed by hand: each change has its price first, and what a rule forbids is refused and told."""

from __future__ import annotations

import random
from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.plan_book import Paper, PlanBook, edited, open_book
from geo.plan_coverage import ward_counts
from geo.plan_edit import Change, add, cheapest_insertions, drop, lock, move, reorder, unlock
from geo.plan_types import PlanDraft, PlanningSettings
from geo.planning import prepare
from tests.plan_desk import Desk, desk, left_out, planned, small
from tests.plan_facts import Wish
from tests.plan_worlds import FIRST, LAST, District, by_chance, usual_district

PAPER = Paper("Biên bản xác minh 12", "5/QĐ-UBND")


def totals(draft: PlanDraft) -> tuple[float, float, float]:
    value = sum(visit.value for visit in draft.visits)
    return value, sum(route.minutes for route in draft.routes), sum(route.km for route in draft.routes)


def test_the_book_of_a_plan_is_that_plan() -> None:
    one = desk(usual_district(25))
    again = edited(one.draft, one.book, one.facts)
    assert again.visits == one.draft.visits
    assert again.routes == one.draft.routes
    assert (again.coverage, again.borders, again.unserved) == (
        one.draft.coverage,
        one.draft.borders,
        one.draft.unserved,
    )
    assert one.book.refusals() == ()


def test_a_move_to_another_day_says_what_it_costs_before_it_is_agreed_to() -> None:
    one = small()
    name = planned(one)[0]
    team, _ = one.book.where(name) or ("", FIRST)
    change = move(one.book, name, team, date(2026, 5, 2))
    assert change.price.legal
    assert change.book.where(name) == (team, date(2026, 5, 2))
    assert one.book.where(name) != change.book.where(name)
    assert change.price.value_delta == 0.0
    assert change.price.minutes_delta != 0.0
    assert str(change.price.text).endswith("vẫn đúng luật")
    assert one.broken(change) == []


def test_a_dropped_visit_is_left_out_by_hand_and_can_be_put_back() -> None:
    one = small()
    name = planned(one)[0]
    dropped = drop(one.book, name)
    assert dropped.price.legal
    assert dropped.price.value_delta < 0 > dropped.price.minutes_delta
    assert "−" in str(dropped.price.text)
    assert one.broken(dropped) == []
    (told,) = [left for left in one.result(dropped).unserved if left.premises_id == name]
    assert told.code == "dropped"
    key = one.book.where(name)
    assert key is not None
    back = add(dropped.book, name, *key)
    assert back.price.legal
    assert back.price.value_delta == pytest.approx(-dropped.price.value_delta)
    assert set(back.book.routes[key]) == set(one.book.routes[key])
    assert one.broken(back) == []


def test_the_best_position_is_no_worse_than_any_other() -> None:
    one = small()
    name, (key, names) = left_out(one)[0], next((k, v) for k, v in one.book.routes.items() if len(v) == 2)
    best = add(one.book, name, *key)
    each = [add(one.book, name, *key, position) for position in range(1, len(names) + 2)]
    assert best.price.legal
    assert best.price.minutes_delta == min(change.price.minutes_delta for change in each if change.price.legal)


def test_a_visit_is_put_at_the_wanted_position() -> None:
    one = small()
    key, names = next((key, names) for key, names in one.book.routes.items() if len(names) >= 2)
    change = reorder(one.book, names[0], len(names))
    assert change.price.legal
    assert change.book.routes[key] == (*names[1:], names[0])
    assert one.broken(change) == []
    assert not reorder(one.book, names[0], len(names) + 1).price.legal
    assert not reorder(one.book, names[0], 0).price.legal


def test_what_is_locked_stays_until_it_is_unlocked() -> None:
    one = small()
    name = planned(one)[0]
    team, day = one.book.where(name) or ("", FIRST)
    held = lock(one.book, name).book
    assert [(each.premises_id, each.team_id, each.date) for each in held.as_locks()] == [(name, team, day)]
    for change in (drop(held, name), move(held, name, team, date(2026, 5, 2)), reorder(held, name, 1)):
        assert not change.price.legal
        assert "khóa" in str(change.price.text)
        assert change.book is held
    assert drop(unlock(held, name).book, name).price.legal


def test_a_wish_that_the_plan_was_made_with_can_be_let_go() -> None:
    district = small().district
    district.wishes = [Wish("p003", "t0", date(2026, 4, 21), time(16))]
    one = desk(district)
    assert one.book.where("p003") == ("t0", date(2026, 4, 21))
    assert not move(one.book, "p003", "t1", date(2026, 4, 23)).price.legal
    free = unlock(one.book, "p003")
    assert free.price.legal
    district.wishes = []
    moved = move(free.book, "p003", "t1", date(2026, 4, 23))
    assert moved.price.legal, str(moved.price.text)
    assert one.broken(moved) == []


def test_planning_the_rest_anew_leaves_the_locked_ones_alone() -> None:
    one = small()
    names = planned(one)[:2]
    book = lock(lock(one.book, names[0]).book, names[1]).book
    district = one.district
    district.wishes = [Wish(each.premises_id, each.team_id, each.date) for each in book.as_locks()]
    again = desk(district)
    assert all(again.book.where(name) == book.where(name) for name in names)


def test_what_a_rule_forbids_is_refused_and_says_why() -> None:
    district = District(wards=1)
    district.add_premises(0.5)
    bar = district.add_premises(0.6, type="karaoke")
    district.add_team(0, shift_end=time(18))
    district.add_team(0)
    one = desk(district)
    by_day = move(one.book, bar, "t0", date(2026, 4, 22))
    sunday = move(one.book, bar, "t1", date(2026, 4, 26))
    holiday = move(one.book, bar, "t1", date(2026, 4, 30))
    assert "Giờ hoạt động" in str(by_day.price.text)
    assert "không làm việc" in str(sunday.price.text)
    for change in (by_day, sunday, holiday):
        assert not change.price.legal
        assert change.book is one.book
        assert (change.price.value_delta, change.price.minutes_delta, change.price.km_delta) == (0.0, 0.0, 0.0)
        assert str(change.price.text).startswith("Không được: ")


def test_nobody_is_sent_into_another_wards_area_nor_to_who_complained() -> None:
    district = usual_district(12)
    district.complaints = {("p000", "t2")}
    one = desk(district)
    west = next(name for name in planned(one) if district.premises[int(name[1:])]["ward_id"] == "w0")
    over = move(one.book, west, "t1", date(2026, 4, 22))
    assert "ngoài địa bàn" in str(over.price.text)
    change = move(one.book, "p000", "t2", date(2026, 4, 22)) if one.book.where("p000") else None
    change = change or add(one.book, "p000", "t2", date(2026, 4, 22))
    assert "khiếu nại" in str(change.price.text)


def test_the_yearly_cap_and_one_visit_a_business_hold_for_what_is_added_by_hand() -> None:
    district = small().district
    district.inspections = [("p000", date(2026, 2, 1), "checked")]
    for name in ("p001", "p002"):
        district.premises[int(name[1:])]["registration_number"] = "0101"
    one = desk(district)
    capped = add(one.book, "p000", "t0", date(2026, 4, 22))
    assert "Đã được kiểm tra ngày" in str(capped.price.text)
    inside, outside = sorted(("p001", "p002"), key=lambda name: one.book.where(name) is None)
    assert one.book.where(inside) is not None
    assert "cùng số đăng ký" in str(add(one.book, outside, "t0", date(2026, 4, 22)).price.text)
    assert "đã có trong lịch" in str(add(one.book, inside, "t0", date(2026, 4, 22)).price.text)
    assert not add(one.book, "p999", "t0", date(2026, 4, 22)).price.legal
    assert not drop(one.book, "p999").price.legal
    assert not move(one.book, "p000", "t0", date(2026, 4, 22)).price.legal


def test_the_daily_limit_holds() -> None:
    district = small().district
    for team in district.teams:
        team["max_visits"] = 1
    one = desk(district, PlanningSettings(pace=2.0))
    assert "đủ 1 lượt" in str(add(one.book, left_out(one)[0], *next(iter(one.book.routes))).price.text)


def test_what_the_lot_fell_on_is_not_dropped_but_may_be_moved() -> None:
    one = small()
    name = planned(one, drawn=True)[0]
    team, _ = one.book.where(name) or ("", FIRST)
    assert "ngẫu nhiên" in str(drop(one.book, name).price.text)
    moved = move(one.book, name, team, date(2026, 5, 2))
    assert moved.price.legal
    assert one.broken(moved) == []


def test_an_unannounced_visit_needs_its_basis_and_its_decision() -> None:
    district = small().district
    district.inspections = [("p000", date(2026, 2, 1), "checked")]
    plain = desk(district)
    district.unannounced = [("p000", PAPER.basis, PAPER.decision)]
    facts = district.facts()
    setting = PlanningSettings(pace=2.0)
    problem, _ = prepare(facts, first=FIRST, last=LAST, settings=setting)
    counts = ward_counts(facts.premises, facts.inspections, FIRST.year)
    book = open_book(problem, plain.draft.visits, first=FIRST, last=LAST, counts=counts)
    one = Desk(district, facts, plain.draft, book)
    for paper in (None, Paper("", "5/QĐ"), Paper("Biên bản", " ")):
        assert "căn cứ" in str(add(book, "p000", "t0", date(2026, 5, 2), paper=paper).price.text)
        assert not cheapest_insertions(book, "p000", paper=paper).places
    change = add(book, "p000", "t0", date(2026, 5, 2), paper=PAPER)
    assert change.price.legal, str(change.price.text)
    assert change.book.papers == {"p000": PAPER}
    assert one.broken(change) == []
    moved = move(change.book, "p000", "t1", date(2026, 5, 2))
    assert (moved.book.papers, moved.book.added) == ({"p000": PAPER}, {"p000"})
    dropped = drop(moved.book, "p000").book
    assert (dropped.papers, dropped.added) == ({}, frozenset())


def test_what_must_be_fitted_in_goes_where_it_takes_least_time() -> None:
    one = small()
    name = left_out(one)[0]
    found = cheapest_insertions(one.book, name, 3)
    minutes = [place.change.price.minutes_delta for place in found.places]
    assert 1 <= len(minutes) <= 3
    assert minutes == sorted(minutes)
    everywhere = [
        add(one.book, name, team.team_id, day) for team in one.book.problem.teams for day in team.working_days
    ]
    assert minutes[0] == min(change.price.minutes_delta for change in everywhere if change.price.legal)
    for place in found.places:
        assert place.change.book.routes[place.team_id, place.date][place.position - 1] == name
        assert one.broken(place.change) == []


def test_a_no_show_is_fitted_into_the_days_that_are_left() -> None:
    one = small()
    name = planned(one)[0]
    found = cheapest_insertions(one.book, name, first=date(2026, 4, 28))
    assert found.places
    assert all(place.date >= date(2026, 4, 28) for place in found.places)
    assert all(one.broken(place.change) == [] for place in found.places)
    none = cheapest_insertions(one.book, name, first=date(2026, 5, 3))
    assert none.places == ()


def test_what_fits_nowhere_is_told_why() -> None:
    district = District(wards=1)
    bar = district.add_premises(0.6, type="karaoke")
    district.add_team(0, shift_end=time(18))
    found = cheapest_insertions(desk(district).book, bar)
    assert found.places == ()
    assert "Giờ hoạt động" in str(found.refusals[0])


def test_going_out_more_often_than_the_office_wants_is_legal_but_said() -> None:
    one = desk(small().district, PlanningSettings(pace=2.0, outings_per_week=1))
    name, (team, day) = next((names[0], key) for key, names in one.book.routes.items() if len(names) > 1)
    working = next(each for each in one.book.problem.teams if each.team_id == team).working_days
    other = next(d for d in working if d.isocalendar()[1] == day.isocalendar()[1] and d != day)
    change = move(one.book, name, team, other)
    assert change.price.legal
    assert "2 buổi" in str(change.price.notes[0])
    assert not move(one.book, name, team, day).price.notes


def test_an_appointment_stays_whatever_is_moved_around_it() -> None:
    district = small().district
    meeting = district.add_meeting(date(2026, 4, 24), 15, "t0", "t1")
    one = desk(district)
    assert ("t0", meeting.date) in one.book.days()
    name = planned(one)[0]
    for team in ("t0", "t1"):
        change = move(one.book, name, team, meeting.date)
        if change.price.legal:
            assert one.broken(change) == []
    for name in [v.premises_id for v in one.draft.visits if v.date == meeting.date and not v.drawn_at_random]:
        change = drop(one.book, name)
        assert change.price.legal
        assert one.broken(change) == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_in_whatever_district_a_legal_change_keeps_every_rule_and_its_price_is_the_difference(
    seed: int, turns: int
) -> None:
    district = by_chance(seed, "grid")
    district.wishes = []
    one, by = desk(district, iterations=5), random.Random(turns)
    names = [candidate.premises_id for candidate in one.book.problem.candidates]
    keys = [(team.team_id, day) for team in one.book.problem.teams for day in team.working_days]
    if not names or not keys:
        return
    now = Change(one.book, lock(one.book, "").price)
    for _ in range(12):
        before = now
        now = _any_change(by, before.book, names, keys)
        if not now.price.legal:
            assert now.book is before.book
            assert str(now.price.text).startswith("Không được: ")
            continue
        assert one.broken(now) == []
        was, then = totals(one.result(before)), totals(one.result(now))
        price = now.price.value_delta, now.price.minutes_delta, now.price.km_delta
        # Each route's kilometres are rounded to ten metres.
        assert price == pytest.approx(tuple(b - a for a, b in zip(was, then, strict=True)), abs=0.06)


def _any_change(by: random.Random, book: PlanBook, names: list[str], keys: list[tuple[str, date]]) -> Change:
    name, key = by.choice(names), by.choice(keys)
    placed = [each for route in book.routes.values() for each in route] or names
    what = by.randrange(5)
    if what == 0:
        return drop(book, by.choice(placed))
    if what == 1:
        return move(book, by.choice(placed), *key)
    if what == 2:
        return reorder(book, by.choice(placed), by.randint(1, 4))
    return add(book, name, *key, paper=by.choice([None, PAPER]))
