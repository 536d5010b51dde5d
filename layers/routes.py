"""Routes of a plan: one colour a team, stops numbered in order, arrows in the direction of travel."""

from __future__ import annotations

from collections.abc import Sequence

import folium
import geopandas as gpd
import shapely

from layers.compact import at, paths, placed, simplified
from layers.script import Draw, layer
from layers.style import NO_RISK_COLOUR, team_colours


def routes_layer(
    visits: gpd.GeoDataFrame, routes: gpd.GeoDataFrame, *, teams: Sequence[str] | None = None
) -> folium.FeatureGroup:
    """The stops and ways of a plan; a click on a stop picks ("premises", premises_id).

    ``visits``: columns premises_id, name, team, position, geometry (points). ``routes``: team, geometry
    (lines). ``teams``: all teams of the plan, so that a colour stays when others are hidden; those shown by
    default.
    """
    colours = team_colours(teams or [*visits["team"].dropna(), *routes["team"].dropna()])
    ways, stops = placed(routes), placed(visits)
    group = layer("routes", {"rows": _ways(ways, colours)})
    rows = [
        {
            "id": row.premises_id,
            "at": at(row.geometry),
            "sign": str(int(row.position)),
            "colour": colours.get(row.team, NO_RISK_COLOUR),
            "lines": [str(row.name), _text(row.team)],
        }
        for row in stops.itertuples()
    ]
    group.add_child(Draw("marks", {"kind": "premises", "look": "stop", "rows": rows}))
    return group


def _ways(routes: gpd.GeoDataFrame, colours: dict[str, str]) -> list[dict[str, object]]:
    if routes.empty:
        return []
    drawn = simplified(routes.geometry, 2.0)
    return [
        {"paths": paths(_lines_of(way)), "colour": colours.get(team, NO_RISK_COLOUR), "lines": [_text(team)]}
        for team, way in zip(routes["team"], drawn, strict=True)
    ]


def _lines_of(way: shapely.Geometry) -> shapely.Geometry:
    return shapely.MultiLineString([part for part in shapely.get_parts(way) if part.geom_type == "LineString"])


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
