"""A plan as a person changes it by hand: the day routes of the teams, what is locked, and what a day comes to.

A book never changes: every change makes a new one (``geo.plan_edit``), so that a page can keep them to undo.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from geo.messages import msg
from geo.plan_coverage import border_visits, ward_coverage, with_coverage
from geo.plan_problem import NEVER_S, Problem, Refusal
from geo.plan_results import timeline
from geo.plan_timetable import Outing, timetable
from geo.plan_types import Candidate, Lock, PlanDraft, PlanFacts, Unserved, Visit
from geo.words import VisitKind

#: A team's id and a day.
TeamDay = tuple[str, date]


@dataclass(frozen=True)
class Paper:
    """On what an unannounced check rests: the recorded sign, and number and date of the decision stating it."""

    basis: str
    decision: str


@dataclass(frozen=True)
class PlanBook:
    """The day routes of a plan.

    ``routes``: premises ids in order by team and day, without empty days; appointments are the problem's.
    ``locked``: premises that a person holds where they are. ``added``: put in by hand. ``papers``: of the
    unannounced among them.
    """

    problem: Problem
    routes: Mapping[TeamDay, tuple[str, ...]]
    locked: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    papers: Mapping[str, Paper] = field(default_factory=dict)

    def where(self, premises_id: str) -> TeamDay | None:
        """Team and day of a visit, None where it has none."""
        return next((key for key, names in self.routes.items() if premises_id in names), None)

    def candidate(self, premises_id: str) -> Candidate | None:
        """What the planner knows of a premises that may be visited, None of another one."""
        number = self.problem.number_of.get(premises_id)
        return None if number is None else self.problem.candidates[number]

    def outing(self, key: TeamDay, names: tuple[str, ...] | None = None) -> Outing | Refusal:
        """The times of a team's day through its premises, or through others in their place."""
        shift = self.problem.shift_on(*key)
        if shift is None:
            return Refusal("no_shift", msg("Đội không làm việc ngày {date}.", date=key[1]))
        return timetable(self.problem, shift, self.routes.get(key, ()) if names is None else names)

    def metres(self, outing: Outing) -> float:
        """Metres that a team drives on its day, from its base and back."""
        if not outing.stops:
            return 0.0
        places = [self.problem.start_place(outing.shift.team)]
        for stop in outing.stops:
            if stop.candidate is not None:
                places.append(self.problem.candidate_place(stop.candidate))
            elif stop.appointment is not None:
                places.append(self.problem.appointment_place(stop.appointment))
        places.append(self.problem.end_place(outing.shift.team))
        legs = [(a, b) for a, b in pairwise(places) if self.problem.travel_s[a, b] < NEVER_S]
        return sum(float(self.problem.metres[a, b]) for a, b in legs)

    def days(self) -> list[TeamDay]:
        """Every team and day that goes out, for visits or for an appointment, by day and team."""
        meetings = {(meeting.team_id, meeting.date) for meeting in self.problem.appointments}
        return sorted({*self.routes, *meetings}, key=lambda key: (key[1], key[0]))

    def outings(self) -> tuple[Outing, ...]:
        """The days that can be made, by day and team; in a book that was legal when opened, all of them."""
        found = (self.outing(key) for key in self.days())
        return tuple(outing for outing in found if not isinstance(outing, Refusal))

    def refusals(self) -> tuple[Refusal, ...]:
        """What is not legal as it stands: since the plan was made, a check or a complaint may have come."""
        found = (self.outing(key) for key in self.days())
        return tuple(outing for outing in found if isinstance(outing, Refusal))

    def as_locks(self, others: Set[str] = frozenset()) -> tuple[Lock, ...]:
        """What the planner has to leave alone when it plans the rest anew, ``others`` among it."""
        places = {name: key for key, names in self.routes.items() for name in names}
        kept = (self.locked | self.added | others) & set(places)
        return tuple(Lock(name, *places[name]) for name in sorted(kept))

    def with_route(self, key: TeamDay, names: tuple[str, ...]) -> PlanBook:
        """The book with another route on a team's day."""
        routes = {**self.routes, key: names}
        return replace(self, routes={key: routes[key] for key in sorted(routes) if routes[key]})


def open_book(
    problem: Problem,
    visits: Collection[Visit],
    *,
    first: date,
    last: date,
    counts: Mapping[str, tuple[int, int]],
    locked: Iterable[str] = (),
) -> PlanBook:
    """The book of a plan.

    Parameters
    ----------
    problem : made for the plan's period from what is known now (``geo.planning.prepare``).
    visits : of the plan; they keep the value, the reasons and the draw that they have there.
    first, last : the plan's period.
    counts : premises of each ward and those inspected before the period (``plan_coverage.ward_counts``), for
        what another visit would do for its ward's target.
    locked : premises held by hand, those apart that the planner was told to keep.
    """
    known = [visit for visit in visits if visit.premises_id in problem.number_of]
    gone = {problem.number_of[visit.premises_id] for visit in known}
    planned = Counter(str(visit.ward_id) for visit in known if visit.kind is not VisitKind.FOLLOW_UP)
    candidates = with_coverage(
        problem.candidates,
        counts,
        planned,
        first=first,
        until=last,
        settings=problem.settings,
        gone=gone,
    )
    for visit in known:
        number = problem.number_of[visit.premises_id]
        candidates[number] = replace(
            problem.candidates[number],
            value=visit.value,
            parts=visit.parts,
            drawn_at_random=visit.drawn_at_random,
            selection_probability=visit.selection_probability,
        )
    routes: dict[TeamDay, list[Visit]] = {}
    for visit in visits:
        routes.setdefault((visit.team_id, visit.date), []).append(visit)
    return PlanBook(
        problem=replace(problem, candidates=tuple(candidates)),
        routes={
            key: tuple(visit.premises_id for visit in sorted(routes[key], key=lambda visit: visit.order))
            for key in sorted(routes)
        },
        locked=frozenset({*locked, *(one.premises_id for one in candidates if one.locked)}),
    )


def edited(draft: PlanDraft, book: PlanBook, facts: PlanFacts) -> PlanDraft:
    """The plan as the book has it: visits, routes, coverage, borders, and what is left out why.

    A visit that the draft has and the book has not is left out by hand (code ``dropped``); a day that is no
    longer legal is left out with what is against it.
    """
    settings, problem = book.problem.settings, book.problem
    visits, routes = timeline(problem, book.outings())
    here = {visit.premises_id for visit in visits}
    refused = {
        name: (outing.code, outing.why)
        for key, names in book.routes.items()
        if isinstance(outing := book.outing(key), Refusal)
        for name in names
    }
    dropped = "dropped", msg("Người lập kế hoạch đã bỏ khỏi lịch.")
    gone = [
        Unserved(visit.premises_id, *refused.get(visit.premises_id, dropped), visit.kind)
        for visit in draft.visits
        if visit.premises_id not in here
    ]
    left = [one for one in draft.unserved if one.premises_id not in here]
    return replace(
        draft,
        visits=visits,
        routes=routes,
        coverage=ward_coverage(
            facts.premises,
            facts.inspections,
            visits,
            draft.first.year,
            draft.last,
            settings,
            facts.standing,
        ),
        borders=border_visits(facts.premises, facts.segments, visits, settings.strip_m, problem.appointments),
        unserved=(*left, *gone),
    )


def released(problem: Problem, premises_id: str) -> Problem:
    """The problem without a person's wish about a premises: any team of its area, any day, its own hours."""
    number = problem.number_of.get(premises_id)
    if number is None or not problem.candidates[number].locked:
        return problem
    one = problem.candidates[number]
    free = replace(
        one,
        locked=False,
        required=one.kind is VisitKind.FOLLOW_UP,
        teams=one.teams | {team for team, code in one.barred.items() if code == "lock"},
        barred={team: code for team, code in one.barred.items() if code != "lock"},
        only_on=None,
        windows=None,
    )
    candidates = (*problem.candidates[:number], free, *problem.candidates[number + 1 :])
    return replace(problem, candidates=candidates)
