"""Which model scores on a day, the point table or its fit to the office's own inspections, and why."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar

import geopandas as gpd
import pandas as pd

from app.text import render
from geo.backtest_own import Contest, contest, score_blocks
from geo.messages import Message, msg
from geo.risk import RiskModel, model_of
from geo.risk_fit import Block, FittedWeights, calendar_periods, fit_weights
from geo.risk_past import RiskRecord, read_blocks
from geo.risk_settings import Mode, RiskSettings

#: Results that are kept: a page, a plan and a map of one day ask for the same ones.
_MOST_KEPT = 16
_LONG_AGO = date(2000, 1, 1)
_kept: OrderedDict[str, Any] = OrderedDict()
_lock = threading.Lock()
Made = TypeVar("Made")


@dataclass(frozen=True)
class ChosenModel:
    """The model in use. ``fitted`` is None for the point table; ``why`` says in a sentence what decided."""

    model: RiskModel
    fitted: FittedWeights | None
    why: Message

    def document(self) -> dict[str, Any]:
        """``name``, ``version``, ``fitted_on`` and ``why``, to stand beside every score."""
        day = self.model.fitted_on
        return {
            "name": self.model.name,
            "version": self.model.version,
            "fitted_on": None if day is None else day.isoformat(),
            "why": render(self.why),
        }


def choose_model(record: RiskRecord, as_of: date, settings: RiskSettings) -> ChosenModel:
    """The model for scores of ``as_of``.

    A fit rests on whole calendar periods, so it changes only when one ends, or when what is on record of the
    past does. It is kept by the content it was made from: the same record never costs a second fit.
    """
    periods = calendar_periods(_LONG_AGO, as_of, settings.fit.period_months)
    if settings.fit.mode is Mode.TABLE or not periods:
        return ChosenModel(model_of(settings), None, msg("Cấu hình chọn dùng bảng điểm"))
    past = record.until(periods[-1][1])
    key = _digest(past, settings)
    return _once(f"model {key}", lambda: _chosen(past_checks(past, as_of, settings), settings))


def past_checks(
    record: RiskRecord, as_of: date, settings: RiskSettings, months: int | None = None
) -> list[Block]:
    """The checks of the past in calendar periods (of the settings, or of ``months``) that ended by ``as_of``.

    Kept by content as well: they are what a fit and a back-test take longest to make.
    """
    length = settings.fit.period_months if months is None else months
    periods = calendar_periods(_LONG_AGO, as_of, length)
    if not periods:
        return []
    past = record.until(periods[-1][1])
    return _once(f"{length} {_digest(past, settings)}", lambda: read_blocks(past, as_of, settings, length))


def _once(key: str, make: Callable[[], Made]) -> Made:
    """What was made under ``key``, or make it. Two at a time may both make it: they make the same."""
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            known: Made = _kept[key]
            return known
    made = make()
    with _lock:
        _kept[key] = made
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return made


def _chosen(blocks: list[Block], settings: RiskSettings) -> ChosenModel:
    fitted = fit_weights(blocks, settings)
    if fitted is None:
        return ChosenModel(model_of(settings), None, _too_little(blocks, settings))
    learned = {"n": fitted.inspections, "found": fitted.found}
    if settings.fit.mode is Mode.FITTED:
        why = msg(
            "Cấu hình chọn bảng điểm đã hiệu chỉnh theo {n} lượt kiểm tra ({found} lượt có vi phạm nghiêm"
            " trọng)",
            **learned,
        )
        return ChosenModel(model_of(settings, fitted), fitted, why)
    result = contest(score_blocks(blocks, settings, settings.fit.windows))
    if result.windows < settings.fit.least_windows:
        why = msg(
            "Dùng bảng điểm: mới có {n} kỳ kiểm chứng, cần ít nhất {least} kỳ để so với bảng điểm hiệu chỉnh",
            n=result.windows,
            least=settings.fit.least_windows,
        )
        return ChosenModel(model_of(settings), None, why)
    if not result.fitted_wins:
        why = msg(
            "Dùng bảng điểm: qua {windows} kỳ kiểm chứng trên lịch sử của đơn vị, bảng điểm xếp đúng thứ tự"
            " {table}% số cặp cơ sở (AUC), không kém {fitted}% của bảng điểm hiệu chỉnh",
            **_figures(result),
        )
        return ChosenModel(model_of(settings), None, why)
    why = msg(
        "Dùng bảng điểm đã hiệu chỉnh theo {n} lượt kiểm tra ({found} lượt có vi phạm nghiêm trọng): qua"
        " {windows} kỳ kiểm chứng trên lịch sử của đơn vị, xếp đúng thứ tự {fitted}% số cặp cơ sở (AUC), bảng"
        " điểm gốc {table}%",
        **learned,
        **_figures(result),
    )
    return ChosenModel(model_of(settings, fitted), fitted, why)


def _figures(result: Contest) -> dict[str, Any]:
    return {
        "windows": result.windows,
        "table": round(100 * (result.table or 0.0), 1),
        "fitted": round(100 * (result.fitted or 0.0), 1),
    }


def _too_little(blocks: list[Block], settings: RiskSettings) -> Message:
    return msg(
        "Dùng bảng điểm: chưa đủ dữ liệu để hiệu chỉnh, mới có {n} lượt kiểm tra ({found} lượt có vi phạm"
        " nghiêm trọng) sau {months} tháng đầu; cần ít nhất {least} lượt, trong đó {least_found} lượt có vi"
        " phạm và {least_found} lượt không",
        n=sum(len(block.outcome) for block in blocks),
        found=int(sum(block.outcome.sum() for block in blocks)),
        months=settings.fit.warm_up_months,
        least=settings.fit.least_inspections,
        least_found=settings.fit.least_found,
    )


def _digest(record: RiskRecord, settings: RiskSettings) -> str:
    """A key of everything that goes into a fit."""
    digest = hashlib.sha256(settings.version.encode())
    for one in fields(record):
        frame = getattr(record, one.name)
        if not isinstance(frame, pd.DataFrame):
            continue
        placed = isinstance(frame, gpd.GeoDataFrame)
        plain = pd.DataFrame(frame.drop(columns=frame.geometry.name) if placed else frame)
        digest.update(f"{one.name} {len(frame)}".encode())
        digest.update(pd.util.hash_pandas_object(plain, index=False).to_numpy().tobytes())
        if placed:
            digest.update(b"".join(shape or b"" for shape in frame.geometry.to_wkb()))
    return digest.hexdigest()
