"""Premises: thousands of points on one canvas, sent as arrays of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import folium
import geopandas as gpd
import numpy as np
import pandas as pd

from geo.words import PremisesType
from layers import style
from layers.compact import PER_DEGREE, placed
from layers.script import layer
from layers.style import Say

ColourBy = Literal["type", "risk"]
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TYPES = list(PremisesType)
_LOOKS = list(style.STATUS_LOOKS.values())


def short_keys(ids: Sequence[str]) -> dict[str, str]:
    """Each id's shortest beginning, of one length for all and at least 4, that names it alone.

    Ids are long and random; the map needs only as much of them as tells a click's target.
    """
    known = list(dict.fromkeys(ids))
    longest = max((len(value) for value in known), default=4)
    length = 4
    while length < longest and len({value[:length] for value in known}) < len(known):
        length += 1
    return {value: value[:length] for value in known}


def premises_layer(
    premises: gpd.GeoDataFrame,
    *,
    say: Say,
    colour_by: ColourBy = "type",
    keys: Mapping[str, str] | None = None,
) -> folium.FeatureGroup:
    """Premises as points; a click picks ("premises", key).

    ``premises``: columns id, name, type, status, geometry, and score (0-100 or missing) when coloured by risk.
    A row without a place is not drawn. ``say`` gives the reader's word for a type; ``keys`` what a click
    returns for an id, the id itself by default.
    """
    shown = placed(premises)
    lon, lat = (np.rint(axis * PER_DEGREE).astype(int) for axis in (shown.geometry.x, shown.geometry.y))
    start = [int(lon.min()), int(lat.min())] if len(shown) else [0, 0]
    kinds = _codes(shown["type"], [kind.value for kind in _TYPES])
    colours, colour = _colours(shown, kinds, colour_by)
    status = _codes(shown["status"], [kind.value for kind in style.STATUS_LOOKS])
    data = {
        "from": start,
        "lon": (lon - start[0]).tolist(),
        "lat": (lat - start[1]).tolist(),
        "id": [(keys or {}).get(value, value) for value in shown["id"]],
        "name": shown["name"].astype(str).tolist(),
        "colour": _digits(colour),
        "colours": colours,
        "look": _digits(status.where(status < len(_LOOKS), 0)),
        "looks": _LOOKS,
        "text": _digits(kinds),
        "texts": [*(say(kind) for kind in _TYPES), ""],
    }
    return layer("points", data)


def _colours(shown: gpd.GeoDataFrame, kinds: pd.Series, colour_by: ColourBy) -> tuple[list[str], pd.Series]:
    if colour_by == "risk":
        return [*style.RISK_COLOURS, style.NO_RISK_COLOUR], style.risk_class(shown["score"])
    return [*(style.TYPE_COLOURS[kind] for kind in _TYPES), style.OTHER_COLOUR], kinds


def _codes(values: pd.Series, known: Sequence[str]) -> pd.Series:
    """Position of each value in ``known``; one past the end for any other."""
    return values.map({value: i for i, value in enumerate(known)}).fillna(len(known)).astype(int)


def _digits(codes: pd.Series) -> str:
    return "".join(_DIGITS[code] for code in codes)
