"""Whether planned visits met closed doors oftener than usual: told to the plan's signer, and to nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from app.access import Right, require
from app.services.plan_reading import team_names
from app.services.plan_secrecy import LOG_AGAIN, signers
from data.repositories import checks
from data.repositories import plans as repository
from data.repositories.scope import within_scope
from data.store import Actor, Store, Work
from data.tables import Plan
from geo.leak_signs import Doors, LeakSign, counted, leak_sign
from geo.words import InspectionBody, VisitOutcome

_LOOKED = "plan.leak_signs"


@dataclass(frozen=True)
class TeamSign:
    """Closed doors of a team on the days of a plan; ``team`` is empty for the plan as a whole."""

    plan_id: str
    first: date
    last: date
    team_id: str | None
    team: str
    found: LeakSign


def leak_signs(store: Store, actor: Actor, as_of: date) -> list[TeamSign]:
    """Closed doors on the planned days of the plans that the actor signed, the strongest sign first.

    By plan, and by team within it; the usual is what the other visits of the year met, of the same team where
    it is about a team. Looking is logged.
    """
    require(actor, Right.APPROVE)
    with store.read(actor) as work:
        visits = _reported(work, as_of)
        common = counted(visits["closed"])
        share = common.closed / common.visits if common.visits else 0.0
        found = [sign for plan in _signed(work) for sign in _of_plan(work, plan, visits, share)]
        last = repository.last_opening(work, _LOOKED, "")
        logged = last is not None and work.now - last[0] <= LOG_AGAIN
    if found and not logged:
        with store.write(actor) as work:
            work.note(_LOOKED, plans=sorted({one.plan_id for one in found}))
    return sorted(found, key=lambda one: (not one.found.sign, one.found.chance, one.plan_id, one.team))


def _signed(work: Work) -> list[Plan]:
    plans = (repository.plan_by_id(work, plan_id) for plan_id in repository.plans(work)["id"])
    return [plan for plan in plans if plan is not None and work.actor.name in signers(work, plan.id)]


def _reported(work: Work, as_of: date) -> pd.DataFrame:
    """Inspections by teams of the last year: visit_id, team_id, closed."""
    done = within_scope(work, checks.inspections_between(work, date(as_of.year - 1, as_of.month, 1), as_of))
    done = done[done["body"] == InspectionBody.TEAM178.value]
    return pd.DataFrame(
        {
            "visit_id": done["visit_id"],
            "team_id": done["team_id"],
            "closed": (done["outcome"] == VisitOutcome.CLOSED_AT_ARRIVAL.value).astype(bool),
        }
    )


def _of_plan(work: Work, plan: Plan, visits: pd.DataFrame, share: float) -> list[TeamSign]:
    planned = repository.visits_of(work, plan.id)
    inside = visits["visit_id"].isin(planned["id"])
    if not inside.any():
        return []
    names = team_names(work, plan)
    groups: list[tuple[str | None, pd.Series]] = [(None, pd.Series(True, index=visits.index))]
    groups += [
        (team, visits["team_id"] == team) for team in sorted(set(visits.loc[inside, "team_id"].dropna()))
    ]
    return [
        TeamSign(
            plan_id=plan.id,
            first=plan.first_day,
            last=plan.last_day,
            team_id=team,
            team=names.get(team, team) if team else "",
            found=leak_sign(_doors(visits[inside & own]), _doors(visits[~inside & own]), common_share=share),
        )
        for team, own in groups
    ]


def _doors(visits: pd.DataFrame) -> Doors:
    return counted(visits["closed"])
