"""Setting a database up: one's own, or the demonstration with a plan that is being carried out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.config import Settings
from app.services import accounts, database, decisions, plan_life
from app.services.plans import PlanRequest, draft_plan
from data.repositories import plans as repository
from data.store import Store

#: The demonstration's plan: so many days from its date on, and so long a search on any machine.
_PLAN_DAYS = 14
_ITERATIONS = 150
_WARD_SIGNER, _CITY_SIGNER = "Chủ tịch UBND phường", "Giám đốc Sở Y tế"


def install(settings: Settings, *, demo: bool, as_of: date) -> dict[str, Any]:
    """Create the database, empty or as the demonstration; see ``database.initialise``."""
    done = database.initialise(settings, demo=demo, as_of=as_of)
    if demo:
        store = database.open_store(settings)
        add_plan(store, as_of)
        store.engine.dispose()
    return done


def add_plan(store: Store, as_of: date) -> None:
    """An approved plan of the coming two weeks with its decisions, issued but for the one with fewest visits.

    The same date gives the same stops, so that what the demonstration shows can be told.
    """
    planner = accounts.named_actor(store, "lichkiemtra")
    leader = accounts.named_actor(store, "lanhdao")
    last = as_of + timedelta(days=_PLAN_DAYS - 1)
    request = PlanRequest(first=as_of, last=last, iterations=_ITERATIONS, seed=database.DEMO_SEED)
    plan_id = draft_plan(store, planner, request, as_of)["plan"]
    _forget_seed(store, plan_id)
    plan_life.approve(store, leader, plan_id, "12/KH-MH (số giả định)", as_of)
    kept = sorted(decisions.kept_decisions(store, leader, plan_id), key=lambda one: (-one.visits, one.team))
    for number, decision in enumerate(kept[:-1], start=31):
        decisions.issue(
            store,
            leader,
            decision.id,
            number=f"{number}/QĐ-MH (số giả định)",
            on_date=as_of,
            signer=_CITY_SIGNER if decision.team.endswith("thành phố") else _WARD_SIGNER,
            as_of=as_of,
            seen_version=decision.seen_version,
        )


def _forget_seed(store: Store, plan_id: str) -> None:
    """A plan with a seed of somebody's choice cannot be approved; the demonstration's chose nothing."""
    with store.write(accounts.SYSTEM) as work:
        plan = repository.plan_by_id(work, plan_id)
        assert plan is not None
        plan.seed_given = False
