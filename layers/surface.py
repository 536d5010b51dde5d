"""The hotspot surface: square cells by how much is expected in them, or by how they have been hot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import folium
import geopandas as gpd
import numpy as np
import numpy.typing as npt

from geo.words import Trend
from layers.compact import placed, shape
from layers.script import layer
from layers.style import RISK_COLOURS

SurfaceColours = Literal["density", "trend"]
#: The densest hundredth of the area is darkest; beyond the last step nothing is drawn. Lightest step first.
DENSITY_STEPS: Sequence[float] = (0.2, 0.1, 0.05, 0.02, 0.01)
TREND_COLOURS: Mapping[Trend, str] = {
    Trend.NEW: "#7b1fa2",
    Trend.INTENSIFYING: "#b2182b",
    Trend.PERSISTENT: "#d55e00",
    Trend.DIMINISHING: "#e69f00",
    Trend.SPORADIC: "#3d8ec9",
    Trend.HISTORICAL: "#6b6b6b",
}
#: Around cells that are more than chance: told from the others also without colour.
HOT_EDGE: Mapping[str, object] = {"color": "#1d2733", "weight": 2, "opacity": 1}
_PLAIN_EDGE: Mapping[str, object] = {"color": "#ffffff", "weight": 0.5, "opacity": 0.7}


def surface_layer(
    cells: gpd.GeoDataFrame, *, colour_by: SurfaceColours, tell: Callable[[Any], Sequence[str]]
) -> folium.FeatureGroup:
    """Cells of the surface; a click picks ("cell", id).

    ``cells``: columns id, top (share of the area that is at least as dense, 0-1), hot (significant), trend
    (``Trend`` or None), geometry (squares). By density the densest fifth is drawn, significant cells with a
    dark edge; by trend only cells that have one. ``tell`` gives the lines of a cell's tooltip.
    """
    shown = placed(cells)
    steps = density_step(shown["top"].to_numpy(dtype=float))
    rows = [
        {"id": str(row.id), "style": style, "shape": shape(row.geometry), "lines": [*tell(row)]}
        for row, step in zip(shown.itertuples(), steps.tolist(), strict=True)
        if (style := _style_of(row, step, colour_by))
    ]
    return layer("shapes", {"kind": "cell", "styles": _styles(colour_by), "rows": rows})


def density_step(top: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """The step of each cell in ``RISK_COLOURS``; -1 for cells that are not among the densest fifth."""
    return np.sum(top[:, None] <= np.array(DENSITY_STEPS)[None, :], axis=1) - 1


def _style_of(row: Any, step: int, colour_by: SurfaceColours) -> str | None:
    """The name of a cell's style, None when it is not drawn."""
    if colour_by == "trend":
        return row.trend.value if isinstance(row.trend, Trend) else None
    if step < 0:
        return None
    return f"{step}-hot" if row.hot else str(step)


def _styles(colour_by: SurfaceColours) -> dict[str, dict[str, object]]:
    if colour_by == "trend":
        return {
            trend.value: {"fillColor": colour, "fillOpacity": 0.62, **_PLAIN_EDGE}
            for trend, colour in TREND_COLOURS.items()
        }
    styles = {}
    for step, colour in enumerate(RISK_COLOURS):
        look = {"fillColor": colour, "fillOpacity": 0.5 + 0.08 * step}
        styles[str(step)] = {**look, **_PLAIN_EDGE}
        styles[f"{step}-hot"] = {**look, **HOT_EDGE}
    return styles
