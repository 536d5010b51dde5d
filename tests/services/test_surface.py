"""The hotspot surface: made of verified signals and serious findings alone, and silent where there are few."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
import shapely

from app.services.facts import Known
from app.services.surface import FEWEST_EVENTS, surface, surface_accuracy
from data.repositories.frames import add_rows
from data.store import Actor, Store, Work
from data.tables import Signal
from geo.errors import RuleError
from geo.surface_trends import getis_ord
from geo.words import Role, SignalState
from tests.conftest import DEMO_DAY

#: Somewhere in the demonstration where little happens.
QUIET = shapely.Point(105.7300, 20.9350)


def hear(work: Work, count: int, state: SignalState, *, on_date: date, handled_on: date | None) -> None:
    """Signals at one place."""
    add_rows(
        work,
        Signal,
        [
            {
                "recorded_at": work.now,
                "recorded_by": "thử",
                "on_date": on_date,
                "source": "citizen",
                "state": state.value,
                "geom": QUIET,
                "text": "Biển hiệu không đúng loại hình",
                "handled_on": handled_on,
            }
        ]
        * count,
    )


def events_at_the_quiet_place(store: Store, operator: Actor, day: date = DEMO_DAY) -> int:
    cells = surface(store, operator, day).cells
    here = cells[cells.geometry.contains(QUIET)]
    return 0 if here.empty else int(here["events"].iloc[0])


def test_the_densest_cells_come_first_and_lie_in_the_district(demo: Store, operator: Actor) -> None:
    made = surface(demo, operator, DEMO_DAY)
    assert made.enough
    assert made.cells["share"].is_monotonic_decreasing
    assert made.cells["top"].between(0, 1).all()
    with demo.read(operator) as work:
        ground = Known(work, DEMO_DAY).units.union_all()
    assert made.cells.geometry.representative_point().within(ground.buffer(0.0002)).all()


def test_a_single_event_is_never_called_more_than_chance(demo: Store, operator: Actor) -> None:
    cells = surface(demo, operator, DEMO_DAY).cells
    assert cells["hot"].any()
    assert (cells.loc[cells["hot"], "events"] >= 2).all()


def test_chance_alone_is_not_hot_however_empty_the_district() -> None:
    counts = np.zeros((40, 40))
    counts[20, 20] = 1.0
    assert not getis_ord(counts).hot.any()
    counts[20, 20] = 6.0
    assert getis_ord(counts).hot[19:22, 19:22].all()


def test_verified_signals_make_a_cell_hot_and_others_say_nothing(own_demo: Store, operator: Actor) -> None:
    before = events_at_the_quiet_place(own_demo, operator)
    heard = DEMO_DAY - timedelta(days=20)
    with own_demo.write(operator) as work:
        for state in (
            SignalState.RECEIVED,
            SignalState.VERIFYING,
            SignalState.UNFOUNDED,
            SignalState.HANDED_OVER,
        ):
            hear(work, 8, state, on_date=heard, handled_on=heard)
    assert events_at_the_quiet_place(own_demo, operator) == before
    with own_demo.write(operator) as work:
        hear(work, 8, SignalState.VERIFIED, on_date=heard, handled_on=heard)
    cells = surface(own_demo, operator, DEMO_DAY).cells
    here = cells[cells.geometry.contains(QUIET)].iloc[0]
    assert here["events"] == before + 8
    assert here["hot"]


def test_a_signal_counts_from_the_day_it_was_verified(own_demo: Store, operator: Actor) -> None:
    verified = DEMO_DAY - timedelta(days=5)
    with own_demo.write(operator) as work:
        hear(work, 8, SignalState.VERIFIED, on_date=DEMO_DAY - timedelta(days=40), handled_on=verified)
    the_day_before = events_at_the_quiet_place(own_demo, operator, verified - timedelta(days=1))
    assert events_at_the_quiet_place(own_demo, operator, verified) == the_day_before + 8


def test_too_few_events_draw_nothing(empty_store: Store, operator: Actor) -> None:
    made = surface(empty_store, operator, DEMO_DAY)
    assert (made.enough, made.events, len(made.cells)) == (False, 0, 0)
    with empty_store.write(operator) as work:
        hear(work, FEWEST_EVENTS - 1, SignalState.VERIFIED, on_date=DEMO_DAY, handled_on=DEMO_DAY)
    made = surface(empty_store, operator, DEMO_DAY)
    assert not made.enough
    assert made.events == FEWEST_EVENTS - 1
    assert surface_accuracy(empty_store, operator, DEMO_DAY).pai is None


def test_a_ward_sees_its_own_cells_as_the_whole_district_sees_them(demo: Store, operator: Actor) -> None:
    with demo.read(operator) as work:
        ward = Known(work, DEMO_DAY).units.set_index("name").loc["Phường Hà Đông"]
    officer = Actor("canbo", Role.WARD_OFFICER, frozenset({ward["id"]}))
    whole = surface(demo, operator, DEMO_DAY).cells.set_index("id")
    own = surface(demo, officer, DEMO_DAY).cells.set_index("id")
    assert 0 < len(own) < len(whole)
    assert own.geometry.intersects(ward["geometry"]).all()
    assert (own["share"] == whole.loc[own.index, "share"]).all()


def test_who_may_not_see_signals_sees_no_surface(demo: Store) -> None:
    with pytest.raises(RuleError):
        surface(demo, Actor("xem", Role.VIEWER), DEMO_DAY)


def test_the_past_foretold_does_not_change_with_what_comes_after(own_demo: Store, operator: Actor) -> None:
    day = DEMO_DAY - timedelta(days=200)
    before = surface_accuracy(own_demo, operator, day)
    with own_demo.write(operator) as work:
        hear(
            work, 30, SignalState.VERIFIED, on_date=day + timedelta(days=1), handled_on=day + timedelta(days=1)
        )
    assert surface_accuracy(own_demo, operator, day) == before
    assert before.months > 0
