"""The point table and its fit on one's own history: rolling periods, each scored from what was known before it.

Every period's checks are ordered by the table, by the table fitted to the earlier periods, and by three plain
rules; whichever of the two models did better is the one to score with, if the settings leave it open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit

from geo.backtest_measures import (
    MEASURES,
    Period,
    calibration,
    interval,
    mean_of,
    measure,
    resampled_means,
)
from geo.messages import Message, msg
from geo.risk_fit import Block, fit_weights
from geo.risk_parts import Floats
from geo.risk_settings import RiskSettings

TABLE, FITTED = "table", "fitted"
BASELINES = ("as_inspected", "longest_since_last", "history_only")


@dataclass(frozen=True)
class OwnWindow:
    """One period and each order's score of its checks, high first; models' scores are log-odds.

    ``past_rate``: share of the earlier checks that found something.
    """

    block: Block
    scores: dict[str, Floats]
    past_rate: float

    @property
    def period(self) -> Period:
        """The checks as the measures take them."""
        return Period(self.block.day, self.block.outcome, np.arange(len(self.block.day)))

    @property
    def judged(self) -> bool:
        """Whether an order of this period can be better or worse than another."""
        found = self.block.outcome
        return len(found) > 0 and bool(found.min() < found.max())


@dataclass(frozen=True)
class Contest:
    """The mean AUC of both models over the same ``windows`` periods; None without any."""

    windows: int
    table: float | None
    fitted: float | None

    @property
    def fitted_wins(self) -> bool:
        """Whether the fit did better than the table it starts from."""
        return self.table is not None and self.fitted is not None and self.fitted > self.table


def score_blocks(blocks: Sequence[Block], settings: RiskSettings, windows: int) -> list[OwnWindow]:
    """Score the last ``windows`` blocks; the fit of each rests on the blocks before it alone."""
    scored = []
    for at in range(max(len(blocks) - windows, 0), len(blocks)):
        block, past = blocks[at], blocks[:at]
        outcomes = np.concatenate([np.empty(0), *(one.outcome for one in past)])
        scores = {
            TABLE: settings.scale.base + block.log_odds.sum(axis=1),
            "as_inspected": -block.day.astype(float),
            # Never inspected stands before everybody.
            "longest_since_last": np.where(np.isnan(block.since_days), np.inf, block.since_days),
            "history_only": block.part("serious_violations"),
        }
        fitted = fit_weights(past, settings)
        if fitted is not None:
            scores[FITTED] = fitted.log_odds(block, settings.scale.base)
        past_rate = float(outcomes.mean()) if len(outcomes) else settings.history.prior_rate
        scored.append(OwnWindow(block, scores, past_rate))
    return scored


def contest(scored: Iterable[OwnWindow]) -> Contest:
    """Both models over the periods for which both have a score."""
    both = [one for one in scored if FITTED in one.scores and one.judged]
    auc = {
        name: mean_of([measure(one.scores[name], one.period) for one in both])["auc"]
        for name in (TABLE, FITTED)
    }
    return Contest(len(both), auc[TABLE], auc[FITTED])


def own_backtest_document(scored: Sequence[OwnWindow], *, draws: int, seed: int) -> dict[str, Any]:
    """Measures of every order; JSON-ready but for the ``Message`` notes.

    Orders are compared over the same periods: those that the fit could score or, without any, all of them.
    ``draws``: bootstrap draws from ``seed``, inside each period. ``leader``: the model of the larger mean AUC,
    the table on equal ones. Without a period in which some checks found something and some did not, ``enough``
    is False and there is nothing to compare.
    """
    usable = [one for one in scored if one.judged]
    both = [one for one in usable if FITTED in one.scores]
    common = both or usable
    orders = [TABLE, *([FITTED] if both else []), *BASELINES]
    means: dict[str, Floats] = {}
    if common:
        by_order = {name: [one.scores[name] for one in common] for name in orders}
        means = resampled_means(by_order, [one.period for one in common], draws, seed)
    leader = FITTED if contest(scored).fitted_wins else TABLE
    document: dict[str, Any] = {
        "enough": bool(common),
        "leader": leader if common else None,
        TABLE: _model(TABLE, scored, common, means),
        FITTED: _model(FITTED, scored, common, means) if both else None,
        "fitted_ahead": _ahead(means, FITTED, TABLE),
        "baselines": {},
        "notes": _notes(scored, both),
    }
    for name in BASELINES:
        rows = [measure(one.scores[name], one.period) for one in common]
        ahead = _ahead(means, leader, name)
        document["baselines"][name] = {
            **mean_of(rows),
            "intervals": _intervals(means, name),
            "leader_ahead": ahead,
        }
    return document


def _model(
    name: str, scored: Sequence[OwnWindow], common: Sequence[OwnWindow], means: dict[str, Floats]
) -> dict[str, Any]:
    rows = [
        {
            "from": one.block.first.isoformat(),
            "to": one.block.last.isoformat(),
            "n": len(one.block.outcome),
            "positives": int(one.block.outcome.sum()),
            **(measure(one.scores[name], one.period) if name in one.scores else dict.fromkeys(MEASURES)),
        }
        for one in scored
    ]
    document: dict[str, Any] = {
        "windows": rows,
        "mean": mean_of([measure(one.scores[name], one.period) for one in common]),
        "intervals": _intervals(means, name),
        "calibration": None,
    }
    if common:
        chance = np.concatenate([expit(one.scores[name]) for one in common])
        found = np.concatenate([one.block.outcome for one in common])
        expected = np.concatenate([np.full(len(one.block.outcome), one.past_rate) for one in common])
        document["calibration"] = calibration(chance, found, expected)
    return document


def _intervals(means: dict[str, Floats], name: str) -> dict[str, list[float] | None] | None:
    if name not in means:
        return None
    return {measured: interval(means[name][:, k]) for k, measured in enumerate(MEASURES)}


def _ahead(means: dict[str, Floats], one: str, other: str) -> dict[str, list[float] | None] | None:
    """Intervals of how far one order is ahead of another."""
    if one not in means or other not in means:
        return None
    ahead = means[one] - means[other]
    return {measured: interval(ahead[:, k]) for k, measured in enumerate(MEASURES)}


def _notes(scored: Sequence[OwnWindow], both: Sequence[OwnWindow]) -> list[Message]:
    notes: list[Message] = []
    if not scored:
        return [msg("Chưa đủ dữ liệu: lịch sử kiểm tra chưa đủ dài để có một kỳ kiểm chứng")]
    for one in scored:
        days = {"first": f"{one.block.first:%d/%m/%Y}", "last": f"{one.block.last:%d/%m/%Y}"}
        if len(one.block.outcome) == 0:
            notes.append(msg("Chưa đủ dữ liệu: không có lượt kiểm tra nào từ {first} đến {last}", **days))
        elif not one.judged:
            notes.append(
                msg("Chưa đủ dữ liệu: kết quả của kỳ {first} - {last} đều như nhau, không so sánh được", **days)
            )
    if not both:
        notes.append(msg("Chưa đủ dữ liệu để hiệu chỉnh bảng điểm theo lịch sử của đơn vị"))
    elif len(both) < sum(one.judged for one in scored):
        notes.append(msg("So sánh trên {n} kỳ mà mô hình hiệu chỉnh đã có đủ dữ liệu từ trước", n=len(both)))
    left_out = sum(one.block.left_out for one in scored)
    if left_out:
        notes.append(
            msg(
                "{n} lượt kiểm tra cơ sở chưa hoạt động hoặc chưa biết trước kỳ đó, không xếp được",
                n=left_out,
            )
        )
    return notes
