"""A new office starts with nothing: every use case answers with emptiness or a way out, never with a crash."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from app.services import alerts, hotspots, map_data, plan_reading, plans, risk
from data.repositories.frames import add_rows
from data.store import Actor, Store
from data.tables import Premises, Unit
from geo.errors import InputError
from tests.conftest import DEMO_DAY

NEXT_WEEK = plans.PlanRequest(first=date(2026, 12, 1), last=date(2026, 12, 7), seed=1, iterations=50)


def test_nothing_at_all(empty_store: Store, operator: Actor) -> None:
    assert risk.ranking(empty_store, operator, DEMO_DAY)["premises"] == []
    assert alerts.scan(empty_store, operator, DEMO_DAY)["raised"] == []
    assert alerts.alerts_with_places(empty_store, operator, DEMO_DAY).empty
    assert hotspots.overview(empty_store, operator, DEMO_DAY).empty
    seen = map_data.map_data(empty_store, operator, DEMO_DAY)
    assert seen.units.empty and seen.premises.empty and seen.strips.empty and seen.alerts.empty
    assert plan_reading.kept_plans(empty_store, operator).empty
    for command in (risk.borders,):
        with pytest.raises(InputError, match="địa giới"):
            command(empty_store, operator, DEMO_DAY)
    with pytest.raises(InputError, match="địa giới"):
        plans.draft_plan(empty_store, operator, NEXT_WEEK, DEMO_DAY)


def test_one_ward_and_one_premises_without_teams_streets_or_history(
    empty_store: Store, operator: Actor
) -> None:
    ground = shapely.MultiPolygon([shapely.box(105.76, 20.95, 105.78, 20.97)])
    with empty_store.write(operator) as work:
        add_rows(
            work,
            Unit,
            [{"id": "u", "code": "1", "name": "Phường A", "valid_from": date(2025, 7, 1), "geom": ground}],
        )
        place = shapely.Point(105.77, 20.96)
        add_rows(
            work, Premises, [{"id": "p", "name": "Cơ sở mẫu", "folded": "", "type": "hotel", "geom": place}]
        )
    ranked = risk.ranking(empty_store, operator, DEMO_DAY)["premises"]
    assert [row["id"] for row in ranked] == ["p"]
    assert 0 <= ranked[0]["score"] <= 100
    assert risk.borders(empty_store, operator, DEMO_DAY)["segments"]
    seen = map_data.map_data(empty_store, operator, DEMO_DAY)
    assert list(seen.premises["ward_name"]) == ["Phường A"]
    plan = plans.draft_plan(empty_store, operator, NEXT_WEEK, DEMO_DAY)
    assert plan["visits"] == []
    assert plan["unserved"][0]["why"]
    assert plan["notes"]
    kept = plan_reading.read_plan(empty_store, operator, plan["plan"])
    assert kept.visits.empty and kept.routes.empty
