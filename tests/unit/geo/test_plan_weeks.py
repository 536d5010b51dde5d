"""A month grows week by week and no year ends in a rush."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from geo.plan_json import plan_document
from geo.plan_types import PlanDraft, PlanningSettings
from geo.planning import make_plan
from tests.plan_checker import check_plan
from tests.plan_worlds import District, usual_district

FIRST, LAST = date(2026, 4, 1), date(2026, 4, 30)


def plan(district: District, setting: PlanningSettings | None = None, **more: Any) -> PlanDraft:
    asked = {"first": FIRST, "last": LAST, "seed": 1, "iterations": 100} | more
    return make_plan(district.facts(), settings=setting, **asked)


def test_a_month_is_lawful_and_nobody_is_visited_in_two_weeks_of_it() -> None:
    district = usual_district(150, wards=3)
    for row in district.premises[:20]:
        row["registration_number"] = "01A8000001"
    draft = plan(district, PlanningSettings(pace=None))
    assert check_plan(plan_document(draft), district.world()) == []
    assert max(Counter(visit.premises_id for visit in draft.visits).values()) == 1
    assert len({visit.date.isocalendar()[1] for visit in draft.visits}) == 5


def test_visits_and_the_drawn_among_them_are_spread_over_the_weeks() -> None:
    district = usual_district(200, wards=2)
    draft = plan(district, PlanningSettings(pace=3.0, random_share=0.3))
    weeks = Counter(visit.date.isocalendar()[1] for visit in draft.visits)
    assert len(weeks) == 5
    assert max(weeks.values()) <= 2.5 * (sum(weeks.values()) / 5)
    drawn = Counter(visit.date.isocalendar()[1] for visit in draft.visits if visit.drawn_at_random)
    assert len(drawn) >= 4


def test_the_first_week_takes_the_best_and_the_last_what_is_left() -> None:
    district = usual_district(120, wards=2)
    draft = plan(district, PlanningSettings(random_share=0.0))
    by_week: dict[int, list[float]] = {}
    for visit in draft.visits:
        if not visit.drawn_at_random:
            score = district.scores[visit.premises_id]
            by_week.setdefault(visit.date.isocalendar()[1], []).append(score)
    means = [sum(scores) / len(scores) for _, scores in sorted(by_week.items())]
    assert means[0] > means[-1]


def test_a_follow_up_waits_for_the_week_after_its_deadline() -> None:
    district = usual_district(40)
    district.inspections = [("p000", date(2026, 1, 5), "checked")]
    district.findings = [("p000", date(2026, 4, 21), "labour", False)]
    (visit,) = [visit for visit in plan(district).visits if visit.premises_id == "p000"]
    assert visit.kind == "follow_up"
    assert visit.date >= date(2026, 4, 22)


def test_a_ward_that_is_behind_gets_what_it_owes_although_risk_is_elsewhere() -> None:
    district = District(wards=2)
    for k in range(40):
        name = district.add_premises((k + 0.5) / 40, 0.4, type="hotel")
        district.scores[name] = 60.0
    for k in range(40):
        name = district.add_premises(1 + (k + 0.5) / 40, 0.6, type="hotel")
        district.scores[name] = 20.0
    district.add_team()
    setting = PlanningSettings(random_share=0.0, pace=1.0)
    draft = plan(district, setting, first=date(2026, 9, 1), last=date(2026, 9, 30))
    west, east = draft.coverage
    # 24 of 40 by December, from the first of September: six in September in each ward.
    assert west.planned >= 6
    assert east.planned >= 6


def test_what_is_missing_at_the_end_of_the_year_and_the_pace_to_get_there_are_told() -> None:
    district = usual_district(100, wards=1)
    draft = plan(district)
    (ward,) = draft.coverage
    assert ward.missing == 60 - ward.planned
    weeks_left = (date(2026, 12, 31) - LAST).days / 7
    assert ward.pace == pytest.approx(ward.missing / weeks_left, abs=0.01)


def test_month_after_month_at_the_plans_own_pace_reaches_the_target_without_a_rush_in_december() -> None:
    district = usual_district(60, wards=2, seed=3)
    setting = PlanningSettings(pace=1.0, random_share=0.15)
    per_month = []
    for month in range(1, 13):
        first = date(2026, month, 1)
        last = date(2026, month, 28)
        draft = plan(district, setting, first=first, last=last, iterations=25)
        done = [visit for visit in draft.visits if visit.date.month == month]
        per_month.append(len(done))
        district.inspections += [(visit.premises_id, visit.date, "checked") for visit in done]
    assert all(ward.after >= 0.6 for ward in draft.coverage)
    assert per_month[-1] <= 1.5 * max(per_month[:-1])
