"""Where one premises may be: numbered places to take, the point it has now, and known houses around."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import folium
import geopandas as gpd
import shapely
from folium.template import Template

from layers import style
from layers.compact import at
from layers.script import BROWSER, Draw

_STREET_ZOOM, _WARD_ZOOM = 17, 15


@dataclass(frozen=True)
class Pin:
    """A place with what is said of it."""

    point: shapely.Point
    text: str


class _Drawn(Draw):
    """The layer brings its own script along: no other map needs it."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "if (!diaban.placing) { {{ this.code }} }\n"
        "diaban.placing({{ this._parent.get_name() }}, {{ this.data }});"
        "{% endmacro %}"
    )

    @property
    def code(self) -> str:
        """The drawing functions."""
        return (BROWSER / "placing.js").read_text(encoding="utf-8")


def placing_layer(
    target: str, pins: Iterable[Pin], now: Pin | None, landmarks: gpd.GeoDataFrame, *, near: bool
) -> folium.FeatureGroup:
    """The ground as a question: where is ``target``?

    A click on the ground, on a pin or on the ring at ``now``, the ring dragged, or Enter for the middle of the
    map pick ("place", "target|lon|lat"). ``landmarks``: ``address`` and points of premises that show the way.
    ``near``: the places are known to a street, so that the view may go close.
    """
    data = {
        "target": target,
        "pins": [_row(pin) for pin in pins],
        "now": None if now is None else _row(now),
        "landmarks": {
            "lon": [at(point)[0] for point in landmarks.geometry],
            "lat": [at(point)[1] for point in landmarks.geometry],
            "text": landmarks["address"].astype(str).tolist() if len(landmarks) else [],
        },
        "colour": style.TEAM_COLOURS[0],
        "zoom": _STREET_ZOOM if near else _WARD_ZOOM,
    }
    group = folium.FeatureGroup(name="placing", control=False)
    group.add_child(_Drawn("placing", data))
    return group


def _row(pin: Pin) -> dict[str, object]:
    return {"at": at(pin.point), "exact": [pin.point.x, pin.point.y], "text": pin.text}
