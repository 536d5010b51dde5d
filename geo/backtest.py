"""The risk model on one's own history: rolling windows, each scored with what was known before its first day.

The same windows are ordered by the fitted model with and without nearby outcomes and by three plain rules.
Nearby outcomes may stand for who inspects where; they are worth keeping only where they also win between
inspections of the same month and area.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from geo.backtest_measures import (
    MEASURES,
    Period,
    calibration,
    compare_pairs,
    interval,
    mean_of,
    measure,
    pairs_within,
    resampled_means,
)
from geo.messages import Message, msg
from geo.risk_features import (
    NEARBY_OUTCOMES,
    FeatureSettings,
    Floats,
    InspectionLog,
    Rows,
    SignalLog,
    days_since_last,
    features_at,
    middle_latitude,
    own_history,
    read_log,
    read_signals,
)
from geo.risk_model import fit_risk, training_set

_EPOCH = pd.Timestamp("1970-01-01")
WITH_NEARBY, WITHOUT_NEARBY = "with_nearby", "without_nearby"
BASELINES = ("as_inspected", "longest_since_last", "history_only")
#: Cell side of "the same area" when nearby outcomes are judged: about a ward.
AREA_M = 2000.0


@dataclass(frozen=True)
class Window:
    """A window from its ``first`` to its ``last`` day, both included."""

    first: date
    last: date

    @property
    def days(self) -> tuple[int, int]:
        """First day and the day after the last, counted from 1970."""
        first, last = ((pd.Timestamp(day) - _EPOCH).days for day in (self.first, self.last))
        return first, last + 1


@dataclass(frozen=True)
class ScoredWindow:
    """One window's inspections ``rows`` and each order's score, high first; ``enough``: could be fitted."""

    window: Window
    rows: Rows
    scores: dict[str, Floats]
    past_rate: float
    enough: bool


@dataclass(frozen=True)
class BacktestOptions:
    """``area_m``: side of the cells that count as one area; ``draws``: bootstrap draws from ``seed``, 0 for
    no intervals."""

    settings: FeatureSettings = field(default_factory=FeatureSettings)
    area_m: float = AREA_M
    draws: int = 200
    seed: int = 20_130_701


def rolling_windows(first: date, last: date, months: int) -> list[Window]:
    """Windows of ``months`` calendar months starting at ``first`` and every ``months`` up to ``last``."""
    start = pd.Timestamp(first)
    windows: list[Window] = []
    while start <= pd.Timestamp(last):
        # From the first day each time, so that a window of the 31st does not drift to the 28th.
        end = pd.Timestamp(first) + pd.DateOffset(months=months * (len(windows) + 1))
        windows.append(Window(start.date(), (end - pd.Timedelta(days=1)).date()))
        start = end
    return windows


def score_windows(
    log: InspectionLog, signals: SignalLog | None, windows: Sequence[Window], settings: FeatureSettings
) -> Iterator[ScoredWindow]:
    """Score the inspections of each window by every order, from what was known before its first day."""
    for window in windows:
        start, end = window.days
        rows = np.flatnonzero((log.day >= start) & (log.day < end))
        past = log.outcome[log.day < start]
        past_rate = float(past.mean()) if len(past) else 0.0
        scores = _plain_orders(log, rows, start, past_rate, settings)
        chosen = replace(settings, nearby=True)
        training = training_set(log, signals, start, end - start, chosen) if len(rows) else None
        if training is not None:
            features = features_at(log, signals, rows, start, chosen)
            fewer = replace(training, features=training.features.drop(columns=NEARBY_OUTCOMES))
            scores[WITH_NEARBY] = fit_risk(training).log_odds(features)
            scores[WITHOUT_NEARBY] = fit_risk(fewer).log_odds(features)
        yield ScoredWindow(window, rows, scores, past_rate, WITH_NEARBY in scores)


def _plain_orders(
    log: InspectionLog, rows: Rows, start: int, past_rate: float, settings: FeatureSettings
) -> dict[str, Floats]:
    gap = days_since_last(log, rows, start)
    residual = (log.outcome - past_rate)[:, None]
    return {
        "as_inspected": -log.day[rows].astype(float),
        # Never inspected stands before everybody.
        "longest_since_last": np.where(np.isnan(gap), np.inf, gap),
        "history_only": own_history(log, residual, rows, start, settings)[:, 0],
    }


def backtest(
    inspections: pd.DataFrame,
    signals: pd.DataFrame | None,
    *,
    outcome: str,
    after: Sequence[str],
    windows: Sequence[Window],
    options: BacktestOptions,
) -> dict[str, Any]:
    """Measure the model over ``windows``, beside plain orders; JSON-ready but for ``Message`` notes.

    ``inspections``: ``inspection_id, date, premises_id, type, lat, lon``, ``outcome`` 0/1, the columns of
    ``after``, which only feed later rows' history, and any features known beforehand. ``signals``:
    ``date, lat, lon``. An inspection repeated by id counts once. ``windows`` and ``mean`` are of the model with
    nearby outcomes, ``without_nearby_outcomes`` of the one without.
    """
    single = inspections.drop_duplicates("inspection_id").reset_index(drop=True)
    latitude = middle_latitude(single)
    log = read_log(single, outcome, after, latitude)
    placed = None if signals is None else read_signals(signals, latitude)
    scored = list(score_windows(log, placed, windows, options.settings))
    place = np.argsort(np.argsort(single["inspection_id"].to_numpy(), kind="stable"))
    periods = [Period(log.day[s.rows], log.outcome[s.rows], place[s.rows]) for s in scored]
    judged = [k for k, s in enumerate(scored) if s.enough]
    means = _bootstrap([scored[k] for k in judged], [periods[k] for k in judged], options)
    repeated = len(inspections) - len(single)
    with_nearby = _model_document(WITH_NEARBY, scored, periods, means)
    same_area = _same_month_and_area(log, [scored[k] for k in judged], options)
    return {
        "model": {"name": "ridge-logistic", "nearby_outcomes": True},
        **with_nearby,
        "baselines": {name: _order_document(name, scored, periods, means, judged) for name in BASELINES},
        "without_nearby_outcomes": _model_document(WITHOUT_NEARBY, scored, periods, means),
        "nearby_outcomes": {
            "same_month_and_area": same_area,
            "kept_by_default": same_area["interval"] is not None and same_area["interval"][0] > 0,
        },
        "notes": _notes(scored, periods, repeated),
    }


def _bootstrap(
    scored: Sequence[ScoredWindow], periods: Sequence[Period], options: BacktestOptions
) -> dict[str, Floats]:
    if not scored or options.draws == 0:
        return {}
    orders = {name: [s.scores[name] for s in scored] for name in scored[0].scores}
    return resampled_means(orders, periods, options.draws, options.seed)


def _model_document(
    name: str, scored: Sequence[ScoredWindow], periods: Sequence[Period], means: dict[str, Floats]
) -> dict[str, Any]:
    judged = [k for k, s in enumerate(scored) if s.enough]
    rows = [
        {
            "from": s.window.first.isoformat(),
            "to": s.window.last.isoformat(),
            "n": len(s.rows),
            "positives": int(period.outcome.sum()),
            **(measure(s.scores[name], period) if s.enough else dict.fromkeys(MEASURES)),
        }
        for s, period in zip(scored, periods, strict=True)
    ]
    document: dict[str, Any] = {"windows": rows, **_order_summary(name, rows, means)}
    if judged:
        chance = np.concatenate([expit(scored[k].scores[name]) for k in judged])
        found = np.concatenate([periods[k].outcome for k in judged])
        expected = np.concatenate([np.full(len(scored[k].rows), scored[k].past_rate) for k in judged])
        document["calibration"] = calibration(chance, found, expected)
    return document


def _order_summary(name: str, rows: Sequence[Any], means: dict[str, Floats]) -> dict[str, Any]:
    summary: dict[str, Any] = {"mean": mean_of(rows)}
    if name in means:
        summary["intervals"] = {m: interval(means[name][:, k]) for k, m in enumerate(MEASURES)}
    return summary


def _order_document(
    name: str,
    scored: Sequence[ScoredWindow],
    periods: Sequence[Period],
    means: dict[str, Floats],
    judged: Sequence[int],
) -> dict[str, Any]:
    """A baseline over the same windows, and how far the model is ahead of it."""
    rows = [measure(scored[k].scores[name], periods[k]) for k in judged]
    summary = _order_summary(name, rows, means)
    document = {**summary.pop("mean"), **summary}
    if name in means:
        ahead = means[WITH_NEARBY] - means[name]
        document["model_ahead"] = {m: interval(ahead[:, k]) for k, m in enumerate(MEASURES)}
    return document


def _same_month_and_area(
    log: InspectionLog, scored: Sequence[ScoredWindow], options: BacktestOptions
) -> dict[str, Any]:
    rows = np.concatenate([s.rows for s in scored]) if scored else np.empty(0, dtype=np.intp)
    window = np.repeat(np.arange(len(scored)), [len(s.rows) for s in scored])
    placed = np.isfinite(log.xy[rows]).all(axis=1)
    rows, window = rows[placed], window[placed]
    cell = np.floor(log.xy[rows] / options.area_m).astype(np.int64)
    month = pd.to_datetime(log.day[rows], unit="D").to_period("M").astype(str)
    keys = pd.DataFrame({"window": window, "month": month, "x": cell[:, 0], "y": cell[:, 1]})
    stratum = keys.groupby(list(keys), sort=False).ngroup().to_numpy(dtype=np.int64)
    scores = {
        name: np.concatenate([np.empty(0), *(s.scores[name] for s in scored)])[placed]
        for name in (WITH_NEARBY, WITHOUT_NEARBY)
    }
    won = pairs_within(scores, log.outcome[rows], stratum)
    compared = compare_pairs(won, WITH_NEARBY, WITHOUT_NEARBY, max(options.draws, 1), options.seed)
    return {"area_m": options.area_m, **compared}


def _notes(scored: Sequence[ScoredWindow], periods: Sequence[Period], repeated: int) -> list[Message]:
    notes = []
    if repeated:
        notes.append(msg("{n} dòng trùng mã lượt kiểm tra, mỗi mã tính một lần", n=repeated))
    for s, period in zip(scored, periods, strict=True):
        days = {"first": f"{s.window.first:%d/%m/%Y}", "last": f"{s.window.last:%d/%m/%Y}"}
        if len(s.rows) == 0:
            notes.append(msg("Chưa đủ dữ liệu: không có lượt kiểm tra nào từ {first} đến {last}", **days))
        elif not s.enough:
            notes.append(
                msg("Chưa đủ dữ liệu trước {first} để ước lượng cho kỳ {first} - {last}", **days),
            )
        elif period.outcome.min() == period.outcome.max():
            notes.append(
                msg(
                    "Chưa đủ dữ liệu: kết quả của kỳ {first} - {last} đều như nhau, không so sánh được", **days
                ),
            )
    return notes
