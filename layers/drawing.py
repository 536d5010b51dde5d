"""Drawing on the map: a point, a line or an area, corners to drag, and a line that cuts; by Leaflet.draw.

The browser keeps what is drawn; the page hears of each finished stroke as ("drawn", "key|geometry as GeoJSON").
The layer itself does not change while one draws, so that nothing is drawn anew under the hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import folium
import geopandas as gpd
import shapely
import shapely.geometry
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from layers.assets.localize import VENDOR_URL
from layers.compact import placed, shape
from layers.script import BROWSER, Draw, layer

_CONTEXT: Mapping[str, object] = {"color": "#5b6875", "weight": 2, "dashArray": "3 4", "fillOpacity": 0.06}
#: Words that the tools show; the page gives them in its language.
WORDS = (
    "bar", "undo", "done", "cancel", "start", "more", "close", "end", "crossing", "point",
)  # fmt: skip


class Tool(StrEnum):
    """What can be drawn."""

    POINT = "point"
    LINE = "line"
    AREA = "area"
    CUT = "cut"


class DrawingTools(JSCSSMixin, MacroElement):
    """Leaflet.draw, loaded with the ground on which one draws."""

    _template = Template("")
    default_js = [("leaflet_draw", f"{VENDOR_URL}/leaflet-draw/dist/leaflet.draw.js")]
    default_css = [("leaflet_draw_css", f"{VENDOR_URL}/leaflet-draw/dist/leaflet.draw.css")]

    def __init__(self) -> None:
        super().__init__()
        self._name = "DrawingTools"


class _Drawn(Draw):
    """The layer brings its own script along: no other map needs it."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "if (!diaban.drawing) { {{ this.code }} }\n"
        "diaban.drawing({{ this._parent.get_name() }}, {{ this.data }});"
        "{% endmacro %}"
    )

    @property
    def code(self) -> str:
        """The drawing functions."""
        return (BROWSER / "drawing.js").read_text(encoding="utf-8")


def drawing_layer(
    key: str,
    start: shapely.Geometry | None,
    tools: Mapping[Tool, str],
    words: Mapping[str, str],
    *,
    colour: str,
    fixed: shapely.Geometry | None = None,
) -> folium.FeatureGroup:
    """A drawing called ``key`` that begins with ``start``; another key is another drawing.

    ``tools``: what may be drawn, with the words on their buttons. ``words``: of ``WORDS``. ``fixed``: a shape
    that is shown but not edited, as that which is cut. The view goes to what is there, once for each key.
    """
    data = {
        "key": key,
        "start": None if start is None else shapely.geometry.mapping(start),
        "fixed": None if fixed is None else shapely.geometry.mapping(fixed),
        "tools": [[tool.value, word] for tool, word in tools.items()],
        "words": {name: words[name] for name in WORDS},
        "colour": colour,
    }
    group = folium.FeatureGroup(name="drawing", control=False)
    group.add_child(_Drawn("drawing", data))
    return group


def context_layer(places: gpd.GeoDataFrame) -> folium.FeatureGroup:
    """Other hotspots as pale outlines that take no clicks. ``places``: geometry (areas and lines)."""
    rows = [{"style": "other", "shape": shape(one)} for one in placed(places).geometry]
    return layer("shapes", {"kind": None, "styles": {"other": _CONTEXT}, "rows": rows})


def drawn(value: str) -> tuple[str, shapely.Geometry]:
    """Key and shape of what the browser sent. Raises ValueError for anything else."""
    key, _, text = value.partition("|")
    found = shapely.from_geojson(text, on_invalid="ignore")
    if found is None:
        raise ValueError("no geometry")
    return key, found
