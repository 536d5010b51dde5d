"""The base map: light ground, wards, streets, a scale; no tiles and no internet unless a tile address is given.

For the same data it is the same to the letter, so that a page which redraws keeps the reader's view: what
changes goes into layers beside it.
"""

from __future__ import annotations

import html
import re

import folium
import geopandas as gpd
from branca.element import MacroElement
from folium.template import Template

from layers.assets.localize import localize
from layers.compact import PER_DEGREE, bounds
from layers.script import browser_code, browser_style, layer, literal
from layers.streets import streets_layer
from layers.units import units_layer

#: West, south, east, north shown when there is no data at all: Hà Đông.
DEFAULT_BOUNDS = (105.70, 20.91, 105.81, 21.00)
MIN_ZOOM, MAX_ZOOM = 10, 19


class Tools(MacroElement):
    """The drawing functions and the style sheet, and the map set up by them."""

    _template = Template(
        "{% macro header(this, kwargs) %}<style>{{ this.style }}</style>{% endmacro %}"
        "{% macro script(this, kwargs) %}{{ this.code }}\n"
        "diaban.prepare({{ this._parent.get_name() }}, {{ this.data }});{% endmacro %}"
    )

    def __init__(self, extent: tuple[float, float, float, float], credit: str) -> None:
        super().__init__()
        self._name = "Tools"
        self.code, self.style = browser_code(), browser_style()
        self.data = literal({"bounds": _corners(extent), "credit": credit})


def base_map(
    units: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    *,
    tiles_url: str | None = None,
    tiles_credit: str = "",
) -> folium.Map:
    """The ground on which every page draws.

    ``units``: columns name, geometry (areas), source. ``streets``: name, street_class, geometry (lines),
    source. Both EPSG:4326; either may be empty. A © in a source is shown in the corner. ``tiles_url`` with
    {z}, {x}, {y} puts tiles underneath, credited to ``tiles_credit``.
    """
    extent = bounds((units, streets)) or DEFAULT_BOUNDS
    middle = ((extent[1] + extent[3]) / 2, (extent[0] + extent[2]) / 2)
    # Spelt as Leaflet spells them: max_zoom and min_zoom would reach the tiles alone, and there are none.
    limits = {"minZoom": MIN_ZOOM, "maxZoom": MAX_ZOOM}
    ground = folium.Map(middle, tiles=None, zoom_start=13, zoom_snap=0.25, **limits)
    ground.add_child(Tools(extent, _credit(units, streets)))
    if tiles_url:
        credit = html.escape(tiles_credit) or " "
        ground.add_child(folium.TileLayer(tiles_url, attr=credit, control=False, max_zoom=MAX_ZOOM))
    ground.add_child(units_layer(units))
    ground.add_child(streets_layer(streets))
    return localize(ground)


def view_layer(title: str, near: gpd.GeoDataFrame, *, key: str) -> folium.FeatureGroup:
    """A button called ``title`` that shows the whole ground again, and a view that goes to ``near``.

    The view goes there once for each ``key``; an empty ``key`` stands for the whole ground.
    """
    extent = bounds((near,)) if key else None
    return layer("view", {"title": title, "key": key if extent else "", "bounds": extent and _corners(extent)})


def _corners(extent: tuple[float, float, float, float]) -> list[int]:
    """West, south, east, north as the path of two corners that the browser reads."""
    west, south, east, north = (round(value * PER_DEGREE) for value in extent)
    return [west, south, east - west, north - south]


def _credit(*frames: gpd.GeoDataFrame) -> str:
    """Who holds rights in the ground: what follows a © in a source, e.g. "© OpenStreetMap contributors"."""
    sources = [source for frame in frames if "source" in frame for source in frame["source"].dropna().unique()]
    holders = [holder.strip() for source in sources for holder in re.findall(r"©[^©()\[\];·]*", str(source))]
    return " · ".join(dict.fromkeys(holders))
