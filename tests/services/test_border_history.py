"""What happened along a border, by quarter, and the signals that neither side followed up."""

from __future__ import annotations

from datetime import date, timedelta

import geopandas as gpd
import pandas as pd
import pytest

from app.services.border_history import KINDS, BorderSheet, border_sheet, by_quarter
from data.repositories.frames import add_rows
from data.store import Actor, Store
from data.tables import Signal
from geo.borders import OUTSIDE
from geo.errors import RuleError
from geo.words import Role, SignalState
from tests.conftest import DEMO_DAY


def test_segments_are_ranked_and_name_both_sides(demo: Store, operator: Actor) -> None:
    sheet = border_sheet(demo, operator, DEMO_DAY)
    assert list(sheet.segments["rank"]) == list(range(1, len(sheet.segments) + 1))
    assert sheet.segments["risk"].is_monotonic_decreasing
    assert all(len(names) == 2 and names[0] != OUTSIDE for names in sheet.segments["names"])
    for row in sheet.segments.itertuples():
        assert sum(part.points for part in row.parts) == pytest.approx(row.risk)


def test_the_history_of_a_segment_is_what_lies_near_it_up_to_the_day(demo: Store, operator: Actor) -> None:
    sheet = border_sheet(demo, operator, DEMO_DAY)
    first = sheet.of(sheet.segments["id"].iloc[0])
    assert set(first["kind"]) <= set(KINDS)
    assert (first["on_date"] <= pd.Timestamp(DEMO_DAY)).all()
    assert first["on_date"].is_monotonic_decreasing
    sweeps = sheet.events[sheet.events["kind"] == "sweep"]
    dated = sheet.segments.set_index("id")["last_joint_inspection"].dropna()
    assert dict(sweeps.groupby("segment_id")["on_date"].max()) == dict(dated)


def middle_of(sheet: BorderSheet, row: int) -> object:
    line = gpd.GeoSeries(sheet.segments.geometry, crs=sheet.segments.crs).iloc[row]
    return line.interpolate(0.5, normalized=True)


def heard_at(store: Store, operator: Actor, place: object, state: SignalState, **days: date | None) -> None:
    with store.write(operator) as work:
        row = {
            "recorded_at": work.now,
            "recorded_by": "thử",
            "source": "neighbour_ward",
            "state": state.value,
            "geom": place,
            "text": "Phản ánh ồn ào về đêm",
            **days,
        }
        add_rows(work, Signal, [row])


def left_at(store: Store, operator: Actor, segment: str) -> int:
    sheet = border_sheet(store, operator, DEMO_DAY)
    return int(sheet.segments.set_index("id").at[segment, "left"])


def test_a_signal_past_its_deadline_that_nobody_handled_is_left_and_says_for_how_long(
    own_demo: Store, operator: Actor
) -> None:
    sheet = border_sheet(own_demo, operator, DEMO_DAY)
    row = len(sheet.segments) // 2
    segment, place = str(sheet.segments["id"].iloc[row]), middle_of(sheet, row)
    before = left_at(own_demo, operator, segment)
    due, heard = DEMO_DAY - timedelta(days=12), DEMO_DAY - timedelta(days=40)
    heard_at(own_demo, operator, place, SignalState.RECEIVED, on_date=heard, due_on=due, handled_on=None)
    assert left_at(own_demo, operator, segment) == before + 1
    events = border_sheet(own_demo, operator, DEMO_DAY).of(segment)
    assert 12 in set(events["left_days"].dropna())


@pytest.mark.parametrize("state", [SignalState.UNFOUNDED, SignalState.HANDED_OVER])
def test_unfounded_signals_and_those_of_the_police_are_in_no_history(
    own_demo: Store, operator: Actor, state: SignalState
) -> None:
    sheet = border_sheet(own_demo, operator, DEMO_DAY)
    place, heard = middle_of(sheet, 0), DEMO_DAY - timedelta(days=40)
    heard_at(own_demo, operator, place, state, on_date=heard, due_on=heard, handled_on=None)
    assert len(border_sheet(own_demo, operator, DEMO_DAY).events) == len(sheet.events)


def test_a_handled_or_still_running_signal_is_not_left(own_demo: Store, operator: Actor) -> None:
    sheet = border_sheet(own_demo, operator, DEMO_DAY)
    segment, place = str(sheet.segments["id"].iloc[0]), middle_of(sheet, 0)
    before, heard = left_at(own_demo, operator, segment), DEMO_DAY - timedelta(days=40)
    heard_at(own_demo, operator, place, SignalState.VERIFIED, on_date=heard, due_on=heard, handled_on=DEMO_DAY)
    running = DEMO_DAY + timedelta(days=1)
    heard_at(own_demo, operator, place, SignalState.VERIFYING, on_date=heard, due_on=running, handled_on=None)
    assert left_at(own_demo, operator, segment) == before


def test_every_quarter_is_counted_also_the_empty_ones() -> None:
    events = pd.DataFrame(
        {
            "kind": ["signal", "signal", "sweep", "finding"],
            "on_date": pd.to_datetime(["2026-11-01", "2026-10-01", "2026-02-03", "2019-01-01"]),
        }
    )
    counts = by_quarter(events, date(2026, 11, 24), quarters=4)
    assert len(counts) == 4 * len(KINDS)
    table = counts.pivot(index="quarter", columns="kind", values="count")
    assert list(table["signal"]) == [0, 0, 0, 2]
    assert list(table["sweep"]) == [1, 0, 0, 0]
    assert table["finding"].sum() == 0


def test_a_district_without_boundaries_has_an_empty_sheet(empty_store: Store, operator: Actor) -> None:
    sheet = border_sheet(empty_store, operator, DEMO_DAY)
    assert sheet.segments.empty
    assert sheet.of("nào đó").empty


def test_an_officer_sees_the_borders_of_their_ward_and_no_signal_beyond(demo: Store, operator: Actor) -> None:
    whole = border_sheet(demo, operator, DEMO_DAY)
    ward = whole.segments["unit_a"].iloc[0]
    officer = Actor("canbo", Role.WARD_OFFICER, frozenset({ward}))
    own = border_sheet(demo, officer, DEMO_DAY)
    assert 0 < len(own.segments) < len(whole.segments)
    assert set(own.events["id"]) <= set(whole.events["id"])
    assert len(own.events) < len(whole.events)
    with pytest.raises(RuleError):
        border_sheet(demo, Actor("xem", Role.VIEWER), DEMO_DAY)
