"""The risk score of premises: how likely an inspection now finds a serious violation, in parts that add up.

Log-odds = base + sum of the parts. Each part is turned into points and rounded to a tenth, so that the same
fact always gives the same points; the score is the sum of the points, and the probability follows from the
score. So the parts sum to the score exactly, and the score is linear in the log-odds. Where the sum leaves
0-100 a part ``limit`` brings it back; the probability is the one of the unlimited sum.

The parts are those of the point table; a fit to one's own inspections (``geo.risk_fit``) changes what they
weigh and keeps their names and sentences.

A score ranks and explains. It never closes a business, opens a case or justifies a second check of a year.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import NormalDist
from typing import overload

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from geo.messages import Message, msg
from geo.risk_changes import change_columns
from geo.risk_fit import FittedWeights, doubt_of_table
from geo.risk_history import history_columns, read_history
from geo.risk_parts import Floats, Part, PartColumn, licence_columns, particulars_column
from geo.risk_places import border_column, hotspot_column, signal_column
from geo.risk_settings import RiskSettings, parse_settings
from geo.shapes import metric_shapes

__all__ = [
    "FittedWeights",
    "Part",
    "Parts",
    "RiskModel",
    "RiskSettings",
    "model_of",
    "parse_settings",
    "part_columns",
    "score_premises",
]

Tenths = npt.NDArray[np.int64]
_FULL = 1000
_COLUMNS = ("id", "score", "rank", "probability", "probability_low", "probability_high", "parts")


@dataclass(frozen=True)
class RiskModel:
    """Which model gave a score. ``fitted_on``: last day of the data of the fit, None for a point table."""

    name: str
    version: str
    fitted_on: date | None = None


def model_of(settings: RiskSettings, fitted: FittedWeights | None = None) -> RiskModel:
    """The model that ``settings``, and the weights fitted by them, describe; stored beside every score."""
    if fitted is None:
        return RiskModel(settings.name, settings.version)
    return RiskModel(settings.fit.name, fitted.version, fitted.fitted_on)


def score_premises(
    *,
    premises: gpd.GeoDataFrame,
    licences: pd.DataFrame,
    inspections: pd.DataFrame,
    findings: pd.DataFrame,
    signals: gpd.GeoDataFrame,
    hotspots: gpd.GeoDataFrame,
    border_distance_m: pd.Series | None,
    as_of: date,
    settings: RiskSettings,
    register: gpd.GeoDataFrame | None = None,
    renames: pd.DataFrame | None = None,
    differing: pd.Series | None = None,
    fitted: FittedWeights | None = None,
) -> pd.DataFrame:
    """Score every premises of the frame with what was known on ``as_of``.

    Frames as the layers pass them; ``border_distance_m`` is metres to the nearest border by premises id;
    ``register`` holds the premises that closed too, to tell who followed them; ``renames`` new names
    (``premises_id, on_date``); ``differing`` how many particulars of papers no longer match, by premises id.
    Rows dated after ``as_of`` change nothing. Premises without a point are scored without their surroundings.
    ``fitted``: weights in place of the table's.

    Returns a frame sorted by rank: ``id``, ``score`` (0-100, one decimal), ``rank`` (1 is the highest; ties by
    the unrounded sum, then by id), ``probability`` (0-1) with the range ``probability_low`` to
    ``probability_high``, ``parts`` (a sequence of ``Part``; ``base`` first, parts of 0 points left out).
    """
    if len(premises) == 0:
        return pd.DataFrame({name: [] for name in _COLUMNS})
    columns = part_columns(
        premises=premises,
        licences=licences,
        inspections=inspections,
        findings=findings,
        signals=signals,
        hotspots=hotspots,
        border_distance_m=border_distance_m,
        as_of=as_of,
        settings=settings,
        register=register,
        renames=renames,
        differing=differing,
    )
    return _ranked(premises["id"].to_numpy(), columns, settings, fitted)


def part_columns(
    *,
    premises: gpd.GeoDataFrame,
    licences: pd.DataFrame,
    inspections: pd.DataFrame,
    findings: pd.DataFrame,
    signals: gpd.GeoDataFrame,
    hotspots: gpd.GeoDataFrame,
    border_distance_m: pd.Series | None,
    as_of: date,
    settings: RiskSettings,
    register: gpd.GeoDataFrame | None = None,
    renames: pd.DataFrame | None = None,
    differing: pd.Series | None = None,
) -> list[PartColumn]:
    """The parts of the point table, unrounded, of every premises on ``as_of``; frames as ``score_premises``."""
    points = metric_shapes(premises)
    history = read_history(premises, inspections, findings, as_of, settings.history)
    return [
        *history_columns(premises, history, settings),
        *change_columns(premises, points, register, renames, as_of, settings.changes, settings.commitment),
        *licence_columns(premises, licences, as_of, settings.licences, settings.required_papers),
        particulars_column(premises, differing, settings.licences),
        signal_column(premises, points, signals, as_of, settings.signals),
        hotspot_column(points, hotspots, as_of, settings.hotspots),
        border_column(premises, border_distance_m, settings.border),
    ]


def _ranked(
    ids: npt.NDArray[np.object_],
    table: list[PartColumn],
    settings: RiskSettings,
    fitted: FittedWeights | None,
) -> pd.DataFrame:
    scale = settings.scale
    columns = table if fitted is None else [_reweighed(column, fitted) for column in table]
    base_log_odds = scale.base + (0.0 if fitted is None else fitted.base)
    per_tenth = (scale.high - scale.low) / _FULL
    base = round((base_log_odds - scale.low) / per_tenth)
    tenths = np.array([np.rint(column.log_odds / per_tenth) for column in columns]).astype(np.int64)
    total: Tenths = base + tenths.sum(axis=0)
    score = np.clip(total, 0, _FULL)
    exact = np.sum([column.log_odds for column in columns], axis=0)
    order = np.lexsort((ids.astype(str), -np.round(exact, 9), -total))
    sheet = _Sheet(base_log_odds, base, columns, tenths, score - total)
    log_odds = np.asarray(scale.low + total * per_tenth, dtype=np.float64)
    low, high = _range(log_odds, table, settings, fitted)
    return pd.DataFrame(
        {
            "id": ids[order],
            "score": score[order] / 10,
            "rank": np.arange(1, len(ids) + 1),
            "probability": expit(log_odds)[order],
            "probability_low": expit(low)[order],
            "probability_high": expit(high)[order],
            "parts": [Parts(sheet, row) for row in order.tolist()],
        }
    )


def _reweighed(column: PartColumn, fitted: FittedWeights) -> PartColumn:
    return replace(column, log_odds=column.log_odds * fitted.multipliers.get(column.name, 1.0))


def _range(
    log_odds: Floats, table: list[PartColumn], settings: RiskSettings, fitted: FittedWeights | None
) -> tuple[Floats, Floats]:
    """Log-odds (n,) between which the premises' own lie with the chance ``range_share``.

    Two things are open: how far the weights are off, and what a premises is that was hardly ever checked. The
    rates behind the score are means of skewed beliefs, so the middle of the range lies below the score.
    """
    parts = {column.name: column.log_odds for column in table}
    weights = doubt_of_table(parts, settings.fit) if fitted is None else fitted.doubt(parts)
    # A part that the fit found to tell more than the table thought is also further from known.
    times = {} if fitted is None else fitted.multipliers
    doubts = [
        column.doubt * max(times.get(column.name, 1.0), 1.0) for column in table if column.doubt is not None
    ]
    thin = np.sum(np.square(doubts), axis=0)
    reach = NormalDist().inv_cdf((1 + settings.fit.range_share) / 2) * np.sqrt(np.square(weights) + thin)
    middle = log_odds - thin / 2
    return middle - reach, np.maximum(middle + reach, log_odds)


@dataclass(frozen=True)
class _Sheet:
    """The points of every part (rows) and premises (columns) in tenths, and what the parts are made of."""

    base_log_odds: float
    base: int
    columns: list[PartColumn]
    tenths: Tenths
    limit: Tenths

    def parts(self, row: int) -> list[Part]:
        parts = [_part("base", self.base_log_odds, msg("Mức nền của mọi cơ sở"), self.base)]
        for at in np.flatnonzero(self.tenths[:, row]).tolist():
            column, worth = self.columns[at], int(self.tenths[at, row])
            parts.append(_part(column.name, round(float(column.value[row]), 3), column.reason(row), worth))
        if self.limit[row]:
            parts.append(_part("limit", 0.0, msg("Giới hạn của thang điểm 0-100"), int(self.limit[row])))
        return parts

    def count(self, row: int) -> int:
        return 1 + int(np.count_nonzero(self.tenths[:, row])) + bool(self.limit[row])


class Parts(Sequence[Part]):
    """The parts of one score, made whenever they are read: nobody reads those of a whole country at once."""

    __slots__ = ("_row", "_sheet")

    def __init__(self, sheet: _Sheet, row: int) -> None:
        self._sheet, self._row = sheet, row

    @overload
    def __getitem__(self, index: int) -> Part: ...
    @overload
    def __getitem__(self, index: slice) -> list[Part]: ...
    def __getitem__(self, index: int | slice) -> Part | list[Part]:
        return self._sheet.parts(self._row)[index]

    def __iter__(self) -> Iterator[Part]:
        return iter(self._sheet.parts(self._row))

    def __len__(self) -> int:
        return self._sheet.count(self._row)

    def __eq__(self, other: object) -> bool:
        return list(self) == (list(other) if isinstance(other, Parts) else other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(list(self))

    def __reduce__(self) -> tuple[type[list[Part]], tuple[list[Part]]]:
        # A copy or a cache keeps plain parts, not the sheet of the whole register.
        return list, (list(self),)


def _part(name: str, value: float, reason: Message, tenths: int) -> Part:
    return Part(name, value, tenths / 10, _sentence(reason, tenths))


def _sentence(reason: Message, tenths: int) -> Message:
    points = abs(tenths) // 10 if tenths % 10 == 0 else abs(tenths) / 10
    if tenths < 0:
        return msg("{reason}: -{points}", reason=reason, points=points)
    return msg("{reason}: +{points}", reason=reason, points=points)
