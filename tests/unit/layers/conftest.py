"""All layers with one set of data, and the map's libraries in place."""

from __future__ import annotations

from collections.abc import Callable

import folium
import pytest

from layers.alerts import alerts_layer
from layers.assets.install import install
from layers.borders import borders_layer
from layers.hotspots import hotspots_layer
from layers.legend import Entry, Section, legend_layer
from layers.picked import picked_layer
from layers.points import premises_layer
from layers.routes import routes_layer
from tests.unit.layers import made_up

Renamed = Callable[[str], list[folium.FeatureGroup]]


@pytest.fixture(scope="session", autouse=True)
def _libraries() -> None:
    install()


@pytest.fixture
def layers_with_text() -> Renamed:
    """Every layer that shows text, with the same text in every place that can come from outside."""

    def build(text: str) -> list[folium.FeatureGroup]:
        visits = made_up.visits().assign(name=text, team=text)
        strips = made_up.strips()
        strips["names"] = [(text, text)] * len(strips)
        return [
            premises_layer(made_up.premises(3, [text] * 3), say=str),
            hotspots_layer(made_up.hotspots().assign(name=text), say=str),
            alerts_layer(made_up.alerts().assign(name=text), say=str),
            borders_layer(strips),
            routes_layer(visits, made_up.routes().assign(team=text)),
            picked_layer(visits.geometry.iloc[0], key=text, move=False),
            legend_layer(text, [Section(text, [Entry("dot", "#000000", text)])]),
        ]

    return build
