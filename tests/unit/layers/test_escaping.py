"""Names come from files: whatever is in them, the map shows it and never runs it."""

from __future__ import annotations

import json
import re

import folium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit_folium import _get_feature_group_string, _get_map_string

from layers.base import base_map
from layers.script import BROWSER, Draw, literal
from tests.unit.layers import made_up
from tests.unit.layers.conftest import Renamed
from tests.unit.layers.reading import calls, texts_in

CANARIES = [
    "<script>window.canary=1</script>",
    "</script><script>window.canary=1</script>",
    '"><img src=x onerror="window.canary=1">',
    "<!--<script>",
    "`${window.canary=1}`",
    "');window.canary=1;('",
    '");window.canary=1;("',
    '\\");window.canary=1;//',
    "{{ 7 * 7 }}",
    "{% for x in ().__class__.__bases__ %}{% endfor %}",
    "{# gone #} {{'map_div'}}",
    "map_div_0 feature_group_0 drawnItems alert(coords);",
    "&lt;b&gt; & \u2028\u2029",
]


@given(st.text())
def test_any_text_arrives_as_it_was_written(text: str) -> None:
    assert json.loads(literal({"name": [text, {text: text}]})) == {"name": [text, {text: text}]}


@given(st.text(alphabet="{}%#'_\\<>&`$\"\u2028 a/"))
def test_text_survives_both_renderings_of_folium_and_streamlit_folium(text: str) -> None:
    ground, group = folium.Map(tiles=None), folium.FeatureGroup()
    group.add_child(Draw("points", {"name": text}))
    folium_page = folium.Map(tiles=None)
    folium_page.add_child(Draw("points", {"name": text}))
    ((_, in_frame),) = calls(_get_feature_group_string(group, ground))
    ((_, in_page),) = calls(folium_page.get_root().render())
    assert in_frame == in_page == {"name": text}


@pytest.mark.parametrize("canary", CANARIES)
def test_a_name_that_is_code_stays_a_name_in_every_layer(canary: str, layers_with_text: Renamed) -> None:
    for group in layers_with_text(canary):
        script = _get_feature_group_string(group, folium.Map(tiles=None))
        assert not re.search(r"[<>`$]", script)
        found = calls(script)
        assert found
        assert any(canary in text for text in texts_in([data for _, data in found]))


@pytest.mark.parametrize("canary", CANARIES)
def test_names_of_wards_and_streets_stay_names(canary: str) -> None:
    ground = base_map(made_up.units().assign(name=canary), made_up.streets().assign(name=canary))
    found = dict(calls(_get_map_string(ground)))
    assert all(row[-1] == canary for row in found["units"]["names"])
    assert all(row[-1] == canary for row in found["streets"]["names"])


def test_the_drawing_code_itself_holds_nothing_that_a_template_would_read() -> None:
    for file in BROWSER.iterdir():
        assert not re.search(r"\{[{%#]|</script", file.read_text(encoding="utf-8")), file.name


def test_the_drawing_code_turns_no_text_into_html() -> None:
    for file in BROWSER.glob("*.js"):
        code = file.read_text(encoding="utf-8")
        assert not re.search(r"\.innerHTML\s*=|insertAdjacentHTML|document\.write|eval\(", code), file.name
