"""Signals that the office's own records make: stored once, to be handled like any other, and counted once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import shapely
from sqlalchemy import func, select, update

from app.services import signals
from app.services.facts import Known
from app.services.signal_growth import grow_signals
from app.text import speaking
from data.repositories import events
from data.store import Store
from data.tables import Finding, Hotspot, HotspotTransition, Inspection, Licence, Patrol, Premises, Signal
from geo.words import SignalState
from tests.services.signal_world import DAY, DESK, HERE, THERE, wards

__all__ = ["wards"]
HOME = shapely.Point(105.77, 20.95)


@pytest.fixture
def records(wards: Store) -> Store:
    """A violation at a premises, and one that opened in the catchment of a quiet hotspot."""
    with wards.write(DESK) as work:
        visit = {
            "id": "i1",
            "premises_id": "p1",
            "on_date": date(2026, 11, 10),
            "outcome": "checked",
            "geom": HOME,
        }
        work.session.add(Inspection(**{**work.event(), **visit}))
        work.session.add(Finding(**{**work.event(), "id": "f1"}, inspection_id="i1", kind="prostitution"))
        work.session.add(Hotspot(id="h1", name="Khu vực Giả Định", geom=HOME))
        work.session.flush()
        for state, on in (("active", date(2020, 1, 1)), ("eliminated", date(2022, 1, 1))):
            step = HotspotTransition(
                **work.event(), hotspot_id="h1", state=state, on_date=on, reason="x", document="1"
            )
            work.session.add(step)
        work.session.execute(update(Premises).where(Premises.id == "p1").values(opened_on=date(2026, 11, 1)))
        seen = {"hotspot_id": "h1", "on_date": date(2026, 11, 12), "result": "sign", "geom": HOME}
        work.session.add(Patrol(**work.event(), **seen, sign_kind="premises_without_registration"))
    return wards


def grow(store: Store, day: date = DAY) -> int:
    with store.write(DESK) as work:
        return grow_signals(work, Known(work, day))


def test_each_record_makes_its_signal_once_with_a_deadline_from_the_day_it_was_made(records: Store) -> None:
    with speaking("en"):
        assert grow(records) == 3
    assert grow(records) == 0
    assert grow(records, DAY + timedelta(days=1)) == 0
    found = signals.inbox(records, HERE, DAY).set_index("topic")
    assert set(found.index) == {"violation", "licence", "unregistered"}
    assert (found["state"] == SignalState.RECEIVED).all()
    assert {day.date() for day in found["due_on"]} == {DAY + timedelta(days=15)}
    # In the language of record, whoever asked for the scan.
    assert found.at["violation", "text"] == "Kiểm tra phát hiện vi phạm liên quan mại dâm tại Nhà nghỉ Hoa Sen"
    assert signals.inbox(records, THERE, DAY).empty


def test_what_a_finding_or_a_patrol_tells_is_not_weighed_a_second_time_as_a_signal(records: Store) -> None:
    grow(records)
    with records.read(DESK) as work:
        weighed = events.signals_until(work, DAY)
        assert work.session.scalar(select(func.count()).select_from(Signal)) == 3
    assert weighed["grew_from"].tolist() == ["opening:p1:2026-11-01"]


def test_an_opening_and_the_licence_of_it_are_one_event(records: Store) -> None:
    with records.write(DESK) as work:
        for number, days in enumerate(
            ({"withdrawn_on": date(2026, 9, 1)}, {"issued_on": date(2026, 11, 3)}), start=1
        ):
            work.session.add(Licence(id=f"l{number}", premises_id="p1", kind="security", **days))
    assert grow(records) == 4
    with records.read(DESK) as work:
        assert events.signals_until(work, DAY).empty
        # The office still has both to look at.
        assert work.session.scalar(select(func.count()).select_from(Signal)) == 4


def test_an_empty_district_makes_none(wards: Store) -> None:
    assert grow(wards) == 0
