"""Alerts: the scan that raises them, and what people decide about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from app.access import Right, require
from app.services.accounts import SYSTEM
from app.services.facts import Known
from app.services.free_text import about_places
from app.text import render
from data.repositories import work as repository
from data.repositories.scope import within_scope
from data.store import Actor, Store, Work
from data.tables import Alert, new_id
from geo.detection import RaisedAlert, StoredAlert, detect, reconcile
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.words import AlertKind, AlertState, HotspotState

#: From which state which verdict may follow.
VERDICTS: dict[AlertState, tuple[AlertState, ...]] = {
    AlertState.RAISED: (AlertState.ACKNOWLEDGED, AlertState.DISMISSED),
    AlertState.ACKNOWLEDGED: (AlertState.CONFIRMED, AlertState.DISMISSED),
    AlertState.CONFIRMED: (AlertState.CLOSED,),
    AlertState.DISMISSED: (),
    AlertState.CLOSED: (),
}


def scan(store: Store, actor: Actor, as_of: date) -> dict[str, Any]:
    """Apply the rules to what is known on the day, raise what is new, close what a person has settled."""
    require(actor, Right.JUDGE_ALERTS)
    with store.write(actor) as work:
        # A scan looks everywhere, whoever asks for it; what it tells is narrowed to what they may see.
        seen = Known(work, as_of)
        known = seen.whole
        raised = detect(
            hotspots=known.hotspots,
            signals=known.signals,
            patrols=known.patrols,
            findings=known.findings,
            licences=known.licences,
            premises=known.premises,
            as_of=as_of,
        )
        outcome = reconcile(raised, _stored(work, as_of), _states(known.hotspots))
        # What the rules do is not the deed of the person who happened to ask for the scan.
        by_rule = replace(work, actor=SYSTEM)
        new = [_raise(by_rule, alert, as_of) for alert in outcome.new]
        for kept in outcome.kept:
            if kept.update is not None:
                repository.update_alert(work, kept.alert.id, kept.update)
        for alert, why in outcome.closed:
            repository.add_alert_event(by_rule, alert.id, AlertState.CLOSED, str(why))
        names = seen.hotspots.set_index("id")["name"]
        work.note("scan", as_of=as_of.isoformat(), raised=len(new), closed=len(outcome.closed))
        return {
            "as_of": as_of.isoformat(),
            "raised": [_document(alert, names) for alert in new if alert.place_id in names.index],
            "kept": [_named(kept.alert, names) for kept in outcome.kept if kept.alert.place_id in names.index],
            "closed": [
                {**_named(alert, names), "why": render(why)}
                for alert, why in outcome.closed
                if alert.place_id in names.index
            ],
        }


def close_answered(work: Work, place_id: str, reason: str) -> None:
    """Close a place's open alerts in the name of who has just decided that the place is back, and why."""
    for alert in _stored(work, work.today):
        if alert.place_id == place_id and alert.is_open:
            repository.add_alert_event(work, alert.id, AlertState.CLOSED, reason)
            work.note("alert.judge", alert.id, verdict=AlertState.CLOSED.value)


def _stored(work: Work, as_of: date) -> list[StoredAlert]:
    return [
        StoredAlert(
            id=row.id,
            kind=AlertKind(row.kind),
            place_id=row.place_id,
            state=AlertState(row.state),
            evidence_keys=frozenset((item["kind"], item["id"]) for item in row.evidence),
        )
        for row in repository.alerts_on(work, as_of).itertuples()
    ]


def _states(hotspots: gpd.GeoDataFrame) -> dict[str, HotspotState]:
    return {row.id: HotspotState(row.state) for row in hotspots.itertuples()}


def _named(alert: StoredAlert, names: pd.Series) -> dict[str, Any]:
    return {"id": alert.id, "place": alert.place_id, "name": names.get(alert.place_id)}


def _raise(work: Work, found: RaisedAlert, as_of: date) -> Alert:
    alert = Alert(
        id=new_id(),
        kind=found.kind.value,
        place_kind=found.place_kind,
        place_id=found.place_id,
        raised_on=as_of,
        score=found.score,
        text=found.text.to_json(),
        evidence=[one.to_json() for one in found.evidence],
    )
    work.session.add(alert)
    work.session.flush()
    repository.add_alert_event(work, alert.id, AlertState.RAISED, None)
    return alert


def _document(alert: Alert, names: Any) -> dict[str, Any]:
    return {
        "id": alert.id,
        "kind": alert.kind,
        "place": alert.place_id,
        "name": names.get(alert.place_id),
        "score": alert.score,
        "evidence": [{**item, "text": render(item["text"])} for item in alert.evidence],
        "text": render(alert.text),
    }


def alerts_with_places(store: Store, actor: Actor, as_of: date) -> gpd.GeoDataFrame:
    """Alerts inside the actor's scope with name and geometry of their place, the most urgent first."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        known = Known(work, as_of)
        alerts = repository.alerts_on(work, as_of)
        spots = known.hotspots[["id", "name", "geometry"]].rename(columns={"id": "place_id"})
        joined = gpd.GeoDataFrame(alerts.merge(spots, on="place_id"), geometry="geometry", crs=spots.crs)
        seen = within_scope(work, joined)
        seen["open"] = seen["state"].isin([state.value for state in repository.OPEN_STATES])
    return seen.sort_values(["open", "score"], ascending=False).reset_index(drop=True)


def history(store: Store, actor: Actor, alert_id: str) -> pd.DataFrame:
    """The life of an alert, oldest step first."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        return repository.alert_events(work, alert_id)


def judge(
    store: Store, actor: Actor, alert_id: str, verdict: AlertState, reason: str, *, seen: AlertState
) -> None:
    """Record a person's verdict. ``seen`` is the state that the person had before their eyes.

    Raises RuleError when the verdict cannot follow, when it has no reason, or when somebody else was first.
    """
    require(actor, Right.JUDGE_ALERTS)
    with store.write(actor) as work:
        alert = repository.alert_by_id(work, alert_id)
        if alert is None:
            raise InputError("unknown_alert", msg("Không có cảnh báo {id}.", id=alert_id))
        events = repository.alert_events(work, alert_id)
        state = AlertState(events["state"].iloc[-1])
        if state is not seen:
            raise RuleError(
                "changed_meanwhile",
                msg(
                    "{who} đã chuyển cảnh báo này sang “{state}” trước bạn.",
                    who=events["recorded_by"].iloc[-1],
                    state=state,
                ),
                hint=msg("Tải lại trang để xem tình trạng mới."),
            )
        if verdict not in VERDICTS[state]:
            raise RuleError(
                "verdict_refused",
                msg("Cảnh báo đang “{state}” không thể chuyển sang “{verdict}”.", state=state, verdict=verdict),
            )
        why = about_places(reason)
        if verdict is not AlertState.ACKNOWLEDGED and not why:
            raise RuleError("reason_missing", msg("Cần ghi lý do của quyết định này."))
        repository.add_alert_event(work, alert_id, verdict, why or None)
        work.note("alert.judge", alert_id, verdict=verdict.value)
