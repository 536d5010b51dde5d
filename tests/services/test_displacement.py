"""The command ``displacement``: what one may say of an eliminated hotspot, to whom, and when not."""

from __future__ import annotations

import json
from datetime import date, timedelta

import geopandas as gpd
import pytest
import shapely

from app.access import Right, may
from app.services.displacement import displacement, drawing
from app.services.facts import Known
from app.text import speaking
from data.repositories.frames import add_rows
from data.store import Actor, Store, Work
from data.tables import Signal
from geo.errors import InputError, RuleError
from geo.words import HotspotState, Role, SignalState
from tests.conftest import DEMO_DAY

ROAD = "Đoạn đường Trần Phú"


def spots(store: Store, operator: Actor) -> gpd.GeoDataFrame:
    with store.read(operator) as work:
        return Known(work, DEMO_DAY).hotspots


def named(store: Store, operator: Actor, name: str = ROAD) -> str:
    found = spots(store, operator)
    return str(found.loc[found["name"].str.startswith(name), "id"].iloc[0])


def hear(
    work: Work, count: int, where: shapely.Point, day: date, state: SignalState = SignalState.VERIFIED
) -> None:
    add_rows(
        work,
        Signal,
        [
            {
                "recorded_at": work.now,
                "recorded_by": "thử",
                "on_date": day,
                "source": "citizen",
                "state": state.value,
                "geom": where,
                "text": "Biển hiệu không đúng loại hình",
            }
        ]
        * count,
    )


def test_the_contracts_keys_are_there_and_the_figures_follow_from_the_counts(
    demo: Store, operator: Actor
) -> None:
    answer = displacement(demo, operator, named(demo, operator), DEMO_DAY, months=9)
    assert {"wdq", "total_net_effect", "counts", "interval", "text"} <= set(answer)
    c = answer["counts"]
    assert set(c) == {"Ra", "Rb", "Da", "Db", "Ca", "Cb"}
    wdq = (c["Da"] / c["Ca"] - c["Db"] / c["Cb"]) / (c["Ra"] / c["Ca"] - c["Rb"] / c["Cb"])
    trend = c["Ca"] / c["Cb"]
    assert answer["wdq"] == pytest.approx(wdq)
    assert answer["total_net_effect"] == pytest.approx(c["Rb"] * trend - c["Ra"] + c["Db"] * trend - c["Da"])
    low, high = answer["interval"]
    assert low <= answer["wdq"] <= high
    json.dumps(answer, allow_nan=False)


def test_the_periods_lie_around_the_elimination(demo: Store, operator: Actor) -> None:
    hotspot_id = named(demo, operator)
    answer = displacement(demo, operator, hotspot_id, DEMO_DAY, months=6)
    since = spots(demo, operator).set_index("id").loc[hotspot_id, "eliminated_on"].date()
    assert answer["since"] == since.isoformat()
    assert answer["periods"]["last_before"] == (since - timedelta(days=1)).isoformat()
    assert answer["periods"]["first_after"] == (since + timedelta(days=1)).isoformat()


def test_few_events_are_said_to_be_too_few(demo: Store, operator: Actor) -> None:
    answer = displacement(demo, operator, named(demo, operator, "Đoạn phố Văn Khê"), DEMO_DAY)
    assert not answer["enough"]
    assert "Quá ít sự việc để kết luận" in answer["text"]
    assert answer["arrows"] == []


def test_what_moved_next_door_is_told_and_drawn(own_demo: Store, operator: Actor) -> None:
    hotspot_id = named(own_demo, operator)
    before = displacement(own_demo, operator, hotspot_id, DEMO_DAY)
    since = date.fromisoformat(before["since"])
    here, next_door = (shapely.point_on_surface(ring) for ring in drawing(before)[0].geometry)
    with own_demo.write(operator) as work:
        hear(work, 40, here, since - timedelta(days=20))
        hear(work, 40, next_door, since + timedelta(days=20))
    answer = displacement(own_demo, operator, hotspot_id, DEMO_DAY)
    assert answer["wdq"] < 0
    assert "dời" in answer["conclusion"]
    rings, arrows = drawing(answer)
    assert list(rings["area"]) == ["response", "buffer"]
    assert any(
        arrow.geometry.coords[-1] == pytest.approx((next_door.x, next_door.y), abs=0.002)
        for arrow in arrows.itertuples()
    )
    with speaking("en"):
        assert isinstance(displacement(own_demo, operator, hotspot_id, DEMO_DAY)["text"], str)


def test_refuted_signals_and_those_of_the_police_count_nowhere(own_demo: Store, operator: Actor) -> None:
    hotspot_id = named(own_demo, operator)
    before = displacement(own_demo, operator, hotspot_id, DEMO_DAY)
    day = date.fromisoformat(before["since"]) + timedelta(days=20)
    where = shapely.point_on_surface(drawing(before)[0].geometry.iloc[0])
    with own_demo.write(operator) as work:
        hear(work, 9, where, day, SignalState.UNFOUNDED)
        hear(work, 9, where, day, SignalState.HANDED_OVER)
    assert displacement(own_demo, operator, hotspot_id, DEMO_DAY) == before
    with own_demo.write(operator) as work:
        hear(work, 9, where, day, SignalState.VERIFYING)
    after = displacement(own_demo, operator, hotspot_id, DEMO_DAY)
    assert after["counts"]["Ra"] == before["counts"]["Ra"] + 9


def test_a_wave_of_inspections_can_be_compared_too(demo: Store, operator: Actor) -> None:
    active = named(demo, operator, "Cụm cơ sở đường Phùng Hưng")
    day = DEMO_DAY - timedelta(days=60)
    answer = displacement(demo, operator, active, DEMO_DAY, since=day)
    assert answer["since"] == day.isoformat()
    assert answer["periods"]["last_after"] == DEMO_DAY.isoformat()


def test_records_that_begin_too_late_are_pointed_out(demo: Store, operator: Actor) -> None:
    station = named(demo, operator, "Khu vực bến xe")
    assert displacement(demo, operator, station, DEMO_DAY, months=36)["warnings"] != []
    assert displacement(demo, operator, named(demo, operator), DEMO_DAY)["warnings"] == []


@pytest.mark.parametrize(
    ("name", "as_of", "since", "code"),
    [
        ("", DEMO_DAY, None, "unknown_hotspot"),
        ("Cụm cơ sở đường Phùng Hưng", DEMO_DAY, None, "never_eliminated"),
        (ROAD, DEMO_DAY - timedelta(days=400), None, "in_future"),
        (ROAD, DEMO_DAY, DEMO_DAY + timedelta(days=1), "in_future"),
        (ROAD, DEMO_DAY, DEMO_DAY - timedelta(days=5), "too_short_after"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(
    demo: Store, operator: Actor, name: str, as_of: date, since: date | None, code: str
) -> None:
    hotspot_id = named(demo, operator, name) if name else "khong-co"
    with pytest.raises(InputError) as refused:
        displacement(demo, operator, hotspot_id, as_of, since=since)
    assert refused.value.code == code


def test_a_ward_sees_its_own_hotspots_and_no_place_outside_of_it(own_demo: Store, operator: Actor) -> None:
    hotspot_id = named(own_demo, operator, "Đoạn đường Lê Trọng Tấn")
    whole = displacement(own_demo, operator, hotspot_id, DEMO_DAY)
    parts = {part["ward"] for part in whole["buffer_by_ward"]}
    assert len(parts) > 1
    with own_demo.read(operator) as work:
        units = Known(work, DEMO_DAY).units.set_index("id").geometry
    place = spots(own_demo, operator).set_index("id").geometry[hotspot_id]
    touched = [unit for unit, shape in units.items() if shape.intersects(place)]
    officer = Actor("canbo", Role.WARD_OFFICER, frozenset({touched[0]}))
    own = displacement(own_demo, officer, hotspot_id, DEMO_DAY)
    assert (own["wdq"], own["counts"]) == (whole["wdq"], whole["counts"])
    assert {part["ward"] for part in own["buffer_by_ward"]} <= {touched[0]}
    elsewhere = next(unit for unit in units.index if not units[unit].intersects(place))
    stranger = Actor("khac", Role.WARD_OFFICER, frozenset({elsewhere}))
    with pytest.raises(InputError) as refused:
        displacement(own_demo, stranger, hotspot_id, DEMO_DAY)
    assert refused.value.code == "unknown_hotspot"


def test_who_may_not_see_signals_gets_no_figures(demo: Store, operator: Actor) -> None:
    viewer = Actor("xem", Role.VIEWER)
    assert not may(viewer, Right.SEE_TIPS)
    with pytest.raises(RuleError):
        displacement(demo, viewer, named(demo, operator), DEMO_DAY)


def test_it_changes_no_state(own_demo: Store, operator: Actor) -> None:
    hotspot_id = named(own_demo, operator)
    displacement(own_demo, operator, hotspot_id, DEMO_DAY)
    assert spots(own_demo, operator).set_index("id").loc[hotspot_id, "state"] == HotspotState.ELIMINATED
