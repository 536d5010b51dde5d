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


#: Why a part has a change of state that the hotspot it was split from went through.
INHERITED = "split"


def transitions_until(work: Work, day: date) -> pd.DataFrame:
    """State changes of hotspots up to the day, oldest first.

    ``inherited``: the change was one of the hotspot that a part was split from; whoever counts changes leaves
    it out.
    """
    statement = up_to(HotspotTransition, day).add_columns(HotspotTransition.why)
    changes = frame(work, statement).rename(columns={"why": "inherited"})
    changes["inherited"] = changes["inherited"].eq(INHERITED)
    return changes.sort_values("on_date", kind="stable").reset_index(drop=True)


def hotspots_on(work: Work, day: date) -> gpd.GeoDataFrame:
    """Hotspots inside the actor's scope with their state of the day; one not yet known that day is left out.

    A hotspot that was split holds until the day before; from ``ended_on`` on its parts hold.
    """
    spots = frame(work, select(*columns(Hotspot)).order_by(Hotspot.id))
    spots = within_scope(work, spots[_holding(spots, day)].reset_index(drop=True))
    changes = transitions_until(work, day)
    last = _last_before(changes, "hotspot_id")
    eliminations = _last_before(changes[changes["state"] == HotspotState.ELIMINATED], "hotspot_id")
    spots["state"] = matched(spots["id"], last["state"])
    spots["state_since"] = matched(spots["id"], last["on_date"])
    spots["eliminated_on"] = matched(spots["id"], eliminations["on_date"])
    spots["document"] = matched(spots["id"], eliminations["document"])
    return spots[spots["state"].notna()].reset_index(drop=True)


def _holding(spots: gpd.GeoDataFrame, day: date) -> pd.Series:
    """Which hotspots stand for their ground on the day."""
    now = pd.Timestamp(day)
    begun = matched(spots["split_from"], spots.set_index("id")["ended_on"])
    return (spots["ended_on"].isna() | (spots["ended_on"] > now)) & (begun.isna() | (begun <= now))


def with_parts(work: Work, patrols: gpd.GeoDataFrame, day: date) -> gpd.GeoDataFrame:
    """Patrols under the hotspots that hold on ``day``: those of a hotspot that was split before count for each
    of its parts."""
    rows = select(Hotspot.id, Hotspot.split_from, Hotspot.ended_on).order_by(Hotspot.id)
    spots = pd.DataFrame(work.session.execute(rows).all(), columns=["id", "split_from", "ended_on"])
    ended = set(spots.loc[pd.to_datetime(spots["ended_on"]) <= pd.Timestamp(day), "id"])
    if not ended:
        return patrols
    parts = spots[spots["split_from"].isin(ended)].groupby("split_from")["id"].agg(list)

    def holding(hotspot_id: str) -> list[str]:
        if hotspot_id not in ended:
            return [hotspot_id]
        return [one for part in parts.get(hotspot_id, []) for one in holding(part)]

    spread = patrols.assign(hotspot_id=[holding(one) for one in patrols["hotspot_id"]])
    return spread.explode("hotspot_id", ignore_index=True)


def hotspot_by_id(work: Work, hotspot_id: str) -> Hotspot | None:
    """One hotspot inside the actor's scope that was not split, to be edited."""
    standing = (Hotspot.id == hotspot_id) & Hotspot.ended_on.is_(None)
    seen = within_scope(work, frame(work, select(*columns(Hotspot)).where(standing)))
    if seen.empty:
        return None
    return work.session.scalars(select(Hotspot).where(Hotspot.id == hotspot_id)).one()


def streets(work: Work) -> gpd.GeoDataFrame:
    """The street network."""
    return frame(work, select(*columns(Street)).order_by(Street.rid))
