"""The back-test of the score on the office's own history: the point table and its fit beside plain orders."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.access import Right, require
from app.services.facts import Known
from app.services.risk_model import past_checks
from app.text import render
from data.store import Actor, Store
from geo.backtest_own import own_backtest_document, score_blocks
from geo.errors import InputError
from geo.messages import msg

#: Bootstrap draws of the intervals, and their seed: the same history gives the same figures.
_DRAWS, _SEED = 200, 20_260_101
MOST_MONTHS, MOST_WINDOWS = 12, 60


def own_backtest(
    store: Store, actor: Actor, as_of: date, *, months: int = 2, windows: int = 12
) -> dict[str, Any]:
    """Measure both models over the last ``windows`` calendar periods of ``months`` that ended by ``as_of``.

    Every check of a period is scored with what was known on the day before the period began, and the fit with
    the periods before it. The history is the whole office's, whoever asks: only figures leave it.

    Returns ``as_of, months, model`` (the one in use and why), ``enough``, ``leader`` ("table", "fitted" or
    None), ``table`` and ``fitted`` (None without enough data): ``windows`` (from, to, n, positives and the
    measures), ``mean, intervals, calibration`` (Brier score, reliability table); ``fitted_ahead`` (intervals),
    ``baselines`` (as_inspected, longest_since_last, history_only: measures, ``intervals``, ``leader_ahead``)
    and ``notes``, which say where data do not suffice.
    """
    require(actor, Right.SEE_TIPS)
    if not 1 <= months <= MOST_MONTHS:
        what = msg("Độ dài mỗi kỳ phải từ 1 đến {most} tháng, không phải {n}.", most=MOST_MONTHS, n=months)
        raise InputError("bad_months", what)
    if not 1 <= windows <= MOST_WINDOWS:
        what = msg("Số kỳ phải từ 1 đến {most}, không phải {n}.", most=MOST_WINDOWS, n=windows)
        raise InputError("bad_windows", what)
    with store.read(actor) as work:
        known = Known(work, as_of).whole
        settings = known.risk_settings
        scored = score_blocks(past_checks(known.record, as_of, settings, months), settings, windows)
        document = own_backtest_document(scored, draws=_DRAWS, seed=_SEED)
        model = known.risk_model.document()
    notes = [render(note) for note in document.pop("notes")]
    return {"as_of": as_of.isoformat(), "months": months, "model": model, **document, "notes": notes}
