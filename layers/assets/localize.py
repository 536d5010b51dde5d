"""Point a map's libraries at the app's own copies, so that it needs no internet.

folium names its libraries by addresses of public networks; streamlit-folium loads the same addresses. A map
from here names only what ``vendor/`` holds. Something that would load from elsewhere raises: the map of a ward
office without internet would stay empty, and who reads it would be told to a stranger.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeVar

import folium
from branca.colormap import ColorMap
from branca.element import Element

from layers.assets.install import VENDOR

#: Relative to streamlit-folium's frame (/component/<name>/index.html), so that a path before the app survives.
VENDOR_URL = "../../vendor"
#: What stands in ``vendor/`` for each of folium's names.
_LOCAL = {
    "leaflet": "leaflet/dist/leaflet.js",
    "leaflet_css": "leaflet/dist/leaflet.css",
    "leaflet_draw": "leaflet-draw/dist/leaflet.draw.js",
    "leaflet_draw_css": "leaflet-draw/dist/leaflet.draw.css",
}
#: What folium adds to every map for its own markers' icons and popups, which our layers do not use.
_UNUSED = frozenset(
    {
        "jquery",
        "bootstrap",
        "awesome_markers",
        "bootstrap_css",
        "glyphicons_css",
        "awesome_markers_font_css",
        "awesome_markers_css",
        "awesome_rotate_css",
    }
)
#: Elements that need the above, or an address that is written into their code.
_NEEDY = (folium.Popup, folium.Icon, ColorMap)


Drawn = TypeVar("Drawn", bound=Element)


class MissingAssetError(RuntimeError):
    """A map would load something from another host."""


def localize(drawn: Drawn) -> Drawn:
    """The same map or layer with its links pointed at ``VENDOR_URL``.

    Raises MissingAssetError for an element that needs something that is not installed.
    """
    for element in _tree(drawn):
        if isinstance(element, _NEEDY):
            raise MissingAssetError(f"{type(element).__name__} needs libraries that are not installed")
        for attribute in ("default_js", "default_css"):
            links = getattr(element, attribute, [])
            if links:
                setattr(element, attribute, [_local(*link) for link in links if link[0] not in _UNUSED])
    return drawn


def _local(name: str, link: str) -> tuple[str, str]:
    if name in _LOCAL:
        return name, f"{VENDOR_URL}/{_LOCAL[name]}"
    if re.match(r"(https?:)?//", link):
        raise MissingAssetError(f"{name} would be loaded from {link}")
    return name, link


def _tree(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():
        yield from _tree(child)


def standalone_html(ground: folium.Map) -> str:
    """The map as one HTML file that needs no server and no internet: the libraries are written into it."""
    page: str = localize(ground).get_root().render()
    links = {
        '<script src="{url}"></script>': ("leaflet", "script"),
        '<link rel="stylesheet" href="{url}"/>': ("leaflet_css", "style"),
    }
    for link, (name, tag) in links.items():
        code = (VENDOR / _LOCAL[name]).read_text(encoding="utf-8")
        page = page.replace(link.format(url=f"{VENDOR_URL}/{_LOCAL[name]}"), f"<{tag}>{code}</{tag}>")
    return page
