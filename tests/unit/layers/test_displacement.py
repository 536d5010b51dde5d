"""Displacement on the map: rings, arrows that point where it rose, and texts that are only shown."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from streamlit_folium import _get_feature_group_string

from geo.crs import LONLAT, METRIC
from layers.assets.localize import localize
from layers.base import base_map
from layers.displacement import RINGS, WIDTHS, displacement_layer
from tests.unit.layers import made_up
from tests.unit.layers.reading import calls, texts_in
from tests.unit.layers.test_escaping import CANARIES
from tests.unit.layers.test_offline import FOREIGN

HERE, THERE = (105.770, 20.970), (105.775, 20.972)


def rings() -> gpd.GeoDataFrame:
    inner = shapely.Point(HERE).buffer(0.002)
    return gpd.GeoDataFrame(
        {"area": ["response", "buffer"]}, geometry=[inner, inner.buffer(0.004) - inner], crs=LONLAT
    )


def arrows(*changes: float, end: tuple[float, float] = THERE) -> gpd.GeoDataFrame:
    ids = [f"a{number}" for number in range(len(changes))]
    lines = gpd.GeoSeries([shapely.LineString([HERE, end])] * len(changes), crs=LONLAT)
    return gpd.GeoDataFrame({"id": ids, "change": list(changes)}, geometry=lines)


def drawn(ways: gpd.GeoDataFrame, tell: Any = lambda row: [row.id]) -> list[dict[str, Any]]:
    group = displacement_layer(rings(), ways, tell=tell)
    found = calls(_get_feature_group_string(group, base_map(made_up.units(), made_up.streets())))
    assert [name for name, _ in found] == ["shapes", "shapes"]
    return [dict(data) for _, data in found]


def test_the_catchment_and_the_buffer_are_two_rings_that_catch_no_click() -> None:
    ground, _ = drawn(arrows(3.0))
    assert ground["kind"] is None
    assert [row["style"] for row in ground["rows"]] == ["response", "buffer"]
    assert set(ground["styles"]) == set(RINGS)


def test_an_arrow_runs_from_where_it_fell_to_where_it_rose() -> None:
    _, ways = drawn(arrows(3.0))
    (head, (kind, shaft)) = ways["rows"][0]["shape"]
    assert head[0] == "area"
    assert kind == "line"
    assert np.array(shaft[:2]) / 1e5 == pytest.approx(HERE, abs=1e-5)
    tip = np.array(head[1][0][:2]) / 1e5
    assert tip == pytest.approx(THERE, abs=1e-5)


def test_a_larger_change_is_never_drawn_thinner() -> None:
    _, ways = drawn(arrows(2.0, 30.0, 12.0))
    widths = [int(row["style"]) for row in ways["rows"]]
    assert widths[1] == WIDTHS[-1]
    assert widths[0] <= widths[2] <= widths[1]


def test_no_arrow_and_an_arrow_to_the_same_place_draw_nothing() -> None:
    assert drawn(arrows())[1]["rows"] == []
    assert drawn(arrows(3.0, end=HERE))[1]["rows"][0]["shape"] == []


def test_the_head_stays_in_proportion_on_a_short_arrow() -> None:
    _, ways = drawn(arrows(3.0, end=(HERE[0] + 0.0003, HERE[1])))
    head = ways["rows"][0]["shape"][0][1][0]
    xy = np.cumsum(np.array(head).reshape(-1, 2), axis=0) / 1e5
    reach = gpd.GeoSeries(gpd.points_from_xy(*xy.T), crs=LONLAT).to_crs(METRIC)
    assert np.ptp(reach.x) < 15


@pytest.mark.parametrize("canary", CANARIES)
def test_what_is_told_of_an_arrow_is_shown_and_not_run(canary: str) -> None:
    _, ways = drawn(arrows(3.0), lambda _row: [canary])
    assert canary in texts_in(ways["rows"])


def test_the_layer_fetches_nothing_from_elsewhere() -> None:
    ground = base_map(made_up.units(), made_up.streets())
    localize(displacement_layer(rings(), arrows(3.0), tell=lambda row: [row.id])).add_to(ground)
    assert not FOREIGN.search(ground.get_root().render())
