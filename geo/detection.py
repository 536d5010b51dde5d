"""Rules that raise an alert when a quiet hotspot may be coming back, and what a new scan does to old alerts.

An alert is a sign for a person to judge: it changes no state and justifies no visit by itself. One alert a
place and episode: what several rules say of one hotspot is one alert (``one_a_place``). Only hotspots that are
eliminated (under watch) or cleared are looked at, and only evidence dated after the elimination and not after
the day of the scan.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.detection_licences import reissued_licences
from geo.detection_rules import Clue, DetectionSettings, Watch, two_signals, violations_inside
from geo.messages import Message, msg
from geo.words import AlertKind, AlertState, HotspotState

__all__ = [
    "DetectionSettings",
    "Evidence",
    "KeptAlert",
    "RaisedAlert",
    "Reconciliation",
    "StoredAlert",
    "detect",
    "one_a_place",
    "reconcile",
]

OPEN_STATES = frozenset({AlertState.RAISED, AlertState.ACKNOWLEDGED, AlertState.CONFIRMED, AlertState.UNCLEAR})
#: Rules that all ask whether a quiet hotspot is coming back; the others ask each its own question.
REACTIVATION = frozenset(
    {
        AlertKind.TWO_SIGNALS,
        AlertKind.VIOLATION_INSIDE,
        AlertKind.LICENCE_REISSUED,
        AlertKind.UNUSUAL_COUNTS,
    }
)
#: What these ask is answered once the office has done what it owed.
SELF_ENDING = frozenset(
    {AlertKind.WATCH_BROKEN, AlertKind.SIGNAL_LATE, AlertKind.HANDOVER_LATE, AlertKind.PAPERS}
)


@dataclass(frozen=True)
class Evidence:
    """One thing that an alert stands on: a ``signal``, ``patrol``, ``finding`` or ``licence`` and its date.

    ``retold``: (kind, id) of other records of the same event, say two calls to one hotline on one day.
    """

    kind: str
    id: str
    date: date
    text: Message
    retold: frozenset[tuple[str, str]] = frozenset()

    @property
    def keys(self) -> frozenset[tuple[str, str]]:
        """(kind, id) of this record and of those that tell the same."""
        return self.retold | {(self.kind, self.id)}

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready form with the date in ISO 8601."""
        return {"kind": self.kind, "id": self.id, "date": self.date.isoformat(), "text": self.text.to_json()}


@dataclass(frozen=True)
class RaisedAlert:
    """What a scan found at one place by one rule.

    ``score`` 0-100 orders the inbox: 100 (1 - exp(-sum of the weights of the evidence)), so more and better
    evidence never lowers it; the weights are in ``DetectionSettings``. ``rules``: all rules that speak, the
    strongest first. ``detail``: JSON-ready facts that the page shows beside it.
    """

    kind: AlertKind
    place_kind: str
    place_id: str
    score: float
    text: Message
    evidence: tuple[Evidence, ...]
    rules: tuple[AlertKind, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def evidence_keys(self) -> frozenset[tuple[str, str]]:
        """(kind, id) of each piece of evidence."""
        return frozenset((one.kind, one.id) for one in self.evidence)


@dataclass(frozen=True)
class StoredAlert:
    """An alert of an earlier scan, open or settled, with the (kind, id) of its evidence."""

    id: str
    kind: AlertKind
    place_id: str
    state: AlertState
    evidence_keys: frozenset[tuple[str, str]]

    @property
    def is_open(self) -> bool:
        """Whether a person still has to act on it."""
        return self.state in OPEN_STATES


@dataclass(frozen=True)
class KeptAlert:
    """An open alert that stays; ``update`` is what the scan found now, None if the rule is no longer met."""

    alert: StoredAlert
    update: RaisedAlert | None


@dataclass(frozen=True)
class Reconciliation:
    """What a scan does: alerts to raise, open alerts that stay, open alerts to close and why."""

    new: list[RaisedAlert] = field(default_factory=list)
    kept: list[KeptAlert] = field(default_factory=list)
    closed: list[tuple[StoredAlert, Message]] = field(default_factory=list)


def detect(
    *,
    hotspots: gpd.GeoDataFrame,
    signals: gpd.GeoDataFrame,
    patrols: pd.DataFrame,
    findings: pd.DataFrame,
    licences: pd.DataFrame,
    premises: gpd.GeoDataFrame,
    as_of: date,
    settings: DetectionSettings | None = None,
) -> list[RaisedAlert]:
    """Apply the three rules on ``as_of``; strongest first, then by place and kind.

    * ``two_signals``: two independent signals inside the catchment within ``signal_days``. Independent means:
      of another source kind, or of another day; several of one source on one day count once. A patrol that
      saw a sign is a signal of source ``patrol``. Unfounded signals and those handed over to the police never
      count.
    * ``violation_inside``: a prostitution-related violation at a premises inside, within ``violation_days``.
    * ``licence_reissued``: a licence issued inside, within ``licence_months``, at the address where one was
      withdrawn at most ``licence_months`` earlier; the exchange of a premises' own paper on one day is none.
    """
    settings = settings or DetectionSettings()
    watch = Watch.over(hotspots, as_of)
    if not watch.ids:
        return []
    clues = {
        AlertKind.TWO_SIGNALS: two_signals(watch, signals, patrols, premises, settings),
        AlertKind.VIOLATION_INSIDE: violations_inside(watch, findings, premises, settings),
        AlertKind.LICENCE_REISSUED: reissued_licences(watch, licences, premises, settings),
    }
    raised = [
        _alert(kind, watch.ids[spot], watch.names[spot], found, settings)
        for kind, by_spot in clues.items()
        for spot, found in by_spot.items()
    ]
    return sorted(raised, key=lambda alert: (-alert.score, alert.place_id, alert.kind))


def _alert(
    kind: AlertKind, place_id: str, name: str, clues: Sequence[Clue], settings: DetectionSettings
) -> RaisedAlert:
    ordered = sorted(clues, key=lambda clue: (clue.on_date, clue.kind, clue.id))
    evidence = tuple(Evidence(clue.kind, clue.id, clue.on_date, clue.text, clue.retold) for clue in ordered)
    score = round(100 * (1 - math.exp(-sum(clue.weight for clue in ordered))), 1)
    text = _text(kind, len(ordered), name, settings)
    return RaisedAlert(kind, "hotspot", place_id, score, text, evidence)


def _text(kind: AlertKind, count: int, name: str, settings: DetectionSettings) -> Message:
    if kind is AlertKind.TWO_SIGNALS:
        return msg(
            "{n} nguồn tin độc lập trong {days} ngày, trong vùng theo dõi của điểm {name}",
            n=count,
            days=settings.signal_days,
            name=name,
        )
    if kind is AlertKind.VIOLATION_INSIDE:
        return msg(
            "{n} vi phạm liên quan mại dâm trong {days} ngày tại cơ sở trong vùng theo dõi của điểm {name}",
            n=count,
            days=settings.violation_days,
            name=name,
        )
    return msg(
        "{n} giấy phép mới tại địa chỉ từng bị thu hồi, trong vùng theo dõi của điểm {name}", n=count, name=name
    )


def one_a_place(raised: Iterable[RaisedAlert]) -> list[RaisedAlert]:
    """What several rules say of one hotspot coming back, as one alert; the others stay as they are.

    The strongest rule gives kind and sentence. The score takes the rules as independent reasons:
    ``100 (1 - product of (1 - score / 100))``.
    """
    groups: dict[tuple[str, str, str], list[RaisedAlert]] = {}
    for alert in raised:
        groups.setdefault((alert.place_kind, alert.place_id, question(alert.kind)), []).append(alert)
    merged = [_merged(group) for group in groups.values()]
    return sorted(merged, key=lambda alert: (-alert.score, alert.place_id, alert.kind))


def question(kind: AlertKind) -> str:
    """What an alert asks: rules with the same question share one alert at a place."""
    return "reactivation" if kind in REACTIVATION else kind.value


def _merged(group: Sequence[RaisedAlert]) -> RaisedAlert:
    ordered = sorted(group, key=lambda alert: (-alert.score, alert.kind))
    first = ordered[0]
    calm = math.prod(1 - alert.score / 100 for alert in ordered)
    evidence = {(one.kind, one.id): one for alert in ordered for one in alert.evidence}
    return replace(
        first,
        score=round(100 * (1 - calm), 1),
        evidence=tuple(sorted(evidence.values(), key=lambda one: (one.date, one.kind, one.id))),
        rules=tuple(alert.kind for alert in ordered),
        detail={key: value for alert in reversed(ordered) for key, value in alert.detail.items()},
    )


def reconcile(
    raised: Sequence[RaisedAlert], alerts: Iterable[StoredAlert], states: Mapping[str, HotspotState]
) -> Reconciliation:
    """Compare a scan with the alerts on record, so that the same scan twice raises nothing the second time.

    An open alert that asks the same of the same place is kept, not repeated. After a dismissed or closed one
    the place is raised again only with at least one piece of evidence that no earlier alert with that question
    had; one more record of an event that had been judged is none. An open alert is closed only where a person
    has set the hotspot to reactivated or active again, or has done what the office owed (``SELF_ENDING``): its
    question is answered. ``states``: the state of each hotspot by id on the day of the scan.
    """
    result = Reconciliation()
    found = {(alert.place_id, question(alert.kind)): alert for alert in raised}
    seen: dict[tuple[str, str], set[tuple[str, str]]] = {}
    standing: set[tuple[str, str]] = set()
    for alert in sorted(alerts, key=lambda one: one.id):
        key = (alert.place_id, question(alert.kind))
        seen.setdefault(key, set()).update(alert.evidence_keys)
        if not alert.is_open:
            continue
        why = _answered(alert, states.get(alert.place_id), key in found)
        if why is not None:
            result.closed.append((alert, why))
        else:
            result.kept.append(KeptAlert(alert, found.get(key)))
            standing.add(key)
    for new in raised:
        key = (new.place_id, question(new.kind))
        known = seen.get(key, set())
        if key not in standing and any(known.isdisjoint(one.keys) for one in new.evidence):
            result.new.append(new)
    return result


def _answered(alert: StoredAlert, state: HotspotState | None, still: bool) -> Message | None:
    """Why an open alert has nothing more to ask, None while it has."""
    if alert.kind in SELF_ENDING:
        return None if still else msg("Việc còn thiếu đã được làm.")
    if alert.kind not in REACTIVATION:
        return None
    if state is HotspotState.REACTIVATED:
        return msg("Điểm đã được quyết định là tái hoạt động.")
    if state is HotspotState.ACTIVE:
        return msg("Điểm đã được quyết định là đang phức tạp.")
    return None
