"""The back-test on one's own history: the same periods for all orders, only the past, thin data in words."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np

from geo.backtest_own import BASELINES, FITTED, TABLE, Contest, contest, own_backtest_document, score_blocks
from geo.messages import Message
from geo.risk_fit import Block
from geo.risk_past import read_blocks
from tests.unit.geo.risk_world import AS_OF, SETTINGS, made_record

NAMES = ("district", "type", "serious_violations", "licence_fire")


def block(at: int, n: int = 40, *, found: Any = None, seed: int = 0) -> Block:
    """A period of ``n`` checks; without the fire paper something is found twice as often."""
    rng = np.random.default_rng([seed, at])
    paper = rng.random(n) < 0.4
    outcome = (rng.random(n) < np.where(paper, 0.5, 0.2)).astype(float) if found is None else np.full(n, found)
    zero = np.zeros(n)
    log_odds = np.column_stack([zero, rng.normal(0, 0.3, n), rng.normal(0, 0.3, n), 0.5 * paper])
    month = date(2020 + at // 6, at % 6 * 2 + 1, 1)
    day = np.sort(rng.integers(0, 60, n)) + month.toordinal()
    return Block(month, month.replace(day=28), NAMES, log_odds, outcome, day, np.where(paper, np.nan, 90.0))


BLOCKS = [block(at) for at in range(20)]


def document(blocks: list[Block], windows: int = 6) -> dict[str, Any]:
    return own_backtest_document(score_blocks(blocks, SETTINGS, windows), draws=20, seed=1)


def test_every_order_is_measured_over_the_same_periods_with_intervals() -> None:
    result = document(BLOCKS)
    assert result["enough"]
    for name in (TABLE, FITTED):
        model = result[name]
        assert len(model["windows"]) == 6
        low, high = model["intervals"]["auc"]
        assert low <= model["mean"]["auc"] <= high
        assert sum(bin_["n"] for bin_ in model["calibration"]["reliability"]) == 240
    # A third of these checks found something, where the table foretells one in twenty.
    assert result[FITTED]["calibration"]["brier"] < result[TABLE]["calibration"]["brier"]
    assert set(result["baselines"]) == set(BASELINES)
    assert result["baselines"]["as_inspected"]["days_earlier"] == 0
    json.dumps({key: value for key, value in result.items() if key != "notes"}, allow_nan=False)


def test_the_leader_is_the_model_that_orders_better() -> None:
    result = document(BLOCKS)
    better = result[FITTED]["mean"]["auc"] > result[TABLE]["mean"]["auc"]
    assert result["leader"] == (FITTED if better else TABLE)
    assert contest(score_blocks(BLOCKS, SETTINGS, 6)).fitted_wins == better
    assert not Contest(5, 0.6, 0.6).fitted_wins
    assert not Contest(0, None, None).fitted_wins


def test_what_comes_after_a_period_does_not_change_its_scores() -> None:
    before = score_blocks(BLOCKS[:15], SETTINGS, 3)
    other = [*BLOCKS[:14], block(14, found=1.0), *(block(at, seed=9) for at in range(15, 20))]
    after = score_blocks(other, SETTINGS, 8)[:3]
    for one, same in zip(before[:2], after[:2], strict=True):
        assert one.block.first == same.block.first
        for name, score in one.scores.items():
            np.testing.assert_array_equal(score, same.scores[name])


def test_too_little_to_fit_leaves_the_table_and_says_so() -> None:
    result = document(BLOCKS[:3])
    assert result["enough"]
    assert result[FITTED] is None
    assert result["fitted_ahead"] is None
    assert result["leader"] == TABLE
    assert any("Chưa đủ dữ liệu để hiệu chỉnh" in str(note) for note in result["notes"])


def test_no_history_no_checks_and_equal_results_are_said_in_words() -> None:
    for blocks, word in (
        ([], "chưa đủ dài"),
        ([block(0, 0)], "không có lượt kiểm tra nào"),
        ([block(0, found=0.0)], "đều như nhau"),
        ([block(0, found=1.0)], "đều như nhau"),
        ([block(0, 1)], "đều như nhau"),
    ):
        result = document(blocks)
        assert not result["enough"]
        assert result["leader"] is None
        assert all(isinstance(note, Message) for note in result["notes"])
        assert any(word in str(note) for note in result["notes"]), word
        json.dumps({key: value for key, value in result.items() if key != "notes"}, allow_nan=False)


def no_paper_tells(_no_fire: Any, character: Any) -> Any:
    """Chances of finding something where the fire paper says nothing, and the premises' own past all."""
    return 1 / (1 + np.exp(2.3 - 1.3 * character))


def test_where_the_table_is_wrong_the_fit_finds_more_than_the_table_and_than_plain_orders() -> None:
    record = made_record(1500, chance=no_paper_tells)
    result = document(read_blocks(record, AS_OF, SETTINGS, 2), 10)
    fitted = result[FITTED]["mean"]["auc"]
    assert fitted > result[TABLE]["mean"]["auc"]
    assert all(fitted > result["baselines"][name]["auc"] for name in ("as_inspected", "longest_since_last"))
