"""A plan on paper: routes in their team's colour with the direction of travel, numbered stops, joint sweeps.

Stops are numbered through the whole plan of a team, so that colour and number name one stop, on the map of all
teams as on the team's own sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.patches import Polygon

from geo.messages import msg
from geo.shapes import metric_shapes
from geo.words import VisitKind
from layers import legend, style
from layers.compact import placed
from layers.print_ground import disc
from layers.print_labels import spread
from layers.print_legend import house
from layers.print_sheet import INK, Label, PrintLayer, Sheet, Tell

STOP_MM = 2.0
_ROUTE_MM, _CASING_MM = 0.8, 1.5
_ARROW_EVERY_MM, _ARROW_MM = 28.0, 1.5
SWEEP_COLOUR = "#7b1fa2"


def numbered(visits: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The stops in order with the column ``number``: 1, 2, ... for each team through all its days.

    ``visits``: columns team, on_date, position.
    """
    ordered = visits.sort_values(["team", "on_date", "position"], kind="stable").reset_index(drop=True)
    return ordered.assign(number=ordered.groupby("team").cumcount() + 1)


def announced(visits: gpd.GeoDataFrame, routes: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Stops and routes without the unannounced visits and without the ways that would show where one is.

    ``visits``: columns team, on_date, kind. ``routes``: team, on_date.
    """
    secret = visits["kind"] == VisitKind.UNANNOUNCED.value
    closed = set(_keys(visits[secret]))
    whole = np.array([key not in closed for key in _keys(routes)], dtype=bool)
    return visits[~secret].reset_index(drop=True), routes[whole].reset_index(drop=True)


def _keys(rows: pd.DataFrame) -> Iterator[tuple[Any, Any]]:
    return zip(pd.to_datetime(rows["on_date"]), rows["team"], strict=True)


def print_routes(
    visits: gpd.GeoDataFrame,
    routes: gpd.GeoDataFrame,
    *,
    teams: Sequence[str] | None = None,
    tell: Tell = str,
) -> PrintLayer:
    """The ways and the numbered stops of a plan, as ``numbered`` gives them.

    ``visits``: columns team, number, geometry (points). ``routes``: team, geometry (lines). ``teams``: all
    teams of the plan, so that a colour stays when others are left out; those shown by default.
    """
    colours = style.team_colours(teams or [*visits["team"].dropna(), *routes["team"].dropna()])
    stops, ways = placed(visits), placed(routes)
    used = [team for team in colours if team in {*stops["team"], *ways["team"]}]

    def paint(sheet: Sheet) -> None:
        for line, team in zip(sheet.shapes(ways), ways["team"], strict=True):
            _way(sheet, line, colours.get(team, style.NO_RISK_COLOUR))
        for base in _bases(ways):
            _house(sheet, *sheet.xy(base[None, :])[0])
        _stops(sheet, stops, [colours.get(team, style.NO_RISK_COLOUR) for team in stops["team"]])

    entries = [legend.Entry("line", colours[team], team) for team in used]
    if len(ways):
        entries.append(legend.Entry("base", INK, tell(msg("nơi xuất phát và trở về"))))
    section = legend.Section(tell(msg("Đội")), entries)
    reach = [shape for frame in (stops, ways) for shape in metric_shapes(frame) if shape is not None]
    return PrintLayer(paint, legend=(section,) if entries else (), reach=reach)


def _way(sheet: Sheet, line: Any, colour: str) -> None:
    """A route with white edges and an arrow now and then."""
    if line is None:
        return
    sheet.lines([line], "#ffffff", _CASING_MM, zorder=6.4)
    sheet.lines([line], colour, _ROUTE_MM, zorder=6.5)
    sheet.ways.append(line.buffer(_CASING_MM / 2))
    for part in shapely.get_parts(line):
        if not isinstance(part, shapely.LineString) or part.length < 4 * _ARROW_MM:
            continue
        count = max(1, int(part.length // _ARROW_EVERY_MM))
        for at in (np.arange(count) + 0.5) * part.length / count:
            _arrow(sheet, part.interpolate(at - _ARROW_MM), part.interpolate(at + _ARROW_MM), colour)


def _bases(ways: gpd.GeoDataFrame) -> list[Any]:
    """Where the routes begin (metres), each place once."""
    starts = [shapely.get_coordinates(line)[0] for line in metric_shapes(ways) if line is not None]
    return list({(round(x), round(y)): np.array([x, y]) for x, y in starts}.values())


def _house(sheet: Sheet, x: float, y: float) -> None:
    if sheet.inside(shapely.Point(x, y)):
        shape = Polygon(house(x, y), closed=True, facecolor=INK, edgecolor="#ffffff", linewidth=0.8, zorder=8.8)
        sheet.add(shape)


def _arrow(sheet: Sheet, tail: shapely.Point, tip: shapely.Point, colour: str) -> None:
    ahead = np.array([tip.x - tail.x, tip.y - tail.y])
    length = float(np.hypot(*ahead))
    if length < _ARROW_MM / 2:
        return
    ahead, middle = ahead / length, np.array([tip.x + tail.x, tip.y + tail.y]) / 2
    aside = np.array([-ahead[1], ahead[0]])
    back = middle - ahead * _ARROW_MM
    corners = [middle + ahead * _ARROW_MM, back + aside * _ARROW_MM, back - aside * _ARROW_MM]
    shape = Polygon(corners, closed=True, facecolor=colour, edgecolor="#ffffff", linewidth=0.7, zorder=7)
    sheet.add(shape)


def _stops(sheet: Sheet, stops: gpd.GeoDataFrame, colours: Sequence[str]) -> None:
    """Numbers in discs; those that would lie on each other are moved apart, with a line to their place."""
    shapes = sheet.shapes(stops)
    there = [row for row, shape in enumerate(shapes) if shape is not None and sheet.inside(shape.centroid)]
    if not there:
        return
    places = np.array([[shapes[row].centroid.x, shapes[row].centroid.y] for row in there])
    for row, place, moved in zip(there, places, spread(places, 2 * STOP_MM + 0.2), strict=True):
        colour = colours[row]
        if np.hypot(*(moved - place)) > STOP_MM / 2:
            sheet.lines([shapely.LineString([place, moved])], colour, 0.35, zorder=8.5)
            sheet.lines([shapely.Point(place).buffer(0.25)], colour, 0.5, zorder=8.5)
        disc(sheet, shapely.Point(moved), str(stops["number"].iloc[row]), colour, STOP_MM, zorder=9)


def print_sweeps(sweeps: gpd.GeoDataFrame, *, width_m: float = 150.0, tell: Tell = str) -> PrintLayer:
    """Joint sweeps, hatched ``width_m`` to each side of the border. ``sweeps``: columns starts, ends (local),
    teams (names), geometry (the stretch of border, or the area itself)."""
    shown = placed(sweeps)
    strips = [_strip(shape, width_m) for shape in metric_shapes(shown)]
    hours = [f"{row.starts:%d/%m, %H:%M} - {row.ends:%H:%M}" for row in shown.itertuples(index=False)]

    def paint(sheet: Sheet) -> None:
        for area, hour in zip(sheet.drawn(np.array(strips, dtype=object)), hours, strict=True):
            look = {"facecolor": "none", "edgecolor": SWEEP_COLOUR, "linewidth": 0.9, "hatch": "//////"}
            sheet.areas([area], **look, hatch_linewidth=0.5, zorder=5.8)
            if area is not None:
                at = area.representative_point()
                spots = [(at.x, at.y + step) for step in (0, 5, -5, 9, -9)]
                sheet.labels.append(Label(spots, hour, 2, 7, SWEEP_COLOUR, bold=True, soft=True))

    texts = [f"{hour}: {', '.join(teams)}" for hour, teams in zip(hours, shown["teams"], strict=True)]
    entries = [legend.Entry("hatch", SWEEP_COLOUR, text) for text in dict.fromkeys(texts)]
    section = legend.Section(tell(msg("Kiểm tra chung địa bàn giáp ranh")), entries)
    return PrintLayer(paint, legend=(section,) if entries else (), reach=strips)


def _strip(shape: Any, width_m: float) -> Any:
    line = shapely.get_dimensions(shape) == 1
    return shapely.buffer(shape, width_m, cap_style="flat") if line else shape
