"""Units, premises with licences and status, hotspots with state, streets: frames of places."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
from sqlalchemy import select

from data.repositories.frames import columns, frame, matched, up_to
from data.repositories.register import left_out
from data.repositories.scope import within_scope
from data.store import Work
from data.tables import Hotspot, HotspotTransition, Licence, Premises, PremisesStatusChange, Street, Unit
from geo.units import covering, valid_on
from geo.words import HotspotState, PremisesStatus


def all_units(work: Work) -> gpd.GeoDataFrame:
    """Every unit of every time."""
    return frame(work, select(*columns(Unit)).order_by(Unit.valid_from, Unit.code))


def units_on(work: Work, day: date) -> gpd.GeoDataFrame:
    """The units that are valid on a day."""
    return valid_on(all_units(work), day)


def premises_on(work: Work, day: date) -> gpd.GeoDataFrame:
    """The register with each premises' status and ward of the day."""
    standing = Premises.id.not_in(left_out())
    register = frame(work, select(*columns(Premises)).where(standing).order_by(Premises.id))
    changes = _last_before(frame(work, up_to(PremisesStatusChange, day)), "premises_id")
    known = matched(register["id"], changes["status"]).astype(object)
    register["status"] = known.where(known.notna(), PremisesStatus.ACTIVE.value)
    register["status_since"] = matched(register["id"], changes["on_date"])
    return _with_ward(register, units_on(work, day))


def _with_ward(register: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    named = units.set_index("id")
    register["ward_id"] = covering(register, units)
    register["ward_code"] = matched(register["ward_id"], named["code"])
    register["ward_name"] = matched(register["ward_id"], named["name"])
    return register


def _last_before(changes: pd.DataFrame, key: str) -> pd.DataFrame:
    ordered = changes.sort_values("on_date", kind="stable")
    return ordered.drop_duplicates(key, keep="last").set_index(key)


def licences_on(work: Work, day: date) -> pd.DataFrame:
    """Papers issued on or before the day; what happened to them later is not yet known."""
    papers = frame(work, select(*columns(Licence)).order_by(Licence.id))
    papers = papers[papers["issued_on"].isna() | (papers["issued_on"] <= pd.Timestamp(day))].copy()
    for column in ("suspended_on", "withdrawn_on"):
        papers[column] = papers[column].where(papers[column] <= pd.Timestamp(day))
    return papers.reset_index(drop=True)


def transitions_until(work: Work, day: date) -> pd.DataFrame:
    """State changes of hotspots up to the day, oldest first."""
    changes = frame(work, up_to(HotspotTransition, day))
    return changes.sort_values("on_date", kind="stable").reset_index(drop=True)


def hotspots_on(work: Work, day: date) -> gpd.GeoDataFrame:
    """Hotspots inside the actor's scope with their state of the day; one not yet known that day is left out."""
    spots = within_scope(work, frame(work, select(*columns(Hotspot)).order_by(Hotspot.id)))
    changes = transitions_until(work, day)
    last = _last_before(changes, "hotspot_id")
    eliminations = _last_before(changes[changes["state"] == HotspotState.ELIMINATED], "hotspot_id")
    spots["state"] = matched(spots["id"], last["state"])
    spots["state_since"] = matched(spots["id"], last["on_date"])
    spots["eliminated_on"] = matched(spots["id"], eliminations["on_date"])
    spots["document"] = matched(spots["id"], eliminations["document"])
    return spots[spots["state"].notna()].reset_index(drop=True)


def hotspot_by_id(work: Work, hotspot_id: str) -> Hotspot | None:
    """One hotspot inside the actor's scope, to be edited."""
    seen = within_scope(work, frame(work, select(*columns(Hotspot)).where(Hotspot.id == hotspot_id)))
    if seen.empty:
        return None
    return work.session.scalars(select(Hotspot).where(Hotspot.id == hotspot_id)).one()


def streets(work: Work) -> gpd.GeoDataFrame:
    """The street network."""
    return frame(work, select(*columns(Street)).order_by(Street.rid))
