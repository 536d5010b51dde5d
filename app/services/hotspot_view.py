"""Everything about one hotspot on a day, read in one go: what its own view shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from app.access import Right, require
from app.services.facts import Known
from app.services.hotspot_counts import HotspotChart, chart
from app.services.hotspot_timeline import premises_changes, timeline
from app.services.hotspots import inside
from data.repositories import alerts as repository
from data.store import Actor, Store
from geo.crs import LONLAT, METRIC
from geo.displacement import DisplacementSettings
from geo.errors import InputError
from geo.hotspots import QUIET_STATES, catchments, patrols_due, watch_ends_on
from geo.messages import Message
from geo.patrol_rhythm import Late, late_spans
from geo.words import AlertState, FindingKind, HotspotState, PatrolResult, SignalState

#: How long back the strip of patrols goes.
STRIP_DAYS = 364
_OPEN = (AlertState.RAISED, AlertState.ACKNOWLEDGED, AlertState.CONFIRMED, AlertState.UNCLEAR)


@dataclass(frozen=True)
class PatrolYear:
    """The patrols of a year: ``done`` (on_date, sign: whether one saw something), ``late`` spans of the rhythm,
    the day on which the next one is ``due``, the day by which one was ``ordered``; None where there is none.
    """

    first: date
    last: date
    done: tuple[tuple[date, bool], ...]
    late: tuple[Late, ...]
    due: date | None
    ordered: date | None


@dataclass(frozen=True)
class Document:
    """A paper that a hotspot rests on."""

    on_date: date
    what: HotspotState | str
    number: str
    reason: str


@dataclass(frozen=True)
class HotspotSheet:
    """``spot``: its row with state, dates and watch. ``catchment`` and ``buffer`` in EPSG:4326: the ground that
    is watched, and the ring around it in which displacement is looked for. ``quiet_days``: since the last event
    that speaks of activity; None when there never was one. ``watch_ends``: None outside the watch.

    ``timeline``: on_date, kind, word, text. ``premises``: inside the catchment. ``changes``: on_date, name,
    what, since the elimination. ``alerts``: id, kind, state, raised_on, score, text, open.
    """

    spot: Any
    catchment: shapely.Geometry
    buffer: shapely.Geometry
    transitions: pd.DataFrame
    timeline: pd.DataFrame
    chart: HotspotChart | None
    patrols: PatrolYear
    quiet_days: int | None
    watch_ends: date | None
    premises: gpd.GeoDataFrame
    changes: pd.DataFrame
    documents: tuple[Document, ...]
    alerts: pd.DataFrame

    @property
    def state(self) -> HotspotState:
        """The state of the day."""
        return HotspotState(self.spot["state"])

    @property
    def eliminated_on(self) -> date | None:
        """The last elimination."""
        day = self.spot["eliminated_on"]
        return None if pd.isna(day) else day.date()


def sheet(store: Store, actor: Actor, hotspot_id: str, as_of: date) -> HotspotSheet:
    """All that is known of a hotspot. Raises InputError ``unknown_hotspot``, outside the actor's scope too."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        known = Known(work, as_of)
        found = known.hotspots[known.hotspots["id"] == hotspot_id]
        if found.empty:
            raise InputError("unknown_hotspot", Message("Không có điểm phức tạp {id}.", {"id": hotspot_id}))
        spot, ground = found.iloc[0], catchments(found).iloc[0]
        premises = inside(known.premises, ground).reset_index(drop=True)
        changes = known.transitions[known.transitions["hotspot_id"] == hotspot_id].reset_index(drop=True)
        eliminated = None if pd.isna(spot["eliminated_on"]) else spot["eliminated_on"].date()
        rows = timeline(known, hotspot_id, ground)
        return HotspotSheet(
            spot=spot,
            catchment=ground,
            buffer=_buffer(ground),
            transitions=changes,
            timeline=rows,
            chart=chart(known, hotspot_id),
            patrols=_patrols(known, found, as_of),
            quiet_days=_quiet_days(known, spot, ground, as_of),
            watch_ends=_watch_ends(known, spot, ground),
            premises=premises,
            changes=premises_changes(known, premises, eliminated),
            documents=_documents(changes),
            alerts=_alerts(known, hotspot_id),
        )


def _buffer(ground: shapely.Geometry) -> shapely.Geometry:
    reach = DisplacementSettings().buffer_m
    ring = gpd.GeoSeries([ground], crs=LONLAT).to_crs(METRIC).buffer(reach).to_crs(LONLAT).iloc[0]
    return shapely.difference(ring, ground)


def _patrols(known: Known, spots: gpd.GeoDataFrame, as_of: date) -> PatrolYear:
    """The patrols of the one hotspot in ``spots``."""
    spot = spots.iloc[0]
    own = known.patrols[known.patrols["hotspot_id"] == spot["id"]].sort_values("on_date")
    first = as_of - pd.Timedelta(days=STRIP_DAYS).to_pytimedelta()
    days = [day.date() for day in own["on_date"]]
    done = tuple(
        (day, result == PatrolResult.SIGN)
        for day, result in zip(days, own["result"], strict=True)
        if day >= first
    )
    (due,) = patrols_due(spots, own, as_of).to_dict("records") or ({"due_on": None, "ordered_for": None},)
    late: tuple[Late, ...] = ()
    if spot["state"] == HotspotState.ELIMINATED:
        start, every = spot["eliminated_on"].date(), int(spot["patrol_every_days"])
        late = tuple(one for one in late_spans(days, start, every, as_of) if one.last >= first)
    return PatrolYear(first, as_of, done, late, due["due_on"], due["ordered_for"])


def _last_activity(known: Known, hotspot_id: str, ground: Any) -> pd.Timestamp | None:
    """The last day that speaks of activity: a signal not refuted, a sign of a patrol, a violation."""
    heard = inside(known.signals, ground)
    heard = heard[~heard["state"].isin([SignalState.UNFOUNDED, SignalState.HANDED_OVER])]
    patrols = known.patrols[
        known.patrols["hotspot_id"].eq(hotspot_id) & known.patrols["result"].eq(PatrolResult.SIGN)
    ]
    found = inside(known.findings, ground)
    found = found[found["kind"].eq(FindingKind.PROSTITUTION)]
    days = pd.concat([pd.to_datetime(some["on_date"]) for some in (heard, patrols, found)])
    return None if days.empty else days.max()


def _quiet_days(known: Known, spot: Any, ground: Any, as_of: date) -> int | None:
    if spot["state"] not in QUIET_STATES:
        return None
    last = _last_activity(known, spot["id"], ground)
    return None if last is None else (pd.Timestamp(as_of) - last).days


def _watch_ends(known: Known, spot: Any, ground: Any) -> date | None:
    """When the watch is over, as things stand: it begins anew at the latest verified signal."""
    if spot["state"] not in QUIET_STATES or spot["state"] == HotspotState.CLEARED:
        return None
    heard = inside(known.signals, ground)
    verified = heard.loc[heard["state"] == SignalState.VERIFIED, "on_date"]
    start = max([spot["eliminated_on"], *verified[verified >= spot["eliminated_on"]]])
    return watch_ends_on(start.date(), int(spot["watch_months"]))


def _documents(changes: pd.DataFrame) -> tuple[Document, ...]:
    return tuple(
        Document(one.on_date.date(), HotspotState(one.state), one.document, one.reason)
        for one in changes.iloc[::-1].itertuples()
        if isinstance(one.document, str) and one.document
    )


def _alerts(known: Known, hotspot_id: str) -> pd.DataFrame:
    alerts = repository.alerts(known.work, until=known.day)
    own = alerts[alerts["place_id"] == hotspot_id].copy()
    own["open"] = own["state"].isin([state.value for state in _OPEN])
    return own.sort_values(["open", "raised_on"], ascending=False).reset_index(drop=True)
