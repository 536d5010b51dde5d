"""Signal heat: where reports gathered in a stretch of time, as one small picture that the browser smooths."""

from __future__ import annotations

import folium
import numpy as np

from geo.heat import Heat
from layers.script import layer
from layers.style import RISK_COLOURS

#: Values are sent as digits; the browser makes colours of them.
_STEPS = 35
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def heat_layer(heat: Heat) -> folium.FeatureGroup:
    """The picture under everything that can be clicked; it takes no clicks itself."""
    steps = np.ceil(np.clip(heat.values, 0, 1) * _STEPS - 0.35).astype(int).clip(0, _STEPS)
    rows, columns = steps.shape
    west, south, east, north = heat.bounds
    return layer(
        "heat",
        {
            "rows": rows,
            "columns": columns,
            "cells": "".join(_DIGITS[step] for step in steps.ravel()),
            "bounds": [[round(south, 6), round(west, 6)], [round(north, 6), round(east, 6)]],
            "colours": list(RISK_COLOURS),
        },
    )
