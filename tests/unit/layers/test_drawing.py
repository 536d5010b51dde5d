"""The layer on which hotspots are drawn, and the picture of the signals' heat."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from branca.element import Figure
from streamlit_folium import _get_feature_group_string

from geo.heat import Heat
from layers.assets.localize import VENDOR_URL, localize
from layers.base import base_map
from layers.drawing import WORDS, DrawingTools, Tool, context_layer, drawing_layer, drawn
from layers.heat import heat_layer
from tests.unit.layers import made_up

TEXTS = dict.fromkeys(WORDS, "chữ")


def script(group: object) -> str:
    return str(_get_feature_group_string(group, base_map(made_up.units(), made_up.streets())))


def test_the_drawing_tools_come_from_the_app_itself() -> None:
    ground = localize(base_map(made_up.units(), made_up.streets()).add_child(DrawingTools()))
    for _name, link in [*DrawingTools.default_js, *DrawingTools.default_css]:
        assert link.startswith(VENDOR_URL)
    assert isinstance(ground.get_root(), Figure)


def test_the_same_drawing_is_the_same_layer_to_the_letter() -> None:
    area = shapely.box(105.76, 20.96, 105.762, 20.962)
    first, second = (
        script(drawing_layer("new-0", area, {Tool.AREA: "Vẽ vùng"}, TEXTS, colour="#0b5c8a")) for _ in range(2)
    )
    assert first == second
    assert "new-0" in first and "Polygon" in first


def test_words_of_the_tools_cannot_become_code() -> None:
    nasty = "</script><script>alert(1)</script>{{ 7*7 }}"
    made = script(drawing_layer("k", None, {Tool.LINE: nasty}, TEXTS | {"bar": nasty}, colour="#000000"))
    assert nasty not in made and "<script>alert" not in made


def test_what_the_browser_sends_is_key_and_shape() -> None:
    key, shape = drawn('edit-h1-3|{"type":"Point","coordinates":[105.77,20.97]}')
    assert key == "edit-h1-3"
    assert shape.equals(shapely.Point(105.77, 20.97))


@pytest.mark.parametrize("sent", ["", "k|null", "k|{}", "k|không phải", "k"])
def test_anything_else_from_the_browser_is_refused(sent: str) -> None:
    with pytest.raises(ValueError):
        drawn(sent)


def test_other_hotspots_take_no_clicks() -> None:
    assert '"kind":null' in script(context_layer(made_up.hotspots()))


def test_heat_is_one_digit_a_cell_from_cold_to_hot() -> None:
    values = np.array([[0.0, 0.5], [1.0, 0.0]])
    made = script(heat_layer(Heat(values, (105.7, 20.9, 105.8, 21.0), 3)))
    cells = json.loads('"' + made.split('"cells":"')[1].split('"')[0] + '"')
    assert len(cells) == 4
    assert cells[0] == "0" and cells[2] == "z" and "0" < cells[1] < "z"
