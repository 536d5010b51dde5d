"""The back-test on the office's own history, as the page and the head of the team get it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from app.services.accounts import SYSTEM
from app.services.own_backtest import own_backtest
from data.store import Actor, Store
from geo.errors import InputError, RuleError
from geo.words import Role
from tests.conftest import DEMO_DAY


def test_both_models_and_three_plain_orders_are_measured_on_the_same_periods(demo: Store) -> None:
    result = own_backtest(demo, SYSTEM, DEMO_DAY, months=2, windows=6)
    assert result["enough"]
    spans = [(row["from"], row["to"]) for row in result["table"]["windows"]]
    assert spans[0] == ("2025-11-01", "2025-12-31")
    assert spans[-1] == ("2026-09-01", "2026-10-31")
    assert len(spans) == 6
    for model in (result["table"], result["fitted"]):
        low, high = model["intervals"]["auc"]
        assert 0 <= low <= model["mean"]["auc"] <= high <= 1
        assert len(model["calibration"]["reliability"]) == 10
        assert 0 < model["calibration"]["brier"] < 0.25
    assert result["baselines"]["as_inspected"]["days_earlier"] == 0
    assert set(result["baselines"]) == {"as_inspected", "longest_since_last", "history_only"}
    assert result["leader"] in ("table", "fitted")
    assert result["model"]["why"]
    json.dumps(result, allow_nan=False)


def test_an_empty_or_a_young_office_is_told_that_data_do_not_suffice(empty_store: Store, demo: Store) -> None:
    for store, day in ((empty_store, DEMO_DAY), (demo, date(2021, 11, 1))):
        result = own_backtest(store, SYSTEM, day)
        assert not result["enough"]
        assert result["leader"] is None and result["fitted"] is None
        assert any("Chưa đủ dữ liệu" in note for note in result["notes"])
        json.dumps(result, allow_nan=False)


def test_before_the_fit_has_enough_the_table_is_measured_alone(demo: Store) -> None:
    result = own_backtest(demo, SYSTEM, date(2022, 11, 1), months=3)
    assert result["enough"]
    assert result["fitted"] is None and result["leader"] == "table"
    assert result["table"]["mean"]["auc"] is not None


def test_impossible_lengths_are_refused(demo: Store) -> None:
    for months, windows in ((0, 6), (13, 6), (2, 0), (2, 1000)):
        with pytest.raises(InputError):
            own_backtest(demo, SYSTEM, DEMO_DAY, months=months, windows=windows)


def test_who_may_not_see_tips_sees_no_back_test(demo: Store) -> None:
    with pytest.raises(RuleError):
        own_backtest(demo, Actor("xem", Role.VIEWER), DEMO_DAY)
