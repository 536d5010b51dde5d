"""The map on a page: the ground that stays, the layers that change, and what was clicked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import folium
import geopandas as gpd
import streamlit as st
from shapely import Geometry
from streamlit_folium import st_folium

from app.parts.cached import ground
from app.parts.visit import Visit
from app.services.map_data import MapData
from app.text import _, label, render
from geo.heat import Heat
from geo.words import HotspotState, PremisesStatus, PremisesType, Trend
from layers import legend
from layers.alerts import alerts_layer
from layers.assets.localize import localize
from layers.base import view_layer
from layers.borders import borders_layer
from layers.heat import heat_layer
from layers.hotspots import hotspots_layer
from layers.picked import picked_layer
from layers.points import ColourBy, premises_layer, short_keys
from layers.surface import DENSITY_STEPS, HOT_EDGE, TREND_COLOURS, SurfaceColours, surface_layer

HEIGHT = 540
Word = TypeVar("Word", bound=StrEnum)


class Kind(StrEnum):
    """What can be shown and picked on the main map, from the bottom up."""

    STRIP = "strip"
    HOTSPOT = "hotspot"
    PREMISES = "premises"
    ALERT = "alert"


@dataclass(frozen=True)
class Pick:
    """One thing that was picked; ``elsewhere`` when not on the map, so that the map goes there."""

    kind: Kind
    id: str
    elsewhere: bool = False


@dataclass(frozen=True)
class MapView:
    """What the main map shows: frames that were filtered, the layers that are on, the colours' meaning."""

    data: MapData
    shown: frozenset[Kind]
    colour_by: ColourBy
    picked: Pick | None
    #: Ids of the wards to which the view goes; none for the whole district.
    wards: frozenset[str] = frozenset()
    #: Where signals gathered in some month, under everything else.
    heat: Heat | None = None


def main_map(visit: Visit, whole: MapData, view: MapView, on_pick: Callable[[Pick], None]) -> None:
    """Draw wards, strips, hotspots, premises and alerts; a click calls ``on_pick`` before the page runs anew.

    ``whole`` holds all that the filters of ``view`` were applied to.
    """
    keys = short_keys(list(whole.premises["id"]))
    layers = [_view(whole, view.wards)]
    if view.heat is not None:
        layers.append(heat_layer(view.heat))
    layers += [_draw(kind, view, keys) for kind in Kind if kind in view.shown]
    if view.picked and (place := place_of(whole, view.picked)) is not None:
        picked = view.picked
        layers.append(picked_layer(place, key=f"{picked.kind}-{picked.id}", move=picked.elsewhere))
    layers.append(legend.legend_layer(_("Chú giải"), _sections(view)))
    ids = {key: value for value, key in keys.items()}

    def clicked() -> None:
        click = _click("main-map")
        if click and click[0] in list(Kind):
            known = ids.get(click[1]) if click[0] == Kind.PREMISES else click[1]
            if known is not None:
                on_pick(Pick(Kind(click[0]), known))

    show_layers(visit, layers, "main-map", clicked)


def _view(whole: MapData, wards: frozenset[str]) -> folium.FeatureGroup:
    near = whole.units[whole.units["id"].isin(wards)]
    return view_layer(_("Xem toàn địa bàn"), near, key=",".join(sorted(near["id"])))


def _draw(kind: Kind, view: MapView, keys: dict[str, str]) -> folium.FeatureGroup:
    data = view.data
    if kind is Kind.STRIP:
        return borders_layer(data.strips)
    if kind is Kind.HOTSPOT:
        return hotspots_layer(data.hotspots, say=label)
    if kind is Kind.ALERT:
        named = data.alerts.assign(name=[render(name) for name in data.alerts["name"]])
        return alerts_layer(named, say=label)
    return premises_layer(data.premises, say=label, colour_by=view.colour_by, keys=keys)


def place_of(data: MapData, pick: Pick) -> Geometry | None:
    """Where the picked thing lies, None when it is not among the data or has no place."""
    row = row_of(data, pick)
    return None if row is None or row.geometry is None else row.geometry


def row_of(data: MapData, pick: Pick) -> Any | None:
    """The row of the picked thing, None when it is not among the data."""
    frame = {
        Kind.STRIP: data.strips,
        Kind.HOTSPOT: data.hotspots,
        Kind.PREMISES: data.premises,
        Kind.ALERT: data.alerts,
    }[pick.kind]
    found = frame[frame["id"] == pick.id] if len(frame) else frame
    return None if found.empty else found.iloc[0]


def _sections(view: MapView) -> list[legend.Section]:
    data, sections = view.data, []
    if Kind.PREMISES in view.shown:
        if view.colour_by == "risk":
            steps = [_("{low} - {high} điểm", low=low, high=high) for low, high in legend.score_steps()]
            unknown = _("chưa có điểm") if data.premises["score"].isna().any() else ""
            entries = legend.risk_entries(steps, unknown=unknown)
            sections.append(legend.Section(_("Cơ sở theo điểm nguy cơ"), entries))
        else:
            types = _used(PremisesType, data.premises["type"])
            sections.append(legend.Section(_("Cơ sở theo loại hình"), legend.type_entries(label, types)))
        statuses = _used(PremisesStatus, data.premises["status"])
        sections.append(legend.Section(_("Tình trạng"), legend.status_entries(label, statuses)))
    if Kind.HOTSPOT in view.shown:
        sections.append(_state_section(data.hotspots))
    if Kind.STRIP in view.shown and len(data.strips):
        steps = [_("thấp nhất"), _("thấp"), _("giữa"), _("cao"), _("cao nhất")]
        sections.append(
            legend.Section(_("Dải giáp ranh theo nguy cơ"), legend.risk_entries(steps, look="area"))
        )
    if view.heat is not None:
        steps = [_("ít"), "", _("vừa"), "", _("nhiều (3 tin một chỗ mỗi tháng)")]
        entries = [entry for entry in legend.risk_entries(steps, look="area") if entry.text]
        sections.append(legend.Section(_("Nhiệt nguồn tin"), entries))
    if Kind.ALERT in view.shown and len(data.alerts):
        sections.append(legend.Section("", legend.alert_entries(_("cảnh báo đang mở"))))
    return sections


def _state_section(spots: gpd.GeoDataFrame) -> legend.Section:
    return legend.Section(_("Điểm phức tạp"), legend.state_entries(label, _used(HotspotState, spots["state"])))


def _used(words: type[Word], values: Iterable[str]) -> list[Word]:
    """The values of a vocabulary that are on the map, in its order."""
    present = set(values)
    return [word for word in words if word.value in present]


def hotspot_map(visit: Visit, spots: gpd.GeoDataFrame) -> str | None:
    """Hotspots alone on the ground; gives the id of the one that was clicked last."""
    layers = [hotspots_layer(spots, say=label), legend.legend_layer(_("Chú giải"), [_state_section(spots)])]
    show_layers(visit, layers, "hotspot-map")
    return _clicked("hotspot-map", set(spots["id"]))


def risk_map(
    visit: Visit,
    premises: gpd.GeoDataFrame,
    cells: gpd.GeoDataFrame | None,
    surface_colours: SurfaceColours,
    picked: Pick | None,
    on_pick: Callable[[str], None],
) -> None:
    """Premises by risk, above the hotspot surface where ``cells`` are given; a click gives a premises' id."""
    keys = short_keys(list(premises["id"]))
    layers, sections = [], []
    if cells is not None:
        layers.append(surface_layer(cells, colour_by=surface_colours, tell=_told_of_cell))
        sections.append(_surface_section(cells, surface_colours))
    layers.append(premises_layer(premises, say=label, colour_by="risk", keys=keys))
    found = premises[premises["id"] == picked.id] if picked else premises.iloc[:0]
    if picked and len(found) and found.geometry.iloc[0] is not None:
        layers.append(picked_layer(found.geometry.iloc[0], key=picked.id, move=picked.elsewhere))
    steps = [_("{low} - {high} điểm", low=low, high=high) for low, high in legend.score_steps()]
    sections.insert(0, legend.Section(_("Cơ sở theo điểm nguy cơ"), legend.risk_entries(steps)))
    layers.append(legend.legend_layer(_("Chú giải"), sections))
    ids = {key: value for value, key in keys.items()}

    def clicked() -> None:
        click = _click("risk-map")
        if click and click[0] == Kind.PREMISES and click[1] in ids:
            on_pick(ids[click[1]])

    show_layers(visit, layers, "risk-map", clicked)


def _told_of_cell(cell: Any) -> list[str]:
    """What a cell of the surface is, as lines of its tooltip."""
    return [
        _("Ô 150 m: thuộc {share}% diện tích dày nhất", share=max(round(100 * cell.top), 1)),
        _("Sự việc 12 tháng qua trong ô và 8 ô kề: {n}", n=int(cell.events)),
        _("Nhiều hơn mức ngẫu nhiên (có ý nghĩa thống kê)") if cell.hot else "",
        _("Xu hướng: {trend}", trend=cell.trend) if isinstance(cell.trend, Trend) else "",
    ]


def _surface_section(cells: gpd.GeoDataFrame, colours: SurfaceColours) -> legend.Section:
    if colours == "trend":
        used = [trend for trend in Trend if trend in set(cells["trend"].dropna())]
        entries = [legend.Entry("area", TREND_COLOURS[trend], label(trend)) for trend in used]
        return legend.Section(_("Xu hướng từng ô 150 m"), entries)
    steps = [_("{share}% diện tích dày nhất", share=round(100 * share)) for share in DENSITY_STEPS]
    hot = legend.Entry("ring", str(HOT_EDGE["color"]), _("viền đậm: hơn mức ngẫu nhiên"))
    return legend.Section(_("Mật độ sự việc"), [*legend.risk_entries(steps, look="area"), hot])


def border_map(
    visit: Visit, strips: gpd.GeoDataFrame, picked: Pick | None, on_pick: Callable[[str], None]
) -> None:
    """Border strips by the rank of their risk; a click gives a segment's id."""
    layers = [borders_layer(strips)]
    found = strips[strips["id"] == picked.id] if picked else strips.iloc[:0]
    if picked and len(found):
        middle = found.geometry.iloc[0].interpolate(0.5, normalized=True)
        layers.append(picked_layer(middle, key=f"strip-{picked.id}", move=picked.elsewhere))
    steps = [_("thấp nhất"), _("thấp"), _("giữa"), _("cao"), _("cao nhất")]
    key = legend.Section(_("Dải giáp ranh theo nguy cơ"), legend.risk_entries(steps, look="area"))
    layers.append(legend.legend_layer(_("Chú giải"), [key] if len(strips) else []))
    known = set(strips["id"])

    def clicked() -> None:
        click = _click("border-map")
        if click and click[0] == Kind.STRIP and click[1] in known:
            on_pick(click[1])

    show_layers(visit, layers, "border-map", clicked, height=400)


def show_layers(
    visit: Visit,
    layers: list[folium.FeatureGroup],
    key: str,
    on_click: Callable[[], None] | None = None,
    height: int = HEIGHT,
) -> None:
    """The ground with ``layers`` on it. The ground never changes, so that the reader's view stays."""
    st_folium(
        ground(visit),
        key=key,
        height=height,
        use_container_width=True,
        # Nothing but our own clicks comes back: moving the map must not rerun the page.
        returned_objects=[],
        feature_group_to_add=[localize(layer) for layer in layers],
        on_change=on_click,
    )


def _click(key: str) -> tuple[str, str] | None:
    """Kind and id of what was clicked last on a map."""
    value = st.session_state.get(key)
    return (str(value["kind"]), str(value["id"])) if value and "kind" in value else None


def _clicked(key: str, known: set[str]) -> str | None:
    click = _click(key)
    return click[1] if click and click[1] in known else None
