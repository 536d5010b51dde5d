"""Two wards side by side with accounts of each, and forms about places in them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import shapely

from app.services.signal_intake import Intake, take_in
from data.repositories.accounts import add_account
from data.repositories.frames import add_rows
from data.store import Actor, Store
from data.tables import Premises
from geo.words import Danger, Role, SignalKind, SignalSource, SignalTopic
from tests.services.register_world import STEWARD, fill

DAY = date(2026, 11, 24)
HERE = Actor("canbo-hadong", Role.WARD_OFFICER, frozenset({"u1"}))
HERE_TOO = Actor("congan-hadong", Role.WARD_POLICE, frozenset({"u1"}))
THERE = Actor("canbo-kienhung", Role.WARD_OFFICER, frozenset({"u2"}))
DESK = Actor("lanhdao", Role.ADMIN)
READER = Actor("lanhdao-xem", Role.REVIEWER)
NO_DANGER = dict.fromkeys(Danger, False)
TEXT = "Biển hiệu sáng khuya, mở cửa sau 24 giờ"
_counter = iter(range(10_000))


def fill_with_accounts(store: Store) -> Store:
    """The wards, three premises (one without a place), and the accounts of the actors above."""
    fill(store)
    with store.write(STEWARD) as work:
        for actor in (HERE, HERE_TOO, THERE, DESK, READER):
            add_account(work, actor.name, actor.role, "x", actor.scope)
        rows = [("p1", "Nhà nghỉ Hoa Sen", 105.77), ("p2", "Nhà nghỉ Kia", 105.85), ("p3", "Chưa có chỗ", None)]
        for premises_id, name, lon in rows:
            plain = {"id": premises_id, "name": name, "folded": name, "type": "guesthouse", "address": "Số 1"}
            geom = None if lon is None else shapely.Point(lon, 20.95)
            add_rows(work, Premises, [{**plain, "location_quality": "given", "geom": geom}])
    return store


def form(**changed: Any) -> Intake:
    """A form about a place in the first ward, with some fields changed."""
    plain: dict[str, Any] = {
        "key": f"form-{next(_counter):06}",
        "dangers": NO_DANGER,
        "on_date": date(2026, 11, 20),
        "source": SignalSource.HOTLINE,
        "kind": SignalKind.FEEDBACK,
        "topic": SignalTopic.VIOLATION,
        "text": TEXT,
        "lon": 105.77,
        "lat": 20.95,
    }
    return Intake(**(plain | changed))


def taken(store: Store, actor: Actor = HERE, **changed: Any) -> str:
    """The id of a signal that was taken in."""
    return take_in(store, actor, form(**changed), DAY).id


@pytest.fixture
def wards(empty_store: Store) -> Store:
    return fill_with_accounts(empty_store)
