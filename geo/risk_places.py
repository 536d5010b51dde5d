"""Parts of the risk score that come from what lies around: verified signals, hotspots, borders."""

from __future__ import annotations

from datetime import date
from typing import cast

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.messages import Message, msg
from geo.risk_parts import MONTH_DAYS, Floats, PartColumn, days_before, window_days
from geo.risk_settings import BorderSettings, HotspotSettings, SignalSettings
from geo.shapes import Shapes, metric_shapes, pairs_within
from geo.word_texts import word_text
from geo.words import HotspotState, SignalState


def signal_column(
    premises: gpd.GeoDataFrame, points: Shapes, signals: gpd.GeoDataFrame, as_of: date, settings: SignalSettings
) -> PartColumn:
    """Verified signals nearby: weight x ln(1 + sum of signals, each halved by distance and by age).

    A signal that names the premises counts as at its door. ``points``: the premises' points in metres.
    """
    size = len(premises)
    kept = cast(gpd.GeoDataFrame, signals[_verified(signals, as_of, settings)]) if len(signals) else signals
    counts: Floats = np.zeros(size)
    faded: Floats = np.zeros(size)
    if len(kept):
        named = pd.Index(premises["id"]).get_indexer(kept["premises_id"])
        places = metric_shapes(kept)
        lost = shapely.is_missing(places) & (named >= 0)
        places[lost] = points[named[lost]]
        signal, row = pairs_within(places, points, np.full(len(places), settings.radius_m))
        distance = shapely.distance(places[signal], points[row])
        foreign = named[signal] != row
        own = np.flatnonzero(named >= 0)
        signal = np.concatenate([signal[foreign], own])
        row = np.concatenate([row[foreign], named[own]])
        distance = np.concatenate([distance[foreign], np.zeros(len(own))])
        age = days_before(kept, "on_date", as_of)[signal]
        weight = np.power(0.5, distance / settings.half_distance_m) * np.power(
            0.5, age / (settings.half_life_months * MONTH_DAYS)
        )
        counts = np.bincount(row, minlength=size).astype(float)
        faded = np.bincount(row, weights=weight, minlength=size).astype(float)

    def reason(at: int) -> Message:
        return msg(
            "{n} nguồn tin đã xác minh trong {radius} m, {months} tháng qua",
            n=int(counts[at]),
            radius=int(settings.radius_m),
            months=settings.window_months,
        )

    return PartColumn("signals", counts, np.log1p(faded) * settings.weight, reason)


def _verified(signals: pd.DataFrame, as_of: date, settings: SignalSettings) -> npt.NDArray[np.bool_]:
    age = days_before(signals, "on_date", as_of)
    verified = (signals["state"] == SignalState.VERIFIED).to_numpy(dtype=bool)
    # Verified on a later day: at as_of nobody knew.
    later = days_before(signals, "handled_on", as_of) < 0
    inside = (age >= 0) & (age < window_days(settings.window_months, as_of))
    counted = np.asarray(inside & verified & ~later)
    # Only among what counts: a repeated row of another day must not push this one out.
    counted[counted] = ~signals["id"][counted].duplicated().to_numpy(dtype=bool)
    return counted


def hotspot_column(
    points: Shapes, hotspots: gpd.GeoDataFrame, as_of: date, settings: HotspotSettings
) -> PartColumn:
    """The strongest hotspot around: its state's weight, halved with the distance beyond its catchment.

    A hotspot whose present state began after ``as_of``, or is not known, is left out: what it was then is not
    in the frame.
    """
    size = len(points)
    strength, distance_m = np.zeros(size), np.full(size, np.inf)
    best = np.full(size, -1)
    if len(hotspots):
        later = days_before(hotspots, "state_since", as_of) < 0
        later |= days_before(hotspots, "found_on", as_of) < 0
        shapes = metric_shapes(hotspots)
        shapes[later | hotspots["state"].isna().to_numpy(dtype=bool)] = None
        catchment = np.nan_to_num(hotspots["catchment_m"].to_numpy(dtype=float))
        states = [None if pd.isna(state) else HotspotState(state) for state in hotspots["state"]]
        weights = np.array([0.0 if state is None else settings.of_state(state) for state in states])
        spot, row = pairs_within(shapes, points, catchment + settings.radius_m)
        distance = shapely.distance(shapes[spot], points[row])
        beyond = np.maximum(0.0, distance - catchment[spot])
        value = weights[spot] * np.power(0.5, beyond / settings.half_distance_m)
        # Last written wins: strongest last, among equals the nearest, then the first by id.
        by_id = hotspots["id"].astype(str).rank(method="first").to_numpy()
        order = np.lexsort((-by_id[spot], -distance, value))
        best[row[order]], strength[row[order]] = spot[order], value[order]
        distance_m[row[order]] = distance[order]
        inside = distance_m <= np.where(best >= 0, catchment[best], -1.0)
        names = hotspots["name"].where(hotspots["name"].notna(), "không tên").to_list()

    def reason(at: int) -> Message:
        name, state = str(names[best[at]]), word_text(cast(HotspotState, states[best[at]]))
        if inside[at]:
            return msg("Trong vùng theo dõi của điểm {name} ({state})", name=name, state=state)
        return msg(
            "Cách điểm {name} ({state}) {distance} m", name=name, state=state, distance=int(distance_m[at])
        )

    return PartColumn("hotspot", np.where(best >= 0, distance_m, 0.0), strength, reason)


def border_distance(places: gpd.GeoDataFrame, segments: gpd.GeoDataFrame) -> pd.Series:
    """Metres from each place to the nearest of ``segments``, by id; places without a point are left out."""
    points = metric_shapes(places)
    placed = np.flatnonzero(~shapely.is_missing(points))
    lines = metric_shapes(segments)
    if len(placed) == 0 or len(lines) == 0:
        return pd.Series(dtype=float)
    nearest = shapely.STRtree(lines).nearest(points[placed])
    distance = shapely.distance(points[placed], lines[nearest])
    return pd.Series(distance, index=places["id"].to_numpy()[placed])


def border_column(
    premises: pd.DataFrame, border_distance_m: pd.Series | None, settings: BorderSettings
) -> PartColumn:
    """Nearness to a border of units. ``border_distance_m`` is indexed by premises id; missing ones get 0."""
    distance: Floats = np.full(len(premises), np.nan)
    if border_distance_m is not None and len(border_distance_m):
        by_id = border_distance_m[~border_distance_m.index.duplicated()]
        distance = by_id.reindex(premises["id"]).to_numpy(dtype=float)
    nearness = np.clip(1.0 - np.nan_to_num(distance, nan=np.inf) / settings.width_m, 0.0, 1.0)

    def reason(at: int) -> Message:
        return msg("Cách ranh giới {distance} m", distance=int(distance[at]))

    return PartColumn("border", np.nan_to_num(distance), nearness * settings.weight, reason)
