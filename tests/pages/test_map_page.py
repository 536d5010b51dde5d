"""The page of the map: its table, and the line that says what is picked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app.parts import cached
from app.parts import visit as visits
from app.parts.map import Kind, Pick
from app.services.map_data import MapData, map_data
from data.store import Actor, Store
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.paths import ROOT

OFFICER = Actor("thử", Role.INSPECTOR)


def opened(monkeypatch: pytest.MonkeyPatch, store: Store, **state: Any) -> AppTest:
    monkeypatch.setattr(visits, "current_visit", lambda: visits.Visit(store, OFFICER, DEMO_DAY, demo=True))
    page = AppTest.from_file(str(ROOT / "app" / "pages" / "map.py"), default_timeout=60)
    for name, value in state.items():
        page.session_state[name] = value
    page.run()
    assert not page.exception
    assert not page.error
    return page


def known(store: Store) -> MapData:
    return map_data(store, OFFICER, DEMO_DAY)


def test_the_score_stands_before_what_may_be_out_of_sight_and_dates_are_dates(
    monkeypatch: pytest.MonkeyPatch, demo: Store
) -> None:
    table = opened(monkeypatch, demo).dataframe[0].value
    wanted = ["Cơ sở", "Loại hình", "Phường", "Điểm", "Kiểm tra gần nhất", "Tình trạng", "Địa chỉ"]
    assert list(table.columns) == wanted
    assert pd.api.types.is_datetime64_any_dtype(table["Kiểm tra gần nhất"])
    checked = known(demo).premises["id"].isin(known(demo).last_inspections.index)
    assert table["Kiểm tra gần nhất"].notna().sum() == checked.sum()


def test_what_is_picked_is_said_above_the_map(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    row = known(demo).premises.iloc[0]
    page = opened(monkeypatch, demo, **{"map-picked": Pick(Kind.PREMISES, row["id"])})
    lines = [one.value for one in page.markdown if ":material/location_on:" in one.value]
    assert len(lines) == 1
    assert row["name"] in lines[0].replace("\\", "")


def test_a_strip_without_points_is_told_in_a_sentence_and_not_as_an_empty_table(
    monkeypatch: pytest.MonkeyPatch, demo: Store
) -> None:
    whole = known(demo)
    strips = whole.strips.iloc[:1].assign(risk=0.0)
    strips["parts"] = [()]
    bare = replace(whole, strips=strips)
    monkeypatch.setattr(cached, "map_data", lambda *_: bare)
    page = opened(monkeypatch, demo, **{"map-picked": Pick(Kind.STRIP, strips["id"].iloc[0])})
    assert len(page.table) == 0
    assert any(one.value.startswith("0 điểm") for one in page.caption)
