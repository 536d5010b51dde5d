"""The inbox: alerts inside the actor's scope by urgency and owner, with the time that the answer has taken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

import geopandas as gpd
import pandas as pd

from app.access import Right, require
from app.config import ROOT
from app.services.alert_places import with_places
from data.repositories import alerts as repository
from data.store import LOCAL_ZONE, Actor, Store, Work
from geo.alert_times import AlertRules, Response, StageSummary, parse_rules, response, summary
from geo.detection import OPEN_STATES, REACTIVATION
from geo.words import AlertKind, AlertState

RULES = ROOT / "geo" / "alerts.toml"
#: Asked first: a place that comes back, and one that is new.
_FIRST = REACTIVATION | {AlertKind.NEW_CLUSTER}


@cache
def rules() -> AlertRules:
    """How fast an office answers its alerts, and when a rule is called mostly wrong."""
    return parse_rules(RULES.read_text(encoding="utf-8"))


def alerts_with_places(store: Store, actor: Actor, as_of: date) -> gpd.GeoDataFrame:
    """Alerts raised up to the day inside the actor's scope, the most urgent first.

    Besides the columns of an alert, its last step and ``assigned_to``: ``name`` (text or message) and
    ``geometry`` of its place, ``open``, ``mine``, ``response`` (``geo.alert_times.Response``) and ``late``.
    Order: open, of places coming back, mine, late, score.
    """
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        return open_and_settled(work, as_of)


def open_and_settled(work: Work, as_of: date) -> gpd.GeoDataFrame:
    """``alerts_with_places`` inside a unit of work."""
    seen = with_places(work, repository.alerts(work, until=as_of), as_of)
    seen["open"] = seen["state"].isin(OPEN_STATES)
    seen["mine"] = seen["assigned_to"].eq(work.actor.name)
    answers = _responses(work, seen, as_of)
    seen["response"] = pd.Series(answers, index=seen.index, dtype=object)
    seen["late"] = pd.Series([one.late for one in answers], index=seen.index, dtype=bool)
    seen["first"] = seen["kind"].isin(_FIRST)
    order = ["open", "first", "mine", "late", "score"]
    ordered = seen.sort_values(order, ascending=False, kind="stable")
    return ordered.drop(columns="first").reset_index(drop=True)


def _responses(work: Work, alerts: pd.DataFrame, as_of: date) -> list[Response]:
    steps: dict[str, list[tuple[AlertState, date]]] = {}
    for step in repository.alert_events(work).itertuples():
        day = step.recorded_at.astimezone(LOCAL_ZONE).date()
        steps.setdefault(step.alert_id, []).append((AlertState(step.state), day))
    return [
        response(row.raised_on.date(), steps.get(row.id, []), rules().response, as_of)
        for row in alerts.itertuples()
    ]


def response_summary(answers: Iterable[Response]) -> list[StageSummary]:
    """How many of the answers came in time, by stage."""
    return summary(answers, rules().response)


def history(store: Store, actor: Actor, alert_id: str) -> pd.DataFrame:
    """The life of an alert inside the actor's scope, oldest step first."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        seen = with_places(work, repository.alerts(work, alert_id=alert_id), work.today)
        steps = repository.alert_events(work, alert_id)
    return steps if len(seen) else steps.iloc[0:0]
