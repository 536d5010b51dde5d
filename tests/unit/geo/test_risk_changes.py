"""What changed at a premises lately: a new one, a new name, another in the place of one that closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from geo.risk import part_columns
from geo.risk_parts import PartColumn
from tests.unit.geo import frames as f
from tests.unit.geo.risk_world import SETTINGS

AS_OF = date(2026, 3, 1)


def days_ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def part(name: str, premises: Any, **more: Any) -> PartColumn:
    frames = {
        "licences": f.licences(),
        "inspections": f.inspections(),
        "findings": f.findings(),
        "signals": f.signals(),
        "hotspots": f.hotspots(),
        "border_distance_m": None,
    }
    columns = part_columns(premises=premises, **(frames | more), as_of=AS_OF, settings=SETTINGS)
    return {column.name: column for column in columns}[name]


OLD = {
    "id": "old", "status": "closed", "status_since": pd.Timestamp(days_ago(200)), "geometry": f.at(),
    "address": "Số 12 Quang Trung, phường Quang Trung, quận Hà Đông",
}  # fmt: skip
NEW = {
    "id": "new", "opened_on": pd.Timestamp(days_ago(150)), "geometry": f.at(10),
    "address": "12 Quang Trung, phường Hà Đông, Hà Nội",
}  # fmt: skip


def followed(new: dict[str, Any] | None = None, old: dict[str, Any] | None = None) -> float:
    register = f.premises(OLD | (old or {}), NEW | (new or {}))
    premises = register[register["id"] == "new"].reset_index(drop=True)
    return float(part("renamed", premises, register=register).log_odds[0])


def test_a_premises_that_opens_where_another_closed_is_marked_with_the_day() -> None:
    assert followed() == SETTINGS.changes.renamed
    register = f.premises(OLD, NEW)
    column = part("renamed", register[1:].reset_index(drop=True), register=register)
    assert str(column.reason(0)) == "Mở tại địa chỉ của cơ sở khác đã đóng cửa cách đây 200 ngày"
    assert column.value[0] == 200


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ({"address": "14 Quang Trung"}, {}),
        ({"geometry": f.at(400)}, {}),
        ({"geometry": None}, {}),
        ({"address": None}, {"address": None}),
        ({"opened_on": pd.Timestamp(days_ago(500))}, {}),
        ({}, {"status": "suspended"}),
        ({}, {"status_since": pd.Timestamp(days_ago(700))}),
        ({}, {"status_since": pd.Timestamp(days_ago(-5))}),
        ({}, {"status_since": pd.Timestamp(days_ago(20))}),
    ],
)
def test_another_house_another_time_or_one_that_did_not_close_says_nothing(
    new: dict[str, Any], old: dict[str, Any]
) -> None:
    assert followed(new, old) == 0


def test_a_new_name_counts_from_its_day_for_some_months() -> None:
    premises = f.premises({"id": "p0"}, {"id": "p1"}, {"id": "p2"})
    renames = pd.DataFrame(
        {
            "premises_id": ["p0", "p0", "p1", "lost", "p2"],
            "on_date": pd.to_datetime([days_ago(30), days_ago(300), days_ago(900), days_ago(1), days_ago(-1)]),
        }
    )
    column = part("renamed", premises, renames=renames)
    assert column.log_odds.tolist() == [SETTINGS.changes.renamed, 0, 0]
    assert str(column.reason(0)) == "Đổi tên được 30 ngày"


def test_papers_that_no_longer_match_count_once_however_many_particulars() -> None:
    premises = f.premises({"id": "p0"}, {"id": "p1"})
    column = part("particulars", premises, differing=pd.Series({"p1": 3, "lost": 1}))
    assert column.log_odds.tolist() == [0, SETTINGS.licences.differing]
    assert "3 chi tiết" in str(column.reason(1))
