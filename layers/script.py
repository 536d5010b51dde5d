"""Python values inside a map's script: written so that no text from outside can become code.

A script passes through several hands before the browser runs it: Jinja (branca compiles the rendered script
once more as a template), streamlit-folium's replacements, and the HTML parser. ``literal`` leaves none of them
anything to find.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

BROWSER = Path(__file__).parent / "browser"
#: In the order in which they build on each other.
_SCRIPTS = ("core", "streets", "units", "points", "shapes", "marks", "routes", "heat", "legend")
#: Signs that mean something to one of the hands; as \uXXXX they mean the same to JavaScript alone. None of them
#: is part of JSON's own structure.
_RISKY = {sign: f"\\u{ord(sign):04x}" for sign in "<>&'`$_(\u2028\u2029\u007f"}
_RISKY_SIGNS = re.compile("[" + "".join(_RISKY) + "]")
#: A brace before another brace, % or # opens something in Jinja; in compact JSON it can only stand in a string.
_OPENING = re.compile(r"\{(?=[{%#])")


def literal(value: Any) -> str:
    """``value`` as a compact JavaScript literal that is inert in HTML, in Jinja and in streamlit-folium."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = _RISKY_SIGNS.sub(lambda found: _RISKY[found.group()], text)
    return _OPENING.sub(r"\\u007b", text)


@cache
def browser_code() -> str:
    """The functions that draw, in the order in which they build on each other."""
    return "\n".join((BROWSER / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)


@cache
def browser_style() -> str:
    """The style sheet of the map's own signs and labels."""
    return (BROWSER / "map.css").read_text(encoding="utf-8")


class Draw(MacroElement):
    """A call of one drawing function with its data, inside a map or a feature group."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "diaban.{{ this.function }}({{ this._parent.get_name() }}, {{ this.data }});"
        "{% endmacro %}"
    )

    def __init__(self, function: str, data: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Draw"
        self.function = function
        self.data = literal(data)


def layer(function: str, data: dict[str, Any]) -> folium.FeatureGroup:
    """A feature group that is drawn by one function of ``browser/``."""
    group = folium.FeatureGroup(name=function, control=False)
    group.add_child(Draw(function, data))
    return group
