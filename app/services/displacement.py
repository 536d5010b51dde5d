"""What became of a hotspot after its elimination, a wave of inspections or a closure (``displacement``).

Counted are signals that were not refuted nor handed over to the police, and prostitution-related violations.
Like a score, the figures are made of the whole database, so that they are the same for everybody; what shows a
place (arrows, the buffer by ward) is narrowed to the reader's scope.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
import shapely.geometry

from app.access import Right, require
from app.services.facts import Known
from app.text import render
from data.repositories.frames import frame, up_to
from data.repositories.scope import scope_ground
from data.store import Actor, Store, Work
from data.tables import HotspotTransition
from geo.crs import LONLAT, METRIC
from geo.displacement import Areas, Arrow, DisplacementSettings, Periods, areas_around, periods
from geo.displacement import Displacement as Measured
from geo.displacement import displacement as measure
from geo.errors import InputError
from geo.hotspots import catchments
from geo.messages import msg
from geo.shapes import metric_shapes
from geo.words import FindingKind, HotspotState, SignalState

_COUNTED = (SignalState.RECEIVED, SignalState.VERIFYING, SignalState.VERIFIED)
#: The same data give the same intervals.
_SEED = 2003


def displacement(
    store: Store, actor: Actor, hotspot_id: str, as_of: date, *, months: int = 6, since: date | None = None
) -> dict[str, Any]:
    """Compare ``months`` before and after the last elimination up to ``as_of``, or before and after ``since``.

    Returns the contract's keys, and ``since``, ``periods`` (first and last days), ``buffer_m``, ``enough``,
    ``conclusion``, ``net_effect_interval``, ``warnings``, ``buffer_by_ward``, ``arrows`` (from and to as
    [lon, lat], change, and the hotspot at its end, if it is one) and ``areas`` (response and buffer as GeoJSON
    geometries). Where the hotspot did not change ``wdq`` is null, and ``interval``, its own, [null, null].

    Raises InputError ``unknown_hotspot``, ``never_eliminated``, ``in_future``, ``too_short_after``, ``months``.
    """
    require(actor, Right.SEE_TIPS)
    settings = DisplacementSettings()
    with store.read(actor) as work:
        known = Known(work, as_of)
        spot = known.hotspots[known.hotspots["id"] == hotspot_id]
        if spot.empty:
            raise InputError("unknown_hotspot", msg("Không có điểm phức tạp {id}.", id=hotspot_id))
        on = since or _eliminated_on(work, hotspot_id, as_of)
        when = periods(on, months, as_of, settings.fewest_days)
        whole = known.whole
        areas = areas_around(
            catchments(spot).to_crs(METRIC).iloc[0],
            settings.buffer_m,
            shapely.union_all(metric_shapes(whole.units)),
        )
        others = whole.hotspots[
            (whole.hotspots["id"] != hotspot_id) & (whole.hotspots["state"] != HotspotState.DISMISSED)
        ]
        events = _events(whole)
        found = measure(
            events,
            areas,
            when,
            whole.units,
            seed=_SEED,
            others=others.set_geometry(catchments(others)),
            settings=settings,
        )
        ground = scope_ground(work)
        return {
            **_figures(found),
            "warnings": _warnings(events, when),
            "since": on.isoformat(),
            "periods": _days(when),
            "buffer_m": settings.buffer_m,
            "buffer_by_ward": _by_ward(found, whole.units, work),
            "arrows": [_arrow(one, known.hotspots) for one in found.arrows if _inside(one, ground)],
            "areas": _shapes(areas),
        }


def _eliminated_on(work: Work, hotspot_id: str, as_of: date) -> date:
    changes = frame(work, up_to(HotspotTransition, None))
    own = changes[(changes["hotspot_id"] == hotspot_id) & (changes["state"] == HotspotState.ELIMINATED)]
    if own.empty:
        raise InputError(
            "never_eliminated",
            msg("Điểm này chưa từng được triệt xóa."),
            hint=msg("Có thể so sánh quanh một ngày khác, ví dụ ngày ra quân kiểm tra, bằng --since."),
        )
    past = own.loc[own["on_date"] <= pd.Timestamp(as_of), "on_date"]
    day: pd.Timestamp = own["on_date"].min() if past.empty else past.max()
    return day.date()


def _events(whole: Known) -> gpd.GeoDataFrame:
    """One row an event, at its own point or else at its premises."""
    heard = whole.signals[whole.signals["state"].isin(_COUNTED)]
    found = whole.findings[whole.findings["kind"].eq(FindingKind.PROSTITUTION)].drop_duplicates("id")
    register = whole.premises.drop_duplicates("id").set_index("id").geometry
    parts = []
    for events in (heard, found):
        own = events.geometry
        there = register.reindex(events["premises_id"]).set_axis(events.index)
        parts.append(pd.DataFrame({"on_date": events["on_date"], "geometry": own.where(own.notna(), there)}))
    joined = pd.concat(parts, ignore_index=True)
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=LONLAT)


def _warnings(events: gpd.GeoDataFrame, when: Periods) -> list[str]:
    """That the records begin within the first period: what it lacks looks like a rise."""
    first = events["on_date"].min()
    if pd.isna(first) or first <= pd.Timestamp(when.first_before):
        return []
    return [render(msg("Sổ chỉ có sự việc từ {first}: kỳ trước có thể thiếu.", first=first.date()))]


def _figures(found: Measured) -> dict[str, Any]:
    return {
        "wdq": found.wdq,
        "total_net_effect": found.total_net_effect,
        "counts": {name: int(count) for name, count in found.counts.to_json().items()},
        "interval": list(found.wdq_interval or (None, None)),
        "net_effect_interval": list(found.net_effect_interval),
        "enough": found.enough,
        "conclusion": render(found.conclusion),
        "text": render(found.text),
    }


def _days(when: Periods) -> dict[str, str]:
    return {name: day.isoformat() for name, day in asdict(when).items()}


def _by_ward(found: Measured, units: gpd.GeoDataFrame, work: Work) -> list[dict[str, Any]]:
    """The buffer's events by ward, those of the reader's scope only."""
    names = dict(zip(units["id"], units["name"], strict=True))
    scope = work.actor.scope
    return [
        {
            "ward": part.unit_id,
            "name": None if part.unit_id is None else names[part.unit_id],
            "before": part.before,
            "after": part.after,
        }
        for part in found.buffer_parts
        if scope is None or part.unit_id in scope
    ]


def _inside(arrow: Arrow, ground: shapely.Geometry | None) -> bool:
    return ground is None or bool(shapely.intersects_xy(ground, *arrow.end))


def _arrow(arrow: Arrow, seen: gpd.GeoDataFrame) -> dict[str, Any]:
    names = dict(zip(seen["id"], seen["name"], strict=True))
    return {
        "from": list(arrow.start),
        "to": list(arrow.end),
        "change": round(arrow.change, 1),
        "hotspot": arrow.hotspot_id if arrow.hotspot_id in names else None,
        "name": names.get(arrow.hotspot_id),
    }


def _shapes(areas: Areas) -> dict[str, Any]:
    rings = gpd.GeoSeries([areas.response, areas.buffer], crs=METRIC).simplify(1.0).to_crs(LONLAT)
    return {
        name: shapely.geometry.mapping(ring) for name, ring in zip(("response", "buffer"), rings, strict=True)
    }


def drawing(answer: dict[str, Any]) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """An answer as the rings and arrows of ``layers.displacement``."""
    areas, arrows = answer["areas"], answer["arrows"]
    rings = gpd.GeoDataFrame(
        {"area": list(areas)}, geometry=[shapely.geometry.shape(one) for one in areas.values()], crs=LONLAT
    )
    ways = gpd.GeoDataFrame(
        {
            "id": [str(number) for number in range(len(arrows))],
            "change": [one["change"] for one in arrows],
            "name": pd.Series([one["name"] for one in arrows], dtype=object),
        },
        geometry=gpd.GeoSeries([shapely.LineString([one["from"], one["to"]]) for one in arrows], crs=LONLAT),
    )
    return rings, ways
