"""Layers as map files: GeoPackage with QGIS styles in it, GeoJSON."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.exporters.layer import Layer
from data.exporters.qgis_style import qgis_style
from geo.crs import LONLAT

#: A centimetre, more than any of our places is known to.
_DECIMALS = 7
_SUFFIX = {0: "points", 1: "lines", 2: "areas"}
_STYLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
);
INSERT INTO gpkg_contents (table_name, data_type, identifier)
VALUES ('layer_styles', 'attributes', 'layer_styles');
"""


def write_geojson(layers: list[Layer], file: Path) -> None:
    """The first layer as GeoJSON (RFC 7946): lon, lat with seven decimals."""
    layer = layers[0]
    properties = zip(*([c.plain(v) for v in layer.values(c)] for c in layer.columns), strict=True)
    keys = [column.key for column in layer.columns]
    features = [
        {"type": "Feature", "properties": dict(zip(keys, row, strict=True)), "geometry": _geojson(shape)}
        for row, shape in zip(properties, layer.frame.geometry, strict=True)
    ]
    document = {"type": "FeatureCollection", "name": layer.name, "features": features}
    file.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _geojson(shape: shapely.Geometry | None) -> Any:
    if shape is None or shape.is_empty:
        return None
    rounded = shapely.transform(shape, lambda xy: np.round(xy, _DECIMALS))
    return json.loads(shapely.to_geojson(shapely.orient_polygons(rounded, exterior_cw=False)))


def write_gpkg(layers: list[Layer], file: Path) -> None:
    """The layers as tables of a GeoPackage, each with a style that QGIS takes as its default.

    Points, lines and areas of one layer are tables of their own: that is how QGIS wants them.
    """
    written: list[tuple[str, str]] = []
    for layer in layers:
        for table, dimension, rows in _tables(layer):
            kind = {0: "Point", 1: "MultiLineString", 2: "MultiPolygon"}[dimension]
            rows.to_file(file, layer=table, driver="GPKG", geometry_type=kind, promote_to_multi=dimension > 0)
            written.append((table, qgis_style(layer.look, dimension, layer.title)))
    with closing(sqlite3.connect(file)) as package, package:
        package.executescript(_STYLES)
        package.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,"
            " styleName, styleQML, styleSLD, useAsDefault, owner) VALUES ('', '', ?, 'geom', ?, ?, '', 1, '')",
            [(table, table[:30], style) for table, style in written],
        )


def _tables(layer: Layer) -> list[tuple[str, int, gpd.GeoDataFrame]]:
    """Table name, dimension and rows for each kind of geometry; rows without a place go with the first."""
    frame = gpd.GeoDataFrame(
        {column.key: _typed([column.plain(v) for v in layer.values(column)]) for column in layer.columns},
        geometry=list(layer.frame.geometry),
        crs=LONLAT,
    )
    dimension = _dimensions(frame)
    present = sorted({int(d) for d in dimension if d >= 0}) or [0]
    dimension[dimension < 0] = present[0]
    names = [layer.name] if len(present) == 1 else [f"{layer.name}_{_SUFFIX[d]}" for d in present]
    return [(name, d, frame[dimension == d]) for name, d in zip(names, present, strict=True)]


def _dimensions(frame: gpd.GeoDataFrame) -> npt.NDArray[np.int64]:
    shapes = np.asarray(frame.geometry.to_numpy(), dtype=object)
    return np.where(shapely.is_empty(shapes), -1, shapely.get_dimensions(shapes)).astype(np.int64)


def _typed(values: list[Any]) -> pd.Series:
    """The cells with the narrowest type of a database column that holds them all."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int}:
        return pd.Series(values, dtype="Int64")
    if kinds and kinds <= {int, float}:
        return pd.Series(values, dtype="Float64")
    if kinds == {bool}:
        return pd.Series(values, dtype="boolean")
    return pd.Series([None if v is None else str(v) for v in values], dtype=object)
