"""The page of hotspots: list, one hotspot, drawing, and the map through time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import shapely
from streamlit.testing.v1 import AppTest

from app.parts import drawing_map
from app.services.facts import Known
from data.repositories import places
from data.store import Actor, Store
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.pages.test_pages import opened

OFFICER = Actor("thử", Role.WARD_OFFICER)


def ids(store: Store) -> dict[str, str]:
    with store.read(OFFICER) as work:
        spots = places.hotspots_on(work, DEMO_DAY)
    return dict(zip(spots["name"], spots["id"], strict=True))


def press(page: AppTest, word: str) -> AppTest:
    next(button for button in page.button if button.label == word).click()
    return page.run()


def drawn(page: AppTest, shape: shapely.Geometry) -> AppTest:
    """The page after the browser told of a finished stroke."""
    page.session_state["hotspot-draft"].shape = shape
    return page.run()


def test_every_hotspot_of_the_demonstration_opens(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    for name, hotspot_id in ids(demo).items():
        page = opened(monkeypatch, demo, Role.WARD_OFFICER, "hotspots", hotspot=hotspot_id)
        assert not page.exception and not page.error, name
        assert page.subheader


def test_the_previous_state_and_its_evidence_stand_beside_the_form_of_the_next(
    monkeypatch: pytest.MonkeyPatch, demo: Store
) -> None:
    spot = ids(demo)["Khu vực bến xe Yên Nghĩa"]
    page = opened(monkeypatch, demo, Role.WARD_OFFICER, "hotspots", hotspot=spot)
    said = " ".join(text.value for text in page.markdown)
    assert "đã triệt xóa, đang theo dõi" in said and "01/QĐ" in said
    assert any("Gần đây nhất trong vùng" in text.value for text in page.caption)


def test_the_police_see_a_hotspot_and_are_not_offered_to_change_it(
    monkeypatch: pytest.MonkeyPatch, demo: Store
) -> None:
    spot = ids(demo)["Khu vực bến xe Yên Nghĩa"]
    page = opened(monkeypatch, demo, Role.WARD_POLICE, "hotspots", hotspot=spot)
    assert not {"Sửa hình", "Tách điểm", "Ghi"} & {button.label for button in page.button}
    assert "Điểm mới" not in {b.label for b in opened(monkeypatch, demo, Role.WARD_POLICE, "hotspots").button}


def test_a_hotspot_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    page = opened(monkeypatch, demo, Role.WARD_OFFICER, "hotspots", hotspot="không-có")
    assert any("Không có điểm phức tạp" in error.value for error in page.error)


def test_a_new_hotspot_is_drawn_and_opens(monkeypatch: pytest.MonkeyPatch, own_demo: Store) -> None:
    page = press(opened(monkeypatch, own_demo, Role.WARD_OFFICER, "hotspots"), "Điểm mới")
    assert any("Chưa có hình" in info.value for info in page.info)
    page = drawn(page, shapely.box(105.772, 20.965, 105.774, 20.967))
    assert any("ha" in text.value for text in page.markdown)
    page.text_input(key="new-hotspot-name").set_value("Khu vực chợ thử nghiệm")
    next(field for field in page.text_input if field.label.startswith("Lý do")).set_value("Chờ xác minh")
    page = press(page, "Ghi điểm mới")
    assert not page.exception and not page.error
    assert "Khu vực chợ thử nghiệm" in ids_now(own_demo)


def ids_now(store: Store) -> set[str]:
    with store.read(OFFICER) as work:
        return set(Known(work, work.today).hotspots["name"]) | set(places.hotspots_on(work, DEMO_DAY)["name"])


def test_a_drawing_off_the_ground_is_told_before_it_is_saved(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    page = press(opened(monkeypatch, own_demo, Role.WARD_OFFICER, "hotspots"), "Điểm mới")
    page = drawn(page, shapely.Point(106.5, 20.9))
    assert any("ngoài địa bàn" in error.value for error in page.error)


def test_a_stretch_between_two_crossings_needs_no_mouse(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    page = press(opened(monkeypatch, own_demo, Role.WARD_OFFICER, "hotspots"), "Điểm mới")
    page.selectbox(key="stretch-street").select("Phố Văn Khê").run()
    page = press(page, "Lấy đoạn này")
    assert not page.exception and not page.error
    assert page.session_state["hotspot-draft"].shape.geom_type == "LineString"
    assert "đoạn từ" in page.text_input(key="new-hotspot-name").value


def test_a_hotspot_is_split_and_the_list_shows_its_parts(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    name = "Khu vực chùa Tổng - La Dương"
    with own_demo.read(OFFICER) as work:
        shape = places.hotspots_on(work, DEMO_DAY).set_index("name").geometry[name]
    west, south, east, north = shape.bounds
    blade = shapely.LineString([((west + east) / 2, south - 0.001), ((west + east) / 2, north + 0.001)])
    page = opened(monkeypatch, own_demo, Role.WARD_OFFICER, "hotspots", hotspot=ids(own_demo)[name])
    page = drawn(press(page, "Tách điểm"), blade)
    fields: list[Any] = [field for field in page.text_input if field.label.startswith("Tên phần")]
    assert len(fields) == 2
    next(field for field in page.text_input if field.label == "Lý do tách").set_value("Hai khu khác nhau")
    page = press(page, "Tách điểm")
    assert not page.exception and not page.error
    with own_demo.read(OFFICER) as work:
        now = set(places.hotspots_on(work, work.today)["name"])
    assert name not in now and {f"{name} (phần 1)", f"{name} (phần 2)"} <= now


def test_a_drawing_for_another_purpose_begins_empty(monkeypatch: pytest.MonkeyPatch, own_demo: Store) -> None:
    page = press(opened(monkeypatch, own_demo, Role.WARD_OFFICER, "hotspots"), "Điểm mới")
    first = page.session_state["hotspot-draft"].key
    page = press(drawn(page, shapely.Point(105.772, 20.965)), "Hủy")
    page = press(page, "Điểm mới")
    assert page.session_state["hotspot-draft"].shape is None
    assert page.session_state["hotspot-draft"].key != first
    assert isinstance(page.session_state["hotspot-draft"], drawing_map.Draft)


def test_the_map_goes_back_in_time(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    page = opened(monkeypatch, demo, Role.WARD_OFFICER, "map")
    page.toggle(key="map-in-time").set_value(True).run()
    page.select_slider(key="map-month").set_value(date(2024, 12, 31)).run()
    assert not page.exception and not page.error
    assert any("Bản đồ ngày 31/12/2024" in text.value for text in page.caption)
