"""The ground of a printed map and what stands on it: wards, streets, border strips, premises, hotspots, alerts.

Frames, colours and signs are those of the maps on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.patches import Circle

from geo.messages import msg
from geo.shapes import metric_shapes
from geo.word_texts import word_text
from geo.words import HotspotState, PremisesStatus, PremisesType, StreetClass
from layers import legend, style
from layers.compact import placed
from layers.print_labels import along, beside, within
from layers.print_sheet import POINTS_PER_MM, Label, PrintLayer, Sheet, Tell, width_mm

#: Millimetres of paper by class of street.
_STREET_MM = {StreetClass.MAIN: 1.1, StreetClass.STREET: 0.55, StreetClass.LANE: 0.3}
#: Lanes are left out where they would run into each other, and their names earlier still.
_LANES_UP_TO, _LANE_NAMES_UP_TO = 40_000.0, 8_000.0
_STREET_NAMES_UP_TO = 25_000.0
_NAME_EVERY_MM = 110.0
_DOT_MM, _SIGN_MM = 0.95, 2.1


def print_units(units: gpd.GeoDataFrame) -> PrintLayer:
    """Ward areas with a dashed boundary and the name inside. ``units``: columns name, geometry, source."""
    shown = placed(units)

    def paint(sheet: Sheet) -> None:
        shapes = sheet.shapes(shown)
        sheet.areas(shapes, facecolor="#fbfaf7", edgecolor="none", zorder=1)
        look: dict[str, Any] = {"linestyles": (0, (6, 4)), "zorder": 5, "capstyle": "butt"}
        inside = [None if area is None else shapely.intersection(area, _within(sheet)) for area in shapes]
        edges = [area.boundary for area in shapes if area is not None]
        # One line where two wards meet: the dashes of two would fill each other's gaps.
        border = shapely.line_merge(shapely.union_all(edges, grid_size=0.02))
        colour = str(style.WARD_STYLE["color"])
        sheet.lines([shapely.intersection(border, _within(sheet))], colour, 0.5, **look)
        for area, name in zip(inside, shown["name"], strict=True):
            if area is not None:
                spots = within(area, width_mm(str(name), 10, bold=True))
                sheet.labels.append(Label(spots, str(name), 1, 10, colour, bold=True))

    return PrintLayer(paint, credit=credit(shown), reach=_reach(shown))


def _within(sheet: Sheet) -> shapely.Polygon:
    return sheet.frame.grown(1.0)


def print_streets(streets: gpd.GeoDataFrame) -> PrintLayer:
    """Streets by class, as many with names as there is room for. ``streets``: name, street_class, geometry,
    source."""
    shown = placed(streets)
    kinds = [kind.value for kind in StreetClass]
    known = [kind if kind in kinds else StreetClass.LANE.value for kind in shown["street_class"]]
    shown = shown.assign(street_class=known)

    def paint(sheet: Sheet) -> None:
        shapes = sheet.shapes(shown)
        for rank, kind in enumerate(StreetClass):
            if kind is StreetClass.LANE and sheet.scale > _LANES_UP_TO:
                continue
            own = shapes[(shown["street_class"] == kind.value).to_numpy()]
            sheet.lines(own, style.STREET_COLOURS[kind], _STREET_MM[kind], zorder=4 - 0.1 * rank)
        named = shown["name"].notna() & (shown["name"] != "")
        groups = shown[named].groupby(["street_class", "name"], sort=True).indices
        lines = shapes[named.to_numpy()]
        for (kind, name), rows in groups.items():
            _name_street(sheet, StreetClass(kind), str(name), [lines[row] for row in rows])

    return PrintLayer(paint, credit=credit(shown))


def _name_street(sheet: Sheet, kind: StreetClass, name: str, pieces: Sequence[Any]) -> None:
    rank = list(StreetClass).index(kind)
    limits = (float("inf"), _STREET_NAMES_UP_TO, _LANE_NAMES_UP_TO)
    if sheet.scale > limits[rank]:
        return
    parts = [part for piece in pieces if piece is not None for part in shapely.get_parts(piece)]
    whole = shapely.line_merge(
        shapely.MultiLineString([part for part in parts if isinstance(part, shapely.LineString)])
    )
    size = (7.0, 6.5, 6.0)[rank]
    length = width_mm(name, size)
    for line in shapely.get_parts(whole):
        for point, angle in along(line, length * 1.1, _NAME_EVERY_MM):
            where = 10 + rank - min(line.length / 1000.0, 0.9)
            spots = beside(point, angle, 1.2 * size / POINTS_PER_MM)
            sheet.labels.append(Label(spots, name, where, size, "#6b5b3e", angle))


def print_strips(strips: gpd.GeoDataFrame, *, tell: Tell = str) -> PrintLayer:
    """Border strips, the riskiest fifth darkest. ``strips``: names (of the two units), rank (1 is the
    riskiest), strip (the area)."""
    drawn = strips.assign(step=style.rank_class(strips["rank"])).sort_values("rank", ascending=False)
    areas = gpd.GeoDataFrame(geometry=gpd.GeoSeries(list(drawn["strip"]), crs=strips.crs))

    def paint(sheet: Sheet) -> None:
        for shape, step in zip(sheet.shapes(areas), drawn["step"], strict=True):
            look = {"facecolor": style.RISK_COLOURS[step], "alpha": 0.45 + 0.07 * step, "edgecolor": "#ffffff"}
            sheet.areas([shape], **look, linewidth=0.4, zorder=2)

    texts = ("thấp nhất", "thấp", "giữa", "cao", "cao nhất")
    entries = legend.risk_entries([tell(msg(text)) for text in texts], look="area")
    section = legend.Section(tell(msg("Dải giáp ranh theo nguy cơ")), entries)
    return PrintLayer(paint, legend=(section,) if len(drawn) else (), reach=_reach(areas))


def print_premises(
    premises: gpd.GeoDataFrame, *, colour_by: Literal["type", "risk"] = "type", tell: Tell = str
) -> PrintLayer:
    """Premises as points: filled, hollow or crossed out by their status.

    ``premises``: columns type, status, geometry, and score (0-100 or missing) when coloured by risk.
    """
    shown = placed(premises)
    if colour_by == "risk":
        palette = [*style.RISK_COLOURS, style.NO_RISK_COLOUR]
        colours = [palette[step] for step in style.risk_class(shown["score"])]
    else:
        by_type = {kind.value: colour for kind, colour in style.TYPE_COLOURS.items()}
        colours = [by_type.get(kind, style.OTHER_COLOUR) for kind in shown["type"]]
    looks = {status.value: look for status, look in style.STATUS_LOOKS.items()}

    def paint(sheet: Sheet) -> None:
        for shape, colour, status in zip(sheet.shapes(shown), colours, shown["status"], strict=True):
            if shape is not None:
                _dot(sheet, shape.centroid, colour, looks.get(status, "dot"))

    return PrintLayer(paint, legend=_premises_key(shown, colour_by, tell), reach=_reach(shown))


def _dot(sheet: Sheet, at: shapely.Point, colour: str, look: str) -> None:
    if look == "cross":
        arm = _DOT_MM * 0.8
        corners = shapely.box(at.x - arm, at.y - arm, at.x + arm, at.y + arm).exterior.coords
        sheet.lines(
            [shapely.LineString(corners[:3:2]), shapely.LineString(corners[1:4:2])], colour, 0.5, zorder=8
        )
        return
    face, edge = (colour, "#ffffff") if look == "dot" else ("#ffffff", colour)
    sheet.add(Circle((at.x, at.y), _DOT_MM, facecolor=face, edgecolor=edge, linewidth=0.9, zorder=8))


def _premises_key(shown: gpd.GeoDataFrame, colour_by: str, tell: Tell) -> tuple[legend.Section, ...]:
    if shown.empty:
        return ()
    say = _says(tell)
    if colour_by == "risk":
        steps = [tell(msg("{low} - {high} điểm", low=low, high=high)) for low, high in legend.score_steps()]
        unknown = tell(msg("chưa có điểm")) if shown["score"].isna().any() else ""
        first = legend.Section(
            tell(msg("Cơ sở theo điểm nguy cơ")), legend.risk_entries(steps, unknown=unknown)
        )
    else:
        types = [kind for kind in PremisesType if kind.value in set(shown["type"])]
        first = legend.Section(tell(msg("Cơ sở theo loại hình")), legend.type_entries(say, types))
    statuses = [status for status in PremisesStatus if status.value in set(shown["status"])]
    return first, legend.Section(tell(msg("Tình trạng")), legend.status_entries(say, statuses))


def print_hotspots(spots: gpd.GeoDataFrame, *, names: bool = True, tell: Tell = str) -> PrintLayer:
    """Hotspots by state, with the ring of their catchment. ``spots``: name, state, catchment_m, geometry."""
    shown = placed(spots)
    around = shapely.buffer(metric_shapes(shown), shown["catchment_m"].to_numpy(dtype=float))
    states = [HotspotState(state) for state in shown["state"]]

    def paint(sheet: Sheet) -> None:
        rings, bodies = sheet.drawn(np.asarray(around, dtype=object)), sheet.shapes(shown)
        for ring, body, state, name in zip(rings, bodies, states, shown["name"], strict=True):
            colour = style.STATE_COLOURS[state]
            sheet.areas([ring], facecolor=colour, alpha=0.07, edgecolor="none", zorder=5)
            sheet.lines([ring], colour, 0.3, linestyles=(0, (4, 3)), zorder=5.5)
            if body is None:
                continue
            sheet.areas([body], facecolor=colour, alpha=0.35, edgecolor="none", zorder=6)
            sheet.lines([body], colour, 0.8, zorder=6)
            at = body.representative_point()
            disc(sheet, at, style.STATE_SIGNS[state], colour, _SIGN_MM, zorder=9)
            if names:
                below = _SIGN_MM + 2.2
                spots = [(at.x, at.y - below), (at.x, at.y + below)]
                sheet.labels.append(Label(spots, str(name), 3, 7, colour, italic=True, soft=True))

    used = [state for state in HotspotState if state in states]
    section = legend.Section(tell(msg("Điểm phức tạp")), legend.state_entries(_says(tell), used))
    return PrintLayer(paint, legend=(section,) if used else (), reach=_reach(shown))


def print_alerts(alerts: gpd.GeoDataFrame, *, tell: Tell = str) -> PrintLayer:
    """Open alerts: a sign at their place. ``alerts``: column geometry."""
    shown = placed(alerts)

    def paint(sheet: Sheet) -> None:
        for shape in sheet.shapes(shown):
            if shape is not None:
                disc(sheet, shape.representative_point(), "!", style.ALERT_COLOUR, _SIGN_MM, zorder=10)

    section = legend.Section("", legend.alert_entries(tell(msg("cảnh báo đang mở"))))
    return PrintLayer(paint, legend=(section,) if len(shown) else (), reach=_reach(shown))


def disc(sheet: Sheet, at: shapely.Point, sign: str, colour: str, radius_mm: float, *, zorder: float) -> None:
    """A disc with a sign or a number in it, which no label covers."""
    if not sheet.inside(at):
        return
    circle = Circle((at.x, at.y), radius_mm, facecolor=colour, edgecolor="#ffffff", linewidth=0.8)
    circle.set_zorder(zorder)
    sheet.add(circle)
    size = radius_mm * POINTS_PER_MM * (1.15 if len(sign) < 3 else 0.85)
    sheet.text(at.x, at.y, sign, size, colour="#ffffff", bold=True, ha="center", cut=True, zorder=zorder + 0.01)
    sheet.taken.append(at.buffer(radius_mm))


def credit(frame: gpd.GeoDataFrame) -> str:
    """Who holds rights in the rows: what follows a © in their source, e.g. "© OpenStreetMap contributors"."""
    sources = frame["source"].dropna().unique() if "source" in frame else ()
    holders = [holder.strip() for source in sources for holder in re.findall(r"©[^©()\[\];·]*", str(source))]
    return " · ".join(dict.fromkeys(holders))


def _says(tell: Tell) -> Callable[[Any], str]:
    return lambda word: tell(word_text(word))


def _reach(frame: gpd.GeoDataFrame) -> list[Any]:
    return [shape for shape in metric_shapes(frame) if shape is not None]
