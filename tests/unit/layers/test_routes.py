"""The layers of a plan: order, direction, start places, what is told apart, and hatched joint sweeps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import LONLAT, METRIC
from geo.words import VisitKind
from layers import compact
from layers.plan_sweeps import sweeps_layer
from layers.routes import SECRET_COLOUR, routes_layer
from tests.unit.layers import made_up
from tests.unit.layers.reading import calls


def drawn(group: folium.FeatureGroup) -> list[tuple[str, Any]]:
    base = folium.Map(tiles=None)
    base.add_child(group)
    return calls(base.get_root().render())


def sweep(line: shapely.LineString) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"segment_id": ["đoạn 1"], "starts": [pd.Timestamp(datetime(2026, 12, 1, 19))]},
        geometry=[line],
        crs=LONLAT,
    )


def test_each_team_sets_out_from_a_house_where_its_way_begins() -> None:
    routes = made_up.routes()
    ((_, data), _) = drawn(routes_layer(made_up.visits(), routes))
    assert [row["lines"][0] for row in data["bases"]] == list(routes["team"])
    for row, way in zip(data["bases"], routes.geometry, strict=True):
        assert row["at"] == compact.at(shapely.Point(way.coords[0]))


def test_a_team_that_goes_out_on_many_days_from_one_place_has_one_house() -> None:
    routes = pd.concat([made_up.routes()] * 3, ignore_index=True)
    ((_, data), _) = drawn(routes_layer(made_up.visits(), routes))
    assert len(data["bases"]) == 2


def test_an_unannounced_stop_is_told_apart_by_colour_and_sign() -> None:
    kinds = [VisitKind.UNANNOUNCED.value, *[VisitKind.PLANNED.value] * 9]
    (_, (_, data)) = drawn(routes_layer(made_up.visits().assign(kind=kinds), made_up.routes()))
    secret, *others = data["rows"]
    assert secret["sign"] == "1!"
    assert secret["colour"] == SECRET_COLOUR
    assert all("!" not in row["sign"] and row["colour"] != SECRET_COLOUR for row in others)


def test_a_stop_and_a_way_say_what_the_page_tells_of_them() -> None:
    layer = routes_layer(
        made_up.visits(),
        made_up.routes(),
        tell_stop=lambda row: [f"thứ {row.position}"],
        tell_way=lambda row: [f"tuyến của {row.team}"],
    )
    (_, ways), (_, stops) = drawn(layer)
    assert stops["rows"][0]["lines"][-1] == "thứ 1"
    assert ways["rows"][0]["lines"][-1] == f"tuyến của {made_up.routes()['team'].iloc[0]}"


def test_a_joint_sweep_reaches_as_far_to_both_sides_of_the_border() -> None:
    line = shapely.LineString([(105.77, 20.97), (105.775, 20.97)])
    ((name, data),) = drawn(sweeps_layer(sweep(line), tell=lambda _row: ["Kiểm tra chung"], width_m=100))
    (row,) = data["rows"]
    assert (name, row["id"], row["lines"]) == ("sweeps", "đoạn 1", ["Kiểm tra chung"])
    ring = np.cumsum(np.array(row["shape"][0][1][0]).reshape(-1, 2), axis=0) / compact.PER_DEGREE
    area = gpd.GeoSeries([shapely.Polygon(ring)], crs=LONLAT).to_crs(METRIC).iloc[0]
    along = gpd.GeoSeries([line], crs=LONLAT).to_crs(METRIC).iloc[0]
    assert abs(area.area - along.length * 200) < 0.02 * along.length * 200
    assert area.contains(along.interpolate(0.5, normalized=True))


def test_without_a_sweep_nothing_is_hatched() -> None:
    nothing = sweep(shapely.LineString([(105.77, 20.97), (105.775, 20.97)])).iloc[0:0]
    ((_, data),) = drawn(sweeps_layer(nothing, tell=lambda _row: []))
    assert data["rows"] == []


def test_text_of_a_sweep_is_inert() -> None:
    line = shapely.LineString([(105.77, 20.97), (105.775, 20.97)])
    hostile = "</script><img src=x onerror=alert(1)>{{7*7}}"
    base = folium.Map(tiles=None)
    base.add_child(sweeps_layer(sweep(line), tell=lambda _row: [hostile]))
    script = base.get_root().render()
    assert hostile not in script
    assert calls(script)[0][1]["rows"][0]["lines"] == [hostile]
