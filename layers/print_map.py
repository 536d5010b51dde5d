"""Maps as pictures to print: PDF or PNG, A4 or A3, without internet and without a browser.

``draw_map`` puts any layers on a page; ``plan_map`` and ``team_map`` are those of an inspection plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from threading import Lock
from typing import Any, Literal

import geopandas as gpd
import matplotlib
import numpy as np
import pandas as pd
import shapely
from matplotlib.figure import Figure

from geo.crs import metric_xy
from geo.shapes import metric_shapes
from layers import style
from layers.base import DEFAULT_BOUNDS
from layers.legend import Entry, Section
from layers.print_furniture import (
    Titles,
    draw_footer,
    draw_frame,
    draw_key,
    draw_north,
    draw_scale,
    draw_titles,
    rooms,
    scale_for,
)
from layers.print_ground import print_streets, print_units
from layers.print_labels import place_labels
from layers.print_routes import announced, numbered, print_routes, print_sweeps
from layers.print_sheet import Extent, Page, PrintLayer, Sheet, Tell, blank, plain

Form = Literal["pdf", "png"]
#: matplotlib's fonts are not made for two drawings at a time.
_ONE_AT_A_TIME = Lock()
#: Text stays text: it can be searched and copied.
_AS_TEXT: Any = {"pdf.fonttype": 42}


def draw_map(
    page: Page,
    titles: Titles,
    layers: Sequence[PrintLayer],
    *,
    sections: Sequence[Section] = (),
    view: Sequence[gpd.GeoDataFrame] = (),
    form: Form = "pdf",
    dpi: int = 300,
    tell: Tell = str,
) -> bytes:
    """A page with a map, its title, legend, north arrow, scale bar and footer, as a file.

    ``layers`` from the ground up, their legends one below the other, then ``sections``. ``view``: places that
    have to be on the map; by default those of the first layer that has some. ``dpi``: of a PNG. ``tell`` says
    the map's own words in the reader's language.
    """
    with _ONE_AT_A_TIME, matplotlib.rc_context(_AS_TEXT):
        figure, _ = compose(page, titles, layers, sections=sections, view=view, tell=tell)
        file, title = BytesIO(), plain(titles.title)
        if form == "pdf":
            # Without a date inside, the same map is the same file.
            figure.savefig(file, format="pdf", metadata={"Title": title, "CreationDate": None})
        else:
            figure.savefig(file, format="png", dpi=dpi, metadata={"Title": title})
    return file.getvalue()


def compose(
    page: Page,
    titles: Titles,
    layers: Sequence[PrintLayer],
    *,
    sections: Sequence[Section] = (),
    view: Sequence[gpd.GeoDataFrame] = (),
    tell: Tell = str,
) -> tuple[Figure, Sheet]:
    """The drawing before it becomes a file, and the sheet that knows its scale."""
    every = [*(part for layer in layers for part in layer.legend), *sections]
    key = [section for section in every if section.entries]
    room = rooms(page, legend=bool(key))
    extent = _extent(layers, view)
    scale = scale_for(extent, room.map)
    middle = np.array([extent[0] + extent[2], extent[1] + extent[3]]) / 2
    corner = middle - np.array([room.map.width, room.map.height]) / 2 * scale / 1000.0
    figure, axes = blank(page)
    sheet = Sheet(axes, room.map, float(corner[0]), float(corner[1]), scale, tell)
    draw_scale(sheet)
    draw_north(sheet)
    for layer in layers:
        layer.paint(sheet)
    place_labels(sheet)
    draw_frame(sheet)
    draw_titles(sheet, page, titles)
    draw_footer(sheet, page, titles, list(dict.fromkeys(one.credit for one in layers if one.credit)))
    if room.legend is not None:
        draw_key(sheet, room.legend, key)
    return figure, sheet


def _extent(layers: Sequence[PrintLayer], view: Sequence[gpd.GeoDataFrame]) -> Extent:
    wanted = [shape for frame in view for shape in metric_shapes(frame) if shape is not None]
    shapes = wanted or next((list(layer.reach) for layer in layers if len(layer.reach)), [])
    if shapes:
        west, south, east, north = (float(value) for value in shapely.total_bounds(shapes))
        return west, south, east, north
    corners = metric_xy([DEFAULT_BOUNDS[0], DEFAULT_BOUNDS[2]], [DEFAULT_BOUNDS[1], DEFAULT_BOUNDS[3]])
    return float(corners[0, 0]), float(corners[0, 1]), float(corners[1, 0]), float(corners[1, 1])


def plan_map(
    page: Page,
    titles: Titles,
    *,
    visits: gpd.GeoDataFrame,
    routes: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    sweeps: gpd.GeoDataFrame | None = None,
    form: Form = "pdf",
    dpi: int = 300,
    tell: Tell = str,
) -> bytes:
    """The plan of all teams on one page; never an unannounced visit, nor a way that leads to one.

    ``visits``: columns team, on_date, position, kind, geometry; ``routes``: team, on_date, geometry;
    ``sweeps``: as for ``print_sweeps``; ``units`` and ``streets`` as on the screen.
    """
    stops, ways = announced(visits, routes)
    teams = _teams(stops, ways)
    layers = [
        *_ground(units, streets, sweeps, tell),
        print_routes(numbered(stops), ways, teams=teams, tell=tell),
    ]
    view = [frame for frame in (stops, ways, sweeps) if frame is not None]
    return draw_map(page, titles, layers, view=view, form=form, dpi=dpi, tell=tell)


def team_map(
    page: Page,
    titles: Titles,
    team: str,
    *,
    visits: gpd.GeoDataFrame,
    routes: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    sweeps: gpd.GeoDataFrame | None = None,
    with_unannounced: bool = False,
    form: Form = "pdf",
    dpi: int = 300,
    tell: Tell = str,
) -> bytes:
    """The stops and ways of one team, with its stops by day in the legend.

    ``visits``: as for ``plan_map``, and name, arrive (local). ``with_unannounced``: only for the named team
    itself, from the start of its shift (domain rule 4). Of ``sweeps`` those of the team are shown.
    """
    stops, ways = announced(visits, routes)
    # Of those who are on the map of all, so that a team has one colour on both.
    teams = sorted({*_teams(stops, ways), team})
    if with_unannounced:
        stops, ways = visits, routes
    if sweeps is not None:
        sweeps = sweeps[[team in own for own in sweeps["teams"]]] if len(sweeps) else None
    own, ways = numbered(stops[stops["team"] == team]), ways[ways["team"] == team]
    layers = [*_ground(units, streets, sweeps, tell), print_routes(own, ways, teams=teams, tell=tell)]
    colour = style.team_colours(teams).get(team, style.NO_RISK_COLOUR)
    view = [frame for frame in (own, ways, sweeps) if frame is not None]
    sections = _days(own, colour)
    return draw_map(page, titles, layers, sections=sections, view=view, form=form, dpi=dpi, tell=tell)


def _teams(visits: gpd.GeoDataFrame, routes: gpd.GeoDataFrame) -> list[str]:
    return sorted({*visits["team"].dropna(), *routes["team"].dropna()})


def _ground(
    units: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, sweeps: gpd.GeoDataFrame | None, tell: Tell
) -> list[PrintLayer]:
    ground = [print_units(units), print_streets(streets)]
    return ground if sweeps is None else [*ground, print_sweeps(sweeps, tell=tell)]


def _days(stops: gpd.GeoDataFrame, colour: str) -> list[Section]:
    """A section for each day: number, hour and name of its stops."""
    sections = []
    for day, rows in stops.groupby("on_date", sort=True):
        entries = [
            Entry("stop", colour, f"{row.arrive:%H:%M} {plain(row.name)}", str(row.number))
            for row in rows.itertuples(index=False)
        ]
        sections.append(Section(f"{pd.Timestamp(day):%d/%m/%Y}", entries))
    return sections
