"""The server database gives the same answers as the embedded one: one set of models, one set of use cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from app.config import Settings
from app.services import accounts, alerts, database, hotspots, map_data, risk
from app.services.accounts import SYSTEM
from data.near import points_within
from data.store import Actor, Store
from data.tables import Premises
from geo.errors import ConflictError
from geo.words import AlertState, Role
from tests.conftest import DEMO_DAY


@pytest.fixture
def filled(empty_engine: Engine, tmp_path: Path) -> Store:
    """The demonstration on each engine in turn."""
    url = empty_engine.url.render_as_string(hide_password=False)
    database.initialise(Settings(database_url=url, data=tmp_path), demo=True, as_of=DEMO_DAY)
    return Store(empty_engine)


def test_every_engine_tells_the_same_story(filled: Store, demo: Store) -> None:
    assert risk.ranking(filled, SYSTEM, DEMO_DAY) == risk.ranking(demo, SYSTEM, DEMO_DAY)
    assert risk.borders(filled, SYSTEM, DEMO_DAY) == risk.borders(demo, SYSTEM, DEMO_DAY)
    columns = ["kind", "place_id", "score", "state"]
    ours = alerts.alerts_with_places(filled, SYSTEM, DEMO_DAY)[columns]
    pd.testing.assert_frame_equal(ours, alerts.alerts_with_places(demo, SYSTEM, DEMO_DAY)[columns])
    for day in (DEMO_DAY, DEMO_DAY - timedelta(days=500), DEMO_DAY - timedelta(days=800)):
        here, there = map_data.map_data(filled, SYSTEM, day), map_data.map_data(demo, SYSTEM, day)
        assert list(here.units["code"]) == list(there.units["code"])
        assert here.premises["ward_code"].value_counts().to_dict() == (
            there.premises["ward_code"].value_counts().to_dict()
        )
        assert list(here.hotspots["state"]) == list(there.hotspots["state"])

    with filled.read(SYSTEM) as work, demo.read(SYSTEM) as other:
        centre = (105.775, 20.967)
        found = points_within(work.session, Premises, *centre, 1500.0)
        wanted = points_within(other.session, Premises, *centre, 1500.0)
    assert found.keys() == wanted.keys()
    assert all(abs(found[key] - wanted[key]) < 0.01 for key in found)

    # Writing works alike, and a stale version is refused on both.
    officer = Actor("canbo", Role.WARD_OFFICER)
    alert = alerts.alerts_with_places(filled, officer, DEMO_DAY).iloc[0]
    alerts.judge(filled, officer, alert["id"], AlertState.ACKNOWLEDGED, "", seen=AlertState(alert["state"]))
    assert alerts.history(filled, officer, alert["id"])["state"].tolist()[-1] == AlertState.ACKNOWLEDGED
    spot = hotspots.overview(filled, officer, DEMO_DAY).iloc[0]
    seen = hotspots.WatchSettings(
        float(spot["catchment_m"]),
        int(spot["watch_months"]),
        int(spot["patrol_every_days"]),
        spot["patrol_by"],
    )
    hotspots.change_watch(filled, officer, spot["id"], seen, seen=seen, version=int(spot["version"]))
    wider = replace(seen, catchment_m=seen.catchment_m + 10)
    hotspots.change_watch(filled, officer, spot["id"], wider, seen=seen, version=int(spot["version"]))
    with pytest.raises(ConflictError):
        hotspots.change_watch(filled, officer, spot["id"], seen, seen=seen, version=int(spot["version"]))


def test_accounts_and_sessions_live_on_every_engine(store: Store) -> None:
    settings = Settings()
    accounts.create_first_account(store, "quantri", "mật-khẩu-đủ-dài-1")
    token = accounts.sign_in(store, settings, "quantri", "mật-khẩu-đủ-dài-1")
    assert accounts.who(store, settings, token) == Actor("quantri", Role.ADMIN)
    accounts.sign_out(store, token)
    assert accounts.who(store, settings, token) is None
