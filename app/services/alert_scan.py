"""The nightly scan: what the rules say of what is known on a day, compared with the alerts on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd

from app.access import Right, require
from app.services import notices
from app.services.accounts import SYSTEM
from app.services.alert_places import with_places
from app.services.facts import Known
from app.services.hotspot_counts import counts_of
from app.services.premises import rules as paper_rules
from app.services.risk_model import ChosenModel
from app.services.signal_growth import grow_signals
from app.services.underway import marked
from app.text import render
from data.repositories import alerts as repository
from data.repositories import signals as signal_repository
from data.store import Actor, Store, Work
from geo.detection import (
    OPEN_STATES,
    KeptAlert,
    RaisedAlert,
    Reconciliation,
    StoredAlert,
    one_a_place,
    reconcile,
)
from geo.detection_advice import would_confirm, would_refute
from geo.detection_clusters import PLACE_KIND, KnownCluster, cluster_alerts
from geo.detection_counts import unusual_counts
from geo.detection_duties import (
    DutySettings,
    broken_watch,
    late_handovers,
    late_signals,
    paper_troubles,
    rising_borders,
)
from geo.detection_gap import LONGEST_GAP, detect_since
from geo.detection_rates import false_alarms_by_rule
from geo.licences import paper_problems
from geo.words import AlertKind, AlertState, HotspotState

#: A border's risk is compared with that of so long ago.
_COMPARED = timedelta(days=90)


@marked("scan", Right.JUDGE_ALERTS)
def scan(store: Store, actor: Actor, as_of: date) -> dict[str, Any]:
    """Apply the rules to what is known on the day, raise what is new, close what a person has settled.

    One scan works at a time, and it is stored whole or not at all. For a day before the last scan's (a clock
    that was set back) it only tells what is open: it neither raises nor closes.
    """
    require(actor, Right.JUDGE_ALERTS)
    with store.write(actor) as work:
        repository.wait_for_turn(work)
        # What the rules do is not the deed of the person who happened to ask for the scan; and a scan looks
        # everywhere, whoever asks: what it tells is narrowed to what they may see.
        by_rule, last = replace(work, actor=SYSTEM), repository.last_scan(work)
        before = repository.alerts(work)
        if last is not None and as_of < last:
            outcome, grown = _only_told(before), 0
        else:
            known = Known(by_rule, as_of)
            grown = grow_signals(by_rule, known)
            known = Known(by_rule, as_of) if grown else known
            raised = one_a_place(found_on(known, since=last, before=before))
            rates = false_alarms_by_rule(**_records(known), as_of=as_of)
            outcome = reconcile(
                [_explained(one, rates) for one in raised], _stored(before), _states(known.hotspots)
            )
        new = _write(by_rule, outcome, as_of)
        counts = {
            "raised": len(new),
            "kept": len(outcome.kept),
            "closed": len(outcome.closed),
            "grown": grown,
        }
        repository.add_scan(work, as_of, counts)
        work.note("scan", as_of=as_of.isoformat(), raised=len(new), closed=len(outcome.closed))
        notices.enqueue(by_rule, new, as_of)
        return _told(work, outcome, new, as_of)


def found_on(known: Known, *, since: date | None, before: pd.DataFrame) -> list[RaisedAlert]:
    """What every rule says on the day. ``since``: the last scan, None before the first; ``before``: the alerts
    on record."""
    records = _records(known)
    since = None if since is None else max(since, known.day - LONGEST_GAP)
    return [
        *detect_since(**records, since=since, as_of=known.day),
        *unusual_counts(counts_of(known), **records, since=since),
        *cluster_alerts(
            known.signals,
            premises=known.premises,
            hotspots=known.hotspots,
            earlier=_clusters(before),
            as_of=known.day,
        ),
        *_owed(known, before),
    ]


def _records(known: Known) -> dict[str, Any]:
    return {
        "hotspots": known.hotspots,
        "signals": known.signals,
        "patrols": known.patrols,
        "findings": known.findings,
        "licences": known.licences,
        "premises": known.premises,
    }


@dataclass(frozen=True)
class _Earlier(Known):
    """An earlier day weighed with the model of today: what has risen is the risk and not the model."""

    model: ChosenModel | None = None

    @property
    def risk_model(self) -> ChosenModel:
        assert self.model is not None
        return self.model


def _owed(known: Known, before: pd.DataFrame) -> list[RaisedAlert]:
    """What the office has not done, and what got worse at places that are no hotspots."""
    work, day, settings = known.work, known.day, DutySettings()
    problems = paper_problems(known.premises, known.licences, known.inspections, paper_rules(known), day)
    open_ones = before[before["state"].isin(OPEN_STATES) & before["kind"].eq(AlertKind.PAPERS)]
    asked = frozenset(open_ones["place_id"])
    names = dict(zip(known.premises["id"], known.premises["name"], strict=True))
    scores = dict(zip(known.scores["id"], known.scores["score"].astype(float), strict=True))
    found = [
        *broken_watch(known.hotspots, known.patrols, day, settings),
        *late_signals(signal_repository.open_signals(work, day), day, settings),
        *late_handovers(signal_repository.handovers(work), day, settings),
        *paper_troubles(problems, scores, names, day, settings, asked=asked),
    ]
    if len(known.units):
        earlier = _Earlier(work, day - _COMPARED, known.risk_model)
        if len(earlier.units):
            found += rising_borders(known.segments(), earlier.segments(), day, earlier.day, settings)
    return found


def _clusters(before: pd.DataFrame) -> list[KnownCluster]:
    own = before[before["place_kind"] == PLACE_KIND]
    members: dict[str, frozenset[str]] = {}
    for row in own.itertuples():
        signals = frozenset(item["id"] for item in row.evidence)
        members[row.place_id] = members.get(row.place_id, frozenset()) | signals
    return [KnownCluster(place_id, signals) for place_id, signals in members.items()]


def _explained(alert: RaisedAlert, rates: Mapping[AlertKind, float]) -> RaisedAlert:
    """With what would confirm or refute it, the rules that spoke, and how often they do so for nothing."""
    advice = {
        "confirm": would_confirm(alert.kind).to_json(),
        "refute": would_refute(alert.kind).to_json(),
        "rules": [rule.value for rule in alert.rules],
        "false_alarms_per_year": rates.get(alert.kind, alert.detail.get("false_alarms_per_year")),
    }
    return replace(alert, detail={**alert.detail, **advice})


def _only_told(before: pd.DataFrame) -> Reconciliation:
    return Reconciliation(kept=[KeptAlert(alert, None) for alert in _stored(before) if alert.is_open])


def _stored(before: pd.DataFrame) -> list[StoredAlert]:
    return [
        StoredAlert(
            id=row.id,
            kind=AlertKind(row.kind),
            place_id=row.place_id,
            state=AlertState(row.state),
            evidence_keys=frozenset((item["kind"], item["id"]) for item in row.evidence),
        )
        for row in before.itertuples()
    ]


def _states(hotspots: gpd.GeoDataFrame) -> dict[str, HotspotState]:
    return {row.id: HotspotState(row.state) for row in hotspots.itertuples()}


def _write(work: Work, outcome: Reconciliation, as_of: date) -> list[str]:
    """Store what came of the scan; the ids of the new alerts."""
    new = [repository.add_alert(work, alert, as_of) for alert in outcome.new]
    for kept in outcome.kept:
        if kept.update is not None:
            repository.update_alert(work, kept.alert.id, kept.update, as_of)
    for alert, why in outcome.closed:
        repository.add_alert_event(work, alert.id, AlertState.CLOSED, str(why))
    return new


def _told(work: Work, outcome: Reconciliation, new: list[str], as_of: date) -> dict[str, Any]:
    """What the actor may see of it."""
    seen = with_places(work, repository.alerts(work), as_of).set_index("id", drop=False)
    kept = [kept.alert.id for kept in outcome.kept]
    return {
        "as_of": as_of.isoformat(),
        "raised": [_document(seen.loc[alert_id]) for alert_id in new if alert_id in seen.index],
        "kept": [_named(seen.loc[alert_id]) for alert_id in kept if alert_id in seen.index],
        "closed": [
            {**_named(seen.loc[alert.id]), "why": render(why)}
            for alert, why in outcome.closed
            if alert.id in seen.index
        ],
    }


def _named(alert: pd.Series) -> dict[str, Any]:
    return {
        "id": alert["id"],
        "place": alert["place_id"],
        "name": render(alert["name"]),
        "place_kind": alert["place_kind"],
    }


def _document(alert: pd.Series) -> dict[str, Any]:
    return {
        **_named(alert),
        "kind": alert["kind"],
        "rules": alert["detail"]["rules"],
        "score": float(alert["score"]),
        "evidence": [{**item, "text": render(item["text"])} for item in alert["evidence"]],
        "text": render(alert["text"]),
    }
