"""Hotspots: their states, what happens in their catchment, and the transitions that people decide."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from app.access import Right, require
from app.services.facts import Known
from data.repositories import places
from data.store import Actor, Store
from data.tables import HotspotTransition
from geo.hotspots import catchments, check_transition, patrols_due
from geo.words import HotspotState


def overview(store: Store, actor: Actor, as_of: date) -> gpd.GeoDataFrame:
    """Hotspots of the day with days since elimination and the signals of a year inside the catchment."""
    require(actor, Right.SEE)
    with store.read(actor) as work:
        known = Known(work, as_of)
        spots = known.hotspots
        ground = catchments(spots)
        year_ago = pd.Timestamp(as_of) - pd.Timedelta(days=365)
        recent = known.signals[(known.signals["on_date"] > year_ago) & known.signals.geometry.notna()]
        spots["signals_year"] = [int(recent.geometry.intersects(shape).sum()) for shape in ground]
        spots["days_since"] = (pd.Timestamp(as_of) - spots["eliminated_on"]).dt.days
        due = [patrols_due(spot, known.patrols, as_of) for _, spot in spots.iterrows()]
        spots["last_patrol"] = pd.to_datetime(pd.Series([d.last for d in due], dtype=object))
        spots["patrol_overdue_days"] = [d.overdue_days for d in due]
        spots["catchment"] = list(ground)
    return spots


def timeline(store: Store, actor: Actor, hotspot_id: str, as_of: date) -> pd.DataFrame:
    """Everything that happened inside a hotspot's catchment, newest first: date, kind, what."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        known = Known(work, as_of)
        spot = known.hotspots[known.hotspots["id"] == hotspot_id]
        ground = catchments(spot).iloc[0]
        rows: list[dict[str, Any]] = [
            {"on_date": row.on_date, "kind": "transition", "word": row.state, "text": row.reason}
            for row in known.transitions[known.transitions["hotspot_id"] == hotspot_id].itertuples()
        ]
        for row in _inside(known.signals, ground).itertuples():
            rows.append({"on_date": row.on_date, "kind": "signal", "word": row.state, "text": row.text})
        for row in _inside(known.findings, ground).itertuples():
            rows.append({"on_date": row.on_date, "kind": "finding", "word": row.kind, "text": row.text})
        for row in known.patrols[known.patrols["hotspot_id"] == hotspot_id].itertuples():
            rows.append({"on_date": row.on_date, "kind": "patrol", "word": row.result, "text": row.sign})
    table = pd.DataFrame(rows, columns=["on_date", "kind", "word", "text"])
    return table.sort_values("on_date", ascending=False, kind="stable").reset_index(drop=True)


def _inside(frame: gpd.GeoDataFrame, ground: Any) -> gpd.GeoDataFrame:
    return frame[frame.geometry.notna() & frame.geometry.intersects(ground)]


def change_state(
    store: Store,
    actor: Actor,
    hotspot_id: str,
    new: HotspotState,
    *,
    on_date: date,
    reason: str,
    document: str | None,
) -> None:
    """Record a transition that a person decided. Raises RuleError when the rules forbid it."""
    require(actor, Right.EDIT_PLACES)
    with store.write(actor) as work:
        known = Known(work, work.today)
        spot = known.hotspots[known.hotspots["id"] == hotspot_id].iloc[0]
        ground = catchments(known.hotspots[known.hotspots["id"] == hotspot_id]).iloc[0]
        check_transition(
            spot,
            new,
            on_date=on_date,
            today=work.today,
            reason=reason,
            document=document,
            signals=_inside(known.signals, ground),
        )
        work.session.add(
            HotspotTransition(
                **work.event(),
                hotspot_id=hotspot_id,
                state=new.value,
                on_date=on_date,
                reason=reason.strip(),
                document=document,
            )
        )
        work.note("hotspot.state", hotspot_id, state=new.value, on=on_date.isoformat())


def transitions_of(store: Store, actor: Actor, hotspot_id: str, as_of: date) -> pd.DataFrame:
    """The states a hotspot went through, oldest first."""
    require(actor, Right.SEE)
    with store.read(actor) as work:
        changes = places.transitions_until(work, as_of)
    return changes[changes["hotspot_id"] == hotspot_id].reset_index(drop=True)
