"""On which days teams go out: spread over the weeks, and which of the day routes goes where."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from geo.plan_types import Candidate, Shift


def outing_days(
    days: Sequence[date],
    per_week: int,
    turn: int = 0,
    fixed: Collection[date] = (),
    wished: Collection[date] = (),
) -> tuple[date, ...]:
    """At most ``per_week`` of the working days of each calendar week, evenly spread within it.

    ``turn`` shifts the pattern, so that several teams do not all go out on the same days. ``fixed``: days on
    which the team goes out in any case, working days or not, which count as well; those among ``days`` are
    always taken. ``wished``: days taken before others, within the limit.
    """
    weeks: dict[tuple[int, int], list[date]] = defaultdict(list)
    for day in sorted(days):
        weeks[day.isocalendar()[:2]].append(day)
    chosen: list[date] = []
    for name, week in weeks.items():
        kept = [day for day in week if day in fixed]
        left = per_week - sum(day.isocalendar()[:2] == name for day in set(fixed))
        kept += [day for day in week if day in wished and day not in kept][: max(left, 0)]
        rest = [day for day in week if day not in kept]
        left = min(left - sum(day not in fixed for day in kept), len(rest))
        if left > 0:
            places = {(int((k + 0.5) * len(rest) / left) + turn) % len(rest) for k in range(left)}
            kept += [rest[place] for place in places]
        chosen += sorted(kept)
    return tuple(chosen)


def outings_needed(
    candidates: Sequence[Candidate], seats: Mapping[str, tuple[int, int]], most_visits: int
) -> dict[str, int]:
    """How often each team should go out for about ``most_visits`` visits in all.

    ``seats``: by team id, how often it may go out and how many visits an outing holds. The visits that matter
    most (obliged and drawn first, then by value) are counted for the team with the fewest choices among those
    that may make them. A quarter more seats are kept free, since evenings fill up; every team goes out once.
    """
    obliged = [c.required or c.drawn_at_random for c in candidates]
    order = sorted(range(len(candidates)), key=lambda k: (not obliged[k], -candidates[k].value, k))
    choices = {name: sum(name in c.teams for c in candidates) for name in seats}
    wanted = dict.fromkeys(seats, 0)
    for number in order[: max(most_visits, sum(obliged))]:
        own = [name for name in choices if name in candidates[number].teams]
        if own:
            wanted[min(own, key=lambda name: (choices[name], name))] += 1
    return {
        name: min(times, max(math.ceil(1.25 * wanted[name] / max(most, 1)), 1))
        for name, (times, most) in seats.items()
    }


def assign_days(values: Sequence[float], slots: Sequence[date]) -> list[date]:
    """A slot for every route, spread over the period; the more a route is worth, the earlier it goes.

    ``values``: (r,) worth of the routes; ``slots``: at least r days in order.
    """
    count = len(values)
    order = sorted(range(count), key=lambda k: (-values[k], k))
    days = list(slots[:count])
    for rank, route in enumerate(order):
        days[route] = slots[int((rank + 0.5) * len(slots) / count)]
    return days


def by_week(shifts: Sequence[Shift]) -> list[list[Shift]]:
    """The shifts of each calendar week, in order."""
    weeks: dict[tuple[int, int], list[Shift]] = defaultdict(list)
    for shift in sorted(shifts, key=lambda one: (one.date, one.team)):
        weeks[shift.date.isocalendar()[:2]].append(shift)
    return list(weeks.values())
