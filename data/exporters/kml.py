"""Layers as KML for Google Earth and phones: every text escaped, fields as extended data."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import shapely

from data.cell_text import printable
from data.exporters.layer import Layer, Look

_NAMESPACE = "http://www.opengis.net/kml/2.2"


def write_kml(layers: list[Layer], file: Path) -> None:
    """The layers as folders of placemarks, lon,lat with seven decimals."""
    ET.register_namespace("", _NAMESPACE)
    root = ET.Element(f"{{{_NAMESPACE}}}kml")
    document = _add(root, "Document")
    for layer in layers:
        _styles(document, layer)
    for layer in layers:
        folder = _add(document, "Folder")
        _add(folder, "name", layer.name)
        columns = [[column.shown(value) for value in layer.values(column)] for column in layer.columns]
        keys = [f"{layer.name}-{value}" for value in _looks_of(layer)]
        for row, shape, style in zip(zip(*columns, strict=True), layer.frame.geometry, keys, strict=True):
            _placemark(folder, layer, row, shape, style)
    ET.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)


def _placemark(
    folder: ET.Element, layer: Layer, row: tuple[Any, ...], shape: shapely.Geometry | None, style: str
) -> None:
    fields = dict(zip((column.key for column in layer.columns), row, strict=True))
    placemark = _add(folder, "Placemark")
    _add(placemark, "name", _text(fields[layer.title]))
    _add(placemark, "styleUrl", f"#{style}")
    data = _add(placemark, "ExtendedData")
    for column, value in zip(layer.columns, row, strict=True):
        if value is not None:
            item = _add(data, "Data")
            item.set("name", column.key)
            _add(item, "displayName", column.header)
            _add(item, "value", _text(value))
    if shape is not None and not shape.is_empty:
        _geometry(placemark, shape)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else printable(str(value))


def _geometry(parent: ET.Element, shape: shapely.Geometry) -> None:
    if hasattr(shape, "geoms"):
        multi = _add(parent, "MultiGeometry")
        for part in shape.geoms:
            _geometry(multi, part)
    elif shape.geom_type == "Polygon":
        polygon = _add(parent, "Polygon")
        for tag, ring in [
            ("outerBoundaryIs", shape.exterior),
            *(("innerBoundaryIs", r) for r in shape.interiors),
        ]:
            _coordinates(_add(_add(polygon, tag), "LinearRing"), ring)
    else:
        _coordinates(_add(parent, "Point" if shape.geom_type == "Point" else "LineString"), shape)


def _coordinates(parent: ET.Element, shape: shapely.Geometry) -> None:
    _add(parent, "coordinates", " ".join(f"{x:.7f},{y:.7f}" for x, y, *_ in shape.coords))


def _styles(document: ET.Element, layer: Layer) -> None:
    look = layer.look
    colours = {"": look.colour, **{value: colour for value, (colour, _) in look.colours.items()}}
    colours |= {str(number): colour for number, colour in enumerate(look.ramp)}
    for value, colour in colours.items():
        style = _add(document, "Style")
        style.set("id", f"{layer.name}-{value}")
        solid, faint = _aabbggrr(colour, "ff"), _aabbggrr(colour, "40")
        _add(_add(style, "IconStyle"), "color", solid)
        line = _add(style, "LineStyle")
        _add(line, "color", solid)
        _add(line, "width", "2")
        _add(_add(style, "PolyStyle"), "color", faint)


def _looks_of(layer: Layer) -> list[str]:
    """The key of each row's style."""
    look: Look = layer.look
    if look.attribute is None:
        return [""] * len(layer.frame)
    values = list(layer.frame[look.attribute])
    if look.steps:
        return [str(sum(float(value) >= step for step in look.steps)) for value in values]
    return [str(value) if str(value) in look.colours else "" for value in values]


def _aabbggrr(colour: str, alpha: str) -> str:
    return alpha + colour[5:7] + colour[3:5] + colour[1:3]


def _add(parent: ET.Element, tag: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, f"{{{_NAMESPACE}}}{tag}")
    child.text = text
    return child
