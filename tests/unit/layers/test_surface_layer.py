"""The hotspot surface on the map: only cells that say something; what is significant shows without colour."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from streamlit_folium import _get_feature_group_string

from geo.crs import LONLAT
from geo.words import Trend
from layers.base import base_map
from layers.style import RISK_COLOURS
from layers.surface import DENSITY_STEPS, TREND_COLOURS, SurfaceColours, density_step, surface_layer
from tests.unit.layers import made_up
from tests.unit.layers.reading import calls, texts_in

SIZE = 0.0014


def cells(count: int = 10) -> gpd.GeoDataFrame:
    """A row of squares, the first the densest, with every trend in turn and some without."""
    trends = [*Trend, None, None]
    squares = [
        shapely.box(105.75 + i * SIZE, 20.95, 105.75 + (i + 1) * SIZE, 20.95 + SIZE) for i in range(count)
    ]
    return gpd.GeoDataFrame(
        {
            "id": [f"0-{i}" for i in range(count)],
            "top": [(i + 1) / count for i in range(count)],
            "hot": [i < 1 for i in range(count)],
            "trend": [trends[i % len(trends)] for i in range(count)],
        },
        geometry=squares,
        crs=LONLAT,
    )


def drawn(
    frame: gpd.GeoDataFrame, colours: SurfaceColours, tell: Any = lambda cell: [cell.id]
) -> dict[str, Any]:
    group = surface_layer(frame, colour_by=colours, tell=tell)
    ((name, data),) = calls(_get_feature_group_string(group, base_map(made_up.units(), made_up.streets())))
    assert name == "shapes"
    return dict(data)


def test_by_density_only_the_densest_fifth_is_drawn_and_significant_cells_have_an_edge() -> None:
    data = drawn(cells(), "density")
    assert [row["id"] for row in data["rows"]] == ["0-0", "0-1"]
    edges = [data["styles"][row["style"]]["color"] for row in data["rows"]]
    assert edges[0] != edges[1]


def test_by_trend_exactly_the_cells_with_a_trend_are_drawn_each_in_its_colour() -> None:
    frame = cells()
    data = drawn(frame, "trend")
    trended = frame[[isinstance(trend, Trend) for trend in frame["trend"]]]
    assert [row["id"] for row in data["rows"]] == list(trended["id"])
    colours = {data["styles"][trend.value]["fillColor"] for trend in Trend}
    assert colours == set(TREND_COLOURS.values())
    assert len(colours) == len(Trend)


def test_a_denser_cell_is_never_lighter() -> None:
    steps = density_step(np.linspace(0.001, 1, 200))
    assert (np.diff(steps) <= 0).all()
    assert steps[0] == len(RISK_COLOURS) - 1
    assert steps[-1] == -1
    assert len(DENSITY_STEPS) == len(RISK_COLOURS)


@pytest.mark.parametrize("colours", ["density", "trend"])
def test_no_cells_are_an_empty_layer(colours: SurfaceColours) -> None:
    assert drawn(cells().iloc[:0], colours)["rows"] == []


def test_what_is_told_of_a_cell_reaches_the_browser_as_plain_text() -> None:
    nasty = "</script><img src=x onerror=alert(1)>{{ 7 * 7 }}"
    data = drawn(cells(), "density", lambda _cell: [nasty])
    assert nasty in texts_in(data["rows"])
    group = surface_layer(cells(), colour_by="density", tell=lambda _cell: [nasty])
    script = _get_feature_group_string(group, base_map(made_up.units(), made_up.streets()))
    assert "<img" not in script


def test_no_kind_of_cell_speaks_of_health_services() -> None:
    words = {word for trend in Trend for word in (trend.value, trend.name.lower())}
    assert words.isdisjoint({"condom", "hiv", "methadone", "outreach"})
