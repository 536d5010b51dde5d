"""When a patrol was due at a watched hotspot, and when it was late."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from geo.patrol_rhythm import Late, late_spans

START = date(2026, 1, 1)


def day(after: int) -> date:
    return START + timedelta(days=after)


def test_patrols_in_rhythm_leave_no_late_day() -> None:
    assert late_spans([day(14), day(28)], START, 14, day(40)) == ()


def test_a_late_patrol_is_late_from_the_day_after_it_was_due_until_the_day_before_it_came() -> None:
    assert late_spans([day(20)], START, 14, day(25)) == (Late(day(15), day(19)),)
    assert late_spans([day(20)], START, 14, day(25))[0].days == 5


def test_a_patrol_that_never_came_is_late_until_today() -> None:
    assert late_spans([], START, 14, day(16)) == (Late(day(15), day(16)),)
    assert late_spans([], START, 14, day(14)) == ()


def test_patrols_before_the_watch_and_in_the_future_do_not_count() -> None:
    assert late_spans([day(-3), day(30)], START, 14, day(20)) == (Late(day(15), day(20)),)


@given(st.lists(st.integers(1, 200)), st.integers(1, 40), st.integers(1, 220))
def test_a_day_is_late_exactly_when_the_last_patrol_is_longer_ago_than_the_rhythm(
    done: list[int], every: int, until: int
) -> None:
    patrolled = [day(one) for one in done]
    late = {
        one.first + timedelta(days=k)
        for one in late_spans(patrolled, START, every, day(until))
        for k in range(one.days)
    }
    for k in range(1, until + 1):
        last = max([0, *(one for one in done if one <= k)])
        assert (day(k) in late) == (k - last > every)
