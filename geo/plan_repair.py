"""Small changes to outings that keep every rule: leaving stops out, and putting one in that must be there."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from geo.draw import least_drawn
from geo.plan_problem import Problem, Refusal
from geo.plan_solver import feasible_part
from geo.plan_timetable import Outing, times
from geo.plan_types import Candidate, Draw, Shift


def without(problem: Problem, outings: Sequence[Outing], gone: Collection[int]) -> list[Outing]:
    """The outings without some candidates; one that has nothing left to do is not one."""
    left = []
    for outing in outings:
        stops = [candidate for candidate in outing.candidates if candidate not in gone]
        if len(stops) < len(outing.candidates):
            outing = feasible_part(problem, outing.shift, stops)
        if outing.stops:
            left.append(outing)
    return left


def within_quota(problem: Problem, outings: Sequence[Outing], most: int) -> list[Outing]:
    """Give up the least valuable visits while there are more than ``most`` that are not owed; of what the lot
    fell on nothing is given up."""
    kept = list(outings)
    while True:
        inside = visited(kept)
        free = _free(problem, inside)
        if sum(not problem.candidates[k].required for k in inside) <= most or not free:
            return kept
        kept = without(problem, kept, {_least(problem, free)})


def enough_drawn(problem: Problem, outings: Sequence[Outing], draw: Draw) -> list[Outing]:
    """Give up the least valuable visits while too few of those left were drawn."""
    kept = list(outings)
    while True:
        inside = visited(kept)
        drawn = sum(problem.candidates[k].drawn_at_random for k in inside)
        free = _free(problem, inside)
        least = min(least_drawn(len(inside), problem.settings.random_share), draw.pool)
        if drawn >= least or not free:
            return kept
        kept = without(problem, kept, {_least(problem, free)})


def put_in(
    problem: Problem, outings: Sequence[Outing], shifts: Sequence[Shift], candidate: int
) -> list[Outing] | None:
    """The outings with a visit that must be there, giving up as little value as that needs; None where no
    shift can hold it. What is owed or was drawn stays where it is."""
    by_shift = {outing.shift: outing for outing in outings}
    best: tuple[float, int, Outing] | None = None
    for number, shift in enumerate(shifts):
        if problem.barred(shift, candidate) is not None:
            continue
        stops = by_shift[shift].candidates if shift in by_shift else []
        made = _room_for(problem, shift, stops, candidate)
        if made is not None and (best is None or made[0] < best[0]):
            best = (made[0], number, made[1])
    if best is None:
        return None
    by_shift[shifts[best[1]]] = best[2]
    return [by_shift[shift] for shift in sorted(by_shift, key=lambda one: (one.date, one.team))]


def inserted(problem: Problem, shift: Shift, stops: Sequence[int], candidate: int) -> Outing | None:
    """The outing with one candidate more, where it takes the least time; None where it has no place."""
    tries = [times(problem, shift, [*stops[:k], candidate, *stops[k:]]) for k in range(len(stops) + 1)]
    legal = [outing for outing in tries if not isinstance(outing, Refusal)]
    return min(legal, key=lambda outing: outing.end_s - outing.start_s, default=None)


def visited(outings: Sequence[Outing]) -> list[int]:
    """All candidates on the outings."""
    return [candidate for outing in outings for candidate in outing.candidates]


def _room_for(
    problem: Problem, shift: Shift, stops: Sequence[int], candidate: int
) -> tuple[float, Outing] | None:
    """The outing with the candidate, and the value given up for it."""
    left, lost = list(stops), 0.0
    while True:
        made = inserted(problem, shift, left, candidate)
        if made is not None:
            return lost, made
        free = _free(problem, left)
        if not free:
            return None
        least = _least(problem, free)
        left.remove(least)
        lost += problem.candidates[least].value


def _free(problem: Problem, inside: Sequence[int]) -> list[int]:
    return [k for k in inside if not _obliged(problem.candidates[k])]


def _obliged(candidate: Candidate) -> bool:
    return candidate.required or candidate.drawn_at_random


def _least(problem: Problem, free: Sequence[int]) -> int:
    return min(free, key=lambda k: (problem.candidates[k].value, problem.candidates[k].premises_id))
