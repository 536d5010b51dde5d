"""What the verdicts say of the rules: which are mostly right, which are mostly wrong."""

from __future__ import annotations

from datetime import date

import pandas as pd

from app.access import Right, require
from app.services.alert_inbox import rules
from data.repositories import alerts as repository
from data.store import LOCAL_ZONE, Actor, Store
from geo.alert_precision import Precision, precision_of_rules
from geo.words import AlertState

_VERDICTS = frozenset({AlertState.CONFIRMED, AlertState.DISMISSED, AlertState.UNCLEAR})


def rule_precision(store: Store, actor: Actor, as_of: date) -> list[Precision]:
    """The precision of each rule that was judged, over the whole database: a rule is the same everywhere.

    Only people's verdicts count; of an alert that was judged again the last one.
    """
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        alerts, events = repository.alerts(work, until=as_of), repository.alert_events(work)
    given = events[events["state"].isin(_VERDICTS)].drop_duplicates("alert_id", keep="last")
    rules_of = {row.id: (row.detail or {}).get("rules") or [row.kind] for row in alerts.itertuples()}
    told = [
        (rule, step.state, step.recorded_at.astimezone(LOCAL_ZONE).date())
        for step in given.itertuples()
        for rule in rules_of.get(step.alert_id, [])
    ]
    return precision_of_rules(pd.DataFrame(told, columns=["rule", "state", "on_date"]), rules().precision)
