"""The map needs no internet, and tells no stranger that it is being read."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import branca.colormap
import folium
import folium.plugins
import pytest

from geo.errors import SurroundingsError
from layers.assets import install as installer
from layers.assets.localize import VENDOR_URL, MissingAssetError, localize, standalone_html
from layers.base import base_map
from tests.unit.layers import made_up
from tests.unit.layers.conftest import Renamed

#: What a browser would fetch by itself; a link that a reader may follow is none.
FOREIGN = re.compile(r"""(?:src|<link[^>]*href)=["']?(?:https?:)?//|url\(["']?(?:https?:)?//""")


def test_a_page_names_only_what_the_app_serves_itself(layers_with_text: Renamed) -> None:
    ground = base_map(made_up.units(), made_up.streets())
    for group in layers_with_text("Mộ Lao"):
        localize(group).add_to(ground)
    page = ground.get_root().render()
    assert not FOREIGN.search(page)
    links = re.findall(r'<(?:script src|link rel="stylesheet" href)="([^"]+)"', page)
    assert len(links) == 2
    for link in links:
        assert link.startswith(f"{VENDOR_URL}/")
        assert (installer.VENDOR / link.removeprefix(f"{VENDOR_URL}/")).is_file()


def test_streamlit_folium_is_given_no_foreign_link() -> None:
    ground = base_map(made_up.units(), made_up.streets())
    for _name, link in [*ground.default_js, *ground.default_css]:
        assert link.startswith(f"{VENDOR_URL}/")


@pytest.mark.parametrize(
    "needy",
    [
        lambda: folium.Marker((21, 105), popup="x"),
        lambda: folium.Marker((21, 105), icon=folium.Icon()),
        lambda: folium.plugins.MarkerCluster(),
        lambda: branca.colormap.linear.YlOrRd_04.scale(0, 1),
    ],
)
def test_what_would_load_from_elsewhere_is_refused(needy: Callable[[], folium.Element]) -> None:
    ground = base_map(made_up.units(), made_up.streets())
    needy().add_to(ground)
    with pytest.raises(MissingAssetError):
        localize(ground)


def test_tiles_are_loaded_only_from_an_address_that_was_given() -> None:
    units, streets = made_up.units(), made_up.streets()
    assert "L.tileLayer" not in base_map(units, streets).get_root().render()
    with_tiles = base_map(units, streets, tiles_url="https://tiles.example/{z}/{x}/{y}.png", tiles_credit="<b>")
    page = with_tiles.get_root().render()
    assert "https://tiles.example/{z}/{x}/{y}.png" in page
    assert "<b>" not in page


def test_a_map_in_one_file_names_nothing_outside_itself() -> None:
    page = standalone_html(base_map(made_up.units(), made_up.streets()))
    assert not FOREIGN.search(page)
    assert VENDOR_URL not in page


def test_the_lock_file_names_packages_and_hashes_but_no_place() -> None:
    text = (installer.HERE / "package-lock.json").read_text()
    assert "resolved" not in text
    assert "://" not in text
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert {name.removeprefix("node_modules/") for name in packages} == set(installer.NEEDED)
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of its own, whose npm only writes the files that are needed."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        (tmp_path / name).write_bytes((installer.HERE / name).read_bytes())
    monkeypatch.setattr(installer, "HERE", tmp_path)
    monkeypatch.setattr(installer, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(installer, "_npm", lambda: npm_that_works)
    return tmp_path


def npm_that_works(_arguments: list[str], *, cwd: Path, **_options: object) -> subprocess.CompletedProcess[str]:
    for package, patterns in installer.NEEDED.items():
        for pattern in (*patterns, "src/unneeded.js"):
            file = cwd / "node_modules" / package / pattern.replace("*", "one")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("x")
    return subprocess.CompletedProcess([], 0, "", "")


def npm_that_fails(_arguments: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess([], 1, "", "E404")


def test_installing_keeps_what_is_needed_and_a_second_time_does_nothing(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert installer.install()
    assert (elsewhere / "vendor/leaflet/dist/leaflet.js").is_file()
    assert not (elsewhere / "vendor/leaflet/src").exists()
    monkeypatch.setattr(installer, "_npm", lambda: npm_that_fails)
    assert not installer.install()


def test_a_failed_update_says_why_and_leaves_what_was_there(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installer.install()
    (elsewhere / "package-lock.json").write_text("{}")
    monkeypatch.setattr(installer, "_npm", lambda: npm_that_fails)
    with pytest.raises(SurroundingsError) as told:
        installer.install()
    assert told.value.code == "npm_failed"
    assert (elsewhere / "vendor/leaflet/dist/leaflet.js").is_file()
    assert installer.main() == 3
    assert "E404" in capsys.readouterr().err
