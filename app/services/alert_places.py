"""Where an alert is: name and ground of its place, whatever kind of place that is, and who may see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pandas as pd
import shapely

from app.access import Right, may
from app.services.facts import Known
from data.repositories import accounts, events
from data.repositories import alerts as repository
from data.repositories import signals as signal_repository
from data.repositories.frames import matched
from data.repositories.scope import scope_ground, within_scope
from data.store import Actor, Work
from data.tables import Hotspot, Premises
from geo.crs import LONLAT
from geo.detection_clusters import PLACE_KIND, disc
from geo.messages import Message, msg
from geo.units import covering
from geo.words import Role

#: A place's name and its ground in EPSG:4326.
Place = tuple[str | Message, shapely.Geometry | None]


def with_places(work: Work, alerts: pd.DataFrame, day: date) -> gpd.GeoDataFrame:
    """The alerts inside the actor's scope with ``name`` (text or message) and ``geometry`` of their place.

    Who has a signal to handle sees its alerts though it lies elsewhere or nowhere. An alert without a place is
    for the whole database only.
    """
    placed = _placed(work, alerts, day)
    return _with_own_evidence(work, placed[_seen(work, placed, day)].reset_index(drop=True), day)


def _with_own_evidence(work: Work, alerts: gpd.GeoDataFrame, day: date) -> gpd.GeoDataFrame:
    """The alerts with the evidence of the actor's ground: what happened beyond it is weighed, and not told."""
    if work.actor.scope is None or alerts.empty:
        return alerts
    items = [item for evidence in alerts["evidence"] for item in evidence]
    heard = repository.signal_places(work, {item["id"] for item in items if item["kind"] == "signal"})
    own = {
        "signal": {*within_scope(work, heard)["id"], *signal_repository.open_signals(work, day)["id"]},
        "patrol": set(events.patrols_until(work, day)["id"]),
        "finding": set(events.findings_until(work, day)["id"]),
    }
    told = [
        [item for item in evidence if item["kind"] not in own or item["id"] in own[item["kind"]]]
        for evidence in alerts["evidence"]
    ]
    return alerts.assign(evidence=pd.Series(told, index=alerts.index, dtype=object))


def judges(work: Work, alerts: pd.DataFrame, day: date) -> dict[str, Role]:
    """The accounts that may judge all these alerts: the right, and a scope that holds their places."""
    placed, found = _placed(work, alerts, day), {}
    by_scope: dict[frozenset[str] | None, bool] = {}
    for account in accounts.accounts(work):
        actor = accounts.actor_of(work, account)
        if account.disabled or not may(actor, Right.JUDGE_ALERTS):
            continue
        if actor.scope not in by_scope:
            by_scope[actor.scope] = bool(_seen(_as(work, actor), placed, day).all())
        if by_scope[actor.scope]:
            found[account.name] = actor.role
    return found


def _as(work: Work, actor: Actor) -> Work:
    return replace(work, actor=actor)


def _placed(work: Work, alerts: pd.DataFrame, day: date) -> gpd.GeoDataFrame:
    """Every alert with its place, whoever asks."""
    everywhere = _as(work, replace(work.actor, scope=None))
    found: dict[tuple[str, str], Place] = {}
    for kind, rows in alerts.groupby("place_kind") if len(alerts) else ():
        read = _READERS.get(str(kind))
        if read is not None:
            places = read(everywhere, rows, day)
            found |= {(str(kind), place_id): place for place_id, place in places.items()}
    keys = list(zip(alerts["place_kind"], alerts["place_id"], strict=True)) if len(alerts) else []
    # A place of which nothing is left is called by its id.
    known = [found.get(key, (key[1], None)) for key in keys]
    placed = alerts.assign(name=pd.Series([name for name, _shape in known], index=alerts.index, dtype=object))
    shapes = gpd.GeoSeries([shape for _name, shape in known], index=alerts.index, crs=LONLAT)
    return gpd.GeoDataFrame(placed, geometry=shapes, crs=LONLAT)


def _seen(work: Work, placed: gpd.GeoDataFrame, day: date) -> pd.Series:
    """Whether the actor may see each alert."""
    ground = scope_ground(work)
    if ground is None or placed.empty:
        return pd.Series(True, index=placed.index)
    inside = placed.geometry.notna() & placed.geometry.intersects(ground)
    about_signals = placed["place_kind"].eq("signal")
    if about_signals.any():
        held = signal_repository.open_signals(work, day)["id"]
        inside |= about_signals & placed["place_id"].isin(held)
    return inside


def _hotspots(work: Work, rows: pd.DataFrame, _day: date) -> Mapping[str, Place]:
    return _by_id(repository.named_places(work, Hotspot, set(rows["place_id"])))


def _premises(work: Work, rows: pd.DataFrame, _day: date) -> Mapping[str, Place]:
    return _by_id(repository.named_places(work, Premises, set(rows["place_id"])))


def _by_id(frame: gpd.GeoDataFrame) -> Mapping[str, Place]:
    return {row.id: (row.name, row.geometry) for row in frame.itertuples(index=False)}


def _borders(work: Work, _rows: pd.DataFrame, day: date) -> Mapping[str, Place]:
    segments = Known(work, day).bare_segments
    return {row.id: (" – ".join(row.names), row.geometry) for row in segments.itertuples(index=False)}


def _signals(work: Work, rows: pd.DataFrame, day: date) -> Mapping[str, Place]:
    frame = repository.signal_places(work, set(rows["place_id"]))
    wards = _wards(work, frame, day)
    return {
        row.id: (
            msg("Nguồn tin ngày {day}, {ward}", day=row.on_date.date(), ward=wards[position]),
            row.geometry,
        )
        for position, row in enumerate(frame.itertuples(index=False))
    }


def _clusters(work: Work, rows: pd.DataFrame, day: date) -> Mapping[str, Place]:
    latest = rows.drop_duplicates("place_id", keep="last")
    grounds = [disc(one["lon"], one["lat"], one["radius_m"]) for one in latest["detail"]]
    middles = gpd.GeoDataFrame(geometry=[ground.centroid for ground in grounds], crs=LONLAT)
    wards = _wards(work, middles, day)
    return {
        place_id: (msg("Cụm nguồn tin mới, {ward}", ward=ward), ground)
        for place_id, ward, ground in zip(latest["place_id"], wards, grounds, strict=True)
    }


def _wards(work: Work, frame: gpd.GeoDataFrame, day: date) -> list[str | Message]:
    """The ward in which each place lies."""
    units = Known(work, day).units
    if frame.empty or units.empty:
        return [msg("chưa rõ phường")] * len(frame)
    names = matched(pd.Series(covering(frame, units)), units.set_index("id")["name"])
    return [name if isinstance(name, str) else msg("chưa rõ phường") for name in names]


_READERS: Mapping[str, Callable[[Work, pd.DataFrame, date], Mapping[str, Place]]] = {
    "hotspot": _hotspots,
    "premises": _premises,
    "border": _borders,
    "signal": _signals,
    PLACE_KIND: _clusters,
}
