"""Routes of a plan: one colour a team, numbered stops, arrows in the direction of travel, start places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import folium
import geopandas as gpd
import shapely

from geo.words import VisitKind
from layers.compact import at, paths, placed, simplified
from layers.script import Draw, layer
from layers.style import NO_RISK_COLOUR, team_colours

#: An unannounced stop is told apart by more than its colour: dark, with a sign of its own.
SECRET_COLOUR, SECRET_INK, SECRET_SIGN = "#1d2733", "#ffd60a", "!"
#: Gives the further lines of a row's tooltip.
Tell = Callable[[Any], Sequence[str]]


def routes_layer(
    visits: gpd.GeoDataFrame,
    routes: gpd.GeoDataFrame,
    *,
    teams: Sequence[str] | None = None,
    tell_stop: Tell | None = None,
    tell_way: Tell | None = None,
) -> folium.FeatureGroup:
    """The stops and ways of a plan; a click on a stop picks ("premises", premises_id).

    ``visits``: columns premises_id, name, team, position, geometry (points), and kind where some may be
    unannounced. ``routes``: team, geometry (lines from the start place and back). ``teams``: all teams of the
    plan, so that a colour stays when others are hidden; those shown by default.
    """
    colours = team_colours(teams or [*visits["team"].dropna(), *routes["team"].dropna()])
    ways, stops = placed(routes), placed(visits)
    group = layer("routes", {"rows": _ways(ways, colours, tell_way), "bases": _bases(ways, colours)})
    rows = [_stop(row, colours, tell_stop) for row in stops.itertuples()]
    group.add_child(Draw("marks", {"kind": "premises", "look": "stop", "rows": rows}))
    return group


def _stop(row: Any, colours: dict[str, str], tell: Tell | None) -> dict[str, object]:
    secret = getattr(row, "kind", None) == VisitKind.UNANNOUNCED
    drawn: dict[str, object] = {
        "id": row.premises_id,
        "at": at(row.geometry),
        "sign": f"{int(row.position)}{SECRET_SIGN if secret else ''}",
        "colour": SECRET_COLOUR if secret else colours.get(row.team, NO_RISK_COLOUR),
        "lines": [str(row.name), _text(row.team), *(tell(row) if tell else ())],
    }
    return {**drawn, "ink": SECRET_INK} if secret else drawn


def _ways(routes: gpd.GeoDataFrame, colours: dict[str, str], tell: Tell | None) -> list[dict[str, object]]:
    if routes.empty:
        return []
    drawn = simplified(routes.geometry, 2.0)
    return [
        {
            "paths": paths(_lines_of(way)),
            "colour": colours.get(row.team, NO_RISK_COLOUR),
            "lines": [_text(row.team), *(tell(row) if tell else ())],
        }
        for row, way in zip(routes.itertuples(), drawn, strict=True)
    ]


def _bases(routes: gpd.GeoDataFrame, colours: dict[str, str]) -> list[dict[str, object]]:
    """Where each team sets out, once for each place."""
    found: dict[tuple[str, tuple[int, ...]], dict[str, object]] = {}
    for row in routes.itertuples():
        lines = shapely.get_parts(_lines_of(row.geometry))
        if not len(lines):
            continue
        place = at(shapely.get_point(lines[0], 0))
        team = _text(row.team)
        look = {"at": place, "colour": colours.get(team, NO_RISK_COLOUR), "lines": [team]}
        found.setdefault((team, tuple(place)), look)
    return list(found.values())


def _lines_of(way: shapely.Geometry) -> shapely.Geometry:
    return shapely.MultiLineString([part for part in shapely.get_parts(way) if part.geom_type == "LineString"])


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
