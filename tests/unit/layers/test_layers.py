"""What a layer sends to the browser: little, the same for the same data, and true to the data."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from streamlit_folium import _get_feature_group_string, _get_map_string, generate_js_hash

from geo.crs import LONLAT
from geo.words import HotspotState, PremisesStatus, PremisesType
from layers import compact, style
from layers.base import base_map
from layers.borders import borders_layer
from layers.hotspots import hotspots_layer
from layers.legend import risk_entries, score_steps, state_entries, status_entries, type_entries
from layers.points import premises_layer, short_keys
from layers.routes import routes_layer
from layers.streets import streets_layer
from layers.units import units_layer
from tests.unit.layers import made_up
from tests.unit.layers.conftest import Renamed
from tests.unit.layers.reading import calls


def drawn(group: object) -> list[tuple[str, Any]]:
    return calls(_get_feature_group_string(group, base_map(made_up.units(), made_up.streets())))


def test_five_thousand_premises_travel_in_less_than_four_tenths_of_a_megabyte() -> None:
    places = made_up.premises(5000)
    group = premises_layer(places, say=str, keys=short_keys(list(places["id"])))
    script = _get_feature_group_string(group, base_map(made_up.units(), made_up.streets()))
    assert len(script.encode()) < 400_000


def test_the_ground_is_the_same_for_the_same_data_so_that_the_view_stays() -> None:
    def fingerprint(units: gpd.GeoDataFrame) -> str:
        return generate_js_hash(_get_map_string(base_map(units, made_up.streets())))

    assert fingerprint(made_up.units()) == fingerprint(made_up.units())
    assert fingerprint(made_up.units()) != fingerprint(made_up.units().assign(name="Khác"))


def test_who_holds_rights_in_the_ground_is_named_on_it_and_nothing_else() -> None:
    source = "Ghép theo OpenStreetMap (© OpenStreetMap contributors); không đo đạc"
    script = _get_map_string(base_map(made_up.units().assign(source=source), made_up.streets()))
    assert dict(calls(script))["prepare"]["credit"] == "© OpenStreetMap contributors"
    script = _get_map_string(base_map(made_up.units().assign(source="bịa"), made_up.streets()))
    assert dict(calls(script))["prepare"]["credit"] == ""


def test_the_map_without_tiles_ends_where_there_is_still_something_to_see() -> None:
    script = _get_map_string(base_map(made_up.units(), made_up.streets()))
    assert '"maxZoom": 19' in script
    assert '"minZoom": 10' in script


def test_the_legend_of_scores_says_what_grey_means_where_scores_are_missing() -> None:
    texts = [str(step) for step in style.RISK_COLOURS]
    assert len(risk_entries(texts)) == len(texts)
    last = risk_entries(texts, unknown="chưa có điểm")[-1]
    assert (last.text, last.colour) == ("chưa có điểm", style.NO_RISK_COLOUR)


def test_strips_do_not_lie_over_each_other() -> None:
    strips = made_up.strips()
    strips["strip"] = [area.buffer(0.001) for area in strips["strip"]]
    ((_, data),) = drawn(borders_layer(strips))
    areas = [
        shapely.Polygon(np.cumsum(np.array(row["shape"][0][1][0]).reshape(-1, 2), axis=0))
        for row in data["rows"]
    ]
    assert len(areas) == len(strips)
    total = sum(area.area for area in areas)
    assert shapely.union_all(areas).area == pytest.approx(total, rel=0.001)


def test_layers_are_the_same_to_the_letter_for_the_same_data(layers_with_text: Renamed) -> None:
    def scripts() -> list[str]:
        ground = base_map(made_up.units(), made_up.streets())
        return [_get_feature_group_string(g, ground, i) for i, g in enumerate(layers_with_text("Mộ Lao"))]

    assert scripts() == scripts()


def test_every_premises_with_a_place_is_drawn_with_its_name_colour_and_form() -> None:
    places = made_up.premises(40)
    places.loc[places.index[3], "geometry"] = None
    ((function, data),) = drawn(premises_layer(places, say=lambda word: f"<{word}>"))
    assert function == "points"
    shown = places[places.geometry.notna()]
    assert data["name"] == list(shown["name"])
    assert data["id"] == list(shown["id"])
    lon = (np.array(data["lon"]) + data["from"][0]) / compact.PER_DEGREE
    assert np.abs(lon - shown.geometry.x).max() <= 0.5 / compact.PER_DEGREE + 1e-9
    for i, row in enumerate(shown.itertuples()):
        kind, status = PremisesType(row.type), PremisesStatus(row.status)
        assert data["colours"][int(data["colour"][i], 36)] == style.TYPE_COLOURS[kind]
        assert data["looks"][int(data["look"][i], 36)] == style.STATUS_LOOKS[status]
        assert data["texts"][int(data["text"][i], 36)] == f"<{kind}>"


def test_by_risk_a_higher_score_is_never_lighter_and_no_score_is_grey() -> None:
    places = made_up.premises(7)
    places["score"] = [0, 19.9, 20, 55, 80, 100, None]
    ((_, data),) = drawn(premises_layer(places, say=str, colour_by="risk"))
    colours = [data["colours"][int(code, 36)] for code in data["colour"]]
    low, below_first, *_between, high, highest, none = colours
    assert low == below_first == style.RISK_COLOURS[0]
    assert high == highest == style.RISK_COLOURS[-1]
    assert none == style.NO_RISK_COLOUR


def test_a_type_or_status_outside_the_vocabulary_is_still_drawn() -> None:
    places = made_up.premises(1).assign(type="quán lạ", status="?")
    ((_, data),) = drawn(premises_layer(places, say=str))
    assert data["colours"][int(data["colour"], 36)] == style.OTHER_COLOUR
    assert data["looks"][int(data["look"], 36)] == "dot"


def test_empty_frames_give_an_empty_map() -> None:
    nothing = made_up.units().iloc[0:0]
    base_map(nothing, made_up.streets().iloc[0:0]).get_root().render()
    drawn(premises_layer(made_up.premises(3).iloc[0:0], say=str))
    drawn(hotspots_layer(made_up.hotspots().iloc[0:0], say=str))
    drawn(routes_layer(made_up.visits().iloc[0:0], made_up.routes().iloc[0:0]))


@given(st.lists(st.text("0123456789abcdef", min_size=1, max_size=32)))
def test_short_keys_name_each_premises_alone(ids: list[str]) -> None:
    keys = short_keys(ids)
    assert set(keys) == set(ids)
    assert len(set(keys.values())) == len(set(ids))


@given(
    st.lists(
        st.tuples(st.floats(-180, 180), st.floats(-85, 85)).map(lambda p: (round(p[0], 6), round(p[1], 6))),
        min_size=2,
        max_size=30,
        unique=True,
    )
)
def test_a_line_arrives_within_a_metre(points: list[tuple[float, float]]) -> None:
    flat = np.array(compact.path(shapely.LineString(points))).reshape(-1, 2)
    line = np.cumsum(flat, axis=0) / compact.PER_DEGREE
    for point in points:
        assert np.abs(line - point).max(axis=1).min() <= 0.5 / compact.PER_DEGREE + 1e-9


def test_a_hotspot_has_its_sign_its_shape_and_its_catchment() -> None:
    spots = made_up.hotspots()
    around, bodies, signs = (data["rows"] for _, data in drawn(hotspots_layer(spots, say=str)))
    assert len(around) == len(bodies) == len(signs) == len(HotspotState)
    assert [row["sign"] for row in signs] == [style.STATE_SIGNS[s] for s in HotspotState]
    rings = [np.cumsum(np.array(row["shape"][0][1][0]).reshape(-1, 2), axis=0) for row in around]
    middle = spots.geometry.iloc[0]
    east = (rings[0][:, 0].max() / compact.PER_DEGREE - middle.x) * 111_320 * np.cos(np.radians(middle.y))
    assert east == pytest.approx(200, abs=3)


def test_stops_carry_their_order_and_the_colour_of_their_team() -> None:
    ways, stops = (data["rows"] for _, data in drawn(routes_layer(made_up.visits(), made_up.routes())))
    colours = {row["lines"][0]: row["colour"] for row in ways}
    assert len(set(colours.values())) == 2
    for row, visit in zip(stops, made_up.visits().itertuples(), strict=True):
        assert row["sign"] == str(visit.position)
        assert row["colour"] == colours[visit.team]


def test_street_names_are_never_upside_down_and_wide_streets_come_first() -> None:
    ((_, data),) = drawn(streets_layer(made_up.streets()))
    assert all(-90 <= row[2] <= 90 for row in data["names"])
    ranks = [row[3] for row in data["names"]]
    assert ranks == sorted(ranks)
    assert {row[4] for row in data["names"]} == set(made_up.streets()["name"])


def test_a_ward_in_two_pieces_with_a_hole_keeps_them() -> None:
    outer, hole, apart = (
        shapely.box(*b)
        for b in ((105, 20, 105.1, 20.1), (105.02, 20.02, 105.05, 20.05), (106, 20, 106.1, 20.1))
    )
    ward = gpd.GeoDataFrame({"name": ["Đảo"]}, geometry=[shapely.union(outer - hole, apart)], crs=LONLAT)
    ((_, data),) = drawn(units_layer(ward))
    assert sorted(len(rings) for rings in data["areas"][0]) == [1, 2]


def test_strips_are_coloured_by_fifths_of_their_rank() -> None:
    steps = style.rank_class(pd.Series(range(1, 11)))
    assert list(steps) == [4, 4, 3, 3, 2, 2, 1, 1, 0, 0]
    assert list(style.rank_class(pd.Series([1]))) == [0]


def test_the_legend_has_a_line_for_every_value() -> None:
    assert [entry.text for entry in type_entries(str)] == [str(kind) for kind in PremisesType]
    assert [entry.text for entry in status_entries(str)] == [str(status) for status in PremisesStatus]
    assert [entry.text for entry in state_entries(str)] == [str(state) for state in HotspotState]
    assert len({entry.sign for entry in state_entries(str)}) == len(HotspotState)
    assert len({entry.look for entry in status_entries(str)}) == len(PremisesStatus)
    steps = score_steps()
    assert (steps[0][0], steps[-1][1]) == (0, 100)
    assert len(risk_entries([""] * len(steps))) == len(style.RISK_COLOURS)


def rgb(colour: str) -> np.ndarray:
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2."""
    return float(rgb(colour) @ [0.2126, 0.7152, 0.0722])


def test_risk_is_read_in_grey_too_because_each_step_is_clearly_darker() -> None:
    light = [luminance(colour) for colour in style.RISK_COLOURS]
    assert all((brighter + 0.05) / (darker + 0.05) >= 1.3 for brighter, darker in pairwise(light))


@pytest.mark.parametrize("colour", [*style.STATE_COLOURS.values(), *style.TEAM_COLOURS, style.ALERT_COLOUR])
def test_white_signs_are_read_on_their_colour(colour: str) -> None:
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_types_stay_apart_for_readers_who_see_no_red_or_no_green() -> None:
    # Full protanopia and deuteranopia after Machado, Oliveira and Fernandes 2009.
    sights = {
        "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
        "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    }
    for matrix in sights.values():
        seen = [
            np.cbrt(np.clip(np.array(matrix) @ rgb(colour), 0, 1)) for colour in style.TYPE_COLOURS.values()
        ]
        distances = [np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[:i]]
        assert min(distances) > 0.08
