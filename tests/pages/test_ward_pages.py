"""The pages of the ward systems and of places from the open map."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services import osm_import
from app.services import ward_systems as service
from data.store import Actor, Store
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.pages.test_pages import opened
from tests.services.overpass_server import OverpassServer, overpass_server


@pytest.fixture
def server() -> Iterator[OverpassServer]:
    with overpass_server() as running:
        yield running


def test_the_ward_page_adds_up_and_changes_with_the_chosen_set(
    monkeypatch: pytest.MonkeyPatch, demo: Store, operator: Actor
) -> None:
    shown = opened(monkeypatch, demo, Role.ADMIN, "ward_systems")
    counted = shown.selectbox[0].set_value("inspections").run()
    own = service.cut(
        demo, operator, what="inspections", first=DEMO_DAY.replace(month=1, day=1), last=DEMO_DAY, by="own"
    )
    assert any(f"Tổng **{own.total}**" in text.value for text in counted.markdown)
    assert counted.dataframe[0].value["Số lượng"].sum() == own.total
    oldest = counted.selectbox[1].options[-1]
    assert "17 đơn vị" in oldest
    old = counted.selectbox[1].select(oldest).run()
    assert not old.exception
    assert "Phường Hà Cầu" in set(old.dataframe[0].value["Phường"])
    assert old.dataframe[0].value["Số lượng"].sum() == own.total


def test_the_ward_page_tells_both_reforms(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    shown = opened(monkeypatch, demo, Role.VIEWER, "ward_systems")
    told = " ".join(text.value for text in shown.markdown)
    assert "31/12/2024 → 01/01/2025" in told
    assert "30/06/2025 → 01/07/2025" in told
    assert shown.selectbox[0].options == ["Cơ sở (danh sách ngày cuối kỳ)", "Lượt kiểm tra"]


def test_places_from_the_map_are_listed_for_a_person_to_judge(
    monkeypatch: pytest.MonkeyPatch, empty_store: Store, operator: Actor, server: OverpassServer, tmp_path: Path
) -> None:
    osm_import.import_osm(empty_store, operator, "Hà Đông, Hà Nội", url=server.url, cache=tmp_path / "osm")
    first = osm_import.candidates(empty_store, operator).iloc[0]
    osm_import.dismiss(empty_store, operator, first["id"], "đã đóng cửa", version=1)
    shown = opened(monkeypatch, empty_store, Role.STEWARD, "candidates")
    assert not shown.exception and not shown.error
    waiting, judged = (table.value for table in shown.dataframe)
    assert "Nhà nghỉ Hoa Sen" in set(waiting["Tên trên bản đồ"])
    assert list(judged["Lý do"]) == ["đã đóng cửa"]
    assert any("© OpenStreetMap contributors, ODbL" in text.value for text in shown.caption)
