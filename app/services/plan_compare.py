"""Two plans side by side, as far as the actor may see both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd

from app.access import Right, require
from app.services.plan_reading import KeptPlan, read_plan, seen_plan
from app.services.plan_secrecy import announced, visible_visits
from data.repositories import events, places
from data.repositories import plans as repository
from data.store import Actor, Store
from geo.no_shows import NoShow, no_shows
from geo.plan_compare import Comparison, PlanFigures, compare, plan_figures


@dataclass(frozen=True)
class SideBySide:
    """Figures of both plans and the second against the first; ``fairness`` of both is for the fairness sheet
    (``fairness.plan_sheet``)."""

    first: PlanFigures
    second: PlanFigures
    change: Comparison


def side_by_side(store: Store, actor: Actor, first_id: str, second_id: str) -> SideBySide:
    """Compare two plans: value, minutes, km, coverage, border stretches, whom they visit."""
    require(actor, Right.SEE_PLANS)
    first, second = (figures(store, actor, read_plan(store, actor, one)) for one in (first_id, second_id))
    return SideBySide(first, second, compare(first, second))


def figures(store: Store, actor: Actor, plan: KeptPlan) -> PlanFigures:
    """The figures of a plan as it was read back for the actor."""
    require(actor, Right.SEE_PLANS)
    with store.read(actor) as work:
        register = places.premises_on(work, plan.first).set_index("id")
    wards = register["ward_id"].dropna().to_dict()
    stops: list[Any] = [
        SimpleNamespace(
            premises_id=row.premises_id,
            value=0.0 if pd.isna(row.value) else float(row.value),
            drawn_at_random=bool(row.drawn_at_random),
            ward_id=wards.get(row.premises_id),
        )
        for row in plan.visits.itertuples(index=False)
    ]
    routes: list[Any] = [
        SimpleNamespace(minutes=row.minutes, km=row.km) for row in plan.routes.itertuples(index=False)
    ]
    coverage: list[Any] = [
        SimpleNamespace(ward_id=row["ward"], after=row["after"]) for row in plan.summary["coverage"]
    ]
    borders: list[Any] = [
        SimpleNamespace(segment_id=row["segment"], visited=row["visited"], start=row.get("start"))
        for row in plan.summary["borders"]
    ]
    return plan_figures(
        stops, routes, coverage=coverage, borders=borders, types=register["type"].astype(str).to_dict()
    )


def not_kept(store: Store, actor: Actor, plan_id: str, as_of: date) -> tuple[NoShow, ...]:
    """Announced visits of a decided plan that did not become checks, to be fitted in again."""
    require(actor, Right.PLAN)
    with store.read(actor) as work:
        plan = seen_plan(work, plan_id)
        visits = announced(visible_visits(work, plan, repository.visits_of(work, plan_id)))
        inspections = events.inspections_until(work, as_of)
    stops: list[Any] = [
        SimpleNamespace(premises_id=row.premises_id, team_id=row.team_id, date=row.on_date.date())
        for row in visits.itertuples(index=False)
    ]
    return no_shows(stops, inspections, as_of)
