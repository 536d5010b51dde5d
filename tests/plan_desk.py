"""A district with its plan and the book of it, to change by hand in tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from geo.plan_book import PlanBook, edited, open_book
from geo.plan_coverage import ward_counts
from geo.plan_edit import Change
from geo.plan_json import plan_document
from geo.plan_types import PlanDraft, PlanFacts, PlanningSettings
from geo.planning import make_plan, prepare
from tests.plan_checker import check_plan
from tests.plan_worlds import FIRST, LAST, District


@dataclass
class Desk:
    """A district, its plan and the book of it."""

    district: District
    facts: PlanFacts
    draft: PlanDraft
    book: PlanBook

    def result(self, change: Change) -> PlanDraft:
        return edited(self.draft, change.book, self.facts)

    def broken(self, change: Change) -> list[str]:
        """What the checker finds in the plan after a change."""
        world = self.district.world(outings_per_week=None, added=change.book.added)
        return check_plan(plan_document(self.result(change)), world)


def desk(district: District, setting: PlanningSettings | None = None, iterations: int = 30) -> Desk:
    setting = setting or PlanningSettings(pace=None)
    facts = district.facts()
    draft = make_plan(facts, first=FIRST, last=LAST, seed=1, settings=setting, iterations=iterations)
    problem, _ = prepare(facts, first=FIRST, last=LAST, settings=setting)
    counts = ward_counts(facts.premises, facts.inspections, FIRST.year)
    return Desk(district, facts, draft, open_book(problem, draft.visits, first=FIRST, last=LAST, counts=counts))


def small() -> Desk:
    """Eight hotels of one ward, a team with two outings of three visits a week."""
    district = District(wards=1)
    for k in range(14):
        district.scores[district.add_premises(0.1 + 0.055 * k, 0.3 + 0.02 * k)] = 10.0 + 5 * k
    district.add_team(0, max_visits=3)
    district.add_team(0, max_visits=3, shift_start=time(15))
    return desk(district, PlanningSettings(pace=2.0))


def planned(one: Desk, *, drawn: bool = False) -> list[str]:
    """Premises in the plan, those the lot fell on or the others."""
    return [v.premises_id for v in one.draft.visits if v.drawn_at_random == drawn]


def left_out(one: Desk) -> list[str]:
    """Premises that might be in the plan and are not."""
    here = {visit.premises_id for visit in one.draft.visits}
    return [c.premises_id for c in one.book.problem.candidates if c.premises_id not in here]
