"""On which days teams go out: slots spread over the weeks, and which of the day routes goes where."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import numpy as np
from scipy.optimize import linear_sum_assignment

from geo.plan_types import Candidate, TeamDays

_FORBIDDEN = 1e6


def outing_days(days: Sequence[date], per_week: int, turn: int = 0) -> tuple[date, ...]:
    """At most ``per_week`` of the working days of each calendar week, evenly spread within it.

    ``turn`` shifts the pattern, so that several teams do not all go out on the same days.
    """
    weeks: dict[tuple[int, int], list[date]] = defaultdict(list)
    for day in sorted(days):
        weeks[day.isocalendar()[:2]].append(day)
    chosen: list[date] = []
    for week in weeks.values():
        count = min(per_week, len(week))
        places = {(int((k + 0.5) * len(week) / count) + turn) % len(week) for k in range(count)}
        chosen += [week[place] for place in sorted(places)]
    return tuple(chosen)


def outings_needed(
    candidates: Sequence[Candidate], teams: Sequence[TeamDays], most_visits: int
) -> tuple[int, ...]:
    """How often each team should go out for about ``most_visits`` visits in all, at most its days.

    The visits that matter most (obliged and drawn first, then by value) are counted for the team with the
    fewest choices among those that may make them. A quarter more seats are kept free, since evenings fill up;
    every team goes out once.
    """
    obliged = [c.required or c.drawn_at_random for c in candidates]
    order = sorted(range(len(candidates)), key=lambda k: (not obliged[k], -candidates[k].value, k))
    choices = {team.team_id: sum(team.team_id in c.teams for c in candidates) for team in teams}
    wanted = dict.fromkeys(choices, 0)
    for number in order[: max(most_visits, sum(obliged))]:
        own = [name for name in choices if name in candidates[number].teams]
        if own:
            wanted[min(own, key=lambda name: (choices[name], name))] += 1
    return tuple(
        min(len(team.days), max(math.ceil(1.25 * wanted[team.team_id] / max(team.max_visits, 1)), 1))
        for team in teams
    )


def assign_days(
    values: Sequence[float], not_before: Sequence[date | None], slots: Sequence[date]
) -> list[date]:
    """A slot for every route, spread over the period; the more a route is worth, the earlier it goes.

    ``values``: (r,) worth of the routes; ``not_before``: (r,) first day allowed; ``slots``: at least r days
    in order. Routes leave their even place only as far as a first day asks; a route is put before its first
    day only where no other way is left: the caller checks.
    """
    count = len(values)
    if not count:
        return []
    rank = np.empty(count)
    rank[np.argsort(-np.asarray(values, float), kind="stable")] = np.arange(count)
    even = np.floor((rank + 0.5) * len(slots) / count)
    cost = np.abs(np.arange(len(slots))[None, :] - even[:, None])
    for route, earliest in enumerate(not_before):
        if earliest is not None:
            cost[route, [day < earliest for day in slots]] += _FORBIDDEN
    _, places = linear_sum_assignment(cost)
    return [slots[place] for place in places.tolist()]
