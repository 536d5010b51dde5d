"""The map of one hotspot: its catchment, the ring around it, the premises inside, and where it moved to."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
import streamlit as st

from app.parts.map import show_layers
from app.parts.visit import Visit
from app.services.displacement import drawing
from app.services.hotspot_view import HotspotSheet
from app.text import _, label, number
from geo.crs import LONLAT
from geo.words import PremisesStatus
from layers import legend
from layers.base import view_layer
from layers.displacement import ROSE_COLOUR, displacement_layer
from layers.hotspots import hotspots_layer
from layers.points import premises_layer, short_keys

HEIGHT = 380


def hotspot_map(visit: Visit, sheet: HotspotSheet) -> None:
    """The hotspot with all that lies inside its catchment."""
    spot = gpd.GeoDataFrame([sheet.spot], geometry="geometry", crs=LONLAT)
    premises = sheet.premises[sheet.premises.geometry.notna()]
    near = gpd.GeoDataFrame({"geometry": [sheet.catchment]}, crs=LONLAT)
    layers = [
        view_layer(_("Xem toàn địa bàn"), near, key=str(sheet.spot["id"])),
        hotspots_layer(spot, say=label),
        premises_layer(premises, say=label, colour_by="risk", keys=short_keys(list(premises["id"]))),
    ]
    sections = [legend.Section("", legend.state_entries(label, [sheet.state]))]
    if len(premises):
        steps = [_("{low} - {high} điểm", low=low, high=high) for low, high in legend.score_steps()]
        unknown = _("chưa có điểm") if premises["score"].isna().any() else ""
        sections.append(
            legend.Section(_("Cơ sở theo điểm nguy cơ"), legend.risk_entries(steps, unknown=unknown))
        )
        statuses = [status for status in PremisesStatus if status.value in set(premises["status"])]
        sections.append(legend.Section(_("Tình trạng"), legend.status_entries(label, statuses)))
    layers.append(legend.legend_layer(_("Chú giải"), sections))
    show_layers(visit, layers, "one-hotspot-map", height=HEIGHT)


def displacement_map(visit: Visit, sheet: HotspotSheet, answer: dict[str, Any]) -> None:
    """The two grounds that were compared, and arrows from where it fell to where it rose."""
    rings, arrows = drawing(answer)
    everything = gpd.GeoDataFrame(
        geometry=pd.concat([rings.geometry, arrows.geometry], ignore_index=True), crs=LONLAT
    )
    entries = [
        legend.Entry("dashed", "#0062a3", _("vùng theo dõi của điểm")),
        legend.Entry("dashed", "#3d4a57", _("vùng đệm xung quanh")),
    ]
    if len(arrows):
        entries.append(legend.Entry("line", ROSE_COLOUR, _("nơi sự việc tăng lên")))
    layers = [
        view_layer(_("Xem toàn địa bàn"), _with_margin(everything), key=f"displacement-{sheet.spot['id']}"),
        displacement_layer(rings, arrows, tell=_told),
        legend.legend_layer(_("Chú giải"), [legend.Section("", entries)]),
    ]
    with st.container(key="displacement-map-box"):
        show_layers(visit, layers, "displacement-map", height=HEIGHT)


def _with_margin(shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The box round some shapes and a little more: the head of an arrow is wider than its line."""
    west, south, east, north = shapes.total_bounds
    box = shapely.box(west, south, east, north).buffer(0.05 * max(east - west, north - south))
    return gpd.GeoDataFrame(geometry=[box], crs=LONLAT)


def _told(arrow: Any) -> list[str]:
    """The lines of an arrow's tooltip."""
    lines = [_("Tăng thêm {n} sự việc so với xu hướng chung", n=number(float(arrow.change)))]
    return [str(arrow.name), *lines] if isinstance(arrow.name, str) else lines
