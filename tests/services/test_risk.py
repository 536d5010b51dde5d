"""The ranking says which model scored, why, and how sure it is; the future changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
import shapely

from app.services import risk
from app.services.accounts import SYSTEM
from app.services.facts import Known
from app.services.risk_model import choose_model
from data.repositories import places
from data.repositories.frames import add_rows
from data.store import Actor, Store
from data.tables import Finding, Inspection, Premises, PremisesStatusChange, Signal, Unit
from geo.errors import RuleError
from geo.risk import score_premises
from geo.risk_settings import Mode, RiskSettings
from geo.words import Role
from tests.conftest import DEMO_DAY


def with_fit(settings: RiskSettings, **changes: Any) -> RiskSettings:
    return replace(settings, fit=replace(settings.fit, **changes))


# --- the model in use -----------------------------------------------------------------------------------------


def test_the_ranking_names_its_model_and_why_it_was_chosen(demo: Store) -> None:
    document = risk.ranking(demo, SYSTEM, DEMO_DAY)
    model = document["model"]
    with demo.read(SYSTEM) as work:
        settings = Known(work, DEMO_DAY).risk_settings
    assert model["name"] in (settings.name, settings.fit.name)
    assert (model["fitted_on"] is not None) == (model["name"] == settings.fit.name)
    assert "bảng điểm" in model["why"]
    for row in document["premises"]:
        low, high = row["probability_range"]
        assert 0 < low <= row["probability"] <= high < 1
        assert sum(Decimal(str(part["points"])) for part in row["parts"]) == Decimal(str(row["score"]))


def test_the_switch_chooses_the_table_the_fit_or_the_one_that_did_better(demo: Store) -> None:
    with demo.read(SYSTEM) as work:
        known = Known(work, DEMO_DAY)
        settings, record = known.risk_settings, known.record
    chosen = {mode: choose_model(record, DEMO_DAY, with_fit(settings, mode=mode)) for mode in Mode}
    assert chosen[Mode.TABLE].fitted is None
    assert chosen[Mode.FITTED].fitted is not None
    assert chosen[Mode.FITTED].model.fitted_on == date(2026, 10, 31)
    assert "Cấu hình chọn" in str(chosen[Mode.TABLE].why) and "Cấu hình chọn" in str(chosen[Mode.FITTED].why)
    assert "AUC" in str(chosen[Mode.AUTO].why)
    assert len({one.model.version for one in chosen.values()}) >= 2


def test_too_little_history_falls_back_to_the_table_and_says_how_much_is_needed(demo: Store) -> None:
    early = risk.ranking(demo, SYSTEM, date(2022, 3, 1))["model"]
    assert early["fitted_on"] is None
    assert "chưa đủ dữ liệu" in early["why"] and "200" in early["why"]
    with demo.read(SYSTEM) as work:
        known = Known(work, DEMO_DAY)
        few = with_fit(known.risk_settings, least_windows=100)
        assert "kỳ kiểm chứng, cần ít nhất 100 kỳ" in str(choose_model(known.record, DEMO_DAY, few).why)


def test_a_fit_holds_until_the_next_period_ends(demo: Store) -> None:
    with demo.read(SYSTEM) as work:
        settings = with_fit(Known(work, DEMO_DAY).risk_settings, mode=Mode.FITTED)
        days = (date(2026, 11, 2), DEMO_DAY)
        one, other = (choose_model(Known(work, day).record, day, settings) for day in days)
        assert one is other
        earlier = choose_model(Known(work, date(2026, 10, 30)).record, date(2026, 10, 30), settings)
    assert earlier.model.fitted_on == date(2026, 8, 31)
    assert earlier.model.version != one.model.version


# --- only what was known that day -----------------------------------------------------------------------------


def test_a_past_day_is_cut_from_the_record_as_it_was_loaded_on_that_day(demo: Store) -> None:
    with demo.read(SYSTEM) as work:
        record = Known(work, DEMO_DAY).record
        for day in (date(2023, 5, 31), date(2025, 2, 28), date(2025, 12, 31)):
            known = Known(work, day)
            columns = ["id", "score", "rank", "probability"]
            then = score_premises(
                **record.on(day),
                differing=known.differing_papers,
                as_of=day,
                settings=known.risk_settings,
                fitted=known.risk_model.fitted,
            )
            pd.testing.assert_frame_equal(then[columns], known.scores[columns])


def test_what_is_recorded_after_the_day_changes_neither_scores_nor_model(own_demo: Store) -> None:
    day = date(2025, 8, 31)
    before = risk.ranking(own_demo, SYSTEM, day)
    ids = [row["id"] for row in before["premises"]][:40]
    later = day + timedelta(days=1)
    with own_demo.write(SYSTEM) as work:
        place = shapely.Point(105.775, 20.97)
        visits = [
            {
                **work.event(),
                "id": f"v{k}",
                "premises_id": one,
                "on_date": later,
                "outcome": "checked",
                "geom": place,
            }
            for k, one in enumerate(ids)
        ]
        add_rows(work, Inspection, visits)
        found = [
            {**work.event(), "inspection_id": v["id"], "kind": "prostitution", "serious": True, "text": ""}
            for v in visits
        ]
        add_rows(work, Finding, found)
        tips = [
            {
                **work.event(),
                "on_date": later,
                "source": "citizen",
                "state": "verified",
                "premises_id": one,
                "text": "",
            }
            for one in ids
        ]
        add_rows(work, Signal, tips)
        closed = {**work.event(), "premises_id": ids[0], "status": "closed", "on_date": later}
        add_rows(work, PremisesStatusChange, [closed])
    assert risk.ranking(own_demo, SYSTEM, day) == before
    after = risk.ranking(own_demo, SYSTEM, later)
    assert after["premises"] != before["premises"]


def test_scoring_leaves_the_frames_it_was_given_as_they_were(demo: Store) -> None:
    with demo.read(SYSTEM) as work:
        known = Known(work, DEMO_DAY)
        names = ("premises", "licences", "inspections", "findings", "signals", "hotspots", "units")
        before = {name: getattr(known, name).copy(deep=True) for name in names}
        assert len(known.scores)
        for name in names:
            pd.testing.assert_frame_equal(pd.DataFrame(getattr(known, name)), pd.DataFrame(before[name]))


# --- who may see, and thin registers --------------------------------------------------------------------------


def test_a_scope_sees_the_same_scores_of_its_own_premises(demo: Store) -> None:
    with demo.read(SYSTEM) as work:
        units = places.units_on(work, DEMO_DAY).set_index("code")["id"]
    officer = Actor("canbo", Role.WARD_OFFICER, frozenset({units["09552"]}))
    whole = {row["id"]: row for row in risk.ranking(demo, SYSTEM, DEMO_DAY)["premises"]}
    document = risk.ranking(demo, officer, DEMO_DAY)
    assert {row["ward"] for row in document["premises"]} == {"09552"}
    assert all(row == whole[row["id"]] for row in document["premises"])
    assert document["model"] == risk.ranking(demo, SYSTEM, DEMO_DAY)["model"]


def test_who_may_not_see_tips_sees_no_ranking(demo: Store) -> None:
    with pytest.raises(RuleError):
        risk.ranking(demo, Actor("xem", Role.VIEWER), DEMO_DAY)


def test_one_premises_with_odd_history_has_a_score(empty_store: Store) -> None:
    ground = shapely.MultiPolygon([shapely.box(105.76, 20.95, 105.78, 20.97)])
    with empty_store.write(SYSTEM) as work:
        unit = {"id": "u", "code": "1", "name": "Phường A", "valid_from": date(2020, 7, 1), "geom": ground}
        add_rows(work, Unit, [unit])
        one = {"id": "p", "name": "Cơ sở mẫu", "folded": "", "type": "karaoke", "geom": None}
        add_rows(work, Premises, [one])
        # The same visit entered many times over years, also in the future; all found something.
        days = [date(2024, 1, 1) + timedelta(days=20 * (k // 3)) for k in range(240)]
        visits = [
            {**work.event(), "id": f"v{k}", "premises_id": "p", "on_date": day, "outcome": "checked"}
            for k, day in enumerate(days)
        ]
        add_rows(work, Inspection, visits)
        found = [
            {**work.event(), "inspection_id": v["id"], "kind": "fire", "serious": True, "text": ""}
            for v in visits
        ]
        add_rows(work, Finding, found)
    document = risk.ranking(empty_store, SYSTEM, DEMO_DAY)
    (row,) = document["premises"]
    assert 0 <= row["score"] <= 100
    assert "chưa đủ dữ liệu" in document["model"]["why"]
    assert all(value == value for value in (row["probability"], *row["probability_range"]))
