"""The fairness sheet of a year and of a plan: who is inspected more than risk explains, and what was found."""

from __future__ import annotations

from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from app.access import Right, require
from app.services.facts import Known
from app.services.plan_reading import seen_plan
from app.services.plan_secrecy import announced, visible_visits
from data.repositories import plans as repository
from data.repositories.scope import within_scope
from data.repositories.teams import teams_between
from data.store import Actor, Store, Work
from geo.errors import InputError
from geo.fairness import FairnessRow, fairness
from geo.messages import msg
from geo.risk_past import in_business
from geo.words import LicenceKind, TeamKind, VisitOutcome

#: From this day the wards of Hà Nội grant karaoke licences themselves: the office that licenses also inspects.
WARDS_LICENSE_FROM = date(2025, 11, 1)


def year_sheet(store: Store, actor: Actor, year: int, as_of: date) -> list[FairnessRow]:
    """The checks of a year up to ``as_of`` beside the risk at its start, of the premises in the actor's scope.

    Premises that did business during the year; checks by any body. Empty where nothing was checked yet.
    """
    require(actor, Right.SEE_TIPS)
    first = date(year, 1, 1)
    last = min(date(year, 12, 31), as_of)
    if last < first:
        raise InputError("future_year", msg("Năm {year} chưa bắt đầu.", year=str(year)))
    with store.read(actor) as work:
        known = Known(work, last)
        visits = known.inspections
        checked = (visits["outcome"] == VisitOutcome.CHECKED) & (visits["on_date"] >= pd.Timestamp(first))
        checks = visits[checked]
        serious = known.findings.loc[known.findings["serious"].eq(True), "inspection_id"]
        premises = _in_business(work, known, first, set(checks["premises_id"]))
        return fairness(
            _with_same_office(work, known, premises, checks, first, last),
            pd.DataFrame({"premises_id": checks["premises_id"], "serious": checks["id"].isin(serious)}),
            _probability(work, first),
        )


def plan_sheet(store: Store, actor: Actor, plan_id: str) -> list[FairnessRow]:
    """The announced visits of a plan beside the risk at its start, of the premises in the actor's scope.

    Raises InputError ``unknown_plan``.
    """
    require(actor, Right.SEE_TIPS)
    require(actor, Right.SEE_PLANS)
    with store.read(actor) as work:
        plan = seen_plan(work, plan_id)
        first, last = plan.first_day, plan.last_day
        known = Known(work, first)
        # Whose premises is visited unannounced would show in the counts of a small group.
        visits = announced(visible_visits(work, plan, repository.visits_of(work, plan_id)))
        premises = _in_business(work, known, first, set(visits["premises_id"]))
        return fairness(
            _with_same_office(work, known, premises, visits, first, last),
            pd.DataFrame(visits[["premises_id"]]),
            _probability(work, first),
        )


def _probability(work: Work, first: date) -> pd.Series:
    """Probabilities by premises id, with what was known on the day before the period."""
    scores = Known(work, first - timedelta(days=1)).scores
    return pd.Series(scores["probability"].to_numpy(dtype=float), index=scores["id"].to_numpy())


def _in_business(work: Work, known: Known, first: date, checked: set[str]) -> gpd.GeoDataFrame:
    """Premises in the actor's scope that did business at the start or at the end, or were visited between."""
    register = within_scope(work, known.premises)
    start = first - timedelta(days=1)
    before = Known(work, start).premises
    at_start = before.loc[in_business(before, start), "id"]
    counted = in_business(register, known.day) | register["id"].isin({*at_start, *checked})
    return register[counted].reset_index(drop=True)


def _with_same_office(
    work: Work, known: Known, premises: gpd.GeoDataFrame, checks: pd.DataFrame, first: date, last: date
) -> gpd.GeoDataFrame:
    """With ``same_office``: the ward granted its karaoke licence, and the ward's own team inspects it.

    The team is the one that came or, where nobody came, the one in whose area the premises lies: a premises
    need not be inspected first to count.
    """
    papers = known.licences
    granted = papers[
        (papers["kind"] == LicenceKind.KARAOKE) & (papers["issued_on"] >= pd.Timestamp(WARDS_LICENSE_FROM))
    ]
    teams = teams_between(work, max(first, WARDS_LICENSE_FROM), max(last, WARDS_LICENSE_FROM))
    ward_teams = teams[teams["kind"] == TeamKind.WARD]
    by_ward = checks.loc[checks["team_id"].isin(ward_teams["id"]), "premises_id"]
    covered = np.zeros(len(premises), dtype=bool)
    if len(ward_teams):
        covered = premises.geometry.intersects(shapely.union_all(list(ward_teams["area"]))).to_numpy()
    inspects = np.where(
        premises["id"].isin(checks["premises_id"]), premises["id"].isin(by_ward), covered
    ).astype(bool)
    return premises.assign(same_office=premises["id"].isin(granted["premises_id"]).to_numpy() & inspects)
