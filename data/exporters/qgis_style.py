"""Styles in the form QGIS keeps them in a GeoPackage (QML): colours by value or by steps, and labels."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from xml.etree import ElementTree as ET

from data.exporters.layer import Look

_OTHER = "#9aa5b1"
_SYMBOLS = {0: "marker", 1: "line", 2: "fill"}


def qgis_style(look: Look, dimension: int, title: str) -> str:
    """The QML of a layer of points (0), lines (1) or areas (2), labelled by the field ``title``."""
    style = ET.Element("qgis", version="3.22", styleCategories="Symbology|Labeling", labelsEnabled="1")
    style.append(_renderer(look, dimension))
    style.append(_labels(title))
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(
        style, encoding="unicode"
    )


def _renderer(look: Look, dimension: int) -> ET.Element:
    if look.attribute is None:
        renderer = ET.Element("renderer-v2", type="singleSymbol", symbollevels="0", forceraster="0")
        renderer.append(_symbols([look.colour], dimension))
    elif look.steps:
        renderer = ET.Element(
            "renderer-v2", type="graduatedSymbol", attr=look.attribute, graduatedMethod="GraduatedColor"
        )
        ranges = ET.SubElement(renderer, "ranges")
        bounds = [0.0, *look.steps, 100.0]
        for number, (lower, upper) in enumerate(pairwise(bounds)):
            step = ET.SubElement(ranges, "range", symbol=str(number), lower=f"{lower:g}", upper=f"{upper:g}")
            step.set("label", f"{lower:g} - {upper:g}")
            step.set("render", "true")
        renderer.append(_symbols(look.ramp, dimension))
    else:
        renderer = ET.Element("renderer-v2", type="categorizedSymbol", attr=look.attribute, symbollevels="0")
        categories = ET.SubElement(renderer, "categories")
        shown = [(value, name) for value, (_, name) in look.colours.items()]
        for number, (value, name) in enumerate([*shown, ("", "khác")]):
            ET.SubElement(categories, "category", symbol=str(number), value=value, label=name, render="true")
        renderer.append(_symbols([*(colour for colour, _ in look.colours.values()), _OTHER], dimension))
    return renderer


def _symbols(colours: Iterable[str], dimension: int) -> ET.Element:
    symbols = ET.Element("symbols")
    for number, colour in enumerate(colours):
        symbol = ET.SubElement(symbols, "symbol", type=_SYMBOLS[dimension], name=str(number), alpha="1")
        kind, properties = _drawn(colour, dimension)
        layer = ET.SubElement(symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
        # The older of QGIS's two forms, which every version reads.
        for key, value in properties.items():
            ET.SubElement(layer, "prop", k=key, v=value)
    return symbols


def _drawn(colour: str, dimension: int) -> tuple[str, dict[str, str]]:
    if dimension == 0:
        outline = {"outline_color": "255,255,255,255", "outline_width": "0.3", "outline_width_unit": "MM"}
        return "SimpleMarker", {
            "name": "circle",
            "color": _rgba(colour, 255),
            "size": "2.6",
            "size_unit": "MM",
            **outline,
        }
    if dimension == 1:
        return "SimpleLine", {"line_color": _rgba(colour, 255), "line_width": "0.9", "line_width_unit": "MM"}
    outline = {"outline_color": _rgba(colour, 255), "outline_width": "0.46", "outline_width_unit": "MM"}
    return "SimpleFill", {"color": _rgba(colour, 40), "style": "solid", "outline_style": "solid", **outline}


def _rgba(colour: str, alpha: int) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"{red},{green},{blue},{alpha}"


def _labels(title: str) -> ET.Element:
    labeling = ET.Element("labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    text = ET.SubElement(
        settings, "text-style", fieldName=title, isExpression="0", fontSize="8", fontSizeUnit="Point"
    )
    text.set("textColor", "40,40,40,255")
    ET.SubElement(text, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferColor="255,255,255,255")
    # Labels of a whole district only where there is room for them.
    ET.SubElement(settings, "rendering", scaleVisibility="1", scaleMin="25000", scaleMax="1", displayAll="0")
    return labeling
