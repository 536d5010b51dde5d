"""The map in a real browser that reaches nothing: it draws, a click picks, and names are only shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Browser, Page

from layers.assets.localize import standalone_html
from layers.base import base_map, view_layer
from layers.points import premises_layer
from tests.unit.layers import made_up
from tests.unit.layers.conftest import Renamed
from tests.unit.layers.test_escaping import CANARIES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 900, "height": 600}, offline=True)
    yield context.new_page()
    context.close()


def open_map(page: Page, file: Path, html: str) -> list[str]:
    """Open the map; gives the errors and the addresses it asked for."""
    file.write_text(html, encoding="utf-8")
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda request: trouble.append(request.url) if request.url[:4] == "http" else None)
    page.goto(file.as_uri())
    page.wait_for_function("window.diaban && diaban.map")
    return trouble


def test_hostile_names_are_shown_and_not_run(page: Page, tmp_path: Path, layers_with_text: Renamed) -> None:
    for canary in CANARIES:
        ground = base_map(
            made_up.units().assign(name=canary, source=f"© {canary}"), made_up.streets().assign(name=canary)
        )
        for group in layers_with_text(canary):
            group.add_to(ground)
        trouble = open_map(page, tmp_path / "map.html", standalone_html(ground))
        page.evaluate(
            "diaban.map.eachLayer(layer => { if (layer.openTooltip) layer.openTooltip(); "
            "if (layer.fire && layer.getLatLng) layer.fire('mouseover', {latlng: layer.getLatLng()}, true); })"
        )
        page.wait_for_timeout(50)
        assert trouble == []
        assert page.evaluate("window.canary === undefined")
        assert page.evaluate("document.querySelectorAll('#map img, .leaflet-container img').length") == 0
        assert page.locator(".map-ward").first.evaluate("e => e.textContent") == canary


def test_a_click_on_a_point_picks_that_premises_and_points_at_one_place_take_turns(
    page: Page, tmp_path: Path
) -> None:
    places = made_up.premises(2)
    places.loc[:, "geometry"] = made_up.units().geometry.iloc[0].centroid
    ground = base_map(made_up.units(), made_up.streets())
    premises_layer(places, say=str).add_to(ground)
    open_map(page, tmp_path / "map.html", standalone_html(ground))
    x, y = page.evaluate(
        "(() => { let at; diaban.map.eachLayer(l => { if (l.row === 0) at = l; });"
        "const p = diaban.map.latLngToContainerPoint(at.getLatLng()); return [p.x, p.y]; })()"
    )
    picked = []
    for _ in range(3):
        page.mouse.click(x, y)
        page.wait_for_timeout(300)
        picked.append(page.evaluate("diaban.picked.id"))
    assert set(picked) == set(places["id"])
    assert picked[0] == picked[2]


def test_the_view_goes_to_the_wards_that_were_asked_for_and_a_button_shows_the_whole_again(
    page: Page, tmp_path: Path
) -> None:
    units = made_up.units()
    ground = base_map(units, made_up.streets())
    view_layer("Xem toàn địa bàn", units.iloc[:1], key="ward-0").add_to(ground)
    assert open_map(page, tmp_path / "map.html", standalone_html(ground)) == []

    def shows(west: float, south: float, east: float, north: float) -> bool:
        corners = f"[[{south}, {west}], [{north}, {east}]]"
        return bool(page.evaluate(f"diaban.map.getBounds().pad(0.01).contains({corners})"))

    assert shows(*units.geometry.iloc[0].bounds)
    assert not shows(*units.total_bounds)
    page.get_by_role("button", name="Xem toàn địa bàn").click()
    page.wait_for_timeout(100)
    assert shows(*units.total_bounds)


def test_names_of_wards_never_lie_on_each_other(page: Page, tmp_path: Path) -> None:
    west, south, east, north = made_up.units().total_bounds
    strips = [
        shapely.box(west + i * (east - west) / 12, south, west + (i + 1) * (east - west) / 12, north)
        for i in range(12)
    ]
    units = made_up.units().iloc[[0] * 12].set_geometry(strips, crs=made_up.units().crs)
    open_map(page, tmp_path / "map.html", standalone_html(base_map(units, made_up.streets())))
    page.wait_for_timeout(100)
    boxes = page.evaluate(
        "[...document.querySelectorAll('.map-ward')].filter(e => e.style.visibility !== 'hidden')"
        ".map(e => e.getBoundingClientRect()).map(b => [b.left, b.top, b.right, b.bottom])"
    )
    shown = [shapely.box(*box).buffer(-1) for box in boxes]
    assert len(shown) > 1
    assert not any(a.intersects(b) for i, a in enumerate(shown) for b in shown[:i])
