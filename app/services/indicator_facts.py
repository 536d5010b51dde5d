"""What the targets are counted from, loaded as known at a time and narrowed to what the actor may see."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import select

from app.services.indicator_register import known_register
from data.repositories import places
from data.repositories.figures import assigned_shares, ward_figures
from data.repositories.frames import columns, current, frame, up_to
from data.repositories.register import under_kept
from data.repositories.scope import within_scope
from data.repositories.signals import own_units
from data.store import LOCAL_ZONE, Work
from data.tables import (
    CasePaper,
    Finding,
    Hotspot,
    HotspotTransition,
    Inspection,
    Licence,
    Patrol,
    PoliceHandover,
    PremisesStatusChange,
    Signal,
)
from geo.target_facts import TargetFacts, target_facts
from geo.target_windows import Window
from geo.units import area_crosswalk, valid_on


def wards_on(work: Work, units: gpd.GeoDataFrame, day: date) -> gpd.GeoDataFrame:
    """The wards of a day inside the actor's scope, by name."""
    wards, own = valid_on(units, day), own_units(work)
    if own is not None:
        wards = wards[wards["id"].isin(own)]
    return wards.sort_values(["name", "code"]).reset_index(drop=True)


def shares_of(
    work: Work, units: gpd.GeoDataFrame, wards: gpd.GeoDataFrame, *, known_by: datetime | None
) -> pd.DataFrame:
    """The assigned shares with ``ward``: of ``wards`` the one that each passes to."""
    shares = assigned_shares(work, known_by=known_by)
    others = units[units["id"].isin(shares["unit_id"]) & ~units["id"].isin(wards["id"])]
    most = area_crosswalk(others, wards).drop_duplicates("old_id") if len(others) and len(wards) else None
    ward_of = {unit: unit for unit in wards["id"]}
    if most is not None:
        ward_of |= dict(zip(most["old_id"], most["new_id"], strict=True))
    ward = [ward_of.get(unit) for unit in shares["unit_id"]]
    return shares.assign(ward=pd.Series(ward, index=shares.index, dtype=object))


def known_facts(
    work: Work,
    window: Window,
    units: gpd.GeoDataFrame,
    wards: gpd.GeoDataFrame,
    *,
    known_by: datetime | None,
) -> TargetFacts:
    """Places and events up to the window's ``as_of``, as on record at ``known_by``."""
    day = window.as_of

    def events(table: Any) -> gpd.GeoDataFrame:
        return frame(work, up_to(table, day, known_by=known_by))

    visits = within_scope(work, under_kept(work, events(Inspection)))
    spots = within_scope(work, frame(work, select(*columns(Hotspot)).order_by(Hotspot.id)))
    return target_facts(
        as_of=day,
        wards=wards,
        units=units,
        premises=within_scope(work, known_register(work, known_by)),
        status_changes=events(PremisesStatusChange),
        licences=frame(work, select(*columns(Licence)).order_by(Licence.id)),
        inspections=visits,
        findings=frame(work, current(Finding, known_by=known_by)),
        papers=events(CasePaper),
        signals=within_scope(work, events(Signal)),
        police=_police(work, known_by),
        hotspots=spots,
        transitions=_transitions(work, day, known_by),
        patrols=events(Patrol),
        figures=ward_figures(work, known_by=known_by),
    )


def _transitions(work: Work, day: date, known_by: datetime | None) -> pd.DataFrame:
    statement = up_to(HotspotTransition, day, known_by=known_by).add_columns(HotspotTransition.why)
    changes = frame(work, statement).rename(columns={"why": "inherited"})
    return changes.assign(inherited=changes["inherited"].eq(places.INHERITED))


def _police(work: Work, known_by: datetime | None) -> pd.DataFrame:
    """Handings over to the police; they have no place, so only who sees all is told of them."""
    handed = frame(work, current(PoliceHandover, known_by=known_by))
    if work.actor.scope is not None:
        handed = handed.iloc[:0]
    days = [pd.Timestamp(at.astimezone(LOCAL_ZONE).date()) for at in handed["handed_at"]]
    return pd.DataFrame(
        {"id": handed["id"], "on_date": pd.Series(days, index=handed.index, dtype="datetime64[ns]")}
    )
