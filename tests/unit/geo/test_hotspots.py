"""Hotspots: which change of state a person may record, how long the watch runs, which patrols are due."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import RuleError
from geo.hotspots import (
    catchments,
    check_transition,
    days_since_elimination,
    patrols_due,
    watch_ends_on,
)
from geo.shapes import metric_shapes
from geo.words import HotspotState as S
from tests.unit.geo import frames as f
from tests.unit.geo.frames import at

AS_OF = date(2026, 3, 1)
FOUND, BUSTED = date(2023, 1, 5), date(2023, 6, 30)
#: The life of a hotspot that was eliminated on 30 June 2023.
QUIET = [(S.ACTIVE, FOUND), (S.ELIMINATED, BUSTED)]

#: The state machine of the domain (section 4), written out again.
MAY = {
    (None, S.SUSPECTED),
    (None, S.ACTIVE),
    (S.SUSPECTED, S.ACTIVE),
    (S.SUSPECTED, S.DISMISSED),
    (S.ACTIVE, S.ELIMINATED),
    (S.ELIMINATED, S.CLEARED),
    (S.ELIMINATED, S.REACTIVATED),
    (S.CLEARED, S.REACTIVATED),
    (S.REACTIVATED, S.ACTIVE),
}


def change(current: S | None, new: S, **more: Any) -> None:
    """A change that breaks no rule but perhaps the order of states."""
    given_facts: dict[str, Any] = {
        "on_date": AS_OF,
        "as_of": AS_OF,
        "history": QUIET if current in {S.ELIMINATED, S.CLEARED} else [],
        "reason": "Theo biên bản tuần tra",
        "document": "12/BC-UBND",
    }
    check_transition(current, new, **(given_facts | more))


def refusal(current: S | None, new: S, **more: Any) -> RuleError:
    with pytest.raises(RuleError) as caught:
        change(current, new, **more)
    return caught.value


@pytest.mark.parametrize(("current", "new"), list(itertools.product([None, *S], S)))
def test_a_state_follows_another_exactly_as_the_domain_says(current: S | None, new: S) -> None:
    if (current, new) in MAY:
        change(current, new)
        return
    error = refusal(current, new)
    assert error.code == "hotspot_transition"
    assert error.hint is not None


def test_a_refusal_says_in_words_what_may_come_next() -> None:
    error = refusal(S.SUSPECTED, S.CLEARED)
    assert str(error) == "Không thể chuyển từ “nghi vấn” sang “hết theo dõi”."
    assert str(error.hint) == "Trạng thái tiếp theo có thể là “đang phức tạp” hoặc “không có căn cứ”."
    assert str(refusal(S.ACTIVE, S.CLEARED).hint) == (
        "Trạng thái tiếp theo có thể là “đã triệt xóa, đang theo dõi”."
    )
    assert str(refusal(S.DISMISSED, S.ACTIVE).hint) == "Đây là trạng thái cuối."
    assert "không thể bắt đầu" in str(refusal(None, S.CLEARED))


@pytest.mark.parametrize(("current", "new"), sorted(MAY, key=str))
@pytest.mark.parametrize("reason", ["", "  ", "\n\t"])
def test_every_change_needs_a_reason(current: S | None, new: S, reason: str) -> None:
    assert refusal(current, new, reason=reason).code == "hotspot_reason"


@pytest.mark.parametrize("document", [None, "", "  "])
def test_an_elimination_needs_a_document_and_nothing_else_does(document: str | None) -> None:
    assert refusal(S.ACTIVE, S.ELIMINATED, document=document).code == "hotspot_document"
    for current, new in MAY - {(S.ACTIVE, S.ELIMINATED)}:
        change(current, new, document=document)


def test_a_change_lies_neither_in_the_future_nor_before_the_one_before() -> None:
    tomorrow = refusal(S.ACTIVE, S.ELIMINATED, on_date=AS_OF + timedelta(days=1))
    assert tomorrow.code == "hotspot_date"
    assert "02/03/2026" in str(tomorrow) and "01/03/2026" in str(tomorrow.hint)
    history = [(S.ACTIVE, date(2026, 2, 1)), (S.SUSPECTED, date(2026, 1, 1))]
    early = refusal(S.ACTIVE, S.ELIMINATED, history=history, on_date=date(2026, 1, 31))
    assert early.code == "hotspot_date"
    assert "31/01/2026" in str(early) and "01/02/2026" in str(early)
    change(S.ACTIVE, S.ELIMINATED, history=history, on_date=date(2026, 2, 1))


# --- the watch ------------------------------------------------------------------------------------------------


def clear(on: date, *heard: date, months: int = 24, history: Any = QUIET) -> None:
    change(S.ELIMINATED, S.CLEARED, on_date=on, verified_signals=heard, watch_months=months, history=history)


def test_a_hotspot_is_cleared_on_the_first_day_after_the_whole_watch() -> None:
    clear(date(2025, 6, 30))
    with pytest.raises(RuleError, match="Chưa hết thời gian theo dõi 24 tháng: đến 30/06/2025") as caught:
        clear(date(2025, 6, 29))
    assert caught.value.code == "hotspot_watch"
    clear(date(2023, 12, 30), months=6)


def test_a_verified_signal_begins_the_watch_anew() -> None:
    heard = date(2024, 1, 31)
    clear(date(2026, 1, 31), heard, date(2023, 9, 1))
    with pytest.raises(RuleError, match="31/01/2024: phải yên đủ 24 tháng từ ngày đó, tức đến 31/01/2026"):
        clear(date(2026, 1, 30), date(2023, 9, 1), heard)


def test_only_signals_between_elimination_and_clearing_disturb_the_watch() -> None:
    clear(date(2025, 6, 30), BUSTED - timedelta(days=1), date(2025, 7, 1))
    with pytest.raises(RuleError):
        clear(date(2025, 6, 30), date(2025, 6, 30))


def test_the_watch_counts_from_the_last_elimination() -> None:
    twice = [*QUIET, (S.REACTIVATED, date(2024, 1, 1)), (S.ACTIVE, date(2024, 1, 2))]
    twice.append((S.ELIMINATED, date(2024, 2, 29)))
    for history in (twice, twice[::-1]):
        clear(date(2026, 2, 28), history=history)
        with pytest.raises(RuleError):
            clear(date(2026, 2, 27), history=history)


def test_without_a_day_of_elimination_nothing_is_cleared() -> None:
    with pytest.raises(RuleError, match="Chưa có ngày triệt xóa"):
        clear(AS_OF, history=[(S.ACTIVE, FOUND)])


@pytest.mark.parametrize(
    ("start", "months", "ends"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2023, 2, 28), 12, date(2024, 2, 28)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2025, 12, 31), 1, date(2026, 1, 31)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
    ],
)
def test_the_watch_runs_whole_calendar_months_also_over_a_leap_day(
    start: date, months: int, ends: date
) -> None:
    assert watch_ends_on(start, months) == ends


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 60))
def test_a_watch_ends_in_the_month_so_many_months_later_and_never_on_a_later_day_of_it(
    start: date, months: int
) -> None:
    ends = watch_ends_on(start, months)
    assert (ends.year * 12 + ends.month) - (start.year * 12 + start.month) == months
    assert ends.day <= start.day
    if ends.day < start.day:
        assert (ends + timedelta(days=1)).day == 1


# --- days, patrols, ground ------------------------------------------------------------------------------------


def test_days_since_elimination_are_counted_for_quiet_hotspots_only() -> None:
    spots = f.hotspots(
        {"state": "eliminated", "eliminated_on": date(2026, 2, 1)},
        {"state": "cleared", "eliminated_on": AS_OF},
        {"state": "active", "eliminated_on": date(2026, 2, 1)},
        {"state": "eliminated", "eliminated_on": pd.NaT},
        {"state": "eliminated", "eliminated_on": AS_OF + timedelta(days=1)},
    )
    days = days_since_elimination(spots, AS_OF)
    assert days.to_list()[:2] == [28, 0]
    assert days[2:].isna().all()
    assert len(days_since_elimination(f.hotspots(), AS_OF)) == 0


def due(spots: gpd.GeoDataFrame, patrols: gpd.GeoDataFrame) -> list[tuple[Any, ...]]:
    rows = patrols_due(spots, patrols, AS_OF).drop(columns="ordered_for")
    return [tuple(row) for row in rows.itertuples(index=False)]


def test_the_rhythm_of_patrols_begins_with_the_elimination_and_goes_on_from_the_last_one() -> None:
    spots = f.hotspots(
        {"eliminated_on": date(2026, 2, 10)},
        {"eliminated_on": date(2025, 1, 1), "patrol_every_days": 7},
        {"eliminated_on": date(2025, 1, 1)},
    )
    walked = f.patrols(
        {"hotspot_id": "h1", "on_date": date(2026, 2, 20)},
        {"hotspot_id": "h1", "on_date": date(2026, 2, 1), "result": "sign"},
        {"hotspot_id": "h1", "on_date": AS_OF + timedelta(days=1)},
        {"hotspot_id": "h9", "on_date": AS_OF},
    )
    assert due(spots, walked) == [
        ("h2", None, date(2025, 1, 15), (AS_OF - date(2025, 1, 15)).days),
        ("h0", None, date(2026, 2, 24), 5),
        ("h1", date(2026, 2, 20), date(2026, 2, 27), 2),
    ]


def test_a_patrol_due_today_is_on_time() -> None:
    spots = f.hotspots({"eliminated_on": AS_OF - timedelta(days=14)})
    assert due(spots, f.patrols()) == [("h0", None, AS_OF, 0)]


def test_a_patrol_before_the_elimination_does_not_shorten_the_first_wait() -> None:
    spots = f.hotspots({"eliminated_on": date(2026, 2, 20)})
    walked = f.patrols({"on_date": date(2026, 2, 1)})
    assert due(spots, walked) == [("h0", date(2026, 2, 1), date(2026, 3, 6), 0)]


def test_only_hotspots_under_watch_need_patrols() -> None:
    states = [state for state in S if state is not S.ELIMINATED]
    spots = f.hotspots(*({"state": state.value} for state in states))
    assert due(spots, f.patrols()) == []
    later = f.hotspots({"eliminated_on": AS_OF + timedelta(days=1)})
    assert due(later, f.patrols()) == []
    assert due(f.hotspots(), f.patrols()) == []
    unknown = f.hotspots({"eliminated_on": pd.NaT, "state_since": date(2026, 2, 10)})
    assert due(unknown, f.patrols()) == [("h0", None, date(2026, 2, 24), 5)]


ORDERED = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 9, tzinfo=UTC) - timedelta(days=2)


def ordered(state: S = S.REACTIVATED, **more: object) -> dict[str, Any]:
    """A hotspot at which a patrol was ordered two days ago, for yesterday."""
    return {
        "state": state.value,
        "patrol_ordered_for": AS_OF - timedelta(days=1),
        "patrol_ordered_at": ORDERED,
        **more,
    }


@pytest.mark.parametrize("state", [state for state in S if state not in (S.ELIMINATED, S.DISMISSED)])
def test_an_ordered_patrol_is_due_on_its_day_in_any_state(state: S) -> None:
    spots = f.hotspots(ordered(state))
    before = f.patrols({"on_date": ORDERED.date(), "at": ORDERED - timedelta(hours=1)})
    (row,) = patrols_due(spots, before, AS_OF).itertuples(index=False)
    assert (row.due_on, row.overdue_days, row.ordered_for) == (AS_OF - timedelta(days=1), 1, row.due_on)
    assert due(f.hotspots(ordered(S.DISMISSED)), before) == []


def test_the_first_patrol_after_an_order_answers_it() -> None:
    spots = f.hotspots(ordered())
    assert due(spots, f.patrols({"on_date": ORDERED.date(), "at": ORDERED + timedelta(hours=1)})) == []
    assert due(spots, f.patrols({"on_date": AS_OF})) == []
    # Without an hour nobody knows whether it came before the order of that day; another day is another place.
    for patrol in ({"on_date": ORDERED.date()}, {"on_date": AS_OF + timedelta(days=1)}, {"hotspot_id": "h9"}):
        assert len(due(spots, f.patrols({"on_date": AS_OF, **patrol}))) == 1


def test_under_watch_the_earlier_of_rhythm_and_order_is_due() -> None:
    spots = f.hotspots(ordered(S.ELIMINATED, eliminated_on=AS_OF - timedelta(days=5)))
    assert due(spots, f.patrols()) == [("h0", None, AS_OF - timedelta(days=1), 1)]
    late = f.hotspots(ordered(S.ELIMINATED, eliminated_on=AS_OF - timedelta(days=20)))
    (row,) = patrols_due(late, f.patrols(), AS_OF).itertuples(index=False)
    assert (row.due_on, row.ordered_for) == (AS_OF - timedelta(days=6), AS_OF - timedelta(days=1))


def test_an_order_is_not_known_before_it_was_given() -> None:
    day_before = ORDERED.date() - timedelta(days=1)
    assert patrols_due(f.hotspots(ordered()), f.patrols(), day_before).empty


def test_a_catchment_reaches_its_distance_in_metres_round_points_roads_and_areas() -> None:
    road = shapely.LineString([at(), at(500)])
    block = shapely.box(*at().coords[0], *at(100, 100).coords[0])
    spots = f.hotspots(*({"geometry": shape, "catchment_m": 200.0} for shape in (at(), road, block)))
    ground = catchments(spots)
    assert ground.crs == "EPSG:4326"
    areas = ground.to_crs("EPSG:3405").area
    circle = np.pi * 200**2
    assert np.allclose(areas, [circle, circle + 500 * 400, circle + 4 * 100 * 200 + 100**2], rtol=0.005)
    shapes = metric_shapes(spots)
    for shape, area in zip(shapes, ground.to_crs("EPSG:3405"), strict=True):
        assert shapely.distance(shape, area.exterior) == pytest.approx(200, abs=0.5)


def test_a_hotspot_without_ground_or_with_a_broken_one_has_a_catchment_too() -> None:
    bow_tie = shapely.Polygon([at(0, 0), at(100, 100), at(100, 0), at(0, 100)])
    spots = f.hotspots(
        {"geometry": None}, {"geometry": bow_tie}, {"geometry": at(), "catchment_m": float("nan")}
    )
    ground = catchments(spots)
    assert ground[0].is_empty
    assert ground[1].is_valid and ground[1].covers(at(50, 25))
    assert ground.to_crs("EPSG:3405").area[2] == pytest.approx(0, abs=0.01)
