"""The map on which one premises is placed: a click says where, a double click only zooms, keys do as well."""

from __future__ import annotations

from pathlib import Path

import folium
import pytest
import shapely
from playwright.sync_api import Page
from streamlit_folium import _get_feature_group_string

from layers.assets.localize import localize, standalone_html
from layers.base import base_map
from layers.placing import Pin, placing_layer
from tests.unit.layers import made_up
from tests.unit.layers.reading import calls, texts_in
from tests.unit.layers.test_escaping import CANARIES
from tests.unit.layers.test_in_browser import open_map, page

__all__ = ["page"]


def drawn(text: str = "Số 5 Phố Giả Định") -> folium.FeatureGroup:
    middle = made_up.units().geometry.iloc[0].centroid
    aside = shapely.Point(middle.x + 0.004, middle.y)
    known = made_up.premises(2).assign(address=text)
    return placing_layer("p1", [Pin(aside, text)], Pin(middle, text), known, near=True)


def test_what_is_said_of_a_place_stays_text() -> None:
    for canary in CANARIES:
        script = _get_feature_group_string(localize(drawn(canary)), folium.Map(tiles=None))
        data = dict(calls(script))["placing"]
        assert canary in texts_in(data)
        assert data["landmarks"]["text"] == [canary, canary]


def test_without_any_place_and_landmark_the_ground_alone_is_asked() -> None:
    group = placing_layer("p1", [], None, made_up.premises(0).assign(address=""), near=False)
    data = dict(calls(_get_feature_group_string(group, folium.Map(tiles=None))))["placing"]
    assert (data["pins"], data["now"], data["landmarks"]["text"]) == ([], None, [])


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_ground_the_pin_and_the_middle_can_be_picked(page: Page, tmp_path: Path) -> None:
    ground = base_map(made_up.units(), made_up.streets())
    drawn().add_to(ground)
    assert open_map(page, tmp_path / "map.html", standalone_html(ground)) == []

    def picked() -> list[float]:
        # A single click waits for a second one, and the map may still be moving.
        page.wait_for_timeout(1500)
        target, lon, lat = page.evaluate("diaban.picked.id").split("|")
        assert target == "p1"
        return [float(lon), float(lat)]

    page.mouse.dblclick(300, 200)
    page.wait_for_timeout(1500)
    assert page.evaluate("diaban.picked") is None
    page.mouse.click(300, 200)
    there = page.evaluate("(p => [p.lng, p.lat])(diaban.map.containerPointToLatLng([300, 200]))")
    assert picked() == pytest.approx(there, abs=1e-6)
    page.locator(".map-stop").click()
    middle = made_up.units().geometry.iloc[0].centroid
    assert picked() == pytest.approx([middle.x + 0.004, middle.y], abs=1e-6)
    page.locator(".leaflet-container").focus()
    page.keyboard.press("Enter")
    centre = page.evaluate("(c => [c.lng, c.lat])(diaban.map.getCenter())")
    assert picked() == pytest.approx(centre, abs=1e-6)
